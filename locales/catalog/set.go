// Package catalog is the model of a project's go-i18n message catalogs: the messages
// of all its locales, read from file contents in memory, and how complete each
// locale is. The packages below it check (lint) and change (update) catalogs, and
// find the messages that code uses (usage).
package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"hexapla/locales"
	"hexapla/locales/catalog/rule"
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

	Unreadable bool     // a file of it does not parse: its messages are not all known
	WithBOM    []string // those of its files that begin with a byte order mark
}

// Readable reports whether all files of a locale could be read. The messages of
// a file that could not be read are not known: they are neither translated nor
// missing.
func (s *Set) Readable(locale string) bool {
	c := s.Catalogs[locale]
	return c == nil || !c.Unreadable
}

// SourceProblem says why translations cannot be compared with the source, or
// changed to fit it: it has no catalog, one of its files does not load, or it has
// no messages. It is "" for a sound source.
func (s *Set) SourceProblem() string {
	switch c := s.Catalogs[s.Source]; {
	case c == nil:
		return "the source locale has no catalog"
	case c.Unreadable:
		return fmt.Sprintf("the source catalog %s cannot be read: no translation can be compared with it", strings.Join(c.Paths, ", "))
	case len(c.IDs) == 0:
		return fmt.Sprintf("the source catalog %s has no messages", strings.Join(c.Paths, ", "))
	}
	return ""
}

// Parents returns the catalogs of a locale's parents, nearest first.
func (s *Set) Parents(locale string) []*Catalog {
	var out []*Catalog
	for _, p := range locales.Parents(locale) {
		if c := s.Catalogs[p]; c != nil {
			out = append(out, c)
		}
	}
	return out
}

// Inherited returns the first of the parents that has a text for the message, nil
// for none.
func Inherited(parents []*Catalog, id string) *Catalog {
	for _, c := range parents {
		if m := c.Messages[id]; m != nil && !m.IsEmpty() {
			return c
		}
	}
	return nil
}

// A Message is a message with its file.
type Message struct {
	message.Entry
	Path        string
	NeedsReview bool // a comment directly above contains "needs review"
}

// Place returns where the message is.
func (m *Message) Place(locale string) diag.Place {
	return diag.Place{Path: m.Path, Line: m.Line, Column: m.Column, Locale: locale, Unit: m.ID}
}

// IsPlural reports whether the message has forms beside "other".
func (m *Message) IsPlural() bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// IsEmpty reports whether the message has no text at all.
func (m *Message) IsEmpty() bool { return m.Other == "" && !m.IsPlural() }

// SourceForm returns the text that a form is translated from: the message's own
// form of that category, or "other", or the only one that there is.
func (m *Message) SourceForm(category string) string {
	return m.Form(m.SourceCategory(category))
}

// SourceCategory returns the category of the form that SourceForm returns, ""
// for a message without text.
func (m *Message) SourceCategory(category string) string {
	for _, c := range []string{category, "other", "many", "few", "two", "one", "zero"} {
		if m.Form(c) != "" {
			return c
		}
	}
	return ""
}

// FieldPlace returns the place of a field of the message, or of the message where
// it does not have the field.
func (m *Message) FieldPlace(locale, field string) diag.Place {
	p := m.Place(locale)
	if f, ok := m.Field(field); ok {
		p.Line, p.Column = f.Line, f.Column
	}
	return p
}

// FileLocale returns the canonical locale of a message file's name. Beside
// active.LOCALE.toml it accepts LOCALE.toml, as go-i18n does. It refuses names that
// go-i18n reads as the language "und", and endings in capitals, which go-i18n does
// not load; for those it returns the locale and an error. The prefix is "active" or
// what else is before the locale, "" for nothing.
func FileLocale(name string) (prefix, locale string, err error) {
	base, extension := path.Base(name), path.Ext(name)
	stem := strings.TrimSuffix(base, extension)
	if !strings.Contains(stem, ".") {
		if locale, err = locales.Canonical(stem); err != nil || locale == "und" {
			return "", "", fmt.Errorf("file name %q has no locale: it must be active.LOCALE.toml, .json or .yaml", base)
		}
	} else {
		prefix, _, _ = strings.Cut(stem, ".")
		if locale, err = locales.FileLocale(stem + strings.ToLower(extension)); err != nil {
			return prefix, "", err
		}
	}
	if lower := strings.ToLower(extension); lower != extension {
		return prefix, locale, fmt.Errorf("file name %q ends in %s: go-i18n does not load it, only %s", base, extension, lower)
	}
	return prefix, locale, nil
}

