package quality

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// unusual reports characters that text for people does not have.
func unusual(r rune) bool {
	switch {
	case r < ' ':
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7f:
		return false
	case r <= 0x9f, r == utf8.RuneError, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return true
	}
	return unicode.Is(unicode.Co, r)
}

func controls(s *segment, r *report) {
	if s.joined {
		return
	}
	text, src := s.target.Text.Chars, s.source.Chars
	for i, c := range text {
		if !unusual(c) || strings.ContainsRune(src, c) && c != utf8.RuneError {
			continue
		}
		if c == utf8.RuneError && strings.ContainsRune(src, c) {
			continue
		}
		if c == utf8.RuneError {
			r.addFinding("type the character again", "a replacement character (U+FFFD) or a broken one at byte %d: the text was damaged", diag.Arg("offset", i))
		} else {
			r.addFinding("delete it", "the control character U+%04X", diag.Arg("codePoint", c))
		}
		return
	}
}

// mojibake finds UTF-8 that was read as Windows-1252 or Windows-1251: characters
// that, as bytes of such an encoding, are valid UTF-8. And it finds question marks that
// a program wrote because its encoding lacks the letters.
func mojibake(s *segment, r *report) {
	text := s.target.Text.Chars
	if (!s.joined || strings.Count(text, "?") > 1) && !strings.ContainsRune(text, utf8.RuneError) && bitext.LostLetters(s.source.Chars, text) {
		r.addFinding("restore the text from before it was converted", "question marks or replacement characters stand for letters of the target: %q", diag.Arg("target", diag.Excerpt(text)))
		return
	}
	if m := locales.Misdecoded(text); m != "" && !strings.Contains(s.source.Chars, m) {
		r.addFinding("restore the text from before it was converted", "%q looks like text read with the wrong encoding", diag.Arg("text", diag.Excerpt(m)))
	}
}

// invisible tells characters without a shape where they have nothing to do.
func invisible(s *segment, r *report) {
	if s.ordinary {
		return
	}
	text := s.target.Text.Chars
	rightToLeft := sync.OnceValue(func() bool {
		return strings.ContainsFunc(text, func(r rune) bool { k := scriptOfRune(r); return k == arabic || k == hebrew })
	})
	var before rune
	kept := map[rune]bool{} // those that the source has, too
	for i, c := range text {
		prev := before
		before = c
		if c < 0xad || c == utf8.RuneError || isPlainLetter(c) { // RuneError may be one broken byte
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		bad, hint := false, "delete it"
		switch {
		case c == 0xad:
			bad = !unicode.IsLetter(prev) || !unicode.IsLetter(after)
		case c == '\u200b':
			bad = !slices.Contains([]string{"Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Jpan", "Hans", "Hant"}, s.to.script)
		case c == '\u200c' || c == '\u200d':
			bad = !joins(prev, after, c)
			if !bad {
				continue
			}
			if s.to.script == "Arab" {
				hint = "a non-joiner stands between two letters of a word"
			}
		case c == '\u200e' || c == '\u200f' || c == '\u061c':
			bad = !s.to.rtl && !rightToLeft()
		case c == '\ufeff', c == '\u2060', c == '\u180e', c == '\u034f', c == '\u2028', c == '\u2029', c >= 0xe0000 && c <= 0xe0fff, c == '\u115f', c == '\u3164', c == '\u2061', c == '\u2062', c == '\u2063':
			bad = true
		}
		if bad && !kept[c] {
			if kept[c] = strings.ContainsRune(s.source.Chars, c); kept[c] {
				continue
			}
			sev := r.check.Severity
			if (c == '\u200b' || c == '\u200c' || c == '\u200d') && !(unicode.IsLetter(prev) && unicode.IsLetter(after)) && !(c == '\u200b' && withinWord(text, i)) {
				sev = diag.Info // beside a space or mark it does nothing
			}
			r.addFindingWithSeverity(sev, hint, "the invisible character U+%04X", diag.Arg("codePoint", c))
			return
		}
	}
}

// withinWord reports whether a run of zero-width spaces that has one at i stands between
// two letters, where it breaks a word.
func withinWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:i], "\u200b"))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i:], "\u200b"))
	return unicode.IsLetter(before) && unicode.IsLetter(after)
}

// joins reports whether a joiner or non-joiner has its place: between letters of
// a script that joins, or, for a joiner, in an emoji.
func joins(before, after, c rune) bool {
	joining := func(r rune) bool {
		if r < 0x600 {
			return false
		}
		return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Gujarati, unicode.Gurmukhi, unicode.Sinhala, unicode.Oriya, unicode.Khmer, unicode.Myanmar, unicode.Mongolian) || unicode.Is(unicode.Mn, r)
	}
	if c == '\u200d' && !unicode.IsLetter(before) && before > 0x2000 {
		return true // an emoji
	}
	return joining(before) && joining(after) && !unicode.IsPunct(before) && !unicode.IsPunct(after)
}
