package generator

import (
	"testing"

	"hexapla/pipeline/format/markdown"
)

func TestMarkdown(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		dialect          markdown.Dialect
		ids              markdown.HeadingIDs
	}{
		{"nothing", "README.md", "", markdown.DialectAuto, markdown.HeadingIDsAuto},
		{"MkDocs", "mkdocs.yml", "site_name: A\n", markdown.DialectPythonMarkdown, markdown.HeadingIDsAnchor},
		{"MkDocs with attribute lists", "mkdocs.yml", "markdown_extensions:\n  - attr_list\n", markdown.DialectPythonMarkdown, markdown.HeadingIDsAttribute},
		{"Hugo", "hugo.toml", "", markdown.DialectGoldmark, markdown.HeadingIDsAuto},
		{"Hugo of former days", "config.toml", "baseURL = 'https://example.org/'\n", markdown.DialectGoldmark, markdown.HeadingIDsAuto},
		{"a config.toml of something else", "config.toml", "base_url = 'https://example.org/'\n", markdown.DialectAuto, markdown.HeadingIDsAuto},
		{"Jekyll", "_config.yml", "title: A\n", markdown.DialectKramdown, markdown.HeadingIDsAuto},
		{"Jekyll with another renderer", "_config.yml", "markdown: CommonMark\n", markdown.DialectCommonMark, markdown.HeadingIDsAuto},
		{"Jekyll that names its own", "_config.yml", "markdown: kramdown\n", markdown.DialectKramdown, markdown.HeadingIDsAuto},
		{"Docusaurus", "docusaurus.config.ts", "export default {}", markdown.DialectMDX, markdown.HeadingIDsAttribute},
		{"Docusaurus with CommonMark", "docusaurus.config.js", "markdown: { format: 'detect' }", markdown.DialectRemark, markdown.HeadingIDsAttribute},
		{"Astro", "astro.config.mjs", "", markdown.DialectRemark, markdown.HeadingIDsAuto},
		{"VitePress", ".vitepress/config.mts", "", markdown.DialectMarkdownIt, markdown.HeadingIDsAttribute},
		{"Eleventy", "eleventy.config.js", "", markdown.DialectMarkdownIt, markdown.HeadingIDsAuto},
	} {
		t.Run(c.name, func(t *testing.T) {
			dialect, ids := Markdown(func(name string) []byte {
				if name == c.file {
					return []byte(c.data)
				}
				return nil
			})
			if dialect != c.dialect || ids != c.ids {
				t.Errorf("got %q, %q, want %q, %q", dialect, ids, c.dialect, c.ids)
			}
		})
	}
}
