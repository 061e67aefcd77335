package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// sample fills a memory that uses all tables, and returns its file's bytes and its
// versions.
func sample(t *testing.T) (data []byte, known map[string]bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "memory.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add := func(note string, es []bitext.Entry) int64 {
		r, err := s.Add(t.Context(), memory.Batch{Author: "anna", Note: note, Time: time.Unix(1.8e9, 0)}, es)
		if err != nil {
			t.Fatal(err)
		}
		return r.Batch
	}
	first := numbered("a", 120)
	for i := range first {
		first[i].Place = fmt.Sprint("articles/a.html#", i)
		first[i].Source.Codes = []bitext.Code{{Pos: 0, Kind: bitext.Placeholder, ID: "1", Data: "<br>"}}
		first[i].Props = []bitext.Prop{{Name: "note", Value: "x"}}
	}
	add("first", first)
	second := numbered("a", 60)
	for i := range second {
		second[i].Place = first[i].Place
		second[i].Source.Codes = first[i].Source.Codes
		second[i].Target.Chars += " (другой)"
		second[i].State = bitext.Final
	}
	bad := add("second", second)
	german := numbered("b", 60)
	for i := range german {
		german[i].TargetLocale = "de"
	}
	add("third", german)
	if _, err := s.Undo(t.Context(), bad, memory.Batch{Author: "boss"}); err != nil {
		t.Fatal(err)
	}
	known = map[string]bool{}
	for v, err := range s.History(t.Context(), memory.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		known[image(v.Entry)] = true
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return data, known
}

func image(e bitext.Entry) string {
	e.ID, e.Origin.Entry = 0, 0
	return fmt.Sprintf("%+v", e)
}

// use asks everything of a memory, and returns the errors. What it gets must be
// known.
func use(t *testing.T, path string, known map[string]bool) (errs []error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	for _, readOnly := range []bool{true, false} {
		s, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: readOnly, Wait: time.Second})
		if err != nil {
			note(err)
			continue
		}
		for e, err := range s.Entries(ctx, "", "") {
			if note(err); err == nil && !known[image(e)] {
				t.Errorf("an entry that was never added: %s", image(e))
			}
		}
		for v, err := range s.History(ctx, memory.Filter{}) {
			if note(err); err == nil && !known[image(v.Entry)] {
				t.Errorf("a version that was never added: %s", image(v.Entry))
			}
		}
		_, err = s.Batches(ctx)
		note(err)
		_, err = s.Stats(ctx)
		note(err)
		var queries []memory.Query
		for _, e := range numbered("a", 40) {
			e.Source.Codes = []bitext.Code{{Pos: 0, Kind: bitext.Placeholder, ID: "1", Data: "<br>"}}
			queries = append(queries, memory.Query{Source: e.Source, Fuzzy: 60})
		}
		found, err := s.Lookup(ctx, "en", "ru", queries)
		note(err)
		for _, ms := range found {
			for _, m := range ms {
				if !strings.HasPrefix(m.Target.Chars, "Предложение ") || !strings.HasPrefix(m.Source.Chars, "Sentence ") {
					t.Errorf("a match that was never added: %+v", m)
				}
			}
		}
		for _, err := range s.Records(ctx) {
			note(err)
		}
		_, err = s.Verify(ctx)
		note(err)
		if !readOnly {
			_, err = s.Add(ctx, memory.Batch{}, numbered("a", 150))
			note(err)
			_, err = s.Undo(ctx, 1, memory.Batch{})
			note(err)
		}
		note(s.Close())
	}
	return errs
}

// Whatever bit of the file is wrong, nothing panics, nothing hangs, and no text comes
// out that was not put in.
func TestFlippedBits(t *testing.T) {
	data, known := sample(t)
	r := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	tries, told := 0, 0
	const page = 4096
	for at := 0; at < len(data); at += page {
		flips := 2
		if testing.Short() {
			flips = 1
		}
		for n := range flips {
			damaged := append([]byte(nil), data...)
			// The first bytes of a page say where everything is.
			offset := at + r.IntN(page)
			if n == 0 {
				offset = at + r.IntN(32)
			}
			damaged[offset] ^= 1 << r.IntN(8)
			path := filepath.Join(dir, fmt.Sprint(offset, ".db"))
			write(t, path, string(damaged))
			errs := use(t, path, known)
			for _, err := range errs {
				expected := false
				for _, want := range []error{memory.ErrDamaged, memory.ErrNotMemory, memory.ErrNoBatch, memory.ErrUndone, memory.ErrFull, memory.ErrReadOnly} {
					expected = expected || errors.Is(err, want)
				}
				var newer *memory.NewerError
				if !expected && !errors.As(err, &newer) {
					t.Errorf("byte %d: %v", offset, err)
				}
			}
			tries++
			if len(errs) > 0 {
				told++
			}
			os.Remove(path)
			os.Remove(path + "-wal")
			os.Remove(path + "-shm")
		}
	}
	t.Logf("%d files with a wrong bit: %d of them told by an error", tries, told)
}

