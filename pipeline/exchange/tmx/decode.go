package tmx

import (
	"errors"
	"io"
	"iter"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// Options say how a file is read. Name is for messages.
type Options struct{ Name string }

// Limits of one translation unit: a file is of any size, what is held of it is not.
const (
	maxText     = 8 << 20 // bytes of one text, prop or code
	maxUnit     = 32 << 20
	maxVariants = 1000
	maxProps    = 10_000
	maxCodes    = 20_000
)

// Decode walks over the units of a file. Its error is a diag.Diagnostic with line
// and column, and ends the walk; the units before it have been given. A unit is
// the receiver's to keep.
func Decode(r io.Reader, o Options) iter.Seq2[*TU, error] {
	return func(yield func(*TU, error) bool) {
		d := &decoder{scan: xmlscan.New(o.Name, r), name: o.Name, file: &File{}}
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
	file   *File
	rooted bool
	left   int // bytes that the unit may still have
	chars  []byte
	data   []byte

	locales map[string]string // tags as they stand, and in the usual case
}

// locale is localeCase, once for each tag.
func (d *decoder) locale(tag []byte) string {
	l, ok := d.locales[string(tag)]
	if !ok {
		const most = 1000 // a file has a few; a hostile one any number
		if d.locales == nil || len(d.locales) > most {
			d.locales = map[string]string{}
		}
		l = localeCase(string(tag))
		d.locales[string(tag)] = l
	}
	return l
}

func attr(t *xmlscan.Token, local string) string {
	v, _ := t.Attr("", local)
	return string(v)
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
		if !d.rooted {
			if t.Name.Local != "tmx" {
				return nil, d.scan.Fail(t, "tmx.root", "give a TMX file", "the root element is %s, not tmx", diag.Arg("element", t.Name.Local))
			}
			d.rooted = true
			d.file.Version = attr(t, "version")
			continue
		}
		switch t.Name.Local {
		case "header":
			if err := d.header(t); err != nil {
				return nil, err
			}
		case "tu":
			return d.tu(t)
		}
	}
}

func (d *decoder) header(t *xmlscan.Token) error {
	d.file = &File{Version: d.file.Version, CreationTool: attr(t, "creationtool"), CreationToolVersion: attr(t, "creationtoolversion"),
		SegType: attr(t, "segtype"), AdminLang: attr(t, "adminlang"), SourceLocale: sourceLang(attr(t, "srclang")), DataType: attr(t, "datatype")}
	d.left = maxUnit
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil {
			return err
		}
		if t.Kind == xmlscan.End && d.scan.Depth() < depth {
			return nil
		}
		if t.Kind == xmlscan.Start {
			if d.file.Props, err = d.prop(t, d.file.Props); err != nil {
				return err
			}
		}
	}
}

// sourceLang is a srclang in the usual case; "*all*" stays.
func sourceLang(tag string) string {
	if tag == "*all*" {
		return tag
	}
	return localeCase(tag)
}

// spend counts what a unit takes, and fails when it is too much.
func (d *decoder) spend(t *xmlscan.Token, n int) error {
	if d.left -= n; d.left < 0 {
		return d.scan.Fail(t, "tmx.size", "is an end tag missing?", "a translation unit has more than %d MiB", diag.Arg("limit", maxUnit>>20))
	}
	return nil
}

func (d *decoder) tu(t *xmlscan.Token) (*TU, error) {
	u := &TU{File: d.file, SourceLocale: d.file.SourceLocale}
	u.Line, u.Column = t.Place()
	d.left = maxUnit
	for i := range t.Attrs {
		switch a := &t.Attrs[i]; {
		case a.Space != "":
		case a.Local == "tuid":
			u.ID = string(a.Value)
		case a.Local == "srclang":
			u.SourceLocale = sourceLang(string(a.Value))
		default:
			u.Attrs = append(u.Attrs, bitext.Prop{Name: a.Local, Value: string(a.Value)})
		}
	}
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
			if len(u.Variants) == maxVariants {
				return nil, d.scan.Fail(t, "tmx.size", "", "a translation unit has more than %d variants", diag.Arg("limit", maxVariants))
			}
			v, ok, err := d.variant(t, u)
			if err != nil {
				return nil, err
			}
			if ok {
				if u.Variants == nil {
					u.Variants = make([]Variant, 0, 2)
				}
				u.Variants = append(u.Variants, v)
			}
		default:
			if u.Props, err = d.prop(t, u.Props); err != nil {
				return nil, err
			}
		}
	}
}

// prop appends a prop or note; any other element is passed over with all in it.
func (d *decoder) prop(t *xmlscan.Token, to []bitext.Prop) ([]bitext.Prop, error) {
	var p bitext.Prop
	switch t.Name.Local {
	case "prop":
		p.Name = attr(t, "type")
	case "note":
		p.Name = "note"
	default:
		return to, d.pass()
	}
	if len(to) == maxProps {
		return to, d.scan.Fail(t, "tmx.size", "", "an element has more than %d props", diag.Arg("limit", maxProps))
	}
	if err := d.spend(t, len(p.Name)); err != nil {
		return to, err
	}
	text, err := d.text()
	p.Value = string(text)
	return append(to, p), err
}

