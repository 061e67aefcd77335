package catalog

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

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

// ScanOptions say what to look for in code.
type ScanOptions struct {
	Calls     []Call           // nil for DefaultCalls
	Functions []string         // functions of templates, {{T "id"}}; nil for T, t, tr, i18n
	Patterns  []*regexp.Regexp // further ones; the first group is an id
}

// A Usage is what code says about messages.
type Usage struct {
	Defined map[string]*Definition
	Used    map[string][]diag.Place
	Dynamic []diag.Place // calls whose id is not constant: nobody can tell what they use
}

// A Definition is a message written in the code, as i18n.Message.
type Definition struct {
	message.Entry
	Place diag.Place
}

const i18nImport = "github.com/nicksnyder/go-i18n/v2/i18n"

// Scan finds the messages that code defines and uses: in Go files, composite
// literals of go-i18n's Message and LocalizeConfig and calls of helpers, with
// constants of the package folded; in all other files, functions of templates
// and the patterns. Test files are left out. A Go file that does not parse, and
// a message that is defined twice in two ways, is a diagnostic.
func Scan(files Files, opt ScanOptions) (*Usage, []diag.Diagnostic) {
	if opt.Calls == nil {
		opt.Calls = DefaultCalls
	}
	if opt.Functions == nil {
		opt.Functions = []string{"T", "t", "tr", "i18n"}
	}
	u := &Usage{Defined: map[string]*Definition{}, Used: map[string][]diag.Place{}}
	var ds []diag.Diagnostic
	packages := map[string][]*goFile{}
	fset := token.NewFileSet()
	template := templateCalls(opt.Functions)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, "_test.go") || IsMessageFile(name) {
			continue
		}
		for _, p := range opt.Patterns {
			u.pattern(p, name, files[name])
		}
		if path.Ext(name) != ".go" {
			u.template(template, name, files[name])
			continue
		}
		f, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			ds = append(ds, diag.Diagnostic{ID: "catalog.syntax", Severity: diag.Warning, Place: diag.Place{Path: name}, Message: "Go file does not parse: " + strings.TrimPrefix(err.Error(), name+":")})
			continue
		}
		dir := path.Dir(name) + " " + f.Name.Name
		packages[dir] = append(packages[dir], &goFile{name: name, file: f})
	}
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		sc := &scanner{fset: fset, opt: opt, usage: u, constants: map[string]constant.Value{}, initial: map[string]ast.Expr{}}
		for _, f := range packages[dir] {
			sc.declare(f.file)
		}
		for _, f := range packages[dir] {
			ds = append(ds, sc.file(f)...)
		}
	}
	diag.Sort(ds)
	return u, ds
}

func (u *Usage) use(id string, place diag.Place) {
	place.Unit = id
	u.Used[id] = append(u.Used[id], place)
}

// templateCalls matches {{T "id"}}, {{ . | T "id" }}, {{(T "id")}} and the like.
func templateCalls(functions []string) *regexp.Regexp {
	var names []string
	for _, f := range functions {
		names = append(names, regexp.QuoteMeta(f))
	}
	return regexp.MustCompile("(?:^|[\\s({|.$])(?:" + strings.Join(names, "|") + ")\\s+(?:\"((?:[^\"\\\\\\n]|\\\\.)+)\"|`([^`\\n]+)`)")
}

var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

func (u *Usage) template(calls *regexp.Regexp, name string, data []byte) {
	for _, span := range action.FindAllIndex(data, -1) {
		for _, m := range calls.FindAllSubmatchIndex(data[span[0]:span[1]], -1) {
			group := 2
			if m[2] < 0 {
				group = 4
			}
			id := string(data[span[0]+m[group] : span[0]+m[group+1]])
			line, column := diag.At(data, span[0]+m[group])
			u.use(id, diag.Place{Path: name, Line: line, Column: column})
		}
	}
}

func (u *Usage) pattern(p *regexp.Regexp, name string, data []byte) {
	if p.NumSubexp() < 1 {
		return
	}
	for _, m := range p.FindAllSubmatchIndex(data, -1) {
		if m[2] >= 0 {
			line, column := diag.At(data, m[2])
			u.use(string(data[m[2]:m[3]]), diag.Place{Path: name, Line: line, Column: column})
		}
	}
}

type goFile struct {
	name string
	file *ast.File
}

// A scanner looks at the files of one package.
type scanner struct {
	fset      *token.FileSet
	opt       ScanOptions
	usage     *Usage
	constants map[string]constant.Value
	initial   map[string]ast.Expr // constants and variables that are not folded yet
	i18n      string              // the file's name for go-i18n's package
	ds        []diag.Diagnostic
}

