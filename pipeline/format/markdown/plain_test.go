package markdown

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// randomText returns a text of up to n of the given pieces.
func randomText(r *rand.Rand, pieces []string, n int) string {
	var b strings.Builder
	for range r.IntN(n) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// TestWikiEvidence compares the scanner with a regular expression that describes it.
func TestWikiEvidence(t *testing.T) {
	want := regexp.MustCompile(`(?:^|[^\\])!\[\[[^\[\]\n]+\]\]|(?:^|[^\\])\[\[[^\[\]\n|#]*[|#][^\[\]\n]+\]\]`)
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"[", "[[", "]", "]]", "]]", "|", "#", "!", "\\", "\n", "a", "é", "\xff", "!["}
	found := 0
	for range 200_000 {
		text := randomText(r, pieces, 12)
		got := hasWikiEvidence([]byte(text))
		if got != want.MatchString(text) {
			t.Fatalf("%q: %v", text, got)
		}
		if got {
			found++
		}
	}
	if found < 1000 {
		t.Errorf("only %d texts with evidence", found)
	}
}

// TestPlainPhrase holds what is known of a text without a parser against a parser.
func TestPlainPhrase(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{" ", " ", "a", "Y", "no", "null", "true", "1", "2024-01-02", "0x1", "e3", ".", "...", "-", "---", "(", ")", "/", "'", "’", "«", "é", "й", "中", "\u0301", "inf", "nan", "~", "\u00a0", "𝒳",
		"!", `"`, "&", "*", "+", ";", "<", "<<", "=", ">", "@", "$", "_", "`", "%", "^", "|", "…", "\u200c", "؟", "?", ":", ": ", "#", " #", ",", ", ", "[", "]", "{", "}", `\`}
	plain, not := 0, 0
	for range 60_000 {
		text := strings.TrimSpace(randomText(r, pieces, 8))
		got, known := isPlainPhrase(text)
		if !known || text == "" {
			continue
		}
		if want := isReadPlain(text) && !yaml11[strings.ToLower(text)]; got != want {
			t.Fatalf("%q: plain %t, want %t", text, got, want)
		}
		if got {
			plain++
		} else {
			not++
		}
	}
	if plain < 500 || not < 500 {
		t.Errorf("only %d plain texts, and %d others", plain, not)
	}
}
