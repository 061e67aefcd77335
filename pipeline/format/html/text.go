package html

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/internal/spantext"
)

// Classes of bytes in text. Those of class 0 stand for themselves.
const (
	classSpace   = 1 + iota // a space
	classBreak              // other white space
	classAmp                // may begin a character reference
	classControl            // a control character that HTML forbids
	classLatin              // the first byte of a C1 control, among others
	classHigh               // any other byte of a longer character
)

var classes = func() (t [256]uint8) {
	for c := range 0x20 {
		t[c] = classControl
	}
	t[0x7F] = classControl
	t[' '] = classSpace
	t['\t'], t['\n'], t['\f'], t['\r'] = classBreak, classBreak, classBreak, classBreak
	t['&'] = classAmp
	for c := 0x80; c <= 0xFF; c++ {
		t[c] = classHigh
	}
	t[0xC2] = classLatin
	return t
}()

// mode is how characters are written in a piece of text.
type mode struct {
	fold      bool // white space is folded, as CSS does
	refs      bool // there are character references
	attribute bool // … by the rules for attributes
}

// writer builds a unit's text: characters, codes, and the anchors that relate
// them to the source.
type writer struct {
	s     string // the document
	valid bool   // it is UTF-8 throughout
	nbsp  int    // where a no-break space is written as a reference, or -1

	chars   []byte
	shared  bool // chars are s[from:from+n] so far
	from, n int

	// Those of the unit at hand; finish copies them to where they stay.
	codes      []bitext.Code
	rawCode    []int
	anchors    []bitext.Anchor
	all        *strings.Builder
	allCodes   []bitext.Code
	allRaw     []int
	allAnchors []bitext.Anchor
	expect     int // the raw offset that the next character has without an anchor
	first      int // where the text begins in s, or -1
	last       int // where it ends

	line   bool // nothing visible stands in this line yet
	space  bool // a folded space has just been written
	word   bool // there is a letter or a digit
	nextID int
}

// begin makes a writer ready for a document.
func (w *writer) begin(s string, valid bool) {
	w.s, w.valid, w.nbsp = s, valid, -1
	w.codes = wipe(w.codes)
	w.reset()
}

func (w *writer) reset() {
	w.chars = w.chars[:0]
	w.shared, w.from, w.n = true, 0, 0
	w.codes, w.rawCode, w.anchors = w.codes[:0], w.rawCode[:0], w.anchors[:0]
	w.expect, w.first, w.last = -1, -1, -1
	w.line, w.space, w.word = true, false, false
	w.nextID = 0
}

func (w *writer) len() int {
	if w.shared {
		return w.n
	}
	return len(w.chars)
}

// anchor notes that the next character stands at raw.
func (w *writer) anchor(raw int) {
	if w.first < 0 {
		w.first = raw
		w.expect = raw
		w.from = raw
		return
	}
	if raw != w.expect {
		w.anchors = append(w.anchors, bitext.Anchor{Text: w.len(), Raw: raw})
		w.expect = raw
	}
}

// unshare stops sharing the document's characters.
func (w *writer) unshare() {
	if w.shared {
		w.chars = append(w.chars[:0], w.s[w.from:w.from+w.n]...)
		w.shared = false
	}
}

// copy adds s[from:to] as it is.
func (w *writer) copy(from, to int) {
	w.anchor(from)
	if w.shared && (w.n == 0 || w.from+w.n == from) {
		if w.n == 0 {
			w.from = from
		}
		w.n += to - from
	} else {
		w.unshare()
		w.chars = append(w.chars, w.s[from:to]...)
	}
	w.expect, w.last = to, to
	w.line, w.space = false, false
}

// add adds characters that s[from:to] stands for.
func (w *writer) add(chars string, from, to int) {
	w.anchor(from)
	w.unshare()
	w.chars = append(w.chars, chars...)
	w.expect += len(chars)
	w.last = to
	w.line, w.space = false, false
}

// code adds a code that is s[from:to]. The caller sets its Pos only here.
func (w *writer) code(c bitext.Code, from, to int) {
	if w.first < 0 {
		w.first, w.expect = from, from
	}
	c.Pos = w.len()
	c.Data = w.s[from:to]
	w.codes = append(w.codes, c)
	w.rawCode = append(w.rawCode, from)
	w.last = to
}

// id is the next number for a code.
func (w *writer) id() string {
	w.nextID++
	return number(w.nextID)
}

var numbers = func() (t [100]string) {
	for i := range t {
		t[i] = fmt.Sprint(i)
	}
	return t
}()

func number(n int) string {
	if n < len(numbers) {
		return numbers[n]
	}
	return fmt.Sprint(n)
}

