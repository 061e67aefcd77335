package markdown

import (
	"regexp"
	"testing"
)

// addressPattern is what addresses finds, as a regular expression.
var addressPattern = regexp.MustCompile(`(?m)^[ \t]*\[[^\[\]\n]+\]:[ \t]*\S+|\]\((?:https?:|mailto:|[/#.])[^()\s<>"']*\)|[hH][tT][tT][pP][sS]?://(?:[^\s<>"'()\[\]{}&]|&amp;|&[\w.-]+=)*[^\s<>"'()\[\]{}&.,;:!?]`)

func FuzzAddresses(f *testing.F) {
	for _, s := range []string{
		"", "[a]: b\n  [c d]:\t e\n[e]:\n[[f]: g", "x](http://a) ](b) ](#c) ](/d e) ](mailto:f) ](https:", "](/a(b)", "h http://a.b, https://c?d=e&amp;f&g.h=i&j, http://.",
		"http://a&amp;b&amp;", "http://,,,https://é.f\v", "<a href=\"http://a.b/c?d\">e</a>", "http://a&b=.", "http://a&b:=c&d_=e", "[é]: ü\f[", "HttpS://a.b HTTP://c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := splitter{data: []byte(text + "http://beyond")}
		got := s.addresses(0, len(text))
		want := addressPattern.FindAllIndex([]byte(text), -1)
		if len(got) != len(want) {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
		for i, m := range got {
			if m.from != want[i][0] || m.to != want[i][1] {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
		}
	})
}
