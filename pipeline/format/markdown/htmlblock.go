package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/html"
)

// htmlBlock makes units of the text of an HTML block, as the HTML format finds
// them. What a template language fills in is a code. It reports whether it could:
// not in a block whose lines begin with something else than the block, such as
// the marks of a quotation, and not where a template's tag and a code overlap.
func (s *splitter) htmlBlock(n *ast.HTMLBlock, start, end int) bool {
	if s.html == nil || !utf8.Valid(s.data[start:end]) {
		return false
	}
	lines := n.Lines()
	for i := 1; i < lines.Len(); i++ {
		if len(bytes.Trim(s.data[lines.At(i-1).Stop:lines.At(i).Start], " \t\r\n")) > 0 {
			return false
		}
	}
	block := bytes.Clone(s.data[start:end])
	var masks []mask
	for _, m := range s.masks[s.nextMask(start):] {
		if m.from >= end {
			break
		}
		if !m.isTemplate() {
			continue
		}
		masks = append(masks, m)
	}
	masks = addAddresses(masks, s.data, start, end)
	for _, m := range masks {
		for i := max(m.from, start); i < min(m.to, end); i++ {
			block[i-start] = 'X'
		}
	}
	d, _ := s.html.Split(s.path, block)
	if !bytes.Equal(d.Skeleton.Data, block) {
		return false
	}
	first := len(s.pending)
	at := map[string]int{} // the number of the pending unit of each of d's units
	for i := range d.Units {
		p := &pendingUnit{Unit: d.Units[i], span: d.Skeleton.Spans[i]}
		p.span.Context = htmlPrefix + p.span.Context
		p.NoTranslate = p.NoTranslate || s.kept
		p.Notes = append(slices.Clone(s.notes), p.Notes...)
		if !p.shift(s.data, start) || !p.cutMasks(s.data, masks) {
			s.pending = s.pending[:first]
			return false
		}
		if !hasText(p.Source.Chars) {
			continue
		}
		at[p.ID] = len(s.pending)
		s.pending = append(s.pending, p)
	}
	for _, p := range s.pending[first:] {
		for k := range p.Source.Codes {
			c := &p.Source.Codes[k]
			for _, id := range c.Subflows {
				if n, ok := at[id]; ok {
					p.subs = append(p.subs, sub{code: k, unit: n})
				}
			}
			c.Subflows = nil
		}
	}
	return true
}

// addresses are those of Markdown links and definitions, and bare ones. What is inside of HTML may
// still be read as Markdown, by kramdown and python-markdown.
var addresses = regexp.MustCompile(`(?m)^[ \t]*\[[^\[\]\n]+\]:[ \t]*\S+|\]\((?:https?:|mailto:|[/#.])[^()\s<>"']*\)|https?://(?:[^\s<>"'()\[\]{}&]|&amp;|&[\w.-]+=)*[^\s<>"'()\[\]{}&.,;:!?]`)

// addAddresses adds masks for the addresses between start and end to masks, where
// they do not overlap with one.
func addAddresses(masks []mask, data []byte, start, end int) []mask {
	n := len(masks)
	for _, m := range addresses.FindAllIndex(data[start:end], -1) {
		from, to := start+m[0], start+m[1]
		if !slices.ContainsFunc(masks[:n], func(m mask) bool { return m.from < to && from < m.to }) {
			masks = append(masks, mask{from: from, to: to, kind: outputMask})
		}
	}
	slices.SortFunc(masks, func(a, b mask) int { return a.from - b.from })
	return masks
}

// isTemplate reports whether a template language reads m, whatever it stands in;
// other masks have no meaning in HTML.
func (m *mask) isTemplate() bool {
	return m.kind == hugoMask || m.kind == liquidMask || m.kind == outputMask || m.kind == jsxMask || m.kind == programMask
}

// htmlPrefix begins the context of a span in an HTML block; the HTML format's own
// context follows.
const htmlPrefix = "html:"

// shift moves the places of a unit by an offset, and takes its codes' data from
// data. It reports whether the places are in order.
func (p *pendingUnit) shift(data []byte, by int) bool {
	p.span.Start += by
	p.span.End += by
	p.span.Anchors = slices.Clone(p.span.Anchors)
	for i := range p.span.Anchors {
		p.span.Anchors[i].Raw += by
	}
	p.span.Codes = slices.Clone(p.span.Codes)
	p.Source.Codes = slices.Clone(p.Source.Codes)
	for i := range p.span.Codes {
		p.span.Codes[i] += by
		at, c := p.span.Codes[i], &p.Source.Codes[i]
		if at < 0 || at+len(c.Data) > len(data) {
			return false
		}
		c.Data = string(data[at : at+len(c.Data)])
	}
	return true
}