// declare notes the package's constants and its variables with a value.
func (s *scanner) declare(f *ast.File) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST && g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for i, name := range v.Names {
				if i < len(v.Values) {
					s.initial[name.Name] = v.Values[i]
				}
			}
		}
	}
}

// text folds an expression to a constant string.
func (s *scanner) text(e ast.Expr, depth int) (string, bool) {
	if depth > 50 {
		return "", false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		t, err := strconv.Unquote(e.Value)
		return t, err == nil
	case *ast.ParenExpr:
		return s.text(e.X, depth+1)
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		a, ok1 := s.text(e.X, depth+1)
		b, ok2 := s.text(e.Y, depth+1)
		return a + b, ok1 && ok2
	case *ast.Ident:
		if v, ok := s.constants[e.Name]; ok {
			return constant.StringVal(v), true
		}
		x, ok := s.initial[e.Name]
		if !ok {
			return "", false
		}
		t, ok := s.text(x, depth+1)
		if ok {
			s.constants[e.Name] = constant.MakeString(t)
		}
		return t, ok
	case *ast.CallExpr: // string("…"), and named string types
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "string" && len(e.Args) == 1 {
			return s.text(e.Args[0], depth+1)
		}
	}
	return "", false
}

func (s *scanner) place(p token.Pos) diag.Place {
	at := s.fset.Position(p)
	return diag.Place{Path: at.Filename, Line: at.Line, Column: at.Column}
}

func (s *scanner) file(f *goFile) []diag.Diagnostic {
	s.ds, s.i18n = nil, ""
	for _, imp := range f.file.Imports {
		if p, err := strconv.Unquote(imp.Path.Value); err == nil && p == i18nImport {
			s.i18n = "i18n"
			if imp.Name != nil {
				s.i18n = imp.Name.Name
			}
		}
	}
	for _, d := range f.file.Decls {
		before := len(s.usage.Dynamic)
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				s.literal(n, n.Type)
			case *ast.CallExpr:
				s.call(n)
			}
			return true
		})
		// A helper passes on the id that it is given: its callers are looked at.
		if fn, ok := d.(*ast.FuncDecl); ok && slices.ContainsFunc(s.opt.Calls, func(c Call) bool { return c.Name[strings.LastIndexByte(c.Name, '.')+1:] == fn.Name.Name }) {
			s.usage.Dynamic = s.usage.Dynamic[:before]
		}
	}
	return s.ds
}

// literal looks at i18n.Message{…}, i18n.LocalizeConfig{…}, and lists and maps
// of messages, whose elements need not name their type.
func (s *scanner) literal(lit *ast.CompositeLit, typ ast.Expr) {
	switch t := typ.(type) {
	case *ast.ArrayType:
		s.elements(lit, t.Elt)
	case *ast.MapType:
		s.elements(lit, t.Value)
	default:
		switch s.i18nType(typ) {
		case "Message":
			s.message(lit)
		case "LocalizeConfig":
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && fmt.Sprint(kv.Key) == "MessageID" {
					s.id(kv.Value)
				}
			}
		}
	}
}

func (s *scanner) elements(lit *ast.CompositeLit, elem ast.Expr) {
	if s.i18nType(elem) == "" {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if c, ok := e.(*ast.CompositeLit); ok && c.Type == nil {
			s.literal(c, elem)
		}
	}
}

// i18nType is the name of a type of go-i18n's package, "" for any other.
func (s *scanner) i18nType(t ast.Expr) string {
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch t := t.(type) {
	case *ast.SelectorExpr:
		if x, ok := t.X.(*ast.Ident); ok && s.i18n != "" && x.Name == s.i18n {
			return t.Sel.Name
		}
	case *ast.Ident:
		if s.i18n == "." {
			return t.Name
		}
	}
	return ""
}

func (s *scanner) id(e ast.Expr) {
	if id, ok := s.text(e, 0); ok {
		s.usage.use(id, s.place(e.Pos()))
	} else {
		s.usage.Dynamic = append(s.usage.Dynamic, s.place(e.Pos()))
	}
}

