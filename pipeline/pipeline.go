// Package pipeline is one article's way through the house:
//
//	Open    once per article   bytes → Split → Segment → Document
//	Prepare per locale         Document → chrome → leverage → mark terms → translate
//	        (the only cut: export, people work, import)
//	Finish  per locale         check → policy → Assemble → Edition
//
// Build reads top to bottom like that picture. Stages are functions over values:
// none knows another, and each owns the fields it writes. Nothing here opens a
// user's path or prints; what is to be written comes back as values.
package pipeline

import (
	"context"
	"iter"
	"strings"
	"time"

	uax29 "github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"

	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/segment"
)

// Format splits one kind of document and puts it together again.
//
// Split never fails: what it cannot read it keeps, in a document without units
// at worst, and says so. Assemble writes a translation into the document; meta is
// nil when nothing but the units' texts may change. Both may be called from many
// goroutines at once.
type Format interface {
	Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic)
	Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic)
}

// Memory is what the pipeline asks of a translation memory. Lookup answers each
// query with its matches, the best first; Add and AddAll keep translations, and
// are all or nothing: an error among the entries of AddAll keeps none. An error
// of any of them stops the build: no translation is made twice, or lost, because
// a memory did not answer.
type Memory interface {
	Lookup(ctx context.Context, source, target string, queries []memory.Query) ([][]bitext.Match, error)
	Add(ctx context.Context, batch memory.Batch, entries []bitext.Entry) (memory.Result, error)
	AddAll(ctx context.Context, batch memory.Batch, entries iter.Seq2[bitext.Entry, error]) (memory.Result, error)
}

// Hook translates what the memory does not have. It gives an answer for every
// item, in order; an answer with an error leaves its segment unfilled.
type Hook interface {
	Translate(ctx context.Context, r hook.Request) ([]hook.Answer, []diag.Diagnostic)
}

// Project is a newsroom's configuration with everything that it names at hand.
// Memory and Hook may be nil. Now is the time that new translations are dated
// with. Standing says whether a locale that is not being built has an edition at a
// path, from an earlier build; nil for none.
type Project struct {
	Config   *Config
	Rules    *segment.Rules
	Catalogs *locales.Catalogs
	Glossary *glossary.Glossary
	Memory   Memory
	Hook     Hook
	Now      time.Time
	Standing func(locale, path string) bool
}

// FormatNames lists the formats that Config.Format knows.
var FormatNames = []string{"html", "markdown", "text"}

// FormatName is the name of the format for a path, by its extension; empty if
// none is known.
func FormatName(path string) string {
	switch strings.ToLower(path[strings.LastIndexByte(path, '.')+1:]) {
	case "html", "htm", "xhtml":
		return "html"
	case "md", "markdown":
		return "markdown"
	case "txt", "text":
		return "text"
	}
	return ""
}

// Format is the format of a name, nil if there is none.
func (c *Config) Format(name string) Format {
	switch name {
	case "html":
		return &html.Format{Options: html.Options{
			Pre: c.HTML.Preformatted, Attributes: c.HTML.Attributes, Skip: c.HTML.Skip, Encoding: c.HTML.Charset,
		}}
	case "markdown":
		return &markdown.Format{Options: markdown.Options{Fields: c.Markdown.Fields}}
	case "text":
		return &plaintext.Format{}
	}
	return nil
}

// Words counts the words of a text by the boundaries of UAX #29: those of its
// word segments that hold a letter or a digit.
func Words(text string) int {
	n := 0
	for w := words.FromString(text); w.Next(); {
		if strings.ContainsFunc(w.Value(), isWordRune) {
			n++
		}
	}
	return n
}

// graphemes counts what a person sees as characters (UAX #29, extended grapheme
// clusters).
func graphemes(text string) int {
	n := 0
	for g := uax29.FromString(text); g.Next(); {
		n++
	}
	return n
}

// Edition is one locale's edition of one article. Path is below the locale's
// folder. Data is nil when the edition is held back. Diagnostics are those of
// this locale; the article's own are in its Result.
type Edition struct {
	Locale      string
	Path        string
	Data        []byte
	Translation *bitext.Translation
	Published   edition.Published
	Diagnostics []diag.Diagnostic
}
