package usage

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
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
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			f.textOfCode(n)
		}
		return true
	})
}

// textOfCode notes a text of the code that looks like an id, and may be handed to a helper
// by ways that are not followed.
func (f *visitor) textOfCode(lit *ast.BasicLit) {
	const longest = 200 // bytes of an id in the source
	if lit.Kind != token.STRING || len(lit.Value) > longest {
		return
	}
	if text, err := strconv.Unquote(lit.Value); err == nil && looksLikeID(text) {
		f.usage.texts[text] = true
	}
}

// looksLikeID reports whether a text is words joined by marks or by capitals, as ids of
// messages are and words of a language are not: "error.not_found", "notFound".
func looksLikeID(s string) bool {
	joined := false
	for i, r := range s {
		switch {
		case strings.ContainsRune("._-:/", r):
			joined = joined || i > 0
		case r >= 'A' && r <= 'Z':
			joined = joined || i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		default:
			return false
		}
	}
	return joined
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

// known reports whether the type checker knows a type, or what it points to.
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
	f.usage.Dynamic = append(f.usage.Dynamic, Dynamic{Place: f.place(e), Prefix: prefix, Suffix: suffix})
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
			} else if ok && fmt.Sprint(kv.Key) == "Funcs" {
				f.giveFunctions(kv.Value)
			} else if !ok && i == 0 {
				f.id(e)
			}
		}
	case "":
		if s, ok := lit.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "FuncMap" {
			f.giveFunctions(lit)
		}
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				f.template(kv.Key, kv.Value)
			}
		}
	}
}

// giveFunctions notes the names of the functions that a literal map gives to templates.
func (f *visitor) giveFunctions(e ast.Expr) {
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := f.text(kv.Key, 0); ok && token.IsIdentifier(name) {
				f.offered[name] = true
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
	var id, other param
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
			id, _ = f.param(x)
		default:
			if whole = false; name == "Other" {
				other, _ = f.param(x)
			}
		}
	}
	if id.function != nil && id.function == other.function {
		f.ownText[id.function] = other.index
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
			Hint: "define it once"}.Messagef("message %q is defined otherwise in %s", diag.Arg("id", def.ID), diag.Arg("place", old.Place)))
		return
	}
	if def.ID != "" && (old == nil || old.Other == "") {
		f.usage.Defined[def.ID] = def
	}
}
