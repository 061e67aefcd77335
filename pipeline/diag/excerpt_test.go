package diag

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTruncate(t *testing.T) {
	family := "👨‍👩‍👧"
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"жжж", 3, "жжж"}, {"жжжж", 3, "жжж…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301…"}, {family + "a" + family, 2, family + "a…"}, {family + family, 2, family + family},
		{"🇺🇦🇬🇪🇰🇿", 2, "🇺🇦🇬🇪…"}, {"a\r\nb", 2, "a\r\n…"}, {"\xff\xfe\xfd", 2, "\xff\xfe…"},
		{"a" + strings.Repeat("\u0301", 1000), 2, "a" + strings.Repeat("\u0301", 63) + "…"},
	} {
		if got := Truncate(c.text, c.n); got != c.want {
			t.Errorf("Truncate(%+q, %d) = %+q, want %+q", c.text, c.n, got, c.want)
		}
	}
	if got := Excerpt(strings.Repeat("я", 61)); got != strings.Repeat("я", 60)+"…" {
		t.Errorf("Excerpt: %q", got)
	}
}

func FuzzTruncate(f *testing.F) {
	f.Add("жа\u0301🇺🇦🇬🇪", 2)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = max(0, min(n, 1000))
		got := Truncate(s, n)
		if got == s {
			return
		}
		kept, cut := strings.CutSuffix(got, "…")
		if !cut || !strings.HasPrefix(s, kept) || utf8.ValidString(s) && !utf8.ValidString(kept) || len(kept) > 64*n {
			t.Errorf("Truncate(%q, %d) = %q", s, n, got)
		}
	})
}
