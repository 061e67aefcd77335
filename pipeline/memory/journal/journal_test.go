package journal_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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
}

// union merges two descendants of a text as git's union driver does, roughly.
func union(base, a, b string) string {
	out := a
	for _, line := range strings.SplitAfter(b, "\n") {
		if !strings.Contains(base, line) && !strings.Contains(out, line) {
			out += line
		}
	}
	return out
}

// Two people work on copies; whichever way their journals are merged, both get the
// same memory, their undos included.
func TestMergeEitherWay(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 2))
		dir := t.TempDir()
		path := func(name string) string { return filepath.Join(dir, name) }
		a := open(t, path("a.db"))
		rootA := folder(t, path("a"))
		sync(t, rootA, a)
		work(t, a, r, "anna", 4)
		sync(t, rootA, a)
		base := files(t, path("a"))
		rootB := folder(t, path("b"))
		for name, text := range base {
			write(t, filepath.Join(path("b"), name), text)
		}
		b := open(t, path("b.db"))
		sync(t, rootB, b)
		work(t, a, r, "anna", 5)
		work(t, b, r, "boris", 5)
		sync(t, rootA, a)
		sync(t, rootB, b)
		fromA, fromB := files(t, path("a")), files(t, path("b"))
		for name := range fromB {
			write(t, filepath.Join(path("a"), name), union(base[name], fromA[name], fromB[name]))
		}
		for name := range fromA {
			write(t, filepath.Join(path("b"), name), union(base[name], fromB[name], fromA[name]))
		}
		if _, found := sync(t, rootA, a); len(found) > 0 {
			t.Error(found)
		}
		sync(t, rootB, b)
		if d := cmp.Diff(current(t, a), current(t, b)); d != "" {
			t.Fatalf("seed %d (-anna +boris):\n%s", seed, d)
		}
		// A fresh clone, of lines in any order, twice.
		c := open(t, path("c.db"))
		rootC := folder(t, path("c"))
		for name, text := range files(t, path("a")) {
			lines := strings.SplitAfter(text, "\n")
			rest := append(slices.Clone(lines[1:]), lines[1:]...)
			r.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
			write(t, filepath.Join(path("c"), name), lines[0]+strings.Join(rest, ""))
		}
		if got, found := sync(t, rootC, c); len(found) > 0 || got.Written != 0 {
			t.Error(got, found)
		}
		if d := cmp.Diff(current(t, a), current(t, c)); d != "" {
			t.Fatalf("seed %d (-anna +clone):\n%s", seed, d)
		}
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
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

