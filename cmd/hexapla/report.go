package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/locales"
	"hexapla/locales/report"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
)

// reportFormats are the forms that a report can be written in.
var reportFormats = map[string]func(*report.Report, io.Writer) error{
	"text":     (*report.Report).Text,
	"json":     (*report.Report).JSON,
	"junit":    (*report.Report).JUnit,
	"sarif":    (*report.Report).SARIF,
	"github":   (*report.Report).GitHub,
	"gitlab":   (*report.Report).GitLab,
	"markdown": (*report.Report).Markdown,
	"html":     (*report.Report).HTML,
	"badge":    (*report.Report).Badge,
}

func reportFormatNames() string {
	return strings.Join(slices.Sorted(maps.Keys(reportFormats)), ", ")
}

// policyFlags are the flags of every command that judges: what fails it, and how
// it is told.
func policyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "format", Usage: "write the report as `FORMAT`, or to a file as FORMAT=FILE: " + reportFormatNames() + "; may be given again"},
		&cli.StringFlag{Name: "fail-under", Usage: "fail where less than this share is done: `SHARES` such as ru=100,crh-Latn=60,*=80 in percent"},
		&cli.StringSliceFlag{Name: "require", Usage: "fail if this `LOCALE` is not there; may be given again"},
		&cli.StringSliceFlag{Name: "optional", Usage: "errors of this `LOCALE` are warnings; may be given again"},
		&cli.IntFlag{Name: "max-errors", Usage: "fail on more than `N` errors; -1 for any number", Value: 0},
		&cli.IntFlag{Name: "max-warnings", Usage: "fail on more than `N` warnings; -1 for any number", Value: -1},
		&cli.IntFlag{Name: "max-notes", Usage: "fail on more than `N` findings of severity info; -1 for any number", Value: -1},
		&cli.StringFlag{Name: "baseline", Usage: "fail only on what this `FILE` does not know, and where less is done than it says"},
		&cli.BoolFlag{Name: "update-baseline", Usage: "write the baseline: what is wrong now if there is none yet, else without what has been mended"},
		&cli.BoolFlag{Name: "no-fail", Usage: "report, and exit with 0 all the same"},
		jsonFlag(),
	}
}

// policy is the configuration's check section with the flags over it.
func policy(c *cli.Context, config pipeline.CheckConfig) (*report.Policy, error) {
	p := &report.Policy{
		FailUnder: map[string]float64{}, Limits: map[diag.Severity]int{diag.Error: 0},
		Required: canonicalAll(append(slices.Clone(config.Required), c.StringSlice("require")...)),
		Optional: canonicalAll(append(slices.Clone(config.Optional), c.StringSlice("optional")...)),
		Severity: config.Severity,
	}
	for l, share := range config.FailUnder {
		p.FailUnder[canonicalOr(l)] = share
	}
	if s := c.String("fail-under"); s != "" {
		for _, part := range strings.Split(s, ",") {
			l, share, ok := strings.Cut(strings.TrimSpace(part), "=")
			if !ok {
				l, share = "*", l
			}
			n, err := strconv.ParseFloat(strings.TrimSuffix(share, "%"), 64)
			if err != nil || n < 0 || n > 100 {
				return nil, usagef("--fail-under %q: want a share from 0 to 100, as in ru=100", part)
			}
			p.FailUnder[canonicalOr(l)] = n
		}
	}
	for severity, limit := range map[diag.Severity]struct {
		flag string
		n    *int
	}{diag.Error: {"max-errors", config.MaxErrors}, diag.Warning: {"max-warnings", config.MaxWarnings}, diag.Info: {"max-notes", config.MaxNotes}} {
		if c.IsSet(limit.flag) {
			n := c.Int(limit.flag)
			limit.n = &n
		}
		switch {
		case limit.n == nil:
		case *limit.n < 0:
			delete(p.Limits, severity)
		default:
			p.Limits[severity] = *limit.n
		}
	}
	for i, a := range config.Allow {
		allowance := report.Allowance{ID: a.ID, Path: a.Path, Locale: canonicalOr(a.Locale), Unit: a.Unit, Reason: a.Reason}
		if a.Expires != "" {
			t, err := time.Parse(time.DateOnly, a.Expires)
			if err != nil {
				return nil, usagef("check.allow %d: expires %q: want a date such as 2027-01-31", i+1, a.Expires)
			}
			allowance.Expires = t
		}
		p.Allow = append(p.Allow, allowance)
	}
	return p, nil
}

