package memorytest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func undo(t *testing.T, s memory.Store) {
	first := []bitext.Entry{entry("One", "Один"), entry("Two", "Два"), entry("Four", "Четыре", by(bitext.FromEngine, "mt"))}
	add(t, s, first...)
	bad := add(t, s, entry("One", "Адын", hour(1)), entry("Three", "Три", hour(1)), entry("Four", "Чатыры", hour(1)))
	wantResult(t, bad, memory.Result{Batch: bad.Batch, Added: 3, Superseded: 2})
	after := entry("Four", "Ч.", by(bitext.FromEngine, "better"), hour(7))
	r := add(t, s, after)
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1, Outranked: 1})
	n, err := s.Undo(ctx, bad.Batch, memory.Batch{Author: "boss", Note: "wrong file", Time: at(8)})
	if err != nil || n != 3 {
		t.Fatalf("undo: %d, %v", n, err)
	}
	wantEntries(t, s, first[0], first[1], after)
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Three")}))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("One")}), "exact 100 Один")
	b, err := s.Batches(ctx)
	if err != nil || len(b) != 4 || b[0].Undoes != bad.Batch || b[0].Author != "boss" || b[0].Note != "wrong file" || !b[0].Time.Equal(at(8)) || b[2].Undone != b[0].ID {
		t.Errorf("batches %+v, error %v", b, err)
	}
	if _, err := s.Undo(ctx, bad.Batch, memory.Batch{}); !errors.Is(err, memory.ErrUndone) {
		t.Errorf("undone twice: %v", err)
	}
	if _, err := s.Undo(ctx, 99, memory.Batch{}); !errors.Is(err, memory.ErrNoBatch) {
		t.Errorf("undoing nothing: %v", err)
	}
	// What was withdrawn can be added again, by a new act.
	again := add(t, s, entry("Three", "Три", hour(1)), entry("One", "Адын", hour(1)))
	wantResult(t, again, memory.Result{Batch: again.Batch, Added: 2, Superseded: 1})
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Three")}), "exact 100 Три")
}

func redo(t *testing.T, s memory.Store) {
	add(t, s, entry("One", "Один"), entry("Same", "То же"))
	second := []bitext.Entry{entry("One", "Раз", hour(1)), entry("Two", "Два", hour(1)), entry("Same", "То же", hour(1))}
	b := add(t, s, second...)
	if _, err := s.Undo(ctx, b.Batch, memory.Batch{Time: at(2)}); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, s, entry("One", "Один"), entry("Same", "То же"))
	all, err := s.Batches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Undo(ctx, all[0].ID, memory.Batch{Time: at(3)}); n != 2 || err != nil {
		t.Errorf("undo of the undo: %d, %v", n, err)
	}
	wantEntries(t, s, second[0], entry("Same", "То же"), second[1])
	if n, err := s.Undo(ctx, b.Batch, memory.Batch{Time: at(4)}); n != 2 || err != nil {
		t.Errorf("undo once more: %d, %v", n, err)
	}
	wantEntries(t, s, entry("One", "Один"), entry("Same", "То же"))
}

// Whatever was added, an undone undoing changes nothing, every slot's current
// version stands, and with all undone nothing is left but history.
func undoLaw(t *testing.T, s memory.Store) {
	r := rand.New(rand.NewPCG(21, 22))
	kinds := []bitext.OriginKind{bitext.FromHuman, bitext.FromEngine, bitext.FromImport, bitext.FromCatalog}
	var batches []int64
	added := 0
	for range 25 {
		var es []bitext.Entry
		for range 1 + r.IntN(12) {
			e := entry(fmt.Sprint("text ", r.IntN(6)), fmt.Sprint("перевод ", r.IntN(5)), state(bitext.State(r.IntN(4))), by(kinds[r.IntN(4)], ""))
			if e.Origin.Time = at(r.IntN(5)); r.IntN(2) == 0 {
				e.Origin.Time = time.Time{}
			}
			if r.IntN(3) == 0 {
				e.Place = fmt.Sprint("p", r.IntN(2))
			}
			es = append(es, e)
		}
		res, err := s.Add(ctx, memory.Batch{Time: at(r.IntN(9))}, es)
		if err != nil {
			t.Fatal(err)
		}
		if res.Added+res.Unchanged != len(es) {
			t.Fatalf("%d entries, but %+v", len(es), res)
		}
		if added += res.Added; res.Batch != 0 {
			batches = append(batches, res.Batch)
		}
	}
	snapshot := func() []bitext.Entry { return collect(t, s.Entries(ctx, "", "")) }
	undo := func(batch int64) int64 {
		t.Helper()
		if _, err := s.Undo(ctx, batch, memory.Batch{Time: at(20)}); err != nil {
			t.Fatal(err)
		}
		all, err := s.Batches(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return all[0].ID
	}
	full := snapshot()
	for _, i := range r.Perm(len(batches))[:8] {
		by := undo(batches[i])
		versions, current := 0, 0
		for _, v := range collect(t, s.History(ctx, memory.Filter{})) {
			versions++
			if v.Current {
				current++
			}
			if v.Batch == batches[i] && (v.Withdrawn != by || v.Current) {
				t.Fatalf("of the undone batch: %+v", v)
			}
		}
		if versions != added || current != len(snapshot()) {
			t.Errorf("%d versions, %d current; want %d and %d", versions, current, added, len(snapshot()))
		}
		undo(by)
		if d := cmp.Diff(full, snapshot(), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("after undoing an undoing (-before +after):\n%s", d)
		}
	}
	var undoings []int64
	for _, i := range r.Perm(len(batches)) {
		undoings = append(undoings, undo(batches[i]))
	}
	wantEntries(t, s)
	for _, i := range r.Perm(len(undoings)) {
		undo(undoings[i])
	}
	if d := cmp.Diff(full, snapshot(), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("after undoing all and redoing all (-before +after):\n%s", d)
	}
}
