package pipeline

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
)

// hostile has articles of very many small units: what a unit takes is all that they
// take.
var hostile = []struct {
	name, path string
	make       func(n int) string
}{
	{"lines", "a.txt", func(n int) string { return strings.Repeat("a\n", n) }},
	{"paragraphs", "a.html", func(n int) string { return strings.Repeat("<p>a</p>\n", n) }},
	{"items", "a.md", func(n int) string { return strings.Repeat("- a\n", n) }},
	{"cells", "a.md", func(n int) string {
		return strings.Repeat("|a", n/2) + "|\n" + strings.Repeat("|-", n/2) + "|\n" + strings.Repeat("|b", n/2) + "|\n"
	}},
	{"footnotes", "a.md", func(n int) string {
		var b strings.Builder
		for i := range n / 2 {
			fmt.Fprintf(&b, "a[^%d]\n\n[^%d]: b\n\n", i, i)
		}
		return b.String()
	}},
	{"sentences", "a.txt", func(n int) string { return strings.Repeat("A b. ", n) + "\n" }},
}

// BenchmarkHostile builds articles of n, 2n and 4n units in one locale, manifest
// included: time, and bytes that are in use per unit at the end, do not grow with n.
func BenchmarkHostile(b *testing.B) {
	for _, h := range hostile {
		for _, n := range []int{1 << 14, 1 << 15, 1 << 16} {
			b.Run(fmt.Sprintf("%s/n=%d", h.name, n), func(b *testing.B) {
				p := newProject(b, "[project]\nlocales = [\"ru\"]\n")
				data := []byte(h.make(n))
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				var used, before runtime.MemStats
				for b.Loop() {
					runtime.GC()
					runtime.ReadMemStats(&before)
					err := p.Build(b.Context(), []Source{{Path: h.path, Read: func() ([]byte, error) { return data, nil }}}, []string{"ru"}, edition.Index{}, func(r Result) error {
						entries := edition.NewEntries("ru", "ltr", nil)
						entry, segments := r.ManifestHead(r.Editions[0])
						entries.PutSegments(entry, segments, nil)
						runtime.GC()
						runtime.ReadMemStats(&used)
						runtime.KeepAlive(entries)
						runtime.KeepAlive(r)
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(used.HeapAlloc-before.HeapAlloc)/float64(n), "used-B/unit")
			})
		}
	}
}

// The memory is asked for the texts of a long article part by part; each gets the
// translation of its own context.
func TestLongArticle(t *testing.T) {
	p := newProject(t, twoLocales)
	var text strings.Builder
	n := 2*maxQueries + 3
	for i := range n {
		fmt.Fprintf(&text, "Text %d.\n\nSame.\n\n", i)
	}
	d, _ := p.Open("a.txt", "", "", []byte(text.String()))
	last := bitext.Plain(fmt.Sprintf("Text %d.", n-1)).Key()
	if _, err := p.Memory.AddWith(t.Context(), memory.Batch{}, memory.AddOptions{}, func(yield func(bitext.Entry, error) bool) {
		add := func(source, target, prev string) bool {
			return yield(bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(source), Target: bitext.Plain(target), Prev: prev, State: bitext.Final}, nil)
		}
		for i := range n {
			if !add(fmt.Sprintf("Text %d.", i), fmt.Sprintf("Текст %d.", i), "") {
				return
			}
		}
		_ = add("Same.", "Общее.", "") && add("Same.", "Последнее.", last)
	}); err != nil {
		t.Fatal(err)
	}
	tr, _, err := p.Prepare(t.Context(), d, "ru")
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for ref, got := range tr.Segments() {
		want := fmt.Sprintf("Текст %d.", i/2)
		switch {
		case i == 2*n-1:
			want = "Последнее."
		case i%2 == 1:
			want = got.Text.Chars // either, as the context is of none
		}
		if got.Text.Chars != want {
			t.Fatalf("%v: %q, want %q", ref, got.Text.Chars, want)
		}
		i++
	}
	if i != 2*n {
		t.Errorf("%d segments, want %d", i, 2*n)
	}
}
