package workspace

import (
	"strings"

	"hexapla/cmd/internal/hunspell"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/quality"
)

// openSpeller returns the program that knows the words of languages, nil if it is not
// installed. What it cannot check is a diagnostic.
func (w *Workspace) openSpeller(locales []string) quality.Speller {
	report := func(hint, format string, args ...any) {
		w.Diagnostics = append(w.Diagnostics, diag.Diagnostic{
			ID: "project.spelling", Severity: diag.Warning, Place: diag.Place{Path: config.FileName}, Hint: hint,
		}.Messagef(format, args...))
	}
	s, err := hunspell.New()
	if err != nil { // the only one
		report("install it, or remove quality.spelling", "quality.spelling: the program hunspell is not installed; spelling is not checked")
		return nil
	}
	var missing []string
	for _, l := range locales {
		if s.Dictionary(l) == "" {
			missing = append(missing, l)
		}
	}
	if len(missing) > 0 {
		report("install their dictionaries", "quality.spelling: hunspell has no dictionary for %s; their spelling is not checked", diag.Arg("locales", strings.Join(missing, ", ")))
	}
	return s
}
