package config

import (
	"fmt"
	"strings"

	"hexapla/pipeline/lazy"

	"github.com/pelletier/go-toml/v2/unstable"
)

// places holds the byte offset of the value of each key in a TOML file, by the
// key's path: "project.locales", and for its items "project.locales[1]".
type places map[string]int

// indexes matches the list positions in a key's path.
var indexes = lazy.Regexp(`\[\d+\]`)

// positions finds where the values of a valid TOML document are.
func positions(data []byte) places {
	at := places{}
	var p unstable.Parser
	p.Reset(data)
	table := ""
	tables := map[string]int{} // how many tables an array of tables has
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			var first *unstable.Node
			table, first = keyPath("", e.Key())
			if e.Kind == unstable.ArrayTable {
				n := tables[table]
				tables[table]++
				table = fmt.Sprintf("%s[%d]", table, n)
			}
			if first != nil {
				at.set(table, int(first.Raw.Offset))
			}
		case unstable.KeyValue:
			at.keyValue(table, e)
		}
	}
	return at
}

func (at places) keyValue(table string, e *unstable.Node) {
	key, first := keyPath(table, e.Key())
	if first != nil {
		at.value(key, e.Value(), int(first.Raw.Offset))
	}
}

// value records a value and all that is in it. outer is the offset of its key, or
// of the list that it is in, for values that have no offset of their own.
func (at places) value(key string, v *unstable.Node, outer int) {
	if v.Raw.Length > 0 {
		outer = int(v.Raw.Offset)
	}
	at.set(key, outer)
	items := v.Children()
	switch v.Kind {
	case unstable.Array:
		for n := 0; items.Next(); n++ {
			at.value(fmt.Sprintf("%s[%d]", key, n), items.Node(), outer)
		}
	case unstable.InlineTable:
		for items.Next() {
			at.keyValue(key, items.Node())
		}
	}
}

func (at places) set(key string, offset int) {
	if _, ok := at[key]; !ok {
		at[key] = offset
	}
}

// find returns the offset of a key's value, or of the nearest table or list
// around it. A list of tables may be written as one table.
func (at places) find(key string) (int, bool) {
	if table, rest, ok := strings.Cut(key, "[0]."); ok {
		if offset, ok := at[table+"."+rest]; ok {
			return offset, true
		}
	}
	for key != "" {
		if offset, ok := at[key]; ok {
			return offset, true
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 0, false
}

// keyPath joins the parts of a key to table, and returns its first part.
func keyPath(table string, it unstable.Iterator) (path string, first *unstable.Node) {
	path = table
	for it.Next() {
		if first == nil {
			first = it.Node()
		}
		if path != "" {
			path += "."
		}
		path += string(it.Node().Data)
	}
	return path, first
}
