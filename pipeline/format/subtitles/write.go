package subtitles

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/width"

	"hexapla/pipeline/bitext"
)

// writer writes the text of one unit into its cues.
type writer struct {
	vtt     bool
	newline string
	source  bitext.Text
	limits  Limits
	wide    bool
}

// piece is a word, a space or a tag of a cue's text. Columns of a tag are 0.
type piece struct {
	raw     string
	columns float64
	space   bool
	tag     *bitext.Code
}

// write appends a text: divided among the cues of the source, and each part of it
// broken into lines.
func (w *writer) write(dst []byte, text bitext.Text) []byte {
	breaks := []int{} // codes of the source that end a cue
	for i := range w.source.Codes {
		if w.source.Codes[i].SubType == cueBreak {
			breaks = append(breaks, i)
		}
	}
	for i, cue := range w.divide(text, breaks) {
		if i > 0 {
			dst = append(dst, w.source.Codes[breaks[i-1]].Data...)
		}
		dst = w.lines(dst, cue)
	}
	return dst
}

// divide returns the pieces of each cue.
func (w *writer) divide(text bitext.Text, breaks []int) [][]piece {
	cues := make([][]piece, len(breaks)+1)
	number := map[string]int{} // of a cue that a code ends
	lengths := make([]float64, len(cues))
	at := 0
	for i, b := range breaks {
		number[w.source.Codes[b].ID] = i
		lengths[i] = w.columns(w.source.Chars[at:w.source.Codes[b].Pos])
		at = w.source.Codes[b].Pos
	}
	lengths[len(breaks)] = w.columns(w.source.Chars[at:])
	own := make(map[codeKey]string, len(w.source.Codes)) // the source's data, whatever came back
	for _, c := range w.source.Codes {
		own[codeKey{c.Kind, c.ID}] = c.Data
	}
	next := 0 // the first cue that has no text yet
	var part []piece
	end := func(until int) {
		w.spread(part, cues[next:until], lengths[next:until])
		next, part = until, nil
	}
	for p := range text.Pieces() {
		switch {
		case p.Code == nil:
			part = w.words(part, p.Chars)
		case p.Code.SubType == cueBreak || w.isBreak(p.Code, number):
			if n, ok := number[p.Code.ID]; ok && n >= next {
				end(n + 1)
			}
		default:
			data, ok := own[codeKey{p.Code.Kind, p.Code.ID}]
			if !ok {
				data = p.Code.Data
			}
			part = append(part, piece{raw: data, tag: p.Code})
		}
	}
	if next < len(cues) {
		end(len(cues))
	} else {
		cues[len(cues)-1] = append(cues[len(cues)-1], part...)
	}
	return closeTags(cues, w.source)
}

type codeKey struct {
	kind bitext.CodeKind
	id   string
}

// isBreak reports whether a code that came back without its SubType ends a cue.
func (w *writer) isBreak(c *bitext.Code, number map[string]int) bool {
	_, ok := number[c.ID]
	return ok && c.Kind == bitext.Placeholder
}

// spread divides pieces among cues in the proportion of the source's texts, between
// words.
func (w *writer) spread(pieces []piece, cues [][]piece, lengths []float64) {
	if len(cues) == 1 {
		cues[0] = pieces
		return
	}
	total, source := 0.0, 0.0
	for _, p := range pieces {
		total += p.columns
	}
	for _, l := range lengths {
		source += max(l, 1)
	}
	i, done, goal := 0, 0.0, max(lengths[0], 1)/source*total
	for _, p := range pieces {
		if i+1 < len(cues) && done > 0 && done+p.columns/2 > goal && !p.space && !(p.tag != nil && p.tag.Kind == bitext.End) && !stays(p) {
			i++
			goal += max(lengths[i], 1) / source * total
		}
		cues[i] = append(cues[i], p)
		done += p.columns
	}
}

