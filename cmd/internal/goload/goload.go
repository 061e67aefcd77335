// Package goload asks the go command for the packages of Go files.
package goload

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/diag"
)

// i18nPackage is the import path of go-i18n.
const i18nPackage = "github.com/nicksnyder/go-i18n/v2/i18n"

// Load asks the go command which packages the folders of these files are, and where
// the packages are that they import. The names are paths below dir; files that
// usage.Scan ignores, such as those of vendored modules, do not count. Load runs none
// of the code, and downloads nothing. Where there is no go command or no module, or
// the command fails, usage.Scan goes by the names of folders; a note says so.
func Load(ctx context.Context, dir string, names []string) (usage.Packages, []diag.Diagnostic) {
	out := usage.Packages{Paths: map[string]string{}, Names: map[string]string{}}
	base, err := filepath.Abs(dir)
	if err == nil {
		base, err = filepath.EvalSymlinks(base)
	}
	if err != nil {
		return out, nil
	}
	modules := map[string][]string{} // folders with Go files by the folder of their go.mod
	for _, name := range names {
		if folder := path.Dir(name); strings.HasSuffix(name, ".go") && !usage.Ignored(name) {
			if root := moduleRoot(filepath.Join(base, filepath.FromSlash(folder))); root != "" && !slices.Contains(modules[root], folder) {
				modules[root] = append(modules[root], folder)
			}
		}
	}
	if len(modules) == 0 {
		return out, nil
	}
	note := func(root, what string, err error) diag.Diagnostic {
		text := err.Error()
		if i := strings.Index(text, "stderr: "); i >= 0 {
			text = text[i+len("stderr: "):]
		}
		if rel, err := filepath.Rel(base, root); err == nil {
			root = filepath.Join(dir, rel)
		}
		return diag.Diagnostic{ID: "catalog.code", Severity: diag.Info, Place: diag.Place{Path: filepath.ToSlash(root)},
			Hint: "packages are distinguished by the names of their folders"}.Messagef("%s: %s", diag.Arg("what", what), diag.Arg("output", strings.Join(strings.Fields(text), " ")))
	}
	if _, err := exec.LookPath("go"); err != nil {
		return out, []diag.Diagnostic{note(base, "there is no go command", err)}
	}
	var ds []diag.Diagnostic
	imported := map[string]*packages.Package{}
	for _, root := range slices.Sorted(maps.Keys(modules)) {
		folders := modules[root]
		patterns := make([]string, 0, len(folders))
		for _, f := range folders {
			if rel, err := filepath.Rel(root, filepath.Join(base, filepath.FromSlash(f))); err == nil {
				patterns = append(patterns, "./"+filepath.ToSlash(rel))
			}
		}
		config := &packages.Config{
			Context: ctx, Dir: root, Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
			Env: append(os.Environ(), "GOPROXY=off", "CGO_ENABLED=0"),
		}
		found, err := packages.Load(config, patterns...)
		if err != nil {
			ds = append(ds, note(root, "the go command cannot list its packages", err))
			continue
		}
		for _, p := range found {
			if rel, err := filepath.Rel(base, p.Dir); err == nil && p.Dir != "" {
				out.Paths[filepath.ToSlash(rel)], out.Names[filepath.ToSlash(rel)] = p.PkgPath, p.Name
			}
		}
		relevantPackages(found, imported)
	}
	out.Files = func(name string) catalog.Files {
		p := imported[name]
		if p == nil {
			return nil
		}
		files := catalog.Files{}
		for _, f := range p.GoFiles {
			if data, err := os.ReadFile(f); err == nil {
				files[f] = data
			}
		}
		return files
	}
	return out, ds
}

// moduleRoot returns the nearest folder upwards with a go.mod, "" if there is none.
func moduleRoot(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// relevantPackages adds the packages that may define or use messages: those of the
// modules themselves, and those that import go-i18n, directly or not.
func relevantPackages(roots []*packages.Package, into map[string]*packages.Package) {
	relevant := map[*packages.Package]bool{}
	packages.Visit(roots, nil, func(p *packages.Package) {
		relevant[p] = p.PkgPath == i18nPackage || p.Module != nil && p.Module.Main
		for _, i := range p.Imports {
			relevant[p] = relevant[p] || relevant[i] && (i.Module == nil || !i.Module.Main)
		}
		if relevant[p] && p.PkgPath != i18nPackage && into[p.PkgPath] == nil {
			into[p.PkgPath] = p
		}
	})
}
