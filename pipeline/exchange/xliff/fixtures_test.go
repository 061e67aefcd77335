package xliff

import (
	"path/filepath"
	"testing"
)

// fixtures are the files in testdata/files.
func fixtures(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "files", "*.xlf"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}
