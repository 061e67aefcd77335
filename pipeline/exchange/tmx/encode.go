package tmx

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xmlscan"
)

// The flavors of inline codes. Plain keeps everything. OmegaT is for a project's tm
// folder: the file says that OmegaT made it, and segments are as OmegaT cuts and
// tags those of an XLIFF 1.2 file, so that it finds them as exact matches.
const (
	Plain  = ""
	OmegaT = "omegat"
)

// ownTool is the creationtool of the files that are written here.
const ownTool = "hexapla"

// Header says what a file is. Time may be zero.
type Header struct {
	SourceLocale string // "*all*" when empty
	Author       string
	Time         time.Time
	Flavor       string
}

// Encoder writes entries as translation units, one each.
type Encoder struct {
	out    *bufio.Writer
	flavor string
	source string
}

// NewEncoder begins a file.
func NewEncoder(w io.Writer, h Header) (*Encoder, error) {
	if h.Flavor != Plain && h.Flavor != OmegaT {
		return nil, fmt.Errorf("unknown TMX flavor %q: want %q or none", h.Flavor, OmegaT)
	}
	e := &Encoder{out: bufio.NewWriterSize(w, 1<<16), flavor: h.Flavor, source: h.SourceLocale}
	if e.source == "" {
		e.source = "*all*"
	}
	tool, memory := ownTool, "hexapla"
	if e.flavor == OmegaT {
		// OmegaT takes short tags for its own only in files of its own.
		tool, memory = "OmegaT", "OmegaT TMX"
	}
	e.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<tmx version="1.4">` + "\n" +
		`<header creationtool="` + tool + `" creationtoolversion="1" segtype="sentence" o-tmf="` + memory + `" adminlang="en" srclang="`)
	e.attr(e.source)
	e.raw(`" datatype="unknown"`)
	e.change("creation", h.Author, h.Time)
	e.raw("/>\n<body>\n")
	return e, nil
}

// Write adds an entry. An error of the writer under it shows at Close at the latest.
func (e *Encoder) Write(n bitext.Entry) error {
	e.raw("<tu")
	ofUnit, ofSource, ofTarget := named(n.Props, attrOfTU), named(n.Props, attrOfSource), named(n.Props, attrOfTarget)
	e.attrs(n.Props, ofUnit)
	if n.SourceLocale != e.source && e.source != "*all*" {
		e.raw(` srclang="`)
		e.attr(n.SourceLocale)
		e.raw(`"`)
	}
	e.raw(">")
	for i, p := range n.Props {
		if !ofUnit[i] && !ofSource[i] && !ofTarget[i] {
			e.prop(p.Name, p.Value)
		}
	}
	numbers := numberCodes(n.Source)
	addNumbers(numbers, n.Target)
	short := e.short(&n)
	e.raw(`<tuv xml:lang="`)
	e.attr(n.SourceLocale)
	e.raw(`"`)
	e.attrs(n.Props, ofSource)
	e.raw(">")
	e.text(n.Source, numbers, short, false)
	e.raw("</tuv>\n" + `<tuv xml:lang="`)
	e.attr(n.TargetLocale)
	e.raw(`"`)
	e.attrs(n.Props, ofTarget)
	e.change("change", n.Origin.Name, n.Origin.Time)
	e.raw(">")
	if !holds(n.Origin.Name) {
		e.prop(propName, quote(n.Origin.Name))
	}
	e.prop(propState, n.State.String())
	if n.Origin.Kind != bitext.FromImport {
		e.prop(propOrigin, quote(string(n.Origin.Kind)))
	}
	for _, p := range []bitext.Prop{{Name: propSubState, Value: n.SubState}, {Name: propTerms, Value: n.Origin.Terms},
		{Name: propPrev, Value: n.Prev}, {Name: propNext, Value: n.Next}, {Name: propPlace, Value: n.Place}} {
		if p.Value != "" {
			e.prop(p.Name, quote(p.Value))
		}
	}
	e.text(n.Target, numbers, short, true)
	e.raw("</tuv></tu>\n")
	// A bufio.Writer's error stays; asking for it costs nothing.
	_, err := e.out.Write(nil)
	return err
}

// Close ends the file. It does not close the writer under it.
func (e *Encoder) Close() error {
	e.raw("</body>\n</tmx>\n")
	return e.out.Flush()
}

// The attributes that TMX 1.4 has, but for those that are written from other fields.
var (
	targetAttrs = []string{"o-encoding", "datatype", "usagecount", "lastusagedate", "creationtool", "creationtoolversion", "creationdate", "creationid", "o-tmf"}
	sourceAttrs = append([]string{"changedate", "changeid"}, targetAttrs...)
	unitAttrs   = append([]string{"tuid", "segtype"}, sourceAttrs...)
	segTypes    = []string{"block", "paragraph", "sentence", "phrase"}
)

