package bitext

import "testing"

func TestReplace(t *testing.T) {
	text := Text{Chars: "abcdef", Codes: []Code{{ID: "1", Pos: 1}, {ID: "2", Pos: 2}, {ID: "3", Pos: 4}, {ID: "4", Pos: 6}}}
	got := text.Replace(1, 4, "XY")
	want := Text{Chars: "aXYef", Codes: []Code{{ID: "1", Pos: 1}, {ID: "2", Pos: 3}, {ID: "3", Pos: 3}, {ID: "4", Pos: 5}}}
	if !got.Equal(want) || text.Codes[3].Pos != 6 {
		t.Errorf("%+v, want %+v", got, want)
	}
}
