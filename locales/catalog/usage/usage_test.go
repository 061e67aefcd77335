package usage

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/catalogtest"
	"hexapla/pipeline/diag"
)

func TestScan(t *testing.T) {
	u, ds := Scan(catalog.Files(catalogtest.Program), Options{Patterns: []*regexp.Regexp{regexp.MustCompile(`data-i18n="([^"]+)"`)}})
	if len(ds) != 1 || ds[0].Place.Path != "b/bad.go" {
		t.Errorf("%v", ds)
	}
	if got, want := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "), "Attr Hello Helper Inline Key MenuOpen Method One Ours Page Raw Two"; got != want {
		t.Errorf("used %s\nwant %s", got, want)
	}
	if got, want := strings.Join(slices.Sorted(maps.Keys(u.Defined)), " "), "Hello Inline Key One Two"; got != want {
		t.Errorf("defined %s", got)
	}
	if len(u.Dynamic) != 1 || u.Dynamic[0].Place.Line != 18 {
		t.Errorf("dynamic %v", u.Dynamic)
	}
	if p := u.Used["Raw"][0]; p.Line != 1 || p.Column != 28 {
		t.Errorf("place %v", p)
	}
	in := catalog.Files{"locales/active.en.toml": []byte("[Ours]\nother = \"o\"\n\n[Hello]\nother = \"Hi\"\n\n[Idle]\nother = \"i\"\n")}
	s, _ := catalog.Parse(in, "en")
	var got []string
	for _, d := range Check(s, u) {
		if d.ID == "catalog.undefined" && d.Severity == diag.Error {
			got = append(got, d.Place.Unit)
		}
	}
	if want := "One Two Key MenuOpen Inline Helper Method Page Raw Attr"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	var all strings.Builder
	for _, id := range slices.Sorted(maps.Keys(u.Used)) {
		all.WriteString("[" + id + "]\nother = \"x\"\n")
	}
	s, _ = catalog.Parse(catalog.Files{"locales/active.en.toml": []byte(all.String() + "[Idle]\nother = \"i\"\n")}, "en")
	found := Check(s, u)
	other := slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.ID == "catalog.default-text" })
	if len(other) != 1 || other[0].ID != "catalog.unused" || other[0].Place.Unit != "Idle" || other[0].Severity != diag.Info {
		t.Errorf("%v", other)
	}
	if n := len(found) - len(other); n != 5 {
		t.Errorf("%d default texts differ, want 5: %v", n, found)
	}
}

