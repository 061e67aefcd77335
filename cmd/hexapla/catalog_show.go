package main

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func catalogShowCommand() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "show messages as readers see them, in every locale",
		ArgsUsage: "ID ...",
		Description: `Writes each message with its plural forms, dates, numbers and lists as the locale has
them. Variables that --arg does not give get a sample; numbers are the smallest of each
plural form, or those of --count. A text that the locale takes from a parent says so.`,
		Flags: catalogFlags(localeFlag(),
			&cli.StringSliceFlag{Name: "arg", Usage: "`NAME=VALUE` of a variable; may be given again, the same name for a list"},
			&cli.StringSliceFlag{Name: "count", Usage: "a `NUMBER` to choose the plural form with; may be given again"},
			jsonFlag()),
		Action: runCatalogShow,
	}
}

// shown is one message in one locale, for one number.
type shown struct {
	ID     string `json:"id"`
	Locale string `json:"locale"`
	Count  string `json:"count,omitempty"`
	Form   string `json:"form,omitempty"`
	Text   string `json:"text"`
	From   string `json:"from,omitempty"` // the parent that has the message
	Error  string `json:"error,omitempty"`
}

func runCatalogShow(c *cli.Context) error {
	if c.NArg() == 0 {
		return exit.Usagef("catalog show wants at least one message ID")
	}
	given, err := showArgs(c.StringSlice("arg"))
	if err != nil {
		return err
	}
	k, err := openCatalogs(c)
	if err != nil {
		return err
	}
	defer k.close()
	set, _, err := k.sources()
	if err != nil {
		return err
	}
	targets, err := k.targetLocales(c, set)
	if err != nil {
		return err
	}
	if want, _ := localesGiven(c); len(want) == 0 || slices.Contains(want, k.source) {
		targets = slices.Insert(targets, 0, k.source)
	}
	entries := map[string][]message.Entry{}
	for tag, cat := range set.Catalogs {
		for _, id := range cat.IDs {
			entries[tag] = append(entries[tag], cat.Messages[id].Entry)
		}
	}
	in := showing{set: set, given: given, counts: c.StringSlice("count")}
	in.catalogs, in.found = locales.New(entries)
	rows := []shown{}
	failed := false
	for _, id := range c.Args().Slice() {
		if set.Catalogs[set.Source].Messages[id] == nil {
			return exit.Usagef("the source catalog has no message %q", id)
		}
		for _, locale := range targets {
			for _, r := range in.rows(locale, id) {
				failed = failed || r.Error != ""
				rows = append(rows, r)
			}
		}
	}
	if c.Bool("json") {
		err = printer(c).JSON(rows)
	} else {
		err = printShown(c, rows)
	}
	if err == nil && failed {
		err = exit.ErrFindings
	}
	return err
}

func printShown(c *cli.Context, rows []shown) error {
	w := printer(c)
	t := console.NewTable(w.Text("ColumnLocale"), w.Text("ColumnMessage"), w.Text("ColumnNumber"), w.Text("ColumnText"))
	for _, r := range rows {
		text := r.Text
		switch {
		case r.Error != "":
			text = "— " + r.Error
		case r.From != "":
			text += " " + w.Text("FromParent", console.Args{"Locale": r.From})
		}
		count := r.Count
		if r.Form != "" {
			count += " " + r.Form
		}
		t.Row(r.Locale, report.Visible(r.ID), count, report.Visible(text))
	}
	return t.Print(c.App.Writer)
}

// showArgs reads NAME=VALUE; a name given again is a list.
func showArgs(args []string) (locales.Args, error) {
	out := locales.Args{}
	for _, a := range args {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, exit.Usagef("--arg %q: want NAME=VALUE", a)
		}
		switch old := out[name].(type) {
		case nil:
			out[name] = value
		case string:
			out[name] = []string{old, value}
		case []string:
			out[name] = append(old, value)
		}
	}
	return out, nil
}

// showing is what messages are shown from.
type showing struct {
	set      *catalog.Set
	catalogs *locales.Catalogs
	found    []diag.Diagnostic // about the messages that catalogs cannot use
	given    locales.Args
	counts   []string
}

// missing says why a locale has nothing to show of a message: there is none, or
// it is of no use.
func (in *showing) missing(locale, id string) string {
	for _, tag := range append([]string{locale}, locales.Parents(locale)...) {
		if in.set.Catalogs[tag] == nil || in.set.Catalogs[tag].Messages[id] == nil {
			continue
		}
		for _, d := range in.found {
			if d.Place.Locale == tag && d.Place.Unit == id {
				return d.Message
			}
		}
	}
	return "there is no such message"
}

// rows writes a message in a locale, once for each number.
func (in *showing) rows(locale, id string) []shown {
	m := seenIn(in.catalogs, locale, id)
	if m == nil {
		return []shown{{ID: id, Locale: locale, Error: in.missing(locale, id)}}
	}
	counts := slices.Clone(in.counts)
	counting := m.Plural() || slices.ContainsFunc(m.Parts("other"), func(p message.Part) bool { return p.Field == locales.PluralCount })
	if !counting {
		counts = []string{""}
	} else if len(counts) == 0 {
		for _, category := range locales.PluralCategories(locale) {
			if n := locales.PluralSample(locale, category); n != "" {
				counts = append(counts, n)
			}
		}
	}
	var out []shown
	for _, n := range counts {
		row := shown{ID: id, Locale: locale, Count: n}
		args := samples(m, locale, in.given)
		if n != "" {
			args[locales.PluralCount] = n
			row.Form = locales.Plural(locale, n)
			if _, ok := in.given["Count"]; !ok {
				args["Count"] = n
			}
		}
		l, err := in.catalogs.Localize(locale, id, args)
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

// seenIn is the message that readers of a locale see: its own, or that of the
// nearest of its parents; nil for none.
func seenIn(catalogs *locales.Catalogs, locale, id string) *locales.Message {
	for _, tag := range append([]string{locale}, locales.Parents(locale)...) {
		if m, ok := catalogs.Message(tag, id); ok {
			return m
		}
	}
	return nil
}

// samples are the given arguments and something to see for the others.
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
