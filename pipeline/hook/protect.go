package hook

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// keepType is the type of the placeholders that stand for characters an engine
// must not touch; their Data is those characters.
const keepType = "hexapla:keep"

// address matches what engines spoil most readily: web and mail addresses. The
// last character is a letter, a digit or a slash, so that a sentence's own
// punctuation stays outside.
var address = lazy.Regexp(`(?:https?://|www\.)[^\s<>"«»“”]*[\pL\pN/]|[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

// protect puts a placeholder in the place of everything in t that must come back
// as it is: terms to keep, addresses, control characters, bytes that are not
// UTF-8. unprotect takes them out again.
func protect(t bitext.Text, terms []bitext.TermMark) bitext.Text {
	spans := keepSpans(t, terms)
	if len(spans) == 0 {
		return t
	}
	var b strings.Builder
	var codes []bitext.Code
	code := 0
	at := 0
	copyTo := func(end int) {
		for ; code < len(t.Codes) && t.Codes[code].Pos <= end; code++ {
			c := t.Codes[code]
			pos := max(at, min(c.Pos, len(t.Chars)))
			b.WriteString(t.Chars[at:pos])
			at = pos
			c.Pos = b.Len()
			codes = append(codes, c)
		}
		b.WriteString(t.Chars[at:end])
		at = end
	}
	for i, s := range spans {
		copyTo(s.start)
		codes = append(codes, bitext.Code{
			Pos: b.Len(), Kind: bitext.Placeholder, ID: "\x00" + strconv.Itoa(i), Type: keepType,
			Data: t.Chars[s.start:s.end],
		})
		at = s.end
	}
	copyTo(len(t.Chars))
	return bitext.Text{Chars: b.String(), Codes: codes}
}

type span struct{ start, end int }

// keepSpans lists what protect replaces, in order and without overlap. No span
// has a code inside it.
func keepSpans(t bitext.Text, terms []bitext.TermMark) []span {
	var spans []span
	for _, m := range terms {
		if m.DoNotTranslate && m.Start >= 0 && m.Start < m.End && m.End <= len(t.Chars) {
			spans = append(spans, span{m.Start, m.End})
		}
	}
	if strings.ContainsAny(t.Chars, "@/.") {
		for _, m := range address().FindAllStringIndex(t.Chars, -1) {
			spans = append(spans, span{m[0], m[1]})
		}
	}
	for i := 0; i < len(t.Chars); {
		r, n := utf8.DecodeRuneInString(t.Chars[i:])
		if r == utf8.RuneError && n == 1 || r != '\n' && r != '\t' && r != '\r' && unicode.IsControl(r) {
			spans = append(spans, span{i, i + n})
		}
		i += n
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var out []span
	at := 0
	for _, s := range spans {
		s.start = max(s.start, at)
		for _, c := range t.Codes {
			if c.Pos > s.start && c.Pos < s.end {
				out = append(out, span{s.start, c.Pos})
				s.start = c.Pos
			}
		}
		if s.start < s.end {
			out = append(out, s)
		}
		at = max(at, s.end)
	}
	return out
}

// unprotect puts the characters back that protect took out.
func unprotect(t bitext.Text) bitext.Text {
	if !slices.ContainsFunc(t.Codes, func(c bitext.Code) bool { return c.Type == keepType }) {
		return t
	}
	var b strings.Builder
	var codes []bitext.Code
	for p := range t.Pieces() {
		switch {
		case p.Code == nil:
			b.WriteString(p.Chars)
		case p.Code.Type == keepType:
			b.WriteString(p.Code.Data)
		default:
			c := *p.Code
			c.Pos = b.Len()
			codes = append(codes, c)
		}
	}
	return bitext.Text{Chars: b.String(), Codes: codes}
}

// splitEdges cuts t into what an engine has no business with at its edges and the
// rest: white space, pairs around everything, and halves of pairs whose other
// half is in another segment. Their place is the same in every language, and
// what is not sent cannot be lost. Placeholders stay: a word order may move them.
func splitEdges(t bitext.Text) (lead, inner, trail bitext.Text) {
	count := map[string]int{}
	kinds := map[string][3]int{}
	for _, c := range t.Codes {
		count[c.ID]++
		k := kinds[c.ID]
		k[c.Kind]++
		kinds[c.ID] = k
	}
	half := func(c bitext.Code) bool { return c.Kind != bitext.Placeholder && count[c.ID] == 1 }
	whole := func(id string) bool { return kinds[id] == [3]int{0, 1, 1} }

	from, to := bitext.Boundary{}, t.End()
	for again := true; again; {
		again = false
		end := to.Pos // white space may be skipped up to here
		if from.Code < to.Code {
			end = t.Codes[from.Code].Pos
		}
		if n := end - len(strings.TrimLeftFunc(t.Chars[from.Pos:end], unicode.IsSpace)); n > from.Pos {
			from.Pos, again = n, true
		}
		start := from.Pos
		if to.Code > from.Code {
			start = t.Codes[to.Code-1].Pos
		}
		if n := start + len(strings.TrimRightFunc(t.Chars[start:to.Pos], unicode.IsSpace)); n < to.Pos {
			to.Pos, again = n, true
		}
		if from.Code == to.Code {
			continue
		}
		first, last := t.Codes[from.Code], t.Codes[to.Code-1]
		switch {
		case first.Pos == from.Pos && half(first):
			from.Code++
			again = true
		case last.Pos == to.Pos && half(last):
			to.Code--
			again = true
		case first.Pos == from.Pos && last.Pos == to.Pos && to.Code-from.Code > 1 &&
			first.Kind == bitext.Start && last.Kind == bitext.End && first.ID == last.ID && whole(first.ID):
			from.Code++
			to.Code--
			again = true
		}
	}
	return t.Slice(bitext.Boundary{}, from), t.Slice(from, to), t.Slice(to, t.End())
}

// translatable reports whether t has a letter or a number that an engine might
// have a word for.
func translatable(t bitext.Text) bool {
	return strings.ContainsFunc(t.Chars, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}
