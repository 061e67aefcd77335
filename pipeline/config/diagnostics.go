package config

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "config.syntax", Severity: diag.Error, Description: "a configuration that is not valid TOML"},
		{ID: "config.unknown", Severity: diag.Error, Description: "an unknown key in the configuration"},
		{ID: "config.value", Severity: diag.Error, Description: "a wrong value in the configuration"},
	}
}
