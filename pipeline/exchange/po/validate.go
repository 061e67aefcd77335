package po

import (
	"io"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/lazy"
)

// pluralForms finds the plural forms in a header; what gettext writes where nobody has
// filled them in is none.
var pluralForms = lazy.Regexp(`(?m)^Plural-Forms:[ \t]*(.*)$`)

// A checker collects what is wrong with a file.
type checker struct {
	name     string
	findings []diag.Diagnostic
	more     int // findings beyond the limit

	header  bool
	numbers []int // how many numbers each plural form is for, nil if the header does not name forms
	plurals int   // the line of the first plural message with a translation, 0 if there is none
	first   map[string]int
}

func (c *checker) add(sev diag.Severity, line int, id, hint, format string, args ...any) {
	c.addFinding(diag.Diagnostic{
		ID: id, Severity: sev, Place: diag.Place{Path: c.name, Line: line, Column: 1}, Hint: hint,
	}.Messagef(format, args...))
}

func (c *checker) addFinding(d diag.Diagnostic) {
	if len(c.findings) == exchange.MaxFindings {
		c.more++
		return
	}
	c.findings = append(c.findings, d)
}

// validate reports what msgfmt --check calls an error: entries that cannot be parsed,
// a file without a header, two definitions of one message, plural forms that the header does not name so or that
// do not cover all numbers, texts that begin or end with a line feed where the source does
// not, and translations that cannot be formatted as their source is.
func validate(name string, r io.Reader) []diag.Diagnostic {
	c := &checker{name: name, first: map[string]int{}}
	entries(name, r, func(e *entry) bool {
		if !e.broken {
			c.entry(e)
		}
		return true
	}, func(err error) bool {
		for _, d := range diag.From(err, "po.entry") {
			c.addFinding(d)
		}
		return true
	})
	switch {
	case !c.header && (len(c.first) > 0 || len(c.findings) == 0):
		c.add(diag.Error, 1, "po.header", "add an entry with an empty msgid that names the charset and the language", "the file has no header entry")
	case c.plurals > 0 && c.numbers == nil:
		c.add(diag.Error, c.plurals, "po.plural", "add Plural-Forms to the header", "the file has plural messages and its header names no plural forms")
	}
	if c.more > 0 {
		c.findings = append(c.findings, diag.Diagnostic{ID: "exchange.more", Severity: diag.Error, Place: diag.Place{Path: name}}.Messagef("%d more findings are not listed", diag.Arg("more", c.more)))
	}
	return c.findings
}

func (c *checker) entry(e *entry) {
	if e.obsolete {
		return
	}
	key := e.domain + "\x00" + e.id
	if e.hasContext {
		key = e.domain + "\x00" + e.context + "\x04" + e.id
	}
	if line, twice := c.first[key]; twice {
		c.add(diag.Error, e.line, "po.duplicate", "delete one of them, or give each a msgctxt", "the message %q is defined twice; it was first defined in line %d", diag.Arg("message", diag.Excerpt(e.id)), diag.Arg("line", line))
	} else {
		c.first[key] = e.line
	}
	if e.isHeader() {
		c.fileHeader(e)
		return
	}
	switch {
	case len(e.text) == 0:
		c.add(diag.Error, e.line, "po.entry", "add a line msgstr", "the message %q has no msgstr", diag.Arg("message", diag.Excerpt(e.id)))
		return
	case e.plural != "" && !e.numbered:
		c.add(diag.Error, e.line, "po.plural", "number the forms: msgstr[0], msgstr[1] …", "the message %q has a msgid_plural, and its msgstr has no number", diag.Arg("message", diag.Excerpt(e.id)))
		return
	case e.plural == "" && e.numbered:
		c.add(diag.Error, e.line, "po.plural", "add a msgid_plural, or write msgstr without a number", "the message %q has msgstr[0] and no msgid_plural", diag.Arg("message", diag.Excerpt(e.id)))
		return
	}
	empty := strings.Join(e.text, "") == ""
	if e.plural != "" {
		if c.plurals == 0 && !empty {
			c.plurals = e.line
		}
		if n := len(c.numbers); n > 0 && len(e.text) != n && !empty {
			c.add(diag.Error, e.line, "po.plural", "", "the message %q has %d plural forms; the header's Plural-Forms names %d", diag.Arg("message", diag.Excerpt(e.id)), diag.Arg("forms", len(e.text)), diag.Arg("expected", n))
		}
	}
	if strings.ContainsRune(e.context+e.id, 4) {
		c.add(diag.Error, e.line, "po.entry", "remove the character", "the message %q has the character U+0004, which gettext puts between a context and a text", diag.Arg("message", diag.Excerpt(e.id)))
	}
	if !e.fuzzy() && !empty {
		c.lineFeeds(e)
		c.formats(e)
	}
}

// fileHeader reads the plural forms that the header names, and its charset.
func (c *checker) fileHeader(e *entry) {
	c.header = true
	text := strings.Join(e.text, "")
	if m := pluralForms().FindStringSubmatch(text); m != nil && strings.TrimSpace(m[1]) != "" && !strings.Contains(m[1], "EXPRESSION") {
		numbers, err := locales.GettextNumbers(m[1])
		if err != nil {
			c.add(diag.Error, e.line, "po.plural", "", "the Plural-Forms of the header cannot be used: %s", diag.Arg("error", err))
			numbers = []int{}
		}
		c.numbers = numbers
	}
	if label, _, _ := charsetOf([]byte(text)); label != "" && label != "CHARSET" && encodingOf(label) == nil {
		c.add(diag.Warning, e.line, "po.header", "", "the charset %q is not known; the file is read as UTF-8", diag.Arg("charset", diag.Excerpt(label)))
	}
}

// lineFeeds compares the line feeds that the texts of an entry begin and end with.
func (c *checker) lineFeeds(e *entry) {
	same := func(s string) bool {
		return s == "" || strings.HasPrefix(s, "\n") == strings.HasPrefix(e.id, "\n") && strings.HasSuffix(s, "\n") == strings.HasSuffix(e.id, "\n")
	}
	if !same(e.plural) {
		c.add(diag.Error, e.line, "po.newline", "", "msgid and msgid_plural of %q do not both begin or end with a line feed", diag.Arg("message", diag.Excerpt(e.id)))
		return
	}
	for _, s := range e.text {
		if !same(s) {
			c.add(diag.Error, e.line, "po.newline", "begin and end the translation as the source", "msgid and msgstr of %q do not both begin or end with a line feed", diag.Arg("message", diag.Excerpt(e.id)))
			return
		}
	}
}

// fewNumbers is how many numbers a plural form may be for if its text may name none of
// them ("one file"), as in msgfmt.
const fewNumbers = 4

// formats compares the arguments of translations with those of their sources.
func (c *checker) formats(e *entry) {
	source := e.id
	if e.plural != "" {
		source = e.plural
	}
	d := diag.Diagnostic{ID: "po.format", Severity: diag.Error, Place: diag.Place{Path: c.name, Line: e.line, Column: 1}}
	for _, flag := range e.flags {
		for i, s := range e.text {
			mayOmit := e.plural != "" && i < len(c.numbers) && c.numbers[i] <= fewNumbers
			if s == "" {
				continue
			}
			if found, ok := checkFormat(d, flag, source, s, mayOmit); ok {
				c.addFinding(found)
				break
			}
		}
	}
}
