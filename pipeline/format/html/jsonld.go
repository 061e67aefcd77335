package html

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// ldFields are the fields of JSON-LD and microdata, in lower case, that hold text
// of the page itself (https://schema.org/NewsArticle). The name of a thing
// depends on its type: see ldNamed. A field behind a type and a stop is text wherever a
// thing of that type is.
var ldFields = map[string]bool{
	"headline": true, "alternativeheadline": true, "description": true, "abstract": true, "articlesection": true,
	"caption": true, "articlebody": true, "keywords": true, "transcript": true, "backstory": true,
	"embeddedtextcaption": true, "reviewbody": true, "dateline": true, "name": true, "text": true,
	"claimreviewed": true, "recipeingredient": true, "recipeinstructions": true,
	"responsibilities": true, "qualifications": true, "skills": true, "jobbenefits": true,
	"howtotip.text": true, "howtodirection.text": true, "howtosupply.name": true, "howtotool.name": true, "review.reviewbody": true,
	"jobposting.title": true,
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

// insideCDATA returns the part of s[from:to] that is between the marks of a CDATA
// section, which templates of XHTML put into comments of JavaScript.
func insideCDATA(s string, from, to int) (int, int) {
	m := cdataMarks().FindStringSubmatchIndex(s[from:to])
	if m == nil {
		return from, to
	}
	return from + m[2], from + m[3]
}

var cdataMarks = lazy.Regexp(`(?s)^\s*(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?(.*?)(?://|/\*)?\s*\]\]>\s*(?:\*/)?\s*$`)

// script looks into a script element for JSON-LD. Its content is s[from:to].
func (s *splitter) script(from, to int) {
	t := s.attr(atType)
	if t == nil || !strings.EqualFold(strings.TrimSpace(s.value(t)), "application/ld+json") || s.openByElement[elTemplate] > 0 {
		return
	}
	from, to = insideCDATA(s.z.s, from, to)
	root, err := cst.ParseJSON(s.z.s[from:to], cst.JSONOptions{RawLines: true, Depth: deepestJSON})
	if err != nil {
		s.brokenJSON++
		if s.brokenJSON <= maxJSONDiagnostics {
			at := from
			if e := (*cst.Error)(nil); errors.As(err, &e) {
				at += e.Offset
			}
			s.addDiagnostic("html.jsonld", diag.Warning, at, "correct it; until then it is left unchanged", "this JSON-LD script does not parse: %s", diag.Arg("error", err.Error()))
		}
		return
	}
	if root != nil {
		s.jsonStart = from
		s.ldValue(root, "", ldContext{})
	}
}

// ldRaw returns the characters between the quotes of a string as they are in the
// document, and where they begin and end in it.
func (s *splitter) ldRaw(n *cst.Node) (raw string, start, end int) {
	start, end = s.jsonStart+n.Start+1, s.jsonStart+n.End-1
	return s.z.s[start:end], start, end
}

// ldContext is what the objects around a value are.
type ldContext struct {
	typ        string // the type of the object that it is in
	foreign    bool   // about something other than the page
	breadcrumb bool   // in the list of pages above this one
	untouched  bool   // addresses here are not those of an edition
}

// ldValue makes units and slots of a value. It reports whether there is text to
// translate in it.
func (s *splitter) ldValue(n *cst.Node, key string, c ldContext) bool {
	text := false
	switch {
	case n.IsString():
		return s.ldString(n, key, c)
	case n.Kind == cst.Sequence:
		for _, e := range n.Elements {
			text = s.ldValue(e.Value, key, c) || text
		}
	case n.Kind == cst.Mapping:
		return s.ldObject(n, key, c)
	}
	return text
}

func (s *splitter) ldObject(n *cst.Node, key string, c ldContext) bool {
	c.typ = ""
	headline, typeAt := -1, -1
	var language, modified *cst.Node
	var has []string
	for _, e := range n.Elements {
		m := e.Value
		switch name, _, _ := s.ldRaw(e.Key); name {
		case "@type":
			c.typ, typeAt = s.ldType(m), s.jsonStart+e.Key.Start
		case "translationOfWork", "workTranslation", "translator", "description", "author", "datePublished", "correction":
			has = append(has, name)
		case "dateModified":
			has, modified = append(has, name), m
		case "headline":
			has, headline = append(has, name), s.jsonStart+e.Key.Start
		case "inLanguage":
			language = m
		}
	}
	if c.typ == "BreadcrumbList" {
		c.breadcrumb = !c.foreign
	}
	c.foreign = c.foreign || ldBodies[c.typ] || strings.HasSuffix(c.typ, "Action")
	text := false
	for _, e := range n.Elements {
		k, _, _ := s.ldRaw(e.Key)
		inner := c
		inner.foreign = c.foreign || ldOthers[k] && !(c.breadcrumb && k == "itemListElement")
		inner.untouched = c.untouched || k == "translationOfWork" || k == "workTranslation" || k == "isBasedOn" || k == "sameAs"
		if k != "@type" && e.Value != language {
			text = s.ldValue(e.Value, k, inner) || text
		}
	}
	if !c.foreign && !c.untouched && ldPage(c.typ) && key != "mainEntityOfPage" {
		switch {
		case headline >= 0:
			s.ldArticle(headline, has, modified)
		case strings.HasSuffix(c.typ, "Article") || strings.HasSuffix(c.typ, "Posting"):
			s.ldArticle(typeAt, has, modified)
		}
	}
	switch {
	case c.foreign && (!text || language == nil):
	case language != nil:
		if (text || ldPage(c.typ)) && !ldRecording(c.typ) {
			s.ldLanguage(language)
		}
	case headline >= 0 && key != "mainEntityOfPage":
		s.slot(slotNoLanguage, headline, headline)
	}
	return text
}

// ldLanguage makes slots of the language that a value names, or of each in a list.
func (s *splitter) ldLanguage(n *cst.Node) {
	switch {
	case n.IsString():
		_, start, end := s.ldRaw(n)
		s.slot(slotInLanguage, start, end)
	case n.Kind == cst.Sequence:
		for _, e := range n.Elements {
			if e.Value.IsString() {
				s.ldLanguage(e.Value)
			}
		}
	}
}

// ldType returns the type that a value names: of several, that of a page or an
// article, else the first.
func (s *splitter) ldType(n *cst.Node) string {
	if n.IsString() {
		raw, _, _ := s.ldRaw(n)
		return ldTypeName(raw)
	}
	typ := ""
	if n.Kind == cst.Sequence {
		for _, e := range n.Elements {
			if e.Value.IsString() {
				if name := s.ldType(e.Value); typ == "" || ldPage(name) {
					typ = name
				}
			}
		}
	}
	return typ
}

// ldString makes a unit of a string that is text, and a slot of one that may be
// the page's address.
func (s *splitter) ldString(n *cst.Node, key string, c ldContext) bool {
	value, start, end := s.ldRaw(n)
	if key != "" {
		lower := strings.ToLower(key)
		ofType, listed := s.rules.jsonLD[strings.ToLower(c.typ)+"."+lower]
		text := s.rules.jsonLD[lower] && !c.foreign
		switch lower {
		case "name":
			text = text && (ldNamed(c.typ) || c.breadcrumb)
		case "text":
			text = text && ldText(c.typ)
		case "datepublished":
			if !c.foreign {
				s.page.ldDate = first(s.page.ldDate, value)
			}
		}
		if listed {
			text = ofType && !c.untouched // not of another edition
		}
		if text && !isURL(value) {
			if isHTML, hasText := s.ldHTML(key, start, end); isHTML {
				return hasText
			}
			return s.ldUnit(key, start, end)
		}
	}
	if !c.untouched && ldAddress(key) && isURL(value) {
		s.slot(slotJSONAddress, start, end)
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

// ldUnit makes a unit of the JSON string between two offsets, if it has words.
func (s *splitter) ldUnit(key string, start, end int) bool {
	w := &s.w
	w.reset()
	if w.json(start, end); !w.word {
		return false
	}
	text, span := w.finish(mode{})
	span.Context = inJSON
	u := s.insert(len(s.doc.Units), span)
	u.ID, u.Kind, u.Name, u.Source = s.ids.Named("jsonld."+key), bitext.Field, "jsonld:"+key, text
	u.Preserve = strings.Contains(text.Chars, "\n")
	return true
}

// hex4 returns the value of the four hexadecimal digits that s begins with, -1 if
// it does not.
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
