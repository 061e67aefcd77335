package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hexapla/pipeline/diag"
)

// A Policy decides what fails a run. The zero value fails on any error and
// knows no thresholds.
type Policy struct {
	// FailUnder is the least percentage that must be done, by locale; "*" is for
	// the others. Locales that are Optional are not held to "*".
	//
	// Here, in Required and in Optional, a tag that the report does not have stands
	// for the longer ones that begin with it (RFC 4647, 3.3.1): crh for crh-Latn.
	FailUnder map[string]float64
	// Limits is how many findings of a severity may be there; a severity that is
	// not named may have any number. Nil means no errors.
	Limits map[diag.Severity]int
	// Required locales must be in the report. Errors of Optional ones count as
	// warnings.
	Required, Optional []string
	// Severity changes the severity of kinds of findings: "error", "warning",
	// "info", or "off" to leave them out.
	Severity map[string]string
	// Allow lists findings that are known to be right.
	Allow []Allowance
	// Partial says that reports have only a part of the findings: it is not reported
	// then that an allowance allows nothing.
	Partial bool
}

// An Allowance lets findings pass: all fields that are not empty must agree.
// Reason must be given. After Expires, if there is one, it no longer holds.
type Allowance struct {
	ID      string    `json:"id"`
	Path    string    `json:"path,omitempty"`
	Locale  string    `json:"locale,omitempty"`
	Unit    string    `json:"unit,omitempty"`
	Reason  string    `json:"reason"`
	Expires time.Time `json:"expires,omitzero"`
}

func (a Allowance) covers(d diag.Diagnostic) bool {
	return (a.ID == "" || a.ID == d.ID) && (a.Path == "" || a.Path == d.Place.Path) &&
		(a.Locale == "" || a.Locale == d.Place.Locale) && (a.Unit == "" || a.Unit == d.Place.Unit) &&
		a.ID+a.Path+a.Locale+a.Unit != ""
}

func (a Allowance) String() string {
	return strings.Join(slices.DeleteFunc([]string{a.ID, a.Path, a.Locale, a.Unit}, func(s string) bool { return s == "" }), " ")
}

// Judge gives the report as the policy sees it: severities changed, what is
// allowed or known to the baseline left out, what the allow-list itself has
// wrong added, and why the run fails. The baseline may be nil. r is not
// changed.
func (p *Policy) Judge(r *Report, known *Baseline, now time.Time) *Report {
	out := *r
	out.Diagnostics, out.Failures = nil, nil
	optional := map[string]bool{}
	for _, c := range r.Locales {
		optional[c.Locale] = slices.ContainsFunc(p.Optional, r.named(c.Locale))
	}
	used := make([]bool, len(p.Allow))
	for _, d := range r.Diagnostics {
		switch s := p.Severity[d.ID]; s {
		case "off":
			continue
		case "":
		default:
			if err := d.Severity.UnmarshalText([]byte(s)); err != nil {
				out.Failures = append(out.Failures, fmt.Sprintf("policy: severity of %s: %v, or off", d.ID, err))
			}
		}
		if d.Severity == diag.Error && (optional[d.Place.Locale] || slices.Contains(p.Optional, d.Place.Locale)) {
			d.Severity = diag.Warning
		}
		if !p.allowed(d, used, now) {
			out.Diagnostics = append(out.Diagnostics, d)
		}
	}
	out.Diagnostics = append(out.Diagnostics, p.allowListFindings(used, now)...)
	if known != nil {
		out.Diagnostics = known.New(out.Diagnostics)
	}
	diag.Sort(out.Diagnostics)
	slices.Sort(out.Failures)
	out.Failures = append(slices.Compact(out.Failures), p.failures(&out, known)...)
	return &out
}

func (p *Policy) allowed(d diag.Diagnostic, used []bool, now time.Time) bool {
	ok := false
	for i, a := range p.Allow {
		if !a.covers(d) || a.Reason == "" {
			continue
		}
		used[i] = true
		ok = ok || a.Expires.IsZero() || now.Before(a.Expires)
	}
	return ok
}

// allowListFindings returns what is wrong with the allow-list.
func (p *Policy) allowListFindings(used []bool, now time.Time) []diag.Diagnostic {
	var out []diag.Diagnostic
	for i, a := range p.Allow {
		place := diag.Place{Path: a.Path, Locale: a.Locale, Unit: a.Unit}
		switch {
		case a.Reason == "":
			out = append(out, diag.Diagnostic{ID: "policy.no-reason", Severity: diag.Error, Place: place, Hint: "give the reason why the finding is accepted"}.Messagef("allowance %s gives no reason", diag.Arg("attribute", a)))
		case !a.Expires.IsZero() && !now.Before(a.Expires):
			out = append(out, diag.Diagnostic{ID: "policy.expired", Severity: diag.Warning, Place: place, Hint: "correct what it allows, or give it a later date"}.Messagef("allowance %s expired on %s (%s)", diag.Arg("attribute", a), diag.Arg("format", a.Expires.Format(time.DateOnly)), diag.Arg("reason", a.Reason)))
		case !used[i] && !p.Partial:
			out = append(out, diag.Diagnostic{ID: "policy.unused", Severity: diag.Info, Place: place, Hint: "remove it"}.Messagef("allowance %s allows nothing", diag.Arg("attribute", a)))
		}
	}
	return out
}

