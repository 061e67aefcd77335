package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/locales/tag"
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
		}.Messagef("%s: %s", diag.Arg("key", key), diag.Arg("error", err.Error()))
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

// CheckFiles checks that the files and folders that a configuration names are there.
// data must be what Parse accepted. missing returns why a path below the project
// cannot be used, with the most similar one, and nil if it can. Patterns are not
// checked: they may match nothing. The error is as that of CheckRuleIDs.
func CheckFiles(name string, data []byte, missing func(path string) error) error {
	lines := diag.NewLines(data)
	var all []error
	err := walkTOML(data, func(path []string, _ span, value *cst.Node) {
		key := strings.Join(path, ".")
		switch key {
		case "glossary.files", "memory.import", "segmentation.srx", "catalogs.dir", "xml.its":
		default:
			return
		}
		if !value.IsString() || value.Text == "" || strings.ContainsAny(value.Text, "*?[{\\") || key == "catalogs.dir" && value.Text == defaultCatalogs {
			return
		}
		if err := missing(value.Text); err != nil {
			d := diag.Diagnostic{ID: "config.value", Severity: diag.Error, Place: diag.Place{Path: name}}.Messagef("%s: %s", diag.Arg("key", key), diag.Arg("error", err.Error()))
			d.Place.Line, d.Place.Column = lines.At(value.Start)
			d.Place.EndLine, d.Place.EndColumn = lines.At(value.End)
			all = append(all, d)
		}
	})
	return errors.Join(append(all, err)...)
}

// CheckHooks returns a warning for each locale that a hook lists and the project does
// not build. data must be what Parse accepted and returned as c.
func CheckHooks(name string, data []byte, c *Config) []diag.Diagnostic {
	needed := slices.Clone(c.Project.Locales)
	for _, h := range c.Hooks {
		needed = append(needed, h.Pivot)
	}
	lines := diag.NewLines(data)
	var out []diag.Diagnostic
	_ = walkTOML(data, func(path []string, _ span, value *cst.Node) {
		if strings.Join(path, ".") != "hook.locales" || !value.IsString() {
			return
		}
		l, err := tag.Canonical(value.Text)
		if err != nil || slices.ContainsFunc(needed, func(t string) bool { return t == l || strings.HasPrefix(t, l+"-") }) {
			return
		}
		d := diag.Diagnostic{
			ID: "project.hook", Severity: diag.Warning, Place: diag.Place{Path: name},
			Hint: "correct the locale, or add it to project.locales",
		}.Messagef("hook.locales: the project does not build %s; it builds %s", diag.Arg("locale", l), diag.Arg("locales", strings.Join(c.Project.Locales, ", ")))
		if near := diag.Nearest(l, c.Project.Locales); near != "" {
			d.Hint = fmt.Sprintf("did you mean %q? else add the locale to project.locales", near)
		}
		d.Place.Line, d.Place.Column = lines.At(value.Start)
		d.Place.EndLine, d.Place.EndColumn = lines.At(value.End)
		out = append(out, d)
	})
	return out
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
