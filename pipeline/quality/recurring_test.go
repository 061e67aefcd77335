package quality

import (
	"testing"

	"hexapla/pipeline/diag"
)

// typed makes a document of pairs with the same Serbian target.
func typed(target string, n int) (out []labelled) {
	for range n {
		out = append(out, labelled{from: "en", to: "sr", source: "The company says that it has found the money.", target: target})
	}
	return out
}

// TestRecurring holds that a document typed on a wrong keyboard has one error and notes
// for the rest, while single slips stay errors, each.
func TestRecurring(t *testing.T) {
	for _, c := range []struct {
		name, target  string
		errors, notes int
	}{
		{"Latin vowels in all words", "Кoмпaниja кaжe дa je нaшлa нoвaц.", 1, 5},
		{"one slip in each segment", "Кoмпанија каже да је нашла новац.", 6, 0},
		{"quotation marks of Windows-1252", "Компанија каже \u0084да је\u0094 нашла новац.", 1, 5},
	} {
		errors, notes := 0, 0
		for _, d := range Check(documentOf(typed(c.target, 6)), Options{Enabled: []string{"quality.homoglyphs", "quality.control"}}) {
			if d.Severity == diag.Error {
				errors++
			} else {
				notes++
			}
		}
		if errors != c.errors || notes != c.notes {
			t.Errorf("%s: %d errors and %d notes, want %d and %d", c.name, errors, notes, c.errors, c.notes)
		}
	}
}

// TestNumbersInMistypedText checks that figures count whatever letters stand around them,
// and that numbers in words, which nobody can read there, are notes.
func TestNumbersInMistypedText(t *testing.T) {
	for _, c := range []struct {
		source, target string
		want           diag.Severity
	}{
		{"The profit of the company rose from 12 to 300.", "Дoбит кoмпaниje пoрaслa je сa 12 нa 500.", diag.Error},
		{"The company found twelve bags of money.", "Кoмпaниja je нaшлa двaнaeст врeћa нoвцa.", diag.Info},
	} {
		worst := diag.Info
		for _, d := range Check(documentOf([]labelled{{from: "en", to: "sr", source: c.source, target: c.target}}), Options{Enabled: []string{"quality.numbers"}}) {
			worst = max(worst, d.Severity)
		}
		if worst != c.want {
			t.Errorf("%s: %v, want %v", c.target, worst, c.want)
		}
	}
}
