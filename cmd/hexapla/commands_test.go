package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// maxLines is the number of lines that a file of a command may have: what is more
// belongs into a package that a server can use too.
const maxLines = 300

// TestCommands checks that commands stay thin: a function runX gets its options
// as values and knows nothing of the flag library, nor does any package below
// cmd/internal.
func TestCommands(t *testing.T) {
	commands, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	internal, err := filepath.Glob("../internal/*/*.go")
	if err != nil || len(internal) == 0 {
		t.Fatal(internal, err)
	}
	runs := 0
	for _, name := range append(commands, internal...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(data, []byte("\n")); n > maxLines && !strings.HasPrefix(name, "..") {
			t.Errorf("%s has %d lines, more than %d: divide it", name, n, maxLines)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, data, 0)
		if err != nil {
			t.Fatal(err)
		}
		below := strings.HasPrefix(name, "..")
		for _, i := range f.Imports {
			if below && strings.Contains(i.Path.Value, "urfave/cli") && !strings.Contains(name, "internal/manual/") && !strings.Contains(name, "internal/arguments/") { // which are about the library
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "run") || fn.Name.Name == "run" {
				continue
			}
			runs++
			for _, p := range fn.Type.Params.List {
				if star, ok := p.Type.(*ast.StarExpr); ok {
					if sel, ok := star.X.(*ast.SelectorExpr); ok && sel.Sel.Name == "Context" {
						t.Errorf("%s: %s has a *cli.Context: give it the values of its flags", name, fn.Name.Name)
					}
				}
			}
		}
	}
	if runs == 0 {
		t.Error("no function runX")
	}
}
