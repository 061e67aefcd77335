// Package format is the table of the document formats: what each is called, the
// file extensions it has, and how to make one. Each format is a package of its own
// below this one. To add a format, add its package and a row to All, and run
// package formattest's suite in its tests.
package format

import (
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/ninjs"
	"hexapla/pipeline/format/plaintext"
)

// Format splits one kind of document into units and writes translations back.
//
// Split never fails: what it cannot read it keeps, in a document without units in
// the worst case, and reports it. Assemble writes a translation into the document;
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
}

// Info is one format. Extensions are lower case and begin with a dot; no two
// formats share one.
type Info struct {
	Name       string
	Extensions []string
	New        func(Options) Format
}

// All returns the formats. Their order is that of help texts.
func All() []Info {
	return []Info{
		{"html", []string{".html", ".htm", ".xhtml"}, func(o Options) Format { return &html.Format{Options: o.HTML} }},
		{"markdown", []string{".md", ".markdown", ".mdx"}, func(o Options) Format {
			o.Markdown.HTML = o.HTML // for HTML blocks
			return &markdown.Format{Options: o.Markdown}
		}},
		{"ninjs", []string{".ninjs", ".ninjs.json"}, func(o Options) Format {
			return &ninjs.Format{HTML: &html.Format{Options: o.HTML}, Text: &plaintext.Format{Options: o.Text}}
		}},
		{"text", []string{".txt", ".text"}, func(o Options) Format { return &plaintext.Format{Options: o.Text} }},
	}
}

// Names returns the names of all formats.
func Names() []string {
	var names []string
	for _, i := range All() {
		names = append(names, i.Name)
	}
	return names
}

// NameFor returns the name of the format for a path, by its extension, in any
// case; it is empty if no format has it.
func NameFor(path string) string {
	base := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	for _, i := range All() {
		for _, e := range i.Extensions {
			if strings.HasSuffix(base, e) {
				return i.Name
			}
		}
	}
	return ""
}

// Glob returns a pattern for the files of all formats, below a folder:
// "**/*.{html,md}".
func Glob() string {
	var all []string
	for _, i := range All() {
		for _, e := range i.Extensions {
			all = append(all, e[1:])
		}
	}
	return "**/*.{" + strings.Join(all, ",") + "}"
}