// named gives the test whether a tag means this locale of the report: it is the
// same, or the beginning of it and no locale of the report itself.
func (r *Report) named(locale string) func(tag string) bool {
	return func(tag string) bool {
		return tag == locale || strings.HasPrefix(locale, tag+"-") && !slices.ContainsFunc(r.Locales, func(c Completeness) bool { return c.Locale == tag })
	}
}

// failures are the reasons why the run fails, in a fixed order.
func (p *Policy) failures(r *Report, known *Baseline) []string {
	var out []string
	limits := p.Limits
	if limits == nil {
		limits = map[diag.Severity]int{diag.Error: 0}
	}
	e, w, i := r.counts("")
	for _, c := range []struct {
		severity diag.Severity
		n        int
	}{{diag.Error, e}, {diag.Warning, w}, {diag.Info, i}} {
		if limit, ok := limits[c.severity]; ok && c.n > limit {
			out = append(out, fmt.Sprintf("%s, at most %d allowed", count(c.n, c.severity.String()), limit))
		}
	}
	for _, c := range r.sorted() {
		names := slices.SortedFunc(maps.Keys(p.FailUnder), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		least, ok := 0.0, false
		if i := slices.IndexFunc(names, r.named(c.Locale)); i >= 0 {
			least, ok = p.FailUnder[names[i]], true
		} else if !slices.ContainsFunc(p.Optional, r.named(c.Locale)) {
			least, ok = p.FailUnder["*"]
		}
		if ok && c.Percent()+1e-9 < least {
			out = append(out, fmt.Sprintf("%s is %s done, at least %g%% required", c.Locale, floor(c.Percent()), least))
		}
		if known != nil && c.Percent()+1e-9 < known.Locales[c.Locale] {
			out = append(out, fmt.Sprintf("%s is %s done, less than the baseline's %s", c.Locale, floor(c.Percent()), floor(known.Locales[c.Locale])))
		}
	}
	required := slices.Clone(p.Required)
	for l := range p.FailUnder {
		if l != "*" {
			required = append(required, l)
		}
	}
	slices.Sort(required)
	for _, l := range slices.Compact(required) {
		if !slices.ContainsFunc(r.Locales, func(c Completeness) bool { return r.named(c.Locale)(l) }) {
			out = append(out, l+" is required and not there")
		}
	}
	return out
}

// A Baseline is what was already wrong when it was made. A run fails only on
// what is new; Tighten keeps it from growing again.
type Baseline struct {
	Version  int                `json:"version"`
	Locales  map[string]float64 `json:"locales"`  // percentage done
	Findings map[string]string  `json:"findings"` // fingerprint to what it is, for the reader
}

// baselineVersion is the version that is written. Version 1 had the words of
// messages in the fingerprints, which change with every text that they quote.
const baselineVersion = 2

// fingerprint returns the function that made the fingerprints of the baseline.
func (b *Baseline) fingerprint() func(diag.Diagnostic, int) string {
	if b.Version == 1 {
		return wordFingerprint
	}
	return fingerprint
}

// NewBaseline takes a report as the state to start from.
func NewBaseline(r *Report) *Baseline {
	b := &Baseline{Version: baselineVersion, Locales: map[string]float64{}, Findings: map[string]string{}}
	for _, c := range r.Locales {
		b.Locales[c.Locale] = c.Percent()
	}
	prints := fingerprints(r.Diagnostics, fingerprint)
	for i, d := range r.Diagnostics {
		b.Findings[prints[i]] = strings.TrimSpace(strings.Join([]string{d.ID, d.Place.Locale, d.Place.Unit}, " "))
	}
	return b
}

// ParseBaseline reads what Bytes writes.
func ParseBaseline(data []byte) (*Baseline, error) {
	var b Baseline
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		return nil, fmt.Errorf("baseline does not parse: %w", err)
	}
	if b.Version < 1 || b.Version > baselineVersion {
		return nil, fmt.Errorf("baseline has version %d: this program reads versions 1 to %d", b.Version, baselineVersion)
	}
	return &b, nil
}

// Bytes writes the baseline, keys sorted.
func (b *Baseline) Bytes() ([]byte, error) {
	var w bytes.Buffer
	err := writeJSON(&w, b)
	return w.Bytes(), err
}

// New are the diagnostics that the baseline does not know.
func (b *Baseline) New(ds []diag.Diagnostic) []diag.Diagnostic {
	var out []diag.Diagnostic
	prints := fingerprints(ds, b.fingerprint())
	for i, d := range ds {
		if _, ok := b.Findings[prints[i]]; !ok {
			out = append(out, d)
		}
	}
	return out
}

// Tighten gives the baseline without the findings that are gone, and with the
// percentages that have risen. r must hold all findings, not only the new.
func (b *Baseline) Tighten(r *Report) *Baseline {
	now := NewBaseline(r)
	out := &Baseline{Version: baselineVersion, Locales: maps.Clone(b.Locales), Findings: map[string]string{}}
	if out.Locales == nil {
		out.Locales = map[string]float64{}
	}
	known, prints := fingerprints(r.Diagnostics, b.fingerprint()), fingerprints(r.Diagnostics, fingerprint)
	for i := range r.Diagnostics {
		if _, ok := b.Findings[known[i]]; ok {
			out.Findings[prints[i]] = now.Findings[prints[i]]
		}
	}
	for l, p := range now.Locales {
		out.Locales[l] = max(out.Locales[l], p)
	}
	return out
}