// named says which props are attributes of one element: known ones, each once.
func named(props []bitext.Prop, prefix string) []bool {
	if len(props) == 0 {
		return nil
	}
	known := map[string][]string{attrOfTU: unitAttrs, attrOfSource: sourceAttrs, attrOfTarget: targetAttrs}[prefix]
	out := make([]bool, len(props))
	var names []string
	for i, p := range props {
		name, ok := strings.CutPrefix(p.Name, prefix)
		if !ok || !slices.Contains(known, name) || slices.Contains(names, name) || !holds(p.Value) ||
			name == "segtype" && !slices.Contains(segTypes, p.Value) {
			continue
		}
		names = append(names, name)
		out[i] = true
	}
	return out
}

// attrs writes the attributes among props.
func (e *Encoder) attrs(props []bitext.Prop, is []bool) {
	for i, p := range props {
		if is[i] {
			e.raw(" " + p.Name[strings.IndexByte(p.Name, '@')+1:] + `="`)
			e.attr(p.Value)
			e.raw(`"`)
		}
	}
}

func (e *Encoder) raw(s string) { _, _ = e.out.WriteString(s) }

func (e *Encoder) change(what, by string, at time.Time) {
	if at = at.UTC(); !at.IsZero() && at.Year() >= 0 && at.Year() <= 9999 {
		e.raw(" " + what + `date="` + at.Format(dateForm) + `"`)
	}
	if by != "" {
		e.raw(" " + what + `id="`)
		e.attr(by)
		e.raw(`"`)
	}
}

func (e *Encoder) prop(name, value string) {
	if name == "note" {
		e.raw("<note>")
		e.escape(value, textEscapes)
		e.raw("</note>")
		return
	}
	e.raw(`<prop type="`)
	e.attr(name)
	e.raw(`">`)
	e.escape(value, textEscapes)
	e.raw("</prop>")
}

// text writes a tuv's own prop for codes, if it needs one, and its seg.
func (e *Encoder) text(t bitext.Text, numbers map[string]int, short *shortTags, isTarget bool) {
	if len(t.Codes) == 0 && short == nil && holds(t.Chars) {
		e.raw("<seg>")
		e.escape(t.Chars, textEscapes)
		e.raw("</seg>")
		return
	}
	if short != nil {
		e.raw("<seg>")
		e.shortSeg(short.cut(t, isTarget), numbers, short)
		e.raw("</seg>")
		return
	}
	s := elements(t, numbers)
	s.identify()
	if x := extrasOf(t.Codes, s.text.Codes); x != "" {
		e.prop(propCodes, quote(x))
	}
	e.raw("<seg>")
	i := 0
	for p := range s.text.Pieces() {
		if p.Code == nil {
			e.chars(p.Chars)
			continue
		}
		e.element(&s.elems[i], p.Code, p.Code.Data)
		i++
	}
	e.raw("</seg>")
}

// element writes one inline element with its content.
func (e *Encoder) element(el *element, c *bitext.Code, data string) {
	e.raw("<" + el.name)
	if el.i != "" {
		e.raw(` i="` + el.i + `"`)
	}
	if el.name == "it" {
		if c.Kind == bitext.End {
			e.raw(` pos="end"`)
		} else {
			e.raw(` pos="begin"`)
		}
	}
	if el.x != "" {
		e.raw(` x="` + el.x + `"`)
	}
	if typ := typeName(c); typ != "" && el.name != "ept" {
		e.raw(` type="`)
		e.attr(typ)
		e.raw(`"`)
	}
	e.raw(">")
	e.escape(data, textEscapes)
	e.raw("</" + el.name + ">")
}

// chars writes a seg's characters, with those that XML forbids as codes.
func (e *Encoder) chars(s string) {
	for from := 0; from < len(s); {
		to, size := from, 0
		for to < len(s) {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[to:]); !xmlscan.IsChar(r) || r == utf8.RuneError && size == 1 {
				break
			}
			to += size
			size = 0
		}
		e.escape(s[from:to], textEscapes)
		if size > 0 {
			e.raw(`<ph type="` + charType + `">` + hexChar(s[to:to+size]) + `</ph>`)
		}
		from = to + size
	}
}

// escapes gives what stands for a byte, empty for the byte itself.
type escapes [256]string

var (
	textEscapes = &escapes{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#13;"}
	attrEscapes = &escapes{'&': "&amp;", '<': "&lt;", '"': "&quot;", '\t': "&#9;", '\n': "&#10;", '\r': "&#13;"}
)

// escape writes what has no place for codes; there a character that XML forbids
// becomes U+FFFD, as Unicode advises for what cannot be shown.
func (e *Encoder) escape(s string, by *escapes) {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f && by[c] == "" {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		with := by[c]
		if with == "" {
			switch {
			case r >= 0x7f && r < 0xa0: // a terminal would obey it
				with = fmt.Sprintf("&#%d;", r)
			case xmlscan.IsChar(r) && (r != utf8.RuneError || size > 1):
				i += size
				continue
			default:
				with = "\uFFFD"
			}
		}
		e.raw(s[from:i])
		e.raw(with)
		i += size
		from = i
	}
	e.raw(s[from:])
}

func (e *Encoder) attr(s string) { e.escape(s, attrEscapes) }
