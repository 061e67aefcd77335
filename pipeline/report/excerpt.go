package report

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// around is the number of characters that an excerpt shows on each side of its span.
const around = 60

// excerpt is the part of a segment's source or target that a finding is about, with what
// stands around it. Nothing in it is hidden.
type excerpt struct {
	Side                  string // "source" or "target"
	Start, End            int    // of the span, in bytes of the whole text
	Before, Marked, After string
}

// excerptsOf returns the excerpts of a finding that has the texts of its segment and the
// spans in them: of the source, then of the target. A text without a span is marked as a
// whole.
func excerptsOf(d diag.Diagnostic) (out []excerpt) {
	for _, side := range [...]string{"source", "target"} {
		text, _ := d.Args[side+"_text"].(string)
		if text == "" {
			continue
		}
		e := excerpt{Side: side, End: len(text)}
		if start, end, ok := spanOf(d.Args[side+"_span"]); ok && 0 <= start && start <= end && end <= len(text) {
			e.Start, e.End = start, end
		}
		e.Before, e.Marked, e.After = text[:e.Start], text[e.Start:e.End], text[e.End:]
		if last := lastCharacters(e.Before, around); last != e.Before {
			e.Before = "…" + last
		}
		if first := firstCharacters(e.After, around); first != e.After {
			e.After = first + "…"
		}
		if first := firstCharacters(e.Marked, 4*around); first != e.Marked {
			e.Marked = first + "…"
		}
		e.Before, e.Marked, e.After = Visible(e.Before), Visible(e.Marked), Visible(e.After)
		out = append(out, e)
	}
	return out
}

// firstCharacters returns the first n characters of a text, and no part of another one:
// what is combined with the last of them stays with it.
func firstCharacters(s string, n int) string {
	end := 0
	for ; n > 0 && end < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	for extra := 0; extra < around; extra++ {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.M, r) {
			break
		}
		end += size
	}
	return s[:end]
}

// lastCharacters returns the last n characters of a text, and more if the first of them
// is combined with others before it.
func lastCharacters(s string, n int) string {
	start, combines := len(s), false
	for limit := n + around; start > 0 && (n > 0 || combines && limit > 0); limit-- {
		r, size := utf8.DecodeLastRuneInString(s[:start])
		start, combines = start-size, unicode.Is(unicode.M, r)
		n--
	}
	return s[start:]
}

// spanOf returns the ends of a span: a pair of ints, or of the numbers that JSON has.
func spanOf(v any) (start, end int, ok bool) {
	switch v := v.(type) {
	case []int:
		if len(v) == 2 {
			return v[0], v[1], true
		}
	case []any:
		if len(v) == 2 {
			a, ok1 := v[0].(float64)
			b, ok2 := v[1].(float64)
			return int(a), int(b), ok1 && ok2
		}
	}
	return 0, 0, false
}

// String returns the excerpt as a line of text: "target 4:9 | The [[1,500]] people". A span
// that is the whole text has no brackets around it.
func (e excerpt) String() string {
	return fmt.Sprintf("%s %d:%d | %s", e.Side, e.Start, e.End, e.text())
}

// text returns the excerpt with brackets around its span.
func (e excerpt) text() string {
	if e.Before == "" && e.After == "" {
		return e.Marked
	}
	return e.Before + "[[" + e.Marked + "]]" + e.After
}
