package script

import (
	"embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/lazy"
)

//go:embed rules
var files embed.FS

// rules are the letters and exceptions of one language. A file has a rule on each line:
//
//	letter а a        the same letter both ways
//	oneway ё yo       to Latin letters only; without a Latin letter it is dropped
//	apart injek nj    in words that begin so, two letters are no digraph
//	stem музей muzey  words that begin so, against the rules
//	keep PDF Google   words that stay in Latin letters
//	foreign ch tt     words with such letters stay, too
type rules struct {
	turkic   bool              // capital i has a dot
	latin    map[rune]string   // by Cyrillic letter
	cyrillic map[string]rune   // by Latin letter
	digraphs map[string]rune   // by two Latin letters
	apart    []apart           // where two letters are no digraph
	keep     map[string]bool   // words that stay in Latin letters
	foreign  []string          // letters of words that stay
	stems    map[string]string // Latin by Cyrillic
	back     map[string]string // Cyrillic by Latin
	longest  int               // of the stems, in runes
}

type apart struct{ begin, digraph string }

// load returns the rules of a file, which are read once.
func load(name string, turkic bool) func() *rules {
	return sync.OnceValue(func() *rules {
		data, err := files.ReadFile("rules/" + name + ".txt")
		if err != nil {
			panic(err) // it is embedded
		}
		r, err := parseRules(string(data), turkic)
		if err != nil {
			panic(fmt.Sprintf("%s.txt: %v", name, err)) // a test reads all of them
		}
		return r
	})
}

var (
	serbian     = load("sr", false)
	azerbaijani = load("az", true)
	uzbek       = load("uz", false)
	kazakh      = load("kk", true)
	kazakh2018  = load("kk-2018", false)
	tajik       = load("tg", false)
	crimean     = load("crh", true)
)

func parseRules(text string, turkic bool) (*rules, error) {
	r := &rules{
		turkic: turkic, latin: map[rune]string{}, cyrillic: map[string]rune{}, digraphs: map[string]rune{}, keep: map[string]bool{},
		stems: map[string]string{}, back: map[string]string{},
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		switch {
		case f[0] == "letter" && len(f) == 3, f[0] == "oneway" && (len(f) == 2 || len(f) == 3):
			c, size := utf8.DecodeRuneInString(f[1])
			if _, twice := r.latin[c]; twice || size != len(f[1]) {
				return nil, fmt.Errorf("line %d: %q is not one new letter", n, f[1])
			}
			r.latin[c] = strings.Join(f[2:], "")
			if f[0] == "letter" && utf8.RuneCountInString(f[2]) == 2 {
				r.digraphs[f[2]] = c
			} else if f[0] == "letter" {
				r.cyrillic[f[2]] = c
			}
		case f[0] == "apart" && len(f) == 3 && strings.Contains(f[1], f[2]):
			r.apart = append(r.apart, apart{f[1], f[2]})
		case f[0] == "stem" && len(f) == 3:
			r.stems[f[1]], r.back[f[2]] = f[2], f[1]
			r.longest = max(r.longest, utf8.RuneCountInString(f[1]), utf8.RuneCountInString(f[2]))
		case f[0] == "foreign":
			r.foreign = append(r.foreign, f[1:]...)
		case f[0] == "keep":
			for _, w := range f[1:] {
				r.keep[w] = true
			}
		default:
			return nil, fmt.Errorf("line %d: no rule: %s", n, strings.TrimSpace(line))
		}
	}
	return r, nil
}

// toLatin replaces Cyrillic letters one by one. adjust, if it is not nil, changes what a
// letter becomes by its place: i counts in runes, which are small letters. The second
// letter of a digraph is a capital where its neighbour in the word is one: Љубав is
// Ljubav, ЉУБАВ is LJUBAV.
func (r *rules) toLatin(s string, adjust func(lower []rune, i int, to string) string) string {
	var b strings.Builder
	runes := []rune(s)
	var lower []rune
	if adjust != nil {
		lower = make([]rune, len(runes))
		for i, c := range runes {
			lower[i] = unicode.ToLower(c)
		}
	}
	for i, c := range runes {
		small := unicode.ToLower(c)
		to, ok := r.latin[small]
		if !ok {
			b.WriteRune(c)
			continue
		}
		if adjust != nil {
			to = adjust(lower, i, to)
		}
		if small != c && to != "" {
			to = r.capital(to, capitalAt(runes, i+1) || !letterAt(runes, i+1) && capitalAt(runes, i-1))
		}
		b.WriteString(to)
	}
	return b.String()
}

func letterAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && unicode.IsLetter(runes[i])
}

func capitalAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && unicode.IsUpper(runes[i])
}

// capital returns Latin text with its first letter as a capital, or all of them.
func (r *rules) capital(s string, all bool) string {
	if all {
		return r.upper(s)
	}
	_, n := utf8.DecodeRuneInString(s)
	return r.upper(s[:n]) + s[n:]
}

// upper and lower change the case of Latin text.
func (r *rules) upper(s string) string {
	if r.turkic {
		return strings.ToUpperSpecial(unicode.TurkishCase, s)
	}
	return strings.ToUpper(s)
}

func (r *rules) lower(s string) string {
	if r.turkic {
		return strings.ToLowerSpecial(unicode.TurkishCase, s)
	}
	return strings.ToLower(s)
}

// letters matches a word without what is between its parts.
var letters = lazy.Regexp(`[\pL\pM]+`)

