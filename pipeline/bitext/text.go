package bitext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CodeKind distinguishes the three shapes of inline code. XLIFF's pc is a Start
// and an End of one ID in the same Text, well nested; only the exchange formats
// need to know.
type CodeKind uint8

const (
	Placeholder CodeKind = iota // alone (XLIFF ph)
	Start                       // opens a span (XLIFF sc, or pc's beginning)
	End                         // closes it (XLIFF ec, or pc's end)
)

func (k CodeKind) String() string {
	switch k {
	case Start:
		return "start"
	case End:
		return "end"
	}
	return "placeholder"
}

// Code is something in a text that is not text: a tag, a line break, a
// shortcode, a byte the encoding does not have.
//
// Pos is the byte offset in Text.Chars before which the code is. ID is
// unique in its unit, but for an End, which carries the ID of its Start. Data is
// the original markup, byte for byte. Equiv is what it means as plain text ("\n"
// for a break), Disp what to show a person ("<b>"). Type and SubType are those
// of XLIFF 2.1, 4.3.1.40 and 4.3.1.36 ("fmt", "link", "image" …; "xlf:b" …).
// The zero value of the three No… fields is XLIFF's default: the code may be
// copied, deleted and reordered. Subflows are the IDs of the units whose text
// is inside Data, such as an image's alternative text.
type Code struct {
	Pos       int
	Kind      CodeKind
	ID        string
	Data      string
	Equiv     string
	Disp      string
	Type      string
	SubType   string
	NoCopy    bool
	NoDelete  bool
	NoReorder bool
	Subflows  []string
}

// Text is plain characters with codes between them. Codes are in reading order;
// those at one Pos are in slice order, all of them before the character
// there. The characters hold no markup and nothing in their place, so that
// segmentation, matching and checks see the words as a reader does.
type Text struct {
	Chars string
	Codes []Code
}

// Plain is a Text without codes.
func Plain(chars string) Text { return Text{Chars: chars} }

// Replace returns t with other characters between two byte offsets. Codes stay before
// the characters that they stand before; those inside come behind the new ones.
func (t Text) Replace(start, end int, with string) Text {
	out := Text{Chars: t.Chars[:start] + with + t.Chars[end:], Codes: slices.Clone(t.Codes)}
	for i := range out.Codes {
		switch c := &out.Codes[i]; {
		case c.Pos <= start:
		case c.Pos < end:
			c.Pos = start + len(with)
		default:
			c.Pos += len(with) - (end - start)
		}
	}
	return out
}

// IsEmpty reports whether t has neither characters nor codes.
func (t Text) IsEmpty() bool { return t.Chars == "" && len(t.Codes) == 0 }

// IsBlank reports whether t has no character that a reader can see: nothing but white
// space, control characters and invisible ones such as U+200B ZERO WIDTH SPACE.
func (t Text) IsBlank() bool { return !strings.ContainsFunc(t.Chars, isVisible) }

