package update

import (
	"os"
	"path/filepath"
	"testing"

	"hexapla/locales/catalog"
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
