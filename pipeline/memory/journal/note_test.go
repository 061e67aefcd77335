package journal_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

var _ memory.NoteStore = (*sqlite.Store)(nil)

// Notes, their answers and resolutions travel, in either order, and come back after the
// database is lost or recovered.
func TestNotes(t *testing.T) {
	dir := t.TempDir()
	root := folder(t, filepath.Join(dir, "journal"))
	path := filepath.Join(dir, "a.db")
	s := open(t, path)
	sync(t, root, s)
	at := time.Unix(1.8e9, 0).UTC()
	add := func(s *sqlite.Store, n memory.Note) memory.Note {
		t.Helper()
		n.Time = at
		stored, err := s.AddNote(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return stored
	}
	first := add(s, memory.Note{Place: "a.html#1", TargetLocale: "ru", Author: "anna", Text: "Which one?\n\x1b[31m<b>", Category: "question", Priority: 1})
	second := add(s, memory.Note{Place: "a.html", Author: "boris", Text: "Embargo"})
	if _, err := s.AddNote(t.Context(), memory.Note{ReplyTo: "nowhere", Text: "x"}); !errors.Is(err, memory.ErrNoNote) {
		t.Errorf("an answer to nothing: %v", err)
	}
	sync(t, root, s)
	other := open(t, filepath.Join(dir, "b.db"))
	sync(t, root, other)
	reply := add(other, memory.Note{ReplyTo: first.UID, Author: "boris", Text: "The first"})
	if reply.Place != first.Place || reply.TargetLocale != "ru" {
		t.Errorf("an answer is at %q in %q", reply.Place, reply.TargetLocale)
	}
	add(s, memory.Note{Resolves: second.UID, Author: "anna"})
	sync(t, root, other)
	sync(t, root, s)
	sync(t, root, other)
	add(s, memory.Note{Resolves: reply.UID, Author: "anna", Text: "Thank you"})
	sync(t, root, s)
	recovered := filepath.Join(dir, "recovered.db")
	if r, err := sqlite.Recover(t.Context(), path, recovered); err != nil || len(r.Lost) > 0 {
		t.Errorf("recovered: %+v, %v", r, err)
	}
	list := func(s *sqlite.Store, f memory.NoteFilter) []string {
		t.Helper()
		threads, err := s.Notes(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, th := range threads {
			line := th.Author + ": " + th.Text
			for _, a := range th.Answers {
				line += " / " + a.Author + ": " + a.Text
			}
			if th.Resolved {
				line += " (resolved)"
			}
			out = append(out, line)
		}
		return out
	}
	want := []string{"anna: Which one?\n\x1b[31m<b> / boris: The first / anna: Thank you (resolved)", "boris: Embargo / anna:  (resolved)"}
	sync(t, root, other)
	for name, s := range map[string]*sqlite.Store{"a": s, "b": other, "fresh": open(t, filepath.Join(dir, "fresh.db")), "recovered": open(t, recovered)} {
		if name == "fresh" {
			sync(t, root, s)
		}
		if d := cmp.Diff(want, list(s, memory.NoteFilter{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if got := list(s, memory.NoteFilter{Open: true}); len(got) != 0 {
			t.Errorf("%s: open: %q", name, got)
		}
	}
	add(s, memory.Note{ReplyTo: first.UID, Author: "boris", Text: "Or not"})
	if got := list(s, memory.NoteFilter{Open: true}); len(got) != 1 {
		t.Errorf("an answer opens the thread again: %q", got)
	}
	for f, n := range map[memory.NoteFilter]int{{Place: "a.html"}: 2, {Place: "a.html#1"}: 1, {Place: "a.htm"}: 0, {TargetLocale: "uk"}: 1, {TargetLocale: "ru"}: 2} {
		if got := list(s, f); len(got) != n {
			t.Errorf("%+v: %q, want %d", f, got, n)
		}
	}
	if p, err := s.Verify(t.Context()); err != nil || len(p) > 0 {
		t.Errorf("verify: %q, %v", p, err)
	}
}

// Notes that came with a batch are withdrawn with it, in every copy, and come back when
// the undoing is undone.
func TestNotesOfABatch(t *testing.T) {
	dir := t.TempDir()
	root := folder(t, filepath.Join(dir, "journal"))
	path := filepath.Join(dir, "a.db")
	s := open(t, path)
	sync(t, root, s)
	at := time.Unix(1.8e9, 0).UTC()
	own, err := s.AddNote(t.Context(), memory.Note{Place: "a.md", Text: "own", Time: at})
	if err != nil {
		t.Fatal(err)
	}
	with := add(t, s, "anna", entry("One", "Один"))
	if got, err := s.AddNotes(t.Context(), memory.Batch{ID: with, Time: at}, []memory.Note{{Place: "a.md", Text: "with"}}); err != nil || got != with {
		t.Fatal(got, err)
	}
	alone, err := s.AddNotes(t.Context(), memory.Batch{Author: "boris", Time: at}, []memory.Note{{Place: "a.md", Text: "alone"}, {ReplyTo: own.UID, Text: "answer"}})
	if err != nil || alone == with {
		t.Fatal(alone, err)
	}
	check := func(want string) {
		t.Helper()
		sync(t, root, s)
		other := open(t, filepath.Join(t.TempDir(), "b.db"))
		sync(t, root, other)
		recovered := filepath.Join(t.TempDir(), "recovered.db")
		if _, err := sqlite.Recover(t.Context(), path, recovered); err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]*sqlite.Store{"own": s, "clone": other, "recovered": open(t, recovered)} {
			threads, err := s.Notes(t.Context(), memory.NoteFilter{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, n := range threads {
				got += n.Text + " "
				for _, a := range n.Answers {
					got += a.Text + " "
				}
			}
			if got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	check("own answer with alone ")
	undo := func(batch int64) {
		t.Helper()
		if _, err := s.Undo(t.Context(), batch, memory.Batch{Author: "anna", Time: at}); err != nil {
			t.Fatal(err)
		}
	}
	undo(alone)
	check("own with ")
	undo(with)
	check("own ")
	if _, err := s.AddNotes(t.Context(), memory.Batch{ID: with, Time: at}, []memory.Note{{Place: "a.md", Text: "late"}}); !errors.Is(err, memory.ErrUndone) {
		t.Errorf("added to a batch that is undone: %v", err)
	}
	b, err := s.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	undo(b[1].ID) // that undid alone
	check("own answer alone ")
	problems, err := s.Verify(t.Context())
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}
