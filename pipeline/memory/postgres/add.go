package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// Add implements memory.Writer.
func (s *Store) Add(ctx context.Context, b memory.Batch, entries []bitext.Entry) (memory.Result, error) {
	return s.AddAll(ctx, b, func(yield func(bitext.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	})
}

// AddAll implements memory.Writer.
func (s *Store) AddAll(ctx context.Context, b memory.Batch, entries iter.Seq2[bitext.Entry, error]) (memory.Result, error) {
	return s.AddWith(ctx, b, memory.AddOptions{}, entries)
}

// AddWith implements memory.Writer.
func (s *Store) AddWith(ctx context.Context, b memory.Batch, o memory.AddOptions, entries iter.Seq2[bitext.Entry, error]) (result memory.Result, err error) {
	if b.ID == 0 && b.UID == "" {
		b.UID = stored.NewUID() // the same for every attempt
	}
	source := newReplay(entries)
	defer source.close()
	err = s.update(ctx, b.Time, func(w *writer) error {
		a := &adder{writer: w, batch: b, options: o}
		a.batch.Time = w.now
		if b.ID != 0 {
			if err := w.checkContinued(b.ID); err != nil {
				return err
			}
			a.hasBatch = true
		}
		chunk := make([]bitext.Entry, 0, chunkSize)
		for e, err := range source.all() {
			if err != nil {
				return callerError{err}
			}
			if chunk = append(chunk, e); len(chunk) == cap(chunk) {
				if err := a.add(chunk); err != nil {
					return err
				}
				if err := a.flush(); err != nil {
					return err
				}
				chunk = chunk[:0]
			}
		}
		if err := a.add(chunk); err != nil {
			return err
		}
		result = a.result
		if a.result.Added == 0 {
			return nil
		}
		result.Batch = a.batch.ID
		return a.finish()
	})
	if source.err != nil {
		return memory.Result{}, source.err
	}
	if err != nil {
		return memory.Result{}, s.wrap(err)
	}
	return result, nil
}

// replayed is how many entries are kept for another attempt. An act of adding that is
// larger fails when its connection is lost.
const replayed = 20_000

// replay walks over a sequence several times, as long as it is not too long.
type replay[T any] struct {
	next func() (T, error, bool)
	stop func()
	kept []T
	more bool // there were too many to keep
	done bool
	err  error // the sequence's own
}

func newReplay[T any](all iter.Seq2[T, error]) *replay[T] {
	r := &replay[T]{}
	r.next, r.stop = iter.Pull2(all)
	return r
}

func (r *replay[T]) close() { r.stop() }

// all walks over the sequence from its beginning.
func (r *replay[T]) all() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if r.more {
			var zero T
			yield(zero, fmt.Errorf("%w: the connection was lost, and more than %d entries cannot be sent again", errLost, replayed))
			return
		}
		for _, e := range r.kept {
			if !yield(e, nil) {
				return
			}
		}
		if r.err != nil {
			var zero T
			yield(zero, r.err)
			return
		}
		for !r.done {
			e, err, ok := r.next()
			if !ok {
				r.done = true
				r.stop()
				return
			}
			if err != nil {
				r.err = err
				yield(e, err)
				return
			}
			if len(r.kept) < replayed {
				r.kept = append(r.kept, e)
			} else {
				r.more = true
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

var errLost = errors.New("nothing was stored")

// callerError is an error of a sequence that the caller gave: it is never a reason to
// try again, whatever is in it.
type callerError struct{ err error }

func (e callerError) Error() string { return e.err.Error() }

// adder adds entries to one batch within one transaction.
type adder struct {
	*writer
	batch    memory.Batch
	options  memory.AddOptions
	hasBatch bool // the batch has its row
	result   memory.Result

	// Alternatives of one import belong to one batch. So an entry of this import that
	// the memory has from another batch is copied into this one, where the import has
	// something new for the same slot. seen has the versions found unchanged.
	seen stored.Set
}

// add stores one chunk of entries.
func (a *adder) add(chunk []bitext.Entry) error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	if len(chunk) == 0 {
		return nil
	}
	keys := make([]string, len(chunk))
	for i := range chunk {
		e := &chunk[i]
		for _, l := range []struct{ side, locale string }{{"source", e.SourceLocale}, {"target", e.TargetLocale}} {
			if l.locale == "" {
				return fmt.Errorf("entry %q has no %s locale", diag.Excerpt(e.Source.Chars), l.side)
			}
		}
		if err := stored.CheckCodes(e.Source); err != nil {
			return fmt.Errorf("source %q: %w", diag.Excerpt(e.Source.Chars), err)
		}
		if err := stored.CheckCodes(e.Target); err != nil {
			return fmt.Errorf("target %q: %w", diag.Excerpt(e.Target.Chars), err)
		}
		keys[i] = e.Source.Key()
	}
	if err := a.begin(chunk, keys); err != nil {
		return err
	}
	for i := range chunk {
		if err := a.insert(&chunk[i], keys[i]); err != nil {
			return err
		}
	}
	return nil
}

// insert puts one entry into its slot.
func (a *adder) insert(e *bitext.Entry, key string) error {
	r, s := a.newRow(e, key, a.now.Unix())
	if len(s.rows) == 0 {
		return a.store(r, e, s)
	}
	same := s.sameContent(r)
	for _, old := range same {
		if old.current {
			return a.unchanged(old, s)
		}
	}
	best := s.best()
	for _, old := range same {
		switch {
		case old.withdrawn != 0:
			if a.options.KeepWithdrawn {
				a.result.Withdrawn++
				return nil
			}
		// Below the priority of the current version the time does not matter: an
		// older version of this content cannot become current by it.
		case !a.options.Force && (old.sameTime(r) || r.priority < best.rank().Priority):
			return a.unchanged(old, s)
		}
	}
	if a.options.Force && best.withdrawn == 0 {
		r.priority = max(r.priority, best.priority)
		r.effectiveAt = max(r.effectiveAt, best.effectiveAt)
	}
	return a.store(r, e, s)
}

// unchanged counts an entry that the memory has as version old.
func (a *adder) unchanged(old *row, s *slotRows) error {
	a.result.Unchanged++
	if !old.isImported() || a.hasBatch && old.batch == a.batch.ID {
		return nil
	}
	// If the best version is imported, all current ones are of its batch.
	if best := s.best(); a.hasBatch && best.batch == a.batch.ID && best.isImported() {
		return a.adopt(old, s)
	}
	if a.seen.Add(old.version); s.index != nil {
		s.index.seen = append(s.index.seen, old)
	}
	return nil
}

// adopt stores a copy of version old, which another batch added, in this batch.
func (a *adder) adopt(old *row, s *slotRows) error {
	c := *old
	c.current, c.isNew, c.isChanged, c.withdrawn = false, true, false, 0
	if c.time == nil {
		c.effectiveAt = a.now.Unix()
	}
	if err := a.number(&c); err != nil {
		return err
	}
	a.result.Unchanged--
	a.put(s, &c)
	return nil
}

// store adds r to the versions of its slot, and counts what that changed.
func (a *adder) store(r *row, e *bitext.Entry, s *slotRows) error {
	if err := a.number(r); err != nil {
		return err
	}
	var other *row // another's version that was added since the caller read the slot
	if a.options.BasedOn != 0 {
		for _, old := range s.rows {
			if old.current && old.version >= a.options.BasedOn && old.batch != r.batch && old.target != r.target {
				other = old
			}
		}
	}
	added := []*row{r}
	if r.isImported() {
		for _, old := range a.seenIn(s) {
			if old.isImported() && old.withdrawn == 0 && old.batch != r.batch && a.seen.Has(old.version) {
				c := *old
				c.current, c.isNew, c.isChanged = false, true, false
				if err := a.number(&c); err != nil {
					return err
				}
				a.result.Unchanged--
				added = append(added, &c)
				a.seen.Remove(old.version)
			}
		}
	}
	superseded := a.put(s, added...)
	if !r.current {
		a.result.Outranked++
	} else if superseded {
		a.result.Superseded++
	}
	if other != nil {
		return a.conflict(r, e, other)
	}
	return nil
}

// seenIn returns versions of a slot, among them all that are in a.seen.
func (a *adder) seenIn(s *slotRows) []*row {
	if s.index == nil {
		return s.rows
	}
	seen := s.index.seen
	s.index.seen = nil
	return seen
}

func (a *adder) conflict(r *row, e *bitext.Entry, other *row) error {
	if a.result.Conflicting++; len(a.result.Conflicts) >= memory.MaxConflicts {
		return nil
	}
	old, err := other.entry(e.Source.Key())
	if err != nil {
		return err
	}
	old.SourceLocale, old.TargetLocale = e.SourceLocale, e.TargetLocale
	old.Prev, old.Next, old.Place = e.Prev, e.Next, e.Place
	a.result.Conflicts = append(a.result.Conflicts,
		memory.Conflict{Entry: *e, Current: r.current, Other: memory.Version{Entry: old, Batch: other.batch, Current: other.current}})
	return nil
}

// number makes r a new version of this batch.
func (a *adder) number(r *row) error {
	if !a.hasBatch {
		a.newBatch(&a.batch, 0)
		a.hasBatch = true
	}
	r.version, r.recordedAt, r.batch = a.newVersion(), a.tick(), a.batch.ID
	a.result.Added++
	a.added[r.batch]++
	return a.seal(r)
}
