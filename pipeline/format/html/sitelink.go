package html

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// siteLinks leads the links to articles of the project to the editions that m.Link
// chooses, with the language of the edition in hreflang where it is not the page's. A
// link to an article that has none stays as it is.
func (a *assembler) siteLinks(m *bitext.EditionMeta, prefixes []string, by map[string][]bitext.Slot, edit func(int, int, string)) {
	for i, s := range a.doc.Skeleton.Slots {
		if s.Name != slotLink {
			continue
		}
		value := unescape(string(a.data[s.Start:s.End]))
		to, locale, ok := m.LinkTo(value, prefixes)
		if !ok {
			continue
		}
		if to != value {
			edit(s.Start, s.End, attributeEscaperOf(a.data[s.Start-1]).Replace(to))
		}
		a.linkLanguage(m, i, locale, edit)
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

// linkLanguage sets hreflang of the link whose address is the slot at an index to the
// language of the page that it leads to; an empty one is that of the page at hand,
// which a link need not declare.
func (a *assembler) linkLanguage(m *bitext.EditionMeta, i int, locale string, edit func(int, int, string)) {
	slots := a.doc.Skeleton.Slots
	if i+1 == len(slots) || slots[i+1].Name != slotLinkLanguage {
		if locale != "" {
			edit(slots[i].End+1, slots[i].End+1, ` hreflang="`+attributeSafe(locale)+`"`)
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
	for _, s := range d.Skeleton.Slots {
		switch {
		case s.Name == slotLink:
			out = append(out, LinkPlace{Start: s.Start, End: s.End})
		case s.Name == slotLinkLanguage && len(out) > 0:
			l := &out[len(out)-1]
			l.LanguageStart, l.LanguageEnd = s.Start, s.End
		}
	}
	return out
}
