package usage_test

import (
	"fmt"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/usage"
)

// Scan finds the messages that code uses: names of constants are followed to their values.
func ExampleUnused() {
	code := `package a

import "github.com/nicksnyder/go-i18n/v2/i18n"

const title = "Title"

func text(l *i18n.Localizer) string { return l.MustLocalize(&i18n.LocalizeConfig{MessageID: title}) }
`
	u, _ := usage.Scan(catalog.Files{"a.go": []byte(code)}, usage.Options{})
	set, _ := catalog.Parse(catalog.Files{"active.en.toml": []byte("Title = \"News\"\nShare = \"Share\"\n")}, "en")
	ids, err := usage.Unused(set, u)
	fmt.Println(ids, err)
	// Output:
	// [Share] <nil>
}
