// Package workspace opens a project on disk: the configuration, all files that it
// names, the translation memory and the engines.
package workspace

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/generator"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/engines"
	"hexapla/pipeline/hook/ledger"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/sqlite"
	"hexapla/pipeline/segment"
)

// Options control what Open opens. The zero value is a project without memory,
// engines and articles.
type Options struct {
	Memory       MemoryMode
	Engines      bool                // the engines of the configuration
	Estimate     bool                // engines that are counted for and never asked: see Estimator
	Allow        bool                // hooks may run programs, whether or not the user trusts the project
	Fetch        bool                // bring the articles up to date with [sources]
	Guest        bool                // another process keeps the identities of units
	RetryRefused bool                // texts that engines refused in earlier builds are asked for again
	Select       *Selection          // the articles and locales that are needed; nil for none
	Getenv       func(string) string // for the secrets of engines; nil for os.Getenv
	Clock        func() time.Time    // nil for the system's clock
}

// database is what every kind of memory can do.
type database interface {
	memory.Store
	memory.NoteStore

	// State returns the state of the memory as it is now. ChangedSources returns the
	// hashes of the source texts whose translations may have changed since a state; ok is
	// false if that cannot be known.
	State(ctx context.Context) (memory.State, error)
	ChangedSources(ctx context.Context, since memory.State) (changed map[int64]bool, ok bool, err error)

	// Records walks over everything in the memory.
	Records(ctx context.Context) iter.Seq2[memory.Record, error]
}

// Selection selects from a project's articles and locales.
type Selection struct {
	Articles []string // paths or globs, in the project or from the current folder; none for all
	Locales  []string // BCP 47; none for all
}

// Workspace is an open project.
type Workspace struct {
	*pipeline.Project
	Dir         *rootfs.Dir
	Store       memory.Store      // nil without a memory
	Articles    []pipeline.Source // those selected
	Targets     []string          // the locales selected
	Diagnostics []diag.Diagnostic // what was found in the files of the project

	unitsSpill *rootfs.Temporary // of Units, nil until it is needed
	writable   bool              // Close is to write what of the project has changed
	database   database          // Store, for what is not in memory.Store
	file       *sqlite.Store     // the same, if it is a file
	scratch    *rootfs.Scratch   // a folder that Close removes
	journal    *rootfs.Dir       // the folder of the memory's journal, if Close is to write to it
	chain      *hook.Chain
	estimator  *hook.Estimator
	refusals   *hook.Refusals
	ledger     *ledger.Ledger  // what engines are asked and were used for; nil if nothing is stored
	accounts   *postgres.Store // what they were used for on all machines, if the memory is not open
}

// ErrNoProject is in the error of Find if there is no project. Its text says what to do.
var ErrNoProject = errors.New("use --project FOLDER, or create a project with 'hexapla init'")

// Find returns the nearest folder with a configuration, start or above it, as a
// path relative to start. A configuration above start that belongs to another user
// than the one who runs the program, or lies in a folder that does, is an error: its
// hooks run programs.
func Find(start string) (string, error) {
	for dir := start; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, config.FileName)
		if info, err := os.Stat(name); err == nil {
			folder, err := os.Stat(dir)
			if err == nil && dir != start && (isForeign(info) || isForeign(folder)) {
				return "", exit.Usagef("%s belongs to another user; to use that project, give --project %s", name, dir)
			}
			return filepath.Rel(start, dir)
		}
		if dir == filepath.Dir(dir) {
			return "", exit.Usagef("no %s in %s or above it: %w", config.FileName, start, ErrNoProject)
		}
	}
}

