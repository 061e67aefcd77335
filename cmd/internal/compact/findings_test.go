package compact

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/diag"
)

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

// Findings are read as they were written, with all their fields and the types of their arguments.
func TestFindings(t *testing.T) {
	var d diag.Diagnostic
	n := 0
	fill(reflect.ValueOf(&d).Elem(), &n)
	d.Args = map[string]any{
		"text": "слово", "again": "слово", "int": -7, "rune": 'ж', "long": int64(1) << 60, "part": 0.1, "yes": true, "no": false,
		"span": []int{0, 12}, "none": []int(nil), "names": []string{"a", ""}, "null": nil, "number": json.Number("1.50"), "any": []any{"x", json.Number("2")},
	}
	want := [][]diag.Diagnostic{{d, {ID: "a", Args: map[string]any{}, Related: []diag.Related{}}}, nil, {}, {d}}
	var e Encoder
	for _, list := range want {
		if err := e.Findings(list); err != nil {
			t.Fatal(err)
		}
	}
	dec := Decoder{Data: e.Data}
	for i, list := range want {
		if d := cmp.Diff(list, dec.Findings()); d != "" || dec.Err != nil {
			t.Errorf("list %d: %v (-want +got):\n%s", i, dec.Err, d)
		}
	}
	if len(dec.Data) > 0 {
		t.Errorf("%d bytes are left", len(dec.Data))
	}
	if err := e.Findings([]diag.Diagnostic{{Args: map[string]any{"a": func() {}}}}); err == nil {
		t.Error("a function was written")
	}
	dec = Decoder{Data: e.Data}
	for range len(want) + 1 {
		dec.Findings()
	}
	if dec.Err == nil {
		t.Error("a function was read")
	}
}

func FuzzFindings(f *testing.F) {
	var e Encoder
	if err := e.Findings([]diag.Diagnostic{{ID: "a", Args: map[string]any{"b": []int{1}, "c": map[string]int{"d": 1}}, Related: []diag.Related{{Message: "e"}}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(e.Data)
	f.Add([]byte{0xfe, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, data []byte) {
		dec := Decoder{Data: data}
		list := dec.Findings()
		if dec.Err != nil {
			if len(list) > 0 {
				t.Error("findings in spite of an error")
			}
			return
		}
		var e Encoder
		if err := e.Findings(list); err != nil {
			t.Fatal(err)
		}
		again := Decoder{Data: e.Data}
		if d := cmp.Diff(list, again.Findings(), cmpopts.EquateNaNs()); d != "" {
			t.Error(d)
		}
	})
}
