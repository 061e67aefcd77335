package difference

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/words"
)

// Part is a part of two texts that were compared: both have it, or only the old or only
// the new one.
type Part struct {
	Text           string
	Deleted, Added bool
}

// maxWords limits the words of texts that are compared word by word.
const maxWords = 2000

// Words compares two texts word by word (UAX #29), what is between words included.
func Words(old, now string) []Part {
	a, b := split(old), split(now)
	var out []Part
	add := func(words []string, deleted, added bool) {
		if len(words) > 0 {
			out = append(out, Part{strings.Join(words, ""), deleted, added})
		}
	}
	at := 0
	for _, c := range Of(a, b, maxWords) {
		add(a[at:c.From], false, false)
		add(a[c.From:c.To], true, false)
		add(b[c.NewFrom:c.NewTo], false, true)
		at = c.To
	}
	add(a[at:], false, false)
	return out
}

// Marked returns what Words returns as one text for people: [-deleted-] and {+added+}, as
// wdiff and git write it.
func Marked(old, now string) string {
	var b strings.Builder
	for _, p := range Words(old, now) {
		switch {
		case p.Deleted:
			b.WriteString("[-" + p.Text + "-]")
		case p.Added:
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// split returns the words of a text and what is between them.
func split(s string) []string {
	var out []string
	for w := words.FromString(s); w.Next(); {
		out = append(out, w.Value())
	}
	return out
}
