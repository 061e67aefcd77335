// Package charset turns a document in any encoding of the WHATWG Encoding
// Standard (https://encoding.spec.whatwg.org/) into UTF-8 and back, byte for
// byte. What cannot come back unchanged is reported, and kept as it was: nothing
// here ever becomes U+FFFD.
package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"hexapla/pipeline/diag"
)

// Options are how to find a document's encoding. Encoding forces one, by any
// WHATWG label; only a byte order mark goes before it. Declared gives the label
// that the document's first bytes (at most 1,024) declare, empty for none; it is
// asked if nothing is forced, and may be nil. Late gives the label that the rest
// of the document declares, for one that its first bytes do not; it may be nil.
// Declaration and LateDeclaration are those for HTML.
type Options struct {
	Encoding string
	Declared func(prefix []byte) string
	Late     func(data []byte) string
}

// Decoded is a document's text in UTF-8.
//
// Text may hold bytes that are not UTF-8, where the document holds bytes that
// its encoding does not have; they stand for themselves, and Encode writes them
// as they are. Encoding is a WHATWG name ("utf-8", "windows-1251"). BOM means
// that a byte order mark came first: that of UTF-8 stays in Text, others do not.
//
// Exact means that Encode(Text, Encoding, BOM, nil) gives the document back. If it
// is false, Text is the document itself, not decoded, and must be kept whole.
// Doubtful means that no encoding is known and that Text is not UTF-8, with more
// than one wrong byte for ten ASCII letters: it is in another encoding, and its
// words cannot be read. Valid means that Text is known to be valid UTF-8.
type Decoded struct {
	Text     []byte
	Encoding string
	BOM      bool
	Exact    bool
	Doubtful bool
	Valid    bool
}

const utf8BOM = "\xEF\xBB\xBF"

// sniffed is how much of a document is looked at for its declaration (HTML
// standard, 13.2.3.2).
const sniffed = 1024

