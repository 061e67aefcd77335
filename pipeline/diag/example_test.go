package diag_test

import (
	"fmt"

	"hexapla/pipeline/diag"
)

func Example() {
	text := []byte("title: Привет\ntitle: Пока\n")
	lines := diag.NewLines(text)
	d := diag.Diagnostic{ID: "example.duplicate", Severity: diag.Error, Message: "the key title is there twice", Hint: "remove one", Place: diag.Place{Path: "a.yaml"}}
	d.Place.Line, d.Place.Column = lines.At(len("title: Привет\n"))
	fmt.Println(d)
	// Output: a.yaml:2:1: the key title is there twice (remove one)
}

func ExampleCheckID() {
	rules := []diag.Rule{{ID: "quality.numbers"}, {ID: "quality.quotes"}}
	fmt.Println(diag.CheckID("quality.nubmers", rules))
	// Output: unknown id "quality.nubmers": did you mean "quality.numbers"?
}

func ExampleTruncate() {
	fmt.Println(diag.Truncate("👨‍👩‍👧 and 🇺🇦", 5))
	// Output: 👨‍👩‍👧 and…
}
