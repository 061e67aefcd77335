package markdown

import (
	"math/rand/v2"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/formattest"
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// law checks the laws of formattest, that diagnostics have a line, and that codes
// are balanced.
func law(t testing.TB, path string, data []byte, r *rand.Rand) *bitext.Document {
	t.Helper()
	f := new(Format)
	if _, err := formattest.Check(f, path, data, r); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	d, ds := f.Split(path, data)
	for _, x := range ds {
		if x.Place.Line == 0 && x.Severity > diag.Info && x.ID != "charset.unknown" && x.ID != "charset.guessed" {
			t.Errorf("diagnostic without a line: %v", x)
		}
	}
	formattest.Segment(d, r)
	if _, ds := f.Assemble(d, formattest.Fill(d, formattest.Same), nil); len(ds) > 0 {
		t.Errorf("%s: targets equal to the sources: %v", path, ds)
	}
	last := -1
	for i := range d.Skeleton.Spans {
		if n := d.Skeleton.Spans[i].Unit; n <= last {
			t.Errorf("span %d is of unit %d, after %d", i, n, last)
		}
		last = d.Skeleton.Spans[i].Unit
	}
	for i := range d.Units {
		u := &d.Units[i]
		if len(u.Source.Codes) > 1000 {
			continue // comparing them takes too long
		}
		for _, p := range bitext.CompareCodes(u.Source, u.Source) {
			t.Errorf("unit %s: code %s is %s", u.ID, p.Code.ID, p.Kind)
		}
	}
	return d
}
