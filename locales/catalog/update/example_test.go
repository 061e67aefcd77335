package update_test

import (
	"fmt"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
)

// Rename gives a message another id in all locales, and changes nothing else.
func ExampleRename() {
	result, findings := update.Rename(catalog.Files{
		"active.en.toml": []byte("# The button below an article.\nShare = \"Share\"\n"),
		"active.uk.toml": []byte("Share   =   \"Поділитися\"\n"),
	}, "en", "Share", "ShareArticle")
	fmt.Printf("%s%s", result.Write["active.en.toml"], result.Write["active.uk.toml"])
	fmt.Println(len(findings), "findings")
	// Output:
	// # The button below an article.
	// ShareArticle = "Share"
	// ShareArticle   =   "Поділитися"
	// 0 findings
}
