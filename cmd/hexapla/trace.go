package main

import (
	"context"
	"encoding/json"
	"os"
	"sync"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/hook"
)

// startTrace appends what a chain asks its engines to a file, as JSON Lines. chain may be
// nil and path may be empty. With texts, the lines have the texts and the answers, too.
// The returned function reports whether all could be written.
func startTrace(chain *hook.Chain, path string, texts bool) (end func() error, err error) {
	if path == "" {
		if texts {
			return nil, exit.Usagef("--trace-texts: needs --trace FILE")
		}
		return func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, exit.Usagef("--trace: %w", err)
	}
	var mu sync.Mutex
	var failed error
	if chain != nil {
		chain.Trace(texts, func(_ context.Context, e hook.TraceEvent) {
			mu.Lock()
			defer mu.Unlock()
			if err := json.NewEncoder(f).Encode(e); err != nil && failed == nil {
				failed = err
			}
		})
	}
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if err := f.Close(); failed == nil {
			failed = err
		}
		return failed
	}, nil
}
