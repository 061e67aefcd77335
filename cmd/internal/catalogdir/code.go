package catalogdir

import (
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/goload"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// CodeOptions say which code uses messages, beside the project's settings.
type CodeOptions struct {
	Globs []string // of files; nil for those of the project
	Dir   string   // folder that the globs are for; "" for the current one, or the project's for its own globs
	Calls []string // functions whose argument is an id: NAME or NAME:N
}

// ScanCode finds the messages of the folder that code defines and uses. The result is
// nil if no code is named.
func (d *Dir) ScanCode(ctx context.Context, o CodeOptions) (*usage.Usage, []diag.Diagnostic, error) {
	cfg := d.Check()
	globs, folder := o.Globs, o.Dir
	if len(globs) == 0 && d.table != nil {
		globs = d.table.Code
	}
	if len(globs) == 0 {
		globs = cfg.Code
	}
	if folder == "" {
		folder = "."
		if len(o.Globs) == 0 && d.project != "" {
			folder = d.project
		}
	}
	if len(globs) == 0 {
		return nil, nil, nil
	}
	scan, err := scanOptions(o.Calls, cfg)
	if err != nil {
		return nil, nil, err
	}
	dir, err := rootfs.Open(folder)
	if err != nil {
		return nil, nil, exit.UsageError{Err: err}
	}
	defer dir.Close()
	names, err := dir.Glob(globs)
	if err != nil {
		return nil, nil, err
	}
	files := catalog.Files{}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if usage.Ignored(name) {
			continue
		}
		if files[name], err = dir.ReadFile(name); err != nil {
			return nil, nil, err
		}
	}
	var ds []diag.Diagnostic
	scan.Packages, ds = goload.Load(ctx, folder, slices.Sorted(maps.Keys(files)))
	scan.At = filepath.ToSlash(folder)
	u, more := usage.Scan(files, scan)
	site := ""
	if rel, err := filepath.Rel(folder, filepath.Dir(d.Name)); err == nil && rel != "." && filepath.IsLocal(rel) {
		site = filepath.ToSlash(rel)
	}
	u.Theme = outsideTheme(dir, site, files)
	return u, append(ds, more...), ctx.Err()
}

// OwnCode reports whether the table of the catalogs names the code that uses them.
func (d *Dir) OwnCode() bool { return d.table != nil && len(d.table.Code) > 0 }

// scanOptions returns the settings of the project with the functions of --call.
func scanOptions(calls []string, cfg config.Check) (usage.Options, error) {
	o := usage.Options{Calls: slices.Clone(usage.DefaultCalls), Functions: slices.Concat(usage.DefaultFunctions, cfg.Functions)}
	for _, call := range cfg.Calls {
		o.Calls = append(o.Calls, usage.Call{Name: call.Name, Arg: call.Arg})
	}
	for _, name := range calls {
		call := usage.Call{Name: name, Arg: -1}
		if name, arg, ok := strings.Cut(name, ":"); ok {
			n, err := strconv.Atoi(arg)
			if err != nil || n < 0 {
				return o, exit.Usagef("--call %q: must be a function's name, or NAME:N for its argument N", call.Name)
			}
			call.Name, call.Arg = name, n
		}
		o.Calls = append(o.Calls, call)
		// Templates may call it too.
		if !strings.Contains(call.Name, ".") {
			o.Functions = append(o.Functions, call.Name)
		}
	}
	for _, p := range cfg.Patterns {
		re, err := regexp.Compile(p)
		if err != nil || re.NumSubexp() < 1 {
			return o, exit.Usagef("check.patterns: %q is not a regular expression with a group for the id: %v", p, err)
		}
		o.Patterns = append(o.Patterns, re)
	}
	return o, nil
}
