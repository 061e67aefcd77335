// Package files makes the files of a site from what is known of its pages: sitemaps and
// feeds, for each locale and section.
package files

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"html/template"
	"io"
	"iter"
	"maps"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/feed"
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
// once, but Articles. Find returns the page of a locale by the path of its edition, nil for
// none; Articles returns the pages of each article in the order of the paths of editions,
// by the numbers of Locales: nil of a locale without one. The slice is valid until the next
// one. Title and Description are of the site in a locale, Section is the name of a section.
type Site struct {
	Options
	Base        string // address of an edition, with {locale} and {path}
	Locales     []string
	XDefault    string // a locale, or an address
	Source      string // locale of the site's articles
	Publisher   string
	Find        func(locale, path string) *site.Page
	Articles    iter.Seq[[]*site.Page]
	Title       func(locale string) string
	Description func(locale string) string
	Section     func(locale, section string) string
	Localize    Localizer      // for templates; nil for none
	Zone        *time.Location // of the dates in index pages; nil for UTC
	Now         time.Time
}

// File is a file that is being made. It is there, whole, after Commit; Abort drops what was
// written.
type File interface {
	io.Writer
	Commit() error
	Abort()
}

// Create begins a file of the site: in the folder of a locale, or above all of them if
// locale is empty. Write calls it from several goroutines at once.
type Create func(locale, name string) (File, error)

// file makes a file of content that is whole already.
func (c Create) file(locale, name string, data []byte) error {
	f, err := c(locale, name)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

// Write makes all files. It reads the pages twice, an article in all its locales at a time,
// and keeps of them only those that feeds and index pages list: so the memory that it takes
// does not depend on the number of articles. It stops at the first error of create or of
// the context.
func (s *Site) Write(ctx context.Context, create Create) error {
	all := make([]*localeWriter, len(s.Locales))
	for i, l := range s.Locales {
		all[i] = &localeWriter{Site: s, all: all, locale: l, number: i, create: create, sections: map[string]*list{}}
	}
	err := s.each(ctx, func(b *batch) error {
		return parallel(ctx, len(all), func(i int) error { all[i].survey(b); return nil })
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, (*localeWriter).readsAgain) {
		err = s.each(ctx, func(b *batch) error {
			return parallel(ctx, len(all), func(i int) error { return all[i].add(b) })
		})
		for _, w := range all {
			if err == nil {
				err = w.closeSitemap()
			}
			w.abort()
		}
		if err != nil {
			return err
		}
	}
	if err := parallel(ctx, len(all), func(i int) error { return all[i].lists() }); err != nil {
		return err
	}
	if err := redirects(s, all, create); err != nil {
		return err
	}
	var addresses []string
	for _, w := range all {
		addresses = append(addresses, w.addresses...)
	}
	if len(addresses) > 0 && site.Root(s.Base) != "" {
		return create.file("", "sitemap.xml", sitemap.Index(addresses))
	}
	return nil
}

// parallel calls f with the numbers below n, several at once, and returns the first error.
func parallel(ctx context.Context, n int, f func(i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return f(i)
		})
	}
	return g.Wait()
}

// Address returns the address of the page of a locale.
func (s *Site) address(locale string, p *site.Page) string {
	return edition.Address(s.Base, locale, p.Name())
}

// localeWriter writes the files of one locale.
type localeWriter struct {
	*Site
	all    []*localeWriter // of all locales
	locale string
	number int
	create Create

	// What survey finds.
	sitemaps sitemap.Counter
	sections map[string]*list // those that have pages; "" is that of all
	recent   *list            // for the news sitemap
	former   map[string]redirection

	// The sitemap that add writes.
	sitemap   *sitemap.Writer
	file      File
	addresses []string // of all sitemaps of the locale
}

// list has the newest pages of a section.
type list struct {
	count  int // of all pages
	limit  int
	newest []*site.Page // more than limit, and not sorted, until it is cut
}

// add counts a page, and keeps it if it can be one of the newest.
func (l *list) add(p *site.Page) {
	l.count++
	if l.limit == 0 {
		return
	}
	if l.newest = append(l.newest, p); len(l.newest) >= 2*l.limit {
		l.cut()
	}
}

// cut sorts the pages, the newest first, and leaves no more than the limit.
func (l *list) cut() {
	sortNewest(l.newest)
	if len(l.newest) > l.limit {
		clear(l.newest[l.limit:])
		l.newest = l.newest[:l.limit]
	}
}

// sortNewest sorts pages by their time, the newest first, and pages of one time by
// their paths.
func sortNewest(pages []*site.Page) {
	slices.SortFunc(pages, func(a, b *site.Page) int {
		return cmp.Or(b.Published().Compare(a.Published()), strings.Compare(a.Path, b.Path))
	})
}