// isVisible reports whether a reader can see a character. Invisible are, besides white
// space and control characters, the Default_Ignorable_Code_Points of the Unicode
// Character Database (DerivedCoreProperties.txt; derived as UAX #44 says) and U+2800
// BRAILLE PATTERN BLANK.
func isVisible(r rune) bool {
	switch {
	case r > ' ' && r < 0x7F:
		return true
	case r == 0x2800, unicode.IsSpace(r), unicode.IsControl(r):
		return false
	case unicode.Is(unicode.Cf, r):
		return unicode.Is(unicode.Prepended_Concatenation_Mark, r) || r >= 0xFFF9 && r <= 0xFFFB || r >= 0x13430 && r <= 0x13440
	}
	return !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Equal reports whether t and u have the same bytes as characters and the same
// codes (kind and ID) in the same places.
func (t Text) Equal(u Text) bool {
	return t.Chars == u.Chars && slices.EqualFunc(t.Codes, u.Codes, func(a, b Code) bool {
		return a.Pos == b.Pos && a.Kind == b.Kind && a.ID == b.ID
	})
}

// Clone is a copy of t that shares no codes with it.
func (t Text) Clone() Text {
	return Text{Chars: t.Chars, Codes: slices.Clone(t.Codes)}
}

// Boundary is a place between two things in a Text: before the character at byte
// offset Pos, with Code codes before it.
type Boundary struct {
	Pos  int
	Code int
}

// End is the Boundary after everything in t.
func (t Text) End() Boundary { return Boundary{Pos: len(t.Chars), Code: len(t.Codes)} }

// Slice is the part of t between two cuts. It shares t's characters, not its codes.
func (t Text) Slice(from, to Boundary) Text {
	out := Text{Chars: t.Chars[from.Pos:to.Pos]}
	if to.Code > from.Code {
		out.Codes = slices.Clone(t.Codes[from.Code:to.Code])
		for i := range out.Codes {
			out.Codes[i].Pos -= from.Pos
		}
	}
	return out
}

// Join returns the concatenation of texts.
func Join(texts ...Text) Text {
	size, n := 0, 0
	for i := range texts {
		size += len(texts[i].Chars)
		n += len(texts[i].Codes)
	}
	var b strings.Builder
	b.Grow(size)
	var codes []Code
	if n > 0 {
		codes = make([]Code, 0, n)
	}
	for i := range texts {
		at := len(codes)
		codes = append(codes, texts[i].Codes...)
		for k := range codes[at:] {
			codes[at+k].Pos += b.Len()
		}
		b.WriteString(texts[i].Chars)
	}
	return Text{Chars: b.String(), Codes: codes}
}

// Piece is one step of a walk over a Text: characters, or one code.
type Piece struct {
	Chars string
	Code  *Code
}

// Pieces walks over t in reading order, characters and codes in turn.
func (t Text) Pieces() func(yield func(Piece) bool) {
	return func(yield func(Piece) bool) {
		at := 0
		for i := range t.Codes {
			pos := max(at, min(t.Codes[i].Pos, len(t.Chars)))
			if pos > at && !yield(Piece{Chars: t.Chars[at:pos]}) {
				return
			}
			at = pos
			if !yield(Piece{Code: &t.Codes[i]}) {
				return
			}
		}
		if at < len(t.Chars) {
			yield(Piece{Chars: t.Chars[at:]})
		}
	}
}

// Key is t as translation memory compares it: characters in NFC, codes as
// their shape only (kind, and number in order of appearance), so that two texts
// that differ in markup's details but not in its structure are the same text.
func (t Text) Key() string {
	s := t.Chars
	if len(t.Codes) > 0 || strings.Contains(s, "<") {
		s = t.Tagged()
	}
	if isNFC(s) {
		return s
	}
	return norm.NFC.String(s)
}

// SameKey reports whether t and u have the same Key.
func (t Text) SameKey(u Text) bool {
	if t.Chars == u.Chars && len(t.Codes) == len(u.Codes) {
		same := true
		for i := range t.Codes {
			a, b := &t.Codes[i], &u.Codes[i]
			same = same && a.Pos == b.Pos && a.Kind == b.Kind && a.ID == b.ID
		}
		if same {
			return true
		}
	}
	return t.Key() == u.Key()
}

// isNFC reports whether s is of characters that NFC keeps as they are, whatever stands
// beside them: those that have NFC_Quick_Check=Yes and the combining class 0 in the
// Unicode Character Database, as far as they are in the scripts that articles have
// most. Of other text it reports false.
func isNFC[T string | []byte](s T) bool {
	for i := 0; i < len(s); {
		if i+8 <= len(s) && s[i]|s[i+1]|s[i+2]|s[i+3]|s[i+4]|s[i+5]|s[i+6]|s[i+7] < utf8.RuneSelf {
			i += 8
			continue
		}
		c := s[i]
		if c < 0xCC {
			i++
			continue
		}
		n := 2 // bytes of the character
		switch {
		case c == 0xCF, c == 0xD0, c == 0xD1, c == 0xD4: // Greek, Cyrillic, Armenian
		case c == 0xCE && i+1 < len(s) && s[i+1] != 0x87:
		case c == 0xE2 && i+2 < len(s) && (s[i+1] == 0x80 && s[i+2] >= 0x82 || s[i+1] >= 0x81 && s[i+1] < 0xAB && s[i+1] != 0x83 && s[i+1] != 0x84 && s[i+1] != 0x8C): // marks of punctuation, arrows, signs
			n = 3
		case (c == 0xD8 || c == 0xD9 || c == 0xDB) && i+1 < len(s) && !(c == 0xD8 && s[i+1] >= 0x90 && s[i+1] < 0x9B || c == 0xD9 && (s[i+1] >= 0x8B && s[i+1] < 0xA0 || s[i+1] == 0xB0) || c == 0xDB && s[i+1] >= 0x96 && s[i+1] < 0xAE), c == 0xDA: // Arabic
		case c >= 0xE4 && c <= 0xE9 || c == 0xEB || c == 0xEC || i+1 < len(s) && (c == 0xEA && s[i+1] >= 0xB0 || c == 0xED && s[i+1] < 0x9E): // Han, Hangul
			n = 3
		case c == 0xE3 && i+2 < len(s) && (s[i+1] == 0x80 && s[i+2] < 0xAA || s[i+1] == 0x81 || s[i+1] == 0x82 && s[i+2] != 0x99 && s[i+2] != 0x9A || s[i+1] == 0x83): // Kana
			n = 3
		default:
			return false
		}
		if i += n; i > len(s) {
			return false
		}
		for k := i - n + 1; k < i; k++ {
			if s[k]&0xC0 != 0x80 {
				return false
			}
		}
	}
	return true
}

// CodeProblem is one way in which a target's codes differ from its source's.
type CodeProblem struct {
	Kind CodeProblemKind
	Code Code // of the source when lost, else of the target
}

// CodeProblemKind names a CodeProblem.
type CodeProblemKind uint8

const (
	CodeLost       CodeProblemKind = iota // in the source, not in the target
	CodeAdded                             // in the target, not in the source
	CodeDoubled                           // more often in the target than in the source
	CodeUnbalanced                        // an End before its Start, or crossing another pair
	CodeReordered                         // a code that may not move has moved
)

func (k CodeProblemKind) String() string {
	return [...]string{"lost", "added", "doubled", "unbalanced", "reordered"}[k]
}

// sameCodes reports whether two texts have the same few codes in the same order, all
// of them well nested: then nothing is wrong with them.
func sameCodes(source, target []Code) bool {
	if len(source) != len(target) || len(source) > 16 {
		return false
	}
	var open [16]string
	n := 0
	for i := range source {
		c := &source[i]
		if c.ID != target[i].ID || c.Kind != target[i].Kind {
			return false
		}
		switch c.Kind {
		case Start:
			open[n] = c.ID
			n++
		case End:
			if n == 0 || open[n-1] != c.ID {
				return false
			}
			n--
		}
	}
	return n == 0
}

// CompareCodes lists how the codes of target differ from those of source. A
// code that may be deleted is still reported as lost: whether that is an error
// is for the caller to decide, by Code.NoDelete. A copy of a code that
// may be copied is no problem.
func CompareCodes(source, target Text) []CodeProblem {
	if sameCodes(source.Codes, target.Codes) {
		return nil
	}
	type key struct {
		kind CodeKind
		id   string
	}
	var out []CodeProblem
	want := map[key]int{}
	for _, c := range source.Codes {
		want[key{c.Kind, c.ID}]++
	}
	known := make(map[key]Code, len(want))
	for _, c := range source.Codes {
		known[key{c.Kind, c.ID}] = c
	}
	have := map[key]int{}
	for _, c := range target.Codes {
		k := key{c.Kind, c.ID}
		have[k]++
		switch src, ok := known[k]; {
		case !ok:
			out = append(out, CodeProblem{CodeAdded, c})
		case have[k] > want[k] && (src.NoCopy || c.Kind != Placeholder):
			out = append(out, CodeProblem{CodeDoubled, c})
		}
	}
	for _, c := range source.Codes {
		k := key{c.Kind, c.ID}
		if have[k] < want[k] {
			out = append(out, CodeProblem{CodeLost, c})
			have[k] = want[k]
		}
	}
	// Balance, as far as the source itself keeps it: pairs wholly inside.
	paired := map[string]bool{}
	for _, c := range source.Codes {
		if c.Kind == Start && want[key{End, c.ID}] > 0 {
			paired[c.ID] = true
		}
	}
	var open []string
	for _, c := range target.Codes {
		if !paired[c.ID] {
			continue
		}
		switch c.Kind {
		case Start:
			open = append(open, c.ID)
		case End:
			if n := len(open); n > 0 && open[n-1] == c.ID {
				open = open[:n-1]
			} else if i := slices.Index(open, c.ID); i >= 0 {
				if !crosses(source, c.ID) {
					out = append(out, CodeProblem{CodeUnbalanced, c})
				}
				open = slices.Delete(open, i, i+1)
			} else if have[key{Start, c.ID}] > 0 {
				out = append(out, CodeProblem{CodeUnbalanced, c})
			}
		}
	}
	// Codes that may not move keep their order among themselves.
	var fixed, moved []key
	for _, c := range source.Codes {
		if k := (key{c.Kind, c.ID}); c.NoReorder && have[k] > 0 {
			fixed = append(fixed, k)
		}
	}
	for _, c := range target.Codes {
		if k := (key{c.Kind, c.ID}); known[k].NoReorder {
			moved = append(moved, k)
		}
	}
	for i := range min(len(fixed), len(moved)) {
		if fixed[i] != moved[i] {
			out = append(out, CodeProblem{CodeReordered, known[moved[i]]})
			break
		}
	}
	return out
}

// crosses reports whether the pair id overlaps another pair in t without
// nesting, as real HTML sometimes has it: then a target may do the same.
func crosses(t Text, id string) bool {
	var open []string
	for _, c := range t.Codes {
		switch c.Kind {
		case Start:
			open = append(open, c.ID)
		case End:
			i := slices.Index(open, c.ID)
			if i < 0 {
				continue
			}
			if i != len(open)-1 && (c.ID == id || slices.Contains(open[i:], id)) {
				return true
			}
			open = slices.Delete(open, i, i+1)
		}
	}
	return false
}

// Balanced reports whether every span that a code of t starts or ends lies inside
// t, properly nested, so that an element can be put around t.
func (t Text) Balanced() bool {
	var open []string
	for _, c := range t.Codes {
		switch c.Kind {
		case Start:
			open = append(open, c.ID)
		case End:
			if len(open) == 0 || open[len(open)-1] != c.ID {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}
