package queue

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/diag"
)

// A page that is empty is a page, and one that is not there is none.
func TestPackResult(t *testing.T) {
	want := articleResult{Path: "a.md", Diagnostics: []diag.Diagnostic{}, Editions: []remoteEdition{
		{Locale: "ru", Diagnostics: []diag.Diagnostic{{ID: "quality.numbers", Args: map[string]any{"span": []int{1, 2}}}}, Data: []byte("\n{\"not\": the JSON}\x00\xff"), Size: 20}, {Locale: "uk", Size: -1, Segments: []byte("[\n]"), Length: 3}, {Locale: "fa", Data: []byte{}, Segments: []byte("[]"), Length: 2},
		{Locale: "ps", Data: bytes.Repeat([]byte("long "), 100_000), Size: 500_000},
	}}
	data, err := packResult(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := unpackResult(data)
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b []byte) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) })); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, cut := range []int{0, 5, len(data) / 2, len(data) - 9} {
		if _, err := unpackResult(data[:cut]); err == nil {
			t.Errorf("%d of %d bytes are a whole result", cut, len(data))
		}
	}
}
