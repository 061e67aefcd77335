package crawl

import (
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
		{ID: "site.read", Severity: diag.Error, Description: "a page that cannot be read, or is too large"},
		{ID: "site.redirect", Severity: diag.Error, Description: "redirects that lead round in a circle, or to nothing"},
		{ID: "site.sitemap", Severity: diag.Error, Description: "a sitemap that does not parse, is too large, or names a page that is not there"},
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
			p.addFinding("site.redirect", diag.Error, d.refreshAt, "correct the address", "the page leads to %s, which is not there", diag.Arg("address", diag.Excerpt(d.refresh)))
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

func (p *pageCheck) addFinding(id string, s diag.Severity, at int, hint, format string, args ...any) {
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
	p.all = append(p.all, diag.Diagnostic{ID: id, Severity: s, Place: place, Hint: hint}.Messagef(format, args...))
}

func (p *pageCheck) language(d *document) {
	switch {
	case !d.whole:
	case d.lang == "":
		p.addFinding("site.lang", diag.Warning, d.langAt, "set lang of the html element", "the page does not declare its language")
	case strings.Contains(d.lang, "_"):
		p.addFinding("site.lang", diag.Warning, d.langAt, "write "+strings.ReplaceAll(diag.Excerpt(d.lang), "_", "-"), "the language tag %q has an underscore, which BCP 47 does not have", diag.Arg("value", diag.Excerpt(d.lang)))
	default:
		if _, err := tag.Canonical(d.lang); err != nil {
			p.addFinding("site.lang", diag.Warning, d.langAt, "write a tag of BCP 47, such as pt-BR", "%s", diag.Arg("value", err.Error()))
		}
	}
}

func (p *pageCheck) canonical(d *document) {
	if d.canonicals == 0 {
		return
	}
	if d.canonicals > 1 {
		p.addFinding("site.canonical", diag.Error, d.canonicalAt, "leave one", "the page has %d canonical links: search engines ignore them all", diag.Arg("links", d.canonicals))
	}
	if !isAbsolute(d.canonicalURL) {
		p.addFinding("site.canonical", diag.Warning, d.canonicalAt, "write it with https:// and the host", "the canonical link %s is not an absolute address", diag.Arg("address", diag.Excerpt(d.canonicalURL)))
	}
	t := p.find(p.page, d.canonicalURL)
	switch {
	case !t.exists:
		p.addFinding("site.canonical", diag.Error, d.canonicalAt, "correct the address", "the canonical link leads to %s, which is not there", diag.Arg("address", diag.Excerpt(d.canonicalURL)))
	case t.page < 0 || t.page == p.index:
	case p.pages[t.page].redirect >= 0:
		p.addFinding("site.canonical", diag.Error, d.canonicalAt, "name that page", "the canonical link leads to %s, which leads on to another page", diag.Arg("target", p.pages[t.page].file))
	case differs(p.page.lang, p.pages[t.page].lang):
		p.addFinding("site.canonical", diag.Error, d.canonicalAt, "let each translation be its own canonical page", "the canonical link leads to %s in %s: search engines ignore this page in %s", diag.Arg("target", p.pages[t.page].file), diag.Arg("language", p.pages[t.page].lang), diag.Arg("pageLanguage", p.page.lang))
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
			p.addFinding("site.hreflang", diag.Error, l.at, "", "hreflang %q %s", diag.Arg("hreflang", diag.Excerpt(l.hreflang)), diag.Arg("problem", wrong))
		}
		if other, twice := byLang[lang]; twice && other != l.href {
			p.addFinding("site.hreflang", diag.Error, l.at, "leave one", "hreflang %q is there twice with different addresses", diag.Arg("hreflang", diag.Excerpt(l.hreflang)))
		}
		byLang[lang] = l.href
		if !isAbsolute(l.href) {
			p.addFinding("site.hreflang", diag.Error, l.at, "write it with https:// and the host", "the address of hreflang %q is not absolute: %s", diag.Arg("hreflang", diag.Excerpt(l.hreflang)), diag.Arg("address", diag.Excerpt(l.href)))
		}
		t := p.find(p.page, l.href)
		if !t.exists {
			p.addFinding("site.hreflang-dead", diag.Error, l.at, "correct the address, or leave the link out", "hreflang %q leads to %s, which is not there", diag.Arg("hreflang", diag.Excerpt(l.hreflang)), diag.Arg("address", diag.Excerpt(l.href)))
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
				p.addFinding("site.hreflang", diag.Error, 0, "", "hreflang %q of %s %s", diag.Arg("hreflang", diag.Excerpt(a.lang)), diag.Arg("page", p.page.file), diag.Arg("problem", wrong))
			}
			p.alternate(link{hreflang: a.lang}, a.page)
		}
	}
	p.in = ""
	if first >= 0 && !self {
		p.addFinding("site.hreflang-self", diag.Warning, first, "add a link to the page itself with its own language", "the page names its translations and not itself")
	}
}