// TestScanGo: what one piece of code beside the type declarations of "lib"
// uses, defines and leaves open.
func TestScanGo(t *testing.T) {
	lib := `package lib

import "github.com/nicksnyder/go-i18n/v2/i18n"

const Title = "Ti" + "tle"

type ID string

type Message = i18n.Message

type Tr struct{ l *i18n.Localizer }

func (t *Tr) Say(id string, args ...any) string {
	return t.l.MustLocalize(&i18n.LocalizeConfig{MessageID: id})
}

func (t *Tr) ByID(n int, id ID) string { return t.Say(string(id)) }

type Sayer interface{ Say(id string, args ...any) string }
`
	tests := []struct{ reason, body, used, dynamic string }{
		{"a constant of another package", `l.MustLocalize(&i18n.LocalizeConfig{MessageID: lib.Title})`, "Title", ""},
		{"an alias of the type", `_ = lib.Message{ID: "Alias", Other: "x"}`, "Alias", ""},
		{"no names of fields", `_ = []*i18n.Message{{"Bare", "", "", "", "", "", "", "", "", "", "x"}}; _ = i18n.LocalizeConfig{"First", nil, nil, nil, nil, nil}`, "Bare First", ""},
		{"a helper of another package", `tr.Say("Method")`, "Method", ""},
		{"a helper of a helper, its own type", `tr.ByID(1, "Typed"); const c lib.ID = "Const"; tr.ByID(2, c)`, "Const Typed", ""},
		{"by an interface", `var s lib.Sayer = tr; s.Say("Interface")`, "Interface", ""},
		{"a function in a variable", `say := func(x int, id string) { tr.Say(id) }; say(1, "Closure"); other := tr.Say; other("Value")`, "Closure Value", ""},
		{"fields set later", `c := &i18n.LocalizeConfig{}; c.MessageID = "Set"; var m i18n.Message; m.ID = "SetToo"`, "Set SetToo", ""},
		{"a variable with one value", `id := "Once"; tr.Say(id)`, "Once", ""},
		{"a variable with two constant values", `id := "One"; if x { id = "Two" }; tr.Say("Is" + id)`, "IsOne IsTwo", ""},
		{"elements of a list", `for _, id := range []string{"One", "Two"} { tr.Say(id) }`, "One Two", ""},
		{"elements of a list in a variable", `ids := []string{"One", "Two"}; tr.Say(ids[0]); for _, id := range ids { tr.Say(id) }`, "One Two", ""},
		{"keys of a map", `for id := range map[string]int{"One": 1, "Two": 2} { tr.Say(id) }`, "One Two", ""},
		{"a field", `rows := []struct{ name, id string }{{"x", "One"}, {name: "y", id: "Two"}}; for _, r := range rows { tr.Say(r.id) }`, "One Two", ""},
		{"a field that a file may give", "type row struct { ID string `json:\"id\"` }; r := row{ID: \"One\"}; tr.Say(r.ID)", "", "a/a.go:12 |"},
		{"a wrapper of go-i18n that is not at hand", `_ = wrapped.Message{ID: "One", Other: "x"}; _ = []*wrapped.Message{{ID: "Two", Other: "x"}}; _ = wrapped.LocalizeConfig{MessageID: "Three"}`, "One Three Two", ""},
		{"a value that refers to itself", `id := "One"; id = id + "x"; tr.Say(id)`, "", "a/a.go:12 |"},
		{"a variable with two values", `id := "Once"; id = read(); tr.Say(id)`, "", "a/a.go:12 |"},
		{"an address that is taken", `id := "Once"; scan(&id); tr.Say(id)`, "", "a/a.go:12 |"},
		{"known at an end", `tr.Say("Error" + read()); tr.Say(read() + "Title"); tr.Say(fmt.Sprintf("Day%d", len(read())))`, "", "a/a.go:12 Error| a/a.go:12 |Title a/a.go:12 Day|"},
		{"a text that is not constant", `_ = i18n.Message{ID: "Made", Other: read()}`, "Made", ""},
		{"a map for templates", `_ = template.FuncMap{"say": tr.Say, "tell": func(id string) string { return tr.Say(id) }}; m := map[string]any{}; m["told"] = tr.Say`, "InSay InTell InTold", ""},
		{"other delimiters", `_ = template.FuncMap{"say": tr.Say}; template.New("x").Delims("[[", "]]")`, "InBrackets InSay", ""},
		{"another package's type of that name", `_ = other.Message{ID: "No"}; _ = Message{ID: "Neither"}`, "", ""},
		{"code that does not compile", `undefined.Call(tr.Say("Yes"), nothing{})`, "Yes", ""},
		{"no id", `tr.Say("")`, "", ""},
	}
	for _, tt := range tests {
		files := catalog.Files{
			"lib/lib.go": []byte(lib),
			"a/a.go": []byte("package a\n\nimport (\n\t\"example.org/x/lib\"\n\t\"example.org/x/other\"\n\t\"html/template\"\n\twrapped \"example.org/y/i18n\"\n\t\"github.com/nicksnyder/go-i18n/v2/i18n\"\n)\n\n" +
				"func f(l *i18n.Localizer, tr *lib.Tr) {\n" + tt.body + "\n}\n\ntype Message struct{ ID string }\n"),
			"t/a.html": []byte(`{{say "InSay"}}{{tell "InTell" | printf}}{{told "InTold"}}[[say "InBrackets"]]`),
		}
		u, ds := Scan(files, Options{Calls: []Call{}})
		if len(ds) > 0 {
			t.Errorf("%s: %v", tt.reason, ds)
		}
		var dynamic []string
		for _, d := range u.Dynamic {
			// What the library's own helpers are given is open where nothing calls them.
			if strings.HasPrefix(d.Place.Path, "a/") {
				dynamic = append(dynamic, fmt.Sprintf("%s:%d %s|%s", d.Place.Path, d.Place.Line, d.Prefix, d.Suffix))
			}
		}
		if got := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "); got != tt.used {
			t.Errorf("%s: used %q, want %q", tt.reason, got, tt.used)
		}
		if got := strings.Join(dynamic, " "); got != tt.dynamic {
			t.Errorf("%s: dynamic %q, want %q", tt.reason, got, tt.dynamic)
		}
	}
}

