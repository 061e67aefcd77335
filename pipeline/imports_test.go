package pipeline_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which of our own packages each room of the house may import.
// Imports run downwards only, and stages never import each other: one that needs
// another's data gets it from package pipeline, as a value of bitext. A room
// that ends in /... stands for all below it. Tests may also import what tests are
// made with.
var mayImport = []struct {
	room string
	may  []string
}{
	{"cmd/hexapla", []string{"..."}},
	{"cmd/internal/exit", nil},
	{"cmd/internal/rootfs", []string{"cmd/internal/exit", "pipeline/filelock"}},
	{"cmd/internal/compact", []string{"pipeline/diag"}},
	{"cmd/internal/changes", []string{"cmd/internal/exit"}},
	{"cmd/internal/checks", []string{"cmd/internal/changes", "cmd/internal/console", "cmd/internal/exit", "cmd/internal/rootfs", "pipeline", "pipeline/...", "locales", "locales/...", "glossary", "glossary/..."}},
	{"cmd/internal/console", []string{"pipeline", "pipeline/...", "locales", "locales/tag"}},
	{"cmd/internal/generator", []string{"pipeline/format/markdown"}},
	{"cmd/internal/workspace", []string{"cmd/internal/checks", "cmd/internal/deploy", "cmd/internal/exit", "cmd/internal/generator", "cmd/internal/hunspell", "cmd/internal/rootfs", "pipeline", "pipeline/...", "locales", "glossary", "glossary/..."}},
	{"cmd/internal/archive", []string{"cmd/internal/exit", "cmd/internal/generator", "cmd/internal/rootfs", "cmd/internal/workspace", "pipeline", "pipeline/...", "locales", "locales/tag"}},
	{"cmd/internal/publish", []string{"cmd/internal/compact", "cmd/internal/exit", "cmd/internal/rootfs", "cmd/internal/workspace", "pipeline", "pipeline/...", "locales"}},
	{"cmd/internal/tracing", nil},
	{"cmd/internal/queue", []string{"cmd/internal/compact", "cmd/internal/exit", "cmd/internal/publish", "cmd/internal/rootfs", "cmd/internal/tracing", "cmd/internal/workspace", "pipeline", "pipeline/..."}},
	{"cmd/internal/board", []string{"cmd/internal/console", "cmd/internal/publish", "pipeline", "pipeline/...", "locales"}},
	{"cmd/internal/handoff", []string{"cmd/internal/exit", "cmd/internal/rootfs", "cmd/internal/workspace", "locales", "pipeline", "pipeline/...", "glossary"}},
	{"cmd/internal/hunspell", []string{"locales/tag"}},
	{"cmd/internal/filecheck", []string{"cmd/internal/exit", "cmd/internal/handoff", "glossary", "locales", "pipeline", "pipeline/..."}},
	{"cmd/internal/deploy/deploytest", nil},
	{"cmd/internal/deploy", []string{"cmd/internal/exit", "cmd/internal/rootfs", "pipeline/diag", "pipeline/edition", "pipeline/hook/service"}},
	{"cmd/internal/watch", nil},
	{"cmd/internal/schema", []string{"pipeline/config", "pipeline/hook", "pipeline/hook/engines"}},
	{"cmd/internal/goload", []string{"locales/catalog/usage", "locales/catalog", "pipeline/diag"}},
	{"cmd/internal/web", []string{"cmd/internal/...", "pipeline", "pipeline/...", "locales", "locales/...", "glossary"}},
	{"cmd/internal/catalogdir", []string{"cmd/internal/...", "pipeline/...", "locales", "locales/..."}},
	{"cmd/internal/manual", nil},
	{"cmd/internal/arguments", []string{"cmd/internal/catalogdir", "cmd/internal/checks", "cmd/internal/exit", "cmd/internal/workspace", "locales", "pipeline/diag"}},
	{"cmd/internal/guide", nil},
	{"cmd/internal/notice", nil},
	{"cmd/internal/notice/modules", nil},
	{"cmd/internal/notice/generate", []string{"cmd/internal/notice/modules"}},
	{"pipeline", []string{"pipeline/...", "glossary", "locales", "locales/tag"}},
	{"pipeline/bitext", []string{"pipeline/diag"}},
	{"pipeline/diag", nil},
	{"pipeline/difference", nil},
	{"pipeline/filelock", nil},
	{"pipeline/lazy", nil},
	{"pipeline/cst", nil},
	{"pipeline/goldentest", nil},
	{"pipeline/cputime", nil},
	{"pipeline/numeral", nil},
	{"pipeline/config", []string{"pipeline/cst", "pipeline/bitext", "pipeline/diag", "pipeline/edition", "pipeline/format", "pipeline/format/...", "pipeline/hook", "pipeline/memory", "pipeline/site/...", "locales", "locales/message", "locales/tag"}},
	{"pipeline/site/...", []string{"pipeline/bitext", "pipeline/diag", "pipeline/edition", "pipeline/site/...", "locales", "locales/tag"}},
	{"pipeline/messages", []string{"pipeline", "pipeline/bitext", "pipeline/diag", "pipeline/exchange", "pipeline/exchange/tmx", "locales", "locales/..."}},
	{"pipeline/edition", []string{"pipeline/bitext", "locales", "locales/tag"}},
	{"pipeline/align", []string{"pipeline/bitext", "pipeline/numeral"}},
	{"pipeline/format", []string{"pipeline/bitext", "pipeline/diag", "pipeline/format/..."}},
	{"pipeline/format/charset", []string{"pipeline/diag"}},
	{"pipeline/format/markdown", []string{"locales/tag", "pipeline/cst", "pipeline/bitext", "pipeline/diag", "pipeline/format/charset", "pipeline/format/html"}},
	{"pipeline/format/docx", []string{"locales/tag", "pipeline/bitext", "pipeline/diag"}},
	{"pipeline/format/xml", []string{"locales/tag", "pipeline/bitext", "pipeline/diag", "pipeline/exchange/xmlscan", "pipeline/format/charset"}},
	{"pipeline/format/ninjs", []string{"pipeline/cst", "pipeline/bitext", "pipeline/diag", "pipeline/format/json"}},
	{"pipeline/format/...", []string{"pipeline/cst", "locales/tag", "pipeline/bitext", "pipeline/diag", "pipeline/format/charset"}},
	{"pipeline/segment/...", []string{"pipeline/bitext", "pipeline/diag"}},
	{"pipeline/identity", []string{"pipeline/bitext"}},
	{"pipeline/memory", []string{"pipeline/bitext", "pipeline/numeral"}},
	{"pipeline/memory/...", []string{"pipeline/bitext", "pipeline/diag", "pipeline/filelock", "pipeline/memory/..."}},
	{"pipeline/hook", []string{"glossary", "locales/tag", "pipeline/bitext", "pipeline/diag"}},
	{"pipeline/hook/ledger", []string{"pipeline/filelock", "pipeline/hook"}},
	{"pipeline/hook/...", []string{"locales/tag", "pipeline/bitext", "pipeline/diag", "pipeline/hook/..."}},
	{"pipeline/quality", []string{"locales/tag", "pipeline/numeral", "pipeline/bitext", "pipeline/diag", "locales", "glossary"}},
	{"pipeline/exchange/inplace", []string{"pipeline/bitext", "pipeline/difference", "pipeline/exchange/..."}},
	{"pipeline/exchange/po", []string{"locales", "locales/tag", "pipeline/bitext", "pipeline/diag", "pipeline/difference", "pipeline/exchange/..."}},
	{"pipeline/exchange/table", []string{"locales", "locales/tag", "pipeline/bitext", "pipeline/diag", "pipeline/difference", "pipeline/exchange/..."}},
	{"pipeline/exchange/...", []string{"locales/tag", "pipeline/bitext", "pipeline/diag", "pipeline/difference", "pipeline/exchange/..."}},
	{"glossary/...", []string{"pipeline/exchange/xlsx", "locales", "locales/tag", "pipeline/bitext", "pipeline/diag", "glossary"}},
	{"pipeline/report", []string{"pipeline/diag"}},
	{"locales/tag", nil},
	{"locales/catalog/rule", []string{"pipeline/diag"}},
	{"locales/catalog/edit/...", []string{"pipeline/cst", "pipeline/diag", "locales/message", "locales/catalog/rule"}},
	{"locales/catalog", []string{"pipeline/diag", "pipeline/report", "locales", "locales/message", "locales/catalog/rule"}},
	{"locales/catalog/lint", []string{"pipeline/bitext", "pipeline/diag", "locales", "locales/..."}},
	{"locales/...", []string{"pipeline/cst", "pipeline/diag", "pipeline/report", "locales", "locales/..."}},
}

