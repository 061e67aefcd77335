package pipeline

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// maxMatchCells limits the table in which units are matched. Larger documents are
// matched one by one.
const maxMatchCells = 4 << 20

// unitShape is what units are matched by.
type unitShape struct {
	id, kind string
	text     string // what the page is expected to have
	words    map[string]bool
	codes    int
}

// newShape returns the shape of a unit. In plain text the kind of a unit follows from
// its words, and may differ between languages.
func newShape(u *bitext.Unit, format string, text bitext.Text) unitShape {
	kind := string(u.Kind) + "\x00" + u.Name
	if format == "text" {
		kind = ""
	}
	s := unitShape{id: u.ID, kind: kind, text: strings.Join(strings.Fields(text.Chars), " "), codes: len(text.Codes)}
	s.words = map[string]bool{}
	for _, w := range wordsOf(s.text) {
		s.words[strings.ToLower(w)] = true
	}
	return s
}

// matchUnits returns for each unit of the translation's document the index of the
// unit of a page that it became, or -1. The order of units is kept. Units at both ends
// that have the expected text are matched first; of the others, those that together
// are most similar.
func matchUnits(tr *bitext.Translation, page *bitext.Document) []int {
	d := tr.Document
	a, b := make([]unitShape, len(d.Units)), make([]unitShape, len(page.Units))
	for i := range d.Units {
		a[i] = newShape(&d.Units[i], d.Format, currentText(&d.Units[i], tr.Targets[i]))
	}
	for i := range page.Units {
		b[i] = newShape(&page.Units[i], d.Format, page.Units[i].Source)
	}
	out := make([]int, len(a))
	for i := range out {
		out[i] = -1
	}
	same := func(x, y *unitShape) bool { return x.kind == y.kind && x.text == y.text }
	from := 0
	for from < len(a) && from < len(b) && same(&a[from], &b[from]) {
		out[from] = from
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && same(&a[endA-1], &b[endB-1]) {
		endA, endB = endA-1, endB-1
		out[endA] = endB
	}
	n, m := endA-from, endB-from
	if n == 0 || m == 0 {
		return out
	}
	if (n+1)*(m+1) > maxMatchCells {
		if n == m {
			for i := range n {
				if x, y := &a[from+i], &b[from+i]; x.kind == y.kind {
					out[from+i] = from + i
				}
			}
		}
		return out
	}
	// The alignment of the highest total score: Needleman and Wunsch, "A general method
	// applicable to the search for similarities", 1970, without penalties for gaps.
	best := make([]int32, (n+1)*(m+1))
	score := make([]int32, n*m)
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			s := similarity(&a[from+i], &b[from+j], n == m && i == j)
			score[i*m+j] = s
			top := max(best[(i+1)*(m+1)+j], best[i*(m+1)+j+1])
			if s > 0 {
				top = max(top, s+best[(i+1)*(m+1)+j+1])
			}
			best[i*(m+1)+j] = top
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		now := best[i*(m+1)+j]
		switch s := score[i*m+j]; {
		case s > 0 && now == s+best[(i+1)*(m+1)+j+1]:
			out[from+i] = from + j
			i, j = i+1, j+1
		case now == best[(i+1)*(m+1)+j]:
			i++
		default:
			j++
		}
	}
	return out
}

// similarity returns how well a unit of a page fits one of the article: 0 if it
// cannot be the same. sameIndex reports that both are at one index of as many units.
func similarity(a, b *unitShape, sameIndex bool) int32 {
	if a.kind != b.kind {
		return 0
	}
	if a.text == b.text {
		return 100
	}
	common := 0
	for w := range a.words {
		if b.words[w] {
			common++
		}
	}
	s := int32(0)
	if total := max(len(a.words), len(b.words)); total > 0 {
		s = int32(60 * common / total)
	}
	if a.id == b.id {
		s += 30
	}
	if s < 15 && !sameIndex {
		return 0 // nothing in common: a new text is not the translation of a removed one
	}
	if a.codes == b.codes {
		s += 5
	}
	return s + 5
}
