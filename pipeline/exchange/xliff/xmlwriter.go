package xliff

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xmlscan"
)

// out gathers XML and hands it on in large pieces.
type out struct {
	w     io.Writer
	buf   []byte
	holes []hole
	err   error
}

// hole is a place in out.buf for something that may be written once all of some
// units have been.
type hole struct {
	at    int
	units []string
	text  string
}

const flushAt = 1 << 16

func (o *out) writeStrings(parts ...string) {
	for _, p := range parts {
		o.buf = append(o.buf, p...)
	}
}

// attr writes an attribute.
func (o *out) attr(name, value string) {
	o.buf = append(o.buf, ' ')
	o.buf = append(o.buf, name...)
	o.buf = append(o.buf, '=', '"')
	o.buf = appendAttr(o.buf, value)
	o.buf = append(o.buf, '"')
}

// attrIfSet writes an attribute if its value is not empty.
func (o *out) attrIfSet(name, value string) {
	if value != "" {
		o.attr(name, value)
	}
}

// text writes characters where no control character can be told otherwise: one
// that XML forbids becomes U+FFFD.
func (o *out) text(s string) {
	for {
		n := plain(s)
		o.buf = appendText(o.buf, s[:n])
		if n == len(s) {
			return
		}
		_, size := utf8.DecodeRuneInString(s[n:])
		o.buf = utf8.AppendRune(o.buf, utf8.RuneError)
		s = s[n+size:]
	}
}

// flush hands on what there is, if it is much or all of it is wanted.
func (o *out) flush(all bool) error {
	if o.err == nil && (all || len(o.buf) >= flushAt) {
		_, o.err = o.w.Write(o.buf)
		o.buf = o.buf[:0]
	}
	return o.err
}

// plain is how many bytes of s come before the first character that XML forbids.
func plain(s string) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return i
		case c == 0xEF && (strings.HasPrefix(s[i:], "\uFFFE") || strings.HasPrefix(s[i:], "\uFFFF")):
			return i
		}
	}
	return len(s)
}

// escaped marks the bytes that text does not hold as they are.
var escaped = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#13;"}

func appendText(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		if e := escaped[s[i]]; e != "" {
			dst = append(append(dst, s[from:i]...), e...)
			from = i + 1
		}
	}
	return append(dst, s[from:]...)
}

func appendAttr(dst []byte, s string) []byte {
	from := 0
	for i, r := range s {
		var e string
		switch {
		case r == '&':
			e = "&amp;"
		case r == '<':
			e = "&lt;"
		case r == '>':
			e = "&gt;"
		case r == '"':
			e = "&quot;"
		case r == '\n', r == '\r', r == '\t':
			e = "&#" + strconv.Itoa(int(r)) + ";"
		case r == utf8.RuneError || !xmlscan.IsChar(r):
			e = "\uFFFD"
			dst = append(append(dst, s[from:i]...), e...)
			_, n := utf8.DecodeRuneInString(s[i:])
			from = i + n
			continue
		default:
			continue
		}
		dst = append(append(dst, s[from:i]...), e...)
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// timeText writes a time as XML Schema's dateTime, empty for none.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// parseTime reads timeText's form, the zero time when it is not one.
func parseTime(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// originProps tells where a text came from.
func originProps(p *props, o *bitext.Origin) {
	p.add("origin", string(o.Kind))
	p.add("author", o.Name)
	p.add("time", timeText(o.Time))
	if o.Entry != 0 {
		p.add("entry", strconv.FormatInt(o.Entry, 10))
	}
	p.add("terms", o.Terms)
}

func originOf(p props) bitext.Origin {
	entry, _ := strconv.ParseInt(p.text("entry"), 10, 64)
	return bitext.Origin{
		Kind: bitext.OriginKind(p.text("origin")), Name: p.text("author"), Time: parseTime(p.text("time")), Entry: entry, Terms: p.text("terms"),
	}
}

// targetProps are the fields of a target that neither version has a place for.
func targetProps(p *props, t *bitext.Target) {
	if t.Filled {
		originProps(p, &t.Origin)
		p.add("locale", t.Locale)
		if t.Match != bitext.NoMatch {
			p.add("match", t.Match.String())
		}
	}
}

func setTargetProps(t *bitext.Target, p props) {
	if t.Filled {
		t.Origin, t.Locale, t.Match = originOf(p), p.text("locale"), matchType(p.text("match"))
	}
}

func matchType(name string) bitext.MatchType {
	for m := bitext.MTMatch; m <= bitext.InContextMatch; m++ {
		if m.String() == name {
			return m
		}
	}
	return bitext.NoMatch
}

// nmtoken makes an NMTOKEN of s.
func nmtoken(s string) string {
	t := strings.Map(func(r rune) rune {
		if !xmlscan.IsNameRune(r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, s)
	if t == "" {
		return "_"
	}
	return t
}
