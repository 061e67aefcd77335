// Package html splits HTML and XHTML, whole pages and fragments, into units for
// translation and writes translations back. The document is never rendered
// anew: what is not translated keeps its bytes, however broken.
//
// Tokens are read by the rules of the HTML standard
// (https://html.spec.whatwg.org/multipage/parsing.html); its tree is not built.
// A light stack of open elements, with the implied end tags that matter, finds
// where a text begins and ends and which attributes it inherits.
//
// What is translated: text, by block; the title; meta descriptions and Open
// Graph fields; attributes that are shown or spoken; the headline, description
// and the like in JSON-LD. translate="no", class="notranslate", the ITS 2.0
// local attributes (https://www.w3.org/TR/its20/) and lang are respected.
package html

import (
	"bytes"
	"sync"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
)

// Options changes what is taken for text.
type Options struct {
	// Pre has the text of pre elements translated, with its white space kept.
	Pre bool
	// Attributes are further ones that hold text: "data-caption" on any element,
	// "img@data-caption" on one.
	Attributes []string
	// Skip names elements whose content is not translated: "aside", or by class
	// ".byline".
	Skip []string
	// JSONLD are further fields of JSON-LD and microdata that hold text; one with
	// "!" before it is not translated though it is by default (see ldFields).
	JSONLD []string
	// Meta are further names of meta elements whose content is text; one with
	// "!" before it is not translated though it is by default (see metaFields).
	Meta []string
	// Links are what the addresses of the source's editions begin with; what
	// follows in a link is a path that an edition may have one of its own for.
	Links []string
	// RelativeLinks has links with a relative address led to editions, too, if the
	// page is of a site.
	RelativeLinks bool
	// Encoding is the encoding to read by, whatever a document declares; empty to
	// go by the declaration.
	Encoding string
}

// Format is HTML for the pipeline. Its methods may be called from many
// goroutines at once; its Options must not change after the first call.
type Format struct {
	Options
	once      sync.Once
	compiled  *rules
	splitters sync.Pool // of *splitter, for the memory they work in
}

// Split cuts a document into units. It always returns a document; what cannot be
// read is kept in it and reported:
//
//   - html.truncated: the input ends inside a tag, a comment or raw text
//   - html.unclosed: an element that is not translated goes on to the end
//   - html.jsonld: a JSON-LD script that does not parse, left alone
//   - charset.…: see charset.Decode
//
// data must not change afterwards: the document shares it.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	dec, ds := charset.Decode(path, data, charset.Options{Encoding: f.Encoding, Declared: charset.Declaration, Late: charset.LateDeclaration})
	d := &bitext.Document{Path: path, Format: "html", Skeleton: bitext.Skeleton{
		Data: dec.Text, Encoding: dec.Encoding, BOM: dec.BOM,
	}}
	if !dec.Exact {
		d.Skeleton.Slots = []bitext.Slot{{Name: slotUndecodable}}
		return d, ds
	}
	s, _ := f.splitters.Get().(*splitter)
	if s == nil {
		s = new(splitter)
	}
	f.once.Do(func() { f.compiled = compile(f.Options) })
	s.begin(f.compiled, d, dec.Encoding == "utf-8" && len(ds) == 0 || utf8.Valid(dec.Text))
	s.split()
	ds = append(ds, s.diags...)
	s.end()
	f.splitters.Put(s)
	return d, ds
}

// isUndecodable reports whether a document could not be decoded, and is only
// held.
func isUndecodable(d *bitext.Document) bool {
	return len(d.Skeleton.Slots) == 1 && d.Skeleton.Slots[0].Name == slotUndecodable
}

// unchangedBytes returns the document as it came, for one that is only held.
func unchangedBytes(d *bitext.Document) []byte { return bytes.Clone(d.Skeleton.Data) }

// The contexts of holes: how characters are written there.
const (
	inText     = "text"       // flow content, where markup may stand
	inPlain    = "text plain" // text without markup: title, textarea, option
	inDouble   = `attribute"` // an attribute value in double quotes
	inSingle   = `attribute'` // … in single quotes
	inUnquoted = `attribute`  // … without quotes
	inJSON     = "json"       // a string of a JSON-LD script
	inJSONHTML = "json html " // before another: in HTML that is such a string's value
	inSrcdoc   = "srcdoc"     // before another, with the quotation mark: in a document that is an attribute's value
	withCRLF   = " crlf"      // behind another: line breaks are CR LF
)

// The slots: where an edition's metadata is written.
const (
	slotUndecodable  = "undecodable"   // the document is only held
	slotXML          = "xml"           // written as XML: empty tags end in "/>"
	slotNBSP         = "nbsp"          // a no-break space written as a reference
	slotHTML         = "html"          // behind "<html"
	slotNoHTML       = "html.none"     // where a page without html element would have it
	slotHTMLLang     = "html.lang"     // the html element's lang attribute
	slotHTMLXMLLang  = "html.xml:lang" // … and others
	slotHTMLDir      = "html.dir"
	slotTag          = "tag"        // behind the name of a tag; the next three are its attributes
	slotInlineTag    = "tag.inline" // likewise, of an element in a text: from its start to behind its name
	slotLang         = "lang"       // another element's lang attribute
	slotXMLLang      = "xml:lang"
	slotDir          = "dir"
	slotCode         = "code"                // behind the name of a tag whose content is code, not translated
	slotUntranslated = "untranslated"        // … whose content is not translated
	slotElement      = "element"             // … whose only content is a unit's text, which begins at End
	slotXMLDecl      = "xml.encoding"        // the label in the XML declaration
	slotCharset      = "meta.charset"        // the value of meta charset
	slotType         = "meta.content-type"   // the label in meta http-equiv
	slotHeadStart    = "head.start"          // where the head begins
	slotHead         = "head"                // where to add to the head
	slotBody         = "body"                // where the body's content begins
	slotCanonical    = "head.canonical"      // behind the canonical link
	slotAlternate    = "head.alternate"      // a link to an alternate
	slotAddress      = "address"             // an attribute that may hold the page's address
	slotLink         = "link"                // the value of an href attribute that leads to an edition of the source
	slotLinkLanguage = "link.hreflang"       // the hreflang attribute of the link before
	slotLinkPlain    = "link.plain"          // the address of an element that leads to a page and has no hreflang
	slotShared       = "link.shared"         // a value that names the address of a page among other things
	slotBase         = "base"                // the address that relative ones are relative to
	slotLanguage     = "meta.language"       // the content attribute of a meta element that declares the language
	slotOG           = "og"                  // behind a field of Open Graph
	slotOGLocale     = "og:locale"           // the content attribute of og:locale
	slotOGOther      = "og:locale:alternate" // a meta element of that name
	slotInLanguage   = "jsonld.inLanguage"   // the string of that field
	slotNoLanguage   = "jsonld.none"         // where an article without it would have it
	slotJSONAddress  = "jsonld.url"          // a string that may be the address of the page
)
