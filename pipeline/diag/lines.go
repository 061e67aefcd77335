package diag

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// Lines finds the line and column of many offsets of one text, in any order and
// in little time however long the lines are. It must not be used by several
// goroutines at once.
type Lines struct {
	data   []byte
	starts []int // of lines
	runes  []int // number of runes before each step of the text; filled as far as needed
}

// runeStep is the number of bytes between two counts of runes.
const runeStep = 512

// NewLines returns the line index of a text. It keeps data.
func NewLines(data []byte) *Lines {
	l := &Lines{data: data, starts: make([]int, 1, bytes.Count(data, []byte("\n"))+1)}
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			return l
		}
		i += n + 1
		l.starts = append(l.starts, i)
	}
}

// At returns the line and column of a byte offset, both from 1. An offset outside the
// text is moved to the nearer end.
func (l *Lines) At(offset int) (line, column int) {
	offset = max(0, min(offset, len(l.data)))
	line = sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset })
	start := l.starts[line-1]
	if offset-start < 2*runeStep {
		return line, utf8.RuneCount(l.data[start:offset]) + 1
	}
	return line, l.before(offset) - l.before(start) + 1
}

// Offset returns the byte offset of a line and column, both from 1. It returns 0
// for a line that does not exist and the length of the text for a column beyond
// its end.
func (l *Lines) Offset(line, column int) int {
	if line < 1 || line > len(l.starts) {
		return 0
	}
	at, left := l.starts[line-1], column-1
	if left > 2*runeStep {
		want := l.before(at) + left
		l.count(len(l.data) / runeStep)
		k := sort.Search(len(l.runes), func(k int) bool { return l.runes[k] > want }) - 1
		at, left = l.step(k), want-l.runes[k]
	}
	for ; left > 0 && at < len(l.data); left-- {
		_, n := utf8.DecodeRune(l.data[at:])
		at += n
	}
	return at
}

// Start returns the offset at which the line of a byte offset begins.
func (l *Lines) Start(offset int) int { return l.starts[l.index(offset)] }

// End returns the offset after the line break that ends the line of a byte offset.
func (l *Lines) End(offset int) int {
	if i := l.index(offset) + 1; i < len(l.starts) {
		return l.starts[i]
	}
	return len(l.data)
}

// index returns the number of the line of a byte offset, from 0.
func (l *Lines) index(offset int) int {
	return max(sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset })-1, 0)
}

// before returns the number of runes before offset.
func (l *Lines) before(offset int) int {
	k := offset / runeStep
	l.count(k)
	return l.runes[k] + utf8.RuneCount(l.data[min(l.step(k), offset):offset])
}

// step returns where step k begins, or where the rune begins that it is in.
func (l *Lines) step(k int) int {
	at := k * runeStep
	for back := 1; back < utf8.UTFMax && back <= at && at < len(l.data); back++ {
		if utf8.RuneStart(l.data[at]) {
			break
		}
		if r, n := utf8.DecodeRune(l.data[at-back:]); r != utf8.RuneError && n > back {
			return at - back
		}
	}
	return at
}

// count counts the runes before every step up to k.
func (l *Lines) count(k int) {
	if l.runes == nil {
		l.runes = make([]int, 1, len(l.data)/runeStep+1)
	}
	for n := len(l.runes); n <= k; n++ {
		l.runes = append(l.runes, l.runes[n-1]+utf8.RuneCount(l.data[l.step(n-1):l.step(n)]))
	}
}
