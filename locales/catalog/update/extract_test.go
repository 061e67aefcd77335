package update

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/catalogtest"
	"hexapla/locales/catalog/usage"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

func TestExtract(t *testing.T) {
	program := catalog.Files(maps.Clone(catalogtest.Program))
	delete(program, "b/bad.go")
	u, ds := usage.Scan(program, usage.Options{Patterns: []*regexp.Regexp{regexp.MustCompile(`data-i18n="([^"]+)"`)}})
	if len(ds) > 0 {
		t.Errorf("%v", ds)
	}
	r, ds := Extract(catalog.Files{}, "en", "locales/active.en.toml", u)
	want := `[Attr]
other = ""

[Hello]
description = "Greeting"
leftDelim = "<<"
rightDelim = ">>"
other = "Hello, <<.Name>>!"

[Helper]
other = ""

[Inline]
other = "inline"

[Key]
other = "k"

[MenuOpen]
other = ""

[Method]
other = ""

[One]
other = "1"

[Ours]
other = ""

[Page]
other = ""

[Raw]
other = ""

[Two]
one = "{{.PluralCount}} x"
other = "{{.PluralCount}} xs"
`
	if got := string(r.Write["locales/active.en.toml"]); got != want || len(ds) > 0 {
		t.Errorf("extracted %v\n%s", ds, got)
	}
	in := catalog.Files{"locales/active.en.toml": []byte("# kept\n[Ours]\nother = \"o\"\n\n[Hello]\n# kept\nother = \"Hi\"\n\n[Idle]\nother = \"i\"\n")}
	r, _ = Extract(in, "en", "", u)
	if got := changes(r); got != "empty en Attr; updated en Hello; empty en Helper; new en Inline; new en Key; empty en MenuOpen; empty en Method; new en One; empty en Page; empty en Raw; new en Two" {
		t.Error(got)
	}
	next := put(in, r)
	if strings.Count(string(next["locales/active.en.toml"]), "# kept") != 2 {
		t.Errorf("comments lost:\n%s", next["locales/active.en.toml"])
	}
	if again, _ := Extract(next, "en", "", u); len(again.Write) > 0 {
		t.Errorf("a second run changes %v", again.Changes)
	}
}

// FuzzExtract: code of any kind is looked at without a panic, and what is
// extracted from it can be read.
func FuzzExtract(f *testing.F) {
	f.Add(true, catalogtest.Program["a/main.go"])
	f.Add(false, catalogtest.Program["t/page.html"])
	f.Add(true, []byte("package a\nconst a = b + \"x\"\nconst b = a\nvar _ = T(a)"))
	f.Add(true, []byte("package a\nimport \"x/i18n\"\nvar rows = []struct{ id string }{{\"A\"}, {id: \"B\"}}\nfunc T(id string) { g(func(x string) { T(x + id) }); for _, r := range rows { T(r.id) } }\nvar _ = []*i18n.Message{{ID: rows[0].id}}"))
	f.Fuzz(func(t *testing.T, isGo bool, data []byte) {
		name := "a.html"
		if isGo {
			name = "a.go"
		}
		u, _ := usage.Scan(catalog.Files{name: data}, usage.Options{})
		r, ds := Extract(catalog.Files{}, "en", "active.en.toml", u)
		for _, data := range r.Write {
			if _, ds := message.Parse("active.en.toml", data); len(ds) > 0 {
				t.Fatalf("%v\n%s", ds, data)
			}
		}
		for _, d := range ds {
			if d.Severity == diag.Error && d.ID != "catalog.syntax" {
				t.Fatal(d)
			}
		}
	})
}