// survey reads the pages of the locale for the first time.
func (w *localeWriter) survey(b *batch) {
	for i := range b.articles {
		p := b.page(i, w.number)
		if p == nil {
			continue
		}
		for _, section := range []string{"", p.Section} {
			l := w.sections[section]
			if l == nil {
				l = &list{}
				if len(w.Feeds) > 0 {
					l.limit = w.Items
				}
				if w.Index != nil {
					l.limit = max(l.limit, w.IndexItems)
				}
				w.sections[section] = l
			}
			l.add(p)
			if p.Section == "" {
				break
			}
		}
		if w.News && !p.Published().After(w.Now) && w.Now.Sub(p.Published()) <= sitemap.NewsTime && site.OneLine(p.Title) != "" {
			if w.recent == nil {
				w.recent = &list{limit: sitemap.MaxNews}
			}
			w.recent.add(p)
		}
		if w.Sitemaps {
			w.sitemaps.Add(b.url(i, w.number))
		}
		if len(w.Redirects) > 0 {
			w.surveyFormer(p)
		}
	}
}

// readsAgain reports whether the pages are needed once more.
func (w *localeWriter) readsAgain() bool {
	return len(w.sections) > 0 && (w.Sitemaps || w.NINJS || len(w.former) > 0)
}

// add writes the part of the sitemaps that pages are, and what is beside each page.
func (w *localeWriter) add(b *batch) error {
	for i := range b.articles {
		p := b.page(i, w.number)
		if p == nil {
			continue
		}
		if w.Sitemaps {
			if w.sitemap == nil {
				w.sitemap = &sitemap.Writer{Next: w.nextSitemap}
			}
			if err := w.sitemap.Add(b.url(i, w.number)); err != nil {
				return err
			}
		}
		delete(w.former, strings.ToLower(p.Name())) // another page has it now
		if w.NINJS {
			if err := w.ninjs(p, b.address(i, w.number)); err != nil {
				return err
			}
		}
	}
	return nil
}

// nextSitemap begins a sitemap of the locale. The only one is named sitemap.xml, several
// have numbers.
func (w *localeWriter) nextSitemap(number int) (io.Writer, error) {
	if err := w.commit(); err != nil {
		return nil, err
	}
	name := "sitemap.xml"
	if w.sitemaps.Files() > 1 {
		name = fmt.Sprintf("sitemap-%d.xml", number+1)
	}
	file, err := w.create(w.locale, name)
	if err != nil {
		return nil, err
	}
	w.file = buffered{file, bufio.NewWriterSize(file, 32<<10)}
	w.addresses = append(w.addresses, edition.Address(w.Base, w.locale, name))
	return w.file, nil
}

// closeSitemap ends the last sitemap. Several without a folder above all locales have an
// index of their own.
func (w *localeWriter) closeSitemap() error {
	if w.sitemap == nil {
		return nil
	}
	if err := w.sitemap.Close(); err != nil {
		return err
	}
	if err := w.commit(); err != nil {
		return err
	}
	if len(w.addresses) > 1 {
		return w.create.file(w.locale, "sitemap.xml", sitemap.Index(w.addresses))
	}
	return nil
}

func (w *localeWriter) commit() error {
	if w.file == nil {
		return nil
	}
	f := w.file
	w.file = nil
	return f.Commit()
}

// abort drops a sitemap that is not finished.
func (w *localeWriter) abort() {
	if w.file != nil {
		w.file.Abort()
		w.file = nil
	}
}

// buffered is a file that is written in larger pieces.
type buffered struct {
	File
	w *bufio.Writer
}

func (b buffered) Write(p []byte) (int, error) { return b.w.Write(p) }

func (b buffered) Commit() error {
	if err := b.w.Flush(); err != nil {
		b.Abort()
		return err
	}
	return b.File.Commit()
}

// lists writes the files that list the newest pages.
func (w *localeWriter) lists() error {
	if data := w.news(); data != nil {
		if err := w.create.file(w.locale, "sitemap-news.xml", data); err != nil {
			return err
		}
		w.addresses = append(w.addresses, edition.Address(w.Base, w.locale, "sitemap-news.xml"))
	}
	for _, section := range slices.Sorted(maps.Keys(w.sections)) {
		l := w.sections[section]
		l.cut()
		if err := w.feeds(section, l.newest); err != nil {
			return err
		}
		if err := w.index(section, l); err != nil {
			return err
		}
	}
	return nil
}

func (w *localeWriter) news() []byte {
	if w.recent == nil {
		return nil
	}
	w.recent.cut()
	return sitemap.News(w.Title(w.locale), w.locale, func(yield func(sitemap.Article) bool) {
		for _, p := range w.recent.newest {
			if !yield(sitemap.Article{Address: w.address(w.locale, p), Title: p.Title, Date: p.Published()}) {
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
			err = w.create.file(w.locale, name, data)
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
	for _, o := range w.all {
		if o != w && o.sections[section] != nil {
			all = append(all, bitext.Alternate{Locale: o.locale, URL: edition.Address(w.Base, o.locale, name)})
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
