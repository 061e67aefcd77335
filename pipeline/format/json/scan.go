package json

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// maxDepth is how deep objects and arrays may be nested.
const maxDepth = 1000

// scanner reads a JSON text (RFC 8259) once, from its first byte to its last, and
// collects the strings that pointers lead to. It builds no tree: besides what is
// found, it needs memory for one path from the root.
type scanner struct {
	data    []byte
	at      int
	matcher *matcher

	found      []found
	languages  []bitext.Slot
	locales    []bitext.Slot // of keys that are locales, and behind each the members next to it
	duplicates []duplicate
	err        *syntaxError
}

// found is a string with text. start and end are those of its inside.
type found struct {
	path       *step
	start, end int
	content    Content
	title      bool
}

// step is the last step of the way to a value: the name of a member, or the number of
// an element.
type step struct {
	parent *step
	name   string
	elem   *element // nil for a member
}

// element is an element of an array. id is what it calls itself, empty if nothing.
type element struct {
	id   string
	rank int
}

type duplicate struct {
	offset int
	name   string
}

type syntaxError struct {
	offset  int
	message string
}

// idKeys are the members by which an element of an array is known, the best one
// first.
var idKeys = []string{"id", "_id", "documentId", "uid", "uuid", "guid", "key", "_key", "slug", "uri"}

// scan reads the whole text from an offset on.
func (s *scanner) scan(from int) *syntaxError {
	s.at = from
	s.space()
	s.value(s.matcher.start(), nil, nil, 0)
	if s.space(); s.err == nil && s.at < len(s.data) {
		s.fail("text after the end of the JSON value")
	}
	return s.err
}

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = &syntaxError{s.at, fmt.Sprintf(format, args...)}
	}
}

