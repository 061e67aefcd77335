package usage

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// object is what a name, or a selected name, stands for.
func (f *visitor) object(e ast.Expr) types.Object {
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
func (f *visitor) text(e ast.Expr, depth int) (string, bool) {
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
func (f *visitor) textOf(o types.Object, depth int) (string, bool) {
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
		known.text, known.ok = (&visitor{f.analyzer, of[0].pkg}).text(of[0].expr, depth+1)
		known.busy = false
	}
	return known.text, known.ok && !known.busy
}

// assignedValues returns what an object may be, nil where not all of it is known.
func (f *visitor) assignedValues(o types.Object) []assigned {
	if _, isParam := f.params[o]; isParam || o == nil || f.changed[o] {
		return nil
	}
	return f.values[o]
}

// maxTexts is how many texts an expression may have to be looked at one by one.
const maxTexts = 1000

// texts folds an expression to all the constant strings that it may be: those
// of a variable, of a field, of an element of a list.
func (f *visitor) texts(e ast.Expr, depth int) ([]string, bool) {
	if t, ok := f.text(e, depth); ok {
		return []string{t}, true
	}
	if depth > 10 {
		return nil, false
	}
	var of []assigned
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		of = f.assignedValues(f.object(e))
	case *ast.CallExpr:
		if len(e.Args) == 1 && f.pkg.info.Types[e.Fun].IsType() {
			return f.texts(e.Args[0], depth+1)
		}
		return f.callTexts(e, depth)
	case *ast.IndexExpr:
		at, list := f.pkg, ast.Unparen(e.X)
		if v := f.assignedValues(f.object(list)); len(v) == 1 {
			at, list = v[0].pkg, ast.Unparen(v[0].expr)
		}
		if lit, ok := list.(*ast.CompositeLit); ok {
			for _, x := range lit.Elts {
				if kv, ok := x.(*ast.KeyValueExpr); ok {
					x = kv.Value
				}
				of = append(of, assigned{x, at})
			}
		}
	case *ast.BinaryExpr:
		a, ok1 := f.texts(e.X, depth+1)
		b, ok2 := f.texts(e.Y, depth+1)
		if !ok1 || !ok2 || e.Op != token.ADD {
			return nil, false
		}
		return product(a, b)
	}
	var out []string
	for _, v := range of {
		t, ok := (&visitor{f.analyzer, v.pkg}).texts(v.expr, depth+1)
		if out = append(out, t...); !ok || len(out) > maxTexts {
			return nil, false
		}
	}
	return out, len(of) > 0
}

// constPrefixSuffix returns what is known of a text at its start and at its end.
func (f *visitor) constPrefixSuffix(e ast.Expr, depth int) (prefix, suffix string) {
	if t, ok := f.text(e, 0); ok {
		return t, t
	}
	if depth > 20 {
		return "", ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			prefix, _ = f.constPrefixSuffix(e.X, depth+1)
			_, suffix = f.constPrefixSuffix(e.Y, depth+1)
		}
	case *ast.CallExpr:
		if len(e.Args) == 1 && f.pkg.info.Types[e.Fun].IsType() {
			return f.constPrefixSuffix(e.Args[0], depth+1)
		}
		if pieces, ok := f.formatted(e); ok {
			return f.affixes(pieces, depth+1)
		}
		return f.returnedAffixes(e, depth)
	case *ast.Ident, *ast.SelectorExpr:
		values := f.assignedValues(f.object(e))
		return f.common(values, depth)
	}
	return prefix, suffix
}

// returnedAffixes returns what all texts that a call may give have in common.
func (f *visitor) returnedAffixes(c *ast.CallExpr, depth int) (prefix, suffix string) {
	var values []assigned
	for _, fn := range f.functionsOf(c) {
		if len(f.returns[fn]) == 0 {
			return "", ""
		}
		values = append(values, f.returns[fn]...)
	}
	return f.common(values, depth)
}

// maxValues is how many values are compared for what they have in common.
const maxValues = 20

// common returns the start and the end that all values have in common.
func (f *visitor) common(values []assigned, depth int) (prefix, suffix string) {
	if len(values) > maxValues || depth > 4 {
		return "", ""
	}
	for i, v := range values {
		if v.expr == nil {
			return "", ""
		}
		a, b := (&visitor{f.analyzer, v.pkg}).constPrefixSuffix(v.expr, depth+1)
		if i == 0 {
			prefix, suffix = a, b
			continue
		}
		for !strings.HasPrefix(a, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
		for !strings.HasSuffix(b, suffix) {
			suffix = suffix[1:]
		}
	}
	return prefix, suffix
}
