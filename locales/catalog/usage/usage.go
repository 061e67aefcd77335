// Package usage finds the messages that a program defines and uses, in Go code and
// in templates, and compares them with a catalog.Set.
package usage

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// A Call is a function whose argument is a message id.
type Call struct {
	Name string // "T" for any function or method of that name, "i18n.T" for one of that package or variable
	Arg  int    // index of the id; -1 for the first constant string
}

// DefaultCalls are helpers as projects name them.
var DefaultCalls = []Call{{"T", -1}, {"Tr", -1}, {"Translate", -1}, {"Localize", 1}}

// DefaultFunctions are functions of templates, {{T "id"}}, as projects name them.
var DefaultFunctions = []string{"T", "t", "Tr", "tr", "Translate", "i18n"}

// Options say what to look for in code.
type Options struct {
	Calls     []Call           // nil for DefaultCalls
	Functions []string         // functions of templates; nil for DefaultFunctions
	Patterns  []*regexp.Regexp // further ones; the first group is an id

	// At is the folder that the scanned files' paths are from, from where the user
	// stands; places begin with it.
	At string

	// Packages are the Go packages that the scanned files are and import. Its zero
	// value means: match import paths with folder names, which is enough within one
	// module.
	Packages Packages
}

// Packages are the Go packages of the scanned code, as a build tool knows them.
type Packages struct {
	Paths map[string]string               // import path by folder of the scanned files
	Names map[string]string               // the package's name by folder; other packages there are not the one that is imported
	Files func(path string) catalog.Files // the files of another package whose constants count; nil for one that does not matter
}

// A Usage is what code says about messages.
type Usage struct {
	Defined map[string]*Definition
	Used    map[string][]diag.Place
	Script  map[string][]diag.Place // ids that JavaScript uses, of this catalog or of another
	Maybe   map[string]bool         // ids in calls of templates that may be of helpers, and texts of scripts
	Dynamic []Dynamic               // ids that are made while the program runs

	Functions []string        // names under which templates of the code call helpers
	Given     []string        // names of the functions that the code gives to templates
	Fallback  map[string]int  // how many uses of an id give its text as well: T("id", "text")
	Calls     []LocalizeCall  // in the order of the code
	Broken    []diag.Place    // files that do not parse: what they use is not known
	Theme     string          // a theme of a Hugo site whose templates are not at hand: what they use is not known
	texts     map[string]bool // texts of Go code that look like ids
}

// A Definition is a message written in the code, as i18n.Message.
type Definition struct {
	message.Entry
	Place diag.Place
}

// A Dynamic is a call whose id is not constant: nobody can tell what it uses,
// but for what stands before and after the part that is not known.
type Dynamic struct {
	Place          diag.Place
	Prefix, Suffix string

	fromTexts bool // the id is a text of the code, as far as can be seen
}

// isUnknown reports whether nothing at all is known of the id.
func (d Dynamic) isUnknown() bool { return d.Prefix+d.Suffix == "" }

// mayUse reports whether the call may have this id.
func (d Dynamic) mayUse(id string) bool {
	return d.Prefix+d.Suffix != "" && len(id) >= len(d.Prefix)+len(d.Suffix) && strings.HasPrefix(id, d.Prefix) && strings.HasSuffix(id, d.Suffix)
}

