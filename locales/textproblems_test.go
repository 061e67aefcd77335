package locales

import (
	"fmt"
	"strings"
	"testing"
)

func TestTextProblems(t *testing.T) {
	for _, tt := range []struct{ tag, text, want string }{
		{"en", "plain text", ""},
		{"ru", "Обычный текст, 100 %, iPhone, Wi-Fi и «RFE/RL».", ""},
		{"ru", "нoвости", "mixed-script 2"},
		{"ru", "cлово", "mixed-script 1"},
		{"ru", "Bидео-ролик", "mixed-script 1"},
		{"uk", "п’ять", ""},
		{"sr-Latn", "vesti вести", "foreign-script 6"},
		{"sr", "вести vesti", ""},
		{"hy", "լուր новости", "foreign-script 9"},
		{"fa", "خبر\u200cها با «RFE/RL»", ""},
		{"fa", "a\u2067b", "bidi 1"},
		{"fa", "\u2067b\u2069 \u202bc\u202c", ""},
		{"fa", "\u2067\u202bc\u2069\u202c", "bidi 7 bidi 0"},
		{"en", "a\u202eb\u202c", "bidi 1"},
		{"en", "a\u0000b", "control 1"},
		{"en", "a\ufffdb", "control 1"},
		{"en", "\xff", "control 0"},
		{"en", "a\ue000", "control 1"},
		{"en", "e\u0301", "not-nfc 0"},
		{"ru", "и\u0306", "not-nfc 0"},
		{"ru", "за́мок", ""},
		{"ja", "日本語 and English とロシア", ""},
		{"el", "λόγος μe", "mixed-script 13"},
		{"bad tag", "новости", ""},
	} {
		var got []string
		for _, p := range TextProblems(tt.tag, tt.text) {
			got = append(got, fmt.Sprint(p.Kind, " ", p.Offset))
			if p.Offset+p.Length > len(tt.text) || p.Detail == "" {
				t.Errorf("%s %q: %+v", tt.tag, tt.text, p)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("TextProblems(%s, %q) = %q, want %q", tt.tag, tt.text, s, tt.want)
		}
	}
}

func FuzzTextProblems(f *testing.F) {
	f.Add("ru", "нoвости\u202e")
	f.Add("fa", "\u2067\u202b")
	f.Fuzz(func(t *testing.T, tag, text string) {
		for _, p := range TextProblems(tag, text) {
			if p.Offset < 0 || p.Length < 1 || p.Offset+p.Length > len(text) {
				t.Fatalf("%+v in %d bytes", p, len(text))
			}
		}
	})
}
