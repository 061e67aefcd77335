package tbx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"hexapla/glossary"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Encode writes a glossary as a TBX file in the given version; locale is the
// language of its definitions and notes, a BCP 47 tag. Concepts without terms
// are left out and told, as are characters that XML cannot hold.
func Encode(g *glossary.Glossary, v Version, locale string) ([]byte, []diag.Diagnostic) {
	e := &encoder{names: namesOf[v], ids: map[string]bool{}}
	e.raw(xml.Header)
	const from = "<sourceDesc><p>Written by Hexapla</p></sourceDesc>"
	if v == V2 {
		e.raw(`<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">` + "\n")
		e.raw(`<martif type="TBX-Basic" xml:lang="`).text(locale).raw(`">` + "\n<martifHeader><fileDesc>" + from + `</fileDesc><encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc></martifHeader>` + "\n<text><body>\n")
	} else if v == V3DCT {
		e.dct = true
		e.raw(`<tbx type="TBX-Basic" style="dct" xml:lang="`).text(locale).raw(`" xmlns="` + namespace + `" xmlns:min="` + namespaceMin + `" xmlns:basic="` + namespaceBasic + `">` + "\n<tbxHeader><fileDesc>" + from + "</fileDesc></tbxHeader>\n<text><body>\n")
	} else {
		e.raw(`<tbx type="TBX-Basic" style="dca" xml:lang="`).text(locale).raw(`" xmlns="` + namespace + `">` + "\n<tbxHeader><fileDesc>" + from + "</fileDesc></tbxHeader>\n<text><body>\n")
	}
	for i := range g.Concepts {
		e.concept(&g.Concepts[i])
	}
	if v == V2 {
		e.raw("</body></text>\n</martif>\n")
	} else {
		e.raw("</body></text>\n</tbx>\n")
	}
	return e.b.Bytes(), e.ds
}

type encoder struct {
	b     bytes.Buffer
	names names
	ids   map[string]bool
	dct   bool // elements are named by their categories
	ds    []diag.Diagnostic
	at    diag.Place
}

func (e *encoder) raw(s string) *encoder {
	e.b.WriteString(s)
	return e
}

// text escapes characters, and leaves out those that XML 1.0 forbids.
func (e *encoder) text(s string) *encoder {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if clean != s {
		e.ds = append(e.ds, diag.Diagnostic{
			ID: "tbx.characters", Severity: diag.Warning, Place: e.at,
		}.Messagef("%q has characters that XML cannot hold; they are left out", diag.Arg("text", s)))
	}
	xml.EscapeText(&e.b, []byte(clean)) // a bytes.Buffer does not fail
	return e
}

// element writes one with a type (empty for none), and its target if it has one.
func (e *encoder) element(name, kind, target, text string) {
	if e.dct && kind != "" {
		if c, ok := categories[kind]; ok {
			e.raw("<" + c.module + ":" + kind)
			if target != "" {
				e.raw(` target="`).text(target).raw(`"`)
			}
			e.raw(">").text(text).raw("</" + c.module + ":" + kind + ">")
			return
		}
		e.ds = append(e.ds, diag.Diagnostic{ID: "tbx.category", Severity: diag.Warning, Place: e.at}.
			Messagef("%q is no category of TBX-Basic; it is written as a note", diag.Arg("category", kind)))
		name, kind, text = "note", "", kind+": "+text
	}
	e.raw("<" + name)
	if kind != "" {
		e.raw(` type="`).text(kind).raw(`"`)
	}
	if target != "" {
		e.raw(` target="`).text(target).raw(`"`)
	}
	e.raw(">").text(text).raw("</" + name + ">")
}

func (e *encoder) note(text string) { e.element("note", "", "", text) }

func (e *encoder) concept(c *glossary.Concept) {
	if len(c.Terms) == 0 {
		e.ds = append(e.ds, diag.Diagnostic{ID: "tbx.empty", Severity: diag.Warning}.Messagef("concept %s has no terms and is left out", diag.Arg("id", c.ID)))
		return
	}
	e.at = c.Terms[0].Place
	id := c.ID
	if !isName(id) || e.ids[id] {
		id = fmt.Sprintf("c-%d", len(e.ids)+1)
		for e.ids[id] {
			id += "_"
		}
	}
	e.ids[id] = true
	e.raw("<" + e.names.entry + ` id="`).text(id).raw("\">\n")
	props := c.Props
	if c.Definition != "" {
		// Remarks that begin with + belong to the definition.
		props = append([]bitext.Prop{{Name: "descrip/definition", Value: c.Definition}}, props...)
	}
	e.props(props, "")
	if id != c.ID {
		e.note(markID + c.ID)
	}
	for _, n := range c.Notes {
		e.note(n)
	}
	var order []string
	byLocale := map[string][]*glossary.Term{}
	for i := range c.Terms {
		t := &c.Terms[i]
		if byLocale[t.Locale] == nil {
			order = append(order, t.Locale)
		}
		byLocale[t.Locale] = append(byLocale[t.Locale], t)
	}
	for _, locale := range order {
		tag := locale
		if tag == glossary.AnyLocale {
			tag = multilingual
		}
		e.raw("\n <" + e.names.language + ` xml:lang="`).text(tag).raw("\">\n")
		e.props(byLocale[locale][0].Props, langPrefix)
		for _, t := range byLocale[locale] {
			e.term(t)
		}
		e.raw(" </" + e.names.language + ">")
	}
	e.raw("\n</" + e.names.entry + ">\n")
}

