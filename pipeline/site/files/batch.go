package files

import (
	"context"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/sitemap"
)

// batch is some articles with the pages that readers have of them, which all locales read
// together: what the pages of an article say of each other is made once.
type batch struct {
	site     *Site
	links    bool // for sitemaps
	articles []article
}

// batchSize is the number of articles of a batch, at most.
const batchSize = 64

// article is what is known of one article in all locales, by their numbers.
type article struct {
	pages     []*site.Page // nil if readers have none
	addresses []string
	links     []byte // what sitemaps have of its translations
	linked    []bool // whether the page is one of these
}

// page returns the page of an article in a locale, nil if readers have none.
func (b *batch) page(article, locale int) *site.Page { return b.articles[article].pages[locale] }

func (b *batch) address(article, locale int) string { return b.articles[article].addresses[locale] }

// url returns what sitemaps have of a page.
func (b *batch) url(article, locale int) sitemap.URL {
	a := &b.articles[article]
	u := sitemap.URL{Address: a.addresses[locale], Modified: a.pages[locale].Updated()}
	if a.linked[locale] {
		u.Links = a.links
	}
	return u
}

// each calls f with all articles, in batches that use the same memory.
func (s *Site) each(ctx context.Context, f func(b *batch) error) error {
	b := &batch{site: s, links: s.Sitemaps && s.Hreflang, articles: make([]article, 0, batchSize)}
	var err error
	flush := func() {
		err = parallel(ctx, len(b.articles), func(i int) error { b.complete(&b.articles[i]); return nil })
		if err == nil {
			err = f(b)
		}
		b.articles = b.articles[:0]
	}
	for pages := range s.Articles {
		n := len(b.articles)
		b.articles = b.articles[:n+1]
		a := &b.articles[n]
		a.pages = append(a.pages[:0], pages...)
		if n+1 == batchSize {
			if flush(); err != nil {
				return err
			}
		}
	}
	if len(b.articles) > 0 {
		flush()
	}
	return err
}

// complete makes the addresses of the pages of an article, and what sitemaps have of them.
func (b *batch) complete(a *article) {
	s := b.site
	a.addresses, a.linked = append(a.addresses[:0], s.Locales...), append(a.linked[:0], make([]bool, len(s.Locales))...)
	var all []bitext.Alternate
	xDefault := ""
	if strings.Contains(s.XDefault, "/") {
		xDefault = s.XDefault
	}
	original := "" // the page of an article that is in another locale than the site's
	for i, l := range s.Locales {
		a.addresses[i] = ""
		p := a.pages[i]
		if p == nil || !p.IsListed() {
			a.pages[i] = nil
			continue
		}
		a.addresses[i] = s.address(l, p)
		if l == s.XDefault {
			xDefault = a.addresses[i]
		}
		if p.Status == edition.Original {
			original = a.addresses[i]
		}
		if b.links {
			all = append(all, bitext.Alternate{Locale: l, URL: a.addresses[i]})
		}
	}
	if !b.links {
		return
	}
	if xDefault == "" && s.XDefault == s.Source {
		xDefault = original
	}
	cluster := site.Cluster(all)
	a.links = sitemap.AppendLinks(a.links[:0], cluster, xDefault)
	for i, address := range a.addresses {
		a.linked[i] = address != "" && slices.ContainsFunc(cluster, func(o bitext.Alternate) bool { return o.URL == address })
	}
}
