package pipeline_test

import (
	"bytes"
	"fmt"
	"testing"

	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/segment"
)

// BenchmarkShortLines splits and segments texts whose lines are one letter each, the
// worst case for the bytes that a unit takes. Bytes and time grow linearly.
func BenchmarkShortLines(b *testing.B) {
	rules := segment.Default().For("en")
	for _, n := range []int{1 << 16, 1 << 17, 1 << 18} {
		data := bytes.Repeat([]byte("a\n"), n)
		b.Run(fmt.Sprintf("split/lines=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				new(plaintext.Format).Split("a.txt", data)
			}
		})
		b.Run(fmt.Sprintf("segment/lines=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			d, _ := new(plaintext.Format).Split("a.txt", data)
			for b.Loop() {
				for i := range d.Units {
					rules.Segment(&d.Units[i])
				}
			}
		})
	}
}
