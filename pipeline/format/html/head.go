package html

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
)

// metadata returns the edits by which the page declares which edition it is.
func (a *assembler) metadata(m *bitext.EditionMeta) []bitext.Edit {
	var out []bitext.Edit
	edit := func(start, end int, text string) { out = append(out, bitext.Edit{Start: start, End: end, Text: text}) }
	by := map[string][]bitext.Slot{}
	for _, s := range a.doc.Skeleton.Slots {
		switch s.Name {
		case "", slotTag, slotInlineTag, slotLang, slotXMLLang, slotDir, slotCode, slotUntranslated, slotElement:
		default:
			by[s.Name] = append(by[s.Name], s)
		}
	}
	end := ">"
	if by[slotXML] != nil {
		end = " />"
	}
	a.root(m, by, edit)
	a.languages(m, edit)
	a.srcdocLanguages(m, by, edit)
	a.declare(by, end, edit)
	behind, headEnd := map[int]string{}, a.headEnd(by)
	a.addresses(m, by, edit)
	a.links(m, a.prefixes, by, edit)
	a.alternates(m, by, end, edit, behind, headEnd)
	a.openGraph(m, by, end, edit, behind, headEnd)
	for at, text := range behind {
		edit(at-1, at, ">"+text)
	}
	for _, s := range by[slotLanguage] {
		if v, ok := a.editionLanguage(m, attributeValue(string(a.data[s.Start:s.End]))); ok {
			edit(s.Start, s.End, `content="`+attributeSafe(v)+`"`)
		}
	}
	for _, s := range by[slotInLanguage] {
		if v, ok := a.editionLanguage(m, string(a.data[s.Start:s.End])); ok {
			edit(s.Start, s.End, string(a.json(nil, &bitext.UnitSpan{}, v)))
		}
	}
	for _, s := range by[slotNoLanguage] {
		property := fmt.Sprintf(`"inLanguage": "%s",%s`, a.json(nil, &bitext.UnitSpan{}, a.ownLanguage(m)), a.gap(s.Start))
		if m.Machine != nil && s == by[slotNoLanguage][0] && !bytes.Contains(a.data, []byte("digitalSourceType")) {
			property += fmt.Sprintf(`"digitalSourceType": "%s",%s`, machineSource, a.gap(s.Start))
		}
		edit(s.Start, s.Start, property)
	}
	a.machine(m, by, edit)
	a.notices(m, by, edit)
	a.siteArticle(m, by, edit)
	return out
}

// partMetadata is metadata for a document that is inside another one.
func (a *assembler) partMetadata(m *bitext.EditionMeta) []bitext.Edit {
	var out []bitext.Edit
	edit := func(start, end int, text string) { out = append(out, bitext.Edit{Start: start, End: end, Text: text}) }
	by := map[string][]bitext.Slot{}
	for _, s := range a.doc.Skeleton.Slots {
		switch s.Name {
		case slotLink, slotLinkPlain, slotJSONAddress, slotBody:
			by[s.Name] = append(by[s.Name], s)
		}
	}
	a.links(m, a.prefixes, by, edit)
	a.notices(m, by, edit)
	return out
}

// editionLanguage returns the tag to be written in the place of one that the
// source page has; ok is false if that stays: it names another language than the
// source's, or the edition is the source's own, which keeps its region.
func (a *assembler) editionLanguage(m *bitext.EditionMeta, declared string) (value string, ok bool) {
	if declared == "" || otherLanguage(declared, a.doc.Locale) || m.Locale == a.doc.Locale {
		return declared, false
	}
	return m.Locale, true
}

// ownLanguage is the edition's language where the source page does not declare
// one: in the source's own edition with the region that the page declares
// elsewhere.
func (a *assembler) ownLanguage(m *bitext.EditionMeta) string {
	if page := a.doc.Meta["lang"]; m.Locale == a.doc.Locale && page != "" && !otherLanguage(page, m.Locale) {
		return page
	}
	return m.Locale
}

