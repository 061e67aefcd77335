package json_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/json"
)

// Two pointers lead to the texts of an export; the body is a page of HTML inside a
// string. Everything else keeps its bytes.
func Example() {
	f := &json.Format{
		Options: json.Options{Rules: []json.Rule{{Files: []string{"*.json"}, Text: []string{"/title"}, HTML: []string{"/body"}}}},
		HTML:    &html.Format{},
	}
	d, _ := f.Split("a.json", []byte(`{"id": 7, "title": "Rain", "body": "<p>It <b>rains<\/b>.<\/p>"}`))
	tr := &bitext.Translation{Document: d, Locale: "ru"}
	for i := range d.Units {
		u := &d.Units[i]
		fmt.Println(u.Kind, u.Source.Tagged())
		u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		target := bitext.Target{Text: u.Source.Clone(), Filled: true}
		if u.Source.Chars == "Rain" {
			target.Text = bitext.Plain("Дождь")
		}
		tr.Targets = append(tr.Targets, []bitext.Target{target})
	}
	out, _ := f.Assemble(d, tr, nil)
	fmt.Printf("%s\n", out)
	// Output:
	// field Rain
	// paragraph It <1>rains</1>.
	// {"id": 7, "title": "Дождь", "body": "<p>It <b>rains<\/b>.<\/p>"}
}
