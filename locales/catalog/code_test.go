package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var code = Files{
	"a/main.go": []byte(`package a

import (
	"fmt"
	loc "github.com/nicksnyder/go-i18n/v2/i18n"
)

const prefix = "Menu"
const Open = prefix + "Open"

var hello = &loc.Message{ID: "Hello", Description: "Greeting", Other: "Hello, <<.Name>>!", LeftDelim: "<<", RightDelim: ">>"}

var list = []loc.Message{{ID: "One", Other: "1"}, {ID: other, One: "{{.PluralCount}} x", Other: "{{.PluralCount}} xs"}}
var byKey = map[string]*loc.Message{"k": {ID: "Key", Other: "k"}}

func f(l *loc.Localizer, id string) {
	l.Localize(&loc.LocalizeConfig{MessageID: Open})
	l.MustLocalize(&loc.LocalizeConfig{DefaultMessage: &loc.Message{ID: "Inline", Other: "in" + "line"}})
	T(l, "Helper")
	x.T("Method", 3)
	c.Localize("en", "Ours", nil)
	T(l, id)
	fmt.Println("not an id")
}

func T(l *loc.Localizer, id string) string {
	return l.MustLocalize(&loc.LocalizeConfig{MessageID: id})
}
`),
	"a/more.go":      []byte("package a\nconst other = \"Two\"\n"),
	"a/main_test.go": []byte("package a\nvar _ = T(\"InTest\")\n"),
	"b/bad.go":       []byte("package b\nfunc {"),
	"t/page.html":    []byte("<p>{{ T \"Page\" }} {{if (t `Raw`)}}{{.X | printf \"no\"}}{{end}} T \"outside\"</p>\n<a data-i18n=\"Attr\">"),
}

func TestScan(t *testing.T) {
	u, ds := Scan(code, ScanOptions{Patterns: []*regexp.Regexp{regexp.MustCompile(`data-i18n="([^"]+)"`)}})
	if len(ds) != 1 || ds[0].Place.Path != "b/bad.go" {
		t.Errorf("%v", ds)
	}
	if got, want := strings.Join(slices.Sorted(maps.Keys(u.Used)), " "), "Attr Hello Helper Inline Key MenuOpen Method One Ours Page Raw Two"; got != want {
		t.Errorf("used %s\nwant %s", got, want)
	}
	if got, want := strings.Join(slices.Sorted(maps.Keys(u.Defined)), " "), "Hello Inline Key One Two"; got != want {
		t.Errorf("defined %s", got)
	}
	if len(u.Dynamic) != 1 || u.Dynamic[0].Line != 22 {
		t.Errorf("dynamic %v", u.Dynamic)
	}
	if p := u.Used["Raw"][0]; p.Line != 1 || p.Column != 28 {
		t.Errorf("place %v", p)
	}
	r, ds := Extract(Files{}, "en", "locales/active.en.toml", u)
	want := `[Hello]
description = "Greeting"
leftDelim = "<<"
rightDelim = ">>"
other = "Hello, <<.Name>>!"

[Inline]
other = "inline"

[Key]
other = "k"

[One]
other = "1"

[Two]
one = "{{.PluralCount}} x"
other = "{{.PluralCount}} xs"
`
	if got := string(r.Write["locales/active.en.toml"]); got != want || len(ds) > 0 {
		t.Errorf("extracted %v\n%s", ds, got)
	}
	in := Files{"locales/active.en.toml": []byte("# kept\n[Ours]\nother = \"o\"\n\n[Hello]\n# kept\nother = \"Hi\"\n\n[Idle]\nother = \"i\"\n")}
	r, _ = Extract(in, "en", "", u)
	if got := changes(r); got != "updated en Hello; new en Inline; new en Key; new en One; new en Two" {
		t.Error(got)
	}
	next := put(in, r)
	if strings.Count(string(next["locales/active.en.toml"]), "# kept") != 2 {
		t.Errorf("comments lost:\n%s", next["locales/active.en.toml"])
	}
	if again, _ := Extract(next, "en", "", u); len(again.Write) > 0 {
		t.Errorf("a second run changes %v", again.Changes)
	}
	s, _ := Parse(next, "en")
	var got []string
	for _, d := range CheckUsage(s, u) {
		got = append(got, d.ID+" "+d.Place.Unit+" "+d.Severity.String())
	}
	if want := "[catalog.undefined MenuOpen error catalog.undefined Helper error catalog.undefined Method error catalog.unused Idle info catalog.undefined Page error catalog.undefined Raw error catalog.undefined Attr error]"; fmt.Sprint(got) != want {
		t.Errorf("%v", got)
	}
}

func TestScanDefinedTwice(t *testing.T) {
	head := "package a\nimport \"github.com/nicksnyder/go-i18n/v2/i18n\"\n"
	_, ds := Scan(Files{"a.go": []byte(head + "var a = i18n.Message{ID: \"X\", Other: \"a\"}\nvar b = i18n.Message{ID: \"X\", Other: \"b\"}\nvar c = i18n.Message{ID: \"X\", Other: \"a\"}\n")}, ScanOptions{})
	if len(ds) != 1 || ds[0].ID != "catalog.duplicate" || ds[0].Place.Line != 4 {
		t.Errorf("%v", ds)
	}
}

func FuzzScan(f *testing.F) {
	f.Add("a.go", code["a/main.go"])
	f.Add("a.html", code["t/page.html"])
	f.Add("a.go", []byte("package a\nconst a = b + \"x\"\nconst b = a\nvar _ = T(a)"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		u, _ := Scan(Files{name: data}, ScanOptions{})
		Extract(Files{}, "en", "active.en.toml", u)
	})
}
