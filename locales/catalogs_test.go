package locales

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// TestEmbeddedComplete holds every shipped catalog to what its locale needs.
func TestEmbeddedComplete(t *testing.T) {
	c := Embedded()
	if got := c.Locales(); !slices.Equal(got, newsroomTags) {
		t.Fatalf("Locales() = %v, want %v", got, newsroomTags)
	}
	ids := c.IDs("en")
	if len(ids) < 40 {
		t.Fatalf("only %d messages", len(ids))
	}
	variables := func(m *Message, form string) string {
		var out []string
		for _, p := range m.forms[form].Parts {
			if p.Field != "" {
				out = append(out, p.Func+" "+p.Field)
			}
		}
		slices.Sort(out)
		return strings.Join(out, ",")
	}
	for _, tag := range c.Locales() {
		if got := c.IDs(tag); !slices.Equal(got, ids) {
			t.Errorf("%s has other messages than en: %v", tag, got)
			continue
		}
		for _, id := range ids {
			source, _ := c.Message("en", id)
			m, _ := c.Message(tag, id)
			want := []string{"other"}
			if source.Plural() {
				want = PluralCategories(tag)
			}
			var got []string
			for _, form := range message.Categories {
				if m.forms[form] != nil {
					got = append(got, form)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: forms %v, want %v", tag, id, got, want)
				continue
			}
			for _, form := range got {
				if a, b := variables(m, form), variables(source, "other"); a != b {
					t.Errorf("%s %s %s: variables %q, in English %q", tag, id, form, a, b)
				}
			}
			if tag != "en" && m.Hash == "" {
				t.Errorf("%s %s: no hash", tag, id)
			}
			// A comma list before a full stop, a Latin letter in a Cyrillic word and the like are the checks' work;
			// here only: nothing was left in English.
			if tag != "en" && m.Other == source.Other && id != "WithReportingBy" {
				if strings.ContainsFunc(m.Other, func(r rune) bool { return r > 0x7f }) || len(m.Other) > 12 {
					t.Errorf("%s %s: as in English: %q", tag, id, m.Other)
				}
			}
		}
	}
	for tag, cat := range c.layers[0] {
		cat.load()
		for _, d := range cat.found {
			t.Errorf("%s: %v", tag, d)
		}
	}
}

func TestLoadTraps(t *testing.T) {
	files := fstest.MapFS{
		"l/active.tt.toml":     {Data: []byte("A = \"а\"\n[N]\nother = \"{{.PluralCount}} фикер\"\n")},
		"l/active.ba.json":     {Data: []byte(`{"A": "а"}`)},
		"l/active.crh.yaml":    {Data: []byte("A: а\nN:\n  one: \"{{.PluralCount}} kişi\"\n  other: \"{{.PluralCount}} kişi\"\n")},
		"l/active.cnr.toml":    {Data: []byte(`A = "a"`)},
		"l/active.prs.toml":    {Data: []byte(`A = "ا"`)},
		"l/active.xx.toml":     {Data: []byte(`A = "x"`)},
		"l/active.cz.toml":     {Data: []byte(`A = "x"`)},
		"l/active.toml":        {Data: []byte(`A = "x"`)},
		"l/active.und.toml":    {Data: []byte(`A = "x"`)},
		"l/active.ru.toml":     {Data: []byte("A = \"\"\nB = \"{{.X\"\nC = \"{{range .X}}a{{end}}\"\nD = \"{{printf \\\"%1000000000d\\\" 1}}\"\nE = \"ok {{.X}}\"\n")},
		"l/active.ru.json":     {Data: []byte(`{"A": "other"}`)},
		"l/active.uk.json":     {Data: []byte("{\n  \"A\": \"a\",\n  \"A\": \"b\"\n}")},
		"l/active.be.toml":     {Data: []byte("A = \"a\"\n<<<<<<< HEAD\nB = \"b\"\n")},
		"l/active.kk.toml":     {Data: []byte("A = \"a\xff\"\n")},
		"l/active.ky.toml":     {Data: []byte("A = \"a\"\nB = \n")},
		"l/active.tg.toml":     {Data: []byte("[A]\nother = \"x\"\nmay = \"y\"\n")},
		"l/active.hy.yaml":     {Data: []byte("A: [\n")},
		"l/active.ka.json":     {Data: []byte("{\"A\": \"a\",\n \"B\": }")},
		"l/active.hu.toml":     {Data: []byte("\"a.b\" = \"x\"\n[a]\nb = \"y\"\n")},
		"l/active.ro.json":     {Data: []byte(strings.Repeat(`{"a":`, 10000))},
		"l/translate.ru.toml":  {Data: []byte(`A = "x"`)},
		"l/sub/active.ru.toml": {Data: []byte(`A = "x"`)},
	}
	c, ds := Load(files, "l")
	var got []string
	for _, d := range ds {
		got = append(got, fmt.Sprintf("%s %s:%d:%d %s", d.ID, strings.TrimPrefix(d.Place.Path, "l/"), d.Place.Line, d.Place.Column, d.Severity))
	}
	want := []string{
		"catalog.conflict active.be.toml:2:1 error",
		"catalog.file-name active.cz.toml:0:0 error",
		"catalog.duplicate active.hu.toml:3:1 error",
		"catalog.syntax active.hy.yaml:1:0 error",
		"catalog.syntax active.ka.json:2:7 error",
		"catalog.encoding active.kk.toml:1:7 error",
		"catalog.syntax active.ky.toml:2:5 error",
		"catalog.syntax active.ro.json:1:321 error",
		"catalog.two-files active.ru.toml:0:0 error",
		"catalog.structure active.tg.toml:3:1 error",
		"catalog.file-name active.toml:0:0 error",
		"catalog.duplicate active.uk.json:3:3 error",
		"catalog.file-name active.und.toml:0:0 error",
		"catalog.file-name active.xx.toml:0:0 error",
	}
	if !slices.Equal(got, want) {
		t.Errorf("diagnostics:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := c.Locales(), strings.Fields("ba be crh fa-AF hu hy ka kk ky ro ru sr-ME tg tt uk"); !slices.Equal(got, want) {
		t.Errorf("Locales() = %v, want %v", got, want)
	}
	for tag, want := range map[string]string{"tt": "5 фикер", "crh": "5 kişi"} {
		if got, err := c.Localize(tag, "N", Args{PluralCount: 5}); err != nil || got.Text != want {
			t.Errorf("%s: %v, %v", tag, got, err)
		}
	}
}

// TestTemplatesRefused: templates that loop, branch or call are left out.
func TestTemplatesRefused(t *testing.T) {
	c, ds := Load(fstest.MapFS{"active.ru.toml": {Data: []byte(`A = ""
B = "{{.X"
C = "{{range .X}}a{{end}}"
D = "{{printf \"%1000000000d\" 1}}"
E = "ok {{.X}}"
F = "{{if .X}}a{{else}}b{{end}}"
G = "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}"
H = "{{$x := .Y}}{{$x}}"
I = "{{.}}"
J = "{{len .X}}"
K = "{{.X | date}} {{number .Y}}"
`)}}, ".")
	var got []string
	for _, d := range ds {
		got = append(got, fmt.Sprintf("%s %s:%d:%d", d.ID, d.Place.Unit, d.Place.Line, d.Place.Column))
	}
	want := []string{"catalog.empty A:1:1", "catalog.template B:2:5", "catalog.template-node C:3:5", "catalog.template-node D:4:5",
		"catalog.template-node F:6:5", "catalog.template-node G:7:5", "catalog.template-node G:7:5", "catalog.template-node H:8:5", "catalog.template-node H:8:5",
		"catalog.template-node I:9:5", "catalog.template-node J:10:5"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if ids := c.IDs("ru"); !slices.Equal(ids, []string{"E", "K"}) {
		t.Errorf("IDs = %v", ids)
	}
}

func TestLocalize(t *testing.T) {
	base, ds := Load(fstest.MapFS{
		"active.en.toml":      {Data: []byte("A = \"english\"\nOnly = \"english only\"")},
		"active.fa.toml":      {Data: []byte("A = \"fa {{date .D}}\"\nB = \"fa b\"\n[N]\none = \"{{.PluralCount}} one\"\nother = \"{{.PluralCount}} other\"")},
		"active.fa-AF.toml":   {Data: []byte("B = \"fa-AF b\"")},
		"active.sr-Latn.toml": {Data: []byte("A = \"latn\"")},
		"active.sr.toml":      {Data: []byte("A = \"cyrl\"\nB = \"cyrl b\"")},
		"active.ru.toml":      {Data: []byte("[N]\none = \"{{.PluralCount}} раз\"\nfew = \"{{.PluralCount}} раза\"\nother = \"x\"\n[P]\nother = \"{{.Person.Name}} {{list .L}} {{.V}}\"\nleftDelim = \"{{\"\n[Q]\nleftDelim = \"<<\"\nrightDelim = \">>\"\nother = \"<<.V>> {{.W}}\"")},
	}, ".")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	over, _ := Load(fstest.MapFS{"active.fa.toml": {Data: []byte("B = \"over\"")}, "active.ka.toml": {Data: []byte("B = \"ka\"")}}, ".")
	c := base.Merge(over)
	day := time.Date(2020, 9, 25, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		tag, id    string
		args       Args
		text, from string
		err        error
	}{
		{"fa-AF", "A", Args{"D": day}, "fa ۴ میزان ۱۳۹۹", "fa", nil},
		{"prs", "A", Args{"D": "2020-09-25"}, "fa ۴ میزان ۱۳۹۹", "fa", nil},
		{"fa-AF", "B", nil, "fa-AF b", "fa-AF", nil},
		{"fa", "B", nil, "over", "fa", nil},
		{"fa-IR", "B", nil, "over", "fa", nil},
		{"ka", "B", nil, "ka", "ka", nil},
		{"sr-ME", "A", nil, "latn", "sr-Latn", nil},
		{"cnr", "A", nil, "latn", "sr-Latn", nil},
		{"sr-ME", "B", nil, "", "", ErrNotFound}, // never sr: other script
		{"ru", "Only", nil, "", "", ErrNotFound}, // never English
		{"uz", "A", nil, "", "", ErrNotFound},
		{"no such", "A", nil, "", "", ErrLocale},
		{"fa", "A", nil, "", "", ErrMissingArg},
		{"fa", "A", Args{"D": 5}, "", "", ErrBadArg},
		{"fa", "A", Args{"D": nil}, "", "", ErrMissingArg},
		{"fa", "N", Args{}, "", "", ErrMissingArg},
		{"fa", "N", Args{PluralCount: "many"}, "", "", ErrBadArg},
		{"fa", "N", Args{PluralCount: 0}, "۰ one", "fa", nil},
		{"fa", "N", Args{PluralCount: 1234.5}, "۱٬۲۳۴٫۵ other", "fa", nil},
		{"ru", "N", Args{PluralCount: 22}, "22 раза", "ru", nil},
		{"ru", "N", Args{PluralCount: 5}, "", "", ErrMissingForm},
		{"ru", "P", Args{"Person": map[string]any{"Name": "Аня"}, "L": []any{"a", "b"}, "V": 1234567}, "Аня a и b 1\u00a0234\u00a0567", "ru", nil},
		{"ru", "P", Args{"Person": "Аня", "L": "a", "V": 1}, "", "", ErrMissingArg},
		{"ru", "P", Args{"Person.Name": "Аня", "L": 7, "V": 1}, "", "", ErrBadArg},
		{"ru", "P", Args{"Person.Name": "Аня", "L": "a", "V": struct{}{}}, "", "", ErrBadArg},
		{"ru", "Q", Args{"V": "v"}, "v {{.W}}", "ru", nil},
	}
	for _, tt := range tests {
		got, err := c.Localize(tt.tag, tt.id, tt.args)
		if !errors.Is(err, tt.err) || got.Text != tt.text || got.Locale != tt.from {
			t.Errorf("Localize(%s, %s, %v) = %+v, %v; want %q from %q, %v", tt.tag, tt.id, tt.args, got, err, tt.text, tt.from, tt.err)
		}
	}
	if _, ok := base.Message("ka", "B"); ok {
		t.Error("Merge changed its receiver")
	}
}

// TestOwnGoI18nFiles: everything that go-i18n's own parser accepts is found at
// its place.
func TestPositions(t *testing.T) {
	for name, text := range map[string]string{
		"active.en.toml": "# c\nA = \"a\"\n\n[B]\nother = \"b\"\n[n.m]\nx = \"\"\"\nlong\"\"\"\ny = {other = \"y\", description = \"d\"}\n",
		"active.en.json": "{\n\"A\": \"a\", \"B\": {\n\"other\": \"b\"},\n \"n\": {\"m\": {\"x\": \"long\",\n\"y\": {\"other\": \"y\"}}}}",
		"active.en.yaml": "# c\nA: a\nB:\n  other: b\nn:\n  m:\n    x: long\n    y: {other: y}\n",
	} {
		f, ds := message.Parse(name, []byte(text))
		if len(ds) > 0 {
			t.Fatal(name, ds)
		}
		var got []string
		for _, e := range f.Entries {
			got = append(got, e.ID)
			field, ok := e.Field("other")
			if !ok || field.Value != e.Other {
				t.Errorf("%s %s: field %q, message %q", name, e.ID, field.Value, e.Other)
			}
			rest := text[field.Offset:]
			if len(e.Other) > 4 || !strings.HasPrefix(strings.TrimLeft(rest, "\"\n"), e.Other) {
				t.Errorf("%s %s: offset %d is %.10q", name, e.ID, field.Offset, rest)
			}
			if line, column := diag.At([]byte(text), field.Offset); line != field.Line || column != field.Column {
				t.Errorf("%s %s: %d:%d, want %d:%d", name, e.ID, field.Line, field.Column, line, column)
			}
		}
		if want := []string{"A", "B", "n.m.x", "n.m.y"}; !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
