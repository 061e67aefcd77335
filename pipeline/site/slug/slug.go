// Package slug makes the names of pages in addresses from titles: in Latin letters, by
// the transliterations of CLDR, or in the letters of the language.
package slug

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Options control Make. Native keeps the letters of the language; else they are written
// in the letters a to z. MaxBytes is the length of a slug in bytes of UTF-8, 0 for 80.
type Options struct {
	Native   bool
	MaxBytes int
}

// Make returns the slug of a text in a locale: its words in lower case with hyphens
// between them, in NFC. It is empty if the text has no letters or digits, or letters of
// a script that is not transliterated.
func Make(locale, text string, o Options) string {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 80
	}
	if len(text) > 1<<16 {
		text = text[:1<<16]
	}
	text = lower(locale, norm.NFC.String(strings.ToValidUTF8(text, " ")))
	if !o.Native {
		latin, ok := Transliterate(locale, text)
		if !ok {
			return ""
		}
		text = strings.ToLower(latin)
	}
	var b strings.Builder
	gap := false
	for _, r := range text {
		switch {
		case r == '\'' || r == '’' || r == 'ʼ' || r == 'ʻ' || r == '‘' || r == '`' || r == '´' || r == '\u00AD' || r == '\u0640':
			continue // apostrophes, soft hyphens and the Arabic tatweel are within words
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && b.Len() > 0 && !gap:
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return shorten(norm.NFC.String(b.String()), o.MaxBytes)
}

// lower returns text in lower case as a language has it: the dotless i of Turkish.
func lower(locale, text string) string {
	t, err := language.Parse(locale)
	if err != nil {
		t = language.Und
	}
	return cases.Lower(t).String(text)
}

// shorten cuts a slug at a hyphen, or in its only word at the end of a character.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := s[:n+1]
	if i := strings.LastIndexByte(cut, '-'); i > n/3 {
		return s[:i]
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	// A mark stays with its letter.
	for n > 0 {
		r, _ := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsMark(r) {
			break
		}
		_, size := utf8.DecodeLastRuneInString(s[:n])
		n -= size
	}
	return strings.TrimRight(s[:n], "-")
}

// IsReserved reports whether a file or an address must not have a name: devices of
// Windows, in any case, and names that servers and this program give other files.
func IsReserved(name string) bool {
	switch name = strings.ToLower(name); name {
	case "", ".", "..", "con", "prn", "aux", "nul", "index", "manifest", "pages", "rss", "atom", "feed", "sitemap", "robots", "404":
		return true
	}
	if len(name) == 4 && (strings.HasPrefix(name, "com") || strings.HasPrefix(name, "lpt")) {
		return name[3] >= '0' && name[3] <= '9'
	}
	return false
}

// Numbered returns the nth form of a slug that is taken, for n from 2: "name-2".
func Numbered(slug string, n, maxBytes int) string {
	if maxBytes <= 0 {
		maxBytes = 80
	}
	suffix := "-" + itoa(n)
	return shorten(slug, max(maxBytes-len(suffix), 1)) + suffix
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
