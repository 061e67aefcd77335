package pipeline

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cputime"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory/sqlite"
	"hexapla/pipeline/segment"
)

// BenchmarkImportFile imports a file of each bilingual type that has all segments of the
// pages into an empty memory. It reports segments for each second of a processor.
func BenchmarkImportFile(b *testing.B) {
	root := newsroom
	if *corpus != "" {
		root = *corpus
	}
	all := articles(b, root)
	for _, c := range Codecs() {
		if c.Name != "xliff" && c.Name != "po" {
			continue
		}
		b.Run(c.Name, func(b *testing.B) {
			p := newProject(b, twoLocales)
			var file bytes.Buffer
			e, err := c.Encode(&file, exchange.Options{})
			if err != nil {
				b.Fatal(err)
			}
			segments := 0
			_, err = p.Export(b.Context(), all, []string{"ru"}, "b1", Selection{}, func(x Exported) error {
				for _, u := range x.Units {
					for i, s := range u.Translatable() {
						u.Targets[i] = bitext.Target{Text: inCyrillic(s.Source), Filled: true, State: bitext.Translated}
						segments++
					}
					if err := e.Write(u); err != nil {
						return err
					}
				}
				return nil
			})
			if err == nil {
				err = e.Close()
			}
			if err != nil {
				b.Fatal(err)
			}
			start := cputime.Now(b)
			for b.Loop() {
				name := filepath.Join(b.TempDir(), "memory.db")
				store, err := sqlite.Open(b.Context(), name, sqlite.Options{})
				if err != nil {
					b.Fatal(err)
				}
				q, err := New(p.Config, Resources{Rules: segment.Default(), Catalogs: locales.Embedded(), Memory: store, Clock: p.Clock})
				if err != nil {
					b.Fatal(err)
				}
				list, r, err := q.Import(b.Context(), all, c.Decode("a", bytes.NewReader(file.Bytes())), ImportOptions{})
				if err != nil || !r.Stored {
					b.Fatal(err, r)
				}
				runtime.KeepAlive(list)
				if err := store.Close(); err != nil {
					b.Fatal(err)
				}
				if err := os.Remove(name); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(segments*b.N)/(cputime.Now(b)-start).Seconds(), "segments/cpu-s")
		})
	}
}

// inCyrillic returns a text with letters of the Cyrillic script for those of ASCII, of
// which most take two bytes: codes stand before the characters that they stood before.
func inCyrillic(t bitext.Text) bitext.Text {
	var s strings.Builder
	out := bitext.Text{Codes: slices.Clone(t.Codes)}
	code := 0
	for i, r := range t.Chars {
		for ; code < len(out.Codes) && out.Codes[code].Pos <= i; code++ {
			out.Codes[code].Pos = s.Len()
		}
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			r = 'а' + (r|0x20-'a')%26
		}
		s.WriteRune(r)
	}
	for ; code < len(out.Codes); code++ {
		out.Codes[code].Pos = s.Len()
	}
	out.Chars = s.String()
	return out
}
