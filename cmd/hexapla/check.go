package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "check the editions, for CI",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Runs the quality checks over what catalogs and memory have for the articles, writes
nothing and asks no hook. With --completeness, what is not finished is a finding too,
so that shares, required locales, baselines and reports apply to articles as they do
to message catalogs ('hexapla catalog check').`,
		Flags: append([]cli.Flag{
			localeFlag(),
			&cli.BoolFlag{Name: "completeness", Usage: "report editions that are unfinished or held back"},
		}, checkFlags()...),
		Action: runCheck,
	}
}

func runCheck(c *cli.Context) (err error) {
	p, err := loadProject(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	g, err := openGate(c, p.Config.Check)
	if err != nil {
		return err
	}
	targets, err := p.targets(c.StringSlice("locale"))
	if err != nil {
		return err
	}
	articles, err := p.articles(c.Args().Slice())
	if err != nil {
		return err
	}
	if err := p.openScratchMemory(c.Context); err != nil {
		return err
	}
	r := &report.Report{Title: "Editions", Diagnostics: p.found}
	byLocale := map[string]*report.Completeness{}
	for _, l := range targets {
		byLocale[l] = &report.Completeness{Locale: l, Name: locales.EnglishName(l)}
	}
	progress := console.StartProgress(c.App.ErrWriter, printer(c).Text("ProgressArticles"), len(articles))
	err = p.Build(c.Context, articles, targets, edition.Index{}, func(res pipeline.Result) error {
		progress.Step()
		r.Diagnostics = append(r.Diagnostics, res.Diagnostics...)
		for _, e := range res.Editions {
			r.Diagnostics = append(r.Diagnostics, e.Diagnostics...)
			tally(byLocale[e.Locale], e)
			if c.Bool("completeness") {
				r.Diagnostics = append(r.Diagnostics, pipeline.Locate(res.Document, unfinished(res.Path, e))...)
			}
		}
		return nil
	})
	progress.Stop()
	if err != nil {
		return err
	}
	for _, l := range targets {
		r.Locales = append(r.Locales, *byLocale[l])
	}
	r.Rules = append(quality.Diagnostics(), completenessRules...)
	return g.Judge(c.Context, printer(c), r)
}

// tally adds an edition's segments to its locale's.
func tally(l *report.Completeness, e pipeline.Edition) {
	n := e.Published.Count
	l.Total += n.Segments
	l.Done += n.Published
	l.Missing += n.Segments - n.Published
	for ref, t := range e.Translation.Segments() {
		if t.Filled && t.SubState != "" {
			l.Review++
		}
		if !t.Filled {
			l.Words += bitext.CountWords(e.Translation.Document.Source(ref).Source.Chars)
		}
	}
	if e.Published.Status == edition.Original {
		l.Review, l.Words = 0, 0
	}
}

// completenessRules are the kinds of diagnostics of the completeness check.
var completenessRules = []diag.Rule{
	{ID: "edition.held", Severity: diag.Error, Description: "an edition that is not published"},
	{ID: "edition.segment", Severity: diag.Info, Description: "a segment that does not satisfy the publishing policy"},
	{ID: "edition.unfinished", Severity: diag.Error, Description: "an edition with segments that replace missing translations"},
}

// unfinished says that an edition is not finished, and which segments keep it
// from being so.
func unfinished(path string, e pipeline.Edition) []diag.Diagnostic {
	id, what := "", ""
	switch e.Published.Status {
	case edition.Withheld:
		id, what = "edition.held", "the edition is held back"
	case edition.Unfinished:
		id, what = "edition.unfinished", "the edition is unfinished"
	default:
		return nil
	}
	n := e.Published.Count
	segments := "segments"
	if n.Segments == 1 {
		segments = "segment"
	}
	out := []diag.Diagnostic{{
		ID: id, Severity: diag.Error, Place: diag.Place{Path: path, Locale: e.Locale},
		Message: fmt.Sprintf("%s: %d of %d %s to be done", what, n.Segments-n.Published, n.Segments, segments),
		Hint:    "export them, or name what may stand in for them in the policy",
	}}
	for ref, t := range e.Published.Translation.Segments() {
		if t.Locale != e.Translation.Document.Locale {
			continue
		}
		u := &e.Translation.Document.Units[ref.Unit]
		own := e.Translation.Targets[ref.Unit][ref.Segment]
		why := "not translated"
		if own.Filled {
			why = "translated, but not yet as the policy wants it (" + stateName(own) + ")"
		}
		why += fmt.Sprintf(": %.80q", u.Segments[ref.Segment].Source.Chars)
		out = append(out, diag.Diagnostic{
			ID: "edition.segment", Severity: diag.Info,
			Place:   diag.Place{Path: path, Locale: e.Locale, Unit: u.ID, Segment: u.Segments[ref.Segment].ID},
			Message: why,
		})
	}
	return out
}

func stateName(t bitext.Target) string {
	if t.SubState != "" {
		return t.State.String() + ", " + t.SubState
	}
	return t.State.String()
}
