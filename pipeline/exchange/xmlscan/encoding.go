package xmlscan

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// declared finds the encoding that an XML declaration names.
var declared = lazy.Regexp(`^<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._:-]*)["']`)

// begin finds out the encoding and reads the first bytes.
func (s *Scanner) begin() error {
	in := bufio.NewReaderSize(s.in, 4096)
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return s.fail(0, "xml.read", "", "%s", err.Error())
	}
	s.encoding = "utf-8"
	s.in = in
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		s.bom = true
		_, _ = in.Discard(3)
		return nil
	case bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}),
		bytes.HasPrefix(head, []byte{0, 0, 0, '<'}), bytes.HasPrefix(head, []byte{'<', 0, 0, 0}):
		return s.fail(0, "xml.encoding", "save it as UTF-8", "the file is in UTF-32, which is not read")
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		s.bom = true
		s.utf16(in, head[0] == 0xFE)
		_, _ = in.Discard(2)
		return nil
	case bytes.HasPrefix(head, []byte{0, '<'}), bytes.HasPrefix(head, []byte{'<', 0}):
		s.utf16(in, head[0] == 0)
		return nil
	}
	head, _ = in.Peek(1024)
	m := declared().FindSubmatch(head)
	if m == nil {
		return nil
	}
	label := strings.ToLower(string(m[1]))
	if strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "ucs-2") || strings.HasPrefix(label, "iso-10646-ucs-2") {
		return nil // it is not, or these letters could not be read
	}
	e, name := charset.Lookup(label)
	switch {
	case e == nil || name == "replacement":
		return s.fail(0, "xml.encoding", "save the file as UTF-8", "the encoding %q is not known", diag.Arg("label", label))
	case name == "utf-8" || e == encoding.Nop:
		return nil
	}
	s.encoding = name
	s.in = transform.NewReader(in, &strict{in: e.NewDecoder()})
	return nil
}

func (s *Scanner) utf16(in io.Reader, big bool) {
	s.encoding = "utf-16le"
	if big {
		s.encoding = "utf-16be"
	}
	s.in = transform.NewReader(in, utf16Decoder{big})
}

// strict makes what a decoder cannot read into a byte that is not UTF-8, so that
// the error is found with its place. Decoders put U+FFFD there, which none of the
// encodings but gb18030 can mean.
type strict struct{ in transform.Transformer }

func (d *strict) Reset() { d.in.Reset() }

func (d *strict) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	nDst, nSrc, err = d.in.Transform(dst, src, atEOF)
	markInvalid(dst[:nDst])
	return nDst, nSrc, err
}

func markInvalid(b []byte) {
	for {
		i := bytes.Index(b, []byte(string(utf8.RuneError)))
		if i < 0 {
			return
		}
		b[i] = 0xFF
		b = b[i+1:]
	}
}

// utf16Decoder makes UTF-8 of UTF-16, and a byte that is not UTF-8 of half a
// surrogate pair or half a unit.
type utf16Decoder struct{ big bool }

func (utf16Decoder) Reset() {}

func (d utf16Decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	unit := func(i int) rune {
		if d.big {
			return rune(src[i])<<8 | rune(src[i+1])
		}
		return rune(src[i+1])<<8 | rune(src[i])
	}
	for nSrc < len(src) {
		if len(dst)-nDst < utf8.UTFMax {
			return nDst, nSrc, transform.ErrShortDst
		}
		if len(src)-nSrc < 2 {
			if !atEOF {
				return nDst, nSrc, transform.ErrShortSrc
			}
			dst[nDst] = 0xFF
			return nDst + 1, len(src), nil
		}
		r, n := unit(nSrc), 2
		if utf16.IsSurrogate(r) {
			if len(src)-nSrc < 4 && !atEOF {
				return nDst, nSrc, transform.ErrShortSrc
			}
			pair := utf8.RuneError
			if len(src)-nSrc >= 4 {
				pair = utf16.DecodeRune(r, unit(nSrc+2))
			}
			if pair == utf8.RuneError {
				dst[nDst] = 0xFF
				nDst++
				nSrc += 2
				continue
			}
			r, n = pair, 4
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += n
	}
	return nDst, nSrc, nil
}
