package html

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
)

// Assemble writes a translation into the document. With meta nil nothing but
// the units' texts changes, and the document keeps its encoding; so a nil
// translation gives the document back byte for byte. With meta the page also
// declares what it is: lang and dir, alternates, Open Graph's and JSON-LD's
// language, and the encoding it is written in.
//
// A target in another language than the edition is marked so where markup may
// stand. The document is only read. The diagnostics:
//
//   - html.control: a control character that HTML forbids was left out
//   - html.fragment: there is no html element to carry the metadata
//   - charset.unmappable: a script or style holds what the encoding has not
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	if isUndecodable(d) {
		return unchangedBytes(d), nil
	}
	sk := &d.Skeleton
	a := &assembler{doc: d, data: sk.Data, tr: tr, prefixes: f.Links, encoding: sk.Encoding, nbsp: "\u00A0"}
	bom := sk.BOM
	if meta != nil {
		a.encoding = "utf-8"
		if meta.Encoding != "" {
			a.encoding = charset.Name(meta.Encoding)
		}
		if a.encoding == "" {
			a.addDiagnostic("charset.unknown", diag.Error, "", "use a label of the WHATWG Encoding Standard", "%q is not the label of an encoding", diag.Arg("encoding", meta.Encoding))
			a.encoding = "utf-8"
		}
		a.rtl = meta.Dir == "rtl" && !meta.IsPart
	}
	if a.encoding != sk.Encoding {
		bom = strings.HasPrefix(a.encoding, "utf-16") && !bytes.HasPrefix(sk.Data, []byte("\uFEFF"))
	}
	a.has = charset.Has(a.encoding)
	for _, s := range sk.Slots {
		if s.Name == slotNBSP {
			a.nbsp = "&nbsp;"
		}
	}
	var edits []bitext.Edit
	switch {
	case meta == nil:
	case meta.IsPart:
		edits = a.partMetadata(meta)
	default:
		edits = a.blockStandIns(tr, edits)
		edits = append(edits, a.metadata(meta)...)
	}
	edits = append(edits, a.quotes(tr)...)
	edits = append(edits, a.isolateCopies(tr)...)
	out := bitext.Splicer{Encode: a.encode, Wrap: a.wrap}.Splice(d, tr, edits)
	if a.encoding == "utf-8" {
		return out, a.diags
	}
	lost := false
	encoded, err := charset.Encode(out, a.encoding, bom, func(r rune) string {
		lost = true
		return fmt.Sprintf("&#%d;", r)
	})
	if err != nil {
		a.addDiagnostic("charset.unmappable", diag.Error, "", "write the edition in UTF-8", "%s", err.Error())
		return out, a.diags
	}
	if lost {
		a.addDiagnostic("charset.unmappable", diag.Warning, "", "write the edition in UTF-8", "some characters that %s does not have are written as references, which scripts and styles do not read", diag.Arg("encoding", a.encoding))
	}
	return encoded, a.diags
}

// assembler is one run of Assemble.
type assembler struct {
	doc      *bitext.Document
	data     []byte
	encoding string
	has      func(rune) bool // whether the encoding has a character; nil for all
	nbsp     string
	rtl      bool
	diags    []diag.Diagnostic
	dropped  map[int]bool        // units of which control characters were left out
	base     *url.URL            // the source page's address, nil if it is not known
	own      map[string]bool     // addresses of the source page, by addressKey
	editions map[string]bool     // addresses of all editions of the page, by addressKey; nil if not needed yet
	standIns map[int]string      // languages of elements, by where their name ends, whose text is none of the edition's
	tr       *bitext.Translation // nil for none
	prefixes []string            // what addresses of the source's editions begin with
	marked   map[int]bool        // units whose language an element or a span around them declares
}

func (a *assembler) addDiagnostic(id string, s diag.Severity, unit, hint, format string, args ...any) {
	a.diags = append(a.diags, diag.Diagnostic{ID: id, Severity: s, Place: diag.Place{Path: a.doc.Path, Unit: unit}, Hint: hint}.Messagef(format, args...))
}

// encode appends characters as the hole's context has them.
func (a *assembler) encode(dst []byte, h *bitext.UnitSpan, chars string) []byte {
	if strings.HasPrefix(h.Context, inSrcdoc) {
		return a.encodeSrcdoc(dst, h, chars)
	}
	if strings.HasPrefix(h.Context, inJSONHTML) {
		return a.encodeJSONHTML(dst, h, chars)
	}
	if h.Context == inJSON {
		return a.json(dst, h, chars)
	}
	crlf := strings.HasSuffix(h.Context, withCRLF)
	attribute := strings.HasPrefix(h.Context, inUnquoted)
	if a.rtl && strings.HasPrefix(h.Context, inText) && !strings.HasPrefix(h.Context, inPlain) {
		return a.isolate(dst, h, chars, crlf)
	}
	return a.escape(dst, h, chars, crlf, attribute)
}

