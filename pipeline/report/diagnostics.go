package report

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "policy.expired", Severity: diag.Warning, Description: "an allowance whose date has passed"},
		{ID: "policy.no-reason", Severity: diag.Error, Description: "an allowance without a reason"},
		{ID: "policy.unused", Severity: diag.Info, Description: "an allowance that matches no finding"},
	}
}
