package report

import (
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// around is the number of characters that an excerpt shows on each side of its span.
const around = 40

// excerpt is the part of a segment's target that a finding is about, with what stands
// around it; of the source, if there is no target. Nothing in it is hidden.
type excerpt struct{ Before, Marked, After string }

// excerptOf returns the excerpt of a finding that has the texts of its segment and the
// spans in them.
func excerptOf(d diag.Diagnostic) (e excerpt, ok bool) {
	for _, side := range [...]string{"target", "source"} {
		text, _ := d.Args[side+"_text"].(string)
		if text == "" {
			continue
		}
		start, end := 0, len(text)
		if span, found := d.Args[side+"_span"].([]int); found && len(span) == 2 && 0 <= span[0] && span[0] <= span[1] && span[1] <= len(text) {
			start, end = span[0], span[1]
		}
		e.Before, e.Marked, e.After = text[:start], text[start:end], text[end:]
		if n := utf8.RuneCountInString(e.Before); n > around {
			e.Before = "…" + string([]rune(e.Before)[n-around:])
		}
		if n := utf8.RuneCountInString(e.After); n > around {
			e.After = string([]rune(e.After)[:around]) + "…"
		}
		if utf8.RuneCountInString(e.Marked) > 3*around {
			e.Marked = string([]rune(e.Marked)[:3*around]) + "…"
		}
		e.Before, e.Marked, e.After = Visible(e.Before), Visible(e.Marked), Visible(e.After)
		return e, true
	}
	return e, false
}

// String returns the excerpt as one text.
func (e excerpt) String() string { return e.Before + e.Marked + e.After }
