// Package diag is the one form in which Hexapla says that something is wrong
// or worth a look: parse errors, findings of quality checks and catalog checks
// alike. A Diagnostic is data; the words come last, at the edge.
//
// The localization quality issue types are those of ITS 2.0, section 8.17 and
// its appendix C (https://www.w3.org/TR/its20/#lqissue-typevalues).
package diag

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Severity says what a Diagnostic asks of its reader. The zero value is Info.
type Severity uint8

const (
	Info    Severity = iota // worth knowing; nothing to do
	Warning                 // a person should look
	Error                   // must be mended
)

var severityNames = [...]string{"info", "warning", "error"}

func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// MarshalText writes the severity as "info", "warning" or "error".
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes, and fails on anything else.
func (s *Severity) UnmarshalText(b []byte) error {
	i := slices.Index(severityNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("unknown severity %q: want info, warning or error", b)
	}
	*s = Severity(i)
	return nil
}

// Place says where. Every field may be empty. Path is slash-separated and
// relative to the project. Line and Column count from 1; Column counts
// characters (Unicode code points), not bytes. Locale, Unit and Segment name a
// place in the bilingual text.
type Place struct {
	Path    string `json:"path,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Locale  string `json:"locale,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Segment string `json:"segment,omitempty"`
}

// String writes path:line:column and then what else is known, in brackets.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(p.Path)
	if p.Line > 0 {
		if b.Len() == 0 {
			b.WriteString("line ")
		} else {
			b.WriteByte(':')
		}
		b.WriteString(strconv.Itoa(p.Line))
		if p.Column > 0 {
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(p.Column))
		}
	}
	var in []string
	if p.Locale != "" {
		in = append(in, p.Locale)
	}
	if p.Unit != "" {
		in = append(in, "unit "+p.Unit)
	}
	if p.Segment != "" {
		in = append(in, "segment "+p.Segment)
	}
	if len(in) > 0 {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("[" + strings.Join(in, ", ") + "]")
	}
	return b.String()
}

// Compare orders places by path, locale, line, column, unit and segment.
func (p Place) Compare(q Place) int {
	return cmp.Or(
		cmp.Compare(p.Path, q.Path),
		cmp.Compare(p.Locale, q.Locale),
		cmp.Compare(p.Line, q.Line),
		cmp.Compare(p.Column, q.Column),
		cmp.Compare(p.Unit, q.Unit),
		cmp.Compare(p.Segment, q.Segment),
	)
}

// At is the line and column of a byte offset in data, both from 1. An offset
// outside data is moved to the nearer end.
func At(data []byte, offset int) (line, column int) {
	offset = max(0, min(offset, len(data)))
	line, column = 1, 1
	start := 0
	for i, c := range data[:offset] {
		if c == '\n' {
			line++
			start = i + 1
		}
	}
	for range string(data[start:offset]) {
		column++
	}
	return line, column
}

// Diagnostic is one thing to tell. ID is stable, dotted, lower case
// ("html.truncated"): policies, baselines and allow-lists name it, so it never
// changes its meaning. Message is one English sentence without a full stop;
// Hint says what to do. Issue is the ITS 2.0 localization quality issue type,
// empty where none fits.
type Diagnostic struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Place    Place    `json:"place"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Issue    string   `json:"its,omitempty"`
}

// Error makes a Diagnostic usable as an error: place, message and hint.
func (d Diagnostic) Error() string {
	s := d.Message
	if p := d.Place.String(); p != "" {
		s = p + ": " + s
	}
	if d.Hint != "" {
		s += " (" + d.Hint + ")"
	}
	return s
}

// From gives the diagnostics that err carries: the first Diagnostic in its chain,
// or, where the chain comes to joined errors, those of each of them in order.
// An error that carries none becomes one of severity Error with the given id.
func From(err error, id string) []Diagnostic {
	if err == nil {
		return nil
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if d, ok := e.(Diagnostic); ok {
			return []Diagnostic{d}
		}
		if joined, ok := e.(interface{ Unwrap() []error }); ok {
			if d := (Diagnostic{}); !errors.As(e, &d) {
				break // nothing below says more than the whole
			}
			var out []Diagnostic
			for _, part := range joined.Unwrap() {
				out = append(out, From(part, id)...)
			}
			return out
		}
	}
	return []Diagnostic{{ID: id, Severity: Error, Message: err.Error()}}
}

// Sort puts diagnostics into their one order: by place, then severity (worst
// first), id and message, so that the same findings print the same.
func Sort(ds []Diagnostic) {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			a.Place.Compare(b.Place),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Worst is the highest severity among ds, and whether there is any at all.
func Worst(ds []Diagnostic) (Severity, bool) {
	if len(ds) == 0 {
		return Info, false
	}
	worst := Info
	for _, d := range ds {
		worst = max(worst, d.Severity)
	}
	return worst, true
}
