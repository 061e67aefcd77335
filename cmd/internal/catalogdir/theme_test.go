package catalogdir

import (
	"os"
	"path/filepath"
	"testing"

	"hexapla/cmd/internal/rootfs"
	"hexapla/locales/catalog"
)

// TestOutsideTheme: which Hugo sites have a theme whose templates are not at hand.
func TestOutsideTheme(t *testing.T) {
	const module = "module example.org/site\n\ngo 1.22\n\nrequire github.com/google/docsy v0.10.0 // indirect\n"
	for _, tt := range []struct {
		reason string
		disk   map[string]string
		files  []string // at hand
		want   string
	}{
		{"a theme below themes", map[string]string{"hugo.toml": "theme = \"own\"\n"}, []string{"themes/own/layouts/a.html"}, ""},
		{"a submodule that is not there", map[string]string{"config.yaml": "title: x\ntheme: [\"own\", \"base\"] # two\n"}, []string{"themes/own/layouts/a.html"}, "base"},
		{"a parameter of that name", map[string]string{"config.toml": "[params]\n  theme = \"dark\"\n"}, []string{"layouts/a.html"}, ""},
		{"a configuration in a folder", map[string]string{"config/_default/hugo.toml": "theme = 'own'\n"}, []string{"layouts/a.html"}, "own"},
		{"a module", map[string]string{"hugo.toml": "title = \"x\"\n", "go.mod": module}, []string{"layouts/a.html"}, "github.com/google/docsy"},
		{"modules in a list", map[string]string{"hugo.toml": "title = \"x\"\n", "go.mod": "module x\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1.0.0\n)\n"}, []string{"_vendor/github.com/a/b/layouts/a.html"}, "github.com/c/d"},
		{"a module that is at hand", map[string]string{"hugo.toml": "title = \"x\"\n", "go.mod": module}, []string{"_vendor/github.com/google/docsy/layouts/a.html"}, ""},
		{"a program", map[string]string{"config.yaml": "port: 80\n", "go.mod": module}, []string{"main.go"}, ""},
		{"a list in YAML", map[string]string{"hugo.yaml": "theme:\n- base\n"}, []string{"layouts/a.html"}, "base"},
		{"a list of several lines in TOML", map[string]string{"hugo.toml": "theme = [\n  \"base\",\n]\n"}, []string{"layouts/a.html"}, "base"},
		{"JSON", map[string]string{"hugo.json": "{\n  \"theme\": \"base\"\n}"}, []string{"layouts/a.html"}, "base"},
		{"a parameter without an indent", map[string]string{"hugo.toml": "[params]\ntheme = \"dark\"\n"}, []string{"layouts/a.html"}, ""},
		{"a program with colors", map[string]string{"config.yaml": "theme: dark\n"}, []string{"main.go"}, ""},
		{"a program with a site", map[string]string{"docs/config.yaml": "theme: base\n"}, []string{"main.go", "docs/layouts/a.html"}, "base"},
		{"a site of examples", map[string]string{"exampleSite/hugo.toml": "theme = 'base'\n"}, []string{"layouts/a.html", "exampleSite/layouts/b.html"}, ""},
		{"the same with its theme", map[string]string{"docs/config.yaml": "theme: base\n"}, []string{"docs/layouts/a.html", "docs/themes/base/layouts/a.html"}, ""},
		{"no theme", map[string]string{"hugo.toml": "theme = \"\"\n"}, []string{"layouts/a.html"}, ""},
		{"no site", map[string]string{"go.mod": module}, []string{"a.html"}, ""},
	} {
		root := t.TempDir()
		for name, text := range tt.disk {
			path := filepath.Join(root, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		dir, err := rootfs.Open(root)
		if err != nil {
			t.Fatal(err)
		}
		files := catalog.Files{}
		for _, name := range tt.files {
			files[name] = nil
		}
		if got := outsideTheme(dir, "docs", files); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
		dir.Close()
	}
}
