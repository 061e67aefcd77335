package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/cmd/internal/compact"
	"hexapla/pipeline/diag"
)

// A page that is empty is a page, and one that is not there is none.
func TestPackResult(t *testing.T) {
	want := articleResult{Path: "a.md", Diagnostics: []diag.Diagnostic{}, Editions: []remoteEdition{
		{Locale: "ru", Diagnostics: []diag.Diagnostic{{ID: "quality.numbers", Args: map[string]any{"span": []int{1, 2}}}}, Data: []byte("\n{\"not\": the JSON}\x00\xff"), Size: 20}, {Locale: "uk", Size: -1, Segments: []byte("[\n]"), Length: 3}, {Locale: "fa", Data: []byte{}, Segments: []byte("[]"), Length: 2},
		{Locale: "ps", Data: bytes.Repeat([]byte("long "), 100_000), Size: 500_000},
	}}
	data, err := packResult(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := unpackResult(data)
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b []byte) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) })); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, cut := range []int{0, 5, len(data) / 2, len(data) - 9} {
		if _, err := unpackResult(data[:cut]); err == nil {
			t.Errorf("%d of %d bytes are a whole result", cut, len(data))
		}
	}
}

// fill gives every field below v a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Int:
		v.SetInt(int64(*n) - 5)
	case reflect.Uint8:
		v.SetUint(2)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

// Findings come as they were sent, with all their fields and the types of their arguments.
func TestFindingsOfResult(t *testing.T) {
	var d diag.Diagnostic
	n := 0
	fill(reflect.ValueOf(&d).Elem(), &n)
	d.Args = map[string]any{
		"text": "слово", "again": "слово", "int": -7, "rune": 'ж', "long": int64(1) << 60, "part": 0.1, "yes": true, "no": false,
		"span": []int{0, 12}, "none": []int(nil), "names": []string{"a", ""}, "null": nil, "number": json.Number("1.50"), "any": []any{"x", json.Number("2")},
	}
	want := [][]diag.Diagnostic{{d, {ID: "a", Args: map[string]any{}, Related: []diag.Related{}}}, nil, {}, {d}}
	var w findingsWriter
	for _, list := range want {
		if err := w.list(list); err != nil {
			t.Fatal(err)
		}
	}
	r := findingsReader{compact.Decoder{Data: w.Data}}
	for i, list := range want {
		if d := cmp.Diff(list, r.list()); d != "" || r.Err != nil {
			t.Errorf("list %d: %v (-want +got):\n%s", i, r.Err, d)
		}
	}
	if len(r.Data) > 0 {
		t.Errorf("%d bytes are left", len(r.Data))
	}
	if err := w.list([]diag.Diagnostic{{Args: map[string]any{"a": func() {}}}}); err == nil {
		t.Error("a function was sent")
	}
}

func FuzzFindingsOfResult(f *testing.F) {
	var w findingsWriter
	if err := w.list([]diag.Diagnostic{{ID: "a", Args: map[string]any{"b": []int{1}, "c": map[string]int{"d": 1}}, Related: []diag.Related{{Message: "e"}}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(w.Data)
	f.Add([]byte{0xfe, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := findingsReader{compact.Decoder{Data: data}}
		list := r.list()
		if r.Err != nil {
			if len(list) > 0 {
				t.Error("findings in spite of an error")
			}
			return
		}
		var w findingsWriter
		if err := w.list(list); err != nil {
			t.Fatal(err)
		}
		again := findingsReader{compact.Decoder{Data: w.Data}}
		if d := cmp.Diff(list, again.list(), cmpopts.EquateNaNs()); d != "" {
			t.Error(d)
		}
	})
}
