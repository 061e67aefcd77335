package publish

import (
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// Summary is the result of a build, also as JSON.
type Summary struct {
	DryRun    bool             `json:"dryRun,omitempty"`
	Articles  int              `json:"articles"`
	Locales   []*LocaleSummary `json:"locales"`
	Written   int              `json:"written"`   // files
	Unchanged int              `json:"unchanged"` // files

	// Findings are all findings if Options.AllFindings is set. Else they are the
	// errors and the first warnings of engines, so that a large archive does not fill
	// the memory; Hidden counts the others.
	Findings []diag.Diagnostic `json:"findings"`
	Hidden   int               `json:"-"`

	byLocale       map[string]*LocaleSummary
	all            bool
	engineWarnings int
}

// LocaleSummary is the part of one locale.
type LocaleSummary struct {
	Locale   string        `json:"locale"`
	Language string        `json:"language"` // in English
	Editions EditionCounts `json:"editions"`
	edition.Count
	Completeness float64 `json:"completeness"` // from 0 to 1
	Findings     int     `json:"findings"`     // of severity warning and error
}

// EditionCounts counts editions by their status.
type EditionCounts struct {
	Finished   int `json:"finished"`
	Unfinished int `json:"unfinished"`
	Withheld   int `json:"held"`
}

func newSummary(targets []string, dryRun, all bool) *Summary {
	s := &Summary{DryRun: dryRun, all: all, byLocale: map[string]*LocaleSummary{}, Findings: []diag.Diagnostic{}}
	for _, l := range targets {
		ls := &LocaleSummary{Locale: l, Language: locales.EnglishName(l)}
		s.byLocale[l] = ls
		s.Locales = append(s.Locales, ls)
	}
	return s
}

func (s *Summary) add(locale string, ds []diag.Diagnostic) {
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

// maxEngineWarnings is the number of warnings of engines in a summary without
// AllFindings.
const maxEngineWarnings = 5

func (s *Summary) keeps(d diag.Diagnostic) bool {
	if s.all || d.Severity == diag.Error || d.ID == "edition.stale" {
		return true
	}
	if d.Severity == diag.Warning && strings.HasPrefix(d.ID, "hook.") {
		s.engineWarnings++
		return s.engineWarnings <= maxEngineWarnings
	}
	return false
}

func (s *Summary) result(r pipeline.Result) {
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
			ls.Editions.Withheld++
		}
	}
}

func (s *Summary) wrote(changed bool) {
	if changed {
		s.Written++
	} else {
		s.Unchanged++
	}
}

func (s *Summary) finish() {
	diag.Sort(s.Findings)
	for _, ls := range s.Locales {
		ls.Completeness = ls.Count.Completeness()
	}
}

// Err returns exit.ErrFindings if there is a finding of severity error.
func (s *Summary) Err() error {
	if worst, _ := diag.MaxSeverity(s.Findings); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}
