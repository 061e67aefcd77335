package markdown

import (
	"bytes"
	"regexp"
	"strings"
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

// unescapable are marks that CommonMark (2.4) lets a backslash escape and the
// renderers of a dialect do not: kramdown 2.4 (Kramdown::Parser::Kramdown,
// ESCAPED_CHARS), python-markdown 3.4 (Markdown.ESCAPED_CHARS, and the pipe of
// its tables).
var unescapable = map[Dialect]string{
	DialectKramdown:       `"%&',/;?@^~`,
	DialectPythonMarkdown: `"$%&',/:;<=?@^|~`,
}

// escapeMark returns the mark c so that it means nothing: with a backslash before
// it or, where the dialect would show the backslash, as a reference.
func (d Dialect) escapeMark(c byte) string {
	if strings.IndexByte(unescapable[d], c) < 0 {
		return `\` + string(c)
	}
	switch c {
	case '<':
		return "&lt;"
	case '&':
		return "&amp;"
	}
	return charRef(rune(c))
}

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

// siteFiles are the configurations of site generators, in the order in which they
// are looked for, and the renderer that each uses if its configuration does not
// name another one.
var siteFiles = []struct {
	names   []string
	dialect Dialect
}{
	{[]string{"mkdocs.yml", "mkdocs.yaml", "zensical.toml", "pelicanconf.py"}, DialectPythonMarkdown},
	{[]string{"hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/config.toml"}, DialectGoldmark},
	{[]string{"docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"}, DialectMDX},
	{[]string{"astro.config.mjs", "astro.config.ts", "astro.config.js", "gatsby-config.js", "gatsby-config.ts"}, DialectRemark},
	{[]string{".vitepress/config.js", ".vitepress/config.ts", ".vitepress/config.mts", ".vitepress/config.mjs", ".vuepress/config.js", ".vuepress/config.ts",
		".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"}, DialectMarkdownIt},
	{[]string{"_config.yml", "_config.yaml", "_config.toml"}, DialectKramdown},
}

// DetectDialect finds the dialect of a site by the configuration of its
// generator, which read returns by its path below the site's folder, nil if there
// is none. It returns DialectAuto where no generator is known. Heading ids differ
// from the dialect's own way where the configuration says so: attribute lists are
// an extension of python-markdown, and built into Docusaurus and VitePress.
func DetectDialect(read func(name string) []byte) (Dialect, HeadingIDs) {
	for _, site := range siteFiles {
		for _, name := range site.names {
			data := read(name)
			if data == nil {
				continue
			}
			ids := site.dialect.headingIDs()
			switch {
			case strings.HasPrefix(name, "mkdocs") && !attributeLists.Match(data), name == "pelicanconf.py" && !attributeLists.Match(data):
				ids = HeadingIDsAnchor
			case site.dialect == DialectMDX && commonMarkFormat.Match(data):
				return DialectRemark, HeadingIDsAttribute // .mdx files are MDX in any dialect
			case site.dialect == DialectMDX || strings.HasPrefix(name, ".vitepress"):
				ids = HeadingIDsAttribute
			case site.dialect == DialectKramdown:
				if m := jekyllMarkdown.FindSubmatch(data); m != nil && !bytes.EqualFold(m[1], []byte("kramdown")) {
					return DialectCommonMark, HeadingIDsAuto
				}
			}
			return site.dialect, ids
		}
	}
	return DialectAuto, HeadingIDsAuto
}

var (
	attributeLists   = regexp.MustCompile(`\battr_list\b|\bmarkdown\.extensions\.extra\b|(?m)^\s*-\s*extra\b`)
	commonMarkFormat = regexp.MustCompile(`\bformat:\s*['"](?:md|detect)['"]`)
	jekyllMarkdown   = regexp.MustCompile(`(?m)^markdown\s*[:=]\s*["']?(\w+)`)
)
