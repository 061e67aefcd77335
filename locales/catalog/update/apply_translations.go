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

// A Translation is one message's text in a locale, as a translator or an engine
// gave it.
type Translation struct {
	ID     string
	Forms  map[string]string // by plural category; "other" alone where nothing is counted
	Review bool              // a person is still to look at it
}

// Kinds of Change that Put makes.
const (
	Taken   = "taken"   // the translation is in use now
	Refused = "refused" // it is not; a diagnostic says why
)

// needsReview is the comment that marks a translation.
const needsReview = "needs review"

// Put writes translations into the catalogs of a locale, with go-i18n's hash of
// the source; comments and order stay. One that is to be reviewed gets the
// comment "needs review" above it, and loses it with the next that is not. JSON
// has no comments: there the mark is left out, and said. What Check would call an
// error, such as a variable that is lost or renamed, is refused, and the
// diagnostics say why. Empty forms leave what is there.
func Put(in Files, source, locale string, translations []Translation) (Result, []diag.Diagnostic) {
	r := Result{Write: Files{}}
	s, ds := Parse(in, source)
	src := s.Catalogs[s.Source]
	if src == nil || hasErrors(ds, src.Paths) {
		return r, append(ds, finding("catalog.missing-locale", diag.Place{Locale: s.Source}, "the source locale has no catalog that can be read", ""))
	}
	locale, err := locales.Canonical(locale)
	if err != nil || locale == s.Source {
		return r, append(ds, finding("catalog.missing-locale", diag.Place{Locale: locale}, "translations have no target locale", ""))
	}
	p := &putter{in: in, set: s, src: src, locale: locale, target: s.Catalogs[locale]}
	if p.target == nil {
		p.target = &Catalog{Locale: locale}
	}
	if hasErrors(ds, p.target.Paths) && p.target.hidden {
		return r, slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return d.Place.Locale != locale })
	}
	var out []diag.Diagnostic
	for {
		var refused map[string]bool
		write, more := p.write(translations)
		if len(more) == 0 {
			more, refused = p.judge(write, translations)
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
				r.change(Refused, locale, t.ID, p.pathOf(t.ID))
			}
		}
		translations = slices.DeleteFunc(slices.Clone(translations), func(t Translation) bool { return refused[t.ID] })
	}
	for _, t := range translations {
		if p.changed[t.ID] {
			r.change(Taken, locale, t.ID, p.pathOf(t.ID))
		}
	}
	diag.Sort(out)
	return r, out
}

func hasErrorsAny(ds []diag.Diagnostic) bool {
	worst, _ := diag.MaxSeverity(ds)
	return worst == diag.Error
}

// A putter writes one locale's translations.
type putter struct {
	in          Files
	set         *Set
	src, target *Catalog
	locale      string
	changed     map[string]bool
}

// pathOf is the file that a message stands in or is to stand in.
func (p *putter) pathOf(id string) string {
	if m := p.target.Messages[id]; m != nil {
		return m.Path
	}
	return p.target.home(p.src, id)
}

