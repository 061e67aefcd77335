package pipeline

import (
	"sort"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory/fuzzy"
)

// align finds for each segment of a file's unit the segment of the article that it
// translates: by ID and text, or, where a tool has segmented the unit anew, by its
// position in the unit's text. A segment that was split is merged again. Those that
// are not at their place have a reason.
func (im *importer) align(a *openArticle, u *exchange.Unit, locale string) []*fileSegment {
	var out []*fileSegment
	file := func(reason, hint string, i int, s *bitext.Segment) *fileSegment {
		return &fileSegment{unit: u, locale: locale, id: s.ID, source: s.Source, target: u.Targets[i], article: a, reason: reason, hint: hint, brief: im.options.Brief}
	}
	if a == nil {
		for i, s := range u.Translatable() {
			out = append(out, file(RejectedArticle, "name the article with --article OLD=NEW if it was renamed", i, s))
		}
		return out
	}
	at, ok := a.units[u.ID]
	if !ok || !a.tr.Document.Units[at].Source.SameKey(u.Unit.Source) {
		// The same text under another identity may still be segmented anew.
		if same := a.unitsByText()[u.Unit.Source.Key()]; !ok && len(same) == 1 && !sameSegments(&a.tr.Document.Units[same[0]], u) {
			return im.mergeSegments(a, &a.tr.Document.Units[same[0]], u, locale, RejectedUnit)
		}
		var find func(id string) *bitext.Segment
		if ok {
			find = segmentFinder(&a.tr.Document.Units[at])
		}
		for i, s := range u.Translatable() {
			reason := RejectedUnit
			if ok {
				reason = RejectedSource
				if own := find(s.ID); own != nil && own.Source.SameKey(s.Source) {
					reason = ""
					if _, translatable := a.find(u.ID, s.ID); !translatable {
						reason = RejectedSegment
					}
				}
			}
			out = append(out, file(reason, "", i, s))
		}
		return out
	}
	own := &a.tr.Document.Units[at]
	if !sameSegments(own, u) {
		return im.mergeSegments(a, own, u, locale, "")
	}
	for i, s := range u.Translatable() {
		reason := ""
		if _, translatable := a.find(u.ID, s.ID); !translatable {
			reason = RejectedSegment
		}
		out = append(out, file(reason, "", i, s))
	}
	return out
}

// segmentFinder returns a function that returns the translatable segment of a unit with
// an ID, nil if there is none.
func segmentFinder(u *bitext.Unit) func(id string) *bitext.Segment {
	if len(u.Segments) < longUnit {
		return func(id string) *bitext.Segment {
			for _, s := range u.Translatable() {
				if s.ID == id {
					return s
				}
			}
			return nil
		}
	}
	byID := make(map[string]*bitext.Segment, len(u.Segments))
	for _, s := range u.Translatable() {
		byID[s.ID] = s
	}
	return func(id string) *bitext.Segment { return byID[id] }
}

// sameSegments reports whether each segment of the file's unit is one of own's, by
// ID and text.
func sameSegments(own *bitext.Unit, u *exchange.Unit) bool {
	find := segmentFinder(own)
	for _, s := range u.Translatable() {
		if o := find(s.ID); o == nil || !o.Source.SameKey(s.Source) {
			return false
		}
	}
	return true
}

// mergeSegments puts together what a file that was segmented anew has for each
// segment of own. A part that crosses the segment's limits, or that is left out,
// cannot be used for it: then the file's own segments are kept.
func (im *importer) mergeSegments(a *openArticle, own *bitext.Unit, u *exchange.Unit, locale, reason string) []*fileSegment {
	var out []*fileSegment
	kept := map[int]bool{}
	inOrder := areInOrder(u.Segments)
	for i := range own.Segments {
		s := &own.Segments[i]
		if s.Ignorable {
			continue
		}
		f := &fileSegment{unit: u, locale: locale, id: s.ID, source: s.Source, article: a, reason: reason, brief: im.options.Brief}
		var across []int
		f.target, across = mergeTargets(s, u, inOrder)
		if len(across) == 0 {
			if own.ID != u.ID && f.reason == "" {
				f.reason = RejectedUnit
			}
			out = append(out, f)
			continue
		}
		for _, j := range across {
			if part := &u.Segments[j]; !kept[j] {
				kept[j] = true
				out = append(out, &fileSegment{
					unit: u, locale: locale, id: part.ID, source: part.Source, target: u.Targets[j], article: a,
					reason: RejectedSegment, hint: "give each sentence its own translation", brief: im.options.Brief,
				})
			}
		}
	}
	return out
}

// areInOrder reports whether the limits of segments rise.
func areInOrder(segments []bitext.Segment) bool {
	for i := 1; i < len(segments); i++ {
		if segments[i].From.Pos < segments[i-1].From.Pos || segments[i].To.Pos < segments[i-1].To.Pos {
			return false
		}
	}
	return true
}

