// Package formattest has the laws that every document format keeps, for the tests
// of a format:
//
//   - A document comes back byte for byte: without a translation, and with targets
//     equal to its sources, wherever its units are segmented.
//   - A unit keeps its identity when an unrelated paragraph is deleted.
//   - Assembling twice gives the same bytes, and does not change the document.
//   - One Format may be used by many goroutines, and one document assembled by many.
//   - What a Format split and assembled before changes nothing, now or later.
//   - No input breaks a law: not the half of a document, nor one with bytes changed.
//
// A format calls Run with documents of its own, and Check in its fuzz targets and
// over folders of real files.
package formattest

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Format is what the laws are about: see format.Format.
type Format interface {
	Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic)
	Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic)
}

// Suite has documents of one format. Documents are by their paths. Paragraphs,
// joined between Before and After, are one more: each has a text of its own, and none
// changes how another is read.
type Suite struct {
	New        func() Format
	Documents  map[string]string
	Path       string // of the joined paragraphs
	Before     string
	Paragraphs []string
	After      string
}

func (s Suite) join(paragraphs []string) []byte {
	return []byte(s.Before + strings.Join(paragraphs, "") + s.After)
}

// Run checks all laws.
func Run(t *testing.T, s Suite) {
	t.Run("round trip", s.roundTrip)
	t.Run("identity", s.identity)
	t.Run("twice", s.twice)
	t.Run("goroutines", s.goroutines)
	t.Run("order", s.order)
	t.Run("hostile", s.hostile)
}

// all walks over the documents in order of their paths, and the joined paragraphs.
func (s Suite) all(visit func(path string, data []byte)) {
	paths := make([]string, 0, len(s.Documents))
	for p := range s.Documents {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		visit(p, []byte(s.Documents[p]))
	}
	visit(s.Path, s.join(s.Paragraphs))
}

func (s Suite) roundTrip(t *testing.T) {
	f, r := s.New(), rand.New(rand.NewPCG(1, 2))
	units := 0
	s.all(func(path string, data []byte) {
		for range 5 {
			d, err := Check(f, path, data, r)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				return
			}
			units += len(d.Units)
		}
	})
	if units == 0 {
		t.Error("no document has a unit")
	}
}

func (s Suite) identity(t *testing.T) {
	f := s.New()
	read := func(paragraphs []string) map[string]string {
		d, _ := f.Split(s.Path, s.join(paragraphs))
		ids := map[string]string{}
		for i := range d.Units {
			ids[d.Units[i].Source.Tagged()] = d.Units[i].ID
		}
		return ids
	}
	before := read(s.Paragraphs)
	if len(before) < len(s.Paragraphs) {
		t.Fatalf("%d paragraphs have %d units with texts of their own", len(s.Paragraphs), len(before))
	}
	for i := range s.Paragraphs {
		rest := slices.Delete(slices.Clone(s.Paragraphs), i, i+1)
		for text, id := range read(rest) {
			if was := before[text]; was != id {
				t.Errorf("without %q, the unit %q is %s: it was %s", s.Paragraphs[i], text, id, was)
			}
		}
	}
}

func (s Suite) twice(t *testing.T) {
	f := s.New()
	meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl"}
	s.all(func(path string, data []byte) {
		d, _ := f.Split(path, data)
		Segment(d, nil)
		tr := Fill(d, Upper)
		before := fmt.Sprintf("%q %+v", d.Skeleton.Data, d.Units)
		one, _ := f.Assemble(d, tr, meta)
		two, _ := f.Assemble(d, tr, meta)
		if !bytes.Equal(one, two) {
			t.Errorf("%s: assembled again, %v", path, Difference(one, two))
		}
		if fmt.Sprintf("%q %+v", d.Skeleton.Data, d.Units) != before {
			t.Errorf("%s: Assemble changed the document", path)
		}
		e, _ := s.New().Split(path, data)
		Segment(e, nil)
		if other, _ := s.New().Assemble(e, Fill(e, Upper), meta); !bytes.Equal(one, other) {
			t.Errorf("%s: assembled by another Format, %v", path, Difference(one, other))
		}
	})
}