// Damaged files lose only what is damaged, and say so.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	sync(t, root, s)
	add(t, s, "anna", entry("One", "Один"), entry("Two", "Два"), entry("Three", "Три"))
	sync(t, root, s)
	sound := files(t, filepath.Join(dir, "journal"))["en_ru.jsonl"]
	lines := strings.SplitAfter(sound, "\n")
	more := make([]string, 21)
	for i := range more[:20] {
		more[i] = fmt.Sprintf("en_ru.jsonl:%d: not a line", i+2)
	}
	more[20] = "980 more lines with findings"
	sum := "the line does not fit its checksum: it has been edited or damaged"
	for _, c := range []struct {
		name  string
		text  string
		texts string   // what is left, in order of its recording
		found []string // all findings
	}{
		{"cut off", sound[:len(sound)-20], "One Two", []string{"en_ru.jsonl:4: the last line is not complete"}},
		{"cut off in the first version", sound[:len(lines[0])+30], "", []string{"en_ru.jsonl:2: the last line is not complete"}},
		{"cut off in the header", sound[:20], "", []string{"en_ru.jsonl:1: the last line is not complete"}},
		{"without the last line feed", sound[:len(sound)-1], "One Two Three", nil},
		{"edited", strings.Replace(sound, "Один", "Одна", 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another state", strings.Replace(sound, `"state":"translated"`, `"state":"final"`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another time", strings.Replace(sound, `"at":"20`, `"at":"21`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another batch", strings.Replace(sound, `"batch":"`, `"batch":"x`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another author", strings.Replace(sound, `"name":"anna"`, `"name":"boris"`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another pair of locales", strings.Replace(sound, `"target":"ru"`, `"target":"uk"`, 1), "", []string{":2: " + sum, ":3: " + sum, ":4: " + sum}},
		{"white space added", strings.Replace(sound, `,"state"`, ` , "state"`, 1), "One Two Three", nil},
		{"an unknown field", strings.Replace(sound, `,"state"`, `,"more":[1],"state"`, 1), "One Two Three", nil},
		{"a priority below all", strings.Replace(sound, `,"state"`, `,"priority":-1,"state"`, 1), "Two Three", []string{":2: " + sum}},
		{"a time that is none", strings.Replace(sound, `"at":"20`, `"at":"no`, 1), "Two Three", []string{`:2: not a line of a memory's journal: time`}},
		{"doubled", lines[0] + lines[1] + lines[1] + lines[2] + lines[3] + lines[0] + lines[1], "One Two Three", nil},
		{"out of order", lines[0] + lines[3] + lines[1] + lines[2], "One Two Three", nil},
		{"no header", lines[1] + lines[2] + lines[3], "", []string{"1: a version before", "2: a version before", "3: a version before"}},
		{"header in the middle", lines[1] + lines[0] + lines[2] + lines[3], "Two Three", []string{"1: a version before"}},
		{"merge markers", lines[0] + "<<<<<<< HEAD\n" + lines[1] + "=======\n" + lines[2] + ">>>>>>> other\n" + lines[3], "One Two Three",
			[]string{"2: a marker", "4: a marker", "6: a marker"}},
		{"merge markers with the base", lines[0] + "<<<<<<< HEAD\n" + lines[1] + "||||||| base\n" + lines[3] + "=======\n" + lines[2] + ">>>>>>> other\n", "One Two Three",
			[]string{"2: a marker", "4: a marker", "6: a marker", "8: a marker"}},
		{"an older version of the format", strings.Replace(sound, `"version":1`, `"version":0`, 1), "One Two Three", nil},
		{"another program's file", strings.Replace(sound, "hexapla memory", "another memory", 1), "", []string{"1: not a line", "2: a version before", "3: a version before", "4: a version before"}},
		{"rubbish", lines[0] + "\x00\xff\n[]\n{}\n{\"text\":1,\"translation\":2}\nnull\n" + strings.Join(lines[1:], ""), "One Two Three",
			[]string{"2: not a line", "3: not a line", "4: not a line", "5: not a line", "6: not a line"}},
		{"Windows line ends", "\ufeff" + strings.ReplaceAll(sound, "\n", "\r\n"), "One Two Three", nil},
		{"UTF-16", "\xff\xfe" + strings.Join(strings.Split(lines[0], ""), "\x00"), "", []string{"1: not a line"}},
		{"empty", "", "", nil},
		{"blank lines", "\n\n" + sound + "\n \n", "One Two Three", nil},
		{"codes out of range", lines[0] + strings.Replace(lines[1], `"state"`, `"translation_codes":[{"p":99,"i":"1"}],"state"`, 1) + lines[2], "Two", []string{"2: not a line"}},
		{"a deep line", lines[0] + strings.Repeat("{\"a\":", 20000) + "\n" + lines[1], "One", []string{"2: not a line"}},
		{"a deep version", lines[0] + `{"translation":` + strings.Repeat("[", 20000) + "\n" + lines[1], "One", []string{"2: not a line"}},
		{"many bad lines", lines[0] + strings.Repeat("x\n", 1000) + lines[1], "One", more},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			root := folder(t, filepath.Join(dir, "journal"))
			write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), c.text)
			s := open(t, filepath.Join(dir, "memory.db"))
			_, found := sync(t, root, s)
			var texts []string
			for v, err := range s.History(t.Context(), memory.Filter{}) {
				if err != nil {
					t.Fatal(err)
				}
				if texts = append(texts, v.Entry.Source.Chars); !v.Current || v.Entry.Target.Chars != map[string]string{"One": "Один", "Two": "Два", "Three": "Три"}[v.Entry.Source.Chars] {
					t.Errorf("version %+v", v)
				}
			}
			if got := strings.Join(texts, " "); got != c.texts {
				t.Errorf("texts %q, want %q", got, c.texts)
			}
			for i, f := range found {
				if i >= len(c.found) || !strings.Contains(f.Error(), c.found[i]) {
					t.Errorf("finding %v", f)
				}
			}
			if len(found) != len(c.found) {
				t.Errorf("%d findings, want %d", len(found), len(c.found))
			}
			if _, again, err := journal.Check(t.Context(), root, "journal", s); err != nil || cmp.Diff(found, again) != "" {
				t.Errorf("checked: %v, %s", err, cmp.Diff(found, again))
			}
			// New work is appended, and what is there stays.
			add(t, s, "boris", entry("Four", "Четыре"))
			if r, _ := sync(t, root, s); r.Written != 2 {
				t.Errorf("%+v", r)
			}
			after := files(t, filepath.Join(dir, "journal"))["en_ru.jsonl"]
			if !strings.HasPrefix(after, strings.TrimSuffix(c.text, "\n")) {
				t.Errorf("the file was %q, and is %q", c.text, after)
			}
			fresh := open(t, filepath.Join(dir, "fresh.db"))
			sync(t, root, fresh)
			if d := cmp.Diff(current(t, s), current(t, fresh)); d != "" {
				t.Errorf("rebuilt (-database +rebuilt):\n%s", d)
			}
		})
	}
}

