package pipeline

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/format"
)

// pages are the bytes that the benchmarks work on: the files of -corpus, or the
// sample newsroom's pages.
func pages(b *testing.B) [][]byte { return pagesOf(b, "html") }

func pagesOf(b *testing.B, name string) [][]byte {
	root := newsroom
	if *corpus != "" {
		root = *corpus
	}
	var out [][]byte
	for _, a := range articles(b, root) {
		if format.NameFor(a.Path) != name {
			continue
		}
		data, err := a.Read()
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

func total(pages [][]byte) int64 {
	n := 0
	for _, p := range pages {
		n += len(p)
	}
	return int64(n)
}

// BenchmarkTokenizer is what the others are measured against: a bare pass of
// golang.org/x/net/html's tokenizer.
func BenchmarkTokenizer(b *testing.B) {
	pages := pages(b)
	b.SetBytes(total(pages))
	for b.Loop() {
		for _, p := range pages {
			z := html.NewTokenizer(bytes.NewReader(p))
			for z.Next() != html.ErrorToken {
			}
		}
	}
}

// BenchmarkSplit is split and segment; BenchmarkSplitAssemble writes the document
// again as well.
func BenchmarkSplit(b *testing.B) {
	pages := pages(b)
	p := newProject(b, twoLocales)
	b.SetBytes(total(pages))
	for b.Loop() {
		for _, data := range pages {
			p.Open("a.html", "html", "", data)
		}
	}
}

func BenchmarkSplitAssemble(b *testing.B) {
	pages := pages(b)
	p := newProject(b, twoLocales)
	f := p.formats["html"]
	b.SetBytes(total(pages))
	for b.Loop() {
		for _, data := range pages {
			d, _ := p.Open("a.html", "html", "", data)
			if out, _ := f.Assemble(d, nil, nil); len(out) != len(data) {
				b.Fatal("not the same")
			}
		}
	}
}

// BenchmarkStages measures one stage after the other over the pages of a format:
// splitting alone, splitting with messages and segments as Open does it, and that with
// an edition in which every segment is translated.
func BenchmarkStages(b *testing.B) {
	for _, name := range []string{"html", "markdown", "text"} {
		pages := pagesOf(b, name)
		if len(pages) == 0 {
			continue
		}
		p := newProject(b, twoLocales)
		run := func(stage string, one func(data []byte)) {
			b.Run(name+"/"+stage, func(b *testing.B) {
				b.SetBytes(total(pages))
				b.ReportAllocs()
				for b.Loop() {
					for _, data := range pages {
						one(data)
					}
				}
			})
		}
		run("split", func(data []byte) { p.formats[name].Split("a", data) })
		run("open", func(data []byte) { p.Open("a", name, "", data) })
		run("assemble", func(data []byte) {
			d, _ := p.Open("a", name, "", data)
			tr := bitext.NewTranslation(d, "ru")
			for ref, t := range tr.Segments() {
				*t = bitext.Target{Text: d.Source(ref).Source, Filled: true, State: bitext.Final}
			}
			p.assemble(edition.Published{Translation: tr}, []string{"ru", "fa"}, addressesOf{}, Siblings{}, edition.Dates{})
		})
	}
}

// BenchmarkSegment is the cutting of one long paragraph of plain text.
func BenchmarkSegment(b *testing.B) {
	p := newProject(b, twoLocales)
	text := []byte(strings.Repeat("U.S. officials said on Sept. 3 that 1.5 million people had seen it. \"Nobody knew,\" Mr. Berg said. ", 2000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.Open("a.txt", "text", "", text)
	}
}

// BenchmarkImport decides on a file that has all segments of an article of 2,000
// paragraphs, of which one in twenty was changed since the export.
func BenchmarkImport(b *testing.B) {
	text := func(word string) string {
		var s strings.Builder
		for i := range 2000 {
			w := "people"
			if i%20 == 0 {
				w = word
			}
			fmt.Fprintf(&s, "Sentence number %d of the article was read by many %s. It has a second one, %d.\n\n", i, w, i)
		}
		return s.String()
	}
	p := newProject(b, twoLocales)
	now := Source{Path: "a.txt", Read: func() ([]byte, error) { return []byte(text("readers")), nil }}
	var units []*exchange.Unit
	_, err := p.Export(b.Context(), []Source{{Path: "a.txt", Read: func() ([]byte, error) { return []byte(text("persons")), nil }}}, []string{"ru"}, "b1", Selection{}, func(x Exported) error {
		for _, u := range x.Units {
			for i, s := range u.Translatable() {
				u.Targets[i] = bitext.Target{Text: translated(s.Source), Filled: true, State: bitext.Translated}
			}
		}
		units = x.Units
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		list, err := p.Decide(b.Context(), []Source{now}, func(yield func(*exchange.Unit, error) bool) {
			for _, u := range units {
				if !yield(u, nil) {
					return
				}
			}
		}, ImportOptions{})
		if err != nil || len(list.Decisions) != 4000 {
			b.Fatal(err, len(list.Decisions))
		}
	}
	b.ReportMetric(4000*float64(b.N)/b.Elapsed().Seconds(), "segments/s")
}
