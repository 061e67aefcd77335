package crawl

import (
	"fmt"
	"slices"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/site"
)

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "site.anchor", Severity: diag.Warning, Description: "a link to an anchor that its page does not have"},
		{ID: "site.canonical", Severity: diag.Error, Description: "a canonical link to a page that is not there, is in another language or leads on"},
		{ID: "site.hreflang", Severity: diag.Error, Description: "an hreflang that search engines do not accept, or that is there twice"},
		{ID: "site.hreflang-dead", Severity: diag.Error, Description: "an hreflang link to a page that is not there, leads on, or is not canonical"},
		{ID: "site.hreflang-language", Severity: diag.Error, Description: "an hreflang link to a page that declares another language"},
		{ID: "site.hreflang-return", Severity: diag.Error, Description: "an hreflang link to a page that does not name this one"},
		{ID: "site.hreflang-self", Severity: diag.Warning, Description: "a page that names translations and not itself"},
		{ID: "site.lang", Severity: diag.Warning, Description: "a page that does not declare its language, or not as BCP 47 has it"},
		{ID: "site.link-dead", Severity: diag.Error, Description: "a link to a page of the site that is not there"},
		{ID: "site.link-language", Severity: diag.Info, Description: "a link to a page in another language that does not declare it"},
		{ID: "site.read", Severity: diag.Error, Description: "a page that cannot be read"},
		{ID: "site.redirect", Severity: diag.Error, Description: "redirects that lead round in a circle, or to nothing"},
		{ID: "site.sitemap", Severity: diag.Error, Description: "a sitemap that does not parse, or names a page that is not there"},
	}
}

// pageCheck checks one page.
type pageCheck struct {
	*crawler
	index int
	page  *page
	in    string // the sitemap that findings are about; "" for the page itself
	lines *diag.Lines
	data  []byte
	found map[string]int
	all   []diag.Diagnostic
}