// Lines that were removed from the files are found, and can be written again.
func TestRemovedLines(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	sync(t, root, s)
	batch := add(t, s, "anna", entry("One", "Один"), entry("Two", "Два"))
	add(t, s, "boris", entry("One", "Раз"), entry("Three", "Три"))
	if _, err := s.Undo(t.Context(), batch, memory.Batch{Author: "anna", Time: time.Unix(1.8e9, 0)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddNote(t.Context(), memory.Note{Place: "a.md", Text: "Which?", Time: time.Unix(1.8e9, 0)}); err != nil {
		t.Fatal(err)
	}
	sync(t, root, s)
	add(t, s, "anna", entry("Five", "Пять")) // pending: not missing
	before := files(t, filepath.Join(dir, "journal"))
	if lost, found, err := journal.Check(t.Context(), root, "journal", s); err != nil || lost.Len() > 0 || len(found) > 0 {
		t.Fatal(lost, found, err)
	}
	sorted := func(text string) []string {
		lines := strings.SplitAfter(text, "\n")
		slices.Sort(lines)
		return lines
	}
	for name, text := range before {
		lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
		for i := 1; i < len(lines); i++ {
			write(t, filepath.Join(dir, "journal", name), strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
			lost, found, err := journal.Check(t.Context(), root, "journal", s)
			if err != nil || lost.Len() != 1 || len(found) != 1 || found[0].ID != "journal.missing" || found[0].Place.Path != "journal/"+name {
				t.Fatalf("%s without line %d: %v, %v, %v", name, i+1, lost, found, err)
			}
			// On a copy, so that what is pending stays so.
			again := t.TempDir()
			for n, text := range files(t, filepath.Join(dir, "journal")) {
				write(t, filepath.Join(again, n), text)
			}
			c := open(t, filepath.Join(t.TempDir(), "copy.db"))
			if _, err := c.Merge(t.Context(), s.Records(t.Context()), nil); err != nil {
				t.Fatal(err)
			}
			copied := folder(t, again)
			sync(t, copied, c)
			if err := c.SetPending(t.Context(), lost); err != nil {
				t.Fatal(err)
			}
			if r, _ := sync(t, copied, c); r.Written > 1 {
				t.Errorf("%s without line %d: %+v", name, i+1, r)
			}
			if lost, found, err := journal.Check(t.Context(), copied, "journal", c); err != nil || lost.Len() > 0 || len(found) > 0 {
				t.Errorf("%s without line %d, restored: %v, %v, %v", name, i+1, lost, found, err)
			}
			// All lines are there again.
			now := files(t, again)
			for _, line := range sorted(text) {
				if !strings.Contains(now[name], strings.TrimSuffix(line, "\n")) {
					t.Errorf("%s without line %d: %q was not restored", name, i+1, line)
				}
			}
		}
		write(t, filepath.Join(dir, "journal", name), text)
	}
}

func TestRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"another version", `{"journal":"hexapla memory","version":2,"source":"en","target":"ru"}` + "\n", "newer Hexapla"},
	} {
		dir := t.TempDir()
		root := folder(t, filepath.Join(dir, "journal"))
		write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), c.text)
		s := open(t, filepath.Join(dir, "memory.db"))
		add(t, s, "anna", entry("One", "Один"))
		_, _, err := journal.Sync(t.Context(), root, "journal", s)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := files(t, filepath.Join(dir, "journal")); len(got) != 1 || got["en_ru.jsonl"] != c.text {
			t.Errorf("%s: files %q", c.name, got)
		}
	}
	dir := t.TempDir()
	root := folder(t, dir)
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "en_ru.jsonl")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := journal.Sync(t.Context(), root, "journal", open(t, filepath.Join(t.TempDir(), "memory.db"))); err == nil {
		t.Error("a link out of the folder was followed")
	}
}

