package service_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/service"
)

// A failure that may pass has the time after which the service is asked again; no error
// has the key.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		http.Error(w, "too many requests for "+r.Header.Get("X-Key"), http.StatusTooManyRequests)
	}))
	defer server.Close()
	c, err := service.New(server.URL, service.Options{Header: http.Header{"X-Key": {"very-secret"}}, Secrets: []string{"very-secret"}})
	if err != nil {
		panic(err)
	}
	defer c.Close()
	_, err = c.Get(context.Background(), "languages")
	var temporary *hook.Temporary
	fmt.Println(errors.As(err, &temporary), temporary.RetryAfter, err)
	// Output:
	// true 7s the service answered 429 Too Many Requests: too many requests for [key]
}
