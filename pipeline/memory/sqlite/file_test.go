package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

func pairOf(source, target string) bitext.Entry {
	return bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(source), Target: bitext.Plain(target),
		State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "anna"}}
}

// numbered makes n entries, told apart by a name.
func numbered(name string, n int) []bitext.Entry {
	out := make([]bitext.Entry, n)
	for i := range out {
		out[i] = pairOf(fmt.Sprintf("Sentence %d of %s.", i, name), fmt.Sprintf("Предложение %d: %s.", i, name))
		out[i].Prev, out[i].Next = fmt.Sprintf("Sentence %d of %s.", i-1, name), fmt.Sprintf("Sentence %d of %s.", i+1, name)
	}
	return out
}

func count(t testing.TB, s *sqlite.Store) int {
	t.Helper()
	n := 0
	for _, err := range s.Entries(context.Background(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// raw opens the file as SQLite's own tools would.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t testing.TB, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func sound(t testing.TB, path string) {
	t.Helper()
	db := raw(t, path)
	defer db.Close()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %q, %v", verdict, err)
	}
}

func TestOpenMakesFoldersAndKeepsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "a?b#c%20 d'é&x=1.db")
	s := open(t, path)
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 10)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 || files[0].Name() != filepath.Base(path) {
		t.Errorf("files %v, error %v; want the memory alone, its log folded in", files, err)
	}
	if n := count(t, open(t, path)); n != 10 {
		t.Errorf("%d entries, want 10", n)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		want error
	}{
		{"text", func(t *testing.T, path string) { write(t, path, strings.Repeat("not a database\n", 1000)) }, memory.ErrNotMemory},
		{"a few bytes", func(t *testing.T, path string) { write(t, path, "x") }, memory.ErrNotMemory},
		{"a header only", func(t *testing.T, path string) { write(t, path, "SQLite format 3\x00") }, memory.ErrNotMemory},
		{"a header and rubbish", func(t *testing.T, path string) {
			write(t, path, "SQLite format 3\x00"+strings.Repeat("rubbish ", 1000))
		}, memory.ErrNotMemory},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}, memory.ErrNotMemory},
		{"another program's database", func(t *testing.T, path string) {
			db := raw(t, path)
			run(t, db, "CREATE TABLE entry (id INTEGER)")
			db.Close()
		}, memory.ErrNotMemory},
		{"another program's empty database", func(t *testing.T, path string) {
			db := raw(t, path)
			run(t, db, "PRAGMA application_id = 7")
			db.Close()
		}, memory.ErrNotMemory},
		{"cut off", func(t *testing.T, path string) {
			s := open(t, path)
			if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 2000)); err != nil {
				t.Fatal(err)
			}
			s.Close()
			if err := os.Truncate(path, 3*4096+100); err != nil {
				t.Fatal(err)
			}
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "memory.db")
			c.make(t, path)
			before, _ := os.ReadFile(path)
			for _, readOnly := range []bool{true, false} {
				s, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: readOnly})
				if err == nil && c.want == nil { // found out later, by using it
					_, err = s.Stats(t.Context())
					s.Close()
					if !errors.Is(err, memory.ErrDamaged) {
						t.Errorf("read only %v: error %v, want %v", readOnly, err, memory.ErrDamaged)
					}
					continue
				}
				if want := c.want; want == nil && !errors.Is(err, memory.ErrDamaged) || want != nil && !errors.Is(err, want) {
					t.Errorf("read only %v: error %v, want %v", readOnly, err, want)
				}
				if err != nil && !strings.Contains(err.Error(), path) {
					t.Errorf("error %v does not name the file", err)
				}
			}
			after, _ := os.ReadFile(path)
			if string(before) != string(after) {
				t.Error("the file was changed")
			}
		})
	}
}

func write(t testing.TB, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestOpenNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	s := open(t, path)
	s.Close()
	db := raw(t, path)
	run(t, db, "PRAGMA user_version = 9")
	db.Close()
	before, _ := os.ReadFile(path)
	for _, readOnly := range []bool{true, false} {
		_, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: readOnly})
		var newer *memory.NewerError
		if !errors.As(err, &newer) || newer.Have != 9 || newer.Want != 2 || newer.Path != path {
			t.Errorf("error %v", err)
		}
	}
	if after, _ := os.ReadFile(path); string(before) != string(after) {
		t.Error("the file was changed")
	}
}

func TestOpenEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	write(t, path, "")
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true}); !errors.Is(err, memory.ErrNotMemory) {
		t.Errorf("read only: %v", err)
	}
	s := open(t, path)
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 1)); err != nil {
		t.Error(err)
	}
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "memory.db")
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	s := open(t, path)
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 10)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	before, _ := os.ReadFile(path)
	r, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: bitext.Plain("Sentence 3 of x."), Fuzzy: 75}})
	if err != nil || len(m[0]) < 2 || m[0][0].Type != bitext.ExactMatch {
		t.Errorf("%v, error %v", m, err)
	}
	if _, err := r.Add(t.Context(), memory.Batch{}, numbered("y", 1)); !errors.Is(err, memory.ErrReadOnly) {
		t.Errorf("Add: %v", err)
	}
	if _, err := r.Undo(t.Context(), 1, memory.Batch{}); !errors.Is(err, memory.ErrReadOnly) {
		t.Errorf("Undo: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if after, _ := os.ReadFile(path); string(before) != string(after) {
		t.Error("the file was changed")
	}
}

// A folder that may not be written, such as a CD or another user's.
func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := filepath.Join(t.TempDir(), "locked")
	path := filepath.Join(dir, "memory.db")
	s := open(t, path)
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 10)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	r, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n := count(t, r); n != 10 {
		t.Errorf("%d entries, want 10", n)
	}
}

// One that reads sees what another writes meanwhile, and hinders nobody.
func TestReaderBesideWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	w := open(t, path)
	r, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	q := []memory.Query{{Source: bitext.Plain("Sentence 3 of y."), Fuzzy: 90}}
	for i, name := range []string{"x", "y"} {
		if _, err := w.Add(t.Context(), memory.Batch{}, numbered(name, 10)); err != nil {
			t.Fatal(err)
		}
		m, err := r.Lookup(t.Context(), "en", "ru", q)
		if err != nil || len(m[0]) == 0 || m[0][0].Type != []bitext.MatchType{bitext.FuzzyMatch, bitext.ExactMatch}[i] {
			t.Errorf("%v, error %v", m, err)
		}
	}
}

func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Wait: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 5)); err != nil {
		t.Fatal(err)
	}
	other := raw(t, path)
	run(t, other, "BEGIN IMMEDIATE")
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("y", 5)); !errors.Is(err, memory.ErrBusy) {
		t.Errorf("Add beside a writer: %v", err)
	}
	if n := count(t, s); n != 5 {
		t.Errorf("reading beside a writer: %d entries", n)
	}
	// A cancelled call does not wait.
	long, err := sqlite.Open(t.Context(), path, sqlite.Options{Wait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer long.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := long.Add(ctx, memory.Batch{}, numbered("y", 5)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled Add: %v", err)
	}
	// One that waits long enough goes on.
	done := make(chan error)
	go func() {
		_, err := long.Add(t.Context(), memory.Batch{}, numbered("y", 5))
		done <- err
	}()
	run(t, other, "COMMIT")
	if err := <-done; err != nil {
		t.Errorf("Add after a writer: %v", err)
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	open(t, path).Close()
	other := raw(t, path)
	run(t, other, "PRAGMA locking_mode = EXCLUSIVE")
	run(t, other, "BEGIN EXCLUSIVE")
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{Wait: 200 * time.Millisecond})
	if !errors.Is(err, memory.ErrBusy) {
		t.Errorf("error %v, want %v", err, memory.ErrBusy)
	}
	run(t, other, "COMMIT")
	other.Close()
	if n := count(t, open(t, path)); n != 0 {
		t.Errorf("%d entries", n)
	}
}

// Tests that need another process start this test's own binary; the variable says
// what it is to do.
const childVariable = "HEXAPLA_MEMORY_TEST_CHILD"

func TestMain(m *testing.M) {
	if task := os.Getenv(childVariable); task != "" {
		if err := child(strings.Fields(task)); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child adds to a memory: "many PATH NAME N" N times ten entries, "endless PATH"
// one batch without end. It prints a line after each act. "translate PATH NAME"
// translates twenty sentences after it has read the memory and a line from standard
// input, and prints how many conflicts it was told of.
func child(task []string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, task[1], sqlite.Options{Wait: time.Minute})
	if err != nil {
		return err
	}
	defer s.Close()
	if task[0] == "many" {
		n, err := strconv.Atoi(task[3])
		if err != nil {
			return err
		}
		for i := range n {
			if _, err := s.Add(ctx, memory.Batch{}, numbered(fmt.Sprint(task[2], i), 10)); err != nil {
				return err
			}
			fmt.Println(i)
		}
		return nil
	}
	if task[0] == "translate" {
		revision, err := s.Revision(ctx)
		if err != nil {
			return err
		}
		fmt.Println("ready")
		if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
			return err
		}
		r, err := s.AddWith(ctx, memory.Batch{Author: task[2]}, memory.AddOptions{BasedOn: revision}, func(yield func(bitext.Entry, error) bool) {
			for i := range 20 {
				e := pairOf(fmt.Sprint("Shared sentence ", i), fmt.Sprint("Перевод ", task[2], " ", i))
				e.Origin.Name = task[2]
				if !yield(e, nil) {
					return
				}
			}
		})
		fmt.Println(r.Added, r.Conflicting, len(r.Conflicts))
		return err
	}
	_, err = s.AddAll(ctx, memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		for i := 0; ; i++ {
			for _, e := range numbered(fmt.Sprint("endless", i), 1000) {
				if !yield(e, nil) {
					return
				}
			}
			fmt.Println(i)
		}
	})
	return err
}

