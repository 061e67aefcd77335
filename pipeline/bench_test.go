package pipeline

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cputime"
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

// tokenize is what splitting HTML is measured against: a bare pass of
// golang.org/x/net/html's tokenizer.
func tokenize(data []byte) {
	z := html.NewTokenizer(bytes.NewReader(data))
	for z.Next() != html.ErrorToken {
	}
}

// parseMarkdown is what splitting Markdown is measured against: goldmark's parser, with
// its extensions for tables, footnotes and the like.
func parseMarkdown() func(data []byte) {
	m := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote))
	return func(data []byte) { m.Parser().Parse(text.NewReader(data)) }
}

// perByte runs a stage over pages, and reports beside the usual figures the megabytes for
// each second of a processor, which other programs' work changes little.
func perByte(b *testing.B, pages [][]byte, one func(data []byte)) {
	b.SetBytes(total(pages))
	b.ReportAllocs()
	start := cputime.Now(b)
	for b.Loop() {
		for _, data := range pages {
			one(data)
		}
	}
	b.ReportMetric(float64(total(pages))*float64(b.N)/1e6/(cputime.Now(b)-start).Seconds(), "MB/cpu-s")
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
// a reading of them by somebody else, splitting alone, splitting with messages and
// segments as Open does it, that with an edition in which every segment is translated,
// and the edition alone.
func BenchmarkStages(b *testing.B) {
	for _, name := range []string{"html", "markdown", "text"} {
		pages := pagesOf(b, name)
		if len(pages) == 0 {
			continue
		}
		p := newProject(b, twoLocales)
		run := func(stage string, one func(data []byte)) {
			b.Run(name+"/"+stage, func(b *testing.B) { perByte(b, pages, one) })
		}
		switch name {
		case "html":
			run("reference", tokenize)
		case "markdown":
			run("reference", parseMarkdown())
		}
		run("split", func(data []byte) { p.formats[name].Split("a", data) })
		run("open", func(data []byte) { p.Open("a", name, "", data) })
		translate := func(data []byte) edition.Published {
			d, _ := p.Open("a", name, "", data)
			tr := bitext.NewTranslation(d, "ru")
			for ref, t := range tr.Segments() {
				source := d.Source(ref).Source
				*t = bitext.Target{Text: bitext.Join(bitext.Plain("L"), source), Filled: true, State: bitext.Final}
			}
			return edition.Published{Translation: tr}
		}
		assemble := func(pub edition.Published) {
			p.assemble(pub, []string{"ru", "fa"}, addressesOf{}, Siblings{}, edition.Dates{})
		}
		run("assemble", func(data []byte) { assemble(translate(data)) })
		translated := make(map[*byte]edition.Published, len(pages))
		run("edition", func(data []byte) {
			pub, ok := translated[&data[0]]
			if !ok {
				pub = translate(data)
				translated[&data[0]] = pub
			}
			assemble(pub)
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
