package workspace

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/sqlite"
)

// VerifyMemory reads the whole memory of a project that was opened without it, and its
// journal, and returns what is damaged.
func (w *Workspace) VerifyMemory(ctx context.Context) (_ []diag.Diagnostic, err error) {
	if w.Config.Memory.URL != "" {
		return w.verifyDatabase(ctx)
	}
	if err := w.checkMemoryFile(w.Config); err != nil {
		return nil, err
	}
	path := w.Dir.Path(w.Config.Memory.Path)
	var found []diag.Diagnostic
	report := func(message string) {
		found = append(found, diag.Diagnostic{ID: "memory.damaged", Severity: diag.Error, Place: diag.Place{Path: w.Config.Memory.Path}, Message: message,
			Hint: "hexapla memory recover saves what is not damaged"})
	}
	store, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err == nil {
		defer func() { err = errors.Join(err, store.Close()) }()
	}
	sound := false
	switch {
	case errors.Is(err, fs.ErrNotExist) && w.hasJournal():
	case errors.Is(err, memory.ErrDamaged) || errors.Is(err, memory.ErrNotMemory):
		report(err.Error())
	case err != nil:
		return nil, err
	default:
		problems, err := store.Verify(ctx)
		for _, p := range problems {
			report(p)
		}
		if errors.Is(err, memory.ErrDamaged) {
			report(err.Error())
		} else if err != nil {
			return found, err
		}
		sound = len(found) == 0
	}
	if !w.hasJournal() {
		return found, nil
	}
	dir, err := w.Dir.Sub(config.JournalFolder)
	if err != nil {
		return found, err
	}
	defer dir.Close()
	var records journal.Recorder // the journal is compared with a sound memory only
	if sound {
		records = store
	}
	_, lines, err := journal.Check(ctx, dir.Root(), config.JournalFolder, records)
	return append(found, lines...), err
}

