package glossary

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// TestForms puts the forms in testdata/inflection/forms into a sentence of their
// language and logs three figures for each: the share of a term's own forms that is
// accepted, the share of other words beside which the term is found to be missing,
// and the precision of all alarms. Each is to be 0.99.
func TestForms(t *testing.T) {
	files, err := filepath.Glob("testdata/inflection/forms/*.txt")
	if err != nil || len(files) < 35 {
		t.Fatal(files, err)
	}
	share := func(a, b int) float64 { return float64(a) / float64(max(1, b)) }
	var all struct{ forms, accepted, wrong, found int }
	t.Logf("%-8s %5s %8s %5s %8s %9s", "", "forms", "accepted", "wrong", "found", "precision")
	for _, file := range files {
		locale := strings.TrimSuffix(filepath.Base(file), ".txt")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentence string
		var forms, accepted, wrong, found int
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if s, ok := strings.CutPrefix(line, "% "); ok {
				sentence = s
				continue
			}
			line, isWrong := strings.CutPrefix(line, "!")
			term, list, ok := strings.Cut(strings.TrimPrefix(line, "~ "), ": ")
			if !ok || sentence == "" {
				t.Fatalf("%s: %q", file, line)
			}
			for form := range strings.SplitSeq(list, ", ") {
				missing := len(Check(locale, []bitext.TermMark{{Targets: []string{term}}}, strings.Replace(sentence, "{}", form, 1))) > 0
				if isWrong {
					wrong++
					if missing {
						found++
					} else {
						t.Logf("%s: %s is taken for a form of %s", locale, form, term)
					}
					continue
				}
				forms++
				if missing {
					t.Logf("%s: %s is not taken for a form of %s", locale, form, term)
				} else {
					accepted++
				}
			}
		}
		t.Logf("%-8s %5d %8.3f %5d %8.3f %9.3f", locale, forms, share(accepted, forms), wrong, share(found, wrong), share(found, found+forms-accepted))
		if accepted*100 < forms*99 || found*100 < wrong*99 {
			t.Errorf("%s: %d of %d forms are accepted and %d of %d wrong words found, want 99 %%", locale, accepted, forms, found, wrong)
		}
		all.forms, all.accepted, all.wrong, all.found = all.forms+forms, all.accepted+accepted, all.wrong+wrong, all.found+found
	}
	t.Logf("%-8s %5d %8.3f %5d %8.3f %9.3f", "all", all.forms, share(all.accepted, all.forms), all.wrong, share(all.found, all.wrong), share(all.found, all.found+all.forms-all.accepted))
}
