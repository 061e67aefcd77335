package identity

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sketch is what is kept of a text so that similar texts can be recognized: a
// similarity hash of 64 bits (M. Charikar, Similarity Estimation Techniques from
// Rounding Algorithms, 2002) of its sequences of three characters in lower case, and
// how many there are, 255 for more.
type sketch struct {
	hash uint64
	size uint8
}

// sketchLength is the length of an encoded sketch.
const sketchLength = 12

func (s sketch) append(b []byte) []byte {
	var raw [9]byte
	binary.BigEndian.PutUint64(raw[:], s.hash)
	raw[8] = s.size
	return base64.RawURLEncoding.AppendEncode(b, raw[:])
}

func parseSketch(code string) (sketch, bool) {
	if len(code) != sketchLength {
		return sketch{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(code)
	if err != nil || len(raw) != 9 { // it passes over line ends
		return sketch{}, false
	}
	return sketch{binary.BigEndian.Uint64(raw), raw[8]}, true
}

// maxSketched limits how many bytes of a text are sketched.
const maxSketched = 1 << 16

func sketchOf(text string) sketch {
	text = norm.NFC.String(text[:min(len(text), maxSketched)])
	var sums [64]int32
	n := 0
	window := [3]rune{' ', ' ', ' '}
	add := func(r rune) {
		window[0], window[1], window[2] = window[1], window[2], r
		h := mix(uint64(window[0])<<42 ^ uint64(window[1])<<21 ^ uint64(window[2]))
		for i := range sums {
			sums[i] += int32(h>>i&1)<<1 - 1
		}
		n++
	}
	for _, r := range text {
		if unicode.IsSpace(r) {
			r = ' '
		}
		if r == ' ' && window[2] == ' ' {
			continue
		}
		add(unicode.ToLower(r))
	}
	if n > 0 {
		add(' ')
	}
	s := sketch{size: uint8(min(n, 255))}
	for i, sum := range sums {
		if sum > 0 {
			s.hash |= 1 << i
		}
	}
	return s
}

// mix is the finalizer of SplitMix64.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// distance returns in how many of 64 bits two sketches differ: 0 for equal texts, 32
// on average for texts that have nothing in common.
func (s sketch) distance(o sketch) int { return bits.OnesCount64(s.hash ^ o.hash) }

// isShort reports whether a text is so short that one changed word changes most of it.
func (s sketch) isShort() bool { return s.size < 40 }
