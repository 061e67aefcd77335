package publish

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sync"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// writer writes the editions of a build and the manifests of their locales.
type writer struct {
	config      *config.Config
	dir         *rootfs.Dir
	targets     []string
	dryRun      bool // only compare with what is there
	overwrite   bool // replace pages that this program did not write
	allArticles bool // an article that is not built does not exist any more
	old         map[string]*edition.Stored
	now         map[string]*edition.Draft
	damaged     map[string]bool // locales whose manifest cannot be used: nothing of theirs is written
	site        *siteBuild      // nil without a site

	pages     *rootfs.Batch // the pages in dir
	texts     *edition.Texts
	temporary *rootfs.Temporary
	files     map[string]*manifestFiles // by locale
	parts     map[string][]string       // the parts that the manifests have now, by locale
	written   map[string][]string       // those that were written, "" for manifest.json
}

// newWriter reads the manifests of earlier builds. A locale with a manifest that
// cannot be used is reported: nothing of it is written, because nobody can tell
// what its pages are. in is nil if nothing is known of an earlier build. The writer is
// to be closed.
func newWriter(dir *rootfs.Dir, ws *workspace.Workspace, o Options, s *Summary, in *incremental, site *siteBuild) (*writer, error) {
	w := &writer{
		config: ws.Config, dir: dir, pages: dir.NewBatch(), targets: ws.Targets, dryRun: o.DryRun, overwrite: o.Overwrite, allArticles: !o.Partial,
		old: map[string]*edition.Stored{}, now: map[string]*edition.Draft{}, damaged: map[string]bool{}, site: site,
		files: map[string]*manifestFiles{}, parts: map[string][]string{}, written: map[string][]string{},
	}
	w.texts = edition.NewTexts(func() (edition.TextFile, error) {
		var err error
		w.temporary, err = ws.Dir.CreateTemporary(workspace.StateFolder)
		return w.temporary, err
	})
	if o.DryRun { // which writes nothing, and may be read when the writer is gone
		w.texts = nil
	}
	for i, l := range ws.Config.Project.Locales {
		files := &manifestFiles{dir: dir, config: ws.Config, locale: l, in: in, memory: o.DryRun, sums: map[string]string{}}
		w.files[l] = files
		var known edition.Listing
		if in != nil && in.proven {
			known = listing{in, i}
		} else if o.Partial && !o.DryRun { // a dry run may be read when the writer is gone
			known = unlisted{}
		}
		m, err := edition.ReadStored(l, locales.Direction(l), files, known, w.texts)
		if err == nil && o.Partial {
			for _, a := range ws.Articles { // before a page is written
				m.Head(ws.Config.EditionPath(a.Path))
			}
			err = m.Err()
		}
		switch {
		case err == nil:
		case files.failed != nil:
			w.close()
			return nil, err
		case errors.Is(err, fs.ErrNotExist) && !dir.Exists(ws.Config.ManifestPath(l)):
			m = edition.NewStored(l, locales.Direction(l), w.texts)
		default:
			m = edition.NewStored(l, locales.Direction(l), w.texts)
			w.damaged[l] = true
			s.add(l, []diag.Diagnostic{diag.Diagnostic{
				ID: "edition.manifest", Severity: diag.Error, Place: diag.Place{Path: dir.Path(ws.Config.ManifestPath(l)), Locale: l},
				Hint: "restore the file; or move it away and build with --overwrite, if the pages in the folder may be replaced",
			}.Messagef("%v; no edition of %s is written", diag.Arg("error", err), diag.Arg("locale", l))})
		}
		if o.Limits != (edition.Limits{}) {
			m.Divide(o.Limits)
		}
		w.old[l], w.now[l], w.parts[l] = m, m.Next(o.Partial), m.Parts()
	}
	return w, nil
}

// close closes the files that entries are read from.
func (w *writer) close() {
	for _, f := range w.files {
		f.close()
	}
	w.pages.Close()
	if w.temporary != nil {
		_ = w.temporary.Close()
	}
}

