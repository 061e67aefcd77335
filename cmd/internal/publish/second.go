package publish

import (
	"hash/maphash"
	"slices"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
)

// secondPass finds the pages of a build that have to be written again when all editions
// are known: a page may be written before the editions of other articles that it links to.
// Without it, the links of a new project would lead to the source's editions until the
// build after. A nil one is that of a dry run; all methods may be called on it.
type secondPass struct {
	ws      *workspace.Workspace
	pages   *siteBuild                   // nil without a site
	links   map[string][][]pipeline.Link // of the editions of an article that links to others, in the order of the targets
	held    map[string][]localeFinding   // what the first pass found of links to editions that did not exist yet
	kept    map[string]bool              // articles that the first pass did not build, but counted what an earlier build had found
	changed map[uint64]bool              // hashes of the names of files that the build has changed: of hundreds of thousands
	seed    maphash.Seed

	reported map[pageFinding]bool // what was found of the pages in the output folder; nil before the second pass writes
}

// pageFinding is the kind of a finding, and the edition that it is about.
type pageFinding struct{ id, path, locale string }

// localeFinding is a finding of the edition in a locale.
type localeFinding struct {
	locale  string
	finding diag.Diagnostic
}

// newSecondPass returns the second pass of a build, nil if it needs none.
func newSecondPass(ws *workspace.Workspace, pages *siteBuild, o Options) *secondPass {
	if o.DryRun || ws.Config.Project.BaseURL == "" && pages == nil {
		return nil
	}
	return &secondPass{ws: ws, pages: pages, links: map[string][][]pipeline.Link{}, held: map[string][]localeFinding{}, kept: map[string]bool{}, changed: map[uint64]bool{}, seed: maphash.MakeSeed()}
}

// note notes the links of the editions of an article. links returns those of the i-th
// target.
func (p *secondPass) note(name string, links func(i int) []pipeline.Link) {
	if p == nil {
		return
	}
	delete(p.links, name)
	var all [][]pipeline.Link
	for i := range p.ws.Targets {
		if l := links(i); p.mayChange(l) {
			if all == nil {
				all = make([][]pipeline.Link, len(p.ws.Targets))
			}
			all[i] = l
		}
	}
	if all != nil {
		p.links[name] = all
	}
}

// mayChange reports whether one of links can get another address in this build.
func (p *secondPass) mayChange(links []pipeline.Link) bool {
	return p.ws.Config.RewritesLinks() && len(links) > 0 || slices.ContainsFunc(links, func(l pipeline.Link) bool { return l.Article })
}

// result notes the links of an article that was built.
func (p *secondPass) result(r *pipeline.Result) {
	p.note(p.name(r), func(i int) []pipeline.Link {
		if i < len(r.Editions) {
			return r.Editions[i].Links
		}
		return nil
	})
}

// keep notes the links of an article that is not built, by its record.
func (p *secondPass) keep(r *record, name string) {
	p.note(name, func(i int) []pipeline.Link { return r.editions[i].links })
	if p != nil && p.links[name] != nil {
		p.kept[name] = true
	}
}

func (p *secondPass) name(r *pipeline.Result) string {
	if p == nil {
		return ""
	}
	return p.ws.Config.EditionPath(r.Path)
}

// hold returns r without the findings about links to editions that do not exist yet:
// this build may still write them.
func (p *secondPass) hold(r pipeline.Result) pipeline.Result {
	if p == nil {
		return r
	}
	delete(p.held, p.name(&r))
	if !slices.ContainsFunc(r.Editions, func(e pipeline.Edition) bool { return slices.ContainsFunc(e.Diagnostics, isOfLink) }) {
		return r
	}
	var held []localeFinding
	r.Editions = slices.Clone(r.Editions)
	for i := range r.Editions {
		e := &r.Editions[i]
		for _, d := range e.Diagnostics {
			if isOfLink(d) {
				held = append(held, localeFinding{e.Locale, d})
			}
		}
		e.Diagnostics = slices.DeleteFunc(slices.Clone(e.Diagnostics), isOfLink)
	}
	p.held[p.name(&r)] = held
	return r
}

