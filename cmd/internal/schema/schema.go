// Package schema describes Go types, as encoding/json writes them, in JSON Schema
// (https://json-schema.org/draft/2020-12), so that a description cannot differ from what
// a program prints.
package schema

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Object is an object of a schema.
type Object map[string]any

// Table collects the schemas of structures, which are described once each.
type Table struct {
	Components Object // by name
	Open       bool   // objects may have members beside those described

	prefix string // of references to Components
	types  map[string]reflect.Type
	name   func(reflect.Type) string
}

// NewTable returns an empty table. References to a structure begin with prefix, such as
// "#/$defs/"; name gives each a name.
func NewTable(prefix string, name func(reflect.Type) string) *Table {
	return &Table{Components: Object{}, prefix: prefix, types: map[string]reflect.Type{}, name: name}
}

// Of returns the schema of a type. It panics if two types would have one name: the
// schema of one would be lost.
func (s *Table) Of(t reflect.Type) Object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Object{"type": "string", "format": "date-time"}
	case t.Kind() != reflect.Interface && t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return Object{"type": "string"}
	case t == reflect.TypeFor[json.RawMessage]():
		return Object{}
	}
	switch t.Kind() {
	case reflect.Bool:
		return Object{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Object{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return Object{"type": "number"}
	case reflect.String:
		return Object{"type": "string"}
	case reflect.Pointer:
		return Object{"anyOf": []Object{s.Of(t.Elem()), {"type": "null"}}}
	case reflect.Slice:
		return Object{"type": []string{"array", "null"}, "items": s.Of(t.Elem())}
	case reflect.Array:
		return Object{"type": "array", "items": s.Of(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.Map:
		return Object{"type": []string{"object", "null"}, "additionalProperties": s.Of(t.Elem())}
	case reflect.Struct:
		name := s.name(t)
		if name == "" {
			return s.structure(t)
		}
		switch known := s.types[name]; known {
		case t:
		case nil:
			s.types[name] = t // first, for a type that has itself as a part
			s.Components[name] = s.structure(t)
		default:
			panic(fmt.Sprintf("the types %s and %s have one name", known, t))
		}
		return Object{"$ref": s.prefix + name}
	}
	return Object{}
}

// structure returns the schema of a structure itself.
func (s *Table) structure(t reflect.Type) Object {
	properties, required := Object{}, []string{}
	s.addFields(t, properties, &required)
	return Object{"type": "object", "properties": properties, "required": required, "additionalProperties": s.Open}
}

// addFields adds the fields of a structure, with those of embedded ones.
func (s *Table) addFields(t reflect.Type, properties Object, required *[]string) {
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && tag == "" && embedded.Kind() == reflect.Struct:
			s.addFields(embedded, properties, required)
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		typ := f.Type
		if optional && typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		schema := s.Of(typ)
		if about := f.Tag.Get("doc"); about != "" {
			schema["description"] = about
		}
		if _, known := properties[tag]; known {
			if f.Anonymous || optional {
				continue
			}
			// A field of the outer structure hides that of the embedded one.
			properties[tag] = schema
			continue
		}
		properties[tag] = schema
		if !optional {
			*required = append(*required, tag)
		}
	}
}

// TypeName returns the name of a type with its package, such as "pipeline.Decision", "" for
// one without a name.
func TypeName(t reflect.Type) string {
	name := t.Name()
	if i := strings.IndexByte(name, '['); i >= 0 {
		return "" // an instance of a generic type
	}
	if name == "" {
		return ""
	}
	return strings.TrimPrefix(t.String(), "main.")
}

// draft is the version of JSON Schema.
const draft = "https://json-schema.org/draft/2020-12/schema"

// Output returns the schema of what a command prints of a value's type with --json, as
// console.Printer writes it: an object has the member "version", a list is the member
// "items" of one. lines is whether the output is a sequence of such values, one in a line.
func Output(command string, v any, version int, closed bool) []byte {
	s := NewTable("#/$defs/", TypeName)
	s.Open = !closed
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var out Object
	number := Object{"type": "integer", "const": version, "description": "number of the form: it grows when a member changes its meaning or goes"}
	if t.Kind() == reflect.Slice {
		out = Object{"type": "object", "properties": Object{"version": number, "items": Object{"type": "array", "items": s.Of(t.Elem())}}, "required": []string{"version", "items"}, "additionalProperties": s.Open}
	} else {
		out = s.structure(t)
		properties := out["properties"].(Object)
		if properties["version"] == nil {
			properties["version"] = number
			out["required"] = append([]string{"version"}, out["required"].([]string)...)
		}
	}
	out["$schema"], out["title"] = draft, "hexapla "+command+" --json"
	if len(s.Components) > 0 {
		out["$defs"] = s.Components
	}
	data, _ := json.MarshalIndent(out, "", "  ")
	return append(data, '\n')
}
