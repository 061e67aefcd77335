package tmx

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xmlscan"
)

// The flavors of inline codes.
const (
	Plain  = ""       // bpt, ept, ph and it with their original data
	OmegaT = "omegat" // with OmegaT's own short tags as data, which it matches by
)

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
	n      int
}

// NewEncoder begins a file.
func NewEncoder(w io.Writer, h Header) (*Encoder, error) {
	if h.Flavor != Plain && h.Flavor != OmegaT {
		return nil, fmt.Errorf("unknown TMX flavor %q: want %q or none", h.Flavor, OmegaT)
	}
	e := &Encoder{out: bufio.NewWriterSize(w, 1<<16), flavor: h.Flavor}
	source := h.SourceLocale
	if source == "" {
		source = "*all*"
	}
	e.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<tmx version="1.4">` + "\n" +
		`<header creationtool="hexapla" creationtoolversion="1" segtype="sentence" o-tmf="hexapla" adminlang="en" srclang="`)
	e.attr(source)
	e.raw(`" datatype="unknown"`)
	e.change("creation", h.Author, h.Time)
	e.raw("/>\n<body>\n")
	return e, nil
}

// Write adds an entry. An error of the writer under it shows at Close at the latest.
func (e *Encoder) Write(n bitext.Entry) error {
	e.n++
	e.raw("<tu>")
	for _, p := range n.Props {
		e.prop(p.Name, p.Value)
	}
	e.raw(`<tuv xml:lang="`)
	e.attr(n.SourceLocale)
	e.raw(`"><seg>`)
	numbers := numberCodes(n.Source)
	e.seg(n.Source, numbers)
	e.raw(`</seg></tuv>` + "\n" + `<tuv xml:lang="`)
	e.attr(n.TargetLocale)
	e.raw(`"`)
	e.change("change", n.Origin.Name, n.Origin.Time)
	e.raw(">")
	e.prop(propState, n.State.String())
	for _, p := range []bitext.Prop{
		{Name: propSubState, Value: n.SubState}, {Name: propOrigin, Value: string(n.Origin.Kind)}, {Name: propTerms, Value: n.Origin.Terms},
		{Name: propPrev, Value: n.Prev}, {Name: propNext, Value: n.Next}, {Name: propPlace, Value: n.Place},
	} {
		if p.Value != "" {
			e.prop(p.Name, p.Value)
		}
	}
	e.raw("<seg>")
	e.seg(n.Target, numbers)
	e.raw("</seg></tuv></tu>\n")
	// A bufio.Writer's error stays; asking for it costs nothing.
	_, err := e.out.Write(nil)
	return err
}

// Close ends the file. It does not close the writer under it.
func (e *Encoder) Close() error {
	e.raw("</body>\n</tmx>\n")
	return e.out.Flush()
}

func (e *Encoder) raw(s string) { _, _ = e.out.WriteString(s) }

func (e *Encoder) change(what, by string, at time.Time) {
	if !at.IsZero() {
		e.raw(" " + what + `date="` + at.UTC().Format("20060102T150405Z") + `"`)
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
		e.text(value)
		e.raw("</note>")
		return
	}
	e.raw(`<prop type="`)
	e.attr(name)
	e.raw(`">`)
	e.text(value)
	e.raw("</prop>")
}

// numberCodes gives each code of a source its number, from 1 in order of appearance.
func numberCodes(t bitext.Text) map[string]int {
	n := map[string]int{}
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = len(n) + 1
		}
	}
	return n
}

// seg writes a text with its codes: pairs as bpt and ept, what has lost its
// partner as it, the others as ph.
func (e *Encoder) seg(t bitext.Text, numbers map[string]int) {
	starts, ends := map[string]bool{}, map[string]bool{}
	for _, c := range t.Codes {
		switch c.Kind {
		case bitext.Start:
			starts[c.ID] = true
		case bitext.End:
			if starts[c.ID] {
				ends[c.ID] = true
			}
		}
	}
	for p := range t.Pieces() {
		if p.Code == nil {
			e.segText(p.Chars)
			continue
		}
		c := p.Code
		n, ok := numbers[c.ID]
		if !ok {
			n = len(numbers) + 1
			numbers[c.ID] = n
		}
		num := strconv.Itoa(n)
		name, attrs := "ph", ` x="`+num+`"`
		switch {
		case c.Kind == bitext.Start && ends[c.ID]:
			name, attrs = "bpt", ` i="`+num+`" x="`+num+`"`
		case c.Kind == bitext.End && ends[c.ID]:
			name, attrs = "ept", ` i="`+num+`"`
		case c.Kind == bitext.Start:
			name, attrs = "it", ` pos="begin" x="`+num+`"`
		case c.Kind == bitext.End:
			name, attrs = "it", ` pos="end" x="`+num+`"`
		}
		e.raw("<" + name + attrs)
		if c.Type != "" && name != "ept" {
			e.raw(` type="`)
			e.attr(c.Type)
			e.raw(`"`)
		}
		e.raw(">")
		e.text(e.data(c, n))
		e.raw("</" + name + ">")
	}
}

// data is what stands inside a code's element. OmegaT shows and matches short
// tags, numbered from 0: <f0>…</f0>, <f1/>.
func (e *Encoder) data(c *bitext.Code, n int) string {
	if e.flavor != OmegaT {
		return c.Data
	}
	num := strconv.Itoa(n - 1)
	switch c.Kind {
	case bitext.Start:
		return "<f" + num + ">"
	case bitext.End:
		return "</f" + num + ">"
	}
	return "<f" + num + "/>"
}

// segText writes characters, with those that XML forbids as codes.
func (e *Encoder) segText(s string) {
	for s != "" {
		i := strings.IndexFunc(s, func(r rune) bool { return !xmlscan.IsChar(r) })
		if i < 0 {
			e.text(s)
			return
		}
		e.text(s[:i])
		for _, r := range s[i:] {
			e.raw(`<ph type="` + charType + `">` + strconv.FormatInt(int64(r), 16) + `</ph>`)
			s = s[i+len(string(r)):]
			break
		}
	}
}

var (
	textEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	attrEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
)

// text and attr write what has no place for codes; there a character that XML
// forbids becomes U+FFFD, as Unicode advises for what cannot be shown.
func (e *Encoder) text(s string) { _, _ = textEscapes.WriteString(e.out, clean(s)) }
func (e *Encoder) attr(s string) { _, _ = attrEscapes.WriteString(e.out, clean(s)) }

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !xmlscan.IsChar(r) {
			return '\ufffd'
		}
		return r
	}, s)
}
