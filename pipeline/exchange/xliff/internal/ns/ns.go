// Package ns holds the facts of XLIFF that its codec and its validator share: names
// of namespaces, forms of values, and limits.
package ns

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/exchange/xmlscan"
	"hexapla/pipeline/lazy"
)

// Namespaces of XLIFF and its modules.
const (
	V12 = "urn:oasis:names:tc:xliff:document:1.2"
	V2  = "urn:oasis:names:tc:xliff:document:2.0"
	V22 = "urn:oasis:names:tc:xliff:document:2.2"
	MTC = "urn:oasis:names:tc:xliff:matches:2.0"
	GLS = "urn:oasis:names:tc:xliff:glossary:2.0"
	FS  = "urn:oasis:names:tc:xliff:fs:2.0"
	MDA = "urn:oasis:names:tc:xliff:metadata:2.0"
	RES = "urn:oasis:names:tc:xliff:resourcedata:2.0"
	CTR = "urn:oasis:names:tc:xliff:changetracking:2.0"
	SLR = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
	VAL = "urn:oasis:names:tc:xliff:validation:2.0"
	ITS = "http://www.w3.org/2005/11/its"
	PGS = "urn:oasis:names:tc:xliff:pgs:1.0"
	ITM = "urn:oasis:names:tc:xliff:itsm:2.1"
)

var PrefixOf = map[string]string{
	MTC: "mtc", GLS: "gls", FS: "fs", MDA: "mda", RES: "res", CTR: "ctr", SLR: "slr", VAL: "val", PGS: "pgs", ITS: "its", ITM: "itsm", xmlscan.XML: "xml",
}

// MaxUnit is the most bytes of one unit that are read.
const MaxUnit = 64 << 20

// CodeTypes are the six of XLIFF 2.1, 4.3.1.24.
var CodeTypes = []string{"fmt", "ui", "quote", "link", "image", "other"}

// ReservedSubTypes are the subtypes with XLIFF's own prefix, and the CodeTypes they are for.
var ReservedSubTypes = map[string]string{"xlf:lb": "fmt", "xlf:pb": "fmt", "xlf:b": "fmt", "xlf:i": "fmt", "xlf:u": "fmt", "xlf:var": "ui"}

// IsNMTOKEN reports whether s is an XML NMTOKEN, as ids in XLIFF 2 must be.
func IsNMTOKEN(s string) bool {
	for _, r := range s {
		if !xmlscan.IsNameRune(r) || r == utf8.RuneError {
			return false
		}
	}
	return s != ""
}

// IsUserDefined reports whether s has the form prefix:value (XLIFF 2.1,
// 4.3.1.23 and 4.3.1.26).
func IsUserDefined(s string) bool {
	prefix, value, ok := strings.Cut(s, ":")
	return ok && prefix != "" && value != "" && !strings.ContainsAny(value, ": \t\n\r") && !strings.ContainsAny(prefix, " \t\n\r")
}

// IDSet remembers ids by 64 bits of a hash, so that a million of them need few
// bytes each.
type IDSet map[uint64]struct{}

var idSeed = maphash.MakeSeed()

// Add reports whether id is new.
func (s *IDSet) Add(id string) bool {
	if *s == nil {
		*s = IDSet{}
	}
	h := maphash.String(idSeed, id)
	if _, ok := (*s)[h]; ok {
		return false
	}
	(*s)[h] = struct{}{}
	return true
}

// Has reports whether id has been added.
func (s IDSet) Has(id string) bool {
	_, ok := s[maphash.String(idSeed, id)]
	return ok
}

// languageTag is a well-formed language tag (BCP 47, 2.1), but for the
// grandfathered ones, of which languageName has all.
var (
	languageTag = lazy.Regexp(`^(?i:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?` +
		`(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+)$`)
	languageName = lazy.Regexp(`^(?i:en-GB-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:BE-FR|BE-NL|CH-DE)|art-lojban|cel-gaulish|no-bok|no-nyn|zh-(?:guoyu|hakka|min|min-nan|xiang))$`)
)

func IsLanguage(tag string) bool {
	return languageTag().MatchString(tag) || languageName().MatchString(tag)
}
