package memorytest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func contexts(t *testing.T, s memory.Store) {
	add(t, s,
		entry("Yes.", "plain", hour(9)),
		entry("Yes.", "neighbours", between("Did he?", "She left."), hour(3)),
		entry("Yes.", "place", between("Was it?", "No more."), place("a.html#p1"), hour(2)),
		entry("Yes.", "both", between("Did he?", "She left."), place("b.html#p1"), hour(1)),
		entry("Yes.", "half", between("Did he?", "He left."), hour(4)),
		entry("Yes.", "first", between("", "She left."), hour(5)),
	)
	q := func(prev, next, place string) memory.Query {
		return memory.Query{Source: bitext.Plain("Yes."), Prev: prev, Next: next, Place: place, Limit: 2}
	}
	for _, c := range []struct {
		q    memory.Query
		want string
	}{
		{q("Did he?", "She left.", "b.html#p1"), "in-context 100 both"},
		{q("Did he?", "She left.", "a.html#p1"), "in-context 100 place"},
		{q("Other.", "Other.", "a.html#p1"), "in-context 100 place"},
		{q("Did he?", "She left.", "c.html#p1"), "in-context 100 neighbours"},
		{q("", "She left.", ""), "in-context 100 first"},
	} {
		got := look(t, s, c.q)
		if len(got) == 0 || brief(got)[0] != c.want {
			t.Errorf("%+v: %q, want %q first", c.q, brief(got), c.want)
		}
	}
	for _, c := range []struct {
		place  string
		former []string
		want   string
	}{
		{"new.html#p1", []string{"a.html#p1"}, "in-context 100 place"},
		{"new.html#p1", []string{"never.html#p1", "b.html#p1"}, "in-context 100 both"},
		{"a.html#p1", []string{"b.html#p1"}, "in-context 100 place"}, // the newer one
	} {
		query := q("Other.", "Other.", c.place)
		query.FormerPlaces = c.former
		if got := look(t, s, query); len(got) == 0 || brief(got)[0] != c.want {
			t.Errorf("%s, formerly %q: %q, want %q first", c.place, c.former, brief(got), c.want)
		}
	}
	for _, m := range look(t, s, q("Never seen.", "", "")) {
		if m.Type != bitext.ExactMatch {
			t.Errorf("no common context, but %q", brief([]bitext.Match{m}))
		}
	}
	for _, m := range look(t, s, q("", "", "")) {
		if m.Type != bitext.ExactMatch {
			t.Errorf("no context asked for, but %q", brief([]bitext.Match{m}))
		}
	}
}

func ambiguous(t *testing.T, s memory.Store) {
	add(t, s,
		entry("Home", "Домой", place("a#1"), hour(1)),
		entry("Home", "Главная", place("b#1"), hour(2)),
		entry("Home", "Хоум", place("c#1"), by(bitext.FromEngine, "mt"), hour(3)),
	)
	q := memory.Query{Source: bitext.Plain("Home")}
	wantMatches(t, look(t, s, q), "exact 100 Главная (ambiguous)", "exact 100 Домой (ambiguous)", "exact 100 Хоум")
	q.Place = "a#1"
	wantMatches(t, look(t, s, q), "in-context 100 Домой", "exact 100 Главная", "exact 100 Хоум")
	// The same words twice are not ambiguous, nor is a more trusted one beside another.
	add(t, s, entry("Home", "Домой", place("d#1"), state(bitext.Final)))
	q.Place = ""
	wantMatches(t, look(t, s, q), "exact 100 Домой", "exact 100 Главная", "exact 100 Хоум")
}

