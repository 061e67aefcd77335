package quality

import (
	"sort"
	"strings"
	"testing"

	"hexapla/locales/tag"
)

// TestIdentifyNewsroom identifies the segments of the sample newsroom, of six words
// and more, and logs the confusions.
func TestIdentifyNewsroom(t *testing.T) {
	right, all := 0, 0
	confused := map[string]int{}
	for _, p := range newsroomPairs(t) {
		if len(wordsOf(p.target)) < 6 {
			continue
		}
		want := p.locale
		switch tag.Language(want) {
		case "bs", "hr", "cnr":
			want = "sr-Latn"
		case "sr":
			if tag.Script(want) == "Latn" {
				want = "sr-Latn"
			}
		case "fa":
			want = "fa"
		}
		all++
		if got, _ := Identify(p.target); got == want {
			right++
		} else {
			confused[want+" taken for "+got]++
			t.Logf("%s taken for %s: %s", want, got, p.target)
		}
	}
	var list []string
	for k, n := range confused {
		list = append(list, k+strings.Repeat("*", n))
	}
	sort.Strings(list)
	t.Logf("%d of %d segments; %s", right, all, strings.Join(list, ", "))
	if 100*right < 94*all {
		t.Errorf("%d of %d segments have the right language, want 94 %%", right, all)
	}
}