// root sets lang and dir of the html element.
func (a *assembler) root(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	lang, dir := attributeSafe(m.Locale), attributeSafe(m.Dir)
	if at := by[slotHTML]; at != nil {
		add := ""
		set := func(slot, name, value string, need bool) {
			if s := by[slot]; s != nil {
				old := attributeValue(string(a.data[s[0].Start:s[0].End]))
				if slot == slotHTMLDir || old == "" || otherLanguage(old, a.doc.Locale) || m.Locale != a.doc.Locale {
					edit(s[0].Start, s[0].End, name+`="`+value+`"`)
				}
			} else if need {
				add += " " + name + `="` + value + `"`
			}
		}
		set(slotHTMLLang, "lang", lang, m.Locale != "")
		set(slotHTMLXMLLang, "xml:lang", lang, false)
		set(slotHTMLDir, "dir", dir, m.Dir != "")
		if add != "" {
			edit(at[0].Start, at[0].Start, add)
		}
	} else if at := by[slotNoHTML]; at != nil {
		edit(at[0].Start, at[0].Start, fmt.Sprintf(`<html lang="%s" dir="%s">`, lang, dir))
	} else {
		a.addDiagnostic("html.fragment", diag.Info, "", "set them in the page that includes it", "a fragment has no html element to carry lang and dir, and no head for alternates")
	}
}

// languages sets lang and dir of the elements in the page. What declares the
// source's language is by now in the edition's; a direction goes with it. Content
// that is not translated keeps its direction in an edition of another one, and a
// text that is not in the edition's language declares its own.
func (a *assembler) languages(m *bitext.EditionMeta, edit func(int, int, string)) {
	source := tag.Direction(a.doc.Locale)
	turned := m.Dir != "" && m.Dir != source
	slots := a.doc.Skeleton.Slots
	for i := 0; i < len(slots); i++ {
		s := slots[i]
		switch s.Name {
		case slotCode:
			if m.Dir == "rtl" && source == "ltr" {
				edit(s.Start, s.Start, ` dir="ltr"`)
			}
		case slotUntranslated:
			if turned {
				edit(s.Start, s.Start, ` dir="`+source+`"`)
			}
		case slotTag, slotInlineTag:
			n := i + 1
			for n < len(slots) && (slots[n].Name == slotLang || slots[n].Name == slotXMLLang || slots[n].Name == slotDir) {
				n++
			}
			if s.Name == slotTag || !a.keepsWords(s.Start) {
				a.element(m, s.End, slots[i+1:n], edit)
			}
			i = n - 1
		}
	}
	for at, locale := range a.standIns {
		edit(at, at, fmt.Sprintf(` lang="%s" dir="%s"`, attributeSafe(locale), tag.Direction(locale)))
	}
}

// element sets the lang and dir attributes of an element, the place behind whose
// name is at.
func (a *assembler) element(m *bitext.EditionMeta, at int, attributes []bitext.Slot, edit func(int, int, string)) {
	standIn, isStandIn := a.standIns[at]
	delete(a.standIns, at)
	source := tag.Direction(a.doc.Locale)
	declared, lang, dir := "", "", m.Dir
	hasLang, hasDir := false, false
	for _, s := range attributes {
		value := attributeValue(string(a.data[s.Start:s.End]))
		if s.Name == slotDir {
			hasDir = true
			if !isStandIn && !strings.EqualFold(value, source) {
				dir = "" // it differs from the text around it for a reason
			}
			continue
		}
		hasLang = true
		if declared == "" || s.Name == slotLang {
			declared = value
		}
	}
	switch {
	case isStandIn:
		lang, dir = standIn, tag.Direction(standIn)
	case declared != "" && otherLanguage(declared, a.doc.Locale):
		if own := tag.Direction(declared); !hasDir && m.Dir != "" && m.Dir != source && own != m.Dir {
			edit(at, at, ` dir="`+own+`"`)
		}
		return
	case declared != "":
		lang, _ = a.editionLanguage(m, declared)
	}
	add := ""
	if isStandIn && !hasLang {
		add = ` lang="` + attributeSafe(lang) + `"`
	}
	if isStandIn && !hasDir {
		add += ` dir="` + dir + `"`
	}
	if add != "" {
		edit(at, at, add)
	}
	for _, s := range attributes {
		switch {
		case s.Name == slotDir:
			if dir != "" {
				edit(s.Start, s.End, `dir="`+dir+`"`)
			}
		case lang != "" && attributeValue(string(a.data[s.Start:s.End])) != lang:
			name := "lang"
			if s.Name == slotXMLLang {
				name = "xml:lang"
			}
			edit(s.Start, s.End, name+`="`+attributeSafe(lang)+`"`)
		}
	}
}

// gap is the white space before an offset, or a space if there is none.
func (a *assembler) gap(at int) string {
	from := at
	for from > 0 && isSpace(a.data[from-1]) {
		from--
	}
	if from == at {
		return " "
	}
	return string(a.data[from:at])
}

