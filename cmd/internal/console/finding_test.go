package console

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/locales"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// TestFindingsAreTranslated reads all messages and hints of the checks in their source:
// each has a text in every language, with all of its values.
func TestFindingsAreTranslated(t *testing.T) {
	const dir = "../../../pipeline/quality"
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return filepath.Base(file) == "quality.go" })
	count := 0
	inspectFiles(t, files, func(set *token.FileSet, n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || selector.Sel.Name != "addFinding" && selector.Sel.Name != "addFindingWithSeverity" {
			return true
		}
		args := call.Args
		if selector.Sel.Name == "addFindingWithSeverity" {
			args = args[1:]
		}
		format := literal(args[1])
		if format == "" {
			t.Errorf("%s: the message is no literal", set.Position(call.Pos()))
			return true
		}
		count++
		for _, d := range examplesOf(format, args[2:]) {
			checkTranslated(t, set.Position(call.Pos()).String(), d)
		}
		if hint := literal(args[0]); hint != "" {
			for _, locale := range []string{"ru", "uk", "fa"} {
				if got := (Printer{Locale: locale}).Hint(diag.Diagnostic{Hint: hint}); got == hint {
					t.Errorf("%s: no %s text for the hint %q", set.Position(call.Pos()), locale, hint)
				}
			}
		}
		return true
	})
	if count < 70 {
		t.Errorf("only %d messages were read", count)
	}
}

// TestOtherFindingsAreTranslated does the same for the messages of imports, of the acceptance
// of former translations, of glossaries, and of a project's configuration and files.
func TestOtherFindingsAreTranslated(t *testing.T) {
	english := map[string]bool{ // has words of its own as values
		"another translation%s was stored while this import ran: %q; both are kept, %s": true,
		"further segments that got another translation while this import ran: %d":       true,
		"the translation does not have the tags of the new text: %v":                    true, // a tag with an absurd number
		"%v":     true,
		"%s: %s": true, // an error as a value
	}
	files, err := filepath.Glob("../../../pipeline/import*.go")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	files = append(files, "../../../pipeline/accept.go", "../../../pipeline/source.go", "../../../glossary/glossary.go")
	project := []string{"../../../pipeline/config/ids.go"}
	for _, name := range []string{"articles", "spelling", "termbase", "units"} {
		project = append(project, "../workspace/"+name+".go")
	}
	inspectFiles(t, project, func(set *token.FileSet, n ast.Node) bool {
		checkHints(t, set, n)
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 1 {
			if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "report" {
				checkHint(t, set, call.Args[0])
				if len(call.Args) == 2 {
					checkTranslated(t, set.Position(n.Pos()).String(), diag.Diagnostic{Message: literal(call.Args[1])})
				}
			}
		}
		return true
	})
	files = append(files, project...)
	count := 0
	inspectFiles(t, files, func(set *token.FileSet, n ast.Node) bool {
		var list []ast.Expr
		switch n := n.(type) {
		case *ast.CallExpr:
			list = n.Args
		case *ast.ReturnStmt: // a format and its arguments
			if len(n.Results) < 2 {
				return true
			}
			list = n.Results[:1:1]
			if c, ok := n.Results[1].(*ast.CompositeLit); ok {
				list = append(list, c.Elts...)
			}
		default:
			return true
		}
		first := slices.IndexFunc(list, func(e ast.Expr) bool {
			c, ok := e.(*ast.CallExpr)
			if !ok {
				return false
			}
			selector, ok := c.Fun.(*ast.SelectorExpr)
			return ok && selector.Sel.Name == "Arg"
		})
		if first < 1 {
			return true
		}
		format := literal(list[first-1])
		if format == "" || english[format] {
			return true
		}
		count++
		for _, d := range examplesOf(format, list[first:]) {
			checkTranslated(t, set.Position(n.Pos()).String(), d)
		}
		return true
	})
	if count < 24 {
		t.Errorf("only %d messages were read", count)
	}
}

// TestFindingsOfHooksAreTranslated has a locale that is near one of the project, and one that
// is not.
func TestFindingsOfHooksAreTranslated(t *testing.T) {
	data := []byte("[project]\nlocales = [\"pt-BR\", \"uk\"]\n[[hook]]\ntype = \"deepl\"\nlocales = [\"pt-BA\", \"sw\"]\n")
	c, err := config.Parse("hexapla.toml", data)
	if err != nil {
		t.Fatal(err)
	}
	ds := config.CheckHooks("hexapla.toml", data, c)
	if len(ds) != 2 || !strings.Contains(ds[0].Hint, "did you mean") || strings.Contains(ds[1].Hint, "did you mean") {
		t.Fatalf("findings %v", ds)
	}
	for _, d := range ds {
		for _, locale := range []string{"ru", "uk", "fa"} {
			p := Printer{Locale: locale}
			if _, ok := p.Localized(d); !ok {
				t.Errorf("%s: %q is in English", locale, d.Message)
			}
			if p.Hint(d) == d.Hint {
				t.Errorf("%s: the hint %q is in English", locale, d.Hint)
			}
		}
	}
}

