package apertium

import (
	"strings"
	"unicode"

	"hexapla/pipeline/lazy"

	"golang.org/x/text/unicode/norm"
)

// The two alphabets of Serbian stand in one relation, letter for letter, but for
// three letters that Latin writes with two: lj, nj and dž.
var cyrillic = map[rune]rune{
	'a': 'а', 'b': 'б', 'v': 'в', 'g': 'г', 'd': 'д', 'đ': 'ђ', 'e': 'е', 'ž': 'ж', 'z': 'з', 'i': 'и',
	'j': 'ј', 'k': 'к', 'l': 'л', 'm': 'м', 'n': 'н', 'o': 'о', 'p': 'п', 'r': 'р', 's': 'с', 't': 'т',
	'ć': 'ћ', 'u': 'у', 'f': 'ф', 'h': 'х', 'c': 'ц', 'č': 'ч', 'š': 'ш',
	'ǆ': 'џ', 'ǉ': 'љ', 'ǌ': 'њ', // U+01C6, U+01C9, U+01CC: one character each
}

var latin = func() map[rune]string {
	m := map[rune]string{}
	for l, c := range cyrillic {
		m[c] = string(l)
	}
	m['џ'], m['љ'], m['њ'] = "dž", "lj", "nj"
	return m
}()

// apart matches words in which the two letters of a digraph are letters of their
// own: at the joint of a prefix and a stem, and in words of Latin origin.
var apart = lazy.Regexp(`(?i)^(?:in(?:jek|jic)|(?:de|re)?konj(?:ug|unk|ekt)|tanjug|vanjez|anjon|nadž(?:iv|nj)|odž(?:al|iv)|podž(?:anr|up)|predživ)`)

// roman matches the numerals that Cyrillic text writes in Latin letters as well.
var roman = lazy.Regexp(`^(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|V?I{1,3})$`)

var word = lazy.Regexp(`[\pL\pM]+`)

// toCyrillic writes Serbian in Cyrillic. A word with a letter that Serbian does
// not have (q, w, x, y, ü …) is of another language and stays, and so does a Roman numeral of two
// or more digits.
func toCyrillic(s string) string {
	return word().ReplaceAllStringFunc(norm.NFC.String(s), func(w string) string {
		if len(w) > 1 && roman().MatchString(w) {
			return w
		}
		for _, r := range w {
			if l := unicode.ToLower(r); cyrillic[l] == 0 && unicode.In(l, unicode.Latin) && !unicode.Is(unicode.Mn, l) {
				return w
			}
		}
		return spellCyrillic(w)
	})
}

func spellCyrillic(w string) string {
	split := map[int]bool{} // offsets of second letters that stay letters of their own
	if m := apart().FindStringIndex(w); m != nil {
		for i := range m[1] {
			split[i] = true
		}
	}
	var b strings.Builder
	runes := []rune(w)
	at := 0
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		lower := unicode.ToLower(r)
		size := len(string(r))
		if i+1 < len(runes) && !split[at+size] {
			two := ' '
			switch next := unicode.ToLower(runes[i+1]); {
			case lower == 'l' && next == 'j':
				two = 'љ'
			case lower == 'n' && next == 'j':
				two = 'њ'
			case lower == 'd' && next == 'ž':
				two = 'џ'
			}
			if two != ' ' {
				b.WriteRune(likeCase(two, r))
				at += size + len(string(runes[i+1]))
				i++
				continue
			}
		}
		if c := cyrillic[lower]; c != 0 {
			r = likeCase(c, r)
		}
		b.WriteRune(r)
		at += size
	}
	return b.String()
}

// likeCase is c in the case of model; title case counts as upper.
func likeCase(c, model rune) rune {
	if unicode.IsUpper(model) || unicode.IsTitle(model) {
		return unicode.ToUpper(c)
	}
	return c
}

// toLatin writes Serbian in Latin. A digraph is all capitals within a word in
// capitals: Њујорк is Njujork, ЊУЈОРК is NJUJORK.
func toLatin(s string) string {
	return word().ReplaceAllStringFunc(s, func(w string) string {
		capitals := len([]rune(w)) > 1 && strings.ToUpper(w) == w
		var b strings.Builder
		for _, r := range w {
			l, ok := latin[unicode.ToLower(r)]
			switch {
			case !ok:
				b.WriteRune(r)
			case !unicode.IsUpper(r):
				b.WriteString(l)
			case capitals:
				b.WriteString(strings.ToUpper(l))
			default:
				first := []rune(l)
				b.WriteString(string(unicode.ToUpper(first[0])) + string(first[1:]))
			}
		}
		return b.String()
	})
}
