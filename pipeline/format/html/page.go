package html

import (
	"strings"

	"hexapla/locales/tag"
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
	ogLocale                        string
	author                          string
	moments                         map[string]string // publish_at and expire_at, also of a locale
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

// doctype handles a document type declaration. With that of XHTML, empty
// tags end their element.
func (s *splitter) doctype() {
	z := &s.z
	s.page.hasDoctype = s.page.hasDoctype || !s.page.afterHead && s.openByElement[elTemplate] == 0
	if raw := strings.ToLower(z.s[z.start:z.end]); strings.Contains(raw, "//dtd xhtml") {
		s.xml = true
		z.cdata = true
	}
}

// element takes note of a start tag.
func (s *splitter) element(p *properties, start, end int) {
	g := &s.page
	if p.el == elHTML || g.afterHead || s.openByElement[elTemplate] > 0 {
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
	if g.afterHead || s.openByElement[elTemplate] > 0 {
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
	for i := len(s.stack) - 1; i > 0 && s.openByElement[elHead] > 0; i-- {
		if s.stack[i].props.el == elHead {
			s.popTo(i, at, at)
		}
	}
}

// title takes the document's title from the title element's content.
func (s *splitter) title(from, to int) {
	g := &s.page
	if s.openByElement[elTemplate] > 0 {
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

// pageSlots notes the places in the start tag just scanned that an edition's
// metadata is written to, and what it declares of the document. lang is the
// language that it declares. It reports whether an edition writes the tag's text
// anew, so that none of it is text to translate.
func (s *splitter) pageSlots(o *openElement, lang string) (rewritten bool) {
	if s.openByElement[elTemplate] > 0 {
		return false
	}
	switch o.props.el {
	case elMeta:
		return s.meta()
	case elLink:
		return s.link()
	case elBody:
		if s.base == "" {
			s.base = lang
		}
	case elBase:
		if href := s.attr(atHref); href != nil && s.rules.relative {
			s.slot(slotBase, href.value, href.valueEnd)
		}
	}
	return false
}

// languageSlots notes where the start tag just scanned declares the language and
// direction of its content, or where the direction of content that is not
// translated has to be declared in an edition of another direction. Its role is
// known.
func (s *splitter) languageSlots(o, parent *openElement, a attributes) {
	if !parent.translate || s.openByElement[elTemplate] > 0 {
		return
	}
	z := &s.z
	from := len(s.doc.Skeleton.Slots)
	switch {
	case o.props.el == elHTML || o.props.flags&inHead != 0 || o.role == hard:
		return
	case !o.translate:
		listing := o.props.name == "xmp" || o.props.el == elPlaintext // shown as it is
		if a.dir || !listing && (o.role == opaque || o.props.flags&rawText != 0) || o.role == void ||
			o.locale != "" && o.locale != s.base && tag.Direction(o.locale) != tag.Direction(s.base) {
			return
		}
		name := slotUntranslated
		if listing || o.props.role == literal || o.props.el == elPre {
			name = slotCode
		}
		s.slot(name, z.nameEnd, z.nameEnd)
		return
	case o.role == inline && (a.lang == "" || otherLanguage(s.blockState().locale, s.base)):
		return // the text around it keeps its language, so it does too
	case o.role == void && a.lang == "" && (len(s.doc.Units) == o.units || s.leftToRightInput(o)):
		return
	case a.lang == "" && !a.dir:
		return
	}
	if o.role == inline {
		s.slot(slotInlineTag, z.start, z.nameEnd)
	} else {
		s.slot(slotTag, z.nameEnd, z.nameEnd)
	}
	for _, x := range [...]struct {
		name string
		id   attribute
	}{{slotLang, atLang}, {slotXMLLang, atXMLLang}, {slotDir, atDir}} {
		if at := s.attr(x.id); at != nil {
			s.slot(x.name, at.name, at.end)
		}
	}
	o.slots = [2]int{from, len(s.doc.Skeleton.Slots)}
}

// leftToRightInput reports whether an input is for what is written from left to
// right in any language: an address, a number.
func (s *splitter) leftToRightInput(o *openElement) bool {
	t := s.attr(atType)
	if o.props.el != elInput || t == nil {
		return false
	}
	switch strings.ToLower(s.value(t)) {
	case "email", "url", "tel", "number", "password":
		return true
	}
	return false
}

// closeBlock notes of an element that ends where its text stands, if that is all
// that it holds. What an element without text declares of its content stays as it
// is.
func (s *splitter) closeBlock(o *openElement) {
	units, spans := s.doc.Units, s.doc.Skeleton.Spans
	if o.slots[1] > o.slots[0] && o.role == block && len(units) == o.text.before && o.props.el != elBody {
		for i := o.slots[0]; i < o.slots[1]; i++ {
			s.doc.Skeleton.Slots[i].Name = ""
		}
	}
	if o.text.units != 1 || o.props.el == elHTML || o.props.el == elBody || o.foreign || len(s.stack) == 1 {
		return
	}
	if spans[o.text.before].Start >= o.text.start && spans[len(spans)-1].Start < o.text.end {
		s.slot(slotElement, o.start+1+len(s.nameAt(o.start+1)), o.text.start)
	}
}

// nameAt returns the name of the tag whose name begins at an offset.
func (s *splitter) nameAt(p int) string {
	q := p
	for q < len(s.z.s) && s.z.s[q] != '>' && s.z.s[q] != '/' && !isSpace(s.z.s[q]) {
		q++
	}
	return s.z.s[p:q]
}

// root takes note of the html element just scanned.
func (s *splitter) root() {
	z, g := &s.z, &s.page
	if g.hasHTML || g.afterHead && !g.hasHead || s.openByElement[elTemplate] > 0 {
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
	if a := s.attr(atHTTPEquiv); a != nil {
		switch {
		case s.is(a, "content-type"):
			if start, end, ok := charset.InContentType(z.s[content.value:content.valueEnd]); ok {
				s.slot(slotType, content.value+start, content.value+end)
			}
			return true
		case s.is(a, "content-language"):
			s.slot(slotLanguage, content.name, content.end)
			return true
		case s.is(a, "refresh"):
			s.sharedSlot(content)
			return true
		}
	}
	value := s.value(content)
	for a := range s.metaNames {
		rewritten = s.metaValue(strings.ToLower(s.value(a)), value, content, rewritten)
	}
	if !rewritten && isURL(value) {
		s.slot(slotAddress, content.name, content.end)
		return true
	}
	return rewritten
}

// metaValue notes what a meta element declares under a name. It reports whether
// an edition writes that, or what it declares under another: rewritten.
func (s *splitter) metaValue(name, value string, content *attr, rewritten bool) bool {
	z, g := &s.z, &s.page
	set := func(field *string) { *field = first(*field, value) }
	if strings.HasPrefix(name, "og:") {
		s.slot(slotOG, z.end, z.end)
	}
	if base, _, ok := strings.Cut(name, ":"); ok && (base == "publish_at" || base == "expire_at") {
		s.moment(name, value)
		return rewritten
	}
	switch name {
	case "description":
		set(&g.description)
	case "publish_at", "expire_at":
		s.moment(name, value)
	case "author", "article:author":
		if !isURL(value) {
			set(&g.author)
		}
	case "og:title":
		set(&g.ogTitle)
	case "og:description":
		set(&g.ogDescription)
	case "og:url":
		set(&g.url)
	case "article:published_time", "datepublished":
		set(&g.publishedTime)
	case "language", "content-language", "dc.language", "dcterms.language", "inlanguage":
		if !rewritten {
			s.slot(slotLanguage, content.name, content.end)
			return true
		}
	case "og:locale":
		set(&g.ogLocale)
		if !rewritten {
			s.slot(slotOGLocale, content.name, content.end)
			return true
		}
	case "og:locale:alternate":
		// Where it ends a picture, what follows would fall into that without it.
		if !rewritten && !s.endsForeign {
			s.slot(slotOGOther, z.start, z.end)
			return true
		}
	}
	return rewritten
}

// moment notes a date at which the page is published or taken away.
func (s *splitter) moment(name, value string) {
	g := &s.page
	if g.moments == nil {
		g.moments = map[string]string{}
	}
	if g.moments[name] == "" && len(g.moments) < 1000 {
		g.moments[name] = value
	}
}

// linkSlot notes the address of a link to an edition of the source.
func (s *splitter) linkSlot(at *attr) {
	s.linkSlotNamed(slotLink, at)
}

// linkSlotNamed notes an address that leads to an edition of the source, or may do so.
func (s *splitter) linkSlotNamed(name string, at *attr) {
	value := s.z.s[at.value:at.valueEnd]
	if value == "" || s.openByElement[elTemplate] > 0 {
		return
	}
	absolute := strings.Contains(value, "://") || strings.HasPrefix(value, "//") || len(value) > len("mailto:") && equalFold(value[:len("mailto:")], "mailto:")
	is := s.rules.relative && value[0] != '#' && !absolute || s.rules.links != nil && strings.HasPrefix(value, "../")
	for _, prefix := range s.rules.links {
		if is {
			break
		}
		if is = strings.HasPrefix(value, prefix); !is && strings.Contains(value, "//") {
			_, is = bitext.CutAddress(unescape(value), prefix)
		}
	}
	if is {
		s.slot(name, at.value, at.valueEnd)
	} else if name == slotLink {
		s.sharedSlot(at)
	}
}

// sharedSlot notes a value that names the address of a page among other things: a link
// that shares the page (…/sharer.php?u=https%3A%2F%2F…), or a refresh (600; url=https://…).
func (s *splitter) sharedSlot(at *attr) {
	if s.rules.links == nil {
		return
	}
	value := s.z.s[at.value:at.valueEnd]
	if i := strings.IndexAny(value, "=:"); i >= 0 && strings.Contains(value[i:], "http") && len(value) <= maxShared {
		s.slot(slotShared, at.value, at.valueEnd)
	}
}

// maxShared is the length in bytes up to which a value can be one that names an address.
const maxShared = 4000

// addressSlots notes the attributes of an item of microdata that may hold the
// page's address.
func (s *splitter) addressSlots(property string) {
	if a := s.attr(atItemid); a != nil {
		s.slot(slotAddress, a.name, a.end)
	}
	if !ldAddress(property) || s.z.props.el == elMeta {
		return
	}
	if a := s.attr(atHref); a != nil && s.z.props.el == elLink {
		s.slot(slotAddress, a.name, a.end)
	}
}

// isSequence reports whether a link of a type leads to another page of the site that
// readers may go to from this one (HTML standard, 4.6.7, and HTML 4.01, 6.12).
func isSequence(rel string) bool {
	return equalFold(rel, "next") || equalFold(rel, "prev") || equalFold(rel, "previous") || equalFold(rel, "first") || equalFold(rel, "last") ||
		equalFold(rel, "up") || equalFold(rel, "start") || equalFold(rel, "index") || equalFold(rel, "contents")
}

// link reads a link element. It reports whether an edition puts its own in the
// place of it.
func (s *splitter) link() (rewritten bool) {
	z := &s.z
	rel := s.attr(atRel)
	if rel == nil {
		return false
	}
	canonical := false
	for r := range strings.FieldsSeq(s.value(rel)) {
		switch {
		case equalFold(r, "canonical"):
			if href := s.attr(atHref); href != nil && !canonical {
				s.page.canonical = first(s.page.canonical, s.value(href))
				if !rewritten {
					s.slot(slotAddress, href.name, href.end)
				}
				canonical = true
			}
			s.slot(slotCanonical, z.end, z.end)
		case equalFold(r, "shortlink"):
			if href := s.attr(atHref); href != nil && !rewritten && !canonical {
				s.slot(slotAddress, href.name, href.end)
			}
		case isSequence(r):
			if href := s.attr(atHref); href != nil && !rewritten && !canonical {
				s.linkSlotNamed(slotLinkPlain, href)
			}
		case equalFold(r, "alternate"):
			// Declared twice, it is still one link to replace. A feed, or a page for
			// other screens, is not an edition.
			if s.attr(atHreflang) != nil && !rewritten && !canonical && s.attr(atMedia) == nil && s.isPage() {
				s.slot(slotAlternate, z.start, z.end)
				rewritten = true
			} else if href := s.attr(atHref); href != nil && s.rules.relative && !rewritten && !s.isPage() {
				s.linkSlot(href) // a feed
				if h := s.attr(atHreflang); h != nil {
					s.slot(slotLinkLanguage, h.name, h.end)
				}
			}
		}
	}
	return rewritten
}

// isPage reports whether the link just scanned leads to a page, by its type.
func (s *splitter) isPage() bool {
	t := s.attr(atType)
	if t == nil {
		return true
	}
	mime, _, _ := strings.Cut(s.value(t), ";")
	mime = strings.ToLower(strings.TrimSpace(mime))
	return mime == "" || mime == "text/html" || mime == "application/xhtml+xml"
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
		{"lang", s.base},
		{"og:locale", g.ogLocale},
		{"author", g.author},
	} {
		if m.value != "" {
			s.doc.Meta[m.key] = m.value
		}
	}
	for name, value := range g.moments {
		s.doc.Meta[name] = value
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
