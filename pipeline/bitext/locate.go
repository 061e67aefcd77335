package bitext

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// A Locator finds where in the original document a unit or segment stands. It
// does its work when it is first asked; many goroutines may ask at once.
type Locator struct {
	document *Document
	once     sync.Once
	lines    []int          // offsets in Skeleton.Data at which lines start
	units    map[string]int // by id
	holes    []int          // by unit; -1 for none
}

// NewLocator gives the locator of a document that no longer changes.
func NewLocator(d *Document) *Locator { return &Locator{document: d} }

func (l *Locator) learn() {
	data := l.document.Skeleton.Data
	l.lines = make([]int, 1, bytes.Count(data, []byte("\n"))+1)
	for i, c := range data {
		if c == '\n' {
			l.lines = append(l.lines, i+1)
		}
	}
	l.units = make(map[string]int, len(l.document.Units))
	l.holes = make([]int, len(l.document.Units))
	for i := range l.document.Units {
		l.units[l.document.Units[i].ID] = i
		l.holes[i] = -1
	}
	for i, h := range l.document.Skeleton.Spans {
		if l.holes[h.Unit] < 0 {
			l.holes[h.Unit] = i
		}
	}
}

// At is the line and the column, in characters, both from 1, at which a segment
// of a unit begins, or the unit itself where there is no such segment. It is not
// ok for a unit that the document does not have.
func (l *Locator) At(unit, segment string) (line, column int, ok bool) {
	l.once.Do(l.learn)
	i, ok := l.units[unit]
	if !ok || l.holes[i] < 0 {
		return 0, 0, false
	}
	u, h := &l.document.Units[i], &l.document.Skeleton.Spans[l.holes[i]]
	at := h.Start
	for j := range u.Segments {
		if u.Segments[j].ID == segment {
			at = h.raw(u.Source, u.Segments[j].From)
		}
	}
	line = sort.SearchInts(l.lines, at+1)
	return line, utf8.RuneCount(l.document.Skeleton.Data[l.lines[line-1]:at]) + 1, true
}
