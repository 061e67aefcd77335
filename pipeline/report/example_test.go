package report_test

import (
	"fmt"
	"os"
	"time"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func ExamplePolicy_Judge() {
	r := &report.Report{Tool: "hexapla", Diagnostics: []diag.Diagnostic{
		{ID: "catalog.missing", Severity: diag.Error, Place: diag.Place{Path: "locales/active.ru.toml", Locale: "ru", Unit: "By"}, Message: "not translated"},
		{ID: "catalog.unused", Severity: diag.Warning, Place: diag.Place{Path: "locales/active.en.toml", Line: 3, Column: 1, Unit: "Old"}, Message: "nothing uses it"},
	}}
	p := &report.Policy{Severity: map[string]string{"catalog.unused": "off"}}
	judged := p.Judge(r, nil, time.Now())
	if err := judged.Text(os.Stdout); err != nil {
		fmt.Println(err)
	}
	fmt.Println(judged.Failures)
	// Output:
	// locales/active.ru.toml: error: By: not translated [catalog.missing]
	// [1 error, at most 0 allowed]
}
