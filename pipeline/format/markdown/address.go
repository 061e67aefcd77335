package markdown

import "bytes"

// addresses returns masks for the addresses of Markdown links and definitions between
// start and end, which begins a line, and for bare ones. What is inside of HTML may still
// be read as Markdown, by kramdown and python-markdown.
func (s *splitter) addresses(start, end int) (found []mask) {
	data := s.data[:end]
	lineAt := start
	for at := start; at < end; {
		n := 0
		switch data[at] {
		case ' ', '\t', '[':
			if at == lineAt {
				n = definitionLength(data[at:])
			}
		case ']':
			n = destinationLength(data[at:])
		case 'h', 'H':
			n = bareAddressLength(data[at:])
		case '\n':
			lineAt = at + 1
		}
		if n > 0 {
			found = append(found, mask{from: at, to: at + n, kind: outputMask})
			at += n
			continue
		}
		at++
	}
	return found
}

// definitionLength returns the length of the label and the address of a link reference
// definition that line begins with, 0 if there is none.
func definitionLength(line []byte) int {
	i := prefixOf(line, isBlankByte)
	if i == len(line) || line[i] != '[' {
		return 0
	}
	i++
	label := prefixOf(line[i:], func(c byte) bool { return c != '[' && c != ']' && c != '\n' })
	if label == 0 || !bytes.HasPrefix(line[i+label:], []byte("]:")) {
		return 0
	}
	i += label + len("]:")
	i += prefixOf(line[i:], isBlankByte)
	n := prefixOf(line[i:], isNoSpace)
	if n == 0 {
		return 0
	}
	return i + n
}

// destinationLength returns the length of the end of a link's text and its address, if b
// begins with them and the address looks like one: ](https://a.example/b)
func destinationLength(b []byte) int {
	rest, ok := bytes.CutPrefix(b, []byte("]("))
	if !ok || len(rest) == 0 {
		return 0
	}
	switch rest[0] {
	case '/', '#', '.':
	case 'h':
		if !bytes.HasPrefix(rest, []byte("http:")) && !bytes.HasPrefix(rest, []byte("https:")) {
			return 0
		}
	case 'm':
		if !bytes.HasPrefix(rest, []byte("mailto:")) {
			return 0
		}
	default:
		return 0
	}
	n := prefixOf(rest, func(c byte) bool {
		return isNoSpace(c) && c != '(' && c != ')' && c != '<' && c != '>' && c != '"' && c != '\''
	})
	if n == len(rest) || rest[n] != ')' {
		return 0
	}
	return len("](") + n + len(")")
}

// bareAddressLength returns the length of the address with a scheme of the Web that b
// begins with, 0 if there is none. Marks of punctuation at its end are no part of it; an
// ampersand is if it is written as in HTML, or separates parameters.
func bareAddressLength(b []byte) int {
	i := len("http")
	if len(b) < i || !bytes.EqualFold(b[:i], []byte("http")) {
		return 0
	}
	if len(b) > i && b[i]|0x20 == 's' {
		i++
	}
	if !bytes.HasPrefix(b[i:], []byte("://")) {
		return 0
	}
	i += len("://")
	end := 0 // behind the last character that an address may end with
	for i < len(b) {
		switch c := b[i]; c {
		case '&':
			if bytes.HasPrefix(b[i:], []byte("&amp;")) {
				i += len("&amp;")
				continue
			}
			n := prefixOf(b[i+1:], func(c byte) bool { return isNameByte(c) && c != ':' })
			if n == 0 || i+1+n == len(b) || b[i+1+n] != '=' {
				return end
			}
			i += 1 + n + 1
			continue
		case '<', '>', '"', '\'', '(', ')', '[', ']', '{', '}':
			return end
		case '.', ',', ';', ':', '!', '?':
		default:
			if !isNoSpace(c) {
				return end
			}
			end = i + 1
		}
		i++
	}
	return end
}

func isBlankByte(c byte) bool { return c == ' ' || c == '\t' }

// isNoSpace reports whether c is none of the white space of regular expressions.
func isNoSpace(c byte) bool { return !isSpaceByte(c) && c != '\f' }