// declare corrects the encoding that the page declares.
func (a *assembler) declare(by map[string][]bitext.Slot, end string, edit func(int, int, string)) {
	declared := by[slotXMLDecl] != nil
	correct := func(slot string, text string) {
		for _, s := range by[slot] {
			declared = true
			label := attributeValue(string(a.data[s.Start:s.End]))
			if charset.Name(label) != a.encoding {
				edit(s.Start, s.End, text)
			}
		}
	}
	correct(slotXMLDecl, strings.ToUpper(a.encoding))
	correct(slotCharset, `charset="`+a.encoding+`"`)
	correct(slotType, a.encoding)
	if at := by[slotHeadStart]; at != nil && !declared && a.encoding != a.doc.Skeleton.Encoding {
		edit(at[0].Start, at[0].Start, a.line(at[0].Start)+`<meta charset="`+a.encoding+`"`+end)
	}
}

// attributeValue is the value in the source of a whole attribute, or what is
// given if that has no "=".
func attributeValue(raw string) string {
	if _, v, ok := strings.Cut(raw, "="); ok {
		raw = v
	}
	return strings.Trim(raw, " \t\r\n\f\"'")
}

// line is a line break and the indentation of the element that ends at an
// offset, or nothing if it stands in the middle of a line.
func (a *assembler) line(at int) string {
	start := at
	for start > 0 && a.data[start-1] != '\n' {
		start--
	}
	if start == 0 {
		return ""
	}
	to := start
	for to < at && (a.data[to] == ' ' || a.data[to] == '\t') {
		to++
	}
	return a.lineBreak() + string(a.data[start:to])
}