const langPrefix = "lang:"

func (e *encoder) term(t *glossary.Term) {
	e.at = t.Place
	// termNotes come before everything else.
	var notes, others []bitext.Prop
	inNote, grouped := false, false
	for _, p := range t.Props {
		if strings.HasPrefix(p.Name, langPrefix) {
			continue
		}
		if !strings.HasPrefix(p.Name, "+") {
			inNote = strings.HasPrefix(p.Name, "termNote/")
		}
		if inNote {
			notes = append(notes, p)
			grouped = grouped || strings.HasPrefix(p.Name, "+")
		} else {
			others = append(others, p)
		}
	}
	// In the older version a tig has no groups of termNotes; an ntig has.
	section, open, end := e.names.term, "", ""
	if section == "tig" && grouped {
		section, open, end = "ntig", "<termGrp>", "</termGrp>"
	}
	e.raw("  <" + section + ">" + open + "<term>").text(t.Text).raw("</term>")
	e.element("termNote", "administrativeStatus", "", statuses[min(int(t.Status), len(statuses)-1)])
	if t.POS != "" {
		e.element("termNote", "partOfSpeech", "", partOfSpeech(t.POS))
	}
	e.props(notes, "")
	e.raw(end)
	e.props(others, "")
	if t.Note != "" {
		e.note(t.Note)
	}
	if t.Status == glossary.DoNotTranslate {
		e.note(markKeep)
	}
	switch t.Case {
	case glossary.CaseSensitive:
		e.note(markSensitive)
	case glossary.CaseInsensitive:
		e.note(markAny)
	}
	if t.POS != "" && partOfSpeech(t.POS) != t.POS {
		e.note(markPOS + t.POS)
	}
	e.raw("</" + section + ">\n")
}

// groupable are the elements that may have others added to them.
var groupable = map[string]string{"descrip": "descripGrp", "admin": "adminGrp", "transac": "transacGrp", "termNote": "termNoteGrp"}

// kinds are the elements that a Prop's name may say.
var kinds = map[string]bool{
	"descrip": true, "admin": true, "transac": true, "termNote": true, "ref": true, "xref": true, "note": true,
	"descripNote": true, "adminNote": true, "transacNote": true, "date": true,
}

// props writes remarks: those that begin with prefix, without it. A remark that
// did not come from a TBX file (a CSV column) becomes a note "name: value".
func (e *encoder) props(ps []bitext.Prop, prefix string) {
	var mine []bitext.Prop
	for _, p := range ps {
		if name, ok := strings.CutPrefix(p.Name, prefix); ok {
			mine = append(mine, bitext.Prop{Name: name, Value: p.Value})
		}
	}
	for i := 0; i < len(mine); {
		element, kind, target, ok := splitName(strings.TrimPrefix(mine[i].Name, "+"))
		if !ok {
			e.note(mine[i].Name + ": " + mine[i].Value)
			i++
			continue
		}
		n := i + 1
		for n < len(mine) && strings.HasPrefix(mine[n].Name, "+") {
			n++
		}
		group := groupable[element]
		if n == i+1 && element != "transac" || group == "" {
			e.element(element, kind, target, mine[i].Value)
			i++
			continue
		}
		e.raw("<" + group + ">")
		for ; i < n; i++ {
			element, kind, target, ok := splitName(strings.TrimPrefix(mine[i].Name, "+"))
			if !ok {
				element, kind, target = "note", "", ""
			}
			e.element(element, kind, target, mine[i].Value)
		}
		e.raw("</" + group + ">")
	}
}

// splitName takes "descrip/context@target" apart.
func splitName(name string) (element, kind, target string, ok bool) {
	element, kind, ok = strings.Cut(name, "/")
	if !ok || !kinds[element] {
		return "", "", "", false
	}
	kind, target, _ = strings.Cut(kind, "@")
	return element, kind, target, true
}

// isName reports whether s may be an XML id (NCName), in ASCII.
func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r != '-' && r != '.' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != "" && utf8.RuneCountInString(s) < 200
}
