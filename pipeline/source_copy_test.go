package pipeline

import (
	"testing"

	"hexapla/pipeline/bitext"
)

// A code, an address, a number and a name are the same in any language; a sentence
// that came back as it was is not translated.
func TestSourceCopy(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"F-16", false},
		{"ISBN 978-3-16-148410-0", false},
		{"IBAN DE89 3704 0044 0532 0130 00", false},
		{"MH17, AB 1234", false},
		{"XIV", false},
		{"BBC", false},
		{"Berlin", false},
		{"https://example.org/a", false},
		{"12:00", false},
		{"Police said", true},
		{"BREAKING NEWS", true},
		{"In 2024", true},
		{"5 km", true},
		{"日本 2024", true},
	} {
		text := bitext.Text{Chars: tt.text}
		if got := isSourceCopy(text, text); got != tt.want {
			t.Errorf("isSourceCopy(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}
