package catalog

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/diag"
)

const i18nImport = "github.com/nicksnyder/go-i18n/v2/i18n"

// i18nSource is what scanned code sees of go-i18n: the types that carry ids, in
// the order of their fields. The library itself need not be there.
const i18nSource = `package i18n

type Message struct {
	ID, Hash, Description, LeftDelim, RightDelim, Zero, One, Two, Few, Many, Other string
}

type LocalizeConfig struct {
	MessageID      string
	TemplateData   any
	PluralCount    any
	DefaultMessage *Message
	Funcs          map[string]any
	TemplateParser any
}

type Bundle struct{}

type Localizer struct{}

func NewLocalizer(bundle *Bundle, langs ...string) *Localizer
func (*Localizer) Localize(c *LocalizeConfig) (string, error)
func (*Localizer) LocalizeMessage(m *Message) (string, error)
func (*Localizer) MustLocalize(c *LocalizeConfig) string
func (*Localizer) MustLocalizeMessage(m *Message) string
`

// maxConstant is the length of a string constant, in bytes, up to which the
// constants of code are worked out.
const maxConstant = 1 << 20

// goCode is the Go code that is looked at.
type goCode struct {
	fset   *token.FileSet
	opt    ScanOptions
	byKey  map[string]*goPackage // the scanned ones, by folder and name
	byPath map[string]*goPackage // by import path
	lines  map[string]*diag.Lines

	sums    map[*ast.ValueSpec][]ast.Expr // constants' values as they stand in the code, where the type checker is given less
	values  map[types.Object][]given      // what constants, variables and fields are given
	changed map[types.Object]bool         // those that are also given what is not known
	folded  map[types.Object]*folded      // texts that were worked out
	params  map[types.Object]param
	helpers map[any]param                // functions, by types.Object, *ast.FuncLit or *ast.FuncDecl, to the parameter that is an id
	handed  map[any]given                // the same to where they first hand it on
	called  map[any]bool                 // helpers that the code calls, interface methods by name
	methods map[string][]*types.Func     // helpers that are methods, by name, for calls of interfaces
	elided  map[*ast.CompositeLit]string // literals whose type only the list that they are in says
	mapped  map[string]bool              // names under which templates call helpers
	delims  [][2]string                  // that templates are given

	usage *Usage
	found []diag.Diagnostic
}

type goPackage struct {
	dir, path string
	files     []*ast.File
	scanned   bool
	checking  bool
	types     *types.Package
	info      *types.Info
}

// given is an expression and where it is to be understood.
type given struct {
	expr ast.Expr
	pkg  *goPackage
}

// A param is a parameter of a function; rest says that it takes all further
// arguments.
type param struct {
	function any
	index    int
	rest     bool
}

// folded is the text of a constant or variable; busy while it is worked out.
type folded struct {
	text     string
	ok, busy bool
}

func (g *goCode) add(dir string, f *ast.File) {
	key := dir + " " + f.Name.Name
	p := g.byKey[key]
	if p == nil {
		p = &goPackage{dir: dir, scanned: true, path: g.opt.Packages.Paths[dir]}
		if p.path == "" {
			p.path = dir
		}
		g.byKey[key] = p
		// A folder may hold a program beside its package, left out of builds.
		name := g.opt.Packages.Names[dir]
		if f.Name.Name != "main" && (name == "" && g.byPath[p.path] == nil || name == f.Name.Name) {
			g.byPath[p.path] = p
		}
	}
	p.files = append(p.files, f)
}

