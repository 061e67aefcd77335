package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// ldFields are the fields of JSON-LD that hold text of the article
// (https://schema.org/NewsArticle).
var ldFields = map[string]bool{
	"headline": true, "alternativeHeadline": true, "description": true, "abstract": true, "articleSection": true,
	"caption": true,
}

// ldOthers are the fields under which something other than the article is
// described, whose names and descriptions are not its own.
var ldOthers = map[string]bool{
	"author": true, "creator": true, "editor": true, "contributor": true, "publisher": true, "provider": true,
	"sourceOrganization": true, "copyrightHolder": true, "funder": true, "sponsor": true, "isPartOf": true,
	"worksFor": true, "memberOf": true, "parentOrganization": true, "potentialAction": true, "itemListElement": true,
	"about": true, "mentions": true, "citation": true,
}

// ldBodies are the types that are not an article, nor part of one.
var ldBodies = map[string]bool{
	"Person": true, "Organization": true, "NewsMediaOrganization": true, "WebSite": true, "BreadcrumbList": true,
	"SearchAction": true, "ListItem": true,
}

const (
	deepestJSON   = 200 // how deep JSON may nest
	mostJSONTells = 20  // how many broken scripts are told of one by one
)

// ldString is a string of a JSON text: the offsets between its quotes.
type ldString struct{ start, end int }

// ldMember is a member of an object that may be text.
type ldMember struct {
	key   string
	value ldString
}

// ldReader reads one JSON text.
type ldReader struct {
	s        *splitter
	pos, end int
	units    []ldMember
}

// ldError is where and how a JSON text is broken.
type ldError struct {
	at  int
	msg string
}

func (e *ldError) Error() string { return e.msg }

// script looks into a script element for JSON-LD. Its content is s[from:to].
func (s *splitter) script(from, to int) {
	t := s.attr(atType)
	if t == nil || !strings.EqualFold(strings.TrimSpace(s.value(t)), "application/ld+json") || s.count[elTemplate] > 0 {
		return
	}
	r := ldReader{s: s, pos: from, end: to}
	slots := len(s.doc.Skeleton.Slots)
	err := r.text()
	if err != nil {
		s.doc.Skeleton.Slots = s.doc.Skeleton.Slots[:slots]
		s.brokenJSON++
		if s.brokenJSON <= mostJSONTells {
			s.tell("html.jsonld", diag.Warning, err.at, "this JSON-LD script does not parse: "+err.msg,
				"mend it; it is left as it is")
		}
		return
	}
	slices.SortStableFunc(r.units, func(a, b ldMember) int { return a.value.start - b.value.start })
	for _, m := range r.units {
		s.ldUnit(m)
	}
}

// ldUnit makes a unit of a JSON string, if it has words.
func (s *splitter) ldUnit(m ldMember) {
	w := &s.w
	w.reset()
	if w.json(m.value.start, m.value.end); !w.word {
		return
	}
	text, hole := w.finish(mode{})
	hole.Context = inJSON
	u := s.insert(len(s.doc.Units), hole)
	u.ID, u.Kind, u.Name, u.Source = s.ids.Named("jsonld."+m.key), bitext.Field, "jsonld:"+m.key, text
}

func (r *ldReader) fail(at int, format string, args ...any) *ldError {
	return &ldError{at, fmt.Sprintf(format, args...)}
}

