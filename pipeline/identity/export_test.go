package identity

import "bytes"

// Encode is for tests: what Write writes.
func (r *Register) Encode(keep func(path string) bool) []byte {
	var b bytes.Buffer
	if err := r.Write(&b, keep); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Distance is for tests: how far the sketches of two texts are apart.
func Distance(a, b string) int { return sketchOf(a).distance(sketchOf(b)) }
