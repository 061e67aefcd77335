package markdown

import (
	"strings"

	"github.com/yuin/goldmark/util"
)

// encodeValue writes a value with its quotation marks, in the place of was.
func encodeValue(c context, was, value string) string {
	switch c.kind {
	case titleContext:
		return encodeTitle(c, was, value)
	case hugoContext:
		return encodeHugo(was, escapeTemplates(was, oneLine(value)))
	case liquidContext:
		// Liquid knows no escapes: what would end the tag is written as HTML
		// has it.
		value = strings.ReplaceAll(escapeTemplates(was, oneLine(value)), "%}", "&#37;}")
		quote := was[:1]
		if strings.Contains(value, quote) {
			if other := otherQuote(quote); !strings.Contains(value, other) {
				quote = other
			} else {
				value = strings.ReplaceAll(value, quote, charRef(rune(quote[0])))
			}
		}
		return quote + value + quote
	case attrContext:
		return encodeAttribute(c, was[:1], value)
	case stringContext:
		return encodeString(was[:1], value)
	case roleContext:
		return encodeRole(c, was, value)
	case yamlContext:
		return encodeYAML(c.style, was, value)
	case optionContext:
		return encodeOption(c.style, was, value)
	case tomlContext:
		return encodeTOML(was, value)
	}
	return encodeJSON(value)
}

// escapeTemplates writes what would be a template's tag in a value as HTML has it, unless the
// source's value has quotation marks inside: then its tags are text.
func escapeTemplates(was, value string) string {
	if strings.ContainsAny(was[1:len(was)-1], templateQuotes) {
		return value
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		c, rest := value[i], value[i+1:]
		switch {
		case c != '{' && c != '<':
		case strings.HasPrefix(rest, "%"), strings.HasPrefix(rest, codeSign), c == '{' && rest != "" && (rest[0] == '{' || rest[0] == '#'):
			b.WriteString(charRef(rune(c)))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func otherQuote(quote string) string {
	if quote == `"` {
		return "'"
	}
	return `"`
}

func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
}

// encodeTitle writes a link's title (CommonMark 0.31, 6.3).
func encodeTitle(c context, was, value string) string {
	open, end := was[0], was[len(was)-1]
	var b strings.Builder
	b.WriteByte(open)
	for i := 0; i < len(value); i++ {
		switch ch := value[i]; {
		case ch == open || ch == end:
			b.WriteByte('\\')
			b.WriteByte(ch)
		case ch == '\\' && c.cell && i+1 < len(value) && value[i+1] == '|':
			b.WriteString(charRef('\\'))
		case ch == '\\' && beginsBracketMath(value[i:]):
			b.WriteString(charRef('\\'))
		case ch == '\\' && (i+1 == len(value) || util.IsPunct(value[i+1]) || value[i+1] == '\n' || value[i+1] == '\r'):
			b.WriteString(`\\`)
		case ch == '&':
			if n, _ := reference([]byte(value[i:])); n > 0 {
				b.WriteByte('\\')
			}
			b.WriteByte('&')
		case ch == '|' && c.cell:
			b.WriteString(`\|`)
		case ch == '\n' || ch == '\r', ch == '{', ch == '<' || ch == '`' || ch == '$', ch == '[' && strings.HasPrefix(value[i:], "[["):
			// In the eyes of what is read before the link: a template, a tag, a
			// code span.
			b.WriteString(charRef(rune(ch)))
		default:
			b.WriteByte(ch)
		}
	}
	b.WriteByte(end)
	return b.String()
}

// beginsBracketMath reports whether a formula of TeX could begin with the backslash that
// s begins with.
func beginsBracketMath(s string) bool { return len(s) > 1 && (s[1] == '(' || s[1] == '[') }

// encodeHugo writes a shortcode's parameter: interpreted between quotation
// marks, where only a quotation mark can be escaped, or raw between backticks.
func encodeHugo(was, value string) string {
	quote := was[:1]
	switch raw := !strings.Contains(value, "`"); {
	case quote == `"` && strings.ContainsAny(value, `"\`) && raw:
		quote = "`"
	case quote == "`" && !raw:
		quote = `"`
	}
	if quote == `"` {
		// What neither form can hold is written as HTML has it.
		value = strings.NewReplacer(`\"`, "&#92;&quot;", `"`, `\"`).Replace(value)
		if strings.HasSuffix(value, `\`) {
			value = value[:len(value)-1] + "&#92;"
		}
	}
	return quote + value + quote
}

// encodeAttribute writes an attribute of HTML or JSX.
func encodeAttribute(c context, quote, value string) string {
	var b strings.Builder
	b.WriteString(quote)
	for i := 0; i < len(value); i++ {
		switch ch := value[i]; {
		case ch == '&':
			if n, _ := reference([]byte(value[i:])); n > 0 {
				b.WriteString("&amp;")
			} else {
				b.WriteByte('&')
			}
		case ch == quote[0], ch == '\n', ch == '\r', ch == '|' && c.cell, ch == '{', ch == '`', ch == '$', ch == '[' && strings.HasPrefix(value[i:], "[["),
			ch == '\\' && beginsBracketMath(value[i:]):
			b.WriteString(charRef(rune(ch)))
		case ch == '<':
			b.WriteString("&lt;")
		default:
			b.WriteByte(ch)
		}
	}
	b.WriteString(quote)
	return b.String()
}
