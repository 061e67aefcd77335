package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/diag"
)

const seedSource = `[Plain]
description = "d"
other = "Read the news"
[Who]
other = "With reporting by {{list .Agencies}}"
[Cats]
one = "{{.PluralCount}} cat"
other = "{{.PluralCount}} cats"
[Link]
other = "See <b>all</b> at https://example.org/a."
`

// TestSeededDefects is the table in the package's comment: a sound Russian
// catalog with one defect at a time, and what Check says.
func TestSeededDefects(t *testing.T) {
	sound := map[string]string{"Plain": `other = "Читать новости"`, "Who": `other = "По материалам {{list .Agencies}}"`,
		"Cats": "one = \"{{.PluralCount}} кот\"\nfew = \"{{.PluralCount}} кота\"\nmany = \"{{.PluralCount}} котов\"\nother = \"{{.PluralCount}} кота\"",
		"Link": `other = "См. <b>всё</b> на https://example.org/a."`}
	build := func(id, body string) Files {
		src, _ := Parse(Files{"active.en.toml": []byte(seedSource)}, "en")
		var b strings.Builder
		for _, key := range append([]string{"Plain", "Who", "Cats", "Link"}, id) {
			text := sound[key]
			if key == id {
				text = body
			} else if text == "" {
				continue
			}
			if key == id && text == "" || strings.Contains(b.String(), "["+key+"]") {
				continue
			}
			fmt.Fprintf(&b, "[%s]\n", key)
			if m := src.Catalogs["en"].Messages[key]; m != nil && !strings.Contains(text, "hash") {
				fmt.Fprintf(&b, "hash = %q\n", Hash(&m.Entry))
			}
			b.WriteString(text + "\n")
		}
		return Files{"active.en.toml": []byte(seedSource), "active.ru.toml": []byte(b.String())}
	}
	tests := []struct{ defect, id, body, want string }{
		{"none", "-", "", ""},
		{"missing", "Plain", "", "catalog.missing"},
		{"extra", "Old", `other = "Старое"`, "catalog.extra"},
		{"empty", "Plain", `other = ""`, "catalog.empty"},
		{"empty form", "Cats", sound["Cats"] + "\nzero = \"\"", "catalog.empty"},
		{"plural form missing", "Cats", "one = \"{{.PluralCount}} кот\"\nfew = \"{{.PluralCount}} кота\"\nother = \"{{.PluralCount}} кота\"", "catalog.plural-missing"},
		{"plural form superfluous", "Cats", sound["Cats"] + "\ntwo = \"{{.PluralCount}} кота\"", "catalog.plural-extra"},
		{"form without its count", "Cats", strings.Replace(sound["Cats"], "{{.PluralCount}} кот\"", "Кот\"", 1), "catalog.count"},
		{"variable renamed", "Who", `other = "По материалам {{list .Agency}}"`, "catalog.variable-extra catalog.variable-missing"},
		{"variable lost", "Who", `other = "По материалам агентств"`, "catalog.variable-missing"},
		{"variable added", "Plain", `other = "Читать новости {{.X}}"`, "catalog.variable-extra"},
		{"function", "Who", `other = "По материалам {{.Agencies}}"`, "catalog.function"},
		{"template syntax", "Who", `other = "По материалам {{list .Agencies"`, "catalog.template"},
		{"template loops", "Who", `other = "По материалам {{range .Agencies}}x{{end}}"`, "catalog.template-node"},
		{"markup lost", "Link", `other = "См. всё на https://example.org/a."`, "catalog.markup"},
		{"markup not closed", "Link", `other = "См. <b>всё<b> на https://example.org/a."`, "catalog.markup"},
		{"address", "Link", `other = "См. <b>всё</b> на https://example.com/a."`, "catalog.url"},
		{"same as the source", "Plain", `other = "Read the news"`, "catalog.untranslated"},
		{"space", "Plain", `other = "Читать новости "`, "catalog.space"},
		{"two spaces", "Plain", `other = "Читать  новости"`, "catalog.space"},
		{"end punctuation", "Plain", `other = "Читать новости."`, "catalog.end-punctuation"},
		{"Latin letter", "Plain", `other = "Читать нoвости"`, "catalog.script"},
		{"foreign alphabet", "Plain", `other = "Читать ամեն"`, "catalog.script"},
		{"bidi", "Plain", `other = "Читать \u2067новости"`, "catalog.bidi"},
		{"override", "Plain", `other = "Читать \u202Eновости\u202C"`, "catalog.bidi"},
		{"control", "Plain", `other = "Читать\u0007 новости"`, "catalog.control"},
		{"stale", "Plain", "hash = \"sha1-00\"\nother = \"Читать новости\"", "catalog.stale"},
		{"no hash", "Plain", "# hash\nother = \"Читать новости\"", "catalog.hash"},
		{"not NFC", "Plain", "other = \"Читать новости\u0438\u0306\"", "catalog.nfc"},
	}
	for _, tt := range tests {
		s, ds := Parse(build(tt.id, tt.body), "en")
		var got []string
		for _, d := range append(ds, Check(s, Options{})...) {
			got = append(got, d.ID)
			if d.Place.Locale != "ru" || d.Place.Path != "active.ru.toml" || d.Place.Line == 0 && d.ID != "catalog.missing" || d.Issue != rule(d.ID).ITS {
				t.Errorf("%s: %+v", tt.defect, d)
			}
		}
		slices.Sort(got)
		if got := strings.Join(slices.Compact(got), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.defect, got, tt.want)
		}
	}
}

