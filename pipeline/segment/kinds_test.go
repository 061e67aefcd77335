package segment

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestKinds runs testdata/cases/*.tsv: a locale, a text and its sentences with
// " | " between them, one case a line. A line that begins with # is a comment
// that names the kind of the lines below.
func TestKinds(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	rules := Default()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tsv"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
				if line == "" || line[0] == '#' {
					continue
				}
				fields := strings.Split(line, "\t")
				if len(fields) != 3 {
					t.Fatalf("%s:%d: %d fields, want 3", file, i+1, len(fields))
				}
				n++
				want := strings.Split(fields[2], " | ")
				if got := rules.For(fields[0]).Sentences(fields[1]); !slices.Equal(got, want) {
					t.Errorf("%s:%d: %s\ngot  %s\nwant %s", file, i+1, fields[0], strings.Join(got, " | "), fields[2])
				}
			}
			t.Logf("%d cases", n)
		})
	}
}