// mergeTargets joins the targets of the parts that the file has for s. If one of
// them crosses the limits of s, or only some have a target, it returns the indexes of
// those that have one instead. The state is the lowest of the parts. inOrder reports that
// the limits of the file's parts rise, so that those of s stand together.
func mergeTargets(s *bitext.Segment, u *exchange.Unit, inOrder bool) (target bitext.Target, unusable []int) {
	var texts []bitext.Text
	var filled []int
	empty, across := 0, false
	from := 0
	if inOrder {
		from = sort.Search(len(u.Segments), func(j int) bool { return u.Segments[j].To.Pos > s.From.Pos })
	}
	for j := from; j < len(u.Segments); j++ {
		f, t := &u.Segments[j], &u.Targets[j]
		if inOrder && f.From.Pos >= s.To.Pos {
			break
		}
		if f.To.Pos <= s.From.Pos || f.From.Pos >= s.To.Pos {
			continue
		}
		if f.Ignorable {
			if t.Filled {
				texts = append(texts, t.Text)
			} else {
				texts = append(texts, f.Source)
			}
			continue
		}
		if !t.Filled {
			empty++
			continue
		}
		across = across || f.From.Pos < s.From.Pos || f.To.Pos > s.To.Pos
		texts = append(texts, t.Text)
		if filled = append(filled, j); len(filled) == 1 {
			target.State, target.SubState, target.Origin = t.State, t.SubState, t.Origin
			continue
		}
		target.State = min(target.State, t.State)
		if target.SubState == "" {
			target.SubState = t.SubState
		}
	}
	if across || (empty > 0 && len(filled) > 0) {
		return bitext.Target{}, filled
	}
	if len(filled) > 0 {
		target.Text, target.Filled = bitext.Join(texts...), true
	}
	return target, nil
}

// placeDeferred decides on the segments that are not at their places, in the order
// of the file: a segment of the article with the same source that the file does not
// name is theirs; the neighbours decide among several.
func (im *importer) placeDeferred() {
	for i, f := range im.deferred {
		im.deferred[i] = nil // there may be as many as the file has, and what is decided is kept, too
		if f.article != nil && f.reason != RejectedSegment {
			if at, ok := im.bestPlace(f); ok {
				im.decide(f, at, Moved)
				continue
			}
		}
		im.add(im.keep(f))
	}
	im.deferred = nil
}

// bestPlace returns the index of the segment of the article that has f's source and
// most of its neighbours, the first among equals.
func (im *importer) bestPlace(f *fileSegment) (int, bool) {
	best, most := -1, -1
	done := im.places[articleLocale{f.article.path, f.locale}]
	for _, i := range f.article.byText()[f.source.Key()] {
		c := &f.article.segments[i]
		if done.isDone(i) {
			continue
		}
		score := 0
		if c.prev == f.prev {
			score++
		}
		if c.next == f.next {
			score++
		}
		if score > most {
			best, most = i, score
		}
	}
	return best, best >= 0
}

// whyKept returns the reason why a segment has no place: with the most similar one of the article,
// for which the memory will offer it as a fuzzy match.
func (im *importer) whyKept(f *fileSegment) (format string, args []any) {
	switch f.reason {
	case RejectedArticle:
		return "the project has no article %q; the translation is kept for matching", []any{diag.Arg("article", f.unit.Path)}
	case RejectedSegment:
		return "the article has no segment %s with these limits; the translation is kept for matching", []any{diag.Arg("segment", f.id)}
	}
	if c, score := im.mostSimilar(f); c != nil {
		return "the source was changed since the export: it is now %q, %d %% the same; the translation is kept for matching", []any{diag.Arg("source", c.segment.Source.Tagged()), diag.Arg("score", score)}
	}
	return "%s has no segment with this source any more (%q); the translation is kept for matching", []any{diag.Arg("article", f.unit.Path), diag.Arg("source", diag.Excerpt(f.source.Chars))}
}

// maxCompared limits how many segments of an article one segment is compared with.
const maxCompared = 2000

// maxSimilarWork limits the comparisons of an import to some seconds, in bytes of the
// articles' texts for each 64 bytes of the file's: hardly a person reads the reasons of
// more segments, and a wrong file can have millions.
const maxSimilarWork = 1 << 30

// mostSimilar returns the segment of the article that is most similar to f's
// source, and the similarity in percent; nil if none reaches the score from which
// the memory offers fuzzy matches, or after maxSimilarWork.
func (im *importer) mostSimilar(f *fileSegment) (best *segmentContext, score int) {
	least := im.Config.Memory.Fuzzy
	if least == 0 || im.compared > maxSimilarWork {
		return nil, 0
	}
	key := f.source.Key()
	im.compared += int64(len(key)/64+1) * f.article.compared
	i, score := f.article.mostSimilar(key, least)
	if score == 0 {
		return nil, 0
	}
	return &f.article.segments[i], score
}

// mostSimilar returns the index of the segment whose source is most similar to a text
// with a key, and the similarity in percent; 0 if it is below least.
func (a *openArticle) mostSimilar(key string, least int) (best, score int) {
	scorer := fuzzy.NewScorer(key)
	for i := range a.segments[:min(len(a.segments), maxCompared)] {
		if s := scorer.Score(a.keys[i], max(least, score+1)); s > score {
			best, score = i, s
		}
	}
	return best, score
}
