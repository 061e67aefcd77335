package web

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// fileBody is a body that is a file.
type fileBody struct{}

// object is an object of the OpenAPI description.
type object map[string]any

// openAPI returns the description of the API (OpenAPI 3.1), made of the operations and
// of the types of their bodies, so that it cannot differ from them. openapi.json in
// this folder is the same; a test compares them.
func (s *Server) openAPI() []byte {
	schemas := schemaTable{object{}, map[string]reflect.Type{}}
	paths := object{}
	body := func(v any) object {
		if _, ok := v.(fileBody); ok {
			return object{"content": object{"application/octet-stream": object{"schema": object{"type": "string", "format": "binary"}}}}
		}
		return object{"content": object{"application/json": object{"schema": schemas.of(reflect.TypeOf(v))}}}
	}
	for _, o := range s.operations() {
		var parameters []object
		for _, name := range []string{"locale", "article"} {
			if strings.Contains(o.path, "{"+name+"}") {
				about := map[string]string{"locale": "BCP 47 tag of a target locale of the project", "article": "path of an article in the project; its slashes may stay as they are"}[name]
				parameters = append(parameters, object{"name": name, "in": "path", "required": true, "description": about, "schema": object{"type": "string"}})
			}
		}
		for _, q := range o.query {
			name, about, _ := strings.Cut(q, "=")
			parameters = append(parameters, object{"name": name, "in": "query", "description": about, "schema": object{"type": "string"}})
		}
		answer := body(o.answer)
		answer["description"] = "done"
		responses := object{"200": answer}
		for _, code := range o.status {
			refused := object{"description": "refused"}
			if code == 409 || code == 422 {
				switch o.answer.(type) {
				case apiSaved, apiMessageSaved, apiTermSaved, uploadResult:
					refused = body(o.answer)
					refused["description"] = "nothing was stored"
				}
			}
			responses[strconv.Itoa(code)] = refused
		}
		failed := body(apiError{})
		failed["description"] = "an error"
		responses["default"] = failed
		operation := object{"summary": o.summary, "operationId": operationID(o), "responses": responses}
		if parameters != nil {
			operation["parameters"] = parameters
		}
		if o.request != nil {
			request := body(o.request)
			request["required"] = true
			operation["requestBody"] = request
		}
		if paths[apiPath+o.path] == nil {
			paths[apiPath+o.path] = object{}
		}
		paths[apiPath+o.path].(object)[strings.ToLower(o.method)] = operation
	}
	data, _ := json.MarshalIndent(object{
		"openapi":  "3.1.0",
		"info":     object{"title": "Hexapla review page", "version": "1", "description": "What the review page does, for programs. Texts have their inline codes as numbered tags."},
		"paths":    paths,
		"security": []object{{"token": []string{}}, {"session": []string{}, "csrf": []string{}}},
		"components": object{
			"schemas": schemas.components,
			"securitySchemes": object{
				"token":   object{"type": "http", "scheme": "bearer", "description": "the token that a server without users prints"},
				"session": object{"type": "apiKey", "in": "cookie", "name": sessionCookie + "PORT"},
				"csrf":    object{"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "for every request but GET: the token in the page"},
			},
		},
	}, "", "  ")
	return append(data, '\n')
}

// schemaTable has the schemas of structures by name, and the type of each.
type schemaTable struct {
	components object
	types      map[string]reflect.Type
}

// of returns the schema of a type as encoding/json writes it. Structures become
// components of their own. It panics if two types would have one name: the schema of
// one would be lost.
func (s schemaTable) of(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[bitext.State](), reflect.TypeFor[bitext.MatchType](), reflect.TypeFor[diag.Severity]():
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint8:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": []string{"object", "null"}, "additionalProperties": s.of(t.Elem())}
	case reflect.Interface:
		return object{}
	case reflect.Struct:
		name := strings.TrimPrefix(t.Name(), "api")
		name = strings.ToUpper(name[:1]) + name[1:]
		switch known := s.types[name]; known {
		case t:
		case nil:
			s.types[name] = t // first, for a type that has itself as a part
			properties, required := object{}, []string{}
			s.addFields(t, properties, &required)
			s.components[name] = object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
		default:
			panic(fmt.Sprintf("the types %s and %s of the API have one name", known, t))
		}
		return object{"$ref": "#/components/schemas/" + name}
	}
	return object{}
}

// addFields adds the fields of a structure, with those of embedded ones.
func (s schemaTable) addFields(t reflect.Type, properties object, required *[]string) {
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct:
			s.addFields(f.Type, properties, required)
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		schema := s.of(f.Type)
		if about := f.Tag.Get("doc"); about != "" {
			schema["description"] = about
		}
		properties[tag] = schema
		if !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
			*required = append(*required, tag)
		}
	}
}

// operationID returns the name of an operation, such as "getBoard".
func operationID(o operation) string {
	name := strings.Split(o.path, "/")[1]
	return strings.ToLower(o.method) + strings.ToUpper(name[:1]) + name[1:]
}
