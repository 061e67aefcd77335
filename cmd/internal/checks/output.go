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

// formats are the formats that a report can be written in.
var formats = map[string]func(*report.Report, io.Writer) error{
	"table":    writeTable,
	"text":     (*report.Report).Text,
	"json":     (*report.Report).JSON,
	"junit":    (*report.Report).JUnit,
	"sarif":    (*report.Report).SARIF,
	"github":   (*report.Report).GitHub,
	"gitlab":   (*report.Report).GitLab,
	"markdown": (*report.Report).Markdown,
	"html":     (*report.Report).HTML,
	"badge":    (*report.Report).Badge,
}

// FormatNames returns the names of the report formats, for help and messages.
func FormatNames() string {
	return strings.Join(slices.Sorted(maps.Keys(formats)), ", ")
}

// writeTable writes the completeness of each locale and the number of findings.
func writeTable(r *report.Report, w io.Writer) error {
	head, rows := r.Table()
	t := console.NewTable(head...)
	for _, row := range rows {
		t.TextRow(row...)
	}
	t.AlignRight(3, len(head))
	return t.Print(w)
}

// output is a report in one format, and the file that it is written to; "" is
// standard output.
type output struct {
	write func(*report.Report, io.Writer) error
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
		out = append(out, output{(*report.Report).Text, ""})
	}
	return out, nil
}

func (o output) print(r *report.Report, out io.Writer) error {
	if o.file == "" {
		return o.write(r, out)
	}
	var b bytes.Buffer
	if err := o.write(r, &b); err != nil {
		return err
	}
	return rootfs.WriteFile(o.file, b.Bytes())
}
