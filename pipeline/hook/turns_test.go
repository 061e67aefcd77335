package hook

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestTurns checks that waiting calls go in the order of their requests, and that one
// that gives up takes no turn away.
func TestTurns(t *testing.T) {
	turn := newTurns(1)
	if err := turn.acquire(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var order []uint64
	var all sync.WaitGroup
	waiting := func(n int) {
		t.Helper()
		for range 10_000 {
			turn.mu.Lock()
			k := len(turn.waiting)
			turn.mu.Unlock()
			if k == n {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Fatalf("there are not %d waiting", n)
	}
	for i, request := range []uint64{3, 1, 2, 1} {
		all.Go(func() {
			if err := turn.acquire(context.WithValue(t.Context(), requestKey{}, request)); err != nil {
				t.Error(err)
			}
			mu.Lock()
			order = append(order, request)
			mu.Unlock()
			turn.release()
		})
		waiting(i + 1)
	}
	ctx, cancel := context.WithCancel(t.Context())
	given := make(chan error)
	go func() { given <- turn.acquire(ctx) }()
	waiting(5)
	cancel()
	if err := <-given; err == nil {
		t.Error("a call that gave up has its turn")
	}
	turn.release()
	all.Wait()
	if want := []uint64{1, 1, 2, 3}; !slices.Equal(order, want) {
		t.Errorf("the order is %v, want %v", order, want)
	}
	if turn.free != 1 || len(turn.waiting) != 0 {
		t.Errorf("%d free, %d waiting", turn.free, len(turn.waiting))
	}
}
