package tmx

import (
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// identify gives codes their IDs: by x, which tells the same code in source and
// target, and without it bpt and ept by i and the others by their order. An End
// gets the type of its Start.
func (s *segment) identify() {
	count := map[string]int{}
	alone := func(e element, prefix string) string {
		if e.x != "" {
			if prefix != "" && slices.ContainsFunc(s.elems, func(o element) bool { return o.x == e.x && o.name != e.name && o.name == "bpt" }) {
				return prefix + "x" + e.x // x of its own for each kind of element
			}
			return e.x
		}
		count[prefix]++
		return prefix + strconv.Itoa(count[prefix])
	}
	type start struct {
		i  string
		at int
	}
	var open []start
	for n := range s.text.Codes {
		c, e := &s.text.Codes[n], s.elems[n]
		switch {
		case e.name == "bpt":
			if c.ID = e.x; c.ID == "" {
				c.ID = "i" + e.i
			}
			open = append(open, start{e.i, n})
		case e.name == "hi" && c.Kind == bitext.Start:
			c.ID = alone(e, "h")
			open = append(open, start{"hi", n})
		case e.name == "it":
			c.ID = alone(e, "n")
		case e.name == "ph":
			c.ID = alone(e, "p")
		default: // ept, and the end of hi
			i := e.i
			if e.name == "hi" {
				i = "hi"
			}
			c.ID = "i" + i
			for k, o := range slices.Backward(open) {
				if o.i == i {
					b := &s.text.Codes[o.at]
					c.ID, c.Type, c.SubType = b.ID, b.Type, b.SubType
					open = slices.Delete(open, k, k+1)
					break
				}
			}
		}
	}
}

// finish makes a text of what a seg and its tuv's own props say.
func (s *segment) finish(f *File, v *Variant) bitext.Text {
	s.identify()
	for i, p := range v.Props {
		if p.Name == propCodes {
			if codes, ok := extras(s.text.Codes, unquote(p.Value)); ok {
				s.text.Codes = codes
				v.Props = slices.Delete(v.Props, i, i+1)
				return s.text
			}
		}
	}
	if f.isOmegaT() {
		s.text = fromShort(s.text)
	}
	return s.text
}

// codeExtras is what a tuv's prop x-hexapla:codes has for each code: all but
// place, kind and, where the element has it right, data. Its strings are quoted
// where they hold what JSON and XML cannot.
type codeExtras = exchange.CodeJSON

// mapStrings returns a code with f of each of its strings but its data.
func mapStrings(c bitext.Code, f func(string) string) bitext.Code {
	c.ID, c.Equiv, c.Disp, c.Type, c.SubType = f(c.ID), f(c.Equiv), f(c.Disp), f(c.Type), f(c.SubType)
	if c.Subflows != nil {
		all := make([]string, len(c.Subflows))
		for i, s := range c.Subflows {
			all[i] = f(s)
		}
		c.Subflows = all
	}
	return c
}

// extrasOf is the prop's value for codes, of which decoding alone would give
// plain; it is empty if that is the same.
func extrasOf(codes, plain []bitext.Code) string {
	if len(codes) == 0 || reflect.DeepEqual(codes, plain) {
		return ""
	}
	all := make([]codeExtras, len(codes))
	for i, c := range codes {
		all[i] = exchange.NewCodeJSON(mapStrings(c, quote))
		if c.Data != plain[i].Data {
			data := quote(c.Data)
			all[i].Data = &data
		}
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic(err) // strings and flags always marshal
	}
	return string(b)
}

// extras is extrasOf backwards; it fails if the value does not fit the codes, as
// when a tool has changed the segment and kept the prop.
func extras(codes []bitext.Code, value string) ([]bitext.Code, bool) {
	var all []codeExtras
	if json.Unmarshal([]byte(value), &all) != nil || len(all) != len(codes) {
		return nil, false
	}
	out := make([]bitext.Code, len(codes))
	for i, e := range all {
		if e.Data != nil {
			*e.Data = unquote(*e.Data)
		}
		out[i] = mapStrings(e.Code(codes[i]), unquote)
	}
	return out, true
}

// numberCodes gives each code of a source its number, from 1 in order of appearance.
func numberCodes(t bitext.Text) map[string]int {
	n := map[string]int{}
	addNumbers(n, t)
	return n
}

func addNumbers(n map[string]int, t bitext.Text) {
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = len(n) + 1
		}
	}
}

// pairs gives for each code that begins or ends a span the place of its partner
// in the same text, -1 if it has none there.
func pairs(t bitext.Text) []int {
	p := make([]int, len(t.Codes))
	open := map[string][]int{}
	for i := range t.Codes {
		p[i] = -1
		switch c := &t.Codes[i]; c.Kind {
		case bitext.Start:
			open[c.ID] = append(open[c.ID], i)
		case bitext.End:
			if o := open[c.ID]; len(o) > 0 {
				last := o[len(o)-1]
				p[i], p[last] = last, i
				open[c.ID] = o[:len(o)-1]
			}
		}
	}
	return p
}

// elements chooses the element for each code: pairs as bpt and ept, what has lost
// its partner as it, the others as ph. Data is what decoding will find.
func elements(t bitext.Text, numbers map[string]int) segment {
	s := segment{text: bitext.Text{Chars: t.Chars, Codes: make([]bitext.Code, len(t.Codes))}, elems: make([]element, len(t.Codes))}
	partner := pairs(t)
	used := 0
	for i := range t.Codes {
		c := &t.Codes[i]
		x := strconv.Itoa(numbers[c.ID])
		e := element{name: "ph", x: x}
		switch {
		case c.Kind == bitext.Placeholder:
		case partner[i] < 0:
			e.name = "it"
		case c.Kind == bitext.Start:
			used++
			e.name, e.i = "bpt", strconv.Itoa(used)
		default:
			e = element{name: "ept", i: s.elems[partner[i]].i}
		}
		s.elems[i] = e
		out := bitext.Code{Pos: c.Pos, Kind: c.Kind}
		if e.name != "ept" && holds(c.Type) {
			out.Type, out.SubType = typeOf(typeName(c))
		}
		if holds(c.Data) {
			out.Data = c.Data
		}
		s.text.Codes[i] = out
	}
	return s
}

// hexChar is the content of a ph of type x-hexapla:char, and unhex takes it back.
func hexChar(raw string) string { return strings.ToUpper(hex.EncodeToString([]byte(raw))) }

func unhex(data []byte) ([]byte, bool) {
	if len(data) == 0 || len(data) > 8 {
		return nil, false
	}
	b, err := hex.DecodeString(string(data))
	return b, err == nil
}
