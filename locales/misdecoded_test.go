package locales

import "testing"

func TestMisdecoded(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"HayatÄ±nÄ± kaybetti.", true}, // hayatını
		{"na trÅ¾iÅ¡te ljepote", true}, // tržište
		{"oÊ»gÊ»li bilan", true},       // oʻgʻli
		{"ý kiáº¿n", true},             // ý kiến
		{"à¤µà¤¾à¤ª", true},            // वाप
		{"kapÄ±", true},
		{"« Le cri du FORÊ», dit-il", false},
		{"il a dit : « café».", false},
		{"ÄÖÜ ± 2, É…", false},
		{"iÉ… the first letter", false},
		{"Kážš, Šš, Čšž; olá» e à «", false},
		{"straße, façon, señor, œuvre", false},
	} {
		if got := Misdecoded(c.text) != ""; got != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}
