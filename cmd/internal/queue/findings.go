package queue

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"hexapla/pipeline/diag"
)

// The findings of an article's editions are most of what a worker sends beside the pages,
// and nearly the same in each locale. As JSON they would take longer to read than the
// article takes to build. They are sent with every text once, and with the types of their
// arguments, which JSON would not keep.

// findingsWriter appends lists of findings to data.
type findingsWriter struct {
	data   []byte
	number map[string]uint64 // of each text, from 1 on
}

func (w *findingsWriter) int(n int) { w.data = binary.AppendVarint(w.data, int64(n)) }

func (w *findingsWriter) bytes(text []byte) {
	w.data = append(binary.AppendUvarint(w.data, uint64(len(text))), text...)
}

// text appends the number of a text, or 0 and the text when it comes first.
func (w *findingsWriter) text(s string) {
	if n, ok := w.number[s]; ok {
		w.data = binary.AppendUvarint(w.data, n)
		return
	}
	if w.number == nil {
		w.number = map[string]uint64{}
	}
	w.number[s] = uint64(len(w.number) + 1)
	w.data = append(w.data, 0)
	w.data = append(binary.AppendUvarint(w.data, uint64(len(s))), s...)
}

// length appends the length of a list, or what stands for none.
func (w *findingsWriter) length(n int, isNil bool) {
	if isNil {
		n = -1
	}
	w.int(n)
}

func (w *findingsWriter) place(p *diag.Place) {
	w.text(p.Path)
	for _, n := range [...]int{p.Line, p.Column, p.EndLine, p.EndColumn} {
		w.int(n)
	}
	w.text(p.Locale)
	w.text(p.Unit)
	w.text(p.Segment)
}

// list appends a list of findings.
func (w *findingsWriter) list(list []diag.Diagnostic) error {
	w.length(len(list), list == nil)
	for i := range list {
		d := &list[i]
		w.int(int(d.Severity))
		for _, s := range [...]string{d.ID, d.Message, d.Hint, d.Issue} {
			w.text(s)
		}
		w.place(&d.Place)
		w.length(len(d.Args), d.Args == nil)
		for name, value := range d.Args {
			w.text(name)
			if err := w.value(value); err != nil {
				return err
			}
		}
		w.length(len(d.Related), d.Related == nil)
		for k := range d.Related {
			w.place(&d.Related[k].Place)
			w.text(d.Related[k].Message)
		}
	}
	return nil
}

// The types of arguments. A value of another type is sent as JSON.
const (
	typeJSON = iota
	typeString
	typeInt
	typeInt32
	typeInt64
	typeFloat
	typeFalse
	typeTrue
	typeInts
	typeStrings
)

func (w *findingsWriter) kind(k byte) { w.data = append(w.data, k) }

func (w *findingsWriter) value(value any) error {
	switch v := value.(type) {
	case string:
		w.kind(typeString)
		w.text(v)
	case int:
		w.kind(typeInt)
		w.int(v)
	case int32:
		w.kind(typeInt32)
		w.int(int(v))
	case int64:
		w.kind(typeInt64)
		w.data = binary.AppendVarint(w.data, v)
	case float64:
		w.kind(typeFloat)
		w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(v))
	case bool:
		if v {
			w.kind(typeTrue)
		} else {
			w.kind(typeFalse)
		}
	case []int:
		w.kind(typeInts)
		w.length(len(v), v == nil)
		for _, n := range v {
			w.int(n)
		}
	case []string:
		w.kind(typeStrings)
		w.length(len(v), v == nil)
		for _, s := range v {
			w.text(s)
		}
	default:
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		w.kind(typeJSON)
		w.bytes(data)
	}
	return nil
}

// findingsReader reads what findingsWriter wrote. err is set when data is something else.
type findingsReader struct {
	data  []byte
	texts []string
	err   error
}

func (r *findingsReader) fail() {
	r.data = nil
	if r.err == nil {
		r.err = errPacked
	}
}

func (r *findingsReader) int64() int64 {
	n, size := binary.Varint(r.data)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[size:]
	return n
}

func (r *findingsReader) int() int { return int(r.int64()) }

func (r *findingsReader) uint() uint64 {
	n, size := binary.Uvarint(r.data)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[size:]
	return n
}

// bytes returns the next n bytes.
func (r *findingsReader) bytes(n uint64) []byte {
	if n > uint64(len(r.data)) {
		r.fail()
		return nil
	}
	part := r.data[:n]
	r.data = r.data[n:]
	return part
}

func (r *findingsReader) text() string {
	n := r.uint()
	if n == 0 && r.err == nil {
		r.texts = append(r.texts, string(r.bytes(r.uint())))
		n = uint64(len(r.texts))
	}
	if r.err != nil || n > uint64(len(r.texts)) {
		r.fail()
		return ""
	}
	return r.texts[n-1]
}

// length returns the length of a list, each element of which has a byte at least, and
// whether there is a list.
func (r *findingsReader) length() (n int, ok bool) {
	n = r.int()
	if r.err == nil && (n < -1 || n > len(r.data)) {
		r.fail()
	}
	return n, r.err == nil && n >= 0
}

func (r *findingsReader) place() (p diag.Place) {
	p.Path = r.text()
	for _, n := range [...]*int{&p.Line, &p.Column, &p.EndLine, &p.EndColumn} {
		*n = r.int()
	}
	p.Locale, p.Unit, p.Segment = r.text(), r.text(), r.text()
	return p
}

// list reads a list of findings.
func (r *findingsReader) list() []diag.Diagnostic {
	n, ok := r.length()
	if !ok {
		return nil
	}
	list := []diag.Diagnostic{} // grows with what there is, whatever the length says
	for range n {
		d := diag.Diagnostic{Severity: diag.Severity(r.int())}
		for _, s := range [...]*string{&d.ID, &d.Message, &d.Hint, &d.Issue} {
			*s = r.text()
		}
		d.Place = r.place()
		if n, ok := r.length(); ok {
			d.Args = map[string]any{}
			for i := 0; i < n && r.err == nil; i++ {
				name := r.text()
				d.Args[name] = r.value()
			}
		}
		if n, ok := r.length(); ok {
			d.Related = []diag.Related{}
			for i := 0; i < n && r.err == nil; i++ {
				d.Related = append(d.Related, diag.Related{Place: r.place(), Message: r.text()})
			}
		}
		if r.err != nil {
			return nil
		}
		list = append(list, d)
	}
	return slices.Clip(list)
}

func (r *findingsReader) value() any {
	kind := r.bytes(1)
	if r.err != nil {
		return nil
	}
	switch kind[0] {
	case typeString:
		return r.text()
	case typeInt:
		return r.int()
	case typeInt32:
		return int32(r.int64())
	case typeInt64:
		return r.int64()
	case typeFloat:
		if b := r.bytes(8); r.err == nil {
			return math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	case typeFalse, typeTrue:
		return kind[0] == typeTrue
	case typeInts:
		return listOf(r, r.int)
	case typeStrings:
		return listOf(r, r.text)
	case typeJSON:
		d := json.NewDecoder(bytes.NewReader(r.bytes(r.uint())))
		d.UseNumber() // so that numbers are written again as they were
		var v any
		if err := d.Decode(&v); err != nil {
			r.fail()
		}
		return v
	default:
		r.fail()
	}
	return nil
}

// listOf reads a list.
func listOf[T any](r *findingsReader, read func() T) []T {
	n, ok := r.length()
	if !ok {
		return nil
	}
	list := []T{}
	for i := 0; i < n && r.err == nil; i++ {
		list = append(list, read())
	}
	return list
}
