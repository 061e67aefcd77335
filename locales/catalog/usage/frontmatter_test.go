package usage

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
)

// TestFrontMatter checks that ids come from the front matter of pages where a template
// reads them there.
func TestFrontMatter(t *testing.T) {
	pages := catalog.Files{
		"content/yaml.md":   []byte("---\r\nTitle: x\r\nbadge: \"hot\"\r\nlist: [one, two]\r\n---\r\nbadge: no\r\n"),
		"content/toml.md":   []byte("\ufeff+++\nbadge = 'cold'\n[params.mood]\nnow = 'calm'\n+++\n"),
		"content/json.html": []byte("{\"badge\": \"new\",\n \"n\": 3}\ntext"),
		"content/open.md":   []byte("---\nbadge: unclosed\n"),
		"content/bad.md":    []byte("---\nbadge: [\n---\n"),
		"content/none.md":   []byte("---"),
		"content/code.html": []byte("{{ .X }}"),
	}
	for _, tt := range []struct{ name, template, used, maybe, dynamic string }{
		{"a field", `{{ i18n .Params.badge }}`, "cold content/toml.md:2:9, hot content/yaml.md:3:8, new content/json.html:1:11", "", ""},
		{"of any case", `{{ T $.Params.Badge }}`, "cold content/toml.md:2:9, hot content/yaml.md:3:8, new content/json.html:1:11", "", ""},
		{"params", `{{ T (.Param "mood.now") }}`, "calm content/toml.md:4:7", "", ""},
		{"a list", `{{ T .Page.Params.list }}`, "one content/yaml.md:4:8, two content/yaml.md:4:13", "", ""},
		{"put together", `{{ T (printf "b.%s" .Params.mood.now) }}`, "b.calm x.html:1:7", "", ""},
		{"piped", `{{ .Params.mood.now | T }}{{ $m := .Params.mood.now }}{{ T $m }}`, "calm x.html:1:23", "", ""},
		{"with another text", `{{ T .Params.mood.now | default "x" }}`, "", "calm", ""},
		{"that no page has", `{{ T .Params.none }}{{ T .Site.Params.badge }}`, "", "", "| |"},
	} {
		files := maps.Clone(pages)
		files["x.html"] = []byte(tt.template)
		u, ds := Scan(files, Options{})
		var used, dynamic []string
		for _, id := range slices.Sorted(maps.Keys(u.Used)) {
			place := u.Used[id][0]
			place.Unit = ""
			used = append(used, id+" "+place.String())
		}
		for _, d := range u.Dynamic {
			dynamic = append(dynamic, d.Prefix+"|"+d.Suffix)
		}
		maybe := strings.Join(slices.Sorted(maps.Keys(u.Maybe)), " ")
		if got := strings.Join(used, ", "); got != tt.used || maybe != tt.maybe || strings.Join(dynamic, " ") != tt.dynamic || len(ds) > 0 {
			t.Errorf("%s: used %s; maybe %s; dynamic %s; %v", tt.name, got, maybe, strings.Join(dynamic, " "), ds)
		}
	}
}
