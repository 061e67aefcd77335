package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/hook"
)

// TestMain also is the process that claims the texts a and b, answers a and is killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("LEDGER_TEST_DIR")
	if dir == "" {
		os.Exit(m.Run())
	}
	l, err := Open(context.Background(), dir)
	if err == nil {
		_, _, err = l.Claim(context.Background(), "other", []string{"a", "b"})
	}
	if err == nil {
		err = l.Answer(context.Background(), map[string]string{"a": "A"})
	}
	if err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
	}
	os.Stdout.WriteString("ready\n")
	time.Sleep(time.Minute)
}

func open(t *testing.T, dir string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// claim returns what a claim of keys gives: "a" for one that is the owner's, "a=A" for
// one that is answered; keys of others are left out.
func claim(t *testing.T, l *Ledger, owner string, keys ...string) string {
	t.Helper()
	mine, answers, err := l.Claim(t.Context(), owner, keys)
	if err != nil {
		t.Fatal(err)
	}
	out := slices.Sorted(maps.Keys(mine))
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		out = append(out, key+"="+answers[key])
	}
	return strings.Join(out, " ")
}

func TestClaims(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "engines")
	one, two := open(t, dir), open(t, dir)
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	answer := func(l *Ledger, key, text string) {
		t.Helper()
		if err := l.Answer(t.Context(), map[string]string{key: text}); err != nil {
			t.Fatal(err)
		}
	}
	check("first", claim(t, one, "p", "a", "b"), "a b")
	check("again", claim(t, one, "p", "a", "b"), "a b")
	check("another owner", claim(t, one, "q", "a"), "")
	check("another process", claim(t, two, "r", "a", "b", "c"), "c")
	answer(one, "a", "A")
	check("answered", claim(t, two, "r", "a", "b", "c"), "c a=A")
	if err := one.Release(t.Context(), "p", []string{"a", "b"}); err != nil {
		t.Fatal(err)
	}
	check("released", claim(t, two, "r", "a", "b"), "b a=A")
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	check("after the end, for those who were there", claim(t, two, "r", "a"), "a=A")
	later := open(t, dir)
	check("after the end, for those who come", claim(t, later, "s", "a"), "a")
	if err := errors.Join(two.Close(), later.Close()); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name() != fileName {
			t.Errorf("%s stays", f.Name())
		}
	}
}

// What a process that is killed has answered is kept, and what it has not is free at once.
func TestKilled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("claims of a process that is gone end by their time")
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LEDGER_TEST_DIR="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 200)
	n, err := out.Read(buf)
	if err != nil || string(buf[:n]) != "ready\n" {
		t.Fatalf("%q, %v", buf[:n], err)
	}
	one := open(t, dir)
	if got := claim(t, one, "p", "a", "b"); got != "a=A" {
		t.Errorf("while it lives: %q", got)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()                     // it was killed
	time.Sleep(150 * time.Millisecond) // it was seen alive not long ago
	if got := claim(t, one, "p", "a", "b"); got != "b a=A" {
		t.Errorf("after it was killed: %q", got)
	}
	one.close() // as if this one were killed, too
	two := open(t, dir)
	defer two.Close()
	if got := claim(t, two, "p", "a", "b"); got != "b a=A" {
		t.Errorf("after the second one: %q", got)
	}
}

