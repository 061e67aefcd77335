package checks_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func ptr[T any](v T) *T { return &v }

func findings() *report.Report {
	place := diag.Place{Path: "articles/a.md", Line: 3, Locale: "ru", Unit: "u1"}
	return &report.Report{
		Locales:     []report.Completeness{{Locale: "ru", Total: 4, Done: 3, Missing: 1}},
		Diagnostics: []diag.Diagnostic{{ID: "quality.numbers", Severity: diag.Error, Place: place, Message: "number is missing"}},
	}
}

func judge(t *testing.T, o checks.Options, cfg config.Check, project string, r *report.Report, folders ...string) (out, errw string, err error) {
	t.Helper()
	g, err := checks.Open(t.Context(), o, cfg, project)
	if err != nil {
		t.Fatal(err)
	}
	var b, e bytes.Buffer
	err = g.Judge(t.Context(), console.Printer{Out: &b, Err: &e, Locale: "en"}, r, folders...)
	return b.String(), e.String(), err
}

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options checks.Options
		config  config.Check
		fails   bool
	}{
		{"errors fail", checks.Options{}, config.Check{}, true},
		{"a limit", checks.Options{MaxErrors: ptr(1)}, config.Check{}, false},
		{"a flag is over the configuration", checks.Options{MaxErrors: ptr(0)}, config.Check{MaxErrors: ptr(-1)}, true},
		{"no limit in the configuration", checks.Options{}, config.Check{MaxErrors: ptr(-1)}, false},
		{"a share", checks.Options{MaxErrors: ptr(-1), FailUnder: ptr("ru=80")}, config.Check{}, true},
		{"an optional locale", checks.Options{Optional: []string{"ru"}}, config.Check{}, false},
		{"a required locale", checks.Options{MaxErrors: ptr(-1), Required: []string{"uk"}}, config.Check{}, true},
		{"no-fail", checks.Options{NoFail: true}, config.Check{}, false},
		{"an allowance", checks.Options{}, config.Check{Allow: []config.Allow{{ID: "quality.numbers", Path: "articles/a.md", Reason: "a year"}}}, false},
		{"an allowance of another file", checks.Options{}, config.Check{Allow: []config.Allow{{ID: "quality.numbers", Path: "a.md", Reason: "a year"}}}, true},
	} {
		_, errw, err := judge(t, tt.options, tt.config, "", findings())
		if errors.Is(err, exit.ErrFindings) != tt.fails {
			t.Errorf("%s: %v, want failure %v", tt.name, err, tt.fails)
		}
		if (errw != "") != (tt.fails || tt.options.NoFail) {
			t.Errorf("%s: standard error %q", tt.name, errw)
		}
	}
}

// Paths are printed from the current folder: the project's, or with the folder
// that the user named.
func TestPaths(t *testing.T) {
	for _, tt := range []struct {
		project string
		folders []string
		want    string
	}{
		{"", nil, "articles/a.md:3"},
		{"..", nil, "../articles/a.md:3"},
		{".", []string{"articles"}, "articles/a.md:3"},
		{"news", []string{"./news/articles"}, "news/articles/a.md:3"},
		{"news", []string{"other", "news"}, "news/articles/a.md:3"},
	} {
		out, _, _ := judge(t, checks.Options{}, config.Check{}, tt.project, findings(), tt.folders...)
		if !strings.HasPrefix(out, tt.want) {
			t.Errorf("project %q, folders %q: %q, want %q", tt.project, tt.folders, out, tt.want)
		}
	}
	abs, err := filepath.Abs("news")
	if err != nil {
		t.Fatal(err)
	}
	out, _, _ := judge(t, checks.Options{}, config.Check{}, "news", findings(), abs)
	if want := filepath.ToSlash(abs) + "/articles/a.md:3"; !strings.HasPrefix(out, want) {
		t.Errorf("absolute folder: %q, want %q", out, want)
	}
}

func TestBaseline(t *testing.T) {
	name := filepath.Join(t.TempDir(), "base.json")
	if _, err := checks.Open(t.Context(), checks.Options{Baseline: &name}, config.Check{}, ""); exit.Code(err) != exit.Usage {
		t.Errorf("missing baseline: %v", err)
	}
	if _, _, err := judge(t, checks.Options{Baseline: &name, UpdateBaseline: true}, config.Check{}, ".", findings()); err != nil {
		t.Errorf("the run that writes the baseline: %v", err)
	}
	if _, _, err := judge(t, checks.Options{Baseline: &name}, config.Check{}, ".", findings()); err != nil {
		t.Errorf("known finding: %v", err)
	}
	more := findings()
	more.Diagnostics[0].ID = "quality.letters"
	if _, _, err := judge(t, checks.Options{Baseline: &name}, config.Check{}, ".", more); !errors.Is(err, exit.ErrFindings) {
		t.Errorf("new finding: %v", err)
	}
	if err := os.WriteFile(name, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := checks.Open(t.Context(), checks.Options{Baseline: &name}, config.Check{}, ""); exit.Code(err) != exit.Usage {
		t.Errorf("broken baseline: %v", err)
	}
}

func TestOpenRejects(t *testing.T) {
	for name, tt := range map[string]struct {
		options checks.Options
		config  config.Check
	}{
		"format":     {options: checks.Options{Formats: []string{"word"}}},
		"no file":    {options: checks.Options{Formats: []string{"json="}}},
		"folder":     {options: checks.Options{Formats: []string{"json=."}}},
		"share":      {options: checks.Options{FailUnder: ptr("ru=NaN")}},
		"locale":     {options: checks.Options{Required: []string{"x!"}}},
		"update":     {options: checks.Options{UpdateBaseline: true}},
		"empty name": {options: checks.Options{Baseline: ptr("")}},
		"expires":    {config: config.Check{Allow: []config.Allow{{ID: "x", Expires: "soon"}}}},
	} {
		if _, err := checks.Open(t.Context(), tt.options, tt.config, ""); exit.Code(err) != exit.Usage {
			t.Errorf("%s: %v, want a usage error", name, err)
		}
	}
}

// Each report goes where it was asked for, and text goes to standard output if
// nothing else does.
func TestOutputs(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "r", "sarif.json")
	out, _, _ := judge(t, checks.Options{Formats: []string{"sarif=" + file}}, config.Check{}, "", findings())
	if !strings.Contains(out, "number is missing [quality.numbers]") {
		t.Errorf("standard output: %q", out)
	}
	if data, err := os.ReadFile(file); err != nil || !bytes.Contains(data, []byte(`"2.1.0"`)) {
		t.Errorf("%q, %v", data, err)
	}
	out, _, _ = judge(t, checks.Options{Formats: []string{"table"}}, config.Check{}, "", findings())
	if !strings.Contains(out, "75%") {
		t.Errorf("table: %q", out)
	}
}
