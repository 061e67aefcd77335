package usage

import (
	"go/ast"
	"go/token"
	"go/types"
)

// declare notes the parameters of a package's functions and what its constants,
// variables and fields are given.
func (g *analyzer) declare(p *goPackage) {
	look := &visitor{g, p}
	errorsAs := map[*ast.UnaryExpr]bool{}
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
			g.values[o] = append(g.values[o], assigned{value, p})
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
		if p.scanned {
			g.collectValues(look, f)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				var function any = n // declared again for another system, it has no object
				if o := p.info.Defs[n.Name]; o != nil {
					function = o
					if fn, ok := o.(*types.Func); ok {
						g.collectReturns(p, fn, n.Body)
					}
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
					if !errorsAs[n] {
						g.fieldsChanged(look, n.X)
					}
				}
			case *ast.CallExpr:
				if calledName(n) == "errors.As" && len(n.Args) == 2 {
					if u, ok := n.Args[1].(*ast.UnaryExpr); ok {
						errorsAs[u] = true // it gives an error that the code has made
					}
				}
				// A map, or what a pointer points to, may be filled by a function.
				for _, arg := range n.Args {
					if t := p.info.TypeOf(arg); t != nil && !look.isScanned(n.Fun) && calledName(n) != "errors.As" {
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

// isScanned reports whether a function is declared in code that is looked at, or is
// go-i18n's, which changes nothing.
func (f *visitor) isScanned(function ast.Expr) bool {
	o := f.object(function)
	if o == nil || o.Pkg() == nil {
		return false
	}
	p := f.byPath[o.Pkg().Path()]
	return o.Pkg() == f.pkg.types || o.Pkg().Path() == i18nImport || p != nil && p.scanned
}

// fieldsChanged notes that the fields of a struct may be given anything.
func (g *analyzer) fieldsChanged(look *visitor, e ast.Expr) {
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
func (g *analyzer) fields(look *visitor, lit *ast.CompositeLit) {
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
					g.values[o] = append(g.values[o], assigned{kv.Value, look.pkg})
				}
			}
		} else if i < s.NumFields() {
			g.values[s.Field(i)] = append(g.values[s.Field(i)], assigned{e, look.pkg})
		}
	}
	for i := range s.NumFields() {
		if s.Tag(i) != "" {
			g.changed[s.Field(i)] = true // by whatever reads it from a file
		}
	}
}

func (g *analyzer) declareParams(p *goPackage, t *ast.FuncType, function any) {
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
