package update

import (
	"strings"
	"testing"
)

// TestPseudoKeeps: what a program reads in a text stays as it is.
func TestPseudoKeeps(t *testing.T) {
	for _, tt := range []struct{ text, want, reason string }{
		{"Read on", "Ŕéáð óñ", "text"},
		{"%s added by %v (%d%%)", "%s áððéð ƀý %v (%d%%)", "verbs of printf"},
		{"%[2]d of %-5.2f, 100% sure", "%[2]d óƒ %-5.2f, 100% šúŕé", "verbs of printf, and a percent"},
		{"Here &amp; there&#160;&#xA0;", "Ĥéŕé &amp; ţĥéŕé&#160;&#xA0;", "entities"},
		{"See https://x.org/a?b=c or me@x.org", "Šéé https://x.org/a?b=c óŕ me@x.org", "addresses"},
		{"Hi {name} and ${other}", "Ĥí {name} áñð ${other}", "names in braces"},
		{"Version #version# of #TIME_SECONDS", "Véŕšíóñ #version# óƒ #TIME_SECONDS", "names in number signs"},
		{"Good :smile: at 10:30:15", "Ĝóóð :smile: áţ 10:30:15", "emoji, and no time"},
		{"Run `go test` now", "Ŕúñ `go test` ñóŵ", "code"},
		{`See <a href="{{.URL}}" title="all">all</a>`, `Šéé <a href="{{.URL}}" title="all">áļļ</a>`, "tags with their attributes"},
		{"[docs](/docs/x)", "[ðóçš](/docs/x)", "a link of Markdown"},
		{"{{ . }} posts", "{{ . }} þóšţš", "the dot"},
		{"{{if .A}}yes{{else}}no{{end}}", "{{if .A}}ýéš{{else}}ñó{{end}}", "branches"},
		{`{{printf "}} a" }} x`, `{{printf "}} a" }} x`, "an action with its end in a string"},
	} {
		got := pseudo(tt.text, "", "", false)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%q: %q, want %q: %s", tt.text, got, tt.want, tt.reason)
		}
	}
	if got := pseudo("<<.X>> by {{me}}", "<<", ">>", false); !strings.Contains(got, "<<.X>> ƀý {{") {
		t.Errorf("other delimiters: %q", got)
	}
	if got := pseudo("%s: :smile:", "", "", true); got != "%s: :smile:" {
		t.Errorf("right to left: %q", got)
	}
}
