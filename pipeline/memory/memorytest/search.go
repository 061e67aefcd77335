package memorytest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func search(t *testing.T, s memory.Store) {
	coded := entry("Read more here", "Читать далее", place("b.html#1"))
	coded.Source.Codes = []bitext.Code{{Pos: 7, Kind: bitext.Start, ID: "1"}, {Pos: 9, Kind: bitext.End, ID: "1"}}
	add(t, s, entry("The Minister of Finance resigned", "Министр финансов ушёл", place("a.html#1")),
		entry("The Minister of Finance resigned", "Министр финансов ушёл", place("a.html#2")),
		entry("Minister", "министр", hour(1)), entry("The ministers met", "Министры встретились"), coded,
		entry("Literal <1> and \\", "буквально"), entry("財務大臣が辞任した", "Министр ушёл", func(e *bitext.Entry) { e.SourceLocale = "ja" }),
		entry("The Minister of Finance resigned", "Der Finanzminister trat zurück", target("de")))
	find := func(q memory.Search) []string {
		t.Helper()
		found, err := s.Search(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range found {
			out = append(out, fmt.Sprint(f.Entry.Source.Chars, " = ", f.Entry.Target.Chars, " ", f.Uses, " ", f.Places))
			if f.Batch == 0 || f.Entry.ID == 0 {
				t.Errorf("%+v", f)
			}
		}
		if len(out) > 1 {
			slices.Sort(out[1:])
		}
		return out
	}
	const resigned = "The Minister of Finance resigned = Министр финансов ушёл 2 [a.html#1 a.html#2]"
	for _, c := range []struct {
		q    memory.Search
		want []string
	}{
		{memory.Search{Text: "minister", TargetLocale: "ru"}, []string{"Minister = министр 1 []", resigned, "The ministers met = Министры встретились 1 []"}},
		{memory.Search{Text: "minister", Words: true, TargetLocale: "ru"}, []string{"Minister = министр 1 []", resigned}},
		{memory.Search{Text: "FINANCE minister", Words: true, SourceLocale: "en", TargetLocale: "ru"}, []string{resigned}},
		{memory.Search{Text: "FINANCE minister", SourceLocale: "en"}, nil},
		{memory.Search{Text: "финанс"}, []string{resigned}},
		{memory.Search{Text: "МИНИСТР УШЁЛ"}, []string{"財務大臣が辞任した = Министр ушёл 1 []"}},
		{memory.Search{Text: "ministers", Side: memory.TargetSide}, nil},
		{memory.Search{Text: "встретились", Side: memory.SourceSide}, nil},
		{memory.Search{Text: "finanzminister"}, []string{"The Minister of Finance resigned = Der Finanzminister trat zurück 1 []"}},
		{memory.Search{Text: "read more"}, []string{"Read more here = Читать далее 1 [b.html#1]"}},
		{memory.Search{Text: "<1> and \\"}, []string{"Literal <1> and \\ = буквально 1 []"}},
		{memory.Search{Text: "大臣"}, []string{"財務大臣が辞任した = Министр ушёл 1 []"}},
		{memory.Search{Text: "臣"}, []string{"財務大臣が辞任した = Министр ушёл 1 []"}},
		{memory.Search{Text: "a.html"}, nil},
		{memory.Search{Text: ""}, nil},
		{memory.Search{Text: "...", Words: true}, nil},
	} {
		if d := cmp.Diff(c.want, find(c.q), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.q, d)
		}
	}
	if got := find(memory.Search{Text: "minister", Limit: 1, TargetLocale: "ru"}); len(got) != 1 || got[0] != "Minister = министр 1 []" {
		t.Errorf("limit 1: %q", got)
	}
	// What is replaced or undone is not found any more.
	r := add(t, s, entry("Minister", "Глава ведомства", hour(2)))
	if got := find(memory.Search{Text: "министр", Words: true, Side: memory.TargetSide, Limit: 1}); len(got) != 1 || got[0] == "Minister = министр 1 []" {
		t.Errorf("replaced: %q", got)
	}
	if got := find(memory.Search{Text: "ведомства"}); len(got) != 1 {
		t.Errorf("new: %q", got)
	}
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	if got := find(memory.Search{Text: "ведомства"}); len(got) != 0 {
		t.Errorf("undone: %q", got)
	}
}
