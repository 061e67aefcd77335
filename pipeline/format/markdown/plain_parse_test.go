package markdown

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"

	"hexapla/pipeline/bitext"
)

// FuzzLeaves holds that our parsers of leaves change nothing but the number of nodes: the
// items of all blocks are those of goldmark's own.
func FuzzLeaves(f *testing.F) {
	for _, s := range []string{
		"plain", "a b.\nc d  \n e\\\nf", "trailing spaces     \nnext\t \n", "a \\* b\\\\\\\n\\*c* d", "\\ www.a.example \\*b*", "x (www.a.example) http://b.example/c a@b.example",
		"a_b@c.example *d_e@f.example* g!h@i.example", "[a b](c) ![d e](f) <g> `h i` ~~j k~~ l", "> a  \n> b \\\n> \\c", "- [ ] a\n- \tb", "| a b | c\\|d |\n|---|---|\n| e@f.example | g |",
		"HTTPS://a.b Http://b.c FTP:// ftp://a.b httpx www. https", "! [a] !!", "а б\nв г", "a\r\nb  \r\nc", "\tcode\n\ntext \tx",
		"`a` ``b`c`` `` ` `` `d\ne` `f", "- a\n- b `c\n  d`\n\n  e\n- f\n  - g\n\n# h {#i}\n## j `k` ##\n#\n",
		"```go\na\nb\nc\n```\nd\n~~~\ne\n\nf", "> `a\n> b`\n\n1. a\n\n   b\n2. c\n   : d\n", "a `b\n\nc` d\n===\n`e``\n",
	} {
		f.Add(s)
	}
	reference := newParser(leaves{
		paragraph: parser.NewParagraphParser(), list: parser.NewListParser(), heading: parser.NewATXHeadingParser(parser.WithHeadingAttribute()),
		fence: parser.NewFencedCodeBlockParser(), code: parser.NewCodeSpanParser(), words: bareAddresses(),
	})
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range []Dialect{DialectAuto, DialectPythonMarkdown} {
			if got, want := itemsBy(markdownParser(), text, d), itemsBy(reference, text, d); got != want {
				t.Errorf("%q: got\n%s\nwant\n%s", text, got, want)
			}
		}
	})
}

// itemsBy describes the items of all blocks of a text.
func itemsBy(p parser.Parser, text string, d Dialect) string {
	s := newSplitter(Options{Dialect: d}, "a.md", []byte(text), newRoom())
	s.src = s.masked(s.data, 0, nil)
	root := s.parseBy(p, s.src, d, false)
	collect(root, bitext.Paragraph, &s.blocks)
	var out strings.Builder
	for _, b := range s.blocks {
		if b.node.IsRaw() {
			continue
		}
		lines := b.node.Lines()
		l := inlineCollector{splitter: s, at: b.at, lines: lines}
		kind := b.node.Kind()
		if kind == ast.KindTextBlock {
			kind = ast.KindParagraph
		}
		fmt.Fprintln(&out, kind, b.kind, b.name(), l.children(b.node, 0), l.at)
		for _, it := range l.items {
			fmt.Fprintln(&out, " ", it.kind, it.from, it.to, it.pair)
		}
	}
	return out.String()
}
