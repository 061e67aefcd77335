// Package report writes findings and completeness in the forms that people and
// CI systems read: a table, JSON, JUnit, SARIF 2.1.0, GitHub annotations,
// GitLab code quality, Markdown, HTML and a shields badge. It also holds the
// policy that decides whether findings fail a run: thresholds, required
// locales, an allow-list and a baseline.
//
// It knows nothing of catalogs: whatever has diagnostics and counts per locale,
// articles' editions too, can be reported with it. All output is in a fixed
// order; the same report gives the same bytes.
package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// Completeness are the counts of one locale. Done counts what may be
// published: Total less what is missing.
type Completeness struct {
	Locale  string `json:"locale"`
	Name    string `json:"name,omitempty"` // the language in English
	Total   int    `json:"total"`
	Done    int    `json:"done"`
	Stale   int    `json:"stale,omitempty"`  // of Done, translated from an older source
	Review  int    `json:"review,omitempty"` // of Done, marked as needing review
	Missing int    `json:"missing,omitempty"`
	Words   int    `json:"words,omitempty"` // source words of what is missing
}

// Percent is how much is done, from 0 to 100; of nothing, all is done.
func (c Completeness) Percent() float64 {
	if c.Total == 0 {
		return 100
	}
	return 100 * float64(c.Done) / float64(c.Total)
}

