package main

import (
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/preview"
	"hexapla/pipeline/report"
)

func catalogStatsCommand() *cli.Command {
	return &cli.Command{
		Name:        "stats",
		Description: "Example:  hexapla catalog stats --dir locales",
		Usage:       "show how complete the catalogs are",
		Flags:       catalogFlags(jsonFlag()),
		Action: func(c *cli.Context) error {
			dir, err := catalogOptions(c)
			if err != nil {
				return err
			}
			return runCatalogStats(c.Context, newEnvironment(c), catalogStatsOptions{Catalogs: dir, JSON: c.Bool("json")})
		},
	}
}

type catalogStatsOptions struct {
	Catalogs []catalogdir.Options
	JSON     bool
}

func runCatalogStats(ctx context.Context, e *environment, o catalogStatsOptions) error {
	var sets []*catalog.Set
	for _, one := range o.Catalogs {
		d, err := catalogdir.Open(ctx, one)
		if err != nil {
			return err
		}
		defer d.Close()
		for _, files := range d.Groups() {
			set, found := catalog.ParseFormat(d.Format, files, d.Source)
			if problem := set.SourceProblem(); problem != "" {
				for _, f := range d.Shown(found) {
					if f.Place.Locale == set.Source {
						e.Finding(e.Err, f)
					}
				}
				return exit.Usagef("nothing can be counted: %s", problem)
			}
			sets = append(sets, set)
		}
	}
	r := &report.Report{Title: "Message catalogs", Locales: catalog.SumStats(sets)}
	if o.JSON {
		return e.JSON(r.Locales)
	}
	t := console.NewTable(e.Text("ColumnLocale"), e.Text("ColumnLanguage"), e.Text("ColumnDone"), e.Text("ColumnMissing"),
		e.Text("ColumnStale"), e.Text("ColumnReview"), e.Text("ColumnErrors"), e.Text("ColumnWarnings"))
	_, rows := r.Table()
	for _, row := range rows {
		row[1] = e.Language(row[0])
		t.TextRow(row...)
	}
	t.AlignRight(3, 8)
	return t.Print(e.Out)
}

func catalogShowCommand() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "show messages as readers see them, in every locale",
		ArgsUsage: "ID ...",
		Description: `Writes each message with the plural forms, dates, numbers and lists of the locale.
Variables without an --arg get a sample; numbers are the smallest of each plural form,
or those of --count. A text that comes from a parent locale is marked.

Example: hexapla catalog show --arg Name=Ana --count 2 Comments`,
		Flags: catalogFlags(localeFlag(),
			&cli.StringSliceFlag{Name: "arg", Usage: "`NAME=VALUE` of a variable; may be given again, the same name for a list"},
			&cli.StringSliceFlag{Name: "count", Usage: "a `NUMBER` to choose the plural form with; may be given again"},
			jsonFlag()),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return exit.Usagef("catalog show: at least one message ID is required")
			}
			args, err := showArgs(c.StringSlice("arg"))
			if err != nil {
				return err
			}
			targets, err := localesGiven(c)
			if err != nil {
				return err
			}
			dir, err := catalogOptions(c)
			if err != nil {
				return err
			}
			return runCatalogShow(c.Context, newEnvironment(c), catalogShowOptions{Catalogs: dir, IDs: c.Args().Slice(), Locales: targets, Args: args, Counts: c.StringSlice("count"), JSON: c.Bool("json")})
		},
	}
}

type catalogShowOptions struct {
	Catalogs []catalogdir.Options
	IDs      []string
	Locales  []string // canonical; nil for all
	Args     locales.Args
	Counts   []string
	JSON     bool
}

// showArgs reads NAME=VALUE; a name that is given again is a list.
func showArgs(args []string) (locales.Args, error) {
	out := locales.Args{}
	for _, a := range args {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, exit.Usagef("--arg %q: must be NAME=VALUE", a)
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

func runCatalogShow(ctx context.Context, e *environment, o catalogShowOptions) error {
	rows := []preview.Row{}
	failed := false
	seen := map[string]bool{}
	for _, one := range o.Catalogs {
		found, err := showMessages(ctx, one, o, seen)
		if err != nil {
			return err
		}
		rows = append(rows, found...)
	}
	for _, id := range o.IDs {
		if !seen[id] {
			return exit.Usagef("the source catalog has no message %q", id)
		}
	}
	for _, r := range rows {
		failed = failed || r.Error != ""
	}
	var err error
	if o.JSON {
		err = e.JSON(rows)
	} else {
		err = printPreview(e, rows)
	}
	if err == nil && failed {
		err = exit.ErrFindings
	}
	return err
}

// showMessages returns the messages of one catalog that are asked for, and notes in seen
// those that it has.
func showMessages(ctx context.Context, one catalogdir.Options, o catalogShowOptions, seen map[string]bool) ([]preview.Row, error) {
	d, err := catalogdir.Open(ctx, one)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	set, _, err := d.Set()
	if err != nil {
		return nil, err
	}
	targets, err := d.TargetLocales(o.Locales, set)
	if err != nil {
		return nil, err
	}
	if len(o.Locales) == 0 || slices.Contains(o.Locales, d.Source) {
		targets = slices.Insert(targets, 0, d.Source)
	}
	view := preview.New(set, o.Args, o.Counts)
	var rows []preview.Row
	for _, id := range o.IDs {
		if set.Catalogs[set.Source].Messages[id] == nil {
			continue
		}
		seen[id] = true
		for _, locale := range targets {
			rows = append(rows, view.Rows(locale, id)...)
		}
	}
	return rows, nil
}

func printPreview(e *environment, rows []preview.Row) error {
	t := console.NewTable(e.Text("ColumnLocale"), e.Text("ColumnMessage"), e.Text("ColumnNumber"), e.Text("ColumnText"))
	for _, r := range rows {
		text := r.Text
		switch {
		case r.Error != "":
			text = "— " + r.Error
		case r.From != "":
			text += " " + e.Text("FromParent", console.Args{"Locale": r.From})
		}
		count := r.Count
		if r.Form != "" {
			count += " " + r.Form
		}
		t.Row(r.Locale, r.ID, count, text)
	}
	return t.Print(e.Out)
}