// escape appends characters as text or as an attribute's value.
func (a *assembler) escape(dst []byte, h *bitext.UnitSpan, chars string, crlf, attribute bool) []byte {
	if n := opens(dst, chars); n > 0 {
		// What stands before would make markup of the first character.
		dst = fmt.Appendf(dst, "&#%d;", chars[0])
		chars = chars[1:]
	}
	at := 0
	for i := 0; i < len(chars); {
		c := chars[i]
		if k := classes[c]; k == 0 && c != '<' && c != '>' && c != '"' && c != '\'' && c != '{' || k == classSpace {
			i++
			continue
		}
		with, n := "", 1
		switch {
		case c == '&':
			with = "&amp;"
		case c == '<':
			with = "&lt;"
		case c == '>':
			with = "&gt;"
		case c == '{':
			i += max(1, a.template(h, chars[i:]))
			continue
		case c == '"' && attribute && !strings.HasPrefix(h.Context, inSingle):
			with = "&quot;"
		case c == '\'' && attribute && !strings.HasPrefix(h.Context, inDouble):
			with = "&#39;"
		case c == '\r':
			if i+1 < len(chars) && chars[i+1] == '\n' {
				break // the line feed will do
			}
			with = "\n"
			if crlf {
				with = "\r\n"
			}
		case c == '\n' && crlf:
			with = "\r\n"
		case classes[c] == classControl:
			a.drop(h.Unit)
		case c < utf8.RuneSelf:
			i++
			continue
		default:
			var r rune
			r, n = utf8.DecodeRuneInString(chars[i:])
			switch {
			case r == utf8.RuneError && n == 1:
				i++
				continue
			case r < 0xA0:
				a.drop(h.Unit)
			case r == '\u00A0' && a.nbsp != "\u00A0":
				with = a.nbsp
			case a.has != nil && !a.has(r):
				with = fmt.Sprintf("&#%d;", r)
			default:
				i += n
				continue
			}
		}
		dst = append(dst, chars[at:i]...)
		dst = append(dst, with...)
		i += n
		at = i
	}
	return append(dst, chars[at:]...)
}

// template returns the length of the tag of a template engine (Jinja, Liquid, Handlebars)
// that chars begin with, if the source's unit has it with the same bytes: it is written as
// it stands, for no engine reads {% if a &gt; b %}. It returns 0 for any other text.
func (a *assembler) template(h *bitext.UnitSpan, chars string) int {
	if len(chars) < 4 || h.End-h.Start > maxTemplated {
		return 0
	}
	end := ""
	switch chars[1] {
	case '%':
		end = "%}"
	case '{':
		end = "}}"
	default:
		return 0
	}
	n := strings.Index(chars[:min(len(chars), maxServerTag)], end)
	if n < 0 {
		return 0
	}
	n += len(end)
	tag := chars[:n]
	if !strings.ContainsAny(tag, "<>&\"'") || unescape(tag) != tag || !bytes.Contains(a.data[h.Start:h.End], []byte(tag)) {
		return 0
	}
	for rest := tag; ; {
		_, behind, found := strings.Cut(rest, "<")
		if !found {
			return n
		}
		if opens([]byte{'<'}, behind) > 0 {
			return 0 // the source has it in an attribute; in text it would be markup
		}
		rest = behind
	}
}

// maxTemplated is the length in bytes up to which a unit's source is searched for each tag of
// a template in its translation.
const maxTemplated = 20000

// opens reports whether what dst ends with would, together with the first
// character of chars, begin a tag or a character reference that neither does
// alone: how many bytes of dst it takes.
func opens(dst []byte, chars string) int {
	if len(dst) == 0 || len(chars) == 0 {
		return 0
	}
	c := chars[0]
	if dst[len(dst)-1] == '<' {
		if isLetter(c) || c == '/' || c == '!' || c == '?' || c == '%' {
			return 1
		}
		return 0
	}
	word := func(c byte) bool { return isLetter(c) || c-'0' < 10 }
	if !word(c) && c != '#' && c != ';' && c != '=' {
		return 0
	}
	for n := 1; n <= min(len(dst), 40); n++ {
		switch d := dst[len(dst)-n]; {
		case d == '&':
			return n
		case !word(d) && d != '#':
			return 0
		}
	}
	return 0
}

// drop reports a control character that is left out, once for each unit.
func (a *assembler) drop(unit int) {
	if a.dropped[unit] {
		return
	}
	if a.dropped == nil {
		a.dropped = map[int]bool{}
	}
	a.dropped[unit] = true
	a.addDiagnostic("html.control", diag.Warning, a.doc.Units[unit].ID, "take it out of the translation", "a control character that HTML forbids was left out")
}

