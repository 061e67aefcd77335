package pipeline_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestVocabularyOfValues checks that findings are made with their values by name: the
// message of a Diagnostic is not formatted by fmt.Sprintf, and what is formatted by
// Messagef, or by a function that a package has around it, comes from diag.Arg.
func TestVocabularyOfValues(t *testing.T) {
	fset := token.NewFileSet()
	sprintf := func(e ast.Expr) bool {
		c, ok := e.(*ast.CallExpr)
		if !ok {
			return false
		}
		s, ok := c.Fun.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Sprintf"
	}
	calls, values := 0, 0
	err := filepath.WalkDir("..", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if base := e.Name(); name != ".." && (strings.HasPrefix(base, ".") || base == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				fields := map[string]ast.Expr{}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if key, ok := kv.Key.(*ast.Ident); ok {
							fields[key.Name] = kv.Value
						}
					}
				}
				if fields["Severity"] != nil && sprintf(fields["Message"]) {
					t.Errorf("%s: call Messagef, so that the finding has the values of its message", fset.Position(n.Pos()))
				}
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				switch s.Sel.Name {
				case "Messagef", "addFinding", "addDiagnostic":
				default:
					return true
				}
				if n.Ellipsis.IsValid() {
					return true
				}
				calls++
				after := false // the format
				for _, arg := range n.Args {
					if lit, ok := arg.(*ast.BasicLit); ok && strings.Contains(lit.Value, "%") {
						if after = lit.Value != `"%s"`; !after {
							return true // the whole message comes from elsewhere
						}
						continue
					}
					if sprintf(arg) {
						t.Errorf("%s: give the format and its values, made by diag.Arg", fset.Position(arg.Pos()))
					}
					if !after {
						continue
					}
					if values++; !isArg(arg) {
						t.Errorf("%s: name the value with diag.Arg", fset.Position(arg.Pos()))
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if calls < 100 || values < 100 {
		t.Errorf("only %d calls with %d values were found", calls, values)
	}
}

func isArg(e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	s, ok := c.Fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Arg"
}
