// Package memorytest is the conformance suite for translation memories. The test of
// an implementation calls Run with a function that opens an empty memory.
package memorytest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// Run tests the stores that open returns, each of them empty.
func Run(t *testing.T, open func(t *testing.T) memory.Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s memory.Store)
	}{
		{"round trip", roundTrip},
		{"adding again changes nothing", idempotence},
		{"priority, then time", ranking},
		{"context", contexts},
		{"ambiguous", ambiguous},
		{"alternatives of one import", alternatives},
		{"alternatives of a changed file", changedFile},
		{"forced", forced},
		{"withdrawn stays withdrawn", keepWithdrawn},
		{"conflicts", conflicts},
		{"blank answers", blankAnswers},
		{"codes of the query", codes},
		{"fuzzy", fuzzies},
		{"numbers", numbers},
		{"fuzzy sees what is added later", fuzzyGrows},
		{"locales are exact", locales},
		{"limit", limits},
		{"all or nothing", allOrNothing},
		{"continued batch", continued},
		{"undo", undo},
		{"undo of an undo", redo},
		{"undone and redone at random", undoLaw},
		{"history", history},
		{"stats", stats},
		{"search", search},
		{"notes", notes},
		{"odd characters", oddities},
		{"cancelled", cancelled},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// at is a time so many hours after the start.
func at(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }

// entry is a person's translation from en to ru.
func entry(source, target string, change ...func(*bitext.Entry)) bitext.Entry {
	e := bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(source), Target: bitext.Plain(target),
		State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "anna", Time: start}}
	for _, f := range change {
		f(&e)
	}
	return e
}

func state(s bitext.State) func(*bitext.Entry) { return func(e *bitext.Entry) { e.State = s } }
func hour(h int) func(*bitext.Entry)           { return func(e *bitext.Entry) { e.Origin.Time = at(h) } }
func by(k bitext.OriginKind, name string) func(*bitext.Entry) {
	return func(e *bitext.Entry) { e.Origin.Kind, e.Origin.Name = k, name }
}
func between(prev, next string) func(*bitext.Entry) {
	return func(e *bitext.Entry) { e.Prev, e.Next = prev, next }
}
func place(p string) func(*bitext.Entry)  { return func(e *bitext.Entry) { e.Place = p } }
func target(l string) func(*bitext.Entry) { return func(e *bitext.Entry) { e.TargetLocale = l } }