// json appends characters as they stand in a JSON string in a script: "<" never
// begins what could end the script or change how it is read.
func (a *assembler) json(dst []byte, h *bitext.UnitSpan, chars string) []byte {
	for i, r := range chars {
		after := byte(0)
		if len(dst) > 0 {
			after = dst[len(dst)-1]
		}
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
		case r < 0x20 || r >= 0x7F && r < 0xA0:
			a.drop(h.Unit)
		case after == '<' && (r == '/' || r == '!' || r|0x20 == 's'):
			dst = fmt.Appendf(dst, `\u%04x`, r)
		case r == '<' && i+1 == len(chars):
			dst = append(dst, `\u003c`...) // who knows what comes next
		case r == '\u2028' || r == '\u2029' || a.has != nil && r >= utf8.RuneSelf && !a.has(r):
			if r > 0xFFFF {
				r -= 0x10000
				dst = fmt.Appendf(dst, `\u%04x\u%04x`, 0xD800|r>>10, 0xDC00|r&0x3FF)
			} else {
				dst = fmt.Appendf(dst, `\u%04x`, r)
			}
		case r == utf8.RuneError:
			_, n := utf8.DecodeRuneInString(chars[i:])
			dst = append(dst, chars[i:i+n]...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// wrap marks a target that is in another language than the edition.
func (a *assembler) wrap(h *bitext.UnitSpan, t *bitext.Target) (before, after string) {
	if a.marked[h.Unit] || !strings.HasPrefix(h.Context, inText) || strings.HasPrefix(h.Context, inPlain) || !t.Text.Balanced() {
		return "", ""
	}
	return fmt.Sprintf(`<span lang="%s" dir="%s">`, attributeSafe(t.Locale), tag.Direction(t.Locale)), "</span>"
}

// hasStandIns reports whether any target is in another language than the edition's.
func hasStandIns(tr *bitext.Translation) bool {
	for _, unit := range tr.Targets {
		for i := range unit {
			if unit[i].Locale != "" {
				return true
			}
		}
	}
	return false
}

// blockStandIns marks the units whose whole text is in one language other than
// the edition's: by lang and dir of the element, so that its base direction is
// the text's own, if there is nothing else in that; else by one span around it,
// which isolates it. It returns edits with those for the spans.
func (a *assembler) blockStandIns(tr *bitext.Translation, edits []bitext.Edit) []bitext.Edit {
	if tr == nil || !hasStandIns(tr) {
		return edits
	}
	elements := map[int]int{} // where an element's name ends, by where its text begins
	for _, s := range a.doc.Skeleton.Slots {
		if s.Name == slotElement {
			elements[s.End] = s.Start
		}
	}
	a.standIns, a.marked = map[int]string{}, map[int]bool{}
	for i := range a.doc.Skeleton.Spans {
		h := &a.doc.Skeleton.Spans[i]
		locale := wholeLocale(tr, h.Unit)
		if locale == "" || !strings.HasPrefix(h.Context, inText) {
			continue
		}
		if at, ok := elements[h.Start]; ok {
			a.standIns[at], a.marked[h.Unit] = locale, true
			continue
		}
		if strings.HasPrefix(h.Context, inPlain) || !a.doc.Units[h.Unit].Source.Balanced() {
			continue
		}
		a.marked[h.Unit] = true
		edits = append(edits,
			bitext.Edit{Start: h.Start, End: h.Start, Text: fmt.Sprintf(`<span lang="%s" dir="%s">`, attributeSafe(locale), tag.Direction(locale))},
			bitext.Edit{Start: h.End, End: h.End, Text: "</span>"})
	}
	return edits
}

// wholeLocale returns the language of a unit's text if all of it is in one that
// is not the edition's, else nothing.
func wholeLocale(tr *bitext.Translation, unit int) string {
	locale := ""
	u := &tr.Document.Units[unit]
	for i := range u.Segments {
		t := &tr.Targets[unit][i]
		if u.Segments[i].Ignorable {
			continue
		}
		if !t.Filled || t.Locale == "" || locale != "" && t.Locale != locale {
			return ""
		}
		locale = t.Locale
	}
	return locale
}

// attributeSafe is s as it may stand in a double-quoted attribute.
func attributeSafe(s string) string { return attributeEscaper.Replace(s) }

var attributeEscaper = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;")

// quotes gives the edits that set quotation marks around attribute values that
// have none and, translated, need them.
func (a *assembler) quotes(tr *bitext.Translation) []bitext.Edit {
	if tr == nil {
		return nil
	}
	var out []bitext.Edit
	for i := range a.doc.Skeleton.Spans {
		h := &a.doc.Skeleton.Spans[i]
		if len(h.Context) != len(inUnquoted) || h.Context != inUnquoted {
			continue
		}
		u := &a.doc.Units[h.Unit]
		need := false
		for j := range u.Segments {
			t := &tr.Targets[h.Unit][j]
			need = need || t.Filled && !t.Text.Equal(u.Segments[j].Source)
		}
		if !need {
			continue
		}
		q := `"`
		if strings.Contains(string(a.data[h.Start:h.End]), q) {
			q = "'"
		}
		out = append(out, bitext.Edit{Start: h.Start, End: h.Start, Text: q}, bitext.Edit{Start: h.End, End: h.End, Text: q})
	}
	return out
}
