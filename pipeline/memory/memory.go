// Package memory holds what every translation memory has in common: the types of
// entries, versions and batches, the errors, the ranking of matches, and the
// interface Store. Package sqlite implements Store in one file; package
// memorytest is the conformance suite for implementations.
//
// An entry is a slot: a locale pair, a source text as Text.Key compares it, and
// the context of the text (the neighbours' keys, the place). The translations of
// a slot are its versions. Versions are added, never changed and never removed;
// the one with the highest priority, and among equals the newest, is the slot's
// current one. Undo withdraws a batch's versions, and they stay in the history.
// Only the alternatives that one import has for one slot stay side by side, as
// entries of their own: a file's alternatives are no history.
//
// Priority depends first on the state where a person has approved the text (final,
// then reviewed), below that on the author: a person, a catalog, an import, an
// engine, the source itself; and last on the state. A version without a time of
// its own is as old as its batch.
//
// Look-up answers in three ways: in context (same source, and the same place or
// the same neighbours), exact (same source) and fuzzy (a similar source). Package
// fuzzy measures and finds similarity.
package memory

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"hexapla/pipeline/bitext"
)

// What can be wrong with a memory. Errors of a Store wrap one of them where it
// applies; test with errors.Is.
var (
	ErrNotMemory = errors.New("the file is not a translation memory")
	ErrDamaged   = errors.New("the translation memory is damaged")
	ErrBusy      = errors.New("another program is writing to the translation memory")
	ErrFull      = errors.New("no space left for the translation memory")
	ErrReadOnly  = errors.New("the translation memory is open for reading only")
	ErrNoBatch   = errors.New("no such batch")
	ErrUndone    = errors.New("the batch has been undone")
	ErrNoNote    = errors.New("no such note")
)

// NewerError reports that a newer Hexapla made the memory in Path: its schema has
// version Have, and this program supports versions up to Want.
type NewerError struct {
	Path       string
	Have, Want int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("translation memory %s has schema version %d, made by a newer Hexapla; this one supports versions up to %d: update Hexapla to use this memory",
		e.Path, e.Have, e.Want)
}

// Query asks for one source text. Prev and Next are the keys (Text.Key) of the
// neighbouring segments' sources and Place is "path#unit", as far as known;
// FormerPlaces are other names of the same place, of an article that was renamed. Fuzzy
// is the lowest score, in percent, of similar texts to return; 0 asks for none.
// Limit is the highest number of matches; 0 is 5.
type Query struct {
	Source       bitext.Text
	Prev, Next   string
	Place        string
	FormerPlaces []string
	Fuzzy        int
	Limit        int
}

// defaultLimit is the meaning of a Query.Limit of 0.
const defaultLimit = 5

// MaxMatches returns how many matches the query asks for.
func (q *Query) MaxMatches() int {
	if q.Limit <= 0 {
		return defaultLimit
	}
	return q.Limit
}

// Batch is one act of adding. ID is 0 for a new batch; a batch that exists, and
// is not undone, is continued. A zero Time is now. Name is what people call the
// batch, empty for none. UID identifies it in all copies of the memory; a new batch
// without one gets one.
type Batch struct {
	ID     int64     `json:"id"`
	UID    string    `json:"uid,omitempty"`
	Author string    `json:"author"`
	Note   string    `json:"note"`
	Name   string    `json:"name,omitempty"`
	Time   time.Time `json:"time"`
}

// AddOptions control how entries are added. Force makes each of them current
// whatever the priority of the version that it replaces. KeepWithdrawn leaves out
// entries that are in the memory as withdrawn versions: a file that is read again
// and again does not bring back what somebody undid. BasedOn, if not 0, is the
// memory's Revision when the caller read it: see Result.Conflicts.
type AddOptions struct {
	Force         bool
	KeepWithdrawn bool
	BasedOn       int64
}

// Result counts what became of the entries of one Add. Batch is the batch that has
// them, 0 if nothing changed. Added counts the stored versions; of these
// Superseded took the place of another version, and Outranked went to the history
// because the slot has a version of higher priority or a newer one. Unchanged were
// there already. Withdrawn were left out for AddOptions.KeepWithdrawn. Conflicting
// counts the added entries whose slot got another translation from another batch
// after the revision AddOptions.BasedOn; both are kept, and Conflicts has the first
// MaxConflicts of them.
type Result struct {
	Batch       int64
	Added       int
	Unchanged   int
	Superseded  int
	Outranked   int
	Withdrawn   int        `json:",omitempty"`
	Conflicting int        `json:",omitempty"`
	Conflicts   []Conflict `json:",omitempty"`
}

// MaxConflicts is how many conflicts a Result describes.
const MaxConflicts = 100

// Conflict is an entry that was added while somebody else had added another
// translation of it. Current reports whether the added one is now in use.
type Conflict struct {
	Entry   bitext.Entry
	Other   Version
	Current bool
}

// BatchInfo is a batch in the memory's log. Undoes is the batch that this one
// undid, Undone the one that undid this one, both 0 if none. Versions counts what
// was stored.
type BatchInfo struct {
	Batch
	Versions int   `json:"versions"`
	Undoes   int64 `json:"undoes"`
	Undone   int64 `json:"undone"`
}

// Version is one version of an entry. Withdrawn is the batch that undid it, 0 if
// none did. Current reports whether it is the one in use.
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
	Contains     string      // in the source or the target, in any letter case
	Batch        int64
	Former       bool // only versions that another one has taken the place of, without undone ones
}

// Stats describes a memory. Bytes is the size on disk. Texts counts the distinct
// source texts, Pairs are in order of their locales.
type Stats struct {
	Bytes   int64       `json:"bytes"`
	Texts   int         `json:"texts"`
	Batches int         `json:"batches"`
	Pairs   []PairStats `json:"pairs"`
}

// PairStats counts the current entries of one locale pair, and the former
// versions kept.
type PairStats struct {
	SourceLocale string                    `json:"sourceLocale"`
	TargetLocale string                    `json:"targetLocale"`
	Entries      int                       `json:"entries"`
	Former       int                       `json:"former"`
	States       map[bitext.State]int      `json:"states"`
	Origins      map[bitext.OriginKind]int `json:"origins"`
}

// Rank orders the versions of one slot: the highest one is current. Priority is
// that of function Priority, or more for a forced version, EffectiveAt the version's
// time in Unix seconds, RecordedAt when it was recorded. Checksum decides between
// versions that were recorded at the same time in two copies of the memory.
type Rank struct {
	Priority    int64
	EffectiveAt int64
	RecordedAt  int64
	Checksum    int64
}

// Compare returns a number above 0 if r ranks above o, below 0 if below it.
func (r Rank) Compare(o Rank) int {
	return cmp.Or(cmp.Compare(r.Priority, o.Priority), cmp.Compare(r.EffectiveAt, o.EffectiveAt), cmp.Compare(r.RecordedAt, o.RecordedAt), cmp.Compare(r.Checksum, o.Checksum))
}

// Priority ranks a version by its state and author; see the package comment. It is
// 0 or more.
func Priority(state bitext.State, kind bitext.OriginKind) int {
	var approved, author int
	if state >= bitext.Reviewed {
		approved = int(state)
	}
	switch kind {
	case bitext.FromHuman:
		author = 5
	case bitext.FromCatalog:
		author = 4
	case bitext.FromImport, "":
		author = 3
	case bitext.FromEngine:
		author = 2
	case bitext.FromSource:
		author = 1
	}
	return 100*approved + 10*author + int(state)
}
