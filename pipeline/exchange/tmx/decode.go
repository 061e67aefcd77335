// Package tmx reads and writes Translation Memory eXchange files, versions 1.1 to
// 1.4b (https://www.gala-global.org/tmx-14b), one translation unit at a time.
//
// What a memory's entry has and TMX has no element for stands in properties of
// the target's tuv: x-hexapla:state, :substate, :origin, :terms, :prev, :next and
// :place. So a memory that is written and read again is the same. Characters that
// XML forbids are written as a ph of type x-hexapla:char.
package tmx

import (
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// Options say how a file is read. Name is for messages.
type Options struct{ Name string }

// TU is one translation unit: the same text in two or more languages. SourceLocale
// is its own srclang, or the header's; "*all*" and the empty string stand for any.
type TU struct {
	ID           string
	SourceLocale string
	Props        []bitext.Prop
	Variants     []Variant
	Line, Column int
}

// Variant is the text in one language. Author and Time are those of the last
// change, or of the making.
type Variant struct {
	Locale string
	Text   bitext.Text
	Author string
	Time   time.Time
	Props  []bitext.Prop
}

// Limits of one translation unit: a file is of any size, what is held of it is not.
const (
	maxText     = 8 << 20
	maxVariants = 1000
)

// Decode walks over the units of a file. Its error is a diag.Diagnostic with line
// and column, and ends the walk; the units before it have been given.
func Decode(r io.Reader, o Options) iter.Seq2[*TU, error] {
	return func(yield func(*TU, error) bool) {
		d := &decoder{scan: xmlscan.New(o.Name, r), name: o.Name}
		d.scan.External = true
		for {
			tu, err := d.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(tu, err) || err != nil {
				return
			}
		}
	}
}

type decoder struct {
	scan   *xmlscan.Scanner
	name   string
	source string // the header's srclang
	rooted bool
}

func attr(t *xmlscan.Token, local string) string {
	v, _ := t.Attr("", local)
	return string(v)
}

// lang is xml:lang, or the lang attribute of TMX 1.1 to 1.3.
func lang(t *xmlscan.Token) string {
	if v, ok := t.Attr(xmlscan.XML, "lang"); ok {
		return string(v)
	}
	return attr(t, "lang")
}

// next reads up to the end of the next unit.
func (d *decoder) next() (*TU, error) {
	for {
		t, err := d.scan.Next()
		if err != nil {
			return nil, err
		}
		if t.Kind != xmlscan.Start {
			continue
		}
		switch t.Name.Local {
		case "tmx":
			d.rooted = true
		case "header":
			d.source = attr(t, "srclang")
		case "tu":
			if d.rooted {
				return d.tu(t)
			}
		}
		if !d.rooted {
			return nil, d.scan.Fail(t, "tmx.root", "the root element is "+t.Name.Local+", not tmx", "give a TMX file")
		}
	}
}

func (d *decoder) tu(t *xmlscan.Token) (*TU, error) {
	u := &TU{ID: attr(t, "tuid"), SourceLocale: attr(t, "srclang")}
	if u.SourceLocale == "" {
		u.SourceLocale = d.source
	}
	u.Line, u.Column = t.Place()
	by, at := change(t)
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil {
			return nil, err
		}
		switch {
		case t.Kind == xmlscan.End && d.scan.Depth() < depth:
			return u, nil
		case t.Kind != xmlscan.Start:
		case t.Name.Local == "tuv":
			v, ok, err := d.variant(t)
			if err != nil {
				return nil, err
			}
			if len(u.Variants) == maxVariants {
				return nil, d.tooBig(u, "has too many tuv elements")
			}
			if ok {
				if v.Author == "" {
					v.Author = by
				}
				if v.Time.IsZero() {
					v.Time = at
				}
				u.Variants = append(u.Variants, v)
			}
		default:
			p, ok, err := d.prop(t)
			if err != nil {
				return nil, err
			}
			if ok {
				u.Props = append(u.Props, p)
			}
		}
	}
}

func (d *decoder) tooBig(u *TU, what string) error {
	return diag.Diagnostic{ID: "tmx.size", Severity: diag.Error, Place: diag.Place{Path: d.name, Line: u.Line, Column: u.Column}, Message: "translation unit " + u.ID + " " + what}
}

// change is who changed an element last, or made it, and when.
func change(t *xmlscan.Token) (by string, at time.Time) {
	by, date := attr(t, "changeid"), attr(t, "changedate")
	if by == "" {
		by = attr(t, "creationid")
	}
	if date == "" {
		date = attr(t, "creationdate")
	}
	// ISO 8601 in the basic form that TMX prescribes; a date in another form is
	// not worth losing a translation for.
	at, err := time.Parse("20060102T150405Z", date)
	if err != nil {
		at, err = time.Parse(time.RFC3339, date)
	}
	if err != nil {
		return by, time.Time{}
	}
	return by, at.UTC()
}

