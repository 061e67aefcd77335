package main

import (
	"context"
	"fmt"
	"io"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/filecheck"
	"hexapla/cmd/internal/hunspell"
	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/config"
)

// fileCheckOptions are the options of check for bilingual files.
type fileCheckOptions struct {
	files, glossaries, disabled []string
	source, target              string // "" if not given
	spelling                    bool
	in                          io.Reader // what the file - is
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
	f, err := newFileChecks(ctx, o)
	if err != nil {
		return err
	}
	for _, name := range o.files {
		if err := f.Check(ctx, name); err != nil {
			return err
		}
	}
	return gate.Judge(ctx, e.Printer, f.Report())
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
func newFileChecks(ctx context.Context, o fileCheckOptions) (*filecheck.Run, error) {
	r := filecheck.Options{Source: o.source, Target: o.target, Disabled: o.disabled, In: o.in}
	if o.spelling {
		speller, err := hunspell.New()
		if err != nil {
			return nil, fmt.Errorf("--spelling: %w: install it, with a dictionary for each language", err)
		}
		if o.target != "" && speller.Dictionary(o.target) == "" {
			return nil, fmt.Errorf("--spelling: hunspell has no dictionary for %s: install one", o.target)
		}
		r.Speller = speller
	}
	for _, name := range o.glossaries {
		g, ds, err := readGlossary(ctx, name, o.in, glossary.TableOptions{SourceLocale: o.source, TargetLocale: o.target})
		if err != nil {
			return nil, err
		}
		r.Findings = append(r.Findings, ds...)
		if r.Glossary == nil {
			r.Glossary = &glossary.Glossary{}
		}
		r.Glossary = r.Glossary.Merge(g)
	}
	return filecheck.New(r), nil
}
