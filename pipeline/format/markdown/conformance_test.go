package markdown

import (
	"testing"

	"hexapla/pipeline/format/formattest"
)

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return new(Format) },
		Documents: map[string]string{
			"page.md":   "---\ntitle: \"A page: more\"\ndescription: 'Told in brief'\ntags: [a, b]\n---\n\n# A *page* {#page}\n\nOne line\nand `code`, **bold** and [a link](http://a.example \"Title\").\n\n![A cat](cat.png)\n\n> A quote\n> goes on.\n\n1. First\n2. Second\n   - Deep\n\n| Head | Row |\n|------|-----|\n| a | b |\n\n```go\ncode\n```\n\nA note.[^1]\n\n[^1]: The note.\n",
			"toml.md":   "+++\ntitle = \"A page\"\n+++\r\n\r\nText\\\r\nbroken \\* here.  \r\nEnd\r\n",
			"broken.md": "**bold *both** crossed* [open](x\n\n<div>\n\n**inside**\n\n</div>\n\n```\nnever closed\n",
			"page.qmd":  "---\ntitle: A page\n---\n\nSee @fig-a, [-@b; @{c d}] and @e.f (@g).\n\n```{python}\n#| label: fig-a\n#| fig-cap: |\n#|   A caption of\n#|   two lines\n#|\n#|   and more\n#| fig-alt: plain that\n#|   goes on\nx\n```\n\n> ```{r}\n> #| tbl-cap: >-\n> #|   Quoted\n> ```\n\n![A cat](cat.png){#fig-b fig-alt=\"A cat @h\"}\n\n| @i | a |\n|---|---|\n| b@c.de | *@j* |\n",
		},
		Path: "paragraphs.md",
		Paragraphs: []string{
			"# A headline\n\n", "The first **paragraph**.\n\n", "And, it wouldn't be the first time.\n\n", "- An item\n\n", "> A quote\n\n", "The last one, the end.\n\n",
		},
	})
}