// scan checks the types of all packages and then looks for messages until no
// more helpers are found.
func (g *goCode) scan() (*Usage, []diag.Diagnostic) {
	packages := make([]*goPackage, 0, len(g.byKey))
	for _, key := range slices.Sorted(maps.Keys(g.byKey)) {
		packages = append(packages, g.byKey[key])
	}
	for _, p := range packages {
		g.check(p)
	}
	g.values, g.changed, g.folded = map[types.Object][]given{}, map[types.Object]bool{}, map[types.Object]*folded{}
	g.params = map[types.Object]param{}
	for _, p := range packages {
		g.declare(p)
	}
	for _, name := range slices.Sorted(maps.Keys(g.byPath)) {
		if p := g.byPath[name]; p != nil && !p.scanned && p.info != nil {
			g.declare(p)
		}
	}
	g.elided = map[*ast.CompositeLit]string{}
	g.helpers, g.methods, g.handed = map[any]param{}, map[string][]*types.Func{}, map[any]given{}
	for {
		known := len(g.helpers)
		g.usage = &Usage{Defined: map[string]*Definition{}, Used: map[string][]diag.Place{}, Maybe: map[string]bool{}}
		g.found, g.mapped, g.called, g.delims = nil, map[string]bool{}, map[any]bool{}, nil
		for _, p := range packages {
			for _, f := range p.files {
				(&goFile{g, p}).look(f)
			}
		}
		if len(g.helpers) == known {
			g.uncalled()
			return g.usage, g.found
		}
	}
}

// uncalled notes the helpers that nothing in the code calls: what ids they are
// given nobody can tell.
func (g *goCode) uncalled() {
	for function, at := range g.handed {
		if _, again := function.(*ast.FuncDecl); again {
			continue // calls are of the other one of that name
		}
		name := ""
		if o, ok := function.(types.Object); ok {
			name = o.Name()
		}
		byName := slices.ContainsFunc(g.opt.Calls, func(c Call) bool { return c.Name == name }) || slices.Contains(g.opt.Functions, name)
		if !byName && !g.mapped[name] && !g.called[function] && !g.called[name] {
			g.usage.Dynamic = append(g.usage.Dynamic, Dynamic{Place: (&goFile{g, at.pkg}).place(at.expr)})
		}
	}
	slices.SortFunc(g.usage.Dynamic, func(a, b Dynamic) int { return a.Place.Compare(b.Place) })
}

// templateFunctions are the names under which templates may call helpers.
func (g *goCode) templateFunctions() []string {
	return slices.Sorted(maps.Keys(g.mapped))
}

// helperMethods are the names of methods that are helpers. Templates may call
// them; or other methods of that name.
func (g *goCode) helperMethods() []string { return slices.Sorted(maps.Keys(g.methods)) }

// check finds the types of a package as far as its imports are known.
func (g *goCode) check(p *goPackage) {
	if p.types != nil || p.checking {
		return
	}
	p.checking = true
	g.shorten(p)
	defer func() { p.checking = false }()
	p.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{
		Importer: importer{g}, FakeImportC: true, IgnoreFuncBodies: !p.scanned, DisableUnusedImportCheck: true,
		Error: func(error) {}, // code that does not compile still has messages
	}
	p.types, _ = config.Check(p.path, g.fset, p.files, p.info)
}

// importer finds packages for the type checker. Those that it does not know it
// refuses: the checker then leaves open what comes from them.
type importer struct{ *goCode }

var errUnknownPackage = errors.New("package is not looked at")

func (im importer) Import(name string) (*types.Package, error) {
	g := im.goCode
	if name == "unsafe" {
		return types.Unsafe, nil
	}
	p := g.byPath[name]
	if p == nil {
		p = g.find(name)
		g.byPath[name] = p
	}
	if p == nil || p.checking {
		return nil, errUnknownPackage
	}
	if g.check(p); p.types == nil {
		return nil, errUnknownPackage
	}
	return p.types, nil
}

