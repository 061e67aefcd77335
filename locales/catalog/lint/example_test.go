package lint_test

import (
	"fmt"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
)

func ExampleCheck() {
	set, _ := catalog.Parse(catalog.Files{
		"active.en.toml": []byte("[Pages]\none = \"{{.PluralCount}} page of {{.Book}}\"\nother = \"{{.PluralCount}} pages of {{.Book}}\"\n"),
		"active.uk.toml": []byte("[Pages]\none = \"{{.PluralCount}} сторінка\"\nother = \"{{.PluralCount}} сторінки {{.Book}}\"\n"),
	}, "en")
	for _, d := range lint.Check(set, lint.Options{}) {
		fmt.Println(d.Place.Line, d.Severity, d.ID, d.Message)
	}
	// Output:
	// 0 info catalog.hash no translation of the file has a hash: changes of a source cannot be found
	// 1 error catalog.plural-missing plural form "few" is missing; uk needs one, few, many, other
	// 1 error catalog.plural-missing plural form "many" is missing; uk needs one, few, many, other
	// 2 error catalog.variable-missing form "one" leaves out the variable Book of the source
}
