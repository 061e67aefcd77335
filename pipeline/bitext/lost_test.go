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
