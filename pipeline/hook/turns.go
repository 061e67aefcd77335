package hook

import (
	"container/heap"
	"context"
	"sync"
)

// turns limits how many calls run at the same time. Of those that wait, one of the
// earliest request goes first: so requests are completed one after another, and what is
// done with the answers to one goes on while the engine answers the next, instead of all
// ending together and the engine waiting for what comes then.
type turns struct {
	mu      sync.Mutex
	free    int
	waiting waiters
	arrived uint64
}

func newTurns(n int) *turns { return &turns{free: n} }

// acquire waits for a turn. release must be called after it, unless it fails.
func (t *turns) acquire(ctx context.Context) error {
	t.mu.Lock()
	if t.free > 0 && ctx.Err() == nil {
		t.free--
		t.mu.Unlock()
		return nil
	}
	t.arrived++
	request, _ := ctx.Value(requestKey{}).(uint64)
	w := &waiter{request: request, arrived: t.arrived, ready: make(chan struct{})}
	heap.Push(&t.waiting, w)
	t.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if w.place < 0 { // its turn came at the same time
		t.next()
	} else {
		heap.Remove(&t.waiting, w.place)
	}
	return context.Cause(ctx)
}

func (t *turns) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next()
}

// next gives a turn to the first that waits.
func (t *turns) next() {
	if len(t.waiting) == 0 {
		t.free++
		return
	}
	w := heap.Pop(&t.waiting).(*waiter)
	close(w.ready)
}

// requestKey is the key of the number of a request in its context.
type requestKey struct{}

// waiter is a call that waits for its turn.
type waiter struct {
	request, arrived uint64
	ready            chan struct{}
	place            int // in the heap; -1 when it has its turn
}

// waiters implements heap.Interface.
type waiters []*waiter

func (w waiters) Len() int { return len(w) }

func (w waiters) Less(i, j int) bool {
	if w[i].request != w[j].request {
		return w[i].request < w[j].request
	}
	return w[i].arrived < w[j].arrived
}

func (w waiters) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].place, w[j].place = i, j
}

// Push implements heap.Interface.
func (w *waiters) Push(x any) {
	x.(*waiter).place = len(*w)
	*w = append(*w, x.(*waiter))
}

// Pop implements heap.Interface.
func (w *waiters) Pop() any {
	old := *w
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*w = old[:len(old)-1]
	x.place = -1
	return x
}
