package stored

import "encoding/binary"

// Set is a set of small numbers, none of them negative. The zero value is empty.
type Set struct{ words []uint64 }

// Add adds n, and reports whether n was not in the set before.
func (b *Set) Add(n int64) bool {
	w := int(n / 64)
	if w >= len(b.words) {
		b.words = append(b.words, make([]uint64, w+1-len(b.words))...)
	}
	mask := uint64(1) << (n % 64)
	isNew := b.words[w]&mask == 0
	b.words[w] |= mask
	return isNew
}

// Has reports whether n is in the set.
func (b *Set) Has(n int64) bool {
	w := int(n / 64)
	return n >= 0 && w < len(b.words) && b.words[w]&(1<<(n%64)) != 0
}

// Remove removes n.
func (b *Set) Remove(n int64) {
	if b.Has(n) {
		b.words[n/64] &^= 1 << (n % 64)
	}
}

// Bytes returns the set as bytes for SetOf.
func (b *Set) Bytes() []byte {
	out := make([]byte, 0, 8*len(b.words))
	for _, w := range b.words {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return out
}

// SetOf returns the set that Bytes wrote.
func SetOf(data []byte) Set {
	words := make([]uint64, len(data)/8)
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return Set{words}
}