// word matches what is converted or stays as a whole: letters, and what identifiers and
// names of files have between them.
var word = lazy.Regexp(`[\pL\pM\pN_]+(?:[.@_/\\-]+[\pL\pM\pN_]+)*`)

// roman matches Roman numerals.
var roman = lazy.Regexp(`^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$`)

// units are written in Latin letters in both scripts, behind a number.
var units = map[string]bool{
	"km": true, "m": true, "cm": true, "mm": true, "kg": true, "g": true, "mg": true, "t": true, "l": true, "ml": true, "ha": true, "W": true, "kW": true,
	"MW": true, "GW": true, "kWh": true, "MWh": true, "V": true, "A": true, "Hz": true, "MHz": true, "GHz": true, "B": true, "KB": true, "MB": true, "GB": true,
	"TB": true, "C": true, "h": true, "min": true, "s": true, "Pa": true, "hPa": true, "J": true, "K": true, "N": true, "dB": true,
}

// toCyrillic writes Latin text in Cyrillic letters. part converts one word, and reports
// whether it is one of the language.
func (r *rules) toCyrillic(s string, part func(string) (string, bool)) string {
	mixed := strings.ContainsFunc(s, unicode.IsLower) // in capitals, XI may be a word
	var b strings.Builder
	at := 0
	for _, m := range word().FindAllStringIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		at = m[1]
		w := s[m[0]:m[1]]
		switch {
		case mixed && roman().MatchString(w) && (len(w) > 1 || strings.HasPrefix(s[m[1]:], ".") && !initial(s[:m[0]], s[m[1]:])),
			units[w] && behindNumber(s[:m[0]]):
			b.WriteString(w)
		default:
			b.WriteString(r.wholeWord(w, part))
		}
	}
	b.WriteString(s[at:])
	return b.String()
}

// initial reports whether a letter with a full stop between two texts is that of a name:
// V. Petrović, but not Petar I. and "I. deo", which begin no name.
func initial(before, after string) bool {
	before = strings.TrimRight(before, " \u00a0")
	if r, _ := utf8.DecodeLastRuneInString(before); before != "" && unicode.IsLetter(r) {
		return false // Petar I.
	}
	after = strings.TrimLeft(strings.TrimPrefix(after, "."), " \u00a0")
	r, n := utf8.DecodeRuneInString(after)
	next, _ := utf8.DecodeRuneInString(after[n:])
	return unicode.IsUpper(r) && (unicode.IsLower(next) || next == '.')
}

// behindNumber reports whether a text ends with a number and perhaps a space or a degree
// sign.
func behindNumber(s string) bool {
	s = strings.TrimRight(s, "° \u00a0\u202f")
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsDigit(r)
}

// wholeWord converts a word with all its parts, or none of it when it is no word of the
// language.
func (r *rules) wholeWord(w string, part func(string) (string, bool)) string {
	if strings.ContainsAny(w, `_@\/`) {
		return w
	}
	if strings.Contains(w, ".") {
		// The name of a file or a host; A.B. are initials.
		for p := range strings.SplitSeq(w, ".") {
			if utf8.RuneCountInString(p) != 1 || r.upper(p) != p {
				return w
			}
		}
	}
	parts := strings.FieldsFunc(w, func(c rune) bool { return c == '-' || c == '.' }) // srpsko-hrvatski
	var b strings.Builder
	at := 0
	for i, p := range parts {
		k := at + strings.Index(w[at:], p)
		b.WriteString(w[at:k])
		at = k + len(p)
		if i == 0 && strings.IndexFunc(p, func(c rune) bool { return !unicode.IsDigit(c) }) < 0 {
			b.WriteString(p) // 13-ünci
			continue
		}
		if r.keep[p] || strings.ContainsFunc(p, unicode.IsDigit) {
			return w
		}
		converted, ok := part(p)
		if !ok {
			return w
		}
		b.WriteString(converted)
	}
	return b.String() + w[at:]
}

// wordToCyrillic converts a word letter by letter.
func (r *rules) wordToCyrillic(w string) (string, bool) {
	lower := r.lower(w)
	for _, x := range r.foreign {
		if strings.Contains(lower, x) {
			return w, false
		}
	}
	var b strings.Builder
	broken := -1 // where two letters are no digraph
	for _, x := range r.apart {
		if strings.HasPrefix(lower, x.begin) {
			broken = strings.Index(x.begin, x.digraph)
		}
	}
	inner := false // a capital after a small letter, as identifiers have it
	wasLower := false
	for i := 0; i < len(w); {
		c, n := utf8.DecodeRuneInString(w[i:])
		inner = inner || wasLower && unicode.IsUpper(c)
		wasLower = unicode.IsLower(c)
		to, ok := rune(0), false
		if after := i + n; after < len(w) && i != broken {
			_, m := utf8.DecodeRuneInString(w[after:])
			if to, ok = r.digraphs[r.lower(w[i:after+m])]; ok {
				n += m
			}
		}
		if !ok {
			to, ok = r.cyrillic[r.lower(string(c))]
		}
		if !ok {
			if !unicode.Is(unicode.Cyrillic, c) {
				return w, false // q, w, x, y, é: a foreign name
			}
			to = unicode.ToLower(c)
		}
		if unicode.IsUpper(c) {
			to = unicode.ToUpper(to)
		}
		b.WriteRune(to)
		i += n
	}
	return b.String(), !inner
}
