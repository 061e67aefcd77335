package inplace

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// codeData are elements whose content is a code of the original document, no text.
var codeData = map[string]bool{"ph": true, "it": true, "bpt": true, "ept": true, "ut": true, "x": true, "bx": true, "ex": true}

// xmlPlaces returns the characters of the elements target of XLIFF 1.2 and 2, and seg of
// TMX.
func xmlPlaces(data string) ([]place, error) {
	if head := data[:min(len(data), 200)]; strings.Contains(head, "encoding=") && !strings.Contains(strings.ToLower(head), "utf-8") {
		return nil, errors.New("only files in UTF-8 can be changed in place")
	}
	type open struct {
		name, lang string
	}
	var stack []open
	var out []place
	var p *place
	var b strings.Builder
	depth, hidden, broken := 0, 0, false // of p in stack, elements of code data, something that is not read
	lang := func() string {
		for i := len(stack) - 1; i >= 0; i-- {
			if stack[i].lang != "" {
				return stack[i].lang
			}
		}
		return ""
	}
	inside := func(names ...string) bool {
		for _, o := range stack {
			for _, n := range names {
				if o.name == n {
					return true
				}
			}
		}
		return false
	}
	for i := 0; i < len(data); {
		if data[i] != '<' {
			if p == nil || hidden > 0 {
				next := strings.IndexByte(data[i:], '<')
				if next < 0 {
					break
				}
				i += next
				continue
			}
			r, n := xmlChar(data[i:])
			if n == 0 {
				broken, r, n = true, '&', 1
			}
			p.add(r, i, i+n, &b)
			i += n
			continue
		}
		switch {
		case strings.HasPrefix(data[i:], "<!--"):
			end := strings.Index(data[i:], "-->")
			if end < 0 {
				return nil, errors.New("a comment is not closed")
			}
			i += end + 3
			continue
		case strings.HasPrefix(data[i:], "<![CDATA["):
			end := strings.Index(data[i:], "]]>")
			if end < 0 {
				return nil, errors.New("a CDATA section is not closed")
			}
			broken = true
			i += end + 3
			continue
		case strings.HasPrefix(data[i:], "<?"), strings.HasPrefix(data[i:], "<!"):
			end := strings.IndexByte(data[i:], '>')
			if end < 0 {
				return nil, errors.New("a tag is not closed")
			}
			i += end + 1
			continue
		}
		end := tagEnd(data[i:])
		if end < 0 {
			return nil, errors.New("a tag is not closed")
		}
		tag := data[i+1 : i+end-1]
		i += end
		if name, ok := strings.CutPrefix(tag, "/"); ok {
			name = localName(name)
			if len(stack) == 0 || stack[len(stack)-1].name != name {
				return nil, errors.New("elements are not nested")
			}
			stack = stack[:len(stack)-1]
			if p != nil && len(stack) == depth {
				if p.chars = b.String(); !broken {
					out = append(out, *p)
				}
				p = nil
			} else if codeData[name] && hidden > 0 {
				hidden--
			}
			continue
		}
		name := localName(tag)
		if p != nil && name == "cp" {
			broken = true
		}
		if strings.HasSuffix(tag, "/") {
			continue
		}
		if p == nil && (name == "target" && !inside("alt-trans", "match", "matches") || name == "seg") {
			p = &place{group: name + " " + lang()}
			b.Reset()
			depth, hidden, broken = len(stack), 0, false
		} else if p != nil && codeData[name] {
			hidden++
		}
		stack = append(stack, open{name, attribute(tag, "lang")})
	}
	return out, nil
}

// tagEnd returns the length of a tag with its brackets, -1 if it does not end.
func tagEnd(s string) int {
	quote := byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return -1
}

func localName(tag string) string {
	end := strings.IndexAny(tag, " \t\r\n/>")
	if end >= 0 {
		tag = tag[:end]
	}
	return tag[strings.IndexByte(tag, ':')+1:]
}

// attribute returns the value of xml:lang, or of lang.
func attribute(tag, name string) string {
	i := strings.Index(tag, name+"=")
	if i < 0 || i+len(name)+2 > len(tag) {
		return ""
	}
	rest := tag[i+len(name)+1:]
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return ""
	}
	return rest[1 : 1+end]
}

// xmlChar reads a character of XML text; n is 0 for an entity that is not XML's.
func xmlChar(s string) (r rune, n int) {
	if strings.HasPrefix(s, "\r\n") {
		return '\n', 2
	}
	if s[0] != '&' {
		r, n = utf8.DecodeRuneInString(s)
		return r, n
	}
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := s[1:end]; name {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	default:
		digits, base := strings.TrimPrefix(name, "#"), 10
		if h, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base = h, 16
		}
		v, err := strconv.ParseInt(digits, base, 32)
		if err != nil || digits == name || !utf8.ValidRune(rune(v)) {
			return 0, 0
		}
		return rune(v), end + 1
	}
}

