package html

import (
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// siteLinks leads the links to articles of the project to the editions that m.Link
// chooses, with the language of the edition in hreflang where it is not the page's. A
// link to an article that has none stays as it is.
func (a *assembler) siteLinks(m *bitext.EditionMeta, prefixes []string, by map[string][]bitext.Slot, edit func(int, int, string)) {
	base := a.documentBase(m)
	for i, s := range a.doc.Skeleton.Slots {
		if s.Name != slotLink && s.Name != slotLinkPlain {
			continue
		}
		value := unescape(string(a.data[s.Start:s.End]))
		address := value
		if base != "" && !strings.HasPrefix(value, "#") {
			if full, ok := bitext.Resolve(strings.TrimSpace(value), base); ok {
				address = full
			}
		}
		to, locale, ok := m.LinkTo(address, prefixes)
		if !ok {
			continue
		}
		if to != address {
			text := attributeEscaperOf(a.data[s.Start-1]).Replace(to)
			if !isQuoted(a.data, s) {
				text = `"` + text + `"`
			}
			edit(s.Start, s.End, text)
		}
		if s.Name == slotLink {
			a.linkLanguage(m, i, locale, edit)
		}
	}
	for _, s := range by[slotJSONAddress] {
		raw := string(a.data[s.Start:s.End])
		value := strings.ReplaceAll(raw, `\/`, "/")
		if a.own[a.addressKey(value)] {
			continue // see addresses
		}
		if to, _, ok := m.LinkTo(value, prefixes); ok && to != value {
			text := string(a.json(nil, &bitext.UnitSpan{}, to))
			if strings.Contains(raw, `\/`) {
				text = strings.ReplaceAll(text, "/", `\/`)
			}
			edit(s.Start, s.End, text)
		}
	}
}

// documentBase returns the address that the page's base element gives its relative
// addresses (HTML standard, 4.2.3), empty if it has none.
func (a *assembler) documentBase(m *bitext.EditionMeta) string {
	for _, s := range a.doc.Skeleton.Slots {
		if s.Name != slotBase {
			continue
		}
		base, _ := bitext.Resolve(strings.TrimSpace(unescape(string(a.data[s.Start:s.End]))), m.SourceURL)
		return base
	}
	return ""
}

// isQuoted reports whether the value in a slot is in quotation marks.
func isQuoted(data []byte, s bitext.Slot) bool {
	return s.Start > 0 && s.End < len(data) && (data[s.Start-1] == '"' || data[s.Start-1] == '\'') && data[s.End] == data[s.Start-1]
}

// linkLanguage sets hreflang of the link whose address is the slot at an index to the
// language of the page that it leads to; an empty one is that of the page at hand,
// which a link need not declare.
func (a *assembler) linkLanguage(m *bitext.EditionMeta, i int, locale string, edit func(int, int, string)) {
	slots := a.doc.Skeleton.Slots
	if i+1 == len(slots) || slots[i+1].Name != slotLinkLanguage {
		if locale != "" {
			at := slots[i].End
			if isQuoted(a.data, slots[i]) {
				at++
			}
			edit(at, at, ` hreflang="`+attributeSafe(locale)+`"`)
		}
		return
	}
	at := slots[i+1]
	declared := attributeValue(string(a.data[at.Start:at.End]))
	switch {
	case locale != "" && declared != locale:
		edit(at.Start, at.End, `hreflang="`+attributeSafe(locale)+`"`)
	case locale == "" && m.Locale != a.doc.Locale && !otherLanguage(declared, a.doc.Locale):
		edit(at.Start, at.End, `hreflang="`+attributeSafe(m.Locale)+`"`)
	}
}

// LinkPlace is the place of the address of a link in a document, and of its attribute
// hreflang, which is empty if it has none.
type LinkPlace struct{ Start, End, LanguageStart, LanguageEnd int }

// Links returns the places of the links of a document that may lead to articles of the
// project, see Options.Links.
func Links(d *bitext.Document) []LinkPlace {
	var out []LinkPlace
	own := false // the last slot was a link
	for _, s := range d.Skeleton.Slots {
		switch {
		case s.Name == slotLink && isQuoted(d.Skeleton.Data, s):
			out = append(out, LinkPlace{Start: s.Start, End: s.End})
			own = true
		case s.Name == slotLinkLanguage && own:
			l := &out[len(out)-1]
			l.LanguageStart, l.LanguageEnd = s.Start, s.End
		default:
			own = false
		}
	}
	return out
}

// Undirected returns where elements of d with code or other text that is not translated can
// declare the direction that they keep, behind their names.
func Undirected(d *bitext.Document) (out []int) {
	for _, s := range d.Skeleton.Slots {
		if s.Name == slotCode || s.Name == slotUntranslated {
			out = append(out, s.Start)
		}
	}
	return out
}

// Directions returns the places of the dir attributes in d of elements with text that
// declare the same direction as the text around them, which an edition of another
// direction changes, as Undirected has to be seen to then. Elements that declare a language
// are left out.
func Directions(d *bitext.Document) (out [][2]int) {
	slots := d.Skeleton.Slots
	for i := 0; i < len(slots); i++ {
		if slots[i].Name != slotTag || i+1 == len(slots) || slots[i+1].Name != slotDir {
			continue
		}
		at := slots[i+1]
		if i+2 < len(slots) && (slots[i+2].Name == slotLang || slots[i+2].Name == slotXMLLang) {
			continue
		}
		if strings.EqualFold(attributeValue(string(d.Skeleton.Data[at.Start:at.End])), tag.Direction(d.Locale)) {
			out = append(out, [2]int{at.Start, at.End})
		}
	}
	return out
}
