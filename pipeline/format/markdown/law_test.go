package markdown

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// cutUnits cuts the units of d at random places; r may be nil for no cuts.
func cutUnits(d *bitext.Document, r *rand.Rand) {
	for i := range d.Units {
		u := &d.Units[i]
		var cuts []bitext.Boundary
		if r != nil {
			cuts = randomCuts(u.Source, r)
		}
		u.SegmentAt(cuts, func(int, bitext.Text) bool { return r != nil && r.IntN(4) == 0 })
	}
}

func randomCuts(text bitext.Text, r *rand.Rand) []bitext.Boundary {
	var cuts []bitext.Boundary
	c := bitext.Boundary{}
	for range r.IntN(4) {
		code := c.Code + r.IntN(len(text.Codes)-c.Code+1)
		lo, hi := c.Pos, len(text.Chars)
		if code > 0 {
			lo = max(lo, text.Codes[code-1].Pos)
		}
		if code < len(text.Codes) {
			hi = text.Codes[code].Pos
		}
		c = bitext.Boundary{Pos: lo + r.IntN(max(hi-lo, 0)+1), Code: code}
		cuts = append(cuts, c)
	}
	return cuts
}

// equalTranslation fills every target with its source.
func equalTranslation(d *bitext.Document) *bitext.Translation {
	tr := bitext.NewTranslation(d, "xx")
	for i := range d.Units {
		for j := range d.Units[i].Segments {
			tr.Targets[i][j] = bitext.Target{Text: d.Units[i].Segments[j].Source.Clone(), Filled: true}
		}
	}
	return tr
}

// law checks that data comes back from its document: without a translation, and
// with targets equal to the sources, however they are cut.
func law(t testing.TB, path string, data []byte, r *rand.Rand) *bitext.Document {
	t.Helper()
	f := new(Format)
	d, ds := f.Split(path, data)
	for _, x := range ds {
		if x.Place.Line == 0 && x.Severity > diag.Info && x.ID != "charset.unknown" && x.ID != "charset.guessed" {
			t.Errorf("diagnostic without a line: %v", x)
		}
	}
	if out, _ := f.Assemble(d, nil, nil); !bytes.Equal(out, data) {
		t.Fatalf("%s without a translation:\n%q\nwant\n%q", path, out, data)
	}
	for _, cuts := range []*rand.Rand{nil, r} {
		cutUnits(d, cuts)
		tr := equalTranslation(d)
		if out, ds := f.Assemble(d, tr, nil); !bytes.Equal(out, data) || len(ds) > 0 {
			t.Fatalf("%s with targets equal to sources:\n%q %v\nwant\n%q", path, out, ds, data)
		}
	}
	checkDocument(t, d)
	return d
}

// checkDocument checks what every document must keep.
func checkDocument(t testing.TB, d *bitext.Document) {
	t.Helper()
	seen := map[string]bool{}
	last := 0
	for i := range d.Units {
		u, h := &d.Units[i], &d.Skeleton.Spans[i]
		if u.ID == "" || seen[u.ID] {
			t.Errorf("unit ID %q is empty or comes twice", u.ID)
		}
		seen[u.ID] = true
		if h.Unit != i || h.Start < last || h.End < h.Start || h.End > len(d.Skeleton.Data) {
			t.Errorf("hole %+v of unit %d is out of order", h, i)
		}
		last = h.Start
		if len(h.Codes) != len(u.Source.Codes) {
			t.Fatalf("unit %s has %d codes and %d places for them", u.ID, len(u.Source.Codes), len(h.Codes))
		}
		for k, c := range u.Source.Codes {
			if at := h.Codes[k]; string(d.Skeleton.Data[at:at+len(c.Data)]) != c.Data {
				t.Errorf("code %q of unit %s does not stand at %d", c.Data, u.ID, at)
			}
		}
		if len(u.Source.Codes) > 1000 {
			continue // comparing them takes too long
		}
		for _, p := range bitext.CompareCodes(u.Source, u.Source) {
			t.Errorf("unit %s: code %s is %s", u.ID, p.Code.ID, p.Kind)
		}
	}
}
