package usage

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
)

// TestTemplateTexts checks what is known of ids that a template puts together.
func TestTemplateTexts(t *testing.T) {
	for _, tt := range []struct{ name, text, used, dynamic string }{
		{"printf", `{{ T (printf "tab.%s" .Name) }}{{ T (printf "%s.title" .Name) }}{{ T (printf "a.%d" 3) }}`, "a.3", "tab.| |.title"},
		{"print", `{{ T (print "a." .X) }}{{ T (print "b" "c") }}`, "bc", "a.|"},
		{"piped", `{{ printf "a.%s" .X | T }}{{ "b" | T }}{{ "C" | lower | T }}`, "b c", "a.|"},
		{"variables", `{{ $k := printf "a.%s" .X }}{{ T $k }}{{ $m := "b" }}{{ if .Y }}{{ $m = "c" }}{{ end }}{{ T $m }}`, "b c", "a.|"},
		{"variables of loops", `{{ $k := "a" }}{{ range $i, $k := .L }}{{ T $k }}{{ end }}`, "", "|"},
		{"a variable of itself", `{{ $a := print $a $a $a $a }}{{ T $a }}`, "", "|"},
		{"conditions", `{{ T (cond .X "a" "b") }}{{ T (default "c.d" .X) }}{{ T (.X | default "e") }}`, "a b", "| |"},
		{"one of several", `{{ $k := printf "x.%s.y" .A }}{{ if .B }}{{ $k = "x.z.y" }}{{ end }}{{ i18n $k }}`, "", "x.|.y"},
		{"other arguments", `{{ T "a" .Count }}{{ T .Lang "b" }}{{ T (printf "c.%s" .X) "no" }}`, "a b", "c.|"},
		{"nothing known", `{{ T .X }}{{ with .Y }}{{ T . }}{{ end }}`, "", "| |"},
	} {
		u, ds := Scan(catalog.Files{"x.html": []byte(tt.text)}, Options{})
		var dynamic []string
		for _, d := range u.Dynamic {
			dynamic = append(dynamic, d.Prefix+"|"+d.Suffix)
		}
		if used := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "); used != tt.used || strings.Join(dynamic, " ") != tt.dynamic || len(ds) > 0 {
			t.Errorf("%s: used %s, dynamic %s; want %s, %s", tt.name, used, strings.Join(dynamic, " "), tt.used, tt.dynamic)
		}
	}
}

// TestPartials checks that a template file whose argument is an id is a helper.
func TestPartials(t *testing.T) {
	files := catalog.Files{
		"layouts/_partials/docs/text.html": []byte(`{{- return (i18n .) -}}`),
		"layouts/_partials/own.html":       []byte(`{{- or (i18n .) . -}}`),
		"layouts/_default/list.html":       []byte(`{{ partial "docs/text" "Menu" }}{{ partialCached "docs/text.html" (printf "nav.%s" .X) . }}{{ partial "other" "No" }}{{ partial "own" "Maybe" }}{{ or (T "May") "x" }}{{ T "Me" | default "x" }}{{ if T "If" }}{{ T "If" }}{{ end }}{{ with i18n "With" }}{{ . }}{{ else }}{{ T "Else" }}{{ end }}`),
	}
	u, _ := Scan(files, Options{})
	if maybe := strings.Join(slices.Sorted(maps.Keys(u.Maybe)), " "); maybe != "If May Maybe Me With" {
		t.Errorf("maybe %s", maybe)
	}
	if used := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "); used != "Else Menu" || len(u.Dynamic) != 1 || u.Dynamic[0].Prefix != "nav." {
		t.Errorf("used %s, dynamic %v", used, u.Dynamic)
	}
	delete(files, "layouts/_default/list.html")
	if u, _ = Scan(files, Options{}); len(u.Dynamic) != 2 {
		t.Errorf("dynamic %v", u.Dynamic)
	}
}
