package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"hexapla/pipeline/diag"
)

// maxListed is the number of findings that an HTML report lists. Errors are always
// listed, however many there are.
const maxListed = 20000

// htmlGroup are the findings of one locale.
type htmlGroup struct {
	Locale, Name            string
	Errors, Warnings, Infos string // "3 errors"; "" for none
	HasErrors               bool
	Findings                []htmlFinding
	Left                    int // findings that are not listed
}

type htmlFinding struct {
	diag.Diagnostic
	Where string
	Texts []excerpt // empty if the finding is about no segment
}

// bar is the completeness of a locale as a picture.
type bar struct {
	Completeness
	Percent                         string
	FreshW, ReviewW, StaleW, X1, X2 float64 // widths and places of the bar's parts
	Errors, Warnings, Infos, Y, Mid int
}

// HTML writes a page that loads nothing: a bar of completeness for each locale, and
// the findings in groups by locale, errors first. A script of its own filters them
// and divides them into pages; without it, the page shows all of them. Every error
// is listed.
func (r *Report) HTML(w io.Writer) error {
	sum := sha256.Sum256([]byte(htmlScript))
	page := struct {
		Title                   string
		Failures                []string
		Bars                    []bar
		Board                   *htmlBoard
		Height                  int
		Groups                  []htmlGroup
		Kinds                   []string
		Errors, Warnings, Infos string
		Policy                  string
		Script                  template.JS
		Style                   template.CSS
	}{Title: cmp.Or(r.Title, r.Tool), Failures: r.Failures, Script: htmlScript, Style: htmlStyle,
		Policy: "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
	e, wn, in := r.counts("")
	page.Errors, page.Warnings, page.Infos = count(e, "error"), count(wn, "warning"), count(in, "note")
	counts := r.countsByLocale()
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
		n := counts[c.Locale]
		b.Errors, b.Warnings, b.Infos = n[diag.Error], n[diag.Warning], n[diag.Info]
		page.Bars = append(page.Bars, b)
	}
	page.Height = max(len(page.Bars)*22, 1)
	page.Groups, page.Kinds = r.groups(counts)
	page.Board = r.board()
	return htmlPage().Execute(w, page)
}

// countsByLocale returns the number of findings by locale and severity.
func (r *Report) countsByLocale() map[string]map[diag.Severity]int {
	out := map[string]map[diag.Severity]int{}
	for _, d := range r.Diagnostics {
		if out[d.Place.Locale] == nil {
			out[d.Place.Locale] = map[diag.Severity]int{}
		}
		out[d.Place.Locale][d.Severity]++
	}
	return out
}

// groups returns the findings by locale and all their ids. Groups with errors come
// first, and within a group the errors.
func (r *Report) groups(counts map[string]map[diag.Severity]int) ([]htmlGroup, []string) {
	names := map[string]string{}
	for _, c := range r.Locales {
		names[c.Locale] = c.Name
	}
	ds := slices.Clone(r.Diagnostics)
	slices.SortStableFunc(ds, func(a, b diag.Diagnostic) int {
		x, y := a.Place.Locale, b.Place.Locale
		return cmp.Or(-cmp.Compare(min(counts[x][diag.Error], 1), min(counts[y][diag.Error], 1)), strings.Compare(x, y), -cmp.Compare(a.Severity, b.Severity))
	})
	// What is left out is the least severe, not the last locale.
	room := map[diag.Severity]int{}
	total := map[diag.Severity]int{}
	for _, d := range ds {
		total[d.Severity]++
	}
	left := max(maxListed-total[diag.Error], 0)
	for _, s := range []diag.Severity{diag.Warning, diag.Info} {
		room[s] = min(total[s], left)
		left -= room[s]
	}
	var out []htmlGroup
	kinds := map[string]bool{}
	for i, d := range ds {
		if i == 0 || d.Place.Locale != ds[i-1].Place.Locale {
			n := counts[d.Place.Locale]
			g := htmlGroup{Locale: d.Place.Locale, Name: names[d.Place.Locale], HasErrors: n[diag.Error] > 0}
			for _, c := range []struct {
				to       *string
				severity diag.Severity
				what     string
			}{{&g.Errors, diag.Error, "error"}, {&g.Warnings, diag.Warning, "warning"}, {&g.Infos, diag.Info, "note"}} {
				if n[c.severity] > 0 {
					*c.to = count(n[c.severity], c.what)
				}
			}
			out = append(out, g)
		}
		g := &out[len(out)-1]
		kinds[d.ID] = true
		if d.Severity != diag.Error {
			if room[d.Severity] == 0 {
				g.Left++
				continue
			}
			room[d.Severity]--
		}
		g.Findings = append(g.Findings, htmlFinding{shown(d), Visible(d.Place.String()), excerptsOf(d)})
	}
	return out, sortedKeys(kinds)
}

