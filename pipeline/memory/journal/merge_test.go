package journal_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/sqlite"
)

// Two people work on copies; whichever way their journals are merged, both get the
// same memory, their undos included.
func TestMergeEitherWay(t *testing.T) {
	for seed := range uint64(8) {
		mergeLaw(t, seed)
	}
}

func FuzzMergeEitherWay(f *testing.F) {
	f.Add(uint64(8))
	f.Fuzz(mergeLaw)
}

func mergeLaw(t *testing.T, seed uint64) {
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
