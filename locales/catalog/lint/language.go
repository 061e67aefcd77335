package lint

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/message"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// textWord is a word of a text, with what the checks of its language ask.
type textWord struct {
	text   string
	script string // of its first letter; "" for a script that is not distinguished
	lower  bool   // begins with a small letter, or has no case
}

// textWords returns the words of a text. Addresses and what stands in markup are not
// words of the language.
func textWords(text string) []textWord {
	text = withoutMarkup(text)
	out := make([]textWord, 0, strings.Count(text, " ")+1)
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
		if r < utf8.RuneSelf {
			return !letter(byte(r)) && r != '\''
		}
		return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && r != '’'
	}) {
		r, _ := utf8.DecodeRuneInString(word)
		out = append(out, textWord{word, langtag.LetterScript(r), !unicode.IsUpper(r) && !unicode.IsTitle(r)})
	}
	return out
}

// withoutMarkup puts a space for each tag, address, placeholder and piece of code, which
// are, at each place the first of these, as a regular expression has them:
//
//	<[^>]*>|https?://\S+|\S+@\S+|`[^`]*`|\{[^}]*\}|%\(?\w+|[$#/.@-]\w+
func withoutMarkup(text string) string {
	var out strings.Builder
	var open [3]bool // no '>', '`', '}' comes any more
	to := func(n, from int, end byte) int {
		if open[n] {
			return 0
		}
		if at := strings.IndexByte(text[from:], end); at >= 0 {
			return from + at + 1
		}
		open[n] = true
		return 0
	}
	kept, runEnd, lastAt := 0, 0, -1
	for i := 0; i < len(text); {
		c := text[i]
		if i >= runEnd { // the end of characters that are no space
			for runEnd = i; runEnd < len(text) && !isSpace(text[runEnd]); runEnd++ {
			}
			if runEnd == i {
				i++
				continue
			}
			lastAt = -1 // the last '@' that has something behind it
			if at := strings.LastIndexByte(text[i:runEnd-1], '@'); at >= 0 {
				lastAt = i + at
			}
		}
		end := 0
		if c == '<' {
			end = to(0, i+1, '>')
		}
		if end == 0 && c == 'h' {
			rest := strings.TrimPrefix(text[i:runEnd], "http")
			rest = strings.TrimPrefix(rest, "s")
			if strings.HasPrefix(text[i:], "http") && strings.HasPrefix(rest, "://") && len(rest) > 3 {
				end = runEnd
			}
		}
		if end == 0 && lastAt > i {
			end = runEnd
		}
		if end == 0 {
			switch c {
			case '`':
				end = to(1, i+1, '`')
			case '{':
				end = to(2, i+1, '}')
			case '%':
				from := i + 1
				if from < len(text) && text[from] == '(' {
					from++
				}
				end = wordEnd(text, from)
			case '$', '#', '/', '.', '@', '-':
				end = wordEnd(text, i+1)
			}
		}
		if end == 0 {
			i++
			continue
		}
		out.WriteString(text[kept:i])
		out.WriteByte(' ')
		i, kept = end, end
		runEnd = max(runEnd, end)
	}
	if kept == 0 {
		return text
	}
	out.WriteString(text[kept:])
	return out.String()
}

// isSpace reports whether a byte is what a regular expression has as \s.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

// wordEnd returns the end of the ASCII letters, digits and low lines from a place on, 0 if
// there are none.
func wordEnd(text string, from int) int {
	end := from
	for end < len(text) && (text[end] == '_' || text[end] >= '0' && text[end] <= '9' || text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z') {
		end++
	}
	if end == from {
		return 0
	}
	return end
}

// language finds text that is not in the locale's language: UTF-8 that was read in
// another encoding, letters that became question marks, letters that the alphabet does not
// have, and sentences without a letter of the locale's script. What the source has too is accepted.
func (ch *checker) language(m, src *parsedMessage, category string) {
	text := strings.Join(literals(m.templates[slices.Index(message.Categories, category)], m.Form(category)), " ")
	if misdecoded := locales.Misdecoded(text); misdecoded != "" && (src == m || !src.contains(misdecoded)) {
		ch.add("catalog.misdecoded", m.FieldPlace(ch.locale, category), "form %q: %.40q looks like UTF-8 that was read in another encoding", diag.Arg("form", category), diag.Arg("misdecoded", misdecoded)).Hint = "restore the text from before it was converted"
		return
	}
	if src == m {
		return
	}
	from, st := src.form(category)
	if bitext.LostLetters(strings.Join(literals(st, from), " "), text) && !strings.ContainsRune(text, utf8.RuneError) { // catalog.control reports U+FFFD
		ch.add("catalog.misdecoded", m.FieldPlace(ch.locale, category), "question marks or replacement characters stand for letters of the target: %q", diag.Arg("target", diag.Excerpt(text))).Hint = "restore the text from before it was converted"
		return
	}
	if ch.sameLanguage {
		return
	}
	words := textWords(text)
	if ch.alphabetical(m, src, category, words) {
		return
	}
	if ch.otherScript(m, src, category, words) {
		return
	}
	ch.otherHan(m, src, category, text)
	ch.suspect(m, src, category, words)
}

