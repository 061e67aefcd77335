package pipeline

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// What an entry list holds comes back as it was put in, long entries too.
func TestEntryList(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 15))
	text := func() string { return strings.Repeat(string(rune('a'+r.IntN(1000))), r.IntN(4)*r.IntN(40)) }
	code := func() bitext.Code {
		c := bitext.Code{
			Pos: r.IntN(5), Kind: bitext.CodeKind(r.IntN(3)), ID: text(), Data: text(), Equiv: text(), Disp: text(), Type: text(), SubType: text(),
			NoCopy: r.IntN(2) == 0, NoDelete: r.IntN(2) == 0, NoReorder: r.IntN(2) == 0,
		}
		for range r.IntN(3) {
			c.Subflows = append(c.Subflows, text())
		}
		return c
	}
	var list entryList
	var want []bitext.Entry
	var at []entryAt
	for n := range 2000 {
		e := bitext.Entry{
			SourceLocale: "en", TargetLocale: text(), Prev: text(), Next: text(), Place: text(), SubState: text(), State: bitext.State(r.IntN(4)),
			Origin: bitext.Origin{Kind: bitext.OriginKind(text()), Name: text(), Entry: r.Int64N(9) - 4, Terms: text(), Translator: text()},
			Source: bitext.Plain(text()), Target: bitext.Plain(text()),
		}
		if n%3 > 0 {
			e.Origin.Time = time.Unix(r.Int64N(1<<40)-1<<39, r.Int64N(1e9)).UTC()
		}
		for range r.IntN(4) * r.IntN(8) {
			e.Source.Codes = append(e.Source.Codes, code())
		}
		for range r.IntN(6) {
			c := code()
			if k := len(e.Source.Codes); k > 0 && r.IntN(3) > 0 {
				c = e.Source.Codes[r.IntN(k)]
				c.Pos = r.IntN(9)
			}
			e.Target.Codes = append(e.Target.Codes, c)
		}
		for range r.IntN(3) {
			e.Props = append(e.Props, bitext.Prop{Name: text(), Value: text()})
		}
		if n%500 == 0 {
			e.Target.Chars = strings.Repeat("long ", entryChunk)
		}
		want, at = append(want, e), append(at, list.add(&e, "unit", "s1"))
	}
	for i := range want {
		got, unit, segment := list.get(at[i])
		if !reflect.DeepEqual(got, want[i]) || unit != "unit" || segment != "s1" {
			t.Fatalf("entry %d, %s/%s:\n%+v, want\n%+v", i, unit, segment, got, want[i])
		}
		if source, target := list.locales(at[i]); source != "en" || target != want[i].TargetLocale {
			t.Errorf("entry %d: %s → %s", i, source, target)
		}
	}
}

// Outcomes keep the diagnostic of each, or the first of those in a row that are put
// together, whatever comes before them.
func TestOutcomeReasons(t *testing.T) {
	same := outcome{Decision: Decision{Verdict: Unchanged}}
	other := outcome{Decision: Decision{Verdict: Rejected, Diagnostic: diag.Diagnostic{ID: RejectedLanguage, Message: "Russian"}}, locale: "tt"}
	alone := outcome{Decision: Decision{Verdict: Rejected, Diagnostic: diag.Diagnostic{ID: RejectedDecoding, Message: "damaged"}}, locale: "tt"}
	for name, c := range map[string]struct {
		add  []outcome
		want []int32
	}{
		"behind one without a reason": {[]outcome{same, other, other}, []int32{-1, 0, 0}},
		"the first":                   {[]outcome{other, other, same, other}, []int32{0, 0, -1, 1}},
		"each alone":                  {[]outcome{alone, alone, other, other}, []int32{0, 1, 2, 2}},
	} {
		var l outcomes
		for i := range c.add {
			l.add(&c.add[i])
		}
		var got []int32
		for _, o := range l.all {
			got = append(got, o.reason)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
