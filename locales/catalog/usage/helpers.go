package usage

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"hexapla/locales"
)

// param is the parameter that an expression hands on as it came: one that is
// never given anything else, or one of the further arguments.
func (f *visitor) param(e ast.Expr) (param, bool) {
	e = ast.Unparen(e)
	element := false
	if name, ok := e.(*ast.Ident); ok {
		o := f.object(name)
		if v := f.assignedValues(o); len(v) == 1 {
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
func (f *visitor) helper(p param, at ast.Expr) {
	if _, ok := f.helpers[p.function]; !ok {
		f.firstUse[p.function] = assigned{at, f.pkg}
		if fn, ok := p.function.(*types.Func); ok && fn.Signature().Recv() != nil {
			f.methods[fn.Name()] = append(f.methods[fn.Name()], fn)
		}
	}
	f.helpers[p.function] = p
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

func (f *visitor) call(c *ast.CallExpr) {
	qualified := calledName(c)
	name := qualified[strings.LastIndexByte(qualified, '.')+1:]
	if name == "Delims" && len(c.Args) == 2 {
		left, ok1 := f.text(c.Args[0], 0)
		right, ok2 := f.text(c.Args[1], 0)
		if d := [2]string{left, right}; ok1 && ok2 && left != "" && right != "" && d != [2]string{"{{", "}}"} && !slices.Contains(f.delims, d) {
			f.delims = append(f.delims, d)
		}
	}
	if f.pkg.info.Types[c.Fun].IsType() {
		return // a conversion to a type that is named as a helper: func f[T ~string](s string) T { return T(s) }
	}
	f.arguments(c, name)
	if p, ok := f.callsHelper(c, name); ok {
		f.noteOwnText(c, p)
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
			f.matchByName(c, call)
			return
		}
	}
	if p, certain, ok := f.valueCall(c); ok && p.index < len(c.Args) {
		if certain {
			f.id(c.Args[p.index])
		} else if ids, ok := f.texts(c.Args[p.index], 0); ok {
			for _, id := range ids {
				f.usage.Maybe[id] = true
			}
		} else if q, ok := f.param(c.Args[p.index]); ok {
			f.helper(q, c.Args[p.index])
		}
	}
}

// noteOwnText notes that the call of a helper gives the text of its message too, or hands
// on a parameter as that text.
func (f *visitor) noteOwnText(c *ast.CallExpr, p param) {
	at, ok := f.ownText[p.function]
	if !ok {
		at, ok = f.returnedText(p)
	}
	if !ok || at >= len(c.Args) || p.index >= len(c.Args) || p.rest {
		return
	}
	if q, ok := f.param(c.Args[at]); ok {
		if id, ok := f.param(c.Args[p.index]); ok && id.function == q.function {
			f.ownText[q.function] = q.index
		}
		return
	}
	if texts, ok := f.texts(c.Args[at], 0); ok && !slices.Contains(texts, "") {
		ids, _ := f.texts(c.Args[p.index], 0)
		for _, id := range ids {
			f.usage.Fallback[id]++
		}
	}
}

// returnedText returns the index of the parameter that a helper returns where there is no
// message: another one than the id.
func (f *visitor) returnedText(p param) (int, bool) {
	function, ok := p.function.(*types.Func)
	if !ok {
		return 0, false
	}
	for _, v := range f.returns[function] {
		if v.expr == nil {
			continue
		}
		if q, ok := (&visitor{f.analyzer, v.pkg}).param(v.expr); ok && q.function == p.function && q.index != p.index && !q.rest {
			return q.index, true
		}
	}
	return 0, false
}

// callsHelper reports whether a call is of a known helper, and which argument is
// the id.
func (f *visitor) callsHelper(c *ast.CallExpr, name string) (param, bool) {
	fun, at := ast.Unparen(c.Fun), f
	if v := f.assignedValues(f.object(fun)); len(v) == 1 { // t := func(id string) string {…}, t := tr.T
		if _, isFunc := f.object(fun).(*types.Func); !isFunc {
			fun, at = ast.Unparen(v[0].expr), &visitor{f.analyzer, v[0].pkg}
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
			return f.interfaceCallee(recv.Type(), name)
		}
	}
	f.called[function] = true
	p, ok := f.helpers[function]
	if sel, is := fun.(*ast.SelectorExpr); is && ok && at.pkg.info.Types[sel.X].IsType() {
		p.index++ // a method expression takes its receiver as the first argument
	}
	return p, ok
}

// interfaceCallee returns a helper that may stand behind a call of an interface's method.
func (f *visitor) interfaceCallee(t types.Type, name string) (param, bool) {
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

// matchByName looks at the call of a function that is known by its name.
func (f *visitor) matchByName(c *ast.CallExpr, call Call) {
	if call.Arg >= 0 {
		if call.Arg < len(c.Args) {
			f.id(c.Args[call.Arg])
		}
		return
	}
	var first string // constant argument, if it may be a locale: T("en", "id")
	for _, arg := range c.Args {
		text, ok := f.text(arg, 0)
		switch {
		case !ok:
			continue
		case first != "":
			f.usage.Maybe[first], f.usage.Maybe[text] = true, true
			return
		case namesLocale(text):
			first = text
			continue
		}
		f.id(arg)
		return
	}
	if first != "" {
		f.usage.use(first, f.place(c))
		return
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

// namesLocale reports whether a text is how a program names a locale: "en", "pt-BR",
// "zh_Hans".
func namesLocale(s string) bool {
	language, more, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	if len(language) != 2 || strings.ToLower(language) != language || more != "" && len(more) != 2 && len(more) != 4 {
		return false
	}
	tag, err := locales.Canonical(s)
	return err == nil && locales.KnowsPlurals(tag)
}
