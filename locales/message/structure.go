package message

import (
	"slices"
	"strings"

	"hexapla/pipeline/diag"
)

// maxStructureErrors is how many structure errors of a file are reported.
const maxStructureErrors = 200

// structureErrors returns, in the file's order, what makes go-i18n refuse the file:
// values that are not strings, and tables that mix fields of a message with other
// keys. Go-i18n itself reports one of them, which one is left to chance.
func (f *File) structureErrors(leaves []leaf, body []byte) []diag.Diagnostic {
	var out []diag.Diagnostic
	var lines *diag.Lines
	add := func(offset int, unit, format string, args ...any) {
		if lines == nil {
			lines = diag.NewLines(body)
		}
		line, column := lines.At(offset)
		out = append(out, diag.Diagnostic{ID: "catalog.structure", Severity: diag.Error, Place: diag.Place{Path: f.Path, Line: line, Column: column, Unit: unit}}.Messagef(format, args...))
	}
	names := itemNames(leaves)
	mixed := mixedTables(leaves)
	inMixed := map[string]bool{}
	for _, t := range mixed {
		inMixed[strings.Join(t.path, "\x01")] = true
	}
	for _, l := range leaves {
		if !l.isString && !l.empty && len(out) < maxStructureErrors {
			if n := len(l.path) - 1; !isField(l.path[n]) && inMixed[strings.Join(l.path[:n], "\x01")] {
				continue // the table is reported
			}
			table := l.path[:len(l.path)-1]
			if !isField(l.path[len(l.path)-1]) && !inList(table) {
				table = l.path
			}
			add(l.valueOffset, names.of(table), "value of %q is not a string", diag.Arg("key", names.of(l.path)))
		}
	}
	for _, t := range mixed {
		if len(out) < maxStructureErrors {
			add(t.offset, names.of(t.path), "reserved keys [%s] mixed with unreserved keys [%s]", diag.Arg("reserved", strings.Join(t.reserved, " ")), diag.Arg("unreserved", strings.Join(t.unreserved, " ")))
		}
	}
	slices.SortStableFunc(out, func(a, b diag.Diagnostic) int { return a.Place.Compare(b.Place) })
	return out
}

// maxKeysNamed is how many keys of each kind a message about a mixed table has.
const maxKeysNamed = 8

// names are the names of the items of lists, by path: their ids.
type names map[string]string

// itemNames returns the ids of the items of lists.
func itemNames(leaves []leaf) names {
	out := names{}
	for _, l := range leaves {
		if n := len(l.path) - 1; n > 0 && strings.EqualFold(l.path[n], "id") && l.value != "" && inList(l.path[:n]) {
			out[strings.Join(l.path[:n], "\x01")] = l.value
		}
	}
	return out
}

// of returns what a path of keys is called in messages to users.
func (n names) of(path []string) string {
	var out []string
	for i, key := range path {
		if index, ok := strings.CutPrefix(key, arrayMark); ok {
			if key = n[strings.Join(path[:i+1], "\x01")]; key == "" {
				key = "[" + index + "]"
			}
		}
		out = append(out, key)
	}
	return strings.Join(out, ".")
}

// A mixedTable has fields of a message and other keys.
type mixedTable struct {
	path                 []string
	reserved, unreserved []string
	offset               int // of the first key that is not like those before it
}

// mixedTables returns the tables that mix fields of a message with other keys, in
// the file's order.
func mixedTables(leaves []leaf) []*mixedTable {
	tables := map[string]*mixedTable{}
	var order []*mixedTable
	for _, l := range leaves {
		for n := range l.path {
			key := l.path[n]
			if n > 0 && l.path[n-1] == "translation" {
				break // the forms of a message of go-i18n's first version
			}
			if strings.HasPrefix(key, arrayMark) {
				continue
			}
			at := strings.Join(l.path[:n], "\x01")
			t := tables[at]
			if t == nil {
				t = &mixedTable{path: l.path[:n], offset: -1}
				tables[at] = t
				order = append(order, t)
			}
			list := &t.unreserved
			if key == "translation" || isField(key) && n == len(l.path)-1 && l.isString && !l.null {
				list = &t.reserved
			}
			if len(*list) == maxKeysNamed || slices.Contains(*list, key) {
				continue
			}
			*list = append(*list, key)
			if t.offset < 0 && len(t.reserved) > 0 && len(t.unreserved) > 0 {
				t.offset = l.keyOffset
				if n < len(l.path)-1 && l.header >= 0 {
					t.offset = l.header
				}
			}
		}
	}
	return slices.DeleteFunc(order, func(t *mixedTable) bool { return len(t.reserved) == 0 || len(t.unreserved) == 0 })
}
