package pipeline

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Notes of any origin are bounded, valid UTF-8, and cannot control a terminal.
func TestNoteText(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		cut      bool
	}{
		{" a\r\nb\rc\t ", "a\nb\nc", false},
		{"\x1b[2J<script>alert(1)</script>\x00\u0085", "[2J<script>alert(1)</script>", false},
		{"\xff\xfe", "\ufffd", false},
		{"\u200fעברית", "\u200fעברית", false},
		{"\n \n", "", false},
		{strings.Repeat("я", 1<<20), strings.Repeat("я", (maxNoteBytes-3)/2) + "…", true},
	} {
		got, cut := noteText(tt.in)
		if got != tt.want || cut != tt.cut {
			t.Errorf("%.40q: %.40q (%d bytes) %v, want %.40q", tt.in, got, len(got), cut, tt.want)
		}
	}
}

func FuzzNoteText(f *testing.F) {
	f.Add("a\x00b\r\n")
	f.Add(strings.Repeat("é\x1b", 40_000))
	f.Fuzz(func(t *testing.T, s string) {
		got, _ := noteText(s)
		again, cut := noteText(got)
		if len(got) > maxNoteBytes || !utf8.ValidString(got) || again != got || cut {
			t.Errorf("%d bytes, again %d bytes, cut %v", len(got), len(again), cut)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("control character at %d of %q", i, got)
		}
	})
}
