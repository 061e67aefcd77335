package tbx

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Limits on what a file may make us hold at once.
const (
	maxToken = 8 << 20 // bytes of one tag or one run of text
	maxDepth = 64
)

// Decode reads a TBX file of either version, one of TBX-Min, or MultiTerm XML, as it
// comes. A document type
// declaration is passed over and never loaded; one with declarations of its own,
// an entity that is not XML's, a tag or text of more than 8 MB and elements nested
// more than 64 deep end the reading with an error. Concepts read until then are
// returned. path is for the findings' places.
func Decode(path string, r io.Reader) (*glossary.Glossary, []diag.Diagnostic) {
	in := &budget{r: transform.NewReader(r, unicode.BOMOverride(transform.Nop))}
	d := &decoder{path: path, in: in, xml: xml.NewDecoder(in), g: &glossary.Glossary{}, ids: map[string]int{}}
	d.xml.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if l := strings.ToLower(label); strings.HasPrefix(l, "utf-16") || l == "utf-8" {
			return input, nil // the byte order mark has said so already
		}
		return charset.NewReaderLabel(label, input)
	}
	if err := d.file(); err != nil {
		line, col := d.xml.InputPos()
		var syntax *xml.SyntaxError
		var root rootError
		switch {
		case errors.As(err, &root):
			d.addDiagnostic(diag.Error, "tbx.syntax", line, col, "", "no TBX file: the root element is %s, not tbx or martif", diag.Arg("root", string(root)))
		case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
			d.addDiagnostic(diag.Error, "tbx.syntax", line, col, "", "the file ends in the middle")
		case errors.As(err, &syntax):
			d.addDiagnostic(diag.Error, "tbx.syntax", line, col, "", "%v", diag.Arg("error", syntax.Msg))
		default:
			d.addDiagnostic(diag.Error, "tbx.syntax", line, col, "", "%v", diag.Arg("error", err))
		}
	}
	for i := range d.g.Concepts {
		assignDefaultStatus(&d.g.Concepts[i], d.unset[i])
	}
	d.ds = append(d.ds, d.g.Lint()...)
	diag.Sort(d.ds)
	return d.g, d.ds
}

// rootError is the name of a root element that no termbase has.
type rootError string

func (e rootError) Error() string { return "no TBX file: the root element is " + string(e) }

// budget fails a reading that takes too much for one token.
type budget struct {
	r    io.Reader
	left int
}

var errTooLong = errors.New("a tag or text of more than 8 MB")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

type decoder struct {
	path  string
	in    *budget
	xml   *xml.Decoder
	g     *glossary.Glossary
	ds    []diag.Diagnostic
	ids   map[string]int
	unset []map[int]bool // concept → terms without a status
	depth int
	flat  bool // told of inline markup
	mtf   bool // MultiTerm XML
}

func (d *decoder) addDiagnostic(sev diag.Severity, id string, line, col int, hint, format string, args ...any) {
	d.ds = append(d.ds, diag.Diagnostic{
		ID: id, Severity: sev, Place: diag.Place{Path: d.path, Line: line, Column: col}, Hint: hint,
	}.Messagef(format, args...))
}

// next gives the next start or end tag or text.
func (d *decoder) next() (xml.Token, error) {
	for {
		d.in.left = maxToken
		t, err := d.xml.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.Directive:
			if strings.ContainsRune(string(t), '[') {
				return nil, errors.New("a document type with declarations of its own, which is not read")
			}
		case xml.StartElement:
			if d.depth++; d.depth > maxDepth {
				return nil, fmt.Errorf("elements nested more than %d deep", maxDepth)
			}
			return t, nil
		case xml.EndElement:
			d.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		}
	}
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func (d *decoder) file() error {
	root := false
	for {
		t, err := d.next()
		if err == io.EOF {
			if !root {
				return errors.New("no TBX file: there is no element tbx or martif")
			}
			return nil
		}
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "tbx", "martif", "TBX", "mtf":
			root, d.mtf = true, e.Name.Local == "mtf"
		case "conceptEntry", "termEntry", "entry", "conceptGrp":
			if !root {
				return rootError(e.Name.Local)
			}
			if err := d.concept(e); err != nil {
				return err
			}
		case "text", "body":
		default:
			if !root {
				return rootError(e.Name.Local)
			}
			if err := d.skip(); err != nil { // header and back matter
				return err
			}
		}
	}
}

// skip passes over the rest of an element.
func (d *decoder) skip() error {
	for depth := d.depth; d.depth >= depth; {
		if _, err := d.next(); err != nil {
			return unexpected(err)
		}
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return errors.New("the file ends in the middle")
	}
	return err
}

