// Package console prints what a person or a program reads: messages in the
// language of the user, tables, findings, JSON and progress bars.
package console

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"hexapla/locales"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

// The program's own messages are go-i18n catalogs, which the program checks:
//
//	hexapla catalog check --dir cmd/internal/console/messages --code 'cmd/**/*.go'
//
//go:embed messages/*.toml
var messageFiles embed.FS

var catalogs = sync.OnceValue(func() *locales.Catalogs {
	c, _ := locales.Load(messageFiles, "messages") // a test checks that there are no findings
	return c
})

// Printer prints to the user in the user's language. A message that the language
// does not have is in English.
type Printer struct {
	Out    io.Writer // results
	Err    io.Writer // progress, and what is not a result
	Locale string    // BCP 47
}

// EnvLocale returns the locale of the user by the environment, as POSIX orders
// its variables.
func EnvLocale(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			return posixLocale(v)
		}
	}
	return "en"
}

// posixLocale returns the tag of a POSIX locale name (ru_RU.UTF-8, sr_RS@latin),
// and "en" for those that are no language.
func posixLocale(name string) string {
	name, modifier, _ := strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ".")
	if script := map[string]string{"latin": "Latn", "cyrillic": "Cyrl"}[modifier]; script != "" {
		language, region, ok := strings.Cut(name, "_")
		name = language + "-" + script
		if ok {
			name += "-" + region
		}
	}
	tag, err := locales.Canonical(name)
	if err != nil {
		return "en" // C, POSIX
	}
	return tag
}

// Args are the values of a message's variables. Numbers are written as the
// language does; what the user is to type again, such as a batch's number, is a
// string.
type Args = locales.Args

// Text returns a message. Control characters in the values of args are made
// visible.
func (p Printer) Text(id string, args ...Args) string {
	all := Args{}
	for _, a := range args {
		for name, v := range a {
			if s, ok := v.(string); ok {
				v = printable(s)
			}
			all[name] = v
		}
	}
	return p.localize(id, all)
}

// Visible returns a text of unknown origin as it may be printed: with its control
// characters made visible.
func (p Printer) Visible(s string) string { return report.Visible(s) }

// VisibleLines is Visible for the output of another program: its lines and tabs stay.
func (p Printer) VisibleLines(s string) string {
	var out strings.Builder
	for line := range strings.Lines(s) {
		text := strings.TrimSuffix(line, "\n")
		end := line[len(text):]
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
			text = report.Visible(text)
		}
		out.WriteString(text + end)
	}
	return out.String()
}

// printable returns a text with its control characters made visible, if it has
// any: names of files and texts of unknown origin must not control the terminal.
// A line break stays.
func printable(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
		return report.Visible(s)
	}
	return s
}

// Count returns a message about n things.
func (p Printer) Count(id string, n int, args ...Args) string {
	return p.Text(id, append(args, Args{locales.PluralCount: n})...)
}

func (p Printer) localize(id string, args Args) string {
	for _, tag := range []string{p.Locale, "en"} {
		if l, err := catalogs().Localize(tag, id, args); err == nil {
			return l.Text
		}
	}
	return id
}

// Language returns the name of a language: in English if the messages are.
func (p Printer) Language(tag string) string {
	if l, err := catalogs().Localize(p.Locale, "HeadLanguage", nil); err == nil && l.Locale != "en" {
		return locales.LanguageName(p.Locale, tag)
	}
	return locales.EnglishName(tag)
}

// Println prints a line.
func (p Printer) Println(line string) error {
	_, err := fmt.Fprintln(p.Out, line)
	return err
}

// Detail prints a message about what the command does, if the user wants to know it.
func (p Printer) Detail(id string, args ...Args) {
	if p.Verbose() {
		fmt.Fprintln(p.Err, p.Text(id, args...))
	}
}

// Verbose reports whether the user wants to know what the command does.
func (p Printer) Verbose() bool {
	s, ok := p.Err.(*Stream)
	return ok && s.Verbose
}

// JSON prints a value as indented JSON. The characters that only HTML escapes
// stay readable.
//
// An object gets a member "version" with the number of its form, if it does not begin
// with one: it grows when a member changes its meaning or goes, not when one is added. A
// list becomes the member "items" of such an object.
func (p Printer) JSON(v any) error {
	text, err := versioned(v)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return err
	}
	_, err = p.Out.Write(report.VisibleJSON(out.Bytes()))
	return err
}

// versioned returns a value as JSON with its version, and a line break.
func versioned(v any) ([]byte, error) {
	if t := reflect.ValueOf(v); t.Kind() == reflect.Slice {
		if t.IsNil() {
			v = []struct{}{}
		}
		v = struct {
			Version int `json:"version"`
			Items   any `json:"items"`
		}{JSONVersion, v}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	text := b.Bytes()
	if text[0] == '{' && !bytes.HasPrefix(text, []byte(`{"version":`)) {
		rest := text[1:]
		text = fmt.Appendf(nil, `{"version":%d`, JSONVersion)
		if rest[0] != '}' {
			text = append(text, ',')
		}
		text = append(text, rest...)
	}
	return text, nil
}

// JSONVersion is the number of the forms of all JSON objects that have none of their
// own.
const JSONVersion = 1

// JSONLine prints a value as JSON does, in one line.
func (p Printer) JSONLine(v any) error {
	text, err := versioned(v)
	if err != nil {
		return err
	}
	_, err = p.Out.Write(report.VisibleJSON(text))
	return err
}

// Finding prints a finding in the user's language and in the form that compilers use, with
// its hint below. The id stays as it is. A quiet stream gets only errors.
func (p Printer) Finding(w io.Writer, d diag.Diagnostic) {
	s, _ := w.(*Stream)
	if s != nil && s.Quiet {
		if d.Severity != diag.Error {
			return
		}
		w = s.Writer
	}
	d = p.Translated(d)
	place := report.Visible(d.Place.String())
	if place != "" {
		place += ": "
	}
	fmt.Fprintf(w, "%s%s: %s [%s]\n", place, s.colored(d.Severity, p.Severity(d.Severity)), report.Visible(d.Message), d.ID)
	if d.Hint != "" {
		fmt.Fprintf(w, "    %s\n", report.Visible(d.Hint))
	}
	for _, r := range d.Related {
		fmt.Fprintf(w, "    %s: %s\n", report.Visible(r.Place.String()), report.Visible(r.Message))
	}
}

// Severity returns the word for a severity in the user's language, as it begins a finding
// on the terminal.
func (p Printer) Severity(s diag.Severity) string {
	switch s {
	case diag.Error:
		return p.Text("SeverityError")
	case diag.Warning:
		return p.Text("SeverityWarning")
	}
	return p.Text("SeverityInfo")
}
