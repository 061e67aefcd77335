package memorytest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func roundTrip(t *testing.T, s memory.Store) {
	undated := entry("No time", "Нет времени")
	undated.Origin.Time = time.Time{}
	want := []bitext.Entry{entry("Hello", "Привет"), undated, entry("Hello", "Здравствуйте", place("a.html#x")), rich()}
	r := add(t, s, want...)
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 4})
	wantEntries(t, s, want...)
	if got := collect(t, s.Entries(ctx, "en", "sr-Latn")); len(got) != 1 || got[0].ID == 0 || got[0].Origin.Entry != got[0].ID {
		t.Errorf("en to sr-Latn: %+v", got)
	}
	if got := collect(t, s.Entries(ctx, "", "sr")); len(got) != 0 {
		t.Errorf("to sr: %+v", got)
	}
}

func idempotence(t *testing.T, s memory.Store) {
	all := []bitext.Entry{entry("Hello", "Привет"), rich(), entry("Hello", "Привет", between("a", "b"))}
	add(t, s, all...)
	wantResult(t, add(t, s, all...), memory.Result{Unchanged: 3})
	later := entry("Hello", "Привет", hour(9))
	wantResult(t, add(t, s, later), memory.Result{Unchanged: 1})
	// In one batch, too.
	r := add(t, s, entry("Twice", "Дважды"), entry("Twice", "Дважды"))
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1, Unchanged: 1})
	// A version that lost its place is known.
	add(t, s, entry("Hello", "Приветствую", hour(20)))
	wantResult(t, add(t, s, all...), memory.Result{Unchanged: 3})
	engine := entry("Hello", "Хеллоу", by(bitext.FromEngine, "mt"), hour(30))
	r = add(t, s, engine)
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1, Outranked: 1})
	engine.Origin.Time = at(31)
	wantResult(t, add(t, s, engine), memory.Result{Unchanged: 1})
	if b, err := s.Batches(ctx); err != nil || len(b) != 4 {
		t.Errorf("%d batches, error %v; want one for each act that changed something: 4", len(b), err)
	}
}

func oddities(t *testing.T, s memory.Store) {
	var want []bitext.Entry
	for _, text := range []string{"nul \x00 inside", "bad \xff\xfe utf-8", "e\u0301 decomposed", "literal <1>tag</1>", `back\slash \<2/>`, " ", "", "\u202eright to left", "🏳️‍🌈", "'; DROP TABLE entry; --"} {
		want = append(want, entry(text, "→"+text, place("at "+text)))
	}
	add(t, s, want...)
	wantEntries(t, s, want...)
	for _, e := range want {
		got := look(t, s, memory.Query{Source: e.Source, Place: e.Place, Fuzzy: 99, Limit: 1})
		if len(got) != 1 || got[0].Type != bitext.InContextMatch || !got[0].Target.Equal(e.Target) || !got[0].Source.Equal(e.Source) {
			t.Errorf("%q: %+v", e.Source.Chars, got)
		}
	}
	// NFC and NFD are one text.
	got := look(t, s, memory.Query{Source: bitext.Plain("\u00e9 decomposed")})
	wantMatches(t, got, "exact 100 →e\u0301 decomposed")
}

func cancelled(t *testing.T, s memory.Store) {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Add(gone, memory.Batch{}, []bitext.Entry{entry("a", "b")}); !errors.Is(err, context.Canceled) {
		t.Errorf("Add: %v", err)
	}
	add(t, s, entry("c", "d"))
	if _, err := s.Lookup(gone, "en", "ru", []memory.Query{{Source: bitext.Plain("c")}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Lookup: %v", err)
	}
	wantEntries(t, s, entry("c", "d"))
}

func allOrNothing(t *testing.T, s memory.Store) {
	kept := entry("Kept", "Сохранено")
	add(t, s, kept)
	broken := errors.New("the file ends in the middle")
	_, err := s.AddAll(ctx, memory.Batch{Note: "broken"}, func(yield func(bitext.Entry, error) bool) {
		for i := range 2000 {
			if !yield(entry(fmt.Sprint("Line ", i), "Строка"), nil) {
				return
			}
		}
		yield(bitext.Entry{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want the entries' own", err)
	}
	wantEntries(t, s, kept)
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Line 1"), Fuzzy: 50}))
	if b, err := s.Batches(ctx); err != nil || len(b) != 1 {
		t.Errorf("batches %+v, error %v", b, err)
	}
	add(t, s, entry("Line 1", "Теперь"))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Line 1")}), "exact 100 Теперь")
}

func continued(t *testing.T, s memory.Store) {
	a := add(t, s, entry("One", "Один"))
	r, err := s.Add(ctx, memory.Batch{ID: a.Batch}, []bitext.Entry{entry("Two", "Два")})
	if err != nil {
		t.Fatal(err)
	}
	wantResult(t, r, memory.Result{Batch: a.Batch, Added: 1})
	b, err := s.Batches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := []memory.BatchInfo{{Batch: memory.Batch{ID: a.Batch, Author: "test", Time: start}, Versions: 2}}
	if d := cmp.Diff(want, b, cmpopts.IgnoreFields(memory.Batch{}, "UID")); d != "" {
		t.Errorf("batches (-want +got):\n%s", d)
	}
	if n, err := s.Undo(ctx, a.Batch, memory.Batch{}); n != 2 || err != nil {
		t.Errorf("undo: %d, %v", n, err)
	}
	if _, err := s.Add(ctx, memory.Batch{ID: a.Batch}, []bitext.Entry{entry("Three", "Три")}); !errors.Is(err, memory.ErrUndone) {
		t.Errorf("adding to an undone batch: %v", err)
	}
	if _, err := s.Add(ctx, memory.Batch{ID: 99}, []bitext.Entry{entry("Three", "Три")}); !errors.Is(err, memory.ErrNoBatch) {
		t.Errorf("adding to no batch: %v", err)
	}
	wantEntries(t, s)
}
