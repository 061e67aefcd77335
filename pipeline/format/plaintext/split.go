package plaintext

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/charset"
	"hexapla/pipeline/format/internal/spantext"
)

// splitter finds the units of one text.
type splitter struct {
	data    []byte
	valid   bool // data is known to be valid UTF-8
	lines   []line
	doc     *bitext.Document
	ids     bitext.IDs
	width   int // at which the text's lines are broken, 0 if they are not
	longest int // the width of the widest line
	narrow  narrow
	spans   []span          // of the paragraph at hand; kept for its memory
	alone   []int           // units that may be the headline
	chars   strings.Builder // of all units
	anchors []bitext.Anchor // of the units that come next
	wrap    wrapContext
	body    bool // the article's first paragraph has been seen
}

func (s *splitter) split() {
	s.lines = appendLines(s.lines, s.data)
	s.width = s.wrapWidth()
	units, chars := 0, 0
	for i, j := range s.groups {
		s.narrow.count(s, i, j)
		for k := i; k < j; k++ {
			chars += s.lines[k].to - s.lines[k].from + 1
		}
		switch {
		case s.lines[i].cells != nil:
			units += len(s.lines[i].cells)
		case s.width > 0:
			units++
		default:
			units += j - i
		}
	}
	// Nearly all units of a text: to copy growing slices costs more than their memory.
	s.doc.Units = slices.Grow(s.doc.Units, units)
	s.doc.Skeleton.Spans = slices.Grow(s.doc.Skeleton.Spans, units)
	s.chars.Grow(chars)
	for i, j := range s.groups {
		width := s.width
		whole := s.width == 0 && s.isBroken(i, j)
		if !whole && s.joined(i, j) < j-i && s.narrow.isParagraph(s, i, j) {
			whole, width = true, s.narrow.width
			if s.hangs(i, j) {
				width = max(width, minWrap) // its lines may be short for another reason
			}
		}
		if !whole && s.isTerm(i, j) && s.narrow.isParagraph(s, i+1, j) {
			s.paragraph(i, i+1, width)
			i, whole, width = i+1, true, s.narrow.width
		}
		for i < j {
			n := 1
			if whole {
				n = j - i
			} else if s.width > 0 {
				n = s.joined(i, j)
			}
			s.paragraph(i, i+n, width)
			i += n
		}
	}
	s.title()
	s.ids.Grow(len(s.doc.Units))
	for i := range s.doc.Units {
		u := &s.doc.Units[i]
		// The kind of a unit hangs on its neighbours, so it has no part in its
		// identity.
		u.ID = s.ids.Content(bitext.Paragraph, u.Source)
	}
}

// isTerm reports whether line i is a term or a name, and the lines below it, which are
// indented, are its description.
func (s *splitter) isTerm(i, j int) bool {
	return j-i > 2 && !s.lines[i].bullet && s.lines[i+1].indent > s.lines[i].indent+1 && s.joined(i, j) == 1
}

// groups gives the lines, from the first to the one behind the last, that may be
// of one paragraph.
func (s *splitter) groups(yield func(i, j int) bool) {
	for i := 0; i < len(s.lines); {
		l := &s.lines[i]
		if l.blank() || !l.words {
			i++
			continue
		}
		j := i + 1
		if l.cells == nil {
			for ; j < len(s.lines) && s.mayContinue(i, j); j++ {
			}
		}
		if !yield(i, j) {
			return
		}
		i = j
	}
}

// mayContinue reports whether line j can be of one paragraph with the lines from
// i to the one before it.
func (s *splitter) mayContinue(i, j int) bool {
	prev, l := &s.lines[j-1], &s.lines[j]
	if prev.last || l.blank() || !l.words || l.bullet || l.cells != nil || l.quote != prev.quote || !prev.words {
		return false
	}
	if j+1 < len(s.lines) && s.lines[j+1].ruler(s.data) && !s.lines[j+1].words {
		return false // a heading
	}
	if j == i+1 {
		// The first line may be indented more than the others, or the others
		// hang below a bullet's text.
		return l.indent <= s.lines[i].column || l.indent-s.lines[i].column <= tabWidth
	}
	return abs(l.indent-prev.indent) <= 1
}

// wrapWidth is the column at which an author's editor broke the lines of the
// whole text, 0 if it did not.
func (s *splitter) wrapWidth() int {
	var long, total, w int
	for i := range s.lines {
		l := &s.lines[i]
		if l.words && l.cells == nil && !l.oneWord(s.data) {
			total++
			s.longest = max(s.longest, l.width)
			if l.width > maxWrap {
				long++
			} else {
				w = max(w, l.width)
			}
		}
	}
	if w < minWrap || long*20 > total {
		return 0
	}
	// Drop the widest lines while they are too few to be the rule.
	var count [maxWrap + 1]int
	for i := range s.lines {
		if l := &s.lines[i]; l.words && l.cells == nil && l.width <= maxWrap {
			count[l.width]++
		}
	}
	for over := 0; w >= minWrap; w-- {
		if over += count[w]; over*50 > total {
			break
		}
	}
	if w < minWrap {
		return 0
	}
	full, pairs := 0, 0
	for j := 1; j < len(s.lines); j++ {
		prev := &s.lines[j-1]
		if prev.blank() || prev.cells != nil || !s.mayContinue(j-1, j) {
			continue
		}
		pairs++
		if s.isFull(j-1, w, w/6) {
			full++
		}
	}
	if full < 3 || full*10 < pairs*6 {
		return 0
	}
	return w
}

