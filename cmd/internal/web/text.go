package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"hexapla/cmd/internal/console"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/difference"
)

// piece is a part of a text on the page: characters with a mark, or a code.
type piece struct {
	Text  string
	Class string // of the mark; "" for none
	Title string // what the mark means
	Code  *codeChip
}

// codeChip is an inline code as a person sees it.
type codeChip struct {
	Number int
	Shape  string // "start", "end" or "alone"
	Tag    string // "<1>", as it is written in a text
	Label  string // what it is in the article: "<b>"
}

// span is a part of a text's characters that is marked, in bytes.
type span struct {
	from, to     int
	class, title string
}

// pieces cuts a text at its codes and at the ends of spans. Numbers of codes are those
// that they have in source.
func pieces(t, source bitext.Text, spans []span) []piece {
	var out []piece
	numbers := codeNumbers(source)
	cuts := []int{0, len(t.Chars)}
	for _, s := range spans {
		cuts = append(cuts, s.from, s.to)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	at := 0
	for p := range t.Pieces() {
		if p.Code != nil {
			out = append(out, piece{Code: chip(*p.Code, numbers)})
			continue
		}
		end := at + len(p.Chars)
		for at < end {
			i, _ := slices.BinarySearch(cuts, at+1)
			to := end
			if i < len(cuts) {
				to = min(to, cuts[i])
			}
			x := piece{Text: t.Chars[at:to]}
			for _, s := range spans {
				if s.from <= at && to <= s.to {
					x.Class = strings.TrimSpace(x.Class + " " + s.class)
					if x.Title != "" && s.title != "" {
						x.Title += "\n"
					}
					x.Title += s.title
				}
			}
			out = append(out, x)
			at = to
		}
	}
	return out
}

// chip returns a code as the page shows it. A code that the source does not have gets a
// number of its own.
func chip(c bitext.Code, numbers map[string]int) *codeChip {
	n, ok := numbers[c.ID]
	if !ok {
		n = len(numbers) + 1
		numbers[c.ID] = n
	}
	x := &codeChip{Number: n, Label: cmp.Or(c.Disp, c.Data, c.Equiv)}
	if utf8.RuneCountInString(x.Label) > 120 {
		x.Label = string([]rune(x.Label)[:120]) + "…"
	}
	num := strconv.Itoa(n)
	switch c.Kind {
	case bitext.Start:
		x.Shape, x.Tag = "start", "<"+num+">"
	case bitext.End:
		x.Shape, x.Tag = "end", "</"+num+">"
	default:
		x.Shape, x.Tag = "alone", "<"+num+"/>"
	}
	return x
}

// codeNumbers returns the numbers of a text's codes, as Text.Tagged counts them.
func codeNumbers(t bitext.Text) map[string]int {
	n := map[string]int{}
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = len(n) + 1
		}
	}
	return n
}

// chips returns the codes of a source, in order.
func chips(source bitext.Text) []*codeChip {
	numbers := codeNumbers(source)
	var out []*codeChip
	for _, c := range source.Codes {
		out = append(out, chip(c, numbers))
	}
	return out
}

// termSpans marks the glossary's terms.
func termSpans(terms []bitext.TermMark, title func(bitext.TermMark) string) []span {
	var out []span
	for _, t := range terms {
		out = append(out, span{t.Start, t.End, "term", title(t)})
	}
	return out
}

// findingSpans marks what findings point at. side is "source_span" or "target_span".
func findingSpans(p console.Printer, ds []diag.Diagnostic, side string, length int) []span {
	var out []span
	for _, d := range ds {
		if s, ok := d.Args[side].([]int); ok && len(s) == 2 && s[0] >= 0 && s[0] < s[1] && s[1] <= length {
			out = append(out, span{s[0], s[1], "finding " + d.Severity.String(), p.Message(d)})
		}
	}
	return out
}

// compare compares two texts word by word: what only the old one has is "del", what
// only the new one has "ins".
func compare(old, now string) []piece {
	var out []piece
	for _, p := range difference.Words(old, now) {
		class := ""
		switch {
		case p.Deleted:
			class = "del"
		case p.Added:
			class = "ins"
		}
		out = append(out, piece{Text: p.Text, Class: class})
	}
	return out
}

// cleanLine is pipeline.CleanText for a field of one line, without spaces around it.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(pipeline.CleanText(s)), " ")
}

// countCharacters counts what a person sees as characters (UAX #29, extended grapheme
// clusters).
func countCharacters(s string) int {
	n := 0
	for g := graphemes.FromString(s); g.Next(); {
		n++
	}
	return n
}
