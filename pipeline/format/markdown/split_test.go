package markdown

import (
	"strconv"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// units is a document's units, one a line: the kind, its name if it has one,
// then the text with its codes as tags.
func units(d *bitext.Document) string {
	var b strings.Builder
	for i := range d.Units {
		u := &d.Units[i]
		b.WriteString(string(u.Kind))
		if u.Name != "" {
			b.WriteString("(" + u.Name + ")")
		}
		if u.NoTranslate {
			b.WriteString("!")
		}
		b.WriteString(": " + u.Source.Tagged())
		for _, n := range u.Notes {
			b.WriteString(" // " + n.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func lines(s ...string) string {
	if len(s) == 0 {
		return ""
	}
	return strings.Join(s, "\n") + "\n"
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name, path, data, want string
	}{
		{"empty", "", "", ""},
		{"paragraph", "", "One line\nand another.\n", lines("paragraph: One line and another.")},
		{"lines of wide characters", "", "日本語の**文章**は\n改行。次の文\n**です**。\n\n- 項目は\n  続く　全角。\n\n> 引用の\r\n> 文。\n\n中文 and\n英文\n",
			lines("paragraph: 日本語の<1>文章</1>は改行。次の文<2>です</2>。", "item: 項目は続く　全角。", "quote: 引用の文。", "paragraph: 中文 and 英文")},
		{"directives of MyST in fences", "", "(a-target)=\n# Title\n\n````{tip} A tip\nSee {ref}`x <a>` now.\n\n```{note}\n:class: c\nInner.\n```\n````\n\n```{code-block} go\nno()\n```\n\n% A comment\n\n```{figure} a.png\n:alt: A river\n\nThe caption.\n```\n",
			lines("heading: Title", "paragraph: A tip", "paragraph: See <1/> now.", "attribute(ref): x", "paragraph: Inner.", "paragraph: A river", "paragraph: The caption.")},
		{"text in roles", "", "(t)=\nSee {ref}`the page <install>`, {doc}`guide`, {term}`a word`, {term}`words <word>`, {abbr}`AP (Associated Press)`, {py:func}`a call <os.path>`, {kbd}`Ctrl`, {code}`x y` and ``{ref}`no` ``.\n",
			lines("paragraph: See <1/>, <2/>, <3/>, <4/>, <5/>, <6/>, <7/>, <8/> and <9/>.", "attribute(ref): the page", "attribute(term): a word", "attribute(term): words", "attribute(abbr): AP (Associated Press)", "attribute(py:func): a call")},
		{"no MyST", "", "% of people (a)= b\n\n{name} `code`\n\n```{r}\nplot(x)\n```\n\n~~~{note}\nnever closed\n", lines("paragraph: % of people (a)= b", "paragraph: {name} <1/>")},
		{"headings", "", "# One #\n\nTwo *words*\n===\n\n## Three {#three}\n", lines("heading: One", "heading: Two <1>words</1>", "heading(three): Three")},
		{"escapes", "", `1 \* 2 &lt; 3 &amp;c; \x &#1071;` + "\n", lines(`paragraph: 1 * 2 < 3 &c; \x Я`)},
		{"emphasis", "", "*a **b** c* __d__ ~~e~~ ***f***\n", lines("paragraph: <1>a <2>b</2> c</1> <3>d</3> <4>e</4> <5><6>f</6></5>")},
		{"left-over delimiters", "", "**a* b*** _c\n", lines("paragraph: <1><2>a</2> b</1>** _c")},
		{"code span", "", "use `a b` now\n", lines("paragraph: use <1/> now")},
		{"link and title", "", "see [the *site*](http://x \"The site\") or <http://y>\n",
			lines("paragraph: see <1>the <2>site</2></1> or <3/>", "attribute(a@title): The site")},
		{"bare addresses", "", "see https://x.example/a, or www.x.example or a@x.example.\n", lines("paragraph: see <1/>, or <2/> or <3/>.")},
		{"addresses with letters of other scripts", "", "Read https://uk.wikipedia.org/wiki/Київ before.\n\nSee https://de.wikipedia.org/wiki/Köln, www.münchen.de and https://例え.jp/パス。次\n",
			lines("paragraph: Read <1/> before.", "paragraph: See <1/>, <2/> and <3/>。次")},
		{"references", "", "see [one][1], [two][] and [three]\n\n[1]: /1 'First'\n[two]: /2\n[three]: /3 (Third)\n",
			lines("paragraph: see <1>one</1>, <2>two</2> and <3>three</3>", "attribute(a@title): First", "attribute(a@title): Third")},
		{"image in a paragraph", "", "see ![a *cat*](cat.png 'Cat') here\n",
			lines("paragraph: see <1/> here", "attribute(img@alt): a <1>cat</1>", "attribute(img@title): Cat")},
		{"image alone", "", "![A cat](cat.png)\n", lines("attribute(img@alt): A cat")},
		{"image in a link", "", "[![Logo](a.png)](/)\n", lines("attribute(img@alt): Logo")},
		{"hard breaks", "", "one\\\ntwo  \nthree\n", lines("paragraph: one<1/>two<2/>three")},
		{"break inside strong", "", "**one\ntwo**\n", lines("paragraph: <1>one two</1>")},
		{"lists", "", "- one\n- two\n  lazy\nline\n\n  para\n\n1) three\n   - [ ] four\n   - [x] five\n",
			lines("item: one", "item: two lazy line", "item: para", "item: three", "item: four", "item: five")},
		{"quote", "", "> one\n> two\nlazy\n>\n> - three\n", lines("quote: one two lazy", "item: three")},
		{"table", "", "| a | b \\| c |\n|---|:-:|\n| `x \\| y` | d *e* |\n| f\n", lines("cell: a", "cell: b | c", "cell: d <1>e</1>", "cell: f")},
		{"table without pipes at its ends", "", "a | b\n--|--\nc | d\n", lines("cell: a", "cell: b", "cell: c", "cell: d")},
		{"code", "", "```go\nfunc\n```\n\n    indented\n\ntext\n", lines("paragraph: text")},
		{"html blocks", "", "<div>\ntext\n</div>\n\n<details>\n<summary>x</summary>\n\nInside.\n\n</details>\n", lines("paragraph: text", "paragraph: x", "paragraph: Inside.")},
		{"html blocks with codes, attributes and templates", "", "<figure>\n  <img src=\"{{ page.image }}\" alt=\"Photo of {{ page.place }}\">\n  <figcaption>Water in {{ page.place }} &amp; <b>more</b>.</figcaption>\n</figure>\n\n<table><tr><th>Road</th></tr><tr><td>Mill {{< br >}} Lane</td></tr></table>\n\n<pre>\ncode\n\ncode\n</pre>\n",
			lines("attribute(img@alt): Photo of <1/>", "caption: Water in <1/> & <2>more</2>.", "cell: Road", "cell: Mill <1/> Lane")},
		{"markdown inside html", "", "<aside markdown=\"1\" class=\"pquote\">\n  <img src=\"a.png\" alt=\"avatar\">\n  People *say* [this](u).\n  <p markdown=\"1\" class=\"credit\">\n— @one, [\"two\"](v?a=1&b=2)\n  </p>\n</aside>\n\nAfter.\n",
			lines("paragraph: <1/> People <2>say</2> <3>this</3>.", "attribute(img@alt): avatar", "paragraph: — @one, <1>\"two\"</1>", "paragraph: After.")},
		{"html block in a quotation", "", "> <div>\n> text\n> > and <b\n>  title=\"A title\">more</b>\n> </div>\n\n> > <p>one</p>\n> > <p>two\n> > three</p>\n\n> <div><textarea>a\n> b</textarea></div>\n\n> <textarea>c\n> d</textarea>\n",
			lines("paragraph: text > and <1>more</1>", "attribute(b@title): A title", "paragraph: one", "paragraph: two three")},
		{"inline html", "", "a <b>c</b> d<br>e <img alt='f' src=g> <i>h\n", lines("paragraph: a <1>c</1> d<2/>e <3/> <4/>h", "attribute(img@alt): f")},
		{"kept html", "", "press <kbd>Ctrl *x*</kbd> or <span translate=\"no\">Foo</span>\n", lines("paragraph: press <1/> or <2/>")},
		{"footnotes", "", "One[^a] two[^b].\n\n[^b]: Second.\n[^a]: First.\n\n    More of it.\n\n[^c]: Not used.\n",
			lines("paragraph: One<1/> two<2/>.", "footnote: Second.", "footnote: First.", "footnote: More of it.", "footnote: Not used.")},
		{"definitions", "", "Term\nOther\n: Meaning\n: Another\n", lines("paragraph: Term", "paragraph: Other", "item: Meaning", "item: Another")},
		{"labels and snippets in elements", "", "<figure markdown>\n  <figcaption>See [the page][ref], [ref], [ref][] and [no link] `x`.</figcaption>\n</figure>\n\n<div>\nText [ref].\n--8<-- \"a.md\"\n</div>\n\n[ref]: https://example.org/\n",
			lines("caption: See [the page<1/>, <2/>, <3/> and [no link] <4/>.", "paragraph: Text [ref].")},
		{"strings of JSX", ".mdx", "<Tab label={\"An apple\"} title={`Raw`} value={'x y'} alt={ 'It\\'s' } summary={`a ${b}`} />\n\n<p>{'Some words'} and {\"more\"} {\" \"} {a + 'b'}</p>\n\n{/* no */}\n",
			lines("attribute(Tab@label): An apple", "attribute(Tab@title): Raw", "attribute(Tab@alt): It's", "paragraph: <1><2/> and <3/> <4/> <5/></1>", "attribute(expression): Some words", "attribute(expression): more")},
		{"addresses of one’s own machine", "", "See http://localhost:8080/ and http://127.0.0.1:8000/x.\n", lines("paragraph: See <1/> and <2/>.")},
		{"code in variables of templates", "", "{% set ex %}\n<is-land>Some text</is-land>\n{%- endset %}\n{{ ex | highlight(\"html\") }}\n\n{% set intro %}\nWelcome here.\n{% endset %}\n", lines("paragraph: Welcome here.")},
		{"prose in variables of templates", "", "{% capture intro %}\nWelcome here.\n{% endcapture %}\n{{ intro | escape }}\n\n{% set ex %}\nSome code\n{% endset %}\n<pre>{{ ex | escape }}</pre>\n", lines("paragraph: Welcome here.")},
		{"simple formulas in brackets", "", "Then \\(a+b\\), \\(x\\), \\(n > 0\\) and \\(see below\\).\n", lines("paragraph: Then <1/>, <2/>, <3/> and (see below).")},
		{"definitions in an item", "", "- Item\n\n    Term\n    :   Meaning\n        goes on.\n\n    After.\n", lines("item: Item", "item: Term", "item: Meaning goes on.", "item: After.")},
		{"snippets", "", "Before.\n--8<-- \"a.md\"\nAfter.\n\n- item\n\n    -8<- 'b.md'\n\n--8<--\na.md\nb.md\n--8<--\n\n;--8<-- \"e\"\n\n--8<-- not one\n", lines("paragraph: Before.", "paragraph: After.", "item: item", "paragraph: --8<-- not one")},
		{"definitions below an element", "", "See [two] here.\n\n<div markdown>\n\nText.\n\n</div>\n[two]: /u \"Title\"\n", lines("paragraph: See <1>two</1> here.", "paragraph: Text.", "attribute(a@title): Title")},
		{"shortcodes", "", "See {{< ref \"a.md\" >}} and [b]({{< relref \"b c\" >}}).\n\n{{< figure src=\"a\" caption=\"A *caption*\" title=`Raw` >}}\n\n{{% notice %}}\nInside.\n{{% /notice %}}\n",
			lines("paragraph: See <1/> and <2>b</2>.", "attribute(figure@caption): A *caption*", "attribute(figure@title): Raw", "paragraph: Inside.")},
		{"raw shortcodes", "", "{{< highlight go >}}\nfunc a_b_c()\n\nmore\n{{< /highlight >}}\n\n{% raw %}{{ x }}{% endraw %}\n", ""},
		{"templates", "", "Hello {{ user.name }}, {% if x %}yes{% endif %}!\n\n{% include a.html caption=\"Cap\" %}\n\ntext\n{: .class}\n",
			lines("paragraph: Hello <1/>, <2>yes</2>!", "attribute(include@caption): Cap", "paragraph: text")},
		{"formulas", "", "Mass is $E=mc^2$ by rest, \\\\(a_1\\\\) and $n$.\n\n$$\n\\textrm{energy}\n$$\n\nCosts $5 here and $6 there, US$ 7 = $8; \\[sic\\].\n",
			lines("paragraph: Mass is <1/> by rest, <2/> and <3/>.", "paragraph: Costs $5 here and $6 there, US$ 7 = $8; [sic].")},
		{"wiki links", "", "See [[Page|the label]], [[Other]] and ![[file.png]]. Inline^[a note].\n", lines("paragraph: See <1>the label</1>, <2>Other</2> and <3/>. Inline^[a note].")},
		{"names in brackets", "", "See [[Other]] and [[deprecated]].\n", lines("paragraph: See [[Other]] and [[deprecated]].")},
		{"a backtick alone in an item", "", "- One ` here\n- Two {{< x >}} and ` there\n\n# Head ` one\nText {{< y >}} ` two\n", lines("item: One ` here", "item: Two <1/> and ` there", "heading: Head ` one", "paragraph: Text <1/> ` two")},
		{"links to pages between marks", "", "See [[Page#top]]: it is ([[Two]]), not [[[Three]]].\n", lines("paragraph: See <1>Page#top</1>: it is (<2>Two</2>), not [<3>Three</3>].")},
		{"states of tasks", "", "- [/] Half done\n- [-] Given up\n  - [>] Sent on\n\n> 1. [!] Important\n\n[/] no task\n", lines("item: <1/> Half done", "item: <1/> Given up", "item: <1/> Sent on", "item: <1/> Important", "paragraph: [/] no task")},
		{"comments of templates", "", "Before.\n\n{{/* A comment\n\nof two paragraphs */}}\n\nIn {{- /* a line */ -}} one, {{/*/ b */}} two. {{/* open\n", lines("paragraph: Before.", "paragraph: In <1/> one, <2/> two. {{/* open")},
		{"addresses with their scheme between marks", "", "Write “mailto:a@b.cc” or (mailto:c@d.ee).\n\n\"mailto:e@f.gg\"\n\n[x](mailto:a@b.cc) <a href=\"mailto:a@b.cc\">y</a>\n", lines("paragraph: Write “<1/>” or (<2/>).", "paragraph: <1>x</1> <2>y</2>")},
		{"included files", "", "{* docs_src/a_py310.py hl[12] *}\n\nSee {!../a.py!} and {!> ../b.py!}, {* no *} {!\n\n{!a.md!}\n", lines("paragraph: See <1/> and <2/>, {* no *} {!")},
		{"templates in parameters", "", "{{< figure caption=\"See {{ .Title }} now\" >}}\n\n{% include a.html caption='Hi {{ page.title }}' %}\n\n{{< figure caption=\"A {{ ref \\\"b\\\" }}\" >}}\n", lines("attribute(figure@caption): See <1/> now", "attribute(include@caption): Hi <1/>", "attribute(figure@caption): A {{ ref \"b\" }}")},
		{"configuration in a shortcode", "", "{{< code-toggle file=hugo >}}\ntitle = 'One'\n{{< /code-toggle >}}\n\nText.\n", lines("paragraph: Text.")},
		{"tables drawn with lines", "", "Before.\n\n+------+-----+\n| Name | Of  |\n|      | two |\n+======+=====+\n| a    | b   |\n+------+-----+\n\n: A caption\n\n+ item\n\n+---+ not one\n", lines("paragraph: Before.", "cell: Name", "cell: Of two", "cell: a", "cell: b", "paragraph: : A caption", "item: item", "paragraph: +---+ not one")},
		{"commands of TeX", "a.qmd", "\\index{One} \\indexf{two\\_x}\n\nThree \\label{four} \\emph{five}\\\n", lines("paragraph: Three <1/> \\emph{five}\\")},
		{"lists of Pandoc", "a.qmd", "a.  One\nb.  two\n\n(i) three\n(ii) four\n\n#. five\n#. six\n\nText\na. seven\n\nB. Russell\n\n1.  eight\n\n    a.  nine\n    b.  ten\n", lines("item: One", "item: two", "item: three", "item: four", "item: five", "item: six", "paragraph: Text a. seven", "paragraph: B. Russell", "item: eight", "item: nine", "item: ten")},
		{"rows without a header", "", "| a | `b|c` |\n| d | e |\n\nf | g\nh | i\n\n| j |\n", lines("cell: a", "cell: d", "cell: e", "paragraph: f | g h | i", "paragraph: | j |")},
		{"a heading with a bar", "", "| a | b |\n| c | d |\n---\n", lines("heading: | a | b | | c | d |")},
		{"spaces in the dashes of a table", "", "| a | b |\n|-- -|---|\n| c | d |\n", lines("cell: a", "cell: b", "cell: c", "cell: d")},
		{"definitions without a space", "", "See [one][1] :smile:\n\n[1]:https://x.example/\n[2]:http://y.example/\n", lines("paragraph: See <1>one</1> <2/>")},
		{"no wiki links", "", "See [[1]], [[a]](b), [[ref]] and [[^n]].\n\n[ref]: c\n", lines("paragraph: See [[1]], <1>[a]</1>, [<2>ref</2>] and [[^n]].")},
		{"marks of Obsidian", "", "A block. ^river-1\n\n![A river|640x480](river.png)\n\n> [!note|wide] Title\n> Body.\n", lines("paragraph: A block. <1/>", "attribute(img@alt): A river<1/>", "quote: Title", "quote: Body.")},
		{"blocks of PyMdown", "", "![A](a.png)\n/// caption\nA river.\n///\n\n/// details | More *here*\n    type: warning\nText.\n///\n\n/// html | div.note\nInside.\n///\n", lines("attribute(img@alt): A", "paragraph: A river.", "paragraph: More <1>here</1>", "paragraph: Text.", "paragraph: Inside.")},
		{"slashes alone", "", "/// not a block\n", lines("paragraph: /// not a block")},
		{"marks of an editor", "", "A {~~old~>new~~} word {>>says who?<<} here.\n", lines("paragraph: A <1/> word <2/> here.")},
		{"formulas of TeX", "", "\\[\n\\int_0^1 x\n\\]\n\n\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}\n\nSo $`x_1`$, $a*b*c$, $x<y$ and $5-$6.\n", lines("paragraph: So <1/>, <2/>, <3/> and $5-$6.")},
		{"code in elements", ".mdx", "**Type:** <code>A | (b: <a href=\"#c\">C</a>) => D</code> or <kbd>x</kbd>.\n", lines("paragraph: <1>Type:</1> <2/> or <3/>.")},
		{"children of components", ".mdx", "<Tabs>\n  <TabItem value=\"a\" label=\"Apple\">\n    This is *an*\n    apple.\n\n    - item\n\n    ```js\n    code()\n    ```\n  </TabItem>\n</Tabs>\n", lines("attribute(TabItem@label): Apple", "paragraph: This is <1>an</1> apple.", "item: item")},
		{"a place for the contents", "", "* The contents\n{:toc}\n\nText.\n", lines("paragraph: Text.")},
		{"an address with its scheme", "", "Write to mailto:desk@example.org today.\n", lines("paragraph: Write to <1/> today.")},
		{"attribute lists", "", "Text that explains.\n{ .lead title=\"Lead\" }\n\n[x](y){ .button target=_blank } {not one} {a: b}\n", lines("paragraph: Text that explains.", "attribute(attributes@title): Lead", "paragraph: <1>x</1><2/> {not one} {a: b}")},
		{"templates in values", "", "<img alt=\"Photo of {{ page.place }}\" title='{{ x }}'> and ![Map](m.png \"Around {{ page[\"a\"] }} &amp; more\").\n\n{% include a.html caption=\"In {{ y }}\" %}\n",
			lines("paragraph: <1/> and <2/>.", "attribute(img@alt): Photo of <1/>", "attribute(img@alt): Map", "attribute(img@title): Around <1/> & more", "attribute(include@caption): In <1/>")},
		{"references of MkDocs", "", "See [`bool`][], [the *x*][a.b], [the one][pkg.mod], [`x`][y], [a][b], [c][d.e](f) and [g][h.i].\n\n[h.i]: /j\n", lines("paragraph: See <1><2/></1>, [the <3>x</3>][a.b], <4>the one</4>, <5><6/></5>, [a][b], [c]<7>d.e</7> and <8>g</8>.")},
		{"a link that begins an item", "", "- [X][X] is a page\n- [x] done\n\n[X]: /x\n", lines("item: <1>X</1> is a page", "item: done")},
		{"attribute lists on lines of their own", "", "* Item one\n  goes on.\n{#item}\n\nText.\n{.lead}\n", lines("item: Item one goes on.", "paragraph: Text.")},
		{"marks in elements with Markdown", "", "<details open markdown=\"block\">\n  <summary>\n    All of it\n  </summary>\n  {: .text-delta }\n- TOC\n{:toc}\n</details>\n\nText.\n", lines("paragraph: All of it", "paragraph: Text.")},
		{"a fence behind an element with Markdown", "", "<div class=\"code-example\" markdown=\"1\">\n<dl><dt>Name</dt></dl>\n</div>\n```html\n<dl><dt title=\"Code\">Code</dt></dl>\n```\n\nText.\n", lines("item: Name", "paragraph: Text.")},
		{"raw tags around text", "", "{% raw %}\n## Loops\n\nUse {{ page.title }} and {% include a.html alt=\"An alt\" %} here.\n\n{% highlight js %}\ncode here\n{% endhighlight %}\n{% endraw %}\n\n{% include b.html alt=\"An alt\" %}\n", lines("heading: Loops", "paragraph: Use <1/> and <2/> here.", "attribute(include@alt): An alt")},
		{"raw tags around a fence", "", "{% raw %}\n```html\n<img alt=\"{{ x }}\" title=\"A title\">\n```\n{% endraw %}\n", ""},
		{"braces in code", "", "`{{ x }}` and `{%` and `%}`\n", lines("paragraph: <1/> and <2/> and <3/>")},
		{"directives", "", ":::note\nText.\n:::\n", lines("paragraph: Text.")},
		{"alerts", "", "> [!NOTE]\n> Careful.\n", lines("quote: Careful.")},
		{"alert with a title", "", "> [!WARNING]+ Roads *closed*\n> Stay at home\n> until Friday.\n>\n> More.\n", lines("quote: Roads <1>closed</1>", "quote: Stay at home until Friday.", "quote: More.")},
		{"directives with titles", "", "::: tip Good to know\nA.\n:::\n\n:::note[Read *this*]{.x}\nB.\n:::\n\n:::{note} Title {#id}\n:::\n\n::: {.class}\nC.\n:::\n\n:::: tabs ::::\n",
			lines("paragraph: Good to know", "paragraph: A.", "paragraph: Read <1>this</1>", "paragraph: B.", "paragraph: Title <1/>", "paragraph: C.")},
		{"options of a directive", "", "::::{admonition} MyST *title*\n:class: tip big\n:open:\nText of it.\n::::\n\n:::{figure} a.png\r\n:alt: The river\r\n:width: 300px\r\n:name: fig-a\r\n:title: \r\n\r\nA caption.\r\n:::\n\nNot :class: of one.\n",
			lines("paragraph: MyST <1>title</1>", "paragraph: Text of it.", "paragraph: The river", "paragraph: A caption.", "paragraph: Not <1/> of one.")},
		{"places for the contents", "", "[TOC]\n\n[[toc]]\r\n\n[[_TOC_]]\n\nA [toc] here and [[toc]].\n", lines("paragraph: A [toc] here and [[toc]].")},
		{"comments of Obsidian", "", "%% hidden %%\n\nSeen %%not *this*%% and 5%% to 6%%.\n\n%%\nhidden\n\ntoo\n%%\n\nAfter. %% not closed\n", lines("paragraph: Seen <1/> and 5%% to 6%%.", "paragraph: After. %% not closed")},
		{"admonitions", "", "!!! note \"Before you *go*\"\n\n    Check it.\n\n        code\n\n!!! tip\n    One line.\n\n??? question \"Why?\"\n    - Because.\n\n=== \"Linux\"\n\n    Text.\n\nAfter.\n",
			lines("paragraph: Before you <1>go</1>", "paragraph: Check it.", "paragraph: One line.", "paragraph: Why?", "item: Because.", "paragraph: Linux", "paragraph: Text.", "paragraph: After.")},
		{"no admonitions", "", "!!! What now?\n\n===\n\n??? \"a\"\n", lines("paragraph: !!! What now?", "paragraph: ??? \"a\"")},
		{"abbreviations", "", "Text of AP.\n\n*[AP]: Associated Press\n*[UN]: United *Nations*\n", lines("paragraph: Text of AP.", "paragraph: Associated Press", "paragraph: *[UN]: United <1>Nations</1>")},
		{"Quarto", "a.qmd", "---\ntitle: Levels\nexecute:\n  echo: false\n---\n\nSee @fig-a, [see @smith2020, p. 3; -@b:c] and a@b.example, https://m.example/@me.\n\n```{python}\n#| label: fig-a\n#| fig-cap: \"Levels\"\nprint(\"@x\")\n```\n\n```{=html}\n<p>raw</p>\n```\n\n::: {.callout-note}\n## Note\n\nIt is `{r} mean(x)`.\n:::\n\n![A figure](a.png){#fig-b fig-alt=\"A river\" width=50%}\n",
			lines("title(title): Levels", "paragraph: See <1/>, [see <2/>, p. 3; <3/>] and <4/>, <5/>.", "attribute(fig-cap): Levels", "heading: Note", "paragraph: It is <1/>.", "attribute(img@alt): A figure", "attribute(attributes@fig-alt): A river")},
		{"R Markdown", "a.Rmd", "Text of @x.\n\n```{r, fig.cap=\"A caption\"}\nplot(x)\n```\n", lines("paragraph: Text of <1/>.", "attribute(fig.cap): A caption")},
		{"cells of Quarto", ".qmd", "```{python}\n#| label: fig-a\n#| fig-cap: \"The *river*: high\"\n#| fig-subcap:\n#|   - \"At dawn\"\n#|   - At night\n#| tbl-cap: [One, 'Two']\n#| echo: false\nx = 1\n#| fig-alt: Not an option\n```\n\n```{r, fig.cap=\"The bridge\", echo=FALSE}\nplot(x)\n```\n\n```python\n#| fig-cap: no cell\n```\n",
			lines("attribute(fig-cap): The *river*: high", "attribute(fig-subcap): At dawn", "attribute(fig-subcap): At night", "attribute(tbl-cap): One", "attribute(tbl-cap): Two", "attribute(fig.cap): The bridge")},
		{"options of several lines", ".qmd", "```{python}\n#| fig-cap: |\n#|   The *river*:\n#|   high\n#| label: >\n#|   not\n#|   shown\n#| fig-alt: At\n#|   dawn\n#| 'tbl-cap' : >-\n#|   One\n#|   two\n#| fig-subcap:\n#|   - |\n#|     First\n#|   - [No]\n#| code-summary: !expr f(x)\nx = 1\n```\n",
			lines("attribute(fig-cap): The *river*:\nhigh", "attribute(fig-alt): At dawn", "attribute(tbl-cap): One two", "attribute(fig-subcap): First")},
		{"no citations", "", "See @fig-a, [@a](b), [@b][c], [@e], [a@b] and [x\\] @d].\n\n[c]: d\n[@e]: f\n", lines("paragraph: See @fig-a, <1>@a</1>, <2>@b</2>, <3>@e</3>, [a@b] and [x] @d].")},
		{"citations in brackets", "", "As [@smith2020] and [see @doe99, pp. 33-35; also -@smith04] said.\n", lines("paragraph: As [<1/>] and [see <2/>, pp. 33-35; also <3/>] said.")},
		{"tags of ERB and EJS", "", "Hello <%= user[\"a\"] %>, 5 <% 6 and <% if x %>yes<% end %>.\n\n<%- include('a') %>\n\nEnd <%= open.\n", lines("paragraph: Hello <1/>, 5 <% 6 and <2/>yes<3/>.", "paragraph: End <%= open.")},
		{"shortcodes that show themselves", "", "Write {{</* figure alt=\"An alt\" */>}} or\n{{%/* alert title=\"A title\" */%}}.\n", lines("paragraph: Write <1/> or <2/>.")},
		{"addresses in capitals", "", "See HTTPS://EXAMPLE.ORG/Path, Http://x.example or HTTP: no.\n", lines("paragraph: See <1/>, <2/> or HTTP: no.")},
		{"formulas in lists and quotations", "", "- Item\n\n  $$\n  y = \\text{words}\n  $$\n\n> $$\n> x = y\n> $$\n\n  {%\n    include a.html\n  %}\n", lines("item: Item")},
		{"mdx", "a.mdx", "import A from 'a'\nexport const b = 1\n\n<Tabs>\n\nText {b} here.\n\n</Tabs>\n\n<Fig alt=\"Alt\" n={1} />\n\nIn <B x={y}>bold</B>.\n",
			lines("paragraph: Text <1/> here.", "attribute(Fig@alt): Alt", "paragraph: In <1>bold</1>.")},
		{"skips and cells of Quarto", ".qmd", "<!-- hexapla:skip -->\n\nKept\n\n```{r, fig.cap=\"The bridge\"}\n#| fig-alt: A river\nx\n```\n\n<!-- hexapla:skip -->\n\n```{r, fig.cap=\"Kept\"}\n#| fig-alt: Kept\nx\n```\n",
			lines("paragraph!: Kept", "attribute(fig.cap): The bridge", "attribute(fig-alt): A river", "attribute(fig.cap)!: Kept", "attribute(fig-alt)!: Kept")},
		{"notes and skips", "", "<!-- translators: Keep it\nshort. -->\nOne.\n\nTwo.\n\n<!-- hexapla:skip -->\n\n- Three\n- Four\n\nFive.\n\n<!-- hexapla:skip-start -->\n\nSix.\n\n# Seven\n\n<!-- hexapla:skip-end -->\n\nEight.\n",
			lines("paragraph: One. // Keep it short.", "paragraph: Two.", "item!: Three", "item!: Four", "paragraph: Five.", "paragraph!: Six.", "heading!: Seven", "paragraph: Eight.")},
		{"invalid bytes", "", "all of the other words here can be read, caf\xe9 *\xff\xfe* or not\n", lines("paragraph: all of the other words here can be read, caf<1/> <2><3/></2> or not")},
		{"unknown encoding", "", "\xcf\xf0\xe8\xe2\xe5\xf2 Abc\n", ""},
		{"no words", "", "* * *\n\n-\n\n| - |\n|---|\n\n\\*\n", ""},
		{"a lone CR ends a line", "", "# One\rTwo\r\rThree\r", lines("heading: One", "paragraph: Two", "paragraph: Three")},
		{"tabs", "", "-\tone\n\n\ttwo\n\n\t\tcode\n", lines("item: one", "item: two")},
		{"unclosed fence", "", "text\n\n```\ncode\n", lines("paragraph: text")},
		{"front matter in YAML", "", "---\ntitle: T one # comment\ndescription: >\n  Two\n  three\nsubtitle: 'It''s'\nsummary: \"a \\\"b\\\"\"\nweight: 3\ntags: [x]\ncover:\n  caption: Cap\n  title: no\ngallery:\n  - alt: First\n  - {alt: Second}\n---\nBody\n",
			lines("title(title): T one", "field(description): Two three", "field(subtitle): It's", "field(summary): a \"b\"", "caption(cover.caption): Cap", "field(gallery.alt): First", "field(gallery.alt): Second", "paragraph: Body")},
		{"front matter in TOML", "", "+++\ntitle = \"T\"\ndescription = '''\nRaw\n'''\n[cover]\ncaption = 'Cap'\n[[gallery]]\nalt = \"A\"\n+++\nBody\n",
			lines("title(title): T", "field(description): Raw\n", "caption(cover.caption): Cap", "field(gallery.alt): A", "paragraph: Body")},
		{"front matter in JSON", "", "{\n \"title\": \"T\",\n \"cover\": {\"alt\": \"A \\u00e9\"}\n}\n\nBody\n", lines("title(title): T", "field(cover.alt): A é", "paragraph: Body")},
		{"front matter that does not parse", "", "---\ntitle: [a\nb: c\n---\nBody\n", lines("paragraph: Body")},
		{"rules, not front matter", "", "---\n\nText\n\n---\n\nMore\n", lines("paragraph: Text", "paragraph: More")},
		{"byte order mark", "", "\uFEFF---\ntitle: T\n---\n# H\n", lines("title(title): T", "heading: H")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := tt.path
			if path == "" {
				path = "a.md"
			}
			d := law(t, path, []byte(tt.data), nil)
			if got := units(d); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if strings.ContainsAny(tt.data, "\r") || strings.Contains(tt.name, "TOML") {
				return
			}
			d = law(t, path, []byte(strings.ReplaceAll(tt.data, "\n", "\r\n")), nil)
			if got := units(d); got != tt.want {
				t.Errorf("with CR LF: got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestParameters checks which values of shortcodes are units.
func TestParameters(t *testing.T) {
	data := "{{< quote author=\"The mayor of Springfield\" text=\"We will rebuild.\" >}}\n\n{{< button \"a/b.html\" \"Subscribe to the newsletter\" >}}\n\n{{< youtube id=\"x y\" label=\"Watch the flood\" >}}\n"
	for _, tt := range []struct {
		name string
		o    Options
		want string
		left int
	}{
		{"default", Options{}, "", 4},
		{"configured", Options{Parameters: []string{"author", "text", "label"}, Positional: map[string][]int{"button": {2}}},
			lines("attribute(quote@author): The mayor of Springfield", "attribute(quote@text): We will rebuild.", "attribute(button@2): Subscribe to the newsletter", "attribute(youtube@label): Watch the flood"), 0},
	} {
		f := &Format{Options: tt.o}
		d, ds := f.Split("a.md", []byte(data))
		if got := units(d); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		if (len(ds) > 0) != (tt.left > 0) || tt.left > 0 && (ds[0].ID != "markdown.parameter" || !strings.Contains(ds[0].Message, ": "+strconv.Itoa(tt.left)+";")) {
			t.Errorf("%s: diagnostics %v, want %d values left", tt.name, ds, tt.left)
		}
	}
}

// TestLineEnds checks that a document has the same units whatever its lines end
// with.
func TestLineEnds(t *testing.T) {
	for _, e := range append(specExamples(t), extensionExamples(t)...) {
		if strings.Contains(e, "\r") {
			continue
		}
		want, _ := new(Format).Split("a.md", []byte(e))
		for _, end := range []string{"\r\n", "\r"} {
			got, _ := new(Format).Split("a.md", []byte(strings.ReplaceAll(e, "\n", end)))
			if units(got) != units(want) {
				t.Errorf("%q with %q:\n%s\nwant\n%s", e, end, units(got), units(want))
			}
		}
	}
}

func TestDiagnostics(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"YAML", "---\ntitle: a\n  b: [c\nd: e\n---\nBody\n", "error markdown.front-matter 3:3"},
		{"TOML", "+++\ntitle = \"a\nb = 2\n+++\nBody\n", "error markdown.front-matter 2:11"},
		{"JSON", "{\n \"title\": \"a\",\n \"b\" 2\n}\n\nBody\n", "error markdown.front-matter 3:6"},
		{"unclosed", "---\ntitle: a\n\nBody\n", "warning markdown.front-matter 1:1"},
		{"fence", "a\n\n```go\nb\n", "warning markdown.fence 3:1"},
		{"skip without an end", "a\n\n<!-- hexapla:skip-start -->\n\nb\n", "warning markdown.skip 3:1"},
		{"end without a skip", "a\n\n<!-- hexapla:skip-end -->\n\nb\n", "warning markdown.skip 3:1"},
		{"no directive", "<!-- hexapla:skipp -->\n\nb\n", "warning markdown.skip 1:1"},
		{"HTML", "a\n\n<div>\nb\n</div>\n\n<!-- c -->\n<hr>\n\n<p>d</p>\n", ""},
		{"grid table", "a\n\n+---+---+\n| b     |\n+---+---+\n", "warning markdown.table 3:1"},
		{"bytes", "ab\xffc\n", "error charset.doubt 1:3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, ds := new(Format).Split("a.md", []byte(tt.data))
			var got []string
			for _, d := range ds {
				got = append(got, d.Severity.String()+" "+d.ID+" "+strings.TrimPrefix(d.Place.String(), "a.md:"))
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %s, want %s\n%v", s, tt.want, ds)
			}
		})
	}
}

// TestOptionsLeft checks what is reported of options of cells that are left as they are.
func TestOptionsLeft(t *testing.T) {
	for _, options := range []string{
		"#| fig-cap: a\n#| fig-alt: [b\n", "#| fig-cap: a\n#| echo=FALSE\n", "#| fig-cap: |\n#| not indented\n", "#| fig-cap: |\r#|   a\r",
		"#| fig-cap: a\n#| label: " + strings.Repeat("b", maxCellOptions) + "\n",
	} {
		d, ds := new(Format).Split("a.qmd", []byte("```{r}\n"+options+"x\n```\n"))
		if len(d.Units) > 0 || len(ds) != 1 || ds[0].ID != "markdown.field" || ds[0].Place.Line != 2 || ds[0].Place.Column != 4 {
			t.Errorf("%.60q: %d units, %v", options, len(d.Units), ds)
		}
	}
}

func TestMeta(t *testing.T) {
	for _, data := range []string{
		"---\ntitle: T\ndescription: D\ndate: 2026-09-23\ntranslationKey: k-1\nslug: s\nurl: /u\ncanonical: https://c\nlang: en-GB\n---\nBody\n",
		"+++\ntitle = 'T'\ndescription = \"D\"\ndate = 2026-09-23\ntranslationKey = 'k-1'\nslug = 's'\nurl = '/u'\ncanonical = 'https://c'\nlang = 'en-GB'\n+++\nBody\n",
		`{"title": "T", "description": "D", "date": "2026-09-23", "translationKey": "k-1", "slug": "s", "url": "/u", "canonical": "https://c", "lang": "en-GB"}` + "\nBody\n",
	} {
		d, _ := new(Format).Split("a.md", []byte(data))
		for k, v := range map[string]string{"title": "T", "description": "D", "date": "2026-09-23", "key": "k-1", "slug": "s", "url": "/u", "canonical": "https://c"} {
			if d.Meta[k] != v {
				t.Errorf("%.3s: %s = %q, want %q", data, k, d.Meta[k], v)
			}
		}
		if d.Locale != "en-GB" {
			t.Errorf("locale %q", d.Locale)
		}
	}
	d, _ := new(Format).Split("a.md", []byte("Text\n\n# A *title*\n"))
	if d.Meta["title"] != "A title" {
		t.Errorf("title of a heading: %q", d.Meta["title"])
	}
}

func TestCodes(t *testing.T) {
	d, _ := new(Format).Split("a.md", []byte("a *b* **c** `` d` `` [e](f \"t\") ![g](h)\\\n<br> <https://i.example> {{< j >}}\n"))
	want := []bitext.Code{
		{Kind: bitext.Start, ID: "1", Data: "*", Type: "fmt", SubType: "xlf:i"},
		{Kind: bitext.End, ID: "1", Data: "*", Type: "fmt", SubType: "xlf:i"},
		{Kind: bitext.Start, ID: "2", Data: "**", Type: "fmt", SubType: "xlf:b"},
		{Kind: bitext.End, ID: "2", Data: "**", Type: "fmt", SubType: "xlf:b"},
		{ID: "3", Data: "`` d` ``", Type: "other", Equiv: "d`"},
		{Kind: bitext.Start, ID: "4", Data: "[", Type: "link"},
		{Kind: bitext.End, ID: "4", Data: `](f "t")`, Type: "link", Subflows: []string{d.Units[1].ID}},
		{ID: "5", Data: "![g](h)", Type: "image", Subflows: []string{d.Units[2].ID}},
		{ID: "6", Data: "\\\n", Type: "fmt", SubType: "xlf:lb", Equiv: "\n"},
		{ID: "7", Data: "<br>", Type: "fmt", SubType: "xlf:lb", Equiv: "\n"},
		{ID: "8", Data: "<https://i.example>", Type: "link", Equiv: "https://i.example"},
		{ID: "9", Data: "{{< j >}}", Type: "other"},
	}
	got := d.Units[0].Source.Codes
	if len(got) != len(want) {
		t.Fatalf("%d codes, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.Kind != w.Kind || g.ID != w.ID || g.Data != w.Data || g.Type != w.Type || g.SubType != w.SubType || g.Equiv != w.Equiv ||
			strings.Join(g.Subflows, " ") != strings.Join(w.Subflows, " ") {
			t.Errorf("code %d: got %+v, want %+v", i, g, w)
		}
	}
}

// TestIdentity checks that no unit's identity hangs on another's.
func TestIdentity(t *testing.T) {
	blocks := []string{"# Head {#top}", "First paragraph.", "- Item one", "![Alt](a.png \"Title\")", "Second *paragraph* with ![alt two](b.png).",
		"> Quote", "| a | b |\n|---|---|\n| c | d |", "[^1]: Footnote", "## Head"}
	ids := func(bs []string) map[string]string {
		d, _ := new(Format).Split("a.md", []byte("---\ntitle: T\ndescription: D\n---\n\n"+strings.Join(bs, "\n\n")+"\n"))
		m := map[string]string{}
		for _, u := range d.Units {
			m[u.Source.Tagged()] = u.ID
		}
		return m
	}
	all := ids(blocks)
	if all["T"] != "front.title" || all["D"] != "front.description" || all["Head"] == "" {
		t.Errorf("identities: %v", all)
	}
	for i := range blocks {
		rest := append(append([]string(nil), blocks[:i]...), blocks[i+1:]...)
		for text, id := range ids(rest) {
			if all[text] != id && text != "Head" {
				t.Errorf("without %q, %q is %q, was %q", blocks[i], text, id, all[text])
			}
		}
	}
}
