package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// Files are file contents by slash-separated path.
type Files map[string][]byte

// A Set is the catalogs of a project.
type Set struct {
	Source   string              // canonical locale of the source texts
	Catalogs map[string]*Catalog // by canonical locale
}

// A Catalog is one locale's messages.
type Catalog struct {
	Locale   string
	Paths    []string // its files, sorted
	IDs      []string // in the files' order
	Messages map[string]*Message

	hidden bool     // a file of it does not parse: what it has is not known
	marked []string // those of its files that begin with a byte order mark
}

// Readable says whether all files of a locale could be read. What is in one
// that could not is not known: it is neither translated nor missing.
func (s *Set) Readable(locale string) bool {
	c := s.Catalogs[locale]
	return c == nil || !c.hidden
}

// above are the catalogs of a locale's parents, nearest first.
func (s *Set) above(locale string) []*Catalog {
	var out []*Catalog
	for _, p := range locales.Parents(locale) {
		if c := s.Catalogs[p]; c != nil {
			out = append(out, c)
		}
	}
	return out
}

// inherited is the first of the catalogs that has the message, nil for none.
func inherited(above []*Catalog, id string) *Catalog {
	for _, c := range above {
		if m := c.Messages[id]; m != nil && !m.empty() {
			return c
		}
	}
	return nil
}

// A Message is a message with its file and its templates.
type Message struct {
	message.Entry
	Path        string
	NeedsReview bool // a comment directly above says "needs review"

	templates [6]*message.Template // by message.Categories; nil for no form, or one that does not parse
	hash      string               // of a source message
	variables *variables           // of a source message
}

// Place is where the message stands.
func (m *Message) Place(locale string) diag.Place {
	return diag.Place{Path: m.Path, Line: m.Line, Column: m.Column, Locale: locale, Unit: m.ID}
}

// plural says whether the message has forms beside "other".
func (m *Message) plural() bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// empty says whether the message has no text at all.
func (m *Message) empty() bool { return m.Other == "" && !m.plural() }

// locate finds the place of a field of the message.
func (m *Message) locate(locale, field string) diag.Place {
	p := m.Place(locale)
	if f, ok := m.Field(field); ok {
		p.Line, p.Column = f.Line, f.Column
	}
	return p
}

// FileLocale is the canonical locale of a message file's name. Beside
// active.LOCALE.toml it takes LOCALE.toml, as go-i18n does; it refuses the
// names that go-i18n takes for "und". The prefix is "active" or what else
// stands before the locale, "" for nothing.
func FileLocale(name string) (prefix, locale string, err error) {
	base := path.Base(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	if !strings.Contains(stem, ".") {
		if locale, err = locales.Canonical(stem); err == nil && locale != "und" {
			return "", locale, nil
		}
		return "", "", fmt.Errorf("file name %q does not say its locale: want active.LOCALE.toml, .json or .yaml", base)
	}
	prefix, _, _ = strings.Cut(stem, ".")
	locale, err = locales.FileLocale(name)
	return prefix, locale, err
}

// IsMessageFile says whether a path has the ending of a message file.
func IsMessageFile(name string) bool {
	return slices.Contains([]string{".toml", ".json", ".yaml", ".yml"}, path.Ext(name))
}

// Parse reads catalogs. Files of the prefix "translate" are goi18n's lists of
// work to do and no catalogs. The diagnostics say what is wrong with the files
// themselves; Check looks at the messages.
func Parse(files Files, source string) (*Set, []diag.Diagnostic) {
	s := &Set{Source: source, Catalogs: map[string]*Catalog{}}
	if c, err := locales.Canonical(source); err == nil {
		s.Source = c
	}
	type result struct {
		name, locale, prefix string
		file                 *message.File
		data                 []byte
		ds                   []diag.Diagnostic
	}
	var results []*result
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !IsMessageFile(name) {
			continue
		}
		prefix, locale, err := FileLocale(name)
		if prefix == "translate" {
			continue
		}
		r := &result{name: name, locale: locale, prefix: prefix, data: bytes.TrimPrefix(files[name], bom)}
		if err != nil {
			r.ds = []diag.Diagnostic{{ID: "catalog.file-name", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error(),
				Hint: "go-i18n would take it for no language at all, without a word"}}
		}
		results = append(results, r)
	}
	parallel(len(results), func(i int) {
		if r := results[i]; r.ds == nil {
			r.file, r.ds = message.Parse(r.name, r.data)
		}
	})
	var ds []diag.Diagnostic
	from := map[string]string{}
	for _, r := range results {
		for _, d := range r.ds {
			d.Place.Locale = r.locale
			ds = append(ds, d)
		}
		if r.file == nil {
			continue
		}
		key := path.Dir(r.name) + "/" + r.prefix + "." + r.locale
		if first, ok := from[key]; ok {
			ds = append(ds, diag.Diagnostic{ID: "catalog.two-files", Severity: diag.Error, Place: diag.Place{Path: r.name, Locale: r.locale},
				Message: fmt.Sprintf("locale %s has a second file beside %s", r.locale, first), Hint: "merge them into one"})
			continue
		}
		from[key] = r.name
		ds = append(ds, s.add(r.name, r.locale, r.file, r.data, len(r.file.Entries) == 0 && slices.ContainsFunc(r.ds, isError))...)
		if bytes.HasPrefix(files[r.name], bom) {
			s.Catalogs[r.locale].marked = append(s.Catalogs[r.locale].marked, r.name)
		}
	}
	for i := range ds {
		ds[i].Issue = rule(ds[i].ID).Issue
	}
	diag.Sort(ds)
	return s, ds
}

