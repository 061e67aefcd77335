// Package memory is the translation memory: every translation that was ever
// accepted, with its history, in one SQLite file.
//
// An entry is a slot: a locale pair, a source text as Text.Key compares it, and
// the context it stood in (the neighbours' keys, the place). What is said in a
// slot is a version. Versions are added, never changed and never removed; the
// one with the most trust, and among equals the newest, is the slot's current
// one. Undo withdraws a batch's versions, and they stay in the history. Only what
// one import says in several ways for one slot stays side by side, as entries of
// their own: a file's alternatives are no history.
//
// Trust goes by the state first where a person has vouched for the text (final,
// then reviewed), below that by who wrote it: a person, a catalog, an import, an
// engine, the source itself; and last by the state. A version without a time of
// its own is as old as its batch.
//
// Look-up answers in three ways: in context (same source, and the same place or
// the same neighbours), exact (same source) and fuzzy (a like source). How likeness
// is measured and found is in package fuzzy.
//
// A Store may be used by many goroutines, and a file by many processes at once:
// readers never wait, writers wait for each other, for Options.Wait at most.
package memory

import (
	"errors"
	"fmt"
	"time"

	"hexapla/pipeline/bitext"
)

// What can be wrong with a memory's file. Errors of this package wrap one of
// them where it applies; test with errors.Is.
var (
	ErrNotMemory = errors.New("the file is not a translation memory")
	ErrDamaged   = errors.New("the translation memory is damaged")
	ErrBusy      = errors.New("another program is writing to the translation memory")
	ErrFull      = errors.New("no space left for the translation memory")
	ErrReadOnly  = errors.New("the translation memory is open for reading only")
	ErrNoBatch   = errors.New("no such batch")
	ErrUndone    = errors.New("the batch has been undone")
)

// NewerError says that a newer Hexapla made the file, with a schema of version
// Have, while this one knows versions up to Want.
type NewerError struct {
	Path       string
	Have, Want int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("translation memory %s has schema version %d, made by a newer Hexapla; this one knows versions up to %d: update it to use this memory",
		e.Path, e.Have, e.Want)
}

// Options say how to open a memory. ReadOnly opens without writing a byte and
// without creating a file. Wait is the longest time to wait for another writer,
// 30 seconds if zero.
type Options struct {
	ReadOnly bool
	Wait     time.Duration
}

// Query asks for one source text. Prev and Next are the keys (Text.Key) of the
// neighbouring segments' sources and Place is "path#unit", as far as known. Fuzzy
// is the lowest score, in percent, of like texts to answer with; 0 asks for
// none. Limit bounds the number of matches; 0 is 5.
type Query struct {
	Source     bitext.Text
	Prev, Next string
	Place      string
	Fuzzy      int
	Limit      int
}

// Batch is one act of adding. ID is 0 for a new batch; a batch that exists, and
// is not undone, is continued. A zero Time is now.
type Batch struct {
	ID     int64
	Author string
	Note   string
	Time   time.Time
}

// Result says what became of the entries of one Add. Batch is where they are
// filed, 0 if nothing changed. Added counts the stored versions; of these
// Superseded took the place of another version, and Outranked went to the
// history because a more trusted or newer one holds the slot. Unchanged were
// there already.
type Result struct {
	Batch      int64
	Added      int
	Unchanged  int
	Superseded int
	Outranked  int
}

// BatchInfo is a batch as the memory's log has it. Undoes is the batch that this
// one undid, Undone the one that undid this one, both 0 if none. Versions counts
// what was stored.
type BatchInfo struct {
	Batch
	Versions int
	Undoes   int64
	Undone   int64
}

// Version is one version of an entry. Withdrawn is the batch that undid it, 0 if
// it stands. Current says that it is the one in use.
type Version struct {
	Entry     bitext.Entry
	Batch     int64
	Current   bool
	Withdrawn int64
}

// Filter selects versions. An empty field selects all.
type Filter struct {
	SourceLocale string
	TargetLocale string
	Source       bitext.Text // by its Key
	Batch        int64
}

// Stats describes a memory. Bytes is the size on disk. Texts counts the distinct
// source texts, Pairs are in order of their locales.
type Stats struct {
	Bytes   int64
	Texts   int
	Batches int
	Pairs   []PairStats
}

// PairStats counts the current entries of one locale pair, and the former
// versions kept.
type PairStats struct {
	SourceLocale string
	TargetLocale string
	Entries      int
	Former       int
	States       map[bitext.State]int
	Origins      map[bitext.OriginKind]int
}

// trust ranks a version; see the package comment. It is 0 or more.
func trust(state bitext.State, kind bitext.OriginKind) int {
	var vouched, by int
	if state >= bitext.Reviewed {
		vouched = int(state)
	}
	switch kind {
	case bitext.FromHuman:
		by = 5
	case bitext.FromCatalog:
		by = 4
	case bitext.FromImport, "":
		by = 3
	case bitext.FromEngine:
		by = 2
	case bitext.FromSource:
		by = 1
	}
	return 100*vouched + 10*by + int(state)
}
