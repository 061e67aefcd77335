package markdown

import (
	"bytes"
	"strings"

	"hexapla/pipeline/bitext"
)

// bracketAt is the place of a bracket: byte at of a piece.
type bracketAt struct{ piece, at int }

// bracketsMatch reports whether the brackets of kept bytes match among
// themselves, so that none can be taken for another's.
func bracketsMatch(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// labelMarks are marks that a label may have written in more than one way.
const labelMarks = `\&<*_` + "`"

// defined reports whether brackets around label refer to a definition of the
// document. A label with markup may be written in more than one way, so it is
// taken for defined.
func (w *writer) defined(label string) bool {
	return strings.ContainsAny(label, labelMarks) || w.labels[foldLabel(label)]
}

// brackets finds the brackets of piece i that mean nothing: those that match,
// with nothing after that could make a link of them.
func (w *writer) brackets(i int) []bool {
	s := w.pieces[i].text
	if w.runs['['] == 0 && w.runs[']'] == 0 || !strings.ContainsAny(s, "[]") {
		return nil
	}
	out := make([]bool, len(s))
	var open []int
	for k := 0; k < len(s); k++ {
		switch s[k] {
		case '[':
			open = append(open, k)
		case ']':
			if len(open) == 0 {
				continue
			}
			o := open[len(open)-1]
			open = open[:len(open)-1]
			next, _ := w.after(i, k+1)
			task := o == 0 && k == 2 && len(w.tail) == 0 // at the beginning of an item
			afterText := o > 0 && s[o-1] == ']' || o == 0 && w.before() == ']'
			if w.refs && (afterText || w.defined(s[o+1:k])) {
				continue // they could name what text refers to
			}
			if w.kind == altContext && o == 0 && len(w.tail) == 0 {
				continue // with the bracket before the text it would be an embedded file
			}
			if s[o+1] == '[' && (w.runs['|'] > 0 || w.pages || w.kind == altContext || o == 0 && w.before() == '!' || o > 0 && s[o-1] == '!' ||
				strings.Contains(s[o:k], "#") || !w.sourceHasPairs()) {
				continue // or it would be a wiki link
			}
			if !task && next != '(' && next != '[' && next != ':' && o+1 < k && s[o+1] != '^' && (next != ']' || w.kind != altContext && w.links == 0) {
				out[o], out[k] = true, true
			}
		}
	}
	if len(w.pieces) > 1 {
		for k := range out {
			out[k] = out[k] || (s[k] == '[' || s[k] == ']') && w.bracketsAround()[bracketAt{i, k}]
		}
	}
	return out
}

// sourceHasPairs reports whether the unit's source has two brackets in a row that mean
// nothing in this document, so that its translation may have them too.
func (w *writer) sourceHasPairs() bool {
	return bytes.Contains(w.doc.Skeleton.Data[w.span.Start:w.span.End], []byte("[["))
}

// bracketsAround finds the brackets that mean nothing and have codes between them:
// a footnote such as ^[see *there*]. Of the codes only those are looked through that
// have no brackets of their own: emphasis, code, and links as a whole.
func (w *writer) bracketsAround() map[bracketAt]bool {
	if w.across != nil {
		return w.across
	}
	w.across = map[bracketAt]bool{}
	if w.kind == altContext {
		return w.across
	}
	const link = -1 // at: a link begins here
	var open []bracketAt
	for i := range w.pieces {
		p := &w.pieces[i]
		switch {
		case p.chars:
			for k := 0; k < len(p.text); k++ {
				switch p.text[k] {
				case '[':
					open = append(open, bracketAt{i, k})
				case ']':
					if len(open) == 0 || open[len(open)-1].at == link {
						continue
					}
					o := open[len(open)-1]
					open = open[:len(open)-1]
					if o.piece < i && w.meansNothing(o, bracketAt{i, k}, len(open) > 0) {
						w.across[o], w.across[bracketAt{i, k}] = true, true
					}
				}
			}
		case p.code != nil && p.kind == bitext.Start && strings.HasPrefix(p.text, "["):
			open = append(open, bracketAt{i, link})
		case p.code != nil && p.kind == bitext.End && strings.HasPrefix(p.text, "]"):
			for len(open) > 0 && open[len(open)-1].at != link {
				open = open[:len(open)-1]
			}
			open = open[:max(0, len(open)-1)]
		case strings.ContainsAny(p.text, "[]") && !strings.HasPrefix(p.text, "`"):
			open = open[:0] // whatever it is
		}
	}
	return w.across
}

// meansNothing reports whether a pair of brackets around codes can be no link; nested
// reports whether it is in another.
func (w *writer) meansNothing(from, to bracketAt, nested bool) bool {
	first, _ := w.after(from.piece, from.at+1)
	before, last := w.byteBefore(from), w.byteBefore(to)
	if first == '^' || first == '[' || last == ']' {
		return false // a footnote, or a link to a page
	}
	if w.refs && (w.marked || before == ']') {
		return false // they could name what text refers to
	}
	next, _ := w.after(to.piece, to.at+1)
	return next != '(' && next != '[' && next != ':' && (next != ']' || !nested)
}

// byteBefore is the byte before a bracket, 0 if the unit begins with it.
func (w *writer) byteBefore(b bracketAt) byte {
	if b.at > 0 {
		return w.pieces[b.piece].text[b.at-1]
	}
	for i := b.piece - 1; i >= 0; i-- {
		if t := w.pieces[i].text; t != "" {
			return t[len(t)-1]
		}
	}
	return 0
}
