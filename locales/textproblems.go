package locales

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	langtag "hexapla/locales/tag"
)

// Kinds of TextProblem.
const (
	ControlCharacter = "control"        // a control character, U+FFFD, a noncharacter, a private-use character
	BidiControl      = "bidi"           // an override, or an embedding or isolate that is not closed
	MixedScript      = "mixed-script"   // letters of two alphabets in one word
	ForeignScript    = "foreign-script" // a word in an alphabet that the locale does not use
	NotNFC           = "not-nfc"        // text that is not in Unicode normalization form C
)

// A TextProblem is something wrong with the characters of a text. Offset and
// Length are bytes.
type TextProblem struct {
	Kind           string
	Offset, Length int
	Detail         string // "CYRILLIC U+0430 in a Latin word" and the like
}

// alphabet returns the script of a letter, if it is one of the alphabets that are
// distinguished; others (Han, Thai, …) are not written in words that could be
// mixed.
func alphabet(r rune) string {
	if script := langtag.LetterScript(r); known(script) {
		return script
	}
	return ""
}

// A TextChecker finds problems in the characters of texts in one locale.
type TextChecker struct{ script string }

// NewTextChecker returns the checker of a locale.
func NewTextChecker(tag string) TextChecker { return TextChecker{Script(tag)} }

// Problems returns the problems of a text: control characters, bidirectional
// controls that are not closed, words with letters of two alphabets (a Latin "o"
// in a Cyrillic word), words in a foreign alphabet, text that is not in NFC.
// Latin words are accepted in every locale, as names and brands, with endings of
// the locale's own letters after an apostrophe (GitHub’е); so are Greek letters
// that are a unit or a symbol (μs, kΩ, β).
func (c TextChecker) Problems(text string) []TextProblem { return textProblems(c.script, text) }

func textProblems(script, text string) []TextProblem {
	if plainASCII(text) {
		return nil
	}
	var out []TextProblem
	var open []int // offsets of bidi controls that wait for their end
	var embeddings []bool
	wordStart, wordScript, foreign := -1, "", -1
	mixed := false
	endWord := func(end int) {
		if mixed {
			if p, ok := mixedProblem(script, text[wordStart:end]); ok {
				p.Offset += wordStart
				out = append(out, p)
			}
		} else if wordStart >= 0 && foreign >= 0 && !greekSymbol(text[wordStart:end]) {
			out = append(out, TextProblem{ForeignScript, wordStart, end - wordStart, fmt.Sprintf("%q is written in %s", text[wordStart:end], wordScript)})
		}
		wordStart, wordScript, foreign, mixed = -1, "", -1, false
	}
	scriptKnown := known(script)
	start := func(at int, a string) {
		wordStart, wordScript = at, a
		if a != script && a != "Latn" && scriptKnown {
			foreign = at
		}
	}
	combining := false
	ending := -1 // where a letter after an apostrophe would be
	escape := 0  // where an escape sequence ends
	for i, r := range text {
		if i < escape {
			continue // "\\n" written out is the end of a line
		}
		// Most characters of most texts need no table.
		switch a := common(r); {
		case a != "" && wordScript == a:
			continue
		case a != "" && wordStart < 0:
			start(i, a)
			continue
		case r == ' ' || r == '.' || r == ',' || r >= '0' && r <= '9':
			endWord(i)
			continue
		case a == "" && r >= 0x300:
			combining = true
		}
		if r == utf8.RuneError {
			out = append(out, TextProblem{ControlCharacter, i, 1, "U+FFFD, or a byte that is not UTF-8"})
		}
		switch {
		case r == '\u202a' || r == '\u202b' || r == '\u2066' || r == '\u2067' || r == '\u2068':
			open, embeddings = append(open, i), append(embeddings, r < '\u2066')
		case r == '\u202d' || r == '\u202e':
			out = append(out, TextProblem{BidiControl, i, 3, fmt.Sprintf("U+%04X overrides the direction of letters", r)})
			open, embeddings = append(open, i), append(embeddings, true)
		case r == '\u202c' || r == '\u2069':
			if n := len(open); n > 0 && embeddings[n-1] == (r == '\u202c') {
				open, embeddings = open[:n-1], embeddings[:n-1]
			} else {
				out = append(out, TextProblem{BidiControl, i, 3, fmt.Sprintf("U+%04X closes nothing", r)})
			}
		case r != '\n' && r != '\t' && r != '\r' && unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r) || r == '\ufeff' && i > 0 || r&0xfffe == 0xfffe:
			out = append(out, TextProblem{ControlCharacter, i, utf8.RuneLen(r), fmt.Sprintf("U+%04X", r)})
		}
		if r == '\'' || r == '’' || r == 'ʼ' || r == 'ʻ' || r == '\u200c' || r == '\u200d' || unicode.Is(unicode.Mn, r) {
			if r == '\'' || r == '’' || r == 'ʼ' {
				ending = i + utf8.RuneLen(r)
			}
			continue // inside a word, of no script
		}
		if !unicode.IsLetter(r) {
			endWord(i)
			if r == '\\' && i+1 < len(text) && strings.IndexByte("nrt", text[i+1]) >= 0 {
				escape = i + 2
			}
			continue
		}
		a := alphabet(r)
		if a == "" {
			endWord(i)
			continue
		}
		if wordStart < 0 {
			start(i, a)
		} else if a != wordScript && !mixed {
			if i == ending && a == script && wordScript == "Latn" && shortEnding(text[wordStart:i], text[i:]) {
				start(i, a)
				continue
			}
			mixed = (a != "Grek" && wordScript != "Grek") || !unit(script, text[wordStart:])
			if !mixed {
				foreign = -1
			}
		}
	}
	endWord(len(text))
	for _, at := range open {
		r, _ := utf8.DecodeRuneInString(text[at:])
		out = append(out, TextProblem{BidiControl, at, 3, fmt.Sprintf("U+%04X is not closed", r)})
	}
	if combining && !composed(text) {
		out = append(out, TextProblem{NotNFC, 0, len(text), "text is not in Unicode normalization form C"})
	}
	return out
}