// stays reports whether a piece must not begin a line or cue: closing punctuation of
// scripts that are broken between any two characters (UAX #14, class CL and NS).
func stays(p piece) bool {
	r, _ := utf8.DecodeRuneInString(p.raw)
	return p.tag == nil && (unicode.In(r, unicode.Pe, unicode.Pf) || strings.ContainsRune("、。，．！？：；…ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々,.!?:;", r))
}

// closeTags closes tags at the end of a cue that end in a later one, and opens them
// there again.
func closeTags(cues [][]piece, source bitext.Text) [][]piece {
	ends := map[string]string{}
	for _, c := range source.Codes {
		if c.Kind == bitext.End {
			ends[c.ID] = c.Data
		}
	}
	var open []piece
	for i := range cues {
		cue := append([]piece(nil), open...)
		for _, p := range cues[i] {
			switch {
			case p.tag == nil || p.tag.Kind == bitext.Placeholder:
			case p.tag.Kind == bitext.Start:
				open = append(open, p)
			default:
				for k := len(open) - 1; k >= 0; k-- {
					if open[k].tag.ID == p.tag.ID {
						open = append(open[:k:k], open[k+1:]...)
						break
					}
				}
			}
			cue = append(cue, p)
		}
		if i+1 < len(cues) {
			for k := len(open) - 1; k >= 0; k-- {
				if data := ends[open[k].tag.ID]; data != "" {
					cue = append(cue, piece{raw: data, tag: &bitext.Code{Kind: bitext.End, ID: open[k].tag.ID}})
				}
			}
		}
		cues[i] = cue
	}
	return cues
}

// words appends characters as words and spaces. Between wide characters a line may
// be broken anywhere, so that each is a word.
func (w *writer) words(dst []piece, chars string) []piece {
	chars = strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029', '\t':
			return ' '
		}
		return r
	}, chars)
	for len(chars) > 0 {
		n := 0
		for n < len(chars) && chars[n] == ' ' {
			n++
		}
		if n > 0 {
			dst = append(dst, piece{raw: " ", columns: w.columns(" "), space: true})
			chars = chars[n:]
			continue
		}
		n = strings.IndexByte(chars, ' ')
		if n < 0 {
			n = len(chars)
		}
		word, from := chars[:n], 0
		for i, r := range word {
			if i > from && breakable(r) {
				dst = w.word(dst, word[from:i])
				from = i
			} else if i > from {
				if last, _ := utf8.DecodeLastRuneInString(word[:i]); breakable(last) && !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Cf) {
					dst = w.word(dst, word[from:i])
					from = i
				}
			}
		}
		dst = w.word(dst, word[from:])
		chars = chars[n:]
	}
	return dst
}

