package fuzzy

import (
	"math/bits"
	"unicode/utf8"
)

// Scorer computes the scores of one text with many others. The score of two texts is
// their similarity in percent: 100 × (1 − d/n), rounded down, where d is their
// Levenshtein distance in characters (Unicode code points) and n the length of the
// longer one. It is 100 only for equal texts, and for two empty ones.
//
// This is the convention of the Translate Toolkit and of most tools that state
// theirs; XLIFF 2.1 (translation candidates, attribute similarity) leaves it to the
// tool.
//
// A Scorer must not be used by several goroutines at once.
type Scorer struct{ p *pattern }

// NewScorer returns a Scorer of a text.
func NewScorer(text string) *Scorer { return &Scorer{compile(text)} }

// Score returns the score of the Scorer's text and another, or 0 if it is below
// least.
func (s *Scorer) Score(text string, least int) int {
	n := max(s.p.length, utf8.RuneCountInString(text))
	most := n - (n*least+99)/100 // the greatest distance that gives least
	d := s.p.distance(text, most)
	if least > 100 || d > most {
		return 0
	}
	return percent(d, n)
}

func percent(distance, length int) int {
	if length == 0 {
		return 100
	}
	return 100 * (length - distance) / length
}

// pattern is a text prepared for computing its distance from many others, by
// G. Myers' bit-parallel algorithm (JACM 46(3), 1999) in the form that H. Hyyrö
// gave it for distances between whole texts ("A Bit-Vector Algorithm for Computing
// Levenshtein and Damerau Edit Distances", 2003), in blocks of 64 characters.
type pattern struct {
	length int
	blocks int
	ascii  [128][]uint64 // for each character, where it stands; nil for nowhere
	other  map[rune][]uint64
	vp, vn []uint64
}

func compile(text string) *pattern {
	p := &pattern{length: utf8.RuneCountInString(text)}
	p.blocks = (p.length + 63) / 64
	i := 0
	for _, r := range text {
		var at []uint64
		if r < 128 {
			at = p.ascii[r]
		} else {
			at = p.other[r]
		}
		if at == nil {
			at = make([]uint64, p.blocks)
			if r < 128 {
				p.ascii[r] = at
			} else {
				if p.other == nil {
					p.other = map[rune][]uint64{}
				}
				p.other[r] = at
			}
		}
		at[i/64] |= 1 << (i % 64)
		i++
	}
	p.vp, p.vn = make([]uint64, p.blocks), make([]uint64, p.blocks)
	return p
}

// distance is the Levenshtein distance to text, or some number above most if it
// is above that.
func (p *pattern) distance(text string, most int) int {
	n := utf8.RuneCountInString(text)
	if diff := p.length - n; diff > most || -diff > most {
		return most + 1
	}
	switch {
	case p.length == 0:
		return n
	case p.blocks == 1:
		return p.short(text, n, most)
	}
	return p.long(text, n, most)
}

// short is for patterns of one block.
func (p *pattern) short(text string, n, most int) int {
	vp, vn := ^uint64(0), uint64(0)
	last := uint(p.length - 1)
	score := p.length
	for _, r := range text {
		var eq uint64
		if r < 128 {
			if at := p.ascii[r]; at != nil {
				eq = at[0]
			}
		} else if at := p.other[r]; at != nil {
			eq = at[0]
		}
		d0 := (((eq & vp) + vp) ^ vp) | eq | vn
		hp := vn | ^(d0 | vp)
		hn := d0 & vp
		score += int(hp>>last&1) - int(hn>>last&1)
		hp = hp<<1 | 1
		hn <<= 1
		vp = hn | ^(d0 | hp)
		vn = d0 & hp
		if n--; score-n > most {
			return most + 1
		}
	}
	return score
}

// long is for patterns of several blocks: the horizontal differences at a block's
// last row are carried into the next.
func (p *pattern) long(text string, n, most int) int {
	vp, vn := p.vp, p.vn
	for i := range vp {
		vp[i], vn[i] = ^uint64(0), 0
	}
	last := uint(p.length-1) % 64
	score := p.length
	none := make([]uint64, 0)
	for _, r := range text {
		at := none
		if r < 128 {
			if a := p.ascii[r]; a != nil {
				at = a
			}
		} else if a := p.other[r]; a != nil {
			at = a
		}
		var hpIn, hnIn uint64 = 1, 0
		var hp, hn uint64
		for b := range vp {
			var eq uint64
			if b < len(at) {
				eq = at[b]
			}
			pv, nv := vp[b], vn[b]
			x := eq | hnIn
			d0 := (((x & pv) + pv) ^ pv) | x | nv
			hp = nv | ^(d0 | pv)
			hn = d0 & pv
			ph, nh := hp<<1|hpIn, hn<<1|hnIn
			hpIn, hnIn = hp>>63, hn>>63
			vp[b] = nh | ^(d0 | ph)
			vn[b] = d0 & ph
		}
		score += int(hp>>last&1) - int(hn>>last&1)
		if n--; score-n > most {
			return most + 1
		}
	}
	return score
}

// sign is a coarse count of a text's characters: for each of 32 classes a bit for
// the first and a bit for the second of that class.
type sign uint64

func signOf(text string) sign {
	var s sign
	for _, r := range text {
		bit := sign(1) << (uint32(r) * 0x9E3779B1 >> 27)
		s |= s & bit << 32
		s |= bit
	}
	return s
}

// apart is a lower bound of the distance of two texts: an edit takes away or
// brings at most one of a text's bits.
func apart(a, b sign) int {
	return max(bits.OnesCount64(uint64(a&^b)), bits.OnesCount64(uint64(b&^a)))
}
