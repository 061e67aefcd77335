package lint

import "testing"

// TestHanSets: the standards that have a character.
func TestHanSets(t *testing.T) {
	for _, tt := range []struct {
		characters string
		want       uint8
	}{
		{"中文包人一", inJIS | inGB | inBig5},
		{"语请设这们", inGB},
		{"語請設錢無", inJIS | inBig5},
		{"您你", inGB | inBig5},
		{"働込峠", inJIS},
		{"𠮷㐀", inJIS | inGB | inBig5},
	} {
		for _, r := range tt.characters {
			if got := hanSets(r); got != tt.want {
				t.Errorf("%c: %03b, want %03b", r, got, tt.want)
			}
		}
	}
}