const (
	minWrap = 45
	maxWrap = 120
)

// isFull reports whether the first word of the next line had no room on line i.
func (s *splitter) isFull(i, width, slack int) bool {
	return s.lines[i].width+1+s.lines[i+1].firstWord(s.data) > width-slack
}

// joined is how many of the lines from i on, before j, are one paragraph in a
// text whose lines are broken: each but the last is full.
func (s *splitter) joined(i, j int) int {
	if s.width == 0 {
		return 1
	}
	for k := i; k+1 < j; k++ {
		slack := s.width / 6
		if s.runsOn(k) {
			slack = s.width / 3
		}
		if !s.isFull(k, s.width, slack) || s.lines[k].width > s.width+s.width/4 {
			return k + 1 - i
		}
	}
	return j - i
}

// isBroken reports whether the lines from i to j are one paragraph in a text
// whose lines are otherwise not broken.
func (s *splitter) isBroken(i, j int) bool {
	n := j - i
	w := 0
	for k := i; k < j; k++ {
		w = max(w, s.lines[k].width)
	}
	if n == 1 || w < minWrap || w > maxWrap || n < 4 && s.longest > w+w/3 {
		return false
	}
	lower := 0
	for k := i; k+1 < j; k++ {
		slack := 0
		if last, _ := utf8.DecodeLastRune(s.data[s.lines[k].from:s.lines[k].to]); spantext.Wide(last) {
			slack = 4 // closing punctuation begins no line, and takes a character with it
		}
		if !s.isFull(k, w, slack) {
			return false
		}
		if s.runsOn(k) {
			lower++
		}
	}
	return n >= 4 && lower > 0 || lower == n-1
}

// runsOn reports whether the sentence of line i goes on in the next line, by
// its small letter, or because both have wide letters there.
func (s *splitter) runsOn(i int) bool {
	next, _ := utf8.DecodeRune(s.data[s.lines[i+1].from:])
	last, _ := utf8.DecodeLastRune(s.data[s.lines[i].from:s.lines[i].to])
	return unicode.IsLower(next) && !strings.ContainsRune(`.!?…:;"”»`, last) || wideLetters(last, next)
}

func wideLetters(a, b rune) bool {
	return unicode.IsLetter(a) && unicode.IsLetter(b) && spantext.BreakBetween(a, b) == spantext.Nothing
}

// paragraph makes the units of the lines from i to j, which are broken at a width.
func (s *splitter) paragraph(i, j, width int) {
	l := &s.lines[i]
	if l.cells != nil {
		for _, c := range l.cells {
			s.unit(bitext.Cell, "", []span{c})
		}
		return
	}
	kind := bitext.Paragraph
	switch {
	case l.bullet:
		kind = bitext.Item
	case j == i+1 && j < len(s.lines) && s.lines[j].ruler(s.data) && !s.lines[j-1].last:
		kind = bitext.Heading
	case l.quote > 0:
		kind = bitext.Quote
	}
	spans := s.spans[:0]
	for k := i; k < j; k++ {
		spans = append(spans, span{s.lines[k].from, s.lines[k].to})
	}
	s.spans = spans
	context := ""
	if j > i+1 {
		w := width
		for k := i; k < j; k++ {
			w = max(w, s.lines[k].width)
		}
		context = s.wrap.of(w, s.data[s.lines[i].to:s.lines[i+1].from])
	}
	if s.unit(kind, context, spans) {
		s.headline(i, j, kind)
	}
}

