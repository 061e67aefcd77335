package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/files"
	"hexapla/pipeline/site/redirect"
)

// Site makes a site of the editions. Without it nothing but pages and manifests is
// written.
type Site struct {
	Links    string `toml:"links"`
	Hreflang string `toml:"hreflang"`
	XDefault string `toml:"x_default"`

	Title        string            `toml:"title"`
	Titles       map[string]string `toml:"titles"` // by locale
	Description  string            `toml:"description"`
	Descriptions map[string]string `toml:"descriptions"`
	Publisher    string            `toml:"publisher"`

	Sitemaps  *bool     `toml:"sitemaps"` // not nil once parsed, nor is Feeds
	News      bool      `toml:"news"`
	Feeds     *[]string `toml:"feeds"`
	FeedItems int       `toml:"feed_items"`

	JSONLD      string `toml:"jsonld"`
	Translators string `toml:"translators"`

	CorrectionNote string `toml:"correction_note"`

	Index         bool   `toml:"index"`
	IndexTemplate string `toml:"index_template"`
	IndexItems    int    `toml:"index_items"`
	NINJS         bool   `toml:"ninjs"`

	Slugs      string   `toml:"slugs"`
	SlugScript string   `toml:"slug_script"`
	SlugBytes  int      `toml:"slug_bytes"`
	Redirects  []string `toml:"redirects"`
}

// The values of Site.Links: where links to articles of the project lead.
const (
	LinksToEditions = "editions" // the edition in the same locale, else in a fallback locale
	LinksKept       = "keep"     // where they lead without [site]
)

// The values of Site.Hreflang: where the editions of an article name each other.
const (
	HreflangInPages    = "pages"
	HreflangInSitemaps = "sitemaps"
	HreflangInBoth     = "both"
	HreflangOff        = "off"
)

// The values of Site.Slugs: what the names of pages in addresses are made of.
const (
	SlugsKept      = "keep"  // the name of the article
	SlugsFromTitle = "title" // the title of the edition
	SlugsFromField = "field" // the field "slug" of the article, which is translated
)

// The values of Site.SlugScript.
const (
	SlugsLatin  = "latin"
	SlugsNative = "native"
)

// The values of Site.JSONLD: what becomes of the article in a page's JSON-LD.
const (
	JSONLDMerge = "merge" // it names its translations
	JSONLDAdd   = "add"   // likewise, and a page without one gets one
	JSONLDOff   = "off"
)

// The values of Site.Translators: whom JSON-LD names as translator.
const (
	TranslatorsOff          = "off"
	TranslatorsPersons      = "persons"
	TranslatorsOrganization = "organization" // the publisher
)

// InPages reports whether pages name the other editions of their article.
func (s *Site) InPages() bool { return s.Hreflang == HreflangInPages || s.Hreflang == HreflangInBoth }

// InSitemaps reports whether sitemaps do.
func (s *Site) InSitemaps() bool {
	return s.Hreflang == HreflangInSitemaps || s.Hreflang == HreflangInBoth
}

