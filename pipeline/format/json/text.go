package json

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// Decode returns the characters of the JSON string whose inside is data[from:to], and
// anchors at its escapes. ok is false if an escape is half a surrogate pair, for
// which there is no character.
func Decode(data []byte, from, to int) (text string, anchors []bitext.Anchor, ok bool) {
	if bytes.IndexByte(data[from:to], '\\') < 0 {
		return string(data[from:to]), nil, true
	}
	var b strings.Builder
	ok = true
	for i := from; i < to; {
		if data[i] != '\\' || i+1 >= to {
			b.WriteByte(data[i])
			i++
			continue
		}
		if n := len(anchors); n == 0 || anchors[n-1].Raw != i {
			anchors = append(anchors, bitext.Anchor{Text: b.Len(), Raw: i})
		}
		n := 2
		switch data[i+1] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'u':
			n = 6
			r := hex(data, i+2, to)
			if r >= 0xd800 && r < 0xdc00 && i+7 < to && data[i+6] == '\\' && data[i+7] == 'u' {
				if low := hex(data, i+8, to); low >= 0xdc00 && low < 0xe000 {
					r, n = 0x10000+(r-0xd800)<<10+(low-0xdc00), 12
				}
			}
			if !utf8.ValidRune(r) {
				ok = false
			}
			b.WriteRune(r)
		default:
			b.WriteByte(data[i+1])
		}
		i += n
		anchors = append(anchors, bitext.Anchor{Text: b.Len(), Raw: i})
	}
	return b.String(), anchors, ok
}

// hex returns the value of the four hexadecimal digits at an offset, -1 if there are
// none.
func hex(data []byte, at, end int) rune {
	if at+4 > end {
		return -1
	}
	v, err := strconv.ParseUint(string(data[at:at+4]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(v)
}

// AppendText appends characters as JSON strings have them (RFC 8259, section 7), and
// as JavaScript may read them too: U+2028 and U+2029 are escaped.
func AppendText(dst []byte, chars string) []byte {
	const digits = "0123456789abcdef"
	for _, r := range chars {
		switch {
		case r == '"', r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r < 0x20 || r == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', digits[r>>4&15], digits[r&15])
		case r == 0x2028:
			dst = append(dst, `\u2028`...)
		case r == 0x2029:
			dst = append(dst, `\u2029`...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}
