package xliff

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// originalData writes the markup that codes stand for.
func (sc *scope) originalData(o *out) {
	if len(sc.order) == 0 {
		return
	}
	o.writeStrings("<originalData>")
	for _, content := range sc.order {
		o.writeStrings(`<data id="`, sc.data[content], `">`)
		o.chars2(content)
		o.writeStrings("</data>")
	}
	o.writeStrings("</originalData>\n")
}

// isPC reports whether the pair of that id is written as one element.
func (sc *scope) isPC(id string) bool { return !sc.split[id] }

// chars2 writes characters, those that XML forbids as cp.
func (o *out) chars2(s string) {
	for {
		n := plain(s)
		o.buf = appendText(o.buf, s[:n])
		if n == len(s) {
			return
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		o.writeStrings(`<cp hex="`, fmt.Sprintf("%04X", r), `"/>`)
		s = s[n+size:]
	}
}

// write writes a text with its codes and marks.
func (sc *scope) write(o *out, v *view) {
	if len(v.text.Codes) == 0 && len(v.marks) == 0 {
		o.chars2(v.text.Chars)
		return
	}
	partner := sc.partner
	clear(partner)
	for j := range v.text.Codes {
		if c := &v.text.Codes[j]; c.Kind == bitext.End {
			partner[v.ids[j]] = c
		}
	}
	v.walk(func(e event) {
		switch {
		case e.mark != nil:
			o.mark(e.mark, e.open)
		case e.code < 0:
			o.chars2(e.chars)
		default:
			sc.code(o, v, e.code, partner)
		}
	})
}

func (o *out) mark(m *mark, open bool) {
	switch {
	case open && m.split:
		o.writeStrings("<sm")
	case open:
		o.writeStrings("<mrk")
	case m.split:
		o.writeStrings(`<em startRef="`, m.id, `"/>`)
		return
	default:
		o.writeStrings("</mrk>")
		return
	}
	o.attr("id", m.id)
	o.writeStrings(` type="term"`)
	if m.keep {
		o.writeStrings(` translate="no"`)
	}
	if m.split {
		o.writeStrings("/")
	}
	o.writeStrings(">")
}

func (sc *scope) code(o *out, v *view, j int, partner map[string]*bitext.Code) {
	c, id := &v.text.Codes[j], v.ids[j]
	info := sc.span[id]
	switch {
	case c.Kind == bitext.Placeholder:
		o.writeStrings("<ph")
		o.attr("id", id)
		sc.limits(o, c, info, info.reorder)
		sc.looks(o, c)
		o.writeStrings("/>")
	case sc.isPC(id) && c.Kind == bitext.Start:
		end := partner[id]
		o.writeStrings("<pc")
		o.attr("id", id)
		sc.limits(o, c, info, info.reorder)
		o.attrIfSet("dispStart", c.Disp)
		o.attrIfSet("dispEnd", end.Disp)
		o.attrIfSet("equivStart", c.Equiv)
		o.attrIfSet("equivEnd", end.Equiv)
		if len(c.Subflows) > 0 && len(end.Subflows) > 0 { // they go together
			o.subFlows("subFlowsStart", c.Subflows)
			o.subFlows("subFlowsEnd", end.Subflows)
		}
		if c.Data != "" || end.Data != "" {
			o.attr("dataRefStart", sc.data[c.Data])
			o.attr("dataRefEnd", sc.data[end.Data])
		}
		o.writeStrings(">")
	case sc.isPC(id):
		o.writeStrings("</pc>")
	case c.Kind == bitext.Start:
		o.writeStrings("<sc")
		o.attr("id", id)
		if !sc.paired(v, info) {
			o.writeStrings(` isolated="yes"`)
		}
		sc.limits(o, c, info, "")
		sc.looks(o, c)
		o.writeStrings("/>")
	default:
		o.writeStrings("<ec")
		if sc.paired(v, info) {
			o.attr("startRef", id)
		} else {
			o.attr("id", id)
			o.writeStrings(` isolated="yes"`)
		}
		sc.limits(o, c, info, "")
		sc.looks(o, c)
		o.writeStrings("/>")
	}
}

// paired reports whether both ends of a pair stand on this side of the scope.
func (sc *scope) paired(v *view, info *spanInfo) bool {
	if v.inTarget {
		return info.targetPaired
	}
	return info.sourcePaired
}

// limits writes what may be done with a code, and its type.
func (sc *scope) limits(o *out, c *bitext.Code, info *spanInfo, reorder string) {
	if info.noCopy {
		o.writeStrings(` canCopy="no"`)
	}
	if info.noDelete {
		o.writeStrings(` canDelete="no"`)
	}
	if reorder != "" {
		o.writeStrings(` canReorder="`, reorder, `"`)
	}
	typ, sub := nativeType(c)
	if typ {
		o.attr("type", c.Type)
	}
	if sub {
		o.attr("subType", c.SubType)
	}
}

// looks writes what to show of a code, and where its data stands.
func (sc *scope) looks(o *out, c *bitext.Code) {
	o.attrIfSet("disp", c.Disp)
	o.attrIfSet("equiv", c.Equiv)
	if len(c.Subflows) > 0 {
		o.subFlows("subFlows", c.Subflows)
	}
	if c.Data != "" {
		o.attr("dataRef", sc.data[c.Data])
	}
}

// subFlows leaves a place for the units that stand inside a code: they must be in
// the file, and most follow.
func (o *out) subFlows(name string, units []string) {
	if !slices.ContainsFunc(units, func(id string) bool { return !ns.IsNMTOKEN(id) }) {
		o.holes = append(o.holes, hole{len(o.buf), units, " " + attribute(name, strings.Join(units, " "))})
	}
}
