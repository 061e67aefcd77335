package workspace

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/identity"
)

// unitsAttributes makes git merge the identities of two branches as the union of their
// lines, which the next command sorts.
const unitsAttributes = "*.txt text eol=lf merge=union\n"

// readUnits reads the identities of the units of the project's articles.
func (w *Workspace) readUnits() (*identity.Register, error) {
	data, err := w.Dir.ReadLimited(config.UnitsFile, rootfs.MaxUnits)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	units := identity.Parse(data)
	units.FindRenamed(w.Dir.Exists, func(ask func(exists func(path string) bool)) {
		files := w.Dir.NewStamps()
		defer files.Close()
		ask(files.Exists)
	})
	units.SpillTo(func() (identity.File, error) {
		f, err := w.Dir.CreateTemporary(StateFolder)
		if err != nil {
			return nil, err
		}
		w.unitsSpill = f
		return f, nil
	})
	if n, first := units.Unread(); n > 0 {
		d := diag.Diagnostic{ID: "project.units", Severity: diag.Warning, Place: diag.Place{Path: config.UnitsFile, Line: first},
			Hint: "restore the file, for example with git; or remove the lines, if new identities do no harm"}
		w.Diagnostics = append(w.Diagnostics, d.Messagef("lines that have no identities: %d; the file is not written, and paragraphs of theirs that were edited get new identities", diag.Arg("lines", n)))
	}
	return units, nil
}

// SaveUnits writes the identities of the units of the articles that were opened since
// Units.Record. Close does it, too, if any has changed.
func (w *Workspace) SaveUnits() error {
	if !w.Units.Changed() {
		return nil
	}
	data, err := w.Dir.ReadLimited(config.UnitsFile, rootfs.MaxUnits)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	w.Units.Rebase(data) // another command may have written it meanwhile
	if n, _ := w.Units.Unread(); n > 0 {
		return nil // it is reported when the project is opened
	}
	attributes := path.Join(path.Dir(config.UnitsFile), attributesFile)
	if !w.Dir.Exists(attributes) {
		if _, err := w.Dir.WriteFile(attributes, []byte(unitsAttributes)); err != nil {
			return err
		}
	}
	f, err := w.Dir.CreateFile(config.UnitsFile)
	if err != nil {
		return err
	}
	files := w.Dir.NewStamps()
	defer files.Close()
	out := bufio.NewWriterSize(f, 64<<10)
	if err = w.Units.Write(out, w.keepsUnits(files.Exists)); err == nil {
		err = out.Flush()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", w.Dir.Path(config.UnitsFile), err), f.Abort())
	}
	return f.Commit()
}

// keepsUnits returns a function that reports whether the identities of an article are to
// be kept: the project has it, or has an article that was not opened since, which may be
// that one renamed.
func (w *Workspace) keepsUnits(exists func(path string) bool) func(path string) bool {
	unopened := sync.OnceValue(func() bool {
		names, err := w.Dir.Glob(w.Config.Project.Articles)
		return err != nil || slices.ContainsFunc(withoutPages(w.Config, names), func(name string) bool { return !w.Units.Knows(name) })
	})
	return func(path string) bool {
		return exists(path) || w.Units.RenamedTo(path) == "" && unopened()
	}
}
