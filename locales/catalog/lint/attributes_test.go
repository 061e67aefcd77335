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
		{"one more", `<a href="/x">x</a>`, `<a href="/x" id="i">y</a>`, "error is not in the source"},
		{"one less", `<a href="/x" class="y">x</a>`, `<a href="/x">z</a>`, "warning leaves out"},
		{"another value", `<a href="/x" class="y">x</a>`, `<a href="/x" class="z">y</a>`, "warning in the source"},
		{"texts and languages", `<img src="a.png" alt="Cat">`, `<img src="a.png" alt="Katze" lang="de" dir="ltr">`, ""},
		{"a lost quotation mark", `<a href="/x" class="y">here</a>`, `<a href="/x class="y">hier</a>`, "error quotation mark"},
		{"another order of tags", `<a href="/1">a</a> <a href="/2">b</a>`, `<a href="/2">B</a> <a href="/1">A</a>`, ""},
		{"variables", `<a href="{{.URL}}" target=_blank>x</a>`, `<a target="_blank" href="{{.URL}}">y</a>`, ""},
		{"an address, which is another check", `<a href="https://en.example.org/">x</a>`, `<a href="https://de.example.org/">y</a>`, ""},
	} {
		files := catalog.Files{"en.json": oneMessage(t, tt.source), "de.json": oneMessage(t, tt.target)}
		s, _ := catalog.Parse(files, "en")
		got := ""
		for _, d := range Check(s, Options{}) {
			if d.ID == "catalog.markup" {
				got += d.Severity.String() + " " + d.Message
			}
		}
		severity, words, _ := strings.Cut(tt.want, " ")
		if tt.want == "" && got != "" || !strings.HasPrefix(got, severity) || !strings.Contains(got, words) || strings.Count(got, "form ") > 1 {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
