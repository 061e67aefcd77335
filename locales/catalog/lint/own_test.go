package lint

import (
	"os"
	"path/filepath"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/pipeline/diag"
)

// own are the catalogs that come with the program.
func own(t testing.TB) catalog.Files {
	t.Helper()
	names, err := filepath.Glob("../../active.*.toml")
	if err != nil || len(names) < 29 {
		t.Fatal(names, err)
	}
	files := catalog.Files{}
	for _, n := range names {
		if files[filepath.Base(n)], err = os.ReadFile(n); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestOwnCatalogs: our own catalogs pass our own check.
func TestOwnCatalogs(t *testing.T) {
	s, ds := catalog.Parse(own(t), "en")
	for _, d := range append(ds, Check(s, Options{})...) {
		if d.Severity > diag.Info {
			t.Error(d)
		}
	}
}
