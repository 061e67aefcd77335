package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

func localeFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this `LOCALE` (BCP 47); may be given again"}
}

func buildCommand() *cli.Command {
	return &cli.Command{
		Name:      "build",
		Usage:     "build the editions of the project's articles",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Splits each article once, and for each locale fills its segments from the message
catalogs, the memory and the hooks, checks them, applies the publishing policy and
writes the edition to editions/LOCALE/, with a manifest.json that says where every
segment came from. Files that would not change are not written.

ARTICLE is a path or glob below the project; without one, all articles are built.`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the editions to `FOLDER` instead of the project's"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing and ask no hook; say what would be done"},
			&cli.BoolFlag{Name: "no-hooks", Usage: "use catalogs and memory only"},
			&cli.BoolFlag{Name: "findings", Aliases: []string{"f"}, Usage: "list every finding, not only errors"},
			jsonFlag(),
		},
		Action: runBuild,
	}
}

// buildOptions is what build and status ask of buildAll.
type buildOptions struct {
	articles []string
	locales  []string
	output   string
	dryRun   bool
	hooks    bool
	findings bool // keep all
}

func runBuild(c *cli.Context) error {
	p, err := loadProject(c)
	if err != nil {
		return err
	}
	o := buildOptions{
		articles: c.Args().Slice(), locales: c.StringSlice("locale"), output: c.String("output"),
		dryRun: c.Bool("dry-run"), hooks: !c.Bool("no-hooks") && !c.Bool("dry-run"),
		findings: c.Bool("findings") || c.Bool("json"),
	}
	s, err := buildAll(c, p, o)
	if cerr := p.close(); err == nil {
		err = cerr
	}
	if s != nil {
		if c.Bool("json") {
			if jerr := printer(c).JSON(s); err == nil {
				err = jerr
			}
		} else {
			s.print(c.App.Writer, printer(c))
		}
	}
	if err != nil {
		return err
	}
	return s.err()
}

// buildAll builds, and writes what changed. The summary tells what was done, when
// there is an error too.
func buildAll(c *cli.Context, p *project, o buildOptions) (*summary, error) {
	targets, err := p.targets(o.locales)
	if err != nil {
		return nil, err
	}
	articles, err := p.articles(o.articles)
	if err != nil {
		return nil, err
	}
	if o.dryRun {
		err = p.openScratchMemory(c.Context)
	} else {
		err = p.openMemory(c.Context)
	}
	if err != nil {
		return nil, err
	}
	if o.hooks {
		if err := p.openHooks(); err != nil {
			return nil, err
		}
	}
	var existing edition.Index
	w := &writer{project: p, dryRun: o.dryRun, whole: len(o.articles) == 0, targets: targets}
	if !o.dryRun {
		if o.output == "" {
			o.output = p.dir.Path(p.Config.Project.Output)
			w.out, err = p.dir.Sub(p.Config.Project.Output)
		} else {
			w.out, err = rootfs.Create(o.output)
		}
		if err != nil {
			return nil, err
		}
		defer w.out.Close()
		if err := p.guardSources(o.output, articles, targets); err != nil {
			return nil, err
		}
		if err := w.readManifests(); err != nil {
			return nil, err
		}
		existing = w.existing()
	}
	s := newSummary(targets, o.dryRun, o.findings)
	s.add("", p.found)
	progress := console.StartProgress(c.App.ErrWriter, printer(c).Text("ProgressArticles"), len(articles))
	err = p.Build(c.Context, articles, targets, existing, func(r pipeline.Result) error {
		progress.Step()
		s.result(r)
		return w.result(r, s)
	})
	progress.Stop()
	// The manifests tell of what has been written, in a build that was stopped too.
	if err != nil {
		w.keepOld()
	}
	if werr := w.manifests(s); err == nil {
		err = werr
	}
	s.finish()
	return s, err
}

// writer puts the editions of a build into the output folder.
type writer struct {
	project *project
	out     *rootfs.Dir
	dryRun  bool
	whole   bool // all articles are being built, so that what is not there is gone
	targets []string
	old     map[string]*edition.Manifest
	now     map[string]*edition.Manifest
}

func manifestPath(locale string) string { return path.Join(locale, "manifest.json") }

func (w *writer) readManifests() error {
	w.old, w.now = map[string]*edition.Manifest{}, map[string]*edition.Manifest{}
	for _, l := range w.project.Config.Project.Locales {
		m := &edition.Manifest{}
		data, err := w.out.ReadFile(manifestPath(l))
		if err == nil {
			// A manifest that cannot be read is written anew.
			if old, perr := edition.ParseManifest(data); perr == nil {
				m = old
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		w.old[l] = m
		w.now[l] = &edition.Manifest{Locale: l, Direction: locales.Direction(l), Articles: []edition.Article{}}
		if !w.whole {
			w.now[l].Articles = append(w.now[l].Articles, m.Articles...)
		}
	}
	return nil
}

// guardSources refuses an output folder in which an edition would be written over
// an article, or would be taken for one by the next build.
func (p *project) guardSources(output string, articles []pipeline.Source, targets []string) error {
	root, err := filepath.Abs(p.dir.Name())
	if err != nil {
		return err
	}
	out, err := filepath.Abs(output)
	if err != nil {
		return err
	}
	below, err := filepath.Rel(root, out)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return nil // outside of the project
	}
	for _, a := range articles {
		for _, l := range targets {
			written := path.Join(filepath.ToSlash(below), l, p.Config.EditionPath(a.Path))
			for _, pattern := range p.Config.Project.Articles {
				if ok, err := doublestar.Match(pattern, written); err == nil && ok {
					return exit.Usagef("the edition %s would stand among the articles: change project.output or project.articles", written)
				}
			}
		}
	}
	return nil
}

// existing returns the editions that the manifests of earlier builds list.
func (w *writer) existing() edition.Index {
	var x edition.Index
	for l, m := range w.old {
		x.AddManifest(l, m)
	}
	return x
}

// result writes the editions of one article. An edition that cannot be written
// is an error of the whole build: the next one would not be either.
func (w *writer) result(r pipeline.Result, s *summary) error {
	if w.dryRun {
		return nil
	}
	if len(r.Editions) == 0 {
		// The article could not be read: what it had stays as it is.
		for _, l := range w.targets {
			for _, a := range w.old[l].Articles {
				if a.Source == r.Path {
					w.now[l].Put(a)
				}
			}
		}
	}
	for _, e := range r.Editions {
		entry := r.ManifestEntry(e)
		if e.Data == nil {
			if old, ok := find(w.old[e.Locale], e.Path); ok && old.Edition != "" {
				entry.Edition = w.stale(e.Locale, old, "this build holds it back", s)
			}
		} else {
			changed, err := w.out.WriteFile(path.Join(e.Locale, e.Path), e.Data)
			if err != nil {
				return err
			}
			s.written(changed)
		}
		w.now[e.Locale].Put(entry)
	}
	return nil
}

func find(m *edition.Manifest, path string) (edition.Article, bool) {
	for _, a := range m.Articles {
		if a.Path == path {
			return a, true
		}
	}
	return edition.Article{}, false
}

// stale tells that an edition stands in the output folder though it should not be
// seen any more, and gives its hash, to be told again till the file is gone. It is
// not removed: a page that readers have is for a person to take away.
func (w *writer) stale(locale string, a edition.Article, reason string, s *summary) string {
	name := path.Join(locale, a.Path)
	if !w.out.Exists(name) {
		return ""
	}
	s.add(locale, []diag.Diagnostic{{
		ID: "edition.stale", Severity: diag.Warning, Place: diag.Place{Path: a.Source, Locale: locale},
		Message: fmt.Sprintf("an earlier edition stays at %s, though %s", name, reason),
		Hint:    "remove the file if readers should not have it",
	}})
	return a.Edition
}

// keepOld leaves in the manifests what a build that was stopped did not come to.
func (w *writer) keepOld() {
	w.whole = false
	for _, l := range w.targets {
		for _, a := range w.old[l].Articles {
			if !slices.ContainsFunc(w.now[l].Articles, func(b edition.Article) bool { return b.Path == a.Path }) {
				w.now[l].Put(a)
			}
		}
	}
}

func (w *writer) manifests(s *summary) error {
	if w.dryRun {
		return nil
	}
	var errs []error
	for _, l := range w.targets {
		m := w.now[l]
		if w.whole {
			w.tellStale(l, s)
		}
		data, err := m.Encode()
		if err == nil {
			var changed bool
			if changed, err = w.out.WriteFile(manifestPath(l), data); err == nil {
				s.written(changed)
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// tellStale tells of the editions whose articles are gone.
func (w *writer) tellStale(locale string, s *summary) {
	for _, a := range w.old[locale].Articles {
		if _, ok := find(w.now[locale], a.Path); ok || a.Edition == "" {
			continue
		}
		if w.stale(locale, a, "its article is no longer there", s) != "" {
			w.now[locale].Put(a)
		}
	}
}
