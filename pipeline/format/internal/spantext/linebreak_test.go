package spantext

import "testing"

func TestDropsBreak(t *testing.T) {
	for _, tt := range []struct {
		before, after rune
		want          bool
	}{
		{'日', '本', true}, {'は', 'カ', true}, {'。', '次', true}, {'」', '彼', true}, {'！', '我', true},
		{'”', '她', true}, {'说', '“', true}, {'…', '我', true},
		{'日', 'a', false}, {'a', '日', false}, {'日', '1', false}, {'한', '국', false}, {'日', '한', false},
		{'”', '“', false}, {'a', 'b', false}, {'.', '日', false}, {'ก', 'ข', false}, {'日', '\ufffd', false},
	} {
		if got := DropsBreak(tt.before, tt.after); got != tt.want {
			t.Errorf("%q %q: %v", tt.before, tt.after, got)
		}
	}
}
