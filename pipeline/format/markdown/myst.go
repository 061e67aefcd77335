package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// This file knows what MyST (Markedly Structured Text, of Jupyter Book and Sphinx) adds
// to CommonMark: directives in fences, roles, targets and comments.

// proseDirective is a fence of MyST whose content is Markdown: ```{note}.
var proseDirective = lazy.Regexp("^\\{(?:note|warning|tip|important|attention|caution|danger|error|hint|seealso|admonition|dropdown|card|" +
	"tab-item|tab-set|grid|grid-item|grid-item-card|epigraph|pull-quote|highlights|topic|sidebar|margin|aside|figure|todo|versionadded|" +
	"versionchanged|deprecated|glossary|list-table|exercise|solution|proof|prf:[a-z]+|div)\\}[ \\t]*[^`\\n]*\\n?$")

var (
	// mystTarget is a name for what follows: (installation)=
	mystTarget = lazy.Regexp(`^\([\w./:#-]+\)=$`)
	// mystBreak divides blocks and has data of programs: +++ {"key": 1}
	mystBreak = lazy.Regexp(`^\+\+\+[ \t]*\{.*\}$`)
	// mystRole is the name of a role, before its code span: {ref}`installation`
	mystRole = lazy.Regexp("^\\{[a-z][\\w:.+-]*\\}`")
	// mystEvidence is what only a document of MyST has.
	mystEvidence = lazy.Regexp("(?m)^\\([\\w./:#-]+\\)=[ \\t\\r]*$|^[ \\t]*[`:]{3,}\\{(?:note|warning|tip|admonition|seealso|code-block|code-cell|toctree|figure|dropdown|literalinclude)\\}|\\{(?:ref|doc|term|numref|eq|cite(?::\\w+)?|abbr|any|py:\\w+)\\}`")
)

// allowsMyST reports whether the dialect may be MyST.
func (d Dialect) allowsMyST() bool { return d == DialectAuto || d == DialectMarkdownIt }

// maxDirective is the greatest length of a fence that is looked at as a directive's.
const maxDirective = 12

// mystFence returns the marks of a fence that begins a directive with prose, if a
// line that ends before end does so with n backticks before rest, and it is closed.
func (s *scanner) mystFence(end, n int, rest []byte) (opening mask, ok bool) {
	if !s.dialect.allowsMyST() || n > maxDirective || !proseDirective().Match(rest) || s.lastFence(n) < end {
		return mask{}, false
	}
	from := end - len(rest) - n
	return mask{from: from, to: from + n, kind: fenceMask, lines: true}, true
}

// lastFence returns where the last line of at least n backticks alone begins, or -1.
func (s *scanner) lastFence(n int) int {
	if at, ok := s.fences[n]; ok {
		return at
	}
	last := -1
	for i := 0; i < len(s.data); {
		end := lineEnd(s.data, i)
		if c, k, rest := fenceOf(s.data[i:end]); c == '`' && k >= n && len(bytes.TrimSpace(rest)) == 0 {
			last = i
		}
		i = end
	}
	if s.fences == nil {
		s.fences = map[int]int{}
	}
	s.fences[n] = last
	return last
}

// isMyST reports whether the document has what only MyST has.
func (s *scanner) isMyST() bool {
	if s.myst == 0 {
		s.myst = -1
		if s.dialect.allowsMyST() && mystEvidence().Match(s.data) {
			s.myst = 1
		}
	}
	return s.myst > 0
}

// mystLine reports whether a line, without the white space around it, is a target, a
// division or a comment of MyST.
func (s *scanner) mystLine(text []byte) bool {
	switch text[0] {
	case '(':
		return s.dialect.allowsMyST() && mystTarget().Match(text)
	case '+':
		return s.dialect.allowsMyST() && mystBreak().Match(text)
	case '%':
		return (text[1] == ' ' || text[1] == '\t') && s.isMyST()
	}
	return false
}

// shownRoles are roles whose content is text that readers see, of docutils
// (https://docutils.sourceforge.io/docs/ref/rst/roles.html), Sphinx
// (https://www.sphinx-doc.org/en/master/usage/restructuredtext/roles.html) and MyST
// (https://mystmd.org/guide/roles). "term" is one of which the
// content is also the name of what it leads to. Of other roles an explicit text, before a
// target in angle brackets, is text: {ref}`see there <target>`.
var shownRoles = map[string]bool{
	"term": true, "abbr": true, "emphasis": true, "strong": true, "guilabel": true, "menuselection": true, "dfn": true, "sub": true, "sup": true,
	"subscript": true, "superscript": true, "del": true, "u": true, "underline": true, "smallcaps": true, "span": true, "title-reference": true,
}

// codeRoles are roles of the same sources of which nothing is prose.
var codeRoles = map[string]bool{
	"code": true, "kbd": true, "math": true, "eq": true, "command": true, "file": true, "samp": true, "literal": true, "program": true, "envvar": true,
	"option": true, "raw": true, "eval": true, "glue": true,
}

// role makes a unit of the text in a role; cell reports whether it is in a table, where a
// bar has a backslash before it (GFM 0.29, 4.10).
func (s *splitter) role(m *mask, cell bool) []int {
	n := m.head - m.from - len(m.name) - 2 // the length of its fence
	from, to := m.head, m.to-n
	if n < 1 || to <= from || codeRoles[m.name] || !utf8.Valid(s.data[from:to]) || bytes.ContainsAny(s.data[from:to], "\n\r") {
		return nil
	}
	c := context{kind: roleContext, cell: cell}
	text := s.data[from:to]
	switch at := bytes.LastIndexByte(text, '<'); {
	case at > 0 && text[len(text)-1] == '>':
		to = from + len(bytes.TrimRight(text[:at], " \t"))
	case !shownRoles[m.name]:
		return nil
	case m.name == "term":
		c.style = "term"
	}
	for from < to && isSpaceByte(s.data[from]) {
		from++
	}
	for from < to && isSpaceByte(s.data[to-1]) {
		to--
	}
	if from == to {
		return nil
	}
	chars := string(s.data[from:to])
	if cell {
		chars = strings.ReplaceAll(chars, `\|`, "|")
	}
	if k := s.scalar(from, to, chars, bitext.Attribute, c, m.name); k >= 0 {
		return []int{k}
	}
	return nil
}

// encodeRole writes the text in a role, where nothing can be escaped: what would end it is
// written as a character that looks the same. A term keeps its source as its target.
func encodeRole(c context, was, value string) string {
	value = strings.TrimSpace(strings.ReplaceAll(oneLine(value), "`", "\u02cb"))
	if c.cell {
		value = strings.ReplaceAll(value, "|", `\|`)
	}
	if c.style == "term" {
		return value + " <" + was + ">"
	}
	return value
}

// checkRole reports the targets of a role with a backtick, which encodeRole replaces.
func (e *encoder) checkRole(h *bitext.UnitSpan, u *bitext.Unit, targets []bitext.Target) {
	for j := range targets {
		if t := &targets[j]; t.Filled && strings.Contains(t.Text.Chars, "`") {
			line, column := e.lines().At(h.Start)
			e.ds = append(e.ds, diag.Diagnostic{
				ID: "markdown.role", Severity: diag.Warning, Place: diag.Place{Path: e.doc.Path, Line: line, Column: column, Unit: u.ID, Segment: u.Segments[j].ID},
				Message: "a backtick in the text of a role would end it: \u02cb (U+02CB) is written in its place",
				Hint:    "write the translation without a backtick",
			})
			return
		}
	}
}
