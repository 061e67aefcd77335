// Package inplace changes translations inside the bytes of a bilingual file and leaves
// every other byte as it is, as no decoder and encoder of a format can promise. It finds
// the places where the file has the characters of targets and splices them.
package inplace

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/difference"
)

// Target is one translation of the file, in the order of the file: its characters, and
// those that it is to have. Equal ones are left alone.
type Target struct{ Old, New string }

// ErrFormat is returned for file types that cannot be changed in place.
var ErrFormat = errors.New("files of this type cannot be changed in place")

// place is where a file has some characters: the bytes of each.
type place struct {
	group      string // places of one group are alike: a column, an element of a language
	chars      string
	start, end []int // of each character
}

func (p *place) add(r rune, start, end int, b *strings.Builder) {
	b.WriteRune(r)
	p.start, p.end = append(p.start, start), append(p.end, end)
}

// format is what is needed of a type of files.
type format struct {
	places func(data string) ([]place, error)
	escape func(text string) string
}

var formats = map[string]format{
	".xlf": {xmlPlaces, escapeXML}, ".xliff": {xmlPlaces, escapeXML}, ".tmx": {xmlPlaces, escapeXML},
	".po": {poPlaces, escapePO}, ".jsonl": {jsonPlaces, escapeJSON},
	".csv": {func(d string) ([]place, error) { return tablePlaces(d, ',') }, nil},
	".tsv": {func(d string) ([]place, error) { return tablePlaces(d, '\t') }, nil},
}

// Splice returns the bytes of a file with the targets changed, and which of those that
// differ could not be found in it. The extension of the file, such as ".xlf", says what
// type it is. The file must be in UTF-8.
func Splice(extension string, data []byte, targets []Target) (changed []byte, missing []int, err error) {
	f, ok := formats[strings.ToLower(extension)]
	if !ok {
		return nil, nil, ErrFormat
	}
	text := string(data)
	if !utf8.ValidString(text) {
		return nil, nil, errors.New("only files in UTF-8 can be changed in place")
	}
	places, err := f.places(text)
	if err != nil {
		return nil, nil, err
	}
	found := match(places, targets)
	var b strings.Builder
	at := 0
	for i, t := range targets {
		if t.Old == t.New {
			continue
		}
		if found[i] < 0 {
			missing = append(missing, i)
			continue
		}
		p := &places[found[i]]
		for _, h := range hunks(t.Old, t.New) {
			to := len(text)
			switch {
			case h.from < len(p.start):
				to = p.start[h.from]
			case len(p.end) > 0:
				to = p.end[len(p.end)-1]
			}
			if to < at { // cannot be, in the order of the file
				return nil, nil, fmt.Errorf("the places of %q are not in order", t.Old)
			}
			b.WriteString(text[at:to])
			at = to
			if f.escape != nil {
				b.WriteString(f.escape(h.text))
			} else {
				b.WriteString(h.text)
			}
			for k := h.from; k < h.to; k++ { // what stands between characters stays
				b.WriteString(text[at:p.start[k]])
				at = p.end[k]
			}
		}
	}
	b.WriteString(text[at:])
	return []byte(b.String()), missing, nil
}

// match finds the place of each target, -1 if there is none: the places of the group
// that has most of the targets, in the order of both.
func match(places []place, targets []Target) []int {
	byGroup := map[string][]int{}
	var groups []string
	for i := range places {
		g := places[i].group
		if byGroup[g] == nil {
			groups = append(groups, g)
		}
		byGroup[g] = append(byGroup[g], i)
	}
	best := make([]int, len(targets))
	for i := range best {
		best[i] = -1
	}
	most := 0
	for _, g := range groups {
		found, n := inOrder(places, byGroup[g], targets)
		if n > most {
			best, most = found, n
		}
	}
	return best
}

// inOrder matches targets with places of one group. A target that no place has is
// passed over.
func inOrder(places []place, group []int, targets []Target) (found []int, n int) {
	where := map[string][]int{} // characters → indexes in group
	for k, i := range group {
		where[places[i].chars] = append(where[places[i].chars], k)
	}
	found = make([]int, len(targets))
	next := 0
	for i, t := range targets {
		found[i] = -1
		list := where[t.Old]
		k, _ := slices.BinarySearch(list, next)
		// A target far away is one that an earlier place could not be read of.
		if k < len(list) {
			found[i] = group[list[k]]
			next = list[k] + 1
			n++
		}
	}
	return found, n
}

// hunk is a change of characters, by their numbers in the old text.
type hunk struct {
	from, to int
	text     string
}

// maxCompared limits the table of the comparison of two texts.
const maxCompared = 2000

// hunks returns the changes that make a text of another: the fewest, in characters, for
// texts that are not very long.
func hunks(old, changed string) []hunk {
	a, b := []rune(old), []rune(changed)
	var out []hunk
	for _, c := range difference.Of(a, b, maxCompared) {
		out = append(out, hunk{c.From, c.To, string(b[c.NewFrom:c.NewTo])})
	}
	return out
}
