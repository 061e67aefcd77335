package html

import (
	"bytes"
	"testing"

	"golang.org/x/net/html"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

// pages are what the benchmarks read: the files of -corpus, at most 20 MB of
// them, or else the sample newsroom's.
func pages(b *testing.B) (out [][]byte, size int64) {
	dir := *corpus
	if dir == "" {
		dir = "../../../testdata"
	}
	formattest.Files(b, dir, extensions, func(_ string, data []byte) {
		if size < 20<<20 {
			out = append(out, data)
			size += int64(len(data))
		}
	})
	return out, size
}

// BenchmarkTokenizer is the measure: x/net/html's tokenizer over the same bytes,
// with nothing done.
func BenchmarkTokenizer(b *testing.B) {
	all, size := pages(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, data := range all {
			z := html.NewTokenizer(bytes.NewReader(data))
			for z.Next() != html.ErrorToken {
			}
		}
	}
}

// BenchmarkScan is our scanner alone.
func BenchmarkScan(b *testing.B) {
	all, size := pages(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, data := range all {
			z := scanner{s: string(data)}
			for z.next(); z.kind != noToken; z.next() {
				if z.kind == startToken && z.props.flags&(rawText|rcdata) != 0 {
					z.raw(z.props.name)
				}
			}
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	all, size := pages(b)
	f := &Format{}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, data := range all {
			f.Split("x.html", data)
		}
	}
}

// translated splits all pages, each unit one segment, and fills every second
// one with another text.
func translated(all [][]byte) (docs []*bitext.Document, trs []*bitext.Translation) {
	f := &Format{}
	for _, data := range all {
		d, _ := f.Split("x.html", data)
		for i := range d.Units {
			d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
		}
		tr := formattest.Fill(d, formattest.Upper)
		for i := range tr.Targets {
			if i%2 == 0 {
				tr.Targets[i][0] = bitext.Target{}
			}
		}
		docs, trs = append(docs, d), append(trs, tr)
	}
	return docs, trs
}

func BenchmarkAssemble(b *testing.B) {
	all, size := pages(b)
	docs, trs := translated(all)
	f := &Format{}
	meta := &bitext.EditionMeta{Locale: "ru", Dir: "ltr", OpenGraph: "ru_RU"}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i, d := range docs {
			f.Assemble(d, trs[i], meta)
		}
	}
}

func BenchmarkAssembleRTL(b *testing.B) {
	all, size := pages(b)
	docs, trs := translated(all)
	f := &Format{}
	meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl", OpenGraph: "fa_IR"}
	b.SetBytes(size)
	for b.Loop() {
		for i, d := range docs {
			f.Assemble(d, trs[i], meta)
		}
	}
}

// BenchmarkAssembleMeta has what an edition of a newsroom with 27 locales has.
func BenchmarkAssembleMeta(b *testing.B) {
	all, size := pages(b)
	docs, trs := translated(all)
	f := &Format{}
	meta := &bitext.EditionMeta{Locale: "ru", Dir: "ltr", OpenGraph: "ru_RU", URL: "https://a.example/ru/x", SourceURL: "https://a.example/en/x", XDefault: "https://a.example/en/x"}
	for i := range 27 {
		l := string(rune('a'+i/3)) + string(rune('a'+i%3))
		meta.Locales = append(meta.Locales, l)
		meta.OpenGraphAlternates = append(meta.OpenGraphAlternates, l+"_XX")
		meta.Alternates = append(meta.Alternates, bitext.Alternate{Locale: l, URL: "https://a.example/" + l + "/x"})
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i, d := range docs {
			f.Assemble(d, trs[i], meta)
		}
	}
}
