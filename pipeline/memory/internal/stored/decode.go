package stored

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// reader reads the JSON that EncodeSource and EncodeCodes write, several times faster
// than package encoding/json. It fails for anything that they do not write, though it
// may be right: package encoding/json is then asked.
type reader struct {
	rest   string
	failed bool
}

func (r *reader) fail() { r.failed, r.rest = true, "" }

// skip reads one character of the syntax.
func (r *reader) skip(c byte) bool {
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reader) expect(c byte) {
	if !r.skip(c) {
		r.fail()
	}
}

func (r *reader) int() int {
	n := 0
	for n < len(r.rest) && r.rest[n] >= '0' && r.rest[n] <= '9' {
		n++
	}
	if n == 0 || n > 9 || n > 1 && r.rest[0] == '0' {
		r.fail()
		return 0
	}
	v, _ := strconv.Atoi(r.rest[:n])
	r.rest = r.rest[n:]
	return v
}

// true reads the only flag that is written.
func (r *reader) true() bool {
	if rest, ok := strings.CutPrefix(r.rest, "true"); ok {
		r.rest = rest
		return true
	}
	r.fail()
	return false
}

func (r *reader) string() string {
	r.expect('"')
	n := 0
	for n < len(r.rest) && r.rest[n] != '"' && r.rest[n] != '\\' && r.rest[n] >= ' ' {
		n++
	}
	if n == len(r.rest) || r.rest[n] < ' ' {
		r.fail()
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	if r.rest[0] == '\\' {
		s = r.escaped(s)
	}
	r.expect('"')
	if strings.HasPrefix(s, `"`) || !utf8.ValidString(s) {
		r.fail() // a Go literal, see String
	}
	return s
}

// escaped reads the rest of a string that has begun with head, up to its end.
func (r *reader) escaped(head string) string {
	var b strings.Builder
	b.Grow(len(head) + 64)
	b.WriteString(head)
	for len(r.rest) > 0 && r.rest[0] != '"' {
		c := r.rest[0]
		if c < ' ' {
			break
		}
		if c != '\\' {
			b.WriteByte(c)
			r.rest = r.rest[1:]
			continue
		}
		if len(r.rest) < 2 {
			break
		}
		c = r.rest[1]
		r.rest = r.rest[2:]
		switch c {
		case '"', '\\', '/':
			b.WriteByte(c)
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			if len(r.rest) < 4 {
				r.fail()
				return ""
			}
			v, err := strconv.ParseUint(r.rest[:4], 16, 32)
			if err != nil || v >= 0xd800 && v < 0xe000 {
				r.fail()
				return ""
			}
			b.WriteRune(rune(v))
			r.rest = r.rest[4:]
		default:
			r.fail()
			return ""
		}
	}
	return b.String()
}

// list reads an array with a function for each element.
func (r *reader) list(element func()) {
	r.expect('[')
	for !r.failed {
		element()
		if !r.skip(',') {
			break
		}
	}
	r.expect(']')
}

// object reads an object whose keys come each once, in the order of keys, if they
// come. The function reads the value of a key.
func (r *reader) object(keys string, value func(key string)) {
	r.expect('{')
	if r.skip('}') {
		return
	}
	for !r.failed {
		key := r.string()
		r.expect(':')
		// Keys are separated by spaces in the list.
		before, after, ok := strings.Cut(keys, " "+key+" ")
		if _ = before; !ok || key == "" {
			r.fail()
			return
		}
		keys = " " + after
		value(key)
		if !r.skip(',') {
			break
		}
	}
	r.expect('}')
}

// codes reads an array of codes, each with a position in a text of the given length.
func (r *reader) codes(length int) []bitext.Code {
	out := make([]bitext.Code, 0, strings.Count(r.rest, `,"k":`)+strings.Count(r.rest, `{"k":`))
	at := 0
	r.list(func() {
		var c bitext.Code
		r.object(" p k i d e s t u nc nd nr f ", func(key string) {
			switch key {
			case "p":
				c.Pos = r.int()
			case "k":
				c.Kind = bitext.CodeKind(r.int())
			case "i":
				c.ID = r.string()
			case "d":
				c.Data = r.string()
			case "e":
				c.Equiv = r.string()
			case "s":
				c.Disp = r.string()
			case "t":
				c.Type = r.string()
			case "u":
				c.SubType = r.string()
			case "nc":
				c.NoCopy = r.true()
			case "nd":
				c.NoDelete = r.true()
			case "nr":
				c.NoReorder = r.true()
			case "f":
				r.list(func() { c.Subflows = append(c.Subflows, r.string()) })
			}
		})
		if c.Pos < at || c.Pos > length {
			r.fail()
		}
		at = c.Pos
		out = append(out, c)
	})
	return out
}

// readSource reads what EncodeSource wrote.
func readSource(source string) (t bitext.Text, ok bool) {
	r := reader{rest: source}
	r.object(" c x ", func(key string) {
		if key == "c" {
			t.Chars = r.string()
		} else {
			t.Codes = r.codes(len(t.Chars))
		}
	})
	return t, !r.failed && r.rest == ""
}

// readCodes reads what EncodeCodes wrote for a text of the given length.
func readCodes(s string, length int) ([]bitext.Code, bool) {
	r := reader{rest: s}
	codes := r.codes(length)
	return codes, !r.failed && r.rest == ""
}
