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

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

// reportFormats are the forms that a report can be written in.
var reportFormats = map[string]func(*report.Report, io.Writer) error{
	"table":    writeTable,
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

// writeTable writes how complete each locale is, and how much was found in it.
func writeTable(r *report.Report, w io.Writer) error {
	head, rows := r.Table()
	t := console.NewTable(head...)
	for _, row := range rows {
		t.TextRow(row...)
	}
	t.AlignRight(3, len(head))
	return t.Print(w)
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
func policy(c *cli.Context, cfg config.Check) (*report.Policy, error) {
	p := &report.Policy{FailUnder: map[string]float64{}, Limits: map[diag.Severity]int{diag.Error: 0}, Severity: cfg.Severity}
	for _, list := range []struct {
		to   *[]string
		from string
		tags []string
	}{
		{&p.Required, "check.required", cfg.Required}, {&p.Required, "--require", c.StringSlice("require")},
		{&p.Optional, "check.optional", cfg.Optional}, {&p.Optional, "--optional", c.StringSlice("optional")},
	} {
		tags, err := canonicalTags(list.from, list.tags)
		if err != nil {
			return nil, err
		}
		*list.to = append(*list.to, tags...)
	}
	failUnder := func(from, l string, share float64) error {
		if !(share >= 0 && share <= 100) { // NaN is neither
			return exit.Usagef("%s: want a share from 0 to 100, as in ru=100", from)
		}
		if l != "*" {
			tags, err := canonicalTags(from, []string{l})
			if err != nil {
				return err
			}
			l = tags[0]
		}
		p.FailUnder[l] = share
		return nil
	}
	for _, l := range slices.Sorted(maps.Keys(cfg.FailUnder)) {
		if err := failUnder("check.fail_under", l, cfg.FailUnder[l]); err != nil {
			return nil, err
		}
	}
	if c.IsSet("fail-under") {
		for _, part := range strings.Split(c.String("fail-under"), ",") {
			l, share, ok := strings.Cut(strings.TrimSpace(part), "=")
			if !ok {
				l, share = "*", l
			}
			n, err := strconv.ParseFloat(strings.TrimSuffix(share, "%"), 64)
			if err != nil {
				n = -1
			}
			if err := failUnder(fmt.Sprintf("--fail-under %q", part), l, n); err != nil {
				return nil, err
			}
		}
	}
	for severity, limit := range map[diag.Severity]struct {
		flag string
		n    *int
	}{diag.Error: {"max-errors", cfg.MaxErrors}, diag.Warning: {"max-warnings", cfg.MaxWarnings}, diag.Info: {"max-notes", cfg.MaxNotes}} {
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
	for i, a := range cfg.Allow {
		allowance := report.Allowance{ID: a.ID, Path: a.Path, Unit: a.Unit, Reason: a.Reason}
		if a.Locale != "" {
			tags, err := canonicalTags(fmt.Sprintf("check.allow %d", i+1), []string{a.Locale})
			if err != nil {
				return nil, err
			}
			allowance.Locale = tags[0]
		}
		if a.Expires != "" {
			t, err := time.Parse(time.DateOnly, a.Expires)
			if err != nil {
				return nil, exit.Usagef("check.allow %d: expires %q: want a date such as 2027-01-31", i+1, a.Expires)
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

// canonicalTags are the canonical forms of locales that somebody gave; from says
// where.
func canonicalTags(from string, tags []string) ([]string, error) {
	var out []string
	for _, t := range tags {
		tag, err := locales.Canonical(t)
		if err != nil {
			return nil, exit.Usagef("%s: %w", from, err)
		}
		out = append(out, tag)
	}
	return out, nil
}

// localesGiven are the locales of --locale.
func localesGiven(c *cli.Context) ([]string, error) {
	return canonicalTags("--locale", c.StringSlice("locale"))
}

// gate is what a report is held to, and where it goes. It is made, and with it
// every flag looked at, before anything is done.
type gate struct {
	policy  *report.Policy
	known   *report.Baseline // nil without one
	outputs []output
}

func openGate(c *cli.Context, cfg config.Check) (*gate, error) {
	g := &gate{}
	var err error
	if g.policy, err = policy(c, cfg); err != nil {
		return nil, err
	}
	if g.outputs, err = outputs(c); err != nil {
		return nil, err
	}
	baseline := c.String("baseline")
	if baseline == "" {
		if c.Bool("update-baseline") {
			return nil, exit.Usagef("--update-baseline wants --baseline FILE")
		}
		if c.IsSet("baseline") {
			return nil, exit.Usagef("--baseline wants the name of a file")
		}
		return g, nil
	}
	info, err := os.Stat(baseline)
	if err == nil && !info.Mode().IsRegular() {
		return nil, exit.Usagef("--baseline %s is not a file", baseline)
	}
	data, err := os.ReadFile(baseline)
	switch {
	case err == nil:
		if g.known, err = report.ParseBaseline(data); err != nil {
			return nil, exit.Usagef("%s: %w", baseline, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, exit.Usagef("the baseline cannot be read: %w", err)
	case !c.Bool("update-baseline"):
		return nil, exit.Usagef("%w; --update-baseline makes one", err)
	}
	return g, nil
}

// judge applies the policy and the baseline to a report, writes it in the formats
// asked for, and says by its error whether the run fails.
func (g *gate) judge(c *cli.Context, r *report.Report) error {
	if err := c.Context.Err(); err != nil {
		return err
	}
	r.Tool, r.Version = "hexapla", buildVersion().Version
	diag.Sort(r.Diagnostics)
	p, known, baseline, now := g.policy, g.known, c.String("baseline"), time.Now()
	// Allowances and baselines name files by their paths in the project, wherever
	// the user stands. Without a project there are no allowances, and the folder of
	// the baseline stands for it.
	root, err := projectFolder(c)
	if err != nil {
		root = filepath.Dir(baseline)
	}
	said := map[string]string{} // by path in the project
	repath(r.Diagnostics, func(name string) string {
		in := inside(root, name)
		said[in] = name
		return in
	})
	judged := p.Judge(r, known, now)
	if c.Bool("update-baseline") {
		all := p.Judge(r, nil, now)
		next := report.NewBaseline(all)
		if known != nil {
			next = known.Tighten(all)
		}
		data, err := next.Bytes()
		if err == nil {
			err = rootfs.WriteFile(baseline, data)
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
	if err := g.write(c, judged); err != nil {
		return err
	}
	if len(judged.Failures) > 0 && !c.Bool("no-fail") {
		return exit.ErrFindings
	}
	return nil
}

// repath changes the paths of diagnostics that have one.
func repath(ds []diag.Diagnostic, to func(string) string) {
	for i := range ds {
		if at := &ds[i].Place.Path; *at != "" {
			*at = to(*at)
		}
		ds[i].Related = slices.Clone(ds[i].Related) // diagnostics are copied by value
		for j := range ds[i].Related {
			if at := &ds[i].Related[j].Place.Path; *at != "" {
				*at = to(*at)
			}
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

// output is one form of a report, and the file that it goes to; "" for standard
// output.
type output struct {
	write func(*report.Report, io.Writer) error
	file  string
}

// outputs are what --format and --json ask for: as text, if nothing goes to
// standard output otherwise.
func outputs(c *cli.Context) ([]output, error) {
	formats := c.StringSlice("format")
	if c.Bool("json") {
		formats = append(formats, "json")
	}
	var out []output
	for _, f := range formats {
		name, file, toFile := strings.Cut(f, "=")
		write, ok := reportFormats[name]
		if !ok {
			return nil, exit.Usagef("unknown report format %q: want one of %s", name, reportFormatNames())
		}
		if toFile {
			if info, err := os.Stat(file); file == "" || err == nil && info.IsDir() {
				return nil, exit.Usagef("--format %s: want FORMAT=FILE, the name of a file", f)
			}
		}
		out = append(out, output{write, file})
	}
	if !slices.ContainsFunc(out, func(o output) bool { return o.file == "" }) {
		out = append(out, output{(*report.Report).Text, ""})
	}
	return out, nil
}

// write writes a report in its forms.
func (g *gate) write(c *cli.Context, r *report.Report) error {
	for _, o := range g.outputs {
		if o.file == "" {
			if err := o.write(r, c.App.Writer); err != nil {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := o.write(r, &b); err != nil {
			return err
		}
		if err := rootfs.WriteFile(o.file, b.Bytes()); err != nil {
			return err
		}
	}
	// A run that fails says why, whatever the form of its report.
	for _, f := range r.Failures {
		fmt.Fprintf(c.App.ErrWriter, "hexapla: %s\n", report.Visible(f))
	}
	return nil
}
