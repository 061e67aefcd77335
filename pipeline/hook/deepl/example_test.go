package deepl_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/deepl"
)

// One call, to a server in DeepL's place. It is asked for its languages first.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/v2/languages" {
			_, _ = io.WriteString(w, `[{"language":"EN","name":"English"},{"language":"UK","name":"Ukrainian","supports_formality":false}]`)
			return
		}
		_, _ = io.WriteString(w, `{"translations":[{"detected_source_language":"EN","text":"Йде дощ."}]}`)
	}))
	defer server.Close()
	engine, err := deepl.New(deepl.Options{URL: server.URL, Key: "example"})
	if err != nil {
		panic(err)
	}
	defer engine.Close()
	fmt.Println(engine.Translate(context.Background(), hook.Job{Source: "en", Target: "uk", Texts: []string{"It rains."}, Context: make([]hook.Context, 1)}))
	// Output:
	// GET /v2/languages DeepL-Auth-Key example
	// GET /v2/languages DeepL-Auth-Key example
	// POST /v2/translate DeepL-Auth-Key example
	// [Йде дощ.] <nil>
}
