package segment

import (
	"strings"
	"unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/segment/internal/icu"
)

// Segment cuts the unit's text into sentences and fills u.Segments: sentences,
// and between every two of them exactly one ignorable part, possibly empty, with
// the white space there. White space at the unit's beginning and end is
// ignorable too; a unit without text is one ignorable part. The parts join to
// the text, whatever it is.
//
// The rules see the text as a reader does, without codes. A code that stands at
// a break goes where the rules' formathandle sends it; by default one that opens
// a span goes with the sentence behind it, one that closes it or stands alone
// with the sentence before. Codes in the middle of the white space stay there,
// unless they open or close a span around one of the two sentences.
//
// White space does not matter unless u.Preserve is set: a line end is a space
// then. A placeholder that means white space (Code.Equiv) reads as that; two
// line breaks in a row are a blank line.
func (s *Segmenter) Segment(u *bitext.Unit) {
	text := u.Source
	rules := s.forKind(u.Kind)
	w := rules.worker()
	defer rules.workers.put(w)
	w.cuts, w.spans, w.at, w.ignorable = w.cuts[:0], w.spans[:0], w.at[:0], w.ignorable[:0]
	if s.subflows || u.Kind != bitext.Attribute {
		v := newView(text, u.Preserve)
		w.cuts = rules.appendCuts(w.cuts, w.decider, v.chars)
		if len(v.added) > 0 {
			for i, c := range w.cuts {
				w.cuts[i] = v.original(c)
			}
		}
	}
	w.spans = appendSpans(w.spans, text.Chars, w.cuts)
	if len(w.spans) == 0 {
		u.SegmentAt(nil, func(int, bitext.Text) bool { return true })
		return
	}
	takeVisible(w.spans, text)
	// Before the first sentence, between each two, behind the last.
	end := len(text.Chars)
	prev, code := span{0, 0}, 0
	for i, sp := range w.spans {
		first, second := s.gap(text, prev.to, sp.from, i > 0, true, &code)
		if i > 0 {
			w.cut(first, false)
			w.cut(second, true)
		} else if second != (bitext.Boundary{}) {
			w.cut(second, true)
		}
		prev = sp
	}
	first, _ := s.gap(text, prev.to, end, true, false, &code)
	w.ignorable = append(w.ignorable, false)
	if first != text.End() {
		w.at = append(w.at, first)
		w.ignorable = append(w.ignorable, true)
	}
	u.SegmentAt(w.at, func(i int, _ bitext.Text) bool { return w.ignorable[i] })
}

// worker decides where the sentences of a text end, and has the memory that Segment
// needs for a unit.
type worker struct {
	decider   *icu.Decider
	cuts      []int
	spans     []span
	at        []bitext.Boundary
	ignorable []bool
}

// cut ends a part at a boundary.
func (w *worker) cut(to bitext.Boundary, ignorable bool) {
	w.at = append(w.at, to)
	w.ignorable = append(w.ignorable, ignorable)
}

// forKind returns the segmenter for a unit of a kind: titles and headings have
// rules of their own, since an abbreviation before a capital ends nothing there.
func (s *Segmenter) forKind(k bitext.Kind) *Segmenter {
	if (k == bitext.Heading || k == bitext.Title) && s.heading != nil {
		return s.heading()
	}
	return s
}

type span struct{ from, to int }

// appendSpans appends the stretches between cuts, without the white space around them.
func appendSpans(out []span, chars string, cuts []int) []span {
	from := 0
	for i := 0; i <= len(cuts); i++ {
		to := len(chars)
		if i < len(cuts) {
			to = cuts[i]
		}
		if to < from {
			continue
		}
		part := chars[from:to]
		left := len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
		if left < len(part) {
			out = append(out, span{from + left, from + len(strings.TrimRightFunc(part, unicode.IsSpace))})
		}
		from = to
	}
	return out
}