// A run is a part of a word in one alphabet.
type run struct {
	script     string
	start, end int
	letters    int
	upper      bool // all letters are capitals
}

// runsOf returns the runs of a word.
func runsOf(word string) []run {
	var runs []run
	for i, r := range word {
		if !unicode.IsLetter(r) {
			continue
		}
		a := alphabet(r)
		n := len(runs)
		if n == 0 || runs[n-1].script != a {
			runs = append(runs, run{script: a, start: i, upper: true})
			n++
		}
		last := &runs[n-1]
		last.end = i + utf8.RuneLen(r)
		last.letters++
		last.upper = last.upper && unicode.IsUpper(r)
	}
	return runs
}

// lookalikes are the letters of an alphabet that look like a letter of another one.
var lookalikes = map[string]string{
	"Latn Cyrl": "aceijkopqswxyhABCEHIJKMOPSTXY", "Cyrl Latn": "асеорхуіїјѕһкԛԝүАВЕКМНОРСТХУІЇЈЅҺԚԜҮ",
	"Latn Armn": "hgnouqLOSU", "Armn Latn": "օոսհցզգԼՕՏՍ", "Cyrl Armn": "оОТ", "Armn Cyrl": "օՕ",
}

// mixedProblem returns what is wrong with a word in more than one alphabet: letters
// of the alphabet that has fewer of them, if they may be taken for letters of the other, or
// are Greek: units have been looked at before. Arabic, Hebrew and Georgian letters cannot, and join Latin words as prefixes
// and endings; so do endings of words to a Latin acronym.
func mixedProblem(script, word string) (TextProblem, bool) {
	runs := runsOf(word)
	letters := map[string]int{}
	for _, r := range runs {
		letters[r.script] += r.letters
	}
	most, other := script, "" // the alphabets of the word
	for _, r := range runs {
		if letters[r.script] > letters[most] {
			most = r.script
		}
	}
	for _, r := range runs {
		if r.script != most {
			other = r.script
		}
	}
	joins := map[string]bool{"Arab": true, "Hebr": true, "Geor": true}
	joined := joins[most] || joins[other]
	if joined && len(letters) == 2 && letters["Latn"] > 0 && len(runs) <= 3 {
		return TextProblem{}, false
	}
	// Letters that look like the locale's own, even where they are the most.
	suspects := []string{other}
	if most != script {
		suspects = append(suspects, most)
	}
	certain := joined || len(letters) > 2 || most == "Grek" || other == "Grek"
	for _, suspect := range suspects {
		against := most
		if suspect == most {
			against = other
		}
		alike := lookalikes[suspect+" "+against]
		for i, r := range runs {
			if r.script != suspect {
				continue
			}
			looksAlike := strings.Trim(word[r.start:r.end], alike) == "" && alike != ""
			acronym := r.letters > 1 && r.upper && !(i > 0 && runs[i-1].upper || i < len(runs)-1 && runs[i+1].upper && runs[i+1].letters > 1)
			inside := i > 0 && i < len(runs)-1 && r.letters == 1 && suspect != most
			if looksAlike && !acronym || inside || certain {
				letter, size := utf8.DecodeRuneInString(word[r.start:])
				return TextProblem{MixedScript, r.start, size, fmt.Sprintf("%q (U+%04X, %s) in a word in %s", string(letter), letter, r.script, against)}, true
			}
		}
	}
	return TextProblem{}, false
}

