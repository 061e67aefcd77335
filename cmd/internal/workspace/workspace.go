package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/engines"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
	"hexapla/pipeline/segment"
)

// project is a newsroom's project as a command works on it: the pipeline's view,
// the folder, and what was found while it was loaded.
type project struct {
	*pipeline.Project
	dir     *rootfs.Dir
	store   memory.Store
	scratch string // a folder to be removed at the end
	chain   *hook.Chain
	found   []diag.Diagnostic
}

func (p *project) close() error {
	var errs []error
	if p.chain != nil {
		errs = append(errs, p.chain.Close())
	}
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	if p.scratch != "" {
		errs = append(errs, os.RemoveAll(p.scratch))
	}
	p.dir.Close()
	return errors.Join(errs...)
}

// projectFolder is --project, of the command or of the program, or the nearest
// folder upwards that holds a configuration.
func projectFolder(c *cli.Context) (string, error) {
	for _, ctx := range c.Lineage() {
		if ctx.IsSet("project") {
			return ctx.String("project"), nil
		}
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, config.FileName)); err == nil {
			return filepath.Rel(start, dir) // so that what is said about files is from where the user stands
		}
		if dir == filepath.Dir(dir) {
			return "", exit.Usagef("no %s in %s or above it: give --project FOLDER, or make a project with 'hexapla init'", config.FileName, start)
		}
	}
}

