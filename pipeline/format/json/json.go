// Package json splits JSON files (RFC 8259) whose text a list of JSON pointers
// (RFC 6901) finds, and writes translations back: exports of a content management
// system, data of a site. Every byte that is not a translated value stays as it is.
//
// Each pointer says what a string holds: HTML, Markdown or plain text. HTML and
// Markdown are documents of those formats inside the file, and so is plain text of
// several lines; a plain string of one line is one unit.
package json

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Embedded is a format of documents inside the file.
type Embedded interface {
	Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic)
	Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic)
}

// Rule is which strings of which files are text. Files are globs of paths. Title are
// pointers to those texts that are titles; Language are pointers to the language of
// the file, which an edition changes. All pointers must be valid: see ParsePointer.
type Rule struct {
	Files                []string
	HTML, Markdown, Text []string
	Title, Language      []string
}

// Options are the rules. The first one that has a file is used for it.
type Options struct{ Rules []Rule }

// RuleFor returns the number of the rule for a path, -1 if there is none.
func (o *Options) RuleFor(path string) int {
	return slices.IndexFunc(o.Rules, func(r Rule) bool {
		return slices.ContainsFunc(r.Files, func(pattern string) bool {
			ok, err := doublestar.Match(pattern, path)
			return err == nil && ok
		})
	})
}

// Format is JSON for the pipeline. HTML, Markdown and Text are the formats of its
// strings. Its methods may be called from many goroutines at once; its Options must
// not change after the first call.
type Format struct {
	Options
	HTML, Markdown, Text Embedded

	once     sync.Once
	matchers []*matcher // by rule
}

// The slots: what else an edition changes.
const (
	slotLanguage  = "language"   // a string that is the language
	slotLocaleKey = "locale.key" // a name that is a locale; the members of its object follow
	slotMember    = "member"     // a member, with a comma
)

// compile makes the matchers of the rules.
func (f *Format) compile() {
	for _, r := range f.Rules {
		m := newMatcher()
		each := func(list []string, set func(*node)) {
			for _, text := range list {
				if p, err := ParsePointer(text); err == nil {
					set(m.add(p))
				}
			}
		}
		each(r.Text, func(n *node) { n.content = Text })
		each(r.Markdown, func(n *node) { n.content = Markdown })
		each(r.HTML, func(n *node) { n.content = HTML })
		each(r.Title, func(n *node) { n.title = true })
		each(r.Language, func(n *node) { n.language = true })
		f.matchers = append(f.matchers, m)
	}
}

// Split cuts a file into units. A file that is not JSON in UTF-8, or that no rule is
// for, has none.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	f.once.Do(f.compile)
	d := &bitext.Document{Path: path, Format: "json", Meta: map[string]string{}, Skeleton: bitext.Skeleton{Data: data, Encoding: "utf-8"}}
	s := &splitter{format: f, doc: d}
	start := len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))
	rule := f.RuleFor(path)
	if rule < 0 {
		s.report("json.rule", diag.Error, -1, "no [[json]] table of the configuration is for this file", "add one with its path in files, and pointers to its text")
		return d, s.diags
	}
	if !utf8.Valid(data) {
		s.report("json.syntax", diag.Error, 0, "the file is not UTF-8", hintSyntax)
		return d, s.diags
	}
	scan := scanner{data: data, matcher: f.matchers[rule]}
	if err := scan.scan(start); err != nil {
		s.report("json.syntax", diag.Error, err.offset, err.message, hintSyntax)
		return d, s.diags
	}
	for i, x := range scan.duplicates {
		if i == maxDuplicates {
			s.report("json.duplicate", diag.Warning, -1, fmt.Sprintf("%d more names that are there twice", len(scan.duplicates)-i), "")
			break
		}
		s.report("json.duplicate", diag.Warning, x.offset, fmt.Sprintf("the object has the name %q more than once", diag.Excerpt(x.name)), "most programs use the last one; all are translated")
	}
	d.Skeleton.Slots = append(scan.languages, scan.locales...)
	d.Locale = declared(data, scan.languages)
	for _, x := range scan.found {
		s.add(x)
	}
	if len(d.Units) == 0 && len(s.diags) == 0 {
		s.report("json.no-text", diag.Warning, -1, "the pointers of [[json]] find no text in this file", "compare them with the file; * is any element of an array")
	}
	return d, s.diags
}