// lineBreak is what the page breaks lines with: CR LF if it has any. That of the
// line at hand may stand in a tag that goes.
func (a *assembler) lineBreak() string {
	if bytes.Contains(a.data, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// newLine is a line break with the indentation of the element that ends at an
// offset, if that begins a line.
func (a *assembler) newLine(at int) string { return or(a.line(at), a.lineBreak()) }

// headEnd is where the content of the head ends. White space there has no effect;
// in the body it may be shown, or be part of a text to translate, of which only
// what is in a code stays where it is.
func (a *assembler) headEnd(by map[string][]bitext.Slot) int {
	end := len(a.data)
	if body := by[slotBody]; body != nil {
		end = body[0].Start
	}
	for i := range a.doc.Skeleton.Spans {
		h := &a.doc.Skeleton.Spans[i]
		if h.Start >= end {
			break
		}
		if strings.HasPrefix(h.Context, inText) && !strings.HasPrefix(h.Context, inPlain) {
			return h.Start
		}
	}
	return end
}

// between is what to write between elements beside the one that stands before or
// behind an offset.
func (a *assembler) between(at, headEnd int) string {
	if at > headEnd {
		return ""
	}
	return a.newLine(at)
}

// alternates lists the other editions in the head. Those of the project that
// were listed before are replaced; links to editions that the project does not
// build stay. What is to be written behind a tag goes into behind, by where the
// tag ends.
func (a *assembler) alternates(m *bitext.EditionMeta, by map[string][]bitext.Slot, end string, edit func(int, int, string), behind map[int]string, headEnd int) {
	if len(m.Alternates) == 0 && m.XDefault == "" {
		return
	}
	links := make([]string, 0, len(m.Alternates)+1)
	add := func(lang, url string) {
		if url != "" {
			links = append(links, `<link rel="alternate" hreflang="`+attributeSafe(lang)+`" href="`+attributeSafe(url)+`"`+end)
		}
	}
	for _, l := range m.Alternates {
		add(l.Locale, l.URL)
	}
	add("x-default", m.XDefault)
	if len(links) == 0 {
		return
	}
	var old []bitext.Slot
	for _, s := range by[slotAlternate] {
		if a.isOwnAlternate(m, s) {
			old = append(old, s)
		}
	}
	if len(old) > 0 {
		edit(old[0].Start, old[0].End, strings.Join(links, a.between(old[0].Start, headEnd)))
		a.remove(old[1:], by, edit, nil, headEnd)
		return
	}
	if canonical := by[slotCanonical]; canonical != nil {
		at := canonical[0].Start
		sep := a.between(at, headEnd)
		behind[at] = sep + strings.Join(links, sep)
	} else if head := by[slotHead]; head != nil {
		at := head[0].Start
		sep := a.newLine(at)
		text := sep + strings.Join(links, sep)
		if slices.ContainsFunc(by[slotOG], func(s bitext.Slot) bool { return s.Start == at }) {
			behind[at] = text // before what may follow of Open Graph
		} else {
			edit(at, at, text)
		}
	}
}

// isOwnAlternate reports whether a link leads to an edition of this project: in
// one of its languages, or at an address of one of its editions.
func (a *assembler) isOwnAlternate(m *bitext.EditionMeta, s bitext.Slot) bool {
	if len(m.Locales) == 0 {
		return true // it is not known which are not
	}
	var z scanner
	z.begin(string(a.data[s.Start:s.End]))
	z.next()
	lang, href := "", ""
	for i := range z.attrs {
		switch at := &z.attrs[i]; at.id {
		case atHreflang:
			lang = first(lang, strings.TrimSpace(z.s[at.value:at.valueEnd]))
		case atHref:
			href = first(href, unescape(z.s[at.value:at.valueEnd]))
		}
	}
	if strings.EqualFold(lang, "x-default") {
		if m.XDefault != "" {
			return true
		}
	} else if slices.ContainsFunc(m.Locales, func(l string) bool { return strings.EqualFold(l, strings.ReplaceAll(lang, "_", "-")) }) {
		return true
	}
	if href == "" {
		return true // it leads nowhere
	}
	if a.editions == nil {
		a.editions = map[string]bool{}
		for _, l := range m.Alternates {
			a.editions[a.addressKey(l.URL)] = true
		}
	}
	key := a.addressKey(href)
	if a.editions[key] {
		return true
	}
	// The source's page is listed by those of its translations as long as the project
	// does not build an edition in its place.
	return a.own[key] && slices.ContainsFunc(m.Locales, func(l string) bool { return !otherLanguage(l, a.doc.Locale) })
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// remove takes elements out, those in the head with the white space before them.
// What is to be written behind one takes its place.
func (a *assembler) remove(slots []bitext.Slot, by map[string][]bitext.Slot, edit func(int, int, string), behind map[int]string, headEnd int) {
	for _, s := range slots {
		text := behind[s.End]
		delete(behind, s.End)
		start := s.Start
		if start >= headEnd {
			edit(start, s.End, text)
			continue
		}
		for start > 0 && (a.data[start-1] == ' ' || a.data[start-1] == '\t') {
			start--
		}
		if start > 0 && a.data[start-1] == '\n' {
			start--
			if start > 0 && a.data[start-1] == '\r' {
				start--
			}
		} else {
			start = s.Start
		}
		for _, name := range [...]string{slotNoHTML, slotHeadStart, slotHead} {
			// What is inserted before the element stays.
			for _, at := range by[name] {
				if at.Start <= s.Start {
					start = max(start, at.Start)
				}
			}
		}
		if rest := a.data[s.End:]; start == 0 && text == "" && (bytes.HasPrefix(rest, []byte("\xFF\xFE")) || bytes.HasPrefix(rest, []byte("\xFE\xFF"))) {
			text = a.lineBreak() // in front, these bytes would declare UTF-16
		}
		edit(start, s.End, text)
	}
}

// openGraph sets og:locale and og:locale:alternate, on pages that use Open
// Graph.
func (a *assembler) openGraph(m *bitext.EditionMeta, by map[string][]bitext.Slot, end string, edit func(int, int, string), behind map[int]string, headEnd int) {
	if m.OpenGraph == "" || by[slotOG] == nil {
		return
	}
	add := make([]string, 0, len(m.OpenGraphAlternates)+1)
	meta := func(property, content string) {
		add = append(add, `<meta property="`+property+`" content="`+attributeSafe(content)+`"`+end)
	}
	at := by[slotOG][0].Start
	if own := by[slotOGLocale]; own != nil {
		old := attributeValue(string(a.data[own[0].Start:own[0].End]))
		if m.Locale != a.doc.Locale || old == "" || otherLanguage(old, m.Locale) {
			edit(own[0].Start, own[0].End, `content="`+attributeSafe(m.OpenGraph)+`"`)
		}
		// Behind the element whose content this is.
		for _, s := range by[slotOG] {
			if s.Start >= own[0].End {
				at = s.Start
				break
			}
		}
	} else {
		meta("og:locale", m.OpenGraph)
	}
	for _, l := range m.OpenGraphAlternates {
		meta("og:locale:alternate", l)
	}
	if len(add) > 0 {
		sep := a.between(at, headEnd)
		text := sep + strings.Join(add, sep)
		if by[slotOGLocale] != nil {
			behind[at] = text + behind[at] // beside it
		} else {
			behind[at] += text
		}
	}
	a.remove(by[slotOGOther], by, edit, behind, headEnd)
}
