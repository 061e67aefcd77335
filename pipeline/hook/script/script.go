// Package script is an engine that writes a text in another script of the same
// language: Serbian, Bosnian and Montenegrin in Cyrillic and Latin letters, both ways;
// Uzbek and Azerbaijani from Cyrillic to Latin letters, one way, for the way back
// depends on the word. It costs nothing and asks nobody.
//
// What is no word of the language stays as it is: Roman numerals, units behind
// numbers, names with foreign letters, identifiers, names of files. Addresses and
// inline codes are protected by the chain.
package script

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
)

// Engine implements hook.Engine.
type Engine struct{}

// New makes an Engine.
func New() Engine { return Engine{} }

// Name is "script".
func (Engine) Name() string { return "script" }

// Translate implements hook.Engine.
func (Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	convert := converter(job.Source, job.Target)
	if convert == nil {
		return nil, fmt.Errorf("%w: %s to %s", hook.ErrUnsupported, job.Source, job.Target)
	}
	out := make([]string, len(job.Texts))
	for i, t := range job.Texts {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		out[i] = convert(t)
	}
	return out, nil
}

// Serves implements hook.PairKnower.
func (Engine) Serves(source, target string) bool { return converter(source, target) != nil }

// converter returns the conversion from one locale to another, nil if there is none.
func converter(source, target string) func(string) string {
	from, fromScript := languageAndScript(source)
	to, toScript := languageAndScript(target)
	if from == "" || from != to {
		return nil
	}
	switch from + " " + fromScript + " " + toScript {
	case "sr Cyrl Latn":
		return func(s string) string { return letters(s, serbianLatin) }
	case "sr Latn Cyrl":
		return serbianCyrillic
	case "uz Cyrl Latn":
		return uzbekLatin
	case "az Cyrl Latn":
		return func(s string) string {
			return letters(strings.ReplaceAll(s, "И", "İ"), azerbaijaniLatin) // the capital of i, not of ı
		}
	}
	return nil
}

// languageAndScript returns the language of a locale, "sr" for all that have
// Serbian's two alphabets, and its script, the most likely one if it is not given.
func languageAndScript(locale string) (lang, script string) {
	t, err := language.Parse(locale)
	if err != nil {
		return "", ""
	}
	b, _ := t.Base()
	s, _ := t.Script()
	lang = b.String()
	switch lang {
	case "bs", "cnr", "sh":
		lang = "sr"
	}
	return lang, s.String()
}

// serbianLatin has the letters of Vuk's alphabet in Gaj's (Pravopis srpskoga jezika,
// Matica srpska 2010); it is unambiguous.
var serbianLatin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'ђ': "đ", 'е': "e", 'ж': "ž", 'з': "z", 'и': "i", 'ј': "j", 'к': "k", 'л': "l",
	'љ': "lj", 'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'ћ': "ć", 'у': "u", 'ф': "f", 'х': "h",
	'ц': "c", 'ч': "č", 'џ': "dž", 'ш': "š",
}

// azerbaijaniLatin has the letters of the Cyrillic alphabet of 1958 in the Latin one of
// 1991, with those of the older Cyrillic orthography.
var azerbaijaniLatin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "q", 'ғ': "ğ", 'д': "d", 'е': "e", 'ә': "ə", 'ж': "j", 'з': "z", 'и': "i", 'й': "y", 'ы': "ı",
	'ј': "y", 'к': "k", 'ҝ': "g", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'ө': "ö", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u",
	'ү': "ü", 'ф': "f", 'х': "x", 'һ': "h", 'ч': "ç", 'ҹ': "c", 'ш': "ş", 'э': "e", 'ю': "yu", 'я': "ya",
}

// letters replaces letters one by one. The second letter of a digraph is a capital
// where its neighbour in the word is one: Љубав is Ljubav, ЉУБАВ is LJUBAV.
func letters(s string, table map[rune]string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		lower := unicode.ToLower(r)
		to, ok := table[lower]
		switch {
		case !ok:
			b.WriteRune(r)
		case lower == r:
			b.WriteString(to)
		default:
			b.WriteString(capital(to, capitalAt(runes, i+1) || !letterAt(runes, i+1) && capitalAt(runes, i-1)))
		}
	}
	return b.String()
}

func letterAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && unicode.IsLetter(runes[i])
}

func capitalAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && unicode.IsUpper(runes[i])
}