// write gives the files with the translations in them.
func (p *putter) write(translations []Translation) (Files, []diag.Diagnostic) {
	p.changed = map[string]bool{}
	byID := map[string]Translation{}
	var ds []diag.Diagnostic
	for _, t := range translations {
		if p.src.Messages[t.ID] == nil {
			ds = append(ds, finding("catalog.extra", diag.Place{Locale: p.locale, Unit: t.ID}, fmt.Sprintf("the source has no message %q", t.ID), "sync the catalogs first"))
			continue
		}
		byID[t.ID] = t
	}
	edits := map[string][]edit{}
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
				edits[name] = append(edits[name], edit{id: id, fields: values(&next), after: after})
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
	out := Files{}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		data, err := apply(name, p.in[name], edits[name])
		if err == nil {
			data, err = mark(name, data, marks[name])
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
func (p *putter) next(now message.Entry, t Translation) message.Entry {
	src := p.src.Messages[t.ID]
	stale := now.Hash != "" && now.Hash != Hash(&src.Entry)
	next := now
	if stale {
		// A translation of another source: no form of it stays beside new ones.
		next.Zero, next.One, next.Two, next.Few, next.Many, next.Other = "", "", "", "", "", ""
	}
	next.ID = t.ID
	for _, c := range message.Categories {
		if text := t.Forms[c]; text != "" {
			setForm(&next, c, text)
		}
	}
	next.Hash = Hash(&src.Entry)
	next.LeftDelim, next.RightDelim = src.LeftDelim, src.RightDelim
	return next
}

// judge finds what must not come into use, by message.
func (p *putter) judge(write Files, translations []Translation) ([]diag.Diagnostic, map[string]bool) {
	files := maps.Clone(p.in)
	maps.Copy(files, write)
	s, ds := Parse(files, p.set.Source)
	ds = append(ds, Check(s, Options{Locales: []string{p.locale}})...)
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

// mark sets or takes away the comment "needs review" above messages. JSON has
// none.
func mark(name string, data []byte, review map[string]bool) ([]byte, error) {
	if path.Ext(name) == ".json" {
		return data, nil
	}
	body, marked := bytes.CutPrefix(data, bom)
	file, ds := message.Parse(name, body)
	if i := slices.IndexFunc(ds, isError); i >= 0 {
		return nil, ds[i]
	}
	var splices []splice
	l := linedOf(body)
	for i := range file.Entries {
		e := &file.Entries[i]
		want, given := review[e.ID]
		start, end := l.commentStart(e.Offset), l.lineStart(e.Offset)
		comment := string(body[start:end])
		has := strings.Contains(comment, needsReview)
		switch {
		case !given || has == want:
		case want:
			indent := ""
			if line := string(body[end:e.Offset]); strings.TrimSpace(line) == "" {
				indent = line
			}
			splices = append(splices, splice{end, end, indent + "# " + needsReview + newlineOf(body)})
		default:
			var kept strings.Builder
			for line := range strings.Lines(comment) {
				if !strings.Contains(line, needsReview) {
					kept.WriteString(line)
				}
			}
			splices = append(splices, splice{start, end, kept.String()})
		}
	}
	out := spliced(body, splices)
	if again, ds := message.Parse(name, out); slices.ContainsFunc(ds, isError) || !sameMessages(file, again) {
		return nil, finding("catalog.structure", diag.Place{Path: name, Line: 1}, "nothing can be marked for review without changing what is around it", "mark it by hand")
	}
	if marked {
		out = append(slices.Clone(bom), out...)
	}
	return out, nil
}

// A Task is a message to be translated, or to be looked at again.
type Task struct {
	Source *Message
	Target *Message // nil where there is none
	Forms  []string // the locale's plural categories, or "other" alone
	Done   bool     // every form has text, of the source as it is now, and nobody asked for a review; or a parent locale has it
	Stale  bool
}

// Tasks are the source's messages in their order, as a locale has them. A
// message that has no text is left out.
func Tasks(s *Set, locale string) []Task {
	src, target := s.Catalogs[s.Source], s.Catalogs[locale]
	if src == nil {
		return nil
	}
	counted, above := locales.PluralCategories(locale), s.above(locale)
	var out []Task
	for _, id := range src.IDs {
		t := Task{Source: src.Messages[id], Forms: []string{"other"}}
		if t.Source.empty() {
			continue
		}
		if target != nil {
			t.Target = target.Messages[id]
		}
		if t.Source.plural() {
			t.Forms = counted
		}
		if m := t.Target; m != nil {
			t.Stale = m.Hash != "" && m.Hash != Hash(&t.Source.Entry)
			t.Done = !t.Stale && !m.NeedsReview && !slices.ContainsFunc(t.Forms, func(c string) bool { return m.Form(c) == "" })
		}
		if t.Target == nil || t.Target.empty() {
			t.Done = inherited(above, id) != nil
		}
		out = append(out, t)
	}
	return out
}

// From is the source text that a form is translated from: that of its own
// category, or of "other".
func (t *Task) From(category string) string {
	text, _ := t.Source.form(category)
	return text
}

// Plural says whether the message is one that counts.
func (t *Task) Plural() bool { return t.Source.plural() }
