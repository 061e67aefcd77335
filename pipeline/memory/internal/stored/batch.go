package stored

import (
	"crypto/rand"
	"encoding/base32"
)

// NewUID returns a random name for a batch or a note, of 80 bits.
func NewUID() string {
	var b [10]byte
	rand.Read(b[:])
	return UIDEncoding.EncodeToString(b[:])
}

// UIDEncoding is how the bits of a UID are written.
var UIDEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Undo is a batch that undoes another.
type Undo struct{ ID, Undoes int64 }

// EffectiveUndos returns for each batch that is undone the batch that undid it. all are
// in the order of their recording. An undo is in force unless a later one in force
// undoes it; of several that undo one batch the first counts.
func EffectiveUndos(all []Undo) map[int64]int64 {
	undone := map[int64]int64{}
	undoneLater := map[int64]bool{}
	for i := len(all) - 1; i >= 0; i-- { // the latest first
		u := all[i]
		if !undoneLater[u.ID] {
			undone[u.Undoes] = u.ID
			undoneLater[u.Undoes] = true
		}
	}
	return undone
}
