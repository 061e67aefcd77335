package config

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"hexapla/pipeline/diag"
)

// manyKeys is the number of keys from which unknown ones are looked for here: the
// TOML library takes quadratic time for its errors.
const manyKeys = 2000

// maxUnknown is the number of unknown keys that are reported one by one.
const maxUnknown = 20

// countKeys returns how many keys a TOML document has, tables included. It stops at
// the first error.
func countKeys(data []byte) int {
	var p unstable.Parser
	p.Reset(data)
	n := 0
	for p.NextExpression() {
		n++
	}
	return n
}

// unknownKeys returns the error for keys that the configuration does not have, nil if
// there are none, in linear time. Keys of engines are for the engines to judge.
func unknownKeys(name string, data []byte) error {
	sections := map[string]map[string]bool{}
	for _, s := range Reference() {
		keys := map[string]bool{}
		for _, k := range s.Keys {
			keys[k.Name] = true
		}
		sections[s.Name] = keys
	}
	fields := map[string]map[string]bool{ // of tables in lists
		"check.allow":       {"id": true, "path": true, "locale": true, "unit": true, "reason": true, "expires": true},
		"schedule.article":  {"articles": true, "locales": true, "publish_at": true, "expire_at": true},
		"schedule.together": {"articles": true, "locales": true},
		"sources.article":   {"articles": true, "locale": true},
		"check.calls":       {"name": true, "arg": true},
	}
	known := func(path string) bool {
		path = indexes().ReplaceAllString(path, "")
		section, rest, _ := strings.Cut(path, ".")
		switch {
		case section == "hook":
			return true
		case sections[section] == nil:
			return false
		case rest == "":
			return true
		}
		key, rest, _ := strings.Cut(rest, ".")
		if (section == "policy" || section == "subtitles") && key == "locale" {
			_, field, _ := strings.Cut(rest, ".")
			return field == "" || sections[section][field]
		}
		if !sections[section][key] {
			return false
		}
		if f := fields[section+"."+key]; f != nil && rest != "" {
			return f[rest]
		}
		return true
	}
	var all []error
	unknown := 0
	report := func(path string, at *unstable.Node) {
		if path == "" || known(path) {
			return
		}
		if unknown++; unknown > maxUnknown || at == nil {
			return
		}
		line, column := diag.At(data, int(at.Raw.Offset))
		all = append(all, diag.Diagnostic{
			ID: "config.unknown", Severity: diag.Error, Place: diag.Place{Path: name, Line: line, Column: column},
			Hint: "'hexapla help config' lists the keys",
		}.Messagef("unknown key %q", diag.Arg("key", diag.Excerpt(indexes().ReplaceAllString(path, "")))))
	}
	var p unstable.Parser
	p.Reset(data)
	table := ""
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			var first *unstable.Node
			table, first = keyPath("", e.Key())
			report(table, first)
		case unstable.KeyValue:
			if table == "" || known(table) { // else the table is reported
				path, first := keyPath(table, e.Key())
				report(path, first)
			}
		}
	}
	if unknown > len(all) {
		all = append(all, diag.Diagnostic{
			ID: "config.unknown", Severity: diag.Error, Place: diag.Place{Path: name},
		}.Messagef("unknown keys that are not listed: %d", diag.Arg("count", unknown-len(all))))
	}
	return errors.Join(all...)
}
