package catalog

import (
	"errors"
	"fmt"
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

	"hexapla/locales/message"
	"hexapla/pipeline/diag"
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

// ScanOptions say what to look for in code.
type ScanOptions struct {
	Calls     []Call           // nil for DefaultCalls
	Functions []string         // functions of templates; nil for DefaultFunctions
	Patterns  []*regexp.Regexp // further ones; the first group is an id

	// At is the folder that the scanned files' paths are from, from where the user
	// stands; places begin with it.
	At string

	// Packages tells of the Go packages that the scanned files are and import. Its
	// zero value goes by folder names, which is enough within one module.
	Packages GoPackages
}

// GoPackages is what a build tool knows of Go packages.
type GoPackages struct {
	Paths map[string]string       // import path by folder of the scanned files
	Names map[string]string       // the package's name by folder; other packages there are not the one that is imported
	Files func(path string) Files // the files of another package whose constants count; nil for one that does not matter
}

// A Usage is what code says about messages.
type Usage struct {
	Defined map[string]*Definition
	Used    map[string][]diag.Place
	Maybe   map[string]bool // ids in calls of templates that may be of helpers
	Dynamic []Dynamic       // ids that are made while the program runs
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
}

// mayUse says whether the call may have this id.
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
// gives helpers to templates (FuncMap) count as well.
//
// Tests are left out, and folders that the go command passes over. A Go file that does not parse, and a message that is
// defined twice in two ways, is a diagnostic.
func Scan(files Files, opt ScanOptions) (*Usage, []diag.Diagnostic) {
	if opt.Calls == nil {
		opt.Calls = DefaultCalls
	}
	if opt.Functions == nil {
		opt.Functions = DefaultFunctions
	}
	g := newGoCode(opt)
	var ds []diag.Diagnostic
	var others []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if leftOut(name) {
			continue
		}
		if path.Ext(name) != ".go" {
			others = append(others, name)
			continue
		}
		f, err := parser.ParseFile(g.fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			d := finding("catalog.syntax", diag.Place{Path: path.Join(opt.At, name)}, "Go file does not parse: "+err.Error(), "")
			d.Severity = diag.Warning
			var list scanner.ErrorList
			if errors.As(err, &list) && len(list) > 0 {
				d.Place.Line, d.Place.Column = diag.At(files[name], list[0].Pos.Offset)
				d.Message = "Go file does not parse: " + list[0].Msg
			}
			ds = append(ds, d)
			continue
		}
		g.lines[name] = diag.NewLines(files[name])
		g.add(path.Dir(name), f)
	}
	u, more := g.scan()
	ds = append(ds, more...)
	t := newTemplateCode(u, append(slices.Clone(opt.Functions), g.templateFunctions()...), g.helperMethods(), g.delims)
	for _, name := range others {
		t.scan(path.Join(opt.At, name), files[name])
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, p := range opt.Patterns {
			if !leftOut(name) {
				u.pattern(p, path.Join(opt.At, name), files[name])
			}
		}
	}
	for _, places := range u.Used {
		slices.SortFunc(places, diag.Place.Compare)
	}
	slices.SortFunc(u.Dynamic, func(a, b Dynamic) int { return a.Place.Compare(b.Place) })
	diag.Sort(ds)
	return u, ds
}

// leftOut says whether a file is none of the program's own code: a test, a
// catalog, or in a folder that the go command passes over, or npm's.
func leftOut(name string) bool {
	if strings.HasSuffix(name, "_test.go") || IsMessageFile(name) {
		return true
	}
	for part := range strings.SplitSeq(path.Dir(name), "/") {
		if part == "vendor" || part == "testdata" || part == "node_modules" || len(part) > 1 && part != ".." && (part[0] == '_' || part[0] == '.') {
			return true
		}
	}
	return false
}

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

// newGoCode is an empty collection of Go code.
func newGoCode(opt ScanOptions) *goCode {
	return &goCode{fset: token.NewFileSet(), opt: opt, byKey: map[string]*goPackage{}, byPath: map[string]*goPackage{},
		lines: map[string]*diag.Lines{}, sums: map[*ast.ValueSpec][]ast.Expr{}}
}

// CheckUsage compares the source catalog with the code: messages that are used
// and not there, and that are there and not used. A message that a call may
// mean whose id is partly known counts as used; where nothing at all is known
// of an id, unused messages are only notes.
func CheckUsage(s *Set, u *Usage) []diag.Diagnostic {
	src := s.Catalogs[s.Source]
	if src == nil {
		return nil
	}
	if u.empty() {
		d := finding("catalog.code", diag.Place{}, "the code at hand uses no message: what is unused is not told", "name the code, or its helpers with --call")
		d.Severity = diag.Warning
		return []diag.Diagnostic{d}
	}
	var ds []diag.Diagnostic
	for id, places := range u.Used {
		if _, ok := src.Messages[id]; !ok {
			d := finding("catalog.undefined", places[0], fmt.Sprintf("message %.80q is not in the source catalog", id), "")
			d.Hint = "'hexapla catalog extract' adds it"
			ds = append(ds, d)
		}
	}
	unknown := slices.IndexFunc(u.Dynamic, func(d Dynamic) bool { return d.Prefix+d.Suffix == "" })
	for _, id := range src.IDs {
		if u.mayUse(id) {
			continue
		}
		d := finding("catalog.unused", src.Messages[id].Place(s.Source), fmt.Sprintf("message %q is not used in the code", id), "")
		if unknown >= 0 {
			d.Severity, d.Hint = diag.Info, "an id is made while the program runs at "+u.Dynamic[unknown].Place.String()
		}
		ds = append(ds, d)
	}
	diag.Sort(ds)
	return ds
}

// empty says that the code was found to use nothing: it is the wrong code, or
// uses messages in a way that was not recognized.
func (u *Usage) empty() bool { return len(u.Used) == 0 && len(u.Dynamic) == 0 }

// mayUse says whether the code uses the message, or may.
func (u *Usage) mayUse(id string) bool {
	return len(u.Used[id]) > 0 || u.Defined[id] != nil || u.Maybe[id] || slices.ContainsFunc(u.Dynamic, func(d Dynamic) bool { return d.mayUse(id) })
}

// Unused are the ids of the source messages that no code uses. It fails where
// an id is made while the program runs of which nothing is known: nobody can
// tell then. It also fails where the code uses nothing.
func Unused(s *Set, u *Usage) ([]string, error) {
	if u.empty() {
		return nil, errors.New("the code at hand uses no message at all: name the right code, or its helpers with --call")
	}
	for _, d := range u.Dynamic {
		if d.Prefix+d.Suffix == "" {
			return nil, fmt.Errorf("%s makes a message id while the program runs, so that nobody can tell what is unused", d.Place)
		}
	}
	var out []string
	if src := s.Catalogs[s.Source]; src != nil {
		for _, id := range src.IDs {
			if !u.mayUse(id) {
				out = append(out, id)
			}
		}
	}
	return out, nil
}