// floor writes a percentage so that only what is complete reads 100.
func floor(p float64) string {
	tenths := int(p*10 + 1e-6)
	if tenths%10 == 0 {
		return strconv.Itoa(tenths/10) + "%"
	}
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

// A Report is what the writers write.
type Report struct {
	Tool        string            `json:"tool"`
	Version     string            `json:"version,omitempty"`
	Title       string            `json:"title,omitempty"` // "Message catalogs", "Editions"
	Locales     []Completeness    `json:"locales"`
	Diagnostics []diag.Diagnostic `json:"diagnostics"`
	Rules       []diag.Rule       `json:"-"`        // of the kinds of findings that there can be, for formats that list them
	Failures    []string          `json:"failures"` // of the policy; empty for a run that passes
	Articles    []Article         `json:"articles,omitempty"`
}

// An Article is what one article has in each locale.
type Article struct {
	Path     string    `json:"path"`
	Editions []Edition `json:"editions"`
}

// An Edition is one article in one locale. Status is that of package edition, such as
// "finished". Total and Done count segments.
type Edition struct {
	Locale string `json:"locale"`
	Status string `json:"status"`
	Total  int    `json:"total"`
	Done   int    `json:"done"`
}

// counts are the findings of a severity, in all or of one locale.
func (r *Report) counts(locale string) (errors, warnings, infos int) {
	for _, d := range r.Diagnostics {
		if locale != "" && d.Place.Locale != locale {
			continue
		}
		switch d.Severity {
		case diag.Error:
			errors++
		case diag.Warning:
			warnings++
		default:
			infos++
		}
	}
	return errors, warnings, infos
}

// sorted are the locales by tag.
func (r *Report) sorted() []Completeness {
	out := slices.Clone(r.Locales)
	slices.SortFunc(out, func(a, b Completeness) int { return cmp.Compare(a.Locale, b.Locale) })
	return out
}

// Table is the summary per locale for a terminal: a head, and rows in the order
// of locales. Numbers are right to align.
func (r *Report) Table() (head []string, rows [][]string) {
	head = []string{"Locale", "Language", "Done", "Missing", "Stale", "Review", "Errors", "Warnings"}
	for _, c := range r.sorted() {
		e, w, _ := r.counts(c.Locale)
		rows = append(rows, []string{c.Locale, c.Name, floor(c.Percent()), strconv.Itoa(c.Missing), strconv.Itoa(c.Stale), strconv.Itoa(c.Review), strconv.Itoa(e), strconv.Itoa(w)})
	}
	return head, rows
}

// Text writes one line for each finding, as compilers do, and the texts of its segment with
// the spans in them, and related places, below it, indented. Spans are in bytes of UTF-8.
func (r *Report) Text(w io.Writer) error {
	return r.TextWith(w, diag.Severity.String)
}

// TextWith is Text with other words for severities: messages in another language want
// theirs.
func (r *Report) TextWith(w io.Writer, severity func(diag.Severity) string) error {
	var b strings.Builder
	for _, d := range r.Diagnostics {
		p := d.Place
		if p.Path != "" {
			b.WriteString(Visible(p.Path) + ":")
			if p.Line > 0 {
				fmt.Fprintf(&b, "%d:", p.Line)
				if p.Column > 0 {
					fmt.Fprintf(&b, "%d:", p.Column)
				}
			}
			b.WriteByte(' ')
		} else if p.Locale != "" {
			b.WriteString(Visible(p.Locale) + ": ")
		}
		b.WriteString(severity(d.Severity) + ": ")
		if p.Path == "" {
			p.Locale = ""
		}
		b.WriteString(Visible(subject(p) + d.Message))
		if d.Hint != "" {
			b.WriteString(" (" + Visible(d.Hint) + ")")
		}
		b.WriteString(" [" + d.ID + "]\n")
		for _, e := range excerptsOf(d) {
			b.WriteString("    " + e.String() + "\n")
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, "    %s: %s\n", Visible(r.Place.String()), Visible(r.Message))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// subject says in a finding's words what its path does not: the locale, unless a
// part of the path names it, then unit and segment.
func subject(p diag.Place) string {
	var b strings.Builder
	named := slices.Contains(strings.FieldsFunc(p.Path, func(r rune) bool { return r == '/' || r == '.' }), p.Locale)
	if p.Locale != "" && !named {
		b.WriteString(p.Locale + ": ")
	}
	if p.Unit != "" {
		b.WriteString(p.Unit)
		if p.Segment != "" {
			b.WriteString("/" + p.Segment)
		}
		b.WriteString(": ")
	}
	return b.String()
}

// Visible shows control characters and bidirectional controls by their number,
// and a line break or a tab as a space: findings quote texts, ids and file names
// that nobody has checked.
func Visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// VisibleJSON returns JSON in which DEL, the control characters of C1 and bidirectional
// controls are escaped, as those of C0 are by RFC 8259: a terminal would obey them. It may
// change data.
func VisibleJSON(data []byte) []byte {
	var out []byte
	from := 0
	for i, c := range data {
		var r rune
		start := i
		switch {
		case c == 0x7f:
			r = rune(c)
		case c >= 0x80 && c < 0xa0 && i > 0 && data[i-1] == 0xc2: // UTF-8 of U+0080 to U+009F
			r, start = rune(c), i-1
		case c >= 0xa6 && i > 1 && data[i-2] == 0xe2 && (data[i-1] == 0x80 && c >= 0xaa && c <= 0xae || data[i-1] == 0x81 && c <= 0xa9): // U+202A to U+202E, U+2066 to U+2069
			r, start = 0x2000|rune(data[i-1]&0x3f)<<6|rune(c&0x3f), i-2
		default:
			continue
		}
		out = fmt.Appendf(append(out, data[from:start]...), "\\u%04x", r)
		from = i + 1
	}
	if from == 0 {
		return data
	}
	return append(out, data[from:]...)
}

// WithoutControls returns a text for a file, such as HTML or CSV, with U+FFFD for each
// control character but tabs and line ends. It may change data.
func WithoutControls(data []byte) []byte {
	isControl := func(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }
	if bytes.IndexFunc(data, isControl) < 0 {
		return data
	}
	return bytes.Map(func(r rune) rune {
		if isControl(r) {
			return utf8.RuneError
		}
		return r
	}, data)
}

// JSON writes the whole report.
func (r *Report) JSON(w io.Writer) error {
	out := *r
	if out.Locales = r.sorted(); out.Locales == nil {
		out.Locales = []Completeness{}
	}
	if out.Diagnostics == nil {
		out.Diagnostics = []diag.Diagnostic{}
	}
	if out.Failures == nil {
		out.Failures = []string{}
	}
	return writeJSON(w, out)
}

func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(VisibleJSON(b.Bytes()))
	return err
}

// Badge writes the endpoint file of a shields.io badge: the share that is done
// over all locales.
func (r *Report) Badge(w io.Writer) error {
	total, done := 0, 0
	for _, c := range r.Locales {
		total += c.Total
		done += c.Done
	}
	p := Completeness{Total: total, Done: done}.Percent()
	label := floor(p)
	color := "brightgreen"
	errors, _, _ := r.counts("")
	switch {
	case len(r.Locales) == 0: // nothing could be counted
		label, color = "unknown", "lightgrey"
	case p < 50:
		color = "red"
	case p < 80:
		color = "orange"
	case p < 95 || errors > 0:
		color = "yellow"
	case p < 100:
		color = "green"
	}
	return writeJSON(w, struct {
		SchemaVersion int    `json:"schemaVersion"`
		Label         string `json:"label"`
		Message       string `json:"message"`
		Color         string `json:"color"`
		IsError       bool   `json:"isError,omitempty"`
	}{1, "translated", label, color, len(r.Failures) > 0})
}
