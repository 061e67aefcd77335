package web

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"hexapla/cmd/internal/schema"
)

// fileBody is a body that is a file.
type fileBody struct{}

// object is an object of the OpenAPI description.
type object = schema.Object

// openAPI returns the description of the API (OpenAPI 3.1), made of the operations and
// of the types of their bodies, so that it cannot differ from them. openapi.json in
// this folder is the same; a test compares them.
func (s *Server) openAPI() []byte {
	schemas := schema.NewTable("#/components/schemas/", componentName)
	paths := object{}
	body := func(v any) object {
		if _, ok := v.(fileBody); ok {
			return object{"content": object{"application/octet-stream": object{"schema": object{"type": "string", "format": "binary"}}}}
		}
		return object{"content": object{"application/json": object{"schema": schemas.Of(reflect.TypeOf(v))}}}
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
			"schemas": schemas.Components,
			"securitySchemes": object{
				"token":   object{"type": "http", "scheme": "bearer", "description": "the token that a server without users prints"},
				"session": object{"type": "apiKey", "in": "cookie", "name": sessionCookie + "PORT"},
				"csrf":    object{"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "for every request but GET: the token in the page"},
			},
		},
	}, "", "  ")
	return append(data, '\n')
}

// componentName returns the name of a type of the API in its description.
func componentName(t reflect.Type) string {
	name := strings.TrimPrefix(t.Name(), "api")
	return strings.ToUpper(name[:1]) + name[1:]
}

// operationID returns the name of an operation, such as "getBoard".
func operationID(o operation) string {
	name := strings.Split(o.path, "/")[1]
	return strings.ToLower(o.method) + strings.ToUpper(name[:1]) + name[1:]
}
