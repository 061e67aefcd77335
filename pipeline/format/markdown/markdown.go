// Package markdown splits Markdown into units and puts it together again.
//
// It reads CommonMark 0.31 (https://spec.commonmark.org/) with GitHub's tables,
// task lists, strikethrough and autolinks, footnotes, definition lists, heading
// attributes, alerts, and front matter in YAML, TOML or JSON. Shortcodes of
// Hugo, tags of Liquid and Jinja, ::: directives and, in .mdx files, JSX are
// markup to it. goldmark parses; its source positions give the skeleton, and
// nothing is ever rendered again: what is not a unit's text is not touched, so
// that assembling a document whose targets equal its sources gives the input
// back byte for byte.
//
// Units are paragraphs, headings, list items, table cells, footnotes; the
// alternative text and title of an image, the titles of links and link
// reference definitions; named front matter fields and shortcode parameters.
// Emphasis, links and inline HTML are paired codes, code spans and autolinks
// placeholders; code blocks are left alone. HTML blocks are split as the HTML
// format splits a page. In a unit's text
// backslash escapes and entities are resolved and line breaks folded; a target
// is data: what would be markup in it is escaped when it is written, and what
// would not be is left as it is.
//
// Renderers differ in what a backslash escapes, what ends emphasis and how a
// heading gets an id: Options.Dialect names the one that reads the editions.
//
// Comments direct the split: <!-- translators: … --> is a note to the next
// block, <!-- hexapla:skip --> keeps the next block from being translated,
// <!-- hexapla:skip-start --> and <!-- hexapla:skip-end --> all blocks between.
package markdown

import (
	"bytes"
	stdhtml "html"
	"sync"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
	"hexapla/pipeline/format/html"
)

// Options controls what is translated. The zero value is a good choice.
//
// Encoding forces the encoding of the input by its WHATWG label; empty goes by
// byte order mark and content.
//
// Fields names the front matter fields that are units, nil for DefaultFields. A
// dotted name is a path from the top ("cover.caption"); "*." before a name takes
// it at any depth below the top. Lists are walked through, their items count as
// the field itself.
//
// Parameters names the parameters of shortcodes, and the attributes of inline
// HTML and JSX, that are units if they are quoted; nil for defaultParameters.
//
// Positional names, for shortcodes whose parameters have no names, the positions
// of those that are units, from 1.
//
// HTML has the options for HTML blocks.
//
// HeadingIDs controls how translated headings keep the anchors that links of the
// page lead to.
//
// DirWrapper puts the body of a right-to-left edition between <div dir="rtl">
// and </div>. CreateFrontMatter gives an edition front matter in YAML where the
// document has none.
//
// Links are what the addresses of the source's editions begin with. If it is not nil,
// links to articles of a site are led to the editions of its pages.
//
// Dialect is the Markdown of the renderer that reads the editions.
type Options struct {
	Encoding          string
	Fields            []string
	Parameters        []string
	Positional        map[string][]int
	HTML              html.Options
	HeadingIDs        HeadingIDs
	DirWrapper        bool
	CreateFrontMatter bool
	Links             []string
	Dialect           Dialect
}

// DefaultFields are the front matter fields that are translated if nothing else
// is configured.
func DefaultFields() []string {
	return []string{"title", "description", "summary", "subtitle", "linkTitle", "caption", "alt", "*.caption", "*.alt"}
}

// defaultParameters are the shortcode parameters that are translated if nothing
// else is configured.
func defaultParameters() []string {
	return []string{"alt", "caption", "title", "aria-label", "attr", "summary", "fig-alt", "fig-cap", "tbl-cap"}
}

// Format is Markdown. The zero value is ready for use, by any number of
// goroutines at once.
type Format struct {
	Options
	blocks html.Format // for HTML blocks
	once   sync.Once

	rooms    sync.Pool // of *room
	encoders sync.Pool // of *encoder
}

// html returns the format of HTML blocks.
func (f *Format) html() *html.Format {
	f.once.Do(func() {
		f.blocks.Options = f.Options.HTML
		f.blocks.Encoding = "utf-8" // the document is decoded as a whole
	})
	return &f.blocks
}

// Split finds the units of a document. It returns a document in any case: bytes
// that the encoding does not have become placeholder codes, front matter that
// does not parse is left alone, and a text that cannot be decoded without loss,
// or whose encoding is not known, has no units. Diagnostics are those of charset.Decode, and
//
//   - markdown.front-matter: the front matter does not parse, or is not closed
//   - markdown.field: a front matter field, or an option of a cell of code, cannot be
//     written back, and is left alone
//   - markdown.fence: a code block is never closed
//   - markdown.skip: hexapla:skip-start without an end, or an end without a start
//   - markdown.html: HTML blocks have text that is not translated, because a
//     template's tag crosses markup or, in a quotation, lines have to stay lines
//   - markdown.table: a table drawn with lines is left alone, because a cell spans others,
//     borders are out of place, or Pandoc reads its columns by where words are
//   - markdown.parameter: values of shortcodes have words and are not translated
//   - markdown.block: a block whose source cannot be mapped is left alone
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	dec, ds := charset.Decode(path, data, charset.Options{Encoding: f.Encoding})
	d := &bitext.Document{Path: path, Format: "markdown", Meta: map[string]string{}}
	d.Skeleton = bitext.Skeleton{Data: dec.Text, Encoding: dec.Encoding, BOM: dec.BOM}
	if !dec.Exact || dec.Doubtful {
		d.Skeleton.Encoding = "" // kept whole, never encoded
		return d, ds
	}
	r, ok := f.rooms.Get().(*room)
	if !ok {
		r = newRoom()
	}
	s := newSplitter(f.Options, path, dec.Text, r)
	s.html = f.html()
	s.frontMatter()
	s.body()
	s.finish(d)
	r.reset(s)
	f.rooms.Put(r)
	return d, append(ds, s.ds...)
}

