package usage

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"hexapla/locales/catalog/rule"
	"hexapla/pipeline/diag"
)

// A visitor looks at one file of a package.
type visitor struct {
	*analyzer
	pkg *goPackage
}

func (f *visitor) visit(file *ast.File) {
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
func (f *visitor) place(n ast.Node) diag.Place {
	at := f.fset.PositionFor(n.Pos(), false)
	line, column := at.Line, at.Column
	if l := f.lines[at.Filename]; l != nil {
		line, column = l.At(at.Offset)
	}
	return diag.Place{Path: path.Join(f.opt.At, at.Filename), Line: line, Column: column}
}

// i18nType is the name of a type of go-i18n, or of one that a pointer to such a
// type has, "" for any other.
func (f *visitor) i18nType(e ast.Expr) string {
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
func (f *visitor) unknownType(e ast.Expr) string {
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

// inferElementType notes the type of the elements of a list that do not name it, where the
// type checker does not know it either.
func (f *visitor) inferElementType(list *ast.CompositeLit) {
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

// id notes the use of an id. The parameter of a function makes that function a
// helper.
func (f *visitor) id(e ast.Expr) {
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
	prefix, suffix := f.constPrefixSuffix(e, 0)
	f.usage.Dynamic = append(f.usage.Dynamic, Dynamic{f.place(e), prefix, suffix})
}

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

// literal looks at i18n.Message{…} and i18n.LocalizeConfig{…}, and at the
// functions that a map gives to templates.
func (f *visitor) literal(lit *ast.CompositeLit) {
	f.inferElementType(lit)
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
func (f *visitor) template(key, value ast.Expr) {
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

func (f *visitor) assign(a *ast.AssignStmt) {
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

func (f *visitor) message(lit *ast.CompositeLit) {
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
		f.found = append(f.found, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: def.Place, Issue: rule.ByID("catalog.duplicate").Issue,
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

// callsHelper says whether a call is of a known helper, and which argument is
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
