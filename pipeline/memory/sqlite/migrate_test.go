package sqlite_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// testdata/version1.db.gz was made by the last program with schema version 1.
func version1(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/version1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "memory.db")
	write(t, path, string(data))
	return path
}

func TestMigrate(t *testing.T) {
	for _, readOnly := range []bool{true, false} {
		t.Run(fmt.Sprint("read only ", readOnly), func(t *testing.T) {
			path := version1(t)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var last []string
			for range 2 {
				s, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: readOnly})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for e, err := range s.Entries(t.Context(), "", "") {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, fmt.Sprint(e.Source.Tagged(), " = ", e.Target.Tagged(), " ", e.Place, " ", e.Prev, " ", e.Origin.Kind))
				}
				want := []string{
					"One = Один a.html#1 Before human", "Two = Два a.html#1 Before engine", "Read <1>more</1> = <1>Читать</1> a.html#1 Before human",
					"Undated = Без даты a.html#1 Before import", "Home = На главную a.html#1 Before human",
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("entries (-want +got):\n%s", d)
				}
				b, err := s.Batches(t.Context())
				if err != nil || len(b) != 5 || b[0].Undoes != 3 || b[2].Note != "bad" || b[2].Undone != 5 || b[2].Versions != 2 {
					t.Errorf("batches %+v, error %v", b, err)
				}
				versions, withdrawn := 0, 0
				for v, err := range s.History(t.Context(), memory.Filter{}) {
					if err != nil {
						t.Fatal(err)
					}
					versions++
					if v.Withdrawn != 0 {
						withdrawn++
					}
				}
				if versions != 9 || withdrawn != 2 {
					t.Errorf("%d versions, %d withdrawn; want 9 and 2", versions, withdrawn)
				}
				if m, err := s.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: bitext.Plain("One"), Fuzzy: 60}}); err != nil || len(m[0]) != 1 || m[0][0].Target.Chars != "Один" {
					t.Errorf("look-up %v, error %v", m, err)
				}
				if problems, err := s.Verify(t.Context()); err != nil || len(problems) > 0 {
					t.Errorf("verify: %v, %v", problems, err)
				}
				uids := []string{}
				for _, b := range b {
					uids = append(uids, b.UID)
				}
				if last != nil && !slices.Equal(uids, last) {
					t.Errorf("two copies got batches %v and %v", last, uids)
				}
				last = uids
				if !readOnly {
					if n, err := s.Undo(t.Context(), 5, memory.Batch{}); n != 2 || err != nil {
						t.Errorf("undo of the undo: %d, %v", n, err)
					}
					s.Undo(t.Context(), 6, memory.Batch{})
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if !readOnly {
					break
				}
			}
			if after, _ := os.ReadFile(path); readOnly != bytes.Equal(before, after) {
				t.Errorf("the file is the same: %v, want %v", !readOnly, readOnly)
			}
		})
	}
}
