package markdown_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/markdown"
)

// Split an article, translate one unit, and write the article anew: nothing but
// the text changes.
func Example() {
	f := &markdown.Format{}
	d, _ := f.Split("a.md", []byte("# News\n\nIt *rains*.\n"))
	tr := &bitext.Translation{Document: d, Locale: "ru"}
	for i := range d.Units {
		u := &d.Units[i]
		u.Locale = ""
		u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		target := bitext.Target{Text: u.Source.Clone(), Filled: true}
		if u.Source.Chars == "News" || u.Source.Chars == "NEWS" {
			target.Text = bitext.Plain("Новости")
		}
		tr.Targets = append(tr.Targets, []bitext.Target{target})
		fmt.Printf("%s %q\n", u.Kind, u.Source.Chars)
	}
	out, _ := f.Assemble(d, tr, nil)
	fmt.Printf("%s", out)
	// Output:
	// heading "News"
	// paragraph "It rains."
	// # Новости
	//
	// It *rains*.
}