// What a process had written when it was killed is there once.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	sync(t, root, s)
	add(t, s, "anna", entry("One", "Один"))
	sync(t, root, s)
	before := files(t, filepath.Join(dir, "journal"))
	add(t, s, "anna", entry("Two", "Два"), entry("Three", "Три"))
	data, err := os.ReadFile(filepath.Join(dir, "memory.db"))
	if err != nil {
		t.Fatal(err)
	}
	wal, _ := os.ReadFile(filepath.Join(dir, "memory.db-wal"))
	sync(t, root, s)
	after := files(t, filepath.Join(dir, "journal"))
	for _, cut := range []int{1, 30, len(after["en_ru.jsonl"]) - len(before["en_ru.jsonl"]) - 1} {
		for _, batches := range []bool{true, false} {
			dir := t.TempDir()
			root := folder(t, filepath.Join(dir, "journal"))
			write(t, filepath.Join(dir, "memory.db"), string(data))
			write(t, filepath.Join(dir, "memory.db-wal"), string(wal))
			write(t, filepath.Join(dir, "journal", "batches.jsonl"), map[bool]string{true: after["batches.jsonl"], false: before["batches.jsonl"]}[batches])
			write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), after["en_ru.jsonl"][:len(before["en_ru.jsonl"])+cut])
			s := open(t, filepath.Join(dir, "memory.db"))
			sync(t, root, s)
			got := files(t, filepath.Join(dir, "journal"))
			got["en_ru.jsonl"] = strings.TrimSuffix(got["en_ru.jsonl"], "\n") + "\n" // the last line feed may come with the next line
			if d := cmp.Diff(after, got); d != "" {
				t.Errorf("cut after %d bytes (-want +got):\n%s", cut, d)
			}
		}
	}
}

// Two branches and a real git, merged in either direction: no conflict, nothing lost,
// the same memory. Undos, edits of one text by two people, and notes meet.
func TestGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	for seed := range uint64(2) {
		gitMerges(t, seed)
	}
}

