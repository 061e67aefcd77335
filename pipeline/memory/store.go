package memory

import (
	"context"
	"iter"

	"hexapla/pipeline/bitext"
)

// Store is a translation memory. It may be used by many goroutines, and the same
// memory by many processes at once: readers never wait, writers wait for each
// other. Package memorytest has the laws.
type Store interface {
	Reader
	Writer

	// Close ends the store's use. It does not wait for running calls.
	Close() error
}

// TargetsReader is a Reader that answers queries for several target locales in one round
// trip: of a memory that another machine has.
type TargetsReader interface {
	// LookupTargets is Reader.Lookup for several target locales. Fuzzy of the queries
	// is ignored: there are no fuzzy matches. The answers are in the order of targets,
	// and share nothing.
	LookupTargets(ctx context.Context, source string, targets []string, queries []Query) ([][][]bitext.Match, error)
}

// Reader is the reading half of a Store.
type Reader interface {
	// Lookup answers queries for one locale pair, each with its matches, the best
	// first. Locales are compared as they are, without fallback. Matches in context
	// come first, then exact ones, both by rank, then fuzzy ones by score. Of
	// matches with equal targets only the best is kept. See Exact and Fuzzy.
	Lookup(ctx context.Context, source, target string, queries []Query) ([][]bitext.Match, error)

	// Entries walks over the current entries of the locale pairs that have the given
	// source and target, any if empty: pair by pair in order of their tags, and
	// within a pair in order of each slot's first addition. The walk sees the memory
	// as it is when it begins.
	Entries(ctx context.Context, source, target string) iter.Seq2[bitext.Entry, error]

	// History walks over all versions that the filter selects, slot by slot in order
	// of first addition within a locale pair, each slot's versions in order of
	// addition. Batches that only undo have no versions.
	History(ctx context.Context, f Filter) iter.Seq2[Version, error]

	// Search returns the current entries that contain a text, each pair of source and
	// target once: first those that are the text, then those that begin with it, then
	// the newest.
	Search(ctx context.Context, q Search) ([]Found, error)

	// Batches lists the memory's batches, the newest first.
	Batches(ctx context.Context) ([]BatchInfo, error)

	// Revision returns a number that grows with every change of the memory, for
	// AddOptions.BasedOn. It is never 0.
	Revision(ctx context.Context) (int64, error)

	// Stats counts what the memory holds. It may read all of it.
	Stats(ctx context.Context) (Stats, error)
}

// Writer is the writing half of a Store.
type Writer interface {
	// Add stores entries, all of them or, on an error, none. An entry's slot is given
	// by its locales, source key, Prev, Next and Place; its ID and Origin.Entry are
	// ignored. What is there already is not stored again, whatever its time, so that
	// adding the same twice changes nothing.
	Add(ctx context.Context, b Batch, entries []bitext.Entry) (Result, error)

	// AddAll is Add for entries that come one by one, as from a file of any size:
	// memory in use does not grow with their number. An error that entries yields is
	// returned as it is, and nothing is stored.
	AddAll(ctx context.Context, b Batch, entries iter.Seq2[bitext.Entry, error]) (Result, error)

	// AddWith is AddAll with options.
	AddWith(ctx context.Context, b Batch, o AddOptions, entries iter.Seq2[bitext.Entry, error]) (Result, error)

	// Undo takes a batch back: its versions are withdrawn, and each slot has again
	// the best of the others, or none. Nothing is removed. The undoing is a batch of
	// its own, with the author, note and time of by, and can be undone in its turn,
	// which puts the versions back in force. It returns how many versions were
	// withdrawn or put back.
	Undo(ctx context.Context, batch int64, by Batch) (int, error)
}

// State identifies what a memory holds at one time, so that what changed after it
// can be found. Version counts the versions of entries, Undos the batches that undo
// others; Batch and BatchUID are the last batch. It is comparable.
type State struct {
	Version  int64
	Undos    int64
	Batch    int64
	BatchUID string
}
