// Package files makes the files of a site from what is known of its pages: sitemaps and
// feeds, for each locale and section.
package files

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"iter"
	"maps"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/feed"
	"hexapla/pipeline/site/redirect"
	"hexapla/pipeline/site/sitemap"
)

// Options say which files a site has.
type Options struct {
	Sitemaps bool
	Hreflang bool // sitemaps name the translations of each page
	News     bool // news sitemaps
	Feeds    []string
	Items    int // of a feed, at most

	Redirects []string // kinds of package redirect
	NINJS     bool     // a news item for each page

	Index      *template.Template // of index pages, see ParseIndex; nil for none
	IndexItems int                // of an index page, at most
}

// The kinds of feeds.
const (
	RSS  = "rss"
	Atom = "atom"
	JSON = "json"
)

// feedNames are the names of the files of feeds, by their kind.
var feedNames = map[string]string{RSS: "rss.xml", Atom: "atom.xml", JSON: "feed.json"}

// IsMade reports whether a file with a name is one that each locale and section of a site
// has: a feed of one of the kinds, or an index page.
func IsMade(name string, feeds []string, index bool) bool {
	return index && name == "index.html" || slices.ContainsFunc(feeds, func(kind string) bool { return feedNames[kind] == name })
}

// Kinds returns the kinds of feeds.
func Kinds() []string { return []string{RSS, Atom, JSON} }

// Site is what is known of a site. Its functions are called by several goroutines at
// once. Find returns the page of a locale by the path of its edition, nil for none;
// Pages returns those of a locale in the order of their paths. Title and Description
// are of the site in a locale, Section is the name of a section.
type Site struct {
	Options
	Base        string // address of an edition, with {locale} and {path}
	Locales     []string
	XDefault    string // a locale, or an address
	Publisher   string
	Find        func(locale, path string) *site.Page
	Pages       func(locale string) iter.Seq[*site.Page]
	Title       func(locale string) string
	Description func(locale string) string
	Section     func(locale, section string) string
	Localize    Localizer      // for templates; nil for none
	Zone        *time.Location // of the dates in index pages; nil for UTC
	Now         time.Time
}

// File is a file of the site: in the folder of a locale, or above all of them if Locale
// is empty. Data must not be used after emit has returned.
type File struct {
	Locale, Name string
	Data         []byte
}

