package spantext

import "testing"

func TestDropsBreak(t *testing.T) {
	for _, tt := range []struct {
		before, after string
		want          bool
	}{
		{"日", "本", true}, {"は", "カ", true}, {"。", "次", true}, {"」", "彼", true}, {"！", "我", true},
		{"”", "她", true}, {"说", "“", true}, {"…", "我", true},
		{"日", "a", false}, {"a", "日", false}, {"日", "1", false}, {"한", "국", false}, {"日", "한", false},
		{"”", "“", false}, {"a", "b", false}, {".", "日", false}, {"ก", "ข", false}, {"日", "\ufffd", false},
		{"这位部长说", "“hello”，然后走了。", true}, {"他用“OK”", "“好”回答。", false}, {"言った。」", "「そうです。」", true},
		{"the word 漢", "“han” means this", false}, {"the river 江", "— a long one", false}, {"한국어」", "「한국어 문장", false},
		{"그는 말했다。", "「네」 라고 답했다", false}, {"", "", false}, {`<a href="the words of an address">部长`, "“好”</a>", true},
	} {
		if got := DropsBreak(tt.before, tt.after); got != tt.want {
			t.Errorf("%q %q: %v", tt.before, tt.after, got)
		}
	}
}
