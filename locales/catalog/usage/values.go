package usage

import (
	"go/ast"
	"go/types"
)

// valueCall returns the helper that a call of a function value may be of: one with
// the same type that the code uses as a value. The value may have been in a map or a
// context, from which a type assertion took it: then it is certain.
func (f *visitor) valueCall(c *ast.CallExpr) (p param, certain, ok bool) {
	fun := ast.Unparen(c.Fun)
	var asserted types.Type
	_, certain = fun.(*ast.TypeAssertExpr)
	if o := f.object(fun); o != nil {
		if _, isFunc := o.(*types.Func); isFunc {
			return p, false, false
		}
		asserted, certain = f.asserted[o], f.asserted[o] != nil
	}
	t := f.pkg.info.TypeOf(fun)
	if certain && (t == nil || t == types.Typ[types.Invalid]) {
		t = asserted
	}
	if t == nil {
		return p, false, false
	}
	signature, isSignature := t.Underlying().(*types.Signature)
	if !isSignature {
		return p, false, false
	}
	for _, function := range f.helperValues {
		if p, isHelper := f.helpers[function.key]; isHelper && types.Identical(function.signature, signature) {
			f.called[function.key] = true
			return p, certain, true
		}
	}
	return p, false, false
}

// A functionValue is a function that the code uses as a value.
type functionValue struct {
	key       any // as in helpers
	signature *types.Signature
}

// collectValues notes the functions that a file uses as values, in order.
func (g *analyzer) collectValues(look *visitor, file *ast.File) {
	called := map[ast.Expr]bool{}
	selected := map[*ast.Ident]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[ast.Unparen(n.Fun)] = true
		case *ast.SelectorExpr:
			selected[n.Sel] = true
			g.value(look, n, called[n])
		case *ast.Ident:
			if !selected[n] && look.pkg.info.Uses[n] != nil {
				g.value(look, n, called[n])
			}
		case *ast.FuncLit:
			if t, ok := look.pkg.info.TypeOf(n).(*types.Signature); ok && !called[n] {
				g.helperValues = append(g.helperValues, functionValue{n, t})
			}
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 {
				if a, ok := ast.Unparen(n.Rhs[0]).(*ast.TypeAssertExpr); ok && a.Type != nil {
					if o := look.object(n.Lhs[0]); o != nil {
						g.asserted[o] = g.typeOf(look.pkg, a.Type)
					}
				}
			}
		}
		return true
	})
}

// typeOf returns the type that an expression names. The checker does not look at the
// type that a value is asserted to be of where it does not know the value, as where
// that comes from a package that is not at hand.
func (g *analyzer) typeOf(p *goPackage, e ast.Expr) types.Type {
	if t := p.info.TypeOf(e); t != nil {
		return t
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if err := types.CheckExpr(g.fset, p.types, e.Pos(), e, info); err != nil {
		return types.Typ[types.Invalid]
	}
	return info.TypeOf(e)
}

func (g *analyzer) value(look *visitor, e ast.Expr, called bool) {
	fn, ok := look.object(e).(*types.Func)
	if !ok || called {
		return
	}
	signature := fn.Signature()
	if signature.Recv() != nil { // a method value
		signature = types.NewSignatureType(nil, nil, nil, signature.Params(), signature.Results(), signature.Variadic())
	}
	g.helperValues = append(g.helperValues, functionValue{fn.Origin(), signature})
}
