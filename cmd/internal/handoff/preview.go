package handoff

import (
	"html/template"
	"path"
	"slices"
	"strings"
	"sync"

	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
)

// A preview shows a translator how an article reads: its units in their order, each with
// the translation that there is. It is a page of its own, not the article's, whose
// scripts nobody has to trust.

type previewPage struct {
	Path, Locale, Dir, Source, SourceDir string
	Units                                []previewUnit
}

type previewUnit struct {
	ID, Kind string
	Source   string
	Target   string // of what is translated; the source elsewhere
	Open     bool   // something is not translated
	Sent     bool   // the unit is in the package
}

var previewTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("preview").Parse(`<!DOCTYPE html>
<html lang="{{.Source}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{{.Path}} → {{.Locale}}</title>
<style>
body { font: 1em/1.5 sans-serif; margin: 1em; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
td, th { padding: .4em .6em; text-align: start; vertical-align: top; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; white-space: pre-line; }
col.unit { width: 13em; }
td.unit { font-size: .8em; color: #555; }
tr.heading td { font-weight: bold; font-size: 1.15em; }
tr.heading td.unit { font-weight: normal; font-size: .8em; }
tr.open td.target { background: #fff3c4; color: #555; }
tr.rest { opacity: .6; }
</style>
</head>
<body>
<h1>{{.Path}}</h1>
<table>
<col class="unit"><col><col>
<tr><th></th><th>{{.Source}}</th><th>{{.Locale}}</th></tr>
{{- range .Units}}
<tr id="{{.ID}}" class="{{.Kind}}{{if .Open}} open{{end}}{{if not .Sent}} rest{{end}}"><td class="unit">{{.ID}}</td><td lang="{{$.Source}}" dir="{{$.SourceDir}}">{{.Source}}</td><td class="target" {{if .Open}}lang="{{$.Source}}" dir="{{$.SourceDir}}"{{else}}lang="{{$.Locale}}" dir="{{$.Dir}}"{{end}}>{{.Target}}</td></tr>
{{- end}}
</table>
</body>
</html>
`))
})

// writePreview writes the preview of an article.
func (x *exporter) writePreview(e pipeline.Exported) error {
	tr := e.Translation
	d := tr.Document
	page := previewPage{
		Path: e.Path, Locale: e.Locale, Dir: locales.Direction(e.Locale), Source: d.Locale, SourceDir: locales.Direction(d.Locale),
	}
	sent := map[string]bool{}
	for _, u := range e.Units {
		sent[u.ID] = true
	}
	for i := range d.Units {
		u := &d.Units[i]
		if !bitext.IsTranslatable(u.Source.Chars) {
			continue
		}
		p := previewUnit{ID: u.ID, Kind: string(u.Kind), Sent: sent[u.ID], Source: readable(u.Source)}
		var target strings.Builder
		for j := range u.Segments {
			s, t := &u.Segments[j], &tr.Targets[i][j]
			switch {
			case t.Filled:
				target.WriteString(readable(t.Text))
			default:
				p.Open = p.Open || !s.Ignorable && !u.NoTranslate && bitext.IsTranslatable(s.Source.Chars)
				target.WriteString(readable(s.Source))
			}
		}
		p.Target = target.String()
		page.Units = append(page.Units, p)
	}
	name := path.Join(e.Route.Name, packagePreview, x.workspace.Config.EditionPath(e.Path)+".html")
	f, err := x.dir.CreateFile(name)
	if err != nil {
		return err
	}
	if err := previewTemplate().Execute(f, page); err != nil {
		_ = f.Abort()
		return err
	}
	x.previews[e.Route.Name] = append(x.previews[e.Route.Name], name)
	return f.Commit()
}

// readable returns a text for people: without codes, but for what these show.
func readable(t bitext.Text) string {
	var b strings.Builder
	for p := range t.Pieces() {
		if p.Code == nil {
			b.WriteString(p.Chars)
		} else {
			b.WriteString(p.Code.Equiv)
		}
	}
	return b.String()
}

// isPreview reports whether an entry of a package is a preview.
func isPreview(name string) bool {
	return strings.HasSuffix(name, ".html") && slices.Contains(strings.Split(path.Dir(name), "/"), packagePreview)
}
