package quality

import (
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// bidi looks at explicit direction marks (UAX #9, 2.1 to 2.4).
func bidi(s *segment, r *report) {
	if s.joined || strings.IndexByte(s.target.Text.Chars, 0xe2) < 0 {
		return // all of them are U+20xx
	}
	// One at the very end does nothing.
	text := strings.TrimRight(s.target.Text.Chars, " \u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f")
	if bidiFault(text) != 0 && bidiFault(s.target.Text.Chars) == 0 {
		text = s.target.Text.Chars
	}
	if f := bidiFault(text); f != 0 && bidiFault(s.source.Chars) != f {
		r.addFinding("close it, or delete it", "the direction mark %s has no partner", diag.Arg("name", bidiName(f)))
		return
	}
	for _, c := range []rune{'\u202d', '\u202e'} {
		if strings.ContainsRune(text, c) && !strings.ContainsRune(s.source.Chars, c) {
			r.addFindingWithSeverity(diag.Warning, "delete it", "%s turns the text around", diag.Arg("name", bidiName(c)))
			return
		}
	}
}

func bidiName(r rune) string {
	switch r {
	case '\u202a':
		return "LRE (U+202A)"
	case '\u202b':
		return "RLE (U+202B)"
	case '\u202c':
		return "PDF (U+202C)"
	case '\u202d':
		return "LRO (U+202D)"
	case '\u202e':
		return "RLO (U+202E)"
	case '\u2066':
		return "LRI (U+2066)"
	case '\u2067':
		return "RLI (U+2067)"
	case '\u2068':
		return "FSI (U+2068)"
	}
	return "PDI (U+2069)"
}

func bidiFault(text string) rune {
	var open []rune
	for i := 0; i < len(text); i++ {
		if text[i] != 0xe2 { // all of them are U+20xx
			continue
		}
		r, _ := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068':
			if len(open) < 200 {
				open = append(open, r)
			}
		case '\u202c':
			if n := len(open); n == 0 || open[n-1] >= '\u2066' {
				return r
			}
			open = open[:len(open)-1]
		case '\u2069':
			n := len(open)
			if n == 0 || open[n-1] < '\u2066' {
				return r
			}
			open = open[:n-1]
		}
	}
	if len(open) > 0 {
		return open[len(open)-1]
	}
	return 0
}
