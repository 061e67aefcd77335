// Package generator has the site generators that projects lie beside: the files that
// they are known by, and the Markdown that each of them renders.
package generator

import (
	"bytes"
	"slices"

	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/lazy"
)

// Configuration files, in the order in which their generators look for them.
var (
	AstroFiles      = []string{"astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.cjs"}
	DocusaurusFiles = []string{"docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"}
	EleventyFiles   = []string{".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"}
	GatsbyFiles     = []string{"gatsby-config.js", "gatsby-config.ts", "gatsby-config.mjs"}
	// HugoFiles are those that no other generator has. FormerHugoFiles were Hugo's
	// until 0.110, and may be another program's.
	FormerHugoFiles = []string{"config.toml", "config.yaml", "config.yml", "config.json"}
	HugoFiles       = []string{"hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/config.toml", "config/_default/config.yaml"}
	JekyllFiles     = []string{"_config.yml", "_config.yaml", "_config.toml"}
	MkDocsFiles     = []string{"mkdocs.yml", "mkdocs.yaml", "zensical.toml"}
	PelicanFiles    = []string{"pelicanconf.py"}
	VitePressFiles  = []string{".vitepress/config.js", ".vitepress/config.ts", ".vitepress/config.mts", ".vitepress/config.mjs"}
	VuePressFiles   = []string{".vuepress/config.js", ".vuepress/config.ts"}
)

// MaxConfig is how much of a configuration is read, in bytes.
const MaxConfig = 1 << 20

// renderers are the generators with the renderer that each uses if its configuration
// does not name another one. Jekyll comes last: other generators' sites may have a
// _config.yml as well.
var renderers = []struct {
	files   []string
	dialect markdown.Dialect
	ids     func(config []byte) markdown.HeadingIDs // nil for the dialect's own way
}{
	{MkDocsFiles, markdown.DialectPythonMarkdown, attributesIfConfigured},
	{PelicanFiles, markdown.DialectPythonMarkdown, attributesIfConfigured},
	{HugoFiles, markdown.DialectGoldmark, nil},
	{FormerHugoFiles, markdown.DialectGoldmark, nil},
	{DocusaurusFiles, markdown.DialectMDX, attributes},
	{AstroFiles, markdown.DialectRemark, nil},
	{GatsbyFiles, markdown.DialectRemark, nil},
	{VitePressFiles, markdown.DialectMarkdownIt, attributes},
	{VuePressFiles, markdown.DialectMarkdownIt, nil},
	{EleventyFiles, markdown.DialectMarkdownIt, nil},
	{JekyllFiles, markdown.DialectKramdown, nil},
}

// attributes is for generators whose renderer reads attribute lists without being
// asked to.
func attributes([]byte) markdown.HeadingIDs { return markdown.HeadingIDsAttribute }

// attributesIfConfigured is for python-markdown, where attribute lists are an extension.
func attributesIfConfigured(config []byte) markdown.HeadingIDs {
	if attributeLists().Match(config) {
		return markdown.HeadingIDsAttribute
	}
	return markdown.HeadingIDsAnchor
}

// Markdown returns the dialect of the site in a folder, and how its headings keep
// their ids. read returns the beginning of a file below the folder, nil if there is
// none. Where no generator is known both are left open (auto).
func Markdown(read func(name string) []byte) (markdown.Dialect, markdown.HeadingIDs) {
	for _, r := range renderers {
		for _, name := range r.files {
			config := read(name)
			if config == nil {
				continue
			}
			dialect := r.dialect
			switch dialect {
			case markdown.DialectGoldmark:
				if slices.Contains(FormerHugoFiles, name) && !hugoKey().Match(config) {
					continue
				}
			case markdown.DialectMDX:
				if commonMarkFormat().Match(config) {
					dialect = markdown.DialectRemark // .mdx files are MDX in any dialect
				}
			case markdown.DialectKramdown:
				if m := jekyllMarkdown().FindSubmatch(config); m != nil && !bytes.EqualFold(m[1], []byte("kramdown")) {
					return markdown.DialectCommonMark, markdown.HeadingIDsAuto
				}
			}
			if r.ids != nil {
				return dialect, r.ids(config)
			}
			return dialect, markdown.HeadingIDsAuto
		}
	}
	return markdown.DialectAuto, markdown.HeadingIDsAuto
}

var (
	attributeLists   = lazy.Regexp(`\battr_list\b|\bmarkdown\.extensions\.extra\b|(?m)^\s*-\s*extra\b`)
	commonMarkFormat = lazy.Regexp(`\bformat:\s*['"](?:md|detect)['"]`)
	hugoKey          = lazy.Regexp(`(?im)^\s*["']?baseurl["']?\s*[:=]`)
	jekyllMarkdown   = lazy.Regexp(`(?m)^markdown\s*[:=]\s*["']?(\w+)`)
)
