package charset

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"

	"hexapla/pipeline/diag"
)

// Encode writes text, which is UTF-8, in an encoding, named by any WHATWG
// label. bom asks for a byte order mark where the encoding has one: in UTF-16
// one more than text may begin with, in UTF-8 only if text begins with none, as
// Decode has them.
//
// A character that the encoding does not have is replaced by what unmappable
// makes of it, which must be ASCII; with unmappable nil it is an error. Bytes
// that are not UTF-8 are written as they are. An unknown encoding is an error.
// The result may share text; with an error it is what came before.
func Encode(text []byte, encoding string, bom bool, unmappable func(r rune) string) ([]byte, error) {
	name := Name(encoding)
	switch name {
	case "":
		return nil, fmt.Errorf("unknown encoding %q", encoding)
	case "utf-8":
		if bom && !bytes.HasPrefix(text, []byte(utf8BOM)) {
			return append([]byte(utf8BOM), text...), nil
		}
		return text, nil
	case "utf-16le", "utf-16be":
		return encodeUTF16(text, name == "utf-16be", bom), nil
	}
	enc := lookup(name)
	unmapped := func(r rune) ([]byte, error) {
		switch {
		case r == '\uFEFF':
			return nil, nil // a byte order mark has no meaning here
		case unmappable == nil:
			return nil, fmt.Errorf("%s has no character %q (%U)", name, r, r)
		}
		return []byte(unmappable(r)), nil
	}
	if cm, ok := enc.(*charmap.Charmap); ok {
		return encodeBytes(text, cm, unmapped)
	}
	return encodeMany(text, enc, unmapped)
}

// Unmappable returns the diagnostic, with an ID of the format, that says why an edition was
// written in UTF-8: err is of Encode.
func Unmappable(id, path string, err error) diag.Diagnostic {
	return diag.Diagnostic{
		ID: id, Severity: diag.Error, Place: diag.Place{Path: path}, Hint: "choose UTF-8 for this edition", Issue: "characters",
	}.Messagef("written as UTF-8: %v", diag.Arg("error", err))
}

func index(name string) encoding.Encoding {
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// decodeBytes decodes an encoding of single bytes. A byte that it does not have
// stays itself; at is the first such byte, -1 for none. sound means that there
// was nothing in data that could not come back.
func decodeBytes(data []byte, cm *charmap.Charmap) (text []byte, at int, sound bool) {
	var table [256]string
	var back [256]bool
	for i := range table {
		if r := cm.DecodeByte(byte(i)); r != utf8.RuneError {
			table[i] = string(r)
			b, ok := cm.EncodeRune(r)
			back[i] = ok && b == byte(i)
		}
	}
	text = make([]byte, 0, len(data)+len(data)/4)
	at, sound = -1, true
	for i, c := range data {
		s := table[c]
		if s == "" {
			text = append(text, c)
			if at < 0 {
				at = i
			}
		} else {
			text = append(text, s...)
		}
		sound = sound && back[c]
	}
	return text, at, sound
}

// encodeBytes encodes to single bytes. unmapped gives what stands for a
// character that is not there; if it is nil, the first such character ends the
// output.
func encodeBytes(text []byte, cm *charmap.Charmap, unmapped func(rune) ([]byte, error)) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			out = append(out, text[i])
		} else if b, ok := cm.EncodeRune(r); ok {
			out = append(out, b)
		} else if unmapped == nil {
			return out, nil
		} else {
			s, err := unmapped(r)
			if err != nil {
				return out, err
			}
			out = append(out, s...)
		}
		i += n
	}
	return out, nil
}