// cutMasks makes placeholders of the masks that stand in a unit's characters. It
// reports false where a mask and a code overlap.
func (p *pendingUnit) cutMasks(data []byte, masks []mask) bool {
	for _, m := range masks {
		if m.to <= p.span.Start || m.from >= p.span.End {
			continue
		}
		if m.from < p.span.Start || m.to > p.span.End {
			return false
		}
		inside := false
		for k, at := range p.span.Codes {
			end := at + len(p.Source.Codes[k].Data)
			if m.from >= at && m.to <= end {
				inside = true // a part of a tag
			} else if m.from < end && at < m.to {
				return false
			}
		}
		if inside {
			continue
		}
		from, ok := p.textAt(m.from)
		to, ok2 := p.textAt(m.to)
		if !ok || !ok2 || from > to {
			return false
		}
		p.placeholder(data, m, from, to)
	}
	return true
}

// textAt is where the character that stands at raw stands in the unit's text.
func (p *pendingUnit) textAt(raw int) (int, bool) {
	a := bitext.Anchor{Raw: p.span.Start}
	i := 0
	for ; i < len(p.span.Anchors) && p.span.Anchors[i].Raw <= raw; i++ {
		a = p.span.Anchors[i]
	}
	at := a.Text + raw - a.Raw
	if i < len(p.span.Anchors) && at > p.span.Anchors[i].Text {
		at = p.span.Anchors[i].Text
	}
	return min(at, len(p.Source.Chars)), at >= 0
}

// placeholder replaces the characters from from to to, which are those of m, by a
// code.
func (p *pendingUnit) placeholder(data []byte, m mask, from, to int) {
	p.Source.Chars = p.Source.Chars[:from] + p.Source.Chars[to:]
	k := 0
	for k < len(p.span.Codes) && p.span.Codes[k] < m.from {
		k++
	}
	largest := 0
	for i := range p.Source.Codes {
		c := &p.Source.Codes[i]
		if n, err := strconv.Atoi(c.ID); err == nil {
			largest = max(largest, n)
		}
		if i >= k {
			c.Pos -= to - from
		}
	}
	c := bitext.Code{ID: strconv.Itoa(largest + 1), Pos: from, Data: string(data[m.from:m.to]), Type: "other", NoDelete: true}
	p.Source.Codes = slices.Insert(p.Source.Codes, k, c)
	p.span.Codes = slices.Insert(p.span.Codes, k, m.from)
	var anchors []bitext.Anchor
	i := 0
	for ; i < len(p.span.Anchors) && p.span.Anchors[i].Raw <= m.from; i++ {
		anchors = append(anchors, p.span.Anchors[i])
	}
	anchors = append(anchors, bitext.Anchor{Text: from, Raw: m.to})
	for ; i < len(p.span.Anchors); i++ {
		if a := p.span.Anchors[i]; a.Raw > m.to {
			anchors = append(anchors, bitext.Anchor{Text: a.Text - (to - from), Raw: a.Raw})
		}
	}
	p.span.Anchors = anchors
}

// html encodes the targets of a unit of an HTML block.
func (e *encoder) html(context string, u *bitext.Unit, targets []bitext.Target) []bitext.Target {
	out := make([]bitext.Target, len(targets))
	for j := range targets {
		out[j] = targets[j]
		if !isChanged(&u.Segments[j], &targets[j]) {
			continue
		}
		var t bitext.Text
		var look []byte // what is written, with the codes
		var chars []byte
		for p := range targets[j].Text.Pieces() {
			if p.Code != nil {
				c := *p.Code
				c.Pos = len(chars)
				t.Codes = append(t.Codes, c)
				look = append(look, c.Data...)
				continue
			}
			at := len(look)
			in := p.Chars
			if u.Kind != bitext.Preformat {
				in = oneLine(in) // a blank line would end the block
			}
			look = html.AppendText(look, context, in)
			chars = append(chars, escapeInBlock(string(look[at:]))...)
		}
		t.Chars = string(chars)
		t.Codes = append(t.Codes, bitext.Code{Pos: len(chars), ID: mark.ID})
		out[j].Text = t
	}
	return out
}

// escapeInBlock writes characters as references with which something would begin
// that is read before the HTML is: a template's tag, a code span, an escape, a
// formula.
func escapeInBlock(s string) string {
	if !strings.ContainsAny(s, "{`\\$[") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		var next byte
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch {
		case c == '{', c == '`', c == '\\', c == '$' && next != ' ' && next-'0' >= 10, c == '[' && next == '[':
			b.WriteString(charRef(rune(c)))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
