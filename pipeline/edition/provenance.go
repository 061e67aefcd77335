package edition

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// appendProvenance appends the text that encoding/json gives of a segment, with each
// line but the first after prefix and an indentation of two spaces. A manifest has very
// many segments: this takes a tenth of the time.
func appendProvenance(b []byte, p *Provenance, prefix string) ([]byte, error) {
	o := objectWriter{b: b, prefix: prefix + "  "}
	o.begin()
	o.text("unit", p.Unit)
	o.text("segment", p.Segment)
	o.text("state", p.State.String())
	o.optional("subState", p.SubState)
	if p.Match != bitext.NoMatch {
		o.text("match", p.Match.String())
	}
	if p.Origin != (bitext.Origin{}) {
		o.origin(&p.Origin)
	}
	o.optional("standIn", p.StandIn)
	o.optional("translator", p.Translator)
	o.optional("reviewer", p.Reviewer)
	o.end(prefix)
	return o.b, o.err
}

// objectWriter writes the fields of an object of JSON, one a line.
type objectWriter struct {
	b      []byte
	prefix string // of a line with a field
	fields int
	err    error
}

func (o *objectWriter) begin() { o.b = append(o.b, '{') }

func (o *objectWriter) end(prefix string) {
	if o.fields > 0 {
		o.b = append(append(o.b, '\n'), prefix...)
	}
	o.b = append(o.b, '}')
}

// name begins a field.
func (o *objectWriter) name(name string) {
	if o.fields++; o.fields > 1 {
		o.b = append(o.b, ',')
	}
	o.b = append(append(o.b, '\n'), o.prefix...)
	o.b = append(append(append(o.b, '"'), name...), `": `...)
}

func (o *objectWriter) text(name, value string) {
	o.name(name)
	if isPlain(value) {
		o.b = append(append(append(o.b, '"'), value...), '"')
		return
	}
	o.value(value)
}

// optional is text for a field that is left out if it is empty.
func (o *objectWriter) optional(name, value string) {
	if value != "" {
		o.text(name, value)
	}
}

// time writes a field with a time.
func (o *objectWriter) time(name string, t time.Time) {
	o.name(name)
	b, err := t.AppendText(append(o.b, '"')) // the text that its MarshalJSON puts in quotation marks
	if err != nil {
		o.value(t)
		return
	}
	o.b = append(b, '"')
}

// value writes a value as encoding/json does.
func (o *objectWriter) value(v any) {
	data, err := encodeJSON(v, o.prefix)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.b = append(o.b, strings.TrimSuffix(string(data), "\n")...)
}

// origin writes the field of an origin.
func (o *objectWriter) origin(origin *bitext.Origin) {
	o.name("origin")
	in := objectWriter{b: o.b, prefix: o.prefix + "  "}
	in.begin()
	in.optional("kind", string(origin.Kind))
	in.optional("name", origin.Name)
	if !origin.Time.IsZero() {
		in.time("time", origin.Time)
	}
	if origin.Entry != 0 {
		in.name("entry")
		in.b = strconv.AppendInt(in.b, origin.Entry, 10)
	}
	in.optional("terms", origin.Terms)
	in.optional("translator", origin.Translator)
	in.end(o.prefix)
	o.b = in.b
	if o.err == nil {
		o.err = in.err
	}
}

// isPlain reports whether a text stands in JSON as it is.
func isPlain(s string) bool {
	ascii := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	// Two line ends of Unicode are escaped, because JavaScript has them.
	return ascii || utf8.ValidString(s) && !strings.ContainsAny(s, "\u2028\u2029")
}
