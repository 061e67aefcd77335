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
// versions of the locales; Words and Side are not regarded.
func SearchFormer(ctx context.Context, r Reader, q Search) ([]Found, error) {
	type key struct{ pair, source, target string }
	keyOf := func(e *bitext.Entry) key {
		return key{e.SourceLocale + " " + e.TargetLocale, e.Source.Key(), e.Target.TaggedAs(e.Source)}
	}
	inUse := map[key]bool{}
	at := map[key]int{}
	var found []Found
	for v, err := range r.History(ctx, Filter{SourceLocale: q.SourceLocale, TargetLocale: q.TargetLocale, Contains: q.Text}) {
		if err != nil {
			return nil, err
		}
		k := keyOf(&v.Entry)
		switch i, known := at[k]; {
		case v.Current:
			inUse[k] = true
		case v.Withdrawn != 0:
		case known:
			f := &found[i]
			if f.Uses++; v.Batch > f.Batch {
				f.Entry, f.Batch = v.Entry, v.Batch
			}
			if v.Entry.Place != "" && len(f.Places) < MaxPlaces && !slices.Contains(f.Places, v.Entry.Place) {
				f.Places = append(f.Places, v.Entry.Place)
			}
		default:
			at[k] = len(found)
			f := Found{Entry: v.Entry, Batch: v.Batch, Uses: 1, Former: true}
			if v.Entry.Place != "" {
				f.Places = []string{v.Entry.Place}
			}
			found = append(found, f)
		}
	}
	found = slices.DeleteFunc(found, func(f Found) bool { return inUse[keyOf(&f.Entry)] })
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(b.Batch, a.Batch) })
	limit := q.Limit
	if limit <= 0 {
		limit = defaultFound
	}
	return found[:min(len(found), limit)], nil
}

// defaultFound is the meaning of a Search.Limit of 0.
const defaultFound = 20
