package align

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/numeral"
)

// sentence is a segment with what alignment compares.
type sentence struct {
	unit, segment int
	kind          bitext.Kind
	level         int
	first, last   bool // of its unit
	length        int  // in characters that are not white space
	words         []token
}

// token is a word as alignment compares it, or an anchor: a number, an address, a
// name in code, an inline code. An anchor is expected to stay in a translation.
type token struct {
	text   string
	anchor bool
}

// stemLength is the number of letters that a word is compared by. Endings of
// inflected languages are mostly behind it.
const stemLength = 6

// maxTokens bounds the tokens of one sentence, for hostile input.
const maxTokens = 400

// sentences returns the segments of a document that are aligned, in order: all
// that are the article's own text.
func sentences(d *bitext.Document) []sentence {
	var out []sentence
	for i := range d.Units {
		u := &d.Units[i]
		if u.NoTranslate || u.Message != nil {
			continue
		}
		begin := len(out)
		for k, s := range u.Translatable() {
			if s.Source.IsBlank() {
				continue
			}
			out = append(out, sentence{
				unit: i, segment: k, kind: u.Kind, level: u.Level, first: len(out) == begin,
				length: visibleLength(s.Source.Chars), words: tokens(s.Source),
			})
		}
		if len(out) > begin {
			out[len(out)-1].last = true
		}
	}
	return out
}

func visibleLength(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return max(n, 1)
}

// tokens returns the words and anchors of a text. Words are folded (small letters,
// no diacritics in the Latin script) and cut to stemLength letters. Scripts without
// spaces give pairs of neighbouring ideographs and runs of Katakana; Hiragana, the
// script of endings and particles, gives none.
func tokens(t bitext.Text) []token {
	out := make([]token, 0, len(t.Chars)/5+len(t.Codes)+2)
	for field := range strings.FieldsSeq(t.Chars) {
		if len(out) >= maxTokens {
			break
		}
		out = fieldTokens(out, field)
	}
	for i := range t.Codes {
		if len(out) >= maxTokens {
			break
		}
		if c := &t.Codes[i]; c.Kind != bitext.End {
			out = codeTokens(out, c)
		}
	}
	return out
}

// fieldTokens appends the tokens of a text without white space.
func fieldTokens(out []token, field string) []token {
	if strings.Contains(field, "://") || strings.Contains(field, "@") && strings.Contains(field, ".") {
		return append(out, token{strings.Trim(field, `()[]<>"'“”«».,;:!?…`), true})
	}
	for len(field) > 0 && len(out) < maxTokens {
		r, size := utf8.DecodeRuneInString(field)
		class := classOf(r)
		end := size
		for end < len(field) {
			next, n := utf8.DecodeRuneInString(field[end:])
			c := classOf(next)
			if c != class && !(class == digit && (next == '.' || next == ',') && isDigitAfter(field[end+n:])) {
				break
			}
			end += n
		}
		run := field[:end]
		field = field[end:]
		switch class {
		case digit:
			if n := plainNumber(run); n != "" {
				out = append(out, token{n, true})
			}
		case letter:
			out = append(out, word(run))
		case katakana:
			if end > size {
				out = append(out, token{run, false})
			}
		case ideograph:
			out = append(out, ideographs(run)...)
		}
	}
	return out
}

type class uint8

const (
	other class = iota
	letter
	digit
	ideograph
	katakana
	hiragana
)

func classOf(r rune) class {
	switch {
	case r < 0x80:
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
			return letter
		case r >= '0' && r <= '9':
			return digit
		}
		return other
	case unicode.Is(unicode.Nd, r):
		return digit
	case unicode.Is(unicode.Han, r), unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return ideograph
	case unicode.Is(unicode.Katakana, r) || r == 'ー':
		return katakana
	case unicode.Is(unicode.Hiragana, r):
		return hiragana
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	}
	return other
}

func isDigitAfter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return classOf(r) == digit
}

// plainNumber is a number without the signs that languages group and divide its
// digits by, in ASCII digits.
func plainNumber(s string) string {
	var b strings.Builder
	for _, r := range s {
		if d, ok := numeral.Digit(r); ok {
			b.WriteByte(byte('0' + d))
		}
	}
	return b.String()
}

// word is the token of a run of letters. One with capitals inside or underscores is
// a name in code.
func word(run string) token {
	inner := false
	for i, r := range run {
		if i > 0 && unicode.IsUpper(r) || r == '_' {
			inner = true
		}
	}
	if inner {
		return token{run, true}
	}
	s := strings.ToLower(run)
	for i := range len(s) {
		if s[i] >= 0x80 {
			s = withoutMarks(s)
			break
		}
	}
	n := 0
	for i := range s {
		if n++; n > stemLength {
			return token{s[:i], false}
		}
	}
	return token{s, false}
}

// withoutMarks removes the nonspacing marks of the letters of a word.
func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// ideographs returns the pairs of neighbouring characters of a run, or its only one.
func ideographs(run string) []token {
	var out []token
	last := -1
	before := 0
	for i, r := range run {
		if last >= 0 {
			out = append(out, token{run[before : i+utf8.RuneLen(r)], false})
		}
		before, last = i, i
	}
	if len(out) == 0 {
		out = append(out, token{run, false})
	}
	return out
}

// codeTokens appends what identifies a code in both languages: its kind, and the last
// part of every address in it.
func codeTokens(out []token, c *bitext.Code) []token {
	data := c.Data
	if len(data) > 2048 {
		data = data[:2048]
	}
	end := strings.IndexAny(data, " \t\n>/=")
	if end <= 0 {
		end = min(len(data), 8)
	}
	out = append(out, token{"\x01" + data[:end], true})
	for _, name := range [...]string{"href=", "src=", "]("} {
		_, rest, ok := strings.Cut(data, name)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, `"'`)
		if i := strings.IndexAny(rest, `"' )>?`); i >= 0 {
			rest = rest[:i]
		}
		rest = strings.TrimSuffix(rest, "/")
		if i := strings.LastIndexByte(rest, '/'); i >= 0 {
			rest = rest[i+1:]
		}
		if rest != "" {
			out = append(out, token{"\x02" + rest, true})
		}
	}
	return out
}