// prop reads a prop or note; any other element is passed over with all in it.
func (d *decoder) prop(t *xmlscan.Token) (p bitext.Prop, ok bool, err error) {
	switch t.Name.Local {
	case "prop":
		p.Name, ok = attr(t, "type"), true
	case "note":
		p.Name, ok = "note", true
	}
	p.Value, err = d.chars()
	return p, ok, err
}

// chars gathers the text inside the element that has just begun.
func (d *decoder) chars() (string, error) {
	var b strings.Builder
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil {
			return "", err
		}
		switch t.Kind {
		case xmlscan.End:
			if d.scan.Depth() < depth {
				return b.String(), nil
			}
		case xmlscan.Text:
			if b.Len()+len(t.Text) > maxText {
				return "", d.scan.Fail(t, "tmx.size", "a text is longer than 8 MiB", "")
			}
			b.Write(t.Text)
		}
	}
}

// variant reads a tuv. One without a seg is passed over.
func (d *decoder) variant(t *xmlscan.Token) (v Variant, ok bool, err error) {
	v.Locale = lang(t)
	v.Author, v.Time = change(t)
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil {
			return v, false, err
		}
		switch {
		case t.Kind == xmlscan.End && d.scan.Depth() < depth:
			return v, ok && v.Locale != "", nil
		case t.Kind != xmlscan.Start:
		case t.Name.Local == "seg":
			if v.Text, err = d.seg(); err != nil {
				return v, false, err
			}
			ok = true
		default:
			p, isProp, err := d.prop(t)
			if err != nil {
				return v, false, err
			}
			if isProp {
				v.Props = append(v.Props, p)
			}
		}
	}
}

// seg reads a segment's text. The number x, which tells the same code in source
// and target, becomes its ID; without it, bpt and ept go by i and the others by
// their order.
func (d *decoder) seg() (bitext.Text, error) {
	var chars strings.Builder
	var out bitext.Text
	pairs := map[string]string{} // i to ID
	var highlights []string
	alone := 0
	depth := d.scan.Depth()
	add := func(c bitext.Code) {
		c.Pos = chars.Len()
		out.Codes = append(out.Codes, c)
	}
	id := func(t *xmlscan.Token, prefix string) string {
		if x := attr(t, "x"); x != "" {
			return x
		}
		alone++
		return prefix + strconv.Itoa(alone)
	}
	for {
		t, err := d.scan.Next()
		if err != nil {
			return out, err
		}
		switch {
		case t.Kind == xmlscan.Text:
			if chars.Len()+len(t.Text) > maxText {
				return out, d.scan.Fail(t, "tmx.size", "a segment is longer than 8 MiB", "")
			}
			chars.Write(t.Text)
			continue
		case t.Kind == xmlscan.End && d.scan.Depth() < depth:
			out.Chars = chars.String()
			return out, nil
		case t.Kind == xmlscan.End: // of hi, the only one whose content is read here
			if n := len(highlights); n > 0 {
				add(bitext.Code{Kind: bitext.End, ID: highlights[n-1]})
				highlights = highlights[:n-1]
			}
			continue
		case t.Kind != xmlscan.Start:
			continue
		}
		c := bitext.Code{Type: attr(t, "type")}
		switch t.Name.Local {
		case "hi":
			c.Kind, c.ID = bitext.Start, id(t, "h")
			highlights = append(highlights, c.ID)
			add(c)
			continue
		case "bpt":
			c.Kind = bitext.Start
			if c.ID = attr(t, "x"); c.ID == "" {
				c.ID = "i" + attr(t, "i")
			}
			pairs[attr(t, "i")] = c.ID
		case "ept":
			c.Kind = bitext.End
			if c.ID = pairs[attr(t, "i")]; c.ID == "" {
				c.ID = "i" + attr(t, "i")
			}
		case "it":
			c.Kind, c.ID = bitext.Start, id(t, "p")
			if attr(t, "pos") == "end" {
				c.Kind = bitext.End
			}
		default: // ph, ut, and what no version of TMX has
			c.ID = id(t, "p")
		}
		char := c.Type == charType
		if c.Data, err = d.chars(); err != nil {
			return out, err
		}
		if r, perr := strconv.ParseUint(c.Data, 16, 21); char && perr == nil {
			chars.WriteRune(rune(r))
			continue
		}
		add(c)
	}
}

// charType marks a ph that stands for a character which XML forbids.
const charType = "x-hexapla:char"
