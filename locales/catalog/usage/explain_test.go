package usage

import (
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/pipeline/diag"
)

// TestCodeExplains: what the code tells of messages that seem undefined, unused or extra.
func TestCodeExplains(t *testing.T) {
	const head = "package a\n\nimport \"github.com/nicksnyder/go-i18n/v2/i18n\"\n\n" +
		"func Text(id, text string) string { return l.MustLocalize(&i18n.LocalizeConfig{DefaultMessage: &i18n.Message{ID: id, Other: text}}) }\n\n" +
		"func Textf(id, text string, args ...any) string { return format(Text(id, text), args...) }\n\n" +
		"func Plain(id, name string) string { return l.MustLocalize(&i18n.LocalizeConfig{MessageID: id}) }\n\n" +
		"var l *i18n.Localizer\n\n"
	for _, tt := range []struct{ reason, body, source, want string }{
		{"the call gives the text", `Text("new.id", "New")`, "", "extra warning, undefined info"},
		{"through another helper", `Textf("new.id", "New %d", 1)`, "", "extra warning, undefined info"},
		{"a text that is one of several", "rows := []struct{ id, text string }{{\"new.id\", \"New\"}, {\"new.id\", \"Newer\"}}\n\tfor _, r := range rows {\n\t\tText(r.id, r.text)\n\t}", "", "extra warning, undefined info"},
		{"one call without a text", "Text(\"new.id\", \"New\")\n\tPlain(\"new.id\", \"x\")", "", "extra warning, undefined error"},
		{"a parameter that is no text", `Plain("new.id", "New")`, "", "extra warning, undefined error"},
		{"an empty text", `Text("new.id", "")`, "", "extra warning, undefined error"},
		{"ids that are texts", `Plain("Choose one", "")`, "\"A text\" = \"A text\"\n\"B text\" = \"B text\"\n", "undefined info, unused warning, unused warning"},
		{"an id in a table", `_ = map[string]string{"x": "label.fix"}`, "\"label.fix\" = \"Fix\"\n", ""},
		{"a word that is no id", `_ = map[string]string{"x": "fix"}`, "fix = \"Fix\"\n", "unused warning"},
		{"a function of templates", `_ = template.FuncMap{"local": Plain}`, "", ""},
	} {
		u, ds := Scan(catalog.Files{"a/a.go": []byte(head + "func f() {\n\tPlain(\"known\", \"\")\n\tTextf(\"known\", \"Known\")\n\t" + tt.body + "\n}\n")}, Options{Calls: []Call{}})
		s, more := catalog.Parse(catalog.Files{"en.toml": []byte("known = \"Known\"\n" + tt.source)}, "en")
		ds = append(ds, more...)
		ds = append(ds, Check(s, u)...)
		if !strings.Contains(tt.body, "Choose") && tt.source == "" {
			ds = append(ds, u.Explain([]diag.Diagnostic{
				rule.Finding("catalog.extra", diag.Place{Unit: "new.id"}, "", "message %q is not in the source", diag.Arg("id", "new.id")),
				rule.Finding("catalog.extra", diag.Place{Unit: "old"}, "", "message %q is not in the source", diag.Arg("id", "old")),
			}, "en")...)
		}
		function := rule.Finding("catalog.template-node", diag.Place{Locale: "en"}, "", "form %q has %s", diag.Arg("form", "other"), diag.Arg("node", "local"))
		if known := len(u.Explain([]diag.Diagnostic{function}, "en")) == 0; known != strings.Contains(tt.body, "FuncMap") {
			t.Errorf("%s: the template's function is known: %v", tt.reason, known)
		}
		var got []string
		for _, d := range ds {
			if strings.Contains(tt.body, "FuncMap") && d.ID == "catalog.extra" {
				continue
			}
			got = append(got, strings.TrimPrefix(d.ID, "catalog.")+" "+d.Severity.String())
		}
		slices.Sort(got)
		if g := strings.Join(got, ", "); g != tt.want {
			t.Errorf("%s: %q, want %q", tt.reason, g, tt.want)
		}
	}

	// Where a file does not parse, nothing is surely unused.
	u, _ := Scan(catalog.Files{"a/a.go": []byte(head + "func f() { Plain(\"known\", \"\") }\n"), "a/b.go": []byte("package a\n\nfunc {\n")}, Options{Calls: []Call{}})
	s, _ := catalog.Parse(catalog.Files{"en.toml": []byte("known = \"Known\"\nidle = \"Idle\"\n")}, "en")
	if ds := Check(s, u); len(ds) != 1 || ds[0].ID != "catalog.unused" || ds[0].Severity != diag.Info {
		t.Errorf("a broken file: %v", ds)
	}
}

