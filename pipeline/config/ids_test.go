package config

import (
	"testing"

	"hexapla/pipeline/diag"
)

func TestCheckRuleIDs(t *testing.T) {
	rules := []diag.Rule{{ID: "catalog.missing"}, {ID: "catalog.missing-locale"}, {ID: "quality.numbers"}, {ID: "quality.quotes.style"}, {ID: "html.truncated"}}
	for _, c := range []struct{ config, want string }{
		{"[quality]\ndisable = [\"quality.numbers\", \"quality.quotes.style\"]\n", ""},
		{"[quality]\ndisable = [\n  # one\n  \"quality.numbesr\",\n]\n", `c.toml:4:3: quality.disable: unknown id "quality.numbesr": did you mean "quality.numbers"?`},
		{"quality.disable = ['numbers']\n", `c.toml:1:20: quality.disable: unknown id "numbers": did you mean "quality.numbers"?`},
		{"[quality]\ndisable = [\"html.truncated\"]\n", `c.toml:2:12: quality.disable: unknown id "html.truncated": "hexapla checks" lists all of them`},
		{"[check.severity]\n\"catalog.missing\" = \"off\"\n", ""},
		{"[check]\nseverity = {\"catalog.mising\" = \"off\"}\n", `c.toml:2:13: check.severity: unknown id "catalog.mising": did you mean "catalog.missing"?`},
		{"[check.severity]\nhtml.truncated = \"eror\"\n", `c.toml:2:18: check.severity.html.truncated: unknown severity "eror": use one of error, warning, info, off`},
		{"[[check.allow]]\nreason = 'x'\nid = 'zzz'\n", `c.toml:3:6: check.allow.id: unknown id "zzz": "hexapla checks" lists all of them`},
		{"[[check.allow]]\nid = 'html.truncated'\n[[check.allow]]\nid = 'html.truncate'\n", `c.toml:4:6: check.allow.id: unknown id "html.truncate": did you mean "html.truncated"?`},
	} {
		got := ""
		if err := CheckRuleIDs("c.toml", []byte(c.config), rules); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.config, got, c.want)
		}
	}
}