func canonicalOr(tag string) string {
	if c, err := locales.Canonical(tag); err == nil {
		return c
	}
	return tag
}

func canonicalAll(tags []string) []string {
	for i, t := range tags {
		tags[i] = canonicalOr(t)
	}
	return tags
}

// judge applies the policy and the baseline to a report, writes it in the formats
// asked for, and says by its error whether the run fails.
func judge(c *cli.Context, r *report.Report, config pipeline.CheckConfig) error {
	r.Tool, r.Version = "hexapla", buildVersion().Version
	diag.Sort(r.Diagnostics)
	p, err := policy(c, config)
	if err != nil {
		return err
	}
	now := time.Now()
	baseline := c.String("baseline")
	var known *report.Baseline
	if baseline != "" {
		data, err := os.ReadFile(baseline)
		switch {
		case err == nil:
			if known, err = report.ParseBaseline(data); err != nil {
				return usagef("%s: %w", baseline, err)
			}
		case !errors.Is(err, fs.ErrNotExist):
			return err
		case !c.Bool("update-baseline"):
			return usagef("%w; --update-baseline makes one", err)
		}
	}
	// Allowances and baselines name files by their paths in the project, wherever
	// the user stands.
	root, err := projectFolder(c)
	if err != nil {
		root = "."
	}
	said := map[string]string{} // by path in the project
	repath(r.Diagnostics, func(name string) string {
		in := inside(root, name)
		said[in] = name
		return in
	})
	judged := p.Judge(r, known, now)
	if c.Bool("update-baseline") {
		if baseline == "" {
			return usagef("--update-baseline wants --baseline FILE")
		}
		all := p.Judge(r, nil, now)
		next := report.NewBaseline(all)
		if known != nil {
			next = known.Tighten(all)
		}
		data, err := next.Bytes()
		if err == nil {
			err = writeAtomically(baseline, data)
		}
		if err != nil {
			return err
		}
		if known == nil {
			judged = p.Judge(r, next, now)
		}
	}
	repath(judged.Diagnostics, func(name string) string {
		if as, ok := said[name]; ok {
			return as
		}
		return path.Join(filepath.ToSlash(root), name) // what an allowance names
	})
	if err := writeReports(c, judged); err != nil {
		return err
	}
	if len(judged.Failures) > 0 && !c.Bool("no-fail") {
		return errFindings
	}
	return nil
}

// repath changes the paths of diagnostics that have one.
func repath(ds []diag.Diagnostic, to func(string) string) {
	for i := range ds {
		if at := &ds[i].Place.Path; *at != "" {
			*at = to(*at)
		}
	}
}

// inside is a file's path from a folder, where both are from where the user
// stands.
func inside(folder, name string) string {
	base, err1 := filepath.Abs(folder)
	file, err2 := filepath.Abs(filepath.FromSlash(name))
	if err := errors.Join(err1, err2); err == nil {
		if rel, err := filepath.Rel(base, file); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return name
}

// writeReports writes a report as --format and --json say, to standard output or
// to files.
func writeReports(c *cli.Context, r *report.Report) error {
	formats := c.StringSlice("format")
	if c.Bool("json") {
		formats = append(formats, "json")
	}
	onTerminal := 0
	for _, f := range formats {
		name, file, toFile := strings.Cut(f, "=")
		write, ok := reportFormats[name]
		if !ok {
			return usagef("unknown report format %q: want one of %s", name, reportFormatNames())
		}
		if !toFile {
			onTerminal++
			if err := write(r, c.App.Writer); err != nil {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := write(r, &b); err != nil {
			return err
		}
		if err := writeAtomically(file, b.Bytes()); err != nil {
			return err
		}
	}
	if onTerminal == 0 {
		if err := r.Text(c.App.Writer); err != nil {
			return err
		}
	}
	// A run that fails says why, whatever the form of its report.
	for _, f := range r.Failures {
		fmt.Fprintf(c.App.ErrWriter, "hexapla: %s\n", f)
	}
	return nil
}

// writeAtomically writes a file that the user named on the command line.
func writeAtomically(name string, data []byte) error {
	dir, err := makeFolder(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer dir.close()
	_, err = dir.write(filepath.Base(name), data)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
