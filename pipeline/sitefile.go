package pipeline

import (
	"path"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/files"
)

// siteSections are the sections in which locales have pages, "" for any. They are listed
// when the first link asks for them.
type siteSections struct {
	once sync.Once
	has  map[[2]string]bool // by locale and section
}

// siteFile returns the file that a link of a page in a locale leads to if its path is that
// of a feed or of an index page which the site has.
func (s Siblings) siteFile(locale, name string) (bitext.Link, bool) {
	if s.sections == nil || !s.config.RewritesLinks() {
		return bitext.Link{}, false
	}
	section, base, nested := strings.Cut(name, "/")
	if !nested {
		section, base = "", name
	}
	if !files.IsMade(base, *s.config.Site.Feeds, s.config.Site.Index) {
		return bitext.Link{}, false
	}
	s.sections.once.Do(func() {
		s.sections.has = map[[2]string]bool{}
		for article := range s.articles {
			for _, l := range s.config.Project.Locales {
				if in := [2]string{l, site.Section(article)}; !s.sections.has[in] && s.existing.Has(l, article) {
					s.sections.has[in], s.sections.has[[2]string{l, ""}] = true, true
				}
			}
		}
	})
	for _, to := range s.config.LinkLocales(locale) {
		if !s.sections.has[[2]string{to, section}] {
			continue
		}
		address := name
		if base == "index.html" {
			address = strings.TrimSuffix(name, "index.html") // as sitemaps and menus have it
		}
		l := bitext.Link{Path: name, File: path.Join(section, base), URL: edition.Address(s.config.Project.BaseURL, to, address)}
		if to != locale {
			l.Locale = to
		}
		return l, true
	}
	return bitext.Link{}, false
}
