package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/report"
)

// printJSON writes v indented, with the characters that only HTML cares about
// left readable.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// newTable is a table in the one style that all commands print.
func newTable(header ...any) table.Writer {
	t := table.NewWriter()
	s := table.StyleLight
	s.Options = table.OptionsNoBordersAndSeparators
	s.Format.Header, s.Format.Footer = text.FormatDefault, text.FormatDefault
	t.SetStyle(s)
	t.SuppressTrailingSpaces()
	t.AppendHeader(header)
	return t
}

// alignRight puts the columns from first on to the right, as numbers want it.
func alignRight(t table.Writer, first, last int) {
	var c []table.ColumnConfig
	for i := first; i <= last; i++ {
		c = append(c, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	t.SetColumnConfigs(c)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progressBar counts on a terminal, and does nothing elsewhere.
type progressBar struct {
	w progress.Writer
	t *progress.Tracker
}

func startProgress(w io.Writer, what string, total int) *progressBar {
	if !isTerminal(w) || total < 2 {
		return &progressBar{}
	}
	pw := progress.NewWriter()
	pw.SetOutputWriter(w)
	pw.SetAutoStop(false)
	style := progress.StyleDefault
	if os.Getenv("NO_COLOR") == "" {
		style = progress.StyleBlocks
	}
	pw.SetStyle(style)
	pw.Style().Visibility.Time = false
	t := &progress.Tracker{Message: what, Total: int64(total)}
	pw.AppendTracker(t)
	go pw.Render()
	return &progressBar{pw, t}
}

func (p *progressBar) step() {
	if p.t != nil {
		p.t.Increment(1)
	}
}

// reader counts what is read through it.
func (p *progressBar) reader(r io.Reader) io.Reader {
	if p.t == nil {
		return r
	}
	return readCounter{r, p.t}
}

type readCounter struct {
	io.Reader
	t *progress.Tracker
}

func (c readCounter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.t.Increment(int64(n))
	return n, err
}

func (p *progressBar) stop() {
	if p.t == nil {
		return
	}
	p.t.MarkAsDone()
	for p.w.LengthActive() > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	p.w.Stop()
	for p.w.IsRenderInProgress() {
		time.Sleep(10 * time.Millisecond)
	}
}

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

func (s *summary) print(out io.Writer, w words) {
	t := newTable(w.T("HeadLocale"), w.T("HeadLanguage"), w.T("HeadFinished"), w.T("HeadUnfinished"), w.T("HeadHeld"),
		w.T("HeadSegments"), w.T("HeadChrome"), w.T("HeadReused"), w.T("HeadByHook"), w.T("HeadMissing"),
		w.T("HeadFindings"), w.T("HeadWords"), w.T("HeadComplete"))
	for _, ls := range s.Locales {
		t.AppendRow(table.Row{
			ls.Locale, w.language(ls.Locale), ls.Editions.Finished, ls.Editions.Unfinished, ls.Editions.Held, ls.Segments,
			ls.Chrome, ls.Reused, ls.MachineTranslated, ls.Missing, ls.Findings, ls.Words, percent(ls.Completeness),
		})
	}
	alignRight(t, 3, 13)
	fmt.Fprintln(out, t.Render())
	fmt.Fprintln(out)
	for _, d := range s.Findings {
		printFinding(out, d)
	}
	if s.Hidden > 0 {
		fmt.Fprintln(out, w.Tr("FindingsHidden", s.Hidden))
	}
	what := vars{"Articles": w.Tr("Articles", s.Articles), "Locales": w.Tr("InLocales", len(s.Locales))}
	switch {
	case s.DryRun:
		fmt.Fprintln(out, w.T("BuildDry", what))
	case s.Written == 0 && s.Unchanged > 0:
		fmt.Fprintln(out, w.T("BuildUnchanged", what))
	default:
		fmt.Fprintln(out, w.T("BuildWritten", what, vars{"Written": w.Tr("FilesWritten", s.Written), "Unchanged": s.Unchanged}))
	}
}

// printFinding writes one finding as compilers do, with its hint below.
func printFinding(w io.Writer, d diag.Diagnostic) {
	place := report.Visible(d.Place.String())
	if place != "" {
		place += ": "
	}
	fmt.Fprintf(w, "%s%s: %s [%s]\n", place, d.Severity, report.Visible(d.Message), d.ID)
	if d.Hint != "" {
		fmt.Fprintf(w, "    %s\n", report.Visible(d.Hint))
	}
	for _, r := range d.Related {
		fmt.Fprintf(w, "    %s: %s\n", report.Visible(r.Place.String()), report.Visible(r.Message))
	}
}

// percent writes a share as whole percents, and never 100 for what is not whole.
func percent(share float64) string {
	n := int(share*100 + 1e-9)
	return strconv.Itoa(n) + "%"
}
