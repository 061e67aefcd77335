package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/util"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// delimiterOf is the character that emphasis or strikethrough is made of, 0 for
// another code.
func delimiterOf(text string) byte {
	if text == "" || len(text) > 2 || text[0] != '*' && text[0] != '_' && text[0] != '~' || text[len(text)-1] != text[0] {
		return 0
	}
	return text[0]
}

// emptyPair reports whether the pair that opens with piece i has nothing in it.
func (w *writer) emptyPair(i int) bool {
	return i+1 < len(w.pieces) && w.pieces[i+1].code != nil && w.pieces[i+1].kind == bitext.End && w.pieces[i+1].code.ID == w.pieces[i].code.ID
}

// flank makes sure that the delimiter run of piece i can open or close what it
// should (CommonMark 0.31, 6.2): by its neighbours' being references, which
// count as punctuation.
func (w *writer) flank(i int, delim byte) {
	kind := w.pieces[i].kind
	j := i
	for j+1 < len(w.pieces) && w.pieces[j+1].code != nil && w.pieces[j+1].kind == kind && delimiterOf(w.pieces[j+1].text) == delim {
		j++
	}
	if i > 0 && len(w.tail) > 0 && w.tail[len(w.tail)-1] == delim && w.pieces[i-1].code != nil {
		if w.pieces[i-1].kind == kind || w.pieces[i].kept && w.pieces[i-1].kept {
			return // it belongs to the run before
		}
		seg := w.pieces[i].seg
		if w.pieces[i].kept {
			seg = w.pieces[i-1].seg
		}
		w.emit(seg, "&#8203;")
	}
	prev := w.before()
	if w.start {
		prev = '\n'
	}
	next, ours := w.after(j, len(w.pieces[j].text))
	space, punct := isWhite, util.IsPunctRune
	if kind == bitext.Start {
		if space(next) {
			w.stuck = w.stuck || !ours
			w.entity, next = true, '&'
		}
		intraword := delim == '_' && !space(prev) && !punct(prev)
		if (punct(next) && !space(prev) && !punct(prev)) || intraword {
			w.refer()
		}
		return
	}
	if space(prev) {
		w.refer()
		prev = ';'
	}
	intraword := delim == '_' && !space(next) && !punct(next)
	if punct(prev) && !space(next) && !punct(next) || intraword {
		w.stuck = w.stuck || !ours
		w.entity = true
	}
}

// htmlFor is the HTML of emphasis or strikethrough.
func htmlFor(delimiter string, kind bitext.CodeKind, dialect Dialect) string {
	name := "em>"
	switch {
	case delimiter == "~" && dialect == DialectPythonMarkdown:
		name = "sub>" // as pymdownx.tilde has it
	case delimiter[0] == '~':
		name = "del>"
	case len(delimiter) == 2:
		name = "strong>"
	}
	if kind == bitext.End {
		return "</" + name
	}
	return "<" + name
}

// paired reports whether the delimiters of emphasis that were written pair as
// they should: where there are several, one can be taken for the other's. The
// unit is read again by itself, with its other codes made simple.
func (w *writer) paired() bool {
	delimiters := 0
	for _, c := range w.codes {
		if p := &w.pieces[c.piece]; delimiterOf(p.text) != 0 && p.kind != bitext.Placeholder {
			delimiters++
		}
	}
	if !w.marks && delimiters < 4 {
		return true
	}
	var want []string
	b := []byte("w ")
	at := 0
	ids := map[string]int{}
	for _, c := range w.codes {
		p := &w.pieces[c.piece]
		b = appendLines(b, w.tail[at:c.from])
		at = c.to
		if delimiterOf(p.text) != 0 && p.kind != bitext.Placeholder {
			want = append(want, pairing(ids, p.code, len(b)))
			b = append(b, p.text...)
			continue
		}
		switch first := p.text[0]; {
		case endsLine(p.text):
			b = append(b, '\n')
		case isAlpha(first), strings.HasPrefix(p.text, "{{"), strings.HasPrefix(p.text, "{%"):
			b = append(b, "XX"...)
		case first == '{':
			b = append(b, ',', ',')
		default:
			b = append(b, "<x>"...)
		}
	}
	b = appendLines(b, w.tail[at:])
	if w.again == nil {
		w.again = newRoom()
	}
	s := newSplitter(Options{Dialect: w.dialect}, "", b, w.again)
	defer w.again.reset(s)
	s.body()
	if len(s.pending) == 0 {
		return false
	}
	var got []string
	ids = map[string]int{}
	for k := range s.pending[0].Source.Codes {
		if c := &s.pending[0].Source.Codes[k]; delimiterOf(c.Data) != 0 {
			got = append(got, pairing(ids, c, s.pending[0].span.Codes[k]))
		}
	}
	return slices.Equal(got, want)
}

// appendLines appends text without what its lines begin with.
func appendLines(b, text []byte) []byte {
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') < 0 {
		return append(b, text...)
	}
	return append(b, prefixes().ReplaceAll(text, []byte{'\n'})...)
}

// pairing describes what a delimiter is, where it is and which one it belongs
// to, by its pair's number.
func pairing(ids map[string]int, c *bitext.Code, at int) string {
	if _, ok := ids[c.ID]; !ok {
		ids[c.ID] = len(ids)
	}
	return c.Kind.String() + " " + strconv.Itoa(at) + " " + strconv.Itoa(ids[c.ID])
}

// prefixes are line ends with what the following line begins with.
var prefixes = lazy.Regexp(`[ \t]*(?:\r\n?|\n)[ \t>]*`)
