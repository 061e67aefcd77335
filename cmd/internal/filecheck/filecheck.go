// Package filecheck checks bilingual files of any origin, without a project, and
// corrects in them what is safe to correct.
package filecheck

import (
	"context"
	"errors"
	"io"
	"maps"
	"strconv"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	tables "hexapla/pipeline/exchange/table"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

// Options are the settings of a Run.
type Options struct {
	Source, Target string             // canonical; "" for those of the files
	Glossary       *glossary.Glossary // nil for none
	Findings       []diag.Diagnostic  // of the glossary's files
	Disabled       []string           // checks that do not run
	Speller        quality.Speller    // nil if spelling is not checked
	In             io.Reader          // what the file - is; nil for none
}

// Run is one run over bilingual files.
type Run struct {
	options  Options
	matchers map[string]*glossary.Matcher // by pair of locales
	byLocale map[string]*report.Completeness
	order    []string
	report   *report.Report
}

// New returns a run.
func New(o Options) *Run {
	return &Run{
		options: o, matchers: map[string]*glossary.Matcher{}, byLocale: map[string]*report.Completeness{},
		report: &report.Report{Title: "Bilingual files", Diagnostics: o.Findings, Rules: quality.Diagnostics()},
	}
}

// Check checks one file. It fails if the file cannot be read, or names no languages and
// the options do not either.
func (f *Run) Check(ctx context.Context, name string) error { return f.file(ctx, name, f.check) }

// Report returns what was found in all files so far.
func (f *Run) Report() *report.Report {
	f.report.Locales = nil
	for _, l := range f.order {
		f.report.Locales = append(f.report.Locales, *f.byLocale[l])
	}
	return f.report
}

// maxTogether is the number of units that are checked as one document: enough for what
// runs over several, few enough for bounded memory.
const maxTogether = 5000

// file calls with for the units of each document of one file.
func (f *Run) file(ctx context.Context, name string, with func(name string, units []*exchange.Unit) error) error {
	units, err := handoff.ReadAnyPairs(ctx, name, f.locales(), f.options.In)
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

// locales are the ones that the files are to be read in.
func (f *Run) locales() tables.PairOptions {
	return tables.PairOptions{Source: f.options.Source, Target: f.options.Target}
}

func sameDocument(a, b *exchange.Header) bool {
	return a == b || a != nil && b != nil && a.Path == b.Path && a.SourceLocale == b.SourceLocale && a.TargetLocale == b.TargetLocale
}

// translation makes a translation of the units of one document, and counts what is done.
func (f *Run) translation(name string, units []*exchange.Unit) (*bitext.Translation, error) {
	from, to := f.options.Source, f.options.Target
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
func (f *Run) check(name string, units []*exchange.Unit) error {
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
func (f *Run) checkOptions() quality.Options {
	return quality.Options{Disabled: append([]string{"quality.mt"}, f.options.Disabled...), Speller: f.options.Speller}
}

// matcher returns the terms of a pair of locales, nil without a glossary.
func (f *Run) matcher(from, to string) *glossary.Matcher {
	if f.options.Glossary == nil {
		return nil
	}
	key := from + " " + to
	if f.matchers[key] == nil {
		f.matchers[key] = f.options.Glossary.Matcher(from, to, locales.Parents)
	}
	return f.matchers[key]
}
