package po

import (
	"io"
	"strconv"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/lazy"
)

// nplurals finds the number of plural forms in a header.
var nplurals = lazy.Regexp(`(?m)^Plural-Forms:\s*nplurals\s*=\s*([0-9]+)\s*;\s*plural\s*=\s*[^;\s]`)

// validate reports what msgfmt --check calls an error: entries that cannot be parsed,
// two definitions of one message, plural entries without as many forms as the header
// names, and texts that begin or end with a line feed
// where the source does not.
func validate(name string, r io.Reader) []diag.Diagnostic {
	var ds []diag.Diagnostic
	more := 0
	add := func(sev diag.Severity, line int, id, hint, format string, args ...any) {
		if len(ds) == exchange.MaxFindings {
			more++
			return
		}
		ds = append(ds, diag.Diagnostic{
			ID: id, Severity: sev, Place: diag.Place{Path: name, Line: line, Column: 1}, Hint: hint,
		}.Messagef(format, args...))
	}
	forms, header := 0, false
	first := map[string]int{}
	plurals := 0
	entries(name, r, func(e *entry) bool {
		if e.obsolete {
			return true
		}
		key := e.domain + "\x00" + e.context + "\x04" + e.id
		if !e.hasContext {
			key = e.domain + "\x00" + e.id
		}
		if line, twice := first[key]; twice {
			add(diag.Error, e.line, "po.duplicate", "delete one of them, or give each a msgctxt", "the message %q is defined twice; it was first defined in line %d", diag.Arg("message", diag.Excerpt(e.id)), diag.Arg("line", line))
		} else {
			first[key] = e.line
		}
		if e.isHeader() {
			header = true
			if m := nplurals().FindStringSubmatch(strings.Join(e.text, "")); m != nil {
				forms, _ = strconv.Atoi(m[1])
			}
			return true
		}
		if len(e.text) == 0 {
			add(diag.Error, e.line, "po.entry", "add a line msgstr", "the message %q has no msgstr", diag.Arg("message", diag.Excerpt(e.id)))
			return true
		}
		if e.plural != "" {
			plurals++
			if empty := strings.Join(e.text, "") == ""; forms > 0 && len(e.text) != forms && !empty {
				add(diag.Error, e.line, "po.plural", "", "the message %q has %d plural forms; the header's Plural-Forms names %d", diag.Arg("message", diag.Excerpt(e.id)), diag.Arg("forms", len(e.text)), diag.Arg("expected", forms))
			}
		}
		if e.fuzzy() {
			return true
		}
		for _, s := range e.text {
			if s == "" {
				continue
			}
			if strings.HasPrefix(s, "\n") != strings.HasPrefix(e.id, "\n") || strings.HasSuffix(s, "\n") != strings.HasSuffix(e.id, "\n") {
				add(diag.Error, e.line, "po.newline", "begin and end the translation as the source", "msgid and msgstr of %q do not both begin or end with a line feed", diag.Arg("message", diag.Excerpt(e.id)))
				break
			}
		}
		return true
	}, func(err error) bool {
		for _, d := range diag.From(err, "po.entry") {
			if len(ds) == exchange.MaxFindings {
				more++
				continue
			}
			ds = append(ds, d)
		}
		return true
	})
	switch {
	case header && plurals > 0 && forms == 0:
		add(diag.Warning, 1, "po.plural", "add Plural-Forms to the header", "the file has plural messages and its header names no plural forms")
	case !header && len(first) > 0:
		add(diag.Warning, 1, "po.header", "add an entry with an empty msgid that names the charset and the language", "the file has no header entry")
	}
	if more > 0 {
		ds = append(ds, diag.Diagnostic{ID: "exchange.more", Severity: diag.Error, Place: diag.Place{Path: name}}.Messagef("%d more findings are not listed", diag.Arg("more", more)))
	}
	return ds
}