// text is the characters of an element, those of inline elements in it included.
func (d *decoder) text() (string, error) {
	var b strings.Builder
	for depth := d.depth; d.depth >= depth; {
		t, err := d.next()
		if err != nil {
			return "", unexpected(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			if b.Len()+len(t) > maxToken {
				return "", errTooLong
			}
			b.Write(t)
		case xml.StartElement:
			if !d.flat {
				d.flat = true
				line, col := d.xml.InputPos()
				d.addDiagnostic(diag.Info, "tbx.inline", line, col, "", "markup inside a text (%s) is left out, its characters kept", diag.Arg("element", t.Name.Local))
			}
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// children calls f for each element inside the current one.
func (d *decoder) children(f func(xml.StartElement) error) error {
	for depth := d.depth; d.depth >= depth; {
		t, err := d.next()
		if err != nil {
			return unexpected(err)
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *decoder) concept(e xml.StartElement) error {
	line, col := d.xml.InputPos()
	c := glossary.Concept{ID: attribute(e, "id")}
	unset := map[int]bool{}
	var props []bitext.Prop
	err := d.children(func(e xml.StartElement) (err error) {
		switch {
		case e.Name.Local == "langSec", e.Name.Local == "langSet", e.Name.Local == "langGroup":
			locale, ok := d.locale(attribute(e, "lang"), "")
			if !ok {
				return d.skip()
			}
			return d.language(locale, &c, unset)
		case d.mtf && e.Name.Local == "languageGrp":
			return d.language("", &c, unset)
		case d.mtf && e.Name.Local == "concept":
			c.ID, err = d.text()
			return err
		}
		return d.remark(e, &props, false)
	})
	if err != nil {
		return err
	}
	for _, p := range props {
		switch id, ours := strings.CutPrefix(p.Value, markID); {
		case p.Name == "note/" && ours:
			c.ID = id
		case p.Name == "note/":
			c.Notes = append(c.Notes, p.Value)
		case p.Name == "descrip/definition" && c.Definition == "" && len(c.Props) == 0:
			c.Definition = p.Value
		default:
			c.Props = append(c.Props, p)
		}
	}
	if len(c.Terms) == 0 {
		d.addDiagnostic(diag.Warning, "tbx.empty", line, col, "", "concept %s has no terms and is left out", diag.Arg("id", c.ID))
		return nil
	}
	if c.ID == "" {
		c.ID = c.Terms[0].Text
	}
	if n, taken := d.ids[c.ID]; taken {
		old := c.ID
		for taken {
			n++
			c.ID = fmt.Sprintf("%s.%d", old, n)
			_, taken = d.ids[c.ID]
		}
		d.ids[old] = n
		d.addDiagnostic(diag.Warning, "tbx.id", line, col, "give each concept an id of its own", "there is a concept %s already; this one is called %s", diag.Arg("otherConcept", old), diag.Arg("id", c.ID))
	}
	d.ids[c.ID] = 1
	d.g.Concepts = append(d.g.Concepts, c)
	d.unset = append(d.unset, unset)
	return nil
}

// locale returns the locale that a file names by a tag. Where the tag is none, a language
// is known by its name, as MultiTerm has it.
func (d *decoder) locale(lang, name string) (locale string, ok bool) {
	if lang == multilingual {
		return glossary.AnyLocale, true
	}
	locale, err := tag.Canonical(lang)
	if err != nil {
		locale = locales.LanguageNamed(name)
	}
	if locale == "" {
		line, col := d.xml.InputPos()
		d.addDiagnostic(diag.Error, "tbx.locale", line, col, "write a tag such as ru or sr-Latn", "terms skipped: %q is not a BCP 47 language tag", diag.Arg("language", cmp.Or(lang, name)))
	}
	return locale, locale != ""
}

// language reads the terms of one language. In MultiTerm XML an element inside names it.
func (d *decoder) language(locale string, c *glossary.Concept, unset map[int]bool) error {
	first := len(c.Terms)
	var props []bitext.Prop
	err := d.children(func(e xml.StartElement) error {
		switch name := e.Name.Local; {
		case d.mtf && name == "language":
			locale, _ = d.locale(attribute(e, "lang"), attribute(e, "type"))
			return d.skip()
		case locale == "":
			return d.skip()
		case name == "termSec", name == "tig", name == "ntig", name == "termGroup", d.mtf && name == "termGrp":
			return d.term(locale, c, unset)
		}
		return d.remark(e, &props, false)
	})
	if err == nil && len(c.Terms) > first && len(props) > 0 {
		for i := range props {
			props[i].Name = langPrefix + props[i].Name
		}
		c.Terms[first].Props = append(props, c.Terms[first].Props...)
	}
	return err
}

func (d *decoder) term(locale string, c *glossary.Concept, unset map[int]bool) error {
	t := glossary.Term{Locale: locale}
	line, col := d.xml.InputPos()
	t.Place = diag.Place{Path: d.path, Line: line, Column: col}
	var props []bitext.Prop
	var inside func(e xml.StartElement) error
	inside = func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "term":
			t.Text, err = d.text()
			return err
		case "termGrp":
			return d.children(inside)
		}
		return d.remark(e, &props, false)
	}
	if err := d.children(inside); err != nil {
		return err
	}
	hasStatus, keep := false, false
	for _, p := range props {
		switch p.Name {
		case "termNote/administrativeStatus", "termNote/normativeAuthorization":
			status, ok := glossary.ParseStatus(p.Value)
			if !ok || hasStatus {
				if !ok && !d.mtf { // a termbase of MultiTerm has words of its own
					d.addDiagnostic(diag.Warning, "tbx.status", line, col, "", "unknown administrative status %q; the term counts as admitted", diag.Arg("value", p.Value))
					t.Status, hasStatus = glossary.Admitted, true
				}
				t.Props = append(t.Props, p)
				continue
			}
			t.Status, hasStatus = status, true
		case "termNote/partOfSpeech":
			if t.POS != "" {
				t.Props = append(t.Props, p)
			} else {
				t.POS = p.Value
			}
		case "note/":
			switch {
			case p.Value == markKeep:
				keep = true
			case p.Value == markSensitive:
				t.Case = glossary.CaseSensitive
			case p.Value == markAny:
				t.Case = glossary.CaseInsensitive
			case strings.HasPrefix(p.Value, markPOS):
				t.POS = strings.TrimPrefix(p.Value, markPOS)
			case t.Note == "":
				t.Note = p.Value
			default:
				t.Note += "\n" + p.Value
			}
		default:
			t.Props = append(t.Props, p)
		}
	}
	if t.Text == "" {
		d.addDiagnostic(diag.Warning, "tbx.term", line, col, "", "an empty term is left out")
		return nil
	}
	if keep {
		t.Status, hasStatus = glossary.DoNotTranslate, true
	}
	if locale == glossary.AnyLocale && !keep {
		d.addDiagnostic(diag.Warning, "tbx.locale", line, col, "", "a term of many languages (mul) that is not marked do-not-translate is left out: %q", diag.Arg("text", t.Text))
		return nil
	}
	if !hasStatus {
		unset[len(c.Terms)] = true
	}
	c.Terms = append(c.Terms, t)
	return nil
}

// remark reads one data category, or a group of them.
func (d *decoder) remark(e xml.StartElement, props *[]bitext.Prop, follows bool) error {
	name := e.Name.Local
	switch name {
	case "system": // what MultiTerm keeps for itself
		if d.mtf {
			return d.skip()
		}
	case "descripGrp", "adminGrp", "transacGrp", "termNoteGrp", "noteGrp":
		inside := follows
		return d.children(func(e xml.StartElement) error {
			err := d.remark(e, props, inside)
			inside = true
			return err
		})
	}
	kind, target := attribute(e, "type"), attribute(e, "target")
	if c, ok := fields[strings.ToLower(kind)]; ok && d.mtf && name == "descrip" {
		name, kind = c[0], c[1]
	} else if name == "termStatus" { // TBX-Min
		name, kind = "termNote", "administrativeStatus"
	}
	if !kinds[name] {
		// DCT: the element is the category.
		if kind == "" {
			kind = name
		}
		name = "descrip"
		if c, ok := categories[kind]; ok {
			name = c.element
		} else if isTermNote(kind) {
			name = "termNote"
		}
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	if text == "" && target == "" {
		return nil
	}
	full := name + "/" + kind
	if target != "" {
		full += "@" + target
	}
	if follows && len(*props) > 0 {
		full = "+" + full
	}
	*props = append(*props, bitext.Prop{Name: full, Value: text})
	return nil
}

// assignDefaultStatus gives the terms without a status theirs: preferred for the first of a
// locale unless another one is, admitted for the rest.
func assignDefaultStatus(c *glossary.Concept, unset map[int]bool) {
	taken := map[string]bool{}
	for i, t := range c.Terms {
		if !unset[i] && t.Status == glossary.Preferred {
			taken[t.Locale] = true
		}
	}
	for i := range c.Terms {
		t := &c.Terms[i]
		if !unset[i] {
			continue
		}
		if taken[t.Locale] {
			t.Status = glossary.Admitted
		}
		taken[t.Locale] = true
	}
}
