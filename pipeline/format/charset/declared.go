package charset

import (
	"bytes"
	"strings"
)

// Declaration is the label of the encoding that an HTML or XML document
// declares in its first bytes, empty for none: the prescan of the HTML
// standard (13.2.3.2), with the XML declaration that browsers read as well.
// A label is given back as it stands, known or not.
func Declaration(prefix []byte) string { return declaration(prefix, false) }

// LateDeclaration is the label of the encoding that a meta element anywhere in an
// HTML document declares, empty for none. Text of scripts, styles and the like is
// passed over.
func LateDeclaration(data []byte) string { return declaration(data, true) }

// rawText are the elements whose content is not markup.
var rawText = [...]string{"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"}

func declaration(p []byte, late bool) string {
	if bytes.HasPrefix(p, []byte(utf8BOM)) {
		p = p[len(utf8BOM):]
	}
	if bytes.HasPrefix(p, []byte("<?xml")) {
		if label := xmlDeclaration(p); label != "" {
			return label
		}
	}
	for i := 0; i < len(p); {
		lt := bytes.IndexByte(p[i:], '<')
		if lt < 0 {
			return ""
		}
		i += lt
		rest := p[i:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			// The end's two dashes may be those of the beginning.
			end := bytes.Index(rest[2:], []byte("-->"))
			if end < 0 {
				return ""
			}
			i += 2 + end + 3
		case len(rest) > 5 && equalFold(rest[1:5], "meta") && (isSpace(rest[5]) || rest[5] == '/'):
			label, n := meta(rest[5:])
			if label != "" {
				return label
			}
			i += 5 + n
		case len(rest) > 1 && isLetter(rest[1]) || len(rest) > 2 && rest[1] == '/' && isLetter(rest[2]):
			n := bytes.IndexAny(rest, " \t\n\f\r>")
			if n < 0 {
				return ""
			}
			name := rest[1:n]
			i += n
			for {
				name, _, n := attribute(p[i:])
				i += n
				if name == nil {
					break
				}
			}
			if late {
				i += rawContent(name, p[i:])
			}
		case len(rest) > 1 && (rest[1] == '!' || rest[1] == '/' || rest[1] == '?'):
			end := bytes.IndexByte(rest, '>')
			if end < 0 {
				return ""
			}
			i += end + 1
		default:
			i++
		}
	}
	return ""
}

// rawContent returns the length of the content of an element, up to its end tag,
// if that is not markup.
func rawContent(name, p []byte) int {
	for _, raw := range rawText {
		if !equalFold(name, raw) {
			continue
		}
		for i := 0; ; {
			n := bytes.Index(p[i:], []byte("</"))
			if n < 0 {
				return len(p)
			}
			i += n
			if rest := p[i+2:]; len(rest) >= len(raw) && equalFold(rest[:len(raw)], raw) {
				return i
			}
			i += 2
		}
	}
	return 0
}

// xmlDeclaration is the encoding named by an XML declaration.
func xmlDeclaration(p []byte) string {
	end := bytes.IndexByte(p, '>')
	if end < 0 {
		return ""
	}
	s := string(p[:end])
	start, stop, ok := InXMLDeclaration(s)
	if !ok {
		return ""
	}
	return s[start:stop]
}

// InXMLDeclaration is where the encoding's name stands in an XML declaration.
func InXMLDeclaration(s string) (start, end int, ok bool) {
	i := strings.Index(s, "encoding")
	if i < 0 {
		return 0, 0, false
	}
	i += len("encoding")
	skip := func() {
		for i < len(s) && isSpace(s[i]) {
			i++
		}
	}
	skip()
	if i == len(s) || s[i] != '=' {
		return 0, 0, false
	}
	i++
	skip()
	if i == len(s) || s[i] != '"' && s[i] != '\'' {
		return 0, 0, false
	}
	n := strings.IndexByte(s[i+1:], s[i])
	if n < 0 {
		return 0, 0, false
	}
	return i + 1, i + 1 + n, true
}

// meta reads the attributes of a meta element, and gives the encoding that it
// declares and how many bytes were read.
func meta(p []byte) (label string, n int) {
	seen := map[string]bool{}
	pragma, needPragma := false, false
	i := 0
	for {
		name, value, k := attribute(p[i:])
		i += k
		if name == nil {
			break
		}
		key := string(bytes.ToLower(name))
		if seen[key] {
			continue
		}
		seen[key] = true
		switch key {
		case "http-equiv":
			pragma = pragma || equalFold(value, "content-type")
		case "content":
			if s := fromContentType(string(value)); s != "" && label == "" {
				label, needPragma = s, true
			}
		case "charset":
			label, needPragma = string(value), false
		}
	}
	if needPragma && !pragma || i >= len(p) {
		return "", i // a tag that does not end declares nothing
	}
	return label, i
}

// fromContentType is the label after "charset=" in a MIME type as HTML's meta
// elements have it (HTML standard, 2.5.4), empty for none.
func fromContentType(s string) string {
	start, end, ok := InContentType(s)
	if !ok {
		return ""
	}
	return s[start:end]
}

// InContentType is where that label stands.
func InContentType(s string) (start, end int, ok bool) {
	for i := 0; i+len("charset") <= len(s); i++ {
		if !equalFold([]byte(s[i:i+len("charset")]), "charset") {
			continue
		}
		j := i + len("charset")
		for j < len(s) && isSpace(s[j]) {
			j++
		}
		if j == len(s) || s[j] != '=' {
			continue
		}
		j++
		for j < len(s) && isSpace(s[j]) {
			j++
		}
		if j == len(s) {
			return 0, 0, false
		}
		if q := s[j]; q == '"' || q == '\'' {
			k := bytes.IndexByte([]byte(s[j+1:]), q)
			if k < 0 {
				return 0, 0, false
			}
			return j + 1, j + 1 + k, true
		}
		k := j
		for k < len(s) && s[k] != ';' && !isSpace(s[k]) {
			k++
		}
		return j, k, true
	}
	return 0, 0, false
}

// attribute reads one attribute by the standard's rules for the prescan, and
// how many bytes it took. The name is nil when the tag ends.
func attribute(p []byte) (name, value []byte, n int) {
	i := 0
	for i < len(p) && (isSpace(p[i]) || p[i] == '/') {
		i++
	}
	if i == len(p) || p[i] == '>' {
		return nil, nil, i
	}
	start := i
	for i < len(p) && (p[i] != '=' || i == start) && !isSpace(p[i]) && p[i] != '/' && p[i] != '>' {
		i++
	}
	name = p[start:i]
	j := i
	for j < len(p) && isSpace(p[j]) {
		j++
	}
	if j == len(p) || p[j] != '=' {
		return name, nil, i
	}
	j++
	for j < len(p) && isSpace(p[j]) {
		j++
	}
	if j == len(p) {
		return name, nil, j
	}
	if q := p[j]; q == '"' || q == '\'' {
		end := bytes.IndexByte(p[j+1:], q)
		if end < 0 {
			return nil, nil, len(p)
		}
		return name, p[j+1 : j+1+end], j + 1 + end + 1
	}
	start = j
	for j < len(p) && !isSpace(p[j]) && p[j] != '>' {
		j++
	}
	return name, p[start:j], j
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// equalFold compares with a lower-case ASCII word.
func equalFold(p []byte, word string) bool {
	if len(p) != len(word) {
		return false
	}
	for i, c := range p {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
