package segment

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// view is a text as the rules see it: line ends are spaces unless they are
// meant, and a code that means white space is there as such.
type view struct {
	chars string
	// Where the view has more characters than the text: after each, the offset
	// in the view and the sum of what was put in so far.
	added []insertion
}

type insertion struct{ at, sum int }

var plainSpace = strings.NewReplacer("\n", " ", "\r", " ", "\v", " ", "\f", " ", "\t", " ")

// newView makes the view. Only white space of one byte is ever replaced, so
// offsets move by insertions alone.
func newView(t bitext.Text, preserve bool) view {
	space := func(s string) string {
		for i := 0; !preserve && i < len(s); i++ {
			if c := s[i]; c >= '\t' && c <= '\r' {
				return plainSpace.Replace(s)
			}
		}
		return s
	}
	any := false
	for i := range t.Codes {
		any = any || meansSpace(&t.Codes[i])
	}
	if !any {
		return view{chars: space(t.Chars)}
	}
	var v view
	var b strings.Builder
	at, sum := 0, 0
	lines := 0 // line breaks since the last character that is not white space
	for i := range t.Codes {
		c := &t.Codes[i]
		if !meansSpace(c) {
			continue
		}
		part := t.Chars[at:c.Pos]
		at = c.Pos
		b.WriteString(space(part))
		if strings.TrimSpace(part) != "" {
			lines = 0
		}
		equiv := space(c.Equiv)
		if strings.Contains(c.Equiv, "\n") {
			if lines++; lines == 2 {
				equiv = "\n\n" // a blank line
			}
		}
		b.WriteString(equiv)
		sum += len(equiv)
		v.added = append(v.added, insertion{b.Len(), sum})
	}
	b.WriteString(space(t.Chars[at:]))
	v.chars = b.String()
	return v
}

// meansSpace reports whether a code stands for white space, as a line break does.
func meansSpace(c *bitext.Code) bool {
	return c.Kind == bitext.Placeholder && c.Equiv != "" && strings.TrimSpace(c.Equiv) == ""
}

// original is the offset in the text of an offset in the view. One inside an
// insertion is the place of the insertion.
func (v view) original(pos int) int {
	sum := 0
	for _, in := range v.added {
		if in.at <= pos {
			sum = in.sum
			continue
		}
		// pos is before the insertion's end: inside it or before it.
		return min(pos-sum, in.at-in.sum)
	}
	return pos - sum
}
