package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/site"
)

// Site makes a site of the editions. Without it nothing but pages and manifests is
// written.
type Site struct {
	Links    string `toml:"links"`
	Hreflang string `toml:"hreflang"`
	XDefault string `toml:"x_default"`
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
