package locales

import (
	"sync"
	"sync/atomic"
)

// A memo keeps what was worked out for a language tag. Tags come from files, so
// that it begins anew when it has grown large. Many goroutines may use it.
type memo[V any] struct {
	known sync.Map // tag to V
	size  atomic.Int64
}

// maxMemo is how many tags a memo keeps: more than any project has, little
// memory.
const maxMemo = 4096

// get gives what is known for the tag, or works it out.
func (m *memo[V]) get(tag string, work func(tag string) V) V {
	if v, ok := m.known.Load(tag); ok {
		return v.(V)
	}
	v := work(tag)
	if m.size.Add(1) > maxMemo {
		m.known.Clear()
		m.size.Store(1)
	}
	m.known.Store(tag, v)
	return v
}
