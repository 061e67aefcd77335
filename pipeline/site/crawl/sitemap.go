package crawl

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"hexapla/pipeline/diag"
)

// readRedirects reads the file of redirects that Netlify and Cloudflare Pages take, if
// there is one.
func (c *crawler) readRedirects() {
	c.moved = map[string]string{}
	data, err := readPrefix(c.fsys, "_redirects", maxRedirects)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(fields[0], "#") || strings.ContainsAny(fields[0], "*:") {
			continue
		}
		c.moved[fields[0]] = fields[1]
	}
	reported := map[string]bool{}
	for from := range c.moved {
		at, seen := from, map[string]bool{}
		for at != "" && !seen[at] {
			seen[at] = true
			at = c.moved[at]
		}
		if at != "" && !reported[at] {
			for name := range seen {
				reported[name] = true
			}
			c.add(diag.Diagnostic{ID: "site.redirect", Severity: diag.Error, Place: diag.Place{Path: "_redirects"},
				Message: "redirects lead round in a circle: " + diag.Excerpt(at), Hint: "lead all of them to the page that readers should have"})
		}
	}
}

// readSitemaps reads the sitemaps, and takes the translations that they name to those
// of the pages.
func (c *crawler) readSitemaps() {
	for _, name := range c.maps {
		f, err := c.fsys.Open(name)
		if err != nil {
			continue
		}
		limited := &io.LimitedReader{R: f, N: maxSitemap + 1}
		err = c.sitemap(name, limited)
		f.Close()
		if err != nil && limited.N == 0 {
			err = fmt.Errorf("it is larger than %d bytes", maxSitemap)
		}
		if err != nil && strings.Contains(strings.ToLower(name), "sitemap") {
			c.add(diag.Diagnostic{ID: "site.sitemap", Severity: diag.Error, Place: diag.Place{Path: name}, Hint: "correct it"}.Messagef("the sitemap does not parse: %v", diag.Arg("error", err)))
		}
	}
}

const (
	sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"
	xhtmlSpace   = "http://www.w3.org/1999/xhtml"
)

// sitemap reads a sitemap. A file of another kind is left alone.
func (c *crawler) sitemap(name string, r io.Reader) error {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("it is not in UTF-8") }
	dead := 0
	var found []alternate
	self := -1
	here := &page{file: name}
	missing := func(address string) {
		if dead++; dead <= maxEach {
			line, column := d.InputPos()
			c.add(diag.Diagnostic{ID: "site.sitemap", Severity: diag.Error, Place: diag.Place{Path: name, Line: line, Column: column},
				Hint: "make the sitemap again"}.Messagef("the sitemap names %s, which is not there", diag.Arg("address", diag.Excerpt(address))))
		}
	}
	root := true
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if root && (t.Name.Space != sitemapSpace || t.Name.Local != "urlset" && t.Name.Local != "sitemapindex") {
				return nil
			}
			root = false
			switch {
			case t.Name.Space == sitemapSpace && t.Name.Local == "url":
				self, found = -1, nil
			case t.Name.Space == sitemapSpace && t.Name.Local == "loc":
				var address string
				if err := d.DecodeElement(&address, &t); err != nil {
					return err
				}
				address = strings.TrimSpace(address)
				to := c.find(here, address)
				if !to.exists {
					missing(address)
				}
				self = to.page
			case t.Name.Space == xhtmlSpace && t.Name.Local == "link":
				var rel, lang, href string
				for _, a := range t.Attr {
					switch a.Name.Local {
					case "rel":
						rel = a.Value
					case "hreflang":
						lang = a.Value
					case "href":
						href = a.Value
					}
				}
				if rel != "alternate" || lang == "" {
					continue
				}
				to := c.find(here, href)
				if !to.exists {
					missing(href)
				}
				if to.page >= 0 {
					found = append(found, alternate{lang, to.page, name})
				}
			}
		case xml.EndElement:
			if t.Name.Space == sitemapSpace && t.Name.Local == "url" && self >= 0 {
				c.mapped(name, self, found)
			}
		}
	}
}

// mapped takes over the translations that a sitemap names for a page.
func (c *crawler) mapped(name string, self int, found []alternate) {
	p := &c.pages[self]
	itself := len(found) == 0
	for _, a := range found {
		itself = itself || a.page == self
	}
	if !itself {
		c.add(diag.Diagnostic{ID: "site.hreflang-self", Severity: diag.Warning, Place: diag.Place{Path: name},
			Hint: "add a link to the page itself with its own language"}.Messagef("the sitemap names translations of %s and not the page itself", diag.Arg("page", p.file)))
	}
	p.alternates = append(p.alternates, found...)
}
