package sqlite

import (
	"context"
	"database/sql"
	"iter"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
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
		chunk, many := make([]bitext.Entry, 0, chunkSize), false
		for e, err := range entries {
			if err != nil {
				theirs = err
				return err
			}
			if chunk = append(chunk, e); len(chunk) == cap(chunk) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if !many {
					if many, err = true, s.growCache(tx); err != nil {
						return err
					}
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
		result = a.Result
		if result.Added > 0 {
			result.Batch = a.Batch.ID
		}
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
	*slot.Adder[*row]
}

func newAdder(tx *sql.Tx, b memory.Batch, o memory.AddOptions) (*adder, error) {
	w, err := newWriter(tx, b.Time)
	if err != nil {
		return nil, err
	}
	if b.ID != 0 {
		if err := checkContinued(tx, b.ID); err != nil {
			w.close()
			return nil, err
		}
	}
	b.Time = w.now
	return &adder{w, slot.NewAdder(w, b, o)}, nil
}

// add stores one chunk of entries.
func (a *adder) add(chunk []bitext.Entry) error {
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
		e := &chunk[i]
		r, s, err := a.newRow(e, keys[i], a.now.Unix())
		if err != nil {
			return err
		}
		if err := a.Add(e, r, s); err != nil {
			return err
		}
	}
	return nil
}
