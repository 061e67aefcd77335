package hook

import (
	"slices"
	"testing"
)

func TestMisplaced(t *testing.T) {
	for _, tt := range []struct {
		name           string
		texts, answers []string
		want           []bool
	}{
		{"sound", []string{"in 1998", "27 men", "no"}, []string{"у 1998", "27 осіб", "ні"}, []bool{false, false, false}},
		{"other digits and order", []string{"5 of 1,000", "12 May"}, []string{"۱۰۰۰ / ۵", "۱۲ مه"}, []bool{false, false}},
		{"written out", []string{"2 men", "27 men"}, []string{"дві особи", "27 осіб"}, []bool{false, false}},
		{"swapped", []string{"in 1998", "27 men", "no"}, []string{"27 осіб", "у 1998", "ні"}, []bool{true, true, false}},
		{"one without digits", []string{"in 1998", "no", "so"}, []string{"ні", "у 1998", "так"}, []bool{true, true, false}},
		{"digits lost", []string{"one", "t<1/>wo"}, []string{"ONE", "TWO"}, []bool{false, false}},
		{"moved on", []string{"a 1", "b 2", "c"}, []string{"Б 2", "Ц", "А 1"}, []bool{true, true, true}},
		{"doubled", []string{"yes", "no", "no"}, []string{"так", "так", "ні"}, []bool{true, true, false}},
		{"the same text", []string{"no", "no"}, []string{"ні", "ні"}, []bool{false, false}},
		{"alone", []string{"in 1998"}, []string{"так"}, []bool{false}},
	} {
		if got := misplaced(tt.texts, tt.answers); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
