package memorytest

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

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

func look(t *testing.T, s memory.Store, q memory.Query) []bitext.Match {
	t.Helper()
	m, err := s.Lookup(ctx, "en", "ru", []memory.Query{q})
	if err != nil {
		t.Fatal(err)
	}
	if len(m) != 1 {
		t.Fatalf("%d answers to one query", len(m))
	}
	if r, ok := s.(memory.TargetsReader); ok && q.Fuzzy == 0 {
		wantTargets(t, r, q, m[0])
	}
	return m[0]
}

// wantTargets asks for several target locales and fails if the answer is not that of
// Lookup.
func wantTargets(t *testing.T, r memory.TargetsReader, q memory.Query, want []bitext.Match) {
	t.Helper()
	targets := []string{"x-none", "ru", "tlh"}
	all, err := r.LookupTargets(ctx, "en", targets, []memory.Query{{Source: bitext.Plain("is in no memory")}, q})
	if err != nil {
		t.Fatal(err)
	}
	for i, target := range targets {
		if len(all[i]) != 2 || len(all[i][0]) > 0 || target != "ru" && len(all[i][1]) > 0 {
			t.Errorf("matches for %s: %v", target, all[i])
		}
	}
	if d := cmp.Diff(want, all[1][1], cmpopts.EquateEmpty()); d != "" {
		t.Errorf("asked for several targets (-alone +together):\n%s", d)
	}
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
