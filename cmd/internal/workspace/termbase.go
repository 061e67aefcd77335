package workspace

import (
	"bytes"
	"path"
	"path/filepath"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// loadGlossary merges the termbase files that match the patterns. It returns nil
// if there are none. source is the locale of source terms in tables that name none.
func (w *Workspace) loadGlossary(patterns []string, source string) (*glossary.Glossary, error) {
	files, err := w.Dir.Glob(patterns)
	if err != nil {
		return nil, err
	}
	for _, p := range patterns {
		if one, err := w.Dir.Glob([]string{p}); err == nil && len(one) == 0 {
			w.Diagnostics = append(w.Diagnostics, diag.Diagnostic{
				ID: "project.pattern", Severity: diag.Warning, Place: diag.Place{Path: config.FileName},
				Hint: "correct the pattern, or remove it if the project has no glossary",
			}.Messagef("glossary.files: no file matches %q; terms are not checked", diag.Arg("place", p)))
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	if err := w.refuseLinks("glossary.files", patterns, files); err != nil {
		return nil, err
	}
	all := &glossary.Glossary{}
	for _, name := range files {
		data, err := w.Dir.ReadFile(name)
		if err != nil {
			return nil, err
		}
		g, ds := ParseGlossary(name, data, glossary.TableOptions{SourceLocale: source})
		w.Diagnostics = append(w.Diagnostics, ds...)
		all = all.Merge(g)
	}
	return all, nil
}

// GlossaryWith returns the project's glossary as it would be with a termbase file in the
// place of the one of the same name, or of the only one; another file is added to those
// of the project.
func (w *Workspace) GlossaryWith(name string, data []byte) (*glossary.Glossary, []diag.Diagnostic, error) {
	files, err := w.Dir.Glob(w.Config.Glossary.Files)
	if err != nil {
		return nil, nil, err
	}
	o := glossary.TableOptions{SourceLocale: w.Config.Project.Source}
	changed, ds := ParseGlossary(name, data, o)
	all, used := &glossary.Glossary{}, false
	for _, f := range files {
		if path.Base(f) == filepath.Base(name) || len(files) == 1 && strings.EqualFold(path.Ext(f), filepath.Ext(name)) {
			all, used = all.Merge(changed), true
			continue
		}
		data, err := w.Dir.ReadFile(f)
		if err != nil {
			return nil, nil, err
		}
		g, _ := ParseGlossary(f, data, o)
		all = all.Merge(g)
	}
	if !used {
		all = all.Merge(changed)
	}
	return all, ds, nil
}

// ParseGlossary parses a termbase file by the extension of its name. The options are
// for tables.
func ParseGlossary(name string, data []byte, o glossary.TableOptions) (*glossary.Glossary, []diag.Diagnostic) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tbx", ".tbxm", ".xml":
		return tbx.Decode(name, bytes.NewReader(data))
	}
	return glossary.ParseTable(name, data, o)
}

// GlossaryFormat says how a termbase is written. TBX2008 selects the martif form of
// TBX in place of ISO 30042:2019, DCT the style of the latter that names elements by their
// categories. Layout, if set, is one of glossary.Layouts: a table
// of the terms of the pair Source and Target.
type GlossaryFormat struct {
	TBX2008, DCT   bool
	Layout         string
	Source, Target string
}

// EncodeGlossary returns the content of a termbase file by the extension of its
// name.
func EncodeGlossary(g *glossary.Glossary, name string, f GlossaryFormat) ([]byte, []diag.Diagnostic, error) {
	comma := ','
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tbx":
		version := tbx.V3
		switch {
		case f.TBX2008:
			version = tbx.V2
		case f.DCT:
			version = tbx.V3DCT
		}
		data, ds := tbx.Encode(g, version, "en")
		return data, ds, nil
	case ".tsv", ".txt", ".tab", ".utf8":
		comma = '\t'
	case ".csv":
	default:
		return nil, nil, exit.Usagef("%s: the extension must be .csv, .tsv or .tbx", name)
	}
	if f.Layout != "" {
		data, err := glossary.EncodePairs(g, f.Source, f.Target, f.Layout, comma)
		if err != nil {
			return nil, nil, exit.UsageError{Err: err}
		}
		return data, nil, nil
	}
	return glossary.EncodeCSV(g, comma), nil, nil
}