// text adds the characters of s[i:end].
func (w *writer) text(i, end int, m mode) {
	s := w.s
	for i < end {
		from := i
		for i < end {
			if classes[s[i]] == 0 {
				i = plainRun(s, i+1, end)
				continue
			}
			// A space between two characters folds to itself.
			if s[i] == ' ' && (!m.fold || i > from && i+1 < end && (classes[s[i+1]] == 0 || classes[s[i+1]] >= classLatin)) ||
				classes[s[i]] == classHigh && w.valid && w.word {
				i++
				continue
			}
			break
		}
		for j := from; j < i && !w.word; j++ {
			w.word = s[j]|0x20-'a' < 26 || s[j]-'0' < 10
		}
		if i > from {
			w.copy(from, i)
		}
		if i == end {
			return
		}
		switch classes[s[i]] {
		case classSpace, classBreak:
			i = w.white(i, end, m)
		case classAmp:
			i = w.reference(i, end, m)
		case classControl:
			w.raw(i, i+1)
			i++
		default:
			i = w.high(i, end)
		}
	}
}

// plainRun is the end of the characters from i on that stand for themselves,
// single spaces between them included: eight bytes at a time where it can.
func plainRun(s string, i, end int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	for i+8 <= end {
		b := s[i : i+8]
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		// A byte's high bit is set below for what is not ASCII, what is below a
		// space, "&" and DEL; wrong only behind a byte for which it is right.
		amp, del, sp := w^ones*'&', w^ones*0x7F, w^ones*' '
		if (w|(w-ones*' ')&^w|(amp-ones)&^amp|(del-ones)&^del)&highs != 0 {
			break
		}
		// Spaces that are two, or that begin or end these eight bytes, are looked
		// at one by one.
		if sp = (sp - ones) &^ sp & highs; sp&(sp<<8) != 0 || sp&(0x80|0x80<<56) != 0 {
			break
		}
		i += 8
	}
	for i < end && classes[s[i]] == 0 {
		i++
	}
	return i
}

// white adds the white space that begins at i, and gives its end.
func (w *writer) white(i, end int, m mode) int {
	s := w.s
	if !m.fold {
		switch {
		case s[i] == '\r' && i+1 < end && s[i+1] == '\n':
			w.add("\n", i, i+2)
			return i + 2
		case s[i] == '\r':
			w.add("\n", i, i+1)
		default:
			w.copy(i, i+1)
		}
		return i + 1
	}
	from := i
	broken := false
	for i < end && isSpace(s[i]) {
		broken = broken || s[i] == '\n' || s[i] == '\r'
		i++
	}
	if broken && w.dropsBreak(i, end) {
		return i
	}
	if !w.line && !w.space {
		if s[from] == ' ' {
			w.copy(from, from+1)
		} else {
			w.add(" ", from, from+1)
		}
		w.space = true
	}
	return i
}

// dropsBreak reports whether a line break that ends before i stands for nothing,
// because of the characters on both sides of it. Behind it may be tags within a line.
func (w *writer) dropsBreak(i, end int) bool {
	before, _ := utf8.DecodeLastRune(w.chars)
	if w.shared {
		before, _ = utf8.DecodeLastRuneInString(w.s[w.from : w.from+w.n])
	}
	if before < 0x2010 || before == utf8.RuneError {
		return false
	}
	for n := len(w.codes) - 1; n >= 0 && w.codes[n].Pos == w.len(); n-- {
		if w.codes[n].Kind == bitext.Placeholder {
			return false
		}
	}
	if i == end {
		i = behindTags(w.s, i)
	}
	after, _ := utf8.DecodeRuneInString(w.s[i:])
	if after == utf8.RuneError {
		return false
	}
	if w.shared {
		return spantext.DropsBreak(w.s[w.from:w.from+w.n], w.s[i:])
	}
	return spantext.DropsBreak(w.chars, w.s[i:])
}

// behindTags returns the end of the tags from i on, at most three, that cannot stand
// for something that is seen.
func behindTags(s string, i int) int {
	for range 3 {
		if i+1 >= len(s) || s[i] != '<' {
			break
		}
		tag := s[i+1 : min(len(s), i+200)]
		end := strings.IndexByte(tag, '>')
		if end < 0 || strings.HasPrefix(tag, "!") || strings.HasPrefix(tag, "?") {
			break
		}
		name := strings.ToLower(strings.TrimLeft(tag[:end], "/"))
		if k := strings.IndexAny(name, " \t\n\f\r/"); k >= 0 {
			name = name[:k]
		}
		switch name {
		case "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp",
			"small", "span", "strong", "sub", "sup", "time", "u", "var":
		default:
			return i
		}
		i += 1 + end + 1
	}
	return i
}

