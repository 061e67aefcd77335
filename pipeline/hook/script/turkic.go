package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func runeAt(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return 0
	}
	return runes[i]
}

// uzbekLatin adjusts letters: е is ye at the beginning of a word and after a vowel, ц is
// ts between vowels, and an apostrophe keeps s and h apart.
func uzbekLatin(lower []rune, i int, to string) string {
	const vowels = "аеёиоуэюяў"
	before, after := runeAt(lower, i-1), runeAt(lower, i+1)
	switch lower[i] {
	case 'е':
		if !unicode.IsLetter(before) || strings.ContainsRune(vowels+"ъь", before) {
			return "ye"
		}
	case 'ц':
		if before != 0 && strings.ContainsRune(vowels, before) {
			return "ts"
		}
	case 'ҳ':
		if before == 'с' {
			return "ʼh"
		}
	case 'ъ':
		if after == 'е' || after == 'ё' || after == 'ю' || after == 'я' || before == 'ў' { // moʻjiza
			return ""
		}
	case 'я':
		if before == 'т' && after == 'б' { // sentabr, oktabr
			return "a"
		}
	}
	return to
}

// tajikLatin adjusts letters by the notes of the BGN/PCGN system: a dot keeps the letters
// of гҳ, зҳ, кҳ and сҳ apart, and ц is ts between vowels.
func tajikLatin(lower []rune, i int, to string) string {
	const vowels = "аеёиӣоуӯыэюя"
	before, after := runeAt(lower, i-1), runeAt(lower, i+1)
	switch lower[i] {
	case 'ҳ':
		if before != 0 && strings.ContainsRune("гзкс", before) {
			return "·h"
		}
	case 'ц':
		if before != 0 && after != 0 && strings.ContainsRune(vowels, before) && strings.ContainsRune(vowels, after) {
			return "ts"
		}
	}
	return to
}

// Letters of Crimean Tatar. After labial and velar consonants the first syllable has о
// and у for ö and ü, after the others ё and ю; a soft sign follows where no vowel shows
// that the syllable is a front one.
const (
	crimeanVowels    = "aâeıioöuü"
	crimeanFront     = "eiöü"
	crimeanCyrVowels = "аеёиоуыэюя"
	crimeanCyrFront  = "еёиэю"
	labialOrVelar    = "bcgkmpş"
	softened         = "çnrstzl"
)

// crimeanLatin writes Cyrillic text in Latin letters.
func crimeanLatin(s string) string {
	r := crimean()
	var b strings.Builder
	at := 0
	for _, m := range letters().FindAllStringIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		at = m[1]
		b.WriteString(r.inCase(s[m[0]:m[1]], crimeanLatinWord, r.upper))
	}
	b.WriteString(s[at:])
	return b.String()
}

// inCase converts a word in small letters and gives the result the capitals of the word:
// the first letter, or all. A word with other capitals is converted letter by letter.
func (r *rules) inCase(w string, convert func(string) string, upper func(string) string) string {
	lower := r.lower(w)
	if !isLatin(w) {
		lower = strings.ToLower(w)
	}
	if lower == w {
		return convert(w)
	}
	first, n := utf8.DecodeRuneInString(w)
	out := convert(lower)
	switch rest := w[n:]; {
	case unicode.IsUpper(first) && (rest == lower[len(lower)-len(rest):]):
		_, m := utf8.DecodeRuneInString(out)
		return upper(out[:m]) + out[m:]
	case !strings.ContainsFunc(w, unicode.IsLower):
		return upper(out)
	}
	var b strings.Builder
	for i := 0; i < len(w); {
		n := 0
		for k, c := range w[i:] { // a letter with the signs behind it
			if k > 0 && !strings.ContainsRune("ъьЪЬ", c) {
				break
			}
			n = k + utf8.RuneLen(c)
		}
		if k := i + len("дж"); k <= len(w) && strings.EqualFold(w[i:k], "дж") {
			n = len("дж")
		}
		letter := w[i : i+n]
		c, _ := utf8.DecodeRuneInString(letter)
		to := convert(r.lower(letter))
		if !isLatin(letter) {
			to = convert(strings.ToLower(letter))
		}
		if unicode.IsUpper(c) && to != "" {
			_, m := utf8.DecodeRuneInString(to)
			to = upper(to[:m]) + to[m:]
		}
		b.WriteString(to)
		i += n
	}
	return b.String()
}

func isLatin(w string) bool {
	return strings.ContainsFunc(w, func(c rune) bool { return unicode.Is(unicode.Latin, c) })
}

