package icu

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// cuts returns the places at which rules break a text.
func cuts(t *testing.T, text string, rules ...Rule) []int {
	t.Helper()
	d := NewDecider(Compile(rules))
	var out []int
	for range 2 { // what the first reading left behind changes nothing
		out = nil
		d.Begin()
		for i := d.Next(text, 1); i < len(text); i = d.Next(text, i+1) {
			if r := d.Decide(text, i); r >= 0 && rules[r].Break {
				out = append(out, i)
			}
		}
	}
	return out
}

func rule(t *testing.T, brk bool, before, after string) Rule {
	t.Helper()
	r, e1, e2 := ParseRule(brk, before, after)
	if e1 != nil || e2 != nil {
		t.Fatal(e1, e2)
	}
	return r
}

func TestFirstRuleDecides(t *testing.T) {
	rules := []Rule{rule(t, false, `\bno\.`, ` `), rule(t, true, `\.`, ` \p{L}`)}
	if got := cuts(t, "a. b no. c. d. 1", rules...); !slices.Equal(got, []int{2, 11}) {
		t.Errorf("got %v", got)
	}
}

// TestFarContext: a pattern reaches back over more than a block, and runs that meet
// end alike, whichever came first.
func TestFarContext(t *testing.T) {
	r := rule(t, true, `^x[^y]*;`, ` `)
	for _, n := range []int{1, 100, 500} {
		text := "x" + strings.Repeat("a; ", n) + "y" + strings.Repeat("b; ", n)
		got := cuts(t, text, r)
		for i, at := range got {
			if want := 3 + 3*i; at != want || at > 1+3*n {
				t.Fatalf("n %d: cut %d at %d, want %d", n, i, at, want)
			}
		}
		// The block of a place and the one before it are always read.
		if want := min(n, blockSize/3); len(got) < want {
			t.Errorf("n %d: %d cuts, want at least %d", n, len(got), want)
		}
	}
	// The same text with memo and without gives the same cuts.
	text := strings.Repeat("x a; b; y c; ", 400)
	far := rule(t, true, `x[^y]*;`, ` `)
	got := cuts(t, text, far)
	var alone []int
	p := Compile([]Rule{far})
	for i := 1; i < len(text); i++ {
		if d := NewDecider(p); d.Next(text, i) == i && d.Decide(text, i) >= 0 {
			alone = append(alone, i)
		}
	}
	if !slices.Equal(got, alone) {
		t.Errorf("%d cuts with what other runs left, %d without", len(got), len(alone))
	}
}

// TestNothingIsSkipped: neither the bytes beside a place nor the character before it rule
// out a break that the rules make there, whatever the rules and the text are.
func TestNothingIsSkipped(t *testing.T) {
	patterns := []string{"a", `\.`, " ", "[ab]", "[^a]", `\p{L}`, `\p{M}`, `\s`, ".", `\b`, "^", "$", "(?<!a)", "(?<=b)", `(?=\p{Lu})`, "(?!b)", "(?:x|y|)", "é", "ж", "。", `\uFFFD`, "a*", "b+"}
	pieces := []string{"a", "b", ".", " ", "A", "é", "e\u0301", "ж", "。", "\u00a0", "😀", "\xff", "\xe2\x80", "\x80", "\n", "1", "x", "\ufffd"}
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 0))
		some := func(of []string, most int) string {
			var b strings.Builder
			for range r.IntN(most) {
				b.WriteString(of[r.IntN(len(of))])
			}
			return b.String()
		}
		var rules []Rule
		for range 1 + r.IntN(4) {
			rules = append(rules, rule(t, r.IntN(2) == 0, some(patterns, 4), some(patterns, 4)))
		}
		d := NewDecider(Compile(rules))
		asked := Compile(rules) // asks everything everywhere
		for i := range asked.variants {
			for c := range asked.abc.count {
				asked.variants[i].last.set(c)
			}
		}
		all := NewDecider(asked)
		for range 5 {
			text := some(pieces, 40)
			d.Begin()
			all.Begin()
			for i := 1; i < len(text); i++ {
				want := all.Decide(text, i)
				if want < 0 || !rules[want].Break || !utf8.RuneStart(text[i]) {
					continue
				}
				if d.Next(text, i) != i || d.Decide(text, i) != want {
					t.Fatalf("seed %d: %q is not broken at %d by rule %d", seed, text, i, want)
				}
			}
			for i := d.Next(text, 1); i < len(text); i = d.Next(text, i+1) {
				if got := d.Decide(text, i); got >= 0 && rules[got].Break && all.Decide(text, i) != got {
					t.Fatalf("seed %d: %q is broken at %d by rule %d", seed, text, i, got)
				}
			}
		}
	}
}

func TestSyntaxError(t *testing.T) {
	_, e1, e2 := ParseRule(true, `a(`, `b\X`)
	var s *SyntaxError
	if !errors.As(e1, &s) || s.At != 1 {
		t.Errorf("before: %v at %d", e1, s.At)
	}
	if !errors.As(e2, &s) || s.At != 1 || s.Hint == "" {
		t.Errorf("after: %v at %d", e2, s.At)
	}
	if r, _, _ := ParseRule(true, `(a{900}){900}`, ``); r.Size(1000) != 1000 {
		t.Errorf("size %d", r.Size(1000))
	}
}
