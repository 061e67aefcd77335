package main

import (
	"cmp"
	"context"
	_ "embed"
	"html/template"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/corrections"
	"hexapla/pipeline/site/feed"
	"hexapla/pipeline/site/files"
)

//go:embed corrections.html
var correctionsHTML string

func correctionsCommand() *cli.Command {
	return &cli.Command{
		Name:      "corrections",
		Usage:     "list what changed in articles after publication, and which editions have it",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Builds of a project with [site] note what changes in the articles that readers have.
This lists it by article: the text before and after, the editions that have it, and
those that do not, with who worked on them and the next command.

--format html writes one file, --format feed an Atom feed for editors.

Example:  hexapla corrections --since 2026-11-01 articles/2026/river-pact.html`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "since", Usage: "only corrections since this `DATE` (2026-11-01 in the zone of [schedule], or a time with its own)"},
			&cli.BoolFlag{Name: "open", Usage: "only corrections that some edition does not have"},
			&cli.StringFlag{Name: "format", Usage: "write `FORMAT`: table, json, html or feed", Value: "table"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := correctionsOptions{articles: c.Args().Slice(), since: c.String("since"), open: c.Bool("open"), format: c.String("format")}
			if c.Bool("json") {
				o.format = "json"
			}
			if !slices.Contains([]string{"table", "json", "html", "feed"}, o.format) {
				return exit.Usagef("--format %s: must be table, json, html or feed", o.format)
			}
			return runCorrections(c.Context, newEnvironment(c), o)
		},
	}
}

// correctionsOptions are the options of corrections.
type correctionsOptions struct {
	articles      []string
	since, format string
	open          bool
}

func runCorrections(ctx context.Context, e *environment, o correctionsOptions) error {
	if _, ok := site.ParseDate(o.since, nil); !ok && o.since != "" {
		return exit.Usagef("--since %s: must be a date such as 2026-11-01", o.since)
	}
	w, err := e.open(ctx, workspace.Options{Select: &workspace.Selection{Articles: o.articles}})
	if err != nil {
		return err
	}
	defer w.Close()
	zone := cmp.Or(w.Config.Schedule.Zone(), time.UTC)
	since, _ := site.ParseDate(o.since, zone)
	list, err := publish.ReadCorrections(w)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	defer list.Close()
	selected := map[string]bool{}
	for _, a := range w.Articles {
		selected[a.Path] = true
	}
	entries := slices.DeleteFunc(list.Log().List(since, w.Config.Project.Locales, list.Page, list.People), func(x corrections.Entry) bool {
		return len(o.articles) > 0 && !selected[x.Article] || o.open && len(x.Missing()) == 0
	})
	if entries == nil {
		entries = []corrections.Entry{}
	}
	switch o.format {
	case "json":
		return e.JSON(entries)
	case "html":
		return correctionsPage(e, entries, zone)
	case "feed":
		_, err := e.Out.Write(correctionsFeed(e, w, entries))
		return err
	}
	return correctionsTable(e, entries, zone)
}

func correctionsTable(e *environment, entries []corrections.Entry, zone *time.Location) error {
	if len(entries) == 0 {
		return e.Println(e.Text("CorrectionsNone"))
	}
	t := console.NewTable(e.Text("HeadDate"), e.Text("HeadArticle"), e.Text("HeadHave"), e.Text("HeadLack"))
	for i := range entries {
		x := &entries[i]
		var has, lacks []string
		for _, s := range x.Editions {
			if s.Has {
				has = append(has, s.Locale)
			} else {
				lacks = append(lacks, strings.TrimSpace(s.Locale+" "+strings.Join(s.People, ", ")))
			}
		}
		t.Row(x.Time.In(zone).Format(time.DateOnly), x.Article, strings.Join(has, " "), strings.Join(lacks, "; "))
	}
	if err := t.Print(e.Out); err != nil {
		return err
	}
	for i := range entries {
		x := &entries[i]
		_ = e.Println("\n" + e.Visible(x.Article) + ", " + x.Time.In(zone).Format(time.DateOnly))
		for _, c := range x.Changes {
			_ = e.Println("  - " + e.Visible(site.OneLine(c.Before)) + "\n  + " + e.Visible(site.OneLine(c.After)))
		}
		for _, s := range x.Missing() {
			_ = e.Println("  " + s.Locale + ": " + e.Visible(s.Next.Command))
		}
	}
	return nil
}

// correctionsPage writes the list as a page that needs no other file.
func correctionsPage(e *environment, entries []corrections.Entry, zone *time.Location) error {
	t, err := template.New("corrections.html").Funcs(template.FuncMap{
		"date": func(t time.Time) string { return locales.FormatDate(e.Locale, t.In(zone), locales.Long) },
	}).Parse(correctionsHTML)
	if err != nil {
		return err
	}
	return writeVisible(e.Out, func(w io.Writer) error {
		return t.Execute(w, map[string]any{
			"Lang": e.Locale, "Dir": locales.Direction(e.Locale), "Title": e.Text("CorrectionsTitle"), "Entries": entries,
			"Have": e.Text("HeadHave"), "Lack": e.Text("HeadLack"), "None": e.Text("CorrectionsNone"),
		})
	})
}

// correctionsFeed returns the list as a feed for editors.
func correctionsFeed(e *environment, w *workspace.Workspace, entries []corrections.Entry) []byte {
	base, source := w.Config.Project.BaseURL, w.Config.Project.Source
	f := feed.Feed{
		Title: e.Text("CorrectionsTitle") + " – " + files.Host(base), Locale: e.Locale, Publisher: w.Config.Site.Publisher,
		Address: edition.Address(base, source, "corrections.xml"), Home: edition.Address(base, source, ""),
	}
	for i := range entries {
		x := &entries[i]
		address := edition.Address(base, source, x.Path)
		var lacks []string
		for _, s := range x.Missing() {
			lacks = append(lacks, s.Locale)
		}
		summary := e.Text("HeadLack") + ": " + strings.Join(lacks, " ")
		if len(lacks) == 0 {
			summary = ""
		}
		for _, c := range x.Changes {
			summary += "\n− " + c.Before + "\n+ " + c.After
		}
		f.Items = append(f.Items, feed.Item{
			ID: address + "#" + path.Base(x.To), Address: address, Title: x.Article, Summary: summary, Published: x.Time, Updated: x.Time,
		})
	}
	return f.Atom()
}