// TestGivenFunctions: functions that the code gives to templates are a note in the source,
// and stay an error in a translation.
func TestGivenFunctions(t *testing.T) {
	const code = "package a\n\nimport (\n\t\"strings\"\n\t\"text/template\"\n\n\t\"github.com/nicksnyder/go-i18n/v2/i18n\"\n)\n\n" +
		"var funcs = template.FuncMap{\"upper\": strings.ToUpper}\n\n" +
		"func f(l *i18n.Localizer) string { return l.MustLocalize(&i18n.LocalizeConfig{MessageID: \"a\", Funcs: map[string]any{\"local\": func(s string) string { return s }}}) }\n\n" +
		"var commands = map[string]any{\"run\": f}\n"
	u, _ := Scan(catalog.Files{"a/a.go": []byte(code)}, Options{Calls: []Call{}})
	for _, tt := range []struct {
		node, locale string
		want         diag.Severity
	}{
		{"upper", "en", diag.Info}, {"local", "en", diag.Info}, {"upper", "ru", diag.Error}, {"other", "en", diag.Error}, {"run", "en", diag.Error},
	} {
		ds := u.Explain([]diag.Diagnostic{rule.Finding("catalog.template-node", diag.Place{Locale: tt.locale}, "", "form %q has %s", diag.Arg("form", "other"), diag.Arg("node", tt.node))}, "en")
		if len(ds) != 1 || ds[0].Severity != tt.want {
			t.Errorf("%s in %s: %v, want %v", tt.node, tt.locale, ds, tt.want)
		}
	}
	// A helper in a translation, which may call its own message without end.
	helper := &Usage{Functions: []string{"T"}}
	for locale, want := range map[string]int{"en": 0, "ru": 1} {
		if ds := helper.Explain([]diag.Diagnostic{rule.Finding("catalog.template-node", diag.Place{Locale: locale}, "", "form %q has %s", diag.Arg("form", "other"), diag.Arg("node", "T"))}, "en"); len(ds) != want {
			t.Errorf("%s: %d findings, want %d", locale, len(ds), want)
		}
	}
}

// TestUndefined: ids of the code that the source catalog does not have, and which of them
// are faults.
func TestUndefined(t *testing.T) {
	const (
		catalogs = `{"Known": "Known", "days.one": "%d day", "days.other": "%d days"}`
		head     = "package a\nimport \"github.com/nicksnyder/go-i18n/v2/i18n\"\nvar l *i18n.Localizer\nfunc L(id string) string { return l.MustLocalize(&i18n.LocalizeConfig{MessageID: id}) }\nfunc known() { L(\"Known\"); L(\"days\") }\n"
	)
	for _, tt := range []struct{ reason, name, code, want string }{
		{"no message", "b.go", "package a\nfunc f() { L(\"Gone\") }", "undefined error"},
		{"forms of a plural that are messages", "b.go", "package a\nfunc f() { L(\"days\") }", ""},
		{"the tag of a locale", "b.go", "package a\nfunc f() { L(\"ru\") }", ""},
		{"a text that the helper returns instead", "b.go", "package a\nfunc label(id, text string) string { if s := L(id); s != id { return s }; return text }\nfunc f() { label(\"Gone\", \"Open\") }", "undefined info"},
		{"a helper that returns the id", "b.go", "package a\nfunc label(id, text string) string { if s := L(id); s != text { return s }; return id }\nfunc f() { label(\"Gone\", \"Open\") }", "undefined error"},
		{"a document", "b.md", "Write {{ T \"Gone\" }}.", "undefined info"},
		{"a template", "b.html", "{{ T \"Gone\" }}", "undefined error"},
		{"a variable that is tested", "b.html", "{{ $x := T \"Gone\" }}{{ if $x }}{{ $x }}{{ end }}", ""},
		{"one of several", "b.html", "{{ $x := T \"Gone\" }}{{ if and $x .Y }}{{ $x }}{{ end }}", ""},
		{"a variable with a fallback", "b.html", "{{ $x := T \"Gone\" }}{{ $x | default \"y\" }}{{ or $x \"y\" }}", ""},
		{"a variable that is compared", "b.html", "{{ $x := T \"Gone\" }}{{ if eq $x \"y\" }}{{ $x }}{{ end }}", "undefined error"},
		{"another variable that is tested", "b.html", "{{ $x := T \"Gone\" }}{{ if $y }}{{ $x }}{{ end }}", "undefined error"},
	} {
		set, _ := catalog.Parse(catalog.Files{"en.json": []byte(catalogs), "ru.json": []byte(`{"Known": "Да"}`)}, "en")
		u, _ := Scan(catalog.Files{"a.go": []byte(head), tt.name: []byte(tt.code + "\n")}, Options{})
		var got []string
		for _, d := range Check(set, u) {
			got = append(got, strings.TrimPrefix(d.ID, "catalog.")+" "+d.Severity.String())
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}

// TestUnusedOfTheme: what the templates of a theme use that are not at hand is not known, and
// the forms of a plural are used with it.
func TestUnusedOfTheme(t *testing.T) {
	set, _ := catalog.Parse(catalog.Files{"en.json": []byte(`{"Known": "Known", "Gone": "Gone", "days.one": "%d day", "days.other": "%d days"}`)}, "en")
	u, _ := Scan(catalog.Files{"a.html": []byte(`{{ T "Known" }}{{ T "days" }}`)}, Options{})
	if ids, err := Unused(set, u); err != nil || strings.Join(ids, " ") != "Gone" {
		t.Errorf("unused %v, %v", ids, err)
	}
	u.Theme = "docsy"
	if ids, err := Unused(set, u); err == nil {
		t.Errorf("unused %v beside a theme", ids)
	}
	ds := Check(set, u)
	if len(ds) != 1 || ds[0].ID != "catalog.unused" || ds[0].Severity != diag.Info {
		t.Errorf("findings %v", ds)
	}
}
