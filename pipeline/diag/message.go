package diag

import (
	"fmt"
	"maps"
)

// Argument is a value in a message, by its name.
type Argument struct {
	Name  string
	Value any
}

// Arg returns a named argument for Messagef. The name is in lower camel case, such as
// "column", and says what the value is, not where it stands.
func Arg(name string, value any) Argument { return Argument{name, value} }

// Format implements fmt.Formatter: the value is written as it would be without its name.
func (a Argument) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), a.Value)
}

// Messagef returns d with a message that is formatted as by fmt.Sprintf, and with the
// values of the arguments that were made by Arg, by their names. Values that JSON has no
// form of are kept as their text. The values of an argument that is a Diagnostic, the
// reason of d, are added where they have no name of d's own.
func (d Diagnostic) Messagef(format string, args ...any) Diagnostic {
	d.Message = fmt.Sprintf(format, args...)
	named := make(map[string]any, len(args)+len(d.Args))
	for _, a := range args {
		if a, ok := a.(Argument); ok {
			if reason, ok := a.Value.(Diagnostic); ok {
				maps.Copy(named, reason.Args)
			}
		}
	}
	maps.Copy(named, d.Args)
	for _, a := range args {
		if a, ok := a.(Argument); ok {
			named[a.Name] = plainValue(a.Value)
		}
	}
	if d.Args = nil; len(named) > 0 {
		d.Args = named
	}
	return d
}

// plainValue returns v as a value that JSON writes and reads: a string, a bool, a
// number or a list of strings.
func plainValue(v any) any {
	switch v := v.(type) {
	case nil, bool, int, int32, int64, uint, uint32, uint64, float32, float64, string, []string:
		return v
	case []byte:
		return string(v)
	}
	return fmt.Sprint(v)
}
