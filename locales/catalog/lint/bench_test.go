package lint

import (
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/catalogtest"
)

// BenchmarkCheck reads and checks 27 locales of 10,000 messages.
func BenchmarkCheck(b *testing.B) {
	files := catalog.Files(catalogtest.Many(10_000))
	size := 0
	for _, data := range files {
		size += len(data)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		s, _ := catalog.Parse(files, "en")
		Check(s, Options{})
	}
}
