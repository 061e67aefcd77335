package glossary

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// TestInflection runs our own sentences through Check: at most 2 % of those
// that have their term in a correct form may be told, and at least 95 % of those
// that do without it must be. Each sentence is also asked for every other term
// of its file, which it must not be said to have.
func TestInflection(t *testing.T) {
	files, err := filepath.Glob("testdata/inflection/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatal(files, err)
	}
	var good, alarms, bad, missed, crossed, confused int
	for _, file := range files {
		locale := strings.TrimSuffix(filepath.Base(file), ".txt")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		type row struct {
			term, sentence string
			wrong          bool
		}
		var rows []row
		terms := map[string]bool{}
		for line := range strings.Lines(string(data)) {
			line, wrong := strings.CutPrefix(strings.TrimSpace(line), "! ")
			term, sentence, ok := strings.Cut(line, " | ")
			if !ok {
				t.Fatalf("%s: %q", file, line)
			}
			rows = append(rows, row{term, sentence, wrong})
			terms[term] = true
		}
		misses := func(term, sentence string) bool {
			return len(Check(locale, []bitext.TermMark{{Targets: []string{term}}}, sentence)) > 0
		}
		g, a, b, m := 0, 0, 0, 0
		for _, r := range rows {
			found := !misses(r.term, r.sentence)
			if r.wrong {
				b++
				if found {
					m++
					t.Logf("%s: %q found in %q", locale, r.term, r.sentence)
				}
				continue
			}
			g++
			if !found {
				a++
				t.Logf("%s: %q not found in %q", locale, r.term, r.sentence)
			}
		}
		if g < 24 && len(locale) == 2 || b < 12 {
			t.Errorf("%s: %d good and %d wrong sentences", locale, g, b)
		}
		if a > 0 || m > 0 {
			t.Errorf("%s: %d of %d good ones told, %d of %d wrong ones missed", locale, a, g, m, b)
		}
		good, alarms, bad, missed = good+g, alarms+a, bad+b, missed+m
		for _, r := range rows {
			for term := range terms {
				if term == r.term || sharesWord(term, r.sentence) {
					continue
				}
				crossed++
				if !misses(term, r.sentence) {
					confused++
					t.Logf("%s: %q said to be in %q", locale, term, r.sentence)
				}
			}
		}
	}
	t.Logf("%d of %d correct sentences told (%.1f %%), %d of %d wrong ones found (%.1f %%), %d of %d foreign terms seen",
		alarms, good, 100*float64(alarms)/float64(good), bad-missed, bad, 100*float64(bad-missed)/float64(bad), confused, crossed)
	if 50*alarms > good || 20*missed > bad || 100*confused > 2*crossed {
		t.Error("more than 2 % of false alarms, less than 95 % found, or more than 2 % of foreign terms seen")
	}
}

// sharesWord leaves aside terms that a sentence may well have too: one of their
// words begins like one of its.
func sharesWord(term, sentence string) bool {
	for _, w := range strings.Fields(strings.ToLower(term)) {
		r := []rune(w)
		if strings.Contains(strings.ToLower(sentence), string(r[:max(1, min(3, len(r)-1))])) {
			return true
		}
	}
	return false
}
