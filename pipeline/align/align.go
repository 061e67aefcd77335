// Package align pairs the sentences of a text with those of its translation and
// makes memory entries of them, each with a confidence.
//
// Sentences are aligned by their length (Gale and Church 1993), by anchors that a
// translation keeps (numbers, addresses, names in code, inline codes and what they
// link to), by where they are on their pages (the kind of unit, its beginning and end)
// and by a lexicon that is learned from the aligned texts themselves (Varga et al.,
// Parallel corpora for medium density languages, 2005; Moore, Fast and accurate
// sentence alignment of bilingual corpora, 2002). One to one, one to two, two to one and
// two to two sentences are paired; others stay without a counterpart. The confidence
// of a pair is its posterior probability among all alignments of the two texts,
// lowered where its own words and lengths do not support it.
//
// Precision and recall of sentence pairs of at least MinConfidence, beside the aligner of
// Gale and Church (lengths only) on the same pages, as .ci/align prints them. The truth is
// that of the ids of paragraphs in 100 pages of the LibreOffice 7.4 help (some 3,000
// sentences in each language) and of the GNOME help (uk), which the aligner did not see:
//
//	     as they are               a tenth missing in target  …and no paragraphs
//	     Gale–Church  here         Gale–Church  here          here
//	de   0.995/0.991  1.000/0.995  0.809/0.780  0.987/0.978   0.973/0.939
//	es   0.997/0.992  1.000/0.994  0.834/0.808  0.987/0.978   0.968/0.931
//	fr   0.993/0.989  1.000/0.991  0.813/0.793  0.986/0.973   0.969/0.935
//	hu   0.995/0.991  1.000/0.995  0.832/0.808  0.992/0.979   0.974/0.941
//	ja   0.991/0.985  1.000/0.985  0.791/0.765  0.993/0.973   0.976/0.933
//	ru   0.992/0.988  0.999/0.992  0.826/0.806  0.989/0.974   0.976/0.936
//	uk   0.998/0.997  1.000/0.995  0.801/0.793  0.977/0.967   0.958/0.938
//
// TestMeasure with -corpus prints such figures for any pages with ids. Without paragraphs
// means that all of a page is one paragraph.
//
// Use it in two passes: Align each pair of documents and give the result to Learn,
// then Train, then Align each again.
package align

import (
	"math"
	"strconv"
	"time"

	"hexapla/pipeline/bitext"
)

// Aligner aligns documents of one pair of languages. Align may be called by many
// goroutines at once, but not together with Learn and Train.
type Aligner struct {
	lexicon *lexicon
	learner *learner
	ratio   float64 // of lengths, 0 if not learned
}

// New returns an Aligner that has learned nothing.
func New() *Aligner { return &Aligner{learner: newLearner()} }

// Pair is an aligned pair of texts: the segments of Source and Target that translate
// each other, as references into the documents, in order. One of the two is empty for
// a segment without a counterpart. Confidence is from 0 to 1.
type Pair struct {
	Source, Target []bitext.Ref
	Confidence     float64
}

// Alignment is what Align found. Pairs cover every segment of the articles' own
// texts once, in order of the source.
type Alignment struct {
	Source, Target *bitext.Document
	Pairs          []Pair
	Evidence       Evidence

	sentences [2][]sentence
	beads     []bead
}

// Align aligns two documents.
func (a *Aligner) Align(source, target *bitext.Document) *Alignment {
	out := &Alignment{Source: source, Target: target}
	s, t := sentences(source), sentences(target)
	out.sentences = [2][]sentence{s, t}
	m := &model{lexicon: a.lexicon, ratio: a.ratio, sameKind: source.Format == target.Format}
	if m.ratio == 0 {
		m.ratio = ratioOf(s, t)
	}
	out.beads = m.search(s, t)
	out.Pairs = make([]Pair, len(out.beads))
	for i, b := range out.beads {
		p := Pair{Confidence: b.confidence}
		for _, x := range s[b.i : b.i+b.a] {
			p.Source = append(p.Source, bitext.Ref{Unit: x.unit, Segment: x.segment})
		}
		for _, x := range t[b.j : b.j+b.b] {
			p.Target = append(p.Target, bitext.Ref{Unit: x.unit, Segment: x.segment})
		}
		out.Pairs[i] = p
	}
	out.Evidence = out.evidence()
	return out
}

// ratioOf returns the length of the target text by that of the source, within what
// is possible between languages.
func ratioOf(s, t []sentence) float64 {
	var ls, lt int
	for i := range s {
		ls += s[i].length
	}
	for i := range t {
		lt += t[i].length
	}
	if ls == 0 || lt == 0 {
		return 1
	}
	return min(max(float64(lt)/float64(ls), 0.2), 5)
}

// learnFrom is the confidence from which a pair of sentences is learned from.
const learnFrom = 0.6