// unit adds the unit whose text stands in spans, one a line. It reports whether
// there was one.
func (s *splitter) unit(kind bitext.Kind, context string, spans []span) bool {
	h := bitext.UnitSpan{Unit: len(s.doc.Units), Start: spans[0].from, End: spans[len(spans)-1].to, Context: context}
	start := s.chars.Len()
	words := false
	var codes []bitext.Code
	if n := 2 * (len(spans) - 1); cap(s.anchors)-len(s.anchors) < n {
		s.anchors = make([]bitext.Anchor, 0, max(n, mostAnchors))
	}
	h.Anchors = s.anchors[len(s.anchors):]
	anchor := func(raw int) { h.Anchors = append(h.Anchors, bitext.Anchor{Text: s.chars.Len() - start, Raw: raw}) }
	for k, sp := range spans {
		if k > 0 {
			prev := spans[k-1]
			if !s.hyphenated(prev, sp) && !s.dropsBreak(prev, sp) {
				anchor(prev.to)
				s.chars.WriteByte(' ')
			}
			anchor(sp.from)
		}
		text := s.data[sp.from:sp.to]
		if s.valid || utf8.Valid(text) {
			s.chars.Write(text)
			words = words || hasWords(text)
			continue
		}
		for len(text) > 0 {
			n, ok := charset.LeadingRun(text)
			at := sp.to - len(text)
			if ok {
				s.chars.Write(text[:n])
				words = words || hasWords(text[:n])
			} else {
				codes = append(codes, bitext.Code{Pos: s.chars.Len() - start, ID: strconv.Itoa(len(codes) + 1),
					Data: string(text[:n]), Disp: "bytes", Type: "other", NoCopy: true, NoDelete: true})
				h.Codes = append(h.Codes, at)
				anchor(at + n)
			}
			text = text[n:]
		}
	}
	if n := len(h.Anchors); n == 0 {
		h.Anchors = nil
	} else if free := s.anchors[len(s.anchors):cap(s.anchors)]; n <= len(free) && &h.Anchors[0] == &free[0] {
		s.anchors = s.anchors[:len(s.anchors)+n]
		h.Anchors = h.Anchors[:n:n]
	}
	if !words {
		return false
	}
	return s.add(kind, bitext.Text{Chars: s.chars.String()[start:], Codes: codes}, h)
}

// mostAnchors is the number of anchors whose memory is made at once.
const mostAnchors = 256

// wrapContext makes the context of units whose lines are broken, and keeps the last one,
// which is that of most units of a text.
type wrapContext struct {
	width        int
	gap, context string
}

func (c *wrapContext) of(width int, gap []byte) string {
	if c.context == "" || c.width != width || c.gap != string(gap) {
		c.width, c.gap = width, string(gap)
		c.context = "wrap:" + strconv.Itoa(width) + ":" + c.gap
	}
	return c.context
}

func (s *splitter) add(kind bitext.Kind, source bitext.Text, h bitext.UnitSpan) bool {
	s.doc.Units = append(s.doc.Units, bitext.Unit{Kind: kind, Source: source})
	s.doc.Skeleton.Spans = append(s.doc.Skeleton.Spans, h)
	return true
}

// dropsBreak reports whether a line break stands for nothing, because of the
// characters on both sides of it.
func (s *splitter) dropsBreak(a, b span) bool {
	return spantext.DropsBreak(s.data[a.from:a.to], s.data[b.from:b.to])
}

// hyphenated reports whether a line was broken at a hyphen.
func (s *splitter) hyphenated(a, b span) bool {
	text := s.data[a.from:a.to]
	if n := len(text); n < 2 || text[n-1] != '-' {
		return false
	}
	before, _ := utf8.DecodeLastRune(text[:len(text)-1])
	after, _ := utf8.DecodeRune(s.data[b.from:])
	return unicode.IsLetter(before) && unicode.IsLower(after)
}

// isWord reports whether r is a letter or a number.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		c := r | 0x20
		return c >= 'a' && c <= 'z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

func hasWords(b []byte) bool {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if isWord(r) {
			return true
		}
		i += n
	}
	return false
}

// headline notes a paragraph of one line that may be the article's headline:
// those that stand alone before its first sentence.
func (s *splitter) headline(i, j int, kind bitext.Kind) {
	if s.body {
		return
	}
	unit := len(s.doc.Units) - 1
	text := s.doc.Units[unit].Source.Chars
	last, _ := utf8.DecodeLastRuneInString(text)
	if j > i+1 || strings.ContainsRune(".!?…。", last) || utf8.RuneCountInString(text) > 200 {
		s.body = j > i+1 || utf8.RuneCountInString(text) > 60
		return
	}
	free := func(k int) bool { return k < 0 || k >= len(s.lines) || s.lines[k].blank() || !s.lines[k].words }
	if free(i-1) && free(j) && (kind == bitext.Paragraph || kind == bitext.Heading) {
		s.alone = append(s.alone, unit)
	}
}

// shortTitle is the length below which a line is no headline.
const shortTitle = 10

// title marks the headline: the longest line that stands alone before the
// body, for what else stands there is the site's chrome.
func (s *splitter) title() {
	best, length := -1, 0
	for _, u := range s.alone {
		text := s.doc.Units[u].Source.Chars
		if n := utf8.RuneCountInString(text); n >= shortTitle && n > length && strings.ContainsAny(strings.TrimSpace(text), " \u00A0") {
			best, length = u, n
		}
	}
	if best < 0 {
		return
	}
	s.doc.Units[best].Kind = bitext.Title
	s.doc.Meta["title"] = s.doc.Units[best].Source.Chars
}

func abs(n int) int { return max(n, -n) }
