package html

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// ldFields are the fields of JSON-LD and microdata, in lower case, that hold text
// of the page itself (https://schema.org/NewsArticle). The name of a thing
// depends on its type: see ldNamed.
var ldFields = map[string]bool{
	"headline": true, "alternativeheadline": true, "description": true, "abstract": true, "articlesection": true,
	"caption": true, "articlebody": true, "keywords": true, "transcript": true, "backstory": true,
	"embeddedtextcaption": true, "reviewbody": true, "dateline": true, "name": true, "text": true,
}

// ldOthers are the fields under which something other than the page is
// described, whose names and descriptions are not its own.
var ldOthers = map[string]bool{
	"author": true, "creator": true, "editor": true, "contributor": true, "publisher": true, "provider": true,
	"sourceOrganization": true, "copyrightHolder": true, "funder": true, "sponsor": true, "isPartOf": true,
	"worksFor": true, "memberOf": true, "parentOrganization": true, "potentialAction": true, "itemListElement": true,
	"about": true, "mentions": true, "citation": true, "comment": true, "brand": true, "isBasedOn": true,
	"translationOfWork": true, "workTranslation": true,
}

// ldBodies are the types that are not a page, nor part of one.
var ldBodies = map[string]bool{
	"Person": true, "Organization": true, "NewsMediaOrganization": true, "Corporation": true, "WebSite": true,
	"ItemList": true, "Place": true, "PostalAddress": true, "Country": true, "City": true, "Brand": true, "Product": true,
	"Offer": true, "AggregateRating": true, "Rating": true, "Comment": true, "Periodical": true, "Service": true,
}

// ldNamed reports whether the name of a thing of a type is text of the page: its
// headline, a caption, a question. The name of a person or of a site is not.
func ldNamed(typ string) bool {
	switch typ {
	case "ImageObject", "VideoObject", "AudioObject", "MediaObject", "Clip", "Question", "DefinedTerm", "CreativeWork",
		"Report", "HowTo", "HowToStep", "HowToSection", "HowToTip", "Recipe", "Dataset", "Map", "Table", "WebContent":
		return true
	}
	return ldPage(typ)
}

// ldPage reports whether a type is that of a page or an article.
func ldPage(typ string) bool {
	return strings.HasSuffix(typ, "Article") || strings.HasSuffix(typ, "Posting") || strings.HasSuffix(typ, "Page")
}

// ldText reports whether the text of a thing of a type is text of the page.
func ldText(typ string) bool {
	switch typ {
	case "Answer", "HowToStep", "HowToSection", "HowToDirection", "HowToTip", "Quotation", "SpokenWordAlbum":
		return true
	}
	return ldPage(typ)
}

// ldRecording reports whether a thing of a type has a language of its own, which
// the translation of what is written about it does not change.
func ldRecording(typ string) bool {
	switch typ {
	case "Clip", "Movie", "Book", "Audiobook":
		return true
	}
	for _, word := range [...]string{"Video", "Audio", "Podcast", "Radio", "TV", "Music", "Episode"} {
		if strings.Contains(typ, word) {
			return true
		}
	}
	return false
}

// ldAddress reports whether the values of a field may be the address of the page
// that holds it.
func ldAddress(key string) bool {
	switch key {
	case "url", "@id", "mainEntityOfPage", "mainEntity", "item", "target", "urlTemplate", "isPartOf", "breadcrumb":
		return true
	}
	return false
}

// ldTypeName returns the name of a type without its vocabulary:
// "https://schema.org/NewsArticle" is "NewsArticle".
func ldTypeName(value string) string { return value[strings.LastIndexAny(value, "/#:")+1:] }

const (
	deepestJSON        = 200 // how deep JSON may nest
	maxJSONDiagnostics = 20  // how many broken scripts are reported one by one
)

// ldNode is a value of a JSON text; the values in it follow it, up to past. Its
// kind is the first byte: '{', '[', '"'; 0 for numbers and words. start and end
// are offsets in the document, of a string those between its quotes.
type ldNode struct {
	kind       byte
	key        ldString // the name of the member that it is the value of
	start, end int
	past       int
}

// ldString is a string of a JSON text: the offsets between its quotes.
type ldString struct{ start, end int }

// ldReader reads one JSON text into nodes.
type ldReader struct {
	s        *splitter
	pos, end int
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
	if t == nil || !strings.EqualFold(strings.TrimSpace(s.value(t)), "application/ld+json") || s.openByElement[elTemplate] > 0 {
		return
	}
	s.json = s.json[:0]
	r := ldReader{s: s, pos: from, end: to}
	if err := r.text(); err != nil {
		s.brokenJSON++
		if s.brokenJSON <= maxJSONDiagnostics {
			s.addDiagnostic("html.jsonld", diag.Warning, err.at, "this JSON-LD script does not parse: "+err.msg,
				"correct it; until then it is left unchanged")
		}
		return
	}
	if len(s.json) > 0 {
		s.ldValue(0, "", ldContext{})
	}
}

// ldContext is what the objects around a value are.
type ldContext struct {
	typ        string // the type of the object that it is in
	foreign    bool   // about something other than the page
	breadcrumb bool   // in the list of pages above this one
	untouched  bool   // addresses here are not those of an edition
}

// ldValue makes units and slots of the value at place i of s.json. It reports
// whether there is text to translate in it.
func (s *splitter) ldValue(i int, key string, c ldContext) bool {
	n := &s.json[i]
	text := false
	switch n.kind {
	case '"':
		return s.ldString(n, key, c)
	case '[':
		for j := i + 1; j < n.past; j = s.json[j].past {
			text = s.ldValue(j, key, c) || text
		}
	case '{':
		return s.ldObject(i, key, c)
	}
	return text
}