// Decode finds out the encoding of data and decodes it: by byte order mark, as
// forced, as declared, or as UTF-8 if it is valid. Text shares data where
// nothing had to be decoded. The diagnostics, all with line and column:
//
//   - charset.doubt: no encoding is known and the bytes are not UTF-8
//   - charset.invalid: there are bytes that the known encoding does not have
//   - charset.lossy: the encoding's tables do not lead back to the same bytes
//   - charset.unknown: a forced or declared label is that of no encoding
//   - charset.guessed: UTF-16 without a byte order mark
//   - charset.mislabelled: the document declares another encoding than UTF-8,
//     which its bytes certainly are, and is read as UTF-8
func Decode(path string, data []byte, o Options) (Decoded, []diag.Diagnostic) {
	var ds []diag.Diagnostic
	add := func(id string, s diag.Severity, text []byte, offset int, hint, format string, args ...any) {
		line, column := diag.At(text, offset)
		ds = append(ds, diag.Diagnostic{ID: id, Severity: s, Place: diag.Place{Path: path, Line: line, Column: column},
			Hint: hint, Issue: "characters"}.Messagef(format, args...))
	}
	name, bom := "", 0
	switch {
	case bytes.HasPrefix(data, []byte(utf8BOM)):
		name, bom = "utf-8", 3
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		name, bom = "utf-16be", 2
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		name, bom = "utf-16le", 2
	}
	if name == "" && o.Encoding != "" {
		if name = Name(o.Encoding); name == "" {
			add("charset.unknown", diag.Error, nil, 0, "use a label of the WHATWG Encoding Standard, such as windows-1251", "%q is not the label of an encoding", diag.Arg("encoding", o.Encoding))
		}
	}
	if name == "" {
		if name = guessUTF16(data); name != "" {
			add("charset.guessed", diag.Warning, nil, 0, "add a byte order mark, or configure the encoding", "read as %s, which it looks like, without a byte order mark", diag.Arg("name", name))
		}
	}
	declared := name == ""
	if name == "" {
		label := ""
		if o.Declared != nil {
			label = o.Declared(data[:min(len(data), sniffed)])
		}
		if label == "" && o.Late != nil && len(data) > sniffed && hasHigh(data) {
			// Browsers begin anew with the encoding when they come upon it (HTML
			// standard, 13.2.3.4).
			label = o.Late(data)
		}
		if label != "" {
			if name = Name(label); name == "" {
				add("charset.unknown", diag.Warning, nil, 0, "declare a label of the WHATWG Encoding Standard, such as utf-8", "the declared encoding %q is not known", diag.Arg("label", label))
			} else if name == "utf-16le" || name == "utf-16be" {
				name = "utf-8" // what could be read as ASCII is not UTF-16
			}
		}
	}
	if declared && name != "" && name != "utf-8" && isUTF8(data, name) {
		add("charset.mislabelled", diag.Warning, data, firstHigh(data), "declare utf-8, or configure the encoding to force it", "the document declares %s, but its bytes are UTF-8: read as UTF-8", diag.Arg("name", name))
		name = "utf-8"
	}
	switch name {
	case "", "utf-8":
		at := invalid(data)
		doubtful := false
		if at >= 0 && name == "" {
			letters, characters, wrong := count(data)
			if characters >= 4*wrong {
				name = "utf-8" // damaged here and there
			}
			doubtful = name == "" && wrong*10 > letters
		}
		if at >= 0 && name == "" {
			add("charset.doubt", diag.Error, data, at, "declare the document's encoding, or configure it: charset of [html], [markdown], [text] or [subtitles]", "byte 0x%02X is not UTF-8 and no encoding is declared", diag.Arg("byte", data[at]))
		} else if at >= 0 {
			add("charset.invalid", diag.Error, data, at, "correct the byte, or configure another encoding", "byte 0x%02X is not UTF-8", diag.Arg("byte", data[at]))
		}
		return Decoded{Text: data, Encoding: "utf-8", BOM: bom > 0, Exact: true, Doubtful: doubtful, Valid: at < 0}, ds
	case "utf-16le", "utf-16be":
		text, at := decodeUTF16(data[bom:], name == "utf-16be")
		if at >= 0 {
			add("charset.invalid", diag.Error, text, at, "correct the text", "half a character that UTF-16 does not allow alone")
		}
		if (len(data)-bom)%2 == 1 {
			add("charset.lossy", diag.Error, text, len(text), "correct the end of the file", "UTF-16 text ends inside a character")
			return Decoded{Text: data, Encoding: name, BOM: bom > 0}, ds
		}
		return Decoded{Text: text, Encoding: name, BOM: bom > 0, Exact: true}, ds
	}
	enc := lookup(name)
	if cm, ok := enc.(*charmap.Charmap); ok {
		text, at, sound := decodeBytes(data, cm)
		back := data
		if !sound {
			// Bytes kept as they are could read as a character together.
			back, _ = encodeBytes(text, cm, nil)
		}
		if bytes.Equal(back, data) {
			if at >= 0 {
				add("charset.invalid", diag.Error, data, at, "correct the byte, or configure another encoding", "byte 0x%02X is not in %s", diag.Arg("byte", data[at]), diag.Arg("name", name))
			}
			return Decoded{Text: text, Encoding: name, Exact: true}, ds
		}
		add("charset.lossy", diag.Error, data, differ(back, data), "store the document in UTF-8", "what the bytes mean in %s does not lead back to them", diag.Arg("name", name))
		return Decoded{Text: data, Encoding: name}, ds
	}
	at := len(data)
	for _, name := range widened(name) {
		text, err := lookup(name).NewDecoder().Bytes(data)
		if err == nil {
			var back []byte
			if back, err = Encode(text, name, false, nil); err == nil && bytes.Equal(back, data) && !bytes.ContainsRune(text, utf8.RuneError) {
				return Decoded{Text: text, Encoding: name, Exact: true}, ds
			}
			at = min(at, differ(back, data))
		}
	}
	add("charset.lossy", diag.Error, data, at, "store the document in UTF-8", "what the bytes mean in %s does not lead back to them", diag.Arg("name", name))
	return Decoded{Text: data, Encoding: name}, ds
}

