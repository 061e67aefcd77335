package memorytest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func ranking(t *testing.T, s memory.Store) {
	// Each is better than all before it.
	steps := []bitext.Entry{
		entry("x", "source", by(bitext.FromSource, ""), hour(90)),
		entry("x", "engine", by(bitext.FromEngine, "mt"), hour(80)),
		entry("x", "import", by(bitext.FromImport, ""), hour(70)),
		entry("x", "catalog", by(bitext.FromCatalog, "id"), hour(60)),
		entry("x", "human", hour(50)),
		entry("x", "human later", hour(51)),
		entry("x", "engine reviewed", by(bitext.FromEngine, "mt"), state(bitext.Reviewed), hour(40)),
		entry("x", "human reviewed", state(bitext.Reviewed), hour(30)),
		entry("x", "human final", state(bitext.Final), hour(20)),
	}
	for n := range steps {
		r := add(t, s, steps[n])
		if want := min(n, 1); r.Superseded != want || r.Outranked != 0 {
			t.Errorf("%s: %+v", steps[n].Target.Chars, r)
		}
		wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("x")}), "exact 100 "+steps[n].Target.Chars)
	}
	wantEntries(t, s, steps[len(steps)-1])
	// The other way round, in another slot.
	for n := len(steps) - 1; n >= 0; n-- {
		e := steps[n]
		e.Place = "elsewhere"
		add(t, s, e)
	}
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("x"), Place: "elsewhere"}), "in-context 100 human final")
}

// A forced version is current, whatever the priority and time of the other.
func forced(t *testing.T, s memory.Store) {
	final := entry("One", "Один", state(bitext.Final), hour(9))
	add(t, s, final)
	r := addWith(t, s, memory.AddOptions{Force: true}, entry("One", "Раз"))
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1, Superseded: 1})
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("One")}), "exact 100 Раз")
	wantResult(t, addWith(t, s, memory.AddOptions{Force: true}, entry("One", "Раз")), memory.Result{Unchanged: 1})
	// What was replaced can be forced back.
	r2 := addWith(t, s, memory.AddOptions{Force: true}, final)
	wantResult(t, r2, memory.Result{Batch: r2.Batch, Added: 1, Superseded: 1})
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("One")}), "exact 100 Один")
	// Without force it is only known.
	wantResult(t, add(t, s, entry("One", "Раз")), memory.Result{Unchanged: 1})
	if _, err := s.Undo(ctx, r2.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("One")}), "exact 100 Раз")
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, s, final)
}

func keepWithdrawn(t *testing.T, s memory.Store) {
	imported := by(bitext.FromImport, "")
	file := []bitext.Entry{entry("One", "Один", imported), entry("Two", "Два", imported)}
	keep := memory.AddOptions{KeepWithdrawn: true}
	r := addWith(t, s, keep, file...)
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{Time: at(1)}); err != nil {
		t.Fatal(err)
	}
	wantResult(t, addWith(t, s, keep, file...), memory.Result{Withdrawn: 2})
	wantEntries(t, s)
	file[1] = entry("Two", "Двое", imported)
	r = addWith(t, s, keep, file...)
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1, Withdrawn: 1})
	wantEntries(t, s, file[1])
	// By an act of its own it comes back.
	r = add(t, s, file[0])
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1})
}

func alternatives(t *testing.T, s memory.Store) {
	imported := by(bitext.FromImport, "")
	file := []bitext.Entry{entry("Home", "Домой", imported), entry("Home", "Главная", imported), entry("Home", "Домой", imported)}
	r := add(t, s, file...)
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 2, Unchanged: 1})
	wantResult(t, add(t, s, file...), memory.Result{Unchanged: 3})
	wantEntries(t, s, file[:2]...)
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Home")}), "exact 100 Главная (ambiguous)", "exact 100 Домой (ambiguous)")
	person := entry("Home", "На главную")
	r = add(t, s, person)
	wantResult(t, r, memory.Result{Batch: r.Batch, Added: 1, Superseded: 1})
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Home")}), "exact 100 На главную")
	wantEntries(t, s, person)
	// In context they are no less ambiguous.
	add(t, s, entry("Home", "Домой", imported, place("x")), entry("Home", "Хоум", imported, place("x")))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Home"), Place: "x", Limit: 2}),
		"in-context 100 Хоум (ambiguous)", "in-context 100 Домой (ambiguous)")
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Home"), Limit: 2}), "exact 100 Хоум (ambiguous)", "exact 100 Домой (ambiguous)")
}

