package markdown

import (
	"math/rand/v2"
	"strings"
	"testing"

	"hexapla/pipeline/format/formattest"
)

// bombs are texts made to break a parser: deep, or long without an end.
func bombs(n int) map[string]string {
	r := strings.Repeat
	return map[string]string{
		"quotes":          r(">", n),
		"quotes in lines": r(r("> ", 300)+"a\n", n/600+1),
		"lists":           r("- ", n/2) + "a",
		"nested lists":    nested(n),
		"emphasis":        r("*a ", n/3),
		"open strong":     r("**a", n/3),
		"underscores":     r("_a_", n/3),
		"deep emphasis":   r("*a **b ", n/14) + r("b** a*", n/14),
		"tildes":          r("~a ~~b ", n/7),
		"backticks":       r("`` ` ", n/5),
		"brackets":        r("[", n),
		"closing":         r("]", n),
		"bracket pairs":   r("[a](", n/4),
		"images":          r("![", n/4) + r("](a)", n/8),
		"links":           r("[a](b) ", n/7),
		"less":            r("<", n),
		"tags":            r("<a ", n/3),
		"comments":        r("<!-- a ", n/7),
		"instructions":    r("<? ", n/3),
		"ampersands":      r("&", n),
		"entities":        r("&amp;", n/5),
		"backslashes":     r("\\", n),
		"shortcodes":      r("{{< a ", n/6),
		"braces":          r("{", n),
		"tags of Liquid":  r("{% a ", n/5),
		"raw shortcodes":  r("{{< highlight >}}", n/17),
		"attributes":      r("{: a ", n/5),
		"grid rules":      r("+-+\n", n/4),
		"comments of Go":  r("{{/*", n/4) + " */",
		"pipes":           r("|", n) + "\n" + r("|-", n/2),
		"table":           "|a|b|\n|-|-|\n" + r("|c|d|\n", n/6),
		"footnotes":       r("[^a]: b\n", n/8),
		"references":      r("[a]: b\n", n/7) + r("[a] ", n/4),
		"yaml":            "---\na: " + r("[", n) + "\n---\n",
		"yaml keys":       "---\n" + r("title: a\n", n/9) + "---\n",
		"yaml aliases":    "---\na: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ntitle: [*d,*d,*d,*d,*d,*d]\n---\n",
		"toml":            "+++\na = " + r("[", n) + "\n+++\n",
		"json":            r(`{"a":`, n/5),
		"directives":      r(":::", n/3),
		"addresses":       r("a@b.c ", n/6),
		"at signs":        r("a@", n/2),
		"citations":       r("@a ", n/3),
		"open citations":  r("[@a ", n/4),
		"names behind &":  r("&a=", n/3),
		"urls":            r("http://a.b/(", n/12),
		"hard breaks":     r("a\\\n", n/3),
		"one line":        r("word ", n/5),
		"headings":        r("# a\n", n/4),
		"the same lines":  r("the same\n\n", n/10),
		"carriage":        r("a\r", n/2),
		"tabs":            r("\t", n),
		"invalid":         r("\xff", n),
		"invalid apart":   r("a\xff", n/2),
		"definitions":     r("a\n: b\n", n/6),
	}
}

func nested(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(strings.Repeat("  ", i%400) + "- a\n")
	}
	return b.String()
}

// TestBombs splits and assembles texts of 40 kB that are made to break a
// parser; it is a test that ends.
func TestBombs(t *testing.T) {
	for name, data := range bombs(40_000) {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			for _, path := range []string{"a.md", "a.mdx"} {
				d := law(t, path, []byte(data), rand.New(rand.NewPCG(1, 1)))
				formattest.Segment(d, nil)
				tr := formattest.Fill(d, formattest.Same)
				for i := range tr.Targets {
					tr.Targets[i][0].Text.Chars = strings.ToUpper(tr.Targets[i][0].Text.Chars)
				}
				new(Format).Assemble(d, tr, nil)
			}
		})
	}
}
