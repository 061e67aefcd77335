package usage

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// returned are the texts that a function may return.
type returned struct {
	texts    []string
	ok, busy bool
}

// collectReturns notes what a function with one result returns.
func (g *analyzer) collectReturns(p *goPackage, function *types.Func, body *ast.BlockStmt) {
	if body == nil || function.Signature().Results().Len() != 1 {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			value := assigned{pkg: p} // of a named result: not known
			if len(n.Results) == 1 {
				value.expr = n.Results[0]
			}
			g.returns[function] = append(g.returns[function], value)
		}
		return true
	})
	if function.Signature().Recv() != nil {
		g.implementations[function.Name()] = append(g.implementations[function.Name()], function)
	}
}

// functionsOf returns the functions of the scanned code that a call may be of: the
// one that it names, or all methods that may be behind the method of an interface.
func (f *visitor) functionsOf(c *ast.CallExpr) []*types.Func {
	fn, ok := f.object(c.Fun).(*types.Func)
	if !ok {
		return nil
	}
	recv := fn.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return []*types.Func{fn.Origin()}
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var out []*types.Func
	for _, m := range f.implementations[fn.Name()] {
		t := m.Signature().Recv().Type()
		if _, isPointer := t.(*types.Pointer); !isPointer {
			t = types.NewPointer(t)
		}
		if types.Implements(t, iface) {
			out = append(out, m)
		}
	}
	return out
}

// callTexts returns all constant strings that a call may give.
func (f *visitor) callTexts(c *ast.CallExpr, depth int) ([]string, bool) {
	if parts, ok := f.formatted(c); ok {
		out := []string{""}
		for _, p := range parts {
			if !p.known {
				return nil, false
			}
			texts := []string{p.text}
			if p.expr != nil {
				var ok bool
				if texts, ok = f.texts(p.expr, depth+1); !ok {
					return nil, false
				}
			}
			if out, ok = product(out, texts); !ok {
				return nil, false
			}
		}
		return out, true
	}
	if change := textFunctions[calledName(c)]; change != nil && len(c.Args) == 1 {
		texts, ok := f.texts(c.Args[0], depth+1)
		for i := range texts {
			texts[i] = change(texts[i])
		}
		return texts, ok
	}
	functions := f.functionsOf(c)
	var out []string
	for _, fn := range functions {
		texts, ok := f.returnedTexts(fn, depth)
		if out = append(out, texts...); !ok || len(out) > maxTexts {
			return nil, false
		}
	}
	return out, len(out) > 0
}

// textFunctions are functions of package strings that are applied to known texts.
var textFunctions = map[string]func(string) string{"strings.ToLower": strings.ToLower, "strings.ToUpper": strings.ToUpper, "strings.TrimSpace": strings.TrimSpace}

// product returns every text of a followed by every text of b.
func product(a, b []string) ([]string, bool) {
	if len(a)*len(b) > maxTexts {
		return nil, false
	}
	out := make([]string, 0, len(a)*len(b))
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

// returnedTexts returns all constant strings that a function may return.
func (f *visitor) returnedTexts(fn *types.Func, depth int) ([]string, bool) {
	known := f.returnTexts[fn]
	if known == nil {
		known = &returned{busy: true, ok: len(f.returns[fn]) > 0}
		f.returnTexts[fn] = known
		for _, r := range f.returns[fn] {
			if r.expr == nil {
				known.ok = false
				break
			}
			texts, ok := (&visitor{f.analyzer, r.pkg}).texts(r.expr, depth+1)
			known.texts = append(known.texts, texts...)
			if known.ok = known.ok && ok && len(known.texts) <= maxTexts; !known.ok {
				break
			}
		}
		known.busy = false
	}
	return known.texts, known.ok && !known.busy
}

// A piece is a part of a text that a call puts together: known text, or an
// expression whose texts may be known.
type piece struct {
	text  string
	expr  ast.Expr
	known bool
}

// formatted takes a call of Sprintf, Sprint, Join or the like apart; not ok for any
// other call.
func (f *visitor) formatted(c *ast.CallExpr) ([]piece, bool) {
	switch name := calledName(c); {
	case strings.HasSuffix(name, "Sprintf") && len(c.Args) > 0:
		format, ok := f.text(c.Args[0], 0)
		if !ok {
			return []piece{{}}, true
		}
		return f.verbs(format, c.Args[1:]), true
	case name == "strings.Join" && len(c.Args) == 2:
		list, isList := ast.Unparen(c.Args[0]).(*ast.CompositeLit)
		separator, known := f.text(c.Args[1], 0)
		if !isList || !known {
			return []piece{{}}, true
		}
		var out []piece
		for i, e := range list.Elts {
			if i > 0 {
				out = append(out, piece{text: separator, known: true})
			}
			out = append(out, piece{expr: e, known: true})
		}
		return out, true
	}
	return nil, false
}

// verbs returns the pieces of what Sprintf writes.
func (f *visitor) verbs(format string, args []ast.Expr) []piece {
	var out []piece
	for {
		before, rest, found := strings.Cut(format, "%")
		out = append(out, piece{text: before, known: true})
		if !found {
			return out
		}
		switch {
		case strings.HasPrefix(rest, "%"):
			out = append(out, piece{text: "%", known: true})
		case len(args) > 0 && rest != "" && strings.IndexByte("sdv", rest[0]) >= 0:
			p := piece{expr: args[0], known: true}
			if v := f.pkg.info.Types[args[0]].Value; v != nil && v.Kind() == constant.Int {
				p = piece{text: v.ExactString(), known: true}
			}
			out, args = append(out, p), args[1:]
		default:
			// A verb with flags: what it writes is not known, nor which argument is next.
			out = append(out, piece{})
			args = nil
			rest = strings.TrimLeft(rest, "+-# 0123456789.*[]")
		}
		if rest == "" {
			return out
		}
		format = rest[1:]
	}
}

// affixes returns what is known of pieces at the start and at the end.
func (f *visitor) affixes(pieces []piece, depth int) (prefix, suffix string) {
	ends := func(p piece) (string, string, bool) { // and whether that is all of it
		switch {
		case !p.known:
			return "", "", false
		case p.expr == nil:
			return p.text, p.text, true
		}
		if t, ok := f.text(p.expr, 0); ok {
			return t, t, true
		}
		a, b := f.constPrefixSuffix(p.expr, depth+1)
		return a, b, false
	}
	for _, p := range pieces {
		text, _, all := ends(p)
		if prefix += text; !all {
			break
		}
	}
	for i := len(pieces) - 1; i >= 0; i-- {
		_, text, all := ends(pieces[i])
		if suffix = text + suffix; !all {
			break
		}
	}
	return prefix, suffix
}