// breakable reports whether a line may be broken before and after a character: those
// of Han and Kana (UAX #14, class ID).
func breakable(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

func (w *writer) word(dst []piece, chars string) []piece {
	return append(dst, piece{raw: escape(chars, w.vtt), columns: w.columns(chars)})
}

// escape returns characters so that they are no markup. SRT has no references: a word
// joiner, which is not seen, keeps a tag or an arrow from being one.
func escape(chars string, vtt bool) string {
	if vtt {
		return vttEscapes.Replace(chars)
	}
	if strings.ContainsAny(chars, "<{-") {
		chars = srtEscapes.Replace(chars)
	}
	return chars
}

var (
	vttEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	srtEscapes = strings.NewReplacer("<", "<\u2060", `{\`, "{\u2060\\", "-->", "--\u2060>")
)

// columns returns the width of characters: grapheme clusters, in wide locales two
// narrow ones for one (UAX #11).
func (w *writer) columns(chars string) float64 { return columns(chars, w.wide) }

func columns(chars string, wide bool) float64 {
	n := 0.0
	for g := graphemes.FromString(chars); g.Next(); {
		r, _ := utf8.DecodeRuneInString(g.Value())
		switch {
		case unicode.Is(unicode.Cf, r) && len(g.Value()) == utf8.RuneLen(r):
		case !wide:
			n++
		default:
			switch width.LookupRune(r).Kind() {
			case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
				n++
			default:
				n += 0.5
			}
		}
	}
	return n
}

// lines appends the text of a cue, in as few lines as the limit allows, all of about
// one length.
func (w *writer) lines(dst []byte, pieces []piece) []byte {
	pieces = trimSpaces(pieces)
	total := 0.0
	for _, p := range pieces {
		total += p.columns
	}
	limit := float64(w.limits.Line)
	breaks := fill(pieces, limit)
	if len(breaks) > 0 && len(breaks) < maxBalanced {
		low, high := total/float64(len(breaks)+1), limit
		for high-low > 0.5 {
			if middle := (low + high) / 2; len(fill(pieces, middle)) <= len(breaks) && widest(pieces, middle) <= limit {
				high = middle
			} else {
				low = middle
			}
		}
		breaks = fill(pieces, high)
	}
	from := 0
	for _, b := range append(breaks, len(pieces)) {
		line := pieces[from:b]
		if from > 0 {
			dst = append(dst, w.newline...)
			for len(line) > 0 && line[0].space {
				line = line[1:]
			}
		}
		for len(line) > 0 && b < len(pieces) && line[len(line)-1].space {
			line = line[:len(line)-1]
		}
		for _, p := range line {
			dst = append(dst, p.raw...)
		}
		from = b
	}
	return dst
}

// trimSpaces returns pieces without spaces before the first word and behind the last
// one, also where tags are between them.
func trimSpaces(pieces []piece) []piece {
	isWord := func(p piece) bool { return !p.space && p.tag == nil }
	first := slices.IndexFunc(pieces, isWord)
	if first < 0 {
		return slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool { return p.space })
	}
	last := len(pieces) - 1
	for !isWord(pieces[last]) {
		last--
	}
	var out []piece
	for i, p := range pieces {
		if !p.space || i > first && i < last {
			out = append(out, p)
		}
	}
	return out
}

// maxBalanced is the number of lines up to which they are made equally long.
const maxBalanced = 10

// fill returns where lines of at most limit columns end: the first piece of each line
// but the first.
func fill(pieces []piece, limit float64) []int {
	var breaks []int
	column, at := 0.0, -1 // at is the last place to break at, with the columns behind it
	behind := 0.0
	for i, p := range pieces {
		if p.space {
			at, behind = i+1, 0
			column += p.columns
			continue
		}
		if r, _ := utf8.DecodeRuneInString(p.raw); i > 0 && p.tag == nil && !pieces[i-1].space && pieces[i-1].tag == nil && !stays(p) && !opens(pieces[i-1]) &&
			(breakable(r) || breakableEnd(pieces[i-1])) {
			at, behind = i, 0
		}
		if column+p.columns > limit && at > 0 && column > behind {
			breaks = append(breaks, at)
			column = behind
			at = -1
		}
		column += p.columns
		behind += p.columns
	}
	return breaks
}

func breakableEnd(p piece) bool {
	r, _ := utf8.DecodeLastRuneInString(p.raw)
	return breakable(r) || strings.ContainsRune("、。，．！？", r)
}

// opens reports whether a piece must not end a line: opening punctuation.
func opens(p piece) bool {
	r, _ := utf8.DecodeLastRuneInString(p.raw)
	return unicode.In(r, unicode.Ps, unicode.Pi)
}

// widest returns the columns of the longest line at a limit.
func widest(pieces []piece, limit float64) float64 {
	longest, column, b := 0.0, 0.0, fill(pieces, limit)
	for i, p := range pieces {
		if len(b) > 0 && i == b[0] {
			column, b = 0, b[1:]
		}
		column += p.columns
		if !p.space {
			longest = max(longest, column)
		}
	}
	return longest
}
