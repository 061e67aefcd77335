package apertium

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// stream is markup in the Apertium stream format
// (https://wiki.apertium.org/wiki/Apertium_stream_format). A code is a
// superblank, [c0] with its number in the text: it keeps its place between words.
// Where wordblanks is set, a pair around words is instead bound to each of them,
// [[t:c:0]]word[[/]], and goes with them where a rule moves them. Characters that
// the format or a program of the pipeline gives a meaning are escaped, or put into
// a superblank by their code point, [x7E], where there is no escaping them.
type stream struct{ wordblanks bool }

// escaped are the characters that the format reserves. boxed are those that have
// a meaning to the pipeline's programs (compounds, words that are unknown or could
// not be generated), so that the same characters in an answer are always marks; and
// quotation marks, which pairs have been seen to translate ("parquote") or to crash on.
const (
	escaped = `\[]{}^$/<>`
	boxed   = "~*#+@" + `"“”„‟«»‹›`
)

// Encode implements hook.Markup.
func (m stream) Encode(t bitext.Text) string {
	words := map[int]int{} // the End of each Start that is bound to words
	if m.wordblanks {
		words = wordPairs(t)
	}
	bound := map[int]bool{} // Ends in words
	for _, end := range words {
		bound[end] = true
	}
	var b strings.Builder
	var open []string
	code := 0
	for p := range t.Pieces() {
		switch {
		case p.Code == nil && len(open) > 0:
			word := strings.TrimSpace(p.Chars)
			before, after, _ := strings.Cut(p.Chars, word)
			if word == "" {
				before, after = p.Chars, ""
			}
			escape(&b, before)
			if word != "" {
				b.WriteString("[[" + strings.Join(open, "; ") + "]]")
				escape(&b, word)
				b.WriteString("[[/]]")
			}
			escape(&b, after)
		case p.Code == nil:
			escape(&b, p.Chars)
		default:
			if _, ok := words[code]; ok {
				open = append(open, "t:c:"+strconv.Itoa(code))
			} else if bound[code] {
				open = open[:len(open)-1]
			} else {
				b.WriteString("[c" + strconv.Itoa(code) + "]")
			}
			code++
		}
	}
	return b.String()
}