func add(t *testing.T, s memory.Store, entries ...bitext.Entry) memory.Result {
	t.Helper()
	r, err := s.Add(ctx, memory.Batch{Author: "test", Time: start}, entries)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func look(t *testing.T, s memory.Store, q memory.Query) []bitext.Match {
	t.Helper()
	m, err := s.Lookup(ctx, "en", "ru", []memory.Query{q})
	if err != nil {
		t.Fatal(err)
	}
	if len(m) != 1 {
		t.Fatalf("%d answers to one query", len(m))
	}
	return m[0]
}

// brief is a match in a line: type, score, target, and why it is held.
func brief(ms []bitext.Match) []string {
	var out []string
	for _, m := range ms {
		s := fmt.Sprintf("%s %d %s", m.Type, m.Score, m.Target.Tagged())
		if m.NotUsable != "" {
			s += " (" + string(m.NotUsable) + ")"
		}
		out = append(out, s)
	}
	return out
}

func wantMatches(t *testing.T, got []bitext.Match, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, brief(got), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("matches (-want +got):\n%s", d)
	}
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// anyID leaves out what the memory gives.
var anyID = cmp.Options{cmpopts.IgnoreFields(bitext.Entry{}, "ID"), cmpopts.IgnoreFields(bitext.Origin{}, "Entry"), cmpopts.EquateEmpty()}

func wantEntries(t *testing.T, s memory.Store, want ...bitext.Entry) {
	t.Helper()
	if d := cmp.Diff(want, collect(t, s.Entries(ctx, "", "")), anyID); d != "" {
		t.Errorf("entries (-want +got):\n%s", d)
	}
}

func wantResult(t *testing.T, got, want memory.Result) {
	t.Helper()
	if !cmp.Equal(got, want) {
		t.Errorf("result %+v, want %+v", got, want)
	}
}

// rich is an entry that uses all fields.
func rich() bitext.Entry {
	return bitext.Entry{
		SourceLocale: "en", TargetLocale: "sr-Latn",
		Source: bitext.Text{Chars: "Read more here", Codes: []bitext.Code{
			{Pos: 0, Kind: bitext.Placeholder, ID: "img", Data: "<img src='a&b'>", Equiv: "x", Disp: "\"[img\xff]", Type: "image", SubType: "html:img", NoDelete: true, NoCopy: true, Subflows: []string{"u1", "u2"}},
			{Pos: 10, Kind: bitext.Start, ID: "a", Data: "<a href=\"\xff\">", Type: "link", NoReorder: true},
			{Pos: 14, Kind: bitext.End, ID: "a", Data: "</a>"},
		}},
		Target: bitext.Text{Chars: "Više", Codes: []bitext.Code{
			{Pos: 0, Kind: bitext.Start, ID: "a", Data: "<a href=\"\xff\">", Type: "link", NoReorder: true},
			{Pos: 5, Kind: bitext.End, ID: "a", Data: "</a>"},
		}},
		State: bitext.Reviewed, SubState: bitext.SubStateCheck,
		Origin: bitext.Origin{Kind: bitext.FromEngine, Name: "apertium", Time: at(5), Terms: "f00d"},
		Prev:   "Before <1>it</1>", Next: "After", Place: "articles/a.html#p-abc",
		Props: []bitext.Prop{{Name: "note", Value: "see\nthere \xfe"}, {Name: "project", Value: ""}},
	}
}

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

func contexts(t *testing.T, s memory.Store) {
	add(t, s,
		entry("Yes.", "plain", hour(9)),
		entry("Yes.", "neighbours", between("Did he?", "She left."), hour(3)),
		entry("Yes.", "place", between("Was it?", "No more."), place("a.html#p1"), hour(2)),
		entry("Yes.", "both", between("Did he?", "She left."), place("b.html#p1"), hour(1)),
		entry("Yes.", "half", between("Did he?", "He left."), hour(4)),
		entry("Yes.", "first", between("", "She left."), hour(5)),
	)
	q := func(prev, next, place string) memory.Query {
		return memory.Query{Source: bitext.Plain("Yes."), Prev: prev, Next: next, Place: place, Limit: 2}
	}
	for _, c := range []struct {
		q    memory.Query
		want string
	}{
		{q("Did he?", "She left.", "b.html#p1"), "in-context 100 both"},
		{q("Did he?", "She left.", "a.html#p1"), "in-context 100 place"},
		{q("Other.", "Other.", "a.html#p1"), "in-context 100 place"},
		{q("Did he?", "She left.", "c.html#p1"), "in-context 100 neighbours"},
		{q("", "She left.", ""), "in-context 100 first"},
	} {
		got := look(t, s, c.q)
		if len(got) == 0 || brief(got)[0] != c.want {
			t.Errorf("%+v: %q, want %q first", c.q, brief(got), c.want)
		}
	}
	for _, m := range look(t, s, q("Never seen.", "", "")) {
		if m.Type != bitext.ExactMatch {
			t.Errorf("no common context, but %q", brief([]bitext.Match{m}))
		}
	}
	for _, m := range look(t, s, q("", "", "")) {
		if m.Type != bitext.ExactMatch {
			t.Errorf("no context asked for, but %q", brief([]bitext.Match{m}))
		}
	}
}

func ambiguous(t *testing.T, s memory.Store) {
	add(t, s,
		entry("Home", "Домой", place("a#1"), hour(1)),
		entry("Home", "Главная", place("b#1"), hour(2)),
		entry("Home", "Хоум", place("c#1"), by(bitext.FromEngine, "mt"), hour(3)),
	)
	q := memory.Query{Source: bitext.Plain("Home")}
	wantMatches(t, look(t, s, q), "exact 100 Главная (ambiguous)", "exact 100 Домой (ambiguous)", "exact 100 Хоум")
	q.Place = "a#1"
	wantMatches(t, look(t, s, q), "in-context 100 Домой", "exact 100 Главная", "exact 100 Хоум")
	// The same words twice are not ambiguous, nor is a more trusted one beside another.
	add(t, s, entry("Home", "Домой", place("d#1"), state(bitext.Final)))
	q.Place = ""
	wantMatches(t, look(t, s, q), "exact 100 Домой", "exact 100 Главная", "exact 100 Хоум")
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

func addWith(t *testing.T, s memory.Store, o memory.AddOptions, entries ...bitext.Entry) memory.Result {
	t.Helper()
	r, err := s.AddWith(ctx, memory.Batch{Author: "test", Time: start}, o, func(yield func(bitext.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
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

// An engine's answer that nobody can see is no match; a person's is a decision.
func blankAnswers(t *testing.T, s memory.Store) {
	add(t, s, entry("Parliament adopted the budget", "\u00a0\u200b", by(bitext.FromEngine, "mt")), entry("Left out on purpose", ""))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Parliament adopted the budget"), Fuzzy: 60}))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Parliament adopted the budget."), Fuzzy: 60}))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Left out on purpose")}), "exact 100 ")
}

func codes(t *testing.T, s memory.Store) {
	pair := func(chars, id, open, shut string, from, to int) bitext.Text {
		return bitext.Text{Chars: chars, Codes: []bitext.Code{
			{Pos: from, Kind: bitext.Start, ID: id, Data: open}, {Pos: to, Kind: bitext.End, ID: id, Data: shut}}}
	}
	e := entry("", "")
	e.Source = pair("See here.", "1", "<a href=old>", "</a>", 4, 8)
	e.Target = pair("Смотри тут.", "1", "<a href=old>", "</a>", 13, 19)
	add(t, s, e)
	got := look(t, s, memory.Query{Source: pair("See here.", "7", "<b>", "</b>", 4, 8)})
	wantMatches(t, got, "exact 100 Смотри <1>тут</1>.")
	if len(got) == 1 {
		want := pair("Смотри тут.", "7", "<b>", "</b>", 13, 19)
		if d := cmp.Diff(want, got[0].Target); d != "" {
			t.Errorf("target has not the query's codes (-want +got):\n%s", d)
		}
	}
	// Other structure is another text.
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("See here.")}))
	wantMatches(t, look(t, s, memory.Query{Source: pair("See here.", "1", "<a>", "</a>", 0, 8)}))
	// A like text without the code: what is left over cannot pass for one of the query's.
	q := memory.Query{Source: bitext.Text{Chars: "See there.", Codes: []bitext.Code{{Pos: 3, Kind: bitext.Placeholder, ID: "1", Data: "<br>"}}}, Fuzzy: 50}
	got = look(t, s, q)
	if len(got) != 1 || got[0].Type != bitext.FuzzyMatch {
		t.Fatalf("got %q", brief(got))
	}
	if p := bitext.CompareCodes(q.Source, got[0].Target); len(p) != 3 {
		t.Errorf("want one code lost and two added, got %v", p)
	}
}

