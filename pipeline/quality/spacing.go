package quality

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

func edges(s *segment, r *report) {
	src, tgt := s.source.Chars, s.target.Text.Chars
	if strings.TrimSpace(tgt) == "" || strings.TrimSpace(src) == "" {
		return
	}
	space := func(r rune) bool { return unicode.IsSpace(r) }
	lead := func(t string) bool { return len(t) != len(strings.TrimLeftFunc(t, space)) }
	trail := func(t string) bool { return len(t) != len(strings.TrimRightFunc(t, space)) }
	if lead(src) != lead(tgt) {
		r.addFinding("", "white space at the beginning %s", diag.Arg("difference", differs(lead(tgt))))
	}
	if trail(src) != trail(tgt) {
		sev := r.check.Severity
		if trail(tgt) && !s.unit.Preserve && !strings.HasSuffix(tgt, "\n") { // nobody sees it
			sev = diag.Info
		}
		r.addFindingWithSeverity(sev, "", "white space at the end %s", diag.Arg("difference", differs(trail(tgt))))
	}
}

func differs(has bool) string {
	if has {
		return "that the source does not have"
	}
	return "is missing"
}

// spaces reports several spaces in a row where white space is collapsed, so that readers
// do not see them: a note.
func spaces(s *segment, r *report) {
	if !s.unit.Preserve && doubleSpace(s.tgt) && !doubleSpace(s.src) {
		r.addFinding("", "several spaces in a row")
	}
}

// doubleSpace looks between words, not at the edges.
func doubleSpace(text string) bool {
	text = strings.TrimSpace(text)
	last := false
	for _, r := range text {
		is := r == ' ' || r == '\t' || r == '\u00a0'
		if is && last {
			return true
		}
		last = is
	}
	return false
}

// spacing looks for a space before a mark that stands close, and for a comma
// that has no space behind it.
func spacing(s *segment, r *report) {
	if looseSpacing(s, r) {
		return
	}
	marks := spacedMarks(s.to)
	text := s.tgt
	for i, c := range text {
		if i == 0 || c > '?' && c < 0x500 || c == ' ' || c >= 0x500 && isPlainLetter(c) || !strings.ContainsRune(marks, c) {
			continue
		}
		before, size := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		if (before == ' ' || before == '\u00a0') && c != '…' && (!unicode.IsLetter(after) || (c == ',' || c == '،') && looseBefore(text[:i])) && !unicode.IsDigit(after) && after != c && after != '.' && after != ')' && i-size > 0 && !(c == ':' && isScore(text, i)) && !strings.Contains(s.src, string([]rune{' ', c})) {
			r.addFinding("", "a space before %q", diag.Arg("character", string(c)))
			return
		}
		if (c == ',' || c == '،' || c == '؛' || c == '։' || c == '۔') && unicode.IsLetter(before) && unicode.IsLetter(after) && !closeComma(s.src) && !(s.to.lang == "el" && before == 'ό' || s.to.lang == "el" && before == 'ο') && !strings.ContainsRune(spacelessMarks(s.to), c) { // ό,τι is one word in Greek
			r.addFinding("", "no space behind %q", diag.Arg("character", string(c)))
			return
		}
	}
}

// isScore reports whether the colon at i, with a space on both sides, stands between two
// numbers: the result of a match.
func isScore(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:i], " \u00a0"))
	rest := strings.TrimLeft(text[i+1:], " \u00a0")
	after, _ := utf8.DecodeRuneInString(rest)
	return rest != text[i+1:] && unicode.IsDigit(before) && unicode.IsDigit(after)
}

// spacedMarks are the marks that have no space before them in a language.
func spacedMarks(l *language) string {
	switch l.lang {
	case "fr":
		return ",."
	case "hy":
		return ",.։"
	}
	return ",.;:!?،؛؟։…"
}

// spacelessMarks are the marks that have no space behind them in a language.
func spacelessMarks(l *language) string {
	if l.spaceless {
		return ","
	}
	return ""
}

// looseBefore reports whether a text ends in a letter and a space.
func looseBefore(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, " "))
	return unicode.IsLetter(r)
}

