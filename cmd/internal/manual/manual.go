// Package manual writes manual pages from the commands of a program, as man(7) has
// them: one page for the program and one for each command with its subcommands.
package manual

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/lazy"

	"github.com/urfave/cli/v2"
)

// Page is one manual page of section 1.
type Page struct {
	Name string // "hexapla-build", without the section
	Text string // as roff
}

// Pages returns the pages of a program, sorted by name. version and date, in any form,
// are what the pages' foot says.
func Pages(app *cli.App, version, date string) []Page {
	w := writer{version: version, date: date}
	pages := []Page{{Name: app.Name, Text: w.app(app)}}
	for _, c := range app.Commands {
		if !c.Hidden && c.Name != "help" {
			pages = append(pages, Page{Name: app.Name + "-" + c.Name, Text: w.command(app, c)})
		}
	}
	slices.SortFunc(pages, func(a, b Page) int { return cmp.Compare(a.Name, b.Name) })
	return pages
}

type writer struct {
	strings.Builder
	version, date string
}

func (w *writer) app(app *cli.App) string {
	w.start(app.Name, app.Usage)
	w.section("SYNOPSIS")
	w.code(app.UsageText)
	w.section("DESCRIPTION")
	w.prose(app.Description)
	w.section("COMMANDS")
	for _, c := range app.Commands {
		if !c.Hidden && c.Name != "help" {
			w.item(fmt.Sprintf(`\fB%s\-%s\fR(1)`, escape(app.Name), escape(c.Name)), c.Usage)
		}
	}
	w.flags("OPTIONS", app.Flags)
	return w.end()
}

func (w *writer) command(app *cli.App, c *cli.Command) string {
	w.start(app.Name+"-"+c.Name, c.Usage)
	w.section("SYNOPSIS")
	w.synopsis(app.Name, c)
	w.section("DESCRIPTION")
	w.prose(c.Description)
	w.flags("OPTIONS", c.VisibleFlags())
	w.subcommands(app.Name+" "+c.Name, c.Subcommands)
	w.section("SEE ALSO")
	fmt.Fprintf(w, "\\fB%s\\fR(1)\n", escape(app.Name))
	return w.end()
}

func (w *writer) subcommands(path string, commands []*cli.Command) {
	for _, c := range commands {
		if c.Hidden || c.Name == "help" {
			continue
		}
		w.section(strings.ToUpper(path + " " + c.Name))
		w.prose(strings.ToUpper(c.Usage[:1]) + c.Usage[1:] + ".")
		w.synopsis(path, c)
		w.prose(c.Description)
		w.flags("", c.VisibleFlags())
		w.subcommands(path+" "+c.Name, c.Subcommands)
	}
}

// synopsis writes how a command is called.
func (w *writer) synopsis(path string, c *cli.Command) {
	switch {
	case c.UsageText != "":
		w.code(c.UsageText)
	case len(c.Subcommands) > 0:
		w.code(path + " " + c.Name + " COMMAND [FLAG ...]")
	default:
		w.code(strings.TrimSpace(path + " " + c.Name + " [FLAG ...] " + c.ArgsUsage))
	}
}

func (w *writer) start(name, usage string) {
	w.Reset()
	fmt.Fprintf(w, ".TH %q 1 %q %q \"User Commands\"\n", strings.ToUpper(name), w.date, w.version)
	w.section("NAME")
	fmt.Fprintf(w, "%s \\- %s\n", escape(name), escape(usage))
}

func (w *writer) end() string { return w.String() }

func (w *writer) section(title string) { fmt.Fprintf(w, ".SH %s\n", escape(title)) }

// prose writes paragraphs. Lines that are indented stay as they are.
func (w *writer) prose(text string) {
	for _, paragraph := range blank().Split(strings.TrimSpace(text), -1) {
		lines := strings.Split(paragraph, "\n")
		if slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "  ") || strings.Contains(l, "   ") }) {
			w.code(paragraph)
			continue
		}
		w.WriteString(".PP\n")
		for _, l := range lines {
			w.line(l)
		}
	}
}

var blank = lazy.Regexp(`\n[ \t]*\n`)

// code writes lines as they are.
func (w *writer) code(text string) {
	w.WriteString(".PP\n.nf\n")
	for l := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		w.line(l)
	}
	w.WriteString(".fi\n")
}

func (w *writer) item(term, text string) {
	fmt.Fprintf(w, ".TP\n%s\n", term)
	w.line(text)
}

// line writes a line that is no request, whatever it begins with.
func (w *writer) line(text string) {
	text = escape(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	w.WriteString(text + "\n")
}

func (w *writer) flags(title string, flags []cli.Flag) {
	if len(flags) == 0 {
		return
	}
	if title != "" {
		w.section(title)
	}
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		value, usage := placeholder(doc.GetUsage())
		var names []string
		for _, n := range f.Names() {
			dashes := `\-\-`
			if len(n) == 1 {
				dashes = `\-`
			}
			name := `\fB` + dashes + escape(n) + `\fR`
			if value != "" && doc.TakesValue() {
				name += ` \fI` + escape(value) + `\fR`
			}
			names = append(names, name)
		}
		if vars := doc.GetEnvVars(); len(vars) > 0 {
			usage += " [$" + strings.Join(vars, ", $") + "]"
		}
		w.item(strings.Join(names, ", "), usage)
	}
}

// placeholder returns the name of a flag's value, which its description has between
// backquotes, and the description without them.
func placeholder(usage string) (value, text string) {
	before, rest, ok := strings.Cut(usage, "`")
	if !ok {
		return "VALUE", usage
	}
	value, after, ok := strings.Cut(rest, "`")
	if !ok {
		return "VALUE", usage
	}
	return value, before + value + after
}

// escape returns text in which nothing is a request or an escape of roff. A hyphen
// that is part of a name must not become a dash.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
}
