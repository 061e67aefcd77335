package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/lazy"
)

// htmlBlock makes units of the text of an HTML block, as the HTML format finds
// them. What a template language fills in is a code. It reports whether it could:
// not in a block in a quotation with a text whose lines stay lines, for they begin with
// the marks of the quotation, and not where a template's tag and a code overlap.
func (s *splitter) htmlBlock(n *ast.HTMLBlock, start, end int) bool {
	if s.html == nil || !utf8.Valid(s.data[start:end]) {
		return false
	}
	lines := n.Lines()
	block := bytes.Clone(s.data[start:end])
	quoted := false
	// The marks of a quotation are no part of the HTML.
	blank := func(from, to int) {
		for at := from - start; at < to-start; at++ {
			if !isSpaceByte(block[at]) {
				block[at], quoted = ' ', true
			}
		}
	}
	for i := 1; i < lines.Len(); i++ {
		blank(lines.At(i-1).Stop, lines.At(i).Start)
	}
	if n.HasClosure() {
		blank(lines.At(lines.Len()-1).Stop, n.ClosureLine.Start)
	}
	var masks []mask
	// Elements whose content is Markdown have attribute lists, as in Just the Docs:
	// <details markdown="block"> … {: .text-delta } … {:toc}
	var marks [][]int
	inside := s.markdownRanges(start, end, true)
	for _, m := range s.masks[s.nextMask(start):] {
		if m.from >= end {
			break
		}
		if (m.kind == attrMask || m.kind == lineMask) && m.isWithin(inside) {
			if m.kind == attrMask && m.to-m.from >= len("<hr>") && attributeLine(s.data, m) {
				marks = append(marks, []int{m.from - start, m.to - start})
				continue
			}
		} else if !m.isTemplate() {
			continue
		}
		masks = append(masks, m)
	}
	masks = addFound(masks, s.addresses(start, end))
	masks = addFound(masks, s.matches(inside, codeSpans()))
	// To python-markdown an element declares for itself what its content is.
	masks = addFound(masks, s.references(s.markdownRanges(start, end, s.Dialect != DialectPythonMarkdown)))
	for _, m := range masks {
		for i := max(m.from, start); i < min(m.to, end); i++ {
			block[i-start] = 'X'
		}
	}
	for _, m := range append(findSnippets(block), marks...) {
		// Its line has to stay one: to the HTML format it is an element that divides blocks.
		for i := m[0]; i < m[1]; i++ {
			block[i] = ' '
		}
		copy(block[m[0]:], "<hr")
		block[m[1]-1] = '>'
	}
	d, _ := s.html.Split(s.path, block)
	if !bytes.Equal(d.Skeleton.Data, block) {
		return false
	}
	first := len(s.pending)
	at := map[string]int{} // the number of the pending unit of each of d's units
	if quoted && slices.ContainsFunc(d.Units, func(u bitext.Unit) bool { return u.Preserve }) {
		return false // its lines would have to begin with those marks
	}
	for i := range d.Units {
		p := s.newUnit()
		*p = pendingUnit{Unit: d.Units[i], span: d.Skeleton.Spans[i]}
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
	s.blockLinkSlots(d, start)
	for _, at := range html.Undirected(d) {
		s.slots = append(s.slots, bitext.Slot{Name: slotUndirected, Start: start + at, End: start + at})
	}
	if len(masks) == 0 { // or there may be code that keeps its direction
		closed := map[string]bool{}
		for _, at := range html.Directions(d) {
			if isClosed(block, at[0], closed) {
				s.slots = append(s.slots, bitext.Slot{Name: slotDirection, Start: start + at[0], End: start + at[1]})
			}
		}
		for _, m := range leftToRightTag().FindAllSubmatchIndex(block, -1) {
			if tag := block[m[0]:m[1]]; !isClosed(block, m[2], closed) && !keepsLanguage().Match(tag) {
				s.wrapper(bitext.Slot{Name: slotDirection, Start: start + m[2], End: start + m[3]})
			}
		}
	}
	return true
}

var (
	// leftToRightTag is a start tag that declares the direction of a text from left to right.
	leftToRightTag = lazy.Regexp(`(?i)<[a-z][\w-]*(?:\s[^<>]*)?\s(dir\s*=\s*(?:"ltr"|'ltr'|ltr))(?:\s[^<>]*)?>`)
	// keepsLanguage is what a start tag has whose content keeps its language.
	keepsLanguage = lazy.Regexp(`(?i)\slang\s*=|\stranslate\s*=\s*["']?no|\bnotranslate\b`)
)

// wrapper is an element of HTML with a direction around blocks of Markdown.
type wrapper struct {
	slot bitext.Slot // its dir attribute
	end  int         // of what it is around
}

// wrapper notes the element whose dir attribute is in a slot and that is closed in a later
// block. Where nothing closes it nearby, it is not known what is inside.
func (s *splitter) wrapper(slot bitext.Slot) {
	from := bytes.LastIndexByte(s.data[:slot.Start], '<') + 1
	n := prefixOf(s.data[from:slot.Start], isNameByte)
	if n == 0 || len(s.wrappers) == maxNames {
		return
	}
	name := strings.ToLower(string(s.data[from : from+n]))
	depth := 1
	for at := slot.End; at < min(len(s.data), slot.End+maxElement); {
		n := bytes.IndexByte(s.data[at:], '<')
		if n < 0 {
			return
		}
		at += n + 1
		closes := at < len(s.data) && s.data[at] == '/'
		tag := bytes.TrimPrefix(s.data[at:min(len(s.data), at+maxName)], []byte("/"))
		if !strings.EqualFold(string(tag[:prefixOf(tag, isNameByte)]), name) {
			continue
		}
		if !closes {
			depth++
		} else if depth--; depth == 0 {
			s.wrappers = append(s.wrappers, wrapper{slot: slot, end: at})
			return
		}
	}
}

// wrapperSlots makes slots of the directions of elements around text in Markdown. A block
// of code has no place for a direction of its own: an element around one keeps that it has.
func (s *splitter) wrapperSlots(blocks []block) {
	for _, w := range s.wrappers {
		within := func(at int) bool { return at > w.slot.End && at < w.end }
		first := sort.Search(len(blocks), func(i int) bool { return blocks[i].at > w.slot.End })
		code := false
		for _, b := range blocks[first:] {
			if b.at >= w.end {
				break
			}
			switch b.node.(type) {
			case *ast.FencedCodeBlock, *ast.CodeBlock:
				code = true
			}
		}
		if !code && slices.ContainsFunc(s.pending, func(p *pendingUnit) bool { return within(p.span.Start) && !p.NoTranslate }) {
			s.slots = append(s.slots, w.slot)
		}
	}
}

// maxNames is the most names of elements that isClosed counts in one block, and of elements
// around blocks whose direction is looked at; others keep theirs.
const maxNames = 32

// isClosed reports whether a block closes all elements of the name of the tag that is around
// an offset. It keeps what it finds out of a name in known.
func isClosed(block []byte, at int, known map[string]bool) bool {
	from := bytes.LastIndexByte(block[:at], '<') + 1
	n := 0
	for from+n < at && !isSpaceByte(block[from+n]) {
		n++
	}
	name := strings.ToLower(string(block[from : from+n]))
	closed, ok := known[name]
	if !ok && len(known) < maxNames {
		text := bytes.ToLower(block)
		closed = bytes.Count(text, []byte("<"+name)) == bytes.Count(text, []byte("</"+name))
		known[name] = closed
	}
	return closed
}

// snippets are files that the snippets extension of PyMdown includes.
var snippets = lazy.Regexp(`-+8<-+[ \t]+(?:"[^"\n]*"|'[^'\n]*')|-+8<-+[ \t]*\r?\n(?:[^\n-][^\n]*\n){1,20}[ \t]*-+8<-+`)

// findSnippets returns the places of snippets in a block.
func findSnippets(block []byte) [][]int {
	if !bytes.Contains(block, []byte("-8<-")) {
		return nil
	}
	return snippets().FindAllIndex(block, -1)
}

// references returns masks for what names definitions of links in ranges of Markdown: the
// label behind a text, or a text that is a label.
func (s *splitter) references(ranges [][2]int) (found []mask) {
	for _, r := range ranges {
		start, end := r[0], r[1]
		for _, m := range referenceLinks().FindAllSubmatchIndex(s.data[start:end], -1) {
			label := s.data[start+m[2] : start+m[3]]
			from, to := start+m[0], start+m[1]
			if m[4] >= 0 {
				label, from = s.data[start+m[4]:start+m[5]], start+m[3]
			}
			if len(label) == 0 || to < end && s.data[to] == '(' || !s.definesLabel(label) {
				continue
			}
			found = append(found, mask{from: from, to: to, kind: outputMask})
		}
	}
	return found
}

// matches returns masks for what matches in ranges.
func (s *splitter) matches(ranges [][2]int, pattern *regexp.Regexp) (found []mask) {
	for _, r := range ranges {
		for _, m := range pattern.FindAllIndex(s.data[r[0]:r[1]], -1) {
			found = append(found, mask{from: r[0] + m[0], to: r[0] + m[1], kind: outputMask})
		}
	}
	return found
}

// definesLabel reports whether the document may define a link.
func (s *splitter) definesLabel(label []byte) bool {
	if s.labels == nil {
		s.labels = definedLabels(s.data)
	}
	return s.labels[foldLabel(string(label))]
}

// referenceLinks are links by a label: [text][label], [label][] and [label].
var referenceLinks = lazy.Regexp(`\[([^\[\]\n]+)\](?:\[([^\[\]\n]+)\]|\[\])?`)

// codeSpans are those of Markdown inside of an element with markdown="1".
var codeSpans = lazy.Regexp("`[^`\n]+`")

// markdownElements returns the places of the elements whose content is Markdown, from
// the end of the start tag to that of the element. They rise by their beginnings.
func (s *splitter) markdownElements() [][2]int {
	if s.elements != nil {
		return s.elements
	}
	s.elements = [][2]int{}
	if !mayHaveMarkdownTag(s.data[s.start:]) {
		return s.elements
	}
	for at := s.start; ; {
		m := markdownStart().FindSubmatchIndex(s.data[at:])
		if m == nil {
			return s.elements
		}
		name, from := s.data[at+m[2]:at+m[3]], at+m[1]
		rest := s.data[from:min(len(s.data), from+maxElement)]
		n := bytes.Index(rest, append([]byte("</"), name...))
		if n < 0 {
			n = len(rest)
		}
		s.elements = append(s.elements, [2]int{from, from + n})
		at = from
	}
}

// mayHaveMarkdownTag reports whether data has a tag with an attribute whose name begins
// with markdown, as markdownStart and markdownTag match it: these take longer than all else
// that is done with a text that has none.
func mayHaveMarkdownTag(data []byte) bool {
	name := []byte("markdown")
	inTag := false // the last angle bracket before at opens
	for at := 0; ; at += len(name) {
		n := bytes.Index(data[at:], name)
		if n < 0 {
			return false
		}
		before := data[at : at+n]
		opens, closes := bytes.LastIndexByte(before, '<'), bytes.LastIndexByte(before, '>')
		if opens != closes {
			inTag = opens > closes
		}
		if inTag && (n == 0 || isSpaceByte(before[n-1]) || before[n-1] == '\f') {
			return true
		}
		at += n
	}
}

// markdownRanges returns the places between start and end that are in elements whose
// content is Markdown, in their order and each once, for elements are in each other.
// With enclosing false, only elements that begin behind start count.
func (s *splitter) markdownRanges(start, end int, enclosing bool) (out [][2]int) {
	elements := s.markdownElements()
	// No element before the first one reaches start.
	first, _ := slices.BinarySearchFunc(elements, start-maxElement, func(e [2]int, at int) int { return e[0] - at })
	done := start
	for _, e := range elements[first:] {
		if e[0] >= end {
			break
		}
		from, to := max(e[0], done), min(e[1], end)
		if from < to && (enclosing || e[0] > start) {
			out = append(out, [2]int{from, to})
			done = to
		}
	}
	return out
}

// maxElement is the length in bytes up to which the end of an element is looked for.
const maxElement = 1 << 15

// markdownStart is the start tag of an element whose content is Markdown.
var markdownStart = lazy.Regexp(`<([A-Za-z][\w-]*)(?:\s[^<>]*)?\smarkdown(?:\s*=\s*["']?(?:1|block|span)["']?)?(?:\s[^<>]*)?>`)

// isWithin reports whether a mask is in one of ranges, which rise.
func (m *mask) isWithin(ranges [][2]int) bool {
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i][1] >= m.to })
	return i < len(ranges) && m.from >= ranges[i][0]
}

