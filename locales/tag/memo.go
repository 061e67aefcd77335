package tag

import (
	"sync"
	"sync/atomic"
)

// Memo caches one value per language tag. Tags come from files, so it is emptied
// when it has grown large. It may be used by many goroutines. The zero value is
// ready for use.
type Memo[V any] struct {
	known sync.Map // tag to V
	size  atomic.Int64
}

// maxMemo is the number of tags that a Memo keeps: more than any project has,
// in little memory.
const maxMemo = 4096

// Get returns the value for the tag, and calls compute if there is none yet.
func (m *Memo[V]) Get(tag string, compute func(tag string) V) V {
	if v, ok := m.known.Load(tag); ok {
		return v.(V)
	}
	v := compute(tag)
	if m.size.Add(1) > maxMemo {
		m.known.Clear()
		m.size.Store(1)
	}
	m.known.Store(tag, v)
	return v
}
