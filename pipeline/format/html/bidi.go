package html

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// isolate appends characters of a text that runs from right to left. What runs
// from left to right in it and would be torn apart by the Unicode Bidirectional
// Algorithm (UAX #9) gets a bdi element around it.
func (a *assembler) isolate(dst []byte, h *bitext.UnitSpan, chars string, crlf bool) []byte {
	at := 0
	templated := strings.Contains(chars, "{{") || strings.Contains(chars, "{%") // an element inside the tag of an engine breaks it
	if !templated && !strings.ContainsAny(chars, directionMarks) && !isolated(dst) {
		for _, r := range leftToRightRuns(chars) {
			dst = a.escape(dst, h, chars[at:r[0]], crlf, false)
			dst = append(dst, "<bdi>"...)
			dst = a.escape(dst, h, chars[r[0]:r[1]], crlf, false)
			dst = append(dst, "</bdi>"...)
			at = r[1]
		}
	}
	return a.escape(dst, h, chars[at:], crlf, false)
}

// LeftToRightRuns returns the parts of a text from right to left that need isolating, as
// byte offsets in rising order; none where a translator has seen to direction. It is for
// formats in which elements of HTML can be written.
func LeftToRightRuns(text string) [][2]int {
	if strings.ContainsAny(text, directionMarks) {
		return nil
	}
	return leftToRightRuns(text)
}

// isolateCopies gives the edits that isolate texts of an edition from right to left
// that are their source unchanged, because there is nothing to translate in them:
// telephone numbers, negative figures, addresses that end in a sign. In such an
// edition they would be torn apart as isolate says; what is written anew is seen to there.
func (a *assembler) isolateCopies(tr *bitext.Translation) (out []bitext.Edit) {
	if !a.rtl || tr == nil {
		return nil
	}
	for i := range a.doc.Skeleton.Spans {
		h := &a.doc.Skeleton.Spans[i]
		u := &a.doc.Units[h.Unit]
		if !strings.HasPrefix(h.Context, inText) || strings.HasPrefix(h.Context, inPlain) {
			continue
		}
		for _, r := range RunsOfCopy(u, tr.Targets[h.Unit], string(a.data[h.Start:h.End])) {
			out = append(out,
				bitext.Edit{Start: h.Start + r[0], End: h.Start + r[0], Text: `<bdi dir="ltr">`},
				bitext.Edit{Start: h.Start + r[1], End: h.Start + r[1], Text: "</bdi>"})
		}
	}
	return out
}

// RunsOfCopy returns the parts that need isolating of a unit that is published as its
// source, as byte offsets in raw, its bytes in the document. There are none if the unit has
// codes or is written otherwise than its characters.
func RunsOfCopy(u *bitext.Unit, targets []bitext.Target, raw string) [][2]int {
	text := u.Source.Chars
	if u.NoTranslate || len(u.Source.Codes) > 0 || len(text) > maxCopy || raw != text || strings.ContainsAny(text, "<&") || !isCopy(u, targets) {
		return nil
	}
	if figure := strings.TrimSpace(text); isSignedFigure(figure) {
		from := strings.Index(text, figure)
		return [][2]int{{from, from + len(figure)}}
	}
	return leftToRightRuns(text)
}

// maxCopy is the length in bytes up to which an unchanged text is looked at.
const maxCopy = 200

// isCopy reports whether all segments of a unit are published as their source, and that as a
// text of the edition's own language.
func isCopy(u *bitext.Unit, targets []bitext.Target) bool {
	for i := range u.Segments {
		t := &targets[i]
		if !u.Segments[i].Ignorable && (!t.Filled || t.Locale != "" || !t.Text.Equal(u.Segments[i].Source)) {
			return false
		}
	}
	return len(u.Segments) > 0
}

// isSignedFigure reports whether a text is a number behind a sign, which a direction
// from right to left would pull to its other side: "-5 %", "+1 202 555 0100".
func isSignedFigure(s string) bool {
	sign, n := utf8.DecodeRuneInString(s)
	digits := false
	for _, r := range s[n:] {
		if unicode.IsLetter(r) {
			return false
		}
		digits = digits || unicode.IsDigit(r)
	}
	return digits && strings.ContainsRune("+-−±#", sign)
}

// directionMarks are characters by which a translator has seen to direction.
const directionMarks = "\u200E\u202A\u202B\u202D\u202E\u2066\u2067\u2068\u2069"

// isolated reports whether dst ends with a tag that sets a direction for what
// follows.
func isolated(dst []byte) bool {
	if len(dst) == 0 || dst[len(dst)-1] != '>' {
		return false
	}
	i := bytes.LastIndexByte(dst, '<')
	if i < 0 {
		return false
	}
	tag := bytes.ToLower(dst[i:])
	return bytes.HasPrefix(tag, []byte("<bd")) || bytes.Contains(tag, []byte("dir="))
}

// grouped matches telephone numbers and dates in digits: groups that UAX #9
// orders from right to left behind an Arabic letter (its rule W2 makes them
// Arabic numbers, and W4 no longer joins them over a hyphen).
var grouped = lazy.Regexp(`\+?\(?[0-9]+\)?(?:[-. ]{1,2}\(?[0-9]+\)?)*`)

