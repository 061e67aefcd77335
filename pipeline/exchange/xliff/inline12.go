package xliff

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// inline12 writes a text with its codes. What an inline element of 1.2 cannot say
// of a code is added to own, once for a code that seen does not have; both may be
// nil.
func (o *out) inline12(t bitext.Text, own *props, seen map[string]bool) {
	if len(t.Codes) == 0 {
		o.chars12(t.Chars, new(int))
		return
	}
	pairs := pairs(t)
	rids := map[string]int{}
	controls := 0
	i := -1
	for p := range t.Pieces() {
		if p.Code == nil {
			o.chars12(p.Chars, &controls)
			continue
		}
		i++
		c := p.Code
		ctype, complete := ctype12(c)
		name := "ph"
		var extra string
		switch {
		case c.Kind == bitext.Placeholder:
		case pairs[i] < 0:
			name = "it"
			extra = ` pos="open"`
			if c.Kind == bitext.End {
				extra = ` pos="close"`
			}
		case c.Kind == bitext.Start:
			name = "bpt"
		default:
			name, ctype = "ept", ""
			start := &t.Codes[pairs[i]]
			complete = start.Type == c.Type && start.SubType == c.SubType
		}
		if c.Data == "" { // elements that hold no markup
			switch {
			case c.Kind == bitext.Placeholder:
				name = "x"
			case pairs[i] >= 0 && t.Codes[min(i, pairs[i])].Data == "" && t.Codes[max(i, pairs[i])].Data == "":
				name = "bx"
				if c.Kind == bitext.End {
					name = "ex"
				}
			}
		}
		o.writeStrings("<", name)
		o.attr("id", c.ID)
		o.writeStrings(extra)
		if name != "ph" && name != "x" {
			// A rid pairs bpt and ept, so a copy needs one of its own.
			rid := nmtoken(c.ID)
			key := name + rid
			rids[key]++
			if n := rids[key]; n > 1 {
				rid += "." + strconv.Itoa(n)
			}
			o.attr("rid", rid)
		}
		if name != "ex" {
			o.attrIfSet("ctype", ctype)
		}
		o.attrIfSet("equiv-text", c.Equiv)
		if c.Data == "" && len(name) <= len("bx") {
			o.writeStrings("/>")
		} else {
			o.writeStrings(">")
			o.text(c.Data)
			o.writeStrings("</", name, ">")
		}
		if key := codeKey(c); own != nil && !seen[key] {
			seen[key] = true
			own.add("code", codeExtras(c, !complete))
		}
	}
}

func codeKey(c *bitext.Code) string { return strconv.Itoa(int(c.Kind)) + c.ID }

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
				p[i], p[o[0]] = o[0], i
				open[c.ID] = o[1:]
			}
		}
	}
	return p
}

// chars12 writes characters, those that XML forbids as codes.
func (o *out) chars12(s string, controls *int) {
	for {
		n := plain(s)
		o.buf = appendText(o.buf, s[:n])
		if n == len(s) {
			return
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		*controls++
		o.writeStrings(`<ph id="cp`, strconv.Itoa(*controls), `" ctype="x-cp">`, fmt.Sprintf("%04X", r), "</ph>")
		s = s[n+size:]
	}
}

// codeExtras are the fields of a code that no attribute of 1.2 holds, as the query
// of a URL: names and values that any text fits in. It is empty if there are none.
func codeExtras(c *bitext.Code, typed bool) string {
	v := url.Values{}
	if c.Disp != c.Data {
		v.Set("disp", c.Disp)
	}
	if plain(c.Data) < len(c.Data) {
		v.Set("data", c.Data)
	}
	if plain(c.Equiv) < len(c.Equiv) {
		v.Set("equiv", c.Equiv)
	}
	if f := flags(c); f != "none" {
		v.Set("can", f)
	}
	if typed {
		v.Set("type", c.Type)
		v.Set("sub-type", c.SubType)
	}
	if len(c.Subflows) > 0 {
		v["subflow"] = c.Subflows
	}
	if len(v) == 0 {
		return ""
	}
	v.Set("id", c.ID)
	v.Set("kind", c.Kind.String())
	return v.Encode()
}

// setExtras puts what codeExtras wrote into the code it is of.
func setExtras(c *bitext.Code, extras map[string]url.Values) {
	v, ok := extras[c.Kind.String()+" "+c.ID]
	if !ok {
		return
	}
	for name, to := range map[string]*string{"disp": &c.Disp, "data": &c.Data, "equiv": &c.Equiv, "type": &c.Type, "sub-type": &c.SubType} {
		if v.Has(name) {
			*to = v.Get(name)
		}
	}
	if v.Has("can") {
		setFlags(c, v.Get("can"))
	}
	if len(v["subflow"]) > 0 {
		c.Subflows = v["subflow"]
	}
}

// readExtras gathers the remarks on codes among ps, by kind and ID.
func readExtras(ps props) map[string]url.Values {
	var m map[string]url.Values
	for _, p := range ps {
		if p.name != "code" {
			continue
		}
		if v, err := url.ParseQuery(p.value); err == nil {
			if m == nil {
				m = map[string]url.Values{}
			}
			m[v.Get("kind")+" "+v.Get("id")] = v
		}
	}
	return m
}

// words are the ctypes of 1.2 for spans and for placeholders.
var (
	spanWords  = map[[2]string]string{{"fmt", "xlf:b"}: "bold", {"fmt", "xlf:i"}: "italic", {"fmt", "xlf:u"}: "underlined", {"link", ""}: "link"}
	aloneWords = map[[2]string]string{{"image", ""}: "image", {"fmt", "xlf:pb"}: "pb", {"fmt", "xlf:lb"}: "lb"}
	wordTypes  = map[string][2]string{
		"bold": {"fmt", "xlf:b"}, "italic": {"fmt", "xlf:i"}, "underlined": {"fmt", "xlf:u"}, "link": {"link", ""},
		"image": {"image", ""}, "pb": {"fmt", "xlf:pb"}, "lb": {"fmt", "xlf:lb"},
	}
)

// ctype12 returns a code's type as 1.2 has it, and whether that is all of the type.
func ctype12(c *bitext.Code) (ctype string, complete bool) {
	words := spanWords
	if c.Kind == bitext.Placeholder {
		words = aloneWords
	}
	if w := words[[2]string{c.Type, c.SubType}]; w != "" {
		return w, true
	}
	switch {
	case c.Type == "" && c.SubType == "":
		return "", true
	case c.Type == "" || strings.ContainsAny(c.Type, ": \t\r\n") || strings.ContainsAny(c.SubType, " \t\r\n"):
		return "", false
	case c.SubType == "":
		return "x-" + c.Type, c.Type != "cp"
	}
	return "x-" + c.Type + ":" + c.SubType, true
}

// typeOf is ctype12 backwards.
func typeOf(ctype string) (typ, subType string) {
	if t, ok := wordTypes[ctype]; ok {
		return t[0], t[1]
	}
	typ, subType, _ = strings.Cut(strings.TrimPrefix(ctype, "x-"), ":")
	return typ, subType
}
