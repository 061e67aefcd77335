package tag

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"unicode"
)

// letterScripts are the scripts that LetterScript returns: those of living
// languages (UAX 31, table 5, and the largest of table 7), by their name in
// package unicode, with their code of ISO 15924.
var letterScripts = map[string]string{
	"Adlam": "Adlm", "Arabic": "Arab", "Armenian": "Armn", "Bengali": "Beng", "Bopomofo": "Bopo", "Canadian_Aboriginal": "Cans", "Cherokee": "Cher",
	"Cyrillic": "Cyrl", "Devanagari": "Deva", "Ethiopic": "Ethi", "Georgian": "Geor", "Greek": "Grek", "Gujarati": "Gujr", "Gurmukhi": "Guru", "Han": "Hani",
	"Hangul": "Hang", "Hebrew": "Hebr", "Hiragana": "Hira", "Javanese": "Java", "Kannada": "Knda", "Katakana": "Kana", "Khmer": "Khmr", "Lao": "Laoo",
	"Latin": "Latn", "Malayalam": "Mlym", "Mongolian": "Mong", "Myanmar": "Mymr", "Nko": "Nkoo", "Ol_Chiki": "Olck", "Oriya": "Orya", "Sinhala": "Sinh",
	"Sundanese": "Sund", "Syriac": "Syrc", "Tamil": "Taml", "Telugu": "Telu", "Thaana": "Thaa", "Thai": "Thai", "Tibetan": "Tibt", "Tifinagh": "Tfng",
	"Vai": "Vaii", "Yi": "Yiii",
}

// letterRange is a range of characters of one script.
type letterRange struct {
	lo, hi rune
	script string
}

var letterRanges = sync.OnceValue(func() []letterRange {
	var out []letterRange
	for name, code := range letterScripts {
		t := unicode.Scripts[name]
		add := func(lo, hi, stride rune) {
			if stride == 1 {
				out = append(out, letterRange{lo, hi, code})
				return
			}
			for r := lo; r <= hi; r += stride {
				out = append(out, letterRange{r, r, code})
			}
		}
		for _, r := range t.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	slices.SortFunc(out, func(a, b letterRange) int { return cmp.Compare(a.lo, b.lo) })
	return out
})

// LetterScript returns the script (Unicode property Script, as ISO 15924 code) of
// a letter or mark; "" for a character of no script of its own, and of a script
// that no living language is written in.
func LetterScript(r rune) string {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return "Latn"
	case r < 0x80:
		return ""
	case r >= 'А' && r <= 'я':
		return "Cyrl"
	}
	ranges := letterRanges()
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i].hi >= r })
	if i < len(ranges) && ranges[i].lo <= r {
		return ranges[i].script
	}
	return ""
}

// HasLetters reports whether LetterScript can return the script: not so for one
// that is not known and for names of several scripts, such as Jpan.
func HasLetters(script string) bool { return letterCodes()[script] }

var letterCodes = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, code := range letterScripts {
		out[code] = true
	}
	return out
})
