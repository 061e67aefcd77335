package identity

import (
	"cmp"
	"slices"
	"strconv"

	"hexapla/pipeline/bitext"
)

// How far sketches may be apart for one text to be the other one changed: anywhere
// in the article; between the same neighbours; between the same neighbours where
// nothing else is. TestDistances has the figures that these are taken from.
const (
	farAnywhere = 17
	farInGap    = 22
	farAlone    = 27
)

// maxCompared limits how many pairs of texts are compared without regard to their
// neighbours.
const maxCompared = 1_000_000

// candidate is a unit of a known version that no unit of the document has the text of.
type candidate struct {
	*unit
	class   string
	version int
	pos     int
}

// aligner finds the known unit that each unit of a document was.
type aligner struct {
	known article
	doc   *bitext.Document
	at    []int  // units of the document that are named by their text
	was   []*pos // by index in at, where the unit is known
	used  [][]bool
}

type pos struct{ version, at int }

// align returns the identities of the units that do not keep the one of their text.
func align(known article, d *bitext.Document, at []int) map[string]string {
	a := &aligner{known: known, doc: d, at: at, was: make([]*pos, len(at)), used: make([][]bool, len(known))}
	for v := range known {
		a.used[v] = make([]bool, len(known[v]))
	}
	for v := range known {
		a.equal(v)
	}
	a.similar()
	return a.name()
}

func (a *aligner) raw(n int) string { return a.doc.Units[a.at[n]].ID }

func (a *aligner) put(n, version, at int) {
	a.was[n], a.used[version][at] = &pos{version, at}, true
}

// equal matches units of equal text: in order if there are as many as there were, else
// first those with an equal neighbour.
func (a *aligner) equal(v int) {
	known := a.known[v]
	places := map[string][]int{}
	for i := range known {
		places[base(known[i].raw)] = append(places[base(known[i].raw)], i)
	}
	docs := map[string][]int{}
	var order []string
	for n := range a.at {
		if a.was[n] != nil {
			continue
		}
		b := base(a.raw(n))
		if places[b] != nil {
			if docs[b] == nil {
				order = append(order, b)
			}
			docs[b] = append(docs[b], n)
		}
	}
	neighbour := func(n, step int) string {
		if n += step; n < 0 || n >= len(a.at) {
			return ""
		}
		return base(a.raw(n))
	}
	was := func(i, step int) string {
		if i += step; i < 0 || i >= len(known) {
			return ""
		}
		return base(known[i].raw)
	}
	for _, b := range order {
		ks, ns := places[b], docs[b]
		if len(ks) != len(ns) && len(ks)*len(ns) <= maxCompared {
			for _, most := range []int{2, 1} {
				for _, n := range ns {
					if a.was[n] != nil {
						continue
					}
					for _, k := range ks {
						if a.used[v][k] {
							continue
						}
						score := 0
						if neighbour(n, -1) == was(k, -1) {
							score++
						}
						if neighbour(n, 1) == was(k, 1) {
							score++
						}
						if score >= most {
							a.put(n, v, k)
							break
						}
					}
				}
			}
		}
		k := 0
		for _, n := range ns {
			if a.was[n] != nil {
				continue
			}
			for k < len(ks) && a.used[v][ks[k]] {
				k++
			}
			if k == len(ks) {
				break
			}
			a.put(n, v, ks[k])
		}
	}
}

// gap is the stretch of the first known version between two units that are matched.
type gap struct{ after, before int }

func (g gap) has(c candidate) bool { return c.version == 0 && c.pos > g.after && c.pos < g.before }

// gaps returns the gap that each unit of the document is in.
func (a *aligner) gaps() []gap {
	out := make([]gap, len(a.at))
	last := -1
	for n := range a.at {
		if w := a.was[n]; w != nil && w.version == 0 {
			last = w.at
		}
		out[n].after = last
	}
	last = len(a.known[0])
	for n := len(a.at) - 1; n >= 0; n-- {
		if w := a.was[n]; w != nil && w.version == 0 {
			last = w.at
		}
		out[n].before = last
	}
	return out
}

