package html

import (
	"slices"
	"sort"

	"hexapla/pipeline/bitext"
)

// keepsWords reports whether the words in an inline element, the start tag of which
// begins at an offset, are the source's own in the translation too: the name of a
// language in a list of languages, a title that is not translated. What the element
// declares of its language is then still right.
func (a *assembler) keepsWords(at int) bool {
	if a.tr == nil {
		return false
	}
	spans := a.doc.Skeleton.Spans
	after := sort.Search(len(spans), func(i int) bool { return spans[i].Start > at })
	for i := after - 1; i >= max(0, after-maxInner); i-- {
		if s := &spans[i]; s.End > at {
			if j, ok := slices.BinarySearch(s.Codes, at); ok {
				return a.keepsPair(s.Unit, j)
			}
		}
	}
	if after == len(spans) {
		return false
	}
	// The element is around the whole text.
	u := &a.doc.Units[spans[after].Unit]
	for i := range u.Segments {
		t := &a.tr.Targets[spans[after].Unit][i]
		if t.Filled && t.Text.Chars != u.Segments[i].Source.Chars {
			return false
		}
	}
	return true
}

// maxInner is among how many texts before a tag the one that it is in is looked for:
// a text may have others in its codes, such as those of images.
const maxInner = 64

// keepsPair reports whether the characters in a pair of codes of a unit, that of the
// code at a place in its source, are the same in its target.
func (a *assembler) keepsPair(unit, code int) bool {
	u := &a.doc.Units[unit]
	c := &u.Source.Codes[code]
	source, ok := inPair(u.Source, c.ID)
	if !ok {
		return false
	}
	for i := range u.Segments {
		seg, t := &u.Segments[i], &a.tr.Targets[unit][i]
		text := seg.Source
		if t.Filled {
			text = t.Text
		}
		if got, ok := inPair(text, c.ID); ok {
			return got == source
		}
	}
	return false
}

// inPair returns the characters between the two codes of an ID.
func inPair(t bitext.Text, id string) (string, bool) {
	from := -1
	for i := range t.Codes {
		switch c := &t.Codes[i]; {
		case c.ID != id:
		case c.Kind == bitext.Start:
			from = c.Pos
		case c.Kind == bitext.End && from >= 0:
			return t.Chars[from:c.Pos], true
		}
	}
	return "", false
}