func escape(b *strings.Builder, chars string) {
	for _, r := range chars {
		switch {
		case strings.ContainsRune(escaped, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case strings.ContainsRune(boxed, r):
			fmt.Fprintf(b, "[x%X]", r)
		default:
			b.WriteRune(r)
		}
	}
}

// wordy is text that can be bound to a pair: words alone, since only they carry
// wordblanks through the pipeline.
var wordy = lazy.Regexp(`^[\pL\pN][\pL\pN\pM '’-]*$`)

// wordPairs relates Start and End, by their indices, of the pairs around words
// and pairs of words.
func wordPairs(t bitext.Text) map[int]int {
	count := map[string]int{}
	for _, c := range t.Codes {
		count[c.ID]++
	}
	pairs := map[int]int{}
	var open []int
	for i, c := range t.Codes {
		switch {
		case c.Kind == bitext.Start && count[c.ID] == 2:
			open = append(open, i)
		case c.Kind == bitext.End && len(open) > 0 && t.Codes[open[len(open)-1]].ID == c.ID:
			start := open[len(open)-1]
			open = open[:len(open)-1]
			inside := t.Chars[t.Codes[start].Pos:c.Pos]
			if !wordy().MatchString(inside) || strings.ContainsAny(inside[len(inside)-1:], " -") || strings.HasSuffix(inside, "’") || strings.HasSuffix(inside, "'") {
				open = nil // nor can a pair around it be
				continue
			}
			pairs[start] = i
		default:
			open = nil
		}
	}
	return pairs
}

// A token of an answer: characters that are bound to the pairs of some Starts,
// or one code.
type token struct {
	chars string
	pairs []int
	code  int // index in the source, -1 for characters
}

// Decode implements hook.Markup.
func (m stream) Decode(answer string, source bitext.Text) (bitext.Text, error) {
	tokens, err := scan(answer, len(source.Codes))
	if err != nil {
		return bitext.Text{}, err
	}
	hulls, err := hulls(tokens, wordPairs(source))
	if err != nil {
		return bitext.Text{}, err
	}
	var b strings.Builder
	var out bitext.Text
	put := func(code int) {
		c := source.Codes[code]
		c.Pos = b.Len()
		out.Codes = append(out.Codes, c)
	}
	for i, tok := range tokens {
		for _, h := range hulls { // the outer ones first
			if h.first == i {
				put(h.start)
			}
		}
		if tok.code >= 0 {
			put(tok.code)
		} else {
			b.WriteString(tok.chars)
		}
		for _, h := range slices.Backward(hulls) {
			if h.last == i {
				put(h.end)
			}
		}
	}
	out.Chars = b.String()
	return out, nil
}

// hull is the run of tokens that a pair spans in an answer.
type hull struct{ start, end, first, last int }

// hulls finds for each pair of words its run, so that the runs nest; the outer
// ones come first.
func hulls(tokens []token, pairs map[int]int) ([]hull, error) {
	var out []hull
	for start, end := range pairs {
		h := hull{start, end, -1, -1}
		for i, tok := range tokens {
			// A pair spans those nested in it, wherever their words have gone.
			if slices.ContainsFunc(tok.pairs, func(p int) bool { return p >= start && p < end }) {
				if h.first < 0 {
					h.first = i
				}
				h.last = i
			}
		}
		if h.first >= 0 {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b hull) int {
		if a.first != b.first {
			return a.first - b.first
		}
		if a.last != b.last {
			return b.last - a.last
		}
		return a.start - b.start
	})
	for i, a := range out {
		for _, b := range out[i+1:] {
			if b.first > a.first && b.first <= a.last && b.last > a.last {
				return nil, fmt.Errorf("the words of two codes are mixed up")
			}
		}
	}
	return out, nil
}

// scan reads an answer in stream format.
func scan(s string, codes int) ([]token, error) {
	var out []token
	var pairs []int
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, token{b.String(), pairs, -1})
			b.Reset()
		}
	}
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case strings.HasPrefix(s[i:], `\@`):
			i += 2 // the mark of a word that was not translated
		case c == '\\' && i+1 < len(s):
			b.WriteByte(s[i+1]) // what follows of a longer character needs no help
			i += 2
		case strings.HasPrefix(s[i:], "[["):
			n := strings.Index(s[i:], "]]")
			if n < 0 {
				return nil, fmt.Errorf("a blank is not closed")
			}
			flush()
			inside := s[i+2 : i+n]
			i += n + 2
			pairs = nil
			if inside == "/" {
				continue
			}
			for _, f := range strings.Split(inside, ";") {
				k, err := index(strings.TrimSpace(f), "t:c:", codes)
				if err != nil {
					return nil, err
				}
				pairs = append(pairs, k)
			}
		case c == '[':
			n := strings.IndexByte(s[i:], ']')
			if n < 0 {
				return nil, fmt.Errorf("a blank is not closed")
			}
			inside := s[i+1 : i+n]
			i += n + 1
			switch {
			case inside == "": // a sentence's end, as the pipeline may note it
			case strings.HasPrefix(inside, "x"):
				r, err := strconv.ParseUint(inside[1:], 16, 21)
				if err != nil || !strings.ContainsRune(boxed, rune(r)) {
					return nil, fmt.Errorf("blank [%.20q] is not in the source", inside)
				}
				b.WriteRune(rune(r))
			default:
				k, err := index(inside, "c", codes)
				if err != nil {
					return nil, err
				}
				flush()
				out = append(out, token{code: k})
			}
		case strings.IndexByte("*#@", c) >= 0:
			i++ // a mark on a word, not part of the text: those are boxed
		default:
			b.WriteByte(c)
			i++
		}
	}
	flush()
	return out, nil
}

// index reads the number of a code behind a prefix.
func index(s, prefix string, codes int) (int, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(s, prefix))
	if err != nil || !strings.HasPrefix(s, prefix) || n < 0 || n >= codes {
		return 0, fmt.Errorf("blank [%.20q] is not in the source", s)
	}
	return n, nil
}

// mapStream applies f to the text of a string in stream format, and leaves its
// blanks alone.
func mapStream(s string, f func(string) string) string {
	var b strings.Builder
	at := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			closing := "]"
			if strings.HasPrefix(s[i:], "[[") {
				closing = "]]"
			}
			n := strings.Index(s[i:], closing)
			if n < 0 {
				n = len(s) - i - len(closing)
			}
			b.WriteString(f(s[at:i]))
			at = min(len(s), i+n+len(closing))
			b.WriteString(s[i:at])
			i = at - 1
		}
	}
	return b.String() + f(s[min(at, len(s)):])
}
