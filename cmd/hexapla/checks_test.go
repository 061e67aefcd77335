package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hexapla/cmd/internal/checks"
	"hexapla/pipeline/config"
)

// notIDs are literals in the code that look like ids and are something else, beside
// the keys of the configuration.
var notIDs = []string{
	"memory.db", "config.toml", "config.yaml", "config.yml", "config.json", // files
	"article.headline",                                   // a name of metadata in HTML
	"html.none", "html.lang", "html.dir", "xml.encoding", // slots of a skeleton; the last is an id as well
}

// TestDiagnostics checks that every id of a diagnostic in the code is in a table,
// that every id in a table is in the code, and that a table describes each once.
func TestDiagnostics(t *testing.T) {
	known := map[string]bool{}
	prefixes := map[string]bool{}
	for _, r := range checks.AllDiagnostics() {
		if known[r.ID] {
			t.Errorf("%s is in two tables", r.ID)
		}
		if r.Description == "" || strings.ContainsAny(r.Description, "\n") || strings.HasSuffix(r.Description, ".") || r.Severity.String() == "" {
			t.Errorf("%s: description %q: must be one line without a full stop", r.ID, r.Description)
		}
		known[r.ID] = true
		prefix, _, _ := strings.Cut(r.ID, ".")
		prefixes[prefix] = true
	}
	notIDs := slices.Clone(notIDs)
	for _, section := range config.Reference() {
		for _, k := range section.Keys {
			notIDs = append(notIDs, section.Name+"."+k.Name)
		}
	}
	looksLikeID := regexp.MustCompile(`^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)
	used := map[string]bool{}
	for _, root := range []string{"../../cmd", "../../pipeline", "../../locales", "../../glossary"} {
		err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				if err == nil && (e.Name() == "testdata" || e.Name() == "catalogtest") {
					return fs.SkipDir
				}
				return err
			}
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				// A row of a table does not use its id, except in package quality and the
				// catalog checks, where it is the only place of the id.
				if fn, ok := n.(*ast.FuncDecl); ok && slices.Contains([]string{"Diagnostics", "CompletenessDiagnostics"}, fn.Name.Name) {
					return false
				}
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					s, _ := strconv.Unquote(l.Value)
					prefix, _, _ := strings.Cut(s, ".")
					if !looksLikeID.MatchString(s) || !prefixes[prefix] {
						return true
					}
					used[s] = true
					if !known[s] && !slices.Contains(notIDs, s) {
						t.Errorf("%s: %s is in no table: add it to Diagnostics of its package", fset.Position(l.Pos()), s)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for id := range known {
		if !used[id] && !strings.HasPrefix(id, "quality.") {
			t.Errorf("%s is in a table, and nothing makes it", id)
		}
	}
}
