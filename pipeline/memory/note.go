package memory

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// Note is what a translator, reviewer or editor says about a text. It never reaches an
// edition. UID identifies it in all copies of the memory. Place is "article#unit" or
// "article"; TargetLocale is empty for a note to all. Category and Priority (1 is the
// highest, 0 unknown) are XLIFF's. ReplyTo is the UID of the note that it answers,
// Resolves of the one that it closes. Batch is the UID of the batch that brought it, empty
// for none: the note is withdrawn with the batch. RecordedAt is as in BatchRecord.
type Note struct {
	UID          string    `json:"uid"`
	Place        string    `json:"place"`
	TargetLocale string    `json:"locale,omitempty"`
	Author       string    `json:"author,omitempty"`
	Time         time.Time `json:"time"`
	Category     string    `json:"category,omitempty"`
	Priority     int       `json:"priority,omitempty"`
	Text         string    `json:"text"`
	ReplyTo      string    `json:"replyTo,omitempty"`
	Resolves     string    `json:"resolves,omitempty"`
	Batch        string    `json:"batch,omitempty"`
	RecordedAt   int64     `json:"-"`
}

// Checksum returns 64 bits of the SHA-256 of everything in the note.
func (n *Note) Checksum() int64 {
	b := fmt.Appendf(nil, "%q %q %q %q %d %q %d %q %q %q %d", n.UID, n.Place, n.TargetLocale, n.Author, n.Time.Unix(), n.Category, n.Priority, n.Text, n.ReplyTo, n.Resolves, n.RecordedAt)
	if n.Batch != "" {
		b = fmt.Appendf(b, " %q", n.Batch)
	}
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// NoteThread is a note with its answers, in the order of their recording. It is
// resolved if a note resolves it and no answer came after that.
type NoteThread struct {
	Note
	Answers  []Note `json:"answers"`
	Resolved bool   `json:"resolved"`
}

// NoteFilter selects threads. Place selects those at the place, and at the units of an
// article; a locale also those for all locales. Empty fields select all.
type NoteFilter struct {
	Place        string
	TargetLocale string
	Open         bool // only those that are not resolved
}

// NoteStore keeps notes. A Store may be one.
type NoteStore interface {
	// AddNote stores a note and returns it with its UID. A note that answers or resolves
	// one that is not there is ErrNoNote.
	AddNote(ctx context.Context, n Note) (Note, error)

	// AddNotes stores notes as a part of a batch, a new one if b.ID is 0, and returns its
	// ID. Undoing the batch withdraws the notes, too.
	AddNotes(ctx context.Context, b Batch, notes []Note) (batch int64, err error)

	// Notes returns threads in the order of their recording, without what is withdrawn.
	Notes(ctx context.Context, f NoteFilter) ([]NoteThread, error)
}

// Threads orders notes, which must be in the order of their recording, into threads.
// An answer to an answer belongs to the same thread; one to a note that is not there
// begins a thread.
func Threads(notes []Note, f NoteFilter) []NoteThread {
	root := map[string]int{} // by UID, the thread
	resolvedAt := map[int]int64{}
	answeredAt := map[int]int64{}
	var all []NoteThread
	for _, n := range notes {
		to := n.ReplyTo
		if n.Resolves != "" {
			to = n.Resolves
		}
		i, ok := root[to]
		if to == "" || !ok {
			root[n.UID] = len(all)
			all = append(all, NoteThread{Note: n, Answers: []Note{}})
			continue
		}
		root[n.UID] = i
		all[i].Answers = append(all[i].Answers, n)
		if n.Resolves != "" {
			resolvedAt[i] = n.RecordedAt
		} else {
			answeredAt[i] = n.RecordedAt
		}
	}
	out := []NoteThread{}
	for i, t := range all {
		t.Resolved = resolvedAt[i] != 0 && answeredAt[i] < resolvedAt[i]
		if f.Open && t.Resolved || f.TargetLocale != "" && t.TargetLocale != "" && t.TargetLocale != f.TargetLocale ||
			f.Place != "" && !isAt(t.Place, f.Place) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// isAt reports whether a place is another, or in it: a unit of an article, a segment of
// a unit.
func isAt(place, in string) bool {
	rest, ok := strings.CutPrefix(place, in)
	return ok && (rest == "" || rest[0] == '#' || rest[0] == '/' && strings.Contains(in, "#"))
}