// gitMerges has two people work on branches, which are merged in both directions.
func gitMerges(t *testing.T, seed uint64) {
	t.Helper()
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	git("init", "-q")
	root := folder(t, filepath.Join(dir, "journal"))
	write(t, filepath.Join(dir, "journal", ".gitattributes"), journal.Attributes)
	write(t, filepath.Join(dir, ".gitignore"), "*.db*\n")
	open1 := func(name string) *sqlite.Store { return open(t, filepath.Join(dir, name+".db")) }
	commit := func(name string) {
		git("add", ".")
		git("commit", "-qm", name)
	}
	base := open1("base")
	sync(t, root, base)
	add(t, base, "anna", entry("One", "Адын"), entry("Two", "Два"))
	first, err := base.AddNote(t.Context(), memory.Note{Place: "a.md", Author: "anna", Text: "Which one?", Time: time.Unix(1.8e9, 0)})
	if err != nil {
		t.Fatal(err)
	}
	work(t, base, rand.New(rand.NewPCG(seed, 10)), "anna", 3)
	sync(t, root, base)
	commit("base")
	people := []string{"anna", "boris"}
	stores := map[string]*sqlite.Store{}
	for i, name := range people {
		git("checkout", "-q", "-b", name, "main")
		s := open1(name)
		stores[name] = s
		sync(t, root, s)
		if name == "boris" {
			b, err := s.Batches(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, batch := range b {
				if batch.Undoes == 0 && batch.Undone == 0 {
					if _, err := s.Undo(t.Context(), batch.ID, memory.Batch{Author: "boris"}); err != nil {
						t.Fatal(err)
					}
					break
				}
			}
			if _, err := s.AddNote(t.Context(), memory.Note{ReplyTo: first.UID, Author: "boris", Text: "The first", Time: time.Unix(1.8e9, 0)}); err != nil {
				t.Fatal(err)
			}
		}
		add(t, s, name, entry("One", name+"'s"), entry("Only "+name+"'s", "да"))
		german := entry("One", "Eins, "+name)
		german.TargetLocale = "de"
		add(t, s, name, german)
		work(t, s, rand.New(rand.NewPCG(seed, uint64(20+i))), name, 4)
		sync(t, root, s)
		commit(name)
	}
	var merged [][]string
	for i, into := range people {
		other := people[1-i]
		git("checkout", "-q", "--detach", into)
		git("merge", "-q", "-m", "merge", other)
		clone := open1("clone of " + into)
		for _, s := range []*sqlite.Store{clone, stores[into], stores[other]} {
			if r, found := sync(t, root, s); len(found) > 0 || r.Written != 0 {
				t.Errorf("%+v, %v", r, found)
			}
			merged = append(merged, current(t, s))
		}
		if out := git("status", "--porcelain"); out != "" {
			t.Errorf("git status: %s", out)
		}
	}
	for i := range merged {
		if d := cmp.Diff(merged[0], merged[i]); d != "" {
			t.Errorf("seed %d, memory %d (-first +this):\n%s", seed, i, d)
		}
	}
	text := strings.Join(merged[0], "\n")
	for _, word := range []string{"Only anna's", "Only boris's", "Eins, ", "The first"} {
		if !strings.Contains(text, word) {
			t.Errorf("%q is lost", word)
		}
	}
}

// FuzzJournal reads any file: no panic, and what it understood is written again and
// read again alike.
func FuzzJournal(f *testing.F) {
	dir := f.TempDir()
	s := open(f, filepath.Join(dir, "memory.db"))
	root := folder(f, filepath.Join(dir, "journal"))
	sync(f, root, s)
	e := entry("One <1>", "Один")
	e.Target.Codes = []bitext.Code{{Pos: 2, Kind: bitext.Placeholder, ID: "1", Data: "<br>"}}
	e.Props = []bitext.Prop{{Name: "a", Value: "b"}}
	b := add(f, s, "anna", e, entry("Two", "Два"))
	if _, err := s.Undo(f.Context(), b, memory.Batch{}); err != nil {
		f.Fatal(err)
	}
	sync(f, root, s)
	for _, text := range slices.Sorted(maps.Values(files(f, filepath.Join(dir, "journal")))) {
		f.Add([]byte(text))
		f.Add([]byte(text[:len(text)/2]))
	}
	f.Add([]byte("<<<<<<< a\n{}\n=======\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "journal"), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), string(data))
		root := folder(t, filepath.Join(dir, "journal"))
		s := open(t, filepath.Join(dir, "a.db"))
		if _, _, err := journal.Sync(t.Context(), root, "journal", s); err != nil {
			return // another version
		}
		again := folder(t, filepath.Join(dir, "again"))
		if err := journal.Export(t.Context(), again, s.Records(t.Context())); err != nil {
			t.Fatal(err)
		}
		b := open(t, filepath.Join(dir, "b.db"))
		if _, found := sync(t, again, b); len(found) > 0 {
			t.Errorf("of what was written: %v", found)
		}
		if d := cmp.Diff(current(t, s), current(t, b)); d != "" {
			t.Errorf("-first +second:\n%s", d)
		}
	})
}

// BenchmarkRebuild makes the database from a journal. BenchmarkUnchanged finds out
// that there is nothing to do.
func benchmarkJournal(b *testing.B, n int) (dir string, root *os.Root) {
	b.Helper()
	dir = b.TempDir()
	root = folder(b, filepath.Join(dir, "journal"))
	s := open(b, filepath.Join(dir, "memory.db"))
	sync(b, root, s)
	words := strings.Fields("the government said on Friday that new rules for buildings and taxes will come into force next year after a long debate in parliament")
	_, err := s.AddAll(context.Background(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		r := rand.New(rand.NewPCG(1, 1))
		prev := ""
		for i := range n {
			var text bytes.Buffer
			for range 8 + r.IntN(10) {
				text.WriteString(words[r.IntN(len(words))] + " ")
			}
			fmt.Fprint(&text, i)
			e := entry(text.String(), "Правительство заявило: "+text.String())
			e.Prev, e.Place = prev, fmt.Sprintf("articles/%d.html#p-%d", i/50, i%50)
			prev = e.Source.Key()
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	sync(b, root, s)
	return dir, root
}

var benchmarkSizes = func() []int {
	if os.Getenv("HEXAPLA_BENCH_LARGE") != "" {
		return []int{20_000, 1_000_000}
	}
	return []int{20_000}
}()

func BenchmarkJournal(b *testing.B) {
	for _, n := range benchmarkSizes {
		dir, root := benchmarkJournal(b, n)
		b.Run(fmt.Sprint("rebuild/", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				path := filepath.Join(b.TempDir(), fmt.Sprint(i, ".db"))
				s := open(b, path)
				if r, _ := sync(b, root, s); r.Merged.Added != n {
					b.Fatal(r)
				}
				s.Close()
			}
			b.ReportMetric(float64(i*n)/b.Elapsed().Seconds(), "entries/s")
		})
		b.Run(fmt.Sprint("unchanged/", n), func(b *testing.B) {
			for b.Loop() {
				s, err := sqlite.Open(context.Background(), filepath.Join(dir, "memory.db"), sqlite.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if r, _ := sync(b, root, s); r.Merged.Added+r.Written != 0 {
					b.Fatal(r)
				}
				s.Close()
			}
		})
		b.Run(fmt.Sprint("append/", n), func(b *testing.B) {
			s := open(b, filepath.Join(dir, "memory.db"))
			i := 0
			for b.Loop() {
				i++
				add(b, s, "anna", entry(fmt.Sprint("appended ", i), "добавлено"))
				sync(b, root, s)
			}
		})
		b.Run(fmt.Sprint("pulled/", n), func(b *testing.B) {
			// Another clone's lines came at the end.
			path := filepath.Join(dir, "journal", "en_ru.jsonl")
			other := open(b, filepath.Join(b.TempDir(), "other.db"))
			otherDir := b.TempDir()
			otherRoot := folder(b, otherDir)
			sync(b, otherRoot, other)
			s := open(b, filepath.Join(dir, "memory.db"))
			i := 0
			for b.Loop() {
				i++
				add(b, other, "boris", entry(fmt.Sprint("pulled ", i), "получено"))
				sync(b, otherRoot, other)
				text := files(b, otherDir)["en_ru.jsonl"]
				lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
				f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					b.Fatal(err)
				}
				f.WriteString(lines[len(lines)-1] + "\n")
				f.Close()
				if r, _ := sync(b, root, s); r.Merged.Added != 1 {
					b.Fatal(r)
				}
			}
		})
	}
}
