package ninjs_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/ninjs"
)

// The texts of a news item are units, those of its HTML body too; the edition has its
// language.
func Example() {
	f := &ninjs.Format{HTML: &html.Format{}}
	d, _ := f.Split("a.json", []byte(`{"uri": "urn:a", "language": "en", "headline": "Rain", "body_html": "<p>It rains.<\/p>"}`))
	tr := bitext.NewTranslation(d, "ru")
	for i, target := range []string{"Дождь", "Идёт дождь."} {
		u := &d.Units[i]
		fmt.Println(u.ID, u.Source.Chars)
		u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		tr.Targets[i] = []bitext.Target{{Text: bitext.Plain(target), Filled: true}}
	}
	out, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru"})
	fmt.Printf("%s\n", out)
	// Output:
	// headline Rain
	// body_html.paragraph-p7nkq2t3 It rains.
	// {"uri": "urn:a", "language": "ru", "headline": "Дождь", "body_html": "<p>Идёт дождь.</p>"}
}