func codes(t *testing.T, s memory.Store) {
	pair := func(chars, id, open, shut string, from, to int) bitext.Text {
		return bitext.Text{Chars: chars, Codes: []bitext.Code{
			{Pos: from, Kind: bitext.Start, ID: id, Data: open}, {Pos: to, Kind: bitext.End, ID: id, Data: shut}}}
	}
	e := entry("", "")
	e.Source = pair("See here.", "1", "<a href=old>", "</a>", 4, 8)
	e.Target = pair("Смотри тут.", "1", "<a href=old>", "</a>", 13, 19)
	add(t, s, e)
	got := look(t, s, memory.Query{Source: pair("See here.", "7", "<b>", "</b>", 4, 8)})
	wantMatches(t, got, "exact 100 Смотри <1>тут</1>.")
	if len(got) == 1 {
		want := pair("Смотри тут.", "7", "<b>", "</b>", 13, 19)
		if d := cmp.Diff(want, got[0].Target); d != "" {
			t.Errorf("target has not the query's codes (-want +got):\n%s", d)
		}
	}
	// Other structure is another text.
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("See here.")}))
	wantMatches(t, look(t, s, memory.Query{Source: pair("See here.", "1", "<a>", "</a>", 0, 8)}))
	// A like text without the code: what is left over cannot pass for one of the query's.
	q := memory.Query{Source: bitext.Text{Chars: "See there.", Codes: []bitext.Code{{Pos: 3, Kind: bitext.Placeholder, ID: "1", Data: "<br>"}}}, Fuzzy: 50}
	got = look(t, s, q)
	if len(got) != 1 || got[0].Type != bitext.FuzzyMatch {
		t.Fatalf("got %q", brief(got))
	}
	if p := bitext.CompareCodes(q.Source, got[0].Target); len(p) != 3 {
		t.Errorf("want one code lost and two added, got %v", p)
	}
}

// An engine's answer that nobody can see is no match; a person's is a decision.
func blankAnswers(t *testing.T, s memory.Store) {
	add(t, s, entry("Parliament adopted the budget", "\u00a0\u200b", by(bitext.FromEngine, "mt")), entry("Left out on purpose", ""))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Parliament adopted the budget"), Fuzzy: 60}))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Parliament adopted the budget."), Fuzzy: 60}))
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Left out on purpose")}), "exact 100 ")
}

func locales(t *testing.T, s memory.Store) {
	add(t, s, entry("Hello", "Zdravo", target("sr-Latn")))
	for _, p := range [][2]string{{"en", "sr"}, {"en", "sr-latn"}, {"en-US", "sr-Latn"}, {"EN", "sr-Latn"}} {
		m, err := s.Lookup(ctx, p[0], p[1], []memory.Query{{Source: bitext.Plain("Hello"), Fuzzy: 50}})
		if err != nil || len(m) != 1 || len(m[0]) != 0 {
			t.Errorf("%v: %v, error %v", p, m, err)
		}
	}
	m, err := s.Lookup(ctx, "en", "sr-Latn", []memory.Query{{Source: bitext.Plain("Hello")}, {Source: bitext.Plain("Bye")}, {Source: bitext.Plain("Hello")}})
	if err != nil || len(m) != 3 || len(m[0]) != 1 || len(m[1]) != 0 || len(m[2]) != 1 {
		t.Errorf("three queries: %v, error %v", m, err)
	}
	if _, err := s.Add(ctx, memory.Batch{}, []bitext.Entry{entry("a", "b", target(""))}); err == nil {
		t.Error("an entry without a target locale was taken")
	}
}

func limits(t *testing.T, s memory.Store) {
	var es []bitext.Entry
	for i := range 200 {
		es = append(es, entry("Same", fmt.Sprint("перевод ", i), place(fmt.Sprint("p", i)), hour(i)))
	}
	add(t, s, es...)
	if got := look(t, s, memory.Query{Source: bitext.Plain("Same")}); len(got) != 5 || got[0].Target.Chars != "перевод 199" {
		t.Errorf("%q", brief(got))
	}
	// Not even an old one among many newer ones that agree goes unseen.
	es = es[:0]
	for i := range 200 {
		es = append(es, entry("Often", map[bool]string{true: "редко", false: "часто"}[i == 0], place(fmt.Sprint("p", i)), hour(i)))
	}
	add(t, s, es...)
	wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain("Often")}), "exact 100 часто (ambiguous)", "exact 100 редко (ambiguous)")
	if got := look(t, s, memory.Query{Source: bitext.Plain("Same"), Limit: 1, Place: "p3"}); len(got) != 1 || got[0].Target.Chars != "перевод 3" {
		t.Errorf("%q", brief(got))
	}
}
