package xliff

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// inline12 is the content of a source or target of 1.2.
type inline12 struct {
	textReader
	segments []segment12
	pairs    []pair12       // the codes that begin one, few as a rule
	rids     map[string]int // the same by rid, once they are many
}

// segment12 is what a mrk of the type seg encloses.
type segment12 struct {
	mid      string
	from, to bitext.Boundary
	inside   span // when rewriting: where its content stands
}

// text is nil-safe: no element, no text.
func (in *inline12) text() bitext.Text {
	if in == nil {
		return bitext.Text{}
	}
	return in.textReader.text()
}

// finish puts what our remarks say of the codes into them.
func (in *inline12) finish(extras map[string]url.Values) {
	if in == nil || extras == nil {
		return
	}
	for i := range in.codes {
		setExtras(&in.codes[i], extras)
	}
}

// recover finds the source's codes in a target that a tool made plain text of, such
// as one that keeps texts in PO: where the original markup of a code stands, the
// code is meant.
func (in *inline12) recover(source bitext.Text) {
	chars := in.textReader.text().Chars
	if len(source.Codes)*len(chars) > 1<<26 {
		return // it would take too long
	}
	var r textReader
	used := make([]bool, len(source.Codes))
	for at := 0; at < len(chars); {
		best := -1
		for i, c := range source.Codes {
			if !used[i] && c.Data != "" && strings.HasPrefix(chars[at:], c.Data) && (best < 0 || len(c.Data) > len(source.Codes[best].Data)) {
				best = i
			}
		}
		if best < 0 {
			_, n := utf8.DecodeRuneInString(chars[at:])
			r.chars.WriteString(chars[at : at+n])
			at += n
			continue
		}
		// Markup that the source's text itself has is text.
		if c := source.Codes[best]; strings.Contains(source.Chars, c.Data) {
			return
		}
		used[best] = true
		r.code(source.Codes[best])
		at += len(source.Codes[best].Data)
	}
	if len(r.codes) > 0 {
		in.textReader = r
	}
}

// inline12 reads a source or target to its end.
func (d *decoder) inline12() (*inline12, error) {
	in := &inline12{}
	return in, d.inlines12(in)
}

func (d *decoder) inlines12(in *inline12) error {
	for {
		t, err := d.next()
		if err != nil {
			return err
		}
		switch t.Kind {
		case xmlscan.Text:
			in.chars.Write(t.Text)
			continue
		case xmlscan.End:
			return nil
		}
		if t.Name.Space != d.core {
			if err := d.inlines12(in); err != nil { // another's markup around our text
				return err
			}
			continue
		}
		n, at := len(in.codes), d.rw.here()
		if err := d.code12(t, in); err != nil {
			return err
		}
		if d.rw != nil && len(in.codes) == n+1 && in.raw[n] == "" {
			in.raw[n] = d.rw.since(at)
		}
	}
}

func (d *decoder) code12(t *xmlscan.Token, in *inline12) error {
	c := bitext.Code{ID: attr(t, "id"), Equiv: attr(t, "equiv-text"), NoCopy: attr(t, "clone") == "no"}
	ctype, rid := attr(t, "ctype"), attr(t, "rid")
	c.Type, c.SubType = typeOf(ctype)
	switch name := t.Name.Local; name {
	case "mrk":
		if attr(t, "mtype") == "x-sdl-deleted" {
			return d.skip() // Trados: the reviser took it out
		}
		s := segment12{mid: attr(t, "mid"), from: in.cut()}
		seg := attr(t, "mtype") == "seg"
		s.inside.from = d.rw.after()
		note := -1
		if !seg {
			note = d.rw.annotation(&in.textReader, s.mid)
		}
		if err := d.inlines12(in); err != nil {
			return err
		}
		s.inside.to = d.rw.here()
		d.rw.annotationEnds(&in.textReader, note)
		if s.to = in.cut(); seg {
			in.segments = append(in.segments, s)
		}
		return nil
	case "g":
		c.Kind = bitext.Start
		in.code(c)
		start := d.rw.tag(in.raw)
		if err := d.inlines12(in); err != nil {
			return err
		}
		c.Kind = bitext.End
		in.code(c)
		d.rw.endTag(in.raw, start)
		return nil
	case "x":
		in.code(c)
		return d.skip()
	case "bx":
		c.Kind = bitext.Start
		in.pair(rid, c)
		in.code(c)
		return d.skip()
	case "ex":
		c.Kind = bitext.End
		in.end(rid, &c)
		in.code(c)
		return d.skip()
	case "bpt", "ept", "ph", "it":
		pos := attr(t, "pos")
		data, err := d.content(nil)
		if err != nil {
			return err
		}
		if name == "ph" && ctype == "x-cp" {
			if r, err := strconv.ParseUint(data, 16, 32); err == nil && !xmlscan.IsChar(rune(r)) {
				in.chars.WriteRune(rune(r))
				return nil
			}
		}
		c.Data, c.Disp = data, data
		switch {
		case name == "bpt":
			c.Kind = bitext.Start
			in.pair(rid, c)
		case name == "ept":
			c.Kind = bitext.End
			in.end(rid, &c)
		case name == "it" && pos == "close":
			c.Kind = bitext.End
		case name == "it":
			c.Kind = bitext.Start
		}
		in.code(c)
		return nil
	}
	return d.inlines12(in) // an element that 1.2 does not have: its text is text
}

// pair12 is a code that begins a pair: its rid, or its id without one, and its place.
type pair12 struct {
	rid  string
	code int
}

// pair remembers the code that comes next as the beginning of a pair.
func (in *inline12) pair(rid string, c bitext.Code) {
	const many = 16
	if rid == "" {
		rid = c.ID
	}
	in.pairs = append(in.pairs, pair12{rid, len(in.codes)})
	switch n := len(in.pairs); {
	case n == many:
		in.rids = map[string]int{}
		for _, p := range in.pairs {
			in.rids[p.rid] = p.code
		}
	case n > many:
		in.rids[rid] = len(in.codes)
	}
}

// begins is the place of the code that begins the pair rid, or -1.
func (in *inline12) begins(rid string) int {
	if in.rids != nil {
		if i, ok := in.rids[rid]; ok {
			return i
		}
		return -1
	}
	for i := len(in.pairs) - 1; i >= 0; i-- {
		if in.pairs[i].rid == rid {
			return in.pairs[i].code
		}
	}
	return -1
}

// end gives a code that ends a pair the ID and the type of the one that begins it.
func (in *inline12) end(rid string, c *bitext.Code) {
	if rid == "" {
		rid = c.ID
	}
	i := in.begins(rid)
	if i < 0 {
		return
	}
	c.ID = in.codes[i].ID
	if c.Type == "" {
		c.Type, c.SubType = in.codes[i].Type, in.codes[i].SubType
	}
}

func diagAt(name string, line, column int, id, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{ID: id, Severity: diag.Error, Place: diag.Place{Path: name, Line: line, Column: column}, Hint: hint}.Messagef(format, args...)
}
