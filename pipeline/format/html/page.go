package html

import (
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/charset"
)

// page is what is known of the document as a whole.
type page struct {
	hasHTML, hasDoctype, hasHead, hasTitle bool

	afterHead bool // content of the body has begun
	first     int  // where the first element begins, -1 if there is none yet
	headStart int  // where the head's content begins, if the head has a tag
	headEnd   int  // where the last element of the head ends, -1 if there is none

	// For Document.Meta.
	titleText, ogTitle              string
	description, ogDescription      string
	publishedTime, ldDate, timeDate string
	canonical, url                  string
}

// slot notes a place for an edition's metadata.
func (s *splitter) slot(name string, start, end int) {
	s.doc.Skeleton.Slots = append(s.doc.Skeleton.Slots, bitext.Slot{Name: name, Start: start, End: end})
}

// prologue reads what stands before the first tag.
func (s *splitter) prologue() {
	path := strings.ToLower(s.doc.Path)
	s.xml = strings.HasSuffix(path, ".xhtml") || strings.HasSuffix(path, ".xht")
	rest := s.z.s[s.z.pos:]
	if !strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n\f"), "<?xml") {
		return
	}
	s.xml = true
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		return
	}
	if start, stop, ok := charset.InXMLDeclaration(rest[:end]); ok {
		s.slot(slotXMLDecl, s.z.pos+start, s.z.pos+stop)
	}
}

// doctype handles a document type declaration. That of XHTML says that empty
// tags are meant as such.
func (s *splitter) doctype() {
	z := &s.z
	s.page.hasDoctype = s.page.hasDoctype || !s.page.afterHead && s.count[elTemplate] == 0
	if raw := strings.ToLower(z.s[z.start:z.end]); strings.Contains(raw, "//dtd xhtml") {
		s.xml = true
		z.cdata = true
	}
}

// element takes note of a start tag.
func (s *splitter) element(p *properties, start, end int) {
	g := &s.page
	if p.el == elHTML || g.afterHead || s.count[elTemplate] > 0 {
		return
	}
	if g.first < 0 {
		g.first = start
	}
	switch p.el {
	case elHead:
		g.hasHead = true
		g.headStart, g.headEnd = end, end
	case elMeta, elLink, elBase:
		g.headEnd = end
	}
}

// endHead notes that the body's content begins at an offset, and closes the
// head if it is open.
func (s *splitter) endHead(at int) {
	g := &s.page
	if g.afterHead || s.count[elTemplate] > 0 {
		return // the content of a template is a document of its own
	}
	g.afterHead = true
	s.slot(slotBody, at, at)
	if g.first < 0 {
		g.first = at
	}
	if g.headEnd < 0 {
		g.headEnd = at
	}
	for i := len(s.stack) - 1; i > 0 && s.count[elHead] > 0; i-- {
		if s.stack[i].props.el == elHead {
			s.popTo(i, at, at)
		}
	}
}

// title takes the document's title from the title element's content.
func (s *splitter) title(from, to int) {
	g := &s.page
	if s.count[elTemplate] > 0 {
		return
	}
	if g.titleText == "" {
		g.titleText = s.decode(from, to, false)
	}
	g.hasTitle = g.hasTitle || !g.afterHead
	if end := to + len("</title>"); !g.afterHead && end <= len(s.z.s) && s.z.s[end-1] == '>' {
		g.headEnd = end
	}
}

// slots takes note of the places in the start tag just scanned that an
// edition's metadata is written to, and of what it says of the document.
// lang is the language that it declares. It reports whether an edition writes
// what the tag says anew, so that none of it is text to translate.
func (s *splitter) slots(o *open, lang string) (rewritten bool) {
	if s.count[elTemplate] > 0 {
		return false
	}
	span := func(name string, id attribute) bool {
		a := s.attr(id)
		if a != nil {
			s.slot(name, a.name, a.end)
		}
		return a != nil
	}
	switch o.props.el {
	case elHTML:
		return false
	case elMeta:
		return s.meta()
	case elLink:
		return s.link()
	case elBody:
		if s.base == "" {
			s.base = lang
		}
	}
	if !o.translate {
		return false
	}
	if lang != "" {
		has := span(slotLang, atLang)
		has = span(slotXMLLang, atXMLLang) || has
		if has {
			span(slotDir, atDir)
		}
	} else if o.props.el == elBody {
		span(slotBodyDir, atDir)
	}
	return false
}