// capital returns s with its first letter as a capital, or all of them.
func capital(s string, all bool) string {
	if all {
		return strings.ToUpper(s)
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// word matches what is converted or stays as a whole: letters, and what identifiers and
// names of files have between them.
var word = regexp.MustCompile(`[\pL\pM\pN_]+(?:[.@_/\\-]+[\pL\pM\pN_]+)*`)

// roman matches Roman numerals.
var roman = regexp.MustCompile(`^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$`)

// units are written in Latin letters in both scripts, behind a number.
var units = map[string]bool{
	"km": true, "m": true, "cm": true, "mm": true, "kg": true, "g": true, "mg": true, "t": true, "l": true, "ml": true, "ha": true, "W": true, "kW": true,
	"MW": true, "GW": true, "kWh": true, "MWh": true, "V": true, "A": true, "Hz": true, "MHz": true, "GHz": true, "B": true, "KB": true, "MB": true, "GB": true,
	"TB": true, "C": true, "h": true, "min": true, "s": true, "Pa": true, "hPa": true, "J": true, "K": true, "N": true, "dB": true,
}

// separate are beginnings of words in which two letters are no digraph: nj in
// injekcija, dž in nadživeti.
var separate = []struct{ begin, digraph string }{
	{"injek", "nj"}, {"injic", "nj"}, {"konjug", "nj"}, {"konjunk", "nj"}, {"vanjez", "nj"}, {"tanjug", "nj"},
	{"nadživ", "dž"}, {"nadžnj", "dž"}, {"odžal", "dž"}, {"odživ", "dž"}, {"odžva", "dž"}, {"podžanr", "dž"}, {"podžup", "dž"}, {"predživ", "dž"},
}

var serbianLetters, digraphs = func() (map[string]rune, map[string]rune) {
	one, two := map[string]rune{}, map[string]rune{}
	for c, l := range serbianLatin {
		if utf8.RuneCountInString(l) == 2 {
			two[l] = c
		} else {
			one[l] = c
		}
	}
	return one, two
}()

// serbianCyrillic writes Latin text in Cyrillic letters.
func serbianCyrillic(s string) string {
	mixed := strings.ContainsFunc(s, unicode.IsLower) // in capitals, XI may be a word
	var b strings.Builder
	at := 0
	for _, m := range word.FindAllStringIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		at = m[1]
		w := s[m[0]:m[1]]
		switch {
		case mixed && len(w) > 0 && roman.MatchString(w) && (len(w) > 1 || strings.HasPrefix(s[m[1]:], ".")),
			units[w] && behindNumber(s[:m[0]]):
			b.WriteString(w)
		default:
			b.WriteString(serbianWord(w))
		}
	}
	b.WriteString(s[at:])
	return b.String()
}

// behindNumber reports whether a text ends with a number and perhaps a space or a degree
// sign.
func behindNumber(s string) bool {
	s = strings.TrimRight(s, "° \u00a0\u202f")
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsDigit(r)
}

// serbianWord converts a word with all its parts, or none of it when it is no Serbian
// word.
func serbianWord(w string) string {
	for _, r := range w {
		switch {
		case unicode.IsDigit(r), r == '_', r == '@', r == '\\', r == '/':
			return w
		case r == '.':
			return w // the name of a file or a host
		}
	}
	parts := strings.Split(w, "-") // srpsko-hrvatski
	for i, p := range parts {
		converted, ok := serbianPart(p)
		if !ok {
			return w
		}
		parts[i] = converted
	}
	return strings.Join(parts, "-")
}

func serbianPart(w string) (string, bool) {
	lower := strings.ToLower(w)
	var b strings.Builder
	broken := -1 // where two letters are no digraph
	for _, x := range separate {
		if strings.HasPrefix(lower, x.begin) {
			broken = strings.Index(x.begin, x.digraph)
		}
	}
	inner := false // a capital after a small letter, as identifiers have it
	wasLower := false
	for i := 0; i < len(w); {
		r, n := utf8.DecodeRuneInString(w[i:])
		inner = inner || wasLower && unicode.IsUpper(r)
		wasLower = unicode.IsLower(r)
		if n2 := i + n; n2 < len(w) && i != broken {
			_, m := utf8.DecodeRuneInString(w[n2:])
			if c, ok := digraphs[strings.ToLower(w[i:n2+m])]; ok {
				if unicode.IsUpper(r) {
					c = unicode.ToUpper(c)
				}
				b.WriteRune(c)
				i = n2 + m
				continue
			}
		}
		c, ok := serbianLetters[string(unicode.ToLower(r))]
		if !ok {
			if unicode.Is(unicode.Cyrillic, r) {
				c, ok = unicode.ToLower(r), true
			} else {
				return w, false // q, w, x, y, é: a foreign name
			}
		}
		if unicode.IsUpper(r) {
			c = unicode.ToUpper(c)
		}
		b.WriteRune(c)
		i += n
	}
	return b.String(), !inner
}

// uzbekTable has the letters of the Cyrillic alphabet of 1940 in the Latin one of 1995,
// but for those whose Latin letters depend on the place in the word.
var uzbekTable = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'ё': "yo", 'ж': "j", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "x", 'ч': "ch", 'ш': "sh", 'ъ': "ʼ", 'ь': "",
	'э': "e", 'ю': "yu", 'я': "ya", 'ў': "oʻ", 'қ': "q", 'ғ': "gʻ", 'ҳ': "h", 'е': "e", 'ц': "s", 'щ': "sh", 'ы': "i",
}

// uzbekLatin writes Cyrillic text in Latin letters: е is ye at the beginning of a word
// and after a vowel, ц is ts between vowels, and an apostrophe keeps s and h apart.
func uzbekLatin(s string) string {
	const vowels = "аеёиоуэюяў"
	runes := []rune(s)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return 0
		}
		return unicode.ToLower(runes[i])
	}
	var b strings.Builder
	for i, r := range runes {
		lower := unicode.ToLower(r)
		to, ok := uzbekTable[lower]
		if !ok {
			b.WriteRune(r)
			continue
		}
		before, after := at(i-1), at(i+1)
		switch {
		case lower == 'е' && (!unicode.IsLetter(before) || strings.ContainsRune(vowels+"ъь", before)):
			to = "ye"
		case lower == 'ц' && strings.ContainsRune(vowels, before) && before != 0:
			to = "ts"
		case lower == 'ҳ' && before == 'с':
			to = "ʼh"
		case lower == 'ъ' && (after == 'е' || after == 'ё' || after == 'ю' || after == 'я'):
			to = ""
		}
		if lower != r && to != "" {
			to = capital(to, capitalAt(runes, i+1) || !letterAt(runes, i+1) && capitalAt(runes, i-1))
		}
		b.WriteString(to)
	}
	return b.String()
}
