// Package preview shows messages as the readers of a locale see them.
package preview

import (
	"errors"
	"maps"
	"slices"
	"time"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// A Row is one message in one locale, for one number.
type Row struct {
	ID     string `json:"id"`
	Locale string `json:"locale"`
	Count  string `json:"count,omitempty"`
	Form   string `json:"form,omitempty"`
	Text   string `json:"text"`
	From   string `json:"from,omitempty"` // the parent that has the message
	Error  string `json:"error,omitempty"`
}

// A Preview shows the messages of a Set.
type Preview struct {
	set      *catalog.Set
	catalogs *locales.Catalogs
	found    []diag.Diagnostic // about the messages that catalogs cannot use
	args     locales.Args
	counts   []string
}

// New returns a Preview. Variables that args does not give get a sample; counts are
// the numbers to choose plural forms with, nil for the smallest of each form.
func New(set *catalog.Set, args locales.Args, counts []string) *Preview {
	entries := map[string][]message.Entry{}
	for tag, c := range set.Catalogs {
		for _, id := range c.IDs {
			entries[tag] = append(entries[tag], c.Messages[id].Entry)
		}
	}
	p := &Preview{set: set, args: args, counts: counts}
	p.catalogs, p.found = locales.New(entries)
	return p
}

// missing returns why a locale has nothing to show of a message: there is none, or it
// cannot be used.
func (p *Preview) missing(locale, id string) string {
	for _, tag := range append([]string{locale}, locales.Parents(locale)...) {
		if p.set.Catalogs[tag] == nil || p.set.Catalogs[tag].Messages[id] == nil {
			continue
		}
		for _, d := range p.found {
			if d.Place.Locale == tag && d.Place.Unit == id {
				return d.Message
			}
		}
	}
	return "there is no such message"
}

// Rows returns a message as readers of a locale see it, once for each number.
func (p *Preview) Rows(locale, id string) []Row {
	m := messageFor(p.catalogs, locale, id)
	if m == nil {
		return []Row{{ID: id, Locale: locale, Error: p.missing(locale, id)}}
	}
	counts := slices.Clone(p.counts)
	counting := m.Plural() || slices.ContainsFunc(m.Parts("other"), func(part message.Part) bool { return part.Field == locales.PluralCount })
	if !counting {
		counts = []string{""}
	} else if len(counts) == 0 {
		for _, category := range locales.PluralCategories(locale) {
			if n := locales.PluralSample(locale, category); n != "" {
				counts = append(counts, n)
			}
		}
	}
	var out []Row
	for _, n := range counts {
		row := Row{ID: id, Locale: locale, Count: n}
		args := samples(m, locale, p.args)
		if n != "" {
			args[locales.PluralCount] = n
			row.Form = locales.Plural(locale, n)
			if _, ok := p.args["Count"]; !ok {
				args["Count"] = n
			}
		}
		l, err := p.catalogs.Localize(locale, id, args)
		if err != nil {
			row.Error = errors.Unwrap(err).Error()
		} else if row.Text = l.Text; l.Locale != locale {
			row.From = l.Locale
		}
		out = append(out, row)
	}
	return out
}

// sampleDate is the day of the sample newsroom's first article.
var sampleDate = time.Date(2020, 9, 25, 14, 30, 0, 0, time.UTC)

// messageFor returns the message that readers of a locale see: its own, or that of
// the nearest of its parents; nil for none.
func messageFor(catalogs *locales.Catalogs, locale, id string) *locales.Message {
	for _, tag := range append([]string{locale}, locales.Parents(locale)...) {
		if m, ok := catalogs.Message(tag, id); ok {
			return m
		}
	}
	return nil
}

// samples returns the given arguments, and a sample for each of the others.
func samples(m *locales.Message, locale string, given locales.Args) locales.Args {
	out := locales.Args{}
	for _, category := range message.Categories {
		for _, p := range m.Parts(category) {
			switch p.Func {
			case "date", "dateFull", "dateMedium", "dateShort", "time":
				out[p.Field] = sampleDate
			case "number":
				out[p.Field] = "1234.5"
			case "digits":
				out[p.Field] = "2026"
			case "percent":
				out[p.Field] = "0.5"
			case "list", "names":
				out[p.Field] = []string{"A", "B", "C"}
			case "language":
				out[p.Field] = locale
			default:
				if _, ok := out[p.Field]; !ok && p.Field != "" {
					out[p.Field] = "‹" + p.Field + "›"
				}
			}
		}
	}
	maps.Copy(out, given)
	return out
}
