package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"hexapla/pipeline/diag"
)

// maxShown bounds the findings that the summaries for people list.
const maxShown = 200

// Markdown writes a summary for a pull request: the verdict, a table of
// locales, the errors and warnings folded away.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	errors, warnings, infos := r.counts("")
	fmt.Fprintf(&b, "## %s\n\n", markdown(cmp.Or(r.Title, r.Tool)))
	if len(r.Failures) == 0 {
		b.WriteString("✅ Passed")
	} else {
		b.WriteString("❌ Failed")
	}
	fmt.Fprintf(&b, ": %s, %s, %s.\n\n", count(errors, "error"), count(warnings, "warning"), count(infos, "note"))
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "- %s\n", markdown(f))
	}
	if len(r.Failures) > 0 {
		b.WriteByte('\n')
	}
	head, rows := r.Table()
	if len(rows) > 0 {
		fmt.Fprintf(&b, "| %s |\n|:--|:--|%s\n", strings.Join(head, " | "), strings.Repeat("--:|", len(head)-2))
		for _, row := range rows {
			for i := range row {
				row[i] = markdown(row[i])
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		}
		b.WriteByte('\n')
	}
	for _, severity := range []diag.Severity{diag.Error, diag.Warning} {
		n, lines := 0, strings.Builder{}
		for _, d := range r.Diagnostics {
			if d.Severity != severity {
				continue
			}
			if n++; n > maxShown {
				continue
			}
			text := markdown(d.Message)
			if where := markdown(d.Place.String()); where != "" {
				text = where + ": " + text
			}
			fmt.Fprintf(&lines, "- `%s` %s\n", d.ID, text)
			for _, e := range excerptsOf(d) {
				fmt.Fprintf(&lines, "  - %s %d:%d: “%s”\n", e.Side, e.Start, e.End, markdown(e.text()))
			}
		}
		if n == 0 {
			continue
		}
		if n > maxShown {
			fmt.Fprintf(&lines, "- and %d more\n", n-maxShown)
		}
		fmt.Fprintf(&b, "<details><summary>%s</summary>\n\n%s\n</details>\n\n", count(n, severity.String()), lines.String())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// markdown escapes what GitHub's Markdown would take for markup. Bidi controls
// and control characters are shown by their number.
func markdown(s string) string {
	return markdownEscapes.Replace(strings.Join(strings.Fields(Visible(s)), " "))
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "&", "&amp;", "~", `\~`, "$", `\$`, "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`, "@", "@\u200b")