// TestFindingsOfTermbasesAreTranslated reads tables as people make them: what is wrong in
// them is reported in every language, with what to do.
func TestFindingsOfTermbasesAreTranslated(t *testing.T) {
	for _, data := range []string{
		"", "a,b\n1,2\n", "en,ru,ru\na,b,c\n", "term,term\n", "en,ru,remark\na,b; c,d,e\n", "en,ru,status\na,b,bogus\n,,\n",
		"en,ru\nbank,банк\nbank,берег\nsea,море\nsea,море\n",
		"source,target\na,b\n", "concept,locale,term,case\n,en,a,\na,zz-?,a,\na,en,,\na,en,a,bogus\na,*,b,\n", "concept,term\na,b\n", "en,ru\n=a,b\n", "en,ru\n\xff,b\n",
		"en,ru\n\"a\"b,c\n", "concept,locale,term,definition\na,en,a,x\na,en,b,y\n", "concept,locale,term,status\na,en,a,preferred\na,en,a,forbidden\na,en,b,preferred\n",
		`<tbx><text><body><conceptEntry id="a"/><conceptEntry id="b"><langSec xml:lang="?"/><langSec xml:lang="en"><termSec><term>a<hi>b</hi></term><termNote type="administrativeStatus">bogus</termNote></termSec><termSec><term/></termSec></langSec><langSec xml:lang="mul"><termSec><term>c</term></termSec></langSec></conceptEntry><conceptEntry id="b"><langSec xml:lang="en"><termSec><term>c</term></termSec></langSec></conceptEntry></body></text></tbx>`,
		`<a/>`, `<tbx><body>`,
	} {
		g, ds := glossary.ParseTable("terms.csv", []byte(data), glossary.TableOptions{})
		if strings.HasPrefix(data, "<") {
			g, ds = tbx.Decode("terms.tbx", strings.NewReader(data))
		}
		ds = append(ds, g.Conflicts("en")...)
		if len(ds) == 0 {
			t.Errorf("%q has no findings", data)
		}
		for _, d := range ds {
			for _, locale := range []string{"ru", "uk", "fa"} {
				p := Printer{Locale: locale}
				if _, ok := p.Localized(d); !ok {
					t.Errorf("%s: %q is in English", locale, d.Message)
				}
				if d.Hint != "" && d.ID != "glossary.status" && p.Hint(d) == d.Hint {
					t.Errorf("%s: the hint %q is in English", locale, d.Hint)
				}
			}
		}
	}
}

