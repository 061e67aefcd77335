package report

import (
	"encoding/json"
	"testing"
)

func TestVisibleJSON(t *testing.T) {
	for _, s := range []string{"", "plain", "a\u009bb\u0080\u007f", "é\u00a0Â", "\u009f", "ж\u0085х", "a\u202eb\u202a\u2066\u2069c", "\u2029\u202f\u2065\u206a"} {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		got := VisibleJSON(raw)
		for _, r := range string(got) {
			if r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Errorf("%q: U+%04X stays in %q", s, r, got)
			}
		}
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != s {
			t.Errorf("%q is read back as %q, %v", s, back, err)
		}
	}
}

func TestWithoutControls(t *testing.T) {
	for in, want := range map[string]string{"a\tb\r\n": "a\tb\r\n", "\x1b[31m": "\ufffd[31m", "x\u009by": "x\ufffdy", "\x00\x7f": "\ufffd\ufffd"} {
		if got := string(WithoutControls([]byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
