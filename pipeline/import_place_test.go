package pipeline

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// TestMergeTargetsInOrder holds the search by halves against the one through all parts.
func TestMergeTargetsInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		cut := func() (out []bitext.Segment) {
			at := 0
			for range 1 + r.IntN(8) {
				to := at + r.IntN(4)
				out = append(out, bitext.Segment{From: bitext.Boundary{Pos: at}, To: bitext.Boundary{Pos: to}, Ignorable: r.IntN(4) == 0})
				at = to
			}
			return out
		}
		u := &exchange.Unit{}
		u.Segments = cut()
		for range u.Segments {
			u.Targets = append(u.Targets, bitext.Target{Filled: r.IntN(3) > 0, Text: bitext.Plain(string(rune('a' + r.IntN(26)))), State: bitext.State(r.IntN(4))})
		}
		if !areInOrder(u.Segments) {
			t.Fatal(u.Segments)
		}
		for _, s := range cut() {
			a, x := mergeTargets(&s, u, true)
			b, y := mergeTargets(&s, u, false)
			if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(x, y) {
				t.Fatalf("%+v among %+v: %+v, %v; want %+v, %v", s, u.Segments, a, x, b, y)
			}
		}
	}
}

// TestSimilarWork imports a file none of whose segments is in the article: the reasons of
// the first ones name the most similar segment, and all are kept.
func TestSimilarWork(t *testing.T) {
	p := newProject(t, twoLocales)
	article := Source{Path: "a.txt", Read: func() ([]byte, error) { return []byte("The river has 15 bridges today."), nil }}
	im := newImporter(p, []Source{article}, ImportOptions{})
	unit := func(id string) *exchange.Unit {
		u := &exchange.Unit{Header: &exchange.Header{Path: "a.txt", SourceLocale: "en", TargetLocale: "ru"}}
		u.ID, u.Source = id, bitext.Plain("The river has 16 bridges today.")
		u.Segments = []bitext.Segment{{ID: "s1", Source: u.Source, To: bitext.Boundary{Pos: len(u.Source.Chars)}}}
		u.Targets = []bitext.Target{{Text: bitext.Plain("Сегодня на реке 16 мостов."), Filled: true, State: bitext.Translated}}
		return u
	}
	for _, tt := range []struct {
		compared int64
		want     string
	}{{0, "96 % the same"}, {maxSimilarWork + 1, "has no segment with this source any more"}} {
		im.compared = tt.compared
		if err := im.unit(t.Context(), unit("x")); err != nil {
			t.Fatal(err)
		}
		im.placeDeferred()
		d := im.list.Decisions[len(im.list.Decisions)-1]
		if d.Verdict != Kept || d.Place.Unit != "x" || d.Place.Path != "a.txt" || !strings.Contains(d.Diagnostic.Message, tt.want) {
			t.Errorf("after %d: %s of %v, %q; want kept, %q", tt.compared, d.Verdict, d.Place, d.Diagnostic.Message, tt.want)
		}
		if tt.compared == 0 && im.compared == 0 {
			t.Error("the work is not counted")
		}
	}
}