// Name is the WHATWG name of an encoding's label ("cp1251" is
// "windows-1251"), empty if there is none that can be both read and written.
func Name(label string) string {
	if label == "utf-8" {
		return label
	}
	_, name := charset.Lookup(label)
	if name == "" || name == "replacement" || lookup(name) == nil {
		return ""
	}
	return name
}

// widened gives an encoding, and the larger one that browsers decode it by.
func widened(name string) []string {
	if name == "gbk" {
		return []string{"gbk", "gb18030"}
	}
	return []string{name}
}

// invalid is the offset of the first byte that is not UTF-8, -1 for none.
func invalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func firstHigh(data []byte) int {
	for i, c := range data {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}

func hasHigh(data []byte) bool { return firstHigh(data) >= 0 }

// isUTF8 reports whether a document that declares another encoding is certainly
// UTF-8. Bytes of a single-byte encoding are hardly ever valid UTF-8 throughout:
// its pairs would be a capital letter followed by a sign, such as "Ã¼". In an
// encoding of several bytes some pairs are valid as well, so that one needs two
// characters of three bytes, or that the bytes are wrong in the encoding.
func isUTF8(data []byte, declared string) bool {
	if firstHigh(data) < 0 || !utf8.Valid(data) {
		return false
	}
	if _, single := lookup(declared).(*charmap.Charmap); single {
		return true
	}
	long := 0
	for _, c := range data {
		if c >= 0xE0 {
			long++
		}
	}
	if long >= 2 {
		return true
	}
	for _, name := range widened(declared) {
		text, err := lookup(name).NewDecoder().Bytes(data)
		if err == nil && !bytes.ContainsRune(text, utf8.RuneError) {
			return false
		}
	}
	return true
}

// count returns how many ASCII letters, characters of several bytes and bytes that
// are not UTF-8 there are.
func count(data []byte) (letters, characters, wrong int) {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			if isLetter(data[i]) {
				letters++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			wrong++
		} else {
			characters++
		}
		i += n
	}
	return letters, characters, wrong
}

// differ is the first offset in b where a is another, len(b) if there is none.
func differ(a, b []byte) int {
	for i := range b {
		if i >= len(a) || a[i] != b[i] {
			return i
		}
	}
	return len(b)
}

// guessUTF16 names the byte order of what can hardly be anything but UTF-16 of
// an alphabet: every second byte is below 9, some are 0, and the others are
// not.
func guessUTF16(data []byte) string {
	p := data[:min(len(data), sniffed)&^1]
	if len(p) < 4 || bytes.IndexByte(p, 0) < 0 {
		return ""
	}
	var low, zero [2]int
	for i, c := range p {
		if c < 9 {
			low[i&1]++
		}
		if c == 0 {
			zero[i&1]++
		}
	}
	half := len(p) / 2
	switch {
	case low[1] == half && low[0] == 0 && zero[1] > 0:
		return "utf-16le"
	case low[0] == half && low[1] == 0 && zero[0] > 0:
		return "utf-16be"
	}
	return ""
}

// lookup is the encoding of a WHATWG name, nil if it cannot be used.
func lookup(name string) encoding.Encoding {
	if name == "iso-8859-8-i" {
		return charmap.ISO8859_8 // the same bytes; only the direction differs
	}
	return index(name)
}

// LeadingRun returns the length of the leading bytes of b that are characters in
// UTF-8, with ok, or of those that are none, without.
func LeadingRun(b []byte) (n int, ok bool) {
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		valid := r != utf8.RuneError || size > 1
		if n == 0 {
			ok = valid
		} else if valid != ok {
			break
		}
		n += size
	}
	return n, ok
}
