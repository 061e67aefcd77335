package messages_test

import (
	"fmt"

	"hexapla/locales/catalog"
	"hexapla/pipeline/messages"
)

// The messages of a catalog that are not translated become units for translators:
// variables are codes, and each plural form is a unit of its own.
func ExampleUnits() {
	files := catalog.Files{
		"active.en.toml": []byte("[Greeting]\nother = \"Hello, {{.Name}}\"\n\n[Pages]\none = \"One page\"\nother = \"{{.PluralCount}} pages\"\n"),
		"active.ru.toml": []byte("[Greeting]\nother = \"Здравствуйте, {{.Name}}\"\n"),
	}
	set, _ := catalog.Parse(files, "en")
	for _, u := range messages.Units(set, messages.Export{Locale: "ru", Files: files, Marked: true, Open: true}) {
		fmt.Println(u.ID, u.Name)
		for _, s := range u.Translatable() {
			fmt.Println(" ", s.ID, s.Source.Tagged())
		}
	}
	// Output:
	// Pages Pages
	//   one <1/> pages
	//   few <1/> pages
	//   many <1/> pages
	//   other <1/> pages
}
