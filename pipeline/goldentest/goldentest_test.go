package goldentest

import "testing"

func TestDiff(t *testing.T) {
	for _, c := range []struct{ want, got, diff string }{
		{"a\nb\n", "a\nb\n", ""},
		{"a\nb\nc\n", "a\nx\nc\n", "from line 2:\n- \"b\\n\"\n+ \"x\\n\"\n"},
		{"a\n", "a\nb\n", "from line 2:\n+ \"b\\n\"\n"},
		{"a\na\n", "a\n", "from line 2:\n- \"a\\n\"\n"},
		{"a", "a\n", "from line 1:\n- \"a\"\n+ \"a\\n\"\n+ \"\"\n"},
	} {
		if got := Diff([]byte(c.want), []byte(c.got)); got != c.diff {
			t.Errorf("Diff(%q, %q) = %q, want %q", c.want, c.got, got, c.diff)
		}
	}
}