func TestScanTemplates(t *testing.T) {
	tests := []struct{ text, used, dynamic string }{
		{`{{"A" | T}} {{T "B" 3}} {{.L.T "C"}} {{$.Tr "D"}} {{lang.Translate "E"}} {{call .Tr "F"}}`, "A B C D E F", ""},
		{`{{/* T "No" */}}{{if T "A"}}{{else}}{{t "B"}}{{end}}{{range tr "C"}}{{end}}{{template "x" (T "D")}}{{define "x"}}{{with (T "E").F}}{{end}}{{end}}`, "B C D E", ""},
		{`{{T .ID}}`, "", "1:3"},
		{`{{T}} {{.T}} {{$x := T "A"}}`, "A", ""},
		{`{{T "A"}} {{ no template {{i18n "B"}}`, "A B", ""},
		{`T "No" <% T "No" %>`, "", ""},
	}
	for _, tt := range tests {
		u, _ := Scan(catalog.Files{"a.tmpl": []byte(tt.text)}, Options{})
		var dynamic []string
		for _, d := range u.Dynamic {
			dynamic = append(dynamic, fmt.Sprintf("%d:%d", d.Place.Line, d.Place.Column))
		}
		if got := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "); got != tt.used || strings.Join(dynamic, " ") != tt.dynamic {
			t.Errorf("%s: used %q, want %q; dynamic %q, want %q", tt.text, got, tt.used, dynamic, tt.dynamic)
		}
	}
}

func TestUnused(t *testing.T) {
	s, _ := catalog.Parse(catalog.Files{"active.en.toml": []byte("DayOne = \"1\"\nDay = \"d\"\nIdle = \"i\"\nUsed = \"u\"\n")}, "en")
	u, _ := Scan(catalog.Files{"a.go": []byte("package a\nfunc f(n string) { T(\"Used\"); T(\"Day\" + read()) }\n")}, Options{})
	ids, err := Unused(s, u)
	if err != nil || !slices.Equal(ids, []string{"Idle"}) {
		t.Errorf("%v, %v", ids, err)
	}
	if ds := Check(s, u); len(ds) != 1 || ds[0].Place.Unit != "Idle" || ds[0].Severity != diag.Warning {
		t.Errorf("%v", ds)
	}
	u, _ = Scan(catalog.Files{"a.go": []byte("package a\n")}, Options{})
	if _, err := Unused(s, u); err == nil {
		t.Error("of code that uses nothing it is said what is unused")
	}
	if ds := Check(s, u); len(ds) != 1 || ds[0].ID != "catalog.code" {
		t.Errorf("%v", ds)
	}
	u, _ = Scan(catalog.Files{"a.go": []byte("package a\nfunc f() { T(read()) }\n")}, Options{})
	if _, err := Unused(s, u); err == nil {
		t.Error("nothing is known of an id, and yet it is said what is unused")
	}
}

// TestScanBomb: constants that double a thousand times are not worked out.
func TestScanBomb(t *testing.T) {
	double := func(form string) string {
		var b strings.Builder
		b.WriteString("package a\nconst c0 = \"0123456789\"\n")
		for i := range 1000 {
			fmt.Fprintf(&b, form, i+1, i, i)
		}
		b.WriteString("var _ = T(c1000 + c1000)\nvar _ = len(c1000)\n")
		return b.String()
	}
	for _, code := range []string{
		double("const c%d = c%d + c%d\n"), double("var c%d = string(c%d) + (c%d)\n"), double("const ( _ = \"\"; c%d = c%d + c%d )\n"),
		"package a\nconst a = \"0123456789\"\nfunc f() {" + strings.Repeat("{ const a = a + a\n", 40) + "T(a)" + strings.Repeat("}", 40) + "}\n",
		"package a\nconst ( a0 = \"0123456789\"; b0 )\n" + strings.Repeat("const ( a1 = b0+b0+b0+b0; b1 )\n", 3) + "func f() { T(b1 + b1) }\n",
	} {
		u, ds := Scan(catalog.Files{"a.go": []byte(code)}, Options{})
		if len(ds) != 0 {
			t.Errorf("%v", ds)
		}
		for id := range u.Used {
			if len(id) > maxConstant {
				t.Errorf("an id of %d bytes", len(id))
			}
		}
	}
}

