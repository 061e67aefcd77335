// Package subtitles splits subtitles in SubRip (SRT) and WebVTT
// (https://www.w3.org/TR/webvtt1/) and writes translations back. Numbers, times,
// cue settings, notes, styles and regions keep their bytes.
//
// A sentence that runs over several cues is one unit, as readers see one sentence:
// the end of a cue inside it is a code, which a translator moves to where the
// translation is best divided. Where a translation has lost it, the text is divided
// among the cues in the proportion of the source. Line breaks inside a cue are
// layout: they are spaces in the unit, and a translation is broken again into lines
// of about the same length. Lines of a dialogue, which begin with a dash or a voice
// tag, are units of their own.
package subtitles

import (
	"bytes"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
)

// Options are how subtitles are read, and what their lines may be. Limits are by
// canonical locale, those of "" are for all others. Encoding is the encoding of SRT
// files, empty to go by their bytes; WebVTT is always UTF-8.
type Options struct {
	Encoding string
	Limits   map[string]Limits
}

// Format is SRT or WebVTT for the pipeline. Its methods may be called from many
// goroutines at once.
type Format struct {
	Options
	VTT bool
}

func (f *Format) name() string {
	if f.VTT {
		return "vtt"
	}
	return "srt"
}

// slotLanguage is the value of the header field Language, which some WebVTT files
// have.
const slotLanguage = "language"

// Split cuts subtitles into units. A file that cannot be read has none.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	o := charset.Options{Encoding: f.Encoding}
	if f.VTT {
		o.Encoding = "utf-8"
	}
	dec, ds := charset.Decode(path, data, o)
	d := &bitext.Document{Path: path, Format: f.name(), Meta: map[string]string{}}
	d.Skeleton = bitext.Skeleton{Data: dec.Text, Encoding: dec.Encoding, BOM: dec.BOM}
	if !dec.Exact || dec.Doubtful {
		d.Skeleton.Encoding = "" // kept whole, never encoded
		return d, ds
	}
	file := parse(dec.Text, f.VTT)
	if f.VTT && !file.header {
		return d, append(ds, diag.Diagnostic{
			ID: "subtitles.header", Severity: diag.Error, Place: diag.Place{Path: path, Line: 1, Column: 1},
			Message: "the file does not begin with WEBVTT: no player reads it", Hint: "write WEBVTT and an empty line before the first cue",
		})
	}
	lines := diag.NewLines(dec.Text)
	for i, p := range file.problems {
		if i == maxProblems {
			break
		}
		line, column := lines.At(p.offset)
		ds = append(ds, diag.Diagnostic{
			ID: p.id, Severity: diag.Warning, Place: diag.Place{Path: path, Line: line, Column: column},
			Hint: p.hint,
		}.Messagef("%s", p.message))
	}
	if file.language.End > file.language.Start {
		d.Skeleton.Slots = []bitext.Slot{file.language}
		d.Locale = strings.TrimSpace(string(dec.Text[file.language.Start:file.language.End]))
	}
	s := splitter{doc: d, vtt: f.VTT, data: dec.Text, cues: file.cues}
	s.split()
	return d, ds
}

// maxProblems is how many problems of a file are reported.
const maxProblems = 50

// Assemble writes a translation into subtitles. With meta nil they come back in the
// encoding they came in, else in meta.Encoding, by default UTF-8.
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	out := f.write(d, tr, meta)
	if d.Skeleton.Encoding == "" {
		return out, nil
	}
	data, err := charset.Encode(out, bitext.EditionEncoding(d, meta), d.Skeleton.BOM, nil)
	if err != nil {
		return out, []diag.Diagnostic{charset.Unmappable("subtitles.unmappable", d.Path, err)}
	}
	return data, nil
}

// write returns the edition in UTF-8.
func (f *Format) write(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) []byte {
	data := d.Skeleton.Data
	out := make([]byte, 0, len(data)+len(data)/4)
	at := 0
	if meta != nil && meta.Locale != d.Locale {
		for _, s := range d.Skeleton.Slots {
			out = append(append(out, data[at:s.Start]...), meta.Locale...)
			at = s.End
		}
	}
	newline := "\n"
	if n := bytes.IndexByte(data, '\n'); n > 0 && data[n-1] == '\r' {
		newline = "\r\n"
	}
	for i := range d.Skeleton.Spans {
		span := &d.Skeleton.Spans[i]
		out = append(out, data[at:span.Start]...)
		at = span.End
		text, changed := target(d, tr, span.Unit)
		if !changed {
			out = append(out, data[span.Start:span.End]...)
			continue
		}
		w := writer{vtt: f.VTT, newline: newline, source: d.Units[span.Unit].Source, limits: f.LimitsFor(tr.Locale), wide: isWide(tr.Locale)}
		out = w.write(out, text)
	}
	return append(out, data[at:]...)
}

// target returns the text of a unit in a translation, and whether it is another one
// than the source's.
func target(d *bitext.Document, tr *bitext.Translation, unit int) (text bitext.Text, changed bool) {
	u := &d.Units[unit]
	if tr == nil || len(u.Segments) == 0 {
		return u.Source, false
	}
	texts := make([]bitext.Text, len(u.Segments))
	for i := range u.Segments {
		texts[i] = u.Segments[i].Source
		if t := &tr.Targets[unit][i]; t.Filled && !t.Text.Equal(texts[i]) {
			texts[i], changed = t.Text, true
		}
	}
	if !changed {
		return u.Source, false
	}
	return bitext.Join(texts...), true
}

// isWide reports whether a locale is written with wide characters, of which two
// narrow ones take the place of one (UAX #11).
func isWide(locale string) bool {
	switch tag.Language(locale) {
	case "ja", "zh", "ko", "yue":
		return true
	}
	return false
}