// existing returns the editions that the manifests of earlier builds list. Of the
// articles that are being built, only those count whose page is still there: of those that
// are not Unchanged, whose page is there now; of the others, when it is asked for first.
func (w *writer) existing(ws *workspace.Workspace, articles []pipeline.Source) edition.Index {
	names := ws.Config.Project.Locales
	has := make(map[string][]bool, len(articles)) // by locale of the project; nil of an article that is not built
	index := map[string]int{}
	for i, l := range names {
		index[l] = i
	}
	there := func(locale, name string) bool {
		return w.old[locale].HasPage(name) && w.pages.Exists(w.config.PagePath(locale, w.site.fileBefore(locale, name)))
	}
	var mu sync.Mutex // several workers ask at once
	seen := map[listed]bool{}
	thereOnce := func(locale int, name string) bool { // thousands of pages may link to one
		mu.Lock()
		defer mu.Unlock()
		key := listed{locale: locale, path: name}
		is, known := seen[key]
		if !known {
			is = there(names[locale], name)
			seen[key] = is
		}
		return is
	}
	for _, a := range articles {
		name := ws.Config.EditionPath(a.Path)
		has[name] = nil
		if a.Unchanged {
			continue
		}
		has[name] = make([]bool, len(names))
		for i, l := range names {
			has[name][i] = there(l, name)
		}
	}
	return w.site.index(edition.IndexFunc(func(locale, name string) bool {
		i, known := index[locale]
		if !known {
			return false
		}
		switch all, building := has[name]; {
		case all != nil:
			return all[i]
		case building:
			return thereOnce(i, name)
		default:
			return w.old[locale].HasPage(name)
		}
	}, func(locale, name string) *edition.Article {
		a, _ := w.old[locale].Head(name)
		return a
	}))
}

// restart makes the entries of this build those that another pass begins with.
func (w *writer) restart() {
	for _, l := range w.targets {
		for _, name := range w.now[l].Own() {
			if !w.now[l].Same(name) {
				w.old[l].Replace(w.now[l], name)
			}
		}
	}
}

// divided reports whether the manifest of some locale has parts.
func (w *writer) divided() bool {
	for _, parts := range w.parts {
		if len(parts) > 0 {
			return true
		}
	}
	return false
}

// paths returns the paths of the editions that the manifest of a locale lists.
func (w *writer) paths(locale string) []string {
	if w == nil || w.old[locale] == nil {
		return nil
	}
	return w.old[locale].Paths()
}

// pagePath returns the path of the page of an edition as it is in the output folder.
func (w *writer) pagePath(locale, name string) string {
	return w.config.PagePath(locale, w.site.file(locale, name))
}

// page returns what there is of an edition before it is written.
func (w *writer) page(e *pipeline.Edition) Earlier {
	name := w.pagePath(e.Locale, e.Path)
	old, _ := w.old[e.Locale].Head(e.Path)
	if old == nil || old.Edition == "" || !w.pages.Exists(name) {
		return Earlier{}
	}
	data, err := w.pages.ReadFile(name)
	return Earlier{Exists: true, Current: err == nil && e.Data != nil && bytes.Equal(data, e.Data)}
}

