package markdown

import (
	"regexp"
	"strings"
	"testing"
)

// maskStart is what hasMaskStart looks for, as a regular expression.
var maskStart = regexp.MustCompile(`(?m)mailto:|\[!|\|\d+(?:x\d+)?\]\(|\^[A-Za-z0-9-]+[ \t\r]*$|^[ \t]*/{3,}|\[\[|\\[(\[]|\+[-+=:]|:[a-z][a-z0-9_+-]*:|\[(?i:toc)\]|\[[-/><!?*"]\]|%%|\)=`)

func FuzzMaskStart(f *testing.F) {
	for _, s := range []string{
		"", "Plain text: with (all), [links](a|b) and 50 % of a+b/c^2.", "mailto:a@b.c", "x [!NOTE]", "![a|100x20](b)", "![a|100](b)", "a|12x](",
		"text ^id", "text ^id \t\r\nmore", "^id x", "^ \n", "  /// note", "a /// b", "\n\t////", "[[a]]", `\(x\)`, `\[x\]`, "c++", ":smile:", ":+1:", ":a_b+c-1:",
		"12:30:45", "a:b", "[TOC]", "[Toc ]", "[tocx]", "100 %% x", "100 % %", "\xff:\xfe:", "|1|2](", "::a:", "[toc", "|", "^", ":", "/", "\\", "(a)=", "f(x) = 1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := hasMaskStart([]byte(text)), maskStart.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	})
}

func BenchmarkMaskStart(b *testing.B) {
	text := []byte(strings.Repeat("The mayor said: the river is wide, and 50 % of the bridges are [old](a.md).\n\n", 1000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if hasMaskStart(text) {
			b.Fatal("a mask in plain text")
		}
	}
}