// declared returns the language that a file declares, empty if it declares none or, as
// a list of articles may, several.
func declared(data []byte, languages []bitext.Slot) string {
	first := ""
	for i, s := range languages {
		text, _, _ := Decode(data, s.Start+1, max(s.Start+1, s.End-1))
		if i > 0 && text != first {
			return ""
		}
		first = text
	}
	return first
}

const hintSyntax = "the file is kept as it is; check it with a JSON tool"

// maxDuplicates is how many doubled names of a file are reported one by one.
const maxDuplicates = 20

// splitter makes the units of one file.
type splitter struct {
	format *Format
	doc    *bitext.Document
	ids    bitext.IDs
	diags  []diag.Diagnostic
	lines  *diag.Lines
}

// report adds a diagnostic at an offset, -1 for the file.
func (s *splitter) report(id string, severity diag.Severity, offset int, message, hint string) {
	place := diag.Place{Path: s.doc.Path}
	if offset >= 0 {
		if s.lines == nil {
			s.lines = diag.NewLines(s.doc.Skeleton.Data)
		}
		place.Line, place.Column = s.lines.At(offset)
	}
	s.diags = append(s.diags, diag.Diagnostic{ID: id, Severity: severity, Place: place, Message: message, Hint: hint})
}

// add makes units of a string.
func (s *splitter) add(x found) {
	text, anchors, ok := Decode(s.doc.Skeleton.Data, x.start, x.end)
	if !ok {
		s.report("json.string", diag.Warning, x.start, "the string has half of a surrogate pair: it is not translated", "write the character itself, or both halves")
		return
	}
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return
	}
	name, pointer, known := x.path.names()
	if x.content == Text && !strings.ContainsAny(text, "\n\r") {
		s.unit(x, text, anchors, name, pointer, known)
		return
	}
	embedded, formatName := s.format.embedded(x.content)
	part, ds := embedded.Split(s.doc.Path, []byte(text))
	for _, d := range ds {
		s.report(d.ID, d.Severity, x.start, d.Message, d.Hint)
	}
	if len(part.Units) == 0 {
		return
	}
	for i := range part.Units {
		if u := &part.Units[i]; x.title && (u.Kind == bitext.Paragraph || u.Kind == bitext.Heading) {
			u.Kind = bitext.Title
			s.title(u.Source.Chars)
		}
	}
	s.doc.AddPart(&s.ids, bitext.Part{Name: name, Format: formatName, Start: x.start, End: x.end}, part)
}

// unit makes one unit of a string.
func (s *splitter) unit(x found, text string, anchors []bitext.Anchor, name, pointer string, known bool) {
	u := bitext.Unit{Kind: bitext.Field, Name: pointer, Source: bitext.Plain(text)}
	if x.title {
		u.Kind = bitext.Title
		s.title(text)
	}
	if !known { // its place in an array is no identity
		name += "." + new(bitext.IDs).Content(u.Kind, u.Source)
	}
	u.ID = s.ids.Named(strings.TrimPrefix(name, "."))
	s.doc.Units = append(s.doc.Units, u)
	s.doc.Skeleton.Spans = append(s.doc.Skeleton.Spans, bitext.UnitSpan{
		Unit: len(s.doc.Units) - 1, Start: x.start, End: x.end, Context: "json", Anchors: anchors,
	})
}

// title sets the title of the document, if it has none.
func (s *splitter) title(text string) {
	if s.doc.Meta["title"] == "" {
		s.doc.Meta["title"] = text
	}
}

// names returns the name of a value for identities and its JSON pointer. An element
// of an array has its own id in the name, or nothing if it has none; then known is
// false.
func (p *step) names() (name, pointer string, known bool) {
	var ids, tokens []string
	known = true
	for ; p != nil; p = p.parent {
		tokens = append(tokens, strings.ReplaceAll(strings.ReplaceAll(p.name, "~", "~0"), "/", "~1"))
		switch {
		case p.elem == nil:
			ids = append(ids, p.name)
		case p.elem.id != "":
			ids = append(ids, p.elem.id)
		default:
			known = false
		}
	}
	slices.Reverse(ids)
	slices.Reverse(tokens)
	if len(tokens) > 0 {
		pointer = "/" + strings.Join(tokens, "/")
	}
	if len(ids) == 0 {
		ids = []string{"text"}
	}
	return strings.Join(ids, "."), pointer, known
}

