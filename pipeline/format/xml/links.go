package xml

import (
	"bytes"
	"cmp"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/internal/xmltree"
)

// The slots of links, whose names begin with slotLink. An attribute hreflang, or the place
// for one, follows the attribute of the link.
const (
	slotLink           = "link."
	slotLinkText       = slotLink + "text"
	slotLinkCDATA      = slotLink + "cdata"
	slotLinkAttribute  = slotLink + "attribute"
	slotLinkLanguage   = slotLink + "hreflang"
	slotLinkNoLanguage = slotLink + "no-hreflang"
)

// linkSlots notes the links of feeds and news items: link of RSS 2.0
// (https://www.rssboard.org/rss-specification) and Atom (RFC 4287, 4.2.7), and a of NITF.
// Identifiers (guid, id) stay, as what they identify does. The embedded documents have their
// own links.
func (s *splitter) linkSlots() {
	part := 0
	s.tree.Root.Walk(func(n *xmltree.Node) bool {
		for part < len(s.doc.Skeleton.Parts) && s.doc.Skeleton.Parts[part].End < n.Start {
			part++
		}
		if part < len(s.doc.Skeleton.Parts) && n.Start >= s.doc.Skeleton.Parts[part].Start {
			return false
		}
		switch {
		case n.Local == "link" && n.Space == "" && len(n.Children) == 0:
			s.linkText(n)
		case n.Local == "link" && n.Space == wellKnown["atom"] && !s.isOneOfSeveral(n):
			s.linkAttribute(n, true)
		case n.Local == "a" && n.Space != xhtml:
			s.linkAttribute(n, false)
		}
		return true
	})
}

// isOneOfSeveral reports whether a link is one of several alternates in different
// languages, which are what they are in each edition.
func (s *splitter) isOneOfSeveral(n *xmltree.Node) bool {
	if n.Parent == nil || alternateLanguage(n) == "" {
		return false
	}
	several, known := s.several[n.Parent]
	if !known {
		first := ""
		for _, c := range n.Parent.Children {
			if c.Local != n.Local || c.Space != n.Space {
				continue
			}
			l := alternateLanguage(c)
			several = several || first != "" && l != "" && l != first
			first = cmp.Or(first, l)
		}
		if s.several == nil {
			s.several = map[*xmltree.Node]bool{}
		}
		s.several[n.Parent] = several
	}
	return several
}

// alternateLanguage returns the language of a link to an alternate, if it declares one.
func alternateLanguage(n *xmltree.Node) string {
	rel := n.Attr("", "rel")
	if a := n.Attr("", "hreflang"); a != nil && (rel == nil || rel.Value == "alternate") {
		return a.Value
	}
	return ""
}

// linkText notes the address that the text of an element is.
func (s *splitter) linkText(n *xmltree.Node) {
	from, to, count := 0, 0, 0
	name := slotLinkText
	xmltree.Chars(s.tree.Data, n.OpenEnd, n.CloseStart, func(text string, a, b int, literal bool) {
		if strings.TrimSpace(text) == "" {
			return
		}
		if count++; count == 1 {
			from = a
		}
		to = b
		if literal {
			name = slotLinkCDATA
		}
	})
	if count == 0 || count > 1 && name == slotLinkCDATA {
		return
	}
	raw := string(s.tree.Data[from:to])
	if strings.Contains(raw, "<") {
		return // a comment in an address
	}
	from += len(raw) - len(strings.TrimLeft(raw, " \t\r\n"))
	s.slot(name, from, from+len(strings.TrimSpace(raw)))
}

// linkAttribute notes the address that an attribute href is. hasLanguage reports whether
// the element may have an attribute hreflang.
func (s *splitter) linkAttribute(n *xmltree.Node, hasLanguage bool) {
	a := n.Attr("", "href")
	if a == nil || a.From == a.To {
		return
	}
	s.slot(slotLinkAttribute, a.From, a.To)
	if l := n.Attr("", "hreflang"); l != nil {
		s.slot(slotLinkLanguage, l.From, l.To)
	} else if hasLanguage {
		s.slot(slotLinkNoLanguage, a.To+1, a.To+1) // behind the quotation mark
	}
}

// linkEdits leads links to editions, with their language where it is another one.
func (f *Format) linkEdits(d *bitext.Document, m *bitext.EditionMeta) (edits []bitext.Edit) {
	if m.Site == nil || m.Link == nil {
		return nil
	}
	data, slots := d.Skeleton.Data, d.Skeleton.Slots
	hasBase := bytes.Contains(data, []byte("xml:base")) // what relative links are relative to
	edit := func(s bitext.Slot, text string) {
		edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: text})
	}
	for i, s := range slots {
		value := string(data[s.Start:s.End])
		switch s.Name {
		case slotLinkCDATA:
		case slotLinkText, slotLinkAttribute:
			var b strings.Builder
			xmltree.Chars(data, s.Start, s.End, func(text string, _, _ int, _ bool) { b.WriteString(text) })
			value = b.String()
		default:
			continue
		}
		if hasBase && !strings.Contains(value, "://") {
			continue
		}
		to, locale, ok := m.LinkTo(value, f.Links)
		if !ok {
			continue
		}
		if to != value {
			if s.Name == slotLinkCDATA {
				edit(s, cdata(to, false))
			} else {
				edit(s, string(xmltree.Escape(nil, to, s.Name == slotLinkAttribute)))
			}
		}
		if s.Name != slotLinkAttribute || i+1 == len(slots) {
			continue
		}
		language := string(xmltree.Escape(nil, locale, true))
		switch at := slots[i+1]; {
		case at.Name == slotLinkNoLanguage && locale != "":
			edit(at, ` hreflang="`+language+`"`)
		case at.Name == slotLinkLanguage && locale != "":
			edit(at, language)
		case at.Name == slotLinkLanguage && tag.SameLanguage(string(data[at.Start:at.End]), d.Locale):
			edit(at, string(xmltree.Escape(nil, m.Locale, true)))
		}
	}
	return edits
}