// alternate checks the page that an hreflang link leads to.
func (p *pageCheck) alternate(l link, to int) {
	other := &p.pages[to]
	xDefault := strings.EqualFold(l.hreflang, site.XDefault)
	switch {
	case other.redirect >= 0:
		p.addFinding("site.hreflang-dead", diag.Error, l.at, "name that page", "hreflang %q leads to %s, which leads on to another page", diag.Arg("hreflang", l.hreflang), diag.Arg("target", other.file))
		return
	case other.canonical >= 0 && other.canonical != to:
		p.addFinding("site.hreflang-dead", diag.Error, l.at, "name that page", "hreflang %q leads to %s, whose canonical page is %s", diag.Arg("hreflang", l.hreflang), diag.Arg("target", other.file), diag.Arg("canonicalPage", p.pages[other.canonical].file))
	case other.noindex:
		p.addFinding("site.hreflang-dead", diag.Error, l.at, "leave the link out", "hreflang %q leads to %s, which search engines are asked not to list", diag.Arg("hreflang", l.hreflang), diag.Arg("target", other.file))
	}
	if !xDefault && other.lang != "" && !fits(l.hreflang, other.lang) {
		p.addFinding("site.hreflang-language", diag.Error, l.at, "correct one of them", "hreflang %q leads to %s, which declares %q", diag.Arg("hreflang", l.hreflang), diag.Arg("target", other.file), diag.Arg("language", diag.Excerpt(other.lang)))
	}
	if to == p.index || xDefault && !p.hasAlternates(to) {
		return // a page to choose a language names nobody
	}
	if !slices.ContainsFunc(other.alternates, func(a alternate) bool { return a.page == p.index }) {
		p.addFinding("site.hreflang-return", diag.Error, l.at, "let both pages name each other", "hreflang %q of %s leads to %s, which does not name it: search engines ignore the link", diag.Arg("hreflang", l.hreflang), diag.Arg("page", p.page.file), diag.Arg("target", other.file))
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
			p.addFinding("site.link-dead", diag.Error, l.at, "correct the address, or publish that page", "a link leads to %s, which is not there", diag.Arg("address", diag.Excerpt(l.href)))
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
			p.addFinding("site.anchor", diag.Warning, l.at, "correct the link, or give the element its id", "%s has no anchor %q", diag.Arg("target", p.pages[end].file), diag.Arg("anchor", diag.Excerpt(t.fragment)))
		}
		other := p.pages[end].lang
		if differs(p.page.lang, other) {
			crossing++
			if l.hreflang == "" {
				p.addFinding("site.link-language", diag.Info, l.at, `declare it: hreflang="`+other+`"`, "a link leads to %s in %s", diag.Arg("target", p.pages[end].file), diag.Arg("language", other))
			} else if p.crossing {
				p.addFinding("site.link-language", diag.Info, l.at, "nothing needs to be done; a translation of that page would be better", "a link leads to %s in %s, and declares it", diag.Arg("target", p.pages[end].file), diag.Arg("language", other))
			}
		}
		if l.hreflang != "" && other != "" && !strings.EqualFold(l.hreflang, site.XDefault) && !fits(l.hreflang, other) {
			p.addFinding("site.link-language", diag.Warning, l.at, "correct one of them", "a link with hreflang %q leads to %s, which declares %q", diag.Arg("hreflang", diag.Excerpt(l.hreflang)), diag.Arg("target", p.pages[end].file), diag.Arg("language", diag.Excerpt(other)))
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
