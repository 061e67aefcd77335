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
	"os"
	"slices"

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
	old         map[string]*edition.Entries
	now         map[string]*edition.Entries
	damaged     map[string]bool   // locales whose manifest cannot be used: nothing of theirs is written
	sums        map[string]string // SHA-256 of the manifests, by locale
	restarted   map[string]bool   // locales whose old entries are those of this build, see siteBuild.restart
	site        *siteBuild        // nil without a site

	texts     *edition.Texts
	temporary *rootfs.Temporary
	files     map[string]*os.File     // the manifests that entries are read from, by locale
	stamps    map[string]rootfs.Stamp // of these, when they were opened
	inMemory  bool                    // read the manifests into memory
}

// newWriter reads the manifests of earlier builds. A locale with a manifest that
// cannot be used is reported: nothing of it is written, because nobody can tell
// what its pages are. in is nil if nothing is known of an earlier build. The writer is
// to be closed.
func newWriter(dir *rootfs.Dir, ws *workspace.Workspace, o Options, s *Summary, in *incremental, site *siteBuild) (*writer, error) {
	w := &writer{
		config: ws.Config, dir: dir, targets: ws.Targets, dryRun: o.DryRun, overwrite: o.Overwrite, allArticles: !o.Partial,
		old: map[string]*edition.Entries{}, now: map[string]*edition.Entries{}, damaged: map[string]bool{}, restarted: map[string]bool{}, sums: map[string]string{}, site: site,
	}
	w.files, w.stamps = map[string]*os.File{}, map[string]rootfs.Stamp{}
	w.texts = edition.NewTexts(func() (edition.TextFile, error) {
		var err error
		w.temporary, err = ws.Dir.CreateTemporary(workspace.StateFolder)
		return w.temporary, err
	})
	if o.DryRun { // which writes nothing, and may be read when the writer is gone
		w.texts, w.inMemory = nil, true
	}
	for _, l := range ws.Config.Project.Locales {
		m := edition.NewEntries(l, locales.Direction(l), w.texts)
		file, err := dir.OpenFile(ws.Config.ManifestPath(l))
		if err == nil {
			w.files[l] = file
			old, perr := w.parse(l, file, in)
			if perr == nil {
				m = old
			} else {
				w.damaged[l] = true
				s.add(l, []diag.Diagnostic{diag.Diagnostic{
					ID: "edition.manifest", Severity: diag.Error, Place: diag.Place{Path: dir.Path(ws.Config.ManifestPath(l)), Locale: l},
					Hint: "restore the file; or move it away and build with --overwrite, if the pages in the folder may be replaced",
				}.Messagef("%v; no edition of %s is written", diag.Arg("error", perr), diag.Arg("locale", l))})
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			w.close()
			return nil, err
		}
		w.old[l] = m
		w.now[l] = edition.NewEntries(l, locales.Direction(l), w.texts)
		if !w.allArticles {
			for _, name := range m.Paths() {
				w.now[l].Copy(m, name)
			}
		}
	}
	return w, nil
}

// parse reads the manifest of a locale. One that is as an earlier build wrote it need
// not be checked.
func (w *writer) parse(locale string, file *os.File, in *incremental) (*edition.Entries, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	w.stamps[locale] = rootfs.StampOf(info)
	var content io.ReaderAt = file
	known := in.manifest(locale)
	if known != nil {
		w.sums[locale] = known.sum
	} else {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(file, 0, info.Size())); err != nil {
			return nil, err
		}
		w.sums[locale] = hex.EncodeToString(h.Sum(nil))
	}
	if w.inMemory {
		if info.Size() > rootfs.MaxUnits {
			return nil, fmt.Errorf("manifest: it is larger than the limit of %d bytes", rootfs.MaxUnits)
		}
		data := make([]byte, info.Size())
		if _, err := io.ReadFull(file, data); err != nil {
			return nil, err
		}
		content = bytes.NewReader(data)
	}
	return edition.ReadEntries(locale, locales.Direction(locale), content, info.Size(), known != nil, w.texts)
}

// close closes the files that entries are read from.
func (w *writer) close() {
	for _, f := range w.files {
		_ = f.Close()
	}
	if w.temporary != nil {
		_ = w.temporary.Close()
	}
}