// Learn collects the pairs of one to one sentence of an alignment for Train.
func (a *Aligner) Learn(found *Alignment) {
	for _, b := range found.beads {
		if b.a == 1 && b.b == 1 && b.confidence >= learnFrom {
			a.learner.add(&found.sentences[0][b.i], &found.sentences[1][b.j])
		}
	}
}

// minLinks is the number of sentence pairs from which lengths are learned.
const minLinks = 50

// Train makes a lexicon and a model of lengths of all that was learned. Learn begins
// anew after it.
func (a *Aligner) Train() {
	l := a.learner
	if l.links >= minLinks {
		a.ratio = min(max(l.targetLength/l.sourceLength, 0.2), 5)
	}
	if len(l.pairs) > 0 {
		a.lexicon = l.train()
	}
	a.learner = newLearner()
}

// Evidence is what speaks for and against two documents being translations of each
// other. Sentences counts the segments of both, Aligned those in pairs of at least
// MinConfidence. Anchors counts the different anchors of both documents, SharedAnchors
// those that both have, each counted twice. Copied counts the target segments that are
// the source's own words.
type Evidence struct {
	Sentences     [2]int `json:"sentences"`
	Aligned       int    `json:"aligned"`
	Anchors       int    `json:"anchors"`
	SharedAnchors int    `json:"sharedAnchors"`
	Copied        int    `json:"copied"`
}

// MinConfidence is the confidence from which a pair counts as found.
const MinConfidence = 0.5

func (al *Alignment) evidence() Evidence {
	var e Evidence
	e.Sentences = [2]int{len(al.sentences[0]), len(al.sentences[1])}
	var anchors [2]map[string]bool
	for side, list := range al.sentences {
		anchors[side] = map[string]bool{}
		for i := range list {
			for _, w := range list[i].words {
				if w.anchor && w.text[0] != 1 {
					anchors[side][w.text] = true
				}
			}
		}
	}
	e.Anchors = len(anchors[0]) + len(anchors[1])
	for w := range anchors[0] {
		if anchors[1][w] {
			e.SharedAnchors += 2
		}
	}
	for _, p := range al.Pairs {
		if p.Confidence < MinConfidence || len(p.Source) == 0 || len(p.Target) == 0 {
			continue
		}
		e.Aligned += len(p.Source) + len(p.Target)
		s, t := al.Source.Source(p.Source[0]).Source, al.Target.Source(p.Target[0]).Source
		if len(p.Source) == 1 && len(p.Target) == 1 && s.Chars == t.Chars && bitext.IsTranslatable(s.Chars) {
			e.Copied++
		}
	}
	return e
}

// The thresholds of IsPair: the share of sentences that must be aligned, of anchors
// that must be shared where there are enough of them, and of sentences that may be
// copies of the source.
const (
	minAligned = 0.3
	minShared  = 0.2
	minAnchors = 12
	maxCopied  = 0.9
)

// The reasons for which documents are no translations of each other.
const (
	ReasonEmpty     = "empty"     // one of them has no text
	ReasonUnaligned = "unaligned" // too few sentences have a counterpart
	ReasonAnchors   = "anchors"   // numbers, links and names differ
	ReasonCopied    = "copied"    // the target is in the source's language
)

// NoPair returns why the documents cannot be translations of each other, empty if
// they can.
func (e Evidence) NoPair() string {
	all := e.Sentences[0] + e.Sentences[1]
	switch {
	case e.Sentences[0] == 0 || e.Sentences[1] == 0:
		return ReasonEmpty
	case float64(e.Copied) > maxCopied*float64(min(e.Sentences[0], e.Sentences[1])):
		return ReasonCopied
	case e.Anchors >= minAnchors && float64(e.SharedAnchors) < minShared*float64(e.Anchors):
		return ReasonAnchors
	case float64(e.Aligned) < minAligned*float64(all):
		return ReasonUnaligned
	}
	return ""
}

// Candidate is a memory entry with its confidence.
type Candidate struct {
	bitext.Entry
	Confidence float64
}

// ConfidenceProp is the name of the property of an entry that has its confidence,
// from 0 to 1 with two digits.
const ConfidenceProp = "x-confidence"

// spanPenalty lowers the confidence of a pair whose sentences are of several units:
// their joined text is in no article.
const spanPenalty = 0.6

