package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/httpapi"
)

// A newsroom's own service, described by a template and two pointers.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Printf("%s %s %s\n", r.Method, r.URL, body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"result":[{"out":"Йде дощ."}]}`)
	}))
	defer server.Close()
	engine, err := httpapi.New(httpapi.Options{
		URL: server.URL + "/t?to={{.Target}}", Body: `{"from":{{json .Source}},"in":{{json .Texts}}}`, Answers: "/result", Text: "/out",
	})
	if err != nil {
		panic(err)
	}
	defer engine.Close()
	fmt.Println(engine.Translate(context.Background(), hook.Job{Source: "en", Target: "uk", Texts: []string{"It rains."}, Context: make([]hook.Context, 1)}))
	// Output:
	// POST /t?to=uk {"from":"en","in":["It rains."]}
	// [Йде дощ.] <nil>
}
