package align

import (
	"math"

	"hexapla/pipeline/bitext"
)

// bead is a group of source and target sentences that are each other's translation:
// a and b of them from i and j on.
type bead struct {
	i, j       int
	a, b       int
	confidence float64
}

// step is one shape of a bead, with the logarithm of its prior probability. Shapes
// are those of Gale and Church, A Program for Aligning Sentences in Bilingual
// Corpora, 1993, table 5; sentences without a counterpart are more frequent in the
// archives of a newsroom than in their parliament.
type step struct {
	a, b  int
	prior float64
}

var steps = [...]step{
	{1, 1, -0.12}, {1, 0, -4.2}, {0, 1, -4.2}, {2, 1, -3.6}, {1, 2, -3.6}, {2, 2, -5.5},
}

// The weights of the evidence, tuned on documentation in Spanish and Russian.
const (
	lexicalWeight  = 0.55
	mixture        = 0.7 // of the lexicon against a text's own frequencies
	sameWord       = 0.5 // probability that a word of both languages is itself
	highestGain    = 5.0
	lowestLength   = -7.0
	boundaryBoth   = 0.5
	boundaryOne    = -1.6
	kindDiffers    = -1.5
	headingDiffers = -3.5
	crossesUnits   = -3.0
	maxWindow      = 1200 // sentences of one window
	beam           = 150  // scores that are lower than the row's highest by more are given up
	variance       = 6.8  // Gale and Church 1993, 3.1, per character
)

// search aligns two lists of sentences. A longer list is aligned window by window;
// of each but the last one the first half is kept, so that time and memory are
// linear in the length of the lists.
func (m *model) search(source, target []sentence) []bead {
	var out []bead
	i, j := 0, 0
	for {
		s, t := source[i:], target[j:]
		last := true
		if len(s) > maxWindow || len(t) > maxWindow {
			last = false
			s, t = s[:min(len(s), maxWindow)], t[:min(len(t), maxWindow)]
		}
		found := m.window(s, t)
		if !last {
			// Cut behind the half of the window that is used up first.
			n := 0
			for n < len(found) && found[n].i < len(s)/2+1 && found[n].j < len(t)/2+1 {
				n++
			}
			found = found[:max(n, 1)]
		}
		for _, b := range found {
			b.i, b.j = b.i+i, b.j+j
			out = append(out, b)
		}
		if last || len(found) == 0 {
			return out
		}
		end := out[len(out)-1]
		i, j = end.i+end.a, end.j+end.b
		if i == len(source) && j == len(target) {
			return out
		}
	}
}

// model scores beads. ratio is the length of a target text by that of its source.
type model struct {
	lexicon  *lexicon
	ratio    float64
	sameKind bool // kinds are of the same format
}

// gains are the lexical scores of a window: gain[k][i*n+j] of the tokens of target
// sentence j, given k+1 source sentences from i on, and likewise back.
type gains struct {
	n             int
	forward, back [2][]float32
}