// high adds one character of several bytes, or bytes that are none.
func (w *writer) high(i, end int) int {
	r, n := utf8.DecodeRuneInString(w.s[i:end])
	switch {
	case r == utf8.RuneError && n == 1:
		from := i
		for i < end && n == 1 && r == utf8.RuneError {
			i++
			r, n = utf8.DecodeRuneInString(w.s[i:end])
		}
		w.raw(from, i)
		return i
	case r < 0xA0:
		w.raw(i, i+n)
		return i + n
	}
	w.letter(r)
	w.copy(i, i+n)
	return i + n
}

// letter takes note of a letter or a digit.
func (w *writer) letter(r rune) {
	w.word = w.word || unicode.IsLetter(r) || unicode.IsNumber(r)
}

// raw adds a code for s[from:to], which cannot be text.
func (w *writer) raw(from, to int) {
	data := w.s[from:to]
	var disp strings.Builder
	for i := range len(data) {
		if i == 8 {
			disp.WriteString("…")
			break
		}
		fmt.Fprintf(&disp, `\x%02X`, data[i])
	}
	w.escaped(disp.String(), from, to)
}

// escaped adds a code for s[from:to], which stands for something that cannot be
// text.
func (w *writer) escaped(disp string, from, to int) {
	w.code(bitext.Code{Kind: bitext.Placeholder, ID: w.id(), Disp: disp, Type: "other"}, from, to)
	w.line, w.space = false, false
}

// reference adds what the "&" at i stands for, and gives the end of it.
func (w *writer) reference(i, end int, m mode) int {
	if !m.refs {
		w.copy(i, i+1)
		return i + 1
	}
	chars, n := reference(w.s[i:end], m.attribute)
	if n == 0 {
		w.copy(i, i+1)
		return i + 1
	}
	to := i + n
	switch r, size := utf8.DecodeRuneInString(chars); {
	case size < len(chars):
		// Two characters: a cut between them belongs behind the reference.
		w.word = true
		w.add(chars[:size], i, to)
		w.add(chars[size:], to, to)
	case r == ' ' || r == '\t' || r == '\n' || r == '\f':
		if !m.fold {
			w.add(chars, i, to)
		} else if !w.line && !w.space {
			w.add(" ", i, to)
			w.space = true
		}
	case r < 0x20 || r >= 0x7F && r < 0xA0 || r == utf8.RuneError:
		w.escaped(w.s[i:to], i, to)
	default:
		if r == '\u00A0' && w.nbsp < 0 {
			w.nbsp = i
		}
		w.letter(r)
		w.add(chars, i, to)
	}
	return to
}

// finish ends a text: trailing white space that folds away is taken off, and
// the text and its hole (without its unit) are given.
func (w *writer) finish(m mode) (bitext.Text, bitext.UnitSpan) {
	t := bitext.Text{Chars: w.string(m), Codes: keep(&w.allCodes, w.codes)}
	return t, bitext.UnitSpan{Start: w.first, End: w.last,
		Anchors: keep(&w.allAnchors, w.anchors), Codes: keep(&w.allRaw, w.rawCode)}
}

// string ends a text and gives its characters.
func (w *writer) string(m mode) string {
	if m.fold && w.space {
		w.dropSpace()
	}
	if w.shared {
		return w.s[w.from : w.from+w.n]
	}
	if w.all == nil || w.all.Cap()-w.all.Len() < len(w.chars) {
		w.all = &strings.Builder{}
		w.all.Grow(max(len(w.chars), min(len(w.s)/8, 4096)))
	}
	at := w.all.Len()
	w.all.Write(w.chars)
	return w.all.String()[at:]
}

// keep is a copy of what, taken from a larger piece of memory.
func keep[T any](from *[]T, what []T) []T {
	n := len(what)
	if n == 0 {
		return nil
	}
	if cap(*from)-len(*from) < n {
		*from = make([]T, 0, max(n, min(2*cap(*from), 256), 16))
	}
	at := len(*from)
	*from = append(*from, what...)
	return (*from)[at : at+n : at+n]
}

// dropSpace takes back the space that ends the text, if nothing stands behind
// it.
func (w *writer) dropSpace() {
	n := w.len() - 1
	if len(w.codes) > 0 && w.codes[len(w.codes)-1].Pos > n {
		return
	}
	// Where the space began, the text now ends.
	raw := w.first + n
	if len(w.anchors) > 0 {
		a := w.anchors[len(w.anchors)-1]
		raw = a.Raw + n - a.Text
		if a.Text == n {
			w.anchors = w.anchors[:len(w.anchors)-1]
		}
	}
	if w.shared {
		w.n = n
	} else {
		w.chars = w.chars[:n]
	}
	w.space = false
	w.expect, w.last = -2, raw
}