func TestCheckFiles(t *testing.T) {
	files := Files{
		"l/active.en.toml": []byte("A = \"a long text\"\n"), "l/ru/active.toml": []byte("A = \"а\"\n"), "l/active.ru.toml": []byte("A = \"б\"\n"), "l/active.ru.json": []byte(`{"A": "в"}`),
		"l/errors.ru.toml": []byte("A = \"г\"\n"), "l/translate.ru.toml": []byte("B = \"x\"\n"), "l/en-GB.toml": []byte("A = \"a long text\"\n"), "l/active.sr-ME.toml": nil, "l/active.sr-Latn.toml": []byte("A = \"duži tekst\"\n"),
		"l/active.en-XA.toml": []byte("Z = \"x\"\n"), "README.md": []byte("x"),
	}
	s, ds := Parse(files, "en")
	ds = append(ds, Check(s, Options{Locales: []string{"ru", "tt", "sr-ME", "en-GB"}})...)
	diag.Sort(ds)
	var got []string
	for _, d := range ds {
		if d.Severity > diag.Info {
			got = append(got, d.ID+" "+d.Place.String())
		}
	}
	// ru.json comes first by name; sr-ME has its text from sr-Latn; en-GB may copy English.
	want := []string{"catalog.missing-locale [tt]", "catalog.two-files l/active.ru.toml [ru]", "catalog.duplicate l/errors.ru.toml:1:1 [ru, unit A]", "catalog.file-name l/ru/active.toml"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if ds := Check(&Set{Source: "en", Catalogs: map[string]*Catalog{}}, Options{}); len(ds) != 1 || ds[0].ID != "catalog.missing-locale" {
		t.Errorf("nothing: %v", ds)
	}
}

func TestRules(t *testing.T) {
	if !slices.IsSortedFunc(Rules(), func(a, b Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("rules are not sorted")
	}
}

// FuzzCheck: whatever stands in a catalog, Check ends and says where.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(seedSource), []byte("Plain = \"<b></i>\"\n[Cats]\none = \"{{.X | y (.Z)}}\"\n"))
	f.Add([]byte("A = \"{{if .X}}{{.Y}}{{end}}\""), []byte("A = \"\u202e{{template \\\"x\\\"}}\""))
	f.Fuzz(func(t *testing.T, source, target []byte) {
		s, _ := Parse(Files{"active.en.toml": source, "active.ru.toml": target}, "en")
		for _, d := range Check(s, Options{}) {
			if d.Message == "" || rule(d.ID).Title == "" {
				t.Fatalf("%+v", d)
			}
		}
		Stats(s)
	})
}