// Entries returns memory entries for the pairs that have both sides, without those whose
// target is the source's own text: a page may be translated in part. They have the
// state translated and the substate bitext.SubStateAligned, the target's path and the
// given time as their origin, and the place and neighbours of the source.
func (al *Alignment) Entries(at time.Time) []Candidate {
	refs := make([]bitext.Ref, 0, len(al.sentences[0]))
	keys := make([]string, 0, len(al.sentences[0]))
	place := map[bitext.Ref]int{}
	for i := range al.sentences[0] {
		x := &al.sentences[0][i]
		ref := bitext.Ref{Unit: x.unit, Segment: x.segment}
		place[ref] = len(refs)
		refs = append(refs, ref)
		keys = append(keys, al.Source.Source(ref).Source.Key())
	}
	var out []Candidate
	for _, p := range al.Pairs {
		if len(p.Source) == 0 || len(p.Target) == 0 {
			continue
		}
		c := Candidate{Confidence: p.Confidence}
		source, oneUnit := join(al.Source, p.Source)
		target, oneTarget := join(al.Target, p.Target)
		if !oneUnit || !oneTarget {
			c.Confidence *= spanPenalty
		}
		if source.Chars == target.Chars && bitext.IsTranslatable(source.Chars) {
			continue
		}
		first, last := place[p.Source[0]], place[p.Source[len(p.Source)-1]]
		u := &al.Source.Units[p.Source[0].Unit]
		c.Entry = bitext.Entry{
			SourceLocale: al.Source.Locale, TargetLocale: al.Target.Locale,
			Source: source, Target: mapCodes(source, target),
			State: bitext.Translated, SubState: bitext.SubStateAligned,
			Origin: bitext.Origin{Kind: bitext.FromImport, Name: al.Target.Path, Time: at},
			Props:  []bitext.Prop{{Name: ConfidenceProp, Value: strconv.FormatFloat(math.Floor(c.Confidence*100)/100, 'f', 2, 64)}},
		}
		if first > 0 {
			c.Prev = keys[first-1]
		}
		if last+1 < len(keys) {
			c.Next = keys[last+1]
		}
		if len(p.Source) == 1 {
			c.Place = al.Source.Path + "#" + u.ID + "/" + u.Segments[p.Source[0].Segment].ID
		}
		out = append(out, c)
	}
	return out
}

// join returns the text of one or more segments in a row, and whether they are of one
// unit. Between segments of one unit is what the unit has there.
func join(d *bitext.Document, refs []bitext.Ref) (bitext.Text, bool) {
	u := &d.Units[refs[0].Unit]
	last := refs[len(refs)-1]
	if last.Unit == refs[0].Unit {
		return u.Source.Slice(u.Segments[refs[0].Segment].From, u.Segments[last.Segment].To), true
	}
	var texts []bitext.Text
	for i, r := range refs {
		if i > 0 {
			texts = append(texts, bitext.Plain(" "))
		}
		texts = append(texts, d.Source(r).Source)
	}
	// Codes of different units may have the same IDs.
	return bitext.Plain(bitext.Join(texts...).Chars), false
}

// mapCodes gives the codes of a target those of its source: first the codes with the
// same markup, then those of the same kind and type, each in order. A code without
// one in the source stays, with an ID of its own.
func mapCodes(source, target bitext.Text) bitext.Text {
	if len(target.Codes) == 0 {
		return target
	}
	type span struct{ open, close int } // indexes into Codes; close is -1 for none
	spans := func(t bitext.Text) []span {
		var out []span
		opened := map[string]int{}
		for i, c := range t.Codes {
			if c.Kind == bitext.End {
				if n, ok := opened[c.ID]; ok && out[n].close < 0 {
					out[n].close = i
					continue
				}
			}
			if c.Kind == bitext.Start {
				opened[c.ID] = len(out)
			}
			out = append(out, span{i, -1})
		}
		return out
	}
	out := target.Clone()
	ss, ts := spans(source), spans(target)
	used, done := make([]bool, len(ss)), make([]bool, len(ts))
	match := func(same func(s, t *bitext.Code) bool) {
		for n, t := range ts {
			if done[n] {
				continue
			}
			for k, s := range ss {
				a, b := &source.Codes[s.open], &target.Codes[t.open]
				if used[k] || a.Kind != b.Kind || (s.close < 0) != (t.close < 0) || !same(a, b) {
					continue
				}
				used[k], done[n] = true, true
				set := func(from, to int) {
					pos := out.Codes[to].Pos
					out.Codes[to] = source.Codes[from]
					out.Codes[to].Pos = pos
				}
				set(s.open, t.open)
				if s.close >= 0 {
					set(s.close, t.close)
				}
				break
			}
		}
	}
	match(func(s, t *bitext.Code) bool { return s.Data == t.Data })
	match(func(s, t *bitext.Code) bool { return s.Type == t.Type && s.SubType == t.SubType })
	for n, t := range ts {
		if done[n] {
			continue
		}
		id := "t" + strconv.Itoa(n+1)
		out.Codes[t.open].ID = id
		if t.close >= 0 {
			out.Codes[t.close].ID = id
		}
	}
	return out
}

// Learned reports whether Learn has all that Train uses.
func (a *Aligner) Learned() bool { return a.learner.full() }