// encodeMany encodes to an encoding of several bytes a character, which may have
// states that it moves between.
func encodeMany(text []byte, enc encoding.Encoding, unmapped func(rune) ([]byte, error)) ([]byte, error) {
	e := enc.NewEncoder().Transformer
	out := make([]byte, 0, len(text)+len(text)/8+64)
	// write encodes all of s, or up to the character it stops at.
	write := func(s []byte, last bool) (int, error) {
		at := 0
		for {
			out = growTo(out, len(out)+64)
			nDst, nSrc, err := e.Transform(out[len(out):cap(out)], s[at:], last)
			out = out[:len(out)+nDst]
			at += nSrc
			if !errors.Is(err, transform.ErrShortDst) {
				return at, err
			}
			out = growTo(out, 2*cap(out)+64)
		}
	}
	for len(text) > 0 {
		valid := text
		if at := invalid(text); at >= 0 {
			valid = text[:at]
		}
		n, err := write(valid, true)
		text = text[n:]
		switch {
		case err == nil && n == len(valid):
			if len(text) > 0 {
				out = append(out, text[0]) // not UTF-8: as it is
				text = text[1:]
			}
		default:
			r, size := utf8.DecodeRune(text)
			s, err := unmapped(r)
			if err != nil {
				return out, err
			}
			if _, err := write(s, true); err != nil {
				return nil, fmt.Errorf("replacement %q for %U: %w", s, r, err)
			}
			text = text[size:]
		}
	}
	return out, nil
}

// growTo gives b a capacity of at least n.
func growTo(b []byte, n int) []byte {
	if cap(b) >= n {
		return b
	}
	return append(make([]byte, 0, n), b...)
}

// decodeUTF16 decodes whole units of two bytes. Half of a surrogate pair
// becomes the three bytes that UTF-8 would have for it if it were allowed; at is
// the first one, -1 for none.
func decodeUTF16(data []byte, big bool) (text []byte, at int) {
	hi, lo := 1, 0
	if big {
		hi, lo = 0, 1
	}
	unit := func(i int) rune { return rune(data[i+hi])<<8 | rune(data[i+lo]) }
	text = make([]byte, 0, len(data))
	at = -1
	for i := 0; i+1 < len(data); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 < len(data) {
				if pair := utf16.DecodeRune(r, unit(i+2)); pair != utf8.RuneError {
					text = utf8.AppendRune(text, pair)
					i += 2
					continue
				}
			}
			if at < 0 {
				at = len(text)
			}
			text = append(text, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
			continue
		}
		text = utf8.AppendRune(text, r)
	}
	return text, at
}

// encodeUTF16 is decodeUTF16's way back. Other bytes that are not UTF-8 have no
// place in UTF-16; each is written as the unit of its value.
func encodeUTF16(text []byte, big, bom bool) []byte {
	out := make([]byte, 0, 2*len(text)+2)
	put := func(r rune) {
		if big {
			out = append(out, byte(r>>8), byte(r))
		} else {
			out = append(out, byte(r), byte(r>>8))
		}
	}
	if bom {
		put(0xFEFF)
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1 && len(text) >= i+3 && text[i] == 0xED && text[i+1]&0xE0 == 0xA0 && text[i+2]&0xC0 == 0x80:
			put(0xD000 | rune(text[i+1]&0x3F)<<6 | rune(text[i+2]&0x3F))
			n = 3
		case r == utf8.RuneError && n == 1:
			put(rune(text[i]))
		case r > 0xFFFF:
			a, b := utf16.EncodeRune(r)
			put(a)
			put(b)
		default:
			put(r)
		}
		i += n
	}
	return out
}

// Has gives a function that reports whether an encoding has a character; nil for
// an encoding that has all. The function is for one goroutine.
func Has(encoding string) func(r rune) bool {
	name := Name(encoding)
	if name == "" || name == "utf-8" || name == "utf-16le" || name == "utf-16be" || name == "gb18030" {
		return nil
	}
	enc := lookup(name)
	if cm, ok := enc.(*charmap.Charmap); ok {
		return func(r rune) bool {
			_, ok := cm.EncodeRune(r)
			return ok
		}
	}
	known := map[rune]bool{}
	return func(r rune) bool {
		has, ok := known[r]
		if !ok {
			_, err := enc.NewEncoder().String(string(r))
			has = err == nil
			known[r] = has
		}
		return has
	}
}
