package catalog

import (
	"crypto/sha1"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"hexapla/locales"
	"hexapla/locales/message"
	langtag "hexapla/locales/tag"
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
		ds = append(ds, finding("catalog.missing-locale", diag.Place{Locale: s.Source}, "the source locale has no catalog", s.sourceHint()))
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
	common := commonWords(source)
	results := make([][]diag.Diagnostic, len(tags))
	parallel(len(tags), func(i int) {
		if tags[i] != s.Source {
			ch := newChecker(s, source, s.Catalogs[tags[i]], opt)
			ch.common = common
			results[i] = ch.run()
		}
	})
	for _, r := range results {
		ds = append(ds, r...)
	}
	diag.Sort(ds)
	return ds
}

func (s *Set) sourceHint() string {
	add := "add active." + s.Source + ".toml"
	if len(s.Catalogs) == 0 {
		return add + "; files translate.LOCALE are lists of work to do and no catalogs"
	}
	return add + ", or name the source, which may be one of " + strings.Join(slices.Sorted(maps.Keys(s.Catalogs)), ", ")
}

// lookup is the catalog of a locale or of the nearest of its parents.
func (s *Set) lookup(tag string) *Catalog {
	if c := s.Catalogs[tag]; c != nil {
		return c
	}
	if above := s.above(tag); len(above) > 0 {
		return above[0]
	}
	return nil
}

func finding(id string, place diag.Place, text, hint string) diag.Diagnostic {
	r := rule(id)
	return diag.Diagnostic{ID: id, Severity: r.Severity, Place: place, Message: text, Hint: hint, Issue: r.Issue}
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
	categories     []string   // plural categories of the locale
	above          []*Catalog // of parent locales
	text           locales.TextChecker
	sameLanguage   bool // as the source: en-GB beside en
	script         string
	sourceScript   string
	several        map[string]bool        // plural categories that hold more than one number
	rare           map[string]bool        // what is known of plural categories by now
	hashes         map[string]bool        // whether any message of a file has a hash, by path
	common         func() map[string]bool // words of the source without a capital
	ds             []diag.Diagnostic
}

func newChecker(s *Set, source, target *Catalog, opt Options) *checker {
	ch := &checker{set: s, source: source, target: target, opt: opt, locale: target.Locale,
		categories: locales.PluralCategories(target.Locale), text: locales.NewTextChecker(target.Locale)}
	ch.above = s.above(target.Locale)
	ch.sameLanguage = langtag.SameLanguage(source.Locale, target.Locale)
	ch.script, ch.sourceScript = locales.Script(ch.locale), locales.Script(source.Locale)
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
	ch.files()
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

// files finds what is to say of a file as a whole: what go-i18n does not load,
// and one that keeps no hashes.
func (ch *checker) files() {
	for _, path := range ch.target.marked {
		if json := strings.HasSuffix(path, ".json"); json || strings.HasSuffix(path, ".toml") {
			// BurntSushi/toml passes over the mark, go-toml does not; YAML allows it.
			ch.add("catalog.encoding", diag.Place{Path: path, Line: 1, Column: 1, Locale: ch.locale}, "file begins with a byte order mark (U+FEFF), with which %s does not load it",
				map[bool]string{true: "go-i18n", false: "go-i18n with go-toml"}[json])
			ch.hint("save it as UTF-8 without a byte order mark")
			if !json {
				ch.ds[len(ch.ds)-1].Severity = diag.Info
			}
		}
	}
	for _, file := range ch.target.Paths {
		// Go-i18n itself is asked what it makes of the name; an empty file will do.
		if _, err := i18n.NewBundle(language.Und).ParseMessageFileBytes(nil, path.Base(file)); err != nil {
			ch.add("catalog.go-i18n", diag.Place{Path: file, Locale: ch.locale}, "go-i18n does not load the file: %v", err)
			ch.hint("hexapla reads it all the same")
		}
	}
	if ch.target == ch.source || ch.sameLanguage {
		return
	}
	ch.hashes = map[string]bool{}
	some := map[string]bool{}
	for id, m := range ch.target.Messages {
		if ch.source.Messages[id] == nil || m.empty() {
			continue
		}
		some[m.Path] = true
		if m.Hash != "" {
			ch.hashes[m.Path] = true
		}
	}
	for _, path := range ch.target.Paths {
		if some[path] && !ch.hashes[path] {
			ch.add("catalog.hash", diag.Place{Path: path, Locale: ch.locale}, "no translation of the file has a hash: nobody can tell whether a source has changed")
			ch.hint("hexapla catalog sync writes them")
		}
	}
}

// missing finds what the source has and the catalog has not: what its parents
// have is said, what they have not either is an error.
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
		src := ch.source.Messages[id]
		if src.empty() {
			continue // the source's own finding
		}
		if from := inherited(ch.above, id); from != nil {
			ch.add("catalog.inherited", diag.Place{Path: path, Locale: ch.locale, Unit: id}, "message is taken from %s", from.Locale)
			continue
		}
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
			harmless := r.Harmless && !slices.ContainsFunc(r.Unknown, func(f string) bool { return !slices.Contains(ch.opt.AllowFunctions, f) })
			if src := ch.source.Messages[m.ID]; harmless && src != m && src != nil && src.refuses(r.Head) {
				continue // as in the source, which says it
			}
			ch.add("catalog.template-node", m.locate(ch.locale, category), "form %q has %s: %s", category, r.Node, r.Text)
			ch.hint("a message may name variables and call " + strings.Join(message.Functions, ", "))
			if harmless && ch.target == ch.source {
				d := &ch.ds[len(ch.ds)-1]
				d.Severity, d.Hint = diag.Info, "go-i18n writes it; translations may have the same, and no more"
			}
		}
	}
}

