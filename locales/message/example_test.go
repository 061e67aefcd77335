package message_test

import (
	"fmt"

	"hexapla/locales/message"
)

func ExampleParse() {
	f, ds := message.Parse("active.en.yaml", []byte("# Above the list\nPhotos:\n  one: One photo\n  other: \"{{.PluralCount}} photos\"\nBy: By\nBy: by\n"))
	for _, e := range f.Entries {
		fmt.Printf("%s: %q %q\n", e.ID, e.One, e.Other)
	}
	for _, d := range ds {
		fmt.Println(d.Place, d.ID)
	}
	// Output:
	// Photos: "One photo" "{{.PluralCount}} photos"
	// By: "" "by"
	// active.en.yaml:6:1 [unit By] catalog.duplicate
}
