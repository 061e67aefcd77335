package usage

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"hexapla/locales/catalog"
)

// check finds the types of a package as far as its imports are known.
func (g *analyzer) check(p *goPackage) {
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
type importer struct{ *analyzer }

var errUnknownPackage = errors.New("package is not looked at")

func (im importer) Import(name string) (*types.Package, error) {
	g := im.analyzer
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
func (g *analyzer) find(name string) *goPackage {
	files := catalog.Files{}
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
func (g *analyzer) shorten(p *goPackage) {
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
