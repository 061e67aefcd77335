package html

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

var corpus = flag.String("corpus", "", "a folder of HTML files to hold the law of round trip over")

// cutAtRandom cuts every unit, between codes too.
func cutAtRandom(d *bitext.Document, r *rand.Rand) {
	for i := range d.Units {
		u := &d.Units[i]
		var cuts []bitext.Boundary
		at := bitext.Boundary{}
		for r.IntN(4) > 0 {
			at = after(u.Source, at, r)
			if at == u.Source.End() {
				break
			}
			if at != (bitext.Boundary{}) {
				cuts = append(cuts, at)
			}
		}
		u.SegmentAt(cuts, func(_ int, t bitext.Text) bool { return t.IsBlank() })
	}
}

// after is a random place behind another in a text.
func after(t bitext.Text, c bitext.Boundary, r *rand.Rand) bitext.Boundary {
	for range 1 + r.IntN(20) {
		switch {
		case c == t.End():
			return c
		case c.Code < len(t.Codes) && t.Codes[c.Code].Pos == c.Pos:
			c.Code++
		default:
			_, n := utf8.DecodeRuneInString(t.Chars[c.Pos:])
			c.Pos += n
		}
	}
	return c
}

// sound checks what every document must be, whatever it was made of.
func validate(d *bitext.Document, data []byte) error {
	ids := map[string]bool{}
	last := 0
	for i := range d.Skeleton.Spans {
		h := &d.Skeleton.Spans[i]
		u := &d.Units[h.Unit]
		if h.Unit != i || h.Start < last || h.End < h.Start || h.End > len(d.Skeleton.Data) {
			return fmt.Errorf("hole %d of unit %d at %d:%d after %d", i, h.Unit, h.Start, h.End, last)
		}
		last = h.Start
		if ids[u.ID] {
			return fmt.Errorf("unit ID %q twice", u.ID)
		}
		ids[u.ID] = true
		if u.Source.IsBlank() {
			return fmt.Errorf("unit %s is blank", u.ID)
		}
		if !utf8.ValidString(u.Source.Chars) || strings.ContainsRune(u.Source.Chars, 0) {
			return fmt.Errorf("unit %s has characters %q", u.ID, u.Source.Chars)
		}
		if len(u.Source.Codes) != len(h.Codes) {
			return fmt.Errorf("unit %s has %d codes and %d places for them", u.ID, len(u.Source.Codes), len(h.Codes))
		}
		if err := whole(d, u, h); err != nil {
			return err
		}
		starts, pos, raw := map[string]bool{}, 0, h.Start
		for j, c := range u.Source.Codes {
			if c.Pos < pos || c.Pos > len(u.Source.Chars) || h.Codes[j] < raw {
				return fmt.Errorf("unit %s: code %d (%q) out of order", u.ID, j, c.Data)
			}
			pos, raw = c.Pos, h.Codes[j]+len(c.Data)
			if raw > h.End || string(d.Skeleton.Data[h.Codes[j]:raw]) != c.Data || c.Data == "" {
				return fmt.Errorf("unit %s: code %d (%q) is not what stands there", u.ID, j, c.Data)
			}
			if c.Kind != bitext.End && starts[c.ID] {
				return fmt.Errorf("unit %s: code ID %s twice", u.ID, c.ID)
			}
			starts[c.ID] = true
			for _, sub := range c.Subflows {
				found := false
				for k := range d.Units {
					found = found || d.Units[k].ID == sub
				}
				if !found {
					return fmt.Errorf("unit %s: code %s has no subflow %s", u.ID, c.ID, sub)
				}
			}
		}
		text, raw := -1, h.Start
		for _, a := range h.Anchors {
			if a.Text <= text && text >= 0 || a.Raw < raw || a.Raw > h.End {
				return fmt.Errorf("unit %s: anchors %v do not rise in %d:%d", u.ID, h.Anchors, h.Start, h.End)
			}
			text, raw = a.Text, a.Raw
		}
	}
	return nil
}

var markup = regexp.MustCompile(`<[A-Za-z/!?]`)

// whole checks that all markup in a hole is in a code: what is not would be
// lost in translation.
func whole(d *bitext.Document, u *bitext.Unit, h *bitext.UnitSpan) error {
	if !strings.HasPrefix(h.Context, inText) || strings.HasPrefix(h.Context, inPlain) {
		return nil
	}
	at := h.Start
	for i := 0; i <= len(h.Codes); i++ {
		to := h.End
		if i < len(h.Codes) {
			to = h.Codes[i]
		}
		if m := markup.Find(d.Skeleton.Data[at:to]); m != nil && to < len(d.Skeleton.Data) {
			return fmt.Errorf("unit %s (%s): there is markup outside its codes: %q", u.ID, u.Source.Tagged(), d.Skeleton.Data[at:to])
		}
		if i < len(h.Codes) {
			at = to + len(u.Source.Codes[i].Data)
		}
	}
	return nil
}

// fill makes a translation whose targets are what target makes of the sources.
func fill(d *bitext.Document, target func(bitext.Text) bitext.Text) *bitext.Translation {
	tr := bitext.NewTranslation(d, "xx")
	for i := range d.Units {
		for j := range d.Units[i].Segments {
			if s := &d.Units[i].Segments[j]; !s.Ignorable {
				tr.Targets[i][j] = bitext.Target{Text: target(s.Source), Filled: true}
			}
		}
	}
	return tr
}

