package xliff

import (
	"net/url"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// inline2 is the content of a source or target of version 2.
type inline2 struct {
	textReader
	refs  []refs2 // beside codes
	marks []mark2
}

type refs2 struct {
	data string
	copy string
}

type mark2 struct {
	id       string
	from, to int
}

// finish gives the text, its codes with their data and what our remarks say.
func (in *inline2) finish(data map[string]string, extras map[string]url.Values) bitext.Text {
	for i := range in.codes {
		c := &in.codes[i]
		if ref := in.refs[i].data; ref != "" {
			c.Data = data[ref]
		}
		setExtras(c, extras)
		if own, ok := extras[c.Kind.String()+" "+c.ID]; ok && own.Has("own") {
			c.ID = own.Get("own")
		} else if in.refs[i].copy != "" {
			c.ID = in.refs[i].copy
		}
	}
	return in.text()
}

func (d *decoder) inline2() (*inline2, error) {
	in := &inline2{}
	return in, d.inlines2(in)
}

func (d *decoder) inlines2(in *inline2) error {
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
		n, at := len(in.codes), d.rw.here()
		if t.Name.Space != d.core {
			err = d.inlines2(in)
		} else {
			err = d.code2(t, in)
		}
		if err != nil {
			return err
		}
		if d.rw != nil && len(in.codes) == n+1 && in.raw[n] == "" {
			in.raw[n] = d.rw.since(at)
		}
	}
}

func (in *inline2) add(c bitext.Code, r refs2) {
	in.code(c)
	in.refs = append(in.refs, r)
}

func (d *decoder) code2(t *xmlscan.Token, in *inline2) error {
	name := t.Name.Local
	switch name {
	case "cp":
		cp(t, &in.chars)
		return d.skip()
	case "mrk", "sm":
		in.marks = append(in.marks, mark2{id: attr(t, "id"), from: in.chars.Len(), to: in.chars.Len()})
		m := len(in.marks) - 1
		note := d.rw.annotation(&in.textReader, in.marks[m].id)
		err := d.inlines2(in)
		in.marks[m].to = in.chars.Len()
		if name == "mrk" {
			d.rw.annotationEnds(&in.textReader, note)
		}
		return err
	case "em":
		ref := attr(t, "startRef")
		for i := range in.marks {
			if in.marks[i].id == ref {
				in.marks[i].to = in.chars.Len()
			}
		}
		at := d.rw.here()
		err := d.skip()
		d.rw.annotationHalf(&in.textReader, ref, at)
		return err
	case "ph", "pc", "sc", "ec":
	default:
		return d.inlines2(in) // an element that XLIFF 2 does not have: its text is text
	}
	c := bitext.Code{
		ID: attr(t, "id"), Type: attr(t, "type"), SubType: attr(t, "subType"), NoCopy: attr(t, "canCopy") == "no", NoDelete: attr(t, "canDelete") == "no",
	}
	if v := attr(t, "canReorder"); v == "no" || v == "firstNo" {
		c.NoReorder = true
	}
	refs := refs2{copy: attr(t, "copyOf")}
	if name == "pc" {
		end, endRefs := c, refs
		c.Kind, c.Disp, c.Equiv, c.Subflows = bitext.Start, attr(t, "dispStart"), attr(t, "equivStart"), strings.Fields(attr(t, "subFlowsStart"))
		refs.data = attr(t, "dataRefStart")
		end.Kind, end.Disp, end.Equiv, end.Subflows = bitext.End, attr(t, "dispEnd"), attr(t, "equivEnd"), strings.Fields(attr(t, "subFlowsEnd"))
		endRefs.data = attr(t, "dataRefEnd")
		in.add(c, refs)
		start := d.rw.tag(in.raw)
		if err := d.inlines2(in); err != nil {
			return err
		}
		in.add(end, endRefs)
		d.rw.endTag(in.raw, start)
		return nil
	}
	c.Disp, c.Equiv, c.Subflows = attr(t, "disp"), attr(t, "equiv"), strings.Fields(attr(t, "subFlows"))
	refs.data = attr(t, "dataRef")
	switch name {
	case "sc":
		c.Kind = bitext.Start
	case "ec":
		c.Kind = bitext.End
		if ref := attr(t, "startRef"); ref != "" {
			c.ID = ref
		}
	}
	if name != "ph" && c.ID == "" {
		return d.Fail(t, "xliff.code", "", "<%s> has neither id nor startRef", diag.Arg("name", name))
	}
	in.add(c, refs)
	return d.skip()
}
