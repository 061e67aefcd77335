package publish

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/corrections"
)

// siteBuild is the part of a build that makes a site of the editions. A nil one is
// that of a project without [site]; all methods may be called on it.
type siteBuild struct {
	ws          *workspace.Workspace
	dir         *rootfs.Dir
	dryRun      bool
	overwrite   bool
	old         map[string]map[string]*site.Page // by locale and path of the edition
	now         map[string]map[string]*site.Page
	damaged     map[string]bool
	files       siteFiles
	corrections *corrections.Log // nil if it is damaged
	corrected   bool             // it has changed
	noted       map[string]bool  // paths of articles with a correction that pages tell of
}

// newSiteBuild reads the lists of pages that an earlier build left beside the
// manifests. It returns nil for a project without a site.
func newSiteBuild(ws *workspace.Workspace, dir *rootfs.Dir, o Options, s *Summary) (*siteBuild, error) {
	if ws.Config.Site == nil {
		return nil, nil
	}
	b := &siteBuild{
		ws: ws, dir: dir, dryRun: o.DryRun, overwrite: o.Overwrite, old: map[string]map[string]*site.Page{}, now: map[string]map[string]*site.Page{},
		damaged: map[string]bool{}, noted: map[string]bool{},
	}
	shared := sharedTexts{}
	for _, l := range ws.Config.Project.Locales {
		b.old[l] = map[string]*site.Page{}
		var damage pagesError
		if err := b.readPages(l, shared); errors.As(err, &damage) {
			b.damaged[l] = true
			s.add(l, []diag.Diagnostic{diag.Diagnostic{
				ID: "site.pages", Severity: diag.Error, Place: diag.Place{Path: dir.Path(pagesPath(ws, l)), Locale: l},
				Hint: "restore the file; or remove it, if the addresses and dates of the pages may be made anew",
			}.Messagef("%v; no file of the site in %s is written", diag.Arg("error", damage.error), diag.Arg("locale", l))})
		} else if err != nil {
			return nil, err
		}
		b.now[l] = map[string]*site.Page{}
		if o.Partial || !slices.Contains(ws.Targets, l) {
			maps.Copy(b.now[l], b.old[l])
		}
	}
	return b, cmp.Or(b.readFiles(s), b.readCorrections(s))
}

// pagesError is why a list of pages cannot be used.
type pagesError struct{ error }

// readPages reads the list of pages that an earlier build left of a locale. The error is
// a pagesError if it cannot be used.
func (b *siteBuild) readPages(locale string, shared sharedTexts) error {
	name := pagesPath(b.ws, locale)
	file, err := b.dir.OpenFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > rootfs.MaxUnits {
		return exit.Usagef("%s is larger than the limit of %d bytes", b.dir.Path(name), int64(rootfs.MaxUnits))
	}
	err = site.ReadPages(locale, io.LimitReader(file, rootfs.MaxUnits), func(p *site.Page) {
		shared.share(p)
		b.old[locale][p.Path] = p
	})
	if err != nil {
		clear(b.old[locale])
		return pagesError{err}
	}
	return nil
}

// sharedTexts are texts that the lists of pages of all locales have: one copy of each takes a
// third of the memory.
type sharedTexts map[string]string

// share lets a page have the copies of its texts.
func (t sharedTexts) share(p *site.Page) {
	for _, s := range []*string{&p.Path, &p.Source, &p.SHA256, &p.Section, (*string)(&p.Status)} {
		if known, ok := t[*s]; ok {
			*s = known
		} else {
			t[*s] = *s
		}
	}
	for i, name := range p.Authors {
		if known, ok := t[name]; ok {
			p.Authors[i] = known
		} else {
			t[name] = name
		}
	}
}

// pagesPath returns the path of the list of pages of a locale.
func pagesPath(ws *workspace.Workspace, locale string) string {
	return sitePath(ws, locale, "pages.json")
}

// sitePath returns the path of a file of the site in a locale.
func sitePath(ws *workspace.Workspace, locale, name string) string {
	return path.Join(path.Dir(ws.Config.ManifestPath(locale)), name)
}

// file returns the file of the page of an edition, below the folder of its locale, as
// it is in the output folder.
func (b *siteBuild) file(locale, name string) string {
	if b != nil {
		if p := b.now[locale][name]; p != nil {
			return p.Name()
		}
	}
	return b.fileBefore(locale, name)
}

// fileBefore is file as it was when the build began. It may be asked while articles are
// built.
func (b *siteBuild) fileBefore(locale, name string) string {
	if b != nil {
		if p := b.old[locale][name]; p != nil {
			return p.Name()
		}
	}
	return name
}

// index returns an index with the files of pages.
func (b *siteBuild) index(x edition.Index) edition.Index {
	if b == nil {
		return x
	}
	old := b.old // of the index's time
	owners := map[string]map[string]string{}
	for l, pages := range old {
		if b.ws.Config.Site.Slugs == config.SlugsKept {
			break // no page can get the file of another one
		}
		owners[l] = map[string]string{}
		for name, p := range pages {
			owners[l][strings.ToLower(p.Name())] = name
			for _, f := range p.Former {
				owners[l][strings.ToLower(f)] = name
			}
		}
	}
	corrected := map[string]time.Time{} // by path, the last one
	if b.corrections != nil {
		for i := range b.corrections.Corrections {
			c := &b.corrections.Corrections[i]
			corrected[c.Path] = c.Time
		}
	}
	x = x.WithDates(func(locale, name string) (edition.Dates, bool) {
		p := old[locale][name]
		if p == nil {
			return edition.Dates{}, false
		}
		return edition.Dates{Published: p.First, Modified: p.Modified, Corrected: corrected[name], Text: p.Text}, true
	})
	return x.WithFiles(func(locale, name string) (string, bool) {
		if p := old[locale][name]; p != nil {
			return p.Name(), true
		}
		return "", false
	}, func(locale, file string) (string, bool) {
		name, ok := owners[locale][file]
		return name, ok
	})
}

