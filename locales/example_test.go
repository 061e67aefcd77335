package locales_test

import (
	"fmt"
	"testing/fstest"
	"time"

	"hexapla/locales"
)

func Example() {
	date := time.Date(2026, time.November, 5, 0, 0, 0, 0, time.UTC)
	for _, l := range []string{"en", "sr", "fa"} {
		fmt.Println(locales.FormatNumber(l, 1234567.5), locales.FormatDate(l, date, locales.Long), locales.FormatList(l, []string{"1", "2"}), locales.Plural(l, 3))
	}
	// Output:
	// 1,234,567.5 November 5, 2026 1 and 2 other
	// 1.234.567,5 5. новембар 2026. 1 и 2 few
	// ۱٬۲۳۴٬۵۶۷٫۵ ۱۴ آبان ۱۴۰۵ 1 و 2 other
}

// A text is looked up in its locale and the parents of it, never in another
// language.
func ExampleCatalogs_Localize() {
	catalogs, ds := locales.Load(fstest.MapFS{
		"locales/active.en.toml": {Data: []byte("[Photos]\none = \"{{.PluralCount}} photo\"\nother = \"{{.PluralCount}} photos\"\n")},
		"locales/active.ru.toml": {Data: []byte("[Photos]\none = \"{{.PluralCount}} фото\"\nfew = \"{{.PluralCount}} фото\"\nmany = \"{{.PluralCount}} фото\"\nother = \"{{.PluralCount}} фото\"\n")},
	}, "locales")
	for _, d := range ds {
		fmt.Println(d)
	}
	text, err := catalogs.Localize("ru-KZ", "Photos", locales.Args{"PluralCount": 5})
	fmt.Println(text.Text, text.Locale, err)
	// Output: 5 фото ru <nil>
}