// embedded returns the format for a content, and its name.
func (f *Format) embedded(c Content) (Embedded, string) {
	switch c {
	case HTML:
		return f.HTML, "html"
	case Markdown:
		return f.Markdown, "markdown"
	}
	return f.Text, "text"
}

// contentOf returns the content of a part by the name of its format.
func contentOf(format string) Content {
	switch format {
	case "html":
		return HTML
	case "markdown":
		return Markdown
	}
	return Text
}

// Assemble writes a translation into a file, and the edition's language where a
// pointer leads to it.
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	var edits []bitext.Edit
	var ds []diag.Diagnostic
	if meta != nil {
		edits, ds = languageEdits(d, meta)
	}
	for i := range d.Skeleton.Parts {
		if tr == nil {
			break
		}
		p := &d.Skeleton.Parts[i]
		embedded, _ := f.embedded(contentOf(p.Format))
		data, more := embedded.Assemble(d.Part(i), tr.Part(i), meta.Part())
		ds = append(ds, more...)
		if text, _, _ := Decode(d.Skeleton.Data, p.Start, p.End); string(data) != text {
			edits = append(edits, bitext.Edit{Start: p.Start, End: p.End, Text: string(AppendText(nil, string(data)))})
		}
	}
	s := bitext.Splicer{Encode: func(dst []byte, _ *bitext.UnitSpan, chars string) []byte { return AppendText(dst, chars) }}
	return s.Splice(d, tr, edits), ds
}

// languageEdits returns the edits that make an edition's language known: in the
// strings that have the language of the source, and in names that are a locale. A
// member that is there for the edition's locale makes room for the translation.
func languageEdits(d *bitext.Document, meta *bitext.EditionMeta) (edits []bitext.Edit, ds []diag.Diagnostic) {
	data, slots := d.Skeleton.Data, d.Skeleton.Slots
	if meta.Locale == d.Locale {
		return nil, nil // the source's own edition
	}
	locale := func(like string) string {
		if strings.Contains(like, "_") {
			return strings.ReplaceAll(meta.Locale, "-", "_")
		}
		return meta.Locale
	}
	for i, s := range slots {
		text, _, _ := Decode(data, s.Start+1, max(s.Start+1, s.End-1))
		switch s.Name {
		case slotLanguage:
			if d.Locale == "" || tag.SameLanguage(strings.ReplaceAll(text, "_", "-"), d.Locale) {
				edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: `"` + string(AppendText(nil, locale(text))) + `"`})
			}
		case slotLocaleKey:
			if strings.EqualFold(text, meta.Locale) {
				continue
			}
			edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: `"` + string(AppendText(nil, locale(text))) + `"`})
			for _, m := range slots[i+1:] {
				if m.Name != slotMember {
					break
				}
				if name := memberName(data[m.Start:m.End]); name != locale(text) {
					continue
				}
				if overlaps(d, m) {
					line, column := diag.At(data, m.Start)
					ds = append(ds, diag.Diagnostic{
						ID: "json.locale", Severity: diag.Warning, Place: diag.Place{Path: d.Path, Line: line, Column: column},
						Hint: "let the pointers lead to the source locale alone",
					}.Messagef("the object has a member %q already, which is translated too: both are in the edition", diag.Arg("locale", meta.Locale)))
					continue
				}
				edits = append(edits, bitext.Edit{Start: m.Start, End: m.End})
			}
		}
	}
	return edits, ds
}

// memberName returns the name of a member, before which there may be a comma.
func memberName(data []byte) string {
	data = bytes.TrimLeft(data, ", \t\r\n")
	s := scanner{data: data}
	if s.string(); s.err != nil || s.at < 2 {
		return ""
	}
	name, _, _ := Decode(data, 1, s.at-1)
	return name
}

// overlaps reports whether text of the document is inside a slot.
func overlaps(d *bitext.Document, s bitext.Slot) bool {
	spans, parts := d.Skeleton.Spans, d.Skeleton.Parts
	i := sort.Search(len(spans), func(i int) bool { return spans[i].End > s.Start })
	j := sort.Search(len(parts), func(i int) bool { return parts[i].End > s.Start })
	return i < len(spans) && spans[i].Start < s.End || j < len(parts) && parts[j].Start < s.End
}
