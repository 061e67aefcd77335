package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// space compares the space at the ends, and finds spaces in a row.
func (ch *checker) space(m *parsedMessage, category, text, from string) {
	trim := func(s string) (string, string) {
		l := strings.TrimLeftFunc(s, unicode.IsSpace)
		r := strings.TrimRightFunc(s, unicode.IsSpace)
		return s[:len(s)-len(l)], s[min(len(r), len(s)):]
	}
	l1, r1 := trim(text)
	l2, r2 := trim(from)
	if l1 != l2 && !(l1 == "" && wide(firstRune(text))) {
		ch.add("catalog.space", m.FieldPlace(ch.locale, category), "form %q begins with space %q, the source with %q", category, l1, l2)
	}
	if r1 != r2 && !(r1 == "" && wide(lastRune(text))) {
		ch.add("catalog.space", m.FieldPlace(ch.locale, category), "form %q ends with space %q, the source with %q", category, r1, r2)
	}
	if strings.Contains(strings.Trim(text, " "), "  ") && !strings.Contains(strings.Trim(from, " "), "  ") {
		ch.add("catalog.space", m.FieldPlace(ch.locale, category), "form %q has two spaces in a row", category)
	}
}

// wide says whether a mark fills a square, with room for the space beside it.
func wide(r rune) bool {
	return r >= 0x3001 && r <= 0x3003 || r >= 0x3008 && r <= 0x3011 || r >= 0x3014 && r <= 0x301f ||
		r >= 0xff01 && r <= 0xff0f || r >= 0xff1a && r <= 0xff20 || r >= 0xff3b && r <= 0xff40 || r >= 0xff5b && r <= 0xff60
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

// endings are marks at the end of a text that mean the same in every script.
var endings = map[rune]string{
	'.': ".", '。': ".", '．': ".", '｡': ".", '։': ".", '۔': ".", '।': ".", '።': ".", '။': ".", '។': ".", '།': ".",
	'?': "?", '？': "?", '؟': "?", '՞': "?", '፧': "?", '\u037e': "?",
	'!': "!", '！': "!", '՜': "!",
	':': ":", '：': ":", '՝': ":", '፥': ":", '…': "…", '⋯': "…",
	',': ",", '，': ",", '،': ",", '、': ",", '፣': ",", ';': ";", '；': ";", '؛': ";", '፤': ";",
}

// ending is the mark at the end of a text, within its quotation marks, brackets
// and tags or behind them; "" for none.
func ending(s, script string) string {
	for {
		// Nearly all texts end in a letter or a mark.
		if n := len(s); n > 0 && s[n-1] < 0x80 && s[n-1] > ' ' && strings.IndexByte("\"')>", s[n-1]) < 0 {
			break
		}
		s = strings.TrimRightFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune("\"'”“’‘»«)›）」』】》〉〕", r) || unicode.Is(unicode.Cf, r)
		})
		i := strings.LastIndex(s, "</")
		if i < 0 || strings.IndexByte(s[i:], '>') != len(s)-i-1 {
			break
		}
		s = s[:i]
	}
	if strings.HasSuffix(s, "...") {
		return "…"
	}
	r := lastRune(s)
	if script == "Grek" {
		switch r {
		case ';':
			return "?"
		case '\u00b7', '\u0387':
			return ";"
		}
	}
	return endings[r]
}

// ending compares the last mark. Armenian puts its question mark inside the
// sentence, Thai and Lao have no full stop.
func (ch *checker) ending(m *parsedMessage, category, text, from string) {
	a, b := ending(text, ch.script), ending(from, ch.sourceScript)
	if a == b {
		return
	}
	switch script := ch.script; {
	case script == "Thai" || script == "Laoo":
		return
	case script == "Armn" && (b == "?" || b == "!"):
		return
	case b == "" && a == "." && abbreviated(text):
		return
	case salutation(from, b) && (a == "," || a == ":" || a == "!"):
		return
	}
	name := func(s string) string {
		if s == "" {
			return "no mark"
		}
		return "“" + s + "”"
	}
	d := ch.add("catalog.end-punctuation", m.FieldPlace(ch.locale, category), "form %q ends with %s, the source with %s", category, name(a), name(b))
	if b == "" && (a == "." || a == "?") {
		d.Severity = diag.Info // a sentence, where the source has a title or an order
	}
}

// salutation says whether a text is how a letter begins, or ends: "Hello,"
// "Regards,". Languages end those with a comma, a colon or an exclamation mark.
func salutation(s, end string) bool {
	switch end {
	case ",":
		return len(s) <= 80
	case ":", "!":
		for _, word := range []string{"Dear ", "Hello ", "Hello!", "Hey ", "Hi "} {
			if strings.HasPrefix(s, word) {
				return true
			}
		}
	}
	return false
}

// abbreviated says whether the full stop at the end is that of a short word: of
// four letters at most, and no vowel at its end ("мин.", "см.").
func abbreviated(s string) bool {
	s = strings.TrimSuffix(strings.TrimRightFunc(s, unicode.IsSpace), ".")
	n := 0
	for i := len(s); i > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if !unicode.IsLetter(r) {
			break
		}
		if n == 0 && strings.ContainsRune("aeiouyаеёиоуыэюяіїєαεηιουω", unicode.ToLower(r)) {
			return false
		}
		i -= size
	}
	return n >= 1 && n <= 4
}
