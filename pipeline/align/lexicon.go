package align

import (
	"cmp"
	"slices"
)

// A lexicon has the probability of a word in the translation of a text, given a
// word of the text, in both directions. It is learned from the aligned texts
// themselves by IBM Model 1 (Brown et al., The Mathematics of Statistical Machine
// Translation, 1993, section 4.2), as Hunalign and Moore's aligner do.
type lexicon struct {
	forward, backward map[string][]association
	known             [2]map[string]bool // words with an association, of each side
}

type association struct {
	word        string
	probability float32
}

// Limits of what is learned from: the sentence pairs and word pairs of a run that
// are used, so that memory in use and time do not grow with the run.
const (
	maxWordPairs   = 4 << 20
	maxLearnTokens = 40
	iterations     = 4
	minProbability = 0.04
	minEvidence    = 1.4 // expected number of links of a word pair that is kept
)

// learner collects sentence pairs for a lexicon.
type learner struct {
	ids   [2]map[string]int32
	names [2][]string
	pairs [][2][]int32
	cells int

	sourceLength, targetLength float64
	links                      int
}

func newLearner() *learner { return &learner{ids: [2]map[string]int32{{}, {}}} }

// full reports whether the learner has all that it uses.
func (l *learner) full() bool { return l.cells >= maxWordPairs }

func (l *learner) add(source, target *sentence) {
	l.sourceLength += float64(source.length)
	l.targetLength += float64(target.length)
	l.links++
	if l.full() {
		return
	}
	s, t := l.intern(0, source.words), l.intern(1, target.words)
	if len(s) == 0 || len(t) == 0 {
		return
	}
	l.cells += len(s) * len(t)
	l.pairs = append(l.pairs, [2][]int32{s, t})
}

// intern returns the numbers of the different words, not the anchors.
func (l *learner) intern(side int, words []token) []int32 {
	var out []int32
	for _, w := range words {
		if w.anchor {
			continue
		}
		id, ok := l.ids[side][w.text]
		if !ok {
			id = int32(len(l.names[side]))
			l.ids[side][w.text] = id
			l.names[side] = append(l.names[side], w.text)
		}
		if out = append(out, id); len(out) == maxLearnTokens {
			break
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// train returns the lexicon of what was added.
func (l *learner) train() *lexicon {
	keys := make([]uint64, 0, l.cells)
	for _, p := range l.pairs {
		for _, s := range p[0] {
			for _, t := range p[1] {
				keys = append(keys, uint64(s)<<32|uint64(t))
			}
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	// Where the cells of each source word begin.
	begin := make([]int32, len(l.names[0])+1)
	for _, k := range keys {
		begin[k>>32+1]++
	}
	for i := 1; i < len(begin); i++ {
		begin[i] += begin[i-1]
	}
	cells := make([]int32, 0, l.cells)
	for _, p := range l.pairs {
		for _, s := range p[0] {
			row := keys[begin[s]:begin[s+1]]
			at := 0
			for _, t := range p[1] {
				n, _ := slices.BinarySearch(row[at:], uint64(s)<<32|uint64(t))
				at += n
				cells = append(cells, begin[s]+int32(at))
			}
		}
	}
	forward, fe := l.estimate(keys, cells, false)
	backward, be := l.estimate(keys, cells, true)
	x := &lexicon{forward: map[string][]association{}, backward: map[string][]association{}, known: [2]map[string]bool{{}, {}}}
	for i, k := range keys {
		if fe[i] < minEvidence && be[i] < minEvidence {
			continue
		}
		s, t := l.names[0][k>>32], l.names[1][uint32(k)]
		// A word pair that only one direction proposes is mostly a chance.
		if forward[i] < minProbability || backward[i] < minProbability {
			continue
		}
		x.forward[s] = append(x.forward[s], association{t, forward[i]})
		x.backward[t] = append(x.backward[t], association{s, backward[i]})
		x.known[0][s], x.known[1][t] = true, true
	}
	for _, m := range [...]map[string][]association{x.forward, x.backward} {
		for w, list := range m {
			slices.SortFunc(list, func(a, b association) int {
				return cmp.Or(cmp.Compare(b.probability, a.probability), cmp.Compare(a.word, b.word))
			})
			m[w] = list[:min(len(list), 16)]
		}
	}
	return x
}

// estimate runs IBM Model 1 in one direction. It returns the probability and the
// expected number of links of each word pair.
func (l *learner) estimate(keys []uint64, cells []int32, backward bool) (probability, expected []float32) {
	given := func(k uint64) int { return int(k >> 32) }
	words := len(l.names[0])
	if backward {
		given, words = func(k uint64) int { return int(uint32(k)) }, len(l.names[1])
	}
	probability, expected = make([]float32, len(keys)), make([]float32, len(keys))
	for i := range probability {
		probability[i] = 1
	}
	total := make([]float64, words)
	for range iterations {
		clear(expected)
		clear(total)
		at := 0
		for _, p := range l.pairs {
			ns, nt := len(p[0]), len(p[1])
			block := cells[at : at+ns*nt]
			at += ns * nt
			if backward {
				for s := range ns {
					share(block[s*nt:(s+1)*nt], 1, nt, probability, expected)
				}
			} else {
				for t := range nt {
					share(block[t:], nt, ns, probability, expected)
				}
			}
		}
		for i, k := range keys {
			total[given(k)] += float64(expected[i])
		}
		for i, k := range keys {
			probability[i] = float32(float64(expected[i]) / (total[given(k)] + 0.5)) // the empty word has its share
		}
	}
	return probability, expected
}

// share divides one link among n cells that are step apart, by their probability.
func share(cells []int32, step, n int, probability, expected []float32) {
	var sum float32
	for i := range n {
		sum += probability[cells[i*step]]
	}
	if sum <= 0 {
		return
	}
	for i := range n {
		c := cells[i*step]
		expected[c] += probability[c] / sum
	}
}