// TestVerifyCounters damages what new versions are numbered by: Verify reports it, and
// what is recovered has sound counters.
func TestVerifyCounters(t *testing.T) {
	data, known := sample(t)
	for statement, want := range map[string]string{
		"DELETE FROM meta WHERE name = 'version'":                   `"version" is lost`,
		"DELETE FROM meta WHERE name = 'clock'":                     `"clock" is lost`,
		"UPDATE meta SET name = 'revisioo' WHERE name = 'revision'": `"revision" is lost`,
		"UPDATE meta SET value = 'x' WHERE name = 'revision'":       `"revision" cannot be read`,
		"UPDATE meta SET value = 3 WHERE name = 'version'":          `"version" is 3, and a version has `,
		"UPDATE meta SET value = 3 WHERE name = 'clock'":            `"clock" is 3, and a version has `,
	} {
		path := filepath.Join(t.TempDir(), "memory.db")
		write(t, path, string(data))
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		run(t, db, statement)
		db.Close()
		for range 2 {
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			problems, err := s.Verify(t.Context())
			s.Close()
			if got := strings.Join(problems, "\n"); err != nil || want == "" && got != "" || !strings.Contains(got, want) || len(problems) > 1 {
				t.Errorf("%s: problems %q, error %v; want %q", statement, problems, err, want)
			}
			if want == "" {
				break
			}
			r, err := sqlite.Recover(t.Context(), path, path+".saved")
			if err != nil || r.Versions != len(known) {
				t.Errorf("%s: recovered %+v, error %v", statement, r, err)
			}
			path, want = path+".saved", ""
		}
	}
}

// A flipped bit in a text is found, and the rest is saved.
func TestVerifyAndRecover(t *testing.T) {
	data, known := sample(t)
	dir := t.TempDir()
	sound := filepath.Join(dir, "sound.db")
	write(t, sound, string(data))
	check := func(path string) []string {
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		problems, err := s.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return problems
	}
	if p := check(sound); len(p) != 0 {
		t.Errorf("a sound memory has problems: %q", p)
	}
	text := strings.Replace(string(data), "Предложение 33: a.", "Предложение 34: a.", 1)
	if text == string(data) {
		t.Fatal("the text is not in the file")
	}
	path := filepath.Join(dir, "text.db")
	write(t, path, text)
	if p := check(path); len(p) != 1 || !strings.Contains(p[0], "checksum") {
		t.Errorf("problems %q, want one, of the checksum", p)
	}
	to := filepath.Join(dir, "saved.db")
	r, err := sqlite.Recover(t.Context(), path, to)
	if err != nil || r.Versions != len(known)-1 || len(r.Lost) != 1 {
		t.Errorf("recovered %+v, error %v; want all but one of %d versions", r, err, len(known))
	}
	if p := check(to); len(p) != 0 {
		t.Errorf("what was recovered has problems: %q", p)
	}
	if _, err := sqlite.Recover(t.Context(), path, to); err == nil {
		t.Error("a file was overwritten")
	}
	// Pages of zeros in the middle.
	saved := 0
	for _, n := range []int{5, 9, 14, 20} {
		if (n+1)*4096 > len(data) {
			break
		}
		broken := append([]byte(nil), data...)
		clear(broken[n*4096 : (n+1)*4096])
		path := filepath.Join(dir, fmt.Sprint("page", n, ".db"))
		write(t, path, string(broken))
		r, err := sqlite.Recover(t.Context(), path, path+".saved")
		if err != nil {
			t.Errorf("page %d: %v", n, err)
			continue
		}
		s := open(t, path+".saved")
		for v, err := range s.History(t.Context(), memory.Filter{}) {
			if err != nil || !known[image(v.Entry)] {
				t.Errorf("page %d: %s, error %v", n, image(v.Entry), err)
			}
			saved++
		}
		t.Logf("page %d: %d of %d versions saved; %d problems", n, r.Versions, len(known), len(r.Lost))
	}
	if saved == 0 {
		t.Error("nothing was saved")
	}
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(path string) error
		opt  sqlite.Options
		want string
	}{
		{"a named pipe", makePipe, sqlite.Options{}, "named pipe"},
		{"a dangling link", func(path string) error { return os.Symlink("/nowhere/memory.db", path) }, sqlite.Options{}, "symbolic link to /nowhere/memory.db"},
		{"an empty file", func(path string) error { return os.WriteFile(path, nil, 0o600) }, sqlite.Options{NotEmpty: true}, "file is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "memory.db")
			if err := c.make(path); errors.Is(err, errors.ErrUnsupported) {
				t.Skip(err)
			} else if err != nil {
				t.Fatal(err)
			}
			for _, readOnly := range []bool{true, false} {
				c.opt.ReadOnly = readOnly
				_, err := sqlite.Open(t.Context(), path, c.opt)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want one with %q", err, c.want)
				}
			}
		})
	}
}
