package config

import (
	"time"

	"hexapla/pipeline/diag"
)

// Check is what fails a check of catalogs or editions, and where the code is
// that uses messages. Shares are in percent; "*" is every locale without an
// entry of its own.
type Check struct {
	FailUnder   map[string]float64 `toml:"fail_under"`
	Required    []string           `toml:"required"`
	Optional    []string           `toml:"optional"`
	MaxErrors   *int               `toml:"max_errors"` // 0 if not given
	MaxWarnings *int               `toml:"max_warnings"`
	MaxNotes    *int               `toml:"max_notes"`
	Severity    map[string]string  `toml:"severity"`
	Allow       []Allow            `toml:"allow"`

	SameAsSource      []string `toml:"same_as_source"`
	TemplateFunctions []string `toml:"template_functions"`
	AllowIf           bool     `toml:"allow_if"`
	Code              []string `toml:"code"`
	Calls             []Call   `toml:"calls"`
	Functions         []string `toml:"functions"`
	Patterns          []string `toml:"patterns"`
}

// Allow accepts findings for a reason, until a date (2006-01-02) if there is
// one.
type Allow struct {
	ID      string `toml:"id"`
	Path    string `toml:"path"`
	Locale  string `toml:"locale"`
	Unit    string `toml:"unit"`
	Reason  string `toml:"reason"`
	Expires string `toml:"expires"`
}

// SeverityOf returns the severity of a finding as the configuration has it: Info
// for one that is off or allowed at a time. An allowance without a reason counts
// for nothing.
func (c *Check) SeverityOf(d diag.Diagnostic, now time.Time) diag.Severity {
	for _, a := range c.Allow {
		if a.Reason != "" && a.covers(d, now) {
			return diag.Info
		}
	}
	severity := d.Severity
	switch s := c.Severity[d.ID]; s {
	case "":
	case "off":
		return diag.Info
	default:
		if severity.UnmarshalText([]byte(s)) != nil {
			return d.Severity
		}
	}
	return severity
}

// covers reports whether an allowance is for a finding and has not expired.
func (a Allow) covers(d diag.Diagnostic, now time.Time) bool {
	if a.ID+a.Path+a.Locale+a.Unit == "" {
		return false
	}
	if t, err := time.Parse(time.DateOnly, a.Expires); a.Expires != "" && (err != nil || !now.Before(t)) {
		return false
	}
	return (a.ID == "" || a.ID == d.ID) && (a.Path == "" || a.Path == d.Place.Path) &&
		(a.Locale == "" || a.Locale == d.Place.Locale) && (a.Unit == "" || a.Unit == d.Place.Unit)
}

// Call is a helper function whose argument is a message's id; Arg counts
// from 0, -1 is the first constant string.
type Call struct {
	Name string `toml:"name"`
	Arg  int    `toml:"arg"`
}
