package lint

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/catalog"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// spaceless are the scripts that put no space between words or sentences.
var spaceless = map[string]bool{"Hans": true, "Hant": true, "Hani": true, "Jpan": true, "Hira": true, "Kana": true, "Thai": true, "Laoo": true, "Khmr": true, "Mymr": true, "Tibt": true}

var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// ends returns the space at the beginning and at the end of a text. No-break spaces
// count as spaces.
func ends(s string) (string, string) {
	l := strings.TrimLeftFunc(s, unicode.IsSpace)
	r := strings.TrimRightFunc(s, unicode.IsSpace)
	if len(r) == len(s) && len(l) == len(s) {
		return "", ""
	}
	return plainSpaces.Replace(s[:len(s)-len(l)]), plainSpaces.Replace(s[min(len(r), len(s)):])
}

// alignment matches the spaces between a label and a value that stands in one column with
// those of other messages: "Version:     {ver}".
var alignment = lazy.Regexp(`[:：] {3,}`)

// space compares the space at the ends, and finds spaces in a row. A text in a script
// without spaces has none where the other has one.
func (ch *checker) space(m *parsedMessage, category, text, from string) {
	if strings.TrimSpace(text) == "" || strings.TrimSpace(from) == "" {
		return // one of two messages around a value: "Page {{n}}" has nothing behind it, "{{n}} 페이지" nothing before it
	}
	if strings.IndexFunc(text, unicode.IsLetter) < 0 && strings.IndexFunc(from, unicode.IsLetter) >= 0 {
		return // ", " for "and"
	}
	l1, r1 := ends(text)
	l2, r2 := ends(from)
	if strings.Contains(from, "</") && strings.Trim(l1+l2+r1+r2, "\n") == "" {
		return // a line end around HTML, as the quotation marks of the file make it
	}
	same := func(a, b string) bool {
		return a == b || spaceless[ch.script] && a == "" && b == " " || spaceless[ch.sourceScript] && a == " " && b == ""
	}
	indented := l1 != "" && l2 != "" && strings.Trim(l1+l2, " ") == "" && max(len(l1), len(l2)) >= leastIndent // a label in a column, of another width
	if !same(l1, l2) && !indented && !(l1 == "" && wide(firstRune(text))) && !(l1 == " " && l2 == "" && ch.spacesMark(text, from)) {
		ch.add("catalog.space", m.FieldPlace(ch.locale, category), "form %q begins with space %q, the source with %q", diag.Arg("form", category), diag.Arg("space", l1), diag.Arg("sourceSpace", l2))
	}
	if !same(r1, r2) && !(r1 == "" && wide(lastRune(text))) && !(r1 == " " && r2 == "" && ch.beforeValue(text, from)) {
		ch.add("catalog.space", m.FieldPlace(ch.locale, category), "form %q ends with space %q, the source with %q", diag.Arg("form", category), diag.Arg("space", r1), diag.Arg("sourceSpace", r2))
	}
	if doubled(text) && !doubled(from) && strings.Contains(alignment().ReplaceAllString(strings.Trim(text, " "), ": "), "  ") {
		ch.add("catalog.space", m.FieldPlace(ch.locale, category), "form %q has two spaces in a row", diag.Arg("form", category))
	}
}

// leastIndent is the number of spaces from which a text is indented.
const leastIndent = 3

// doubled reports whether a text has two spaces in a row between other characters.
func doubled(s string) bool { return strings.Contains(strings.Trim(s, " "), "  ") }

// beforeValue reports whether one of the texts ends in a colon or a comma, and the other
// does not: a space behind the colon, or in place of it, stands before a value.
func (ch *checker) beforeValue(text, from string) bool {
	if strings.HasSuffix(strings.TrimSpace(text), "«") && langtag.Language(ch.locale) == "fr" {
		return true // a value between guillemets
	}
	a, b := ending(text, ch.script), ending(from, ch.sourceScript)
	return a != b && (a == ":" || a == "," || a == "" && b == ":")
}

// spacesMark reports whether the texts begin with one mark before which French puts a
// space: " : " for ": ".
func (ch *checker) spacesMark(text, from string) bool {
	r := firstRune(strings.TrimSpace(text))
	if r == '»' && strings.ContainsRune("\"”’'", firstRune(from)) {
		return langtag.Language(ch.locale) == "fr"
	}
	return langtag.Language(ch.locale) == "fr" && r == firstRune(from) && strings.ContainsRune(":;!?»", r)
}

// wide reports whether a mark fills a square, with room for the space beside it.
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

// smiley matches what a smiley of marks looks like, alone or behind a space.
var smiley = lazy.Regexp(`(?:^|[\s\p{P}])(?:[:;=8xX][-^oc']?[)(\]\[DPpOo3*|/\\]+|[)(][-^]?[:;=]|\^[_.-]?\^|<3)$`)

