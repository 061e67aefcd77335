// Package plaintext splits plain text into units and puts it together again.
//
// Plain text has no markup, so its units are found the way a reader finds them:
// paragraphs stand between blank lines; bullets, numbers, quotation marks of
// mail and indentation are layout and stay outside the units; tabs and wide
// gaps part columns. Lines that were broken at a fixed width are read as one
// paragraph, and their translation is broken at the same width; so are paragraphs
// broken at a smaller width, if their lines end where no sentence does. All other
// lines are units of their own. Any encoding of the WHATWG Encoding Standard is read.
//
// What is not a unit's text is never touched: assembling a document whose
// targets equal its sources gives the input back byte for byte.
package plaintext

import (
	"bytes"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
)

// Options are how plain text is read. Encoding forces an encoding by its WHATWG
// label; empty goes by byte order mark and content.
type Options struct {
	Encoding string
}

// Format is plain text. The zero value is ready for use, by any number of
// goroutines at once.
type Format struct {
	Options

	splitters sync.Pool // of *splitter, for the memory they work in
}

// mostKeptLines bounds the memory of a splitter that is kept for the next text.
const mostKeptLines = 1 << 15

// Split finds the units of a text. It returns a document in any case: bytes
// that the encoding does not have become placeholder codes, and a text that
// cannot be decoded without loss, or whose encoding is not known, has no units. Diagnostics are those of
// charset.Decode.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	dec, ds := charset.Decode(path, data, charset.Options{Encoding: f.Encoding})
	d := &bitext.Document{Path: path, Format: "text", Meta: map[string]string{}}
	d.Skeleton = bitext.Skeleton{Data: dec.Text, Encoding: dec.Encoding, BOM: dec.BOM}
	if !dec.Exact || dec.Doubtful {
		d.Skeleton.Encoding = "" // kept whole, never encoded
		return d, ds
	}
	s, _ := f.splitters.Get().(*splitter)
	if s == nil {
		s = &splitter{}
	}
	*s = splitter{data: dec.Text, valid: dec.Valid, doc: d, lines: s.lines[:0], spans: s.spans[:0]}
	s.split()
	if cap(s.lines) <= mostKeptLines {
		*s = splitter{lines: s.lines[:0], spans: s.spans[:0]}
		f.splitters.Put(s)
	}
	return d, ds
}

// Assemble writes the targets of tr, which may be nil, into the document. With
// meta nil the text comes back in the encoding it came in, else in
// meta.Encoding, by default UTF-8; beside it only notices, of machine translation or
// a correction, have a place in plain text: a paragraph below the headline. A text that its encoding cannot hold is written in UTF-8, with a
// diagnostic (text.unmappable).
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	var edits []bitext.Edit
	if meta != nil && d.Skeleton.Encoding != "" {
		edits = notices(d, meta)
	}
	out := bitext.Splicer{Encode: encode}.Splice(d, tr, edits)
	if d.Skeleton.Encoding == "" {
		return out, nil
	}
	data, err := charset.Encode(out, bitext.EditionEncoding(d, meta), d.Skeleton.BOM, nil)
	if err != nil {
		return out, []diag.Diagnostic{charset.Unmappable("text.unmappable", d.Path, err)}
	}
	return data, nil
}

// notices returns the edits that tell readers of machine translation and corrections.
func notices(d *bitext.Document, meta *bitext.EditionMeta) []bitext.Edit {
	var edits []bitext.Edit
	for _, n := range meta.Notices() {
		edits = append(edits, notice(d, n))
	}
	return edits
}

func notice(d *bitext.Document, n *bitext.Notice) bitext.Edit {
	data := d.Skeleton.Data
	newline := "\n"
	if n := bytes.IndexByte(data, '\n'); n > 0 && data[n-1] == '\r' {
		newline = "\r\n"
	}
	text := strings.Join(strings.Fields(n.Text), " ")
	top := 0
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		top = len("\uFEFF")
	}
	switch n.Place {
	case bitext.NoticeEnd:
		return bitext.Edit{Start: len(data), End: len(data), Text: newline + newline + text + newline}
	case bitext.NoticeAfterHeadline:
		for i := range d.Skeleton.Spans {
			if s := &d.Skeleton.Spans[i]; d.Units[s.Unit].Kind == bitext.Title {
				return bitext.Edit{Start: s.End, End: s.End, Text: newline + newline + text}
			}
		}
	}
	return bitext.Edit{Start: top, End: top, Text: text + newline + newline}
}
