package edition

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/goldentest"
)

// TestRule lists what readers see, for every state of a translation under every
// policy, and compares the list with the one that was accepted.
func TestRule(t *testing.T) {
	d := doc("Chronicle", "Title here", "One sentence of six words here", "Another sentence of six words here")
	d.Units[1].Kind, d.Units[1].Level = bitext.Heading, 1
	human := func(i int) bitext.Target { return filled(fmt.Sprint("текст ", i), bitext.Translated, "") }
	sub := func(sub string) func(int) bitext.Target {
		return func(i int) bitext.Target { return filled(fmt.Sprint("текст ", i), bitext.Translated, sub) }
	}
	none := func(int) bitext.Target { return bitext.Target{} }
	states := []struct {
		name                 string
		title, first, second func(int) bitext.Target
	}{
		{"nothing", none, none, none},
		{"title", human, none, none},
		{"body", none, human, human},
		{"title and half the body", human, human, none},
		{"all", human, human, human},
		{"all, half by machine", human, human, sub(bitext.SubStateMT)},
		{"all by machine", sub(bitext.SubStateMT), sub(bitext.SubStateMT), sub(bitext.SubStateMT)},
		{"all, title by machine", sub(bitext.SubStateMT), human, human},
		{"all, half fuzzy", human, human, sub(bitext.SubStateFuzzy + "-84")},
	}
	var b strings.Builder
	b.WriteString("translation\tthreshold\tmt\terrors\tearlier page\toutdated\tstatus\treasons\n")
	for _, s := range states {
		for _, threshold := range []int{100, 50, 0} {
			for _, mt := range []bool{false, true} {
				for _, errors := range []int{0, 1} {
					for _, earlier := range []Status{"", Finished} {
						for _, outdated := range []OutdatedPolicy{KeepOutdated, ReplaceOutdated} {
							if earlier == "" && outdated == ReplaceOutdated {
								continue // nothing to replace
							}
							p := Default()
							p.Threshold, p.MT, p.Outdated = threshold, mt, outdated
							tr := bitext.NewTranslation(d, "uk")
							tr.Targets[0][0] = bitext.Target{Text: bitext.Plain("Хроніка"), Filled: true, State: bitext.Final, Origin: bitext.Origin{Kind: bitext.FromCatalog}}
							tr.Targets[1][0], tr.Targets[2][0], tr.Targets[3][0] = s.title(1), s.first(2), s.second(3)
							got := Publish(tr, p, nil)
							if errors > 0 {
								got.WithholdErrors([]string{"numbers"})
							}
							if earlier != "" {
								got.Keep(&Article{Status: earlier, Edition: "x", Count: Count{OwnWords: 1, ReadyWords: 1}}, p, tr, "", time.Unix(0, 0))
							}
							var codes []string
							for _, r := range got.Reasons {
								codes = append(codes, r.Code)
							}
							fmt.Fprintf(&b, "%s\t%d\t%t\t%d\t%s\t%s\t%s\t%s\n", s.name, threshold, mt, errors, earlier, outdated, got.Status, strings.Join(codes, " "))
						}
					}
				}
			}
		}
	}
	goldentest.Check(t, "testdata/rule.tsv", []byte(b.String()))
}
