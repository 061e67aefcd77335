package glossary

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// otherStart reports whether a form of the word may begin with another letter than
// the word itself: people for person.
func (l *inflection) otherStart(word string) bool {
	return slices.Contains(l.starts, word)
}

// stemKind says which endings a stem may have.
type stemKind uint8

const (
	cutStem   stemKind = iota // something was taken off: any
	wholeStem                 // nothing was taken off: all but l.whole
	aloneStem                 // none
	exactStem                 // nothing follows it, not even a suffix of derived words
)

// perfectives returns the prefixes that the perfective of a verb may have.
func (l *inflection) perfectives(word string) (out []string) {
	for _, p := range l.perfect {
		if strings.HasSuffix(word, p[0]) {
			out = append(out, p[1])
		}
	}
	return out
}

// stem is a shape that the unchanging part of a word may have.
type stem struct {
	text string // folded
	kind stemKind
	cut  string // what was taken off to make it
}

// stems lists the stems of a word in its dictionary form.
func (l *inflection) stems(word string) []stem {
	return l.stemsOf(word, true)
}

// maxStems bounds the stems of a word that its endings and vowels give.
const maxStems = 192

// stemsOf is stems; without changes it leaves out the changes of vowels.
func (l *inflection) stemsOf(word string, changes bool) []stem {
	for _, a := range l.alone {
		if a[0] == word {
			return append(l.stemsOf(a[1], false), stem{word, aloneStem, ""}) // a vowel's change would lead back to the word
		}
	}
	shortest := 3
	if utf8.RuneCountInString(word) <= 4 {
		shortest = 2
	}
	out := append(make([]stem, 0, 24), stem{word, wholeStem, ""})
	has := func(s string) bool { return slices.ContainsFunc(out, func(o stem) bool { return o.text == s }) }
	add := func(s string, kind stemKind, cut string) {
		if utf8.RuneCountInString(s) >= shortest && len(out) < maxStems && !has(s) {
			out = append(out, stem{s, kind, cut})
		}
	}
	for _, p := range l.open {
		if s, ok := strings.CutPrefix(word, p); ok && utf8.RuneCountInString(s) >= shortest {
			out = append(out, stem{s, wholeStem, ""})
			break
		}
	}
	for _, e := range l.strip {
		if s, ok := strings.CutSuffix(word, e); ok {
			add(s, cutStem, e)
		}
	}
	for i, s := range out {
		for _, a := range l.alt {
			rest, ok := strings.CutSuffix(s.text, a[0])
			switch {
			case !ok || a[1] == "" && i > 0: // a suffix falls from the dictionary form alone
			case rest == "" && i == 0 && !has(a[1]):
				// A word of its own may have a stem of two letters: день, дня.
				out = append(out, stem{a[1], cutStem, ""})
			case a[1] == "" || l.after != nil:
				add(rest+a[1], cutStem, a[0])
			default:
				add(rest+a[1], cutStem, "")
			}
		}
	}
	for _, s := range out {
		l.vowels(s.text, changes, func(changed string) { add(changed, s.kind, s.cut) })
	}
	for _, s := range out {
		for _, a := range l.final {
			if rest, ok := strings.CutSuffix(s.text, a[0]); ok {
				cut := s.cut
				if l.only != nil {
					if change := a[0] + "=" + a[1]; l.only[change] != nil {
						cut = change
					}
				}
				add(rest+a[1], s.kind, cut)
			}
		}
		if r, size := utf8.DecodeLastRuneInString(s.text); l.double && size > 0 {
			if before, ok := strings.CutSuffix(s.text, string(r)+string(r)); ok && strings.Contains(word, string(r)+string(r)) {
				add(before+string(r), s.kind, s.cut)
			} else {
				add(s.text+string(r), s.kind, s.cut)
			}
		}
	}
	if l.broken {
		yeh := 'ی'
		if l.lang == "ar" {
			yeh = 'ي'
		}
		bare := word
		for _, p := range l.open {
			bare = strings.TrimPrefix(bare, p)
		}
		for _, s := range brokenPlurals([]rune(bare), yeh) {
			add(s, cutStem, "")
		}
	}
	for _, a := range l.forms {
		if a[0] == word && !has(a[1]) {
			out = append(out, stem{a[1], exactStem, ""})
		}
	}
	return out
}