// similar matches the units whose text was changed.
func (a *aligner) similar() {
	byClass := map[string][]candidate{}
	left := 0
	for v := range a.known {
		for i := range a.known[v] {
			if u := &a.known[v][i]; !a.used[v][i] {
				byClass[class(u.raw)] = append(byClass[class(u.raw)], candidate{u, class(u.raw), v, i})
				left++
			}
		}
	}
	if left == 0 {
		return
	}
	gaps := a.gaps()
	sketches := make([]sketch, len(a.at))
	type pair struct {
		n        int
		c        candidate
		distance int
		inGap    bool
	}
	var pairs []pair
	compared := 0
	for n := range a.at {
		if a.was[n] != nil {
			continue
		}
		of := byClass[class(a.raw(n))]
		if len(of) == 0 {
			continue
		}
		sketches[n] = sketchOf(a.doc.Units[a.at[n]].Source.Chars)
		for _, c := range of {
			if compared++; compared > maxCompared {
				break
			}
			p := pair{n, c, sketches[n].distance(c.sketch), gaps[n].has(c)}
			if p.distance <= farAnywhere || p.inGap && p.distance <= farInGap {
				pairs = append(pairs, p)
			}
		}
	}
	order := func(p pair) int { // a place in the gap is worth some bits
		if p.inGap {
			return p.distance - (farInGap - farAnywhere)
		}
		return p.distance
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(order(x), order(y)) })
	for _, p := range pairs {
		if a.was[p.n] == nil && !a.used[p.c.version][p.c.pos] {
			a.put(p.n, p.c.version, p.c.pos)
		}
	}
	a.alone(byClass, sketches)
}

// alone matches a unit with the only known one that was between the same neighbours.
func (a *aligner) alone(byClass map[string][]candidate, sketches []sketch) {
	type key struct {
		gap
		class string
	}
	gaps := a.gaps()
	units := map[key][]int{}
	for n := range a.at {
		if a.was[n] == nil {
			k := key{gaps[n], class(a.raw(n))}
			units[k] = append(units[k], n)
		}
	}
	for k, ns := range units {
		if len(ns) != 1 {
			continue
		}
		var only *candidate
		count := 0
		of := byClass[k.class]
		from, _ := slices.BinarySearchFunc(of, k.after+1, func(c candidate, at int) int {
			if c.version > 0 {
				return 1
			}
			return cmp.Compare(c.pos, at)
		})
		for i := from; i < len(of) && k.has(of[i]); i++ {
			if !a.used[0][of[i].pos] {
				only = &of[i]
				count++
			}
		}
		if count != 1 {
			continue
		}
		if s := sketches[ns[0]]; s.isShort() && only.sketch.isShort() || s.distance(only.sketch) <= farAlone {
			a.put(ns[0], 0, only.pos)
		}
	}
}

// name returns the identities of the units that do not have the one of their text:
// those that are known by another, and those whose own is another's.
func (a *aligner) name() map[string]string {
	taken := make(map[string]bool, len(a.doc.Units))
	named := map[int]bool{}
	for n, i := range a.at {
		named[i] = a.was[n] != nil
	}
	for i := range a.doc.Units {
		if _, byText := named[i]; !byText {
			taken[a.doc.Units[i].ID] = true // the document names it
		}
	}
	ids := make([]string, len(a.at))
	for n := range a.at {
		if w := a.was[n]; w != nil && !taken[a.known[w.version][w.at].id] {
			ids[n] = a.known[w.version][w.at].id
			taken[ids[n]] = true
		}
	}
	renamed := map[string]string{}
	for n := range a.at {
		raw := a.raw(n)
		if ids[n] == "" {
			ids[n] = raw
			for i := 2; taken[ids[n]]; i++ {
				ids[n] = base(raw) + "." + strconv.Itoa(i)
			}
			taken[ids[n]] = true
		}
		if ids[n] != raw {
			renamed[raw] = ids[n]
		}
	}
	return renamed
}