func same(t bitext.Text) bitext.Text { return t }

// upper changes every letter that has a capital of one character; "ß" and such
// stay.
func upper(t bitext.Text) bitext.Text {
	var b strings.Builder
	codes := make([]bitext.Code, len(t.Codes))
	copy(codes, t.Codes)
	k := 0
	for i, r := range t.Chars {
		for ; k < len(codes) && t.Codes[k].Pos <= i; k++ {
			codes[k].Pos = b.Len()
		}
		b.WriteString(strings.ToUpper(string(r)))
	}
	for ; k < len(codes); k++ {
		codes[k].Pos = b.Len()
	}
	return bitext.Text{Chars: b.String(), Codes: codes}
}

// law checks that a document comes back: whole, cut anywhere, and filled with
// its own text. It gives the document and an error.
func law(f *Format, path string, data []byte, r *rand.Rand) (*bitext.Document, error) {
	d, _ := f.Split(path, data)
	if d == nil {
		return nil, fmt.Errorf("no document")
	}
	if err := validate(d, data); err != nil {
		return d, err
	}
	back, _ := f.Assemble(d, nil, nil)
	if !bytes.Equal(back, data) {
		return d, differ("without a translation", data, back)
	}
	cutAtRandom(d, r)
	back, _ = f.Assemble(d, fill(d, same), nil)
	if !bytes.Equal(back, data) {
		return d, differ("filled with its own text", data, back)
	}
	return d, nil
}

func differ(how string, want, got []byte) error {
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	around := func(b []byte) string { return string(b[max(0, at-60):min(len(b), at+60)]) }
	return fmt.Errorf("%s, it differs at byte %d:\n%q\nwas\n%q", how, at, around(got), around(want))
}

// held walks over the HTML files of a folder.
func files(t testing.TB, dir string, f func(path string, data []byte)) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !e.Type().IsRegular() {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".html", ".htm", ".xhtml":
		default:
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		f(path, data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkFile holds every law over one file.
func checkFile(t *testing.T, path string, data []byte, r *rand.Rand) (units int) {
	t.Helper()
	f := &Format{}
	d, err := law(f, filepath.Base(path), data, r)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return 0
	}
	if isUndecodable(d) {
		return 0
	}
	out, _ := f.Assemble(d, fill(d, upper), nil)
	again, _ := f.Split(filepath.Base(path), out)
	if len(again.Units) != len(d.Units) {
		t.Errorf("%s: %d units, in capitals %d", path, len(d.Units), len(again.Units))
	}
	// A language that no page of a corpus is in: none is taken for it later.
	meta := &bitext.EditionMeta{Locale: "tlh", Dir: "rtl", OpenGraph: "tlh_001", OpenGraphAlternates: []string{"ru_RU"},
		Alternates: []bitext.Alternate{{Locale: "en", URL: "https://a.example/en?a&b"}, {Locale: "fa", URL: "https://a.example/fa"}}}
	first, _ := f.Assemble(d, nil, meta)
	edition, _ := f.Split(filepath.Base(path), first)
	if second, _ := f.Assemble(edition, nil, meta); !bytes.Equal(first, second) {
		t.Errorf("%s: %v", path, differ("made an edition twice", first, second))
	}
	if len(edition.Units) != len(d.Units) {
		t.Errorf("%s: %d units, as an edition %d", path, len(d.Units), len(edition.Units))
	}
	return len(d.Units)
}

func TestLawOverTestdata(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	if n := files(t, "../../../testdata", func(path string, data []byte) { checkFile(t, path, data, r) }); n == 0 {
		t.Error("there are no HTML files in testdata")
	}
}

func TestLawOverCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no corpus given: run with -corpus DIR to hold the law over the HTML files of a folder")
	}
	r := rand.New(rand.NewPCG(3, 4))
	units, size := 0, 0
	n := files(t, *corpus, func(path string, data []byte) {
		units += checkFile(t, path, data, r)
		size += len(data)
	})
	t.Logf("%d files, %d bytes, %d units", n, size, units)
}

// One Format splits for many goroutines, and one document is assembled by many.
func TestConcurrent(t *testing.T) {
	f := &Format{}
	page := []byte(`<html lang="en"><title>T</title><p>One <code>x</code> <b>two</b>. Three</p><img alt="A &amp; b">`)
	d, _ := f.Split("x.html", page)
	wholeUnits(d)
	meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl"}
	want, _ := f.Assemble(d, fill(d, upper), meta)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				if got, _ := f.Assemble(d, fill(d, upper), meta); !bytes.Equal(got, want) {
					t.Errorf("assembled beside others: %s", got)
				}
				other := bytes.Repeat(page, i+1)
				e, _ := f.Split("y.html", other)
				if back, _ := f.Assemble(e, nil, nil); !bytes.Equal(back, other) {
					t.Error("split beside others, it does not come back")
				}
				if e.Units[1].Source.Tagged() != d.Units[1].Source.Tagged() {
					t.Errorf("split beside others: %q", e.Units[1].Source.Tagged())
				}
			}
		})
	}
	wg.Wait()
}
