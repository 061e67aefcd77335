package bitext

import "testing"

func TestIsBlank(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, " \t\n": true, "\u00a0\u200b": true, "\ufeff": true, "\u2060\u200d\u200f": true, "\u00ad": true, "\u3164": true, "\u115f\u1160": true,
		"\u2800": true, "\ufe0f": true, "\U000e0020": true, "\x00\x7f": true, "\u180e": true, "\u3000\u2028": true,
		".": false, "a": false, " é": false, "\u200b中": false, "\u0600": false, "\u0301": false, "\ufffd": false, "🏳️": false, "\U00013430": false,
	} {
		if got := Plain(text).IsBlank(); got != want {
			t.Errorf("%+q is blank: %v, want %v", text, got, want)
		}
	}
}
