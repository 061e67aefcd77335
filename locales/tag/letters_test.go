package tag

import (
	"testing"
	"unicode"
)

// TestLetterScript compares every character with package unicode.
func TestLetterScript(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r += 1 + r/0x3000 {
		want := ""
		for name, code := range letterScripts {
			if unicode.Is(unicode.Scripts[name], r) {
				want = code
			}
		}
		if got := LetterScript(r); got != want {
			t.Fatalf("LetterScript(%U) = %q, want %q", r, got, want)
		}
		if want != "" && !HasLetters(want) {
			t.Fatalf("HasLetters(%s) is false", want)
		}
	}
	if HasLetters("Jpan") || HasLetters("") {
		t.Error("HasLetters of a script without letters of its own")
	}
}
