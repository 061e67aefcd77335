package main

import (
	"fmt"
	"io"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// summary is what a build or a status tells at its end.
type summary struct {
	DryRun    bool              `json:"dryRun,omitempty"`
	Articles  int               `json:"articles"`
	Locales   []*localeSummary  `json:"locales"`
	Written   int               `json:"written"`
	Unchanged int               `json:"unchanged"`
	Findings  []diag.Diagnostic `json:"findings"`
	Hidden    int               `json:"-"` // findings that were counted and not kept
	byLocale  map[string]*localeSummary
	all       bool
	hooks     int
}

type localeSummary struct {
	Locale   string        `json:"locale"`
	Language string        `json:"language"`
	Editions editionCounts `json:"editions"`
	edition.Count
	Completeness float64 `json:"completeness"`
	Findings     int     `json:"findings"`
}

type editionCounts struct {
	Finished   int `json:"finished"`
	Unfinished int `json:"unfinished"`
	Held       int `json:"held"`
}

// newSummary keeps every finding if all is set; else only errors, and the first of
// what hooks say, so that a large archive does not fill the memory with remarks.
func newSummary(targets []string, dryRun, all bool) *summary {
	s := &summary{DryRun: dryRun, all: all, byLocale: map[string]*localeSummary{}, Findings: []diag.Diagnostic{}}
	for _, l := range targets {
		ls := &localeSummary{Locale: l, Language: locales.EnglishName(l)}
		s.byLocale[l] = ls
		s.Locales = append(s.Locales, ls)
	}
	return s
}

func (s *summary) add(locale string, ds []diag.Diagnostic) {
	for _, d := range ds {
		if s.keeps(d) {
			s.Findings = append(s.Findings, d)
		} else {
			s.Hidden++
		}
	}
	if ls := s.byLocale[locale]; ls != nil {
		for _, d := range ds {
			if d.Severity > diag.Info {
				ls.Findings++
			}
		}
	}
}

// hooksShown is how many remarks of hooks are shown without being asked for.
const hooksShown = 5

func (s *summary) keeps(d diag.Diagnostic) bool {
	if s.all || d.Severity == diag.Error || d.ID == "edition.stale" {
		return true
	}
	if d.Severity == diag.Warning && strings.HasPrefix(d.ID, "hook.") {
		s.hooks++
		return s.hooks <= hooksShown
	}
	return false
}

func (s *summary) result(r pipeline.Result) {
	s.Articles++
	s.add("", r.Diagnostics)
	for _, e := range r.Editions {
		s.add(e.Locale, e.Diagnostics)
		ls := s.byLocale[e.Locale]
		ls.Count.Add(e.Published.Count)
		switch e.Published.Status {
		case edition.Finished, edition.Original:
			ls.Editions.Finished++
		case edition.Unfinished:
			ls.Editions.Unfinished++
		case edition.Withheld:
			ls.Editions.Held++
		}
	}
}

func (s *summary) written(changed bool) {
	if changed {
		s.Written++
	} else {
		s.Unchanged++
	}
}

func (s *summary) finish() {
	diag.Sort(s.Findings)
	for _, ls := range s.Locales {
		ls.Completeness = ls.Count.Completeness()
	}
}

// err is exit.ErrFindings if there is a finding that must be mended.
func (s *summary) err() error {
	if worst, _ := diag.MaxSeverity(s.Findings); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

func (s *summary) print(out io.Writer, w console.Printer) {
	t := console.NewTable(w.Text("HeadLocale"), w.Text("HeadLanguage"), w.Text("HeadFinished"), w.Text("HeadUnfinished"), w.Text("HeadHeld"),
		w.Text("HeadSegments"), w.Text("HeadChrome"), w.Text("HeadReused"), w.Text("HeadByHook"), w.Text("HeadMissing"),
		w.Text("HeadFindings"), w.Text("HeadWords"), w.Text("HeadComplete"))
	for _, ls := range s.Locales {
		t.Row(
			ls.Locale, w.Language(ls.Locale), ls.Editions.Finished, ls.Editions.Unfinished, ls.Editions.Held, ls.Segments,
			ls.Chrome, ls.Reused, ls.MachineTranslated, ls.Missing, ls.Findings, ls.Words, console.Percent(ls.Completeness))
	}
	t.AlignRight(3, 13)
	_ = t.Print(out)
	fmt.Fprintln(out)
	for _, d := range s.Findings {
		console.Finding(out, d)
	}
	if s.Hidden > 0 {
		fmt.Fprintln(out, w.Count("FindingsHidden", s.Hidden))
	}
	what := console.Args{"Articles": w.Count("Articles", s.Articles), "Locales": w.Count("InLocales", len(s.Locales))}
	switch {
	case s.DryRun:
		fmt.Fprintln(out, w.Text("BuildDry", what))
	case s.Written == 0 && s.Unchanged > 0:
		fmt.Fprintln(out, w.Text("BuildUnchanged", what))
	default:
		fmt.Fprintln(out, w.Text("BuildWritten", what, console.Args{"Written": w.Count("FilesWritten", s.Written), "Unchanged": s.Unchanged}))
	}
}