// A file with alternatives is imported again with one of them changed.
func changedFile(t *testing.T, s memory.Store) {
	imported := by(bitext.FromImport, "")
	old := []bitext.Entry{entry("Home", "Домой", imported), entry("Home", "Главная", imported)}
	for _, c := range []struct {
		place string
		file  []string
	}{{"new last", []string{"Домой", "Стартовая"}}, {"new first", []string{"Стартовая", "Домой"}}} {
		var file []bitext.Entry
		for i := range old {
			e := old[i]
			e.Place = c.place
			file = append(file, e)
		}
		add(t, s, file...)
		file = nil
		for _, target := range c.file {
			file = append(file, entry("Home", target, imported, place(c.place)))
		}
		r := add(t, s, file...)
		wantResult(t, r, memory.Result{Batch: r.Batch, Added: 2, Superseded: 1})
		got := brief(look(t, s, memory.Query{Source: bitext.Plain("Home"), Place: c.place, Limit: 2}))
		slices.Sort(got)
		if d := cmp.Diff([]string{"in-context 100 Домой (ambiguous)", "in-context 100 Стартовая (ambiguous)"}, got); d != "" {
			t.Errorf("%s: (-want +got):\n%s", c.place, d)
		}
		wantResult(t, add(t, s, file...), memory.Result{Unchanged: 2})
		if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
			t.Fatal(err)
		}
		got = brief(look(t, s, memory.Query{Source: bitext.Plain("Home"), Place: c.place, Limit: 2}))
		slices.Sort(got)
		if d := cmp.Diff([]string{"in-context 100 Главная (ambiguous)", "in-context 100 Домой (ambiguous)"}, got); d != "" {
			t.Errorf("%s: undone (-want +got):\n%s", c.place, d)
		}
	}
}

// Two people read the memory, and then both add: the second is told.
func conflicts(t *testing.T, s memory.Store) {
	revision := func() int64 {
		n, err := s.Revision(ctx)
		if err != nil || n == 0 {
			t.Fatalf("revision %d, error %v", n, err)
		}
		return n
	}
	first := revision()
	anna := addWith(t, s, memory.AddOptions{BasedOn: first}, entry("One", "Один"), entry("Two", "Два"), entry("Same", "То же"))
	wantResult(t, anna, memory.Result{Batch: anna.Batch, Added: 3})
	if revision() == first {
		t.Error("the revision did not change")
	}
	boris := []bitext.Entry{entry("One", "Раз", hour(1)), entry("Two", "Двое", by(bitext.FromEngine, "mt")), entry("Same", "То же"), entry("Three", "Три")}
	r := addWith(t, s, memory.AddOptions{BasedOn: first}, boris...)
	if r.Added != 3 || r.Conflicting != 2 || len(r.Conflicts) != 2 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []struct {
		ours, theirs string
		current      bool
	}{{"Раз", "Один", true}, {"Двое", "Два", false}} {
		c := r.Conflicts[i]
		if c.Entry.Target.Chars != want.ours || c.Other.Entry.Target.Chars != want.theirs || c.Current != want.current ||
			c.Other.Current == want.current || c.Other.Batch != anna.Batch || c.Other.Entry.SourceLocale != "en" {
			t.Errorf("conflict %+v, want %+v", c, want)
		}
	}
	// Who has read that is not told again.
	if r := addWith(t, s, memory.AddOptions{BasedOn: revision()}, entry("One", "Разок", hour(2))); r.Added != 1 || r.Conflicting != 0 {
		t.Errorf("%+v", r)
	}
}
