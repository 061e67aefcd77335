package main

import (
	"context"
	"errors"
	"testing"
)

func TestUnlessDone(t *testing.T) {
	if n, err := unlessDone(t.Context(), func() int { return 7 }); n != 7 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	begun, end := make(chan struct{}), make(chan struct{})
	defer close(end)
	go func() {
		<-begun
		cancel()
	}()
	if _, err := unlessDone(ctx, func() int {
		close(begun)
		<-end
		return 7
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
