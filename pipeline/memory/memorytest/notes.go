package memorytest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/memory"
)

// Notes of a batch are withdrawn with it and come back with it; others stay.
func notes(t *testing.T, s memory.Store) {
	ns, ok := s.(memory.NoteStore)
	if !ok {
		t.Skip("it keeps no notes")
	}
	list := func(want ...string) {
		t.Helper()
		threads, err := ns.Notes(ctx, memory.NoteFilter{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range threads {
			line := n.Text
			for _, a := range n.Answers {
				line += " / " + a.Text
			}
			if n.Resolved {
				line += " (resolved)"
			}
			got = append(got, line)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("notes (-want +got):\n%s", d)
		}
	}
	own, err := ns.AddNote(ctx, memory.Note{Place: "a.md#p", TargetLocale: "ru", Text: "own", Time: start})
	if err != nil || own.UID == "" {
		t.Fatal(own, err)
	}
	with := add(t, s, entry("One", "Один")).Batch
	if got, err := ns.AddNotes(ctx, memory.Batch{ID: with, Time: start}, []memory.Note{{Place: "a.md", Text: "with"}}); err != nil || got != with {
		t.Fatal(got, err)
	}
	alone, err := ns.AddNotes(ctx, memory.Batch{Author: "boris", Time: start}, []memory.Note{{Place: "a.md", Text: "alone"}, {ReplyTo: own.UID, Text: "answer"}})
	if err != nil || alone == with {
		t.Fatal(alone, err)
	}
	if got, err := ns.AddNotes(ctx, memory.Batch{Time: start}, nil); err != nil || got != 0 {
		t.Errorf("no notes make batch %d, %v", got, err)
	}
	if _, err := ns.AddNotes(ctx, memory.Batch{ID: 1000, Time: start}, []memory.Note{{Text: "x"}}); !errors.Is(err, memory.ErrNoBatch) {
		t.Errorf("notes of no batch: %v", err)
	}
	if _, err := ns.AddNotes(ctx, memory.Batch{Time: start}, []memory.Note{{Text: "lost"}, {ReplyTo: "nobody", Text: "x"}}); !errors.Is(err, memory.ErrNoNote) {
		t.Errorf("an answer to nothing: %v", err)
	}
	list("own / answer", "with", "alone")
	undoing := func(batch int64) {
		t.Helper()
		if _, err := s.Undo(ctx, batch, memory.Batch{Author: "anna", Time: start}); err != nil {
			t.Fatal(err)
		}
	}
	undoing(alone)
	list("own", "with")
	undoing(with)
	list("own")
	if _, err := ns.AddNotes(ctx, memory.Batch{ID: with, Time: start}, []memory.Note{{Text: "late"}}); !errors.Is(err, memory.ErrUndone) {
		t.Errorf("notes of a batch that is undone: %v", err)
	}
	all, err := s.Batches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.Undoes == alone {
			undoing(b.ID)
		}
	}
	if _, err := ns.AddNote(ctx, memory.Note{Resolves: own.UID, Time: start}); err != nil {
		t.Fatal(err)
	}
	list("own / answer /  (resolved)", "alone")
}