// find makes the package of an import path that no scanned folder is known by.
func (g *goCode) find(name string) *goPackage {
	files := Files{}
	switch {
	case name == i18nImport:
		files["i18n.go"] = []byte(i18nSource)
	case g.opt.Packages.Files != nil:
		files = g.opt.Packages.Files(name)
	default:
		// Without a build tool: the scanned folder with the longest path that the
		// import path ends in.
		best := (*goPackage)(nil)
		for _, key := range slices.Sorted(maps.Keys(g.byKey)) {
			p := g.byKey[key]
			if (name == p.dir || strings.HasSuffix(name, "/"+p.dir)) && p.files[0].Name.Name != "main" && (best == nil || len(p.dir) > len(best.dir)) {
				best = p
			}
		}
		return best
	}
	if len(files) == 0 {
		return nil
	}
	p := &goPackage{path: name}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if f, err := parser.ParseFile(g.fset, file, files[file], parser.SkipObjectResolution); err == nil {
			p.files = append(p.files, f)
		}
	}
	if len(p.files) == 0 {
		return nil
	}
	return p
}

// shorten keeps the type checker from working out sums of constants: a few lines
// can double a string a thousand times. It sees the first summand only, of the
// same type; text folds the whole, up to maxConstant.
func (g *goCode) shorten(p *goPackage) {
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			d, ok := n.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				return true
			}
			for _, spec := range d.Specs {
				v, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				g.sums[v] = slices.Clone(v.Values)
				for i := range v.Values {
					v.Values[i] = firstSummand(v.Values[i])
				}
			}
			return true
		})
	}
}

func firstSummand(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.BinaryExpr:
			if x.Op != token.ADD {
				return e
			}
			e = x.X
		case *ast.CallExpr: // a conversion of a sum
			if len(x.Args) != 1 {
				return e
			}
			c := *x
			c.Args = []ast.Expr{firstSummand(x.Args[0])}
			return &c
		default:
			return e
		}
	}
}

// declare notes the parameters of a package's functions and what its constants,
// variables and fields are given.
func (g *goCode) declare(p *goPackage) {
	look := &goFile{g, p}
	give := func(to ast.Expr, value ast.Expr) {
		o := look.object(to)
		if name, ok := to.(*ast.Ident); ok && o == nil && p.types != nil {
			// Declared again, for another system: both values count.
			o = p.types.Scope().Lookup(name.Name)
		}
		switch {
		case o == nil:
		case value == nil:
			g.changed[o] = true
		default:
			g.values[o] = append(g.values[o], given{value, p})
		}
	}
	giveAll := func(to ast.Expr, elements []ast.Expr, keys bool) {
		for _, e := range elements {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if e = kv.Value; keys {
					e = kv.Key
				}
			} else if keys {
				e = nil // an index
			}
			give(to, e)
		}
	}
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				var function any = n // declared again for another system, it has no object
				if o := p.info.Defs[n.Name]; o != nil {
					function = o
				}
				g.declareParams(p, n.Type, function)
			case *ast.FuncLit:
				g.declareParams(p, n.Type, n)
			case *ast.GenDecl:
				var last []ast.Expr // a constant without a value has that of the one before
				for _, spec := range n.Specs {
					v, ok := spec.(*ast.ValueSpec)
					if !ok {
						continue
					}
					values := v.Values
					if n.Tok == token.CONST {
						if values = g.sums[v]; len(values) == 0 {
							values = last
						}
						last = values
					}
					for i, name := range v.Names {
						switch {
						case len(values) == len(v.Names):
							give(name, values[i])
						case len(values) > 0:
							give(name, nil)
						}
					}
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
						give(left, n.Rhs[i])
					} else {
						give(left, nil)
					}
				}
			case *ast.RangeStmt:
				lit, known := ast.Unparen(n.X).(*ast.CompositeLit)
				for i, to := range []ast.Expr{n.Key, n.Value} {
					switch {
					case to == nil:
					case known:
						giveAll(to, lit.Elts, i == 0)
					case i == 1: // an element of what a variable holds, when that is known
						give(to, &ast.IndexExpr{X: n.X, Index: n.X})
					default:
						give(to, nil)
					}
				}
			case *ast.CompositeLit:
				g.fields(look, n)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					give(n.X, nil) // by whoever has its address
					g.fieldsChanged(look, n.X)
				}
			case *ast.CallExpr:
				// A map, or what a pointer points to, may be filled by a function.
				for _, arg := range n.Args {
					if t := p.info.TypeOf(arg); t != nil && !look.isScanned(n.Fun) {
						switch t.Underlying().(type) {
						case *types.Map:
							give(arg, nil)
						case *types.Pointer:
							g.fieldsChanged(look, arg)
						}
					}
				}
			}
			return true
		})
	}
}

