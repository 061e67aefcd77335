package publish

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/corrections"
)

const correctionsName = "corrections.json"

// readCorrections reads the list of corrections; one that is damaged is reported, and not
// written.
func (b *siteBuild) readCorrections(s *Summary) error {
	name := b.rootPath(correctionsName)
	data, err := b.dir.ReadState(name)
	if errors.Is(err, fs.ErrNotExist) {
		b.corrections = &corrections.Log{}
		return nil
	}
	if err != nil {
		return err
	}
	if b.corrections, err = corrections.Parse(data); err != nil {
		s.add("", []diag.Diagnostic{diag.Diagnostic{
			ID: "site.corrections", Severity: diag.Error, Place: diag.Place{Path: b.dir.Path(name)},
			Hint: "restore the file; or remove it, if what changed until now need not be listed",
		}.Messagef("%v; no correction is noted", diag.Arg("error", err))})
	}
	return nil
}

// correct notes what changed in an article since readers have an edition of it, before
// its pages are written.
func (b *siteBuild) correct(r *pipeline.Result) {
	if b == nil || b.dryRun || b.corrections == nil || r.SHA256 == "" || len(r.Editions) == 0 {
		return
	}
	c := b.ws.Config
	name := c.EditionPath(r.Path)
	var newest *site.Page
	for _, l := range c.Project.Locales {
		p := b.old[l][name]
		if p == nil || !p.IsListed() {
			continue
		}
		if p.SHA256 == r.SHA256 {
			return
		}
		if newest == nil || p.Modified.After(newest.Modified) {
			newest = p
		}
	}
	last := b.corrections.Last(name)
	if newest == nil || last != nil && last.To == r.SHA256 {
		return
	}
	entry := corrections.Correction{Article: r.Path, Path: name, Time: b.ws.Clock(), From: newest.SHA256, To: r.SHA256}
	if last != nil {
		entry.From = last.To
	}
	// The source's edition is the article as readers had it.
	source := cmp.Or(r.SourceLocale, c.Project.Source)
	was := b.old[source][name]
	if data, err := b.dir.ReadFile(c.PagePath(source, b.file(source, name))); err == nil && was != nil {
		before, _ := b.ws.Open(r.Path, r.Document.Format, "", data)
		after := texts(r.Document)
		entry.Changes = corrections.Diff(withoutAdded(texts(before), after, was.Correction), after)
		if len(entry.Changes) == 0 {
			return // nothing that readers read
		}
	}
	b.corrections.Corrections = append(b.corrections.Corrections, entry)
	b.corrected = true
	if c.Site.CorrectionNote != string(bitext.NoticeOff) {
		b.noted[name] = true
	}
}

// texts returns the texts of a document.
func texts(d *bitext.Document) []corrections.Text {
	var out []corrections.Text
	for i := range d.Units {
		u := &d.Units[i]
		out = append(out, corrections.Text{ID: u.ID, Kind: string(u.Kind), Words: u.Source.Chars})
	}
	return out
}

// withoutAdded returns the texts of an earlier edition without what the build had added to
// the article: the note that it was corrected, and fields of its structured data, which are
// from the title and the description of the page.
func withoutAdded(before, after []corrections.Text, note string) []corrections.Text {
	has := map[string]bool{}
	for _, t := range after {
		has[t.ID] = true
	}
	return slices.DeleteFunc(before, func(t corrections.Text) bool {
		return !has[t.ID] && (strings.HasPrefix(t.ID, "jsonld.") || note != "" && site.OneLine(t.Words) == note)
	})
}

func (b *siteBuild) writeCorrections(wrote func(string, bool)) error {
	if !b.corrected {
		return nil
	}
	data, err := b.corrections.Encode()
	if err != nil {
		return err
	}
	return b.writeFile(b.rootPath(correctionsName), data, wrote)
}

// Corrections returns the corrections of a project with a site, and what the editions in
// its output folder have of them.
type Corrections struct {
	log   *corrections.Log
	ws    *workspace.Workspace
	pages *siteBuild
	made  map[string]*edition.Stored // manifests that were opened; nil for one that cannot be read
	open  []*manifestFiles
	dir   *rootfs.Dir
}

// ReadCorrections reads the corrections of a project. The caller closes them.
func ReadCorrections(w *workspace.Workspace) (*Corrections, error) {
	if w.Config.Site == nil {
		return nil, errors.New("the project has no [site]: corrections are noted for sites")
	}
	dir, err := openOutput(w, Options{DryRun: true})
	if err != nil {
		return nil, err
	}
	c := &Corrections{log: &corrections.Log{}, ws: w, made: map[string]*edition.Stored{}, dir: dir}
	if dir == nil {
		return c, nil
	}
	s := newSummary(w.Targets, true, true)
	if c.pages, err = newSiteBuild(w, dir, Options{DryRun: true}, s); err == nil {
		if s.Err() != nil {
			err = errors.New(s.Findings[0].Error())
		}
	}
	if err != nil {
		dir.Close()
		return nil, err
	}
	c.log = c.pages.corrections
	return c, nil
}

// Close closes the output folder.
func (c *Corrections) Close() {
	for _, f := range c.open {
		f.close()
	}
	if c.dir != nil {
		c.dir.Close()
	}
}

// Page returns the page of an edition, nil if there is none.
func (c *Corrections) Page(locale, path string) *site.Page {
	if c.pages == nil {
		return nil
	}
	return c.pages.old[locale][path]
}

// People returns the names of those who translated or reviewed an edition.
func (c *Corrections) People(locale, path string) []string {
	m, known := c.made[locale]
	if !known {
		var files *manifestFiles
		if m, files, _ = openManifest(c.dir, c.ws.Config, locale); files != nil {
			c.open = append(c.open, files)
		}
		c.made[locale] = m
	}
	if m != nil {
		defer m.Release(path)
		if a, ok := m.Find(path); ok {
			return a.Translators()
		}
	}
	return nil
}

// Log returns the list of corrections.
func (c *Corrections) Log() *corrections.Log { return c.log }