// withoutSmileys is a text without the smileys and emoji at its end.
func withoutSmileys(s string) string {
	for {
		t := strings.TrimRightFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || r >= 0x1f000 || r >= 0x2190 && r < 0x2c00 && unicode.In(r, unicode.So, unicode.Sk) || r == 0xfe0f || r == 0x200d
		})
		if n := len(t); n > 1 && strings.IndexByte(")(][DPpOo3*|/\\:;=^", t[n-1]) >= 0 {
			if at := smiley().FindStringIndex(t[max(0, n-6):]); at != nil {
				cut := max(0, n-6) + at[0]
				_, size := utf8.DecodeRuneInString(t[cut:])
				if r := firstRune(t[cut:]); at[0] == 0 && cut == 0 && !unicode.IsSpace(r) && !unicode.IsPunct(r) || strings.ContainsRune(":;=(<^", r) && cut == 0 {
					size = 0
				}
				t = t[:cut+size]
			}
		}
		if t == s {
			return s
		}
		s = t
	}
}

// entity matches a character reference of HTML at the end of a text, whose semicolon is
// no mark; longestEntity is its length in bytes.
var entity = lazy.Regexp(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,23});$`)

const longestEntity = 26

// ending is the mark at the end of a text, within its quotation marks, brackets
// and tags or behind them; "" for none.
func ending(s, script string) string {
	s = withoutSmileys(s)
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
	if r == ';' && entity().MatchString(s[max(0, len(s)-longestEntity):]) {
		return ""
	}
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
func (ch *checker) ending(m, src *parsedMessage, category, text, from string) {
	a, b := ending(text, ch.script), ending(from, ch.sourceScript)
	if a == "" && b == ":" && ch.script == "Beng" && strings.HasSuffix(strings.TrimRightFunc(text, unicode.IsSpace), "\u0983") {
		a = b // the sign visarga, which looks like a colon and is typed for one
	}
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
	case strings.IndexFunc(text, unicode.IsLetter) < 0 && strings.IndexByte(text, '?') < 0:
		return // ", " for " at " between two values
	}
	name := func(s string) string {
		if s == "" {
			return "no mark"
		}
		return "“" + s + "”"
	}
	d := ch.add("catalog.end-punctuation", m.FieldPlace(ch.locale, category), "form %q ends with %s, the source with %s", diag.Arg("form", category), diag.Arg("end", name(a)), diag.Arg("sourceEnd", name(b)))
	if !ch.wrongEnding(src.ID, text, from, a, b) {
		d.Severity = diag.Info
	}
}

// wrongEnding reports whether the mark a in place of the source's b is surely none of
// style. Whether a label, a message of success or an exclamation has a mark is style, and
// so is what another language does as well: a colon that is lost is not, nor a question
// mark of a text that is not put otherwise, nor a full stop where the locale else has
// those of its source.
func (ch *checker) wrongEnding(id, text, from, a, b string) bool {
	const (
		longest     = 300 // bytes of a text whose last mark is compared with certainty
		leastStops  = 8   // sentences from which the locale's way with full stops is known
		mostOfTen   = 1   // of ten of them that end otherwise
		leastOthers = 2   // languages that end a message otherwise by choice
	)
	soft := func(mark string) bool { return mark == "." || mark == "!" || mark == "…" }
	habits := ch.sources.endings()
	if len(from) > longest || habits.messages[id] >= leastOthers {
		return false
	}
	switch {
	case b == "":
		return a == "," || a == ";"
	case b == "." && a == "":
		stops := habits.stops[ch.locale]
		return !spaceless[ch.script] && stops.all >= leastStops && stops.other*10 <= stops.all*mostOfTen
	case soft(b) && (a == "" || a == "?" || soft(a)):
		return false
	case spaceless[ch.script] && (b == "?" || a == "." || a == "" && (b == ":" || b == ",")):
		return false // a question by its particle; "as follows。"; "更新于 " before a value
	case b == "?" && a == "":
		n, m := len(strings.Fields(text)), len(strings.Fields(from))
		return n*3 >= m*2 && m*3 >= n*2 // else it is another sentence
	}
	return true
}

// endingVotes count translations, and those of them that do not end as their source.
type endingVotes struct{ all, other int }

// endingHabits are how translations end: the number of languages that end a message
// otherwise than the source, and the votes of a locale for sources with a full stop.
type endingHabits struct {
	messages map[string]int
	stops    map[string]endingVotes
}

// howTheyEnd compares how all translations end with how their sources do.
func howTheyEnd(s *catalog.Set) func() endingHabits {
	return sync.OnceValue(func() endingHabits {
		h := endingHabits{map[string]int{}, map[string]endingVotes{}}
		source := s.Catalogs[s.Source]
		if source == nil {
			return h
		}
		marks := map[string]string{}
		for id, m := range source.Messages {
			if mark := ending(m.Other, locales.Script(s.Source)); mark != "" {
				marks[id] = mark
			}
		}
		languages := map[[2]string]bool{} // message and language
		for tag, c := range s.Catalogs {
			if langtag.SameLanguage(tag, s.Source) || catalog.IsPseudo(tag) {
				continue
			}
			script, language, stops := locales.Script(tag), langtag.Language(tag), endingVotes{}
			for id, mark := range marks {
				m := c.Messages[id]
				if m == nil || m.Other == "" || m.Other == source.Messages[id].Other {
					continue
				}
				other, key := ending(m.Other, script) != mark, [2]string{id, language}
				if other && !languages[key] {
					languages[key] = true
					h.messages[id]++
				}
				if mark == "." {
					if stops.all++; other {
						stops.other++
					}
				}
			}
			h.stops[tag] = stops
		}
		return h
	})
}

// salutation reports whether a text is how a letter begins, or ends: "Hello,"
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

// abbreviated reports whether the full stop at the end is that of a short word: of
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