func fuzzies(t *testing.T, s memory.Store) {
	add(t, s,
		entry("The minister resigned on Monday after the vote.", "Понедельник"),
		entry("The minister resigned on Tuesday after the vote.", "Вторник"),
		entry("A wholly different sentence about the weather.", "Погода"),
		entry("The  minister\tresigned on Friday after the vote.", "Пробелы"),
	)
	q := memory.Query{Source: bitext.Plain("The minister resigned on Sunday after the vote."), Fuzzy: 75}
	got := look(t, s, q)
	wantMatches(t, got, "fuzzy 95 Понедельник", "fuzzy 93 Пробелы", "fuzzy 93 Вторник")
	if len(got) > 0 && got[0].Source.Chars != "The minister resigned on Monday after the vote." {
		t.Errorf("source of the match: %q", got[0].Source.Chars)
	}
	q.Fuzzy = 94
	wantMatches(t, look(t, s, q), "fuzzy 95 Понедельник")
	q.Fuzzy = 0
	wantMatches(t, look(t, s, q))
	// Behind an exact match, and never at 100.
	q = memory.Query{Source: bitext.Plain("The minister resigned on Friday after the vote."), Fuzzy: 100}
	wantMatches(t, look(t, s, q), "fuzzy 99 Пробелы")
	q = memory.Query{Source: bitext.Plain("The minister resigned on Monday after the vote."), Fuzzy: 90, Limit: 2}
	wantMatches(t, look(t, s, q), "exact 100 Понедельник", "fuzzy 93 Пробелы")
}

