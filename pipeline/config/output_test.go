package config

import "testing"

func TestPagePath(t *testing.T) {
	for _, tt := range []struct{ output, edition, page, manifest string }{
		{"editions", "2026/a.md", "ru/2026/a.md", "ru/manifest.json"},
		{"content/{locale}/{path}.{ext}", "2026/a.md", "content/ru/2026/a.md", "editions/ru/manifest.json"},
		{"content/{path}.{locale}.{ext}", "2026/a.md", "content/2026/a.ru.md", "editions/ru/manifest.json"},
		{"content/{path}.{locale}.{ext}", "2026/a.en.md", "content/2026/a.ru.md", "editions/ru/manifest.json"},
		{"{locale}/{name}.{ext}", "2026/a.v2.html", "ru/a.v2.html", "editions/ru/manifest.json"},
	} {
		c := &Config{Project: Project{Source: "en", Output: tt.output}}
		if got := c.PagePath("ru", tt.edition); got != tt.page {
			t.Errorf("%s, %s: page %s, want %s", tt.output, tt.edition, got, tt.page)
		}
		if got := c.ManifestPath("ru"); got != tt.manifest {
			t.Errorf("%s: manifest %s, want %s", tt.output, got, tt.manifest)
		}
	}
}

func TestOutputPattern(t *testing.T) {
	for output, valid := range map[string]bool{
		"editions": true, "{locale}/{path}.{ext}": true, "x/{name}.{locale}.html": true,
		"": false, "../x": false, "/x/{locale}/{path}": false, "{path}.{ext}": false, "{locale}.{ext}": false,
		"{locale}/{path}/{other}": false, "{locale}/{path}}": false, "{locale}/../../{path}": false,
	} {
		if err := validateOutput(output); (err == nil) != valid {
			t.Errorf("%q: %v", output, err)
		}
	}
}
