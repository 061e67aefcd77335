package stored

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
