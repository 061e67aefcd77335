package plaintext_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/plaintext"
)

// Split an article, translate one unit, and write the article anew: nothing but
// the text changes.
func Example() {
	f := &plaintext.Format{}
	d, _ := f.Split("a.txt", []byte("NEWS\n\nIt rains.\nAll day.\n"))
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
	// paragraph "NEWS"
	// paragraph "It rains."
	// paragraph "All day."
	// Новости
	//
	// It rains.
	// All day.
}