// What engines were used for is counted by all processes together, by day, and a limit is
// never passed.
func TestSpend(t *testing.T) {
	dir := t.TempDir()
	const limit, processes = 1000, 4
	var group sync.WaitGroup
	for range processes {
		l := open(t, dir)
		group.Go(func() {
			defer l.Close()
			for range 50 {
				add := hook.Spending{Usage: hook.Usage{Chars: 30, InputTokens: 3}, Cost: 0.5}
				if err := l.Spend(t.Context(), "mt", add, time.Time{}, func(s hook.Spending) bool { return s.Chars <= limit }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	l := open(t, dir)
	defer l.Close()
	want := hook.Spending{Usage: hook.Usage{Chars: 990, InputTokens: 99}, Cost: 16.5}
	if got, err := l.Spent(t.Context(), "mt", time.Time{}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	today := l.now()
	l.now = func() time.Time { return today.AddDate(0, 0, 1) }
	if err := l.Spend(t.Context(), "mt", hook.Spending{Usage: hook.Usage{Chars: -5}}, time.Time{}, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Spent(t.Context(), "mt", l.now()); err != nil || got != (hook.Spending{Usage: hook.Usage{Chars: -5}}) {
		t.Errorf("of the next day: %+v, %v", got, err)
	}
	if got, err := l.Spent(t.Context(), "other", time.Time{}); err != nil || got != (hook.Spending{}) {
		t.Errorf("of another engine: %+v, %v", got, err)
	}
}

func TestDamaged(t *testing.T) {
	for name, content := range map[string]string{
		"text":      strings.Repeat("not a database\n", 100),
		"cut":       "SQLite format 3\x00\x10\x00\x01",
		"truncated": "",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, fileName)
			if name == "truncated" {
				l := open(t, dir)
				claim(t, l, "p", "a")
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				content = string(data[:len(data)-5000])
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			l, err := Open(t.Context(), dir)
			if !errors.Is(err, ErrDamaged) {
				if err == nil {
					l.Close()
				}
				t.Fatalf("got %v", err)
			}
			if _, err := MoveDamaged(dir); err != nil {
				t.Fatal(err)
			}
			l = open(t, dir)
			if got := claim(t, l, "p", "a"); got != "a" {
				t.Errorf("a new one gives %q", got)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("folder", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, fileName), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir); !errors.Is(err, ErrDamaged) {
			t.Errorf("got %v", err)
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	l, err := Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	i := 0
	for b.Loop() {
		i++
		key := strings.Repeat("k", 20) + time.Duration(i).String()
		if _, _, err := l.Claim(b.Context(), "p", []string{key}); err != nil {
			b.Fatal(err)
		}
		if err := l.Answer(b.Context(), map[string]string{key: "the answer to a sentence of ordinary length in an article"}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOpenTogether opens a new ledger many times at once: nobody is refused because
// another one is making it.
func TestOpenTogether(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		errs := make(chan error, 8)
		for range cap(errs) {
			go func() {
				l, err := Open(context.Background(), dir)
				if err == nil {
					err = l.Close()
				}
				errs <- err
			}()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestReserve checks that two processes share the moments of calls, and that an engine
// keeps its rate whoever asks.
func TestReserve(t *testing.T) {
	dir := t.TempDir()
	now := time.Unix(1_800_000_000, 0)
	var both [2]*Ledger
	for i := range both {
		l, err := Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		l.now = func() time.Time { return now }
		both[i] = l
	}
	for i, want := range []time.Duration{0, 500 * time.Millisecond, time.Second, 1500 * time.Millisecond} {
		if got, err := both[i%2].Reserve(t.Context(), "a", 2); err != nil || got != want {
			t.Errorf("call %d waits %v, %v; want %v", i, got, err, want)
		}
	}
	if got, err := both[0].Reserve(t.Context(), "b", 2); err != nil || got != 0 {
		t.Errorf("another engine waits %v, %v", got, err)
	}
	now = now.Add(time.Minute)
	if got, err := both[1].Reserve(t.Context(), "a", 2); err != nil || got != 0 {
		t.Errorf("after a minute it waits %v, %v", got, err)
	}
	now = now.Add(-24 * time.Hour)
	if got, err := both[1].Reserve(t.Context(), "a", 2); err != nil || got != 0 {
		t.Errorf("after the clock was put back it waits %v, %v", got, err)
	}
}

// TestReader checks that a Reader reads what a ledger has, while it is open and after, and
// makes and changes no file.
func TestReader(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "engines?")
	r := Reader{Dir: dir}
	want := hook.Spending{}
	check := func(when string) {
		t.Helper()
		if got, err := r.Spent(t.Context(), "mt", time.Time{}); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", when, got, err, want)
		}
	}
	check("no ledger")
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	l, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	want = hook.Spending{Usage: hook.Usage{Chars: 12, InputTokens: 3}, Cost: 1.5}
	if err := l.Spend(t.Context(), "mt", want, time.Time{}, nil); err != nil {
		t.Fatal(err)
	}
	check("an open ledger")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	check("a closed ledger")
	if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) != 1 {
		t.Errorf("files: %v, %v", names, err)
	}
	if err := r.Spend(t.Context(), "mt", want, time.Time{}, nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Spend: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, fileName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	want = hook.Spending{}
	check("a ledger whose maker was killed")
	other, err := sql.Open("sqlite", uri(filepath.Join(dir, fileName)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec("CREATE TABLE other (x)"); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Spent(t.Context(), "mt", time.Time{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("another database: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte("this is not a database, but a text with some words in it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Spent(t.Context(), "mt", time.Time{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged ledger: %v", err)
	}
}
