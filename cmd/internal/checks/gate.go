// Package checks decides whether findings fail a run: it has the policy of the
// configuration and the flags, the baseline, and the outputs of the report.
package checks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/changes"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

// Options are the values of the flags. A pointer is nil for a flag that is not
// set.
type Options struct {
	Formats        []string // FORMAT or FORMAT=FILE
	FailUnder      *string  // shares such as ru=100,*=80
	Required       []string // locales
	Optional       []string
	MaxErrors      *int // negative: no limit
	MaxWarnings    *int
	MaxNotes       *int
	Baseline       *string // name of a file
	UpdateBaseline bool
	NoFail         bool
	Version        string // of the program, for the report
	ChangedSince   string // a git revision: only findings of what changed since; "" for all
	Diff           string // a file with a diff, - for In: only findings of what it changes
	In             io.Reader
}

// Gate is what a report is judged by, and where it is written.
type Gate struct {
	options  Options
	policy   *report.Policy
	baseline *report.Baseline // nil without one
	outputs  []output
	root     string
	units    map[string]bool
	changed  *changes.Set // what findings are limited to; nil for no limit
}

// Open returns a gate. It checks all options and reads the baseline, so that a
// command can do that before it does anything else. project is the folder of the
// project as the user names it, "" without a project: the folder of the baseline
// takes its place.
func Open(ctx context.Context, o Options, cfg config.Check, project string) (*Gate, error) {
	g := &Gate{options: o, root: project}
	var err error
	if g.changed, err = changedSet(ctx, o, project); err != nil {
		return nil, err
	}
	if g.policy, err = policy(o, cfg); err != nil {
		return nil, err
	}
	g.policy.Partial = g.changed != nil
	if g.outputs, err = outputs(o.Formats); err != nil {
		return nil, err
	}
	if o.Baseline == nil || *o.Baseline == "" {
		if o.UpdateBaseline {
			return nil, exit.Usagef("--update-baseline: --baseline FILE is required")
		}
		if o.Baseline != nil {
			return nil, exit.Usagef("--baseline: the name of a file is required")
		}
		if g.root == "" {
			g.root = "."
		}
		return g, nil
	}
	name := *o.Baseline
	if g.root == "" {
		g.root = filepath.Dir(name)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, exit.Usagef("--baseline %s is not a file", name)
	} else if err == nil && info.Size() > rootfs.MaxState {
		return nil, exit.Usagef("--baseline %s is larger than the limit of %d bytes", name, rootfs.MaxState)
	}
	data, err := os.ReadFile(name)
	switch {
	case err == nil:
		if g.baseline, err = report.ParseBaseline(data); err != nil {
			return nil, exit.Usagef("%s: %w", name, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, exit.Usagef("read the baseline: %w", err)
	case !o.UpdateBaseline:
		return nil, exit.Usagef("%w; --update-baseline creates it", err)
	}
	return g, nil
}

// ProjectPath returns the path in the project of a file that has a path from the
// current folder.
func (g *Gate) ProjectPath(name string) string {
	base, err1 := filepath.Abs(g.root)
	file, err2 := filepath.Abs(filepath.FromSlash(name))
	if err := errors.Join(err1, err2); err == nil {
		if rel, err := filepath.Rel(base, file); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return name
}

// ToProject returns diagnostics whose paths are from the current folder with their
// paths in the project.
func (g *Gate) ToProject(ds []diag.Diagnostic) []diag.Diagnostic {
	return diag.MapPaths(ds, g.ProjectPath)
}

// Judge applies the policy and the baseline to a report whose diagnostics have
// paths in the project, as allowances and baselines have; prints it with paths
// from the current folder, which CI systems need to show findings at their lines;
// and returns exit.ErrFindings if the run fails. A file in one of folders is
// printed with the folder as the user named it.
func (g *Gate) Judge(ctx context.Context, p console.Printer, r *report.Report, folders ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.Tool, r.Version = "hexapla", g.options.Version
	diag.Sort(r.Diagnostics)
	r.Diagnostics = g.limit(r.Diagnostics)
	now := time.Now()
	judged := g.policy.Judge(r, g.baseline, now)
	if g.options.UpdateBaseline {
		all := g.policy.Judge(r, nil, now)
		next := report.NewBaseline(all)
		if g.baseline != nil {
			next = g.baseline.Tighten(all)
		}
		data, err := next.Bytes()
		if err == nil {
			err = rootfs.WriteFile(*g.options.Baseline, data)
		}
		if err != nil {
			return err
		}
		if g.baseline == nil {
			judged = g.policy.Judge(r, next, now)
		}
	}
	judged.Diagnostics = diag.MapPaths(judged.Diagnostics, g.shown(folders))
	judged.Articles = slices.Clone(judged.Articles)
	for i := range judged.Articles {
		judged.Articles[i].Path = g.shown(folders)(judged.Articles[i].Path)
	}
	for _, o := range g.outputs {
		if err := o.print(p, judged); err != nil {
			return err
		}
	}
	// The reason of a failure is printed whatever the format of the report is.
	for _, f := range judged.Failures {
		fmt.Fprintf(p.Err, "hexapla: %s\n", report.Visible(f))
	}
	if len(judged.Failures) > 0 && !g.options.NoFail {
		return exit.ErrFindings
	}
	return nil
}

// shown returns the function from paths in the project to those that are printed.
func (g *Gate) shown(folders []string) func(string) string {
	inProject := make([]string, len(folders))
	for i, f := range folders {
		inProject[i] = g.ProjectPath(f)
	}
	return func(name string) string {
		if path.IsAbs(name) {
			return name
		}
		best, shown := -1, path.Join(filepath.ToSlash(g.root), name)
		for i, folder := range inProject {
			rest, ok := strings.CutPrefix(name, folder+"/")
			switch {
			case folder == "." && !strings.HasPrefix(name, "../"):
				rest, ok = name, true
			case folder == name:
				rest, ok = "", true
			}
			if ok && len(folder) > best {
				best, shown = len(folder), path.Join(filepath.ToSlash(folders[i]), rest)
			}
		}
		return shown
	}
}
