// Package docx splits Word documents (Office Open XML, ECMA-376 and ISO/IEC 29500)
// and writes translations back.
//
// What is translated: paragraphs of the document, of tables, text boxes, headers,
// footers, footnotes and endnotes; alternative texts; title, subject, keywords and
// description of the file. Runs of the same format are read as one text, other
// formats, links, tabs and objects are inline codes. Comments, fields with computed
// results, formulas, charts and diagrams stay as they are.
//
// A translated paragraph is written anew, run by run; every other byte of its part
// stays, and entries of the package without a change keep their packed bytes. An
// edition declares its language in the styles, and its direction in paragraphs,
// sections and tables.
package docx

import (
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/internal/xmltree"
)

// Format is Word's format for the pipeline. Its methods may be called from many
// goroutines at once.
type Format struct{}

// partFormat is the format of the parts of a document.
const partFormat = "docx.part"

// Split cuts a document into units. A file that is not a sound package has none.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	d := &bitext.Document{Path: path, Format: "docx", Meta: map[string]string{}, Skeleton: bitext.Skeleton{Data: data}}
	report := func(id string, severity diag.Severity, hint string) diag.Diagnostic {
		return diag.Diagnostic{ID: id, Severity: severity, Place: diag.Place{Path: path}, Hint: hint}
	}
	a, err := open(data)
	if err != nil {
		return d, []diag.Diagnostic{report("docx.package", diag.Error, "save it again as .docx with a word processor").
			Messagef("the Word file cannot be read: %v", diag.Arg("error", err))}
	}
	var ds []diag.Diagnostic
	styles := a.readStyles()
	var ids bitext.IDs
	tracked := 0
	for _, p := range a.parts {
		text, err := a.read(p.file)
		var tree *xmltree.Tree
		if err == nil {
			tree, err = xmltree.Parse(p.file.Name, text, false)
		}
		if err != nil {
			ds = append(ds, report("docx.part", diag.Error, "save it again with a word processor").
				Messagef("a part of the Word file cannot be read: %v", diag.Arg("error", err)))
			continue
		}
		s := splitter{tree: tree, kind: p.kind, styles: styles}
		s.split()
		tracked += s.tracked
		if p.kind == "core" {
			for _, u := range s.units {
				d.Meta[u.Name] = u.Source.Chars
			}
		}
		if len(s.units) > 0 {
			d.AddPart(&ids, bitext.Part{Name: p.name, Format: partFormat}, s.document())
		}
	}
	if d.Meta["title"] == "" {
		for i := range d.Units {
			if d.Units[i].Kind == bitext.Title {
				d.Meta["title"] = d.Units[i].Source.Chars
				break
			}
		}
	}
	if tracked > 0 {
		ds = append(ds, report("docx.tracked", diag.Warning, "accept or reject all changes, then translate").
			Messagef("the document has %d tracked changes: translated paragraphs have all of them accepted", diag.Arg("changes", tracked)))
	}
	if a.signed {
		ds = append(ds, report("docx.signed", diag.Warning, "").Messagef("the document is signed: no edition of it has a valid signature"))
	}
	return d, ds
}

// Assemble writes a translation into a document.
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	data := d.Skeleton.Data
	if len(d.Skeleton.Parts) == 0 || tr == nil && meta == nil {
		return append([]byte(nil), data...), nil
	}
	out, err := assemble(d, tr, meta)
	if err != nil {
		return append([]byte(nil), data...), []diag.Diagnostic{diag.Diagnostic{
			ID: "docx.package", Severity: diag.Error, Place: diag.Place{Path: d.Path}, Hint: "save the article again with a word processor",
		}.Messagef("the edition cannot be written: %v", diag.Arg("error", err))}
	}
	return out, nil
}

func assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, error) {
	a, err := open(d.Skeleton.Data)
	if err != nil {
		return nil, err
	}
	styles := a.readStyles()
	replaced := map[string][]byte{}
	e := edition{locale: "", source: d.Locale}
	if meta != nil {
		e = edition{locale: meta.Locale, source: d.Locale, rtl: meta.Dir == "rtl", known: true, notices: meta.Notices()}
	}
	next := 0
	for _, p := range a.parts {
		text, err := a.read(p.file)
		if err != nil {
			continue
		}
		tree, err := xmltree.Parse(p.file.Name, text, false)
		if err != nil {
			continue
		}
		s := splitter{tree: tree, kind: p.kind, styles: styles}
		s.split()
		if len(s.units) == 0 {
			continue
		}
		if next == len(d.Skeleton.Parts) {
			break
		}
		w := writer{splitter: &s, edition: e, doc: d.Part(next)}
		if tr != nil {
			w.tr = tr.Part(next)
		}
		next++
		if out, changed := w.write(); changed {
			replaced[p.file.Name] = out
		}
	}
	if meta != nil && a.styles != nil && meta.Locale != d.Locale {
		if text, err := a.read(a.styles); err == nil {
			if tree, err := xmltree.Parse(a.styles.Name, text, false); err == nil {
				if out, changed := e.styles(tree); changed {
					replaced[a.styles.Name] = out
				}
			}
		}
	}
	if len(replaced) == 0 {
		return append([]byte(nil), d.Skeleton.Data...), nil
	}
	return a.write(replaced)
}
