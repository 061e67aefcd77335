package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/quality"
)

// Source is an article to build: its path in the project, and how to read it. An
// article that is Unchanged is not built: its editions are those that it has, and
// pages of the others may link to them.
type Source struct {
	Path      string
	Read      func() ([]byte, error)
	Unchanged bool
}

// Result is what became of one article. SHA256 is that of its bytes. SourceLocale is the
// locale that it is written in, if that is another one than the project's source.
type Result struct {
	Path         string
	SHA256       string
	SourceLocale string
	Document     *bitext.Document
	Open         bool      // some segment is in neither the catalogs nor the memory, and an engine is configured for its locale
	Pending      bool      // the time alone can change what becomes of an edition
	Editions     []Edition // in the order of the locales asked for
	Diagnostics  []diag.Diagnostic

	Title string // of an article that was not built, see package publish

	// Of a result that another process made, whose document is not here: the numbers of
	// its source texts (see package workspace), and its line for Project.Units.
	Sources []int64
	Units   []byte
}

// Build makes the editions of articles in locales. existing are the editions of
// earlier builds: pages name them as alternates, in locales that are not being
// built. Each article's result goes to emit when it is done, one at a time. Articles
// that cannot be read have a Result with a diagnostic; the others are still built.
// Build stops at an error of the memory, of emit or of the context: what was emitted
// before is whole.
func (p *Project) Build(ctx context.Context, articles []Source, targets []string, existing edition.Index, emit func(Result) error) error {
	type done struct {
		Result
		size int64
	}
	results := make(chan done)
	room := semaphore.NewWeighted(maxInFlight)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	known := p.Siblings(articles, existing)
	order := p.newPlaces(len(articles))
	work, workCtx := errgroup.WithContext(ctx)
	work.SetLimit(p.inFlight() + 1) // with the loop itself
	work.Go(func() error {
		for i, a := range articles {
			if workCtx.Err() != nil {
				break
			}
			if a.Unchanged {
				order.finish(i)
				continue
			}
			// In order, for an article may wait for those before it.
			data, rerr := a.Read()
			size := int64(min(len(data), maxInFlight))
			if err := room.Acquire(workCtx, size); err != nil {
				return err
			}
			a.Read = func() ([]byte, error) { return data, rerr }
			work.Go(func() error {
				defer order.finish(i)
				r, err := p.article(workCtx, i, a, order, targets, known)
				if err != nil {
					return fmt.Errorf("%s: %w", a.Path, err)
				}
				select {
				case results <- done{r, size}:
				case <-workCtx.Done():
				}
				return workCtx.Err()
			})
		}
		return nil
	})
	var emitErr error
	emitted := make(chan struct{})
	go func() {
		defer close(emitted)
		for r := range results {
			if emitErr == nil {
				if emitErr = emit(r.Result); emitErr != nil {
					cancel() // what nobody takes need not be made
				}
			}
			room.Release(r.size)
		}
	}()
	err := work.Wait()
	close(results)
	<-emitted
	return cmp.Or(emitErr, err)
}

// maxInFlight is the size in bytes of the articles that are worked on at the same time,
// but for one that is larger: in all locales they need a thousand times as much memory.
const maxInFlight = 192 << 10

// Article makes the editions of one article, as Build does for several. It is not for a
// project where ChoosesFiles is true.
func (p *Project) Article(ctx context.Context, a Source, targets []string, known Siblings) (Result, error) {
	return p.article(ctx, 0, a, nil, targets, known)
}

// ChoosesFiles reports whether the file of a page depends on the other articles of the
// build: pages are named by their titles.
func (p *Project) ChoosesFiles() bool { return p.newPlaces(0) != nil }