func escapeXML(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// poPlaces returns the characters of the strings behind msgstr.
func poPlaces(data string) ([]place, error) {
	var out []place
	var p *place
	var b strings.Builder
	flush := func() {
		if p != nil {
			p.chars = b.String()
			out = append(out, *p)
		}
		p = nil
		b.Reset()
	}
	at := 0
	for line := range strings.Lines(data) {
		start := at
		at += len(line)
		text := strings.TrimLeft(line, " \t")
		start += len(line) - len(text)
		switch {
		case strings.HasPrefix(text, "msgstr"):
			flush()
			p = &place{group: "msgstr"}
		case strings.HasPrefix(text, `"`) && p != nil:
		default:
			flush()
			continue
		}
		open := strings.IndexByte(text, '"')
		if open < 0 {
			continue
		}
		for i := open + 1; i < len(text) && text[i] != '"' && text[i] != '\n'; {
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == '\\' && i+1 < len(text) {
				n = 2
				switch text[i+1] {
				case 'n':
					r = '\n'
				case 't':
					r = '\t'
				case 'r':
					r = '\r'
				default:
					r = rune(text[i+1])
				}
			}
			p.add(r, start+i, start+i+n, &b)
			i += n
		}
	}
	flush()
	return out, nil
}

func escapePO(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text)
}

// jsonPlaces returns the characters of the values that are strings, by the name of their
// member.
func jsonPlaces(data string) ([]place, error) {
	var out []place
	name := ""
	for i := 0; i < len(data); {
		if data[i] != '"' {
			i++
			continue
		}
		p := place{}
		var b strings.Builder
		i++
		for i < len(data) && data[i] != '"' {
			r, n := utf8.DecodeRuneInString(data[i:])
			if r == '\\' {
				if r, n = jsonEscape(data[i:]); n == 0 {
					return nil, errors.New("a string has a wrong escape")
				}
			}
			p.add(r, i, i+n, &b)
			i += n
		}
		i++
		p.chars = b.String()
		if rest := strings.TrimLeft(data[min(i, len(data)):], " \t"); strings.HasPrefix(rest, ":") {
			name = p.chars
			continue
		}
		p.group = name
		out = append(out, p)
	}
	return out, nil
}

// jsonEscape reads an escape; n is 0 for a wrong one, and for a pair of surrogates that
// is not whole.
func jsonEscape(s string) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	if k := strings.IndexByte(`"\/bfnrt`, s[1]); k >= 0 {
		return rune("\"\\/\b\f\n\r\t"[k]), 2
	}
	unit := func(s string) (rune, bool) {
		if len(s) < 6 || s[:2] != `\u` {
			return 0, false
		}
		v, err := strconv.ParseUint(s[2:6], 16, 32)
		return rune(v), err == nil
	}
	v, ok := unit(s)
	switch {
	case !ok:
		return 0, 0
	case v >= 0xd800 && v < 0xdc00:
		low, ok := unit(s[6:])
		if !ok || low < 0xdc00 || low > 0xdfff {
			return 0, 0
		}
		return (v-0xd800)<<10 + (low - 0xdc00) + 0x10000, 12
	case v >= 0xdc00 && v <= 0xdfff:
		return 0, 0
	}
	return v, 6
}

func escapeJSON(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text)
}

// tablePlaces returns the cells of a table of comma- or tab-separated values, by column.
func tablePlaces(data string, comma byte) ([]place, error) {
	var out []place
	i := len(data) - len(strings.TrimPrefix(data, "\ufeff"))
	if comma == ',' { // spreadsheets of many countries write semicolons
		head, _, _ := strings.Cut(data, "\n")
		if strings.Count(head, ";") > strings.Count(head, ",") {
			comma = ';'
		}
	}
	for column := 0; i < len(data); {
		p := place{group: strconv.Itoa(column)}
		var b strings.Builder
		quoted := data[i] == '"' && comma != '\t' // tables with tabs are read as they stand
		if quoted {
			i++
		}
		for i < len(data) {
			c := data[i]
			if quoted && c == '"' {
				if i+1 < len(data) && data[i+1] == '"' {
					p.add('"', i, i+2, &b)
					i += 2
					continue
				}
				i++
				break
			}
			if !quoted && (c == comma || c == '\n' || c == '\r' && i+1 < len(data) && data[i+1] == '\n') {
				break
			}
			r, n := utf8.DecodeRuneInString(data[i:])
			p.add(r, i, i+n, &b)
			i += n
		}
		p.chars = b.String()
		out = append(out, p)
		for i < len(data) && data[i] != comma && data[i] != '\n' { // behind a quoted cell
			i++
		}
		if i < len(data) && data[i] == comma {
			column++
		} else {
			column = 0
		}
		i++
	}
	return out, nil
}