// vowels adds the stems with a vowel of the last syllable fallen, put in or
// changed.
func (l *inflection) vowels(s string, changes bool, add func(string)) {
	last, size := utf8.DecodeLastRuneInString(s)
	if size == 0 || size == len(s) {
		return
	}
	before, tail := s[:len(s)-size], s[len(s)-size:]
	if !slices.Contains(l.drop, string(last)) {
		for _, v := range l.drop {
			if cut, ok := strings.CutSuffix(before, v); ok {
				add(cut + tail)
			}
		}
		for _, v := range l.insert {
			add(before + v + tail)
			for _, soft := range l.soft {
				if cut, ok := strings.CutSuffix(before, soft); ok {
					add(cut + v + tail)
				}
			}
		}
	}
	if !changes {
		return
	}
	for _, p := range l.vowel {
		// Only near the end: in the last three letters.
		if i := strings.LastIndex(s, p[0]); (i > 0 || i == 0 && sameStart(p[0], p[1])) && utf8.RuneCountInString(s[i+len(p[0]):]) <= 3 {
			add(s[:i] + p[1] + s[i+len(p[0]):])
		}
	}
}

// sameStart reports whether two texts begin with one letter.
func sameStart(a, b string) bool {
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return x == y
}

// brokenPlurals gives the commonest Arabic plural patterns, as Persian and its
// neighbours use them in writing, where short vowels do not show.
func brokenPlurals(r []rune, yeh rune) []string {
	const alef, madda, waw, heh = 'ا', 'آ', 'و', 'ه'
	word := func(r ...rune) string { return string(r) }
	var out []string
	switch len(r) {
	case 3:
		out = append(out,
			word(alef, r[0], r[1], alef, r[2]), // حزب احزاب
			word(r[0], r[1], waw, r[2]))        // علم علوم
		if r[0] == alef {
			out = append(out, word(madda, r[1], alef, r[2])) // اثر آثار
		}
		if r[1] == alef {
			out = append(out, word(alef, r[0], waw, alef, r[2])) // مال اموال
		}
		if r[2] == waw {
			out = append(out, word(alef, r[0], r[1], alef)) // عضو اعضا
		}
	case 4:
		switch {
		case r[1] == alef:
			out = append(out,
				word(r[0], waw, alef, r[2], r[3]),      // عامل عوامل
				word(alef, r[0], r[2], alef, r[3]),     // شاخص
				word(r[0], r[2], r[3], alef),           // عالم علما
				word(r[0], r[1], r[2], r[3], yeh, 'ن')) // معلم
		case r[2] == yeh:
			out = append(out,
				word(r[0], r[1], r[3], alef),       // وزیر وزرا
				word(alef, r[0], r[1], r[3], alef), // نبی انبیا
				word(r[0], r[1], alef, yeh, r[3]))  // دلیل دلایل, whose hamza is folded
		default:
			out = append(out, word(r[0], r[1], alef, r[2], r[3])) // مجلس مجالس
		}
	case 5:
		switch {
		case r[4] == heh && r[1] == alef:
			out = append(out, word(r[0], waw, alef, r[2], r[3])) // حادثه حوادث
		case r[4] == heh && r[2] == yeh:
			out = append(out, word(r[0], r[1], alef, yeh, r[3]), word(r[0], r[1], r[3], alef)) // نتیجه نتایج, خلیفه خلفا
		case r[4] == heh:
			out = append(out, word(r[0], r[1], alef, r[2], r[3])) // منطقه مناطق
		case r[1] == alef && (r[3] == waw || r[3] == yeh):
			out = append(out, word(r[0], waw, alef, r[2], yeh, r[4])) // قانون قوانین
		case r[3] == waw || r[3] == alef || r[3] == yeh:
			out = append(out, word(r[0], r[1], alef, r[2], yeh, r[4])) // مسئول
		}
	}
	return out
}