// TestScanFiles: what takes more than one file to be seen.
func TestScanFiles(t *testing.T) {
	const head = "package a\nimport \"github.com/nicksnyder/go-i18n/v2/i18n\"\nvar l *i18n.Localizer\nfunc L(id string) { l.MustLocalize(&i18n.LocalizeConfig{MessageID: id}) }\n"
	tests := []struct {
		reason        string
		files         map[string]string
		used, dynamic string
	}{
		{"a constant for each system", map[string]string{"x_linux.go": "package a\nconst id = \"OnLinux\"", "x_windows.go": "package a\nconst id = \"OnWindows\"", "m.go": "package a\nfunc f() { L(id) }"}, "OnLinux OnWindows", ""},
		{"a helper for each system", map[string]string{"x_linux.go": "package a\nfunc say(id string) { L(id) }", "x_windows.go": "package a\nfunc say(id string) { L(id) }", "m.go": "package a\nfunc f() { say(\"A\"); y.Open(\"f\", \"data.csv\"); g()(1, \"zzz\") }"}, "A", ""},
		{"constants without a value", map[string]string{"m.go": "package a\nconst ( one = \"One\"; same )\nfunc f() { L(same) }"}, "One", ""},
		{"a parameter that is changed", map[string]string{"m.go": "package a\nfunc say(id string) { id = \"app.\" + id; L(id) }\nfunc f() { say(\"A\") }"}, "", "m.go:2:43"},
		{"further arguments", map[string]string{"m.go": "package a\nfunc say(ids ...string) { for i := range ids { L(ids[i]) } }\nfunc tell(x int, ids ...string) { for _, id := range ids { L(id) } }\nfunc f() { say(\"A\", \"B\"); tell(1, \"C\", \"D\"); say([]string{\"E\"}...) }"}, "A B C D E", ""},
		{"a parameter that is a list", map[string]string{"m.go": "package a\nfunc say(ids []string) { L(ids[0]) }\nfunc f() { say([]string{\"A\"}) }"}, "", "m.go:2:28"},
		{"a struct that is filled", map[string]string{"m.go": "package a\ntype cfg struct{ ID string }\nfunc f() { c := cfg{ID: \"A\"}; json.Unmarshal(b, &c); L(c.ID) }"}, "", "m.go:3:56"},
		{"a map that is filled", map[string]string{"m.go": "package a\nfunc f() { m := map[string]string{\"k\": \"A\"}; maps.Copy(m, load()); L(m[\"q\"]) }"}, "", "m.go:2:70"},
		{"an interface that the helper does not stand behind", map[string]string{"m.go": "package a\ntype tr struct{}\nfunc (t tr) Get(id string) string { L(id); return \"\" }\ntype cache interface{ Get(key string) ([]byte, error) }\nfunc f(c cache) { c.Get(\"user:1\"); tr{}.Get(\"A\") }"}, "A", ""},
		{"a method of that name in a template", map[string]string{"m.go": "package a\ntype tr struct{}\nfunc (t tr) Get(id string) string { L(id); return \"\" }\nfunc f() { tr{}.Get(\"A\") }", "a.html": "{{.Request.Header.Get \"X-Id\"}}"}, "A", ""},
		{"a method expression", map[string]string{"m.go": "package a\ntype w struct{}\nfunc (*w) say(id string) { L(id) }\nfunc f() { (*w).say(nil, \"A\"); g := (*w).say; g(nil, \"B\") }"}, "A B", ""},
		{"two packages in one folder", map[string]string{"ids/ids.go": "package ids\nconst Hello = \"A\"", "ids/zz.go": "//go:build ignore\npackage zz", "m.go": "package a\nimport \"example.org/x/ids\"\nfunc f() { L(ids.Hello) }"}, "A", ""},
		{"folders that are no part of the program", map[string]string{"vendor/x/x.go": "package x\nvar _ = T(\"No\")", "testdata/x.go": "package x\nvar _ = T(\"No\")", "_old/x.go": "package x\nvar _ = T(\"No\")", ".git/x.go": "package x\nvar _ = T(\"No\")", "node_modules/a/a.html": "{{T \"No\"}}", "a/.html": "{{T \"A\"}}"}, "A", ""},
		{"comments that move lines", map[string]string{"m.go": "package a\n//line /etc/passwd:1\nfunc f() { L(read()) }"}, "", "m.go:3:14"},
		{"what may be a locale before the id", map[string]string{"m.go": "package a\nfunc f() { x.T(\"en\", \"Maybe\"); x.T(\"pt-BR\", \"Maybe\"); x.T(\"no\"); x.T(\"A\", \"en\") }"}, "A no", ""},
		{"a type that is named as a helper", map[string]string{"m.go": "package a\nfunc f[T ~string](list []string) (out []T) { for _, s := range list { out = append(out, T(s)) }; return out }\nfunc g() { L(\"A\") }"}, "A", ""},
		{"columns are characters", map[string]string{"m.go": "package a\nfunc f() { /* привет */ L(read()) }"}, "", "m.go:2:27"},
	}
	for _, tt := range tests {
		files := catalog.Files{"l.go": []byte(head)}
		for name, text := range tt.files {
			files[name] = []byte(text + "\n")
		}
		u, ds := Scan(files, Options{Calls: []Call{{"T", -1}}})
		if len(ds) > 0 {
			t.Errorf("%s: %v", tt.reason, ds)
		}
		var dynamic []string
		for _, d := range u.Dynamic {
			if d.Place.Path != "l.go" {
				dynamic = append(dynamic, d.Place.String())
			}
		}
		if got := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "); got != tt.used || strings.Join(dynamic, " ") != tt.dynamic {
			t.Errorf("%s: used %q, want %q; dynamic %q, want %q", tt.reason, got, tt.used, dynamic, tt.dynamic)
		}
	}
	_, ds := Scan(catalog.Files{"bad.go": []byte("package a\n\n  func {\n")}, Options{At: "x"})
	if len(ds) != 1 || ds[0].Place.Path != "x/bad.go" || ds[0].Place.Line != 3 || ds[0].Place.Column != 8 {
		t.Errorf("%v", ds)
	}
}