func (s *splitter) ldObject(i int, key string, c ldContext) bool {
	n := s.json[i]
	c.typ = ""
	headline, language := -1, -1
	for j := i + 1; j < n.past; j = s.json[j].past {
		m := &s.json[j]
		switch s.z.s[m.key.start:m.key.end] {
		case "@type":
			if m.kind == '[' && m.past > j+1 {
				m = &s.json[j+1]
			}
			if m.kind == '"' {
				c.typ = ldTypeName(s.z.s[m.start:m.end])
			}
		case "headline":
			headline = m.key.start - 1
		case "inLanguage":
			language = j
		}
	}
	if c.typ == "BreadcrumbList" {
		c.breadcrumb = !c.foreign
	}
	c.foreign = c.foreign || ldBodies[c.typ] || strings.HasSuffix(c.typ, "Action")
	text := false
	for j := i + 1; j < n.past; j = s.json[j].past {
		m := &s.json[j]
		k := s.z.s[m.key.start:m.key.end]
		inner := c
		inner.foreign = c.foreign || ldOthers[k] && !(c.breadcrumb && k == "itemListElement")
		inner.untouched = c.untouched || k == "translationOfWork" || k == "workTranslation" || k == "isBasedOn" || k == "sameAs"
		if k != "@type" && j != language {
			text = s.ldValue(j, k, inner) || text
		}
	}
	switch {
	case c.foreign:
	case language >= 0:
		if m := s.json[language]; m.kind == '"' && (text || ldPage(c.typ)) && !ldRecording(c.typ) {
			s.slot(slotInLanguage, m.start, m.end)
		}
	case headline >= 0 && key != "mainEntityOfPage":
		s.slot(slotNoLanguage, headline, headline)
	}
	return text
}

// ldString makes a unit of a string that is text, and a slot of one that may be
// the page's address.
func (s *splitter) ldString(n *ldNode, key string, c ldContext) bool {
	value := s.z.s[n.start:n.end]
	if !c.foreign && key != "" {
		lower := strings.ToLower(key)
		text := s.rules.jsonLD[lower]
		switch lower {
		case "name":
			text = text && (ldNamed(c.typ) || c.breadcrumb)
		case "text":
			text = text && ldText(c.typ)
		case "datepublished":
			s.page.ldDate = first(s.page.ldDate, value)
		}
		if text && !isURL(value) {
			return s.ldUnit(key, n)
		}
	}
	if !c.untouched && ldAddress(key) && isURL(value) {
		s.slot(slotJSONAddress, n.start, n.end)
	}
	return false
}

// isURL reports whether a value is an absolute address or one from the root,
// perhaps with its slashes escaped as JSON allows, and nothing else.
func isURL(value string) bool {
	if strings.ContainsAny(value, " \n\t") {
		return false
	}
	return strings.HasPrefix(value, "/") || strings.HasPrefix(value, `\/`) ||
		strings.HasPrefix(value, "https:") || strings.HasPrefix(value, "http:")
}

// ldUnit makes a unit of a JSON string, if it has words.
func (s *splitter) ldUnit(key string, n *ldNode) bool {
	w := &s.w
	w.reset()
	if w.json(n.start, n.end); !w.word {
		return false
	}
	text, span := w.finish(mode{})
	span.Context = inJSON
	u := s.insert(len(s.doc.Units), span)
	u.ID, u.Kind, u.Name, u.Source = s.ids.Named("jsonld."+key), bitext.Field, "jsonld:"+key, text
	u.Preserve = strings.Contains(text.Chars, "\n")
	return true
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
	if err := r.value(ldString{}, 0); err != nil {
		return err
	}
	if r.space(); r.pos < r.end {
		return r.fail(r.pos, "there is something after its end")
	}
	return nil
}

// value reads a value, that of the member of a name.
func (r *ldReader) value(key ldString, depth int) *ldError {
	if depth > deepestJSON {
		return r.fail(r.pos, "it nests deeper than %d levels", deepestJSON)
	}
	r.space()
	at := len(r.s.json)
	r.s.json = append(r.s.json, ldNode{key: key, start: r.pos, past: at + 1})
	c := r.peek()
	switch {
	case c == '"':
		v, err := r.str()
		if err != nil {
			return err
		}
		n := &r.s.json[at]
		n.kind, n.start, n.end = c, v.start, v.end
		return nil
	case c == '{' || c == '[':
		if err := r.members(c, depth); err != nil {
			return err
		}
		n := &r.s.json[at]
		n.kind, n.end, n.past = c, r.pos, len(r.s.json)
		return nil
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

// members reads the values of an object or array, up to the bracket that closes
// what open opens.
func (r *ldReader) members(open byte, depth int) *ldError {
	end := open + 2 // in ASCII, of both
	r.pos++
	for n := 0; ; n++ {
		r.space()
		if r.peek() == end && n == 0 {
			r.pos++
			return nil
		}
		var key ldString
		if open == '{' {
			if r.peek() != '"' {
				return r.fail(r.pos, "there should be a member's name in quotes here")
			}
			var err *ldError
			if key, err = r.str(); err != nil {
				return err
			}
			if r.space(); r.peek() != ':' {
				return r.fail(r.pos, `there should be ":" here`)
			}
			r.pos++
		}
		if err := r.value(key, depth+1); err != nil {
			return err
		}
		r.space()
		switch r.peek() {
		case ',':
			r.pos++
		case end:
			r.pos++
			return nil
		default:
			return r.fail(r.pos, `there should be "," or "%c" here`, end)
		}
	}
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
