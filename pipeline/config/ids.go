package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/cst"
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
	refuse := func(at span, key string, err error) {
		if err == nil {
			return
		}
		d := diag.Diagnostic{
			ID: "config.value", Severity: diag.Error, Place: diag.Place{Path: name},
			Message: key + ": " + err.Error(),
		}
		d.Place.Line, d.Place.Column = lines.At(at.start)
		d.Place.EndLine, d.Place.EndColumn = lines.At(at.end)
		all = append(all, d)
	}
	err := walkTOML(data, func(path []string, key span, value *cst.Node) {
		if !value.IsString() {
			return
		}
		at := span{value.Start, value.End}
		switch p := strings.Join(path, "."); {
		case p == "quality.disable":
			refuse(at, p, diag.CheckID(value.Text, disabled))
		case p == "check.allow.id":
			refuse(at, p, diag.CheckID(value.Text, rules))
		case strings.HasPrefix(p, "check.severity."):
			refuse(key, "check.severity", diag.CheckID(strings.TrimPrefix(p, "check.severity."), rules))
			if s := value.Text; !slices.Contains(severities, s) {
				refuse(at, p, fmt.Errorf("unknown severity %q: use one of %s", s, strings.Join(severities, ", ")))
			}
		}
	})
	return errors.Join(append(all, err)...)
}

// walkTOML calls visit for each scalar of a TOML document, with the keys that lead
// to it and the place of the last one. The elements of an array have the path of
// the array.
func walkTOML(data []byte, visit func(path []string, key span, value *cst.Node)) error {
	var walk func(path []string, key span, n *cst.Node)
	walk = func(path []string, key span, n *cst.Node) {
		if n.Kind == cst.Scalar {
			visit(path, key, n)
		}
		for _, e := range n.Elements {
			if e.Key == nil {
				walk(path, key, e.Value)
			} else {
				walk(append(path[:len(path):len(path)], e.Key.Text), span{e.Key.Start, e.Key.End}, e.Value)
			}
		}
	}
	return cst.ScanTOML(data, func(e *cst.TOMLEntry) error {
		if e.Value == nil {
			return nil
		}
		path := slices.Clone(e.Table)
		for _, k := range e.Keys {
			path = append(path, k.Name)
		}
		last := e.Keys[len(e.Keys)-1]
		walk(path, span{last.Start, last.End}, e.Value)
		return nil
	})
}

// span is a part of a file, by byte offsets.
type span struct{ start, end int }