// stem returns the longest stem at the beginning of a word, in small letters, and what it
// becomes.
func (r *rules) stem(w string, stems map[string]string) (from, to string) {
	n := 0
	for i := range w {
		if n > r.longest {
			return from, to
		}
		if x, ok := stems[w[:i]]; ok {
			from, to = w[:i], x
		}
		n++
	}
	if x, ok := stems[w]; ok {
		return w, x
	}
	return from, to
}

// crimeanLatinWord converts a Cyrillic word in small letters.
func crimeanLatinWord(w string) string {
	r := crimean()
	from, begin := r.stem(w, r.stems)
	var b strings.Builder
	b.WriteString(begin)
	runes := []rune(w)
	start := utf8.RuneCountInString(from)
	syllable := strings.ContainsAny(from, crimeanCyrVowels) // behind the first vowel
	frontBefore := lastFrontLatin([]rune(begin))            // the last vowel is a front one
	for i := start; i < len(runes); i++ {
		c, before, after := runes[i], runeAt(runes, i-1), runeAt(runes, i+1)
		open := before == 0 || strings.ContainsRune(crimeanCyrVowels+"ъь", before) // no consonant before it
		if before == 'ъ' && i >= 2 && strings.ContainsRune("кгн", runes[i-2]) {
			open = false // къ, гъ and нъ are consonants
		}
		front := frontSyllable(runes, i)
		switch {
		case after == 'ъ' && c == 'к':
			b.WriteString("q")
			i++
		case after == 'ъ' && c == 'г':
			b.WriteString("ğ")
			i++
		case after == 'ъ' && c == 'н':
			b.WriteString("ñ")
			i++
		case after == 'ж' && c == 'д':
			b.WriteString("c")
			i++
		case c == 'е' && open:
			b.WriteString("ye")
		case c == 'е':
			b.WriteString("e")
		case c == 'я' && open:
			b.WriteString("ya")
		case c == 'я':
			b.WriteString("â")
		case c == 'ё' && open:
			b.WriteString(choose(front, "yö", "yo"))
		case c == 'ё':
			b.WriteString("ö")
		case c == 'ю' && before == 0 && i > 0, c == 'ю' && !open:
			b.WriteString("ü")
		case c == 'ю':
			b.WriteString(choose(front || frontBefore, "yü", "yu"))
		case c == 'о' && !syllable:
			b.WriteString(choose(front, "ö", "o"))
		case c == 'у' && !syllable:
			b.WriteString(choose(front, "ü", "u"))
		case c == 'ь' && after != 0 && strings.ContainsRune("иу", after):
			b.WriteString("y")
		default:
			if to, ok := r.latin[c]; ok {
				b.WriteString(to)
			} else {
				b.WriteRune(c)
			}
		}
		if strings.ContainsRune(crimeanCyrVowels, c) {
			syllable = true
			last, _ := utf8.DecodeLastRuneInString(b.String())
			frontBefore = strings.ContainsRune(crimeanFront, last)
		}
	}
	return b.String()
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// frontSyllable reports whether what follows a vowel shows that it is a front one: a soft
// sign behind the consonants, or a front vowel in the next syllable.
func frontSyllable(runes []rune, i int) bool {
	for k := i + 1; k < len(runes); k++ {
		switch c := runes[k]; {
		case c == 'ь':
			return true
		case c == 'ъ' && strings.ContainsRune("кг", runes[k-1]):
			return false // къ and гъ stand in back syllables
		case strings.ContainsRune(crimeanCyrVowels, c):
			return strings.ContainsRune(crimeanCyrFront, c)
		}
	}
	return false
}

// crimeanCyrillicPart converts a Latin word, and reports whether it is one of the language.
func crimeanCyrillicPart(w string) (string, bool) {
	inner, wasLower := false, false
	upper := 0
	for _, c := range w {
		inner = inner || wasLower && unicode.IsUpper(c)
		wasLower = unicode.IsLower(c)
		if unicode.IsUpper(c) {
			upper++
		}
		if !unicode.Is(unicode.Cyrillic, c) && !strings.ContainsRune("abcçdefgğhıijklmnñoöpqrsştuüvyzâ", unicode.TurkishCase.ToLower(c)) {
			return w, false // w, x: a foreign name
		}
	}
	if inner && upper < 3 {
		return w, false // an identifier
	}
	return crimean().inCase(w, crimeanCyrillicWord, strings.ToUpper), true
}

// crimeanCyrillicWord converts a Latin word in small letters.
func crimeanCyrillicWord(w string) string {
	r := crimean()
	from, begin := r.stem(w, r.back)
	var b strings.Builder
	b.WriteString(begin)
	runes := []rune(w)
	syllable := strings.ContainsAny(from, crimeanVowels)
	soft := false                               // a soft sign is to follow the next consonants
	frontBefore := lastFrontLatin([]rune(from)) // the last vowel is a front one
	for i := utf8.RuneCountInString(from); i < len(runes); i++ {
		c, before, after := runes[i], runeAt(runes, i-1), runeAt(runes, i+1)
		vowelBefore := before != 0 && strings.ContainsRune(crimeanVowels, before)
		yotated := func(c rune) rune {
			return map[rune]rune{'a': 'я', 'â': 'я', 'e': 'е', 'o': 'ё', 'ö': 'ё', 'u': 'ю', 'ü': 'ю'}[c]
		}
		switch {
		case c == 'y' && yotated(after) != 0:
			if before != 0 && !vowelBefore && before != 'y' {
				b.WriteString(choose(soft || strings.ContainsRune(crimeanFront, after) || frontBefore, "ь", "ъ"))
			}
			b.WriteRune(yotated(after))
			soft = (after == 'ö' || after == 'ü') && !syllable && needsSoftSign(runes, i+1)
			syllable, frontBefore = true, strings.ContainsRune(crimeanFront, after)
			i++
			continue
		case c == 'y' && after == 'i' && before != 0 && !vowelBefore:
			b.WriteString("ь")
			continue
		case c == 't' && after == 's' && isTsi(string(runes[i:])):
			b.WriteString("ц")
			i++
			continue
		case c == 'q':
			b.WriteString("къ")
		case c == 'ğ':
			b.WriteString("гъ")
		case c == 'ñ':
			b.WriteString("нъ")
		case c == 'c':
			b.WriteString("дж")
		case c == 'e':
			b.WriteString(choose(before == 0 || vowelBefore, "э", "е"))
		case c == 'â':
			b.WriteString("я")
		case c == 'ö' || c == 'ü':
			plain := !syllable && (i == 0 || strings.ContainsRune(labialOrVelar, before))
			b.WriteString(map[bool]map[rune]string{true: {'ö': "о", 'ü': "у"}, false: {'ö': "ё", 'ü': "ю"}}[plain][c])
			soft = plain && needsSoftSign(runes, i)
		default:
			if to, ok := r.cyrillic[string(c)]; ok {
				b.WriteRune(to)
			} else {
				b.WriteRune(c)
			}
		}
		if strings.ContainsRune(crimeanVowels, c) {
			syllable, frontBefore = true, strings.ContainsRune(crimeanFront, c)
			continue
		}
		// The sign stands behind the last consonant before a vowel's consonant, or the end.
		next := after == 0 || !strings.ContainsRune(crimeanVowels, after) && after != 'y'
		switch {
		case soft && next && strings.ContainsRune(softened, c) && (after == 0 || !strings.ContainsRune(softened, after) || nextIsVowel(runes, i+2)):
			b.WriteString("ь")
			soft = false
		case c == 'l' && next && after != 'l' && before != 'l' && frontBefore:
			b.WriteString("ь")
		}
		if after != 0 && strings.ContainsRune(crimeanVowels, after) {
			soft = false
		}
	}
	return b.String()
}

// needsSoftSign reports whether no vowel behind the consonants after runes[i] shows that
// it is a front one: there are two of them, or none follows.
func needsSoftSign(runes []rune, i int) bool {
	n := 0
	for k := i + 1; k < len(runes); k++ {
		if strings.ContainsRune(crimeanVowels, runes[k]) {
			return n > 1 || n == 1 && runes[k-1] == 'y'
		}
		n++
	}
	return n > 0
}

func nextIsVowel(runes []rune, i int) bool {
	return i < len(runes) && strings.ContainsRune(crimeanVowels, runes[i])
}

// isTsi reports whether ts is the letter ц, as in words from Latin: -tsiya, -tsion-.
func isTsi(w string) bool {
	for _, x := range []string{"tsiya", "tsiy", "tsion", "tsiâ", "tsent", "tsirk"} {
		if strings.HasPrefix(w, x) {
			return true
		}
	}
	return false
}

// lastFrontLatin reports whether the last vowel is a front one.
func lastFrontLatin(runes []rune) bool {
	for k := len(runes) - 1; k >= 0; k-- {
		if strings.ContainsRune(crimeanVowels, runes[k]) {
			return strings.ContainsRune(crimeanFront, runes[k])
		}
	}
	return false
}