// takeVisible extends sentences over the visible codes next to them, with the white
// space between: a word of code that begins a sentence, or ends the last one, is
// a part of it that a translation may need in another place.
func takeVisible(spans []span, text bitext.Text) {
	code, end := 0, 0
	for i := range spans {
		sp := &spans[i]
		for ; code < len(text.Codes) && text.Codes[code].Pos < sp.from; code++ {
			if pos := text.Codes[code].Pos; (pos > end || i == 0) && isVisible(&text.Codes[code]) {
				sp.from = pos
				break
			}
		}
		end = sp.to
		for code < len(text.Codes) && text.Codes[code].Pos <= end {
			code++
		}
	}
	for last := &spans[len(spans)-1]; code < len(text.Codes); code++ {
		if isVisible(&text.Codes[code]) {
			last.to = text.Codes[code].Pos
		}
	}
}

// isVisible reports whether a code stands for words or signs that readers see in the
// line: code, an address, a formula, a value that a template writes.
func isVisible(c *bitext.Code) bool {
	if c.Kind != bitext.Placeholder || c.Type == "image" {
		return false
	}
	if strings.TrimSpace(c.Equiv) != "" {
		return true
	}
	if !c.NoDelete || !strings.HasPrefix(c.Data, "{") {
		return false
	}
	for _, silent := range []string{"{/*", "{#", "{%", "{{/*", "{{- /*", "{{!"} {
		if strings.HasPrefix(c.Data, silent) {
			return false
		}
	}
	return true
}

// gap divides the codes of the white space between two sentences, or between one
// and the edge of the unit: what comes before the first cut goes with the
// sentence before, what comes behind the second with the one behind.
// All codes before number *start stand before from; gap moves it to the first code of
// the gap, so that the gaps of a unit are found in one pass.
func (s *Segmenter) gap(text bitext.Text, from, to int, before, behind bool, start *int) (first, second bitext.Boundary) {
	lo := *start
	for lo < len(text.Codes) && text.Codes[lo].Pos < from {
		lo++
	}
	*start = lo
	hi := lo
	for hi < len(text.Codes) && text.Codes[hi].Pos <= to {
		hi++
	}
	codes := text.Codes[lo:hi]
	if len(codes) == 0 {
		return bitext.Boundary{Pos: from, Code: lo}, bitext.Boundary{Pos: to, Code: lo}
	}
	paired := pairsIn(codes)
	left, right := 0, len(codes)
	if before {
		for i := range codes {
			c := &codes[i]
			if s.opens(c) && !paired(c.ID) {
				break
			}
			if s.closes(c, from, to) && (c.Kind == bitext.Placeholder || !paired(c.ID)) {
				left = i + 1
			}
		}
	}
	if behind {
		for i := len(codes) - 1; i >= left; i-- {
			c := &codes[i]
			if s.closes(c, from, to) && c.Kind == bitext.End && !paired(c.ID) {
				break
			}
			if s.opens(c) && !paired(c.ID) || c.Pos == to && !meansSpace(c) {
				right = i
			}
		}
	}
	first = bitext.Boundary{Pos: from, Code: lo + left}
	if left > 0 {
		first.Pos = codes[left-1].Pos
	}
	second = bitext.Boundary{Pos: to, Code: lo + right}
	if right < len(codes) {
		second.Pos = codes[right].Pos
	}
	return first, second
}

// pairsIn returns a function that reports whether more than one code of a pair is among
// codes.
func pairsIn(codes []bitext.Code) func(id string) bool {
	if len(codes) <= 16 { // nearly always: no map is needed
		return func(id string) bool {
			n := 0
			for i := range codes {
				if codes[i].Kind != bitext.Placeholder && codes[i].ID == id {
					n++
				}
			}
			return n > 1
		}
	}
	inside := make(map[string]int, len(codes))
	for i := range codes {
		if codes[i].Kind != bitext.Placeholder {
			inside[codes[i].ID]++
		}
	}
	return func(id string) bool { return inside[id] > 1 }
}

// opens reports whether a code at a break goes with the sentence behind it.
func (s *Segmenter) opens(c *bitext.Code) bool {
	return c.Kind == bitext.Start && !s.handle.start || c.Kind == bitext.End && !s.handle.end
}

// closes reports whether a code at a break goes with the sentence before it. A
// placeholder does only if it touches that sentence and is not itself white space.
func (s *Segmenter) closes(c *bitext.Code, from, to int) bool {
	switch c.Kind {
	case bitext.Start:
		return s.handle.start
	case bitext.End:
		return s.handle.end
	}
	return s.handle.isolated && c.Pos == from && !meansSpace(c)
}