// Assemble writes the targets of tr, which may be nil, into the document.
//
// With meta, the front matter gets lang, translationKey and, for a right-to-left
// edition, dir; a target in another language than the edition's is put in a
// <span> with its lang and dir, where that is possible; the encoding is
// meta.Encoding, by default UTF-8. With meta nil nothing but targets changes.
// Diagnostics:
//
//   - markdown.link: a link leads to the source's edition of an article
//   - markdown.link-language: links whose language there is no place for
//   - markdown.no-front-matter: there is no place for the edition's metadata
//   - markdown.table: a table cannot be drawn with its translation
//   - markdown.role: a backtick in the text of a role was written as U+02CB
//   - markdown.unmappable: the text was written in UTF-8, since the asked
//     encoding cannot hold its front matter
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	if d.Skeleton.Encoding == "" {
		return bytes.Clone(d.Skeleton.Data), nil
	}
	var ds []diag.Diagnostic
	var edits []bitext.Edit
	sp := bitext.Splicer{Encode: copyChars}
	e, ok := f.encoders.Get().(*encoder)
	if !ok {
		e = &encoder{}
	}
	defer func() {
		e.reset()
		f.encoders.Put(e)
	}()
	e.doc, e.ids, e.dialect = d, f.HeadingIDs, f.Dialect
	e.isMyST = sync.OnceValue(func() bool { return f.Dialect.allowsMyST() && mystEvidence().Match(d.Skeleton.Data) })
	e.lines = sync.OnceValue(func() *diag.Lines { return diag.NewLines(d.Skeleton.Data) })
	if meta != nil && meta.IsPart {
		edits, e.inHTML, ds = f.siteLinks(d, tr, meta)
	} else if meta != nil {
		e.rtl = meta.Dir == "rtl" && tag.Direction(d.Locale) == "ltr"
		// In MDX a paragraph of nothing but elements is none.
		e.hasHTML = !f.Dialect.isMDX(d.Path) && (f.linkLanguagePlace(d) == languageInHTML || f.Dialect.hasLooseMarks())
		sp.Wrap = func(h *bitext.UnitSpan, t *bitext.Target) (string, string) { return wrapOther(h, t, meta.Locale) }
		e.wrap = sp.Wrap
		edits, ds = f.metaEdits(d, meta)
		links, inHTML, more := f.siteLinks(d, tr, meta)
		edits, ds, e.inHTML = append(edits, links...), append(ds, more...), inHTML
	}
	edits = append(edits, f.gridEdits(e, tr, meta)...)
	tr, more := e.translation(tr)
	ds = append(ds, e.ds...)
	out := sp.Splice(d, tr, append(edits, more...))
	data, err := encode(out, bitext.EditionEncoding(d, meta), d)
	if err != nil {
		return out, append(ds, charset.Unmappable("markdown.unmappable", d.Path, err))
	}
	return data, ds
}

// encode writes out in an encoding. A character reference represents any
// character in Markdown, but not in front matter.
func encode(out []byte, name string, d *bitext.Document) ([]byte, error) {
	if charset.Name(name) == "utf-8" {
		return charset.Encode(out, name, d.Skeleton.BOM, nil)
	}
	s := newSplitter(Options{}, d.Path, out, newRoom())
	s.frontMatter()
	if s.start == 0 {
		return charset.Encode(out, name, d.Skeleton.BOM, charRef)
	}
	front, err := charset.Encode(out[:s.start], name, d.Skeleton.BOM, nil)
	if err != nil {
		return nil, err
	}
	body, err := charset.Encode(out[s.start:], name, false, charRef)
	return append(front[:len(front):len(front)], body...), err
}

// wrapOther marks a target in another language than the edition's, if the
// hole's context has room for HTML and the target's codes do not reach out of it.
func wrapOther(h *bitext.UnitSpan, t *bitext.Target, edition string) (before, after string) {
	if c := contextOf(h); t.Locale == edition || !c.inline() && !(c.kind == htmlContext && html.AllowsMarkup(c.style)) || t.Text.IsBlank() || !t.Text.Balanced() {
		return "", ""
	}
	return `<span lang="` + stdhtml.EscapeString(t.Locale) + `" dir="` + tag.Direction(t.Locale) + `">`, "</span>"
}
