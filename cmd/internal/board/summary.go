package board

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/publish"
	"hexapla/pipeline/edition"
)

// PrintSummary prints what a build did: a table of the locales, the reasons why
// editions are not published, and the findings.
func PrintSummary(p console.Printer, s *publish.Summary) error {
	if err := printLocales(p, s); err != nil {
		return err
	}
	PrintReasons(p, s, cmp.Or(console.ScreenWidth(p.Out, os.Getenv), math.MaxInt))
	return PrintOutcome(p, s)
}

// printLocales prints a table of the locales with what each has.
func printLocales(p console.Printer, s *publish.Summary) error {
	columns := []struct {
		head   string
		value  func(*publish.LocaleSummary) int
		always bool
	}{
		{"HeadFinished", func(l *publish.LocaleSummary) int { return l.Editions.Finished }, true},
		{"HeadUnfinished", func(l *publish.LocaleSummary) int { return l.Editions.Unfinished }, true},
		{"HeadMachine", func(l *publish.LocaleSummary) int { return l.Editions.Machine }, false},
		{"HeadOutdated", func(l *publish.LocaleSummary) int { return l.Editions.Outdated }, false},
		{"HeadEdited", func(l *publish.LocaleSummary) int { return l.Editions.Edited }, false},
		{"HeadWithheld", func(l *publish.LocaleSummary) int { return l.Editions.Withheld }, true},
		{"HeadSegments", func(l *publish.LocaleSummary) int { return l.Segments }, true},
		{"HeadUIStrings", func(l *publish.LocaleSummary) int { return l.Chrome }, true},
		{"HeadReused", func(l *publish.LocaleSummary) int { return l.Reused }, true},
		{"HeadMT", func(l *publish.LocaleSummary) int { return l.MachineTranslated }, true},
		{"HeadMissing", func(l *publish.LocaleSummary) int { return l.Missing }, true},
		{"HeadFindings", func(l *publish.LocaleSummary) int { return l.Findings }, true},
		{"HeadWords", func(l *publish.LocaleSummary) int { return l.Words }, true},
	}
	columns = slices.DeleteFunc(columns, func(c struct {
		head   string
		value  func(*publish.LocaleSummary) int
		always bool
	}) bool {
		return !c.always && !slices.ContainsFunc(s.Locales, func(l *publish.LocaleSummary) bool { return c.value(l) > 0 })
	})
	heads := []string{p.Text("HeadLocale"), p.Text("HeadLanguage")}
	for _, c := range columns {
		heads = append(heads, p.Text(c.head))
	}
	t := console.NewTable(append(heads, p.Text("HeadComplete"))...)
	for _, ls := range s.Locales {
		row := []any{ls.Locale, p.Language(ls.Locale)}
		for _, c := range columns {
			row = append(row, c.value(ls))
		}
		t.Row(append(row, console.Percent(ls.Completeness))...)
	}
	t.AlignRight(3, 3+len(columns))
	return t.Print(p.Out)
}

// PrintOutcome prints the findings, and what was done.
func PrintOutcome(p console.Printer, s *publish.Summary) error {
	fmt.Fprintln(p.Out)
	for _, d := range s.Findings {
		p.Finding(p.Out, d)
	}
	if s.Hidden > 0 {
		fmt.Fprintln(p.Out, p.Count("FindingsHidden", s.Hidden))
	}
	args := console.Args{"Articles": p.Count("Articles", s.Articles), "Locales": p.Count("InLocales", len(s.Locales))}
	switch {
	case s.DryRun:
		return p.Println(p.Text("BuildDry", args))
	case s.Written == 0 && s.Unchanged > 0:
		return p.Println(p.Text("BuildUnchanged", args))
	}
	return p.Println(p.Text("BuildWritten", args, console.Args{"Written": p.Count("FilesWritten", s.Written), "Unchanged": s.Unchanged}))
}

// PrintReasons prints why editions are not published: one line for all that have
// the same reasons, and a paragraph of their locales. Lines are width columns long at
// most.
func PrintReasons(p console.Printer, s *publish.Summary, width int) {
	for _, g := range s.Reasons {
		id := "EditionsWithheld"
		if g.Status == edition.Outdated {
			id = "EditionsOutdated"
		}
		var reasons []string
		for _, c := range g.Codes {
			reasons = append(reasons, p.Text(reasonTexts[c]))
		}
		fmt.Fprintln(p.Out)
		console.Wrap(p.Out, strings.Fields(p.Count(id, g.Editions)+": "+strings.Join(reasons, ", ")), " ", "", width)
		console.Wrap(p.Out, g.Locales, " ", "  ", width)
	}
}

// reasonTexts are the messages of the codes of edition.Reason.
var reasonTexts = map[string]string{
	edition.ReasonEmpty:     "ReasonEmpty",
	edition.ReasonRequired:  "ReasonRequired",
	edition.ReasonThreshold: "ReasonThreshold",
	edition.ReasonMissing:   "ReasonMissing",
	edition.ReasonErrors:    "ReasonErrors",
	edition.ReasonScheduled: "ReasonScheduled",
	edition.ReasonExpired:   "ReasonExpired",
	edition.ReasonTogether:  "ReasonTogether",
	edition.ReasonDate:      "ReasonDate",
}
