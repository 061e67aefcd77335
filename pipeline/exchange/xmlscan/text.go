package xmlscan

import (
	"bytes"
	"fmt"
	"hexapla/pipeline/diag"
	"strconv"
	"unicode/utf8"
)

// text reads characters up to the next markup, or a piece of them.
func (s *Scanner) text() (*Token, error) {
	from := 0
	n := -1
	for {
		b := s.buf[s.pos:s.end]
		if i := bytes.IndexByte(b[from:], '<'); i >= 0 {
			n = from + i
			break
		}
		from = len(b)
		if len(b) >= textPiece {
			n = wholeText(b)
			break
		}
		if !s.fill() {
			n = len(b)
			break
		}
	}
	b := s.buf[s.pos : s.pos+n]
	decoded, bad, err := s.chars(b, false)
	if err != "" {
		return nil, s.charError(bad, err)
	}
	if len(s.open) == 0 {
		if i := indexNotSpace(decoded); i >= 0 {
			return nil, s.fail(i, "xml.syntax", "", "text outside of the root element")
		}
	}
	t := s.take(Text, n)
	t.Text = decoded
	return t, nil
}

// wholeText is how much of b can be handed out without cutting a character, a
// reference, a line end or a “]]>” in two. b has no markup.
func wholeText(b []byte) int {
	n := len(b)
	const longest = 16 // a reference that is longer than this is an error anyway
	if i := bytes.LastIndexByte(b[n-longest:], '&'); i >= 0 && bytes.IndexByte(b[n-longest+i:], ';') < 0 {
		n -= longest - i
	}
	for n > 0 && (b[n-1] == '\r' || b[n-1] == ']') && len(b)-n < 2*longest {
		n--
	}
	for i := 1; i <= utf8.UTFMax && i <= n; i++ {
		if utf8.RuneStart(b[n-i]) {
			if !utf8.FullRune(b[n-i : n]) {
				n -= i
			}
			break
		}
	}
	return max(n, 1)
}

// cdata reads the rest of a CDATA section, or a piece of it; begin is the length
// of the delimiter that stands before it, 0 if that has been read.
func (s *Scanner) cdata(begin int) (*Token, error) {
	const shut = "]]>"
	from := begin
	for {
		b := s.buf[s.pos:s.end]
		if i := bytes.Index(b[from:], []byte(shut)); i >= 0 {
			n := from + i
			s.inCData = false
			return s.cdataToken(begin, n, n+len(shut))
		}
		from = max(begin, len(b)-len(shut)+1)
		if len(b) >= textPiece {
			n := len(b) - len(shut) + 1
			for n > begin && (b[n-1] == '\r' || !utf8.RuneStart(b[n])) && len(b)-n < 16 {
				n--
			}
			return s.cdataToken(begin, n, n)
		}
		if !s.more() {
			return nil, s.truncated()
		}
	}
}

func (s *Scanner) cdataToken(begin, end, n int) (*Token, error) {
	decoded, bad, err := s.chars(s.buf[s.pos+begin:s.pos+end], true)
	if err != "" {
		return nil, s.charError(begin+bad, err)
	}
	t := s.take(Text, n)
	t.Text, t.CData = decoded, true
	return t, nil
}

// special marks the bytes that keep text from being taken as it is.
var special = func() (t [256]bool) {
	for c := range 0x20 {
		t[c] = c != '\t' && c != '\n'
	}
	t['&'] = true
	t[']'] = true
	t[0xEF] = true // may begin U+FFFE or U+FFFF
	return t
}()

