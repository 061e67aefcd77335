package apertium

import "testing"

func TestSerbian(t *testing.T) {
	for _, tt := range []struct{ latin, cyrillic string }{
		{"Ljudi žive u Njemačkoj, a džez svira.", "Људи живе у Њемачкој, а џез свира."},
		{"LJUBAV", "ЉУБАВ"},
		{"đak, čekić, šešir", "ђак, чекић, шешир"},
		{"injekcija i konjugacija", "инјекција и конјугација"},
		{"nadživeti", "надживети"},
		{"Tanjug", "Танјуг"},
		{"odžak", "оџак"},
		{"Odžali", "Оджали"},
		{"XX vek, Petar II i IV deo", "XX век, Петар II и IV део"},
		{"I on i ja", "И он и ја"},
		{"New York i Washington", "New York и Washington"},
	} {
		want := tt.cyrillic
		if got := toCyrillic(tt.latin); got != want {
			t.Errorf("toCyrillic(%q) = %q, want %q", tt.latin, got, want)
		}
		if got := toLatin(want); got != tt.latin {
			t.Errorf("toLatin(%q) = %q, want %q", want, got, tt.latin)
		}
	}
	if got := toCyrillic("z\u030Civot ǆep Ǆ"); got != "живот џеп Џ" {
		t.Errorf("decomposed and digraph characters: %q", got)
	}
}