// TestXLIFFFindingsAreTranslated does the same for the messages of the checks of XLIFF files.
func TestXLIFFFindingsAreTranslated(t *testing.T) {
	english := map[string]bool{
		"ref=%q: %s": true, // a text of the parser of references as a value
		"U+%04X can stand in XML and must not be written as <cp>": true,
	}
	files, err := filepath.Glob("../../../pipeline/exchange/xliff/validate/*.go")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	count := 0
	inspectFiles(t, files, func(set *token.FileSet, n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 3 {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || selector.Sel.Name != "add" && selector.Sel.Name != "warn" {
			return true
		}
		format := literal(call.Args[2])
		if format == "" || english[format] {
			return true
		}
		count++
		for _, d := range examplesOf(format, call.Args[3:]) {
			d.ID = "xliff.test"
			checkTranslated(t, set.Position(call.Pos()).String(), d)
		}
		return true
	})
	if count < 100 {
		t.Errorf("only %d messages were read", count)
	}
}

// TestExchangeFindingsAreTranslated does the same for the messages of the checks of TMX,
// PO, CSV and XLSX files.
func TestExchangeFindingsAreTranslated(t *testing.T) {
	count := 0
	for _, kind := range []string{"tmx/validate", "po/*", "table/*", "import", "po"} {
		pattern := "../../../pipeline/exchange/" + kind + ".go"
		switch kind {
		case "import": // of files for catalogs
			pattern = "../../../pipeline/messages/import.go"
		case "po": // why its Plural-Forms cannot be used
			pattern = "../../../locales/gettext_forms.go"
		}
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		inspectFiles(t, files, func(set *token.FileSet, n ast.Node) bool {
			checkHints(t, set, n)
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			name := ""
			if ok {
				name = selector.Sel.Name
			} else if id, ok := call.Fun.(*ast.Ident); ok {
				name = id.Name
			}
			at, writes := map[string]int{"add": 3, "Fail": 3, "Messagef": 0, "problem": 0, "reject": 4}[name]
			switch {
			case name == "add" && strings.HasPrefix(kind, "po/"):
				at = 4 // with a severity and a line
			case name == "add" && kind == "import":
				at = 5 // with a unit, too
			}
			if !writes || len(call.Args) <= at {
				return true
			}
			if name == "reject" || name == "add" {
				checkHint(t, set, call.Args[at-1])
			}
			format := literal(call.Args[at])
			if format == "" || format == "%v" { // that of another package
				return true
			}
			count++
			for _, d := range examplesOf(format, call.Args[at+1:]) {
				d.ID = strings.Split(kind, "/")[0] + ".test"
				checkTranslated(t, set.Position(call.Pos()).String(), d)
			}
			return true
		})
	}
	if count < 67 {
		t.Errorf("only %d messages were read", count)
	}
}

// checkHints checks the hints of a node: fields "Hint", and what functions with this word in
// their name return.
func checkHints(t *testing.T, set *token.FileSet, n ast.Node) {
	t.Helper()
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Hint" {
			checkHint(t, set, n.Value)
		}
	case *ast.FuncDecl:
		if !strings.HasSuffix(n.Name.Name, "Hint") {
			return
		}
		ast.Inspect(n, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok {
				checkHint(t, set, r.Results[0])
			}
			return true
		})
	}
}

func checkHint(t *testing.T, set *token.FileSet, e ast.Expr) {
	t.Helper()
	hint := literal(e)
	for _, locale := range []string{"ru", "uk", "fa"} {
		if hint != "" && (Printer{Locale: locale}).Hint(diag.Diagnostic{Hint: hint}) == hint {
			t.Errorf("%s: no %s text for the hint %q", set.Position(e.Pos()), locale, hint)
		}
	}
}

// inspectFiles calls visit as ast.Inspect does, for each Go file that is not a test. The
// file set has the positions of the nodes.
func inspectFiles(t *testing.T, files []string, visit func(*token.FileSet, ast.Node) bool) {
	t.Helper()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool { return visit(set, n) })
	}
}

func literal(e ast.Expr) string {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, _ := strconv.Unquote(l.Value)
		return s
	}
	return ""
}

// examplesOf returns diagnostics with the message of a format, and with values of the
// kinds that its verbs write.
func examplesOf(format string, args []ast.Expr) []diag.Diagnostic {
	var values []any
	verbs := strings.Split(format, "%")[1:]
	for i, a := range args {
		name := literal(a.(*ast.CallExpr).Args[0])
		var v any = "v" + strconv.Itoa(i) + "“\u00a0"
		switch verb := verbs[i]; {
		case name == "difference":
			a, b := append(values[:i:i], diag.Arg(name, "is missing")), append(values[:i:i], diag.Arg(name, "that the source does not have"))
			return []diag.Diagnostic{diag.Diagnostic{}.Messagef(format, a...), diag.Diagnostic{}.Messagef(format, b...)}
		case strings.HasPrefix(verb, "04X"), verb[0] == 'c':
			v = 'ѣ' + rune(i)
		case verb[0] == 'd':
			v = 70 + i
		case verb[0] == 's':
			v = "v" + strconv.Itoa(i)
		}
		values = append(values, diag.Arg(name, v))
	}
	return []diag.Diagnostic{diag.Diagnostic{}.Messagef(format, values...)}
}

func checkTranslated(t *testing.T, at string, d diag.Diagnostic) {
	t.Helper()
	for _, locale := range []string{"ru", "uk", "fa"} {
		got := (Printer{Locale: locale}).Message(d)
		if got == d.Message {
			t.Errorf("%s: no %s text for %q: add one to findingTexts and to the catalogs", at, locale, got)
			continue
		}
		for name, v := range d.Args {
			if s, ok := v.(string); ok && name != "difference" && !strings.Contains(got, printable(s)) {
				t.Errorf("%s: %s: %q does not have the value %q", at, locale, got, s)
			}
		}
	}
	if got := (Printer{Locale: "en"}).Message(d); got != d.Message {
		t.Errorf("%s: %q in English", at, got)
	}
}

