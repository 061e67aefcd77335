package update

import (
	"maps"
	"path"
	"slices"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// A Translation is one message's text in a locale, as a translator or an engine
// gave it.
type Translation struct {
	ID     string
	Forms  map[string]string // by plural category; "other" alone where nothing is counted
	Review bool              // a person must still look at it

	// KeepHash leaves the hash of the source as it is: the text was not confirmed to
	// be a translation of the present source.
	KeepHash bool
}

// Kinds of Change that ApplyTranslations makes.
const (
	Accepted = "accepted" // the translation is in use now
	Rejected = "rejected" // it is not; a diagnostic says why
)

// ApplyTranslations writes translations into the catalogs of a locale, with go-i18n's hash of
// the source; comments and order stay. One that is to be reviewed gets the
// comment "needs review" above it, and loses it with the next that is not. JSON
// has no comments: there the mark is left out, and said. What Check would call an
// error, such as a variable that is lost or renamed, is refused, and the
// diagnostics say why. Empty forms leave what is there.
func ApplyTranslations(in catalog.Files, source, locale string, translations []Translation) (Result, []diag.Diagnostic) {
	r := Result{Write: catalog.Files{}}
	s, ds, sound := load(in, source)
	if !sound {
		return r, ds
	}
	src := s.Catalogs[s.Source]
	locale, err := locales.Canonical(locale)
	if err != nil || locale == s.Source {
		return r, append(ds, rule.Finding("catalog.missing-locale", diag.Place{Locale: locale}, "", "translations have no target locale"))
	}
	p := &applier{in: in, set: s, src: src, locale: locale, target: s.Catalogs[locale]}
	if p.target == nil {
		p.target = &catalog.Catalog{Locale: locale}
	}
	if hasErrors(ds, p.target.Paths) && p.target.Unreadable {
		return r, slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return d.Place.Locale != locale })
	}
	var out []diag.Diagnostic
	for {
		var refused map[string]bool
		write, more := p.write(translations)
		if len(more) == 0 {
			more, refused = p.validate(write, translations)
		}
		out = append(out, more...)
		if len(refused) == 0 {
			if hasErrorsAny(more) {
				return r, out
			}
			r.Write = write
			break
		}
		for _, t := range translations {
			if refused[t.ID] {
				r.change(Rejected, locale, t.ID, p.pathOf(t.ID))
			}
		}
		translations = slices.DeleteFunc(slices.Clone(translations), func(t Translation) bool { return refused[t.ID] })
	}
	for _, t := range translations {
		if p.changed[t.ID] {
			r.change(Accepted, locale, t.ID, p.pathOf(t.ID))
		}
	}
	diag.Sort(out)
	return r, out
}

func hasErrorsAny(ds []diag.Diagnostic) bool {
	worst, _ := diag.MaxSeverity(ds)
	return worst == diag.Error
}

// A applier writes one locale's translations.
type applier struct {
	in          catalog.Files
	set         *catalog.Set
	src, target *catalog.Catalog
	locale      string
	changed     map[string]bool
}

// pathOf is the file that a message stands in or is to stand in.
func (p *applier) pathOf(id string) string {
	if m := p.target.Messages[id]; m != nil {
		return m.Path
	}
	return fileFor(p.target, p.src, id)
}

// write gives the files with the translations in them.
func (p *applier) write(translations []Translation) (catalog.Files, []diag.Diagnostic) {
	p.changed = map[string]bool{}
	byID := map[string]Translation{}
	var ds []diag.Diagnostic
	for _, t := range translations {
		if p.src.Messages[t.ID] == nil {
			ds = append(ds, rule.Finding("catalog.extra", diag.Place{Locale: p.locale, Unit: t.ID}, "sync the catalogs first", "the source has no message %q", diag.Arg("id", t.ID)))
			continue
		}
		byID[t.ID] = t
	}
	edits := map[string][]edit.Edit{}
	marks := map[string]map[string]bool{}
	after := ""
	for _, id := range p.src.IDs {
		t, given := byID[id]
		now := message.Entry{}
		m := p.target.Messages[id]
		if m != nil {
			now = m.Entry
		}
		if given {
			next := p.next(now, t)
			review := m != nil && m.NeedsReview
			if next.Message != now.Message || review != t.Review {
				name := p.pathOf(id)
				edits[name] = append(edits[name], edit.Edit{ID: id, Fields: edit.Fields(&next), After: after})
				if marks[name] == nil {
					marks[name] = map[string]bool{}
				}
				marks[name][id] = t.Review
				p.changed[id] = true
			}
		}
		if m != nil || p.changed[id] {
			after = id
		}
	}
	out := catalog.Files{}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		data, err := edit.Apply(name, p.in[name], edits[name])
		if err == nil {
			data, err = edit.MarkReview(name, data, marks[name])
		}
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		if path.Ext(name) == ".json" && slices.Contains(slices.Collect(maps.Values(marks[name])), true) {
			ds = append(ds, diag.Diagnostic{ID: "catalog.review", Severity: diag.Info, Place: diag.Place{Path: name, Locale: p.locale}, Message: "JSON has no comments, so that nothing marks what is to be reviewed"})
		}
		out[name] = data
	}
	return out, ds
}

// next is the message with the translation's forms over what is there.
func (p *applier) next(now message.Entry, t Translation) message.Entry {
	src := p.src.Messages[t.ID]
	stale := now.Hash != "" && now.Hash != src.SourceHash()
	next := now
	if stale && !t.KeepHash {
		// A translation of another source: no form of it stays beside new ones.
		next.Zero, next.One, next.Two, next.Few, next.Many, next.Other = "", "", "", "", "", ""
	}
	next.ID = t.ID
	for _, c := range message.Categories {
		if text := t.Forms[c]; text != "" {
			next.Set(c, text)
		}
	}
	if !stale || !t.KeepHash {
		next.Hash = src.SourceHash()
	}
	next.LeftDelim, next.RightDelim = src.LeftDelim, src.RightDelim
	return next
}

// validate finds what must not come into use, by message.
func (p *applier) validate(write catalog.Files, translations []Translation) ([]diag.Diagnostic, map[string]bool) {
	files := maps.Clone(p.in)
	maps.Copy(files, write)
	s, ds := catalog.Parse(files, p.set.Source)
	ds = append(ds, lint.Check(s, lint.Options{Locales: []string{p.locale}})...)
	refused := map[string]bool{}
	var out []diag.Diagnostic
	for _, d := range ds {
		// Forms that are not given yet are for Check to find; a wrong text is not to be used.
		if d.Severity != diag.Error || d.Place.Locale != p.locale || !p.changed[d.Place.Unit] || d.ID == "catalog.plural-missing" || d.ID == "catalog.empty" {
			continue
		}
		refused[d.Place.Unit] = true
		out = append(out, d)
	}
	return out, refused
}
