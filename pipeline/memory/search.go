package memory

import (
	"cmp"
	"context"
	"slices"

	"hexapla/pipeline/bitext"
)

// Search asks for entries that contain a text: a concordance. Text is compared in any
// letter case, without inline codes. With Words, it is a list of words that must all
// be there, as whole words in any order. Empty locales select all. Limit is the highest
// number of results; 0 is 20.
type Search struct {
	Text         string
	Words        bool
	Side         Side
	SourceLocale string
	TargetLocale string
	Limit        int
}

// Side selects the texts that are searched.
type Side int

// The sides.
const (
	BothSides Side = iota
	SourceSide
	TargetSide
)

// MaxPlaces is how many places a Found lists.
const MaxPlaces = 20

// Found is a translation that a search found. Entry is the newest of the current
// entries that have its source and target; Uses counts them, and Places has the first
// MaxPlaces of their places.
type Found struct {
	Entry  bitext.Entry
	Batch  int64
	Uses   int
	Places []string
	Former bool
}

// SearchFormer returns translations that contain a text and are in use nowhere, the
// newest first: what another translation took the place of, or what lost to one that
// somebody else had stored meanwhile. What was undone is not among them. It reads all
// former versions of the locales; Words and Side are not regarded.
func SearchFormer(ctx context.Context, r Reader, q Search) ([]Found, error) {
	type key struct{ source, target, from, to string }
	keyOf := func(e *bitext.Entry) key {
		return key{e.SourceLocale, e.TargetLocale, e.Source.Key(), e.Target.TaggedAs(e.Source)}
	}
	at := map[key]int{}
	var found []Found
	for v, err := range r.History(ctx, Filter{SourceLocale: q.SourceLocale, TargetLocale: q.TargetLocale, Contains: q.Text, Former: true}) {
		if err != nil {
			return nil, err
		}
		if v.Withdrawn != 0 || v.Current {
			continue
		}
		k := keyOf(&v.Entry)
		i, known := at[k]
		if !known {
			i = len(found)
			at[k] = i
			found = append(found, Found{Entry: v.Entry, Batch: v.Batch, Former: true})
		}
		f := &found[i]
		if f.Uses++; v.Batch > f.Batch {
			f.Entry, f.Batch = v.Entry, v.Batch
		}
		if v.Entry.Place != "" && len(f.Places) < MaxPlaces && !slices.Contains(f.Places, v.Entry.Place) {
			f.Places = append(f.Places, v.Entry.Place)
		}
	}
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(b.Batch, a.Batch) })
	limit := q.Limit
	if limit <= 0 {
		limit = defaultFound
	}
	var out []Found
	for i := range found {
		e := &found[i].Entry
		used := false
		for v, err := range r.History(ctx, Filter{SourceLocale: e.SourceLocale, TargetLocale: e.TargetLocale, Source: e.Source}) {
			if err != nil {
				return nil, err
			}
			used = used || v.Current && keyOf(&v.Entry) == keyOf(e)
		}
		if used {
			continue
		}
		if out = append(out, found[i]); len(out) == limit {
			break
		}
	}
	return out, nil
}

// defaultFound is the meaning of a Search.Limit of 0.
const defaultFound = 20