// article takes one article all the way. Its locales are prepared side by side;
// which editions there are must be known before the first is assembled, for each
// names the others. number is that of the article in the build.
func (p *Project) article(ctx context.Context, number int, a Source, order *places, targets []string, known Siblings) (Result, error) {
	r := Result{Path: a.Path}
	data, err := a.Read()
	if err != nil {
		r.Document = &bitext.Document{Path: a.Path}
		r.Diagnostics = diag.From(err, "article.read")
		for i := range r.Diagnostics {
			r.Diagnostics[i].Place.Path = a.Path
		}
		return r, nil
	}
	sum := sha256.Sum256(data)
	r.SHA256 = hex.EncodeToString(sum[:])
	if err := p.work(ctx, func() error {
		r.Document, r.Diagnostics = p.Open(a.Path, "", "", data)
		return nil
	}); err != nil {
		return r, err
	}
	if l := r.Document.Locale; l != p.Config.Project.Source {
		r.SourceLocale = l
	}
	if worst, any := diag.MaxSeverity(r.Diagnostics); any && worst == diag.Error && len(r.Document.Units) == 0 {
		return r, nil
	}

	prepared, open, err := p.prepareAll(ctx, r.Document, targets)
	r.Open = open
	if err != nil {
		return r, err
	}
	path := p.Config.EditionPath(a.Path)
	source := quality.NewSource(r.Document)
	g, gctx := errgroup.WithContext(ctx)
	for _, locale := range targets {
		e := prepared[locale]
		var fallback *bitext.Translation
		if f := prepared[p.Config.PolicyFor(locale).Fallback]; f != nil {
			fallback = f.Translation
		}
		g.Go(func() error {
			return p.work(gctx, func() error { p.decide(e, fallback, known.existing.Get(locale, path), source, r.SHA256); return nil })
		})
	}
	if err := g.Wait(); err != nil {
		return r, err
	}
	p.publishTogether(a.Path, prepared, targets, func(locale string) bool { return known.existing.Has(locale, path) }, func(e *Edition) {
		p.conclude(e, known.existing.Get(e.Locale, path), r.SHA256)
	})
	for _, locale := range targets {
		r.Pending = r.Pending || prepared[locale].pending
	}
	var others []string
	for _, locale := range p.Config.Project.Locales {
		published := known.existing.Has(locale, path)
		if slices.Contains(targets, locale) {
			published = prepared[locale].Published.Status.IsPublished()
		}
		if published {
			others = append(others, locale)
		}
	}
	files, err := p.place(ctx, number, order, prepared, others, path, known)
	if err != nil {
		return r, err
	}
	g, gctx = errgroup.WithContext(ctx)
	for _, locale := range targets {
		e := prepared[locale]
		g.Go(func() error { return p.work(gctx, func() error { p.finish(e, others, files, known); return nil }) })
	}
	if err := g.Wait(); err != nil {
		return r, err
	}
	if p.Config.Site != nil {
		for _, locale := range targets {
			if e := prepared[locale]; e.Data != nil {
				e.Page = p.newPage(e, r.SHA256)
			}
		}
	}
	for _, locale := range targets {
		r.Editions = append(r.Editions, *prepared[locale])
	}
	return r, nil
}

// Siblings are the articles that pages may link to: those of a build, by the paths
// of their editions, and the editions of earlier builds.
type Siblings struct {
	articles map[string]bool
	existing edition.Index
	config   *config.Config
	sections *siteSections
}

// Link is a link of a page to another article, and what was known of that: Article
// reports whether there is such an article, Edition whether it has one in the
// page's locale. Path is that of the link, below the source's editions. To is the
// address that a page of a site leads to.
type Link struct {
	Path    string
	Article bool
	Edition bool
	To      string
}

// Siblings returns the siblings that the pages of a build have.
func (p *Project) Siblings(articles []Source, existing edition.Index) Siblings {
	s := Siblings{existing: existing, articles: make(map[string]bool, len(articles)), config: p.Config, sections: &siteSections{}}
	for _, a := range articles {
		s.articles[p.Config.EditionPath(a.Path)] = true
	}
	return s
}

// SiblingsOf is Siblings for articles that are known by the paths of their editions.
func (p *Project) SiblingsOf(paths []string) Siblings {
	s := Siblings{articles: make(map[string]bool, len(paths)), config: p.Config}
	for _, name := range paths {
		s.articles[name] = true
	}
	return s
}

// dates returns the dates of the page of an edition, none if it has no page.
func (s Siblings) dates(locale, path string) edition.Dates {
	d, _ := s.existing.Dates(locale, path)
	return d
}

// With returns s with the editions of earlier builds.
func (s Siblings) With(existing edition.Index) Siblings {
	s.existing, s.sections = existing, &siteSections{}
	return s
}

// Confirm reports whether a page in a locale with links would be written with the
// same addresses again.
func (s Siblings) Confirm(locale string, links []Link) bool {
	for _, l := range links {
		now, ok := s.link(locale, l.Path)
		if s.note(now, ok, l.Path) != l {
			return false
		}
	}
	return true
}

