package crawl

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// document is what a page declares. Links are of its head and its body.
type document struct {
	lang         string
	langAt       int // offset of the html element
	canonicalURL string
	canonicalAt  int
	canonicals   int
	base         string
	refresh      string // address that the page leads to at once
	refreshAt    int
	noindex      bool
	whole        bool // a page, not a fragment that a page includes
	links        []link
	ids          []string
}

// link is an address on a page.
type link struct {
	href, hreflang string
	at             int
	alternate      bool // <link rel="alternate" hreflang>
}

// maxLinks is the number of links and of anchors of a page that are read.
const maxLinks = 100_000

// scan reads a page.
func scan(data []byte) *document {
	d := &document{}
	z := html.NewTokenizer(bytes.NewReader(data))
	at := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return d
		}
		start := at
		at += len(z.Raw())
		d.whole = d.whole || kind == html.DoctypeToken
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		tag := atom.Lookup(name)
		var attrs attributes
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			attrs.set(string(key), value)
		}
		if len(d.ids) < maxLinks {
			if attrs.id != "" {
				d.ids = append(d.ids, attrs.id)
			}
			if tag == atom.A && attrs.name != "" {
				d.ids = append(d.ids, attrs.name)
			}
		}
		d.element(tag, &attrs, start)
	}
}

// attributes are those of a tag that matter here; of two of one name the first
// counts.
type attributes struct {
	id, name, href, hreflang, lang, rel, content, equiv string
	seen                                                uint16
}

func (a *attributes) set(key string, value []byte) {
	fields := [...]struct {
		key string
		to  *string
	}{{"id", &a.id}, {"name", &a.name}, {"href", &a.href}, {"hreflang", &a.hreflang}, {"lang", &a.lang}, {"rel", &a.rel}, {"content", &a.content}, {"http-equiv", &a.equiv}}
	for i, f := range fields {
		if f.key == key {
			if a.seen&(1<<i) == 0 {
				a.seen |= 1 << i
				*f.to = string(value)
			}
			return
		}
	}
}

func (d *document) element(tag atom.Atom, a *attributes, at int) {
	d.whole = d.whole || tag == atom.Html || tag == atom.Head || tag == atom.Title
	switch tag {
	case atom.Html:
		if d.lang == "" {
			d.lang, d.langAt = strings.TrimSpace(a.lang), at
		}
	case atom.Base:
		if d.base == "" {
			d.base = strings.TrimSpace(a.href)
		}
	case atom.Meta:
		switch {
		case strings.EqualFold(a.equiv, "refresh"):
			if to, ok := refreshTarget(a.content); ok && d.refresh == "" {
				d.refresh, d.refreshAt = to, at
			}
		case strings.EqualFold(a.name, "robots"):
			d.noindex = d.noindex || strings.Contains(strings.ToLower(a.content), "noindex")
		}
	case atom.Link:
		for rel := range strings.FieldsSeq(strings.ToLower(a.rel)) {
			switch {
			case rel == "canonical":
				if d.canonicals++; d.canonicals == 1 {
					d.canonicalURL, d.canonicalAt = strings.TrimSpace(a.href), at
				}
			case rel == "alternate" && a.hreflang != "":
				d.add(link{href: strings.TrimSpace(a.href), hreflang: strings.TrimSpace(a.hreflang), at: at, alternate: true})
			}
		}
	case atom.A, atom.Area:
		if href := strings.TrimSpace(a.href); href != "" {
			d.add(link{href: href, hreflang: strings.TrimSpace(a.hreflang), at: at})
		}
	}
}

func (d *document) add(l link) {
	if len(d.links) < maxLinks {
		d.links = append(d.links, l)
	}
}

// refreshTarget returns the address of a meta refresh, as "0; url=page.html" has it
// (HTML standard, 4.2.5.3). ok is false for a page that only loads itself again.
func refreshTarget(content string) (string, bool) {
	_, rest, ok := strings.Cut(content, ";")
	if !ok {
		if _, rest, ok = strings.Cut(content, ","); !ok {
			return "", false
		}
	}
	rest = strings.TrimSpace(rest)
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, ok := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); ok {
			rest = strings.TrimSpace(after)
		}
	}
	rest = strings.Trim(rest, `"'`)
	return rest, rest != ""
}