// Write makes all files and gives them to emit, one at a time. It stops at the first
// error of emit or of the context.
func (s *Site) Write(ctx context.Context, emit func(File) error) error {
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	sections := map[string]map[string]bool{}
	for _, l := range s.Locales {
		sections[l] = map[string]bool{}
		for p := range s.Pages(l) {
			if p.IsListed() {
				sections[l][""], sections[l][p.Section] = true, true
			}
		}
	}
	links := &linksCache{known: map[string]*articleLinks{}}
	buffers := &sync.Pool{New: func() any { return new([]byte) }}
	indexed := make([][]string, len(s.Locales)) // addresses of sitemaps
	for i, locale := range s.Locales {
		g.Go(func() error {
			w := localeWriter{Site: s, locale: locale, number: i, links: links, buffers: buffers, sections: sections, emit: func(name string, data []byte) error {
				mu.Lock()
				defer mu.Unlock()
				if err := ctx.Err(); err != nil {
					return err
				}
				return emit(File{locale, name, data})
			}}
			var err error
			indexed[i], err = w.write()
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := s.redirects(emit); err != nil {
		return err
	}
	if all := slices.Concat(indexed...); len(all) > 0 && site.Root(s.Base) != "" {
		return emit(File{Name: "sitemap.xml", Data: sitemap.Index(all)})
	}
	return nil
}

// Address returns the address of the page of a locale.
func (s *Site) address(locale string, p *site.Page) string {
	return edition.Address(s.Base, locale, p.Name())
}

// linksCache has what sitemaps say of the translations of articles, which is the same
// for all locales. It takes a limited amount of memory; what is beyond that is made
// anew for each locale.
type linksCache struct {
	mu    sync.Mutex
	known map[string]*articleLinks
	size  int
}

// maxLinksCache is the size of a linksCache in bytes.
const maxLinksCache = 64 << 20

// articleLinks are the links of an article, and which locales are among them.
type articleLinks struct {
	data []byte
	has  []bool
}

// of returns the links of the article with the edition path, nil if the locale of a
// number is not among them.
func (c *linksCache) of(s *Site, path string, locale int) []byte {
	c.mu.Lock()
	l := c.known[path]
	c.mu.Unlock()
	if l == nil {
		l = s.articleLinks(path)
		c.mu.Lock()
		if c.size += len(l.data); c.size <= maxLinksCache {
			c.known[path] = l
		}
		c.mu.Unlock()
	}
	if !l.has[locale] {
		return nil
	}
	return l.data
}

func (s *Site) articleLinks(path string) *articleLinks {
	var all []bitext.Alternate
	var numbers []int
	xDefault := ""
	if strings.Contains(s.XDefault, "/") {
		xDefault = s.XDefault
	}
	for i, l := range s.Locales {
		if p := s.Find(l, path); p != nil && p.IsListed() {
			a := bitext.Alternate{Locale: l, URL: s.address(l, p)}
			all, numbers = append(all, a), append(numbers, i)
			if l == s.XDefault {
				xDefault = a.URL
			}
		}
	}
	cluster := site.Cluster(all)
	out := &articleLinks{data: sitemap.Links(cluster, xDefault), has: make([]bool, len(s.Locales))}
	for i, a := range all {
		out.has[numbers[i]] = slices.ContainsFunc(cluster, func(b bitext.Alternate) bool { return b.URL == a.URL })
	}
	return out
}

// localeWriter writes the files of one locale.
type localeWriter struct {
	*Site
	locale string
	number int // of the locale
	links  *linksCache

	buffers *sync.Pool // for sitemaps, of *[]byte
	// sections are those that have pages, by locale; "" is that of all.
	sections map[string]map[string]bool
	emit     func(name string, data []byte) error
}

func (w *localeWriter) write() (sitemaps []string, err error) {
	listed := func(yield func(*site.Page) bool) {
		for p := range w.Pages(w.locale) {
			if p.IsListed() && !yield(p) {
				return
			}
		}
	}
	if w.Sitemaps {
		if sitemaps, err = w.sitemaps(listed); err != nil {
			return nil, err
		}
	}
	newest := slices.Collect(listed)
	if len(newest) == 0 {
		return sitemaps, nil
	}
	sortNewest(newest)
	if w.News {
		if data := w.news(newest); data != nil {
			if err := w.emit("sitemap-news.xml", data); err != nil {
				return nil, err
			}
			sitemaps = append(sitemaps, edition.Address(w.Base, w.locale, "sitemap-news.xml"))
		}
	}
	if err := cmp.Or(w.feeds("", newest), w.index("", newest), w.ninjs(newest)); err != nil {
		return nil, err
	}
	for _, section := range sortedKeys(w.sections[w.locale]) {
		if section == "" {
			continue
		}
		in := slices.DeleteFunc(slices.Clone(newest), func(p *site.Page) bool { return p.Section != section })
		if err := cmp.Or(w.feeds(section, in), w.index(section, in)); err != nil {
			return nil, err
		}
	}
	return sitemaps, nil
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// sortNewest sorts pages by their time, the newest first, and pages of one time by
// their paths.
func sortNewest(pages []*site.Page) {
	slices.SortFunc(pages, func(a, b *site.Page) int {
		return cmp.Or(b.Published().Compare(a.Published()), strings.Compare(a.Path, b.Path))
	})
}

// sitemaps writes the sitemaps of the locale and returns their addresses. One is named
// sitemap.xml, several have numbers; without a folder above all locales they have an
// index of their own.
func (w *localeWriter) sitemaps(listed iter.Seq[*site.Page]) ([]string, error) {
	urls := func(yield func(sitemap.URL) bool) {
		for p := range listed {
			u := sitemap.URL{Address: w.address(w.locale, p), Modified: p.Updated()}
			if w.Hreflang {
				u.Links = w.links.of(w.Site, p.Path, w.number)
			}
			if !yield(u) {
				return
			}
		}
	}
	var names []string
	buf := w.buffers.Get().(*[]byte)
	defer w.buffers.Put(buf)
	for data, last := range sitemap.Files(urls, buf) {
		name := fmt.Sprintf("sitemap-%d.xml", len(names)+1)
		if last && len(names) == 0 {
			name = "sitemap.xml"
		}
		names = append(names, name)
		if err := w.emit(name, data); err != nil {
			return nil, err
		}
	}
	var addresses []string
	for _, name := range names {
		addresses = append(addresses, edition.Address(w.Base, w.locale, name))
	}
	if len(names) > 1 {
		return addresses, w.emit("sitemap.xml", sitemap.Index(addresses))
	}
	return addresses, nil
}

func (w *localeWriter) news(newest []*site.Page) []byte {
	return sitemap.News(w.Title(w.locale), w.locale, func(yield func(sitemap.Article) bool) {
		for _, p := range newest {
			if w.Now.Sub(p.Published()) > sitemap.NewsTime || !yield(sitemap.Article{Address: w.address(w.locale, p), Title: p.Title, Date: p.Published()}) {
				return
			}
		}
	}, w.Now)
}

// feeds writes the feeds of a section, or of the whole locale if section is empty.
func (w *localeWriter) feeds(section string, pages []*site.Page) error {
	if len(w.Feeds) == 0 {
		return nil
	}
	f := feed.Feed{
		Title: w.Title(w.locale), Description: w.Description(w.locale), Locale: w.locale, Publisher: cmp.Or(w.Publisher, w.Title(w.locale)),
		Home: edition.Address(w.Base, w.locale, folder(section)),
	}
	if section != "" {
		f.Title += " – " + w.Section(w.locale, section)
	}
	for _, p := range pages[:min(len(pages), w.Items)] {
		item := feed.Item{
			ID: edition.Address(w.Base, w.locale, p.Path), Address: w.address(w.locale, p), Title: p.Title, Summary: p.Description,
			Authors: p.Authors, Published: p.Published(), Updated: p.Updated(),
		}
		if p.Section != "" {
			item.Section = w.Section(w.locale, p.Section)
		}
		f.Items = append(f.Items, item)
	}
	for _, kind := range w.Feeds {
		name := path.Join(section, feedNames[kind])
		f.Address = edition.Address(w.Base, w.locale, name)
		f.Alternates = w.otherFeeds(section, name)
		var data []byte
		var err error
		switch kind {
		case RSS:
			data = f.RSS()
		case Atom:
			data = f.Atom()
		case JSON:
			data, err = f.JSON()
		}
		if err == nil {
			err = w.emit(name, data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// otherFeeds returns the same feed in the other locales that have pages.
func (w *localeWriter) otherFeeds(section, name string) []bitext.Alternate {
	var all []bitext.Alternate
	for _, l := range w.Locales {
		if l == w.locale {
			continue
		}
		if w.sections[l][section] {
			all = append(all, bitext.Alternate{Locale: l, URL: edition.Address(w.Base, l, name)})
		}
	}
	return all
}

// folder returns the path of a section's folder, with a slash at its end; "" is that of
// the locale.
func folder(section string) string {
	if section == "" {
		return ""
	}
	return section + "/"
}

// Host returns the host of the site without "www.", for a site without a title.
func Host(base string) string {
	u, err := url.Parse(edition.Address(base, "www", ""))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// redirects writes what leads from the former addresses of pages to those that they have.
func (s *Site) redirects(emit func(File) error) error {
	var rules []redirect.Rule
	pages := slices.Contains(s.Redirects, redirect.Pages)
	for _, l := range s.Locales {
		for p := range s.Pages(l) {
			if !p.IsListed() {
				continue
			}
			to := s.address(l, p)
			for _, former := range p.Former {
				if former == p.Name() {
					continue
				}
				rules = append(rules, redirect.Rule{From: edition.Address(s.Base, l, former), To: to})
				if ext := strings.ToLower(path.Ext(former)); pages && (ext == ".html" || ext == ".htm" || ext == ".xhtml") {
					if err := emit(File{l, former, redirect.Page(l, locales.Direction(l), p.Title, to)}); err != nil {
						return err
					}
				}
			}
		}
	}
	rules, _ = redirect.Resolve(rules)
	if len(rules) == 0 {
		return nil
	}
	for _, kind := range s.Redirects {
		if name := redirect.Name(kind); name != "" {
			if err := emit(File{Name: name, Data: redirect.File(kind, rules)}); err != nil {
				return err
			}
		}
	}
	return nil
}
