package tmx

import (
	"strconv"
	"strings"
	"unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// How OmegaT (3.6, as tried) sees an XLIFF 1.2 segment: white space at its ends
// is cut off, and codes before the first and behind the last character too, but for
// those whose partner stands between. The others become short tags, numbered from
// 0: <b0>…</b0>, <b1/>, with the first letter of the code's content, or else of its
// ctype, or else "f"; one that has lost its partner is <b2> or </b2>. In its own
// TMX files the tags stand in the characters; in those it reads, inline elements
// around them do not matter.

// shortTags is how OmegaT sees the codes of one source.
type shortTags struct {
	first, last bitext.Boundary // of the source, what is left of it
	dropped     map[shape]bool
	number      map[string]int
	letter      map[string]string
}

type shape struct {
	kind bitext.CodeKind
	id   string
}

// short is nil in the plain flavor.
func (e *Encoder) short(n *bitext.Entry) *shortTags {
	if e.flavor != OmegaT {
		return nil
	}
	s := shortTagsOf(n.Source)
	for i := range n.Target.Codes {
		if c := &n.Target.Codes[i]; !s.dropped[shape{c.Kind, c.ID}] {
			s.add(c)
		}
	}
	return s
}

func shortTagsOf(t bitext.Text) *shortTags {
	s := &shortTags{dropped: map[shape]bool{}, number: map[string]int{}, letter: map[string]string{}}
	from := len(t.Chars) - len(strings.TrimLeftFunc(t.Chars, unicode.IsSpace))
	to := len(strings.TrimRightFunc(t.Chars, unicode.IsSpace))
	lo, hi := 0, len(t.Codes)
	for lo < hi && t.Codes[lo].Pos <= from {
		lo++
	}
	for hi > lo && t.Codes[hi-1].Pos >= to {
		hi--
	}
	partner := pairs(t)
	for grown := true; grown; {
		grown = false
		for i, p := range partner {
			if p < lo || p >= hi {
				continue
			}
			if i < lo {
				lo, grown = i, true
			} else if i >= hi {
				hi, grown = i+1, true
			}
		}
	}
	s.first, s.last = bitext.Boundary{Pos: from, Code: lo}, bitext.Boundary{Pos: max(from, to), Code: hi}
	if lo < hi {
		s.first.Pos = min(from, t.Codes[lo].Pos)
		s.last.Pos = max(to, t.Codes[hi-1].Pos)
	}
	for i := range t.Codes {
		if c := &t.Codes[i]; i < lo || i >= hi {
			s.dropped[shape{c.Kind, c.ID}] = true
		}
	}
	for i := lo; i < hi; i++ {
		s.add(&t.Codes[i])
	}
	return s
}

// tag returns how OmegaT shows a code.
func (s *shortTags) tag(c *bitext.Code) string {
	tag := s.letter[c.ID] + strconv.Itoa(s.number[c.ID])
	switch c.Kind {
	case bitext.Start:
		return "<" + tag + ">"
	case bitext.End:
		return "</" + tag + ">"
	}
	return "<" + tag + "/>"
}

// OmegaTForm returns a source text of an XLIFF 1.2 file as OmegaT shows it, and as its
// own memory has it.
func OmegaTForm(source bitext.Text) string {
	s := shortTagsOf(source)
	var b strings.Builder
	for p := range s.cut(source, false).Pieces() {
		if p.Code == nil {
			b.WriteString(p.Chars)
		} else {
			b.WriteString(s.tag(p.Code))
		}
	}
	return b.String()
}

// OmegaTKey returns the key of a source text as the entries of OmegaT's own memory have
// it: Entry.Source.Key, Prev and Next.
func OmegaTKey(source bitext.Text) string { return fromShort(bitext.Plain(OmegaTForm(source))).Key() }

// FromOmegaTForm returns the translation of a source text that OmegaT's own memory has
// in its form: with the codes of the source, and what OmegaT cut off the source's ends.
// Tags that the source does not have stay as characters.
func FromOmegaTForm(source bitext.Text, target string) bitext.Text {
	s := shortTagsOf(source)
	codes := map[string]bitext.Code{}
	for i := range source.Codes {
		if c := &source.Codes[i]; !s.dropped[shape{c.Kind, c.ID}] {
			codes[s.tag(c)] = *c
		}
	}
	var chars strings.Builder
	out := bitext.Text{}
	at := 0
	for _, m := range shortTag().FindAllStringIndex(target, -1) {
		c, ok := codes[target[m[0]:m[1]]]
		if !ok {
			continue
		}
		chars.WriteString(target[at:m[0]])
		at = m[1]
		c.Pos = chars.Len()
		out.Codes = append(out.Codes, c)
	}
	chars.WriteString(target[at:])
	out.Chars = chars.String()
	return bitext.Join(source.Slice(bitext.Boundary{}, s.first), out, source.Slice(s.last, source.End()))
}

func (s *shortTags) add(c *bitext.Code) {
	if _, ok := s.number[c.ID]; !ok {
		s.number[c.ID] = len(s.number)
		s.letter[c.ID] = shortLetter(c)
	}
}

// shortLetter is the letter of a code's tag.
func shortLetter(c *bitext.Code) string {
	for _, from := range []string{c.Data, shortType(c)} {
		if i := strings.IndexFunc(from, unicode.IsLetter); i >= 0 {
			for _, r := range from[i:] {
				return string(unicode.ToLower(r))
			}
		}
	}
	return "f"
}

// shortType is a code's type as XLIFF 1.2 has it, as far as the letter goes.
func shortType(c *bitext.Code) string {
	if name := typeName(c); name != c.Type || name == "link" || name == "image" || name == "" {
		return name
	}
	return "x-"
}

// cut is what OmegaT leaves of a source, or of its target.
func (s *shortTags) cut(t bitext.Text, isTarget bool) bitext.Text {
	if !isTarget {
		return t.Slice(s.first, s.last)
	}
	from := len(t.Chars) - len(strings.TrimLeftFunc(t.Chars, unicode.IsSpace))
	to := max(from, len(strings.TrimRightFunc(t.Chars, unicode.IsSpace)))
	out := bitext.Text{Chars: t.Chars[from:to]}
	for _, c := range t.Codes {
		if !s.dropped[shape{c.Kind, c.ID}] {
			c.Pos = min(max(c.Pos, from), to) - from
			out.Codes = append(out.Codes, c)
		}
	}
	return out
}

// shortSeg writes a text with its codes as short tags within elements.
func (e *Encoder) shortSeg(t bitext.Text, numbers map[string]int, s *shortTags) {
	els := elements(t, numbers)
	i := 0
	for p := range t.Pieces() {
		if p.Code == nil {
			e.escape(p.Chars, textEscapes) // a code of ours would read as a word there
			continue
		}
		e.element(&els.elems[i], p.Code, s.tag(p.Code))
		i++
	}
}

// shortTag matches what OmegaT writes for a code.
var shortTag = lazy.Regexp(`<(/?)(\p{L}+[0-9]+)(/?)>`)

// fromShort makes codes of the short tags in a text's characters. <br1> is how
// OmegaT's HTML filter writes a line break.
func fromShort(t bitext.Text) bitext.Text {
	found := shortTag().FindAllStringSubmatchIndex(t.Chars, -1)
	if found == nil {
		return t
	}
	var out bitext.Text
	var chars strings.Builder
	at, next := 0, 0
	for _, m := range found {
		for ; next < len(t.Codes) && t.Codes[next].Pos <= m[0]; next++ {
			c := t.Codes[next]
			c.Pos += chars.Len() - at
			out.Codes = append(out.Codes, c)
		}
		chars.WriteString(t.Chars[at:m[0]])
		at = m[1]
		name := t.Chars[m[4]:m[5]]
		c := bitext.Code{Pos: chars.Len(), ID: name, Data: t.Chars[m[0]:m[1]]}
		switch {
		case m[3] > m[2]:
			c.Kind = bitext.End
		case m[7] == m[6] && !strings.HasPrefix(name, "br"):
			c.Kind = bitext.Start
		}
		out.Codes = append(out.Codes, c)
	}
	for ; next < len(t.Codes); next++ {
		c := t.Codes[next]
		c.Pos += chars.Len() - at
		out.Codes = append(out.Codes, c)
	}
	chars.WriteString(t.Chars[at:])
	out.Chars = chars.String()
	return out
}