// chars decodes character data. On an error it says where and what; the text of
// the error is a message.
func (s *Scanner) chars(b []byte, literal bool) (out []byte, bad int, problem string) {
	if !utf8.Valid(b) {
		return nil, invalid(b), notUTF8
	}
	clean := 0
	for clean < len(b) && !special[b[clean]] {
		clean++
	}
	if clean == len(b) {
		return b, 0, ""
	}
	mark := len(s.scratch)
	copied := 0
	copyTo := func(i int) {
		s.scratch = append(s.scratch, b[copied:i]...)
	}
	changed := false
	for i := clean; i < len(b); i++ {
		c := b[i]
		if !special[c] {
			continue
		}
		switch {
		case c == '\r':
			copyTo(i)
			copied, changed = i+1, true
			if i+1 == len(b) || b[i+1] != '\n' {
				s.scratch = append(s.scratch, '\n')
			}
		case c == '&':
			if literal {
				continue
			}
			r, n, problem := reference(b[i:])
			if problem != "" {
				return nil, i, problem
			}
			copyTo(i)
			s.scratch = utf8.AppendRune(s.scratch, r)
			i += n - 1
			copied, changed = i+1, true
		case c == ']':
			if !literal && bytes.HasPrefix(b[i:], []byte("]]>")) {
				return nil, i, "“]]>” may not stand in text; write “]]&gt;”"
			}
		case c == 0xEF:
			if bytes.HasPrefix(b[i:], []byte("\uFFFE")) || bytes.HasPrefix(b[i:], []byte("\uFFFF")) {
				return nil, i, "U+FFFE and U+FFFF are not characters"
			}
		default:
			return nil, i, fmt.Sprintf("the control character U+%04X may not stand in XML", c)
		}
	}
	if !changed {
		return b, 0, ""
	}
	copyTo(len(b))
	return s.scratch[mark:], 0, ""
}

const notUTF8 = "these bytes are not UTF-8"

func (s *Scanner) charError(at int, problem string) error {
	switch {
	case problem == notUTF8 && s.encoding != "utf-8":
		return s.fail(at, "xml.encoding", "the file is damaged, or its declaration names the wrong encoding", "bytes that are not %s", diag.Arg("encoding", s.encoding))
	case problem == notUTF8:
		return s.fail(at, "xml.encoding", "save the file as UTF-8, or name its encoding in the XML declaration", "%s", problem)
	case problem == unknownEntity:
		return s.fail(at, "xml.entity", "write the character itself, or a number as in &#160;", "%s", problem)
	case problem[0] == '&':
		return s.fail(at, "xml.syntax", "write &amp; for the character &", "“%s”%s", diag.Arg("problem", problem[:1]), diag.Arg("otherProblem", problem[1:]))
	}
	return s.fail(at, "xml.char", "", "%s", problem)
}

// invalid is where b stops being UTF-8.
func invalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}

const unknownEntity = "an entity other than amp, lt, gt, apos and quot is not accepted"

// reference decodes the reference that b begins with.
func reference(b []byte) (r rune, n int, problem string) {
	end := bytes.IndexByte(b[:min(len(b), 16)], ';')
	if end < 2 {
		if end < 0 && len(b) > 16 && isNameStart(b[1]) {
			return 0, 0, unknownEntity
		}
		return 0, 0, "& begins no character reference"
	}
	name := b[1:end]
	if name[0] == '#' {
		digits, base := name[1:], 10
		if len(digits) > 0 && digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		v, err := strconv.ParseUint(string(digits), base, 32)
		if err != nil || len(digits) == 0 || digits[0] == '+' || bytes.IndexByte(digits, '_') >= 0 {
			return 0, 0, "& begins no character reference"
		}
		if v > utf8.MaxRune || !IsChar(rune(v)) {
			return 0, 0, fmt.Sprintf("a reference to U+%04X, which may not stand in XML", v)
		}
		return rune(v), end + 1, ""
	}
	switch string(name) {
	case "amp":
		return '&', end + 1, ""
	case "lt":
		return '<', end + 1, ""
	case "gt":
		return '>', end + 1, ""
	case "quot":
		return '"', end + 1, ""
	case "apos":
		return '\'', end + 1, ""
	}
	for _, c := range name {
		if !isNameByte(c) {
			return 0, 0, "& begins no character reference"
		}
	}
	return 0, 0, unknownEntity
}

// IsChar reports whether XML 1.0 lets a character stand in a document (production 2, Char).
func IsChar(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// indexNotSpace is where b has something that is not XML's white space, or -1.
func indexNotSpace(b []byte) int {
	for i, c := range b {
		if !isSpace(c) {
			return i
		}
	}
	return -1
}

// IsSpace reports whether b is nothing but XML's white space.
func IsSpace(b []byte) bool { return indexNotSpace(b) < 0 }