// alphabetical finds letters of the locale's script that its language does not have.
// In Latin script names keep their own letters (São Paulo), and so do single loans
// (naïve): there, two small words must have such letters.
func (ch *checker) alphabetical(m, src *parsedMessage, category string, words []textWord) bool {
	first, letter, n := "", rune(0), 0
	for _, w := range words {
		if ch.script == "Latn" && !w.lower {
			continue
		}
		r, ok := ch.alphabet.Foreign(w.text)
		if !ok || src.contains(w.text) {
			continue
		}
		if n++; first == "" {
			first, letter = w.text, r
		}
	}
	if n == 0 || ch.script == "Latn" && n < 2 {
		return false
	}
	ch.add("catalog.alphabet", m.FieldPlace(ch.locale, category), "form %q: %q has the letter %q (U+%04X), which %s does not have", diag.Arg("form", category), diag.Arg("first", first), diag.Arg("letter", string(letter)), diag.Arg("otherLetter", letter), diag.Arg("locale", ch.locale))
	return true
}

// otherScript finds a sentence in Latin letters in a locale that is written in another
// script.
func (ch *checker) otherScript(m, src *parsedMessage, category string, words []textWord) bool {
	const (
		leastWords = 3 // of a sentence
		leastLower = 2 // of them small ones that the source does not have: no names, no commands
	)
	if !isAlphabet(ch.script) || ch.script == "Latn" || ch.inLatin || len(words) < leastWords {
		return false
	}
	source := strings.ToLower(src.SourceForm(category))
	lower := 0
	for _, w := range words {
		if w.script != "Latn" {
			return false
		}
		if w.lower && utf8.RuneCountInString(w.text) > 1 && !strings.Contains(source, strings.ToLower(w.text)) {
			lower++
		}
	}
	if lower < leastLower {
		return false
	}
	ch.add("catalog.language", m.FieldPlace(ch.locale, category), "form %q has no letter of the script %s, in which %s is written: %.60q", diag.Arg("form", category), diag.Arg("script", ch.script), diag.Arg("locale", ch.locale), diag.Arg("text", m.Form(category)))
	return true
}

// alsoLatin are languages that have an official or a usual Latin alphabet beside the
// script that CLDR takes for likely: Karakalpak by the law of 1993 (as of 2016), Kazakh
// by the decree of 2017, Crimean Tatar, Tatar, Kurdish, Serbian and Bosnian.
var alsoLatin = map[string]bool{"kaa": true, "kk": true, "crh": true, "tt": true, "ku": true, "sr": true, "bs": true}

// wholeScript finds a catalog that is in Latin letters where its locale is written in
// another script: Serbian in a file for "sr", which is Cyrillic in CLDR. One
// finding says so, and none for each message.
func (ch *checker) wholeScript() {
	const (
		least    = 5 // translations in Latin letters
		leastAll = 2 // the same, where none is in the locale's script
		ratio    = 4 // of them to those in the locale's script
	)
	if ch.isSource || ch.noSource || ch.sameLanguage || !isAlphabet(ch.script) || ch.script == "Latn" {
		return
	}
	latin, other := 0, 0
	for id, m := range ch.target.Messages {
		if ratio*other > len(ch.target.Messages) {
			return // there are not so many others
		}
		src := ch.source.Messages[id]
		if src == nil || m.Other == "" || m.Other == src.Other {
			continue
		}
		lower := false
		for _, w := range textWords(m.Other) {
			if w.script != "Latn" {
				lower = false
				other++
				break
			}
			lower = lower || w.lower
		}
		if lower {
			latin++
		}
	}
	if latin < least && (latin < leastAll || other > 0) || latin < ratio*other {
		return
	}
	ch.inLatin = true
	path := ""
	if len(ch.target.Paths) > 0 {
		path = ch.target.Paths[0]
	}
	d := ch.add("catalog.language", diag.Place{Path: path, Locale: ch.locale}, "%d of %d translations are in Latin letters; %s is written in the script %s", diag.Arg("count", latin), diag.Arg("total", latin+other), diag.Arg("locale", ch.locale), diag.Arg("script", ch.script))
	d.Hint = "translate them, or name the locale " + langtag.Language(ch.locale) + "-Latn"
	if alsoLatin[langtag.Language(ch.locale)] {
		d.Severity = diag.Info
	}
}

// isAlphabet reports whether a script is one that a Latin sentence can be told from.
func isAlphabet(script string) bool { return script != "" && script != "Zyyy" && script != "Zzzz" }
