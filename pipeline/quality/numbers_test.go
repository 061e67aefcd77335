package quality

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// A segment with very many numbers is compared by their digits, in time that grows with
// their number alone.
func TestVeryManyNumbers(t *testing.T) {
	var source, target strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&source, "Note %d, ", 1000+i)
		n := 1000 + i
		if i == 2500 {
			n = 77777
		}
		fmt.Fprintf(&target, "Примечание %d, ", n)
	}
	d := &bitext.Document{Path: "a.txt", Locale: "en", Units: []bitext.Unit{{ID: "u", Source: bitext.Plain(source.String() + "end.")}}}
	d.Units[0].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	tr := bitext.NewTranslation(d, "ru")
	tr.Targets[0][0] = filled(target.String() + "конец.")
	found := Check(tr, Options{Enabled: []string{"quality.numbers"}})
	if len(found) != 1 || found[0].Severity != diag.Info || !strings.Contains(found[0].Message, "3500") {
		t.Errorf("%v", found)
	}
}