func (s *scanner) message(lit *ast.CompositeLit) {
	def := &Definition{Place: s.place(lit.Pos())}
	fields := map[string]*string{"ID": &def.ID, "Description": &def.Description, "LeftDelim": &def.LeftDelim, "RightDelim": &def.RightDelim,
		"Zero": &def.Zero, "One": &def.One, "Two": &def.Two, "Few": &def.Few, "Many": &def.Many, "Other": &def.Other}
	var hash string
	order := []*string{&def.ID, &hash, &def.Description, &def.LeftDelim, &def.RightDelim, &def.Zero, &def.One, &def.Two, &def.Few, &def.Many, &def.Other}
	for i, e := range lit.Elts {
		into, x := (*string)(nil), e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			into, x = fields[fmt.Sprint(kv.Key)], kv.Value
		} else if i < len(order) {
			into = order[i]
		}
		if into == nil {
			continue
		}
		text, ok := s.text(x, 0)
		if !ok {
			s.usage.Dynamic = append(s.usage.Dynamic, s.place(x.Pos()))
			continue
		}
		*into = text
	}
	if def.ID == "" {
		return
	}
	def.Place.Unit = def.ID
	s.usage.use(def.ID, def.Place)
	if old := s.usage.Defined[def.ID]; old != nil && (def.Other != "" && old.Other != "") && old.Message != def.Message {
		s.ds = append(s.ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: def.Place, Issue: rule("catalog.duplicate").ITS,
			Message: fmt.Sprintf("message %q is defined otherwise in %s", def.ID, old.Place), Hint: "define it once"})
		return
	}
	if old := s.usage.Defined[def.ID]; old == nil || old.Other == "" {
		s.usage.Defined[def.ID] = def
	}
}

func (s *scanner) call(c *ast.CallExpr) {
	name, qualified := "", ""
	switch f := c.Fun.(type) {
	case *ast.Ident:
		name, qualified = f.Name, f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok {
			qualified = x.Name + "." + name
		}
	}
	for _, call := range s.opt.Calls {
		if call.Name != name && call.Name != qualified {
			continue
		}
		if call.Arg >= 0 {
			if call.Arg < len(c.Args) {
				s.id(c.Args[call.Arg])
			}
			return
		}
		for _, arg := range c.Args {
			if _, ok := s.text(arg, 0); ok {
				s.id(arg)
				return
			}
		}
		if len(c.Args) > 0 {
			s.usage.Dynamic = append(s.usage.Dynamic, s.place(c.Pos()))
		}
		return
	}
}

// CheckUsage compares the source catalog with the code: messages that are used
// and not there, and that are there and not used. Where an id is made while the
// program runs, unused ones are only notes.
func CheckUsage(s *Set, u *Usage) []diag.Diagnostic {
	src := s.Catalogs[s.Source]
	if src == nil {
		return nil
	}
	var ds []diag.Diagnostic
	for id, places := range u.Used {
		if _, ok := src.Messages[id]; !ok {
			d := finding("catalog.undefined", places[0], fmt.Sprintf("message %q is not in the source catalog", id), "")
			if def := u.Defined[id]; def != nil && def.Other != "" {
				d.Hint = "extract it from the code"
			}
			ds = append(ds, d)
		}
	}
	for _, id := range src.IDs {
		if _, ok := u.Used[id]; ok {
			continue
		}
		d := finding("catalog.unused", src.Messages[id].Place(s.Source), fmt.Sprintf("message %q is not used in the code", id), "")
		if len(u.Dynamic) > 0 {
			d.Severity, d.Hint = diag.Info, fmt.Sprintf("%d calls make their id while the program runs, the first at %s", len(u.Dynamic), u.Dynamic[0])
		}
		ds = append(ds, d)
	}
	diag.Sort(ds)
	return ds
}

// Extract brings the source catalog into line with the messages that the code
// defines: new ones are added, changed ones changed, the others left. Custom
// delimiters are kept. A source catalog that does not exist yet is made at
// path.
func Extract(in Files, source, path string, u *Usage) (Result, []diag.Diagnostic) {
	r := Result{Write: Files{}}
	s, ds := Parse(in, source)
	src := s.Catalogs[s.Source]
	if src != nil && hasErrors(ds, src.Paths) {
		return r, ds
	}
	if src == nil {
		src = &Catalog{Locale: s.Source, Paths: []string{path}}
	}
	edits := map[string][]edit{}
	for _, id := range slices.Sorted(maps.Keys(u.Defined)) {
		def := u.Defined[id]
		name, kind := src.Paths[0], New
		if len(values(&def.Entry)) == 0 {
			continue
		}
		if m := src.Messages[id]; m != nil {
			if slices.Equal(values(&m.Entry), values(&def.Entry)) {
				continue
			}
			name, kind = m.Path, Updated
		}
		edits[name] = append(edits[name], edit{id: id, fields: values(&def.Entry)})
		r.change(kind, s.Source, id, name)
	}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		data, err := apply(name, in[name], edits[name])
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		r.write(in, name, data)
	}
	return r, ds
}