// isScanned says whether a function is declared in code that is looked at, or is
// go-i18n's, which changes nothing.
func (f *goFile) isScanned(function ast.Expr) bool {
	o := f.object(function)
	if o == nil || o.Pkg() == nil {
		return false
	}
	p := f.byPath[o.Pkg().Path()]
	return o.Pkg() == f.pkg.types || o.Pkg().Path() == i18nImport || p != nil && p.scanned
}

// fieldsChanged notes that the fields of a struct may be given anything.
func (g *goCode) fieldsChanged(look *goFile, e ast.Expr) {
	if _, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
		return
	}
	t := look.pkg.info.TypeOf(e)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		for i := range s.NumFields() {
			if o := s.Field(i); o.Pkg() == nil || o.Pkg().Path() != i18nImport {
				g.changed[o] = true
			}
		}
	}
}

// fields notes what a literal of a struct gives its fields.
func (g *goCode) fields(look *goFile, lit *ast.CompositeLit) {
	t := look.pkg.info.TypeOf(lit)
	if t == nil {
		return
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := kv.Key.(*ast.Ident); ok {
				if o := look.pkg.info.Uses[name]; o != nil {
					g.values[o] = append(g.values[o], given{kv.Value, look.pkg})
				}
			}
		} else if i < s.NumFields() {
			g.values[s.Field(i)] = append(g.values[s.Field(i)], given{e, look.pkg})
		}
	}
	for i := range s.NumFields() {
		if s.Tag(i) != "" {
			g.changed[s.Field(i)] = true // by whatever reads it from a file
		}
	}
}

func (g *goCode) declareParams(p *goPackage, t *ast.FuncType, function any) {
	i := 0
	for _, field := range t.Params.List {
		_, rest := field.Type.(*ast.Ellipsis)
		for _, name := range field.Names {
			if o := p.info.Defs[name]; o != nil {
				g.params[o] = param{function, i, rest}
			}
			i++
		}
		if len(field.Names) == 0 {
			i++
		}
	}
}

// A goFile looks at one file of a package.
type goFile struct {
	*goCode
	pkg *goPackage
}

func (f *goFile) look(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			f.literal(n)
		case *ast.CallExpr:
			f.call(n)
		case *ast.AssignStmt:
			f.assign(n)
		}
		return true
	})
}

// place is where a node stands, whatever a //line comment says.
func (f *goFile) place(n ast.Node) diag.Place {
	at := f.fset.PositionFor(n.Pos(), false)
	line, column := at.Line, at.Column
	if l := f.lines[at.Filename]; l != nil {
		line, column = l.At(at.Offset)
	}
	return diag.Place{Path: path.Join(f.opt.At, at.Filename), Line: line, Column: column}
}

// i18nType is the name of a type of go-i18n, or of one that a pointer to such a
// type has, "" for any other.
func (f *goFile) i18nType(e ast.Expr) string {
	t := f.pkg.info.TypeOf(e)
	if name := f.unknownType(e); name != "" && !known(t) {
		return name
	}
	if t == nil {
		return ""
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != i18nImport {
		return ""
	}
	return n.Obj().Name()
}

// known says whether the type checker knows a type, or what it points to.
func known(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	return t != nil && t != types.Typ[types.Invalid]
}

// unknownType is i18nType for a literal of a package that is not looked at: one
// called i18n has go-i18n's types, as wrappers of it do.
func (f *goFile) unknownType(e ast.Expr) string {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	t := lit.Type
	if t == nil {
		return f.elided[lit]
	}
	sel, ok := t.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Message" && sel.Sel.Name != "LocalizeConfig" {
		return ""
	}
	if x, ok := sel.X.(*ast.Ident); ok {
		if pkg, ok := f.pkg.info.Uses[x].(*types.PkgName); ok && path.Base(pkg.Imported().Path()) == "i18n" {
			return sel.Sel.Name
		}
	}
	return ""
}