func numbers(t *testing.T, s memory.Store) {
	add(t, s,
		entry("The court fined 12 firms in May.", "12"),
		entry("He paid 1,000 dollars for the old house.", "1000"),
	)
	for _, c := range []struct{ source, want string }{
		{"The court fined 13 firms in May.", "fuzzy 96 12 (number)"},
		{"The court fined 12 firms in June.", "fuzzy 87 12"},
		{"The court fined ١٢ firms in May.", "fuzzy 93 12"},
		{"He paid 1000 dollars for the old house.", "fuzzy 97 1000"},
		{"He paid 1,001 dollars for the old house.", "fuzzy 97 1000 (number)"},
		{"He paid dollars for the old house.", "fuzzy 85 1000 (number)"},
	} {
		wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain(c.source), Fuzzy: 75}), c.want)
	}
}

func fuzzyGrows(t *testing.T, s memory.Store) {
	q := memory.Query{Source: bitext.Plain("Parliament adopted the new budget late on Tuesday."), Fuzzy: 75}
	wantMatches(t, look(t, s, q))
	r := add(t, s, entry("Parliament adopted the new budget late on Monday.", "Понедельник"))
	wantMatches(t, look(t, s, q), "fuzzy 92 Понедельник")
	add(t, s, entry("Parliament adopted the new budget late on Thursday.", "Четверг"),
		entry("Parliament adopted the new budget early on Tuesday.", "Серб", target("sr")))
	wantMatches(t, look(t, s, q), "fuzzy 96 Четверг", "fuzzy 92 Понедельник")
	add(t, s, entry("Parliament adopted the new budget early on Tuesday.", "Рано"))
	wantMatches(t, look(t, s, q), "fuzzy 96 Четверг", "fuzzy 92 Рано", "fuzzy 92 Понедельник")
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	wantMatches(t, look(t, s, q), "fuzzy 96 Четверг", "fuzzy 92 Рано")
}

func locales(t *testing.T, s memory.Store) {
	add(t, s, entry("Hello", "Zdravo", target("sr-Latn")))
	for _, p := range [][2]string{{"en", "sr"}, {"en", "sr-latn"}, {"en-US", "sr-Latn"}, {"EN", "sr-Latn"}} {
		m, err := s.Lookup(ctx, p[0], p[1], []memory.Query{{Source: bitext.Plain("Hello"), Fuzzy: 50}})
		if err != nil || len(m) != 1 || len(m[0]) != 0 {
			t.Errorf("%v: %v, error %v", p, m, err)
		}
	}
	m, err := s.Lookup(ctx, "en", "sr-Latn", []memory.Query{{Source: bitext.Plain("Hello")}, {Source: bitext.Plain("Bye")}, {Source: bitext.Plain("Hello")}})
	if err != nil || len(m) != 3 || len(m[0]) != 1 || len(m[1]) != 0 || len(m[2]) != 1 {
		t.Errorf("three queries: %v, error %v", m, err)
	}
	if _, err := s.Add(ctx, memory.Batch{}, []bitext.Entry{entry("a", "b", target(""))}); err == nil {
		t.Error("an entry without a target locale was taken")
	}
}