// window aligns sentences by the path of the highest score (Viterbi), with the
// posterior probability of each of its beads (forward–backward) for its confidence.
func (m *model) window(source, target []sentence) []bead {
	ns, nt := len(source), len(target)
	if ns == 0 && nt == 0 {
		return nil
	}
	g := m.gains(source, target)
	w := nt + 1
	best := make([]float64, (ns+1)*w)
	sum := make([]float64, (ns+1)*w)
	from := make([]int8, (ns+1)*w)
	score := func(i, j, k int) float64 { return m.score(source, target, g, i, j, k) }
	for i := 0; i <= ns; i++ {
		highest := math.Inf(-1)
		for j := 0; j <= nt; j++ {
			at := i*w + j
			if at == 0 {
				highest = 0
				continue
			}
			best[at], sum[at] = math.Inf(-1), math.Inf(-1)
			for k, s := range steps {
				if i < s.a || j < s.b {
					continue
				}
				p := (i-s.a)*w + j - s.b
				if math.IsInf(best[p], -1) {
					continue
				}
				v := score(i-s.a, j-s.b, k)
				if best[p]+v > best[at] {
					best[at], from[at] = best[p]+v, int8(k)
				}
				sum[at] = addLog(sum[at], sum[p]+v)
			}
			highest = max(highest, best[at])
		}
		// The last column is kept: an end that no path reaches would be none.
		for j := range nt {
			if at := i*w + j; best[at] < highest-beam && i < ns {
				best[at], sum[at] = math.Inf(-1), math.Inf(-1)
			}
		}
	}
	after := make([]float64, 3*w)   // of the rows i, i+1, i+2
	path := make([]int8, len(from)) // the step of a place on the path, from 1
	var beads []bead
	for i, j := ns, nt; i > 0 || j > 0; {
		k := from[i*w+j]
		i, j = i-steps[k].a, j-steps[k].b
		path[i*w+j] = k + 1
	}
	for i := ns; i >= 0; i-- {
		for j := nt; j >= 0; j-- {
			at := i%3*w + j
			after[at] = math.Inf(-1)
			if i == ns && j == nt {
				after[at] = 0
				continue
			}
			if math.IsInf(sum[i*w+j], -1) {
				continue
			}
			for k, s := range steps {
				if i+s.a > ns || j+s.b > nt {
					continue
				}
				rest := after[(i+s.a)%3*w+j+s.b]
				if math.IsInf(rest, -1) {
					continue
				}
				v := score(i, j, k) + rest
				after[at] = addLog(after[at], v)
				if path[i*w+j] == int8(k)+1 {
					posterior := math.Exp(sum[i*w+j] + v - sum[ns*w+nt])
					evidence := m.evidence(source, target, g, i, j, k)
					beads = append(beads, bead{i: i, j: j, a: s.a, b: s.b, confidence: min(posterior, 1) * logistic(0.8*evidence+1)})
				}
			}
		}
	}
	for l, r := 0, len(beads)-1; l < r; l, r = l+1, r-1 {
		beads[l], beads[r] = beads[r], beads[l]
	}
	return beads
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// addLog returns log(exp(a)+exp(b)).
func addLog(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if d := b - a; d > -30 {
		return a + math.Log1p(math.Exp(d))
	}
	return a
}

// score is the logarithm of how much likelier the bead is than its texts by
// themselves.
func (m *model) score(source, target []sentence, g *gains, i, j, k int) float64 {
	s := &steps[k]
	if s.a == 0 || s.b == 0 {
		return s.prior
	}
	return s.prior + m.evidence(source, target, g, i, j, k) + m.structure(source[i:i+s.a], target[j:j+s.b])
}

// evidence is what length and words have for the bead.
func (m *model) evidence(source, target []sentence, g *gains, i, j, k int) float64 {
	s := &steps[k]
	if s.a == 0 || s.b == 0 {
		return 0
	}
	at := i*g.n + j
	lex := g.forward[s.a-1][at] + g.back[s.b-1][at]
	ls, lt := source[i].length, target[j].length
	if s.b == 2 {
		lex += g.forward[s.a-1][at+1]
		lt += target[j+1].length
	}
	if s.a == 2 {
		lex += g.back[s.b-1][at+g.n]
		ls += source[i+1].length
	}
	return lexicalWeight*float64(lex)/2 + m.length(ls, lt)
}

// length scores two lengths as Gale and Church do, by the probability of a
// difference as large as theirs.
func (m *model) length(source, target int) float64 {
	s, t := float64(source), float64(target)/m.ratio
	d := math.Abs(s-t) / math.Sqrt(variance*(s+t)/2+4)
	return max(1+math.Log(math.Erfc(d/math.Sqrt2)+1e-12), lowestLength)
}

// structure scores where the texts are on their pages.
func (m *model) structure(s, t []sentence) float64 {
	v := 0.0
	boundary := func(a, b bool) {
		switch {
		case a && b:
			v += boundaryBoth
		case a != b:
			v += boundaryOne
		}
	}
	boundary(s[0].first, t[0].first)
	boundary(s[len(s)-1].last, t[len(t)-1].last)
	if len(s) == 2 && s[1].first {
		v += crossesUnits
	}
	if len(t) == 2 && t[1].first {
		v += crossesUnits
	}
	isHeading := func(k bitext.Kind) bool { return k == bitext.Heading || k == bitext.Title }
	switch {
	case isHeading(s[0].kind) != isHeading(t[0].kind):
		if m.sameKind {
			v += headingDiffers
		}
	case s[0].kind != t[0].kind || s[0].level != t[0].level:
		if m.sameKind {
			v += kindDiffers
		}
	}
	return v
}

// vocabulary numbers the tokens of one side of a window.
type vocabulary struct {
	ids    map[string]int32
	anchor []bool
	count  []float64
	total  float64
	texts  [][]int32 // the tokens of each sentence
	gain   []float64 // of an unmatched token
}

func (m *model) vocabulary(list []sentence, side int) *vocabulary {
	v := &vocabulary{ids: map[string]int32{}}
	for i := range list {
		text := make([]int32, len(list[i].words))
		for k, w := range list[i].words {
			id, ok := v.ids[w.text]
			if !ok {
				id = int32(len(v.count))
				v.ids[w.text] = id
				v.count, v.anchor = append(v.count, 0), append(v.anchor, w.anchor)
				known := w.anchor || m.lexicon != nil && m.lexicon.known[side][w.text]
				unmatched := 0.0
				if known {
					unmatched = math.Log(1 - mixture)
				}
				v.gain = append(v.gain, unmatched)
			}
			v.count[id]++
			v.total++
			text[k] = id
		}
		v.texts = append(v.texts, text)
	}
	return v
}

// frequency is the probability of a token in its text. The text of a short page says
// little of it: it is taken for a part of one of some hundred words.
func (v *vocabulary) frequency(id int32) float64 { return v.count[id] / (v.total + 300) }

func (m *model) gains(source, target []sentence) *gains {
	g := &gains{n: len(target)}
	size := len(source) * len(target)
	for k := range 2 {
		g.forward[k], g.back[k] = make([]float32, size), make([]float32, size)
	}
	s, t := m.vocabulary(source, 0), m.vocabulary(target, 1)
	var forward, backward map[string][]association
	if m.lexicon != nil {
		forward, backward = m.lexicon.forward, m.lexicon.backward
	}
	fill(s, t, forward, func(k, i, j int, v float64) { g.forward[k][i*g.n+j] = float32(v) })
	fill(t, s, backward, func(k, j, i int, v float64) { g.back[k][i*g.n+j] = float32(v) })
	return g
}

// fill scores the tokens of each sentence of "to", given one or two sentences of
// "from": by how much likelier a token is than by its frequency.
func fill(from, to *vocabulary, associations map[string][]association, set func(k, i, j int, v float64)) {
	type gain struct {
		id    int32
		value float32
	}
	// The gains that each word of "from" gives.
	given := make([][]gain, len(from.count))
	for text, id := range from.ids {
		add := func(other int32, p float64) {
			u := to.frequency(other)
			v := min(math.Log((mixture*p+(1-mixture)*u)/u), highestGain)
			given[id] = append(given[id], gain{other, float32(v)})
		}
		if other, ok := to.ids[text]; ok && (from.anchor[id] || len(text) >= 4) {
			add(other, sameWord)
		}
		for _, a := range associations[text] {
			if other, ok := to.ids[a.word]; ok && a.word != text {
				add(other, float64(a.probability))
			}
		}
	}
	row := make([]float32, len(to.count))
	reset := func(id int32) { row[id] = float32(to.gain[id]) }
	for id := range row {
		reset(int32(id))
	}
	apply := func(i int) {
		for _, w := range from.texts[i] {
			for _, v := range given[w] {
				row[v.id] = max(row[v.id], v.value)
			}
		}
	}
	undo := func(i int) {
		for _, w := range from.texts[i] {
			for _, v := range given[w] {
				reset(v.id)
			}
		}
	}
	for i := range from.texts {
		for k := range 2 {
			if i+k >= len(from.texts) {
				break
			}
			apply(i + k)
			for j, text := range to.texts {
				v := float32(0)
				for _, w := range text {
					v += row[w]
				}
				set(k, i, j, float64(v))
			}
		}
		undo(i)
		if i+1 < len(from.texts) {
			undo(i + 1)
		}
	}
}
