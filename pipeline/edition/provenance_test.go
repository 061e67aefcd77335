package edition

import (
	"math/rand/v2"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
)

// TestAppendProvenance compares random segments with what encoding/json makes of them.
func TestAppendProvenance(t *testing.T) {
	texts := []string{"", "", "s1", "Олена", `a "b" \`, "<b>&</b>", "a\u2028b", "a\u2029", "\x00\n\t", "\xff", "\u007f", "𝒳", "hexapla:mt"}
	times := []time.Time{{}, {}, time.Date(2026, 11, 30, 13, 0, 0, 120, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)), time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("x", -5400))}
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string { return texts[r.IntN(len(texts))] }
	for range 3000 {
		p := Provenance{
			Unit: text(), Segment: text(), State: bitext.State(r.IntN(4)), SubState: text(), Match: bitext.MatchType(r.IntN(5)), StandIn: text(), Translator: text(), Reviewer: text(),
			Origin: bitext.Origin{Kind: bitext.OriginKind(text()), Name: text(), Time: times[r.IntN(len(times))], Entry: int64(r.IntN(2)), Terms: text(), Translator: text()},
		}
		if r.IntN(4) == 0 {
			p.Origin = bitext.Origin{}
		}
		want, err := encodeJSON(&p, "    ")
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendProvenance(nil, &p, "    ")
		if err != nil || string(got)+"\n" != string(want) {
			t.Fatalf("%+v, %v:\n%s\nwant\n%s", p, err, got, want)
		}
	}
	p := Provenance{Origin: bitext.Origin{Time: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)}}
	if _, err := appendProvenance(nil, &p, ""); err == nil {
		t.Error("a year that has no form in JSON is no error")
	}
}
