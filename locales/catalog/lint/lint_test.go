package lint

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/catalogtest"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/diag"
)

const seedSource = catalogtest.Source

// TestSeededDefects: sound catalogs with one defect at a time, and what is found.
func TestSeededDefects(t *testing.T) {
	for _, d := range append([]catalogtest.Defect{catalogtest.Sound}, catalogtest.Defects...) {
		files := catalog.Files(d.Files())
		s, ds := catalog.Parse(files, "en")
		ds = append(ds, Check(s, Options{})...)
		u, more := usage.Scan(catalog.Files{"app.go": files["app.go"]}, usage.Options{})
		ds = append(append(ds, more...), usage.Check(s, u)...)
		var got []string
		for _, f := range ds {
			got = append(got, f.ID)
			inRussian := f.Place.Locale == "ru" && strings.HasPrefix(f.Place.Path, "active.ru.")
			if d.ID != "" && (!inRussian || f.Place.Line == 0 && f.ID != "catalog.missing") || f.Issue != rule.ByID(f.ID).Issue {
				t.Errorf("%s: %+v", d.Name, f)
			}
		}
		slices.Sort(got)
		if got, want := strings.Join(slices.Compact(got), " "), strings.Join(d.Want, " "); got != want {
			t.Errorf("%s: %q, want %q", d.Name, got, want)
		}
	}
}

func TestCheckFiles(t *testing.T) {
	files := catalog.Files{
		"l/active.en.toml": []byte("A = \"a long text\"\n"), "l/ru/active.toml": []byte("A = \"а\"\n"), "l/active.ru.toml": []byte("A = \"б\"\n"), "l/active.ru.json": []byte(`{"A": "в"}`),
		"l/errors.ru.toml": []byte("A = \"г\"\n"), "l/translate.ru.toml": []byte("B = \"x\"\n"), "l/en-GB.toml": []byte("A = \"a long text\"\n"), "l/active.sr-ME.toml": nil, "l/active.sr-Latn.toml": []byte("A = \"duži tekst\"\n"),
		"l/active.en-XA.toml": []byte("Z = \"x\"\n"), "README.md": []byte("x"),
	}
	s, ds := catalog.Parse(files, "en")
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
	if ds := Check(&catalog.Set{Source: "en", Catalogs: map[string]*catalog.Catalog{}}, Options{}); len(ds) != 1 || ds[0].ID != "catalog.missing-locale" {
		t.Errorf("nothing: %v", ds)
	}
}

func TestRules(t *testing.T) {
	if !slices.IsSortedFunc(rule.Diagnostics(), func(a, b diag.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("rules are not sorted")
	}
}

// FuzzCheck: whatever stands in a catalog, Check ends and says where.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(seedSource), []byte("Plain = \"<b></i>\"\n[Cats]\none = \"{{.X | y (.Z)}}\"\n"))
	f.Add([]byte("A = \"{{if .X}}{{.Y}}{{end}}\""), []byte("A = \"\u202e{{template \\\"x\\\"}}\""))
	f.Fuzz(func(t *testing.T, source, target []byte) {
		s, _ := catalog.Parse(catalog.Files{"active.en.toml": source, "active.ru.toml": target}, "en")
		for _, d := range Check(s, Options{}) {
			if d.Message == "" || rule.ByID(d.ID).Description == "" {
				t.Fatalf("%+v", d)
			}
		}
		catalog.Stats(s)
	})
}

// TestCheckConcurrently checks one Set from several goroutines, with the same result.
func TestCheckConcurrently(t *testing.T) {
	s, _ := catalog.Parse(catalog.Files(catalogtest.Many(20)), "en")
	want := len(Check(s, Options{}))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := len(Check(s, Options{})); got != want || want == 0 {
				t.Errorf("%d findings, want %d", got, want)
			}
		})
	}
	wg.Wait()
}