// loadProject reads the configuration and all that it names, but for the memory
// and the hooks.
func loadProject(c *cli.Context) (*project, error) {
	name, err := projectFolder(c)
	if err != nil {
		return nil, err
	}
	dir, err := rootfs.Open(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	p := &project{dir: dir}
	if err := p.load(); err != nil {
		dir.Close()
		return nil, exit.UsageError{Err: err}
	}
	return p, nil
}

// parseConfig reads a configuration and checks the ids of diagnostics in it.
func parseConfig(name string, data []byte) (*config.Config, error) {
	cfg, err := config.Parse(name, data)
	if err != nil {
		return nil, err
	}
	return cfg, config.CheckRuleIDs(name, data, allDiagnostics())
}

func (p *project) load() error {
	data, err := p.dir.ReadFile(config.FileName)
	if err != nil {
		return fmt.Errorf("%w: not a project; 'hexapla init' makes one", err)
	}
	cfg, err := parseConfig(p.dir.Path(config.FileName), data)
	if err != nil {
		return err
	}
	r := pipeline.Resources{Rules: segment.Default(), Catalogs: locales.Embedded()}
	if p.dir.Exists(cfg.Catalogs.Dir) {
		own, ds := locales.Load(p.dir.FS(), cfg.Catalogs.Dir)
		p.found = append(p.found, ds...)
		r.Catalogs = r.Catalogs.Merge(own)
	}
	if cfg.Segmentation.SRX != "" {
		data, err := p.dir.ReadFile(cfg.Segmentation.SRX)
		if err != nil {
			return err
		}
		rules, ds := segment.Parse(cfg.Segmentation.SRX, data)
		if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error {
			return diagnostics(ds)
		}
		p.found = append(p.found, ds...)
		r.Rules = rules
	}
	if r.Glossary, err = p.loadGlossary(cfg.Glossary.Files); err != nil {
		return err
	}
	p.Project, err = pipeline.New(cfg, r)
	return err
}

// loadGlossary merges the termbase files that patterns name; it returns nil if
// there are none.
func (p *project) loadGlossary(patterns []string) (*glossary.Glossary, error) {
	files, err := p.dir.Glob(patterns)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	all := &glossary.Glossary{}
	for _, name := range files {
		data, err := p.dir.ReadFile(name)
		if err != nil {
			return nil, err
		}
		g, ds := parseGlossary(name, data)
		p.found = append(p.found, ds...)
		all = all.Merge(g)
	}
	return all, nil
}

func diagnostics(ds []diag.Diagnostic) error {
	var errs []error
	for _, d := range ds {
		errs = append(errs, d)
	}
	return errors.Join(errs...)
}

// openMemory opens the project's memory, and fills it from the TMX files that
// the configuration names and that it has not taken in yet.
func (p *project) openMemory(ctx context.Context) error {
	path := p.dir.Path(p.Config.Memory.Path)
	if err := p.dir.MakeParent(p.Config.Memory.Path); err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	p.store, p.Memory = store, store
	return p.takeTMX(ctx)
}

// tmxFile is a TMX file of the project, as the memory's log names it: a file
// whose bytes have been taken in before is passed over.
type tmxFile struct{ name, note string }

// pendingTMX lists the TMX files of the project that store has not taken in.
func (p *project) pendingTMX(ctx context.Context, store memory.Store) ([]tmxFile, error) {
	names, err := p.dir.Glob(p.Config.Memory.Import)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	known, err := store.Batches(ctx)
	if err != nil {
		return nil, err
	}
	var out []tmxFile
	for _, name := range names {
		f, err := p.dir.OpenFile(name)
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

// takeTMX takes the project's TMX files into the memory, each once.
func (p *project) takeTMX(ctx context.Context) error {
	files, err := p.pendingTMX(ctx, p.store)
	if err != nil {
		return err
	}
	for _, t := range files {
		f, err := p.dir.OpenFile(t.name)
		if err != nil {
			return err
		}
		_, err = p.importTMX(ctx, memory.Batch{Author: "project", Note: t.note, Time: p.Clock()}, t.name, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// parseGlossary reads a termbase file by its extension.
func parseGlossary(name string, data []byte) (*glossary.Glossary, []diag.Diagnostic) {
	if strings.EqualFold(path.Ext(name), ".tbx") {
		return tbx.Decode(name, bytes.NewReader(data))
	}
	return glossary.ParseCSV(name, data)
}

// openHooks builds the chain of engines that the configuration lists. Secrets
// come from the environment variables that it names.
func (p *project) openHooks() error {
	if len(p.Config.Hooks) == 0 {
		return nil
	}
	chain, err := engines.Build(p.Config.Hooks, os.Getenv, engines.Options{})
	if err != nil {
		return exit.UsageError{Err: fmt.Errorf("%s: %w", p.dir.Path(config.FileName), err)}
	}
	p.Hook, p.chain = chain, chain
	return nil
}

// articles lists the project's articles, or those of them that the arguments
// name: paths as the project has them, or globs.
func (p *project) articles(args []string) ([]pipeline.Source, error) {
	names, err := p.dir.Glob(p.Config.Project.Articles)
	if err != nil {
		return nil, err
	}
	if len(args) > 0 {
		if names, err = selectPaths(names, args, p.dir.Name()); err != nil {
			return nil, err
		}
	}
	if len(names) == 0 {
		return nil, exit.Usagef("no article matches %v in %s", p.Config.Project.Articles, p.dir.Name())
	}
	sources := make([]pipeline.Source, len(names))
	taken := map[string]string{}
	for i, name := range names {
		path := p.Config.EditionPath(name)
		if other, ok := taken[path]; ok {
			return nil, exit.Usagef("%s and %s would both be written to %s: change project.articles in %s", other, name, path, config.FileName)
		}
		taken[path] = name
		sources[i] = pipeline.Source{Path: name, Read: func() ([]byte, error) { return p.dir.ReadFile(name) }}
	}
	return sources, nil
}

// targets are the project's locales, or those of them that --locale names.
func (p *project) targets(want []string) ([]string, error) {
	if len(want) == 0 {
		return p.Config.Project.Locales, nil
	}
	var out []string
	for _, l := range want {
		tag, err := locales.Canonical(l)
		if err != nil {
			return nil, exit.UsageError{Err: err}
		}
		if !slices.Contains(p.Config.Project.Locales, tag) {
			return nil, exit.Usagef("%s is not among project.locales in %s", tag, config.FileName)
		}
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out, nil
}

// selectPaths picks from names those that the arguments name: a path or glob in
// the project, or a path from where the user stands. An argument that names
// nothing is an error.
func selectPaths(names, args []string, project string) ([]string, error) {
	var out []string
	for _, arg := range args {
		patterns := []string{path.Clean(filepath.ToSlash(arg))}
		if abs, err := filepath.Abs(arg); err == nil {
			if root, err := filepath.Abs(project); err == nil {
				if rel, err := filepath.Rel(root, abs); err == nil {
					patterns = append(patterns, filepath.ToSlash(rel))
				}
			}
		}
		found := false
		for _, name := range names {
			for _, pattern := range patterns {
				if ok, err := doublestar.Match(pattern, name); name == pattern || (err == nil && ok) {
					out, found = append(out, name), true
					break
				}
			}
		}
		if !found {
			return nil, exit.Usagef("no article %s in %s", arg, project)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