func (s Suite) goroutines(t *testing.T) {
	f := s.New()
	s.all(func(path string, data []byte) {
		d, _ := f.Split(path, data)
		Segment(d, nil)
		tr := Fill(d, Upper)
		want, _ := f.Assemble(d, tr, nil)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for range 10 {
					if got, _ := f.Assemble(d, tr, nil); !bytes.Equal(got, want) {
						t.Errorf("%s: assembled by many, %v", path, Difference(want, got))
						return
					}
					other := bytes.Repeat(data, i%3+1)
					e, _ := f.Split(path, other)
					if back, _ := f.Assemble(e, nil, nil); !bytes.Equal(back, other) {
						t.Errorf("%s: split by many, %v", path, Difference(other, back))
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// hostile bytes, put into a document at random places.
var hostile = []string{
	"\x00", "\xff\xfe", "\xc3", "\xed\xa0\x80", "\ufeff", "\u202e", "\u2028", "\r", "\r\n", "\x1b[2J", "<", ">", "</", "<!--", "-->", "<![CDATA[", "&#0;", "&amp",
	"`", "```\n", "[", "](", "*", "**", "\\", "{{", "}}", "---\n", "+++\n", "\"", "'", "|", "    ", "\t", "> ", "- ", "<1>", "</1>",
}

// order checks that a document and its edition are the same whatever else the Format read
// before, at the same time and after: it may use memory again, but not what it gave away.
func (s Suite) order(t *testing.T) {
	type result struct {
		d       *bitext.Document
		ds      []diag.Diagnostic
		edition []byte
	}
	meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl"}
	read := func(f Format, path string, data []byte) (r result) {
		r.d, r.ds = f.Split(path, data)
		Segment(r.d, nil)
		r.edition, _ = f.Assemble(r.d, Fill(r.d, Upper), meta)
		return r
	}
	var paths []string
	var all [][]byte
	var want []result
	r := rand.New(rand.NewPCG(5, 6))
	s.all(func(path string, data []byte) {
		for _, data := range [][]byte{data, data[:r.IntN(len(data)+1)], data[r.IntN(len(data)+1):], nil} {
			paths, all = append(paths, path), append(all, data)
			want = append(want, read(s.New(), path, bytes.Clone(data)))
		}
	})
	f := s.New()
	got := make([][]result, 4)
	var wg sync.WaitGroup
	for g := range got {
		got[g] = make([]result, len(all))
		order := r.Perm(len(all))
		wg.Go(func() {
			for _, i := range append(order, order...) {
				got[g][i] = read(f, paths[i], bytes.Clone(all[i]))
			}
		})
	}
	wg.Wait()
	for i := range all {
		for g := range got {
			have, alone := got[g][i], want[i]
			if !reflect.DeepEqual(have.d, alone.d) || !reflect.DeepEqual(have.ds, alone.ds) {
				t.Errorf("%s, split after others: another document than that of %q alone", paths[i], all[i][:min(len(all[i]), 500)])
			} else if !bytes.Equal(have.edition, alone.edition) {
				t.Errorf("%s: assembled after others: %v", paths[i], Difference(alone.edition, have.edition))
			}
		}
	}
}

func (s Suite) hostile(t *testing.T) {
	f, r := s.New(), rand.New(rand.NewPCG(3, 4))
	s.all(func(path string, data []byte) {
		try := func(data []byte) {
			if _, err := Check(f, path, data, r); err != nil {
				t.Errorf("%s: %v\nof %q", path, err, data)
			}
		}
		for range 40 {
			try(data[:r.IntN(len(data)+1)])
			try(data[r.IntN(len(data)+1):])
			broken := slices.Clone(data)
			for range 1 + r.IntN(6) {
				at := r.IntN(len(broken) + 1)
				switch h := hostile[r.IntN(len(hostile))]; r.IntN(3) {
				case 0:
					broken = slices.Insert(broken, at, []byte(strings.Repeat(h, 1+r.IntN(5)))...)
				case 1:
					broken = slices.Delete(broken, at, min(len(broken), at+1+r.IntN(9)))
				default:
					if at < len(broken) {
						broken[at] = byte(r.Uint32())
					}
				}
			}
			try(broken)
		}
		for _, h := range hostile {
			try([]byte(strings.Repeat(h, 200)))
		}
		try(nil)
	})
}

// Check checks that a document is sound and comes back byte for byte: without a
// translation, and filled with its own text, segmented at random places. It returns
// the document, segmented.
func Check(f Format, path string, data []byte, r *rand.Rand) (*bitext.Document, error) {
	d, ds := f.Split(path, data)
	if d == nil {
		return nil, fmt.Errorf("no document")
	}
	for _, x := range ds {
		if x.ID == "" || x.Message == "" {
			return d, fmt.Errorf("diagnostic without an id or a message: %v", x)
		}
	}
	if err := Validate(d); err != nil {
		return d, err
	}
	if back, _ := f.Assemble(d, nil, nil); !bytes.Equal(back, data) {
		return d, fmt.Errorf("without a translation, %w", Difference(data, back))
	}
	Segment(d, r)
	if back, _ := f.Assemble(d, Fill(d, Same), nil); !bytes.Equal(back, data) {
		return d, fmt.Errorf("filled with its own text, %w", Difference(data, back))
	}
	return d, nil
}

// Validate checks what a document must be, whatever it was made of: its spans rise,
// each unit has one identity and valid text, and each code is where its span says.
func Validate(d *bitext.Document) error {
	ids := map[string]bool{}
	for i := range d.Units {
		u := &d.Units[i]
		if u.ID == "" || ids[u.ID] {
			return fmt.Errorf("unit ID %q is empty or not unique", u.ID)
		}
		ids[u.ID] = true
		if !utf8.ValidString(u.Source.Chars) {
			return fmt.Errorf("unit %s has characters %q", u.ID, u.Source.Chars)
		}
	}
	last := 0
	for i := range d.Skeleton.Spans {
		h := &d.Skeleton.Spans[i]
		if h.Unit < 0 || h.Unit >= len(d.Units) || h.Start < last || h.End < h.Start || h.End > len(d.Skeleton.Data) {
			return fmt.Errorf("span %d of unit %d is %d:%d, after %d", i, h.Unit, h.Start, h.End, last)
		}
		last = h.Start
		if err := validateUnit(d, &d.Units[h.Unit], h, ids); err != nil {
			return fmt.Errorf("unit %s: %w", d.Units[h.Unit].ID, err)
		}
	}
	return validateParts(d)
}

// Random returns a source of random numbers for Check.
func Random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// validateParts checks the parts of a document as documents of their own.
func validateParts(d *bitext.Document) error {
	for i, p := range d.Skeleton.Parts {
		if p.Start < 0 || p.End < p.Start || p.End > len(d.Skeleton.Data) || p.From < 0 || p.To < p.From || p.To > len(d.Units) {
			return fmt.Errorf("part %s is %d:%d with units %d:%d", p.Name, p.Start, p.End, p.From, p.To)
		}
		if err := Validate(d.Part(i)); err != nil {
			return fmt.Errorf("part %s: %w", p.Name, err)
		}
	}
	return nil
}

func validateUnit(d *bitext.Document, u *bitext.Unit, h *bitext.UnitSpan, ids map[string]bool) error {
	if len(u.Source.Codes) != len(h.Codes) {
		return fmt.Errorf("it has %d codes and %d places for them", len(u.Source.Codes), len(h.Codes))
	}
	starts, pos, raw := map[string]bool{}, 0, h.Start
	for j, c := range u.Source.Codes {
		if c.Pos < pos || c.Pos > len(u.Source.Chars) || h.Codes[j] < raw {
			return fmt.Errorf("code %d (%q) is out of order", j, c.Data)
		}
		pos, raw = c.Pos, h.Codes[j]+len(c.Data)
		if raw > h.End || string(d.Skeleton.Data[h.Codes[j]:raw]) != c.Data || c.Data == "" {
			return fmt.Errorf("code %d (%q) is not at %d of the data", j, c.Data, h.Codes[j])
		}
		if c.Kind != bitext.End && starts[c.ID] {
			return fmt.Errorf("code ID %s is not unique", c.ID)
		}
		starts[c.ID] = true
		for _, sub := range c.Subflows {
			if !ids[sub] {
				return fmt.Errorf("code %s has no subflow %s", c.ID, sub)
			}
		}
	}
	text, raw := 0, h.Start
	for _, a := range h.Anchors {
		if a.Text < text || a.Raw < raw || a.Raw > h.End {
			return fmt.Errorf("anchors %v do not rise in %d:%d", h.Anchors, h.Start, h.End)
		}
		text, raw = a.Text, a.Raw
	}
	return nil
}

// Segment segments every unit at random places, also between codes; as one segment
// if r is nil.
func Segment(d *bitext.Document, r *rand.Rand) {
	for i := range d.Units {
		u := &d.Units[i]
		var cuts []bitext.Boundary
		if r != nil {
			cuts = Boundaries(u.Source, r)
		}
		u.SegmentAt(cuts, func(_ int, t bitext.Text) bool { return r != nil && (t.IsBlank() || r.IntN(8) == 0) })
	}
}

// Boundaries returns up to four random places in a text, in rising order.
func Boundaries(text bitext.Text, r *rand.Rand) []bitext.Boundary {
	var out []bitext.Boundary
	at := bitext.Boundary{}
	for range r.IntN(5) {
		for range 1 + r.IntN(20) {
			if at.Code < len(text.Codes) && text.Codes[at.Code].Pos == at.Pos {
				at.Code++
			} else if at.Pos < len(text.Chars) {
				_, n := utf8.DecodeRuneInString(text.Chars[at.Pos:])
				at.Pos += n
			}
		}
		if at == text.End() {
			break
		}
		out = append(out, at)
	}
	return out
}

// Fill returns a translation whose targets are what target makes of the sources.
// Ignorable segments stay unfilled.
func Fill(d *bitext.Document, target func(bitext.Text) bitext.Text) *bitext.Translation {
	tr := bitext.NewTranslation(d, "xx")
	for i := range d.Units {
		for j, s := range d.Units[i].Translatable() {
			tr.Targets[i][j] = bitext.Target{Text: target(s.Source.Clone()), Filled: true}
		}
	}
	return tr
}

// Same returns t.
func Same(t bitext.Text) bitext.Text { return t }

// Upper returns t in capitals, with its codes where they were.
func Upper(t bitext.Text) bitext.Text {
	var b strings.Builder
	out := t.Clone()
	k := 0
	for i, r := range t.Chars {
		for ; k < len(out.Codes) && t.Codes[k].Pos <= i; k++ {
			out.Codes[k].Pos = b.Len()
		}
		b.WriteString(strings.ToUpper(string(r)))
	}
	for ; k < len(out.Codes); k++ {
		out.Codes[k].Pos = b.Len()
	}
	out.Chars = b.String()
	return out
}

// Difference says where two documents differ first.
func Difference(want, got []byte) error {
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	around := func(b []byte) string { return string(b[max(0, at-60):min(len(b), at+60)]) }
	return fmt.Errorf("it differs at byte %d:\ngot  %q\nwant %q", at, around(got), around(want))
}

// Files visits the files below a folder that have one of the extensions, in any
// letter case, and returns how many there are.
func Files(t testing.TB, dir string, extensions []string, visit func(path string, data []byte)) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !slices.Contains(extensions, strings.ToLower(filepath.Ext(path))) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		visit(path, data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