// elide notes the type of the elements of a list that do not name it, where the
// type checker does not know it either.
func (f *goFile) elide(list *ast.CompositeLit) {
	elem := elementType(list.Type)
	if elem == nil {
		return
	}
	name := f.unknownType(&ast.CompositeLit{Type: elem})
	for _, x := range list.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		if lit, ok := x.(*ast.CompositeLit); ok && lit.Type == nil && name != "" {
			f.elided[lit] = name
		}
	}
}

// elementType is the type of a list's or map's elements, or what they point to.
func elementType(t ast.Expr) ast.Expr {
	switch list := t.(type) {
	case *ast.ArrayType:
		t = list.Elt
	case *ast.MapType:
		t = list.Value
	default:
		return nil
	}
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	return t
}

// object is what a name, or a selected name, stands for.
func (f *goFile) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.pkg.info.ObjectOf(e)
	case *ast.SelectorExpr:
		return f.pkg.info.ObjectOf(e.Sel)
	case *ast.IndexExpr:
		return f.object(e.X)
	}
	return nil
}

// maxDepth is how many steps a text is followed through.
const maxDepth = 100

// text folds an expression to a constant string: a constant, or a variable that
// has one value.
func (f *goFile) text(e ast.Expr, depth int) (string, bool) {
	if depth > maxDepth {
		return "", false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		t, err := strconv.Unquote(e.Value)
		return t, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		// Long sums lean to the left.
		var parts []string
		n := 0
		var x ast.Expr = e
		for {
			b, ok := ast.Unparen(x).(*ast.BinaryExpr)
			if !ok {
				break
			}
			t, ok := f.text(b.Y, depth+1)
			if n += len(t); !ok || b.Op != token.ADD || n > maxConstant {
				return "", false
			}
			parts, x = append(parts, t), b.X
		}
		t, ok := f.text(x, depth+1)
		if !ok || n+len(t) > maxConstant {
			return "", false
		}
		slices.Reverse(parts)
		return t + strings.Join(parts, ""), true
	case *ast.CallExpr: // a conversion
		if len(e.Args) == 1 && f.pkg.info.Types[e.Fun].IsType() {
			return f.text(e.Args[0], depth+1)
		}
	case *ast.Ident, *ast.SelectorExpr:
		return f.textOf(f.object(e), depth)
	}
	return "", false
}

// textOf is the text of a constant, or of a variable or field with one value.
func (f *goFile) textOf(o types.Object, depth int) (string, bool) {
	if o == nil {
		return "", false
	}
	if c, ok := o.(*types.Const); ok && len(f.values[o]) == 0 && c.Val().Kind() == constant.String {
		return constant.StringVal(c.Val()), true // of a package that is not at hand
	}
	of := f.values[o]
	if _, isParam := f.params[o]; isParam || len(of) != 1 || f.changed[o] {
		return "", false
	}
	known := f.folded[o]
	if known == nil {
		known = &folded{busy: true}
		f.folded[o] = known
		known.text, known.ok = (&goFile{f.goCode, of[0].pkg}).text(of[0].expr, depth+1)
		known.busy = false
	}
	return known.text, known.ok && !known.busy
}

// given is what an object may be, nil where not all of it is known.
func (f *goFile) given(o types.Object) []given {
	if _, isParam := f.params[o]; isParam || o == nil || f.changed[o] {
		return nil
	}
	return f.values[o]
}

// maxTexts is how many texts an expression may have to be looked at one by one.
const maxTexts = 1000

