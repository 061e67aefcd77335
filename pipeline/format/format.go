// Package format is the table of the document formats: what each is called, the
// file extensions it has, and how to make one. Each format is a package of its own
// below this one. To add a format, add its package and a row to All, and run
// package formattest's suite in its tests.
package format

import (
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/docx"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/json"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/ninjs"
	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/format/subtitles"
	"hexapla/pipeline/format/xml"
)

// Format splits one kind of document into units and writes translations back.
//
// Split sets the document's Locale to the language that the document declares of
// itself, as it is written, or to nothing. It never fails: what it cannot read it keeps, in a document without units in
// the worst case, and reports it. data must not change afterwards: the document may
// share it. Assemble writes a translation into the document;
// without a translation it returns the document's bytes as they came. meta is nil
// when nothing but the units' texts may change. Both may be called from many
// goroutines at once, and a Format keeps working memory between calls: make it
// once. The laws that all formats keep are those of package formattest.
type Format interface {
	Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic)
	Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic)
}

// Options are the options of all formats.
type Options struct {
	HTML     html.Options
	Markdown markdown.Options
	Text     plaintext.Options
	JSON     json.Options

	Subtitles subtitles.Options
	XML       xml.Options
}

// Info is one format. Extensions are lower case and begin with a dot; no two
// formats share one. Files with an extension of Named are of the format too, but
// articles only where the configuration names them: most of such files are none.
// Text is what is translated, for people.
type Info struct {
	Name       string
	Extensions []string
	Named      []string
	Text       string
	New        func(Options) Format
}

// All returns the formats. Their order is that of help texts.
func All() []Info {
	return []Info{
		{"docx", []string{".docx"}, nil, "paragraphs, tables, text boxes, headers, footers, footnotes, endnotes, alternative texts, title, subject, keywords, description",
			func(Options) Format { return new(docx.Format) }},
		{"html", []string{".html", ".htm", ".xhtml"}, nil,
			"text by block, title, metadata, attributes that are shown or spoken, JSON-LD and microdata of the page",
			func(o Options) Format { return &html.Format{Options: o.HTML} }},
		{"json", nil, []string{".json"}, "the strings that the pointers of [[json]] lead to, and the HTML or Markdown in them",
			func(o Options) Format {
				return &json.Format{Options: o.JSON, HTML: &html.Format{Options: o.HTML}, Markdown: newMarkdown(o), Text: &plaintext.Format{Options: o.Text}}
			}},
		{"markdown", []string{".md", ".markdown", ".mdx", ".qmd", ".rmd"}, nil, "text by block, HTML blocks, titles of links, alternative texts, fields of the front matter",
			func(o Options) Format { return newMarkdown(o) }},
		{"ninjs", []string{".ninjs", ".ninjs.json"}, nil, "headline, byline, descriptions, bodies, keywords, names of subjects and genres, also of associations",
			func(o Options) Format {
				return &ninjs.Format{HTML: &html.Format{Options: o.HTML}, Text: &plaintext.Format{Options: o.Text}}
			}},
		{"srt", []string{".srt"}, nil, "cues; a sentence over several cues is one unit, lines of a dialogue are several",
			func(o Options) Format { return &subtitles.Format{Options: o.Subtitles} }},
		{"text", []string{".txt", ".text"}, nil, "paragraphs, list items, headlines, columns",
			func(o Options) Format { return &plaintext.Format{Options: o.Text} }},
		{"vtt", []string{".vtt"}, nil, "cues, as in srt; not notes, styles and regions",
			func(o Options) Format { return &subtitles.Format{Options: o.Subtitles, VTT: true} }},
		{"xml", []string{".rss", ".atom", ".nitf", ".newsml"}, []string{".xml"}, "RSS, Atom, NITF and NewsML-G2: headlines, descriptions, bodies with the HTML in them, captions; other files: what the paths of [[xml]] and ITS rules select",
			func(o Options) Format {
				return &xml.Format{Options: o.XML, HTML: &html.Format{Options: o.HTML}, Markdown: newMarkdown(o)}
			}},
	}
}

// newMarkdown returns the format Markdown, with HTML in its blocks.
func newMarkdown(o Options) *markdown.Format {
	o.Markdown.HTML = o.HTML
	return &markdown.Format{Options: o.Markdown}
}

// Names returns the names of all formats.
func Names() []string {
	var names []string
	for _, i := range All() {
		names = append(names, i.Name)
	}
	return names
}

// NameFor returns the name of the format for a path, by its extension, the longest
// one that fits, in any case; it is empty if no format has it.
func NameFor(path string) string {
	base := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	name, longest := "", 0
	for _, f := range formats() {
		for _, e := range f.Extensions {
			if len(e) > longest && strings.HasSuffix(base, e) {
				name, longest = f.Name, len(e)
			}
		}
		for _, e := range f.Named {
			if len(e) > longest && strings.HasSuffix(base, e) {
				name, longest = f.Name, len(e)
			}
		}
	}
	return name
}

// formats is All for those who only read it.
var formats = sync.OnceValue(All)

// Glob returns a pattern for the files that are articles by their extension, below a
// folder: "**/*.{html,md}".
func Glob() string {
	var all []string
	for _, i := range All() {
		for _, e := range i.Extensions {
			all = append(all, e[1:])
		}
	}
	all = append(all, "Rmd") // patterns know no case, and R Markdown's own spelling is this
	return "**/*.{" + strings.Join(all, ",") + "}"
}