// Scan finds the messages that code defines and uses.
//
// In Go files: literals of go-i18n's Message and LocalizeConfig, and calls of
// helpers. A helper is a function that hands one of its parameters on as an id,
// to go-i18n or to another helper, and any function that Calls names. Types are
// checked, so that constants of other packages, aliases and methods are known;
// what the sources at hand do not tell is left open, and is no error. All files
// of a folder count, whatever system they are built for.
//
// In all other files: functions of templates, by text/template's own parser
// where it can read the file, and the patterns. The names under which Go code
// gives helpers to templates (FuncMap) count as well. In JavaScript and TypeScript:
// calls of t and its like. Ids in the front matter of pages count where a template
// takes its id from there: {{ i18n .Params.badge }}. A comment names ids that nothing can know:
// hexapla:uses errors.*
//
// Files that are Ignored do not count. A Go file that does not parse, and a message
// that is defined twice in two ways, is a diagnostic.
func Scan(files catalog.Files, opt Options) (*Usage, []diag.Diagnostic) {
	if opt.Calls == nil {
		opt.Calls = DefaultCalls
	}
	if opt.Functions == nil {
		opt.Functions = DefaultFunctions
	}
	g := newAnalyzer(opt)
	var ds []diag.Diagnostic
	var others []string
	var broken []diag.Place
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if Ignored(name) {
			continue
		}
		if path.Ext(name) != ".go" {
			others = append(others, name)
			continue
		}
		f, err := parser.ParseFile(g.fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			d := rule.Finding("catalog.syntax", diag.Place{Path: path.Join(opt.At, name)}, "", "Go file does not parse: %s", diag.Arg("error", err.Error()))
			d.Severity = diag.Warning
			var list scanner.ErrorList
			if errors.As(err, &list) && len(list) > 0 {
				d.Place.Line, d.Place.Column = diag.At(files[name], list[0].Pos.Offset)
				d.Message = "Go file does not parse: " + list[0].Msg
			}
			ds, broken = append(ds, d), append(broken, d.Place)
			continue
		}
		g.lines[name] = diag.NewLines(files[name])
		g.add(path.Dir(name), f)
	}
	u, more := g.scan()
	u.Functions, u.Given = g.templateFunctions(), slices.Sorted(maps.Keys(g.offered))
	u.Broken = broken
	ds = append(ds, more...)
	t := newTemplateCode(u, append(slices.Clone(opt.Functions), g.templateFunctions()...), g.helperMethods(), g.delims)
	t.pages = frontMatter{}
	for _, name := range others {
		if isPage(name) {
			t.pages.read(path.Join(opt.At, name), files[name])
		}
	}
	for _, name := range others {
		t.scan(path.Join(opt.At, name), files[name])
		if isScript(name) {
			u.script(path.Join(opt.At, name), files[name])
		}
	}
	t.finish()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if Ignored(name) {
			continue
		}
		u.hints(path.Join(opt.At, name), files[name])
		for _, p := range opt.Patterns {
			u.pattern(p, path.Join(opt.At, name), files[name])
		}
	}
	for _, places := range u.Used {
		slices.SortFunc(places, diag.Place.Compare)
	}
	slices.SortFunc(u.Dynamic, func(a, b Dynamic) int { return a.Place.Compare(b.Place) })
	diag.Sort(ds)
	return u, ds
}

// Ignored reports whether Scan ignores a file because it is not the program's own
// code: a test, a message file, or a file in a folder of dependencies or test data.
// The go command also ignores folders whose names begin with "_"; other files there
// count, because Hugo keeps its templates in layouts/_default and the like.
func Ignored(name string) bool {
	if strings.HasSuffix(name, "_test.go") || catalog.IsMessageFile(name) || isScript(name) && scriptTest().MatchString(name) {
		return true
	}
	isGo := path.Ext(name) == ".go"
	for part := range strings.SplitSeq(path.Dir(name), "/") {
		switch {
		case part == "vendor" || part == "testdata" || part == "node_modules", len(part) > 1 && part != ".." && part[0] == '.', isGo && len(part) > 1 && part[0] == '_':
			return true
		}
	}
	return false
}

// scriptTest matches the names of scripts that are tests, or made by a program.
var scriptTest = lazy.Regexp(`\.(?:test|spec|min|bundle|d)\.\w+$`)

// use notes a use. What is no text can be no id: it is as good as one that is not
// known.
func (u *Usage) use(id string, place diag.Place) {
	if !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
		u.Dynamic = append(u.Dynamic, Dynamic{Place: place})
		return
	}
	place.Unit = id
	u.Used[id] = append(u.Used[id], place)
}

func (u *Usage) pattern(p *regexp.Regexp, name string, data []byte) {
	if p.NumSubexp() < 1 {
		return
	}
	lines := diag.NewLines(data)
	for _, m := range p.FindAllSubmatchIndex(data, -1) {
		if m[2] >= 0 {
			line, column := lines.At(m[2])
			u.use(string(data[m[2]:m[3]]), diag.Place{Path: name, Line: line, Column: column})
		}
	}
}

// newAnalyzer is an empty collection of Go code.
func newAnalyzer(opt Options) *analyzer {
	return &analyzer{fset: token.NewFileSet(), opt: opt, byKey: map[string]*goPackage{}, byPath: map[string]*goPackage{},
		lines: map[string]*diag.Lines{}, sums: map[*ast.ValueSpec][]ast.Expr{}}
}
