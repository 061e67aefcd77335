package compact

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"

	"hexapla/pipeline/diag"
)

// The findings of an article's editions are most of what is kept or sent beside the pages,
// and nearly the same in each locale. As JSON they would take longer to read than the
// article takes to build. They have every text once, and the types of their arguments,
// which JSON would not keep.

// length appends the length of a list, or what stands for none.
func (e *Encoder) length(n int, isNil bool) {
	if isNil {
		n = -1
	}
	e.Int(int64(n))
}

func (e *Encoder) place(p *diag.Place) {
	e.Often(p.Path)
	for _, n := range [...]int{p.Line, p.Column, p.EndLine, p.EndColumn} {
		e.Int(int64(n))
	}
	e.Often(p.Locale)
	e.Often(p.Unit)
	e.Often(p.Segment)
}

// Findings appends a list of findings. It returns an error if one has an argument that
// cannot be written; a Decoder then fails to read the list.
func (e *Encoder) Findings(list []diag.Diagnostic) error {
	e.length(len(list), list == nil)
	for i := range list {
		d := &list[i]
		e.Int(int64(d.Severity))
		for _, s := range [...]string{d.ID, d.Message, d.Hint, d.Issue} {
			e.Often(s)
		}
		e.place(&d.Place)
		e.length(len(d.Args), d.Args == nil)
		for _, name := range slices.Sorted(maps.Keys(d.Args)) {
			e.Often(name)
			if err := e.value(d.Args[name]); err != nil {
				return err
			}
		}
		e.length(len(d.Related), d.Related == nil)
		for k := range d.Related {
			e.place(&d.Related[k].Place)
			e.Often(d.Related[k].Message)
		}
	}
	return nil
}

// The types of arguments. A value of another type is written as JSON.
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
	typeNone // of a value that cannot be written: it is not read
)

func (e *Encoder) value(value any) error {
	switch v := value.(type) {
	case string:
		e.Byte(typeString)
		e.Often(v)
	case int:
		e.Byte(typeInt)
		e.Int(int64(v))
	case int32:
		e.Byte(typeInt32)
		e.Int(int64(v))
	case int64:
		e.Byte(typeInt64)
		e.Int(v)
	case float64:
		e.Byte(typeFloat)
		e.Fixed(math.Float64bits(v))
	case bool:
		if v {
			e.Byte(typeTrue)
		} else {
			e.Byte(typeFalse)
		}
	case []int:
		e.Byte(typeInts)
		e.length(len(v), v == nil)
		for _, n := range v {
			e.Int(int64(n))
		}
	case []string:
		e.Byte(typeStrings)
		e.length(len(v), v == nil)
		for _, s := range v {
			e.Often(s)
		}
	default:
		data, err := json.Marshal(v)
		if err != nil {
			e.Byte(typeNone)
			return err
		}
		e.Byte(typeJSON)
		e.Bytes(data)
	}
	return nil
}

// length returns the length of a list, each element of which has a byte at least, and
// whether there is a list.
func (d *Decoder) length() (n int, ok bool) {
	n = int(d.Int())
	if d.Err == nil && (n < -1 || n > len(d.Data)) {
		d.Fail()
	}
	return n, d.Err == nil && n >= 0
}

func (d *Decoder) place() (p diag.Place) {
	p.Path = d.Often()
	for _, n := range [...]*int{&p.Line, &p.Column, &p.EndLine, &p.EndColumn} {
		*n = int(d.Int())
	}
	p.Locale, p.Unit, p.Segment = d.Often(), d.Often(), d.Often()
	return p
}

// Findings reads a list of Encoder.Findings.
func (d *Decoder) Findings() []diag.Diagnostic {
	n, ok := d.length()
	if !ok {
		return nil
	}
	list := []diag.Diagnostic{} // grows with what there is, whatever the length says
	for range n {
		x := diag.Diagnostic{Severity: diag.Severity(d.Int())}
		for _, s := range [...]*string{&x.ID, &x.Message, &x.Hint, &x.Issue} {
			*s = d.Often()
		}
		x.Place = d.place()
		if n, ok := d.length(); ok {
			x.Args = map[string]any{}
			for i := 0; i < n && d.Err == nil; i++ {
				name := d.Often()
				x.Args[name] = d.value()
			}
		}
		if n, ok := d.length(); ok {
			x.Related = []diag.Related{}
			for i := 0; i < n && d.Err == nil; i++ {
				x.Related = append(x.Related, diag.Related{Place: d.place(), Message: d.Often()})
			}
		}
		if d.Err != nil {
			return nil
		}
		list = append(list, x)
	}
	return slices.Clip(list)
}

func (d *Decoder) value() any {
	kind := d.Byte()
	if d.Err != nil {
		return nil
	}
	switch kind {
	case typeString:
		return d.Often()
	case typeInt:
		return int(d.Int())
	case typeInt32:
		return int32(d.Int())
	case typeInt64:
		return d.Int()
	case typeFloat:
		return math.Float64frombits(d.Fixed())
	case typeFalse, typeTrue:
		return kind == typeTrue
	case typeInts:
		return listOf(d, func() int { return int(d.Int()) })
	case typeStrings:
		return listOf(d, d.Often)
	case typeJSON:
		j := json.NewDecoder(bytes.NewReader(d.Bytes()))
		j.UseNumber() // so that numbers are written again as they were
		var v any
		if err := j.Decode(&v); err != nil {
			d.Fail()
		}
		return v
	default:
		d.Fail()
	}
	return nil
}

// listOf reads a list.
func listOf[T any](d *Decoder, read func() T) []T {
	n, ok := d.length()
	if !ok {
		return nil
	}
	list := []T{}
	for i := 0; i < n && d.Err == nil; i++ {
		list = append(list, read())
	}
	return list
}