func TestScanDefinedTwice(t *testing.T) {
	head := "package a\nimport \"github.com/nicksnyder/go-i18n/v2/i18n\"\n"
	_, ds := Scan(catalog.Files{"a.go": []byte(head + "var a = i18n.Message{ID: \"X\", Other: \"a\"}\nvar b = i18n.Message{ID: \"X\", Other: \"b\"}\nvar c = i18n.Message{ID: \"X\", Other: \"a\"}\n")}, Options{})
	if len(ds) != 1 || ds[0].ID != "catalog.duplicate" || ds[0].Place.Line != 4 {
		t.Errorf("%v", ds)
	}
}

// TestUnusedOfLibrary: most messages of a library are named by the programs that use it:
// one note says so.
func TestUnusedOfLibrary(t *testing.T) {
	messages := map[string]string{"used": "Used"}
	for i := range 2 * maxNamed {
		messages[fmt.Sprintf("m%d", i)] = "Text"
	}
	data, err := json.Marshal(messages)
	if err != nil {
		t.Fatal(err)
	}
	set, _ := catalog.Parse(catalog.Files{"en.json": data}, "en")
	u, _ := Scan(catalog.Files{"a.go": []byte(`package a
import "github.com/nicksnyder/go-i18n/v2/i18n"
func T(l *i18n.Localizer, id string) string { return l.MustLocalize(&i18n.LocalizeConfig{MessageID: id}) }
func use(l *i18n.Localizer) { T(l, "used"); T(l, read()) }
`)}, Options{})
	ds := Check(set, u)
	if len(ds) != 1 || ds[0].ID != "catalog.unused" || ds[0].Severity != diag.Info || ds[0].Place.Unit != "" {
		t.Errorf("got %v, want one note", ds)
	}
}
