package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/goldentest"
)

func sample() *Report {
	d := func(id string, s diag.Severity, locale, unit string, line int, text, hint string) diag.Diagnostic {
		path := "locales/active." + locale + ".toml"
		if locale == "" {
			path = ""
		}
		return diag.Diagnostic{ID: id, Severity: s, Place: diag.Place{Path: path, Line: line, Column: 9, Locale: locale, Unit: unit}, Message: text, Hint: hint}
	}
	r := &Report{Tool: "hexapla", Version: "1.0", Title: "Message catalogs",
		Locales: []Completeness{
			{Locale: "uk", Name: "Ukrainian", Total: 47, Done: 47},
			{Locale: "crh-Latn", Name: "Crimean Tatar", Total: 47, Done: 40, Review: 12, Stale: 3, Missing: 7},
			{Locale: "fa", Name: "Persian", Total: 1000, Done: 999, Missing: 1},
			{Locale: "ce", Name: "Chechen", Total: 47},
		},
		Rules: []diag.Rule{{ID: "catalog.missing", Description: "message that is not translated", Severity: diag.Error}, {ID: "catalog.stale", Description: "the source has changed", Severity: diag.Warning}},
		Diagnostics: []diag.Diagnostic{
			d("catalog.missing", diag.Error, "ce", "Share", 0, `message "Share" is not translated: "Share, 100%"`, "source: active.en.toml:12"),
			d("catalog.stale", diag.Warning, "crh-Latn", "By", 7, "the source has changed\nsince", ""),
			d("catalog.stale", diag.Warning, "crh-Latn", "By", 9, "the source has changed\nsince", ""),
			d("catalog.bidi", diag.Error, "fa", "Live|x", 3, "U+202E \u202e overrides <b>\x01", ""),
			d("catalog.hash", diag.Info, "fa", "Live", 4, "no hash", ""),
			d("catalog.file-name", diag.Error, "", "", 0, "no locale", ""),
		},
		Failures: []string{"3 errors, at most 0 allowed"},
	}
	r.Diagnostics[1].Place.Path = "locales/über uns/active.crh-Latn.toml"
	r.Diagnostics[2].Place.EndLine, r.Diagnostics[2].Place.EndColumn = 9, 14
	r.Diagnostics[2].Args = map[string]any{"Message": "By"}
	r.Diagnostics[2].Related = []diag.Related{{Place: diag.Place{Path: "locales/active.en.toml", Line: 12, Column: 1}, Message: "the source"}}
	r.Diagnostics[3].Place.EndLine, r.Diagnostics[3].Place.EndColumn = 5, 2
	return r
}

// ofSegment is a finding that has the texts of its segment, one span as JSON has it.
var ofSegment = diag.Diagnostic{
	ID: "quality.numbers", Severity: diag.Warning, Place: diag.Place{Path: "a.md", Line: 21, Locale: "uk", Unit: "u7"}, Message: "1,500 has become 1600",
	Args: map[string]any{
		"source_text": "The bridge | is 1,500 meters long\u202e.", "source_span": []int{16, 21},
		"target_text": "Довжина <i>моста</i> — 1600 метрів.", "target_span": []any{37.0, 41.0},
	},
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(*Report, io.Writer) error{
		"report.json": (*Report).JSON, "report.xml": (*Report).JUnit, "report.sarif": (*Report).SARIF, "github.txt": (*Report).GitHub, "gitlab.json": (*Report).GitLab,
		"report.md": (*Report).Markdown, "report.html": (*Report).HTML, "badge.json": (*Report).Badge, "report.txt": (*Report).Text,
	} {
		var b bytes.Buffer
		r := sample()
		r.Diagnostics = append(r.Diagnostics, ofSegment)
		if err := write(r, &b); err != nil {
			t.Fatal(name, err)
		}
		goldentest.Check(t, filepath.Join("testdata", name), b.Bytes())
		switch filepath.Ext(name) {
		case ".json", ".sarif":
			if !json.Valid(b.Bytes()) {
				t.Errorf("%s is no JSON", name)
			}
		case ".xml":
			var v struct {
				Tests int `xml:"tests,attr"`
			}
			if err := xml.Unmarshal(b.Bytes(), &v); err != nil || v.Tests == 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
		sarif := name == "report.sarif"
		if sarif {
			validSARIF(t, b.Bytes())
		}
		// An empty report is a report, too.
		b.Reset()
		if err := write(&Report{Tool: "hexapla"}, &b); err != nil {
			t.Errorf("%s of nothing: %v", name, err)
		}
		if sarif {
			validSARIF(t, b.Bytes())
		}
	}
}

// validSARIF holds a report against OASIS's schema of SARIF 2.1.0.
func validSARIF(t *testing.T, data []byte) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	report, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(report); err != nil {
		t.Error(err)
	}
	if schema.Validate(map[string]any{"version": "2.1.0"}) == nil {
		t.Error("the schema takes a report without runs")
	}
}

