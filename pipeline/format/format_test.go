package format

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/format/formattest"
)

func TestTable(t *testing.T) {
	seen := map[string]string{}
	globbed := strings.Split(strings.TrimSuffix(strings.TrimPrefix(Glob(), "**/*.{"), "}"), ",")
	for _, i := range All() {
		for _, e := range slices.Concat(i.Extensions, i.Named) {
			if !strings.HasPrefix(e, ".") || e != strings.ToLower(e) || seen[e] != "" {
				t.Errorf("%s: extension %q is not lower case with a dot, or that of %q too", i.Name, e, seen[e])
			}
			seen[e] = i.Name
			if got := NameFor("a/b.c" + strings.ToUpper(e)); got != i.Name {
				t.Errorf("%s is a file of format %q, want %q", e, got, i.Name)
			}
			if in := slices.Contains(i.Extensions, e); slices.Contains(globbed, e[1:]) != in {
				t.Errorf("%s: in %s: %t", e, Glob(), !in)
			}
		}
		if i.Text == "" {
			t.Errorf("%s: no description of what is translated", i.Name)
		}
		f := i.New(Options{})
		if _, err := formattest.Check(f, "x", []byte("One. <b>Two</b>\n\n- *three*\n"), rand.New(rand.NewPCG(1, 1))); err != nil {
			t.Errorf("%s: %v", i.Name, err)
		}
		// Each format is a package of its own that runs the suite.
		folder := map[string]string{"text": "plaintext", "srt": "subtitles", "vtt": "subtitles"}[i.Name]
		if folder == "" {
			folder = i.Name
		}
		if data, err := os.ReadFile(folder + "/conformance_test.go"); err != nil || !strings.Contains(string(data), "formattest.Run(") {
			t.Errorf("%s: no conformance test: %v", i.Name, err)
		}
	}
	if !slices.Contains(globbed, "Rmd") {
		t.Errorf("no Rmd in %s", Glob())
	}
	for _, path := range []string{"html", "a.htmlx", "a.md/b", "", "a/.", "x.odt"} {
		if got := NameFor(path); got != "" {
			t.Errorf("%q is a file of format %q", path, got)
		}
	}
}

// TestReadme holds the table of formats in the README.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range All() {
		files := make([]string, 0, len(i.Extensions))
		for _, e := range i.Extensions {
			files = append(files, "`"+e+"`")
		}
		for _, e := range i.Named {
			files = append(files, "`"+e+"` where named")
		}
		if row := "| " + i.Name + " | " + strings.Join(files, ", ") + " | " + i.Text + " |\n"; !strings.Contains(string(data), row) {
			t.Errorf("README.md has no row\n%s", row)
		}
	}
}
