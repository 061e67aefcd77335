package slug_test

import (
	"fmt"

	"hexapla/pipeline/site/slug"
)

func ExampleMake() {
	fmt.Println(slug.Make("uk", "Гроза в Києві", slug.Options{}))
	fmt.Println(slug.Make("uk", "Гроза в Києві", slug.Options{Native: true}))
	// Output:
	// hroza-v-kyyevi
	// гроза-в-києві
}
