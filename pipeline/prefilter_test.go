package pipeline

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/segment"
)

// Every segment of an article passes the filter for the article's bytes, whatever the
// format; texts that are not in it rarely do.
func TestSourceFilter(t *testing.T) {
	cfg, err := config.Parse("hexapla.toml", []byte("[project]\nsource = \"en\"\nlocales = [\"ru\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(cfg, Resources{Rules: segment.Default(), Catalogs: locales.Embedded()})
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../testdata/newsroom/articles/*/*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	documents := map[string][]byte{
		"odd.html": []byte("<p>un<b>happy</b> AT&amp;T caf&eacute; na\u00efve cafe\u0301 soft&shy;hyphen 1&nbsp;000 C:\\newfile \\u0041bc x</p>"),
		"odd.md":   []byte("Escaped \\*stars\\* and foo\\_bar, C:\\newfile; it&rsquo;s &lt;here&gt;, a line\nbroken **in**two.\n"),
		"a.ninjs":  []byte(`{"uri":"x","language":"en","headline":"Line\nbreaks \u2019n more \"quotes\" C:\\newfile","body_text":"Tab\there and\u00a0there\/slash"}`),
		"wide.txt": []byte("\xff\xfeW\x00i\x00d\x00e\x00 \x00t\x00e\x00x\x00t\x00.\x00"),
	}
	for _, name := range names {
		if documents[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	of := func(t bitext.Text) *sourceFilter { return newSourceFilter(slices.Values([]bitext.Text{t})) }
	segments := map[string][]bitext.Text{}
	for name, data := range documents {
		d, _ := p.Open(name, "", "", data)
		for i := range d.Units {
			for _, s := range d.Units[i].Translatable() {
				segments[name] = append(segments[name], s.Source)
				if !of(s.Source).mayHave(data) {
					t.Errorf("%s: %q is not found", name, s.Source.Tagged())
				}
			}
		}
		if len(segments[name]) == 0 {
			t.Errorf("%s has no segments", name)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	passed, all := 0, 0
	for name, texts := range segments {
		other := names[r.IntN(len(names))]
		for _, s := range texts {
			if len(s.Chars) > 60 && other != name {
				all++
				if of(s).mayHave(documents[other]) {
					passed++
				}
			}
		}
	}
	if passed*5 > all {
		t.Errorf("%d of %d texts pass the filter of another article", passed, all)
	}
}

// BenchmarkSourceFilter looks for many texts in an article.
func BenchmarkSourceFilter(b *testing.B) {
	data, err := os.ReadFile("../testdata/newsroom/articles/2026/river-pact.html")
	if err != nil {
		b.Fatal(err)
	}
	f := newSourceFilter(func(yield func(bitext.Text) bool) {
		for i := range 5000 {
			if !yield(bitext.Plain(fmt.Sprintf("The government announced measure %d on the river today.", 1000+i))) {
				return
			}
		}
	})
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if f.mayHave(data) {
			b.Fatal("found")
		}
	}
}