// result writes the editions of one article. An edition that cannot be written
// ends the build: the next one could not be written either.
func (w *writer) result(r pipeline.Result, s *Summary, wrote func(string, bool)) error {
	if len(r.Editions) == 0 {
		// The article could not be read: its editions stay as they are.
		for _, l := range w.targets {
			for _, name := range w.old[l].FromSource(r.Path) {
				w.now[l].Keep(name)
			}
		}
	}
	for i := range r.Editions {
		if e := &r.Editions[i]; !w.damaged[e.Locale] {
			if err := w.edition(&r, e, s, wrote); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepEntries keeps the entries of an article that is not built. It reports false,
// and the article must be built, if a manifest has no such entry.
func (w *writer) keepEntries(path string) bool {
	for _, l := range w.targets {
		if !w.old[l].Has(path) {
			return false
		}
	}
	for _, l := range w.targets {
		w.now[l].Keep(path)
	}
	return true
}

// edition writes one edition, or keeps what is in its place. It sets the status of
// the edition to what became of it.
func (w *writer) edition(r *pipeline.Result, e *pipeline.Edition, s *Summary, wrote func(string, bool)) error {
	old, _ := w.old[e.Locale].Head(e.Path)
	entry, segments := r.ManifestHead(*e)
	var err error
	switch {
	case e.Published.Status == edition.Outdated:
		whole, ok := w.old[e.Locale].Find(e.Path)
		if !ok {
			return fmt.Errorf("read %s: the entry of %s is not there any more", w.config.ManifestPath(e.Locale), e.Path)
		}
		entry, segments = e.Published.Entry(whole), edition.SegmentsOf(slices.Values(whole.Segments))
	case e.Data == nil && e.Published.IsExpired() && old != nil && w.takeAway(e.Locale, old, wrote):
	case e.Data == nil:
		if old != nil && old.Edition != "" {
			entry.Edition = w.stale(e.Locale, *old, "this build withholds it", s)
		}
	case w.isForeign(e, old, s):
		// The page stays, and the next build finds it again.
		if old == nil {
			return nil
		}
		whole, ok := w.old[e.Locale].Find(e.Path)
		if !ok {
			return fmt.Errorf("read %s: the entry of %s is not there any more", w.config.ManifestPath(e.Locale), e.Path)
		}
		entry, segments = *whole, edition.SegmentsOf(slices.Values(whole.Segments))
		entry.Published, entry.Status = cmp.Or(old.Published, old.Status), edition.Edited
		e.Published.Status = edition.Edited
	case !w.dryRun:
		name := w.config.PagePath(e.Locale, e.File)
		var changed bool
		if changed, err = w.pages.WriteFile(name, e.Data); err != nil {
			return err
		}
		wrote(name, changed)
	}
	if entry.Status == edition.Withheld && entry.Edition == "" {
		// Of a project that nobody has translated yet, all would be hundreds of megabytes.
		if segments, err = segments.Ready(); err != nil {
			return fmt.Errorf("the manifest's entry of %s: %w", e.Path, err)
		}
	}
	w.now[e.Locale].PutSegments(entry, segments)
	return nil
}

// isForeign reports whether the page in the place of an edition is not as this
// program wrote it, so that it must not be overwritten: somebody changed it, or no
// manifest knows it.
func (w *writer) isForeign(e *pipeline.Edition, old *edition.Article, s *Summary) bool {
	if w.overwrite {
		return false
	}
	name := w.config.PagePath(e.Locale, e.File)
	if !w.pages.Exists(name) {
		return false
	}
	data, err := w.pages.ReadFile(name)
	if err != nil || bytes.Equal(data, e.Data) {
		return false // an error comes again on writing
	}
	sum := sha256.Sum256(data)
	known := old != nil && old.Edition != ""
	if known && old.Edition == hex.EncodeToString(sum[:]) || w.site.made(name, hex.EncodeToString(sum[:])) {
		return false
	}
	d := diag.Diagnostic{
		ID: "edition.edited", Severity: diag.Warning, Place: diag.Place{Path: e.Translation.Document.Path, Locale: e.Locale},
		Hint: "take its words into the memory with `hexapla adopt`, or replace it with `hexapla build --overwrite`",
	}.Messagef("the page %s was changed by hand since it was written; it is not overwritten", diag.Arg("page", name))
	if !known {
		d.ID = "edition.unknown"
		d = d.Messagef("the page %s is in no manifest; it is not overwritten", diag.Arg("page", name))
		d.Hint = "move it away, or replace it with `hexapla build --overwrite`"
	}
	s.add(e.Locale, []diag.Diagnostic{d})
	return true
}

// takeAway removes the page of an edition that was to be taken away, if it is as a build
// wrote it. It reports whether there is no page now.
func (w *writer) takeAway(locale string, old *edition.Article, wrote func(string, bool)) bool {
	name := w.pagePath(locale, old.Path)
	data, err := w.pages.ReadFile(name)
	if err != nil {
		return !w.pages.Exists(name)
	}
	if hash(data) != old.Edition || w.dryRun || w.dir.Remove(name) != nil {
		return false
	}
	wrote(name, true)
	return true
}

// stale reports an edition that is in the output folder and should not be
// published any more. It returns the hash of the edition, so that the next build
// reports it again, and "" if the file is gone. The file stays: only a person
// removes a page that readers have.
func (w *writer) stale(locale string, a edition.Article, reason string, s *Summary) string {
	name := w.pagePath(locale, a.Path)
	if !w.pages.Exists(name) {
		return ""
	}
	s.add(locale, []diag.Diagnostic{diag.Diagnostic{
		ID: "edition.stale", Severity: diag.Warning, Place: diag.Place{Path: a.Source, Locale: locale},
		Hint: "remove the file if readers should not have it",
	}.Messagef("an earlier edition stays at %s, though %s", diag.Arg("page", name), diag.Arg("reason", reason))})
	return a.Edition
}

// carryOverEntries keeps the entries of articles that a build did not reach before
// it failed.
func (w *writer) carryOverEntries() {
	w.allArticles = false
	for _, l := range w.targets {
		for _, name := range w.old[l].Paths() {
			if !w.now[l].Has(name) {
				w.now[l].Keep(name)
			}
		}
	}
}

func (w *writer) writeManifests(s *Summary, wrote func(string, bool)) error {
	w.pages.Sync()
	var errs []error
	for _, l := range w.targets {
		if w.damaged[l] {
			continue
		}
		if w.allArticles {
			w.reportStaleEditions(l, s)
		}
		if w.dryRun {
			continue
		}
		changed, err := w.writeManifest(l)
		if err == nil {
			wrote(w.config.ManifestPath(l), changed)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// writeManifest writes the files of the manifest of a locale that are not there already.
func (w *writer) writeManifest(locale string) (changed bool, err error) {
	name := w.config.ManifestPath(locale)
	layout, err := w.now[locale].Layout()
	if err != nil {
		return false, fmt.Errorf("%s: %w", w.dir.Path(name), err)
	}
	files := w.files[locale]
	if n := len(layout.Write); n == 0 || layout.Write[n-1].Name != "" {
		stamp, ok := w.dir.Stamp(name)
		if ok && stamp != files.stamp {
			data, err := w.dir.ReadFile(name)
			ok = err == nil && hash(data) == files.sum("")
		}
		if !ok { // it has never been written, or is not what it was when it was read
			root, err := w.now[locale].Root(layout)
			if err != nil {
				return false, fmt.Errorf("%s: %w", w.dir.Path(name), err)
			}
			layout.Write = append(layout.Write, root)
		}
	}
	for _, p := range layout.Write {
		if err := w.writePart(locale, p); err != nil {
			return changed, err
		}
		changed = true
	}
	files.release(false) // not all systems remove a file that is open
	for _, part := range layout.Remove {
		if err := w.dir.Remove(partPath(w.config, locale, part)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return changed, err
		}
	}
	if slices.Contains(w.written[locale], "") {
		w.removeLeftParts(locale, layout.Parts)
	}
	w.parts[locale] = layout.Parts
	if !changed {
		w.dir.RemoveAbandoned(name)
	}
	return changed, nil
}

// removeLeftParts removes the files of parts that the manifest of a locale does not list:
// those of a build that was killed before it wrote manifest.json, or after it. Programs that
// read all parts would read old entries in them. A folder that is empty then is removed.
func (w *writer) removeLeftParts(locale string, parts []string) {
	folder := path.Dir(partPath(w.config, locale, "0"))
	entries, err := fs.ReadDir(w.dir.FS(), folder) // which does not wait for a named pipe
	if err != nil {
		return
	}
	listed := make(map[string]bool, len(parts))
	for _, part := range parts {
		listed[part] = true
	}
	for _, e := range entries {
		if part, ok := edition.PartOfName(e.Name()); ok && !listed[part] {
			_ = w.dir.Remove(path.Join(folder, e.Name()))
		}
	}
	if len(parts) == 0 {
		_ = w.dir.Remove(folder) // if it is empty
	}
}

// writePart writes a file of the manifest of a locale.
func (w *writer) writePart(locale string, p edition.Part) error {
	name, files := partPath(w.config, locale, p.Name), w.files[locale]
	f, err := w.dir.CreateFile(name)
	if err != nil {
		return err
	}
	h := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, h), 256<<10)
	_, err = p.WriteTo(out)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", w.dir.Path(name), err), f.Abort())
	}
	files.release(p.Name == "") // not all systems replace a file that is open
	files.note(p.Name, hex.EncodeToString(h.Sum(nil)))
	w.written[locale] = append(w.written[locale], p.Name)
	return f.Commit()
}

// reportStaleEditions reports the editions whose articles are gone.
func (w *writer) reportStaleEditions(locale string, s *Summary) {
	for _, name := range w.old[locale].Paths() {
		if w.now[locale].Has(name) || !w.old[locale].HasPage(name) {
			continue
		}
		a, ok := w.old[locale].Head(name)
		if ok && w.stale(locale, *a, "its article does not exist any more", s) != "" {
			w.now[locale].Keep(name)
		}
	}
}

// release forgets the entries of an article as values.
func (w *writer) release(path string) {
	for l := range w.old {
		w.old[l].Release(path)
		w.now[l].Release(path)
	}
}