func limits(t *testing.T, s memory.Store) {
	var es []bitext.Entry
	for i := range 200 {
		es = append(es, entry("Same", fmt.Sprint("перевод ", i), place(fmt.Sprint("p", i)), hour(i)))
	}
	add(t, s, es...)
	if got := look(t, s, memory.Query{Source: bitext.Plain("Same")}); len(got) != 5 || got[0].Target.Chars != "перевод 199" {
		t.Errorf("%q", brief(got))
	}
	// Not even an old one among many newer ones that agree goes unseen.
	es = es[:0]
	for i := range 200 {
		es = append(es, entry("Often", map[bool]string{true: "редко", false: "часто"}[i == 0], place(fmt.Sprint("p", i)), hour(i)))
	}
	add(t, s, es...)
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Often")}), "exact 100 часто (ambiguous)", "exact 100 редко (ambiguous)")
	if got := look(t, s, memory.Query{Source: bitext.Plain("Same"), Limit: 1, Place: "p3"}); len(got) != 1 || got[0].Target.Chars != "перевод 3" {
		t.Errorf("%q", brief(got))
	}
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

func history(t *testing.T, s memory.Store) {
	one := add(t, s, entry("One", "Один"), entry("Other", "Другое"))
	two := add(t, s, entry("One", "Раз", hour(1)))
	add(t, s, entry("One", "Ein", target("de")))
	three := add(t, s, entry("One", "Ван", by(bitext.FromEngine, "mt")))
	if _, err := s.Undo(ctx, two.Batch, memory.Batch{Time: at(3)}); err != nil {
		t.Fatal(err)
	}
	type line struct {
		Target  string
		Batch   int64
		Current bool
		Undone  bool
	}
	lines := func(f memory.Filter) []line {
		var out []line
		for _, v := range collect(t, s.History(ctx, f)) {
			out = append(out, line{v.Entry.Target.Chars, v.Batch, v.Current, v.Withdrawn != 0})
		}
		return out
	}
	en := []line{{"Один", one.Batch, true, false}, {"Раз", two.Batch, false, true}, {"Ван", three.Batch, false, false}}
	if d := cmp.Diff(en, lines(memory.Filter{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain("One")})); d != "" {
		t.Errorf("one text (-want +got):\n%s", d)
	}
	if got := lines(memory.Filter{Source: bitext.Plain("One")}); len(got) != 4 || got[0].Target != "Ein" {
		t.Errorf("one text, all targets: %v", got)
	}
	if got := lines(memory.Filter{}); len(got) != 5 {
		t.Errorf("all: %v", got)
	}
	if got := lines(memory.Filter{Former: true}); len(got) != 1 || got[0].Target != "Ван" {
		t.Errorf("former ones: %v", got)
	}
	if got := lines(memory.Filter{Batch: one.Batch}); len(got) != 2 {
		t.Errorf("a batch: %v", got)
	}
	if got := lines(memory.Filter{TargetLocale: "fr"}); len(got) != 0 {
		t.Errorf("no such target: %v", got)
	}
	for v, err := range s.History(ctx, memory.Filter{}) {
		if err != nil || v.Entry.Source.Chars != "One" || v.Entry.ID == 0 {
			t.Errorf("first version: %+v, error %v", v, err)
		}
		break
	}
}

func stats(t *testing.T, s memory.Store) {
	add(t, s, entry("One", "Один"), entry("Two", "Два", state(bitext.Final)), entry("Two", "Две", between("x", "y")), entry("One", "Ein", target("de")))
	b := add(t, s, entry("One", "Раз", hour(1)), entry("Three", "Три", by(bitext.FromEngine, "mt")))
	if _, err := s.Undo(ctx, b.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bytes <= 0 {
		t.Errorf("%d bytes", got.Bytes)
	}
	got.Bytes = 0
	want := memory.Stats{Texts: 3, Batches: 3, Pairs: []memory.PairStats{
		{SourceLocale: "en", TargetLocale: "de", Entries: 1, States: map[bitext.State]int{bitext.Translated: 1}, Origins: map[bitext.OriginKind]int{bitext.FromHuman: 1}},
		{SourceLocale: "en", TargetLocale: "ru", Entries: 3, Former: 2, States: map[bitext.State]int{bitext.Translated: 2, bitext.Final: 1}, Origins: map[bitext.OriginKind]int{bitext.FromHuman: 3}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
}

func search(t *testing.T, s memory.Store) {
	coded := entry("Read more here", "Читать далее", place("b.html#1"))
	coded.Source.Codes = []bitext.Code{{Pos: 7, Kind: bitext.Start, ID: "1"}, {Pos: 9, Kind: bitext.End, ID: "1"}}
	add(t, s, entry("The Minister of Finance resigned", "Министр финансов ушёл", place("a.html#1")),
		entry("The Minister of Finance resigned", "Министр финансов ушёл", place("a.html#2")),
		entry("Minister", "министр", hour(1)), entry("The ministers met", "Министры встретились"), coded,
		entry("Literal <1> and \\", "буквально"), entry("財務大臣が辞任した", "Министр ушёл", func(e *bitext.Entry) { e.SourceLocale = "ja" }),
		entry("The Minister of Finance resigned", "Der Finanzminister trat zurück", target("de")))
	find := func(q memory.Search) []string {
		t.Helper()
		found, err := s.Search(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range found {
			out = append(out, fmt.Sprint(f.Entry.Source.Chars, " = ", f.Entry.Target.Chars, " ", f.Uses, " ", f.Places))
			if f.Batch == 0 || f.Entry.ID == 0 {
				t.Errorf("%+v", f)
			}
		}
		if len(out) > 1 {
			slices.Sort(out[1:])
		}
		return out
	}
	const resigned = "The Minister of Finance resigned = Министр финансов ушёл 2 [a.html#1 a.html#2]"
	for _, c := range []struct {
		q    memory.Search
		want []string
	}{
		{memory.Search{Text: "minister", TargetLocale: "ru"}, []string{"Minister = министр 1 []", resigned, "The ministers met = Министры встретились 1 []"}},
		{memory.Search{Text: "minister", Words: true, TargetLocale: "ru"}, []string{"Minister = министр 1 []", resigned}},
		{memory.Search{Text: "FINANCE minister", Words: true, SourceLocale: "en", TargetLocale: "ru"}, []string{resigned}},
		{memory.Search{Text: "FINANCE minister", SourceLocale: "en"}, nil},
		{memory.Search{Text: "финанс"}, []string{resigned}},
		{memory.Search{Text: "МИНИСТР УШЁЛ"}, []string{"財務大臣が辞任した = Министр ушёл 1 []"}},
		{memory.Search{Text: "ministers", Side: memory.TargetSide}, nil},
		{memory.Search{Text: "встретились", Side: memory.SourceSide}, nil},
		{memory.Search{Text: "finanzminister"}, []string{"The Minister of Finance resigned = Der Finanzminister trat zurück 1 []"}},
		{memory.Search{Text: "read more"}, []string{"Read more here = Читать далее 1 [b.html#1]"}},
		{memory.Search{Text: "<1> and \\"}, []string{"Literal <1> and \\ = буквально 1 []"}},
		{memory.Search{Text: "大臣"}, []string{"財務大臣が辞任した = Министр ушёл 1 []"}},
		{memory.Search{Text: "臣"}, []string{"財務大臣が辞任した = Министр ушёл 1 []"}},
		{memory.Search{Text: "a.html"}, nil},
		{memory.Search{Text: ""}, nil},
		{memory.Search{Text: "...", Words: true}, nil},
	} {
		if d := cmp.Diff(c.want, find(c.q), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.q, d)
		}
	}
	if got := find(memory.Search{Text: "minister", Limit: 1, TargetLocale: "ru"}); len(got) != 1 || got[0] != "Minister = министр 1 []" {
		t.Errorf("limit 1: %q", got)
	}
	// What is replaced or undone is not found any more.
	r := add(t, s, entry("Minister", "Глава ведомства", hour(2)))
	if got := find(memory.Search{Text: "министр", Words: true, Side: memory.TargetSide, Limit: 1}); len(got) != 1 || got[0] == "Minister = министр 1 []" {
		t.Errorf("replaced: %q", got)
	}
	if got := find(memory.Search{Text: "ведомства"}); len(got) != 1 {
		t.Errorf("new: %q", got)
	}
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	if got := find(memory.Search{Text: "ведомства"}); len(got) != 0 {
		t.Errorf("undone: %q", got)
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

// Notes of a batch are withdrawn with it and come back with it; others stay.
func notes(t *testing.T, s memory.Store) {
	ns, ok := s.(memory.NoteStore)
	if !ok {
		t.Skip("it keeps no notes")
	}
	list := func(want ...string) {
		t.Helper()
		threads, err := ns.Notes(ctx, memory.NoteFilter{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range threads {
			line := n.Text
			for _, a := range n.Answers {
				line += " / " + a.Text
			}
			if n.Resolved {
				line += " (resolved)"
			}
			got = append(got, line)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("notes (-want +got):\n%s", d)
		}
	}
	own, err := ns.AddNote(ctx, memory.Note{Place: "a.md#p", TargetLocale: "ru", Text: "own", Time: start})
	if err != nil || own.UID == "" {
		t.Fatal(own, err)
	}
	with := add(t, s, entry("One", "Один")).Batch
	if got, err := ns.AddNotes(ctx, memory.Batch{ID: with, Time: start}, []memory.Note{{Place: "a.md", Text: "with"}}); err != nil || got != with {
		t.Fatal(got, err)
	}
	alone, err := ns.AddNotes(ctx, memory.Batch{Author: "boris", Time: start}, []memory.Note{{Place: "a.md", Text: "alone"}, {ReplyTo: own.UID, Text: "answer"}})
	if err != nil || alone == with {
		t.Fatal(alone, err)
	}
	if got, err := ns.AddNotes(ctx, memory.Batch{Time: start}, nil); err != nil || got != 0 {
		t.Errorf("no notes make batch %d, %v", got, err)
	}
	if _, err := ns.AddNotes(ctx, memory.Batch{ID: 1000, Time: start}, []memory.Note{{Text: "x"}}); !errors.Is(err, memory.ErrNoBatch) {
		t.Errorf("notes of no batch: %v", err)
	}
	if _, err := ns.AddNotes(ctx, memory.Batch{Time: start}, []memory.Note{{Text: "lost"}, {ReplyTo: "nobody", Text: "x"}}); !errors.Is(err, memory.ErrNoNote) {
		t.Errorf("an answer to nothing: %v", err)
	}
	list("own / answer", "with", "alone")
	undoing := func(batch int64) {
		t.Helper()
		if _, err := s.Undo(ctx, batch, memory.Batch{Author: "anna", Time: start}); err != nil {
			t.Fatal(err)
		}
	}
	undoing(alone)
	list("own", "with")
	undoing(with)
	list("own")
	if _, err := ns.AddNotes(ctx, memory.Batch{ID: with, Time: start}, []memory.Note{{Text: "late"}}); !errors.Is(err, memory.ErrUndone) {
		t.Errorf("notes of a batch that is undone: %v", err)
	}
	all, err := s.Batches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.Undoes == alone {
			undoing(b.ID)
		}
	}
	if _, err := ns.AddNote(ctx, memory.Note{Resolves: own.UID, Time: start}); err != nil {
		t.Fatal(err)
	}
	list("own / answer /  (resolved)", "alone")
}
