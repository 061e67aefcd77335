package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// writer writes the editions of a build and the manifests of their locales.
type writer struct {
	dir         *rootfs.Dir
	targets     []string
	allArticles bool // an article that is not built does not exist any more
	old         map[string]*edition.Manifest
	now         map[string]*edition.Manifest
}

func manifestPath(locale string) string { return path.Join(locale, "manifest.json") }

// newWriter reads the manifests of earlier builds.
func newWriter(dir *rootfs.Dir, ws *workspace.Workspace, allArticles bool) (*writer, error) {
	w := &writer{
		dir: dir, targets: ws.Targets, allArticles: allArticles,
		old: map[string]*edition.Manifest{}, now: map[string]*edition.Manifest{},
	}
	for _, l := range ws.Config.Project.Locales {
		m := &edition.Manifest{}
		data, err := dir.ReadFile(manifestPath(l))
		if err == nil {
			// A manifest that cannot be parsed is replaced.
			if old, perr := edition.ParseManifest(data); perr == nil {
				m = old
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		w.old[l] = m
		w.now[l] = &edition.Manifest{Locale: l, Direction: locales.Direction(l), Articles: []edition.Article{}}
		if !allArticles {
			w.now[l].Articles = append(w.now[l].Articles, m.Articles...)
		}
	}
	return w, nil
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
// ends the build: the next one could not be written either.
func (w *writer) result(r pipeline.Result, s *Summary, wrote func(string, bool)) error {
	if len(r.Editions) == 0 {
		// The article could not be read: its editions stay as they are.
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
			name := path.Join(e.Locale, e.Path)
			changed, err := w.dir.WriteFile(name, e.Data)
			if err != nil {
				return err
			}
			wrote(name, changed)
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

// stale reports an edition that is in the output folder and should not be
// published any more. It returns the hash of the edition, so that the next build
// reports it again, and "" if the file is gone. The file stays: only a person
// removes a page that readers have.
func (w *writer) stale(locale string, a edition.Article, reason string, s *Summary) string {
	name := path.Join(locale, a.Path)
	if !w.dir.Exists(name) {
		return ""
	}
	s.add(locale, []diag.Diagnostic{{
		ID: "edition.stale", Severity: diag.Warning, Place: diag.Place{Path: a.Source, Locale: locale},
		Message: fmt.Sprintf("an earlier edition stays at %s, though %s", name, reason),
		Hint:    "remove the file if readers should not have it",
	}})
	return a.Edition
}

// carryOverEntries keeps the entries of articles that a build did not reach before
// it failed.
func (w *writer) carryOverEntries() {
	w.allArticles = false
	for _, l := range w.targets {
		for _, a := range w.old[l].Articles {
			if !slices.ContainsFunc(w.now[l].Articles, func(b edition.Article) bool { return b.Path == a.Path }) {
				w.now[l].Put(a)
			}
		}
	}
}

func (w *writer) writeManifests(s *Summary, wrote func(string, bool)) error {
	var errs []error
	for _, l := range w.targets {
		m := w.now[l]
		if w.allArticles {
			w.reportStaleEditions(l, s)
		}
		data, err := m.Encode()
		if err == nil {
			var changed bool
			if changed, err = w.dir.WriteFile(manifestPath(l), data); err == nil {
				wrote(manifestPath(l), changed)
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// reportStaleEditions reports the editions whose articles are gone.
func (w *writer) reportStaleEditions(locale string, s *Summary) {
	for _, a := range w.old[locale].Articles {
		if _, ok := find(w.now[locale], a.Path); ok || a.Edition == "" {
			continue
		}
		if w.stale(locale, a, "its article does not exist any more", s) != "" {
			w.now[locale].Put(a)
		}
	}
}
