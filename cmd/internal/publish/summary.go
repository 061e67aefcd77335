package publish

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/hook"
)

// Summary is the result of a build, also as JSON.
type Summary struct {
	DryRun    bool             `json:"dryRun,omitempty"`
	Articles  int              `json:"articles"`
	Locales   []*LocaleSummary `json:"locales"`
	Written   int              `json:"written"`   // files
	Unchanged int              `json:"unchanged"` // files

	// Reasons say why editions are not published or earlier pages stay, the most
	// frequent first.
	Reasons []ReasonGroup `json:"reasons,omitempty"`

	// Findings are all findings if Options.AllFindings is set. Else they are the
	// errors and the first warnings of engines, so that a large archive does not fill
	// the memory; Hidden counts the others.
	Findings []diag.Diagnostic `json:"findings"`
	Hidden   int               `json:"-"`

	// Engines is what a dry run counts for the engines instead of asking them.
	Engines []hook.Estimate `json:"engines,omitempty"`

	byLocale       map[string]*LocaleSummary
	all            bool
	engineWarnings int
	asked          []string // locales that hooks list
	enginesFailed  bool
	budgetSpent    bool
	failures       map[string]*engineFailure // by id, and message or cause
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
	Machine    int `json:"machine"`
	Outdated   int `json:"outdated"`
	Edited     int `json:"edited"`
	Withheld   int `json:"withheld"`
}

// ReasonGroup is the editions that have one status for the same reasons. Codes are
// those of edition.Reason, Locales are in the order of the project.
type ReasonGroup struct {
	Status   edition.Status `json:"status"`
	Codes    []string       `json:"codes"`
	Editions int            `json:"editions"`
	Locales  []string       `json:"locales"`
}

// reason counts an edition that is not published, or kept, under its reasons.
func (s *Summary) reason(locale string, p edition.Published) {
	if p.Status != edition.Withheld && p.Status != edition.Outdated {
		return
	}
	var codes []string
	for _, r := range p.Reasons {
		codes = append(codes, r.Code)
	}
	i := slices.IndexFunc(s.Reasons, func(g ReasonGroup) bool { return g.Status == p.Status && slices.Equal(g.Codes, codes) })
	if i < 0 {
		i = len(s.Reasons)
		s.Reasons = append(s.Reasons, ReasonGroup{Status: p.Status, Codes: codes})
	}
	g := &s.Reasons[i]
	g.Editions++
	if !slices.Contains(g.Locales, locale) {
		g.Locales = append(g.Locales, locale)
	}
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
		if d.ID == "hook.unsupported" && slices.ContainsFunc(s.asked, func(l string) bool { return l == locale || strings.HasPrefix(locale, l+"-") }) {
			d.Severity = diag.Warning
			d.Message += fmt.Sprintf(", though a hook lists %s", locale)
			s.engineFailed(d)
		} else if d.Severity == diag.Error && strings.HasPrefix(d.ID, "hook.") {
			s.engineFailed(d)
		} else if s.keeps(d) {
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
	if s.all || d.Severity == diag.Error || isKept(d.ID) {
		return true
	}
	if d.Severity == diag.Warning && strings.HasPrefix(d.ID, "hook.") {
		s.engineWarnings++
		return s.engineWarnings <= maxEngineWarnings
	}
	return false
}

// isKept reports whether a summary has the findings with an id, whatever their severity.
func isKept(id string) bool {
	switch id {
	case "edition.stale", "edition.edited", "edition.unknown", "project.pattern", "project.spelling", "project.hook", "site.foreign":
		return true
	}
	return false
}

// isLoud reports whether a summary without AllFindings may do more with a finding than
// count it.
func isLoud(d *diag.Diagnostic) bool {
	return d.Severity == diag.Error || isKept(d.ID) || strings.HasPrefix(d.ID, "hook.")
}

func (s *Summary) result(r pipeline.Result) {
	s.Articles++
	s.add("", r.Diagnostics)
	for _, e := range r.Editions {
		s.add(e.Locale, e.Diagnostics)
		ls := s.byLocale[e.Locale]
		ls.Count.Add(e.Published.Count)
		s.reason(e.Locale, e.Published)
		switch e.Published.Status {
		case edition.Finished, edition.Original:
			ls.Editions.Finished++
		case edition.Unfinished:
			ls.Editions.Unfinished++
		case edition.Machine:
			ls.Editions.Machine++
		case edition.Outdated:
			ls.Editions.Outdated++
		case edition.Edited:
			ls.Editions.Edited++
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
	s.addFailures()
	diag.Sort(s.Findings)
	order := map[string]int{}
	for i, ls := range s.Locales {
		order[ls.Locale] = i
	}
	for i := range s.Reasons {
		slices.SortFunc(s.Reasons[i].Locales, func(a, b string) int { return order[a] - order[b] })
	}
	slices.SortFunc(s.Reasons, func(a, b ReasonGroup) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), b.Editions-a.Editions, slices.Compare(a.Codes, b.Codes))
	})
	for _, ls := range s.Locales {
		ls.Completeness = ls.Count.Completeness()
	}
}