// shown returns the diagnostic with nothing hidden in its words.
func shown(d diag.Diagnostic) diag.Diagnostic {
	d.Message, d.Hint = Visible(d.Message), Visible(d.Hint)
	return d
}

const htmlStyle = `
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: #1c1c1c; background: #fff }
table { border-collapse: collapse; width: 100%; table-layout: fixed } td, th { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; overflow-wrap: anywhere }
th:nth-child(1) { width: 5.5rem } th:nth-child(2) { width: 12rem } th:nth-child(3) { width: 30% }
details { margin: .75rem 0 } summary { cursor: pointer; font-weight: 600; padding: .25rem 0 }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; position: sticky; top: 0; background: inherit; padding: .5rem 0 }
.wide { overflow-x: auto } .board { width: auto; table-layout: auto } .board th, .board td { width: auto; white-space: nowrap; text-align: center; padding: .2rem .4rem; overflow-wrap: normal }
.board th[scope=row], .board th:first-child { position: sticky; left: 0; background: #fff; text-align: start; font-weight: 400; min-width: min(16rem, 42vw); white-space: normal; overflow-wrap: anywhere } .board button { border: 0; background: none; padding: 0; cursor: pointer; text-decoration: underline }
.finished, .source, .edited { background: #e3f2e4 } .unfinished, .machine { background: #fdf3d8 } .outdated { background: #e8eef5 } .withheld { background: #f3e3e3 }
select, input, button { font: inherit; max-width: 100% } [hidden] { display: none }
.error { color: #a40000 } .warning { color: #7a5200 } .info { color: #3d5a73 } code { font-size: .9em }
svg text { font: 13px system-ui, sans-serif }
@media (max-width: 45rem) { .group thead { position: absolute; left: -9999px } .group tr { display: block; border-bottom: 1px solid #ddd; padding: .4rem 0 } .group td { display: block; border: 0; padding: 0 } }
@media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #e6e6e6 } td, th, tr { border-color: #444 } svg text { fill: #e6e6e6 } .error { color: #ff8d80 } .warning { color: #ffcf70 } .info { color: #9fc5e8 } .board th[scope=row], .board th:first-child { background: #1b1b1b } .finished, .source, .edited { background: #1d3a20 } .unfinished, .machine { background: #40351a } .outdated { background: #22303f } .withheld { background: #402424 } }
`

// htmlScript filters the rows and shows a page of them at a time. Its hash is in the
// page's Content-Security-Policy, so that no other script runs.
const htmlScript = `
(function () {
  "use strict";
  var size = 200, page = 0;
  var form = document.getElementById("filter"), pager = document.getElementById("pager"), shown = document.getElementById("shown");
  if (!form) return;
  var groups = Array.prototype.slice.call(document.querySelectorAll("details.group"));
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr.finding"));
  form.hidden = false; pager.hidden = false;
  function matches(row) {
    var text = form.text.value.toLowerCase();
    return (!form.severity.value || row.dataset.severity === form.severity.value) &&
      (!form.locale.value || row.dataset.locale === form.locale.value.slice(1)) &&
      (!form.kind.value || row.dataset.kind === form.kind.value) &&
      (!text || row.textContent.toLowerCase().indexOf(text) >= 0);
  }
  function show() {
    var found = rows.filter(matches), pages = Math.max(1, Math.ceil(found.length / size));
    page = Math.min(Math.max(page, 0), pages - 1);
    rows.forEach(function (row) { row.hidden = true; });
    groups.forEach(function (g) { g.hidden = true; });
    found.slice(page * size, page * size + size).forEach(function (row) {
      row.hidden = false; var g = row.closest("details.group"); g.hidden = false; g.open = true;
    });
    shown.textContent = found.length + " of " + rows.length + " findings, page " + (page + 1) + " of " + pages;
    form.previous.disabled = page === 0; form.next.disabled = page === pages - 1;
  }
  form.addEventListener("input", function () { page = 0; show(); });
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  Array.prototype.forEach.call(document.querySelectorAll("button[data-path]"), function (b) {
    b.addEventListener("click", function () {
      form.text.value = b.dataset.path; form.locale.value = "=" + b.dataset.locale; form.severity.value = "error"; form.kind.value = "";
      page = 0; show(); document.getElementById("findings").scrollIntoView();
    });
  });
  form.previous.addEventListener("click", function () { page--; show(); });
  form.next.addEventListener("click", function () { page++; show(); });
  show();
})();
`

var htmlPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<h1>{{.Title}}</h1>
<p>{{if .Failures}}Failed{{else}}Passed{{end}}: {{.Errors}}, {{.Warnings}}, {{.Infos}}.</p>
{{if .Failures}}<ul>{{range .Failures}}<li class="error">{{.}}</li>{{end}}</ul>{{end}}
{{if .Bars}}<h2>Completeness</h2>
<div class="wide" tabindex="0" role="region" aria-label="Completeness"><svg role="img" aria-label="Share of done texts per locale" width="100%" viewBox="0 0 760 {{.Height}}" style="min-width:480px; max-width:760px">
{{range .Bars}}<g><title>{{.Locale}} {{.Name}}: {{.Percent}}; {{.Missing}} missing, {{.Stale}} stale, {{.Review}} to review</title>
<text x="0" y="{{.Mid}}" fill="currentColor">{{.Locale}} {{.Name}}</text>
<rect x="200" y="{{.Y}}" width="400" height="18" fill="#d9d9d9"/><rect x="200" y="{{.Y}}" width="{{.FreshW}}" height="18" fill="#2e7d32"/><rect x="{{.X1}}" y="{{.Y}}" width="{{.ReviewW}}" height="18" fill="#7cb342"/><rect x="{{.X2}}" y="{{.Y}}" width="{{.StaleW}}" height="18" fill="#f9a825"/>
<text x="610" y="{{.Mid}}" fill="currentColor">{{.Percent}}{{if .Errors}} · {{.Errors}} ✗{{end}}{{if .Warnings}} · {{.Warnings}} !{{end}}</text></g>
{{end}}</svg></div>
<p>Dark green: done. Light green: to be reviewed. Yellow: the source has changed. Grey: missing.</p>{{end}}
{{with .Board}}<h2 id="articles">Articles</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="articles"><table class="board"><thead><tr><th scope="col">Article</th>{{range .Locales}}<th scope="col">{{.}}</th>{{end}}</tr></thead><tbody>
{{range .Rows}}{{$path := .Path}}<tr><th scope="row"><bdi>{{.Path}}</bdi></th>{{range .Cells}}<td class="{{.Class}}" title="{{.Title}}">{{if .Errors}}<button type="button" class="error" data-path="{{$path}}" data-locale="{{.Locale}}" aria-label="{{.Title}}">{{.Text}} ✗</button>{{else}}{{.Text}}{{end}}</td>{{end}}</tr>
{{end}}</tbody></table></div>
<p>✓ finished, ● published with other languages or machine translation in it, ○ kept from before, – withheld; the figure is the share that is ready, ✗ has errors.{{if .Left}} {{.Left}} more articles, all without errors, are in the format json.{{end}}</p>{{end}}
{{if .Groups}}<h2 id="findings">Findings</h2>
<form id="filter" hidden>
<label>Severity <select name="severity"><option value="">all</option><option>error</option><option>warning</option><option>info</option></select></label>
<label>Locale <select name="locale"><option value="">all</option>{{range .Groups}}<option value="={{.Locale}}">{{or .Locale "project"}}</option>{{end}}</select></label>
<label>Kind <select name="kind"><option value="">all</option>{{range .Kinds}}<option>{{.}}</option>{{end}}</select></label>
<label>Text <input name="text" type="search"></label>
<span id="pager" hidden><button type="button" name="previous" aria-label="previous page">‹</button> <span id="shown" aria-live="polite"></span> <button type="button" name="next" aria-label="next page">›</button></span>
</form>
{{range .Groups}}<details class="group"{{if .HasErrors}} open{{end}}><summary>{{or .Locale "project"}} {{.Name}}{{if .Errors}} · <span class="error">{{.Errors}}</span>{{end}}{{if .Warnings}} · <span class="warning">{{.Warnings}}</span>{{end}}{{if .Infos}} · <span class="info">{{.Infos}}</span>{{end}}</summary>
{{if .Findings}}<table><thead><tr><th>Severity</th><th>Kind</th><th>Place</th><th>Finding</th></tr></thead><tbody>
{{range .Findings}}<tr class="finding" data-severity="{{.Severity}}" data-locale="{{.Place.Locale}}" data-kind="{{.ID}}"><td class="{{.Severity}}">{{.Severity}}</td><td><code>{{.ID}}</code></td><td><bdi>{{.Where}}</bdi></td><td><bdi>{{.Message}}</bdi>{{if .Hint}}<br><small><bdi>{{.Hint}}</bdi></small>{{end}}{{range .Texts}}<br><small>{{.Side}} {{.Start}}:{{.End}}</small> <small dir="auto">{{.Before}}<mark>{{.Marked}}</mark>{{.After}}</small>{{end}}</td></tr>
{{end}}</tbody></table>{{end}}
{{if .Left}}<p>{{.Left}} more warnings and notes are not listed here; the formats text and json have all of them.</p>{{end}}</details>
{{end}}{{end}}
<script>{{.Script}}</script>
</body>
</html>
`))
})