// unexpected fails at the character at s.at.
func (s *scanner) unexpected(where string) {
	if s.at >= len(s.data) {
		s.fail("unexpected end of JSON input")
		return
	}
	r, _ := utf8.DecodeRune(s.data[s.at:])
	s.fail("invalid character %q %s", r, where)
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek reports whether the next byte is c.
func (s *scanner) peek(c byte) bool { return s.at < len(s.data) && s.data[s.at] == c }

// value reads a value to which the pointers of a set lead. Where a value names the
// element that it is in, names is that element.
func (s *scanner) value(set []int32, path *step, names *element, depth int) {
	if s.err != nil {
		return
	}
	if s.at >= len(s.data) {
		s.unexpected("")
		return
	}
	switch c := s.data[s.at]; {
	case c == '{':
		s.object(set, path, names, depth)
	case c == '[':
		s.array(set, path, depth)
	case c == '"':
		start := s.at
		s.string()
		if len(set) > 0 && s.err == nil {
			s.text(set, path, start)
		}
	case c == '-' || c-'0' < 10:
		s.number()
	default:
		s.word()
	}
}

// text collects a string from start to s.at.
func (s *scanner) text(set []int32, path *step, start int) {
	content, title, language := s.matcher.at(set)
	if language {
		s.languages = append(s.languages, bitext.Slot{Name: slotLanguage, Start: start, End: s.at})
	} else if content != None {
		s.found = append(s.found, found{path, start + 1, s.at - 1, content, title})
	}
}

func (s *scanner) nested(depth int) bool {
	if depth >= maxDepth {
		s.fail("JSON is nested more than %d deep", maxDepth)
	}
	return s.err == nil
}

func (s *scanner) array(set []int32, path *step, depth int) {
	if !s.nested(depth) {
		return
	}
	s.at++
	var next []int32
	for i := 0; ; i++ {
		s.space()
		if i == 0 && s.peek(']') {
			break
		}
		var at *step
		var elem *element
		if len(set) > 0 {
			name := strconv.Itoa(i)
			if next, _ = s.matcher.next(next[:0], set, name); len(next) > 0 {
				elem = &element{rank: len(idKeys)}
				at = &step{path, name, elem}
			}
		}
		s.value(next, at, elem, depth+1)
		s.space()
		if s.peek(',') {
			s.at++
			continue
		}
		if !s.peek(']') {
			s.unexpected("after array element")
		}
		if s.err != nil {
			return
		}
		break
	}
	s.at++
}

func (s *scanner) object(set []int32, path *step, names *element, depth int) {
	if !s.nested(depth) {
		return
	}
	s.at++
	var next []int32
	var seen map[string]bool
	var keys, members []bitext.Slot // for names that are locales
	byLocale := s.matcher.hasLocales(set)
	last := s.at
	for first := true; ; first = false {
		s.space()
		if first && s.peek('}') {
			break
		}
		if !s.peek('"') {
			s.unexpected("looking for beginning of object key string")
			return
		}
		keyStart := s.at
		s.string()
		keyEnd := s.at
		if s.space(); !s.peek(':') {
			s.unexpected("after object key")
			return
		}
		s.at++
		s.space()
		var at *step
		next = next[:0]
		rank := len(idKeys)
		var within *element
		if len(set) > 0 || names != nil {
			name, _, _ := Decode(s.data, keyStart+1, keyEnd-1)
			if names != nil {
				if rank = slices.Index(idKeys, name); rank < 0 {
					rank = len(idKeys)
				}
				if name == "sys" { // Contentful's place for it
					within = names
				}
			}
			var isLocale bool
			if next, isLocale = s.matcher.next(next, set, name); len(next) > 0 {
				at = &step{path, name, nil}
				if seen == nil {
					seen = map[string]bool{}
				}
				if seen[name] {
					s.duplicates = append(s.duplicates, duplicate{keyStart, name})
				}
				seen[name] = true
				if isLocale {
					keys = append(keys, bitext.Slot{Name: slotLocaleKey, Start: keyStart, End: keyEnd})
				}
			}
		}
		start := s.at
		s.value(next, at, within, depth+1)
		if names != nil && rank < names.rank && s.err == nil {
			if id := bytes.Trim(s.data[start:s.at], `"`); len(id) > 0 && len(id) <= maxID && s.data[start] != '{' && s.data[start] != '[' && s.data[start] != 'n' {
				names.id, names.rank = string(id), rank
			}
		}
		end := s.at
		s.space()
		if byLocale {
			m := bitext.Slot{Name: slotMember, Start: last, End: end} // with the comma before it
			if first {
				if m.Start = keyStart; s.peek(',') {
					m.End = s.at + 1
				}
			}
			members = append(members, m)
			last = end
		}
		if s.peek(',') {
			s.at++
			continue
		}
		if !s.peek('}') {
			s.unexpected("after object element")
		}
		if s.err != nil {
			return
		}
		break
	}
	s.at++
	for _, k := range keys {
		s.locales = append(append(s.locales, k), members...)
	}
}

// maxID is the length in bytes up to which the name of an element is used.
const maxID = 100

// string reads a string.
func (s *scanner) string() {
	start := s.at
	for s.at++; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; {
		case c == '"':
			s.at++
			return
		case c == '\\':
			if s.at++; s.at == len(s.data) || strings.IndexByte(`"\/bfnrtu`, s.data[s.at]) < 0 {
				s.unexpected("in string escape code")
				return
			}
			if s.data[s.at] == 'u' {
				for range 4 {
					if s.at++; s.at == len(s.data) || strings.IndexByte("0123456789abcdefABCDEF", s.data[s.at]) < 0 {
						s.unexpected(`in \u hexadecimal character escape`)
						return
					}
				}
			}
		case c < 0x20:
			s.unexpected("in string literal")
			return
		}
	}
	s.at = start
	s.fail("the string that begins here does not end")
}

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.data) && s.data[s.at]-'0' < 10 {
		s.at++
	}
	return s.at > start
}

func (s *scanner) number() {
	if s.peek('-') {
		s.at++
	}
	if s.peek('0') {
		s.at++
	} else if !s.digits() {
		s.unexpected("in numeric literal")
		return
	}
	if s.peek('.') {
		if s.at++; !s.digits() {
			s.unexpected("after decimal point in numeric literal")
			return
		}
	}
	if s.peek('e') || s.peek('E') {
		if s.at++; s.peek('+') || s.peek('-') {
			s.at++
		}
		if !s.digits() {
			s.unexpected("in exponent of numeric literal")
		}
	}
}

func (s *scanner) word() {
	for _, w := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(s.data[s.at:], []byte(w)) {
			s.at += len(w)
			return
		}
	}
	s.unexpected("looking for beginning of value")
}