// shortEnding reports whether letters after an apostrophe are an ending of the
// Latin word before it. One letter, and a long rest, are rather a word with a
// letter of the wrong alphabet: O'Коннор, cep'йозно.
func shortEnding(word, rest string) bool {
	const longest = 4
	before, after := 0, 0
	for _, r := range word {
		if unicode.IsLetter(r) {
			before++
		}
	}
	for _, r := range rest {
		if !unicode.IsLetter(r) || after > longest {
			break
		}
		after++
	}
	return before >= 2 && after <= longest
}

// greekSymbol reports whether a word is one Greek letter that no letter of another
// alphabet looks like.
func greekSymbol(word string) bool {
	r, n := utf8.DecodeRuneInString(word)
	return n == len(word) && strings.ContainsRune("ΓΔΘΛΞΠΣΦΨΩαβγδεζηθλμξπρστφχψω", r)
}

// unit reports whether the word that text begins with is a unit or symbol of one
// Greek letter and Latin ones.
func unit(script, text string) bool {
	if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		text = text[:i]
	}
	if rest, ok := strings.CutPrefix(text, "μ"); ok && slices.Contains(microUnits, rest) {
		return true
	}
	for _, ohm := range []string{"Ω", "\u2126"} {
		if prefix, ok := strings.CutSuffix(text, ohm); ok && len(prefix) == 1 && strings.Contains("kMGTmnp", prefix) {
			return true
		}
	}
	if script == "Grek" {
		return false // a word of Greek with one letter that is not
	}
	const symbols = "ΓΔΘΛΞΠΣΦΨΩβγδθλμξπσφψω"
	rest := strings.TrimLeft(text, symbols)
	if rest == text {
		rest = strings.TrimRight(text, symbols)
	}
	greek := text[:len(text)-len(rest)]
	return utf8.RuneCountInString(greek) == 1 && len(rest) <= 2 && strings.IndexFunc(rest, func(r rune) bool { return r >= 0x80 }) < 0
}

// microUnits are units that a micro stands before.
var microUnits = []string{"A", "C", "F", "G", "Gy", "H", "Hz", "J", "L", "M", "N", "P", "Pa", "S", "Sv", "T", "V", "W", "g", "in", "l", "m", "min", "mol", "s", "sec"}

// common is the alphabet of the letters that need no table: ASCII, Russian.
func common(r rune) string {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return "Latn"
	case r >= 'А' && r <= 'я':
		return "Cyrl"
	}
	return ""
}

// known reports whether a script is one of the alphabets that are distinguished.
func known(script string) bool {
	switch script {
	case "Latn", "Cyrl", "Grek", "Armn", "Geor", "Arab", "Hebr":
		return true
	}
	return false
}

// plainASCII says that there is nothing to look at.
func plainASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// composed reports whether no letter of the text has a mark apart that Unicode
// normalization form C puts into one character, and that it has no character for which
// form C has another (U+037E, the Greek question mark, is ";"). Other differences from that form are
// what keyboards write and no fault: marks of one letter in another order (Arabic
// shadda before a vowel), and letters that form C takes apart, such as U+09DF
// (CompositionExclusions.txt).
func composed(text string) bool {
	if norm.NFC.IsNormalString(text) {
		return true
	}
	var it norm.Iter
	for it.InitString(norm.NFD, text); !it.Done(); {
		at := it.Pos()
		it.Next()
		part := text[at:it.Pos()]
		form := norm.NFC.String(part)
		n, formLength := utf8.RuneCountInString(part), utf8.RuneCountInString(form)
		if formLength < n || n == 1 && formLength == 1 && form != part {
			return false
		}
	}
	return true
}
