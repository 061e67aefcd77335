package libretranslate_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/libretranslate"
)

// One call. The server is asked for its languages first.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/languages" {
			_, _ = io.WriteString(w, `[{"code":"en","name":"English","targets":["en","uk"]}]`)
			return
		}
		_, _ = io.WriteString(w, `{"translatedText":["Йде дощ."]}`)
	}))
	defer server.Close()
	engine, err := libretranslate.New(libretranslate.Options{URL: server.URL})
	if err != nil {
		panic(err)
	}
	defer engine.Close()
	fmt.Println(engine.Translate(context.Background(), hook.Job{Source: "en", Target: "uk", Texts: []string{"It rains."}, Context: make([]hook.Context, 1)}))
	// Output:
	// GET /languages
	// POST /translate
	// [Йде дощ.] <nil>
}
