package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"hexapla/pipeline/diag"
)

// severities are the values of check.severity.
var severities = []string{"error", "warning", "info", "off"}

// CheckRuleIDs checks every id of a diagnostic that a configuration names, in
// quality.disable, check.severity and check.allow, and every severity there. data
// must be what Parse accepted; rules are all kinds of diagnostics that there
// are. The error is a diag.Diagnostic, or several joined, each at the place of the
// wrong value and with the most similar id.
func CheckRuleIDs(name string, data []byte, rules []diag.Rule) error {
	disabled := slices.DeleteFunc(slices.Clone(rules), func(r diag.Rule) bool { return !strings.HasPrefix(r.ID, "quality.") })
	lines := diag.NewLines(data)
	var all []error
	refuse := func(n *unstable.Node, key string, err error) {
		if err == nil {
			return
		}
		start := int(n.Raw.Offset)
		d := diag.Diagnostic{
			ID: "config.value", Severity: diag.Error, Place: diag.Place{Path: name},
			Message: key + ": " + err.Error(),
		}
		d.Place.Line, d.Place.Column = lines.At(start)
		d.Place.EndLine, d.Place.EndColumn = lines.At(start + int(n.Raw.Length))
		all = append(all, d)
	}
	walkTOML(data, func(path []string, key, value *unstable.Node) {
		switch p := strings.Join(path, "."); {
		case p == "quality.disable" && value.Kind == unstable.String:
			refuse(value, p, diag.CheckID(string(value.Data), disabled))
		case p == "check.allow.id" && value.Kind == unstable.String:
			refuse(value, p, diag.CheckID(string(value.Data), rules))
		case strings.HasPrefix(p, "check.severity.") && value.Kind == unstable.String:
			refuse(key, "check.severity", diag.CheckID(strings.TrimPrefix(p, "check.severity."), rules))
			if s := string(value.Data); !slices.Contains(severities, s) {
				refuse(value, p, fmt.Errorf("unknown severity %q: use one of %s", s, strings.Join(severities, ", ")))
			}
		}
	})
	return errors.Join(all...)
}

// walkTOML calls visit for each value of a TOML document that is neither a table
// nor an array, with the keys that lead to it and the last key of them. The
// elements of an array have the path of the array.
func walkTOML(data []byte, visit func(path []string, key, value *unstable.Node)) {
	var p unstable.Parser
	p.Reset(data)
	var table []string
	keys := func(n *unstable.Node) (path []string, last *unstable.Node) {
		for it := n.Key(); it.Next(); {
			last = it.Node()
			path = append(path, string(last.Data))
		}
		return path, last
	}
	var walk func(path []string, key, n *unstable.Node)
	walk = func(path []string, key, n *unstable.Node) {
		switch n.Kind {
		case unstable.KeyValue:
			more, last := keys(n)
			walk(slices.Concat(path, more), last, n.Value())
		case unstable.InlineTable, unstable.Array:
			for it := n.Children(); it.Next(); {
				walk(path, key, it.Node())
			}
		default:
			visit(path, key, n)
		}
	}
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, _ = keys(n)
		case unstable.KeyValue:
			walk(table, nil, n)
		}
	}
}
