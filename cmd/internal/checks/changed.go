package checks

import (
	"context"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/cmd/internal/changes"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// changedSet returns what the options limit findings to, nil for no limit.
func changedSet(ctx context.Context, o Options, project string) (*changes.Set, error) {
	dir := project
	if dir == "" {
		dir = "."
	}
	switch {
	case o.ChangedSince == "" && o.Diff == "":
		return nil, nil
	case o.ChangedSince != "" && o.Diff != "":
		return nil, exit.Usagef("--changed-since and --diff cannot be used together")
	case o.UpdateBaseline:
		return nil, exit.Usagef("--update-baseline needs all findings: it cannot be used with --changed-since or --diff")
	case o.ChangedSince != "":
		return changes.Since(ctx, dir, o.ChangedSince)
	}
	var in io.Reader = o.In
	if o.Diff != "-" {
		f, err := os.Open(o.Diff)
		if err != nil {
			return nil, exit.Usagef("--diff: %w", err)
		}
		defer f.Close()
		in = f
	}
	return changes.Parse(in, changes.Root(dir))
}

// Changed reports whether lines of a file, which has a path in the project, are among
// the changes that findings are limited to. Without a limit everything is.
func (g *Gate) Changed(name string, first, last int) bool {
	if g.changed == nil {
		return true
	}
	file := g.file(name)
	if first <= 0 {
		return g.changed.File(file)
	}
	return g.changed.Lines(file, first, last)
}

// Limited reports whether findings are limited to changes.
func (g *Gate) Limited() bool { return g.changed != nil }

// limit returns the findings of what changed: at a changed line, about a changed file
// as a whole, or with a related place there. Those that name no file are kept if the
// configuration changed. Changed units are handled by the caller (KeepUnits).
func (g *Gate) limit(ds []diag.Diagnostic) []diag.Diagnostic {
	if g.changed == nil {
		return ds
	}
	at := func(p diag.Place) bool { return p.Path != "" && g.Changed(p.Path, p.Line, p.EndLine) }
	return slices.DeleteFunc(ds, func(d diag.Diagnostic) bool {
		if d.Place.Unit != "" && g.units[d.Place.Unit] {
			return false
		}
		if d.Place.Path == "" {
			return !g.Changed(config.FileName, 0, 0)
		}
		if d.Place.Line == 0 && d.Place.Unit != "" {
			return !g.removed(d.Place)
		}
		return !at(d.Place) && !slices.ContainsFunc(d.Related, func(r diag.Related) bool { return at(r.Place) })
	})
}

// removed reports whether a unit that a file does not have was removed from it: a line
// with its name, or the last part of that.
func (g *Gate) removed(p diag.Place) bool {
	return g.changed.Removed(g.file(p.Path), p.Unit[strings.LastIndexByte(p.Unit, '.')+1:])
}

// file returns the name of a file that has a path in the project.
func (g *Gate) file(name string) string {
	if file := filepath.FromSlash(name); path.IsAbs(name) || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(g.root, filepath.FromSlash(name))
}

// KeepUnits names units, such as messages, that changed: all findings about them are
// kept, also those in other files, as of their translations.
func (g *Gate) KeepUnits(units map[string]bool) { g.units = units }
