package pipeline

import (
	"context"
	"slices"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// lookup answers queries as a memory does.
type lookup interface {
	Lookup(ctx context.Context, source, target string, queries []memory.Query) ([][]bitext.Match, error)
}

// lookupOf returns what answers the queries of one document for several target locales:
// the memory itself, or, where that is a memory.TargetsReader, a lookup that asks it once
// for all of them.
func (p *Project) lookupOf(source string, targets []string) lookup {
	m, ok := p.Memory.(memory.TargetsReader)
	targets = slices.DeleteFunc(slices.Clone(targets), func(l string) bool { return l == source })
	if !ok || len(targets) < 2 {
		return p.Memory
	}
	return &sharedLookup{Memory: p.Memory, all: m, source: source, targets: targets}
}

// sharedLookup asks a memory once for the texts of one document in all target locales.
// The first call decides what is asked for. A locale whose queries differ, because other
// messages of its catalog are missing, asks for itself.
type sharedLookup struct {
	Memory
	all     memory.TargetsReader
	source  string
	targets []string

	once    sync.Once
	queries []memory.Query
	err     error
	mu      sync.Mutex
	answers map[string][][]bitext.Match // those that have not been handed out
}

// Lookup implements lookup. A call waits for the first one, which waits for no other.
func (s *sharedLookup) Lookup(ctx context.Context, source, target string, queries []memory.Query) ([][]bitext.Match, error) {
	s.once.Do(func() {
		s.queries = slices.Clone(queries) // the caller uses its list again
		var answers [][][]bitext.Match
		if answers, s.err = s.all.LookupTargets(ctx, s.source, s.targets, s.queries); s.err != nil {
			return
		}
		s.answers = make(map[string][][]bitext.Match, len(s.targets))
		for i, t := range s.targets {
			s.answers[t] = answers[i]
		}
	})
	if s.err != nil {
		return nil, s.err
	}
	if source == s.source && slices.EqualFunc(queries, s.queries, sameQuestion) {
		s.mu.Lock()
		answers, ok := s.answers[target]
		delete(s.answers, target)
		s.mu.Unlock()
		if ok {
			return answers, nil
		}
	}
	return s.Memory.Lookup(ctx, source, target, queries)
}

// sameQuestion reports whether two queries for segments of one document are the same: the
// place of a segment decides its text.
func sameQuestion(a, b memory.Query) bool {
	return a.Place != "" && a.Place == b.Place && a.Prev == b.Prev && a.Next == b.Next && a.Fuzzy == b.Fuzzy && a.Limit == b.Limit && slices.Equal(a.FormerPlaces, b.FormerPlaces)
}
