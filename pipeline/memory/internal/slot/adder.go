package slot

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// Store is what adding needs of a store within a transaction.
type Store[R Row[R]] interface {
	// Number makes r a new version of a batch: it gives r its number, its time of
	// recording and its checksum, and the batch an ID if it has none. e is the entry that
	// r was made of, nil if there is only the row.
	Number(r R, e *bitext.Entry, b *memory.Batch) error
	// Complete loads the versions of a slot that are not loaded yet.
	Complete(s *Rows[R]) error
	// Write stores what a plan changed in a slot.
	Write(s *Rows[R], p Plan[R]) error
}

// Keys checks entries before they are added, and returns the keys of their sources.
func Keys(entries []bitext.Entry) ([]string, error) {
	keys := make([]string, len(entries))
	for i := range entries {
		e := &entries[i]
		for _, l := range [...]struct{ side, locale string }{{"source", e.SourceLocale}, {"target", e.TargetLocale}} {
			if l.locale == "" {
				return nil, fmt.Errorf("entry %q has no %s locale", diag.Excerpt(e.Source.Chars), l.side)
			}
		}
		if e.State > bitext.Final {
			return nil, fmt.Errorf("entry %q has the unknown state %d", diag.Excerpt(e.Source.Chars), e.State)
		}
		if err := stored.CheckCodes(e.Source); err != nil {
			return nil, fmt.Errorf("source %q: %w", diag.Excerpt(e.Source.Chars), err)
		}
		if err := stored.CheckCodes(e.Target); err != nil {
			return nil, fmt.Errorf("target %q: %w", diag.Excerpt(e.Target.Chars), err)
		}
		keys[i] = e.Source.Key()
	}
	return keys, nil
}

// Put adds new versions to a slot, and reports whether one that was current is no
// longer.
func Put[R Row[R]](store Store[R], s *Rows[R], added ...R) (superseded bool, err error) {
	if err := store.Complete(s); err != nil {
		return false, err
	}
	p := s.Put(added...)
	return len(p.Lowered) > 0, store.Write(s, p)
}

// Adder adds entries to one batch within one transaction of a store.
type Adder[R Row[R]] struct {
	Batch  memory.Batch // it has an ID once it is in the store
	Result memory.Result

	store   Store[R]
	options memory.AddOptions

	// Alternatives of one import belong to one batch. So an entry of this import that
	// the memory has from another batch is copied into this one, where the import has
	// something new for the same slot. seen has the versions found unchanged.
	seen stored.Set
}

// NewAdder returns an Adder. A batch with an ID is continued; its time must be set.
func NewAdder[R Row[R]](store Store[R], b memory.Batch, o memory.AddOptions) *Adder[R] {
	return &Adder[R]{Batch: b, store: store, options: o}
}

// Add puts an entry into its slot. The row is new and has the entry's words.
func (a *Adder[R]) Add(e *bitext.Entry, r R, s *Rows[R]) error {
	if s.Len() == 0 {
		return a.add(r, e, s)
	}
	v := r.Base()
	if old, ok := s.currentLike(v); ok {
		return a.unchanged(old, s)
	}
	if err := a.store.Complete(s); err != nil {
		return err
	}
	best := s.Best().Base()
	// Below the priority of the current version the time does not matter: an older
	// version of this content cannot become current by it.
	if old, ok := s.formerLike(v, a.options.KeepWithdrawn, v.Priority < best.Priority, a.options.Force); ok {
		if old.Base().Withdrawn != 0 {
			a.Result.Withdrawn++
			return nil
		}
		return a.unchanged(old, s)
	}
	if a.options.Force && best.Withdrawn == 0 {
		v.Priority = max(v.Priority, best.Priority)
		v.EffectiveAt = max(v.EffectiveAt, best.EffectiveAt)
	}
	return a.add(r, e, s)
}

// isOfBatch reports whether the batch at work added a version.
func (a *Adder[R]) isOfBatch(v *Version) bool { return a.Batch.ID != 0 && v.Batch == a.Batch.ID }

// unchanged counts an entry that the memory has as version old.
func (a *Adder[R]) unchanged(old R, s *Rows[R]) error {
	a.Result.Unchanged++
	v := old.Base()
	if !v.isImported() || a.isOfBatch(v) {
		return nil
	}
	// If the best version is imported, all current ones are of its batch.
	if best := s.Best().Base(); a.isOfBatch(best) && best.isImported() {
		return a.adopt(old, s)
	}
	if a.seen.Add(v.Number); s.index != nil {
		s.index.seen = append(s.index.seen, old)
	}
	return nil
}

// adopt stores a copy of version old, which another batch added, in this batch.
func (a *Adder[R]) adopt(old R, s *Rows[R]) error {
	r := old.Copy()
	v := r.Base()
	v.Withdraw(0)
	if !v.Time.Valid {
		v.EffectiveAt = a.Batch.Time.Unix()
	}
	a.Result.Unchanged--
	if err := a.number(r, nil); err != nil {
		return err
	}
	_, err := Put(a.store, s, r)
	return err
}

// add adds r to the versions of its slot, and counts what that changed.
func (a *Adder[R]) add(r R, e *bitext.Entry, s *Rows[R]) error {
	if err := a.number(r, e); err != nil {
		return err
	}
	v := r.Base()
	if s.Len() == 0 {
		return a.store.Write(s, s.Put(r))
	}
	var other *Version // another's that was added since the caller read the slot, the last one
	if a.options.BasedOn != 0 {
		for _, c := range s.Current() {
			old := c.Base()
			if old.Number >= a.options.BasedOn && old.Batch != v.Batch && old.Target != v.Target && (other == nil || old.Number > other.Number) {
				other = old
			}
		}
	}
	added := []R{r}
	if v.isImported() {
		for _, old := range a.seenIn(s) {
			o := old.Base()
			if o.isImported() && o.Withdrawn == 0 && o.Batch != v.Batch && a.seen.Has(o.Number) {
				c := old.Copy()
				a.Result.Unchanged--
				if err := a.number(c, nil); err != nil {
					return err
				}
				added = append(added, c)
				a.seen.Remove(o.Number)
			}
		}
	}
	superseded, err := Put(a.store, s, added...)
	if err != nil {
		return err
	}
	if !v.Current {
		a.Result.Outranked++
	} else if superseded {
		a.Result.Superseded++
	}
	if other != nil {
		return a.conflict(v, e, other)
	}
	return nil
}

// seenIn returns versions of a slot, among them all that are in a.seen.
func (a *Adder[R]) seenIn(s *Rows[R]) []R {
	if s.index == nil {
		return s.rows
	}
	seen := s.index.seen
	s.index.seen = nil
	return seen
}

func (a *Adder[R]) conflict(v *Version, e *bitext.Entry, other *Version) error {
	if a.Result.Conflicting++; len(a.Result.Conflicts) >= memory.MaxConflicts {
		return nil
	}
	old, err := other.Entry(e.Source.Key())
	if err != nil {
		return err
	}
	old.SourceLocale, old.TargetLocale = e.SourceLocale, e.TargetLocale
	old.Prev, old.Next, old.Place = e.Prev, e.Next, e.Place
	a.Result.Conflicts = append(a.Result.Conflicts,
		memory.Conflict{Entry: *e, Current: v.Current, Other: memory.Version{Entry: old, Batch: other.Batch, Current: other.Current}})
	return nil
}

// number makes r a new version of the batch.
func (a *Adder[R]) number(r R, e *bitext.Entry) error {
	a.Result.Added++
	return a.store.Number(r, e, &a.Batch)
}
