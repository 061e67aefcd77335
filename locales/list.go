package locales

import (
	"strings"
	"unicode/utf8"
)

// FormatList joins items as the language lists things together: "Interfax and
// Reuters", "AFP, dpa və AP" (CLDR listPattern-type-standard).
func FormatList(tag string, items []string) string { return formatList(tag, "la", items) }

// FormatAlternatives joins items with the language's "or".
func FormatAlternatives(tag string, items []string) string { return formatList(tag, "lo", items) }

func formatList(tag, key string, items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	l := localeOf(tag)
	p := l.list(key) // two, start, middle, end
	if len(p) < 4 {
		return strings.Join(items, ", ")
	}
	last := items[len(items)-1]
	if len(items) == 2 {
		return join(contextual(l, key, p[0], last), items[0], last)
	}
	out := join(p[1], items[0], items[1])
	for _, item := range items[2 : len(items)-1] {
		out = join(p[2], out, item)
	}
	return join(contextual(l, key, p[3], last), out, last)
}

// join puts a and b into a pattern "{0} … {1}".
func join(pattern, a, b string) string {
	before, rest, _ := strings.Cut(pattern, "{0}")
	between, after, _ := strings.Cut(rest, "{1}")
	return before + a + between + b + after
}

// contextual changes a conjunction for the sound or script of the word after
// it, in the two languages where ICU does so too (ListFormatter): Spanish y → e
// before i, o → u before o or 8 and 11; Hebrew ו takes a hyphen before another
// script.
func contextual(l *localeFacts, key, pattern, next string) string {
	language, _, _ := strings.Cut(l.id, "-")
	lower := strings.ToLower(next)
	switch {
	case language == "es" && key == "la":
		soft := strings.HasPrefix(lower, "hi") && !strings.HasPrefix(lower, "hia") && !strings.HasPrefix(lower, "hie")
		if soft || strings.HasPrefix(lower, "i") || strings.HasPrefix(lower, "í") || strings.HasPrefix(lower, "hí") {
			return strings.Replace(pattern, " y ", " e ", 1)
		}
	case language == "es" && key == "lo":
		if strings.HasPrefix(lower, "o") || strings.HasPrefix(lower, "ho") || strings.HasPrefix(lower, "8") ||
			lower == "11" || strings.HasPrefix(lower, "11 ") {
			return strings.Replace(pattern, " o ", " u ", 1)
		}
	case language == "he" && key == "la":
		if r, _ := utf8.DecodeRuneInString(next); r < 0x0590 || r > 0x05FF {
			return strings.Replace(pattern, " ו{1}", " ו-{1}", 1)
		}
	}
	return pattern
}

// parseList takes a list apart again. It answers only where putting the items
// together gives the same text.
func parseList(tag, text string) ([]string, bool) {
	l := localeOf(tag)
	p := l.list("la")
	if len(p) < 4 {
		return nil, false
	}
	check := func(items []string) ([]string, bool) {
		for _, item := range items {
			if strings.TrimSpace(item) == "" {
				return nil, false
			}
		}
		return items, foldSpace(FormatList(tag, items)) == text
	}
	comma := middle(p[1])
	for _, pattern := range []string{p[3], p[0]} {
		for _, and := range conjunctions(l, pattern) {
			i := strings.LastIndex(text, and)
			if i <= 0 {
				continue
			}
			head, last := text[:i], text[i+len(and):]
			if pattern == p[3] && strings.Contains(head, comma) {
				if items, ok := check(append(strings.Split(head, comma), last)); ok {
					return items, true
				}
			}
			if pattern == p[0] {
				if items, ok := check([]string{head, last}); ok {
					return items, true
				}
			}
		}
	}
	return []string{text}, true
}

// conjunctions are the ways a pattern can be written between its two items.
func conjunctions(l *localeFacts, pattern string) []string {
	out := []string{middle(pattern)}
	for _, next := range []string{"i", "o", "A"} {
		if c := middle(contextual(l, "la", pattern, next)); c != out[0] {
			out = append(out, c)
		}
	}
	return out
}

// middle is what a pattern has between its items, spaces folded.
func middle(pattern string) string {
	_, rest, _ := strings.Cut(pattern, "{0}")
	between, _, _ := strings.Cut(rest, "{1}")
	return foldInner(between)
}
