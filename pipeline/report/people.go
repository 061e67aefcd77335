package report

import (
	"cmp"
	"fmt"
	"html/template"
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

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`, "@", "@\u200b")

// HTML writes a page that stands alone: a bar of completeness per locale, and
// the findings. It runs no script and loads nothing.
func (r *Report) HTML(w io.Writer) error {
	type bar struct {
		Completeness
		Percent                         string
		FreshW, ReviewW, StaleW, X1, X2 float64 // widths and places of the bar's parts
		Errors, Warnings, Infos, Y, Mid int
	}
	type finding struct {
		diag.Diagnostic
		Where string
	}
	page := struct {
		Title                   string
		Failures                []string
		Bars                    []bar
		Height                  int
		Findings                []finding
		Left                    int
		Errors, Warnings, Infos string
	}{Title: cmp.Or(r.Title, r.Tool), Failures: r.Failures}
	e, wn, in := r.counts("")
	page.Errors, page.Warnings, page.Infos = count(e, "error"), count(wn, "warning"), count(in, "note")
	const width = 400
	for i, c := range r.sorted() {
		total := float64(max(c.Total, 1))
		b := bar{Completeness: c, Percent: floor(c.Percent()), Y: i * 22, Mid: i*22 + 15}
		done := width * c.Percent() / 100
		b.StaleW = min(width*float64(c.Stale)/total, done)
		b.ReviewW = min(width*float64(c.Review)/total, done-b.StaleW)
		b.FreshW = done - b.StaleW - b.ReviewW
		b.X1 = 200 + b.FreshW
		b.X2 = b.X1 + b.ReviewW
		b.Errors, b.Warnings, b.Infos = r.counts(c.Locale)
		page.Bars = append(page.Bars, b)
	}
	page.Height = max(len(page.Bars)*22, 1)
	for _, d := range r.Diagnostics {
		if len(page.Findings) == 10*maxShown {
			page.Left = len(r.Diagnostics) - len(page.Findings)
			break
		}
		page.Findings = append(page.Findings, finding{shown(d), Visible(d.Place.String())})
	}
	return htmlPage.Execute(w, page)
}

// shown is the diagnostic with nothing hidden in its words.
func shown(d diag.Diagnostic) diag.Diagnostic {
	d.Message, d.Hint = Visible(d.Message), Visible(d.Hint)
	return d
}

var htmlPage = template.Must(template.New("report").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c1c1c; background: #fff }
table { border-collapse: collapse; width: 100% } td, th { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top }
.error { color: #a40000 } .warning { color: #7a5200 } .info { color: #3d5a73 } code { font-size: .9em }
svg text { font: 13px system-ui, sans-serif }
@media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #e6e6e6 } td, th { border-color: #444 } svg text { fill: #e6e6e6 } .error { color: #ff8d80 } .warning { color: #ffcf70 } .info { color: #9fc5e8 } }
</style>
</head>
<body>
<h1>{{.Title}}</h1>
<p>{{if .Failures}}Failed{{else}}Passed{{end}}: {{.Errors}}, {{.Warnings}}, {{.Infos}}.</p>
{{if .Failures}}<ul>{{range .Failures}}<li class="error">{{.}}</li>{{end}}</ul>{{end}}
{{if .Bars}}<h2>Completeness</h2>
<svg role="img" aria-label="Share of done texts per locale" width="100%" viewBox="0 0 760 {{.Height}}" style="max-width:760px">
{{range .Bars}}<g><title>{{.Locale}} {{.Name}}: {{.Percent}}; {{.Missing}} missing, {{.Stale}} stale, {{.Review}} to review</title>
<text x="0" y="{{.Mid}}" fill="currentColor">{{.Locale}} {{.Name}}</text>
<rect x="200" y="{{.Y}}" width="400" height="18" fill="#d9d9d9"/><rect x="200" y="{{.Y}}" width="{{.FreshW}}" height="18" fill="#2e7d32"/><rect x="{{.X1}}" y="{{.Y}}" width="{{.ReviewW}}" height="18" fill="#7cb342"/><rect x="{{.X2}}" y="{{.Y}}" width="{{.StaleW}}" height="18" fill="#f9a825"/>
<text x="610" y="{{.Mid}}" fill="currentColor">{{.Percent}}{{if .Errors}} · {{.Errors}} ✗{{end}}{{if .Warnings}} · {{.Warnings}} !{{end}}</text></g>
{{end}}</svg>
<p>Dark green: done. Light green: to be reviewed. Yellow: the source has changed. Grey: missing.</p>{{end}}
{{if .Findings}}<h2>Findings</h2>
<table><thead><tr><th>Severity</th><th>Kind</th><th>Place</th><th>What</th></tr></thead><tbody>
{{range .Findings}}<tr><td class="{{.Severity}}">{{.Severity}}</td><td><code>{{.ID}}</code></td><td><bdi>{{.Where}}</bdi></td><td><bdi>{{.Message}}</bdi>{{if .Hint}}<br><small><bdi>{{.Hint}}</bdi></small>{{end}}</td></tr>
{{end}}</tbody></table>
{{if .Left}}<p>{{.Left}} more were left out.</p>{{end}}{{end}}
</body>
</html>
`))
