package format_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format"
)

// A format is found by a file's name, made once and used for any number of documents.
func Example() {
	name := format.NameFor("articles/a.html")
	for _, info := range format.All() {
		if info.Name != name {
			continue
		}
		f := info.New(format.Options{})
		d, _ := f.Split("articles/a.html", []byte("<p>One <b>bold</b> word.</p><p>Another.</p>"))
		for i := range d.Units {
			d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
			fmt.Println(d.Units[i].Kind, d.Units[i].Source.Tagged())
		}
		tr := bitext.NewTranslation(d, "ru")
		tr.Targets[1][0] = bitext.Target{Text: bitext.Plain("Другой."), Filled: true}
		edition, _ := f.Assemble(d, tr, nil)
		fmt.Println(string(edition))
	}
	// Output:
	// paragraph One <1>bold</1> word.
	// paragraph Another.
	// <p>One <b>bold</b> word.</p><p>Другой.</p>
}
