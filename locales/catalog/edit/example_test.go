package edit_test

import (
	"fmt"

	"hexapla/locales/catalog/edit"
)

// Change one text of a catalog: comments, order and all other bytes stay.
func ExampleApply() {
	data := []byte("# The newsroom's words\nBy = \"By\"   # before a name\n\n[Photos]\nother = \"Photos\"\n")
	out, err := edit.Apply("active.en.toml", data, []edit.Edit{{ID: "By", Fields: []edit.Field{{Name: "other", Text: "Written by"}}}})
	fmt.Printf("%s%v\n", out, err)
	// Output:
	// # The newsroom's words
	// By = "Written by"   # before a name
	//
	// [Photos]
	// other = "Photos"
	// <nil>
}