func TestTable(t *testing.T) {
	head, rows := sample().Table()
	var got []string
	for _, row := range append([][]string{head}, rows...) {
		got = append(got, strings.Join(row, " "))
	}
	want := []string{"Locale Language Done Missing Stale Review Errors Warnings", "ce Chechen 0% 0 0 0 1 0", "crh-Latn Crimean Tatar 85.1% 7 3 12 0 2", "fa Persian 99.9% 1 0 0 1 0", "uk Ukrainian 100% 0 0 0 0 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestGitHubLimit(t *testing.T) {
	r := &Report{Tool: "hexapla"}
	for range 25 {
		r.Diagnostics = append(r.Diagnostics, diag.Diagnostic{ID: "a", Severity: diag.Error, Message: "m"})
	}
	var b strings.Builder
	if err := r.GitHub(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 10 || !strings.HasSuffix(b.String(), "::16 more of this severity\n") {
		t.Errorf("%d lines:\n%s", n, b.String())
	}
}

// What is in the name of a file is no command for the terminal of a log.
func TestGitHubControls(t *testing.T) {
	r := &Report{Tool: "hexapla", Diagnostics: []diag.Diagnostic{{ID: "a", Severity: diag.Error, Place: diag.Place{Path: "a\x1b[31m\u009b\u202e\n::b", Line: 1}, Message: "m\x1b"}}}
	var b strings.Builder
	if err := r.GitHub(&b); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "::error file=a<U+001B>[31m<U+009B><U+202E>%0A%3A%3Ab,"; !strings.HasPrefix(got, want) || strings.ContainsAny(got, "\x1b\u009b\u202e") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q, want %q first", got, want)
	}
}

func TestPolicy(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	tests := []struct {
		name   string
		policy Policy
		left   int // findings
		fails  []string
	}{
		{"zero", Policy{}, 6, []string{"3 errors, at most 0 allowed"}},
		{"limits", Policy{Limits: map[diag.Severity]int{diag.Error: 3, diag.Warning: 1}}, 6, []string{"2 warnings, at most 1 allowed"}},
		{"thresholds", Policy{Limits: map[diag.Severity]int{}, FailUnder: map[string]float64{"*": 100, "crh-Latn": 85, "fa": 99.95}, Optional: []string{"ce"}}, 6, []string{"fa is 99.9% done, at least 99.95% required"}},
		{"required", Policy{Limits: map[diag.Severity]int{}, Required: []string{"uk", "tt"}, FailUnder: map[string]float64{"ba": 60}}, 6, []string{"ba is required and not there", "tt is required and not there"}},
		{"beginnings", Policy{Limits: map[diag.Severity]int{}, FailUnder: map[string]float64{"crh": 86, "f": 100}, Required: []string{"crh", "cr", "u"}}, 6,
			[]string{"crh-Latn is 85.1% done, at least 86% required", "cr is required and not there", "f is required and not there", "u is required and not there"}},
		{"optional beginning", Policy{Limits: map[diag.Severity]int{diag.Warning: 2}, Optional: []string{"crh"}, FailUnder: map[string]float64{"*": 85.2, "ce": 0}}, 6, nil},
		{"optional", Policy{Optional: []string{"ce", "fa"}, Severity: map[string]string{"catalog.file-name": "off"}}, 5, nil},
		{"severity", Policy{Severity: map[string]string{"catalog.stale": "error", "catalog.missing": "info", "catalog.bidi": "warning", "catalog.file-name": "loud"}}, 6,
			[]string{`policy: severity of catalog.file-name: unknown severity "loud": want info, warning or error, or off`, "3 errors, at most 0 allowed"}},
		{"allowed", Policy{Allow: []Allowance{{ID: "catalog.missing", Locale: "ce", Reason: "no translator yet", Expires: now.Add(day)}, {ID: "catalog.bidi", Unit: "Live|x", Reason: "wanted"}, {ID: "catalog.file-name", Reason: "old file"}}}, 3, nil},
		{"expired", Policy{Allow: []Allowance{{Locale: "ce", Reason: "no translator yet", Expires: now}, {Locale: "tt", Reason: "r"}, {Locale: "fa"}, {Reason: "all"}}}, 10, []string{"4 errors, at most 0 allowed"}},
	}
	for _, tt := range tests {
		r := sample()
		got := tt.policy.Judge(r, nil, now)
		if len(got.Diagnostics) != tt.left || !slices.Equal(got.Failures, tt.fails) {
			t.Errorf("%s: %d findings, failures %q; want %d, %q", tt.name, len(got.Diagnostics), got.Failures, tt.left, tt.fails)
		}
		if len(r.Diagnostics) != 6 {
			t.Errorf("%s: Judge changed its report", tt.name)
		}
	}
}

func TestBaseline(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	data, err := NewBaseline(sample()).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseBaseline(data)
	if err != nil {
		t.Fatal(err)
	}
	var p Policy
	// What was there passes, though its lines have moved.
	r := sample()
	for i := range r.Diagnostics {
		r.Diagnostics[i].Place.Line += 40
	}
	if got := p.Judge(r, b, now); len(got.Failures) != 0 || len(got.Diagnostics) != 0 {
		t.Errorf("the baseline itself fails: %v %v", got.Failures, got.Diagnostics)
	}
	// One more of a kind is new; so is a locale that has fallen.
	r.Diagnostics = append(r.Diagnostics, r.Diagnostics[0])
	r.Locales[0].Done = 46
	if got := p.Judge(r, b, now); !slices.Equal(got.Failures, []string{"1 error, at most 0 allowed", "uk is 97.8% done, less than the baseline's 100%"}) {
		t.Errorf("failures %q", got.Failures)
	}
	// What was mended must stay mended.
	r = sample()
	r.Diagnostics = r.Diagnostics[1:]
	r.Locales[3].Done = 20
	tight := b.Tighten(r)
	if got := p.Judge(sample(), tight, now); !slices.Equal(got.Failures, []string{"1 error, at most 0 allowed", "ce is 0% done, less than the baseline's 42.5%"}) {
		t.Errorf("failures %q", got.Failures)
	}
	for _, bad := range []string{"", "{", `{"version":3}`, `{"version":1,"x":2}`, "[]"} {
		if _, err := ParseBaseline([]byte(bad)); err == nil {
			t.Errorf("ParseBaseline(%q) is no error", bad)
		}
	}
}

// TestNothingJSON: a report of nothing has lists, for readers that count them.
func TestNothingJSON(t *testing.T) {
	var b strings.Builder
	if err := (&Report{Tool: "x"}).JSON(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("%s", b.String())
	}
}

// TestBaselineKeepsWhenTextsChange checks that a baseline knows a finding whose
// message has other words, because the text that it quotes was corrected, and that a
// second finding of the kind is new. Baselines of version 1 had the words.
func TestBaselineKeepsWhenTextsChange(t *testing.T) {
	at := func(line int, words string) diag.Diagnostic {
		return diag.Diagnostic{ID: "catalog.missing", Severity: diag.Error, Message: words, Place: diag.Place{Path: "ru.toml", Line: line, Locale: "ru", Unit: "A"}}
	}
	was := []diag.Diagnostic{at(3, `"Helo" is missing`)}
	b := NewBaseline(&Report{Diagnostics: was})
	now := []diag.Diagnostic{at(5, `"Hello" is missing`), at(9, `"Hello" is missing`)}
	if got := b.New(now); len(got) != 1 || got[0].Place.Line != 9 {
		t.Errorf("new: %v", got)
	}
	if got := b.Tighten(&Report{Diagnostics: now}).New(now); len(got) != 1 {
		t.Errorf("new: %v", got)
	}
	old := &Baseline{Version: 1, Findings: map[string]string{wordFingerprint(was[0], 0): ""}}
	if got := old.New(was); len(got) != 0 {
		t.Errorf("version 1: %v", got)
	}
	if next := old.Tighten(&Report{Diagnostics: was}); next.Version != 2 || len(next.New(now[:1])) != 0 {
		t.Errorf("version 1 becomes %v", next)
	}
}
