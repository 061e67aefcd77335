// Package diag defines Diagnostic, the form of every problem that Hexapla
// reports: parse errors, findings of quality checks and of catalog checks alike.
// A Diagnostic is data; it becomes text only where it is printed.
//
// Every id stands in a table of Rules in the package that makes the Diagnostic.
// There is no registry: the command collects the tables.
//
// The localization quality issue types are those of ITS 2.0, section 8.17 and
// its appendix C (https://www.w3.org/TR/its20/#lqissue-typevalues).
package diag

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Severity is how serious a Diagnostic is. The zero value is Info.
type Severity uint8

const (
	Info    Severity = iota // worth knowing; nothing to do
	Warning                 // a person should look
	Error                   // must be corrected
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

// Place is a position in a file or in a bilingual text. Every field may be
// empty. Path is slash-separated and relative to the project. Line and Column
// count from 1; Column counts characters (Unicode code points), not bytes.
// EndLine and EndColumn are the position after the last character, as in SARIF
// 2.1.0, 3.30.7 and 3.30.8; both are 0 where only the start is known. Locale,
// Unit and Segment name a place in the bilingual text.
type Place struct {
	Path      string `json:"path,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
	Locale    string `json:"locale,omitempty"`
	Unit      string `json:"unit,omitempty"`
	Segment   string `json:"segment,omitempty"`
}

// String returns path:line:column, followed by the other fields in brackets. The
// end is left out.
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

// Compare orders places by path, locale, line, column, end, unit and segment.
func (p Place) Compare(q Place) int {
	return cmp.Or(
		cmp.Compare(p.Path, q.Path),
		cmp.Compare(p.Locale, q.Locale),
		cmp.Compare(p.Line, q.Line),
		cmp.Compare(p.Column, q.Column),
		cmp.Compare(p.EndLine, q.EndLine),
		cmp.Compare(p.EndColumn, q.EndColumn),
		cmp.Compare(p.Unit, q.Unit),
		cmp.Compare(p.Segment, q.Segment),
	)
}

// At returns the line and column of a byte offset in data, both from 1. An
// offset outside data is moved to the nearer end.
func At(data []byte, offset int) (line, column int) {
	offset = max(0, min(offset, len(data)))
	start := bytes.LastIndexByte(data[:offset], '\n') + 1
	return bytes.Count(data[:start], newline) + 1, utf8.RuneCount(data[start:offset]) + 1
}

var newline = []byte{'\n'}

// Diagnostic is one problem, or one remark. ID is stable, dotted, lower case
// ("html.truncated"): policies, baselines and allow-lists name it, so it never
// changes its meaning. Message is one English sentence without a full stop;
// Hint is what to do about it. Args are the values that Message contains, by
// name, from which the message can be written in another language. Related are
// other places that explain the problem, such as the first of two definitions.
// Issue is the ITS 2.0 localization quality issue type, empty where none fits.
type Diagnostic struct {
	ID       string         `json:"id"`
	Severity Severity       `json:"severity"`
	Place    Place          `json:"place"`
	Message  string         `json:"message"`
	Hint     string         `json:"hint,omitempty"`
	Issue    string         `json:"its,omitempty"`
	Args     map[string]any `json:"args,omitempty"`
	Related  []Related      `json:"related,omitempty"`
}

// Related is another place that belongs to a Diagnostic, and what is there.
type Related struct {
	Place   Place  `json:"place"`
	Message string `json:"message"`
}

// Error returns place, message and hint, so that a Diagnostic is an error.
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

// From returns the diagnostics that err carries: the first Diagnostic in its chain,
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
				break // no part is a Diagnostic: the whole text is all there is
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

// Sort sorts diagnostics by place, then severity (highest first), id and
// message, so that the same findings always print alike.
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

// MapPaths returns copies of diagnostics whose paths, those of related places among
// them, are replaced by what to returns for them. Places without a path stay as they
// are.
func MapPaths(ds []Diagnostic, to func(path string) string) []Diagnostic {
	out := slices.Clone(ds)
	for i := range out {
		if at := &out[i].Place.Path; *at != "" {
			*at = to(*at)
		}
		out[i].Related = slices.Clone(out[i].Related)
		for j := range out[i].Related {
			if at := &out[i].Related[j].Place.Path; *at != "" {
				*at = to(*at)
			}
		}
	}
	return out
}

// MaxSeverity returns the highest severity among ds, and whether ds has any
// element at all.
func MaxSeverity(ds []Diagnostic) (Severity, bool) {
	if len(ds) == 0 {
		return Info, false
	}
	highest := Info
	for _, d := range ds {
		highest = max(highest, d.Severity)
	}
	return highest, true
}