func (r *ldReader) space() {
	for r.pos < r.end {
		switch r.s.z.s[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

func (r *ldReader) peek() byte {
	if r.pos < r.end {
		return r.s.z.s[r.pos]
	}
	return 0
}

func (r *ldReader) text() *ldError {
	r.space()
	if r.pos == r.end {
		return nil
	}
	if err := r.value("", false, 0); err != nil {
		return err
	}
	if r.space(); r.pos < r.end {
		return r.fail(r.pos, "there is something behind its end")
	}
	return nil
}

// value reads a value. key is the member's that it belongs to; foreign says that
// it is not the article's.
func (r *ldReader) value(key string, foreign bool, depth int) *ldError {
	if depth > deepestJSON {
		return r.fail(r.pos, "it nests deeper than %d levels", deepestJSON)
	}
	r.space()
	switch c := r.peek(); {
	case c == '{':
		return r.object(key, foreign, depth)
	case c == '[':
		return r.array(key, foreign, depth)
	case c == '"':
		v, err := r.str()
		if err == nil && !foreign && key != "" && (ldFields[key] || r.s.fields[strings.ToLower(key)]) {
			r.units = append(r.units, ldMember{key, v})
		}
		return err
	case c == '-' || c-'0' < 10:
		start := r.pos
		for r.pos < r.end && strings.IndexByte("+-.eE0123456789", r.s.z.s[r.pos]) >= 0 {
			r.pos++
		}
		if _, err := strconv.ParseFloat(r.s.z.s[start:r.pos], 64); err != nil && !strings.Contains(err.Error(), "range") {
			return r.fail(start, "a number is malformed")
		}
		return nil
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(r.s.z.s[r.pos:r.end], word) {
			r.pos += len(word)
			return nil
		}
	}
	return r.fail(r.pos, "there should be a value here")
}

func (r *ldReader) array(key string, foreign bool, depth int) *ldError {
	r.pos++
	for n := 0; ; n++ {
		r.space()
		if r.peek() == ']' && n == 0 {
			r.pos++
			return nil
		}
		if err := r.value(key, foreign, depth+1); err != nil {
			return err
		}
		r.space()
		switch r.peek() {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return nil
		default:
			return r.fail(r.pos, `there should be "," or "]" here`)
		}
	}
}

// object reads an object. What its type is, and so whose text it holds, is
// known only at its end.
func (r *ldReader) object(under string, foreign bool, depth int) *ldError {
	r.pos++
	units := len(r.units)
	body, picture, hasLanguage := false, false, false
	headline, name, language := -1, ldString{-1, 0}, ldString{-1, 0}
	for n := 0; ; n++ {
		r.space()
		if r.peek() == '}' && n == 0 {
			r.pos++
			break
		}
		at := r.pos
		if r.peek() != '"' {
			return r.fail(r.pos, "there should be a member's name in quotes here")
		}
		k, err := r.str()
		if err != nil {
			return err
		}
		key := r.s.z.s[k.start:k.end]
		if r.space(); r.peek() != ':' {
			return r.fail(r.pos, `there should be ":" here`)
		}
		r.pos++
		r.space()
		start := r.pos
		text := r.peek() == '"'
		if err := r.value(key, foreign || ldOthers[key], depth+1); err != nil {
			return err
		}
		if text {
			v := ldString{start + 1, r.pos - 1}
			value := r.s.z.s[v.start:v.end]
			switch key {
			case "@type":
				body = ldBodies[value]
				picture = value == "ImageObject" || value == "VideoObject"
			case "headline":
				headline = at
			case "name":
				name = v
			case "datePublished":
				if !foreign {
					r.s.page.ldDate = first(r.s.page.ldDate, value)
				}
			case "inLanguage":
				language = v
			}
		}
		hasLanguage = hasLanguage || key == "inLanguage"
		r.space()
		if c := r.peek(); c == ',' {
			r.pos++
			continue
		} else if c != '}' {
			return r.fail(r.pos, `there should be "," or "}" here`)
		}
		r.pos++
		break
	}
	if body {
		r.units = r.units[:units]
	}
	if picture && !foreign && name.start >= 0 {
		r.units = append(r.units, ldMember{"name", name})
	}
	switch {
	case language.start >= 0:
		r.s.slot(slotInLanguage, language.start, language.end)
	case headline >= 0 && !hasLanguage && !foreign && under != "mainEntityOfPage":
		r.s.slot(slotNoLanguage, headline, headline)
	}
	return nil
}

// str reads a string and gives what stands between its quotes.
func (r *ldReader) str() (ldString, *ldError) {
	start := r.pos + 1
	s := r.s.z.s
	for i := start; i < r.end; i++ {
		switch c := s[i]; {
		case c == '"':
			r.pos = i + 1
			return ldString{start, i}, nil
		case c == '\\':
			i++
			if i < r.end && strings.IndexByte(`"\/bfnrtu`, s[i]) < 0 {
				return ldString{}, r.fail(i-1, "a string has an escape that JSON does not know")
			}
			if i < r.end && s[i] == 'u' && hex4(s[i+1:r.end]) < 0 {
				return ldString{}, r.fail(i-1, `a string has \u without four hexadecimal digits`)
			}
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return ldString{}, r.fail(i, "a string has a control character")
		}
	}
	return ldString{}, r.fail(start-1, "the string that begins here does not end")
}

// hex4 is the value of the four hexadecimal digits that s begins with, -1 if it
// does not.
func hex4(s string) int {
	if len(s) < 4 {
		return -1
	}
	v, err := strconv.ParseUint(s[:4], 16, 16)
	if err != nil {
		return -1
	}
	return int(v)
}

// json adds the characters of the JSON string s[i:end].
func (w *writer) json(i, end int) {
	s := w.s
	for i < end {
		from := i
		for i < end && s[i] != '\\' && classes[s[i]] <= classSpace {
			c := s[i]
			w.word = w.word || c|0x20-'a' < 26 || c-'0' < 10
			i++
		}
		if i > from {
			w.copy(from, i)
			continue
		}
		if s[i] != '\\' {
			switch classes[s[i]] {
			case classBreak, classAmp:
				w.copy(i, i+1)
				i++
			case classControl:
				w.raw(i, i+1)
				i++
			default:
				i = w.high(i, end)
			}
			continue
		}
		n, chars := 2, ""
		switch c := s[i+1]; c {
		case 'n':
			chars = "\n"
		case 't':
			chars = "\t"
		case 'r', 'b', 'f':
		case 'u':
			n = 6
			r := rune(hex4(s[i+2 : end]))
			if utf16.IsSurrogate(r) {
				if low := s[i+6 : end]; strings.HasPrefix(low, `\u`) {
					if r = utf16.DecodeRune(r, rune(hex4(low[2:]))); r != utf8.RuneError {
						n = 12
					}
				} else {
					r = utf8.RuneError
				}
			}
			if r != utf8.RuneError && r >= 0x20 && (r < 0x7F || r >= 0xA0) {
				chars = string(r)
			}
		default:
			chars = string(c)
		}
		if chars == "" {
			// A control character, or half of one: as it is.
			w.escaped(s[i:i+n], i, i+n)
		} else {
			for _, r := range chars {
				w.letter(r)
			}
			w.add(chars, i, i+n)
		}
		i += n
	}
}