// IsMessageFile reports whether a path has the ending of a message file, in small
// letters or in capitals. Parse reports those in capitals, which go-i18n does not
// load.
func IsMessageFile(name string) bool {
	return slices.Contains([]string{".toml", ".json", ".yaml", ".yml"}, strings.ToLower(path.Ext(name)))
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
		misnamed             error
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
		results = append(results, &result{name: name, locale: locale, prefix: prefix, data: bytes.TrimPrefix(files[name], message.BOM), misnamed: err})
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, r := range results {
		g.Go(func() error {
			r.file, r.ds = message.Parse(r.name, r.data)
			return nil
		})
	}
	_ = g.Wait()
	sourceIDs, homes := map[string]bool{}, map[string]bool{}
	for _, r := range results {
		if r.misnamed == nil && r.locale == s.Source {
			homes[homeOf(r.name, r.locale)+"/"+r.prefix], homes[r.prefix] = true, r.prefix != ""
			for _, e := range r.file.Entries {
				sourceIDs[e.ID] = true
			}
		}
	}
	var ds []diag.Diagnostic
	from := map[string]string{}
	for _, r := range results {
		home := homes[homeOf(r.name, r.locale)+"/"+r.prefix] || homes[r.prefix]
		if r.misnamed != nil || r.locale != s.Source && ofAnotherProgram(r.file, r.ds, sourceIDs, home, r.locale) {
			continue
		}
		for _, d := range r.ds {
			d.Place.Locale = r.locale
			ds = append(ds, d)
		}
		key := path.Dir(r.name) + "/" + r.prefix + "." + r.locale
		if first, ok := from[key]; ok {
			ds = append(ds, diag.Diagnostic{ID: "catalog.two-files", Severity: diag.Error, Place: diag.Place{Path: r.name, Locale: r.locale},
				Hint: "merge them into one"}.Messagef("locale %s has a second file, next to %s", diag.Arg("locale", r.locale), diag.Arg("first", first)))
			continue
		}
		from[key] = r.name
		ds = append(ds, s.add(r.name, r.locale, r.file, r.data, len(r.file.Entries) == 0 && slices.ContainsFunc(r.ds, rule.IsError))...)
		if bytes.HasPrefix(files[r.name], message.BOM) {
			s.Catalogs[r.locale].WithBOM = append(s.Catalogs[r.locale].WithBOM, r.name)
		}
	}
	for _, r := range results {
		if r.misnamed != nil && s.mayBelong(r.file, r.prefix, r.locale) {
			ds = append(ds, rule.Finding("catalog.file-name", diag.Place{Path: r.name, Locale: r.locale}, "rename the file; go-i18n ignores its locale, or the file, without an error", "%s", diag.Arg("misnamed", r.misnamed.Error())))
		}
	}
	for i := range ds {
		ds[i].Issue = rule.ByID(ds[i].ID).Issue
	}
	diag.Sort(ds)
	return s, ds
}

// homeOf returns the folder of a catalog, or the one that has the folders of locales, as
// "locales" of "locales/de/de.toml".
func homeOf(name, locale string) string {
	dir := path.Dir(name)
	if tag, err := locales.Canonical(path.Base(dir)); err == nil && tag == locale {
		return path.Dir(dir)
	}
	return dir
}

// ofAnotherProgram reports whether a file is the configuration of something else: it has no
// message of the source, and it is not at home, where a catalog of the source has the same
// folder or the same prefix, or its language is hardly one ("fly.toml", "buf.yaml",
// "docker-compose.dev.yml").
func ofAnotherProgram(file *message.File, ds []diag.Diagnostic, sourceIDs map[string]bool, home bool, locale string) bool {
	if len(sourceIDs) == 0 || home && isLanguage(locale) {
		return false
	}
	if len(file.Entries) == 0 {
		notOne := func(d diag.Diagnostic) bool { return d.ID == "catalog.structure" && d.Severity == diag.Error }
		return !isLanguage(locale) && slices.ContainsFunc(ds, notOne)
	}
	return !slices.ContainsFunc(file.Entries, func(e message.Entry) bool { return sourceIDs[e.ID] })
}

// mayBelong reports whether a file whose name has no proper locale may be meant as a
// catalog, and is not a file of another program: it has a locale, or the prefix of
// another catalog, or messages of which most are in the catalogs. Where there are no
// catalogs every file may be one.
func (s *Set) mayBelong(file *message.File, prefix, locale string) bool {
	if len(s.Catalogs) == 0 || locale != "" {
		return true
	}
	for _, c := range s.Catalogs {
		for _, name := range c.Paths {
			if p, _, _ := FileLocale(name); prefix != "" && p == prefix && path.Dir(name) == path.Dir(file.Path) {
				return true
			}
		}
	}
	known := 0
	for _, e := range file.Entries {
		for _, c := range s.Catalogs {
			if c.Messages[e.ID] != nil {
				known++
				break
			}
		}
	}
	return known > len(file.Entries)/2
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
	c.Unreadable = c.Unreadable || broken
	var review *diag.Lines // of a file that asks for a review somewhere
	if bytes.Contains(data, []byte(message.NeedsReview)) {
		review = diag.NewLines(data)
	}
	var ds []diag.Diagnostic
	all := make([]Message, len(file.Entries))
	for i, e := range file.Entries {
		m := &all[i]
		m.Entry, m.Path = e, name
		m.NeedsReview = review != nil && bytes.Contains(message.CommentAbove(data, review, e.Offset), []byte(message.NeedsReview))
		if first, ok := c.Messages[e.ID]; ok {
			if first.Path == name {
				continue // reported by whoever read the file
			}
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: m.Place(locale),
				Hint: "keep one of them"}.Messagef("message %q is also in %s, line %d", diag.Arg("id", e.ID), diag.Arg("path", first.Path), diag.Arg("line", first.Line)))
			continue
		}
		c.Messages[e.ID] = m
		c.IDs = append(c.IDs, e.ID)
	}
	return ds
}

// IsPseudo reports whether a locale is a pseudo-locale. The regions XA and XB are
// for tests of a page's layout, and are not checked.
func IsPseudo(locale string) bool {
	return strings.HasSuffix(locale, "-XA") || strings.HasSuffix(locale, "-XB")
}
