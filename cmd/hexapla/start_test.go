package main

import (
	"io"
	"testing"
)

// BenchmarkStart is what every command does before its own work, but for the
// initialization of packages (GODEBUG=inittrace=1).
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		newApp(nil, io.Discard, io.Discard)
	}
}