// checkPage checks a page against all others.
func (c *crawler) checkPage(i int, data []byte) {
	p := &pageCheck{crawler: c, index: i, page: &c.pages[i], data: data, found: map[string]int{}}
	d := scan(data)
	if p.page.refresh != "" {
		if t := c.find(p.page, d.refresh); !t.exists {
			p.report("site.redirect", diag.Error, d.refreshAt, "the page leads to "+diag.Excerpt(d.refresh)+", which is not there", "correct the address")
		}
	} else {
		p.language(d)
		p.canonical(d)
		p.hreflang(d)
	}
	links, crossing, dead := p.links(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Links += links
	c.report.Crossing += crossing
	c.report.Dead += dead
	c.report.Diagnostics = append(c.report.Diagnostics, p.all...)
}

func (p *pageCheck) report(id string, s diag.Severity, at int, message, hint string) {
	if p.found[id]++; p.found[id] > maxEach {
		return
	}
	place := diag.Place{Path: p.in}
	if p.in == "" {
		if p.lines == nil {
			p.lines = diag.NewLines(p.data)
		}
		place.Path = p.page.file
		place.Line, place.Column = p.lines.At(at)
	}
	p.all = append(p.all, diag.Diagnostic{ID: id, Severity: s, Place: place, Message: message, Hint: hint})
}

func (p *pageCheck) language(d *document) {
	switch {
	case !d.whole:
	case d.lang == "":
		p.report("site.lang", diag.Warning, d.langAt, "the page does not declare its language", "set lang of the html element")
	default:
		if _, err := tag.Canonical(d.lang); err != nil {
			p.report("site.lang", diag.Warning, d.langAt, err.Error(), "write a tag of BCP 47, such as pt-BR")
		}
	}
}

func (p *pageCheck) canonical(d *document) {
	if d.canonicals == 0 {
		return
	}
	if d.canonicals > 1 {
		p.report("site.canonical", diag.Error, d.canonicalAt, fmt.Sprintf("the page has %d canonical links: search engines ignore them all", d.canonicals), "leave one")
	}
	if !isAbsolute(d.canonicalURL) {
		p.report("site.canonical", diag.Warning, d.canonicalAt, "the canonical link "+diag.Excerpt(d.canonicalURL)+" is not an absolute address", "write it with https:// and the host")
	}
	t := p.find(p.page, d.canonicalURL)
	switch {
	case !t.exists:
		p.report("site.canonical", diag.Error, d.canonicalAt, "the canonical link leads to "+diag.Excerpt(d.canonicalURL)+", which is not there", "correct the address")
	case t.page < 0 || t.page == p.index:
	case p.pages[t.page].redirect >= 0:
		p.report("site.canonical", diag.Error, d.canonicalAt, "the canonical link leads to "+p.pages[t.page].file+", which leads on to another page", "name that page")
	case differs(p.page.lang, p.pages[t.page].lang):
		p.report("site.canonical", diag.Error, d.canonicalAt, fmt.Sprintf("the canonical link leads to %s in %s: search engines ignore this page in %s", p.pages[t.page].file, p.pages[t.page].lang, p.page.lang),
			"let each translation be its own canonical page")
	}
}

func (p *pageCheck) hreflang(d *document) {
	first := -1
	self := false
	byLang := map[string]string{}
	for _, l := range d.links {
		if !l.alternate {
			continue
		}
		if first < 0 {
			first = l.at
		}
		lang := strings.ToLower(l.hreflang)
		if wrong := site.ValidHreflang(l.hreflang); wrong != "" {
			p.report("site.hreflang", diag.Error, l.at, fmt.Sprintf("hreflang %q %s", diag.Excerpt(l.hreflang), wrong), "")
		}
		if other, twice := byLang[lang]; twice && other != l.href {
			p.report("site.hreflang", diag.Error, l.at, fmt.Sprintf("hreflang %q is there twice with different addresses", diag.Excerpt(l.hreflang)), "leave one")
		}
		byLang[lang] = l.href
		if !isAbsolute(l.href) {
			p.report("site.hreflang", diag.Error, l.at, fmt.Sprintf("the address of hreflang %q is not absolute: %s", diag.Excerpt(l.hreflang), diag.Excerpt(l.href)), "write it with https:// and the host")
		}
		t := p.find(p.page, l.href)
		if !t.exists {
			p.report("site.hreflang-dead", diag.Error, l.at, fmt.Sprintf("hreflang %q leads to %s, which is not there", diag.Excerpt(l.hreflang), diag.Excerpt(l.href)), "correct the address, or leave the link out")
		}
		if t.page < 0 {
			continue
		}
		if t.page == p.index {
			self = self || lang != site.XDefault
		}
		p.alternate(l, t.page)
	}
	// What sitemaps say counts as well.
	for _, a := range p.page.alternates {
		self = self || a.page == p.index && !strings.EqualFold(a.lang, site.XDefault)
		if p.in = a.sitemap; p.in != "" {
			if wrong := site.ValidHreflang(a.lang); wrong != "" {
				p.report("site.hreflang", diag.Error, 0, fmt.Sprintf("hreflang %q of %s %s", diag.Excerpt(a.lang), p.page.file, wrong), "")
			}
			p.alternate(link{hreflang: a.lang}, a.page)
		}
	}
	p.in = ""
	if first >= 0 && !self {
		p.report("site.hreflang-self", diag.Warning, first, "the page names its translations and not itself", "add a link to the page itself with its own language")
	}
}

// alternate checks the page that an hreflang link leads to.
func (p *pageCheck) alternate(l link, to int) {
	other := &p.pages[to]
	xDefault := strings.EqualFold(l.hreflang, site.XDefault)
	switch {
	case other.redirect >= 0:
		p.report("site.hreflang-dead", diag.Error, l.at, fmt.Sprintf("hreflang %q leads to %s, which leads on to another page", l.hreflang, other.file), "name that page")
		return
	case other.canonical >= 0 && other.canonical != to:
		p.report("site.hreflang-dead", diag.Error, l.at, fmt.Sprintf("hreflang %q leads to %s, whose canonical page is %s", l.hreflang, other.file, p.pages[other.canonical].file), "name that page")
	case other.noindex:
		p.report("site.hreflang-dead", diag.Error, l.at, fmt.Sprintf("hreflang %q leads to %s, which search engines are asked not to list", l.hreflang, other.file), "leave the link out")
	}
	if !xDefault && other.lang != "" && !fits(l.hreflang, other.lang) {
		p.report("site.hreflang-language", diag.Error, l.at, fmt.Sprintf("hreflang %q leads to %s, which declares %q", l.hreflang, other.file, diag.Excerpt(other.lang)), "correct one of them")
	}
	if to == p.index || xDefault && !p.hasAlternates(to) {
		return // a page to choose a language names nobody
	}
	if !slices.ContainsFunc(other.alternates, func(a alternate) bool { return a.page == p.index }) {
		p.report("site.hreflang-return", diag.Error, l.at, fmt.Sprintf("hreflang %q of %s leads to %s, which does not name it: search engines ignore the link", l.hreflang, p.page.file, other.file), "let both pages name each other")
	}
}

func (p *pageCheck) hasAlternates(i int) bool { return len(p.pages[i].alternates) > 0 }

// links checks the links of a page. It returns how many of them lead to pages of the
// site, to another language, and to nothing.
func (p *pageCheck) links(d *document) (links, crossing, dead int) {
	for _, l := range d.links {
		if l.alternate {
			continue
		}
		t := p.find(p.page, l.href)
		if !t.internal {
			continue
		}
		links++
		if !t.exists {
			dead++
			p.report("site.link-dead", diag.Error, l.at, "a link leads to "+diag.Excerpt(l.href)+", which is not there", "correct the address, or publish that page")
			continue
		}
		if t.page < 0 {
			continue
		}
		end := p.final(t.page)
		if end < 0 {
			continue
		}
		if t.fragment != "" && t.fragment != "top" && end == t.page && !strings.HasPrefix(t.fragment, ":~:") && !p.ids[anchorKey(end, t.fragment)] {
			p.report("site.anchor", diag.Warning, l.at, fmt.Sprintf("%s has no anchor %q", p.pages[end].file, diag.Excerpt(t.fragment)), "correct the link, or give the element its id")
		}
		other := p.pages[end].lang
		if differs(p.page.lang, other) {
			crossing++
			if l.hreflang == "" {
				p.report("site.link-language", diag.Info, l.at, fmt.Sprintf("a link leads to %s in %s", p.pages[end].file, other), `declare it: hreflang="`+other+`"`)
			}
		}
		if l.hreflang != "" && other != "" && !strings.EqualFold(l.hreflang, site.XDefault) && !fits(l.hreflang, other) {
			p.report("site.link-language", diag.Warning, l.at, fmt.Sprintf("a link with hreflang %q leads to %s, which declares %q", diag.Excerpt(l.hreflang), p.pages[end].file, diag.Excerpt(other)), "correct one of them")
		}
	}
	return links, crossing, dead
}

// differs reports whether two pages declare different languages or scripts.
func differs(a, b string) bool {
	return a != "" && b != "" && (!tag.SameLanguage(a, b) || tag.Script(a) != tag.Script(b))
}

// fits reports whether a page that declares a language may be called by an hreflang: the
// same language and script, and the same region where both have one.
func fits(hreflang, lang string) bool {
	if differs(hreflang, lang) {
		return false
	}
	h, _ := tag.Parse(hreflang)
	l, _ := tag.Parse(lang)
	return h.Region == "" || l.Region == "" || h.Region == l.Region
}

func isAbsolute(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
