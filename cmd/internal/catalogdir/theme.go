package catalogdir

import (
	"path"
	"strings"

	"hexapla/cmd/internal/rootfs"
	"hexapla/locales/catalog"
	"hexapla/pipeline/lazy"
)

// siteFiles are the names under which Hugo looks for the configuration of a site, without
// their endings.
var siteFiles = []string{"hugo", "config", "config/_default/hugo", "config/_default/config"}

// topTheme matches the key "theme" at the top of such a file, with its value.
var topTheme = lazy.Regexp(`(?m)^["']?theme["']?[ \t]*[:=][ \t]*(\S.*)$`)

// themeName matches a name in the value.
var themeName = lazy.Regexp(`[\w./-]+`)

// required matches a module that a go.mod file requires.
var required = lazy.Regexp(`(?m)^(?:require[ \t]+|[ \t]+)([\w.-]+\.[\w.-]+/[\w./-]+)[ \t]+v\d`)

// outsideTheme returns the name of a theme of the Hugo site in a folder whose templates are
// not among the files at hand: one that is fetched as a submodule or a module. It returns
// "" for any other folder.
func outsideTheme(dir *rootfs.Dir, files catalog.Files) string {
	has := func(folder string) bool {
		for name := range files {
			if strings.HasPrefix(name, folder+"/") {
				return true
			}
		}
		return false
	}
	site := false
	for _, stem := range siteFiles {
		for _, ending := range []string{".toml", ".yaml", ".yml", ".json"} {
			data, err := dir.ReadFile(stem + ending)
			if err != nil {
				continue
			}
			site = true
			for _, m := range topTheme().FindAllSubmatch(data, -1) {
				value, _, _ := strings.Cut(string(m[1]), "#")
				for _, name := range themeName().FindAllString(value, -1) {
					if !has(path.Join("themes", name)) && !has(path.Join("_vendor", name)) {
						return name
					}
				}
			}
		}
	}
	for name := range files {
		site = site && path.Ext(name) != ".go" // else go.mod is that of a program
	}
	if !site {
		return ""
	}
	data, err := dir.ReadFile("go.mod")
	if err != nil {
		return ""
	}
	for _, m := range required().FindAllSubmatch(data, -1) {
		if name := string(m[1]); !has(path.Join("_vendor", name)) {
			return name
		}
	}
	return ""
}
