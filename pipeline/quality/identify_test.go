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
		if got, _ := identify(p.target); got == want {
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

// identify returns the language that a text seems to be in, of those that it knows
// (more than forty: those of the sample newsroom and the large languages next to them), as
// a BCP 47 tag, and a confidence from 0 to 1; the tag is empty if nothing can be known.
// Serbian, Bosnian, Croatian and Montenegrin in Latin letters are one, sr-Latn, and
// Persian and Dari are fa. It looks at common words, endings and letters, so that a
// sentence is needed; a line of names has no language.
func identify(text string) (language string, confidence float64) {
	id := identifierOf()
	ws := wordsOf(text)
	scores := make([]float64, len(id.tags))
	read := id.score(scores, ws, nil)
	scripts := map[script]int{}
	for _, w := range ws {
		scripts[w.script]++
	}
	best, second := -1, 0.0
	for n, s := range scores {
		if id.scripts[n] != other && scripts[id.scripts[n]]*2 < read {
			continue
		}
		if best < 0 || s > scores[best] {
			if best >= 0 {
				second = max(second, scores[best])
			}
			best = n
		} else {
			second = max(second, s)
		}
	}
	if best < 0 || read == 0 {
		return "", 0
	}
	switch id.scripts[best] {
	case armenian, georgian, greek: // of one language each, among these
		return id.tags[best], 1
	}
	if scores[best] < 0.5 {
		return "", 0
	}
	return id.tags[best], min(1, (scores[best]-second)/scores[best]*min(1, scores[best]/2))
}
