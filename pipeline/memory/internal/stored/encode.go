package stored

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// appendCodes appends the JSON of codes, byte for byte what package encoding/json makes of
// a list of Code, several times faster: stored versions are compared by it.
func appendCodes(b []byte, codes []bitext.Code) []byte {
	b = append(b, '[')
	for i := range codes {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCode(b, &codes[i])
	}
	return append(b, ']')
}

func appendCode(b []byte, c *bitext.Code) []byte {
	b = append(b, '{')
	begin := len(b)
	key := func(k string) {
		if len(b) > begin {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), k...), '"', ':')
	}
	if c.Pos != 0 {
		key("p")
		b = strconv.AppendInt(b, int64(c.Pos), 10)
	}
	if c.Kind != 0 {
		key("k")
		b = strconv.AppendInt(b, int64(c.Kind), 10)
	}
	for _, s := range [...]struct{ key, value string }{{"i", c.ID}, {"d", c.Data}, {"e", c.Equiv}, {"s", c.Disp}, {"t", c.Type}, {"u", c.SubType}} {
		if s.value != "" {
			key(s.key)
			b = appendString(b, s.value)
		}
	}
	for _, f := range [...]struct {
		key string
		set bool
	}{{"nc", c.NoCopy}, {"nd", c.NoDelete}, {"nr", c.NoReorder}} {
		if f.set {
			key(f.key)
			b = append(b, "true"...)
		}
	}
	if len(c.Subflows) > 0 {
		key("f")
		b = append(b, '[')
		for i, s := range c.Subflows {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendString appends the JSON of a String.
func appendString(b []byte, s string) []byte {
	if strings.HasPrefix(s, `"`) || !utf8.ValidString(s) {
		s = strconv.QuoteToASCII(s)
	}
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != 0xe2 {
			continue
		}
		if c == 0xe2 { // U+2028 and U+2029 end lines in JavaScript
			if s[i+1] == 0x80 && s[i+2]&^1 == 0xa8 {
				b = append(append(b, s[from:i]...), `\u202`...)
				b = append(b, hex[s[i+2]&0xf])
				from = i + 3
			}
			i += 2
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}
	return append(append(b, s[from:]...), '"')
}
