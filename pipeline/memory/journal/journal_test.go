package journal_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/sqlite"
)

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func folder(t testing.TB, dir string) *os.Root {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func sync(t testing.TB, root *os.Root, s *sqlite.Store) (journal.Result, []diag.Diagnostic) {
	t.Helper()
	r, found, err := journal.Sync(context.Background(), root, "journal", s)
	if err != nil {
		t.Fatal(err)
	}
	return r, found
}

// files returns the text of all files of a journal.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = string(data)
	}
	return out
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// current returns what a memory has in use, in its order.
func current(t testing.TB, s *sqlite.Store) []string {
	t.Helper()
	var out []string
	for e, err := range s.Entries(context.Background(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		e.ID, e.Origin.Entry = 0, 0
		out = append(out, fmt.Sprintf("%+v", e))
	}
	threads, err := s.Notes(context.Background(), memory.NoteFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range threads {
		out = append(out, fmt.Sprintf("note %+v", n))
	}
	return out
}

func versions(t testing.TB, s *sqlite.Store) int {
	t.Helper()
	n := 0
	for _, err := range s.History(context.Background(), memory.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func entry(source, target string) bitext.Entry {
	return bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(source), Target: bitext.Plain(target), State: bitext.Translated,
		Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "anna", Time: time.Unix(1.8e9, 0).UTC()}}
}

func add(t testing.TB, s *sqlite.Store, author string, es ...bitext.Entry) int64 {
	t.Helper()
	r, err := s.Add(context.Background(), memory.Batch{Author: author, Time: time.Unix(1.8e9, 0)}, es)
	if err != nil {
		t.Fatal(err)
	}
	return r.Batch
}

// work does random things to a memory.
func work(t testing.TB, s *sqlite.Store, r *rand.Rand, person string, acts int) {
	t.Helper()
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for range acts {
		now := time.Unix(1.8e9+r.Int64N(5), 0)
		if r.IntN(4) == 0 {
			b, err := s.Batches(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if len(b) > 0 {
				s.Undo(context.Background(), b[r.IntN(len(b))].ID, memory.Batch{Author: person, Time: now}) // may be undone already
			}
			continue
		}
		if r.IntN(4) == 0 {
			note := memory.Note{Place: pick("a.md", "a.md#p/s1"), TargetLocale: pick("", "ru"), Author: person, Time: now, Priority: r.IntN(3), Text: fmt.Sprint(pick("note ", "<\xff>\n"), r.IntN(4))}
			threads, err := s.Notes(context.Background(), memory.NoteFilter{})
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case r.IntN(2) == 0:
				_, err = s.AddNotes(context.Background(), memory.Batch{Author: person, Time: now}, []memory.Note{note, note})
			case len(threads) > 0 && r.IntN(2) == 0:
				note.ReplyTo = threads[r.IntN(len(threads))].UID
				_, err = s.AddNote(context.Background(), note)
			case len(threads) > 0:
				note.Resolves = threads[r.IntN(len(threads))].UID
				_, err = s.AddNote(context.Background(), note)
			default:
				_, err = s.AddNote(context.Background(), note)
			}
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		var es []bitext.Entry
		for range 1 + r.IntN(5) {
			e := entry(fmt.Sprint("text ", r.IntN(5)), fmt.Sprint("перевод ", r.IntN(4)))
			e.TargetLocale = pick("ru", "ru", "sr-Latn", "x_y/../z")
			e.State, e.Origin.Kind = bitext.State(1+r.IntN(3)), bitext.OriginKind(pick("human", "engine", "import", "import", ""))
			e.Place, e.Prev, e.Next = pick("", "", "p <1>"), pick("", "before"), pick("", "after\u2028\xff")
			if r.IntN(3) == 0 {
				e.Target.Codes = []bitext.Code{{Pos: 0, Kind: bitext.Placeholder, ID: "1", Data: "<br class=\"\xff\">"}}
				e.Props = []bitext.Prop{{Name: "note", Value: "a\nb"}, {Name: `"`, Value: ""}}
			}
			if r.IntN(2) == 0 {
				e.Origin.Time = time.Time{}
			}
			es = append(es, e)
		}
		_, err := s.AddWith(context.Background(), memory.Batch{Author: person, Name: pick("", "named"), Note: pick("", "<note>\n"), Time: now}, memory.AddOptions{Force: r.IntN(4) == 0}, func(yield func(bitext.Entry, error) bool) {
			for _, e := range es {
				if !yield(e, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Journal → database → journal is the identity, and nothing is left to be done.
func TestIdentity(t *testing.T) {
	for seed := range uint64(8) {
		identityLaw(t, seed)
	}
}

func FuzzIdentity(f *testing.F) {
	f.Add(uint64(8))
	f.Fuzz(identityLaw)
}

func identityLaw(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	a := open(t, filepath.Join(dir, "a.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	if _, found := sync(t, root, a); len(found) > 0 {
		t.Fatal(found)
	}
	for range 4 {
		work(t, a, r, "anna", 3)
		sync(t, root, a)
	}
	if got, found := sync(t, root, a); got.Merged.Added+got.Written != 0 || len(found) > 0 {
		t.Errorf("nothing has changed, but %+v, %v", got, found)
	}
	b := open(t, filepath.Join(dir, "b.db"))
	if got, found := sync(t, root, b); got.Merged.Added != versions(t, a) || got.Written != 0 || len(found) > 0 {
		t.Errorf("rebuilt: %+v, %v", got, found)
	}
	if d := cmp.Diff(current(t, a), current(t, b)); d != "" {
		t.Fatalf("seed %d (-database +rebuilt):\n%s", seed, d)
	}
	again := filepath.Join(dir, "again")
	if err := journal.Export(t.Context(), folder(t, again), b.Records(t.Context())); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(files(t, filepath.Join(dir, "journal")), files(t, again)); d != "" {
		t.Fatalf("seed %d: files (-journal +again):\n%s", seed, d)
	}
}

// A memory that had entries before it had a journal gives them all.
func TestTurnOn(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	b := add(t, s, "anna", entry("One", "Один"), entry("Two", "Два"))
	add(t, s, "anna", entry("One", "Раз"))
	if _, err := s.Undo(t.Context(), b, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	root := folder(t, filepath.Join(dir, "journal"))
	if r, _ := sync(t, root, s); r.Written != 3+3 {
		t.Errorf("%+v, want 3 batches and 3 versions written", r)
	}
	// A file that is lost is written again, and the rest is not touched.
	before := files(t, filepath.Join(dir, "journal"))
	if err := os.Remove(filepath.Join(dir, "journal", "en_ru.jsonl")); err != nil {
		t.Fatal(err)
	}
	if r, _ := sync(t, root, s); r.Written != 3 {
		t.Errorf("%+v, want 3 versions written", r)
	}
	if d := cmp.Diff(before, files(t, filepath.Join(dir, "journal"))); d != "" {
		t.Errorf("files (-before +after):\n%s", d)
	}
	if err := os.Remove(filepath.Join(dir, "journal", "batches.jsonl")); err != nil {
		t.Fatal(err)
	}
	sync(t, root, s)
	if d := cmp.Diff(before, files(t, filepath.Join(dir, "journal"))); d != "" {
		t.Errorf("files (-before +after):\n%s", d)
	}
}
