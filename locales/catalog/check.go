package catalog

import (
	"crypto/sha1"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// Options say how to check.
type Options struct {
	Locales        []string // to look at; empty for every one that has a catalog. One without a catalog is a finding.
	AllowFunctions []string // template functions that the project has beside message.Functions
	AllowIf        bool     // {{if}} … {{else}} … {{end}} in templates is no finding
	SameAsSource   []string // ids of messages that may stay as they are: names, "OK"
}

// Check looks at every message of every locale, beside its source. The
// diagnostics come in their one order (diag.Sort). It keeps parsed templates in
// the Set: do not check one Set twice at the same time.
func Check(s *Set, opt Options) []diag.Diagnostic {
	tags := slices.Sorted(maps.Keys(s.Catalogs))
	var ds []diag.Diagnostic
	for _, l := range opt.Locales {
		if c, err := locales.Canonical(l); err == nil && !slices.Contains(tags, c) && s.lookup(c) == nil {
			ds = append(ds, finding("catalog.missing-locale", diag.Place{Locale: c}, "locale has no catalog", "add active."+c+".toml"))
		}
	}
	if len(opt.Locales) > 0 {
		tags = slices.DeleteFunc(tags, func(tag string) bool {
			return tag != s.Source && !slices.ContainsFunc(opt.Locales, func(l string) bool { c, err := locales.Canonical(l); return err == nil && c == tag })
		})
	}
	tags = slices.DeleteFunc(tags, pseudoLocale)
	source := s.Catalogs[s.Source]
	if source == nil {
		source = &Catalog{Locale: s.Source}
		ds = append(ds, finding("catalog.missing-locale", diag.Place{Locale: s.Source}, "the source locale has no catalog", "name the source locale, or add active."+s.Source+".toml"))
	} else {
		// The source first: the others look at its templates.
		for _, m := range source.Messages {
			m.hash = Hash(&m.Entry)
		}
		ch := newChecker(s, source, source, opt)
		ds = append(ds, ch.run()...)
		for _, m := range source.Messages {
			m.variables = &variables{}
			m.variables.gather(m.templates[:])
		}
	}
	results := make([][]diag.Diagnostic, len(tags))
	parallel(len(tags), func(i int) {
		if tags[i] != s.Source {
			results[i] = newChecker(s, source, s.Catalogs[tags[i]], opt).run()
		}
	})
	for _, r := range results {
		ds = append(ds, r...)
	}
	diag.Sort(ds)
	return ds
}

// lookup is the catalog of a locale or of the nearest of its parents.
func (s *Set) lookup(tag string) *Catalog {
	if c := s.Catalogs[tag]; c != nil {
		return c
	}
	for _, p := range locales.Parents(tag) {
		if c := s.Catalogs[p]; c != nil {
			return c
		}
	}
	return nil
}

func finding(id string, place diag.Place, text, hint string) diag.Diagnostic {
	r := rule(id)
	return diag.Diagnostic{ID: id, Severity: r.Severity, Place: place, Message: text, Hint: hint, Issue: r.ITS}
}

// Hash is go-i18n's mark of the source that a translation was made from:
// SHA-1 of the description and the form "other".
func Hash(m *message.Entry) string {
	return fmt.Sprintf("sha1-%x", sha1.Sum([]byte(m.Description+m.Other)))
}

// A checker checks one catalog.
type checker struct {
	set            *Set
	source, target *Catalog
	opt            Options
	locale         string
	categories     []string // plural categories of the locale
	parents        []*Catalog
	text           locales.TextChecker
	sameLanguage   bool // as the source: en-GB beside en
	script         string
	several        map[string]bool // plural categories that hold more than one number
	ds             []diag.Diagnostic
}

func newChecker(s *Set, source, target *Catalog, opt Options) *checker {
	ch := &checker{set: s, source: source, target: target, opt: opt, locale: target.Locale,
		categories: locales.PluralCategories(target.Locale), text: locales.NewTextChecker(target.Locale)}
	for _, p := range locales.Parents(target.Locale) {
		if c := s.Catalogs[p]; c != nil {
			ch.parents = append(ch.parents, c)
		}
	}
	a, _, _ := strings.Cut(source.Locale, "-")
	b, _, _ := strings.Cut(target.Locale, "-")
	ch.sameLanguage = a == b
	ch.script = locales.Script(ch.locale)
	ch.several = map[string]bool{}
	for _, c := range ch.categories {
		ch.several[c] = several(ch.locale, c)
	}
	return ch
}

func (ch *checker) add(id string, place diag.Place, format string, args ...any) {
	ch.ds = append(ch.ds, finding(id, place, fmt.Sprintf(format, args...), ""))
}

func (ch *checker) hint(hint string) { ch.ds[len(ch.ds)-1].Hint = hint }

func (ch *checker) run() []diag.Diagnostic {
	for _, id := range ch.target.IDs {
		m := ch.target.Messages[id]
		ch.templates(m)
		if ch.target == ch.source {
			ch.own(m, m)
			continue
		}
		src := ch.source.Messages[id]
		if src == nil {
			ch.add("catalog.extra", m.Place(ch.locale), "message %q is not in the source", id)
			ch.hint("remove it, or add it to the source")
			src = m
		}
		ch.own(m, src)
		if src != m && !m.empty() {
			ch.beside(m, src)
		}
	}
	if ch.target != ch.source {
		ch.missing()
	}
	return ch.ds
}

// missing finds what the source has and neither the catalog nor its parents.
func (ch *checker) missing() {
	if ch.target.hidden {
		return // the file's own finding says all that can be known
	}
	path := ""
	if len(ch.target.Paths) > 0 {
		path = ch.target.Paths[0]
	}
	for _, id := range ch.source.IDs {
		if _, ok := ch.target.Messages[id]; ok {
			continue
		}
		if slices.ContainsFunc(ch.parents, func(c *Catalog) bool { m := c.Messages[id]; return m != nil && !m.empty() }) {
			continue
		}
		src := ch.source.Messages[id]
		ch.add("catalog.missing", diag.Place{Path: path, Locale: ch.locale, Unit: id}, "message %q is not translated: %.80q", id, src.Other)
		ch.hint(fmt.Sprintf("source: %s:%d", src.Path, src.Line))
	}
}

// templates parses the forms of a message.
func (ch *checker) templates(m *Message) {
	for i, category := range message.Categories {
		text := m.Form(category)
		if text == "" {
			continue
		}
		t, err := message.ParseTemplate(text, m.LeftDelim, m.RightDelim)
		if err != nil {
			place := m.locate(ch.locale, category)
			if se, ok := err.(*message.SyntaxError); ok && se.Line > 1 {
				place.Line, place.Column = place.Line+se.Line-1, 0
			}
			ch.add("catalog.template", place, "form %q does not parse: %v", category, err)
			continue
		}
		m.templates[i] = t
		for _, r := range t.Refused {
			if slices.Contains(ch.opt.AllowFunctions, r.Node) || r.Node == "if" && ch.opt.AllowIf {
				continue
			}
			ch.add("catalog.template-node", m.locate(ch.locale, category), "form %q has %s: %s", category, r.Node, r.Text)
			ch.hint("a message may name variables and call " + strings.Join(message.Functions, ", "))
		}
	}
}

// own finds what is wrong with a message by itself. src tells whether it is
// plural; it is m for the source and for extra messages.
func (ch *checker) own(m, src *Message) {
	if m.NeedsReview {
		ch.add("catalog.review", m.Place(ch.locale), "translation is marked as needing review")
	}
	if m.empty() {
		ch.add("catalog.empty", m.locate(ch.locale, "other"), "message %q has no text", m.ID)
		return
	}
	for _, f := range m.Fields {
		if f.Value == "" && slices.Contains(message.Categories, f.Name) {
			ch.add("catalog.empty", diag.Place{Path: m.Path, Line: f.Line, Column: f.Column, Locale: ch.locale, Unit: m.ID}, "form %q has no text", f.Name)
		}
	}
	ch.plurals(m, src)
	for i, category := range message.Categories {
		if m.Form(category) == "" {
			continue
		}
		for _, part := range parts(m.templates[i], m.Form(category)) {
			ch.characters(m, category, part)
		}
	}
}

// parts are the literal texts of a form.
func parts(t *message.Template, text string) []string {
	if t == nil {
		return []string{text}
	}
	var out []string
	for _, p := range t.Parts {
		if p.Field == "" {
			out = append(out, p.Text)
		}
	}
	return out
}

func (ch *checker) characters(m *Message, category, text string) {
	for _, p := range ch.text.Problems(text) {
		id := map[string]string{locales.ControlCharacter: "catalog.control", locales.BidiControl: "catalog.bidi", locales.MixedScript: "catalog.script",
			locales.ForeignScript: "catalog.script", locales.NotNFC: "catalog.nfc"}[p.Kind]
		ch.add(id, m.locate(ch.locale, category), "form %q: %s", category, p.Detail)
	}
}

// plurals compares the forms with the categories of the locale.
func (ch *checker) plurals(m, src *Message) {
	if !m.plural() && !src.plural() {
		return
	}
	for i, category := range message.Categories {
		needed := slices.Contains(ch.categories, category)
		text := m.Form(category)
		switch {
		case needed && text == "":
			id := "catalog.plural-missing"
			if category == "many" && rareMany(ch.locale) {
				id = "catalog.plural-rare"
			}
			ch.add(id, m.Place(ch.locale), "plural form %q is missing; %s needs %s", category, ch.locale, strings.Join(ch.categories, ", "))
		case !needed && text != "":
			ch.add("catalog.plural-extra", m.locate(ch.locale, category), "%s has no plural form %q; it needs %s", ch.locale, category, strings.Join(ch.categories, ", "))
		case text != "" && m.templates[i] != nil && len(m.templates[i].Variables) == 0 && ch.several[category] && src.showsCount():
			ch.add("catalog.count", m.locate(ch.locale, category), "plural form %q is used for several numbers and does not show the number", category)
		}
	}
}

// showsCount says whether any form names a variable.
func (m *Message) showsCount() bool {
	return slices.ContainsFunc(m.templates[:], func(t *message.Template) bool { return t != nil && len(t.Variables) > 0 })
}

// rareMany: the category "many" of the Romance languages is for whole millions.
func rareMany(locale string) bool {
	return locales.Plural(locale, 1000000) == "many" && locales.Plural(locale, 11) != "many" && locales.Plural(locale, 5) != "many"
}

// several says whether a plural category of the locale holds more than one
// whole number.
func several(locale, category string) bool {
	n := 0
	for i := range 32 {
		if locales.Plural(locale, i) == category {
			n++
		}
	}
	return n > 1
}
