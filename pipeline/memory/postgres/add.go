package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
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
		a, err := newAdder(w, b, o)
		if err != nil {
			return err
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
		result = a.Result
		if result.Added == 0 {
			return nil
		}
		result.Batch = a.Batch.ID
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
	*slot.Adder[*row]
}

func newAdder(w *writer, b memory.Batch, o memory.AddOptions) (*adder, error) {
	if b.ID != 0 {
		if err := w.checkContinued(b.ID); err != nil {
			return nil, err
		}
	}
	b.Time = w.now
	return &adder{w, slot.NewAdder(w, b, o)}, nil
}

// add stores one chunk of entries.
func (a *adder) add(chunk []bitext.Entry) error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	if len(chunk) == 0 {
		return nil
	}
	keys, err := slot.Keys(chunk)
	if err != nil {
		return err
	}
	if err := a.begin(chunk, keys); err != nil {
		return err
	}
	for i := range chunk {
		r, s := a.newRow(&chunk[i], keys[i], a.now.Unix())
		if err := a.Add(&chunk[i], r, s); err != nil {
			return err
		}
	}
	return nil
}
