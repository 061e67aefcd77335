package glossary

import (
	"testing"

	"hexapla/pipeline/bitext"
)

func TestCorrect(t *testing.T) {
	for _, tt := range []struct{ locale, right, forbidden, target, want string }{
		{"ru", "Киргизия", "", "В киргизии спокойно.", ""}, // the form is not the term
		{"ru", "Совет Безопасности", "", "Это совет безопасности.", "Это Совет Безопасности."},
		{"uk", "Київ", "Киев", "Потяг до Києва.", ""},
		{"ru", "Беларусь", "Белорусь", "В Белоруси выборы.", "В Беларуси выборы."},
		{"uk", "проєкт", "проект", "Проектом керує місто.", "Проєктом керує місто."},
		{"ru", "талибан", "пешмерга", "Это пешмерга.", ""}, // another word: other grammar
		{"fa", "خبرنگار", "ژورنالیست", "ژورنالیست آمد.", "خبرنگار آمد."},
		{"de", "NATO", "", "Die Nato tagt.", "Die NATO tagt."},
	} {
		m := bitext.TermMark{Concept: "c", Source: "x", Start: 0, End: 1, Targets: []string{tt.right}}
		if tt.forbidden != "" {
			m.Forbidden = []string{tt.forbidden}
		}
		got := tt.target
		rs := Correct(tt.locale, []bitext.TermMark{m}, tt.target)
		for i := len(rs) - 1; i >= 0; i-- {
			got = got[:rs[i].Start] + rs[i].New + got[rs[i].End:]
		}
		want := tt.want
		if want == "" {
			want = tt.target
		}
		if got != want {
			t.Errorf("%s: %q became %q, want %q", tt.locale, tt.target, got, want)
		}
	}
}
