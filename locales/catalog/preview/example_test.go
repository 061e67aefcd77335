package preview_test

import (
	"fmt"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/preview"
)

func Example() {
	set, _ := catalog.Parse(catalog.Files{
		"active.en.toml": []byte("[Pages]\none = \"{{.PluralCount}} page\"\nother = \"{{.PluralCount}} pages\"\n"),
		"active.uk.toml": []byte("[Pages]\none = \"{{.PluralCount}} сторінка\"\nfew = \"{{.PluralCount}} сторінки\"\nmany = \"{{.PluralCount}} сторінок\"\nother = \"{{.PluralCount}} сторінки\"\n"),
	}, "en")
	for _, r := range preview.New(set, locales.Args{}, []string{"1", "3", "5", "1.5"}).Rows("uk", "Pages") {
		fmt.Println(r.Form, r.Text)
	}
	// Output:
	// one 1 сторінка
	// few 3 сторінки
	// many 5 сторінок
	// other 1,5 сторінки
}
