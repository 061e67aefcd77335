package markdown

import (
	"bytes"

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
