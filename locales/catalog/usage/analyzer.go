package usage

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

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

// analyzer is the Go code that is looked at.
type analyzer struct {
	fset   *token.FileSet
	opt    Options
	byKey  map[string]*goPackage // the scanned ones, by folder and name
	byPath map[string]*goPackage // by import path
	lines  map[string]*diag.Lines

	sums     map[*ast.ValueSpec][]ast.Expr // constants' values as they stand in the code, where the type checker is given less
	values   map[types.Object][]assigned   // what constants, variables and fields are given
	changed  map[types.Object]bool         // those that are also given what is not known
	folded   map[types.Object]*folded      // texts that were worked out
	params   map[types.Object]param
	helpers  map[any]param                // functions, by types.Object, *ast.FuncLit or *ast.FuncDecl, to the parameter that is an id
	ownText  map[any]int                  // helpers to the index of the parameter that is the message's text
	firstUse map[any]assigned             // the same to where they first hand it on
	called   map[any]bool                 // helpers that the code calls, interface methods by name
	methods  map[string][]*types.Func     // helpers that are methods, by name, for calls of interfaces
	elided   map[*ast.CompositeLit]string // literals whose type only the list that they are in says
	mapped   map[string]bool              // names under which templates call helpers
	offered  map[string]bool              // names of the functions that maps give to templates
	delims   [][2]string                  // that templates are given

	returns         map[*types.Func][]assigned // what functions with one result return
	returnTexts     map[*types.Func]*returned
	implementations map[string][]*types.Func    // methods by name
	helperValues    []functionValue             // functions that are used as values
	asserted        map[types.Object]types.Type // variables that a type assertion gives a value, with their type

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

// An assigned value is an expression and where it is to be understood.
type assigned struct {
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

func (g *analyzer) add(dir string, f *ast.File) {
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
func (g *analyzer) scan() (*Usage, []diag.Diagnostic) {
	packages := make([]*goPackage, 0, len(g.byKey))
	for _, key := range slices.Sorted(maps.Keys(g.byKey)) {
		packages = append(packages, g.byKey[key])
	}
	for _, p := range packages {
		g.check(p)
	}
	g.values, g.changed, g.folded = map[types.Object][]assigned{}, map[types.Object]bool{}, map[types.Object]*folded{}
	g.params = map[types.Object]param{}
	g.returns, g.returnTexts, g.implementations = map[*types.Func][]assigned{}, map[*types.Func]*returned{}, map[string][]*types.Func{}
	g.asserted = map[types.Object]types.Type{}
	for _, p := range packages {
		g.declare(p)
	}
	for _, name := range slices.Sorted(maps.Keys(g.byPath)) {
		if p := g.byPath[name]; p != nil && !p.scanned && p.info != nil {
			g.declare(p)
		}
	}
	g.elided = map[*ast.CompositeLit]string{}
	g.helpers, g.methods, g.firstUse, g.ownText = map[any]param{}, map[string][]*types.Func{}, map[any]assigned{}, map[any]int{}
	for {
		known := len(g.helpers)
		g.usage = &Usage{Defined: map[string]*Definition{}, Used: map[string][]diag.Place{}, Script: map[string][]diag.Place{}, Maybe: map[string]bool{}, Fallback: map[string]int{}, texts: map[string]bool{}}
		g.found, g.mapped, g.offered, g.called, g.delims = nil, map[string]bool{}, map[string]bool{}, map[any]bool{}, nil
		for _, p := range packages {
			for _, f := range p.files {
				(&visitor{g, p}).visit(f)
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
func (g *analyzer) uncalled() {
	for function, at := range g.firstUse {
		if _, again := function.(*ast.FuncDecl); again {
			continue // calls are of the other one of that name
		}
		name := ""
		if o, ok := function.(types.Object); ok {
			name = o.Name()
		}
		byName := slices.ContainsFunc(g.opt.Calls, func(c Call) bool { return c.Name == name }) || slices.Contains(g.opt.Functions, name)
		if !byName && !g.mapped[name] && !g.called[function] && !g.called[name] {
			g.usage.Dynamic = append(g.usage.Dynamic, Dynamic{Place: (&visitor{g, at.pkg}).place(at.expr)})
		}
	}
	slices.SortFunc(g.usage.Dynamic, func(a, b Dynamic) int { return a.Place.Compare(b.Place) })
}

// templateFunctions are the names under which templates may call helpers.
func (g *analyzer) templateFunctions() []string {
	return slices.Sorted(maps.Keys(g.mapped))
}

// helperMethods are the names of methods that are helpers. Templates may call
// them; or other methods of that name.
func (g *analyzer) helperMethods() []string { return slices.Sorted(maps.Keys(g.methods)) }
