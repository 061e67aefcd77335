package format

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"hexapla/pipeline/format/formattest"
)

func TestTable(t *testing.T) {
	seen := map[string]string{}
	for _, i := range All() {
		for _, e := range i.Extensions {
			if !strings.HasPrefix(e, ".") || e != strings.ToLower(e) || seen[e] != "" {
				t.Errorf("%s: extension %q is not lower case with a dot, or that of %q too", i.Name, e, seen[e])
			}
			seen[e] = i.Name
			if got := NameFor("a/b.c" + strings.ToUpper(e)); got != i.Name {
				t.Errorf("%s is a file of format %q, want %q", e, got, i.Name)
			}
			if !strings.Contains(Glob(), e[1:]) {
				t.Errorf("%s is not in %s", e, Glob())
			}
		}
		f := i.New(Options{})
		if _, err := formattest.Check(f, "x", []byte("One. <b>Two</b>\n\n- *three*\n"), rand.New(rand.NewPCG(1, 1))); err != nil {
			t.Errorf("%s: %v", i.Name, err)
		}
		// Each format is a package of its own that runs the suite.
		folder := map[string]string{"text": "plaintext"}[i.Name]
		if folder == "" {
			folder = i.Name
		}
		if data, err := os.ReadFile(folder + "/conformance_test.go"); err != nil || !strings.Contains(string(data), "formattest.Run(") {
			t.Errorf("%s: no conformance test: %v", i.Name, err)
		}
	}
	for _, path := range []string{"html", "a.htmlx", "a.md/b", "", "a/.", "x.docx"} {
		if got := NameFor(path); got != "" {
			t.Errorf("%q is a file of format %q", path, got)
		}
	}
}
