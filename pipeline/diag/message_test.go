package diag_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/diag"
)

func TestMessagef(t *testing.T) {
	d := diag.Diagnostic{ID: "a.b", Args: map[string]any{"span": []int{1, 3}}}
	got := d.Messagef("%q has %04X, %d%% of %v (%.3q, %s, %v)", diag.Arg("name", "мир"), diag.Arg("codePoint", 'ж'), diag.Arg("share", 7),
		diag.Arg("list", []string{"a", "b"}), diag.Arg("text", "абвгд"), diag.Arg("error", errors.New("broken")), 5)
	if want := `"мир" has 0436, 7% of [a b] ("абв", broken, 5)`; got.Message != want {
		t.Errorf("message %q\nwant    %q", got.Message, want)
	}
	want := map[string]any{"span": []int{1, 3}, "name": "мир", "codePoint": 'ж', "share": 7, "list": []string{"a", "b"}, "text": "абвгд", "error": "broken"}
	if diff := cmp.Diff(want, got.Args); diff != "" {
		t.Error(diff)
	}
	if len(d.Args) != 1 {
		t.Errorf("Messagef has changed the diagnostic that it was called on: %v", d.Args)
	}
	if _, err := json.Marshal(got); err != nil {
		t.Error(err)
	}
	reason := diag.Diagnostic{Place: diag.Place{Line: 3}}.Messagef("%q at %d", diag.Arg("symbol", ":"), diag.Arg("number", 4))
	got = diag.Diagnostic{}.Messagef("form %d: %s", diag.Arg("number", 1), diag.Arg("error", reason))
	if diff := cmp.Diff(map[string]any{"number": 1, "error": reason.Error(), "symbol": ":"}, got.Args); diff != "" {
		t.Error(diff)
	}
	if got := (diag.Diagnostic{}).Messagef("no values"); got.Args != nil || got.Message != "no values" {
		t.Errorf("without values: %+v", got)
	}
}
