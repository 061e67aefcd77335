package glossary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// FindingKind says what is wrong with a term in a translation.
type FindingKind uint8

const (
	// Missing: the source has the concept, the target none of its terms.
	Missing FindingKind = iota
	// ForbiddenUsed: the target has a deprecated or forbidden term.
	ForbiddenUsed
	// NotKept: a term that is not to be translated is not in the target as it is.
	NotKept
)

// Finding is one term that is not as the glossary wants it. Mark is the place of
// its mark among those given. Term is the forbidden term that was found, or the
// one expected first. Start and End are where a forbidden term stands in the
// target, both 0 for the other kinds.
type Finding struct {
	Kind       FindingKind
	Mark       int
	Term       string
	Start, End int
}

// Check says whether a translation has, for each mark, one of its targets, and
// none of its forbidden terms. Terms count in every form that the inflection of
// the locale's language gives them, and, unless forbidden, in words derived from
// them ("Kreml" in "kremlevskii"); the words of a longer term may have up to two
// other words between them. A concept counts once however often the source has
// it, and where one place of the source has several concepts, one of them is
// enough.
func Check(locale string, marks []bitext.TermMark, target string) []Finding {
	if len(marks) == 0 {
		return nil
	}
	l := inflectionFor(locale)
	c := checker{l: l, text: target, words: l.words(target)}
	var out []Finding
	type place struct{ start, end int }
	satisfied := map[place]bool{}
	holds := make([]bool, len(marks))
	for i := range marks {
		mk := &marks[i]
		for _, t := range mk.Targets {
			if mk.DoNotTranslate {
				holds[i] = holds[i] || c.kept(t)
			} else if c.has(t, false) {
				holds[i] = true
			}
		}
		if holds[i] || len(mk.Targets) == 0 {
			satisfied[place{mk.Start, mk.End}] = true
		}
	}
	reported := map[string]bool{}
	for i := range marks {
		mk := &marks[i]
		if !holds[i] && !satisfied[place{mk.Start, mk.End}] && !reported[mk.Concept] {
			reported[mk.Concept] = true
			kind := Missing
			if mk.DoNotTranslate {
				kind = NotKept
			}
			out = append(out, Finding{Kind: kind, Mark: i, Term: mk.Targets[0]})
		}
		for _, f := range mk.Forbidden {
			if reported["\x00"+f] {
				continue
			}
			if start, end, ok := c.forbidden(f, marks); ok {
				reported["\x00"+f] = true
				// A term in the wrong case is one finding, not two.
				out = slices.DeleteFunc(out, func(x Finding) bool { return x.Mark == i && x.Kind == Missing && c.l.folded(x.Term) == c.l.folded(f) })
				out = append(out, Finding{Kind: ForbiddenUsed, Mark: i, Term: f, Start: start, End: end})
			}
		}
	}
	return out
}

// targetWord is a word of a translation with its two forms for comparison.
type targetWord struct {
	token
	plain, folded string
}

// words cuts a translation into what terms are compared with. In the Arabic
// script a zero-width non-joiner parts words as a space does, since people write
// either; what stands before or behind an apostrophe counts as a word too.
func (l *inflection) words(text string) []targetWord {
	var room [96]token
	toks := tokenize(room[:0], text, false)
	out := make([]targetWord, 0, len(toks)+4)
	add := func(t token) {
		if t.start < t.end {
			p := plain(text[t.start:t.end])
			out = append(out, targetWord{t, p, l.foldPlain(p)})
		}
	}
	for _, t := range toks {
		add(t)
	}
	return out
}

type checker struct {
	l     *inflection
	text  string
	words []targetWord
}

// has reports whether the target has a form of the term.
func (c *checker) has(term string, strict bool) bool {
	_, ok := c.find(term, strict, 0)
	return ok
}

// find looks for a term from a word on, and gives the words it covers.
func (c *checker) find(term string, strict bool, from int) (span token, ok bool) {
	if spaceless(term) {
		if i := strings.Index(c.text, term); i >= 0 && from == 0 {
			return token{i, i + len(term)}, true
		}
		return token{}, false
	}
	var parts []string
	for _, w := range c.l.words(term) {
		parts = append(parts, w.plain)
	}
	if len(parts) == 0 {
		return token{}, false
	}
	var room [4]*wordForms
	forms := room[:0]
	anywhere := c.l.compound > 0 || c.l.broken || len(c.l.prefixes) > 0 || c.l.perfectives(c.l.foldPlain(parts[0])) != nil || c.l.otherStart(c.l.foldPlain(parts[0]))
	first, _ := utf8.DecodeRuneInString(c.l.foldPlain(parts[0]))
	for i := from; i < len(c.words); i++ {
		// Most words are reported apart by their first letter, for which no stems are needed.
		if r, _ := utf8.DecodeRuneInString(c.words[i].folded); r != first && !anywhere {
			continue
		}
		if len(forms) == 0 {
			for _, p := range parts {
				forms = append(forms, c.l.wordForms(p))
			}
		}
		if last, ok := c.follow(forms, i, strict); ok {
			return token{c.words[i].start, c.words[last].end}, true
		}
	}
	return token{}, false
}