// again holds the findings about links of an article that is built again, in place of
// those of its first pass.
func (p *secondPass) again(r pipeline.Result, s *Summary) {
	if name := p.name(&r); p.kept[name] {
		delete(p.kept, name)
		for _, links := range p.links[name] {
			missing := map[string]bool{}
			for _, l := range links {
				if l.Article && !l.Edition {
					missing[l.Path] = true
				}
			}
			if !s.all {
				s.Hidden -= len(missing)
			}
		}
		s.Findings = slices.DeleteFunc(s.Findings, func(d diag.Diagnostic) bool { return isOfLink(d) && d.Place.Path == r.Path })
	}
	p.hold(r)
}

// isOfLink reports whether a finding is about a link to an article without an edition.
func isOfLink(d diag.Diagnostic) bool { return d.ID == "html.link" || d.ID == "markdown.link" }

// release adds the findings about links of the last pass that an article was in.
func (p *secondPass) release(s *Summary) {
	if p == nil {
		return
	}
	for _, findings := range p.held {
		for _, f := range findings {
			s.add(f.locale, []diag.Diagnostic{f.finding})
		}
	}
	clear(p.held)
}

// articles returns the articles of a build whose pages would have other links now that
// all editions are known, or the note of a correction that it has found, as sources of
// another build; nil if there are none.
func (p *secondPass) articles(out *writer, failed error) []pipeline.Source {
	if p == nil || failed != nil || len(p.links) == 0 && !p.pages.hasNotes() {
		return nil
	}
	articles := slices.Clone(p.ws.Articles)
	for i := range articles {
		articles[i].Unchanged = true // no page is written meanwhile
	}
	out.restart()
	p.pages.restart()
	known := p.ws.Siblings(articles, out.existing(p.ws, articles))
	any := false
	for i := range articles {
		a := &articles[i]
		name := p.ws.Config.EditionPath(a.Path)
		a.Unchanged = !p.pages.isNoted(name)
		for i, links := range p.links[name] {
			a.Unchanged = a.Unchanged && known.Confirm(p.ws.Targets[i], links)
		}
		any = any || !a.Unchanged
	}
	if !any {
		return nil
	}
	return articles
}

// count returns wrote for a build that writes files a second time: each file counts
// once.
func (p *secondPass) count(wrote func(string, bool)) func(string, bool) {
	if p == nil {
		return wrote
	}
	return func(name string, changed bool) {
		if changed {
			p.changed[maphash.String(p.seed, name)] = true
		}
		wrote(name, changed)
	}
}

// write writes the editions of an article again. What was found of the pages that are in
// their places is found again, and counts once.
func (p *secondPass) write(out *writer, r pipeline.Result, s *Summary, observer Observer) error {
	if p.reported == nil {
		p.reported = map[pageFinding]bool{}
		for _, d := range s.OfPages() {
			p.reported[pageFinding{d.ID, d.Place.Path, d.Place.Locale}] = true
		}
	}
	found := newSummary(nil, false, true)
	err := out.result(r, found, p.rewrote(s, observer))
	for _, d := range found.Findings {
		if !p.reported[pageFinding{d.ID, d.Place.Path, d.Place.Locale}] {
			s.add(d.Place.Locale, []diag.Diagnostic{d})
		}
	}
	return err
}

// rewrote counts a file that was written a second time.
func (p *secondPass) rewrote(s *Summary, observer Observer) func(string, bool) {
	return func(name string, changed bool) {
		if key := maphash.String(p.seed, name); changed && !p.changed[key] {
			p.changed[key] = true
			s.Unchanged--
			s.Written++
			observer.Wrote(name, true)
		}
	}
}
