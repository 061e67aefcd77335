package queue

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"

	"hexapla/cmd/internal/compact"
	"hexapla/pipeline/diag"
)

// The findings of an article's editions are most of what a worker sends beside the pages,
// and nearly the same in each locale. As JSON they would take longer to read than the
// article takes to build. They are sent with every text once, and with the types of their
// arguments, which JSON would not keep.

// findingsWriter appends lists of findings.
type findingsWriter struct{ compact.Encoder }

func (w *findingsWriter) int(n int) { w.Int(int64(n)) }

// length appends the length of a list, or what stands for none.
func (w *findingsWriter) length(n int, isNil bool) {
	if isNil {
		n = -1
	}
	w.int(n)
}

func (w *findingsWriter) place(p *diag.Place) {
	w.Often(p.Path)
	for _, n := range [...]int{p.Line, p.Column, p.EndLine, p.EndColumn} {
		w.int(n)
	}
	w.Often(p.Locale)
	w.Often(p.Unit)
	w.Often(p.Segment)
}

// list appends a list of findings.
func (w *findingsWriter) list(list []diag.Diagnostic) error {
	w.length(len(list), list == nil)
	for i := range list {
		d := &list[i]
		w.int(int(d.Severity))
		for _, s := range [...]string{d.ID, d.Message, d.Hint, d.Issue} {
			w.Often(s)
		}
		w.place(&d.Place)
		w.length(len(d.Args), d.Args == nil)
		for name, value := range d.Args {
			w.Often(name)
			if err := w.value(value); err != nil {
				return err
			}
		}
		w.length(len(d.Related), d.Related == nil)
		for k := range d.Related {
			w.place(&d.Related[k].Place)
			w.Often(d.Related[k].Message)
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

func (w *findingsWriter) value(value any) error {
	switch v := value.(type) {
	case string:
		w.Byte(typeString)
		w.Often(v)
	case int:
		w.Byte(typeInt)
		w.int(v)
	case int32:
		w.Byte(typeInt32)
		w.int(int(v))
	case int64:
		w.Byte(typeInt64)
		w.Int(v)
	case float64:
		w.Byte(typeFloat)
		w.Fixed(math.Float64bits(v))
	case bool:
		if v {
			w.Byte(typeTrue)
		} else {
			w.Byte(typeFalse)
		}
	case []int:
		w.Byte(typeInts)
		w.length(len(v), v == nil)
		for _, n := range v {
			w.int(n)
		}
	case []string:
		w.Byte(typeStrings)
		w.length(len(v), v == nil)
		for _, s := range v {
			w.Often(s)
		}
	default:
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		w.Byte(typeJSON)
		w.Bytes(data)
	}
	return nil
}

// findingsReader reads what findingsWriter wrote.
type findingsReader struct{ compact.Decoder }

func (r *findingsReader) int() int { return int(r.Int()) }

// length returns the length of a list, each element of which has a byte at least, and
// whether there is a list.
func (r *findingsReader) length() (n int, ok bool) {
	n = r.int()
	if r.Err == nil && (n < -1 || n > len(r.Data)) {
		r.Fail()
	}
	return n, r.Err == nil && n >= 0
}

func (r *findingsReader) place() (p diag.Place) {
	p.Path = r.Often()
	for _, n := range [...]*int{&p.Line, &p.Column, &p.EndLine, &p.EndColumn} {
		*n = r.int()
	}
	p.Locale, p.Unit, p.Segment = r.Often(), r.Often(), r.Often()
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
			*s = r.Often()
		}
		d.Place = r.place()
		if n, ok := r.length(); ok {
			d.Args = map[string]any{}
			for i := 0; i < n && r.Err == nil; i++ {
				name := r.Often()
				d.Args[name] = r.value()
			}
		}
		if n, ok := r.length(); ok {
			d.Related = []diag.Related{}
			for i := 0; i < n && r.Err == nil; i++ {
				d.Related = append(d.Related, diag.Related{Place: r.place(), Message: r.Often()})
			}
		}
		if r.Err != nil {
			return nil
		}
		list = append(list, d)
	}
	return slices.Clip(list)
}

func (r *findingsReader) value() any {
	kind := r.Byte()
	if r.Err != nil {
		return nil
	}
	switch kind {
	case typeString:
		return r.Often()
	case typeInt:
		return r.int()
	case typeInt32:
		return int32(r.Int())
	case typeInt64:
		return r.Int()
	case typeFloat:
		return math.Float64frombits(r.Fixed())
	case typeFalse, typeTrue:
		return kind == typeTrue
	case typeInts:
		return listOf(r, r.int)
	case typeStrings:
		return listOf(r, r.Often)
	case typeJSON:
		d := json.NewDecoder(bytes.NewReader(r.Bytes()))
		d.UseNumber() // so that numbers are written again as they were
		var v any
		if err := d.Decode(&v); err != nil {
			r.Fail()
		}
		return v
	default:
		r.Fail()
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
	for i := 0; i < n && r.Err == nil; i++ {
		list = append(list, read())
	}
	return list
}
