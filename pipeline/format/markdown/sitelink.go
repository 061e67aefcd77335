package markdown

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"

	"hexapla/pipeline/bitext"
)

// slotLink is the destination of a link: inline, in a definition, or an autolink.
const slotLink = "link"

// linkSlot notes the destination of an inline link, whose text ends at mid.
func (s *splitter) linkSlot(at place) {
	if s.Links == nil {
		return
	}
	if bytes.HasPrefix(s.data[at.mid:at.to], []byte("](")) {
		s.destination(at.mid+2, at.to-1)
	}
}

// definitionSlot notes the destination of a link reference definition.
func (s *splitter) definitionSlot(n *ast.LinkReferenceDefinition) {
	lines := n.Lines()
	if s.Links == nil || lines.Len() == 0 {
		return
	}
	from, to := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	if i := bytes.Index(s.data[from:to], []byte("]:")); i >= 0 {
		s.destination(from+i+2, to)
	}
}

// autolinkSlot notes the address of an autolink, in angle brackets or bare.
func (s *splitter) autolinkSlot(at place) {
	if s.Links == nil || at.to > len(s.data) || at.from >= at.to {
		return
	}
	from, to := at.from, at.to
	if s.data[from] == '<' {
		from, to = from+1, to-1
	}
	s.addLink(from, to)
}

// destination notes the destination of a link (CommonMark 0.31, 6.3) that begins at an
// offset, perhaps behind white space.
func (s *splitter) destination(from, to int) {
	for from < to && isSpaceByte(s.data[from]) {
		from++
	}
	if from >= to {
		return
	}
	if s.data[from] == '<' {
		if end := bytes.IndexByte(s.data[from:to], '>'); end > 0 {
			s.addLink(from+1, from+end)
		}
		return
	}
	end := from
	for end < to && !isSpaceByte(s.data[end]) {
		end++
	}
	s.addLink(from, end)
}

// addLink notes an address that may lead to an article of the project. One with an
// escape or in a template is left alone.
func (s *splitter) addLink(from, to int) {
	address := s.data[from:to]
	if len(address) > 0 && address[0] != '#' && !bytes.ContainsAny(address, "\\{}<>") {
		s.slots = append(s.slots, bitext.Slot{Name: slotLink, Start: from, End: to})
	}
}

// siteLinks returns the edits that lead the links of a page of a site to editions.
// Markdown has no place for the language of a link.
func (f *Format) siteLinks(d *bitext.Document, m *bitext.EditionMeta) []bitext.Edit {
	if m.Site == nil || m.Link == nil {
		return nil
	}
	var edits []bitext.Edit
	for _, s := range d.Skeleton.Slots {
		if s.Name != slotLink {
			continue
		}
		value := html.UnescapeString(string(d.Skeleton.Data[s.Start:s.End]))
		if to, _, ok := m.LinkTo(value, f.Links); ok && to != value {
			edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: destinationEscaper.Replace(to)})
		}
	}
	return edits
}

// destinationEscaper escapes what could end a destination or be read as markup in it,
// as RFC 3986 has it.
var destinationEscaper = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", " ", "%20", "*", "%2A", "&", "&amp;")
