// Package pipeline takes an article from its bytes to its localized editions:
//
//	Open     once per article   bytes → Split → recognize messages → segment → Document
//	Prepare  per locale         localize messages → mark terms → leverage →
//	                            copy untranslatable → translate → Translation
//	         ── the only cut: Export, people work, Import ──
//	Publish  per locale         policy → Published
//	Finish   per locale         Check ∥ Assemble → Edition
//
// Terms are marked before the memory is asked, for what an engine translated with
// other terms is not used again. All locales of an article are published before the
// first is assembled, for each page names the others. Build reads top to bottom like
// that picture. Stages are functions over values: none knows another, and each owns
// the fields that it writes. Nothing here opens a user's path or prints; what is to
// be written comes back as values.
package pipeline

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync"
	"time"

	uax29 "github.com/clipperhouse/uax29/v2/graphemes"

	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/format"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/identity"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/segment"
	"hexapla/pipeline/site"
)

// Memory is what the pipeline needs of a translation memory. Lookup answers each
// query with its matches, the best first. AddWith stores translations, all of them
// or, on an error, none. Revision returns the state of the memory that AddWith finds
// conflicts by. An error of any of them stops the build: no translation is made
// twice, or lost, because a memory did not answer.
type Memory interface {
	Lookup(ctx context.Context, source, target string, queries []memory.Query) ([][]bitext.Match, error)
	AddWith(ctx context.Context, b memory.Batch, o memory.AddOptions, entries iter.Seq2[bitext.Entry, error]) (memory.Result, error)
	Revision(ctx context.Context) (int64, error)
}

// Hook translates what the memory does not have. It gives an answer for every
// item, in order; an answer with an error leaves its segment unfilled.
type Hook interface {
	Translate(ctx context.Context, r hook.Request) ([]hook.Answer, []diag.Diagnostic)
}

// Resources are what a configuration names, loaded. Rules and Catalogs are
// required; Glossary, Memory, Hook, Converter and Units may be nil. Units has the identities that
// the articles' units had before they were edited. ITS has the content of the rules
// files that [[xml]] tables name, by their paths. Clock returns the time that new
// translations are dated with; nil is the system's clock, in UTC and whole
// seconds.
type Resources struct {
	Rules     *segment.Rules
	Catalogs  *locales.Catalogs
	Glossary  *glossary.Glossary
	Memory    Memory
	Hook      Hook
	Converter Converter
	Units     *identity.Register
	ITS       map[string][]byte
	Speller   quality.Speller // nil if spelling is not checked
	Clock     func() time.Time
}

// Project is a configuration with its resources and all that is compiled from
// them, once: formats, glossary matchers, the limit of workers. Make it with New.
// It may be used by many goroutines at once, for as long as one likes; its fields
// must not change meanwhile.
type Project struct {
	Config *config.Config
	Resources

	formats  map[string]format.Format // for articles in the project's source locale
	others   *otherFormats            // for articles in other locales
	texts    *otherTexts
	matchers *matchers
	workers  chan struct{} // a slot for each piece of work at the same time
	version  *glossaryVersion
}

// New compiles a project.
func New(c *config.Config, r Resources) (*Project, error) {
	if c == nil || r.Rules == nil {
		return nil, errors.New("pipeline: a project needs a configuration and segmentation rules")
	}
	if r.Clock == nil {
		r.Clock = func() time.Time { return time.Now().UTC().Truncate(time.Second) }
	}
	p := &Project{
		Config: c, Resources: r, formats: newFormats(c, r, c.Project.Source), others: &otherFormats{}, texts: &otherTexts{},
		matchers: &matchers{byPair: map[[2]string]*matcher{}}, workers: make(chan struct{}, runtime.GOMAXPROCS(0)),
		version: &glossaryVersion{},
	}
	return p, nil
}

// newFormats returns the formats by name, for articles in a source locale: it decides
// which of their links lead to the project's own articles.
func newFormats(c *config.Config, r Resources, source string) map[string]format.Format {
	prefixes := edition.SourcePrefixes(c.Project.BaseURL, source)
	o := format.Options{
		HTML: html.Options{
			Pre: c.HTML.Preformatted, Attributes: c.HTML.Attributes, Skip: c.HTML.Skip, Encoding: c.HTML.Charset,
			Meta: c.HTML.Meta, JSONLD: c.HTML.JSONLD, Links: prefixes, RelativeLinks: c.RewritesLinks(),
		},
		Markdown: markdown.Options{Links: prefixes, HTML: html.Options{Links: prefixes}, Fields: c.Markdown.Fields, Encoding: c.Markdown.Charset, Parameters: c.Markdown.Parameters, Positional: c.Markdown.Positional, HeadingIDs: markdown.ParseHeadingIDs(c.Markdown.HeadingIDs), Dialect: markdown.ParseDialect(c.Markdown.Dialect), CreateFrontMatter: c.Markdown.CreateFrontMatter, DirWrapper: c.Markdown.DirWrapper},
		Text:     plaintext.Options{Encoding: c.Text.Charset},
		JSON:     c.JSONOptions(),

		Subtitles: c.SubtitlesOptions(),
		XML:       c.XMLOptions(),
	}
	if c.Site != nil && c.Site.Slugs == config.SlugsFromField {
		if o.Markdown.Fields == nil {
			o.Markdown.Fields = markdown.DefaultFields()
		}
		o.Markdown.Fields = append(slices.Clone(o.Markdown.Fields), "slug")
		o.HTML.Meta = append(slices.Clone(o.HTML.Meta), "slug")
	}
	if c.Site != nil && c.Site.CorrectionNote != string(bitext.NoticeOff) {
		if o.Markdown.Fields == nil {
			o.Markdown.Fields = markdown.DefaultFields()
		}
		o.Markdown.Fields = append(slices.Clone(o.Markdown.Fields), "correction")
		o.HTML.Meta = append(slices.Clone(o.HTML.Meta), "correction")
	}
	if c.RewritesLinks() {
		o.Markdown.Links = append([]string{}, prefixes...)
		o.Markdown.HTML.Links, o.Markdown.HTML.RelativeLinks = prefixes, true
		o.XML.Links = append([]string{}, prefixes...)
	}
	o.XML.ITSFiles = r.ITS
	formats := map[string]format.Format{}
	for _, f := range format.All() {
		formats[f.Name] = f.New(o)
	}
	return formats
}

