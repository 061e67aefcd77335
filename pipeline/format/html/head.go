package html

import (
	"fmt"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
)

// metadata gives the edits that make the page say what edition it is.
func (a *assembler) metadata(m *bitext.EditionMeta) []bitext.Edit {
	var out []bitext.Edit
	edit := func(start, end int, text string) { out = append(out, bitext.Edit{Start: start, End: end, Text: text}) }
	by := map[string][]bitext.Slot{}
	for _, s := range a.doc.Skeleton.Slots {
		by[s.Name] = append(by[s.Name], s)
	}
	end := ">"
	if by[slotXML] != nil {
		end = " />"
	}
	lang, dir := attributeSafe(m.Locale), attributeSafe(m.Dir)

	// The root element.
	if at := by[slotHTML]; at != nil {
		add := ""
		set := func(slot, name, value string, need bool) {
			if s := by[slot]; s != nil {
				edit(s[0].Start, s[0].End, name+`="`+value+`"`)
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
		a.tell("html.fragment", diag.Info, "", "a fragment has no html element to carry lang and dir, and no head for alternates",
			"set them in the page that takes it in")
	}
	// Other elements that say that they are in the source's language: by now
	// they are in the edition's.
	same := false
	for _, s := range a.doc.Skeleton.Slots {
		switch s.Name {
		case slotLang, slotXMLLang:
			value := attributeValue(string(a.data[s.Start:s.End]))
			if same = value != "" && !otherLanguage(value, a.doc.Locale); same {
				name := "lang"
				if s.Name == slotXMLLang {
					name = "xml:lang"
				}
				edit(s.Start, s.End, name+`="`+lang+`"`)
			}
		case slotDir:
			if same && m.Dir != "" {
				edit(s.Start, s.End, `dir="`+dir+`"`)
			}
			same = false
		case slotBodyDir:
			if m.Dir != "" {
				edit(s.Start, s.End, `dir="`+dir+`"`)
			}
		}
	}
	a.declare(by, end, edit)
	a.alternates(m, by, end, edit)
	a.openGraph(m, by, end, edit)
	for _, s := range by[slotInLanguage] {
		if v := string(a.data[s.Start:s.End]); !otherLanguage(v, a.doc.Locale) {
			edit(s.Start, s.End, string(a.json(nil, &bitext.Hole{}, m.Locale)))
		}
	}
	for _, s := range by[slotNoLanguage] {
		edit(s.Start, s.Start, fmt.Sprintf(`"inLanguage": "%s",%s`, a.json(nil, &bitext.Hole{}, m.Locale), a.gap(s.Start)))
	}
	return out
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

// declare mends what the page says of its encoding.
func (a *assembler) declare(by map[string][]bitext.Slot, end string, edit func(int, int, string)) {
	declared := by[slotXMLDecl] != nil
	mend := func(slot string, text string) {
		for _, s := range by[slot] {
			declared = true
			label := attributeValue(string(a.data[s.Start:s.End]))
			if charset.Name(label) != a.encoding {
				edit(s.Start, s.End, text)
			}
		}
	}
	mend(slotXMLDecl, strings.ToUpper(a.encoding))
	mend(slotCharset, `charset="`+a.encoding+`"`)
	mend(slotType, a.encoding)
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
	lf := "\n"
	if start > 1 && a.data[start-2] == '\r' {
		lf = "\r\n"
	}
	return lf + string(a.data[start:to])
}

// alternates lists the other editions in the head. Those listed before go.
func (a *assembler) alternates(m *bitext.EditionMeta, by map[string][]bitext.Slot, end string, edit func(int, int, string)) {
	if len(m.Alternates) == 0 && m.XDefault == "" {
		return
	}
	var links []string
	add := func(lang, url string) {
		if url != "" {
			links = append(links, fmt.Sprintf(`<link rel="alternate" hreflang="%s" href="%s"%s`, attributeSafe(lang), attributeSafe(url), end))
		}
	}
	for _, l := range m.Alternates {
		add(l.Locale, l.URL)
	}
	add("x-default", m.XDefault)
	if len(links) == 0 {
		return
	}
	if old := by[slotAlternate]; old != nil {
		edit(old[0].Start, old[0].End, strings.Join(links, or(a.line(old[0].Start), "\n")))
		a.remove(old[1:], edit)
		return
	}
	at := by[slotCanonical]
	if at == nil {
		at = by[slotHead]
	}
	if at == nil {
		return
	}
	sep := or(a.line(at[0].Start), "\n")
	edit(at[0].Start, at[0].Start, sep+strings.Join(links, sep))
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// remove takes elements out, each with the white space before it.
func (a *assembler) remove(slots []bitext.Slot, edit func(int, int, string)) {
	for _, s := range slots {
		start := s.Start
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
		edit(start, s.End, "")
	}
}

// openGraph sets og:locale and og:locale:alternate, on pages that use Open
// Graph.
func (a *assembler) openGraph(m *bitext.EditionMeta, by map[string][]bitext.Slot, end string, edit func(int, int, string)) {
	if m.OpenGraph == "" || by[slotOG] == nil {
		return
	}
	var add []string
	meta := func(property, content string) {
		add = append(add, fmt.Sprintf(`<meta property="%s" content="%s"%s`, property, attributeSafe(content), end))
	}
	at := by[slotOG][0].Start
	if own := by[slotOGLocale]; own != nil {
		edit(own[0].Start, own[0].End, `content="`+attributeSafe(m.OpenGraph)+`"`)
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
	a.remove(by[slotOGOther], edit)
	for _, l := range m.OpenGraphAlternates {
		meta("og:locale:alternate", l)
	}
	if len(add) > 0 {
		sep := or(a.line(at), "\n")
		edit(at, at, sep+strings.Join(add, sep))
	}
}