// addFound adds those of found to masks that do not overlap with one. Both are in the
// order of their places.
func addFound(masks, found []mask) []mask {
	n := len(masks)
	for _, m := range found {
		if k := firstMask(masks[:n], m.from); k == n || masks[k].from >= m.to {
			masks = append(masks, m)
		}
	}
	slices.SortFunc(masks, func(a, b mask) int { return a.from - b.from })
	return masks
}

// firstMask returns the number of the first mask that ends after at.
func firstMask(masks []mask, at int) int {
	return sort.Search(len(masks), func(i int) bool { return masks[i].to > at })
}

// isTemplate reports whether a template language reads m, whatever it is in;
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

// cutMasks makes placeholders of the masks that are in a unit's characters. It
// reports false where a mask and a code overlap. Masks, codes and anchors rise, and
// are read side by side.
func (p *pendingUnit) cutMasks(data []byte, masks []mask) bool {
	masks = masks[firstMask(masks, p.span.Start):]
	if len(masks) == 0 || masks[0].from >= p.span.End {
		return true
	}
	old, oldAt, oldAnchors, chars := p.Source.Codes, p.span.Codes, p.span.Anchors, p.Source.Chars
	next := 1 // the ID of a new code
	for i := range old {
		if n, err := strconv.Atoi(old[i].ID); err == nil {
			next = max(next, n+1)
		}
	}
	var codes []bitext.Code
	var codesAt []int
	var anchors []bitext.Anchor
	var text strings.Builder
	done, removed, k, a := 0, 0, 0, 0 // characters copied, and removed; codes and anchors taken
	base := bitext.Anchor{Raw: p.span.Start}
	take := func(raw int) { // takes codes and anchors before raw
		for ; k < len(old) && oldAt[k] < raw; k++ {
			c := old[k]
			c.Pos -= removed
			codes, codesAt = append(codes, c), append(codesAt, oldAt[k])
		}
		for ; a < len(oldAnchors) && oldAnchors[a].Raw <= raw; a++ {
			base = oldAnchors[a]
			anchors = append(anchors, bitext.Anchor{Text: base.Text - removed, Raw: base.Raw})
		}
	}
	textAt := func(raw int) int {
		at := base.Text + raw - base.Raw
		if a < len(oldAnchors) {
			at = min(at, oldAnchors[a].Text)
		}
		return min(at, len(chars))
	}
	for _, m := range masks {
		if m.from >= p.span.End {
			break
		}
		if m.from < p.span.Start || m.to > p.span.End {
			return false
		}
		take(m.from)
		if k > 0 && m.from < oldAt[k-1]+len(old[k-1].Data) {
			if m.to <= oldAt[k-1]+len(old[k-1].Data) {
				continue // a part of a tag
			}
			return false
		}
		if k < len(old) && oldAt[k] < m.to {
			if oldAt[k] == m.from && m.to <= m.from+len(old[k].Data) {
				continue
			}
			return false
		}
		from := textAt(m.from)
		for ; a < len(oldAnchors) && oldAnchors[a].Raw <= m.to; a++ {
			base = oldAnchors[a]
		}
		to := textAt(m.to)
		if from < done || from > to {
			return false
		}
		text.WriteString(chars[done:from])
		done, removed = to, removed+to-from
		codes = append(codes, bitext.Code{ID: strconv.Itoa(next), Pos: text.Len(), Data: string(data[m.from:m.to]), Type: "other", NoDelete: true})
		codesAt = append(codesAt, m.from)
		next++
		anchors = append(anchors, bitext.Anchor{Text: text.Len(), Raw: m.to})
	}
	take(p.span.End + 1)
	text.WriteString(chars[done:])
	p.Source.Chars, p.Source.Codes = text.String(), codes
	p.span.Codes, p.span.Anchors = codesAt, anchors
	return true
}

