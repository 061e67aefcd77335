package memorytest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func history(t *testing.T, s memory.Store) {
	one := add(t, s, entry("One", "Один"), entry("Other", "Другое"))
	two := add(t, s, entry("One", "Раз", hour(1)))
	add(t, s, entry("One", "Ein", target("de")))
	three := add(t, s, entry("One", "Ван", by(bitext.FromEngine, "mt")))
	if _, err := s.Undo(ctx, two.Batch, memory.Batch{Time: at(3)}); err != nil {
		t.Fatal(err)
	}
	type line struct {
		Target  string
		Batch   int64
		Current bool
		Undone  bool
	}
	lines := func(f memory.Filter) []line {
		var out []line
		for _, v := range collect(t, s.History(ctx, f)) {
			out = append(out, line{v.Entry.Target.Chars, v.Batch, v.Current, v.Withdrawn != 0})
		}
		return out
	}
	en := []line{{"Один", one.Batch, true, false}, {"Раз", two.Batch, false, true}, {"Ван", three.Batch, false, false}}
	if d := cmp.Diff(en, lines(memory.Filter{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain("One")})); d != "" {
		t.Errorf("one text (-want +got):\n%s", d)
	}
	if got := lines(memory.Filter{Source: bitext.Plain("One")}); len(got) != 4 || got[0].Target != "Ein" {
		t.Errorf("one text, all targets: %v", got)
	}
	if got := lines(memory.Filter{}); len(got) != 5 {
		t.Errorf("all: %v", got)
	}
	if got := lines(memory.Filter{Former: true}); len(got) != 1 || got[0].Target != "Ван" {
		t.Errorf("former ones: %v", got)
	}
	if got := lines(memory.Filter{Batch: one.Batch}); len(got) != 2 {
		t.Errorf("a batch: %v", got)
	}
	if got := lines(memory.Filter{TargetLocale: "fr"}); len(got) != 0 {
		t.Errorf("no such target: %v", got)
	}
	for v, err := range s.History(ctx, memory.Filter{}) {
		if err != nil || v.Entry.Source.Chars != "One" || v.Entry.ID == 0 {
			t.Errorf("first version: %+v, error %v", v, err)
		}
		break
	}
}

func stats(t *testing.T, s memory.Store) {
	add(t, s, entry("One", "Один"), entry("Two", "Два", state(bitext.Final)), entry("Two", "Две", between("x", "y")), entry("One", "Ein", target("de")))
	b := add(t, s, entry("One", "Раз", hour(1)), entry("Three", "Три", by(bitext.FromEngine, "mt")))
	if _, err := s.Undo(ctx, b.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bytes <= 0 {
		t.Errorf("%d bytes", got.Bytes)
	}
	got.Bytes = 0
	want := memory.Stats{Texts: 3, Batches: 3, Pairs: []memory.PairStats{
		{SourceLocale: "en", TargetLocale: "de", Entries: 1, States: map[bitext.State]int{bitext.Translated: 1}, Origins: map[bitext.OriginKind]int{bitext.FromHuman: 1}},
		{SourceLocale: "en", TargetLocale: "ru", Entries: 3, Former: 2, States: map[bitext.State]int{bitext.Translated: 2, bitext.Final: 1}, Origins: map[bitext.OriginKind]int{bitext.FromHuman: 3}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
}
