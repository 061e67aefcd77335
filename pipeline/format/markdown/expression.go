package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// This file reads and writes strings in the expressions of JSX (MDX): label={"Apple"},
// {'Some words'}. Their syntax is that of ECMAScript (2024, 12.9.4 and 12.9.6).

// isComponent reports whether values in a context may be expressions of JSX.
func (s *splitter) isComponent(c context) bool {
	return c.kind == attrContext && s.Dialect.isMDX(s.path)
}

// expressionString returns the place of the string, with its quotation marks, that the
// expression in braces at i consists of, and where the expression ends; end is 0 if it
// is something else.
func expressionString(data []byte, i int) (from, to, end int) {
	from = i + 1
	for from < len(data) && isSpaceByte(data[from]) {
		from++
	}
	if from >= len(data) || strings.IndexByte("\"'`", data[from]) < 0 {
		return 0, 0, 0
	}
	quote := data[from]
	for to = from + 1; to < min(len(data), from+maxTag) && data[to] != quote; to++ {
		if data[to] == '\\' {
			to++
		} else if quote != '`' && (data[to] == '\n' || data[to] == '\r') {
			return 0, 0, 0
		}
	}
	if to >= len(data) || data[to] != quote {
		return 0, 0, 0
	}
	to++
	for end = to; end < len(data) && isSpaceByte(data[end]); end++ {
	}
	if end >= len(data) || data[end] != '}' {
		return 0, 0, 0
	}
	return from, to, end + 1
}

// expression makes a unit of the string of an expression between from and to, and
// appends its number to out.
func (s *splitter) expression(out []int, from, to int, name string) []int {
	chars, ok := decodeString(s.data[from+1 : to-1])
	if !ok {
		return out
	}
	if k := s.scalar(from, to, chars, bitext.Attribute, context{kind: stringContext}, name); k >= 0 {
		out = append(out, k)
	}
	return out
}

// decodeString returns the characters of a string without its quotation marks. It
// reports whether it could: not where a template fills in something, a line ends, or
// an escape stands for a character that text does not have.
func decodeString(b []byte) (string, bool) {
	if !utf8.Valid(b) || bytes.Contains(b, []byte("${")) || bytes.ContainsAny(b, "\n\r") {
		return "", false
	}
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out.WriteByte(b[i])
			continue
		}
		if i++; i >= len(b) {
			return "", false
		}
		switch {
		case bytes.HasPrefix(b[i:], []byte("u007c")):
			out.WriteByte('|')
			i += len("u007c") - 1
		case isAlpha(b[i]) || b[i] >= '0' && b[i] <= '9' || b[i] >= utf8.RuneSelf:
			return "", false
		default:
			out.WriteByte(b[i])
		}
	}
	return out.String(), true
}

// encodeString writes a string with its quotation mark. A bar is written as an escape,
// for it would end the cell of a table.
func encodeString(quote, value string) string {
	value = strings.NewReplacer(`\`, `\\`, quote, `\`+quote, "|", `\u007c`).Replace(oneLine(value))
	if quote == "`" {
		value = strings.ReplaceAll(value, "${", `\${`)
	}
	return quote + value + quote
}