// texts folds an expression to all the constant strings that it may be: those
// of a variable, of a field, of an element of a list.
func (f *goFile) texts(e ast.Expr, depth int) ([]string, bool) {
	if t, ok := f.text(e, depth); ok {
		return []string{t}, true
	}
	if depth > 10 {
		return nil, false
	}
	var of []given
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		of = f.given(f.object(e))
	case *ast.CallExpr:
		if len(e.Args) == 1 && f.pkg.info.Types[e.Fun].IsType() {
			return f.texts(e.Args[0], depth+1)
		}
	case *ast.IndexExpr:
		at, list := f.pkg, ast.Unparen(e.X)
		if v := f.given(f.object(list)); len(v) == 1 {
			at, list = v[0].pkg, ast.Unparen(v[0].expr)
		}
		if lit, ok := list.(*ast.CompositeLit); ok {
			for _, x := range lit.Elts {
				if kv, ok := x.(*ast.KeyValueExpr); ok {
					x = kv.Value
				}
				of = append(of, given{x, at})
			}
		}
	case *ast.BinaryExpr:
		a, ok1 := f.texts(e.X, depth+1)
		b, ok2 := f.texts(e.Y, depth+1)
		if !ok1 || !ok2 || e.Op != token.ADD || len(a)*len(b) > maxTexts {
			return nil, false
		}
		var out []string
		for _, x := range a {
			for _, y := range b {
				if len(x)+len(y) > maxConstant/maxTexts {
					return nil, false
				}
				out = append(out, x+y)
			}
		}
		return out, true
	}
	var out []string
	for _, v := range of {
		t, ok := (&goFile{f.goCode, v.pkg}).texts(v.expr, depth+1)
		if out = append(out, t...); !ok || len(out) > maxTexts {
			return nil, false
		}
	}
	return out, len(of) > 0
}

// ends are what is known of a text at its start and at its end.
func (f *goFile) ends(e ast.Expr, depth int) (prefix, suffix string) {
	if t, ok := f.text(e, 0); ok {
		return t, t
	}
	if depth > 20 {
		return "", ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			prefix, _ = f.ends(e.X, depth+1)
			_, suffix = f.ends(e.Y, depth+1)
		}
	case *ast.CallExpr:
		if name := calledName(e); len(e.Args) > 0 && strings.HasSuffix(name, "Sprintf") {
			if format, ok := f.text(e.Args[0], 0); ok {
				prefix, _, _ = strings.Cut(format, "%")
			}
		}
	}
	return prefix, suffix
}

// id notes the use of an id. The parameter of a function makes that function a
// helper.
func (f *goFile) id(e ast.Expr) {
	if ids, ok := f.texts(e, 0); ok {
		for _, id := range ids {
			if id != "" {
				f.usage.use(id, f.place(e))
			}
		}
		return
	}
	x := ast.Unparen(e)
	if c, ok := x.(*ast.CallExpr); ok && len(c.Args) == 1 && f.pkg.info.Types[c.Fun].IsType() {
		x = c.Args[0]
	}
	if p, ok := f.param(x); ok {
		f.helper(p, x)
		return
	}
	prefix, suffix := f.ends(e, 0)
	f.usage.Dynamic = append(f.usage.Dynamic, Dynamic{f.place(e), prefix, suffix})
}

// param is the parameter that an expression hands on as it came: one that is
// never given anything else, or one of the further arguments.
func (f *goFile) param(e ast.Expr) (param, bool) {
	e = ast.Unparen(e)
	element := false
	if name, ok := e.(*ast.Ident); ok {
		o := f.object(name)
		if v := f.given(o); len(v) == 1 {
			if _, ok := v[0].expr.(*ast.IndexExpr); ok {
				e = v[0].expr // a loop's variable
			}
		}
	}
	if x, ok := e.(*ast.IndexExpr); ok {
		e, element = ast.Unparen(x.X), true
	}
	name, ok := e.(*ast.Ident)
	if !ok {
		return param{}, false
	}
	o := f.object(name)
	p, ok := f.params[o]
	return p, ok && p.rest == element && len(f.values[o]) == 0 && !f.changed[o]
}