// looseSpacing reports spaces inside brackets, a sentence that begins right behind a
// full stop, a dash without its second space, and what French asks for.
func looseSpacing(s *segment, r *report) bool {
	text := s.tgt
	if strings.Contains(text, "( ") && !strings.Contains(s.src, "( ") || strings.Contains(text, " )") && !strings.Contains(s.src, " )") && !strings.Contains(text, ":)") {
		r.addFinding("", "a space inside brackets")
		return true
	}
	read, closed := false, false // what the source does is looked for once
	french := s.to.tag == "fr" || s.to.tag == "fr-FR"
	want := s.to.written
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '.' && i > 0 && (want == latin || want == cyrillic || want == greek || want == armenian):
			before, size := utf8.DecodeLastRuneInString(text[:i])
			second, _ := utf8.DecodeLastRuneInString(text[:i-size])
			after, n := utf8.DecodeRuneInString(text[i+1:])
			next, _ := utf8.DecodeRuneInString(text[i+1+n:])
			if unicode.IsLower(before) && unicode.IsLower(second) && unicode.IsUpper(after) && unicode.IsLower(next) && scriptOfRune(before) == want && scriptOfRune(after) == want {
				if !read {
					read, closed = true, closePoint(s.src)
				}
				if closed {
					continue
				}
				word := strings.LastIndexFunc(text[:i], func(r rune) bool { return !unicode.IsLetter(r) }) + 1
				if utf8.RuneCountInString(text[word:i]) > 3 || unicode.IsLower(second) && utf8.RuneCountInString(text[word:i]) > 2 {
					r.place(0, 0, i, i+1)
					r.addFinding("", "no space behind %q", diag.Arg("character", "."))
					return true
				}
			}
		case c == '-' && i > 1 && text[i-1] == ' ' && (want == latin || want == cyrillic):
			before, _ := utf8.DecodeLastRuneInString(text[:i-1])
			after, _ := utf8.DecodeRuneInString(text[i+1:])
			if unicode.IsLetter(before) && unicode.IsLetter(after) && !strings.Contains(s.src, " -"+string(after)) && !closeDash(s.src) && !suspended(text[:i-1]) && s.to.lang != "fi" && s.to.lang != "et" { // "New York Times -lehti" is a compound in Finnish
				r.place(0, 0, i, i+1)
				r.addFinding("", "a dash with a space on one side only")
				return true
			}
		case french && (c == '?' || c == '!' || c == ';') && i > 0:
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); (unicode.IsLetter(before) || unicode.IsDigit(before)) && !s.sourceMarks(text[:i], text[i:i+1]) {
				r.place(0, 0, i, i+1)
				r.addFinding("write a no-break space before it", "no space before %q", diag.Arg("character", string(c)))
				return true
			}
		case french && strings.HasPrefix(text[i:], "«"):
			if after, _ := utf8.DecodeRuneInString(text[i+2:]); unicode.IsLetter(after) {
				r.place(0, 0, i, i+2)
				r.addFinding("write a no-break space behind it", "no space behind %q", diag.Arg("character", "«"))
				return true
			}
		case french && strings.HasPrefix(text[i:], "»") && i > 0:
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); !unicode.IsSpace(before) {
				r.place(0, 0, i, i+2)
				r.addFinding("write a no-break space before it", "no space before %q", diag.Arg("character", "»"))
				return true
			}
		}
	}
	return false
}

// suspended reports whether a text ends in a conjunction, behind which a hyphen stands
// for the first part of a compound: "Nachmittag oder -abend", "értékelési és -alkalmazási".
func suspended(text string) bool {
	word := strings.ToLower(text[strings.LastIndexByte(text, ' ')+1:])
	return containsWord("und oder bzw bis sowie és vagy illetve en of og eller och ja tai ning või un vai ir ar i ili ali a in", word)
}

// sourceMarks reports whether a mark behind a word is the source's own: of a name
// ("StopNow!"), or of a character reference ("&gt;").
func (s *segment) sourceMarks(before, mark string) bool {
	i := strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' && r != '#' }) + 1
	word := before[i:]
	return word != "" && len(s.src) < 20_000 && strings.Contains(s.src, word+mark)
}

// closePoint reports whether a text itself begins a sentence right behind a full stop.
func closePoint(text string) bool {
	for i := 2; i+1 < len(text); i++ {
		if text[i] == '.' && text[i-1] >= 'a' && text[i-1] <= 'z' && text[i-2] >= 'a' && text[i-2] <= 'z' && text[i+1] >= 'A' && text[i+1] <= 'Z' {
			return true
		}
	}
	return false
}

// closeDash reports whether a text has a hyphen with a space before it only.
func closeDash(text string) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '-' && text[i-1] == ' ' && isASCIILetter(text[i+1]) {
			return true
		}
	}
	return false
}

// closeComma reports whether a text itself has a comma without a space behind it.
func closeComma(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == ',' && i > 0 && isASCIILetter(text[i-1]) && isASCIILetter(text[i+1]) {
			return true
		}
	}
	return false
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
