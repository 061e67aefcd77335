package catalogdir

import (
	"path"
	"strings"

	"hexapla/cmd/internal/archive"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales/catalog"
	"hexapla/pipeline/lazy"
)

// siteFiles are the names under which Hugo looks for the configuration of a site, without
// their endings.
var siteFiles = []string{"hugo", "config", "config/_default/hugo", "config/_default/config"}

// required matches a module that a go.mod file requires.
var required = lazy.Regexp(`(?m)^(?:require[ \t]+|[ \t]+)([\w.-]+\.[\w.-]+/[\w./-]+)[ \t]+v\d`)

// outsideTheme returns the name of a theme of a Hugo site whose templates are not among the
// files at hand: one that is fetched as a submodule or a module. The site is in the folder
// of the files, or in site, the one below it that the folder of the catalogs is in. It
// returns "" where there is none.
func outsideTheme(dir *rootfs.Dir, site string, files catalog.Files) string {
	program := false
	for name := range files {
		program = program || path.Ext(name) == ".go"
	}
	if name := themeOfSite(dir, site, files, program); name != "" || site == "" {
		return name
	}
	return themeOfSite(dir, "", files, program)
}

// themeOfSite is outsideTheme for a site in one folder; program reports whether there is Go
// code, beside which a file named config may be that of a program.
func themeOfSite(dir *rootfs.Dir, site string, files catalog.Files, program bool) string {
	has := func(folders ...string) bool {
		for _, folder := range folders {
			for name := range files {
				if strings.HasPrefix(name, path.Join(site, folder)+"/") {
					return true
				}
			}
		}
		return false
	}
	found := false
	for _, stem := range siteFiles {
		if stem == "config" && program && !has("layouts") {
			continue
		}
		for _, ending := range []string{".toml", ".yaml", ".yml", ".json"} {
			name := path.Join(site, stem) + ending
			data, err := dir.ReadFile(name)
			if err != nil {
				continue
			}
			found = true
			values, _ := archive.Values(name, data)
			for _, theme := range themes(values["theme"]) {
				if !has(path.Join("themes", theme), path.Join("_vendor", theme)) {
					return theme
				}
			}
		}
	}
	if !found || program {
		return "" // go.mod is that of a program
	}
	data, err := dir.ReadFile(path.Join(site, "go.mod"))
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

// themes are the names that Hugo's key "theme" has: one, or a list.
func themes(value any) []string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var out []string
	for _, v := range list {
		if name, ok := v.(string); ok && name != "" {
			out = append(out, name)
		}
	}
	return out
}