// refuses says whether a template of the message has a part that messages may
// not have.
func (m *Message) refuses(head string) bool {
	return slices.ContainsFunc(m.templates[:], func(t *message.Template) bool {
		return t != nil && slices.ContainsFunc(t.Refused, func(r message.Refusal) bool { return r.Head == head })
	})
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
			ch.characters(m, src, category, part)
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

func (ch *checker) characters(m, src *Message, category, text string) {
	for _, p := range ch.text.Problems(text) {
		id := map[string]string{locales.ControlCharacter: "catalog.control", locales.BidiControl: "catalog.bidi", locales.MixedScript: "catalog.script",
			locales.ForeignScript: "catalog.script", locales.NotNFC: "catalog.nfc"}[p.Kind]
		word := text[p.Offset : p.Offset+p.Length]
		if p.Kind == locales.ForeignScript && src != m && src.has(word) {
			continue // a language's own name, and the like
		}
		ch.add(id, m.locate(ch.locale, category), "form %q: %s", category, p.Detail)
		if p.Kind == locales.ForeignScript && ch.target == ch.source && !disguised(word) {
			ch.ds[len(ch.ds)-1].Severity = diag.Info // a word that the author has put there
		}
	}
}

// has says whether a form of the message has a text in it.
func (m *Message) has(text string) bool {
	return slices.ContainsFunc(message.Categories, func(c string) bool { return strings.Contains(m.Form(c), text) })
}

// disguised says whether a word is made of nothing but letters that look like
// Latin ones.
func disguised(word string) bool {
	return strings.Trim(word, "асеорхуіјѕһԛԝАВЕКМНОРСТХУІЈЅԚԜοινυρκΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսհցՕՏՍ") == ""
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
			if category != "other" && ch.isRare(category) {
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

func (ch *checker) isRare(category string) bool {
	is, known := ch.rare[category]
	if !known {
		if ch.rare == nil {
			ch.rare = map[string]bool{}
		}
		is = rare(ch.locale, category)
		ch.rare[category] = is
	}
	return is
}

// rareMany says whether "many" is a rare category of a locale.
func rareMany(locale string) bool { return rare(locale, "many") }

// rare says whether no whole number below a million is of a plural category: it
// is for fractions, as "many" in Czech, or for whole millions, as in Spanish.
// CLDR's rules ask for the last two digits, the last three of thousands, and
// for numbers by themselves.
func rare(locale, category string) bool {
	for i := range 1100 {
		if locales.Plural(locale, i) == category {
			return false
		}
	}
	for i := 1000; i < 1_000_000; i += 1000 {
		if locales.Plural(locale, i) == category {
			return false
		}
	}
	return true
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
