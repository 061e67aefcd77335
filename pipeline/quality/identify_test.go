package quality

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

// TestOtherLanguage takes sound translations for those of another locale, and for those of
// their own: none of these is found to be in another language. It logs how many of the
// first are.
func TestOtherLanguage(t *testing.T) {
	pairs := soundPairs(t)
	byLocale := map[string][]labelled{}
	for _, p := range pairs {
		if got := OtherLanguage(p.from, p.to, p.source, p.target); got != "" {
			t.Errorf("%s is taken for %s: %s", p.to, got, p.target)
		}
		if got := OtherLanguage(p.from, p.to, p.source, strings.ToUpper(p.source)); got != "" {
			t.Errorf("the source in capitals is taken for %s: %s", got, p.source)
		}
		byLocale[p.to] = append(byLocale[p.to], p)
	}
	for to, list := range byLocale {
		for few := range slices.Chunk(list, 5) {
			var sources, targets strings.Builder
			for _, p := range few {
				sources.WriteString(p.source + "\n")
				targets.WriteString(p.target + "\n")
			}
			if got := OtherLanguage("en", to, sources.String(), targets.String()); got != "" {
				t.Errorf("%s is taken for %s: %s", to, got, targets.String())
			}
		}
	}
	for _, other := range []struct{ in, to string }{{"ru", "uk"}, {"de", "fr"}, {"fr", "uk"}, {"es", "de"}, {"fa", "ru"}, {"hu", "de"}, {"ru", "be"}, {"ka", "ru"}} {
		found, all := 0, 0
		var sources, targets strings.Builder
		for _, p := range byLocale[other.in] {
			if len(wordsOf(p.target)) < 8 {
				continue
			}
			sources.WriteString(p.source + "\n")
			targets.WriteString(p.target + "\n")
			all++
			if got := OtherLanguage(p.from, other.to, p.source, p.target); got != "" {
				found++
			}
		}
		t.Logf("%s for %s: %d of %d found", other.in, other.to, found, all)
		if got := OtherLanguage("en", other.to, sources.String(), targets.String()); got != other.in {
			t.Errorf("%s for %s: all together are taken for %q", other.in, other.to, got)
		}
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

// likeliest returns the language whose common words and trigrams a text has most, of
// those that checks compare a target with; see otherSpelling.
func likeliest(text string) string {
	id := identifierOf()
	ws := wordsOf(text)
	scores := make([]float64, len(id.tags))
	id.score(scores, ws, nil)
	count := map[script]int{}
	for i := range ws {
		count[ws[i].script]++
	}
	best := none
	for s, n := range count {
		if s != none && s != mixed && (best == none || n > count[best]) {
			best = s
		}
	}
	m := trigramModels()[best]
	if m == nil {
		tag, _ := identify(text)
		return tag
	}
	sums, _ := m.likelihoods(ws, best, nil)
	first := -1
	for k := range sums {
		if at := m.at[k]; at >= 0 {
			sums[k] += wordWeight * float32(max(scores[at], -3))
		}
		if first < 0 || sums[k] > sums[first] {
			first = k
		}
	}
	return m.tags[first]
}

// TestConfusion logs the confusion matrix of language identification over the sound
// sentences of the labelled news, of four words and more: for each language what its
// sentences are taken for. With -pairs it is over the sentences of that folder.
func TestConfusion(t *testing.T) {
	texts := map[string][]string{}
	if *pairsFolder != "" {
		files, _ := filepath.Glob(filepath.Join(*pairsFolder, "*.tsv"))
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			locale := strings.TrimSuffix(filepath.Base(f), ".tsv")
			for line := range strings.Lines(string(data)) {
				if c := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(c) == 3 {
					texts[locale] = append(texts[locale], c[2])
				}
			}
		}
	} else {
		for _, l := range soundPairs(t) {
			texts[l.to] = append(texts[l.to], l.target)
		}
	}
	group := func(locale string) string { // one for the identifier
		l := languageOf(locale)
		switch l.lang {
		case "bs", "hr", "cnr", "sr":
			if l.script == "Latn" {
				return "sr-Latn"
			}
			return "sr"
		}
		if i := identifierOf().index(l); i >= 0 {
			return identifierOf().tags[i]
		}
		return ""
	}
	matrix := map[string]map[string]int{}
	for locale, list := range texts {
		g := group(locale)
		if g == "" {
			continue
		}
		if matrix[g] == nil {
			matrix[g] = map[string]int{}
		}
		for _, text := range list {
			if len(wordsOf(text)) >= 4 {
				matrix[g][likeliest(text)]++
			}
		}
	}
	right, all := 0, 0
	for _, g := range slices.Sorted(maps.Keys(matrix)) {
		row := matrix[g]
		total := 0
		for _, n := range row {
			total += n
		}
		if total == 0 {
			continue
		}
		others := slices.SortedFunc(maps.Keys(row), func(a, b string) int { return cmp.Or(row[b]-row[a], strings.Compare(a, b)) })
		var list []string
		for _, o := range others {
			if o != g {
				list = append(list, fmt.Sprintf("%s %d", o, row[o]))
			}
		}
		right, all = right+row[g], all+total
		t.Logf("%-9s %5d of %5d right, %5.1f %%; taken for: %s", g, row[g], total, 100*float64(row[g])/float64(total), strings.Join(list, ", "))
	}
	t.Logf("%d of %d right", right, all)
	if *pairsFolder == "" && 100*right < 97*all {
		t.Errorf("%d of %d sentences have the right language, want 97 %%", right, all)
	}
}
