package workspace

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/sqlite"
)

// MemoryMode is how Open opens the translation memory of a project.
type MemoryMode int

// The modes.
const (
	NoMemory MemoryMode = iota

	// ReadWrite creates the memory if there is none, and imports the TMX files of
	// the configuration that it does not have yet.
	ReadWrite

	// ReadOnly is ReadWrite for a command that only reads: where the project cannot
	// be written to, it is DryRun.
	ReadOnly

	// ReadAndIndex is ReadWrite, or ReadOnly where the project cannot be written to: for
	// a command that only reads, but does so faster with indexes that it may write.
	ReadAndIndex

	// DryRun has what ReadWrite would have and writes nothing to the project. If
	// there is nothing to import, it reads the memory; else it works on a copy, which
	// Close removes.
	DryRun
)

// openMemory opens the memory.
func (w *Workspace) openMemory(ctx context.Context, cfg *config.Config, clock func() time.Time, mode MemoryMode) error {
	if mode == NoMemory {
		return nil
	}
	if err := w.checkMemoryFile(cfg); err != nil {
		return err
	}
	m := &importer{w, cfg, clock}
	switch mode {
	case DryRun:
		return m.openDry(ctx)
	case ReadAndIndex:
		err := m.openWritable(ctx)
		if err != nil && unwritable(err) {
			return m.openDry(ctx)
		}
		return err
	case ReadOnly:
		if done, err := m.openStored(ctx); done || err != nil {
			return err
		}
		err := m.openWritable(ctx)
		if err != nil && unwritable(err) {
			return m.openDry(ctx)
		}
		return err
	}
	return m.openWritable(ctx)
}

func unwritable(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, memory.ErrReadOnly)
}

