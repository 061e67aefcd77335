package bitext

import (
	"sync"

	"hexapla/pipeline/diag"
)

// A Locator finds the place of a unit or segment in the original document. It
// builds its index at the first call; many goroutines may use it at once.
type Locator struct {
	document *Document
	once     sync.Once
	units    map[string]int // by id
	holes    []int          // by unit; -1 for none
	parts    map[int]int    // by unit, where the part that it is in begins
	mu       sync.Mutex     // of lines
	lines    *diag.Lines
}

// NewLocator returns the locator of a document that no longer changes.
func NewLocator(d *Document) *Locator { return &Locator{document: d} }

func (l *Locator) build() {
	l.lines = diag.NewLines(l.document.Skeleton.Data)
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
	l.parts = map[int]int{}
	for _, p := range l.document.Skeleton.Parts {
		start := p.Start
		if p.End == 0 {
			start = -1 // packed
		}
		for i := p.From; i < p.To; i++ {
			l.parts[i] = start
		}
	}
}

// At returns the line and the column, in characters, both from 1, at which a
// segment of a unit begins, or the unit itself if it has no such segment; for a unit
// of a part, at which the part begins. It reports false for a unit that the document
// does not have, or that is in a packed part.
func (l *Locator) At(unit, segment string) (line, column int, ok bool) {
	l.once.Do(l.build)
	i, ok := l.units[unit]
	if !ok {
		return 0, 0, false
	}
	at, inPart := l.parts[i]
	if inPart && at < 0 {
		return 0, 0, false
	}
	if !inPart {
		if l.holes[i] < 0 {
			return 0, 0, false
		}
		u, h := &l.document.Units[i], &l.document.Skeleton.Spans[l.holes[i]]
		at = h.Start
		for j := range u.Segments {
			if u.Segments[j].ID == segment {
				at = h.raw(u.Source, u.Segments[j].From)
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	line, column = l.lines.At(at)
	return line, column, true
}