// html encodes the targets of a unit of an HTML block.
func (e *encoder) html(context string, u *bitext.Unit, targets []bitext.Target) []bitext.Target {
	out := make([]bitext.Target, len(targets))
	var before byte // the next character
	tag := ""       // that the next character is behind
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
				before, tag = '>', c.Data
				continue
			}
			in := p.Chars
			if u.Kind != bitext.Preformat {
				in = oneLine(in) // a blank line would end the block
			}
			write := func(in string) {
				at := len(look)
				look = html.AppendText(look, context, in)
				chars = append(chars, escapeInBlock(before, string(look[at:]))...)
				if len(look) > at {
					before = look[len(look)-1]
				}
			}
			markup := func(data string) {
				look, chars, before = append(look, data...), append(chars, data...), '>'
			}
			done := 0
			if e.rtl && targets[j].Locale == "" && html.AllowsMarkup(context) && !setsDirection(tag) {
				for _, r := range html.LeftToRightRuns(in) {
					write(in[done:r[0]])
					markup(htmlIsolateStart)
					write(in[r[0]:r[1]])
					markup(htmlIsolateEnd)
					done = r[1]
				}
			}
			write(in[done:])
			tag = ""
		}
		t.Chars = string(chars)
		t.Codes = append(t.Codes, bitext.Code{Pos: len(chars), ID: mark.ID})
		out[j].Text = t
	}
	return out
}

// escapeInBlock writes characters as references with which something would begin
// that is read before the HTML is: a template's tag, a code span, a code fence, an
// escape, a formula, the definition of a link. before is the character before s.
func escapeInBlock(before byte, s string) string {
	if !strings.ContainsAny(s, "{`~\\$[:") {
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
		case c == ':' && (i > 0 && s[i-1] == ']' || i == 0 && before == ']'), c == '{', c == '`', c == '\\', c == '$' && next != ' ' && next-'0' >= 10, c == '[' && next == '[', c == '~' && next == '~':
			b.WriteString(charRef(rune(c)))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
