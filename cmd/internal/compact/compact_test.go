package compact

import (
	"bytes"
	"math"
	"testing"
)

// kinds are the kinds of values: write appends one that is made of a seed to an Encoder and
// returns what is to be read, read reads one.
var kinds = []struct {
	name  string
	write func(e *Encoder, seed int64) any
	read  func(d *Decoder) any
}{
	{"int", func(e *Encoder, n int64) any { e.Int(n); return n }, func(d *Decoder) any { return d.Int() }},
	{"ints", func(e *Encoder, n int64) any { e.Ints(n, ^n); return [2]int64{n, ^n} }, func(d *Decoder) any { return [2]int64{d.Int(), d.Int()} }},
	{"fixed", func(e *Encoder, n int64) any { e.Fixed(uint64(n)); return uint64(n) }, func(d *Decoder) any { return d.Fixed() }},
	{"byte", func(e *Encoder, n int64) any { e.Byte(byte(n)); return byte(n) }, func(d *Decoder) any { return d.Byte() }},
	{"bool", func(e *Encoder, n int64) any { e.Bool(n&1 == 1); return n&1 == 1 }, func(d *Decoder) any { return d.Bool() }},
	{"bytes", func(e *Encoder, n int64) any { e.Bytes([]byte(textOf(n))); return textOf(n) }, func(d *Decoder) any { return string(d.Bytes()) }},
	{"text", func(e *Encoder, n int64) any { e.Text(textOf(n)); return textOf(n) }, func(d *Decoder) any { return d.Text() }},
	{"often", func(e *Encoder, n int64) any { e.Often(textOf(n)); return textOf(n) }, func(d *Decoder) any { return d.Often() }},
	{"list", func(e *Encoder, n int64) any {
		length := int(n & 3)
		e.Int(int64(length))
		for i := range length {
			e.Byte(byte(i))
		}
		return length
	}, func(d *Decoder) any {
		length := d.Len()
		for i := range length {
			if d.Byte() != byte(i) {
				d.Fail()
			}
		}
		return length
	}},
}

// textOf returns one of a few texts, so that some come again.
func textOf(n int64) string {
	return [...]string{"", "a", "слово", "\x00\xff", string(bytes.Repeat([]byte("long "), 100))}[uint64(n)%5]
}

// Values are read as they were written, of any kinds and in any order, and no part of the
// data is whole.
func FuzzRoundTrip(f *testing.F) {
	all := []byte{}
	for i := range kinds {
		all = append(all, byte(i), byte(i), byte(len(kinds)-1-i))
	}
	for _, n := range []int64{0, 1, -1, 4, math.MaxInt64, math.MinInt64} {
		f.Add(all, n)
	}
	f.Fuzz(func(t *testing.T, order []byte, seed int64) {
		order = order[:min(len(order), 100)]
		var e Encoder
		var want []any
		for i, k := range order {
			want = append(want, kinds[int(k)%len(kinds)].write(&e, seed*int64(i+1)))
		}
		d := Decoder{Data: e.Data}
		for i, k := range order {
			kind := kinds[int(k)%len(kinds)]
			if got := kind.read(&d); got != want[i] || d.Err != nil {
				t.Fatalf("value %d, %s: %v, %v; want %v", i, kind.name, got, d.Err, want[i])
			}
		}
		if len(d.Data) > 0 {
			t.Errorf("%d bytes are left", len(d.Data))
		}
		for n := range e.Data {
			d := Decoder{Data: e.Data[:n]}
			for _, k := range order {
				kinds[int(k)%len(kinds)].read(&d)
			}
			if d.Err == nil {
				t.Fatalf("%d of %d bytes are whole", n, len(e.Data))
			}
		}
	})
}

// Data of any other origin gives values or an error, and after an error only zero values.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{7, 7, 7}, []byte{0, 1, 'a', 1, 2})
	f.Add([]byte{8, 6}, []byte{0xfe, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{5}, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add([]byte{0}, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, order, data []byte) {
		d := Decoder{Data: data}
		for _, k := range order {
			kinds[int(k)%len(kinds)].read(&d)
		}
		if len(d.Data) > len(data) {
			t.Errorf("%d bytes of %d are left", len(d.Data), len(data))
		}
		if d.Err == nil {
			return
		}
		for _, kind := range kinds {
			got := kind.read(&d)
			switch got {
			case int64(0), [2]int64{}, uint64(0), byte(0), false, "", 0:
			default:
				t.Errorf("%s after an error: %v", kind.name, got)
			}
			if d.Err != ErrNotWhole || len(d.Data) > 0 {
				t.Errorf("%s after an error: %v, %d bytes", kind.name, d.Err, len(d.Data))
			}
		}
	})
}

// A text of Often takes one byte when it comes again.
func TestOften(t *testing.T) {
	var e Encoder
	e.Often("слово")
	first := len(e.Data)
	e.Often("слово")
	if got := len(e.Data) - first; got != 1 || first != 2+len("слово") {
		t.Errorf("%d bytes, then %d", first, got)
	}
	for _, data := range []string{"\x01", "\x00\x01a\x02", "\x00\x02a"} {
		d := Decoder{Data: []byte(data)}
		for range 2 {
			d.Often()
		}
		if d.Err == nil {
			t.Errorf("%q has two texts", data)
		}
	}
}