// TestFindingValues: words of the English message that are values have a text too.
func TestFindingValues(t *testing.T) {
	for _, tt := range []struct {
		locale string
		d      diag.Diagnostic
		want   string
	}{
		{"ru", diag.Diagnostic{}.Messagef("%q has %s and %s letters", diag.Arg("text", "тест"), diag.Arg("script", "Cyrillic"), diag.Arg("otherScript", "Latin")), "в «тест» буквы двух письменностей: кириллица и латиница"},
		{"uk", diag.Diagnostic{}.Messagef("%s at the end, where the source has %s", diag.Arg("mark", "no mark"), diag.Arg("otherMark", "a question mark and an exclamation mark")), "у кінці немає знака, у джерелі знак питання, знак оклику"},
		{"fa", diag.Diagnostic{}.Messagef("%d characters, where %d fit", diag.Arg("count", 12), diag.Arg("limit", 10)), "۱۲ نویسه، جا برای ۱۰ نویسه است"},
		{"ru", diag.Diagnostic{}.Messagef("the text seems to be in %s, not in %s", diag.Arg("language", "Ukrainian"), diag.Arg("otherLanguage", "Russian")), "язык текста, по-видимому, украинский, а не русский"},
		{"ru", diag.Diagnostic{Place: diag.Place{Locale: "uk"}}.Messagef("%s is not how numbers are written in %s", diag.Arg("text", "1,5"), diag.Arg("locale", "uk")), "1,5: числа в языке «украинский» пишут иначе"},
		{"ru", diag.Diagnostic{ID: "xliff.required"}.Messagef("%s has no attribute %s (%s)", diag.Arg("tag", "<file>"), diag.Arg("name", "id"), diag.Arg("clause", "XLIFF 2.1, 4.3.1.21")), "у <file> нет атрибута id (XLIFF 2.1, 4.3.1.21)"},
		{"uk", diag.Diagnostic{ID: "xliff.value"}.Messagef("%s=%q on %s is not %s", diag.Arg("name", "id"), diag.Arg("value", "a b"), diag.Arg("tag", "<unit>"), diag.Arg("expected", "a whole number from 1")), "id=«a b» у <unit>: має бути так: ціле число від 1"},
		{"fa", diag.Diagnostic{ID: "xliff.element"}.Messagef("%s has no %s", diag.Arg("tag", "<unit>"), diag.Arg("expected", "<segment> or <ignorable>")), "<unit> عنصر <segment> یا <ignorable> را ندارد"},
		{"ru", diag.Diagnostic{Message: "something new"}, "something new"},
	} {
		if got := (Printer{Locale: tt.locale}).Message(tt.d); got != tt.want {
			t.Errorf("%s: %q\n got %s\nwant %s", tt.locale, tt.d.Message, got, tt.want)
		}
	}
	for hint, want := range map[string]string{"write «": "пишите «", "write ¿ where it begins": "поставьте ¿ в начале", "the term is договор": "термин: договор", "": "", "unknown": "unknown"} {
		if got := (Printer{Locale: "ru"}).Hint(diag.Diagnostic{Hint: hint}); got != want {
			t.Errorf("hint %q: %q, want %q", hint, got, want)
		}
	}
}

// TestReasonsAreTranslated: a finding whose value "error" is a diagnostic has that in the
// user's language, too, with its values.
func TestReasonsAreTranslated(t *testing.T) {
	_, reason := locales.GettextNumbers("nplurals=2; plural=n%3")
	d := diag.Diagnostic{ID: "po.plural"}.Messagef("the Plural-Forms of the header cannot be used: %s", diag.Arg("error", reason))
	const want = "поле Plural-Forms заголовка нельзя использовать: выражение даёт числу 2 форму 2, а последняя форма — 1"
	if got, ok := (Printer{Locale: "ru"}).Localized(d); !ok || got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestListsOfNamesAreTranslated: every "or" of a list is in the user's language.
func TestListsOfNamesAreTranslated(t *testing.T) {
	d := diag.Diagnostic{ID: "tmx.element"}.Messagef("<%s> must stand in %s, not in <%s>", diag.Arg("name", "note"), diag.Arg("expected", "header or tu or tuv"), diag.Arg("parent", "seg"))
	if got, ok := (Printer{Locale: "ru"}).Localized(d); !ok || strings.Contains(got, " or ") || !strings.Contains(got, "header или tu или tuv") {
		t.Errorf("%q", got)
	}
}
