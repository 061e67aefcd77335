package slot

import (
	"math/rand/v2"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
)

// TestChecksumOfStored holds that the checksum of an added entry is that of the version as
// it is read from the store again: a store takes that of the entry.
func TestChecksumOfStored(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"", "a", "<b>", "é", "e\u0301", `"`, `"q"`, "\\", "\x00", "\xff", "\xe2\x80", "\u2028", "{1}", "א", "\ufeff", "\t\n", "😀", "<1/>"}
	text := func() (s string) {
		for range r.IntN(4) {
			s += words[r.IntN(len(words))]
		}
		return s
	}
	coded := func() bitext.Text {
		out := bitext.Plain(text())
		at := 0
		for range r.IntN(3) {
			at += r.IntN(len(out.Chars) - at + 1)
			c := bitext.Code{Pos: at, Kind: bitext.CodeKind(r.IntN(5)), ID: text(), Data: text(), Equiv: text(), Disp: text(), Type: text(), SubType: text(),
				NoCopy: r.IntN(2) == 0, NoDelete: r.IntN(2) == 0, NoReorder: r.IntN(2) == 0}
			if r.IntN(3) == 0 {
				c.Subflows = []string{text(), text()}
			}
			out.Codes = append(out.Codes, c)
		}
		return out
	}
	west, east := time.FixedZone("", -5*3600), time.FixedZone("", 3600)
	times := []time.Time{
		{}, time.Unix(0, 0), time.Unix(1.8e9, 999_999_999).In(east), time.Time{}.Add(5), time.Date(1, 1, 1, 0, 30, 0, 0, east), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 9, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, west), time.Date(10000, 1, 1, 0, 0, 0, 0, east),
	}
	for range 20_000 {
		e := bitext.Entry{
			ID: r.Int64(), SourceLocale: "en", TargetLocale: "ru", Source: coded(), Target: coded(), State: bitext.State(r.IntN(int(bitext.Final) + 1)), SubState: text(),
			Origin: bitext.Origin{Kind: bitext.OriginKind(text()), Name: text(), Time: times[r.IntN(len(times))], Entry: r.Int64(), Terms: text(), Translator: text()},
			Prev:   text(), Next: text(), Place: text(),
		}
		for range r.IntN(3) {
			e.Props = append(e.Props, bitext.Prop{Name: text(), Value: text()})
		}
		keys, err := Keys([]bitext.Entry{e})
		if err != nil {
			t.Fatal(err)
		}
		v := &Version{RecordedAt: r.Int64()}
		v.Fill(&e, keys[0], 5)
		added := v.Record(e, "batch")
		again, err := v.Entry(keys[0])
		if err != nil {
			t.Fatalf("%+v: %v", e, err)
		}
		again.SourceLocale, again.TargetLocale, again.Prev, again.Next, again.Place = e.SourceLocale, e.TargetLocale, e.Prev, e.Next, e.Place
		if read := v.Record(again, "batch"); read.Checksum() != added.Checksum() {
			t.Fatalf("the checksum of\n%+v\nis another one when it is read:\n%+v", e, again)
		}
	}
}