func startChild(t *testing.T, task ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+strings.Join(task, " "))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out)
}

func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	// They make the file together, too.
	a, outA := startChild(t, "many", path, "a", "30")
	b, outB := startChild(t, "many", path, "b", "30")
	for outA.Scan() {
	}
	for outB.Scan() {
	}
	if err := errors.Join(a.Wait(), b.Wait()); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if n := count(t, s); n != 600 {
		t.Errorf("%d entries, want 600", n)
	}
	batches, err := s.Batches(t.Context())
	if err != nil || len(batches) != 60 {
		t.Errorf("%d batches, error %v", len(batches), err)
	}
	ids := map[int64]bool{}
	for v, err := range s.History(t.Context(), memory.Filter{}) {
		if err != nil || ids[v.Entry.ID] {
			t.Fatalf("version %d twice, or error %v", v.Entry.ID, err)
		}
		ids[v.Entry.ID] = true
	}
	s.Close()
	sound(t, path)
}

// Many people import different translations of the same sentences at once. What was
// acknowledged is there, and all but the first are told of the conflicts.
func TestSameSentencesAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	open(t, path).Close()
	const people = 6
	type person struct {
		cmd *exec.Cmd
		out *bufio.Scanner
		in  io.WriteCloser
	}
	var all []person
	for i := range people {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=translate %s person%d", childVariable, path, i))
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		all = append(all, person{cmd, bufio.NewScanner(out), in})
	}
	for _, p := range all {
		if !p.out.Scan() || p.out.Text() != "ready" {
			t.Fatalf("a child says %q", p.out.Text())
		}
	}
	for _, p := range all {
		fmt.Fprintln(p.in)
	}
	added, told := 0, 0
	for _, p := range all {
		var n, conflicting, described int
		if !p.out.Scan() {
			t.Fatal("a child says nothing")
		}
		if _, err := fmt.Sscan(p.out.Text(), &n, &conflicting, &described); err != nil || described != conflicting {
			t.Errorf("a child says %q, error %v", p.out.Text(), err)
		}
		added, told = added+n, told+conflicting
		if err := p.cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if added != 20*people || told != 20*(people-1) {
		t.Errorf("%d added, %d conflicts told; want %d and %d", added, told, 20*people, 20*(people-1))
	}
	found := 0
	s := open(t, path)
	for _, err := range s.History(t.Context(), memory.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		found++
	}
	if found != added || count(t, s) != 20 {
		t.Errorf("%d versions found of %d, %d entries", found, added, count(t, s))
	}
}

