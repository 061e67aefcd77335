package lint

import (
	"strings"
	"testing"

	"hexapla/locales/catalog"
)

func TestAttributes(t *testing.T) {
	for _, tt := range []struct{ name, source, target, want string }{
		{"the same", `Go <a href="/x" class="y">here</a>`, `Los <a class='y' href=/x>hier</a>`, ""},
		{"a script for an address", `Go <a href="/x">here</a>`, `Los <a href=" java	script:alert(1)">hier</a>`, "error runs a program"},
		{"an event", `<b>x</b>`, `<b onclick="x()">y</b>`, "error runs a program"},
		{"a script behind a character reference", `Go <a href="/x">here</a>`, `Los <a href="&#106;avascript:alert(1)">hier</a>`, "error runs a program"},
		{"alternatives", `<path/to/file> or <yes/no>`, `<path/to/file> oder <ja/nein>`, ""},
		{"an event of the source", `<b onclick="x()">x</b>`, `<b onclick="x()">y</b>`, ""},
		{"one more", `<a href="/x">x</a>`, `<a href="/x" id="i">y</a>`, "error is not in the source"},
		{"one less", `<a href="/x" class="y">x</a>`, `<a href="/x">z</a>`, "warning leaves out"},
		{"another value", `<a href="/x" class="y">x</a>`, `<a href="/x" class="z">y</a>`, "warning in the source"},
		{"texts and languages", `<img src="a.png" alt="Cat">`, `<img src="a.png" alt="Katze" lang="de" dir="ltr">`, ""},
		{"a lost quotation mark", `<a href="/x" class="y">here</a>`, `<a href="/x class="y">hier</a>`, "error quotation mark"},
		{"another order of tags", `<a href="/1">a</a> <a href="/2">b</a>`, `<a href="/2">B</a> <a href="/1">A</a>`, ""},
		{"variables", `<a href="{{.URL}}" target=_blank>x</a>`, `<a target="_blank" href="{{.URL}}">y</a>`, ""},
		{"an address, which is another check", `<a href="https://en.example.org/">x</a>`, `<a href="https://de.example.org/">y</a>`, ""},
	} {
		got := markupFindings(t, tt.source, tt.target)
		severity, words, _ := strings.Cut(tt.want, " ")
		if tt.want == "" && got != "" || !strings.HasPrefix(got, severity) || !strings.Contains(got, words) || strings.Count(got, "form ") > 1 {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestPrograms: an attribute that runs a program is an error beside whatever else is found.
func TestPrograms(t *testing.T) {
	for _, target := range []string{`<b onclick="x()">y</b>`, `y <svg/onload=alert(1)>`, `<img src=x onerror=alert(1)>`} {
		if got := markupFindings(t, "x", target); !strings.Contains(got, "error form \"other\": attribute on") {
			t.Errorf("%s: %q", target, got)
		}
	}
}

// markupFindings returns what is found in the tags of a translation of one message.
func markupFindings(t *testing.T, source, target string) string {
	t.Helper()
	s, _ := catalog.Parse(catalog.Files{"en.json": oneMessage(t, source), "de.json": oneMessage(t, target)}, "en")
	got := ""
	for _, d := range Check(s, Options{}) {
		if d.ID == "catalog.markup" {
			got += d.Severity.String() + " " + d.Message
		}
	}
	return got
}