// otherFormats are the formats for articles in other locales than the project's source,
// each made when it is first needed.
type otherFormats struct {
	mu       sync.Mutex
	byLocale map[string]map[string]format.Format
}

// formatsFor returns the formats by name for articles in a source locale, or, with an
// empty one, in the project's. They differ in nothing but the addresses of the articles.
func (p *Project) formatsFor(source string) map[string]format.Format {
	if source == "" || source == p.Config.Project.Source || len(edition.SourcePrefixes(p.Config.Project.BaseURL, source)) == 0 ||
		!slices.Contains(p.Config.Project.Locales, source) { // then it has no page that a link could lead to
		return p.formats
	}
	p.others.mu.Lock()
	defer p.others.mu.Unlock()
	if p.others.byLocale == nil {
		p.others.byLocale = map[string]map[string]format.Format{}
	}
	if p.others.byLocale[source] == nil {
		p.others.byLocale[source] = newFormats(p.Config, p.Resources, source)
	}
	return p.others.byLocale[source]
}

// work runs f when fewer pieces of work run than there are processors: the one
// limit for all articles, locales and callers. f must not call work.
func (p *Project) work(ctx context.Context, f func() error) error {
	select {
	case p.workers <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.workers }()
	return f()
}

// WithWorkers returns the project with another limit of pieces of work that run at the
// same time, for work in the background that is to leave processors to others.
func (p *Project) WithWorkers(n int) *Project {
	q := *p
	q.workers = make(chan struct{}, n)
	return &q
}

// inFlight returns how many articles may be worked on at the same time: one for each
// processor, one more that is read meanwhile, and one for each call of an engine that
// may be waited for.
func (p *Project) inFlight() int {
	n := cap(p.workers) + 1
	if h, ok := p.Hook.(interface{ Concurrency() int }); ok {
		n += min(h.Concurrency(), maxWaiting)
	}
	return n
}

// maxWaiting is how many articles wait for engines at the same time, at most.
const maxWaiting = 64

// matchers are the glossary's matchers by pair of locales, each made when it is
// first needed.
type matchers struct {
	mu     sync.Mutex
	byPair map[[2]string]*matcher
}

type matcher struct {
	once sync.Once
	*glossary.Matcher
}

// matcher returns the glossary's matcher for a pair of locales, nil if there is no
// glossary.
func (p *Project) matcher(source, target string) *glossary.Matcher {
	if p.Glossary == nil {
		return nil
	}
	pair := [2]string{source, target}
	p.matchers.mu.Lock()
	m := p.matchers.byPair[pair]
	if m == nil {
		m = &matcher{}
		p.matchers.byPair[pair] = m
	}
	p.matchers.mu.Unlock()
	m.once.Do(func() { m.Matcher = p.Glossary.Matcher(source, target, locales.Parents) })
	return m.Matcher
}

// graphemes counts what a person sees as characters (UAX #29, extended grapheme
// clusters).
func graphemes(text string) int {
	n := 0
	for g := uax29.FromString(text); g.Next(); {
		n++
	}
	return n
}

// Edition is one locale's edition of one article. Path is below the locale's
// folder. Data is nil when the edition is held back; Links are those of its page to
// other articles. Diagnostics are those of this locale; the article's own are in its
// Result.
type Edition struct {
	Locale      string
	Path        string
	File        string     // of its page below the locale's folder
	Page        *site.Page // what a site knows of it; nil without a site or without Data
	Data        []byte
	Links       []Link
	Translation *bitext.Translation
	Published   edition.Published
	Diagnostics []diag.Diagnostic
	pending     bool              // the time alone can change what becomes of it
	dates       edition.Dates     // of the page, in a site
	Placed      []diag.Diagnostic // about the file that the page has got in this build

	Segments []byte // as the manifest has them, of an edition that another process made; else nil
}