// root takes note of the html element just scanned.
func (s *splitter) root() {
	z, g := &s.z, &s.page
	if g.hasHTML || g.afterHead && !g.hasHead || s.count[elTemplate] > 0 {
		return // it comes too late to be the root
	}
	g.hasHTML = true
	s.slot(slotHTML, z.nameEnd, z.nameEnd)
	var seen [atAriaPlaceholder + 1]bool
	for i := range z.attrs {
		a := &z.attrs[i]
		if seen[a.id] {
			continue
		}
		seen[a.id] = true
		switch a.id {
		case atLang:
			s.base = s.value(a)
			s.slot(slotHTMLLang, a.name, a.end)
		case atXMLLang:
			s.base = first(s.base, s.value(a))
			s.slot(slotHTMLXMLLang, a.name, a.end)
		case atDir:
			s.slot(slotHTMLDir, a.name, a.end)
		case atXMLNS:
			s.slot(slotXML, a.name, a.name)
		}
	}
}

// meta reads a meta element. It reports whether an edition writes its content.
func (s *splitter) meta() (rewritten bool) {
	z := &s.z
	if a := s.attr(atCharset); a != nil {
		s.slot(slotCharset, a.name, a.end)
	}
	content := s.attr(atContent)
	if content == nil {
		return false
	}
	if a := s.attr(atHTTPEquiv); a != nil && s.is(a, "content-type") {
		if start, end, ok := charset.InContentType(z.s[content.value:content.valueEnd]); ok {
			s.slot(slotType, content.value+start, content.value+end)
		}
		return true
	}
	value := s.value(content)
	for a := range s.metaNames {
		rewritten = s.metaValue(strings.ToLower(s.value(a)), value, content, rewritten)
	}
	return rewritten
}

// metaValue takes note of what a meta element says under a name. It reports
// whether an edition writes that, or what it says under another: rewritten.
func (s *splitter) metaValue(name, value string, content *attr, rewritten bool) bool {
	z, g := &s.z, &s.page
	set := func(field *string) { *field = first(*field, value) }
	if strings.HasPrefix(name, "og:") {
		s.slot(slotOG, z.end, z.end)
	}
	switch name {
	case "description":
		set(&g.description)
	case "og:title":
		set(&g.ogTitle)
	case "og:description":
		set(&g.ogDescription)
	case "og:url":
		set(&g.url)
	case "article:published_time", "datepublished":
		set(&g.publishedTime)
	case "og:locale":
		if !rewritten {
			s.slot(slotOGLocale, content.name, content.end)
			return true
		}
	case "og:locale:alternate":
		// Where it ends a picture, what follows would fall into that without it.
		if !rewritten && !s.breaking {
			s.slot(slotOGOther, z.start, z.end)
			return true
		}
	}
	return rewritten
}

// link reads a link element. It reports whether an edition puts its own in the
// place of it.
func (s *splitter) link() (rewritten bool) {
	z := &s.z
	rel := s.attr(atRel)
	if rel == nil {
		return false
	}
	for r := range strings.FieldsSeq(s.value(rel)) {
		switch {
		case equalFold(r, "canonical"):
			if href := s.attr(atHref); href != nil {
				s.page.canonical = first(s.page.canonical, s.value(href))
			}
			s.slot(slotCanonical, z.end, z.end)
		case equalFold(r, "alternate"):
			// Said twice, it is still one link to replace.
			if s.attr(atHreflang) != nil && !rewritten {
				s.slot(slotAlternate, z.start, z.end)
				rewritten = true
			}
		}
	}
	return rewritten
}

// finishPage ends the document.
func (s *splitter) finishPage() {
	g := &s.page
	s.doc.Locale = s.base
	for _, m := range [...]struct{ key, value string }{
		{"title", first(g.titleText, g.ogTitle)},
		{"description", first(g.description, g.ogDescription)},
		{"date", first(first(g.publishedTime, g.ldDate), g.timeDate)},
		{"canonical", g.canonical},
		{"url", g.url},
	} {
		if m.value != "" {
			s.doc.Meta[m.key] = m.value
		}
	}
	if s.xml {
		s.slot(slotXML, 0, 0)
	}
	if s.w.nbsp >= 0 {
		s.slot(slotNBSP, s.w.nbsp, s.w.nbsp)
	}
	whole := g.hasHTML || g.hasDoctype || g.hasHead || g.hasTitle
	if whole && !g.hasHTML && g.first >= 0 {
		s.slot(slotNoHTML, g.first, g.first)
	}
	if whole && g.headEnd >= 0 {
		s.slot(slotHead, g.headEnd, g.headEnd)
		if !g.hasHead {
			g.headStart = max(g.first, 0)
		}
		s.slot(slotHeadStart, g.headStart, g.headStart)
	}
}