func in(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "..."); ok {
		return pkg+"/" == base || strings.HasPrefix(pkg+"/", base)
	}
	return pattern == pkg
}

func TestImports(t *testing.T) {
	root := ".."
	files := 0
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator)))
		if e.IsDir() {
			if base := e.Name(); name != root && (strings.HasPrefix(base, ".") || base == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		files++
		pkg := path.Dir(rel)
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if own, ok := strings.CutPrefix(imported, "hexapla/"); ok && own != pkg {
				imports = append(imports, own)
			}
		}
		// Below the edge nothing knows of it: no test and no internal package either.
		if !in("cmd/...", pkg) {
			for _, own := range imports {
				if in("cmd/...", own) {
					t.Errorf("%s imports %s: only cmd may import what is in cmd", rel, own)
				}
			}
		}
		internal := strings.Contains(pkg+"/", "/internal/") && !in("cmd/internal/...", pkg)
		if internal || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		var may []string
		found := false
		for _, r := range mayImport {
			if in(r.room, pkg) {
				may, found = r.may, true
				break
			}
		}
		if !found {
			t.Errorf("%s: the house has no room %s: give it a place in mayImport", rel, pkg)
			return nil
		}
		for _, own := range imports {
			if strings.Contains(own, "/internal/") && !in("cmd/internal/...", own) {
				continue // Go itself holds who may import it
			}
			allowed := own == "pipeline/lazy" // as the standard library is
			for _, m := range may {
				allowed = allowed || in(m, own)
			}
			if !allowed {
				t.Errorf("%s imports %s; %s may import only %v", rel, own, pkg, may)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		wd, _ := os.Getwd()
		t.Fatalf("no Go file below %s of %s", root, wd)
	}
}