// helper notes that a function hands its parameter on as an id.
func (f *goFile) helper(p param, at ast.Expr) {
	if _, ok := f.helpers[p.function]; !ok {
		f.handed[p.function] = given{at, f.pkg}
		if fn, ok := p.function.(*types.Func); ok && fn.Signature().Recv() != nil {
			f.methods[fn.Name()] = append(f.methods[fn.Name()], fn)
		}
	}
	f.helpers[p.function] = p
}

// literal looks at i18n.Message{…} and i18n.LocalizeConfig{…}, and at the
// functions that a map gives to templates.
func (f *goFile) literal(lit *ast.CompositeLit) {
	f.elide(lit)
	switch f.i18nType(lit) {
	case "Message":
		f.message(lit)
	case "LocalizeConfig":
		for i, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if ok && fmt.Sprint(kv.Key) == "MessageID" {
				f.id(kv.Value)
			} else if !ok && i == 0 {
				f.id(e)
			}
		}
	case "":
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				f.template(kv.Key, kv.Value)
			}
		}
	}
}

// template notes the name under which a map gives a helper to templates.
func (f *goFile) template(key, value ast.Expr) {
	name, ok := f.text(key, 0)
	if !ok || !token.IsIdentifier(name) {
		return
	}
	var function any = f.object(value)
	if lit, ok := value.(*ast.FuncLit); ok {
		function = lit
	}
	if _, ok := f.helpers[function]; ok && function != nil {
		f.mapped[name], f.called[function] = true, true
	}
}

func (f *goFile) assign(a *ast.AssignStmt) {
	if len(a.Lhs) != len(a.Rhs) {
		return
	}
	for i, left := range a.Lhs {
		switch left := left.(type) {
		case *ast.SelectorExpr:
			if t := f.i18nType(left.X); t == "LocalizeConfig" && left.Sel.Name == "MessageID" || t == "Message" && left.Sel.Name == "ID" {
				f.id(a.Rhs[i])
			}
		case *ast.IndexExpr:
			f.template(left.Index, a.Rhs[i])
		}
	}
}

func (f *goFile) message(lit *ast.CompositeLit) {
	def := &Definition{Place: f.place(lit)}
	var hash string
	fields := map[string]*string{"ID": &def.ID, "Hash": &hash, "Description": &def.Description, "LeftDelim": &def.LeftDelim, "RightDelim": &def.RightDelim,
		"Zero": &def.Zero, "One": &def.One, "Two": &def.Two, "Few": &def.Few, "Many": &def.Many, "Other": &def.Other}
	order := []string{"ID", "Hash", "Description", "LeftDelim", "RightDelim", "Zero", "One", "Two", "Few", "Many", "Other"}
	whole := true
	for i, e := range lit.Elts {
		name, x := "", e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			name, x = fmt.Sprint(kv.Key), kv.Value
		} else if i < len(order) {
			name = order[i]
		}
		into := fields[name]
		if into == nil {
			continue
		}
		text, ok := f.text(x, 0)
		switch {
		case ok:
			*into = text
		case name == "ID":
			f.id(x)
		default:
			whole = false
		}
	}
	if def.ID == "" {
		return
	}
	def.Place.Unit = def.ID
	f.usage.use(def.ID, def.Place)
	if !whole { // its text is made while the program runs
		def = &Definition{Place: def.Place}
	}
	old := f.usage.Defined[def.ID]
	if old != nil && def.Other != "" && old.Other != "" && old.Message != def.Message {
		f.found = append(f.found, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: def.Place, Issue: rule("catalog.duplicate").ITS,
			Message: fmt.Sprintf("message %q is defined otherwise in %s", def.ID, old.Place), Hint: "define it once"})
		return
	}
	if def.ID != "" && (old == nil || old.Other == "") {
		f.usage.Defined[def.ID] = def
	}
}

func calledName(c *ast.CallExpr) string {
	switch fn := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		if x, ok := fn.X.(*ast.Ident); ok {
			return x.Name + "." + fn.Sel.Name
		}
		return "." + fn.Sel.Name
	}
	return ""
}

