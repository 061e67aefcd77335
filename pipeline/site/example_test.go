package site_test

import (
	"fmt"

	"hexapla/pipeline/site"
)

func ExampleHreflang() {
	for _, locale := range []string{"uk", "sr-Latn", "sr-ME", "crh-Latn", "es-419"} {
		value, ok := site.Hreflang(locale)
		fmt.Println(locale, value, ok)
	}
	// Output:
	// uk uk true
	// sr-Latn sr-Latn true
	// sr-ME sr-ME true
	// crh-Latn crh-Latn true
	// es-419 es true
}