// Open opens the project in a folder. It fails with a usage error before it
// changes anything if the project or the selection is not valid. The caller
// closes the workspace.
func Open(ctx context.Context, dir string, o Options) (*Workspace, error) {
	d, err := rootfs.Open(dir)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	w := &Workspace{Dir: d}
	if err := w.open(ctx, o); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *Workspace) open(ctx context.Context, o Options) error {
	cfg, resources, err := w.load()
	if err != nil {
		return exit.UsageError{Err: err}
	}
	resources.Clock = o.Clock
	if resources.Clock == nil {
		resources.Clock = func() time.Time { return time.Now().UTC().Truncate(time.Second) }
	}
	if o.Select != nil {
		if w.Targets, err = selectLocales(cfg, o.Select.Locales); err != nil {
			return err
		}
		if o.Fetch {
			if err := w.fetchSources(ctx, cfg); err != nil {
				return err
			}
		}
		if w.Articles, err = w.selectArticles(cfg, o); err != nil {
			return err
		}
	}
	if (o.Engines || o.Estimate) && len(cfg.Hooks) > 0 {
		getenv := o.Getenv
		if getenv == nil {
			getenv = os.Getenv
		}
		environment := engines.Environment{Getenv: getenv, ReadFile: func(name string) ([]byte, error) { return w.Dir.ReadLimited(name, rootfs.MaxConfig) }, WithoutSecrets: o.Estimate}
		if resources.Glossary != nil {
			environment.Terms = func(source, target string) map[string]string {
				return resources.Glossary.Preferred(source, target, locales.Parents)
			}
		}
		if w.chain, err = engines.Build(cfg.Hooks, environment, engines.Options{}); err != nil {
			return exit.UsageError{Err: w.atHooks(err)}
		}
		if !o.Allow && !o.Estimate {
			if err := w.checkTrust(cfg); err != nil {
				return err
			}
		}
		if err := w.useState(ctx, cfg, o); err != nil {
			return err
		}
		resources.Hook = w.chain
		if o.Estimate {
			w.estimator = hook.NewEstimator(w.chain)
			resources.Hook = w.estimator
		}
	}
	if scripts := engines.NewScripts(cfg.Hooks); scripts != nil {
		resources.Converter = scripts
	}
	if err := w.openMemory(ctx, cfg, resources.Clock, o.Memory); err != nil {
		return err
	}
	if w.Store != nil {
		resources.Memory = w.Store
	}
	switch {
	case w.chain != nil && o.Estimate:
		w.readAccounts()
	case w.chain != nil && o.Memory == ReadWrite:
		w.shareEngines()
	}
	if resources.Units, err = w.readUnits(); err != nil {
		return err
	}
	if o.Memory == ReadWrite {
		resources.Units.Record()
		w.writable = !o.Guest
	}
	w.Project, err = pipeline.New(cfg, resources)
	return err
}

// Chain returns the engines, nil without any.
func (w *Workspace) Chain() *hook.Chain { return w.chain }

// Estimator returns what counts for the engines instead of asking them, nil without
// Options.Estimate or without engines.
func (w *Workspace) Estimator() *hook.Estimator { return w.estimator }

// Close closes the memory and the engines.
func (w *Workspace) Close() error {
	var errs []error
	if w.chain != nil {
		errs = append(errs, w.chain.Close())
	}
	if w.refusals != nil {
		errs = append(errs, w.saveRefusals())
	}
	if w.Project != nil && w.writable {
		errs = append(errs, w.SaveUnits())
	}
	if w.unitsSpill != nil {
		errs = append(errs, w.unitsSpill.Close())
	}
	if w.journal != nil {
		_, err := w.SyncJournal(context.Background())
		errs = append(errs, err)
		w.journal.Close()
	}
	if w.Store != nil {
		errs = append(errs, w.Store.Close())
	}
	if w.accounts != nil {
		errs = append(errs, w.accounts.Close())
	}
	if w.ledger != nil { // after the memory, which now has all answers
		errs = append(errs, w.ledger.Close())
	}
	if w.scratch != nil {
		errs = append(errs, w.scratch.Remove())
	}
	w.Dir.Close()
	return errors.Join(errs...)
}

// atHooks returns the errors of engines.Build at the lines of their keys.
func (w *Workspace) atHooks(err error) error {
	name := w.Dir.Path(config.FileName)
	var keys []*hook.KeyError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			if key, ok := errors.AsType[*hook.KeyError](e); ok {
				keys = append(keys, key)
			}
		}
	}
	data, rerr := w.Dir.ReadFile(config.FileName)
	if rerr != nil || len(keys) == 0 {
		return fmt.Errorf("%s: %w", name, err)
	}
	return config.HookErrors(name, data, keys)
}

// ParseConfig parses a configuration and checks the ids of diagnostics in it. name
// is the file's name for messages.
func ParseConfig(name string, data []byte) (*config.Config, error) {
	cfg, err := config.Parse(name, data)
	if err != nil {
		return nil, err
	}
	if errs := engines.Check(cfg.Hooks); len(errs) > 0 {
		return nil, config.HookErrors(name, data, errs)
	}
	return cfg, config.CheckRuleIDs(name, data, checks.AllDiagnostics())
}

// ReadConfig returns the configuration of the project in a folder. It opens nothing that
// the configuration names.
func ReadConfig(folder string) (*config.Config, error) {
	dir, err := rootfs.Open(folder)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	data, err := dir.ReadLimited(config.FileName, rootfs.MaxConfig)
	if err != nil {
		return nil, err
	}
	return ParseConfig(dir.Path(config.FileName), data)
}