func (f *goFile) call(c *ast.CallExpr) {
	qualified := calledName(c)
	name := qualified[strings.LastIndexByte(qualified, '.')+1:]
	if name == "Delims" && len(c.Args) == 2 {
		left, ok1 := f.text(c.Args[0], 0)
		right, ok2 := f.text(c.Args[1], 0)
		if d := [2]string{left, right}; ok1 && ok2 && left != "" && right != "" && d != [2]string{"{{", "}}"} && !slices.Contains(f.delims, d) {
			f.delims = append(f.delims, d)
		}
	}
	if p, ok := f.callsHelper(c, name); ok {
		for i := p.index; i < len(c.Args) && (i == p.index || p.rest); i++ {
			if c.Ellipsis.IsValid() && i == len(c.Args)-1 {
				f.id(&ast.IndexExpr{X: c.Args[i], Index: c.Args[i]}) // a list in the place of arguments
			} else {
				f.id(c.Args[i])
			}
		}
		return
	}
	for _, call := range f.opt.Calls {
		if call.Name == name || call.Name == qualified {
			f.named(c, call)
			return
		}
	}
}

// callsHelper says whether a call is of a known helper, and which argument is
// the id.
func (f *goFile) callsHelper(c *ast.CallExpr, name string) (param, bool) {
	fun, at := ast.Unparen(c.Fun), f
	if v := f.given(f.object(fun)); len(v) == 1 { // t := func(id string) string {…}, t := tr.T
		if _, isFunc := f.object(fun).(*types.Func); !isFunc {
			fun, at = ast.Unparen(v[0].expr), &goFile{f.goCode, v[0].pkg}
		}
	}
	if lit, ok := fun.(*ast.FuncLit); ok {
		f.called[lit] = true
		p, ok := f.helpers[lit]
		return p, ok
	}
	o := at.object(fun)
	if o == nil {
		return param{}, false
	}
	var function any = o
	if fn, ok := o.(*types.Func); ok {
		function = fn.Origin()
		if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			f.called[name] = true
			return f.behind(recv.Type(), name)
		}
	}
	f.called[function] = true
	p, ok := f.helpers[function]
	if sel, is := fun.(*ast.SelectorExpr); is && ok && at.pkg.info.Types[sel.X].IsType() {
		p.index++ // a method expression takes its receiver as the first argument
	}
	return p, ok
}

// behind is a helper that may stand behind a call of an interface's method.
func (f *goFile) behind(t types.Type, name string) (param, bool) {
	i, ok := t.Underlying().(*types.Interface)
	if !ok {
		return param{}, false
	}
	for _, fn := range f.methods[name] {
		recv := fn.Signature().Recv().Type()
		if _, isPointer := recv.(*types.Pointer); !isPointer {
			recv = types.NewPointer(recv)
		}
		if types.Implements(recv, i) {
			return f.helpers[fn], true
		}
	}
	return param{}, false
}

// named looks at the call of a function that is known by its name.
func (f *goFile) named(c *ast.CallExpr, call Call) {
	if call.Arg >= 0 {
		if call.Arg < len(c.Args) {
			f.id(c.Args[call.Arg])
		}
		return
	}
	for _, arg := range c.Args {
		if _, ok := f.text(arg, 0); ok {
			f.id(arg)
			return
		}
	}
	for _, arg := range c.Args { // a helper of that name, or one more
		if p, ok := f.param(arg); ok && types.Identical(f.object(arg).Type().Underlying(), types.Typ[types.String]) {
			f.helper(p, arg)
			return
		}
	}
	for _, arg := range c.Args {
		if b, ok := f.pkg.info.TypeOf(arg).(*types.Basic); f.pkg.info.TypeOf(arg) == nil || ok && b.Kind() == types.String {
			f.id(arg)
			return
		}
	}
	if len(c.Args) > 0 {
		f.usage.Dynamic = append(f.usage.Dynamic, Dynamic{Place: f.place(c)})
	}
}