func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	s := open(t, path)
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("before", 50)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	// In the middle of a transaction that has outgrown the cache.
	for _, acts := range []int{1, 20, 60} {
		cmd, out := startChild(t, "endless", path)
		for range acts {
			if !out.Scan() {
				t.Fatal("the child ended")
			}
		}
		cmd.Process.Kill()
		cmd.Wait()
		sound(t, path)
		s := open(t, path)
		if n := count(t, s); n != 50 {
			t.Errorf("%d entries after a killed Add, want the 50 from before", n)
		}
		if m, err := s.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: bitext.Plain("Sentence 1 of endless0.")}}); err != nil || len(m[0]) > 0 {
			t.Errorf("look-up after a killed Add: %v, %v", m, err)
		}
		s.Close()
	}
	// Anywhere among many short ones: what was said to be stored is stored.
	for round := range 5 {
		name := fmt.Sprint("round", round)
		cmd, out := startChild(t, "many", path, name, "1000")
		told := 0
		for told < 3+7*round && out.Scan() {
			told++
		}
		cmd.Process.Kill()
		for out.Scan() {
			told++
		}
		cmd.Wait()
		s := open(t, path)
		n := 0
		for e, err := range s.Entries(t.Context(), "", "") {
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(e.Source.Chars, " of "+name) {
				n++
			}
		}
		if n%10 != 0 || n < 10*told {
			t.Errorf("%d entries after %d Adds of ten were told", n, told)
		}
		s.Close()
		sound(t, path)
	}
}

func TestDeterministic(t *testing.T) {
	make := func() []string {
		s := open(t, filepath.Join(t.TempDir(), "memory.db"))
		at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
		for _, name := range []string{"x", "y", "x"} {
			es := numbered(name, 30)
			for i := range es {
				es[i].Origin.Time = at
				es[i].TargetLocale = []string{"ru", "de", "fr"}[i%3]
				if name == "x" && i%2 == 0 {
					es[i].Target.Chars += "!"
				}
			}
			if _, err := s.Add(t.Context(), memory.Batch{Time: at}, es); err != nil {
				t.Fatal(err)
			}
		}
		var out []string
		for e, err := range s.Entries(t.Context(), "", "") {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintf("%+v", e))
		}
		return out
	}
	a, b := make(), make()
	if len(a) != 60 || !slices.Equal(a, b) {
		t.Errorf("two memories made alike differ, or have not 60 entries but %d", len(a))
	}
	if !slices.IsSortedFunc(a, func(x, y string) int {
		return strings.Compare(locale(x), locale(y))
	}) {
		t.Error("not in order of the target locales")
	}
}

func locale(entry string) string {
	_, rest, _ := strings.Cut(entry, "TargetLocale:")
	l, _, _ := strings.Cut(rest, " ")
	return l
}

// Many goroutines and two stores on one file: all of it arrives, and what one has
// added it finds at once.
func TestConcurrentUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	stores := []*sqlite.Store{open(t, path), open(t, path)}
	var wg sync.WaitGroup
	for g := range 6 {
		s := stores[g%2]
		wg.Go(func() {
			for i := range 6 {
				es := numbered(fmt.Sprintf("story %d by %d", i, g), 20)
				if _, err := s.Add(t.Context(), memory.Batch{}, es); err != nil {
					t.Error(err)
					return
				}
				like := es[7].Source
				like.Chars = strings.Replace(like.Chars, "Sentence", "Phrase", 1)
				m, err := s.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: es[3].Source, Prev: es[3].Prev, Next: es[3].Next}, {Source: like, Fuzzy: 60}})
				if err != nil || len(m[0]) != 1 || m[0][0].Type != bitext.InContextMatch || len(m[1]) == 0 {
					t.Errorf("%v, error %v", m, err)
				}
			}
		})
	}
	wg.Wait()
	if n := count(t, stores[0]); n != 6*6*20 {
		t.Errorf("%d entries, want %d", n, 6*6*20)
	}
}

// A walk sees the memory as it was when it began, and hinders nobody.
func TestAddDuringWalk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "memory.db"))
	if _, err := s.Add(t.Context(), memory.Batch{}, numbered("x", 20)); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for e, err := range s.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		seen++
		e.Target.Chars += "!"
		if _, err := s.Add(t.Context(), memory.Batch{}, append(numbered(fmt.Sprint("y", seen), 2), e)); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s); seen != 20 || n != 60 {
		t.Errorf("saw %d of 20; %d entries afterwards, want 60", seen, n)
	}
}
