package markdown

import "testing"

func TestDetectDialect(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		dialect          Dialect
		ids              HeadingIDs
	}{
		{"nothing", "README.md", "", DialectAuto, HeadingIDsAuto},
		{"MkDocs", "mkdocs.yml", "site_name: A\n", DialectPythonMarkdown, HeadingIDsAnchor},
		{"MkDocs with attribute lists", "mkdocs.yml", "markdown_extensions:\n  - attr_list\n", DialectPythonMarkdown, HeadingIDsAttribute},
		{"Hugo", "hugo.toml", "", DialectGoldmark, HeadingIDsAttribute},
		{"Jekyll", "_config.yml", "title: A\n", DialectKramdown, HeadingIDsAttribute},
		{"Jekyll with another renderer", "_config.yml", "markdown: CommonMark\n", DialectCommonMark, HeadingIDsAuto},
		{"Jekyll that names its own", "_config.yml", "markdown: kramdown\n", DialectKramdown, HeadingIDsAttribute},
		{"Docusaurus", "docusaurus.config.ts", "export default {}", DialectMDX, HeadingIDsAttribute},
		{"Docusaurus with CommonMark", "docusaurus.config.js", "markdown: { format: 'detect' }", DialectRemark, HeadingIDsAttribute},
		{"Astro", "astro.config.mjs", "", DialectRemark, HeadingIDsAnchor},
		{"VitePress", ".vitepress/config.mts", "", DialectMarkdownIt, HeadingIDsAttribute},
		{"Eleventy", "eleventy.config.js", "", DialectMarkdownIt, HeadingIDsAnchor},
	} {
		t.Run(c.name, func(t *testing.T) {
			dialect, ids := DetectDialect(func(name string) []byte {
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
