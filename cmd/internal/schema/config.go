package schema

import (
	"encoding/json"
	"slices"
	"strings"

	"hexapla/pipeline/config"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/engines"
)

// Config returns the schema of hexapla.toml (JSON Schema, draft 7, which editors have for
// TOML), made of the reference of its keys.
func Config() []byte {
	properties := Object{}
	for _, section := range config.Reference() {
		table, locale, byLocale := strings.Cut(section.Name, ".locale.")
		fields := Object{}
		for _, k := range section.Keys {
			fields[k.Name] = keySchema(k)
		}
		object := Object{"type": "object", "description": section.Doc, "properties": fields, "additionalProperties": false}
		switch {
		case byLocale && locale != "":
			outer := properties[table].(Object)["properties"].(Object)
			outer["locale"] = Object{"type": "object", "description": "by locale", "additionalProperties": object}
		case table == "hook":
			properties[table] = Object{"type": "array", "description": section.Doc, "items": hookSchema(fields)}
		case table == "json" || table == "xml":
			properties[table] = Object{"type": "array", "description": section.Doc, "items": object}
		case table == "catalogs":
			properties[table] = Object{"description": section.Doc, "oneOf": []Object{object, {"type": "array", "items": object}}}
		default:
			properties[table] = object
		}
	}
	data, _ := json.MarshalIndent(Object{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": config.FileName, "description": "the configuration of a Hexapla project",
		"type": "object", "properties": properties, "additionalProperties": false, "required": []string{"project"},
	}, "", "  ")
	return append(data, '\n')
}

// hookSchema returns the schema of a [[hook]] table: the common keys, and those of the
// type that it names.
func hookSchema(common Object) Object {
	var names []string
	var conditions []Object
	own := Object{}
	for _, t := range engines.Types() {
		names = append(names, t.Name)
		keys := Object{}
		for _, k := range t.Keys {
			keys[k.Name] = keySchema(k)
			own[k.Name] = true // of some type; the condition below has its schema
		}
		conditions = append(conditions, Object{
			"if":   Object{"properties": Object{"type": Object{"const": t.Name}}},
			"then": Object{"properties": keys, "description": t.Doc},
		})
	}
	all := Object{}
	for name := range own {
		all[name] = true
	}
	for name, s := range common {
		all[name] = s
	}
	slices.Sort(names)
	all["type"] = Object{"type": "string", "enum": names, "description": "type of the engine"}
	return Object{"type": "object", "properties": all, "required": []string{"type"}, "additionalProperties": false, "allOf": conditions}
}

// keySchema returns the schema of a key by the name of its type in the reference.
func keySchema(k hook.Key) Object {
	s := Object{"description": k.Doc}
	if k.Default != "" {
		s["description"] = k.Doc + " (default: " + k.Default + ")"
	}
	switch k.Type {
	case "string", "boolean", "integer", "number":
		s["type"] = k.Type
	case "list of strings":
		s["type"], s["items"] = "array", Object{"type": "string"}
	case "list of tables":
		s["type"], s["items"] = "array", Object{"type": "object"}
	case "table":
		s["type"] = "object"
	}
	return s
}
