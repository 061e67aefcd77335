// Package sections reads the tables of CLDR facts: text files whose sections
// begin with a line "=name" or "@name".
package sections

import "strings"

// Each calls f for each section of text, with the first byte of its first line,
// its name and its other lines.
func Each(text string, f func(kind byte, name, body string)) {
	next := func(from int) int {
		for {
			i := strings.IndexByte(text[from:], '\n')
			if i < 0 || from+i+1 >= len(text) {
				return len(text)
			}
			from += i + 1
			if c := text[from]; c == '=' || c == '@' {
				return from
			}
		}
	}
	for at := next(0); at < len(text); {
		end := next(at)
		name, body, _ := strings.Cut(text[at+1:end], "\n")
		f(text[at], name, body)
		at = end
	}
}

// Find returns the value of a key among lines "key\tvalue" that are sorted as a
// whole.
func Find(body, key string) (string, bool) {
	// Binary search over the bytes: lo and hi are starts of lines.
	lo, hi := 0, len(body)
	for lo < hi {
		mid := lo + (hi-lo)/2
		start := strings.LastIndexByte(body[lo:mid], '\n') + lo + 1
		end := len(body)
		if i := strings.IndexByte(body[start:], '\n'); i >= 0 {
			end = start + i
		}
		k, v, _ := strings.Cut(body[start:end], "\t")
		switch {
		case k == key:
			return v, true
		// A tab sorts before every character of a key.
		case k < key:
			lo = min(end+1, len(body))
		default:
			hi = start
		}
	}
	return "", false
}

// Scan returns the value of a key among lines "key\tvalue" in any order.
func Scan(body, key string) (string, bool) {
	for line := range strings.Lines(body) {
		if v, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), key+"\t"); ok {
			return v, true
		}
	}
	return "", false
}
