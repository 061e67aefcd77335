package markdown

import (
	"strings"

	"github.com/yuin/goldmark/util"
)

// Dialect is the Markdown of one renderer, where renderers differ: what a
// backslash escapes, what a paragraph may hold, how a heading gets an id. The
// zero value is CommonMark with the extensions of the package comment.
type Dialect string

const (
	DialectAuto           Dialect = ""
	DialectCommonMark     Dialect = "commonmark"      // and GitHub's
	DialectGoldmark       Dialect = "goldmark"        // Hugo
	DialectKramdown       Dialect = "kramdown"        // Jekyll
	DialectMarkdownIt     Dialect = "markdown-it"     // VitePress, VuePress, Eleventy
	DialectMDX            Dialect = "mdx"             // every file is MDX: Docusaurus
	DialectPythonMarkdown Dialect = "python-markdown" // MkDocs, Pelican
	DialectRemark         Dialect = "remark"          // Astro, Gatsby
)

// ParseDialect returns the dialect that a configuration names; "auto" and the
// empty string are the default.
func ParseDialect(s string) Dialect {
	if s == "auto" {
		return DialectAuto
	}
	return Dialect(s)
}

// Dialects are the dialects that a configuration may name.
func Dialects() []Dialect {
	return []Dialect{
		DialectCommonMark, DialectGoldmark, DialectKramdown, DialectMarkdownIt, DialectMDX, DialectPythonMarkdown, DialectRemark,
	}
}

// unescapable returns the marks that CommonMark (2.4) lets a backslash escape and the
// renderers of a dialect do not: kramdown 2.4 (Kramdown::Parser::Kramdown,
// ESCAPED_CHARS), python-markdown 3.4 (Markdown.ESCAPED_CHARS, and the pipe of
// its tables).
func (d Dialect) unescapable() string {
	switch d {
	case DialectKramdown:
		return `"%&',/;?@^~`
	case DialectPythonMarkdown:
		return `"$%&',/:;<=?@^|~`
	}
	return ""
}

// shownEscapes returns the marks behind a backslash that CommonMark lets it escape, and before
// which the renderers of a dialect, and extensions that are common there, show it.
func (d Dialect) shownEscapes() string {
	switch d {
	case DialectKramdown:
		return "%,/;?@"
	case DialectPythonMarkdown:
		return `"%',/;=?@`
	}
	return ""
}

// escapes reports whether a backslash before c means c.
func (d Dialect) escapes(c byte) bool {
	return util.IsPunct(c) && strings.IndexByte(d.shownEscapes(), c) < 0
}

// escapeMark returns the mark c so that it means nothing: with a backslash before
// it or, where the dialect would show the backslash, as a reference.
func (d Dialect) escapeMark(c byte) string {
	if strings.IndexByte(d.unescapable(), c) < 0 {
		return backslashed[c]
	}
	switch c {
	case '<':
		return "&lt;"
	case '&':
		return "&amp;"
	}
	return charRef(rune(c))
}

// backslashed has each byte with a backslash before it.
var backslashed = func() (all [256]string) {
	for c := range all {
		all[c] = `\` + string([]byte{byte(c)})
	}
	return all
}()

// hasLooseMarks reports whether emphasis ends and begins wherever no space is in
// the way, whatever punctuation is next to it, and addresses are no links by their
// look alone: so in renderers that follow John Gruber's description.
func (d Dialect) hasLooseMarks() bool { return d == DialectKramdown || d == DialectPythonMarkdown }

// headingIDs returns how headings keep their ids if nothing else is configured.
func (d Dialect) headingIDs() HeadingIDs {
	switch d {
	case DialectGoldmark, DialectKramdown, DialectPythonMarkdown:
		return HeadingIDsAttribute
	case DialectCommonMark, DialectMarkdownIt, DialectMDX, DialectRemark:
		return HeadingIDsAnchor
	}
	return HeadingIDsAuto
}