// load reads the configuration and the files that it names.
func (w *Workspace) load() (*config.Config, pipeline.Resources, error) {
	r := pipeline.Resources{Rules: segment.Default(), Catalogs: locales.Embedded()}
	data, err := w.Dir.ReadLimited(config.FileName, rootfs.MaxConfig)
	if err != nil {
		return nil, r, fmt.Errorf("%w: not a project; 'hexapla init' creates one", err)
	}
	cfg, err := ParseConfig(w.Dir.Path(config.FileName), data)
	if err != nil {
		return nil, r, err
	}
	if err := config.CheckFiles(w.Dir.Path(config.FileName), data, w.missing); err != nil {
		return nil, r, err
	}
	w.Diagnostics = append(w.Diagnostics, config.CheckHooks(config.FileName, data, cfg)...)
	w.detectDialect(&cfg.Markdown)
	if site, ok := cfg.SiteCatalogs(); ok && w.Dir.Exists(site.Dir) {
		if err := w.refuseCatalogLinks(site.Dir); err != nil {
			return nil, r, err
		}
		own, ds := locales.Load(w.Dir.FS(), site.Dir)
		w.Diagnostics = append(w.Diagnostics, ds...)
		r.Catalogs = r.Catalogs.Merge(own)
	}
	if cfg.Segmentation.SRX != "" {
		data, err := w.readNamed("segmentation.srx", cfg.Segmentation.SRX)
		if err != nil {
			return nil, r, err
		}
		rules, ds := segment.Parse(cfg.Segmentation.SRX, data)
		if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error {
			return nil, r, Join(ds)
		}
		w.Diagnostics = append(w.Diagnostics, ds...)
		r.Rules = rules
	}
	for _, name := range itsFiles(cfg) {
		data, err := w.readNamed("xml.its", name)
		if err != nil {
			return nil, r, err
		}
		if r.ITS == nil {
			r.ITS = map[string][]byte{}
		}
		r.ITS[name] = data
	}
	if cfg.Quality.Spelling {
		r.Speller = w.openSpeller(cfg.Project.Locales)
	}
	r.Glossary, err = w.loadGlossary(cfg.Glossary.Files, cfg.Project.Source)
	return cfg, r, err
}

// detectDialect sets the dialect of Markdown, and how headings keep their ids, where
// the configuration leaves them to the site's.
func (w *Workspace) detectDialect(m *config.Markdown) {
	if markdown.ParseDialect(m.Dialect) != markdown.DialectAuto {
		return
	}
	dialect, ids := generator.Markdown(func(name string) []byte {
		data, err := w.Dir.ReadPrefix(name, generator.MaxConfig)
		if err != nil {
			return nil // one that cannot be read tells nothing
		}
		return data
	})
	m.Dialect = string(dialect)
	if markdown.ParseHeadingIDs(m.HeadingIDs) == markdown.HeadingIDsAuto {
		m.HeadingIDs = string(ids)
	}
}

// missing returns an error if nothing is at a path of the project. It names the most
// similar path.
func (w *Workspace) missing(name string) error {
	if w.Dir.Exists(name) {
		return nil
	}
	if w.Dir.LinkBelow(".", filepath.ToSlash(name)) {
		return fmt.Errorf("%s: symbolic link to a file that does not exist or is outside of the project; not followed", name)
	}
	// The first folder on the way that is not there has the mistake, if it is one.
	clean := path.Clean(filepath.ToSlash(name))
	known, rest := ".", clean
	for {
		first, after, more := strings.Cut(rest, "/")
		next := path.Join(known, first)
		if !w.Dir.Exists(next) || !more {
			break
		}
		known, rest = next, after
	}
	first, after, more := strings.Cut(rest, "/")
	entries, err := fs.ReadDir(w.Dir.FS(), known)
	if err != nil {
		return fmt.Errorf("%s does not exist", name)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := diag.Nearest(first, names); near != "" {
		near = path.Join(known, near)
		if more {
			near = path.Join(near, after)
		}
		return fmt.Errorf("%s does not exist: did you mean %q?", name, near)
	}
	return fmt.Errorf("%s does not exist", name)
}

// Join returns diagnostics as one error.
func Join(ds []diag.Diagnostic) error {
	errs := make([]error, len(ds))
	for i, d := range ds {
		errs[i] = d
	}
	return errors.Join(errs...)
}
