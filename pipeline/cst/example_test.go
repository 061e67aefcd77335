package cst_test

import (
	"fmt"

	"hexapla/pipeline/cst"
)

// Replace the title in YAML and leave every other byte as it is.
func ExampleApply() {
	data := []byte("# the front page\ntitle:   'Old'   # shown in lists\ndate: 2026-01-02\n")
	root, err := cst.ParseYAML(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	var edits []cst.Edit
	for _, e := range root.Elements {
		if e.Key.Text == "title" {
			edits = append(edits, cst.Edit{Start: e.Value.Start, End: e.Value.End, Text: "'Новое'"})
		}
	}
	fmt.Printf("%s", cst.Apply(data, edits))
	// Output:
	// # the front page
	// title:   'Новое'   # shown in lists
	// date: 2026-01-02
}

func ExampleParseJSON() {
	_, err := cst.ParseJSON(`{"title": "A", }`, cst.JSONOptions{})
	fmt.Println(err, "at byte", err.(*cst.Error).Offset)
	// Output: invalid character '}' looking for beginning of object key string at byte 15
}
