package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// typeErrors returns an error for each value whose type is not that of its key, at the
// place of the value, in the words of the reference; nil if there is none. data must be
// TOML. What is in [[hook]] tables is not looked at: the engines do that.
func typeErrors(name string, data []byte) error {
	var w typeWalk
	var p unstable.Parser
	p.Reset(data)
	table, lists := "", map[string]int{}
	typ := reflect.TypeFor[Config]()
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			typ = fieldType(reflect.TypeFor[Config](), e.Key())
			table, _ = keyPath("", e.Key())
			if e.Kind == unstable.ArrayTable {
				n := lists[table]
				lists[table]++
				table = fmt.Sprintf("%s[%d]", table, n)
			}
			typ = w.header(table, typ, e.Kind == unstable.ArrayTable)
		case unstable.KeyValue:
			w.keyValue(table, typ, e)
		}
	}
	if len(w.problems) == 0 {
		return nil
	}
	return valueErrors(name, data, w.problems)
}

// typeWalk collects the values of a wrong type.
type typeWalk struct {
	problems []problem
}

// header checks that a table may be at a place, and returns the type of the table. list
// is whether it is one of several, as in [[name]].
func (w *typeWalk) header(path string, typ reflect.Type, list bool) reflect.Type {
	if typ == nil {
		return nil
	}
	one := typ
	if typ.Kind() == reflect.Slice {
		one = typ.Elem()
	}
	switch {
	case one.Kind() != reflect.Struct && one.Kind() != reflect.Map:
		w.wrong(path, typ, "a table")
	case list && typ.Kind() != reflect.Slice:
		w.problems = append(w.problems, problem{path, errors.New("must be one table in single brackets, not a list of tables")})
	default:
		return one
	}
	return nil
}

func (w *typeWalk) keyValue(table string, typ reflect.Type, e *unstable.Node) {
	path, _ := keyPath(table, e.Key())
	w.value(path, fieldType(typ, e.Key()), e.Value())
}

// value checks a value and all that is in it.
func (w *typeWalk) value(path string, typ reflect.Type, v *unstable.Node) {
	if typ == nil || typ.Kind() == reflect.Interface {
		return
	}
	items := v.Children()
	switch v.Kind {
	case unstable.Array:
		if typ.Kind() != reflect.Slice {
			w.wrong(path, typ, "a list")
			return
		}
		for n := 0; items.Next(); n++ {
			w.value(fmt.Sprintf("%s[%d]", path, n), deref(typ.Elem()), items.Node())
		}
	case unstable.InlineTable:
		if typ == reflect.TypeFor[[]Catalogs]() {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct && typ.Kind() != reflect.Map {
			w.wrong(path, typ, "a table")
			return
		}
		for items.Next() {
			w.keyValue(path, typ, items.Node())
		}
	default:
		kinds := scalarKinds[v.Kind]
		for _, k := range kinds {
			if k == typ.Kind() {
				return
			}
		}
		w.wrong(path, typ, scalarNames[v.Kind])
	}
}

func (w *typeWalk) wrong(path string, typ reflect.Type, got string) {
	w.problems = append(w.problems, problem{path, fmt.Errorf("must be %s, not %s", typeName(typ, false), got)})
}

// scalarKinds are the kinds of fields that a TOML value can be decoded into.
var scalarKinds = map[unstable.Kind][]reflect.Kind{
	unstable.String:  {reflect.String},
	unstable.Bool:    {reflect.Bool},
	unstable.Integer: {reflect.Int, reflect.Float64},
	unstable.Float:   {reflect.Float64},
}

// scalarNames are the names of TOML's values (TOML 1.0.0) for people.
var scalarNames = map[unstable.Kind]string{
	unstable.String: "a string", unstable.Bool: "true or false", unstable.Integer: "a number", unstable.Float: "a fraction",
	unstable.DateTime: "a date", unstable.LocalDate: "a date", unstable.LocalDateTime: "a date", unstable.LocalTime: "a time",
}

// typeName returns the name of the type of a key for people, in the plural for the
// items of a list.
func typeName(typ reflect.Type, plural bool) string {
	name, many := "", ""
	switch typ = deref(typ); typ.Kind() {
	case reflect.String:
		name, many = "a string in quotation marks", "strings"
	case reflect.Bool:
		name, many = "true or false", "true or false"
	case reflect.Int:
		name, many = "a whole number", "whole numbers"
	case reflect.Float64:
		name, many = "a number", "numbers"
	case reflect.Slice:
		items := typeName(typ.Elem(), true)
		name, many = "a list of "+items, "lists of "+items
	case reflect.Map:
		name, many = "a table", "tables"
		if e := deref(typ.Elem()); e.Kind() != reflect.Interface && e.Kind() != reflect.Struct {
			name = "a table of " + typeName(e, true)
		}
	default:
		name, many = "a table", "tables"
	}
	if plural {
		return many
	}
	return name
}

// fieldType returns the type of the field that a key leads to from a structure or map,
// nil if there is none. The last table of a list is the one that keys lead into.
func fieldType(typ reflect.Type, key unstable.Iterator) reflect.Type {
	for key.Next() {
		if typ == nil {
			return nil
		}
		if typ = deref(typ); typ.Kind() == reflect.Slice {
			typ = deref(typ.Elem())
		}
		name := string(key.Node().Data)
		switch typ.Kind() {
		case reflect.Map:
			typ = typ.Elem()
		case reflect.Struct:
			typ = structField(typ, name)
		default:
			return nil
		}
	}
	if typ == nil {
		return nil
	}
	return deref(typ)
}

// structField returns the type of the field with a TOML name, embedded structures
// included; nil if there is none.
func structField(typ reflect.Type, name string) reflect.Type {
	for f := range typ.Fields() {
		if f.Anonymous {
			if t := structField(f.Type, name); t != nil {
				return t
			}
		} else if tag := f.Tag.Get("toml"); tag != "" && tag != "-" && strings.EqualFold(tag, name) {
			return f.Type
		}
	}
	return nil
}

func deref(typ reflect.Type) reflect.Type {
	if typ.Kind() == reflect.Pointer {
		return typ.Elem()
	}
	return typ
}

// isTypeError reports whether an error of the TOML library is about the type of a value,
// and not about the syntax.
func isTypeError(message string) bool {
	for _, prefix := range []string{"cannot decode TOML", "cannot store"} {
		if strings.HasPrefix(message, prefix) {
			return true
		}
	}
	return false
}
