package memory

import (
	"cmp"
	"slices"

	"hexapla/pipeline/bitext"
)

// Context tells which parts of a query's context an entry shares. A greater value
// is a better context.
type Context uint8

const (
	SameNeighbors Context = 1 << iota // both neighbours
	SamePlace
)

// Candidate is an entry that a store found for a query. Slot identifies the entry's
// slot among the candidates for one query: two places are two slots. Score is the
// similarity of the source in percent, for Fuzzy.
type Candidate struct {
	Entry   bitext.Entry
	Rank    Rank
	Context Context
	Slot    [3]int64
	Score   int
}

func (c *Candidate) compare(o *Candidate) int {
	return cmp.Or(cmp.Compare(c.Context, o.Context), c.Rank.Compare(o.Rank))
}

// isAlternative reports whether only time decides between the two. In context that
// is so for the alternatives of one slot only.
func (c *Candidate) isAlternative(o *Candidate) bool {
	return c.Rank.Priority == o.Rank.Priority && c.Context == o.Context && (c.Context == 0 || c.Slot == o.Slot)
}

// Repeats reports whether c gives a query no match beside that of o, a candidate above it.
func (c *Candidate) Repeats(o *Candidate) bool {
	return c.Entry.Target.Equal(o.Entry.Target) && c.Entry.Source.Equal(o.Entry.Source) && !isNoTranslation(&o.Entry)
}

// Exact returns the matches for a query among entries that have the query's very
// source, the best first, and sorts the candidates. Of matches with equal targets
// only the best is kept. The texts of a match have the codes of the query's source
// where they correspond by order, so that a target can be used as it is; a code
// without a counterpart gets an ID that the query's source does not have.
//
// Where no match is in context, and exact matches of the highest priority differ in
// their targets, these are marked ambiguous; so are alternatives from one import
// that are in context.
func Exact(q Query, candidates []Candidate) []bitext.Match {
	slices.SortFunc(candidates, func(a, b Candidate) int { return b.compare(&a) })
	var out []bitext.Match
	var used []*Candidate // those of out
	firsts := 0           // how many different targets are as good as the best
	for i := range candidates {
		c := &candidates[i]
		if isNoTranslation(&c.Entry) || slices.ContainsFunc(used, c.Repeats) {
			continue
		}
		m := match(q.Source, &c.Entry)
		m.Type, m.Score = bitext.ExactMatch, 100
		if c.Context > 0 {
			m.Type = bitext.InContextMatch
		}
		if hasTarget(out, m.Target) {
			continue
		}
		if c.isAlternative(&candidates[0]) && len(out) == firsts {
			firsts++
		}
		out, used = append(out, m), append(used, c)
	}
	if firsts > 1 {
		for i := range firsts {
			out[i].NotUsable = bitext.ReasonAmbiguous
		}
	}
	return out[:min(len(out), q.MaxMatches())]
}

// Fuzzy appends to matches, as far as the query's limit allows, those for entries
// with a source similar to the query's, the most similar first, and sorts the
// candidates. A match whose source has other numbers than the query, compared by
// value, is marked not usable. Candidates with the query's own source are left out.
func Fuzzy(q Query, matches []bitext.Match, candidates []Candidate) []bitext.Match {
	slices.SortFunc(candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), b.compare(&a))
	})
	for i := range candidates {
		if len(matches) >= q.MaxMatches() {
			break
		}
		e := &candidates[i].Entry
		if isNoTranslation(e) {
			continue
		}
		m := match(q.Source, e)
		m.Type, m.Score = bitext.FuzzyMatch, min(candidates[i].Score, 99)
		if !SameNumbers(q.Source.Chars, e.Source.Chars) {
			m.NotUsable = bitext.ReasonNumber
		}
		if !hasTarget(matches, m.Target) {
			matches = append(matches, m)
		}
	}
	return matches
}

// isNoTranslation reports whether an engine answered with nothing that a reader can
// see. A person may leave a text out, an engine may not.
func isNoTranslation(e *bitext.Entry) bool {
	return e.Origin.Kind == bitext.FromEngine && e.Target.IsBlank() && !e.Source.IsBlank()
}

func hasTarget(matches []bitext.Match, target bitext.Text) bool {
	return slices.ContainsFunc(matches, func(m bitext.Match) bool { return m.Target.Equal(target) })
}

// match returns an entry as a proposal for source, in the codes of source.
func match(source bitext.Text, e *bitext.Entry) bitext.Match {
	mapCodes := codeMapper(source, e.Source)
	m := bitext.Match{Source: mapCodes(e.Source), Target: mapCodes(e.Target), State: e.State, SubState: e.SubState, Origin: e.Origin}
	m.Origin.Translator = Translator(*e)
	return m
}

// codeMapper returns a function that gives a text the codes of wanted where it has
// those of known: the nth code of one corresponds to the nth of the other.
func codeMapper(wanted, known bitext.Text) func(bitext.Text) bitext.Text {
	if len(wanted.Codes) == 0 && len(known.Codes) == 0 {
		return func(t bitext.Text) bitext.Text { return t }
	}
	type shape struct {
		kind bitext.CodeKind
		n    int
	}
	used, nth := codeNumbers(wanted), codeNumbers(known)
	ours := make(map[shape]bitext.Code, len(wanted.Codes))
	for _, c := range slices.Backward(wanted.Codes) {
		ours[shape{c.Kind, used[c.ID]}] = c
	}
	return func(t bitext.Text) bitext.Text {
		t = t.Clone()
		for i, c := range t.Codes {
			n, shared := nth[c.ID]
			our, found := ours[shape{c.Kind, n}]
			if shared && found {
				our.Pos = c.Pos
				t.Codes[i] = our
				continue
			}
			for id := c.ID; ; id = "tm-" + id {
				if _, ok := used[id]; !ok {
					t.Codes[i].ID = id
					break
				}
			}
		}
		return t
	}
}

// codeNumbers numbers the code IDs of a text in order of appearance.
func codeNumbers(t bitext.Text) map[string]int {
	n := make(map[string]int, len(t.Codes))
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = len(n)
		}
	}
	return n
}