// checkMemoryFile rejects a memory that is not a regular file: SQLite would wait
// for ever on a named pipe, and create a file where a dangling link points to. It
// also rejects an empty file if there are editions: it was a memory, and is lost.
func (w *Workspace) checkMemoryFile(cfg *config.Config) error {
	if cfg.Memory.URL != "" {
		return nil
	}
	name := cfg.Memory.Path
	f, err := w.Dir.OpenFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if w.Dir.IsLink(name) {
			return exit.Usagef("%s: symbolic link to a file that does not exist", w.Dir.Path(name))
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() > 0 {
		return err
	}
	editions, err := w.Dir.Glob([]string{path.Join(cfg.OutputFolder(), cfg.ManifestPath("*"))})
	if err != nil || len(editions) == 0 {
		return err
	}
	return exit.Usagef("%s is empty, but there are editions: the memory is lost; restore it from a backup, or remove the file to begin a new memory", w.Dir.Path(name))
}

// importer opens the memory of a workspace and imports TMX files into it.
type importer struct {
	*Workspace
	cfg   *config.Config
	clock func() time.Time
}

// use makes a store the workspace's.
func (m *importer) use(store database) {
	m.Store, m.database = store, store
	m.file, _ = store.(*sqlite.Store)
}

// openStore opens the file or the database that the configuration names. The error is
// fs.ErrNotExist if there is no memory and readOnly is set.
func (m *importer) openStore(ctx context.Context, readOnly bool) (database, error) {
	if m.cfg.Memory.URL == "" {
		store, err := sqlite.Open(ctx, m.Dir.Path(m.cfg.Memory.Path), sqlite.Options{ReadOnly: readOnly})
		if err != nil {
			return nil, err
		}
		return store, nil
	}
	store, err := postgres.Open(ctx, m.cfg.Memory.URL, postgres.Options{ReadOnly: readOnly})
	if readOnly && errors.Is(err, memory.ErrNotMemory) {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	if err != nil {
		return nil, err
	}
	if err := m.checkMoved(ctx, store); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// checkMoved rejects an empty database beside a memory in a file: somebody set the
// address and did not copy the memory.
func (m *importer) checkMoved(ctx context.Context, store *postgres.Store) error {
	if stamp, ok := m.Dir.Stamp(m.cfg.Memory.Path); !ok || stamp.Size == 0 {
		return nil
	}
	if state, err := store.State(ctx); err != nil || state != (memory.State{}) {
		return err
	}
	return exit.Usagef("the database %s is empty, but there is a memory in %s: copy it with 'hexapla memory copy %[2]s %[3]s', or remove the file to begin a new memory",
		store.Name(), m.Dir.Path(m.cfg.Memory.Path), m.cfg.Memory.URL)
}

func (m *importer) openWritable(ctx context.Context) error {
	if m.cfg.Memory.URL == "" {
		if err := m.Dir.MakeParent(m.cfg.Memory.Path); err != nil {
			return err
		}
	}
	store, err := m.openStore(ctx, false)
	if err != nil {
		return err
	}
	m.use(store)
	err = m.openJournal(ctx)
	if err == nil {
		err = m.importPendingTMX(ctx)
	}
	if err != nil {
		if m.journal != nil {
			m.journal.Close()
			m.journal = nil
		}
		m.Store = nil
		return errors.Join(err, store.Close())
	}
	return nil
}

// openJournal brings the memory up to date from its journal, and the journal from the
// memory, if the project has one. Close does it again.
func (m *importer) openJournal(ctx context.Context) error {
	if !m.cfg.Memory.Journal {
		return nil
	}
	dir, err := m.Dir.Sub(config.JournalFolder)
	if err != nil {
		return err
	}
	m.journal = dir
	if !dir.Exists(attributesFile) {
		if _, err := dir.WriteFile(attributesFile, []byte(journal.Attributes)); err != nil {
			return err
		}
	}
	found, err := m.SyncJournal(ctx)
	m.Diagnostics = append(m.Diagnostics, found...)
	return err
}

// attributesFile tells git how to merge the journal.
const attributesFile = ".gitattributes"

// readJournal brings a copy of the memory up to date from the journal.
func (m *importer) readJournal(ctx context.Context, store *sqlite.Store) error {
	if !m.cfg.Memory.Journal || !m.Dir.Exists(config.JournalFolder) {
		return nil
	}
	dir, err := m.Dir.Sub(config.JournalFolder)
	if err != nil {
		return err
	}
	defer dir.Close()
	_, found, err := journal.Read(ctx, dir.Root(), m.Dir.Path(config.JournalFolder), store)
	m.Diagnostics = append(m.Diagnostics, found...)
	return err
}

// journalChanged reports whether the journal has something that the memory may not
// have.
func (m *importer) journalChanged(ctx context.Context, store database) (bool, error) {
	file, ok := store.(*sqlite.Store)
	if !ok || !m.cfg.Memory.Journal || !m.Dir.Exists(config.JournalFolder) {
		return false, nil
	}
	dir, err := m.Dir.Sub(config.JournalFolder)
	if err != nil {
		return false, err
	}
	defer dir.Close()
	return journal.Changed(ctx, dir.Root(), file)
}

// openStored opens the memory without writing to it. It reports false if there is
// no memory, or a TMX file that is not imported yet.
func (m *importer) openStored(ctx context.Context) (bool, error) {
	store, err := m.openStore(ctx, true)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	pending, err := m.pendingTMX(ctx, store)
	if err != nil || len(pending) > 0 {
		return false, errors.Join(err, store.Close())
	}
	if changed, err := m.journalChanged(ctx, store); err != nil || changed {
		return false, errors.Join(err, store.Close())
	}
	m.use(store)
	return true, nil
}

func (m *importer) openDry(ctx context.Context) error {
	if done, err := m.openStored(ctx); done || err != nil {
		return err
	}
	stored, err := m.openStore(ctx, true)
	if errors.Is(err, fs.ErrNotExist) {
		stored = nil
	} else if err != nil {
		return err
	} else {
		defer stored.Close()
	}
	if m.scratch, err = rootfs.NewScratch(); err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, filepath.Join(m.scratch.Path, "memory.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	m.use(store)
	if stored != nil {
		if _, err := store.Merge(ctx, stored.Records(ctx), nil); err != nil {
			return err
		}
	}
	if err := m.readJournal(ctx, store); err != nil {
		return err
	}
	return m.importPendingTMX(ctx)
}

// tmxFile is a TMX file of the project. The note of a batch has its name and hash:
// a file with the same content is not imported again.
type tmxFile struct{ name, note string }

// pendingTMX lists the TMX files of the project that are not in store.
func (m *importer) pendingTMX(ctx context.Context, store memory.Store) ([]tmxFile, error) {
	names, err := m.Dir.Glob(m.cfg.Memory.Import)
	if err == nil {
		err = m.refuseLinks("memory.import", m.cfg.Memory.Import, names)
	}
	if err != nil || len(names) == 0 {
		return nil, err
	}
	known, err := store.Batches(ctx)
	if err != nil {
		return nil, err
	}
	var out []tmxFile
	for _, name := range names {
		f, err := m.Dir.OpenFile(name)
		if err != nil {
			return nil, err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		note := fmt.Sprintf("%s sha256:%x", name, h.Sum(nil)[:16])
		if !slices.ContainsFunc(known, func(b memory.BatchInfo) bool { return b.Note == note }) {
			out = append(out, tmxFile{name, note})
		}
	}
	return out, nil
}

// importPendingTMX imports the project's TMX files into the memory, each once.
func (m *importer) importPendingTMX(ctx context.Context) error {
	files, err := m.pendingTMX(ctx, m.Store)
	if err != nil {
		return err
	}
	for _, t := range files {
		f, err := m.Dir.OpenFile(t.name)
		if err != nil {
			return err
		}
		// The file is imported by itself: what somebody undid does not come back by it.
		_, _, err = importTMX(ctx, m.Store, m.cfg, memory.Batch{Author: "project", Note: t.note, Time: m.clock()}, memory.AddOptions{KeepWithdrawn: true}, t.name, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// ImportTMX imports a TMX file into the memory, as one batch. name is the file's
// name for messages. Locales are changed to those of the project; the diagnostics
// name those that were changed, and the units that gave no entry.
func (w *Workspace) ImportTMX(ctx context.Context, batch memory.Batch, name string, r io.Reader) (memory.Result, []diag.Diagnostic, error) {
	return importTMX(ctx, w.Store, w.Config, batch, memory.AddOptions{}, name, r)
}

// ImportEntries adds the entries of a file of any origin to the memory, as a batch.
// Locales are changed to those of the project.
func (w *Workspace) ImportEntries(ctx context.Context, batch memory.Batch, entries iter.Seq2[bitext.Entry, error]) (memory.Result, error) {
	return w.Store.AddAll(ctx, batch, func(yield func(bitext.Entry, error) bool) {
		for e, err := range entries {
			if err == nil && e.TargetLocale == "" {
				err = exit.Usagef("the file names no target language: give it with --locale")
			}
			for _, tag := range []*string{&e.SourceLocale, &e.TargetLocale} {
				c, cerr := locales.Canonical(*tag)
				if err == nil && cerr != nil {
					err = exit.UsageError{Err: cerr}
				}
				*tag = w.Config.Nearest(c)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	})
}

func importTMX(ctx context.Context, store memory.Store, cfg *config.Config, batch memory.Batch, o memory.AddOptions, name string, r io.Reader) (memory.Result, []diag.Diagnostic, error) {
	var unused tmx.Unused
	entries := tmx.EntriesCounting(tmx.Decode(r, tmx.Options{Name: name}), cfg.Project.Source, &unused, cfg.SourceLocales()[1:]...)
	known := map[string]string{}
	nearest := func(tag string) string {
		if c, ok := known[tag]; ok {
			return c
		}
		c, err := locales.Canonical(tag)
		if err == nil {
			c = cfg.Nearest(c)
		} else {
			c = tag
		}
		known[tag] = c
		return c
	}
	used := 0
	result, err := store.AddWith(ctx, batch, o, func(yield func(bitext.Entry, error) bool) {
		for e, err := range entries {
			used++
			e.SourceLocale, e.TargetLocale = nearest(e.SourceLocale), nearest(e.TargetLocale)
			if !yield(e, err) {
				return
			}
		}
	})
	return result, tmxFindings(name, cfg.Project.Source, used, &unused, known), err
}

// tmxFindings returns what a TMX file had that did not come into the memory as it was.
func tmxFindings(name, source string, used int, unused *tmx.Unused, known map[string]string) (ds []diag.Diagnostic) {
	add := func(severity diag.Severity, id, hint, format string, args ...any) {
		ds = append(ds, diag.Diagnostic{ID: id, Severity: severity, Place: diag.Place{Path: name}, Hint: hint}.Messagef(format, args...))
	}
	if unused.Units > 0 {
		severity := diag.Warning
		if used == 0 {
			severity = diag.Error
		}
		add(severity, "tmx.unused", "the source language of the project is "+source,
			"of %d translation units nothing was imported: they have no pair of texts with %s; their locales are %s", diag.Arg("units", unused.Units), diag.Arg("source", source), diag.Arg("locales", strings.Join(slices.Sorted(maps.Keys(unused.Locales)), ", ")))
	}
	var changed []string
	for tag, to := range known {
		if c, err := locales.Canonical(tag); err == nil && c != to {
			changed = append(changed, tag+" is "+to)
		}
	}
	if slices.Sort(changed); len(changed) > 0 {
		add(diag.Info, "tmx.locale", "", "locales are those of the project: %s", diag.Arg("changed", strings.Join(changed, ", ")))
	}
	return ds
}

// ExportTMX writes the current entries of the memory that have the given locales,
// any if empty, as TMX for a tool (tmx.Header.Flavor).
func (w *Workspace) ExportTMX(ctx context.Context, out io.Writer, source, target, flavor string) error {
	e, err := tmx.NewEncoder(out, tmx.Header{SourceLocale: w.Config.Project.Source, Flavor: flavor})
	if err != nil {
		return exit.UsageError{Err: err}
	}
	for n, err := range w.Store.Entries(ctx, source, target) {
		if err != nil {
			return err
		}
		if err := e.Write(n); err != nil {
			return err
		}
	}
	return e.Close()
}