// existing returns the editions that the manifests of earlier builds list. Of the
// articles that are being built, only those count whose page is still there.
func (w *writer) existing(ws *workspace.Workspace) edition.Index {
	building := map[string]bool{}
	for _, a := range ws.Articles {
		building[ws.Config.EditionPath(a.Path)] = true
	}
	has := map[string]map[string]bool{} // as it is now, before pages are written
	for l, m := range w.old {
		has[l] = map[string]bool{}
		for _, name := range m.Paths() {
			has[l][name] = m.HasPage(name) && (!building[name] || w.dir.Exists(w.pagePath(l, name)))
		}
	}
	return w.site.index(edition.IndexFunc(func(locale, name string) bool { return has[locale][name] }, func(locale, name string) *edition.Article {
		a, _ := w.old[locale].Head(name)
		return a
	}))
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
	if old == nil || old.Edition == "" || !w.dir.Exists(name) {
		return Earlier{}
	}
	data, err := w.dir.ReadFile(name)
	return Earlier{Exists: true, Current: err == nil && e.Data != nil && bytes.Equal(data, e.Data)}
}

// result writes the editions of one article. An edition that cannot be written
// ends the build: the next one could not be written either.
func (w *writer) result(r pipeline.Result, s *Summary, wrote func(string, bool)) error {
	if len(r.Editions) == 0 {
		// The article could not be read: its editions stay as they are.
		for _, l := range w.targets {
			for _, name := range w.old[l].FromSource(r.Path) {
				w.now[l].Copy(w.old[l], name)
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
		w.now[l].Copy(w.old[l], path)
	}
	return true
}

// edition writes one edition, or keeps what is in its place. It sets the status of
// the edition to what became of it.
func (w *writer) edition(r *pipeline.Result, e *pipeline.Edition, s *Summary, wrote func(string, bool)) error {
	old, _ := w.old[e.Locale].Head(e.Path)
	entry, segments := r.ManifestHead(*e)
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
		changed, err := w.dir.WriteFile(name, e.Data)
		if err != nil {
			return err
		}
		wrote(name, changed)
	}
	w.now[e.Locale].PutSegments(entry, segments, w.old[e.Locale])
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
	if !w.dir.Exists(name) {
		return false
	}
	data, err := w.dir.ReadFile(name)
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
	data, err := w.dir.ReadFile(name)
	if err != nil {
		return !w.dir.Exists(name)
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
	if !w.dir.Exists(name) {
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
				w.now[l].Copy(w.old[l], name)
			}
		}
	}
}

func (w *writer) writeManifests(s *Summary, wrote func(string, bool)) error {
	var errs []error
	for _, l := range w.targets {
		if w.damaged[l] {
			continue
		}
		m := w.now[l]
		if w.allArticles {
			w.reportStaleEditions(l, s)
		}
		if w.dryRun {
			continue
		}
		changed, err := w.writeManifest(l, m)
		if err == nil {
			wrote(w.config.ManifestPath(l), changed)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// writeManifest writes the manifest of a locale, if it is not there already.
func (w *writer) writeManifest(locale string, m *edition.Entries) (changed bool, err error) {
	name := w.config.ManifestPath(locale)
	if stamp, ok := w.dir.Stamp(name); ok && !w.restarted[locale] && m.Equal(w.old[locale]) {
		if stamp == w.stamps[locale] {
			w.dir.RemoveAbandoned(name)
			return false, nil
		}
		if data, err := w.dir.ReadFile(name); err == nil && hash(data) == w.sums[locale] {
			return false, nil
		}
	}
	f, err := w.dir.CreateFile(name)
	if err != nil {
		return false, err
	}
	h := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, h), 256<<10)
	_, err = m.WriteTo(out)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return false, errors.Join(fmt.Errorf("write %s: %w", w.dir.Path(name), err), f.Abort())
	}
	w.sums[locale] = hex.EncodeToString(h.Sum(nil))
	if old := w.files[locale]; old != nil { // not all systems replace a file that is open
		_ = old.Close()
	}
	return true, f.Commit()
}

// reportStaleEditions reports the editions whose articles are gone.
func (w *writer) reportStaleEditions(locale string, s *Summary) {
	for _, name := range w.old[locale].Paths() {
		if w.now[locale].Has(name) || !w.old[locale].HasPage(name) {
			continue
		}
		a, ok := w.old[locale].Head(name)
		if ok && w.stale(locale, *a, "its article does not exist any more", s) != "" {
			w.now[locale].Copy(w.old[locale], name)
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
