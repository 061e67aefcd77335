package identity

// Distance is for tests: how far the sketches of two texts are apart.
func Distance(a, b string) int { return sketchOf(a).distance(sketchOf(b)) }
