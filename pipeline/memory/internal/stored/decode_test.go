package stored

import (
	"encoding/json"
	"reflect"
	"testing"

	"hexapla/pipeline/bitext"
)

// FuzzDecode holds the quick reader against package encoding/json.
func FuzzDecode(f *testing.F) {
	full := bitext.Code{Pos: 3, Kind: bitext.End, ID: "1", Data: "<b \"x\">\u2028é\x01", Equiv: "e", Disp: "s", Type: "t", SubType: "u", NoCopy: true, NoDelete: true, NoReorder: true, Subflows: []string{"a", ""}}
	for _, codes := range [][]bitext.Code{{full}, {{Kind: bitext.Start, ID: "1"}, full}, {{}}, {{ID: "\xff"}, {Pos: 1, ID: `"`}}} {
		f.Add(EncodeCodes(codes), 5)
		f.Add(EncodeSource(bitext.Text{Chars: "a<1>\"b", Codes: codes}, "k"), 5)
	}
	f.Add(`[{"p":01}]`, 5)
	f.Add(`{"c":"a\u00e9","x":[{"p":9}]}`, 5)
	f.Add(`{"x":[],"c":"a"}`, 5)
	f.Fuzz(func(t *testing.T, s string, length int) {
		if got, ok := readCodes(s, length); ok {
			var all []Code
			if err := json.Unmarshal([]byte(s), &all); err != nil {
				t.Fatalf("%q: codes %+v, though %v", s, got, err)
			}
			if want, err := ToCodes(all, length); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%q: codes %+v, want %+v, %v", s, got, want, err)
			}
		}
		if got, ok := readSource(s); ok {
			var all storedSource
			if err := json.Unmarshal([]byte(s), &all); err != nil {
				t.Fatalf("%q: source %+v, though %v", s, got, err)
			}
			codes, err := ToCodes(all.Codes, len(all.Chars))
			if want := (bitext.Text{Chars: string(all.Chars), Codes: codes}); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%q: source %+v, want %+v, %v", s, got, want, err)
			}
		}
	})
}

// What is written is read by the quick reader, but for strings that are no text.
func TestReader(t *testing.T) {
	codes := []bitext.Code{{Kind: bitext.Start, ID: "1", Data: "<b a=\"\\\">\n", Subflows: []string{"x"}, NoCopy: true}, {Pos: 4, Kind: bitext.End, ID: "1"}}
	if got, ok := readCodes(EncodeCodes(codes), 4); !ok || !reflect.DeepEqual(got, codes) {
		t.Errorf("%+v, %t", got, ok)
	}
	text := bitext.Text{Chars: "a\t<é", Codes: codes}
	if got, ok := readSource(EncodeSource(text, "")); !ok || !reflect.DeepEqual(got, text) {
		t.Errorf("%+v, %t", got, ok)
	}
}
