package memory

import "testing"

func TestNotePlaces(t *testing.T) {
	notes := []Note{{UID: "1", Place: "a/b.md"}, {UID: "2", Place: "a/b.md#u"}, {UID: "3", Place: "a/b.md#u/s1"}, {UID: "4", Place: "a/b.md#u2"}, {UID: "5", Place: "a/b.mdx"}, {UID: "6", Place: "a/b.md/c"}}
	for place, want := range map[string]string{"": "123456", "a/b.md": "1234", "a/b.md#u": "23", "a/b.md#u/s1": "3", "a": ""} {
		got := ""
		for _, n := range Threads(notes, NoteFilter{Place: place}) {
			got += n.UID
		}
		if got != want {
			t.Errorf("%q: notes %s, want %s", place, got, want)
		}
	}
}
