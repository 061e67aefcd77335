package main

import (
	"context"
	"errors"
	"maps"
	"strconv"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

// fileCheckOptions are the options of check for bilingual files.
type fileCheckOptions struct {
	files, glossaries, disabled []string
	source, target              string // "" if not given
	gate                        checks.Options
}

// runCheckFiles checks bilingual files of any origin, without a project.
func runCheckFiles(ctx context.Context, e *environment, o fileCheckOptions) error {
	if err := o.complete(); err != nil {
		return err
	}
	gate, err := checks.Open(ctx, o.gate, config.Check{}, "")
	if err != nil {
		return err
	}
	f, err := newFileChecks(o)
	if err != nil {
		return err
	}
	for _, name := range o.files {
		if err := f.file(ctx, name, f.check); err != nil {
			return err
		}
	}
	for _, l := range f.order {
		f.report.Locales = append(f.report.Locales, *f.byLocale[l])
	}
	f.report.Rules = quality.Diagnostics()
	return gate.Judge(ctx, e.Printer, f.report)
}

// complete checks the options, and makes the locales canonical.
func (o *fileCheckOptions) complete() error {
	if len(o.files) == 0 {
		return exit.Usagef("check: name the bilingual files to check")
	}
	for flag, tag := range map[string]*string{"--source": &o.source, "--target": &o.target} {
		if *tag != "" {
			c, err := locales.Canonical(*tag)
			if err != nil {
				return exit.Usagef("%s: %w", flag, err)
			}
			*tag = c
		}
	}
	return nil
}

// newFileChecks returns a run with the glossaries of the options.
func newFileChecks(o fileCheckOptions) (*fileChecks, error) {
	f := &fileChecks{options: o, matchers: map[string]*glossary.Matcher{}, byLocale: map[string]*report.Completeness{}, report: &report.Report{Title: "Bilingual files"}}
	for _, name := range o.glossaries {
		g, ds, err := readGlossary(name, glossary.TableOptions{SourceLocale: o.source, TargetLocale: o.target})
		if err != nil {
			return nil, err
		}
		f.report.Diagnostics = append(f.report.Diagnostics, ds...)
		if f.glossary == nil {
			f.glossary = &glossary.Glossary{}
		}
		f.glossary = f.glossary.Merge(g)
	}
	return f, nil
}

// fileChecks is one run over bilingual files.
type fileChecks struct {
	options  fileCheckOptions
	glossary *glossary.Glossary
	matchers map[string]*glossary.Matcher // by pair of locales
	byLocale map[string]*report.Completeness
	order    []string
	report   *report.Report
}

// maxTogether is the number of units that are checked as one document: enough for what
// runs over several, few enough for bounded memory.
const maxTogether = 5000

// file calls with for the units of each document of one file.
func (f *fileChecks) file(ctx context.Context, name string, with func(name string, units []*exchange.Unit) error) error {
	units, err := handoff.ReadAnyPairs(name, f.options.source)
	if err != nil {
		return err
	}
	var batch []*exchange.Unit
	for u, err := range units {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			var d diag.Diagnostic
			if !errors.As(err, &d) {
				return err
			}
			f.report.Diagnostics = append(f.report.Diagnostics, d)
			continue
		}
		if len(batch) > 0 && (!sameDocument(batch[0].Header, u.Header) || len(batch) >= maxTogether) {
			if err := with(name, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		batch = append(batch, u)
	}
	if len(batch) > 0 {
		return with(name, batch)
	}
	return nil
}

func sameDocument(a, b *exchange.Header) bool {
	return a == b || a != nil && b != nil && a.Path == b.Path && a.SourceLocale == b.SourceLocale && a.TargetLocale == b.TargetLocale
}

// translation makes a translation of the units of one document, and counts what is done.
func (f *fileChecks) translation(name string, units []*exchange.Unit) (*bitext.Translation, error) {
	from, to := f.options.source, f.options.target
	if h := units[0].Header; h != nil {
		if from == "" {
			from = h.SourceLocale
		}
		if to == "" {
			to = h.TargetLocale
		}
	}
	if from == "" || to == "" {
		return nil, exit.Usagef("%s does not name its languages: give them with --source and --target", name)
	}
	doc := &bitext.Document{Path: name, Locale: from}
	for i, u := range units {
		unit := u.Unit
		unit.ID = strconv.Itoa(i)
		doc.Units = append(doc.Units, unit)
	}
	tr := bitext.NewTranslation(doc, to)
	c := f.byLocale[to]
	if c == nil {
		c = &report.Completeness{Locale: to, Name: locales.EnglishName(to)}
		f.byLocale[to] = c
		f.order = append(f.order, to)
	}
	m := f.matcher(from, to)
	for i, u := range units {
		for k := range tr.Targets[i] {
			if k >= len(u.Targets) {
				break
			}
			t := u.Targets[k]
			if m != nil && t.Filled && len(t.Terms) == 0 {
				t.Terms = m.Mark(doc.Units[i].Segments[k].Source.Chars)
			}
			tr.Targets[i][k] = t
			if doc.Units[i].Segments[k].Ignorable {
				continue
			}
			if c.Total++; t.Filled {
				c.Done++
			} else {
				c.Missing++
				c.Words += bitext.CountWords(doc.Units[i].Segments[k].Source.Chars)
			}
		}
	}
	return tr, nil
}

// check runs the checks over the units of one document.
func (f *fileChecks) check(name string, units []*exchange.Unit) error {
	tr, err := f.translation(name, units)
	if err != nil {
		return err
	}
	for _, d := range quality.Check(tr, f.checkOptions()) {
		i, err := strconv.Atoi(d.Place.Unit)
		if err != nil || i >= len(units) {
			f.report.Diagnostics = append(f.report.Diagnostics, d)
			continue
		}
		u := units[i]
		d.Args = maps.Clone(d.Args)
		if d.Args == nil {
			d.Args = map[string]any{}
		}
		for k, s := range u.Segments {
			if (s.ID == d.Place.Segment || len(u.Segments) == 1) && k < len(u.Targets) {
				d.Args["source"], d.Args["target"] = s.Source.Chars, u.Targets[k].Text.Chars
				break
			}
		}
		d.Place.Unit, d.Place.Line, d.Place.Column = u.ID, u.Line, u.Column
		f.report.Diagnostics = append(f.report.Diagnostics, d)
	}
	return nil
}

// checkOptions returns the options of the quality checks.
func (f *fileChecks) checkOptions() quality.Options {
	return quality.Options{Disabled: append([]string{"quality.mt"}, f.options.disabled...)}
}

// matcher returns the terms of a pair of locales, nil without a glossary.
func (f *fileChecks) matcher(from, to string) *glossary.Matcher {
	if f.glossary == nil {
		return nil
	}
	key := from + " " + to
	if f.matchers[key] == nil {
		f.matchers[key] = f.glossary.Matcher(from, to, locales.Parents)
	}
	return f.matchers[key]
}
