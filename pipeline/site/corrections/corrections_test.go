package corrections

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

func ExampleDiff() {
	before := []Text{{"h", "heading", "Rain"}, {"p-1", "paragraph", "Ten people came."}}
	after := []Text{{"h", "heading", "Rain"}, {"p-2", "paragraph", "Two people came."}}
	fmt.Println(Diff(before, after))
	// Output: [{p-2 paragraph Ten people came. Two people came.}]
}

func TestDiff(t *testing.T) {
	text := func(ids string) (out []Text) {
		for id := range strings.FieldsSeq(ids) {
			out = append(out, Text{id, id[:1], "words of " + id})
		}
		return out
	}
	for _, x := range []struct{ before, after, want string }{
		{"p1 p2 p3", "p1 p2 p3", ""},
		{"p1 p2 p3", "p1 p4 p3", "p4:p2>p4"},
		{"p1 p2", "p1 p3 p2", "p3:>p3"},
		{"p1 p2 p3", "p1 p3", "p2:p2>"},
		{"h1 p1", "h2 p2", "h2:h1>h2 p2:p1>p2"},
		{"p1", "h1 p2", "h1:>h1 p2:p1>p2"},
		{"", "p1", "p1:>p1"}, {"p1", "", "p1:p1>"}, {"p1 p2", "p2 p1", ""},
	} {
		var got []string
		for _, c := range Diff(text(x.before), text(x.after)) {
			got = append(got, c.Unit+":"+strings.TrimPrefix(c.Before, "words of ")+">"+strings.TrimPrefix(c.After, "words of "))
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s to %s: %v, want %s", x.before, x.after, got, x.want)
		}
	}
	// A field keeps its identity when its words change.
	if got := Diff([]Text{{"title", "title", "A"}}, []Text{{"title", "title", "B"}}); !reflect.DeepEqual(got, []Change{{"title", "title", "A", "B"}}) {
		t.Error(got)
	}
}

func TestList(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	l := &Log{Corrections: []Correction{
		{Article: "a.md", Path: "a.md", Time: at, From: "1", To: "2"}, {Article: "b.md", Path: "b.md", Time: at, From: "1", To: "2"},
		{Article: "a.md", Path: "a.md", Time: at.Add(48 * time.Hour), From: "2", To: "3"},
	}}
	data, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if l, err = Parse(data); err != nil {
		t.Fatal(err)
	}
	pages := map[string]*site.Page{
		"en": {SHA256: "3", Status: edition.Original, First: at}, "ru": {SHA256: "2", Status: edition.Outdated, First: at},
		"uk": {SHA256: "1", Status: edition.Edited, First: at}, "fa": {SHA256: "1", Status: edition.Withheld, First: at},
	}
	page := func(locale, path string) *site.Page {
		if path == "a.md" {
			return pages[locale]
		}
		return nil
	}
	people := func(locale, _ string) []string { return []string{"of " + locale} }
	var got []string
	for _, e := range l.List(at, []string{"en", "ru", "uk", "fa", "de"}, page, people) {
		s := e.Path + " " + e.To + ":"
		for _, x := range e.Editions {
			s += fmt.Sprintf(" %s %v %s %v", x.Locale, x.Has, x.Next.Code, x.People)
		}
		got = append(got, s)
	}
	want := []string{
		"a.md 3: en true  [] ru false update [of ru] uk false adopt [of uk]", "b.md 2:", "a.md 2: en true  [] ru true  [] uk false adopt [of uk]",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(l.List(at.Add(time.Hour), nil, page, people)); n != 1 {
		t.Errorf("%d corrections since then", n)
	}
	if l.Last("a.md").To != "3" || l.Last("c.md") != nil {
		t.Error("Last")
	}
	for _, text := range []string{"", "{}", `{"version": 2}`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}
