package icu

import (
	"errors"
	"slices"
	"strings"
	"testing"
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
