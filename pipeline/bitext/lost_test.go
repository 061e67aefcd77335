package bitext

import "testing"

func TestLostLetters(t *testing.T) {
	for _, tt := range []struct {
		source, target string
		lost           bool
	}{
		{"Gate", "?????", true},
		{"Open the gate 7", "???????? ?????? 7.", true},
		{"The gate is open.", "?? ??.", true},
		{"Gate", "??", true},
		{"The gate of Google is open.", "?????? Google ????????.", true},
		{"The gate of Google", "????? Google", true},
		{"The gate", "\ufffd\ufffd\ufffd\ufffd", true},
		{"The gate", "Брам\ufffd", true},
		{"Broken \ufffd", "Зламано \ufffd", false},
		{"What???", "???", false},
		{"Why?", "Чому???", false},
		{"Why?", "?", false},
		{"Really?? Why??", "Справді?? Чому??", false},
		{"Go away", "Ще чого??!", false},
		{"Go away", "Quoi ???", false},
		{"12", "???", false},
		{"a.php?x=1&y=2", "a.php?x=1&y=2", false},
		{"The gate", "Брама", false},
		{"The gate", "", false},
	} {
		if got := LostLetters(tt.source, tt.target); got != tt.lost {
			t.Errorf("%q → %q: %v, want %v", tt.source, tt.target, got, tt.lost)
		}
	}
}

func TestLacksText(t *testing.T) {
	for _, tt := range []struct {
		source, target string
		want           bool
	}{
		{"Page", ".", true}, {"Page", "\u0301\u0300", true}, {"Page", "\u200b", true}, {"Page", "…", true}, {"Page", "", true},
		{"Page", "a", false}, {"Page", "7", false}, {"Page", "★", false}, {"Page", "??", false}, {"…", ".", false}, {"7", "-", false}, {" ", "", false},
	} {
		if got := LacksText(Plain(tt.source), Plain(tt.target)); got != tt.want {
			t.Errorf("%q -> %+q: %v, want %v", tt.source, tt.target, got, tt.want)
		}
	}
	empty := Text{Chars: " ", Codes: []Code{{Kind: Placeholder, ID: "1"}}}
	if !LacksText(Plain("Page"), empty) {
		t.Error("a placeholder in a blank text")
	}
	if stop := (Text{Chars: ".", Codes: []Code{{Kind: Placeholder, ID: "1"}}}); LacksText(Plain("Page"), stop) {
		t.Error("a placeholder may have the content")
	}
}
