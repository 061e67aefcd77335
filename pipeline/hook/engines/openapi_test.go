package engines

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

// openAPI compiles the schema at a JSON Pointer of a vendor's OpenAPI document.
func openAPI(t *testing.T, vendor, pointer string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "openapi", vendor+".json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("api.json", nullable(doc)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("api.json#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// nullable writes OpenAPI 3.0's keyword of that name as JSON Schema has it.
func nullable(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			x[k] = nullable(x[k])
		}
		if x["nullable"] == true {
			delete(x, "nullable")
			return map[string]any{"anyOf": []any{x, map[string]any{"type": "null"}}}
		}
	case []any:
		for i := range x {
			x[i] = nullable(x[i])
		}
	}
	return v
}

// operation returns the schemas of the JSON body and of the answer of an operation, nil
// for none.
func operation(t *testing.T, vendor, method, path, status string) (request, response *jsonschema.Schema) {
	t.Helper()
	at := "/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path) + "/" + strings.ToLower(method)
	const schema = "/content/application~1json/schema"
	if method == http.MethodPost || method == http.MethodPut {
		request = openAPI(t, vendor, at+"/requestBody"+schema)
	}
	return request, openAPI(t, vendor, at+"/responses/"+status+schema)
}

// published has the schemas of the vendors' documents beside our own, which also reject
// what the vendors' have no word for; none for a wire format without JSON.
func published(t *testing.T, wire string) (request, response []*jsonschema.Schema) {
	t.Helper()
	if wire == "apy" {
		return nil, nil // forms and plain text
	}
	request, response = []*jsonschema.Schema{schemaOf(t, wire+".request.json")}, []*jsonschema.Schema{schemaOf(t, wire+".response.json")}
	var q, a *jsonschema.Schema
	switch wire {
	case "deepl":
		q, a = operation(t, "deepl", http.MethodPost, "/v2/translate", "200")
	case "openai":
		q, a = operation(t, "openai", http.MethodPost, "/chat/completions", "200")
	default:
		return request, response
	}
	return append(request, q), append(response, a)
}

// deeplAccount is a server with the glossaries of one account. It validates all that it
// gets and answers against DeepL's OpenAPI document.
type deeplAccount struct {
	*testing.T
	mu         sync.Mutex
	glossaries []map[string]any
	entries    map[string]string // by target
	calls      []string
	used       []any // the glossaries of translations
}

func (s *deeplAccount) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var body bytes.Buffer
	body.ReadFrom(r.Body)
	path := strings.ReplaceAll(r.URL.Path, "/g1/", "/{glossary_id}/")
	status := "200"
	if r.Method == http.MethodPost && path == "/v3/glossaries" {
		status = "201"
	}
	request, response := operation(s.T, "deepl", r.Method, path, status)
	var q map[string]any
	if request != nil {
		validate(s.T, request, body.Bytes())
		if err := json.Unmarshal(body.Bytes(), &q); err != nil {
			s.Error(err)
		}
	}
	if path != "/v2/languages" && path != "/v2/translate" {
		s.calls = append(s.calls, r.Method+" "+path)
	}
	var answer any
	switch r.Method + " " + path {
	case "GET /v2/languages":
		answer = []any{map[string]any{"language": "EN", "name": "English", "supports_formality": false}, map[string]any{"language": "DE", "name": "German", "supports_formality": true}, map[string]any{"language": "KA", "name": "Georgian", "supports_formality": false}}
	case "GET /v2/glossary-language-pairs":
		answer = map[string]any{"supported_languages": []any{map[string]any{"source_lang": "en", "target_lang": "de"}}}
	case "GET /v3/glossaries":
		answer = map[string]any{"glossaries": s.glossaries}
	case "POST /v3/glossaries":
		d := q["dictionaries"].([]any)[0].(map[string]any)
		s.entries["de"] = d["entries"].(string)
		g := map[string]any{"glossary_id": "g1", "name": q["name"], "dictionaries": []any{map[string]any{"source_lang": "en", "target_lang": "de", "entry_count": 1}}}
		s.glossaries = append(s.glossaries, g)
		answer = g
	case "GET /v3/glossaries/{glossary_id}/entries":
		answer = map[string]any{"dictionaries": []any{map[string]any{"source_lang": "EN", "target_lang": "DE", "entries": s.entries["de"], "entries_format": "tsv"}}}
	case "PUT /v3/glossaries/{glossary_id}/dictionaries":
		s.entries["de"] = q["entries"].(string)
		answer = map[string]any{"source_lang": "en", "target_lang": "de", "entry_count": 1}
	case "POST /v2/translate":
		s.used = append(s.used, [2]any{q["glossary_id"], q["glossary_ids"]})
		var list []any
		for _, x := range q["text"].([]any) {
			list = append(list, map[string]any{"detected_source_language": "EN", "text": strings.ToUpper(x.(string))})
		}
		answer = map[string]any{"translations": list}
	default:
		s.Errorf("asked for %s %s", r.Method, r.URL)
	}
	data, err := json.Marshal(answer)
	if err != nil {
		s.Error(err)
	}
	validate(s.T, response, data)
	if status == "201" {
		w.WriteHeader(http.StatusCreated)
	}
	w.Write(data)
}

