package handoff_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
)

func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hexapla.toml":  "[project]\nlocales = [\"ru\", \"uk\"]\narticles = [\"articles/*.md\"]\n[glossary]\nfiles = [\"*.csv\"]\n",
		"articles/a.md": "One sentence.\n\nAnother one.\n", "articles/b.md": "One sentence.\n",
		"g.csv": "concept,locale,term\n1,en,sentence\n1,ru,предложение\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func export(t *testing.T, dir string, o handoff.Options) *handoff.Record {
	t.Helper()
	w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	steps := 0
	record, findings, err := handoff.Export(t.Context(), w, o, func() { steps++ })
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	if want := len(w.Articles) * len(handoff.Targets(w)); steps != want {
		t.Errorf("%d steps, want %d", steps, want)
	}
	return record
}

func TestExport(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    handoff.Options
		want []string
	}{
		{"by article", handoff.Options{Format: "xliff", By: "article"}, []string{"ru/a.md.xlf", "ru/b.md.xlf", "uk/a.md.xlf", "uk/b.md.xlf"}},
		{"by locale", handoff.Options{Format: "po", By: "locale"}, []string{"ru.po", "uk.po"}},
		{"in parts", handoff.Options{Format: "po", By: "locale", MaxWords: 4}, []string{"ru-2.po", "ru.po", "uk-2.po", "uk.po"}},
		{"to translators", handoff.Options{Format: "csv", By: "article", Split: 2}, []string{"ru/1/a.md.csv", "ru/2/b.md.csv", "uk/1/a.md.csv", "uk/2/b.md.csv"}},
		{"with terms", handoff.Options{Format: "po", By: "locale", Terms: "tbx"}, []string{"ru.po", "ru/terms.tbx", "uk.po"}},
		{"dry", handoff.Options{Format: "po", By: "locale", DryRun: true}, nil},
	} {
		dir := project(t)
		record := export(t, dir, tt.o)
		got := slices.Sorted(slices.Values(record.Files))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		for _, name := range got {
			if info, err := os.Stat(filepath.Join(dir, "exchange", name)); err != nil || info.Size() == 0 {
				t.Errorf("%s: %s: %v", tt.name, name, err)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "exchange")); tt.o.DryRun && err == nil {
			t.Errorf("%s: there is a folder", tt.name)
		}
	}
}

// What was exported before is not exported again, until it changes.
func TestExportChanged(t *testing.T) {
	dir := project(t)
	o := handoff.Options{Format: "po", By: "article", Changed: true}
	if r := export(t, dir, o); len(r.Files) != 4 {
		t.Errorf("first: %v", r.Files)
	}
	if r := export(t, dir, o); len(r.Files) != 0 {
		t.Errorf("again: %v", r.Files)
	}
	if err := os.WriteFile(filepath.Join(dir, "articles", "b.md"), []byte("One sentence. And a new one.\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if r := export(t, dir, o); !slices.Equal(slices.Sorted(slices.Values(r.Files)), []string{"ru/b.md.po", "uk/b.md.po"}) {
		t.Errorf("changed: %v", r.Files)
	}
}

func TestCheck(t *testing.T) {
	good := handoff.Options{Format: "xliff", By: "article"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*handoff.Options){
		"format":    func(o *handoff.Options) { o.Format = "odt" },
		"extension": func(o *handoff.Options) { o.Format = ".po" },
		"version":   func(o *handoff.Options) { o.Version = "9" },
		"by":        func(o *handoff.Options) { o.By = "word" },
		"terms":     func(o *handoff.Options) { o.Terms = "odt" },
		"state":     func(o *handoff.Options) { o.States = []string{"done"} },
	} {
		o := good
		change(&o)
		if err := o.Check(); exit.Code(err) != exit.Usage {
			t.Errorf("%s: %v, want a usage error", name, err)
		}
	}
}

func TestReadUnits(t *testing.T) {
	dir := project(t)
	export(t, dir, handoff.Options{Format: "po", By: "locale"})
	name := filepath.Join(dir, "exchange", "ru.po")
	read, err := handoff.ReadUnits(t.Context(), name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // each time from the beginning
		n := 0
		for u, err := range read(nil) {
			if err != nil {
				t.Fatal(err)
			}
			if u.TargetLocale != "ru" {
				t.Errorf("target locale %q", u.TargetLocale)
			}
			n++
		}
		if n != 3 {
			t.Errorf("%d units, want 3", n)
		}
	}
	for name, want := range map[string]string{filepath.Join(dir, "g.odt"): "unknown file type", filepath.Join(dir, "none.po"): "none.po", dir: "unknown file type"} {
		if _, err := handoff.ReadUnits(t.Context(), name, "", nil); exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a usage error with %q", name, err, want)
		}
	}
	if _, err := handoff.ReadUnits(t.Context(), dir, "po", nil); exit.Code(err) != exit.Usage {
		t.Errorf("folder: %v", err)
	}
}