// completeSite checks the values of [site] and fills in the defaults.
func (c *Config) completeSite() (problems []problem) {
	s := c.Site
	if s == nil {
		return nil
	}
	bad := func(key string, err error) {
		if err != nil {
			problems = append(problems, problem{key, err})
		}
	}
	oneOf := func(key string, value *string, known ...string) {
		if *value == "" {
			*value = known[0]
		} else if !slices.Contains(known, *value) {
			bad(key, fmt.Errorf("%q: must be one of %s", *value, strings.Join(known, ", ")))
		}
	}
	if c.Project.BaseURL == "" {
		bad("site", errors.New("project.base_url must be set: a site needs the addresses of its pages"))
	} else {
		bad("project.base_url", site.ParseBase(c.Project.BaseURL))
	}
	oneOf("site.links", &s.Links, LinksToEditions, LinksKept)
	oneOf("site.hreflang", &s.Hreflang, HreflangInPages, HreflangInSitemaps, HreflangInBoth, HreflangOff)
	if s.XDefault == "" {
		s.XDefault = c.Project.Source
	} else if strings.Contains(s.XDefault, "/") {
		bad("site.x_default", site.ParseBase(s.XDefault))
	} else if tag, err := locales.Canonical(s.XDefault); err != nil {
		bad("site.x_default", err)
	} else if !slices.Contains(c.Project.Locales, tag) {
		bad("site.x_default", fmt.Errorf("the project does not build locale %s; name one of %s, or an address", tag, strings.Join(c.Project.Locales, ", ")))
	} else {
		s.XDefault = tag
	}
	if s.Sitemaps == nil {
		s.Sitemaps = new(bool)
		*s.Sitemaps = true
	}
	if s.Feeds == nil {
		s.Feeds = new([]string)
		*s.Feeds = files.Kinds()
	}
	for i, kind := range *s.Feeds {
		if !slices.Contains(files.Kinds(), kind) {
			bad(fmt.Sprintf("site.feeds[%d]", i), fmt.Errorf("%q: must be one of %s", kind, strings.Join(files.Kinds(), ", ")))
		}
	}
	if s.FeedItems == 0 {
		s.FeedItems = 50
	}
	if s.FeedItems < 1 || s.FeedItems > 1000 {
		bad("site.feed_items", fmt.Errorf("%d: must be from 1 to 1000", s.FeedItems))
	}
	if s.IndexItems == 0 {
		s.IndexItems = 100
	}
	if s.IndexItems < 1 || s.IndexItems > 10_000 {
		bad("site.index_items", fmt.Errorf("%d: must be from 1 to 10000", s.IndexItems))
	}
	if s.IndexTemplate != "" {
		bad("site.index_template", inside(s.IndexTemplate))
	}
	oneOf("site.jsonld", &s.JSONLD, JSONLDMerge, JSONLDAdd, JSONLDOff)
	oneOf("site.translators", &s.Translators, TranslatorsOff, TranslatorsPersons, TranslatorsOrganization)
	oneOf("site.correction_note", &s.CorrectionNote, string(bitext.NoticeOff), string(bitext.NoticeAfterHeadline), string(bitext.NoticeTop), string(bitext.NoticeEnd))
	oneOf("site.slugs", &s.Slugs, SlugsKept, SlugsFromTitle, SlugsFromField)
	oneOf("site.slug_script", &s.SlugScript, SlugsLatin, SlugsNative)
	if s.SlugBytes == 0 {
		s.SlugBytes = 80
	}
	if s.SlugBytes < 10 || s.SlugBytes > 200 {
		bad("site.slug_bytes", fmt.Errorf("%d: must be from 10 to 200", s.SlugBytes))
	}
	if s.Redirects == nil {
		s.Redirects = []string{redirect.Pages}
	}
	for i, kind := range s.Redirects {
		if !slices.Contains(redirect.Kinds(), kind) {
			bad(fmt.Sprintf("site.redirects[%d]", i), fmt.Errorf("%q: must be one of %s", kind, strings.Join(redirect.Kinds(), ", ")))
		}
	}
	for key, texts := range map[string]*map[string]string{"site.titles": &s.Titles, "site.descriptions": &s.Descriptions} {
		canonical := map[string]string{}
		for _, l := range slices.Sorted(maps.Keys(*texts)) {
			tag, err := locales.Canonical(l)
			if err == nil && !slices.Contains(c.Project.Locales, tag) {
				err = fmt.Errorf("the project does not build locale %s", tag)
			}
			bad(key+"."+l, err)
			canonical[tag] = (*texts)[l]
		}
		*texts = canonical
	}
	return problems
}

// RewritesLinks reports whether links to articles of the project lead to editions in
// fallback locales, too.
func (c *Config) RewritesLinks() bool { return c.Site != nil && c.Site.Links == LinksToEditions }

// LinkLocales returns the locales whose edition a link in a page of a locale leads to,
// the best first: its own, those that its policy falls back to, the source's.
func (c *Config) LinkLocales(locale string) []string {
	out := []string{locale}
	for next := c.PolicyFor(locale).Fallback; next != "" && !slices.Contains(out, next); next = c.PolicyFor(next).Fallback {
		out = append(out, next)
	}
	if !slices.Contains(out, c.Project.Source) {
		out = append(out, c.Project.Source)
	}
	return out
}