// verifyDatabase reads everything in a database.
func (w *Workspace) verifyDatabase(ctx context.Context) (found []diag.Diagnostic, err error) {
	store, err := postgres.Open(ctx, w.Config.Memory.URL, postgres.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	for _, err := range store.Records(ctx) {
		if errors.Is(err, memory.ErrDamaged) {
			return append(found, diag.Diagnostic{ID: "memory.damaged", Severity: diag.Error, Message: err.Error(),
				Hint: "restore the database from a backup; the tool pg_amcheck of PostgreSQL checks its files"}), nil
		} else if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// needsFile fails if the memory is in a database.
func (w *Workspace) needsFile() error {
	if w.Config.Memory.URL == "" {
		return nil
	}
	return exit.Usagef("the memory is in a database, whose own tools restore it: restore a backup, or copy another memory into it with 'hexapla memory copy'")
}

func (w *Workspace) hasJournal() bool {
	return w.Config.Memory.Journal && w.Dir.Exists(config.JournalFolder)
}

// Repaired is what RecoverMemory and RebuildMemory did. Old is where the database
// that was replaced is now, "" if there was none. Journal counts the versions that came
// from the journal alone.
type Repaired struct {
	sqlite.Recovered
	Journal int
	Old     string
}

// RecoverMemory replaces the damaged memory of a project that was opened without it by
// what can be read of it, together with what the journal has. The damaged file is kept
// under another name.
func (w *Workspace) RecoverMemory(ctx context.Context) (r Repaired, err error) {
	if err := w.needsFile(); err != nil {
		return r, err
	}
	path := w.Dir.Path(w.Config.Memory.Path)
	if err := w.checkMemoryFile(w.Config); err != nil {
		return r, err
	}
	if _, err := os.Stat(path); err != nil {
		return r, exit.UsageError{Err: err}
	}
	recovered, err := unusedName(path + ".recovered")
	if err != nil {
		return r, err
	}
	r.Recovered, err = sqlite.Recover(ctx, path, recovered)
	if err != nil {
		if ctx.Err() != nil || !w.hasJournal() {
			removeDatabase(recovered)
			return r, err
		}
		r.Lost = append(r.Lost, err.Error())
	}
	return r, w.replaceMemory(ctx, &r, path, recovered, ".damaged")
}

// RebuildMemory replaces the memory of a project that was opened without it by a new
// one from the journal. What the journal does not have yet is written to it first; with
// restore also what it has not any more.
func (w *Workspace) RebuildMemory(ctx context.Context, restore bool) (r Repaired, err error) {
	if err := w.needsFile(); err != nil {
		return r, err
	}
	if !w.hasJournal() {
		return r, exit.Usagef("the project has no journal in %s: set journal = true in the table [memory] of %s", config.JournalFolder, config.FileName)
	}
	if err := w.checkMemoryFile(w.Config); err != nil {
		return r, err
	}
	path := w.Dir.Path(w.Config.Memory.Path)
	if err := w.Dir.MakeParent(w.Config.Memory.Path); err != nil {
		return r, err
	}
	if _, err := os.Stat(path); err == nil {
		store, err := sqlite.Open(ctx, path, sqlite.Options{})
		if err != nil {
			return r, fmt.Errorf("%w: 'hexapla memory recover' saves what the database has and the journal has not", err)
		}
		if err = w.syncFolder(ctx, store); err == nil && restore {
			err = w.restoreLines(ctx, store)
		}
		if err = errors.Join(err, store.Close()); err != nil {
			return r, err
		}
	}
	fresh, err := unusedName(path + ".new")
	if err != nil {
		return r, err
	}
	return r, w.replaceMemory(ctx, &r, path, fresh, ".old")
}

// replaceMemory brings the database in the file from up to date with the journal and
// gives it the name path; the one that had the name gets the suffix.
func (w *Workspace) replaceMemory(ctx context.Context, r *Repaired, path, from, suffix string) (err error) {
	store, err := sqlite.Open(ctx, from, sqlite.Options{})
	if err == nil {
		if w.hasJournal() {
			before := 0
			if before, err = countVersions(ctx, store); err == nil {
				if err = w.syncFolder(ctx, store); err == nil {
					var after int
					after, err = countVersions(ctx, store)
					r.Journal = after - before
				}
			}
		}
		err = errors.Join(err, store.Close())
	}
	if err != nil {
		removeDatabase(from)
		return err
	}
	if _, err := os.Stat(path); err == nil {
		if r.Old, err = unusedName(path + suffix); err != nil {
			return err
		}
		// The log belongs to the database.
		for _, part := range databaseParts {
			if err := os.Rename(path+part, r.Old+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return os.Rename(from, path)
}

// databaseParts are the endings of the files of a database.
var databaseParts = []string{"", "-wal", "-shm"}

func removeDatabase(path string) {
	for _, part := range databaseParts {
		_ = os.Remove(path + part)
	}
}

func countVersions(ctx context.Context, store *sqlite.Store) (int, error) {
	batches, err := store.Batches(ctx)
	n := 0
	for _, b := range batches {
		n += b.Versions
	}
	return n, err
}

// syncFolder brings a database and the journal up to date with each other.
func (w *Workspace) syncFolder(ctx context.Context, store *sqlite.Store) error {
	dir, err := w.Dir.Sub(config.JournalFolder)
	if err != nil {
		return err
	}
	defer dir.Close()
	_, found, err := journal.Sync(ctx, dir.Root(), config.JournalFolder, store)
	w.Diagnostics = append(w.Diagnostics, found...)
	return err
}

// restoreLines writes the lines to the journal that were removed from it.
func (w *Workspace) restoreLines(ctx context.Context, store *sqlite.Store) error {
	dir, err := w.Dir.Sub(config.JournalFolder)
	if err != nil {
		return err
	}
	defer dir.Close()
	lost, _, err := journal.Check(ctx, dir.Root(), config.JournalFolder, store)
	if err != nil || lost.Len() == 0 {
		return err
	}
	if err := store.SetPending(ctx, lost); err != nil {
		return err
	}
	_, _, err = journal.Sync(ctx, dir.Root(), config.JournalFolder, store)
	return err
}

// unusedName returns a name that no file has: the given one, or with a number.
func unusedName(name string) (string, error) {
	for n := 1; n < 10_000; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprint(name, n)
		}
		if _, err := os.Lstat(try); errors.Is(err, fs.ErrNotExist) {
			return try, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%s and all names like it are in use: remove old copies", name)
}
