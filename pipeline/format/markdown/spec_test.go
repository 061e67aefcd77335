package markdown

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// goldmarkFile reads a file of goldmark's own tests from the module cache.
func goldmarkFile(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Skip("go list does not find goldmark's sources:", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), name))
	if err != nil {
		t.Skip("goldmark's sources are not complete:", err)
	}
	return data
}

func specExamples(t testing.TB) []string {
	var examples []struct{ Markdown string }
	if err := json.Unmarshal(goldmarkFile(t, "_test/spec.json"), &examples); err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(examples))
	for i, e := range examples {
		out[i] = e.Markdown
	}
	return out
}

// extensionExamples are the inputs of the tests of goldmark's extensions.
func extensionExamples(t testing.TB) []string {
	var out []string
	for _, name := range []string{"table", "footnote", "strikethrough", "tasklist", "linkify", "definition_list"} {
		for _, c := range strings.Split(string(goldmarkFile(t, "extension/_test/"+name+".txt")), "//= = = = = = = =") {
			parts := strings.Split(c, "//- - - - - - - - -//")
			if len(parts) > 1 {
				out = append(out, strings.TrimLeft(parts[1], "\n"))
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("%d examples of extensions; has their form changed?", len(out))
	}
	return out
}

func TestSpec(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	n := 0
	for _, examples := range [][]string{specExamples(t), extensionExamples(t)} {
		for _, e := range examples {
			for _, data := range []string{e, strings.ReplaceAll(e, "\n", "\r\n"), "\uFEFF" + e, "> " + strings.ReplaceAll(e, "\n", "\n> "), "- " + strings.ReplaceAll(e, "\n", "\n  ")} {
				law(t, "a.md", []byte(data), r)
				_, ds := new(Format).Split("a.md", []byte(data))
				for _, x := range ds {
					if x.ID == "markdown.block" {
						t.Errorf("%q: %v", data, x)
					}
				}
				n++
			}
		}
	}
	t.Logf("%d texts", n)
}
