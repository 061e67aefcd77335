package html

import (
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// attributes is what a start tag declares and the stack does not keep.
type attributes struct {
	explicit bool   // that its text is to be translated
	within   string // ITS withinText
	note     string // ITS locNote
	lang     string // the language that it declares
	dir      bool   // it has a dir attribute
}

// attributes reads the attributes of the start tag just scanned: what its
// element inherits to its content goes into o, text becomes units.
func (s *splitter) attributes(o *openElement) (a attributes) {
	z := &s.z
	if len(z.attrs) == 0 {
		return a
	}
	texts, no, lang := false, false, ""
	item, property := false, ""
	for i := range z.attrs {
		at := &z.attrs[i]
		switch at.id {
		case atOther:
			texts = texts || s.rules.attributes != nil
		case atID:
			o.id = z.s[at.value:at.valueEnd]
		case atLang:
			lang = s.value(at)
		case atXMLLang:
			if lang == "" {
				lang = s.value(at)
			}
		case atXMLSpace:
			o.preserve = o.preserve || s.is(at, "preserve")
		case atTranslate, atITSTranslate:
			switch {
			case s.is(at, "no"):
				o.translate, o.translateAttributes, a.explicit, no = false, false, false, true
			case s.is(at, "yes"), s.is(at, "") && at.id == atTranslate:
				if !no {
					o.translate, o.translateAttributes, a.explicit = true, true, true
				}
			}
		case atClass:
			s.class(o, at)
		case atStyle:
			o.preserve = o.preserve || keepsSpace(z.s[at.value:at.valueEnd])
		case atRole:
			o.footnote = o.footnote || s.is(at, "doc-footnote") || s.is(at, "doc-endnote")
		case atITSWithinText:
			a.within = s.value(at)
		case atITSLocNote:
			a.note = s.value(at)
		case atDatetime:
			if v := s.value(at); o.props.el == elTime && len(v) > 4 && v[4] == '-' {
				s.page.timeDate = first(s.page.timeDate, v)
			}
		case atHref:
			if o.props.el == elA && (s.rules.links != nil || s.rules.relative) {
				s.linkSlot(at)
				if h := s.attr(atHreflang); h != nil && s.rules.relative {
					s.slot(slotLinkLanguage, h.name, h.end)
				}
			}
			s.plainLink(o, at)
		case atSrc, atAction, atFormAction, atCite:
			s.plainLink(o, at)
		case atDir:
			a.dir = true
		case atItemscope:
			item = true
		case atItemtype:
			o.micro.typ = ldTypeName(strings.TrimSpace(s.value(at)))
		case atItemprop:
			property = s.value(at)
		case atValue, atContent, atSrcdoc:
			texts = true
		default:
			texts = texts || at.id >= atTitle
		}
	}
	if lang != "" {
		o.locale = lang
	}
	a.lang = lang
	if named := s.namedLanguage(o, lang); named != "" {
		// The name of a language in itself, in a list of editions.
		o.translate, o.translateAttributes = false, false
		o.locale = named
	}
	if item {
		o.micro.foreign = o.micro.foreign || ldOthers[property] || ldBodies[o.micro.typ]
	}
	if s.openByElement[elTemplate] == 0 && (item || property != "") {
		s.addressSlots(property)
	}
	rewritten := s.pageSlots(o, lang)
	if texts && o.translateAttributes && !rewritten {
		s.texts(o, a.note)
	}
	return a
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// class applies the classes of an element that is not to be translated.
func (s *splitter) class(o *openElement, at *attr) {
	v := s.z.s[at.value:at.valueEnd]
	const word = "notranslate"
	if i := strings.Index(v, word); i >= 0 && (i == 0 || isSpace(v[i-1])) && (i+len(word) == len(v) || isSpace(v[i+len(word)])) {
		o.translate, o.translateAttributes = false, false
	}
	if s.rules.skip == nil {
		return
	}
	for c := range strings.FieldsSeq(v) {
		if s.rules.skip["."+strings.ToLower(c)] {
			o.translate, o.translateAttributes = false, false
		}
	}
}

// keepsSpace reports whether a style declares that white space is kept.
func keepsSpace(style string) bool {
	_, v, ok := strings.Cut(style, "white-space")
	if !ok {
		return false
	}
	v = strings.TrimLeft(v, " \t\n")
	if !strings.HasPrefix(v, ":") {
		return false
	}
	v = strings.TrimLeft(v[1:], " \t\n")
	return strings.HasPrefix(v, "pre") || strings.HasPrefix(v, "break-spaces")
}

// value is an attribute's value as a plain string.
func (s *splitter) value(at *attr) string { return s.decode(at.value, at.valueEnd, true) }

// is reports whether an attribute has a certain value, in any case.
func (s *splitter) is(at *attr, word string) bool {
	return equalFold(s.z.s[at.value:at.valueEnd], word)
}

// attr is the first attribute of that kind in the tag just scanned, nil if there
// is none.
func (s *splitter) attr(id attribute) *attr {
	for i := range s.z.attrs {
		if s.z.attrs[i].id == id {
			return &s.z.attrs[i]
		}
	}
	return nil
}

// decode is the text of s[from:to], white space folded.
func (s *splitter) decode(from, to int, attribute bool) string {
	raw := s.z.s[from:to]
	if !strings.ContainsAny(raw, "&\r\n\t\f\x00 ") {
		return raw
	}
	w, m := &s.plain, mode{fold: true, refs: true, attribute: attribute}
	w.reset()
	w.text(from, to, m)
	return w.string(m)
}

// metaFields are the names of meta elements, in lower case, whose content is
// text, with the ID of their unit: those of the HTML standard, Open Graph
// (https://ogp.me/), Dublin Core, and the cards and crawlers that newsrooms write
// for.
var metaFields = func() map[string]string {
	fields := map[string]string{}
	for _, name := range [...]string{
		"title", "description", "keywords", "news_keywords", "abstract", "subject", "application-name",
		"apple-mobile-web-app-title",
		"twitter:title", "twitter:description", "twitter:image:alt",
		"twitter:label1", "twitter:data1", "twitter:label2", "twitter:data2",
		"og:title", "og:description", "og:site_name", "og:image:alt", "og:video:alt", "og:audio:title",
		"article:section", "article:tag", "og:article:section", "og:article:tag", "video:tag", "book:tag",
		"dc.title", "dc.description", "dc.subject", "dcterms.title", "dcterms.description", "dcterms.abstract", "dcterms.subject",
		"dcterms.alternative", "dc:title", "dc:description", "dcterms:title", "dcterms:description", "parsely-title", "parsely-section", "parsely-tags", "sailthru.title", "sailthru.description",
		"sailthru.tags", "cxenseparse:title", "vk:title", "vk:description",
		"headline", "alternativeheadline", "article.headline", "hdl", "summary", "topic", "pinterest:description", "pin:description",
		"mrc__share_title", "mrc__share_description", "msapplication-tooltip", "product:category",
	} {
		fields[name] = metaID(name)
	}
	return fields
}()

// texts makes units of the attributes that hold text.
func (s *splitter) texts(o *openElement, note string) {
	z := &s.z
	el := o.props.el
	// These are shown nowhere: a link's title is for programs and feeds, and an
	// alt that a quotation mark left open has brought to it is not one.
	unseen := el == elLink || el == elMeta || el == elStyle || el == elScript || el == elBase
	var seen [atAriaPlaceholder + 1]bool
	for i := range z.attrs {
		at := &z.attrs[i]
		again := seen[at.id] && at.id != atOther // the first of a name counts
		seen[at.id] = true
		if again || at.value == at.valueEnd {
			continue
		}
		if unseen && at.id != atContent && at.id != atOther {
			continue
		}
		name, id, kind := "", "", bitext.Attribute
		switch at.id {
		case atTitle, atPlaceholder, atAlt, atStandby, atAriaLabel, atAriaDescription, atAriaRoledescription, atAriaValuetext, atAriaPlaceholder:
		case atLabel:
			if el != elOption && el != elOptgroup && el != elTrack {
				continue
			}
		case atAbbr:
			if el != elTh && el != elTd {
				continue
			}
		case atSummary:
			if el != elTable {
				continue
			}
		case atValue:
			if el == elOption && s.shownByValue() {
				break
			}
			t := s.attr(atType)
			if el != elInput || t == nil || !s.is(t, "submit") && !s.is(t, "button") && !s.is(t, "reset") {
				continue
			}
		case atSrcdoc:
			if o.props.name == "iframe" {
				s.srcdoc(o, at)
			}
			continue
		case atContent:
			if el != elMeta {
				continue
			}
			if name, id = s.metaField(o); id == "" {
				continue
			}
			kind = bitext.Field
		case atOther:
			n := strings.ToLower(z.s[at.name:at.nameEnd])
			if !s.rules.attributes[n] && !s.rules.attributes[strings.ToLower(z.s[z.name:z.nameEnd])+"@"+n] {
				continue
			}
		default:
			continue
		}
		if name == "" {
			name = s.attributeName(o.props, at)
			if nameable(o.id) {
				id = o.id + "@" + strings.ToLower(z.s[at.name:at.nameEnd])
			}
		}
		s.attributeUnit(o, at, kind, name, id, note)
	}
}

// shownByValue reports whether the option just scanned is shown by its value: in
// a list of suggestions, without a label or text of its own.
func (s *splitter) shownByValue() bool {
	if s.openByElement[elDatalist] == 0 || s.attr(atLabel) != nil {
		return false
	}
	rest := s.z.s[s.z.end:]
	for i := range len(rest) {
		if !isSpace(rest[i]) {
			return rest[i] == '<'
		}
	}
	return true
}

// attributeName names an attribute with its element: "img@alt".
func (s *splitter) attributeName(p *properties, at *attr) string {
	key := nameKey{p, at.id}
	name := s.names[key]
	if name == "" {
		name = strings.ToLower(s.z.s[s.z.name:s.z.nameEnd]) + "@" + strings.ToLower(s.z.s[at.name:at.nameEnd])
		if p.name != "" && at.id != atOther {
			if s.names == nil {
				s.names = map[nameKey]string{}
			}
			s.names[key] = name
		}
	}
	return name
}

type nameKey struct {
	element   *properties
	attribute attribute
}

// metaField returns the name or property of the meta element just scanned by
// which its content is text, and the ID that its unit gets, which is empty for
// one that is not text.
func (s *splitter) metaField(o *openElement) (name, id string) {
	for at := range s.metaNames {
		name = s.value(at)
		lower := strings.ToLower(name)
		if at.id != atItemprop {
			if id = s.rules.meta[lower]; id != "" {
				break
			}
			continue
		}
		text := !o.micro.foreign && s.rules.jsonLD[lower]
		switch lower {
		case "name":
			text = text && (o.micro.typ == "" || ldNamed(o.micro.typ))
		case "text":
			text = text && ldText(o.micro.typ)
		}
		if ofType, listed := s.rules.jsonLD[strings.ToLower(o.micro.typ)+"."+lower]; listed {
			text = ofType
		}
		if text {
			id = metaID(lower)
			break
		}
	}
	return name, id
}

// metaNames yields the attributes that name the content of the meta element just
// scanned. Of two of one kind the first counts.
func (s *splitter) metaNames(yield func(*attr) bool) {
	var seen [atItemprop + 1]bool
	for i := range s.z.attrs {
		at := &s.z.attrs[i]
		if at.id != atName && at.id != atProperty && at.id != atItemprop || seen[at.id] {
			continue
		}
		seen[at.id] = true
		if !yield(at) {
			return
		}
	}
}

// attributeUnit makes a unit of an attribute's value, if it has words.
func (s *splitter) attributeUnit(o *openElement, at *attr, kind bitext.Kind, name, id, note string) {
	raw := s.z.s[at.value:at.valueEnd]
	m := mode{fold: true, refs: true, attribute: true}
	// A line break in a title is shown as one.
	if at.id == atTitle && strings.ContainsAny(raw, "\n\r") {
		m.fold = false
	}
	context := inUnquoted
	switch at.quote {
	case '"':
		context = inDouble
	case '\'':
		context = inSingle
	default:
		if strings.Contains(raw, `"`) && strings.Contains(raw, `'`) {
			return // there are no quotes that could be set around it
		}
		m.fold = false
	}
	if !m.fold && strings.Contains(raw, "\r\n") {
		context += withCRLF
	}
	w := &s.w
	w.reset()
	s.attributeText(at, m)
	if !w.word {
		return
	}
	text, hole := w.finish(m)
	hole.Context = context
	if at.quote == 0 {
		hole.Start, hole.End = at.value, at.valueEnd
	}
	u := s.insert(len(s.doc.Units), hole)
	u.Kind, u.Name, u.Preserve, u.Source = kind, name, !m.fold && at.quote != 0, text
	if otherLanguage(o.locale, s.base) {
		u.Locale = o.locale
	}
	if note != "" {
		u.Notes = append(u.Notes, bitext.Note{Category: "author", Text: note})
	}
	if s.translatorComment != "" {
		u.Notes = append(u.Notes, bitext.Note{Category: "author", Text: s.translatorComment})
	}
	if o.props.role == void {
		s.translatorComment = "" // it was for this; else it may be for the text that follows
	}
	if id != "" {
		u.ID = s.ids.Named(id)
	} else {
		u.ID = s.ids.Content(kind, text)
	}
}

// nameable reports whether a unit can be named by an id attribute: one of other
// characters would lose them, and be taken for another.
func nameable(id string) bool {
	for i := range len(id) {
		if c := id[i]; c|0x20-'a' >= 26 && c-'0' >= 10 && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return id != ""
}

// plainLink notes the address of a page in an attribute that has no hreflang beside it
// (HTML standard, the table of attributes). Other src and href lead to no page.
func (s *splitter) plainLink(o *openElement, at *attr) {
	if s.rules.links == nil && !s.rules.relative {
		return
	}
	switch name := o.props.name; {
	case at.id == atHref && name == "area", at.id == atSrc && name == "iframe", at.id == atAction && name == "form", at.id == atFormAction, at.id == atCite:
		s.linkSlotNamed(slotLinkPlain, at)
	}
}

// maxServerTag is the length in bytes up to which the end of a server's tag in an attribute
// is looked for.
const maxServerTag = 2000

// attributeText adds the characters of an attribute between quotation marks. What a server
// replaces, <?= … ?> and <% … %>, is a code there.
func (s *splitter) attributeText(at *attr, m mode) {
	w := &s.w
	from := at.value
	last := from - 1
	if at.quote != 0 && !s.inAttribute {
		v := s.z.s[from:at.valueEnd]
		last = from + max(strings.LastIndex(v, "?>"), strings.LastIndex(v, "%>"))
	}
	for i := from; i < last; i++ {
		if s.z.s[i] != '<' {
			continue
		}
		n := serverTag(s.z.s[i:min(at.valueEnd, i+maxServerTag)])
		if n == 0 {
			continue
		}
		w.text(from, i, m)
		w.code(bitext.Code{Kind: bitext.Placeholder, ID: w.id(), Type: "other", Disp: diag.Excerpt(s.z.s[i : i+n]), NoDelete: printsText(s.z.s[i : i+n])}, i, i+n)
		w.line, w.space = false, false
		from = i + n
		i = from - 1
	}
	w.text(from, at.valueEnd, m)
}