// gap is how many other words may stand between two words of a term.
const gap = 2

// follow matches a term's words from word i on.
func (c *checker) follow(forms []*wordForms, i int, strict bool) (last int, ok bool) {
	if !forms[0].matches(&c.words[i], strict) {
		return 0, false
	}
	at := i
	for k := 1; k < len(forms); k++ {
		f := forms[k]
		found := -1
		for j := at + 1; j < len(c.words) && j <= at+1+gap; j++ {
			if f.matches(&c.words[j], strict) {
				found = j
				break
			}
		}
		if found < 0 {
			if f.link {
				continue
			}
			return 0, false
		}
		at = found
	}
	return at, true
}

// kept reports whether the term stands in the target letter for letter, at word
// boundaries; an ending behind it, with or without an apostrophe, may follow.
func (c *checker) kept(term string) bool {
	text, want := plain(c.text), plain(term)
	for from := 0; want != ""; {
		i := strings.Index(text[from:], want)
		if i < 0 {
			return false
		}
		start := from + i
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		if start == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return c.endsWell(text[start+len(want):])
		}
		from = start + len(want)
	}
	return true // nothing that can be seen
}

// endsWell reports whether what follows a kept term is the end of its word, or
// an ending of the target's language: "Reutersin", but not "Reuterswerk".
func (c *checker) endsWell(rest string) bool {
	n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !isApostrophe(r) })
	if n < 0 {
		n = len(rest)
	}
	tail := rest[:n]
	return tail == "" || isApostropheStart(tail) || c.l.ending(c.l.folded(tail))
}

func isApostropheStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isApostrophe(r)
}

// forbidden looks for a forbidden term outside the terms that may be used: a
// forbidden word may be part of an allowed longer one.
func (c *checker) forbidden(term string, marks []bitext.TermMark) (start, end int, ok bool) {
	var allowed []token
	for i := range marks {
		for _, t := range marks[i].Targets {
			if c.l.folded(t) == c.l.folded(term) { // they differ in case or a mark only
				span, ok := c.letterForLetter(term)
				return span.start, span.end, ok && plain(t) != plain(term)
			}
			for from := 0; from < len(c.words); {
				span, ok := c.find(t, true, from)
				if !ok {
					break
				}
				allowed = append(allowed, span)
				from = max(from+1, c.after(span))
			}
		}
	}
	for from := 0; from <= len(c.words); {
		span, ok := c.find(term, true, from)
		if !ok {
			return 0, 0, false
		}
		if !slices.ContainsFunc(allowed, func(a token) bool { return a.start <= span.start && span.end <= a.end }) {
			return span.start, span.end, true
		}
		if spaceless(term) {
			return 0, 0, false
		}
		from = max(from+1, c.after(span))
	}
	return 0, 0, false
}

// letterForLetter looks for a term with its capitals as they are. One at the
// beginning of the text may owe its capital to that.
func (c *checker) letterForLetter(term string) (token, bool) {
	parts := c.l.words(term)
next:
	for i := range c.words {
		if len(parts) == 0 || i+len(parts) > len(c.words) {
			break
		}
		for k, p := range parts {
			f := c.l.wordForms(p.plain)
			w := &c.words[i+k]
			if !f.matches(w, true) || !sameCase(p.plain, w.plain) {
				continue next
			}
		}
		if first, _ := utf8.DecodeRuneInString(parts[0].plain); i > 0 || !unicode.IsUpper(first) {
			return token{c.words[i].start, c.words[i+len(parts)-1].end}, true
		}
	}
	return token{}, false
}

// sameCase compares the capitals of two forms of a word, as far as their letters
// are the same.
func sameCase(a, b string) bool {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if unicode.ToLower(x) != unicode.ToLower(y) {
			return true
		}
		if x != y {
			return false
		}
		a, b = a[n:], b[m:]
	}
	return true
}

// after is the first word that begins behind a span's first one.
func (c *checker) after(span token) int {
	for i, w := range c.words {
		if w.start > span.start {
			return i
		}
	}
	return len(c.words) + 1
}
