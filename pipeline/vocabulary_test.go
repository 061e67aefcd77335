package pipeline_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// refusedWords are words that may not be part of an identifier or of a message:
// each has a technical term in its place, which a reader finds elsewhere in this
// code and in the standards, and which a person who learned English later in life
// understands.
var refusedWords = map[string]string{
	"say": "report, add, print", "says": "reports, contains", "said": "reported, output", "saying": "reporting",
	"tell": "report, add", "tells": "reports, shows", "told": "reported, distinguished", "telling": "reporting",
	"speak": "use a language", "speaks": "uses a language",
	"aside": "placeholder, ignored", "beside": "next to, compared with", "settle": "assign, resolve", "settles": "assigns", "settled": "assigned",
	"mend": "repair, correct", "mends": "repairs", "mended": "repaired, corrected", "peel": "split, strip", "peels": "strips",
	"regather": "merge", "reckon": "count", "heed": "obey", "tend": "edit, maintain", "skim": "skip", "elide": "shorten, infer",
	"torn": "unbalanced, split", "wants": "requires, needs",
}

func TestVocabulary(t *testing.T) {
	fset := token.NewFileSet()
	check := func(pos token.Pos, kind, text string, words []string) {
		for _, w := range words {
			if instead, ok := refusedWords[w]; ok {
				t.Errorf("%s: the word %q in the %s %s: write %s", fset.Position(pos), w, kind, strconv.Quote(text), instead)
			}
		}
	}
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
		lists := map[ast.Node]bool{} // of words, such as the names of HTML elements: no messages
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Fields" && len(n.Args) == 1 {
					lists[n.Args[0]] = true
				}
			case *ast.ImportSpec:
				return false
			case *ast.Ident:
				check(n.Pos(), "identifier", n.Name, identifierWords(n.Name))
			case *ast.BasicLit:
				if n.Kind == token.STRING && !lists[n] && strings.Contains(n.Value, " ") {
					if s, err := strconv.Unquote(n.Value); err == nil {
						check(n.Pos(), "message", s, messageWords(s))
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
}

// identifierWords returns the words of an identifier in lower case: addRule has
// "add" and "rule".
func identifierWords(name string) []string {
	var out []string
	var word []rune
	runes := []rune(name)
	for i, r := range runes {
		if r == '_' || unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			out, word = append(out, string(word)), nil
		}
		if r != '_' {
			word = append(word, unicode.ToLower(r))
		}
	}
	return append(out, string(word))
}

var messageWord = regexp.MustCompile(`[\pL’']+`)

func messageWords(s string) []string { return messageWord.FindAllString(strings.ToLower(s), -1) }

func TestVocabularyWords(t *testing.T) {
	for name, want := range map[string]string{"addRule": "[add rule]", "XMLSaid": "[xml said]", "said": "[said]", "say_it": "[say it]", "HTTPTell2": "[http tell2]"} {
		if got := fmt.Sprint(identifierWords(name)); got != want {
			t.Errorf("identifierWords(%s) = %s, want %s", name, got, want)
		}
	}
	if got := fmt.Sprint(messageWords("It says: “don't tell”.")); got != "[it says don't tell]" {
		t.Errorf("messageWords = %s", got)
	}
}