// pass passes over the element that has just begun.
func (d *decoder) pass() error {
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil || t.Kind == xmlscan.End && d.scan.Depth() < depth {
			return err
		}
	}
}

// text gathers the characters inside the element that has just begun. They are
// good until the next call.
func (d *decoder) text() ([]byte, error) {
	d.data = d.data[:0]
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil {
			return nil, err
		}
		switch t.Kind {
		case xmlscan.End:
			if d.scan.Depth() < depth {
				return d.data, nil
			}
		case xmlscan.Text:
			if len(d.data)+len(t.Text) > maxText {
				return nil, d.scan.Fail(t, "tmx.size", "", "a text is longer than 8 MiB")
			}
			if err := d.spend(t, len(t.Text)); err != nil {
				return nil, err
			}
			d.data = append(d.data, t.Text...)
		}
	}
}

// variant reads a tuv. One without a language or a seg is passed over.
func (d *decoder) variant(t *xmlscan.Token, u *TU) (v Variant, ok bool, err error) {
	for i := range t.Attrs {
		switch a := &t.Attrs[i]; {
		case a.Local == "lang" && (a.Space == xmlscan.XML || a.Space == "" && v.Locale == ""): // lang alone was TMX 1.1's
			v.Locale = d.locale(a.Value)
		case a.Space == "" && a.Local != "lang":
			v.Attrs = append(v.Attrs, bitext.Prop{Name: a.Local, Value: string(a.Value)})
		}
	}
	v.Author, v.Time, _, _ = lastChange(v.Attrs, u.Attrs)
	var seg segment
	depth := d.scan.Depth()
	for {
		t, err := d.scan.Next()
		if err != nil {
			return v, false, err
		}
		switch {
		case t.Kind == xmlscan.End && d.scan.Depth() < depth:
			if ok {
				v.Text = seg.finish(d.file, &v)
			}
			return v, ok && v.Locale != "", nil
		case t.Kind != xmlscan.Start:
		case t.Name.Local == "seg":
			if ok {
				return v, false, d.scan.Fail(t, "tmx.seg", "give each text a tuv of its own", "a tuv has a second seg")
			}
			if seg, err = d.seg(); err != nil {
				return v, false, err
			}
			ok = true
		default:
			if v.Props, err = d.prop(t, v.Props); err != nil {
				return v, false, err
			}
		}
	}
}

// segment is a seg as it stands: its characters and codes, and the elements that
// the codes were, in parallel.
type segment struct {
	text  bitext.Text
	elems []element
}

// element is what an inline element says beside its code.
type element struct{ name, i, x string }

// seg reads a segment's text.
func (d *decoder) seg() (segment, error) {
	var s segment
	d.chars = d.chars[:0]
	var highlights []element
	depth := d.scan.Depth()
	add := func(c bitext.Code, e element) {
		c.Pos = len(d.chars)
		s.text.Codes = append(s.text.Codes, c)
		s.elems = append(s.elems, e)
	}
	for {
		t, err := d.scan.Next()
		if err != nil {
			return s, err
		}
		switch {
		case t.Kind == xmlscan.Text:
			if len(d.chars)+len(t.Text) > maxText {
				return s, d.scan.Fail(t, "tmx.size", "", "a segment is longer than 8 MiB")
			}
			if err := d.spend(t, len(t.Text)); err != nil {
				return s, err
			}
			d.chars = append(d.chars, t.Text...)
			continue
		case t.Kind == xmlscan.End && d.scan.Depth() < depth:
			s.text.Chars = string(d.chars)
			return s, nil
		case t.Kind == xmlscan.End: // of hi, or of an element that is no code
			if n := len(highlights); n > 0 {
				if highlights[n-1].name != "" {
					add(bitext.Code{Kind: bitext.End}, highlights[n-1])
				}
				highlights = highlights[:n-1]
			}
			continue
		case t.Kind != xmlscan.Start:
			continue
		case len(s.text.Codes) >= maxCodes:
			return s, d.scan.Fail(t, "tmx.size", "", "a segment has more than %d codes", diag.Arg("limit", maxCodes))
		}
		typ := attr(t, "type")
		var c bitext.Code
		c.Type, c.SubType = typeOf(typ)
		e := element{name: t.Name.Local, i: attr(t, "i"), x: attr(t, "x")}
		switch e.name {
		case "hi":
			c.Kind = bitext.Start
			add(c, e)
			highlights = append(highlights, e)
			continue
		case "bpt":
			c.Kind = bitext.Start
		case "ept":
			c.Kind = bitext.End
		case "it":
			c.Kind = bitext.Start
			if attr(t, "pos") == "end" {
				c.Kind = bitext.End
			}
		case "ph", "ut":
			e.name = "ph"
		default: // an element that no version of TMX has: its text is text
			highlights = append(highlights, element{})
			continue
		}
		data, err := d.text()
		if err != nil {
			return s, err
		}
		if typ == charType {
			if chars, ok := unhex(data); ok {
				d.chars = append(d.chars, chars...)
				continue
			}
		}
		c.Data = string(data)
		if err := d.spend(t, 64); err != nil {
			return s, err
		}
		add(c, e)
	}
}