// engineFailure is a failure that an engine reported for one segment or more.
type engineFailure struct {
	first   diag.Diagnostic
	n       int
	locales []string
}

// engineFailed counts a failure of an engine: one that is down reports the same for
// each segment, and that is one finding.
func (s *Summary) engineFailed(d diag.Diagnostic) {
	key := d.ID + "\x00" + d.Message
	if cause, ok := d.Args["cause"].(string); ok && (d.ID == "hook.failed" || d.ID == "hook.budget") {
		key = d.ID + "\x00" + cause
		s.enginesFailed = s.enginesFailed || d.ID == "hook.failed"
		s.budgetSpent = s.budgetSpent || d.ID == "hook.budget"
	}
	f := s.failures[key]
	if f != nil && cmp.Or(cmp.Compare(len(d.Message), len(f.first.Message)), cmp.Compare(d.Message, f.first.Message)) < 0 {
		f.first = d // which of several is the first is a matter of time
	}
	if f == nil {
		f = &engineFailure{first: d}
		if s.failures == nil {
			s.failures = map[string]*engineFailure{}
		}
		s.failures[key] = f
	}
	f.n++
	if d.Place.Locale != "" && !slices.Contains(f.locales, d.Place.Locale) {
		f.locales = append(f.locales, d.Place.Locale)
	}
}

// addFailures adds the failures of engines to the findings.
func (s *Summary) addFailures() {
	for _, f := range s.failures {
		d := f.first
		if f.n > 1 {
			slices.Sort(f.locales)
			d.Place = diag.Place{}
			d.Message = fmt.Sprintf("%s; this is so of %d segments (%s)", d.Message, f.n, strings.Join(f.locales, " "))
		}
		s.Findings = append(s.Findings, d)
	}
	s.failures = nil
}

// OfPages returns the findings about pages and manifests in the output folder.
func (s *Summary) OfPages() []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range s.Findings {
		switch d.ID {
		case "edition.stale", "edition.edited", "edition.unknown", "edition.manifest":
			out = append(out, d)
		}
	}
	return out
}

// ErrEngines is the error of a build whose engines failed. What they translated before is
// kept.
var ErrEngines = errors.New("engines failed, and texts are not translated; the next build asks for these only")

// ErrBudget is the error of a build that could not ask for all texts, because the budget or
// limit of an engine is used up. What was translated before is kept.
var ErrBudget = errors.New("the budget of an engine is used up, and texts are not translated; the next build asks for these only")

// EngineFailures returns findings with each failure of an engine once, as a summary has
// them, and ErrEngines or ErrBudget if there is one.
func EngineFailures(ds []diag.Diagnostic) ([]diag.Diagnostic, error) {
	s := newSummary(nil, false, true)
	s.add("", ds)
	s.finish()
	if err := s.Err(); err != exit.ErrFindings {
		return s.Findings, err
	}
	return s.Findings, nil
}

// Err returns ErrEngines if an engine failed, else ErrBudget if a budget is used up, else
// exit.ErrFindings if there is a finding of severity error.
func (s *Summary) Err() error {
	switch {
	case s.enginesFailed:
		return ErrEngines
	case s.budgetSpent:
		return ErrBudget
	}
	if worst, _ := diag.MaxSeverity(s.Findings); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}
