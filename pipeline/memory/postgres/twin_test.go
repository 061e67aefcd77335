package postgres_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/postgres/postgrestest"
	"hexapla/pipeline/memory/sqlite"
)

// fullStore is what both kinds of database can do.
type fullStore interface {
	memory.Store
	memory.NoteStore
	State(context.Context) (memory.State, error)
	ChangedSources(context.Context, memory.State) (map[int64]bool, bool, error)
}

// answers is everything that a memory answers, in a form that can be compared.
func answers(t *testing.T, s fullStore, r *rand.Rand) map[string]any {
	t.Helper()
	out := map[string]any{}
	note := func(name string, v any, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = v
	}
	var entries []bitext.Entry
	for e, err := range s.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	out["entries"] = entries
	var history []memory.Version
	for v, err := range s.History(t.Context(), memory.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		history = append(history, v)
	}
	out["history"] = history
	batches, err := s.Batches(t.Context())
	note("batches", batches, err)
	stats, err := s.Stats(t.Context())
	stats.Bytes = 0
	note("stats", stats, err)
	revision, err := s.Revision(t.Context())
	note("revision", revision, err)
	state, err := s.State(t.Context())
	note("state", state, err)
	var queries []memory.Query
	for i := range 12 {
		queries = append(queries, memory.Query{Source: text(i, r), Prev: key(r), Next: key(r), Place: place(r), Fuzzy: 60 * r.IntN(2), Limit: r.IntN(7)})
	}
	for _, locale := range []string{"ru", "de"} {
		matches, err := s.Lookup(t.Context(), "en", locale, queries)
		for i, m := range matches {
			// Of texts that are equally similar either may come first.
			for n := range m {
				if m[n].Type == bitext.FuzzyMatch {
					matches[i] = append(m[:n:n], bitext.Match{Type: bitext.FuzzyMatch, Score: m[n].Score})
					break
				}
			}
		}
		note("look-up "+locale, matches, err)
	}
	for _, q := range []memory.Search{{Text: "quick"}, {Text: "перевод 2"}, {Text: "fox very", Words: true}, {Text: "3", Side: memory.TargetSide, TargetLocale: "ru"}} {
		found, err := s.Search(t.Context(), q)
		for i := range found {
			found[i].Entry.ID, found[i].Entry.Origin.Entry = 0, 0
		}
		note(fmt.Sprintf("search %+v", q), len(found), err)
	}
	return out
}

func text(i int, r *rand.Rand) bitext.Text {
	t := bitext.Plain("The " + strings.Repeat("very ", i%6) + "quick brown fox jumps over the fence and the lazy dog of the neighbours")
	if r.IntN(4) == 0 {
		t.Codes = []bitext.Code{{Pos: 4, Kind: bitext.Start, ID: "b", Data: "<b>"}, {Pos: 9, Kind: bitext.End, ID: "b", Data: "</b>"}}
	}
	return t
}

func key(r *rand.Rand) string {
	return []string{"", "", "Before.", "The very quick brown fox jumps over the fence and the lazy dog of the neighbours"}[r.IntN(4)]
}

func place(r *rand.Rand) string { return []string{"", "a.html#1", "b.html#2"}[r.IntN(3)] }

// act does one random thing to a memory, the same for the same r.
func act(t *testing.T, s memory.Store, n int, r *rand.Rand) any {
	t.Helper()
	now := time.Unix(1.8e9+r.Int64N(5), 0)
	if r.IntN(4) == 0 {
		b, err := s.Batches(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(b) == 0 {
			return nil
		}
		n, err := s.Undo(t.Context(), b[r.IntN(len(b))].ID, memory.Batch{UID: fmt.Sprint("undo ", n), Author: "anna", Time: now})
		if err != nil {
			return "refused" // it is undone already
		}
		return n
	}
	kinds := []bitext.OriginKind{bitext.FromHuman, bitext.FromEngine, bitext.FromImport, bitext.FromImport, bitext.FromCatalog}
	o := memory.AddOptions{Force: r.IntN(4) == 0, KeepWithdrawn: r.IntN(4) == 0}
	if r.IntN(2) == 0 {
		o.BasedOn = 1 + r.Int64N(20)
	}
	result, err := s.AddWith(t.Context(), memory.Batch{UID: fmt.Sprint("add ", n), Author: "anna", Time: now}, o, func(yield func(bitext.Entry, error) bool) {
		for range 1 + r.IntN(30) {
			e := bitext.Entry{SourceLocale: "en", TargetLocale: []string{"ru", "de"}[r.IntN(2)], Source: text(r.IntN(6), r), Target: bitext.Plain(fmt.Sprint("перевод ", r.IntN(4))),
				State: bitext.State(1 + r.IntN(3)), Origin: bitext.Origin{Kind: kinds[r.IntN(len(kinds))], Name: "anna"}, Prev: key(r), Next: key(r), Place: place(r)}
			if r.IntN(3) == 0 {
				e.Origin.Time = now.Add(time.Duration(r.IntN(3)) * time.Second)
			}
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// A memory in a database answers as one in a file, whatever is done to both.
func TestAnswersAsFile(t *testing.T) {
	server := postgrestest.Start(t)
	for seed := range uint64(4) {
		file, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		base := open(t, server.Database(t))
		a, b := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 1))
		for n := range 25 {
			if d := cmp.Diff(act(t, file, n, a), act(t, base, n, b)); d != "" {
				t.Fatalf("seed %d, act %d (-file +database):\n%s", seed, n, d)
			}
		}
		if d := cmp.Diff(answers(t, file, a), answers(t, base, b), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("seed %d (-file +database):\n%s", seed, d)
		}
		fromFile, fromBase := copies(t, server, file), copies(t, server, base)
		if d := cmp.Diff(fromFile, fromBase); d != "" {
			t.Fatalf("seed %d, copied (-from the file +from the database):\n%s", seed, d)
		}
	}
}

// copies returns what an empty database has after it got everything from a memory, and
// a file that got it from that.
func copies(t *testing.T, server *postgrestest.Server, from recorded) (all []string) {
	t.Helper()
	base := open(t, server.Database(t))
	if _, err := base.Merge(t.Context(), from.Records(t.Context())); err != nil {
		t.Fatal(err)
	}
	file, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Merge(t.Context(), base.Records(t.Context()), nil); err != nil {
		t.Fatal(err)
	}
	want := images(t, from)
	for name, s := range map[string]recorded{"database": base, "file": file} {
		if d := cmp.Diff(want, images(t, s)); d != "" {
			t.Errorf("copied into a %s (-want +got):\n%s", name, d)
		}
	}
	if r, err := base.Merge(t.Context(), file.Records(t.Context())); err != nil || r.Added != 0 {
		t.Errorf("merged again: %+v, %v", r, err)
	}
	for e, err := range base.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(e.SourceLocale, e.TargetLocale, e.Source.Tagged(), e.Target.Tagged(), e.Place, e.Prev, e.Next, e.State, e.Origin.Kind))
	}
	return all
}

func images(t *testing.T, s recorded) (out []string) {
	t.Helper()
	for r, err := range s.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case r.Batch != nil:
			out = append(out, fmt.Sprintf("%+v", *r.Batch))
		case r.Note != nil:
			out = append(out, fmt.Sprintf("%+v", *r.Note))
		default:
			out = append(out, fmt.Sprintf("%x %s", r.Version.Checksum(), r.Version.Entry.Target.Chars))
		}
	}
	return out
}

// recorded is a memory that can be copied.
type recorded interface {
	Records(context.Context) iter.Seq2[memory.Record, error]
}