// TestDeepLGlossary checks that a glossary of the account follows the project's, and
// that nothing is sent that is there already.
func TestDeepLGlossary(t *testing.T) {
	account := &deeplAccount{T: t, entries: map[string]string{}, glossaries: []map[string]any{}}
	server := httptest.NewServer(account)
	defer server.Close()
	terms := map[string]string{"harbour": "Hafen"}
	translate := func(target, more string) {
		t.Helper()
		env := getenv
		env.Terms = func(_, _ string) map[string]string { return terms }
		c, err := Build(parse(t, "[[hook]]\ntype = 'deepl'\nurl = '"+server.URL+"'\nkey_env = 'DEEPL_KEY'\nglossary = 'newsroom'\n"+more), env, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for _, text := range []string{"the harbour", "a harbour"} {
			a, _ := c.Translate(t.Context(), hook.Request{Source: "en", Target: target, Items: []hook.Item{{Text: bitext.Plain(text)}}})
			if a[0].Err != nil {
				t.Error(a[0].Err)
			}
		}
	}
	check := func(what string, calls []string, used ...any) {
		t.Helper()
		if !slices.Equal(account.calls, calls) {
			t.Errorf("%s: asked %q, want %q", what, account.calls, calls)
		}
		got, _ := json.Marshal(account.used)
		want, _ := json.Marshal(used)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: glossaries %s, want %s", what, got, want)
		}
		account.calls, account.used = nil, nil
	}
	const pairs, list, entries = "GET /v2/glossary-language-pairs", "GET /v3/glossaries", "GET /v3/glossaries/{glossary_id}/entries"
	const make, replace = "POST /v3/glossaries", "PUT /v3/glossaries/{glossary_id}/dictionaries"
	one := [2]any{"g1", nil}

	translate("de", "")
	check("new", []string{pairs, list, make}, one, one)
	translate("de", "")
	check("unchanged", []string{pairs, list, entries}, one, one)
	terms["port"] = "Portwein"
	translate("de-AT", "")
	check("changed", []string{pairs, list, entries, replace}, one, one)
	if want := "harbour\tHafen\nport\tPortwein\n"; account.entries["de"] != want {
		t.Errorf("entries %q, want %q", account.entries["de"], want)
	}
	translate("de", "glossaries = { de = ['other', 'third'] }")
	several := [2]any{nil, []string{"g1", "other", "third"}}
	check("several", []string{pairs, list, entries}, several, several)
	translate("ka", "")
	none := [2]any{nil, nil}
	check("a pair without glossaries", []string{pairs}, none, none)
	terms = nil
	translate("de", "")
	check("no terms", nil, none, none)
}
