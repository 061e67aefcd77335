package checks

import (
	"bytes"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/report"
)

// A writer writes a report in one format. The language is that of p in the formats for the
// terminal, and English in the others, which programs and other people read.
type writer func(p console.Printer, r *report.Report, w io.Writer) error

// formats are the formats that a report can be written in.
var formats = map[string]writer{
	"table":    writeTable,
	"text":     writeText,
	"json":     inEnglish((*report.Report).JSON),
	"junit":    inEnglish((*report.Report).JUnit),
	"sarif":    inEnglish((*report.Report).SARIF),
	"github":   inEnglish((*report.Report).GitHub),
	"gitlab":   inEnglish((*report.Report).GitLab),
	"markdown": inEnglish((*report.Report).Markdown),
	"html":     inEnglish((*report.Report).HTML),
	"badge":    inEnglish((*report.Report).Badge),
}

func inEnglish(write func(*report.Report, io.Writer) error) writer {
	return func(_ console.Printer, r *report.Report, w io.Writer) error { return write(r, w) }
}

// FormatNames returns the names of the report formats, for help and messages.
func FormatNames() string {
	return strings.Join(slices.Sorted(maps.Keys(formats)), ", ")
}

// writeTable writes the completeness of each locale and the number of findings, in the
// user's language.
func writeTable(p console.Printer, r *report.Report, w io.Writer) error {
	head, rows := r.Table()
	t := console.NewTable(p.Text("ColumnLocale"), p.Text("ColumnLanguage"), p.Text("ColumnDone"), p.Text("ColumnMissing"),
		p.Text("ColumnStale"), p.Text("ColumnReview"), p.Text("ColumnErrors"), p.Text("ColumnWarnings"))
	for _, row := range rows {
		row[1] = p.Language(row[0])
		t.TextRow(row...)
	}
	t.AlignRight(3, len(head))
	return t.Print(w)
}

// writeText writes the findings for the terminal, in the user's language.
func writeText(p console.Printer, r *report.Report, w io.Writer) error {
	if p.Locale == "en" {
		return r.Text(w)
	}
	own := *r
	own.Diagnostics = slices.Clone(r.Diagnostics)
	for i, d := range own.Diagnostics {
		own.Diagnostics[i] = p.Translated(d)
	}
	return own.TextWith(w, p.Severity)
}

// output is a report in one format, and the file that it is written to; "" is
// standard output.
type output struct {
	write writer
	file  string
}

// outputs returns the outputs for formats as --format has them, FORMAT or
// FORMAT=FILE. If none of them goes to standard output, text does.
func outputs(wanted []string) ([]output, error) {
	var out []output
	for _, f := range wanted {
		name, file, toFile := strings.Cut(f, "=")
		write, ok := formats[name]
		if !ok {
			return nil, exit.Usagef("unknown report format %q: use one of %s", name, FormatNames())
		}
		if toFile {
			if info, err := os.Stat(file); file == "" || err == nil && info.IsDir() {
				return nil, exit.Usagef("--format %s: FILE in FORMAT=FILE must be the name of a file", f)
			}
		}
		out = append(out, output{write, file})
	}
	if !slices.ContainsFunc(out, func(o output) bool { return o.file == "" }) {
		out = append(out, output{writeText, ""})
	}
	return out, nil
}

func (o output) print(p console.Printer, r *report.Report) error {
	if o.file == "" {
		return o.write(p, r, p.Out)
	}
	var b bytes.Buffer
	if err := o.write(p, r, &b); err != nil {
		return err
	}
	return rootfs.WriteFile(o.file, b.Bytes())
}
