package catalog_test

import (
	"fmt"

	"hexapla/locales/catalog"
)

func Example() {
	set, findings := catalog.Parse(catalog.Files{
		"active.en.toml": []byte("Share = \"Share\"\nPrint = \"Print\"\n"),
		"active.uk.toml": []byte("Share = \"Поділитися\"\n"),
	}, "en")
	for _, c := range catalog.Stats(set) {
		fmt.Println(c.Locale, c.Done, "of", c.Total)
	}
	for _, p := range catalog.Pairs(set, "uk") {
		fmt.Println(p.Source.ID, p.Done)
	}
	fmt.Println(len(findings), "findings")
	// Output:
	// en 2 of 2
	// uk 1 of 2
	// Share true
	// Print false
	// 0 findings
}