// add puts the messages of one file into its locale's catalog; broken says that
// an error hides what the file has.
func (s *Set) add(name, locale string, file *message.File, data []byte, broken bool) []diag.Diagnostic {
	c := s.Catalogs[locale]
	if c == nil {
		c = &Catalog{Locale: locale, Messages: make(map[string]*Message, len(file.Entries)), IDs: make([]string, 0, len(file.Entries))}
		s.Catalogs[locale] = c
	}
	c.Paths = append(c.Paths, name)
	c.hidden = c.hidden || broken
	var review *lined // of a file that asks for a review somewhere
	if bytes.Contains(data, []byte("needs review")) {
		review = linedOf(data)
	}
	var ds []diag.Diagnostic
	all := make([]Message, len(file.Entries))
	for i, e := range file.Entries {
		m := &all[i]
		m.Entry, m.Path = e, name
		m.NeedsReview = review != nil && bytes.Contains(review.commentAbove(e.Offset), []byte("needs review"))
		if first, ok := c.Messages[e.ID]; ok {
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: m.Place(locale),
				Message: fmt.Sprintf("message %q is also in %s, line %d", e.ID, first.Path, first.Line), Hint: "keep one of them"})
			continue
		}
		c.Messages[e.ID] = m
		c.IDs = append(c.IDs, e.ID)
	}
	return ds
}

// lined is a file with the offsets at which its lines begin: many messages may
// share a line, and none of them is to walk along it.
type lined struct {
	data   []byte
	starts []int
}

func linedOf(data []byte) *lined {
	l := &lined{data: data, starts: []int{0}}
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return l
		}
		at += i + 1
		l.starts = append(l.starts, at)
	}
}

// line is the number of the line that offset is in, from 0.
func (l *lined) line(offset int) int {
	i, found := slices.BinarySearch(l.starts, offset)
	if !found {
		i--
	}
	return max(i, 0)
}

func (l *lined) lineStart(offset int) int { return l.starts[l.line(offset)] }

// lineEnd is the offset after the line's newline.
func (l *lined) lineEnd(offset int) int {
	if i := l.line(offset) + 1; i < len(l.starts) {
		return l.starts[i]
	}
	return len(l.data)
}

// commentStart is where the comment lines directly above offset begin.
func (l *lined) commentStart(offset int) int {
	i := l.line(offset)
	for i > 0 && bytes.HasPrefix(bytes.TrimLeft(l.data[l.starts[i-1]:l.starts[i]], " \t"), []byte("#")) {
		i--
	}
	return l.starts[i]
}

// commentAbove is the text of the comment lines directly above offset.
func (l *lined) commentAbove(offset int) []byte {
	return l.data[l.commentStart(offset):l.lineStart(offset)]
}

// blankAt says whether the line at offset is there and empty.
func (l *lined) blankAt(offset int) bool {
	return offset < len(l.data) && len(bytes.TrimSpace(l.data[offset:l.lineEnd(offset)])) == 0
}

// blankBefore says whether the line before that of offset is there and empty.
func (l *lined) blankBefore(offset int) bool {
	i := l.line(offset)
	return i > 0 && l.blankAt(l.starts[i-1])
}