// leftToRightRuns lists the parts of a text from right to left that need isolating, as
// byte offsets in rising order: what is written from left to right with a sign of
// its own at an edge, which the paragraph's direction would pull to the other
// side ("U.S.", "C++", "@name", "https://example.com/"), and telephone numbers
// and dates. A sign between two letters from left to right stays where it is.
func leftToRightRuns(s string) (out [][2]int) {
	from, to := -1, 0 // the words from left to right since the last other one
	opened := false   // a mark opens before the first of them
	end := func() {
		if from >= 0 {
			first, _ := utf8.DecodeRuneInString(s[from:to])
			last, _ := utf8.DecodeLastRuneInString(s[from:to])
			if isSign(first) || isSign(last) {
				out = append(out, [2]int{from, withClosing(s, from, to)})
			}
		}
		from = -1
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		start := i
		for i < len(s) {
			if r, n = utf8.DecodeRuneInString(s[i:]); unicode.IsSpace(r) {
				break
			}
			i += n
		}
		f, t := core(s, start, i)
		if strings.ContainsFunc(s[start:t], isRTL) {
			end()
			continue
		}
		if strings.ContainsFunc(s[f:t], isLTR) {
			if from < 0 {
				from, opened = f, f > start
			}
			to = t
		}
		// A bracket stays with its pair, and a list has the order of its comma.
		if after := s[t:i]; strings.ContainsFunc(after, isRTL) || strings.ContainsAny(after, "،؛؟") || opened && strings.ContainsAny(after, closing) {
			end()
		}
	}
	end()
	digits := 0
	for i := range len(s) {
		if s[i]-'0' < 10 {
			digits++
		}
	}
	if digits >= 7 {
		// What is isolated has no direction for what follows (UAX #9, BD13).
		b := []byte(s)
		for _, r := range out {
			for i := r[0]; i < r[1]; i++ {
				b[i] = ' '
			}
		}
		rest := string(b)
		at, follows := 0, false // a letter from left to right, whose way they would go
		for _, m := range grouped().FindAllStringIndex(rest, -1) {
			strong := func(r rune) bool { return isLTR(r) || isRTL(r) }
			if i := strings.LastIndexFunc(rest[at:m[0]], strong); i >= 0 {
				r, _ := utf8.DecodeRuneInString(rest[at+i:])
				follows = isLTR(r)
			}
			at = m[1]
			if !follows && isGrouped(rest, m[0], m[1]) {
				out = append(out, [2]int{m[0], m[1]})
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	return slices.CompactFunc(out, func(next, last [2]int) bool { return next[0] < last[1] })
}

// isSign reports whether a character is none that a word may begin or end with
// and keep its place.
func isSign(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }

// isGrouped reports whether the digits s[from:to] are a telephone number or a
// date rather than a figure or a range.
func isGrouped(s string, from, to int) bool {
	if before, _ := utf8.DecodeLastRuneInString(s[:from]); from > 0 && !unicode.IsSpace(before) && !unicode.IsPunct(before) {
		return false
	}
	digits, groups := 0, 0
	for i := from; i < to; i++ {
		if s[i]-'0' < 10 {
			digits++
			if i == from || s[i-1]-'0' >= 10 {
				groups++
			}
		}
	}
	word := s[from:to]
	return digits >= 7 && (word[0] == '+' || groups >= 3 && strings.ContainsAny(word, "-("))
}

// withClosing returns to, or the end of the brackets behind it that close those which
// s[from:to] opens.
func withClosing(s string, from, to int) int {
	var open [3]int
	for i := from; i < len(s); i++ {
		if k := strings.IndexByte("([{", s[i]); k >= 0 && i < to {
			open[k]++
			continue
		}
		k := strings.IndexByte(")]}", s[i])
		if i >= to {
			if k < 0 || open[k] <= 0 {
				break
			}
			to = i + 1
		}
		if k >= 0 {
			open[k]--
		}
	}
	return to
}

// closing are brackets and quotation marks that end what another one opens.
const closing = `)]}>"'«»”’›`

// core is a word without the quotation marks, brackets and stops of the
// sentence that it stands in.
func core(s string, from, to int) (int, int) {
	for from < to {
		r, n := utf8.DecodeRuneInString(s[from:to])
		if !strings.ContainsRune(`([{<"'«»“”‘’„‹›`, r) {
			break
		}
		from += n
	}
	for to > from {
		r, n := utf8.DecodeLastRuneInString(s[from:to])
		if r == '.' && abbreviation(s[from:to-1]) || !strings.ContainsRune(`)]}>"'«»“”‘’„‹›,;:!?.…،؛؟`, r) {
			break
		}
		to -= n
	}
	return from, to
}

// maxAbbreviation is the length in bytes of the longest word that abbreviation looks at.
const maxAbbreviation = 32

// abbreviation reports whether a word, with a stop behind it, is one of letters
// with stops, such as "U.S" and "Ph.D".
func abbreviation(s string) bool {
	if len(s) > maxAbbreviation || !strings.Contains(s, ".") {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if n := utf8.RuneCountInString(part); n == 0 || n > 2 || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return false
		}
	}
	return true
}

// isRTL and isLTR report whether a character runs strongly from right to left or
// from left to right (UAX #9, table 4).
func isRTL(r rune) bool {
	if r < 0x590 {
		return false
	}
	c := bidiClass(r)
	return c == bidi.R || c == bidi.AL
}

func isLTR(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z'
	}
	return bidiClass(r) == bidi.L
}

func bidiClass(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}
