// Package compact writes values one after the other in a compact binary form, and reads
// them in the same order. The form does not describe itself: who reads it must know what
// was written.
//
// Whole numbers are varints of package encoding/binary. A text that comes often is written
// once, and later as its number. Findings have the types of their arguments.
package compact

import (
	"encoding/binary"
	"errors"
)

// Encoder appends values to Data. The zero Encoder is ready for use.
type Encoder struct {
	Data   []byte
	number map[string]uint64 // of each text of Often, from 1 on
}

// Int appends a number.
func (e *Encoder) Int(n int64) { e.Data = binary.AppendVarint(e.Data, n) }

// Ints appends numbers, each as Int does.
func (e *Encoder) Ints(all ...int64) {
	for _, n := range all {
		e.Int(n)
	}
}

// Fixed appends a number in eight bytes: fewer than a varint has, if most of its bits
// matter.
func (e *Encoder) Fixed(n uint64) { e.Data = binary.LittleEndian.AppendUint64(e.Data, n) }

// Byte appends a byte.
func (e *Encoder) Byte(b byte) { e.Data = append(e.Data, b) }

// Bool appends 1 or 0.
func (e *Encoder) Bool(b bool) {
	if b {
		e.Byte(1)
	} else {
		e.Byte(0)
	}
}

// Bytes appends a length and as many bytes.
func (e *Encoder) Bytes(b []byte) {
	e.Data = append(binary.AppendUvarint(e.Data, uint64(len(b))), b...)
}

// Text appends a text as Bytes does.
func (e *Encoder) Text(s string) {
	e.Data = append(binary.AppendUvarint(e.Data, uint64(len(s))), s...)
}

// Often appends the number of a text, or 0 and the text when it comes first.
func (e *Encoder) Often(s string) {
	n := e.number[s]
	e.Data = binary.AppendUvarint(e.Data, n)
	if n > 0 {
		return
	}
	if e.number == nil {
		e.number = map[string]uint64{}
	}
	e.number[s] = uint64(len(e.number) + 1)
	e.Text(s)
}

// ErrNotWhole is the error of data that is not as an Encoder wrote it.
var ErrNotWhole = errors.New("it is not whole")

// Decoder reads values from Data, which is then what is left. When Data does not begin with
// a value of the kind, Err is set, and that value and all later ones are zero.
type Decoder struct {
	Data  []byte
	Err   error
	texts []string // see Encoder.Often
}

// Fail sets Err, as for data that no Encoder wrote.
func (d *Decoder) Fail() { d.Data, d.Err = nil, ErrNotWhole }

// Int reads a number of Encoder.Int.
func (d *Decoder) Int() int64 {
	n, size := binary.Varint(d.Data)
	return checked(d, n, size)
}

func (d *Decoder) uint() uint64 {
	n, size := binary.Uvarint(d.Data)
	return checked(d, n, size)
}

// checked returns n, which has a size in bytes at the beginning of Data; the size is not
// above 0 if there is no number.
func checked[T int64 | uint64](d *Decoder, n T, size int) T {
	if size <= 0 {
		d.Fail()
		return 0
	}
	d.Data = d.Data[size:]
	return n
}

// Len reads, with Int, the number of values that follow, each of which has a byte at least:
// so a wrong one is not above what Data has.
func (d *Decoder) Len() int {
	n := d.Int()
	if n < 0 || n > int64(len(d.Data)) {
		d.Fail()
		return 0
	}
	return int(n)
}

// Next reads n bytes. They share the memory of Data.
func (d *Decoder) Next(n uint64) []byte {
	if n > uint64(len(d.Data)) {
		d.Fail()
		return nil
	}
	part := d.Data[:n]
	d.Data = d.Data[n:]
	return part
}

// Fixed reads a number of Encoder.Fixed.
func (d *Decoder) Fixed() uint64 {
	b := d.Next(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// Byte reads a byte.
func (d *Decoder) Byte() byte {
	b := d.Next(1)
	if b == nil {
		return 0
	}
	return b[0]
}

// Bool reports whether the next byte is 1.
func (d *Decoder) Bool() bool { return d.Byte() == 1 }

// Bytes reads what Encoder.Bytes or Encoder.Text wrote. The bytes share the memory of Data.
func (d *Decoder) Bytes() []byte { return d.Next(d.uint()) }

// Text reads a text of Encoder.Text.
func (d *Decoder) Text() string { return string(d.Bytes()) }

// Often reads a text of Encoder.Often.
func (d *Decoder) Often() string {
	n := d.uint()
	if n == 0 && d.Err == nil {
		s := d.Text()
		d.texts = append(d.texts, s)
		return s
	}
	if d.Err != nil || n > uint64(len(d.texts)) {
		d.Fail()
		return ""
	}
	return d.texts[n-1]
}
