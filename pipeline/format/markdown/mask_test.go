package markdown

import (
	"strings"
	"testing"
)

// FuzzMaskStart checks that hasMaskStart overlooks no mask.
func FuzzMaskStart(f *testing.F) {
	for _, s := range []string{
		"", "Plain text: with (all), [links](a|b) and 50 % of a+b/c^2.", "mailto:a@b.c", "x [!NOTE]", "![a|100x20](b)", "![a|100](b)", "a|12x](",
		"text ^id", "text ^id \t\r\nmore", "^id x", "^ \n", "  /// note", "a /// b", "\n\t////", "[[a]]", `\(x\)`, `\[x\]`, "c++", ":smile:", ":+1:", ":a_b+c-1:",
		"12:30:45", "a:b", "[TOC]", "[Toc ]", "[tocx]", "100 %% x", "100 % %", "\xff:\xfe:", "|1|2](", "::a:", "[toc", "|", "^", ":", "/", "\\", "(a)=", "f(x) = 1",
		"[see @doe99, p. 3; -@roe]", "[@a]", "a @b", "<%= a %>", "a < b", "[a][b.c]", "[`a`][]", "-8<- \"a\"", "+--+\n| a|\n+--+", "- [>] a",
		"a ^b \rc", "a\r/// note\r///", "[see\t@doe99]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data := []byte(text)
		if strings.ContainsAny(text, "{$") || hasMaskStart(data) {
			return
		}
		s := scanner{data: data, unclosed: map[string]bool{}}
		s.scan(0)
		s.blocks()
		if len(s.masks) > 0 {
			t.Errorf("%q: masks are overlooked: %+v", text, s.masks)
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