// link finds the article that a path below the source's editions belongs to.
func (s Siblings) link(locale, path string) (bitext.Link, bool) {
	if path == "" || strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	has := func(path string) bool {
		return s.articles[path] || s.existing.Has(s.config.Project.Source, path) || s.hasOther(path)
	}
	if !has(path) {
		// Unicode has two forms of one name; some systems have files in the other one.
		switch composed, decomposed := norm.NFC.String(path), norm.NFD.String(path); {
		case has(composed):
			path = composed
		case has(decomposed):
			path = decomposed
		default:
			return s.siteFile(locale, path)
		}
	}
	l := bitext.Link{Path: path}
	locales := []string{locale}
	if s.config.RewritesLinks() {
		locales = s.config.LinkLocales(locale)
	}
	for _, to := range locales {
		if s.existing.Has(to, path) {
			l.File = s.existing.File(to, path)
			l.URL = edition.Address(s.config.Project.BaseURL, to, l.File)
			if to != locale {
				l.Locale = to
			}
			break
		}
	}
	return l, true
}

// hasOther reports whether there are editions of an article in another source locale than
// the project's. It may have none in that.
func (s Siblings) hasOther(path string) bool {
	return slices.ContainsFunc(s.config.Project.Locales, func(l string) bool {
		if !s.existing.Has(l, path) {
			return false
		}
		a := s.existing.Get(l, path)
		return a != nil && a.SourceLocale != ""
	})
}

// note returns what is remembered of a link that a page has.
func (s Siblings) note(l bitext.Link, ok bool, path string) Link {
	n := Link{Path: path, Article: ok, Edition: l.URL != ""}
	if s.config.RewritesLinks() {
		n.To = l.URL
	}
	return n
}

// finish assembles an edition that is published. others are the locales that have
// one, files those of their pages.
func (p *Project) finish(e *Edition, others []string, files addressesOf, known Siblings) {
	if s := e.Published.Status; s != edition.Withheld && s != edition.Outdated {
		if p.Config.Site != nil {
			e.dates = p.datesOfPage(e.Published.Translation, e.Path, known)
		}
		var ds []diag.Diagnostic
		e.Data, e.Links, ds = p.assemble(e.Published, others, files, known, e.dates)
		e.Diagnostics = append(e.Diagnostics, ds...)
	}
	diag.Sort(e.Diagnostics)
}

// prepareAll prepares d in all targets, and in the locales that they fall back
// to. open reports whether some segment is in neither the catalogs nor the memory.
func (p *Project) prepareAll(ctx context.Context, d *bitext.Document, targets []string) (editions map[string]*Edition, open bool, err error) {
	want := slices.Clone(targets)
	for _, locale := range targets {
		policy := p.Config.PolicyFor(locale)
		if f := policy.Fallback; policy.Missing == edition.UseFallback && f != "" && !slices.Contains(want, f) {
			want = append(want, f)
		}
	}
	path := p.Config.EditionPath(d.Path)
	answers := p.lookupOf(d.Locale, want)
	out := make(map[string]*Edition, len(want))
	g, ctx := errgroup.WithContext(ctx)
	var anyOpen atomic.Bool
	for _, locale := range want {
		e := &Edition{Locale: locale, Path: path}
		out[locale] = e
		g.Go(func() error {
			var open bool
			var err error
			e.Translation, open, e.Diagnostics, err = p.prepare(ctx, d, locale, noProposals, answers)
			if err == nil {
				for _, t := range e.Translation.Segments() {
					t.Matches = nil // proposals are for an export
				}
			}
			if open && slices.ContainsFunc(p.Config.Hooks, func(h hook.Config) bool { return h.Serves(d.Locale, locale) }) {
				anyOpen.Store(true)
			}
			return err
		})
	}
	err = g.Wait()
	return out, anyOpen.Load(), err
}

// ManifestHead returns the entry of a manifest for one edition, and its segments, which
// are not in the entry.
func (r Result) ManifestHead(e Edition) (edition.Article, edition.Segments) {
	a := edition.Article{
		Path: e.Path, Source: r.Path, SourceLocale: r.SourceLocale, SHA256: r.SHA256, Reasons: e.Published.Reasons,
		Status: e.Published.Status, Completeness: e.Published.Count.Completeness(),
		Lowest: e.Published.Lowest, Count: e.Published.Count,
	}
	if e.Data != nil {
		sum := sha256.Sum256(e.Data)
		a.Edition = hex.EncodeToString(sum[:])
	}
	if e.Segments != nil {
		return a, edition.EncodedSegments(e.Segments)
	}
	return a, edition.SegmentsOf(e.Published.Segments())
}
