package workspace

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"hexapla/pipeline/diag"
)

// Shown returns findings as they are printed: a path in the project becomes the path
// from the current folder, as the user named the project.
func (w *Workspace) Shown(ds []diag.Diagnostic) []diag.Diagnostic {
	return diag.MapPaths(ds, w.ShownPath)
}

// ShownOfFile returns findings of a file that the user named, as they are printed:
// only the paths of articles are in the project, and become those from the current
// folder.
func (w *Workspace) ShownOfFile(ds []diag.Diagnostic) []diag.Diagnostic {
	articles := map[string]bool{}
	for _, a := range w.Articles {
		articles[a.Path] = true
	}
	return diag.MapPaths(ds, func(name string) string {
		if articles[name] {
			return w.ShownPath(name)
		}
		return name
	})
}

// ShownPath returns the path from the current folder of a file that has a path in the
// project.
func (w *Workspace) ShownPath(name string) string {
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return name
	}
	return path.Join(filepath.ToSlash(w.Dir.Name()), name)
}

// ProjectPath returns the path in the project of a file that the user named from the
// current folder or, if there is no such file, from the project's. A file outside of
// the project has an absolute path.
func (w *Workspace) ProjectPath(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	root, err := filepath.Abs(w.Dir.Name())
	if err != nil {
		return name
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return abs
	}
	if _, err := os.Stat(abs); err != nil && w.Dir.Exists(filepath.ToSlash(name)) {
		return filepath.ToSlash(name)
	}
	return filepath.ToSlash(rel)
}
