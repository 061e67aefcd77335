package usage

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// A LocalizeCall is a call of go-i18n whose configuration stands in the call, so that
// it is known what the message is given.
type LocalizeCall struct {
	Place diag.Place
	IDs   []string // that the call may have
	Given []string // names of the values for the template
	Known bool     // Given is all that the message gets
	Count string   // "" for no PluralCount, a type that go-i18n refuses, or "number"
}

const usableCount = "number"

// localizers are the methods of go-i18n's Localizer that take a configuration or a
// message.
var localizers = []string{"Localize", "MustLocalize", "LocalizeWithTag", "LocalizeMessage", "MustLocalizeMessage"}

// arguments notes what a call of go-i18n gives its message.
func (f *visitor) arguments(c *ast.CallExpr, name string) {
	if !slices.Contains(localizers, name) || len(c.Args) != 1 {
		return
	}
	arg := ast.Unparen(c.Args[0])
	if u, ok := arg.(*ast.UnaryExpr); ok {
		arg = ast.Unparen(u.X)
	}
	lit, ok := arg.(*ast.CompositeLit)
	if !ok {
		return
	}
	call := LocalizeCall{Place: f.place(c), Known: true}
	switch f.i18nType(lit) {
	case "Message":
		call.IDs = f.messageIDs(lit)
	case "LocalizeConfig":
		f.configuration(lit, &call)
	}
	if len(call.IDs) > 0 {
		f.usage.Calls = append(f.usage.Calls, call)
	}
}

// configuration notes the fields of a LocalizeConfig.
func (f *visitor) configuration(lit *ast.CompositeLit, call *LocalizeCall) {
	var data ast.Expr
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			call.IDs = nil
			return
		}
		switch fmt.Sprint(kv.Key) {
		case "MessageID":
			if ids, ok := f.texts(kv.Value, 0); ok {
				call.IDs = append(call.IDs, ids...)
			}
		case "DefaultMessage":
			x := ast.Unparen(kv.Value)
			if u, ok := x.(*ast.UnaryExpr); ok {
				x = u.X
			}
			if m, ok := x.(*ast.CompositeLit); ok {
				call.IDs = append(call.IDs, f.messageIDs(m)...)
			}
		case "TemplateData":
			data = kv.Value
		case "PluralCount":
			call.Count = f.countType(kv.Value)
		}
	}
	switch {
	case data != nil && !isNil(data):
		call.Given, call.Known = f.given(data)
	case call.Count != "": // go-i18n gives the count where there is nothing else
		call.Given = []string{locales.PluralCount}
	}
}

func (f *visitor) messageIDs(lit *ast.CompositeLit) []string {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && fmt.Sprint(kv.Key) == "ID" {
			ids, _ := f.texts(kv.Value, 0)
			return ids
		}
	}
	return nil
}

func isNil(e ast.Expr) bool {
	name, ok := ast.Unparen(e).(*ast.Ident)
	return ok && name.Name == "nil"
}

// given returns the names of the values that an expression gives a template, and
// whether those are all: the keys of a map written there, or the fields and methods of
// a struct.
func (f *visitor) given(e ast.Expr) (names []string, all bool) {
	e = ast.Unparen(e)
	t := f.pkg.info.TypeOf(e)
	if t == nil {
		return nil, false
	}
	if _, ok := t.Underlying().(*types.Map); ok {
		lit, ok := e.(*ast.CompositeLit)
		if !ok {
			return nil, false
		}
		for _, x := range lit.Elts {
			kv, ok := x.(*ast.KeyValueExpr)
			if !ok {
				return nil, false
			}
			name, ok := f.text(kv.Key, 0)
			if !ok {
				return nil, false
			}
			names = append(names, name)
		}
		return names, true
	}
	pointer := t
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	} else {
		pointer = types.NewPointer(t)
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	for i := range s.NumFields() {
		if s.Field(i).Embedded() {
			return nil, false
		}
		names = append(names, s.Field(i).Name())
	}
	methods := types.NewMethodSet(pointer)
	for i := range methods.Len() {
		names = append(names, methods.At(i).Obj().Name())
	}
	return names, true
}

// countType returns usableCount for what go-i18n takes as PluralCount, or may take,
// else the name of the type. It takes signed integers and strings (internal/plural,
// NewOperands).
func (f *visitor) countType(e ast.Expr) string {
	if isNil(e) {
		return ""
	}
	t := f.pkg.info.TypeOf(e)
	if t == nil || t == types.Typ[types.Invalid] || types.IsInterface(t) {
		return usableCount
	}
	switch b, ok := types.Unalias(t).(*types.Basic); {
	case !ok:
		return types.TypeString(t, (*types.Package).Name)
	case b.Info()&types.IsString != 0, b.Info()&types.IsInteger != 0 && b.Info()&types.IsUnsigned == 0:
		return usableCount
	default:
		return types.Default(b).String()
	}
}

// checkArguments compares what calls give with what their messages need.
func checkArguments(src *catalog.Catalog, calls []LocalizeCall) []diag.Diagnostic {
	var ds []diag.Diagnostic
	for _, call := range calls {
		for _, id := range call.IDs {
			m := src.Messages[id]
			if m == nil || m.IsEmpty() {
				continue
			}
			place := call.Place
			place.Unit = id
			add := func(hint, format string, args ...any) {
				ds = append(ds, rule.Finding("catalog.arguments", place, hint, format, args...))
			}
			switch {
			case call.Count != "" && call.Count != usableCount:
				add("give an integer, or a string such as \"1.5\"", "PluralCount is a %s, which go-i18n refuses", diag.Arg("type", call.Count))
			case call.Count == "" && m.IsPlural():
				add("give PluralCount", "the message has plural forms, and the call gives no PluralCount: readers always see the form \"other\"")
			}
			if !call.Known {
				continue
			}
			for _, name := range neededBy(m) {
				if slices.Contains(call.Given, name) {
					continue
				}
				hint := "the call gives no values"
				if len(call.Given) > 0 {
					hint = "the call gives " + strings.Join(slices.Sorted(slices.Values(call.Given)), ", ")
				}
				add(hint, "the call gives no value for the variable %s: readers see <no value>, or an error", diag.Arg("variable", name))
			}
		}
	}
	return ds
}

// neededBy returns the variables of a message, each without its fields, sorted.
func neededBy(m *catalog.Message) []string {
	var out []string
	for _, c := range message.Categories {
		text := m.Form(c)
		if text == "" {
			continue
		}
		t, err := message.ParseTemplate(text, m.LeftDelim, m.RightDelim)
		if err != nil {
			continue // the catalog's own finding
		}
		for _, v := range t.Variables {
			if name, _, _ := strings.Cut(v, "."); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}
