package sqlite

import (
	"context"
	"database/sql"
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
	defer s.guard(&err)()
	var theirs error
	err = s.update(ctx, func(tx *sql.Tx) error {
		a, err := newAdder(tx, b, o)
		if err != nil {
			return err
		}
		defer a.close()
		chunk := make([]bitext.Entry, 0, chunkSize)
		for e, err := range entries {
			if err != nil {
				theirs = err
				return err
			}
			if chunk = append(chunk, e); len(chunk) == cap(chunk) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := a.add(chunk); err != nil {
					return err
				}
				chunk = chunk[:0]
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.add(chunk); err != nil {
			return err
		}
		if err := a.finish(); err != nil {
			return err
		}
		if a.result.Added > 0 {
			a.result.Batch = a.batch.ID
		}
		result = a.result
		return nil
	})
	if theirs != nil {
		return memory.Result{}, theirs
	}
	if err != nil {
		return memory.Result{}, s.wrap(err)
	}
	return result, nil
}

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

func newAdder(tx *sql.Tx, b memory.Batch, o memory.AddOptions) (*adder, error) {
	w, err := newWriter(tx, b.Time)
	if err != nil {
		return nil, err
	}
	a := &adder{writer: w, batch: b, options: o}
	a.batch.Time = w.now
	if b.ID != 0 {
		if err := checkContinued(tx, b.ID); err != nil {
			w.close()
			return nil, err
		}
		a.hasBatch = true
	}
	return a, nil
}

// add stores one chunk of entries.
func (a *adder) add(chunk []bitext.Entry) error {
	if len(chunk) == 0 {
		return nil
	}
	keys := make([]string, len(chunk))
	for i := range chunk {
		e := &chunk[i]
		if e.SourceLocale == "" || e.TargetLocale == "" {
			return fmt.Errorf("entry %q has no %s locale", diag.Excerpt(e.Source.Chars), either(e.SourceLocale == "", "source", "target"))
		}
		if err := stored.CheckCodes(e.Source); err != nil {
			return fmt.Errorf("source %q: %w", diag.Excerpt(e.Source.Chars), err)
		}
		if err := stored.CheckCodes(e.Target); err != nil {
			return fmt.Errorf("target %q: %w", diag.Excerpt(e.Target.Chars), err)
		}
		keys[i] = e.Source.Key()
	}
	if err := a.resolve(chunk, keys); err != nil {
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
	r, isNew, err := a.newRow(e, key, a.now.Unix())
	if err != nil {
		return err
	}
	if isNew {
		return a.store(r, e, nil)
	}
	s, err := a.slotOf(r)
	if err != nil {
		return err
	}
	if len(s.rows) == 0 {
		return a.store(r, e, nil)
	}
	for _, old := range s.sameContent(r) {
		if old.withdrawn == 0 && !old.inHistory {
			return a.unchanged(old, s)
		}
	}
	if err = a.loadHistory(s); err != nil {
		return err
	}
	best := s.best()
	for _, old := range s.sameContent(r) {
		switch {
		case old.withdrawn != 0:
			if a.options.KeepWithdrawn {
				a.result.Withdrawn++
				return nil
			}
		// Below the priority of the current version the time does not matter: an
		// older version of this content cannot become current by it.
		case !a.options.Force && (old.time == r.time || r.priority < best.priority):
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
	if err := a.loadHistory(s); err != nil {
		return err
	}
	c := *old
	c.inHistory, c.isNew = false, true
	c.withdraw(0)
	if !c.time.Valid {
		c.effectiveAt = a.now.Unix()
	}
	if err := a.number(&c); err != nil {
		return err
	}
	a.result.Unchanged--
	_, err := a.put(s, &c)
	return err
}

// store adds r to the versions of its slot, and counts what that changed.
func (a *adder) store(r *row, e *bitext.Entry, s *slotRows) error {
	if err := a.number(r); err != nil {
		return err
	}
	if s == nil {
		return a.putNew(r)
	}
	var other *row // another's version that was added since the caller read the slot
	if a.options.BasedOn != 0 {
		for _, old := range s.rows {
			if !old.inHistory && old.withdrawn == 0 && old.version >= a.options.BasedOn && old.batch != r.batch && old.target != r.target {
				other = old
			}
		}
	}
	added := []*row{r}
	if r.isImported() {
		for _, old := range a.seenIn(s) {
			if old.isImported() && old.withdrawn == 0 && old.batch != r.batch && a.seen.Has(old.version) {
				c := *old
				c.inHistory, c.isNew = false, true
				if err := a.number(&c); err != nil {
					return err
				}
				a.result.Unchanged--
				added = append(added, &c)
				a.seen.Remove(old.version)
			}
		}
	}
	superseded, err := a.put(s, added...)
	if err != nil {
		return err
	}
	if r.inHistory {
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
	c := memory.Conflict{Entry: *e, Current: !r.inHistory, Other: memory.Version{Entry: old, Batch: other.batch, Current: !other.inHistory}}
	a.result.Conflicts = append(a.result.Conflicts, c)
	return nil
}

// number makes r a new version of this batch.
func (a *adder) number(r *row) error {
	if !a.hasBatch {
		if err := a.newBatch(&a.batch, 0); err != nil {
			return err
		}
		a.hasBatch = true
	}
	r.version, r.recordedAt, r.batch = a.newVersion(), a.tick(), a.batch.ID
	a.result.Added++
	a.added[r.batch]++
	return a.seal(r)
}

func either(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}