// keep keeps the pages of an article that is not built. It reports false, and the
// article must be built, if there are none.
func (b *siteBuild) keep(r *record, name string) bool {
	if b == nil {
		return true
	}
	for i, l := range b.ws.Targets {
		if p := b.old[l][name]; p != nil {
			b.now[l][name] = p
		} else if r.editions[i].page.exists {
			return false
		}
	}
	return true
}

// keepAll is keep for all articles of a build in which nothing has changed.
func (b *siteBuild) keepAll(in *incremental, unchanged map[string]bool) bool {
	if b == nil {
		return true
	}
	for name := range unchanged {
		if r := in.old.get(name); r == nil || !b.keep(r, name) {
			return false
		}
	}
	return true
}

// carryOver keeps the pages of articles that a build did not reach before it failed.
func (b *siteBuild) carryOver() {
	if b == nil {
		return
	}
	for l, pages := range b.old {
		for name, p := range pages {
			if b.now[l][name] == nil {
				b.now[l][name] = p
			}
		}
	}
}

// note notes what became of the editions of an article, after their pages are
// written.
func (b *siteBuild) note(r *pipeline.Result, out *writer) {
	if b == nil {
		return
	}
	now := b.ws.Clock()
	name := b.ws.Config.EditionPath(r.Path)
	for i := range r.Editions {
		e := &r.Editions[i]
		old := b.old[e.Locale][name]
		switch status := e.Published.Status; {
		case e.Page != nil && status != edition.Edited:
			p := *e.Page
			if p.First.IsZero() || p.Modified.IsZero() {
				p.First, p.Modified = now, now
			}
			if old != nil {
				p.Former = old.Former
				if was := old.Name(); was != p.Name() {
					b.moved(e.Locale, name, was, out)
					p.Former = append(slices.Clone(p.Former), was)
				}
				p.Former = slices.DeleteFunc(slices.Clone(p.Former), func(f string) bool { return f == p.Name() })
				if len(p.Former) > maxFormer {
					p.Former = p.Former[len(p.Former)-maxFormer:]
				}
				if !old.First.IsZero() {
					p.First = old.First
				}
				if old.Text == p.Text && !old.Modified.IsZero() {
					p.Modified = old.Modified
				}
			}
			b.now[e.Locale][name] = &p
		case old != nil:
			p := *old
			p.Status = status
			b.now[e.Locale][name] = &p
		}
	}
	if len(r.Editions) == 0 { // it could not be read: its pages stay as they are
		for _, l := range b.ws.Targets {
			if p := b.old[l][name]; p != nil {
				b.now[l][name] = p
			}
		}
	}
}

// maxFormer is the number of former files of a page that lead to it.
const maxFormer = 20

// moved removes the former file of a page that has another one now, if it is as a build
// wrote it.
func (b *siteBuild) moved(locale, path, was string, out *writer) {
	a, ok := out.old[locale].Find(path)
	if b.dryRun || !ok {
		return
	}
	name := b.ws.Config.PagePath(locale, was)
	if data, err := b.dir.ReadFile(name); err == nil && hash(data) == a.Edition {
		_ = b.dir.Remove(name)
	}
}

// isNoted reports whether the page of an article gets the note of a correction that
// this build has found.
func (b *siteBuild) isNoted(name string) bool { return b != nil && b.noted[name] }

// hasNotes reports whether there are such pages.
func (b *siteBuild) hasNotes() bool { return b != nil && len(b.noted) > 0 }

// restart makes the pages of this build those that another pass begins with.
func (b *siteBuild) restart() {
	if b == nil {
		return
	}
	for _, l := range b.ws.Targets {
		maps.Copy(b.old[l], b.now[l])
	}
}

// write writes the lists of pages and the files of the site.
func (b *siteBuild) write(ctx context.Context, s *Summary, wrote func(string, bool)) error {
	if b == nil || b.dryRun {
		return nil
	}
	for _, l := range b.ws.Targets {
		if b.damaged[l] {
			continue
		}
		if err := b.writePages(l, wrote); err != nil {
			return err
		}
	}
	if err := b.writeCorrections(wrote); err != nil {
		return err
	}
	if len(b.damaged) > 0 {
		return nil
	}
	return b.writeFiles(ctx, s, wrote)
}

// writePages writes the list of the pages of a locale.
func (b *siteBuild) writePages(locale string, wrote func(string, bool)) error {
	name := pagesPath(b.ws, locale)
	u, err := b.dir.BeginUpdate(name)
	if err != nil {
		return err
	}
	pages := b.now[locale]
	out := bufio.NewWriterSize(u, 32<<10)
	err = site.WritePages(out, locale, func(yield func(*site.Page) bool) {
		for _, path := range slices.Sorted(maps.Keys(pages)) {
			if !yield(pages[path]) {
				return
			}
		}
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		u.Abort()
		return err
	}
	changed, err := u.Commit()
	if err == nil {
		wrote(name, changed)
	}
	return err
}

func (b *siteBuild) writeFile(name string, data []byte, wrote func(string, bool)) error {
	changed, err := b.dir.WriteFile(name, data)
	if err == nil {
		wrote(name, changed)
	}
	return err
}
