package tag_test

import (
	"fmt"

	"hexapla/locales/tag"
)

func Example() {
	canonical, err := tag.Canonical("cnr_latn")
	fmt.Println(canonical, err)
	fmt.Println(tag.Script("sr-ME"), tag.Direction("ps"), tag.Parents("sr-ME"))
	fmt.Println(tag.SameLanguage("ro", "mo"), tag.SameText("sr", "sr-Latn"))
	// Output:
	// sr-Latn-ME <nil>
	// Latn rtl [sr-Latn-ME sr-Latn]
	// true false
}
