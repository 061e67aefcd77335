// Package tmx reads and writes Translation Memory eXchange files, versions 1.1 to
// 1.4b (https://www.gala-global.org/tmx-14b), one translation unit at a time.
//
// What a memory's entry has and TMX has no element for stands in properties of
// the target's tuv: x-hexapla:state, substate, origin, name, terms, prev, next and
// place, and in either tuv x-hexapla:codes for what the inline elements cannot say
// of the codes. So a memory that is written and read again is the same. A value
// of ours that XML cannot hold, or that begins with a quotation mark, is written as
// a Go string literal. A character of a text that XML forbids is a ph of type
// x-hexapla:char with its bytes in hexadecimal.
//
// Not kept: where in a code's content a sub begins and ends (its text is part of
// the content), user-defined encodings (ude), and the language and encoding of
// a prop or note.
package tmx

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xmlscan"
)

// File is what a file's header says. SourceLocale is its srclang, "*all*" for any.
// A prop named "note" is a note.
type File struct {
	Version             string
	CreationTool        string
	CreationToolVersion string
	SegType             string
	AdminLang           string
	SourceLocale        string
	DataType            string
	Props               []bitext.Prop
}

// isOmegaT reports whether OmegaT made the file: then the characters hold its
// short tags, whatever elements are around them.
func (f *File) isOmegaT() bool { return f.CreationTool == "OmegaT" }

// TU is one translation unit: the same text in two or more languages. SourceLocale
// is its own srclang, or the header's; "*all*" and the empty string stand for any.
// Attrs are its other attributes but tuid, in their order.
type TU struct {
	File         *File
	ID           string
	SourceLocale string
	Attrs        []bitext.Prop
	Props        []bitext.Prop
	Variants     []Variant
	Line, Column int
}

// Variant is the text in one language. Locale has the usual case and hyphens.
// Author and Time are those of the last change, or else of the making; the tuv's
// own go before its tu's. Attrs are all attributes but the language.
type Variant struct {
	Locale string
	Text   bitext.Text
	Author string
	Time   time.Time
	Attrs  []bitext.Prop
	Props  []bitext.Prop
}

// The names of our properties.
const (
	propState    = "x-hexapla:state"
	propSubState = "x-hexapla:substate"
	propOrigin   = "x-hexapla:origin"
	propName     = "x-hexapla:name"
	propTerms    = "x-hexapla:terms"
	propPrev     = "x-hexapla:prev"
	propNext     = "x-hexapla:next"
	propPlace    = "x-hexapla:place"
	propCodes    = "x-hexapla:codes"
)

// charType marks a ph that stands for a character which XML forbids.
const charType = "x-hexapla:char"

// Attributes that an entry keeps stand among its Props, under these before the
// attribute's name; tuid is one of them.
const (
	attrOfTU     = "@"
	attrOfSource = "source@"
	attrOfTarget = "target@"
)

// dateForm is TMX's form of a date and time, ISO 8601's basic one in UTC.
const dateForm = "20060102T150405Z"

// parseDate reads a date in TMX's form, or one that tools write instead.
func parseDate(s string) (time.Time, bool) {
	for _, form := range []string{dateForm, "20060102T150405Z0700", "20060102T150405", time.RFC3339, "2006-01-02T15:04:05", "20060102"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC().Truncate(time.Second), !t.IsZero()
		}
	}
	return time.Time{}, false
}

// lastChange is who changed a tuv last, or else made it, and when, by its own
// attributes or else its tu's; name and date are the places that say so, counted
// through both lists, -1 if none does.
func lastChange(own, unit []bitext.Prop) (author string, at time.Time, name, date int) {
	name, date = -1, -1
	for _, what := range []string{"change", "creation"} {
		for i := range len(own) + len(unit) {
			var a *bitext.Prop
			if i < len(own) {
				a = &own[i]
			} else {
				a = &unit[i-len(own)]
			}
			if name < 0 && a.Name == what+"id" && a.Value != "" {
				author, name = a.Value, i
			}
			if date < 0 && a.Name == what+"date" {
				if t, ok := parseDate(a.Value); ok {
					at, date = t, i
				}
			}
		}
	}
	return author, at, name, date
}

// localeCase puts a language tag into the usual case, with hyphens: languages are
// small, scripts begin with a capital, regions are capitals (BCP 47, 2.1.1).
func localeCase(tag string) string {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	for i, p := range parts {
		p = strings.ToLower(p)
		switch {
		case i == 0 || len(parts[i-1]) == 1: // a language, or an extension's
		case len(p) == 2:
			p = strings.ToUpper(p)
		case len(p) == 4 && p[0] >= 'a' && p[0] <= 'z':
			p = strings.ToUpper(p[:1]) + p[1:]
		}
		parts[i] = p
	}
	return strings.Join(parts, "-")
}

// holds reports whether XML can hold s as it is.
func holds(s string) bool {
	for i, r := range s {
		if !xmlscan.IsChar(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// quote makes a value of ours fit for XML, and unquote takes it back.
func quote(s string) string {
	if strings.HasPrefix(s, `"`) || !holds(s) {
		return strconv.QuoteToASCII(s)
	}
	return s
}

func unquote(s string) string {
	if strings.HasPrefix(s, `"`) {
		if u, err := strconv.Unquote(s); err == nil {
			return u
		}
	}
	return s
}

// TMX's words for what a code is (TMX 1.4b, values of type), and XLIFF's.
var types = []struct{ tmx, typ, subType string }{
	{"bold", "fmt", "xlf:b"},
	{"italic", "fmt", "xlf:i"},
	{"ulined", "fmt", "xlf:u"},
	{"lb", "fmt", "xlf:lb"},
	{"pb", "fmt", "xlf:pb"},
}

// typeName is a code's type in TMX. What has no word there has its Type.
func typeName(c *bitext.Code) string {
	for _, t := range types {
		if c.Type == t.typ && c.SubType == t.subType {
			return t.tmx
		}
	}
	return c.Type
}

func typeOf(name string) (typ, subType string) {
	for _, t := range types {
		if name == t.tmx {
			return t.typ, t.subType
		}
	}
	return name, ""
}
