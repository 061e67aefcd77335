package openai_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/openai"
)

// Texts go with ids, and come back by them, in whatever order the model has them.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
			"finish_reason": "stop",
			"message":       map[string]any{"role": "assistant", "content": `{"translations":[{"id":"2","text":"Йде сніг."},{"id":"1","text":"Йде дощ."}]}`},
		}}})
	}))
	defer server.Close()
	engine, err := openai.New(openai.Options{URL: server.URL + "/v1", Model: "example"})
	if err != nil {
		panic(err)
	}
	defer engine.Close()
	answers, err := engine.Translate(context.Background(), hook.Job{Source: "en", Target: "uk", Texts: []string{"It rains.", "It snows."}, Context: make([]hook.Context, 2)})
	fmt.Printf("%q %v\n", answers, err)
	// Output:
	// POST /v1/chat/completions
	// ["Йде дощ." "Йде сніг."] <nil>
}
