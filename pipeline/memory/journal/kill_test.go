package journal_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/sqlite"
)

// childVariable makes the test's binary work on a memory with a journal until it is
// killed.
const childVariable = "HEXAPLA_JOURNAL_TEST_CHILD"

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

// child adds entries and undoes some, one act after the other, and acknowledges each
// with a line.
func child(task []string) error {
	ctx := context.Background()
	root, err := os.OpenRoot(filepath.Join(task[0], "journal"))
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		s, err := sqlite.Open(ctx, filepath.Join(task[0], "memory.db"), sqlite.Options{Wait: time.Minute})
		if err != nil {
			return err
		}
		if _, _, err := journal.Sync(ctx, root, "journal", s); err != nil {
			return err
		}
		name := fmt.Sprint(task[1], "-", i)
		r, err := s.Add(ctx, memory.Batch{Author: task[1], Note: name}, []bitext.Entry{entry(name, "перевод "+name), entry("shared", name)})
		if err != nil {
			return err
		}
		fmt.Println("added", name)
		if i%5 == 4 {
			if _, err := s.Undo(ctx, r.Batch, memory.Batch{Author: task[1]}); err != nil {
				return err
			}
			fmt.Println("undone", name)
		}
		if _, _, err := journal.Sync(ctx, root, "journal", s); err != nil {
			return err
		}
		fmt.Println("written", name)
		if err := s.Close(); err != nil {
			return err
		}
	}
}

// Two processes work on one project and are killed at any moment: what they have
// acknowledged is in the memory, and after the next Sync in the journal.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	root := folder(t, filepath.Join(dir, "journal"))
	s := open(t, filepath.Join(dir, "memory.db"))
	sync(t, root, s)
	s.Close()
	added, undone := map[string]bool{}, map[string]bool{}
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		type worker struct {
			cmd *exec.Cmd
			out *bufio.Scanner
		}
		var all []worker
		for n := range 2 {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s worker%d-%d", childVariable, dir, round, n))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			all = append(all, worker{cmd, bufio.NewScanner(out)})
		}
		// They run until the first has acknowledged a few acts, and some milliseconds more.
		for range 3 + 2*round {
			if !all[0].out.Scan() {
				break
			}
			note(t, all[0].out.Text(), added, undone)
		}
		time.Sleep(time.Duration(3*round) * time.Millisecond)
		for _, w := range all {
			w.cmd.Process.Kill()
		}
		for _, w := range all {
			for w.out.Scan() {
				note(t, w.out.Text(), added, undone)
			}
			w.cmd.Wait()
		}
		s := open(t, filepath.Join(dir, "memory.db"))
		_, found := sync(t, root, s)
		if len(found) > 0 {
			t.Errorf("round %d: findings %v", round, found)
		}
		fresh := open(t, filepath.Join(dir, fmt.Sprint("fresh", round, ".db")))
		if _, found := sync(t, root, fresh); len(found) > 0 {
			t.Errorf("round %d: findings %v", round, found)
		}
		if d := cmp.Diff(current(t, s), current(t, fresh)); d != "" {
			t.Fatalf("round %d (-database +rebuilt):\n%s", round, d)
		}
		is := map[string]bool{}
		for _, e := range current(t, fresh) {
			for name := range added {
				if strings.Contains(e, "{Chars:"+name+" ") {
					is[name] = true
				}
			}
		}
		for name := range added {
			if mayBeUndone := strings.HasSuffix(name, "4") || strings.HasSuffix(name, "9"); mayBeUndone && !undone[name] {
				continue // killed before it acknowledged the undo, or before the undo
			}
			if is[name] == undone[name] {
				t.Errorf("round %d: %s: in the memory %v, undone %v", round, name, is[name], undone[name])
			}
		}
		s.Close()
	}
	if len(added) == 0 {
		t.Error("nothing was acknowledged")
	}
	t.Logf("%d acts acknowledged, %d undone", len(added), len(undone))
}

func note(t *testing.T, line string, added, undone map[string]bool) {
	t.Helper()
	verb, name, ok := strings.Cut(line, " ")
	switch {
	case !ok || verb == "error:":
		t.Errorf("a child says %q", line)
	case verb == "added":
		added[name] = true
	case verb == "undone":
		undone[name] = true
	}
}
