package workspace

import (
	"bytes"
	"path/filepath"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/pipeline/diag"
)

// loadGlossary merges the termbase files that match the patterns. It returns nil
// if there are none.
func (w *Workspace) loadGlossary(patterns []string) (*glossary.Glossary, error) {
	files, err := w.Dir.Glob(patterns)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	all := &glossary.Glossary{}
	for _, name := range files {
		data, err := w.Dir.ReadFile(name)
		if err != nil {
			return nil, err
		}
		g, ds := ParseGlossary(name, data)
		w.Diagnostics = append(w.Diagnostics, ds...)
		all = all.Merge(g)
	}
	return all, nil
}

// ParseGlossary parses a termbase file by the extension of its name.
func ParseGlossary(name string, data []byte) (*glossary.Glossary, []diag.Diagnostic) {
	if strings.EqualFold(filepath.Ext(name), ".tbx") {
		return tbx.Decode(name, bytes.NewReader(data))
	}
	return glossary.ParseCSV(name, data)
}

// EncodeGlossary returns the content of a termbase file by the extension of its
// name; v2 selects TBX 2008 (version 2) in place of TBX version 3.
func EncodeGlossary(g *glossary.Glossary, name string, v2 bool) ([]byte, []diag.Diagnostic, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return glossary.EncodeCSV(g, ','), nil, nil
	case ".tsv":
		return glossary.EncodeCSV(g, '\t'), nil, nil
	case ".tbx":
		version := tbx.V3
		if v2 {
			version = tbx.V2
		}
		data, ds := tbx.Encode(g, version, "en")
		return data, ds, nil
	}
	return nil, nil, exit.Usagef("%s: the extension must be .csv, .tsv or .tbx", name)
}
