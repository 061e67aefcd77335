package workspace

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/sqlite"
)

// CopyMemory adds everything in one memory to another: all versions, batches and notes,
// whether or not they are in use. What is there already stays as it is, so that a copy
// can be repeated. A name is the address of a database, a folder with a journal, or a
// file; the journal or the file of to is made if it is not there.
func CopyMemory(ctx context.Context, from, to string) (result memory.Result, found []diag.Diagnostic, err error) {
	for _, name := range []string{from, to} {
		if memory.IsURL(name) {
			if err := memory.CheckURL(name); err != nil {
				return result, nil, exit.UsageError{Err: err}
			}
		}
	}
	if same(from, to) {
		return result, nil, exit.Usagef("%s and %s are the same memory", from, to)
	}
	source, ds, err := openSource(ctx, from)
	found = append(found, ds...)
	if err != nil {
		return result, found, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	result, ds, err = copyTo(ctx, source.Records(ctx), to)
	return result, append(found, ds...), err
}

// same reports whether two names are those of one file or folder.
func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return a == b || err1 == nil && err2 == nil && os.SameFile(x, y)
}

// copySource is a memory that is read.
type copySource interface {
	Records(ctx context.Context) iter.Seq2[memory.Record, error]
	Close() error
}

// scratchStore is a memory in a scratch folder.
type scratchStore struct {
	*sqlite.Store
	scratch *rootfs.Scratch
}

func newScratchStore(ctx context.Context) (*scratchStore, error) {
	scratch, err := rootfs.NewScratch()
	if err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, filepath.Join(scratch.Path, "memory.db"), sqlite.Options{})
	if err != nil {
		return nil, errors.Join(err, scratch.Remove())
	}
	return &scratchStore{store, scratch}, nil
}

func (s *scratchStore) Close() error { return errors.Join(s.Store.Close(), s.scratch.Remove()) }

// openSource opens the memory to copy.
func openSource(ctx context.Context, name string) (copySource, []diag.Diagnostic, error) {
	if memory.IsURL(name) {
		s, err := postgres.Open(ctx, name, postgres.Options{ReadOnly: true})
		return s, nil, err
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, exit.UsageError{Err: err}
	}
	if !info.IsDir() {
		s, err := sqlite.Open(ctx, name, sqlite.Options{ReadOnly: true})
		return s, nil, err
	}
	dir, err := rootfs.Open(name)
	if err != nil {
		return nil, nil, exit.UsageError{Err: err}
	}
	defer dir.Close()
	if names, err := filepath.Glob(filepath.Join(name, "*.jsonl")); err != nil || len(names) == 0 {
		return nil, nil, exit.Usagef("%s is a folder without a journal (files *.jsonl)", name)
	}
	s, err := newScratchStore(ctx)
	if err != nil {
		return nil, nil, err
	}
	_, found, err := journal.Read(ctx, dir.Root(), name, s.Store)
	if err != nil {
		return nil, found, errors.Join(err, s.Close())
	}
	return s, found, nil
}

// copyTo adds records to a memory.
func copyTo(ctx context.Context, records iter.Seq2[memory.Record, error], name string) (result memory.Result, found []diag.Diagnostic, err error) {
	if memory.IsURL(name) {
		s, err := postgres.Open(ctx, name, postgres.Options{})
		if err != nil {
			return result, nil, err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		result, err = s.Merge(ctx, records)
		return result, nil, err
	}
	info, err := os.Stat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return result, nil, exit.UsageError{Err: err}
	}
	if err == nil && info.IsDir() || strings.HasSuffix(name, "/") || strings.HasSuffix(name, string(filepath.Separator)) {
		return copyToJournal(ctx, records, name)
	}
	s, err := sqlite.Open(ctx, name, sqlite.Options{})
	if err != nil {
		return result, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	result, err = s.Merge(ctx, records, nil)
	return result, nil, err
}

// copyToJournal adds records to a journal.
func copyToJournal(ctx context.Context, records iter.Seq2[memory.Record, error], name string) (result memory.Result, found []diag.Diagnostic, err error) {
	dir, err := rootfs.Create(name)
	if err != nil {
		return result, nil, err
	}
	defer dir.Close()
	if !dir.Exists(attributesFile) {
		if _, err := dir.WriteFile(attributesFile, []byte(journal.Attributes)); err != nil {
			return result, nil, err
		}
	}
	s, err := newScratchStore(ctx)
	if err != nil {
		return result, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if _, found, err = journal.Read(ctx, dir.Root(), name, s.Store); err != nil {
		return result, found, err
	}
	if result, err = s.Merge(ctx, records, nil); err != nil {
		return result, found, err
	}
	_, _, err = journal.Sync(ctx, dir.Root(), name, s.Store)
	if err != nil {
		return result, found, fmt.Errorf("%s: %w", name, err)
	}
	return result, found, nil
}
