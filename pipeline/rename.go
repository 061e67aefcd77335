package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/memory"
)

// PresentPlace returns a place ("article", "article#unit", "article#unit/segment") of the
// memory as it is named now: under the present path of an article that was renamed.
func (p *Project) PresentPlace(place string) string {
	if p.Units == nil {
		return place
	}
	path, at, placed := strings.Cut(place, "#")
	now := p.Units.RenamedTo(path)
	switch {
	case now == "":
		return place
	case placed:
		return now + "#" + at
	}
	return now
}

// formerPlaces returns the names that a place had before its article was renamed.
func (p *Project) formerPlaces(place string) []string {
	if p.Units == nil {
		return nil
	}
	path, at, placed := strings.Cut(place, "#")
	former := p.Units.Former(path)
	for i := range former {
		if placed {
			former[i] += "#" + at
		}
	}
	return former
}

// Notes returns notes of the memory, under the present paths of their articles.
func (p *Project) Notes(ctx context.Context, f memory.NoteFilter) ([]memory.NoteThread, error) {
	store := p.noteStore()
	if store == nil {
		return nil, nil
	}
	threads, err := store.Notes(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	if f.Place != "" {
		for _, former := range p.formerPlaces(f.Place) {
			f.Place = former
			more, err := store.Notes(ctx, f)
			if err != nil {
				return nil, fmt.Errorf("memory: %w", err)
			}
			threads = append(threads, more...)
		}
		slices.SortStableFunc(threads, func(a, b memory.NoteThread) int { return cmp.Compare(a.RecordedAt, b.RecordedAt) })
	}
	for i := range threads {
		t := &threads[i]
		t.Place = p.PresentPlace(t.Place)
		for j := range t.Answers {
			t.Answers[j].Place = p.PresentPlace(t.Answers[j].Place)
		}
	}
	return threads, nil
}
