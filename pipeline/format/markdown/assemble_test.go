package markdown

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

// assemble translates a document of whole units: to, in order, are the targets
// as tagged texts, "" for none.
func assemble(t *testing.T, f *Format, data string, meta *bitext.EditionMeta, to ...string) string {
	t.Helper()
	d, _ := f.Split("a.md", []byte(data))
	formattest.Segment(d, nil)
	tr := bitext.NewTranslation(d, "xx")
	if len(to) > len(d.Units) {
		t.Fatalf("%d targets for %d units:\n%s", len(to), len(d.Units), units(d))
	}
	for i, s := range to {
		if s == "" {
			continue
		}
		text, err := bitext.ParseTagged(s, d.Units[i].Source)
		if err != nil {
			t.Fatal(err)
		}
		tr.Targets[i][0] = bitext.Target{Filled: true, Text: text}
	}
	out, ds := f.Assemble(d, tr, meta)
	for _, x := range ds {
		t.Error(x)
	}
	return string(out)
}

// TestEditions checks what documents look like in which targets were written.
func TestEditions(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		to         []string
		want       string
	}{
		{"brackets that name no definition", "Inline^[a note]. See [[Other]] and [the page][ref].\n\n[ref]: https://x.example/\n",
			[]string{"Im Text^[eine Notiz]. Siehe [[Andere]] und <1>die Seite</1>, [1] und [ref]."},
			"Im Text^[eine Notiz]. Siehe [[Andere]] und [die Seite][ref], [1] und \\[ref].\n\n[ref]: https://x.example/\n"},
		{"emphasis comes into the name of a reference", "See [it] *now*.\n\n[it]: /x\n", []string{"<1><2>it</2></1> jetzt"}, "[*it*][it] jetzt\n\n[it]: /x\n"},
		{"a bracket begins the text", "[[Other page]]\n\n[r]: /x\n", []string{"[[Andere Seite]]"}, "[[Andere Seite]]\n\n[r]: /x\n"},
		{"abbreviation", "*[AP]: Associated Press\n", []string{"Agentur [AP]"}, "*[AP]: Agentur [AP]\n"},
		{"bars in a folded paragraph", "The menu says red | green in\nthree colours.\n", []string{"Rot | Grün in drei Farben."}, "Rot \\| Grün in drei Farben.\n"},
		{"bars in a folded paragraph with an escaped one", "Line with \\| one\nand a | real one.\n", []string{"Zeile mit | und | Strich."}, "Zeile mit \\| und \\| Strich.\n"},
		{"a bar in an image of a folded paragraph", "See ![a | b](a.png) here\nand then more.\n", []string{"Siehe <1/> hier und mehr.", "c | d"}, "Siehe ![c \\| d](a.png) hier und mehr.\n"},
		{"a bar in an image of one line with bars", "a | ![b](a.png)\n", []string{"", "c | d"}, "a | ![c | d](a.png)\n"},
		{"a bar in a title", "See [a](b \"c\") here.\n", []string{"", "d | e"}, "See [a](b \"d &#124; e\") here.\n"},
		{"a bar beside one in code", "See `a|b` here.\n", []string{"Da <1/> c | d"}, "Da `a|b` c \\| d\n"},
		{"a bar in a formula of folded lines", "See here\nthat $|x^2|$ is.\n", []string{"Hier ist <1/> zu sehen."}, "Hier\nist $|x^2|$ zu sehen.\n"},
		{"a bar in a formula that begins folded lines", "$|x^2|$ is\nto be seen.\n", []string{"<1/> ist hier."}, "$|x^2|$\nist hier.\n"},
		{"a bracket begins an alternative text", "![a](b.png)\n", []string{"[c[d]]e"}, "![\\[c\\[d\\]\\]e](b.png)\n"},
		{"a template in a parameter", "{{< figure caption=\"See {{ .Title }} now\" >}}\n", []string{"Jetzt {{ x }} \"<1/>\""}, "{{< figure caption=`Jetzt &#123;{ x }} \"{{ .Title }}\"` >}}\n"},
		{"bars in one line", "red | green\n", []string{"rot | grün"}, "rot | grün\n"},
		{"callout", "> [!WARNING] Roads closed\n> Stay at home\n> until Friday.\n", []string{"Straßen gesperrt", "Bleibt daheim."}, "> [!WARNING] Straßen gesperrt\n> Bleibt daheim.\n"},
		{"alert without a title", "> [!NOTE]\n> Careful.\n", []string{"Achtung."}, "> [!NOTE]\n> Achtung.\n"},
		{"container titles", "::: tip Good to know\nA.\n:::\n\n:::note[Read this]\n:::\n", []string{"Gut zu wissen", "", "Lies [das]"}, "::: tip Gut zu wissen\nA.\n:::\n\n:::note[Lies \\[das\\]]\n:::\n"},
		{"options of a directive", ":::{tip} Before\n:class: big\n:alt: A river\nText.\n:::\n\n[TOC]\n", []string{"Zuvor", "Ein Fluss", "Text da."}, ":::{tip} Zuvor\n:class: big\n:alt: Ein Fluss\nText da.\n:::\n\n[TOC]\n"},
		{"comment of Obsidian", "Seen %%not%% by.\n\n%%\nhidden\n%%\n", []string{"Von <1/> gesehen."}, "Von %%not%% gesehen.\n\n%%\nhidden\n%%\n"},
		{"admonition", "!!! note \"Before\"\n\n    Check it\n    now.\n", []string{"Zuvor \"hier\"", "Prüfe es."}, "!!! note \"Zuvor \"hier\"\"\n\n    Prüfe es.\n"},
		{"definition in an HTML block", "<p>One <b>two</b>\nthree four.</p>\n", []string{"[<1>a</1>]: b"}, "<p>[<b>a</b>]&#58; b</p>\n"},
		{"references of MkDocs", "See [`bool`][] and [the class][pkg.mod].\n", []string{"Zu <1><2/></1> und <3>der Klasse</3>, [a][b.c]."}, "Zu [`bool`][] und [der Klasse][pkg.mod], \\[a][b.c].\n"},
		{"line end behind an address", "See www.x.example now.\n", []string{"Da <1/>\nx"}, "Da <http://www.x.example>&#10;x\n"},
		{"EJS in an attribute", "In <img alt=\"Photo of <%= place %>\"> x.\n", []string{"Da <1/> x.", "Foto <1/>: a < b"}, "Da <img alt=\"Foto <%= place %>: a &lt; b\"> x.\n"},
		{"comment in a translation", "One *two*.\n", []string{"100 %%, %%a%% <1>%%b%%</1>"}, "100 \\%%, \\%%a%% *\\%%b%%*\n"},
		{"links to definitions side by side", "[foo], [bar]\n\n[foo]: /a\n[bar]: /b\n", []string{"<1>foo</1><2>Bar</2>"}, "[foo]&#8203;[Bar][bar]\n\n[foo]: /a\n[bar]: /b\n"},
		{"caption of a table", "| a | b |\n|---|---|\n| c | d |\n\n: The roads *closed* {#tbl-x}\n", []string{"", "", "", "", ": Gesperrte Straßen <1>nun</1> <2/>"}, "| a | b |\n|---|---|\n| c | d |\n\n: Gesperrte Straßen *nun* {#tbl-x}\n"},
		{"formula around emphasis", "So *a* and _b_.\n", []string{"So $<1>a</1>*b$ and $<2>a*b$</2>."}, "So \\$*a*\\*b\\$ and \\$_a\\*b\\$_.\n"},
		{"links to pages that the source has not", "Some [text](u).\n", []string{"![[a]], [[b]], <1>[[c]]</1> and [[d#e]]"}, "\\!\\[[a]], \\[[b]], [\\[\\[c\\]\\]](u) and \\[[d#e]]\n"},
		{"a colon behind a link to a page", "See [[Page#one]] and [[Two]] now.\n", []string{"<1>Seite</1>: <2>Zwei</2>(s)"}, "[[Page#one|Seite]]: [[Two|Zwei]]&#40;s)\n"},
		{"address with its scheme in a link", "See [a](b).\n", []string{"<1>mailto:a@b.cc x</1>"}, "[mailto\\:a@b.cc x](b)\n"},
		{"quotation mark behind an address", "See www.x.example/a now, or www.y.example.\n", []string{"<1/>\" jetzt, <2/>\" x"}, "<http://www.x.example/a>\" jetzt, www.y.example\" x\n"},
		{"formula", "Mass is $E=mc^2$ by rest.\n", []string{"Masse ist <1/>, oder $x$ = $5."}, "Masse ist $E=mc^2$, oder \\$x\\$ = \\$5.\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := assemble(t, new(Format), tt.data, nil, tt.to...); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestCitations checks that citations of Pandoc stay, and that a translation makes none.
func TestCitations(t *testing.T) {
	d, _ := new(Format).Split("a.qmd", []byte("See @fig-a, [@b, p. 3].\n"))
	formattest.Segment(d, nil)
	tr := bitext.NewTranslation(d, "xx")
	text, err := bitext.ParseTagged("Bei @x, “@y”: <1/>, [<2/>, S. 3].", d.Units[0].Source)
	if err != nil {
		t.Fatal(err)
	}
	tr.Targets[0][0] = bitext.Target{Filled: true, Text: text}
	out, ds := new(Format).Assemble(d, tr, nil)
	if want := "Bei \\@x, “\\@y”: @fig-a, [@b, S. 3].\n"; string(out) != want || len(ds) > 0 {
		t.Errorf("got %q, %v\nwant %q", out, ds, want)
	}
}

// TestCaptionsOfCells checks how captions in the options of cells are written.
func TestCaptionsOfCells(t *testing.T) {
	const source = "```{python}\n#| fig-cap: \"The river\"\n#| fig-alt: At dawn\n#| fig-subcap: ['A', B]\nx\n```\n\n```{r, fig.cap=\"The bridge\", echo=FALSE}\ny\n```\n"
	const want = "```{python}\n#| fig-cap: \"Der \\\"Fluss\\\"\"\n#| fig-alt: \"Früh: hell\"\n#| fig-subcap: ['Der Fluss''s', \"B, C\"]\nx\n```\n\n```{r, fig.cap=\"Die \\\"Brücke\\\"\", echo=FALSE}\ny\n```\n"
	d, _ := new(Format).Split("a.qmd", []byte(source))
	formattest.Segment(d, nil)
	tr := bitext.NewTranslation(d, "de")
	for i, to := range []string{`Der "Fluss"`, "Früh: hell", "Der Fluss's", "B, C", `Die "Brücke"`} {
		tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Text{Chars: to}}
	}
	if out, _ := new(Format).Assemble(d, tr, nil); string(out) != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}

// TestLinesOfOptions checks how options of cells that have several lines are written: as the
// YAML that they were, each line behind its mark.
func TestLinesOfOptions(t *testing.T) {
	for _, tt := range []struct{ source, to, want string }{
		{"#| fig-cap: |\n#|   The river\n#|\n#|   rose.\n#| echo: false\n", "Der Fluss:\n\n*stieg*.", "#| fig-cap: |\n#|   Der Fluss:\n#| \n#|   *stieg*.\n#| echo: false\n"},
		{"#| fig-cap: |\n#|   The river.\n", " Fluss\nx", "#| fig-cap: \" Fluss\\nx\\n\"\n"},
		{"//| fig-alt: >-\n//|   The river\n//|   rose.\n", "Der Fluss stieg.", "//| fig-alt: >-\n//|   Der Fluss stieg.\n"},
		{"#| tbl-cap: \"The river\n#|   rose.\"\n#| a: b\n", `Der "Fluss"`, "#| tbl-cap: \"Der \\\"Fluss\\\"\"\n#| a: b\n"},
		{"#| fig-subcap:\n#|   - The river\n#|     rose.\n", "Fluss: oben", "#| fig-subcap:\n#|   - \"Fluss: oben\"\n"},
		{"#| fig-cap: |\r\n#|   The river\r\n#|   rose.\r\n#| a: b\r\n", "Fluss\nX", "#| fig-cap: |\r\n#|   Fluss\r\n#|   X\r\n#| a: b\r\n"},
	} {
		d, ds := new(Format).Split("a.qmd", []byte("```{r}\n"+tt.source+"x\n```\n"))
		formattest.Segment(d, nil)
		tr := bitext.NewTranslation(d, "de")
		tr.Targets[0][0] = bitext.Target{Filled: true, Text: bitext.Text{Chars: tt.to}}
		if out, _ := new(Format).Assemble(d, tr, nil); string(out) != "```{r}\n"+tt.want+"x\n```\n" || len(ds) > 0 {
			t.Errorf("%q: got\n%s%v", tt.source, out, ds)
		}
	}
}

// TestNotice checks where readers are told of machine translation.
func TestNotice(t *testing.T) {
	for _, tt := range []struct {
		place      bitext.NoticePlace
		data, want string
	}{
		{bitext.NoticeAfterHeadline, "---\ntitle: T\n---\n# Head\n\nText.\n", "---\ntitle: T\nlang: ru\ntranslation: machine\n---\n# Head\n\nMade \\*here\\*.\n\nText.\n"},
		{bitext.NoticeAfterHeadline, "---\ntranslation: \"x\"\n---\nHead\n===\nText.\n", "---\ntranslation: \"machine\"\nlang: ru\n---\nHead\n===\n\nMade \\*here\\*.\nText.\n"},
		{bitext.NoticeTop, "---\ntitle: T\n---\n# Head\n", "---\ntitle: T\nlang: ru\ntranslation: machine\n---\nMade \\*here\\*.\n\n# Head\n"},
		{bitext.NoticeEnd, "---\ntitle: T\n---\n# Head\n", "---\ntitle: T\nlang: ru\ntranslation: machine\n---\n# Head\n\nMade \\*here\\*.\n"},
		{bitext.NoticeOff, "---\ntitle: T\n---\n# Head\n", "---\ntitle: T\nlang: ru\ntranslation: machine\n---\n# Head\n"},
	} {
		got := assemble(t, new(Format), tt.data, &bitext.EditionMeta{Locale: "ru", Machine: &bitext.Notice{Text: "Made *here*.", Place: tt.place}})
		if got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.place, got, tt.want)
		}
	}
}

// TestHeadingIDs checks that links to translated headings keep working.
func TestHeadingIDs(t *testing.T) {
	body := "- [Key facts](#key-facts) and [next](#what-is-next-1)\n\n## Key facts ##\n\nWhat is next?\n---\n\n## What is next?\n\n## Own {#own}\n\n## Not linked\n"
	to := []string{"", "Wichtiges", "Was nun?", "Was dann?", "Eigen", "Ohne"}
	for _, tt := range []struct {
		how        HeadingIDs
		front, out string
	}{
		{HeadingIDsAuto, "---\nx: 1\n---\n", "## Wichtiges ## {#key-facts}\n\nWas nun?\n---\n\n## Was dann? {#what-is-next-1}\n\n## Eigen {#own}\n\n## Ohne\n"},
		{HeadingIDsAuto, "", "## <a id=\"key-facts\"></a>Wichtiges ##\n\nWas nun?\n---\n\n## <a id=\"what-is-next-1\"></a>Was dann?\n\n## Eigen {#own}\n\n## Ohne\n"},
		{HeadingIDsOff, "", "## Wichtiges ##\n\nWas nun?\n---\n\n## Was dann?\n\n## Eigen {#own}\n\n## Ohne\n"},
	} {
		f := &Format{Options: Options{HeadingIDs: tt.how}}
		got := assemble(t, f, tt.front+body, nil, to...)
		if want := tt.front + body[:strings.Index(body, "##")] + tt.out; got != want {
			t.Errorf("%q: got\n%s\nwant\n%s", tt.how, got, want)
		}
	}
}

// TestProse checks that prose stays prose: nothing is escaped without need.
func TestProse(t *testing.T) {
	for _, tt := range []struct{ source, target, want string }{
		{"x", "snake_case and 3 * 4 for AT&T", "snake_case and 3 * 4 for AT&T"},
		{"x", "a < b & c > d", "a < b & c > d"},
		{"x", "the price* of it", "the price* of it"},
		{"x", "«It [the law] works,» he said [sic].", "«It [the law] works,» he said [sic]."},
		{"x", "Hello! ~5% #1 (yes) $5 100% a/b C:\\dir e-mail", "Hello! ~5% #1 (yes) $5 100% a/b C:\\dir e-mail"},
		{"x", "2026. gada 3. maijā", "2026\\. gada 3. maijā"},
		{"x", "- not a list", "\\- not a list"},
		{"x", "# not a heading", "\\# not a heading"},
		{"x", "#hashtag", "#hashtag"},
		{"x", "+7 495", "+7 495"},
		{"x", "-5 °C", "-5 °C"},
		{"x", "> no quote", "\\> no quote"},
		{"x", "*a* and *b*", "\\*a\\* and \\*b\\*"},
		{"x", "two\n\nlines", "two&#10;&#10;lines"},
		{"x", "<b>", "\\<b>"},
		{"x", "&copy; AT&T;", "\\&copy; AT&T;"},
		{"x", "see http://a.bc", "see http\\://a.bc"},
		{"x", "[a](b) ![c](d)", "\\[a](b) !\\[c](d)"},
		{"x", "use {{< x >}}", "use &#123;{< x >}}"},
		{"x", "{% include x %} {# c #}", "&#123;% include x %} &#123;# c #}"},
		{"x", "a <%= x %> <?php x ?>", "a &#60;%= x %> &#60;?php x ?>"},
		{"x", "---", "\\---"},
		{"x", "a | b", "a \\| b"},
		{"x", " spaces ", "spaces"},
		{"# x", "C#", "# C#"},
		{"# x", "C #", "# C \\#"},
		{"# x", "1. One", "# 1. One"},
		{"x\n===", "", "x\n==="},
		{"a *b* c", "a<1>«b»</1>c", "&#97;*«b»*&#99;"},
		{"a *b* c", "a <1>«b»</1>, c", "a *«b»*, c"},
		{"a _b_ c", "a<1>b</1> c", "&#97;_b_ c"},
		{"a **b** c", "a <1> b </1> c", "a **&#32;b&#32;** c"},
		{"a [b](c) d", "a! <1>b</1>", "a! [b](c)"},
		{"a [b](c) d", "a!<1>b</1>", "a\\![b](c)"},
		{"a [b](c) d", "<1>[b]</1>", "[\\[b\\]](c)"},
		{"a^[b *c* d] e", "f^[g <1>h</1> i] j", "f^[g *h* i] j"},
		{"a^[b [c](d) e] f", "g^[h <1>i</1> j] k", "g^[h [i](d) j] k"},
		{"a **b**", "c [sic <1>d</1>] e", "c [sic **d**] e"},
		{"a *b*", "[c <1>d</1> e](f)", "\\[c *d* e](f)"},
		{"a *b*\n\n[c *d*]: /x", "e [c <1>d</1>] f", "e \\[c *d*] f\n\n[c *d*]: /x"},
		{"a *b*\n\n[c]: /x", "e [c <1>d</1>] f", "e [c *d*] f\n\n[c]: /x"},
		{"a [b](c) d", "e [f <1>g] h</1>", "e \\[f [g\\] h](c)"},
		{"see \"https://a.bc/d_e_f\".", "«\"https://a.bc/d_e_f\"» x", "«\"https://a.bc/d_e_f\"» x"},
		{"see “https://a.bc/d”.", "x \"https://a.bc/d\"", "x \"https://a.bc/d\""},
		{"see 'www.a.bc'.", "x 'www.a.bc'.", "x 'www.a.bc'."},
		{"see \"www.a.bc\".", "x 'www.other.bc'.", "x 'www\\.other.bc'."},
		{"write to “a@b.cc”.", "x «a@b.cc».", "x «a@b.cc»."},
		{"write to “a@b.cc”.", "x d@b.cc.", "x d\\@b.cc."},
		{"write to info@münchen.de or me@here", "x info@münchen.de, you@there, @b", "x info@münchen.de, you@there, @b"},
		{"as [@a]", "so [@b] [<1/>]", "so [\\@b] [@a]"},
		{"a https://b.cc d", "a <1/>。d", "a <https://b.cc>。d"},
		{"a https://b.cc d", "(<1/>).", "(https://b.cc)."},
		{"| x |\n|---|", "a | b", "| a \\| b |\n|---|"},
		{"a\\\nb", "<1/>c", "&#8203;\\\nc"},
		{"a\\\nb", "c<1/>", "c"},
	} {
		if got := strings.TrimSuffix(assemble(t, new(Format), tt.source+"\n", nil, tt.target), "\n"); got != tt.want {
			t.Errorf("%q in %q: got %q, want %q", tt.target, tt.source, got, tt.want)
		}
	}
}

func TestLabels(t *testing.T) {
	const data = "see [one], [two][], ![three] and [four][4]\n\n[one]: /1\n[two]: /2\n[three]: /3\n[4]: /4\n"
	got := assemble(t, new(Format), data, nil, "<1>eins</1>, <2>zwei</2>, <3/> und <4>vier</4>", "drei")
	want := strings.Replace(data, "see [one], [two][], ![three] and [four][4]", "[eins][one], [zwei][two], ![drei][three] und [vier][4]", 1)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got = assemble(t, new(Format), data, nil, "see <1>one</1>; <2>two</2>, <3/> and <4>vier</4>")
	want = strings.Replace(data, "see [one], [two][], ![three] and [four][4]", "see [one]; [two][], ![three] and [vier][4]", 1)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestFrontMatter checks that values are written back in the style of the ones
// that were, that no other byte changes, and that parsers read them as meant.
func TestFrontMatter(t *testing.T) {
	const data = `---
# a comment
title:   Plain   # keep
description: "Double"
summary: 'Single'
subtitle: >-
    Folded
    lines
caption: |
    Literal
    lines
linkTitle: {en: x}
alt: &anchor Anchored
other:  [1,   2]
---

Body
`
	for _, tt := range []struct{ target, title, description, summary, subtitle, caption string }{
		{"New", "New", `"New"`, "'New'", ">-\n    New", "|\n    New"},
		{`It's "so": a`, `"It's \"so\": a"`, `"It's \"so\": a"`, `'It''s "so": a'`, ">-\n    It's \"so\": a", "|\n    It's \"so\": a"},
		{"a # b", `"a # b"`, `"a # b"`, "'a # b'", ">-\n    a # b", "|\n    a # b"},
		{"two\nlines", `"two\nlines"`, `"two\nlines"`, `"two\nlines"`, ">-\n    two\n\n    lines", "|\n    two\n    lines"},
		{"no", `"no"`, `"no"`, "'no'", ">-\n    no", "|\n    no"},
		{"2026-01-01", `"2026-01-01"`, `"2026-01-01"`, "'2026-01-01'", ">-\n    2026-01-01", "|\n    2026-01-01"},
		{"- a", `"- a"`, `"- a"`, "'- a'", ">-\n    - a", "|\n    - a"},
		{" led", `" led"`, `" led"`, "' led'", `" led"`, `" led\n"`},
		{"tab\there", `"tab\there"`, `"tab\there"`, `"tab\there"`, `"tab\there"`, `"tab\there\n"`},
		{"новое: да", `"новое: да"`, `"новое: да"`, "'новое: да'", ">-\n    новое: да", "|\n    новое: да"},
	} {
		got := assemble(t, new(Format), data, nil, tt.target, tt.target, tt.target, tt.target, tt.target, tt.target)
		want := strings.NewReplacer("Plain ", tt.title+" ", `"Double"`, tt.description, "'Single'", tt.summary,
			">-\n    Folded\n    lines", tt.subtitle, "|\n    Literal\n    lines", tt.caption, "Anchored", tt.title).Replace(data)
		if got != want {
			t.Errorf("%q: got\n%s\nwant\n%s", tt.target, got, want)
		}
		var m map[string]any
		if err := yaml.Unmarshal([]byte(got[4:strings.Index(got, "\n---\n")]), &m); err != nil {
			t.Errorf("%q: %v", tt.target, err)
		}
		for _, k := range []string{"title", "description", "summary", "subtitle", "caption", "alt"} {
			if s, ok := m[k].(string); !ok || strings.TrimSuffix(s, "\n") != tt.target {
				t.Errorf("%s of %q reads as %#v", k, tt.target, m[k])
			}
		}
	}
}

func TestFrontMatterTOML(t *testing.T) {
	const data = "+++\ntitle = \"Basic\" # keep\ndescription = 'Literal'\nsummary = \"\"\"\nLines\n\"\"\"\nsubtitle = '''Raw'''\n[cover]\n  caption = \"C\"\n+++\nBody\n"
	for _, target := range []string{"New", `It's "so"`, `back\slash \n`, "two\nlines", "'''", `"""`, "ends with '", "\ttab", "\nfirst", "\\"} {
		got := assemble(t, new(Format), data, nil, target, target, target, target, target)
		var m struct {
			Title, Description, Summary, Subtitle string
			Cover                                 struct{ Caption string }
		}
		if err := toml.Unmarshal([]byte(got[4:strings.Index(got, "\n+++\n")]), &m); err != nil {
			t.Errorf("%q: %v\n%s", target, err, got)
		}
		for k, v := range map[string]string{"title": m.Title, "description": m.Description, "summary": m.Summary, "subtitle": m.Subtitle, "caption": m.Cover.Caption} {
			if v != target {
				t.Errorf("%s of %q reads as %q in\n%s", k, target, v, got)
			}
		}
		if !strings.Contains(got, " # keep\n") || !strings.HasSuffix(got, "\n+++\nBody\n") {
			t.Errorf("%q: something else changed:\n%s", target, got)
		}
	}
}

func TestEditionMeta(t *testing.T) {
	meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl", Key: "k: 1"}
	ru := &bitext.EditionMeta{Locale: "ru", Dir: "ltr", Key: "k"}
	for _, tt := range []struct {
		name       string
		f          *Format
		meta       *bitext.EditionMeta
		data, want string
	}{
		{"YAML", &Format{}, meta, "---\ntitle: T\n---\nB\n", "---\ntitle: T\nlang: fa\ntranslationKey: \"k: 1\"\ndir: rtl\n---\nB\n"},
		{"YAML, replaced", &Format{}, ru, "---\nlang: 'en'\ntranslationKey: \"old\"\ndir: rtl\ntitle: T\n---\nB\n", "---\nlang: 'ru'\ntranslationKey: \"k\"\ndir: ltr\ntitle: T\n---\nB\n"},
		{"YAML, nothing there", &Format{}, ru, "---\nlang:\ntitle: T\n---\nB\n", "---\nlang: ru\ntitle: T\ntranslationKey: k\n---\nB\n"},
		{"YAML, empty", &Format{}, ru, "---\n---\nB\n", "---\nlang: ru\ntranslationKey: k\n---\nB\n"},
		{"YAML, flow", &Format{}, ru, "---\n{title: T}\n---\nB\n", "---\n{title: T, lang: ru, translationKey: k}\n---\nB\n"},
		{"YAML, a word that is none", &Format{}, &bitext.EditionMeta{Locale: "no"}, "---\ntitle: T\n---\nB\n", "---\ntitle: T\nlang: \"no\"\n---\nB\n"},
		{"YAML, CR LF", &Format{}, ru, "---\r\ntitle: T\r\n---\r\nB\r\n", "---\r\ntitle: T\r\nlang: ru\r\ntranslationKey: k\r\n---\r\nB\r\n"},
		{"TOML", &Format{}, meta, "+++\ntitle = 'T'\n\n[params]\na = 1\n+++\nB\n", "+++\ntitle = 'T'\nlang = \"fa\"\ntranslationKey = \"k: 1\"\ndir = \"rtl\"\n\n[params]\na = 1\n+++\nB\n"},
		{"TOML, replaced", &Format{}, ru, "+++\nlang = 'en'\n+++\nB\n", "+++\nlang = 'ru'\ntranslationKey = \"k\"\n+++\nB\n"},
		{"JSON", &Format{}, ru, "{\n  \"title\": \"T\"\n}\nB\n", "{\n  \"title\": \"T\", \"lang\": \"ru\", \"translationKey\": \"k\"\n}\nB\n"},
		{"JSON, empty", &Format{}, ru, "{}\nB\n", "{\"lang\": \"ru\", \"translationKey\": \"k\"}\nB\n"},
		{"created", &Format{Options: Options{CreateFrontMatter: true}}, ru, "B\n", "---\nlang: ru\ntranslationKey: k\n---\n\nB\n"},
		{"wrapped", &Format{Options: Options{DirWrapper: true}}, meta, "---\ntitle: T\n---\nB", "---\ntitle: T\nlang: fa\ntranslationKey: \"k: 1\"\ndir: rtl\n---\n<div lang=\"fa\" dir=\"rtl\">\n\nB\n\n</div>\n"},
		{"directions of HTML", &Format{}, meta, "---\nlang: en\n---\n<div dir=\"ltr\"><p>A</p><p dir=ltr>B</p></div>\n\n<p dir=\"ltr\" lang=\"fr\">C</p>\n\n<div dir=\"ltr\"><p>D</p><pre>e</pre></div>\n\n<div dir=\"ltr\"><p>F</p>\n\n</div>\n",
			"---\nlang: fa\ntranslationKey: \"k: 1\"\ndir: rtl\n---\n<div dir=\"rtl\"><p>A</p><p dir=\"rtl\">B</p></div>\n\n<p dir=\"ltr\" lang=\"fr\">C</p>\n\n<div dir=\"rtl\"><p>D</p><pre dir=\"ltr\">e</pre></div>\n\n<div dir=\"rtl\"><p>F</p>\n\n</div>\n"},
		{"directions around Markdown", &Format{}, meta, "---\nlang: en\n---\n<div dir=\"ltr\">\n\nText\n\n<div>\n\n</div>\n\n</div>\n\n<div dir=ltr>\n\n```\ncode\n```\n\nText\n\n</div>\n\n<div dir=ltr>\n\nnever closed\n",
			"---\nlang: fa\ntranslationKey: \"k: 1\"\ndir: rtl\n---\n<div dir=\"rtl\">\n\nText\n\n<div>\n\n</div>\n\n</div>\n\n<div dir=ltr>\n\n```\ncode\n```\n\nText\n\n</div>\n\n<div dir=ltr>\n\nnever closed\n"},
		{"created and wrapped", &Format{Options: Options{CreateFrontMatter: true, DirWrapper: true}}, &bitext.EditionMeta{Locale: "fa", Dir: "rtl"}, "B\n", "---\nlang: fa\ndir: rtl\n---\n\n<div lang=\"fa\" dir=\"rtl\">\n\nB\n\n</div>\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := tt.f.Split("a.md", []byte(tt.data))
			out, ds := tt.f.Assemble(d, nil, tt.meta)
			if string(out) != tt.want || len(ds) > 0 {
				t.Errorf("got\n%s%v\nwant\n%s", out, ds, tt.want)
			}
			again, _ := tt.f.Split("a.md", out)
			if again.Locale != tt.meta.Locale || again.Meta["key"] != tt.meta.Key {
				t.Errorf("reads as %q, %q", again.Locale, again.Meta["key"])
			}
		})
	}
	d, _ := new(Format).Split("a.md", []byte("B\n"))
	out, ds := new(Format).Assemble(d, nil, ru)
	if string(out) != "B\n" || len(ds) != 1 || ds[0].ID != "markdown.no-front-matter" {
		t.Errorf("without front matter: %q, %v", out, ds)
	}
}

// TestOtherLanguage checks how text in another language than the edition's is
// marked.
func TestOtherLanguage(t *testing.T) {
	const data = "---\ntitle: T\n---\n\nOne *two*. Three.\n\n![Alt](a.png \"Title\")\n\n# H\n"
	f := new(Format)
	d, _ := f.Split("a.md", []byte(data))
	formattest.Segment(d, nil)
	d.Units[1].SegmentAt([]bitext.Boundary{{Pos: 8, Code: 2}}, func(int, bitext.Text) bool { return false })
	tr := formattest.Fill(d, formattest.Same)
	for i := range tr.Targets {
		for j := range tr.Targets[i] {
			tr.Targets[i][j].Locale = "en"
		}
	}
	tr.Targets[1][1].Locale = "ar"
	out, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru"})
	want := "---\ntitle: T\nlang: ru\n---\n\n<span lang=\"en\" dir=\"ltr\">One *two*.</span><span lang=\"ar\" dir=\"rtl\"> Three.</span>\n\n![Alt](a.png \"Title\")\n\n# <span lang=\"en\" dir=\"ltr\">H</span>\n"
	if string(out) != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	// A segment that a pair of codes reaches out of has no place for a span.
	d.Units[1].SegmentAt([]bitext.Boundary{{Pos: 5, Code: 1}}, func(int, bitext.Text) bool { return false })
	tr = formattest.Fill(d, formattest.Same)
	tr.Targets[1][0].Locale, tr.Targets[1][1].Locale = "en", "en"
	out, _ = f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru"})
	if !strings.Contains(string(out), "\nOne *two*. Three.\n") {
		t.Errorf("got\n%s", out)
	}
}

func TestEncodings(t *testing.T) {
	f := &Format{Options: Options{Encoding: "windows-1251"}}
	data := "---\ntitle: \xcc\xe8\xf0\n---\n\n*\xcc\xe8\xf0* \x98\n"
	d, ds := f.Split("a.md", []byte(data))
	if got := units(d); got != "title(title): Мир\nparagraph: <1>Мир</1> <2/>\n" || len(ds) != 1 {
		t.Errorf("units %s%v", got, ds)
	}
	if out, _ := f.Assemble(d, nil, nil); string(out) != data {
		t.Errorf("got %q, want %q", out, data)
	}
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, formattest.Same)
	tr.Targets[1][0].Text.Chars = "მირ "
	tr.Targets[1][0].Text.Codes[1].Pos, tr.Targets[1][0].Text.Codes[2].Pos = 9, 10
	out, ds := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ka", Encoding: "windows-1251"})
	if want := "---\ntitle: \xcc\xe8\xf0\nlang: ka\n---\n\n*&#4315;&#4312;&#4320;* \x98\n"; string(out) != want || len(ds) > 0 {
		t.Errorf("got %q %v, want %q", out, ds, want)
	}
	tr.Targets[0][0].Text.Chars = "მირ"
	out, ds = f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ka", Encoding: "windows-1251"})
	if !strings.HasPrefix(string(out), "---\ntitle: მირ\n") || len(ds) != 1 || ds[0].ID != "markdown.unmappable" {
		t.Errorf("got %q %v", out, ds)
	}
}

// TestShared assembles from many goroutines at once, and checks that none
// changes the document or its translation.
func TestShared(t *testing.T) {
	f := new(Format)
	split := func() (*bitext.Document, *bitext.Translation) {
		d, _ := f.Split("a.md", []byte(contexts))
		formattest.Segment(d, nil)
		tr := formattest.Fill(d, formattest.Same)
		for i := range tr.Targets {
			tr.Targets[i][0].Text.Chars = strings.Map(swap, tr.Targets[i][0].Text.Chars)
			tr.Targets[i][0].Locale = "en"
		}
		return d, tr
	}
	d, tr := split()
	want, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru", Key: "k"})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru", Key: "k"}); string(got) != string(want) {
					t.Error("another edition from another goroutine")
				}
				split()
			}
		})
	}
	wg.Wait()
	d2, tr2 := split()
	if !reflect.DeepEqual(d, d2) || !reflect.DeepEqual(tr.Targets, tr2.Targets) {
		t.Error("the document or its translation has changed")
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		contexts, "\uFEFF---\r\ntitle: [a\r\n---\r\n# A\r\n", "+++\na = '''\n+++\n", "{\"title\": \"\\ud800\"}\n*a**b***c*\n",
		"> - 1. a\n>   ```\n> b\n", "[a]: <b> 'c\n[a][] ![a] [^a]\n\n[^a]: d\n", "|a|\n|-|\n|`\\|`|\n", "{{< a b=\"c\n\" >}} {% d e='f' %}", "\xff*\xfe*\n\x00",
		"a  \nb\\\nc &amp; &#0; \\* <d e='f'>g</d>\n", "---\na: >\n x\n\n  y\ntitle: 'b''c'\n---\n", "a\n: b\n\n:::c\n", "\xff\xfea\x00\n\x00",
	} {
		f.Add([]byte(s), uint64(1), false)
		f.Add([]byte(s), uint64(2), true)
	}
	f.Add([]byte("0\n |-\n0<\r>"), uint64(20), true) // a mask over a line's end, in a table
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, mdx bool) {
		path := "a.md"
		if mdx {
			path = "a.mdx"
		}
		d := law(t, path, data, newRand(seed))
		tr, _ := translate(d, newRand(seed+1), 0.3)
		new(Format).Assemble(d, tr, &bitext.EditionMeta{Locale: "ar", Dir: "rtl", Key: "k"})
	})
}

func BenchmarkSplit(b *testing.B) {
	data := benchmarkData(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		new(Format).Split("a.md", data)
	}
}

// BenchmarkParse is goldmark's part in BenchmarkSplit.
func BenchmarkParse(b *testing.B) {
	data := benchmarkData(b)
	s := newSplitter(Options{}, "a.md", data, newRoom())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.parse(data, DialectAuto, false)
		s.reset(s)
	}
}

func BenchmarkAssemble(b *testing.B) {
	data := benchmarkData(b)
	d, _ := new(Format).Split("a.md", data)
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, formattest.Same)
	for i := range tr.Targets {
		tr.Targets[i][0].Text.Chars = strings.Map(swap, tr.Targets[i][0].Text.Chars)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		new(Format).Assemble(d, tr, nil)
	}
}

// benchmarkData is 1 MB of articles of which no two paragraphs are alike.
func benchmarkData(b *testing.B) []byte {
	_, body, _ := strings.Cut(contexts, "---\n\n")
	var out strings.Builder
	for i := 0; out.Len() < 1<<20; i++ {
		n := string(rune('A'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26))
		out.WriteString(strings.NewReplacer("A ", n+" A ", "The ", n+" The ", "Text", n+" Text", "an ", n+" an ", "Term", n+" Term").Replace(body))
		out.WriteString("\n")
	}
	return []byte(out.String())
}

// TestIsolation checks that what runs from left to right stays together in an edition from
// right to left, and that nothing else changes.
func TestIsolation(t *testing.T) {
	for _, tt := range []struct {
		name, path, source string
		dialect            Dialect
		to                 []string
		want               string
	}{
		{"words with signs", "a.md", "Learn C++ now.\n", DialectAuto, []string{"زبان C++ را بیاموز."}, "زبان <span dir=\"ltr\">C++</span> را بیاموز.\n"},
		{"telephone number", "a.md", "- Call +1 (555) 123-4567 now.\n", DialectAuto, []string{"با +1 (555) 123-4567 تماس بگیر."}, "- با <span dir=\"ltr\">+1 (555) 123-4567</span> تماس بگیر.\n"},
		{"at the beginning", "a.md", "# .NET and us\n\n| a |\n|---|\n| C# |\n", DialectKramdown, []string{".NET و ما", "الف", "C# آ"}, "# <span dir=\"ltr\">.NET</span> و ما\n\n| الف |\n|---|\n| <span dir=\"ltr\">C#</span> آ |\n"},
		{"emphasis", "a.md", "Learn **C++**.\n", DialectAuto, []string{"زبان <1>C++</1>."}, "زبان **<span dir=\"ltr\">C++</span>**.\n"},
		{"code", "a.md", "Set `--force` or `npm install`, <kbd>+x</kbd>, <code dir=\"ltr\">-y</code>.\n", DialectAuto, []string{"<1/> یا <2/>، <3/>، <4/>."},
			"<span dir=\"ltr\">`--force`</span> یا `npm install`، <span dir=\"ltr\"><kbd>+x</kbd></span>، <code dir=\"ltr\">-y</code>.\n"},
		{"address", "a.md", "See https://example.org/ and https://example.org/a.\n", DialectAuto, []string{"<1/> و <2/>."}, "<span dir=\"ltr\"><https://example.org/></span> و https://example.org/a.\n"},
		{"where HTML is left out", "a.md", "+++\n+++\nLearn C++ now.\n", DialectAuto, []string{"زبان C++ را."}, "+++\nlang = \"fa\"\ndir = \"rtl\"\n+++\nزبان \u2066C++\u2069 را.\n"},
		{"where no element can be", "a.md", "![C++ logo](a.png \"In C++\") [[Page|C++]] x.\n\n:::note[C++ x]\n:::\n", DialectAuto, []string{"<1/> <2>C++</2> آ.", "نشان C++", "در C++", "C++ آ"}, "![نشان C++](a.png \"در C++\") [[Page|C++]] آ.\n\n:::note[C++ آ]\n:::\n"},
		{"isolated by the translator", "a.md", "Learn C++ now.\n", DialectAuto, []string{"زبان \u2066C++\u2069 را."}, "زبان \u2066C++\u2069 را.\n"},
		{"unchanged", "a.md", "+1 555 123 4567\n\nText\n", DialectAuto, []string{"+1 555 123 4567", "متن"}, "<span dir=\"ltr\">+1 555 123 4567</span>\n\nمتن\n"},
		{"code in the name of a reference", "a.md", "Set [the `--x`][], [`--y`] now.\n\n[the `--x`]: /a\n[`--y`]: /b\n", DialectAuto, []string{"<1>the <2/></1>، <3><4/></3> آ."},
			"[the <span dir=\"ltr\">`--x`</span>][the `--x`]، [<span dir=\"ltr\">`--y`</span>][`--y`] آ.\n\n[the `--x`]: /a\n[`--y`]: /b\n"},
		{"a name that a plugin looks up", "a.md", "See [`__init__`][] now.\n", DialectAuto, []string{"<1><2/></1> آ"}, "[`__init__`][] آ\n"},
		{"marks of highlighting", "a.md", "Learn ==it in C++== now.\n", DialectAuto, []string{"==زبان C++== آ"}, "==زبان <span dir=\"ltr\">C++</span>== آ\n"},
		{"MDX", "a.mdx", "Call C++.\n\n+1 555 123 4567\n", DialectAuto, []string{"C++", "+1 555 123 4567"}, "\u2066C++\u2069\n\n\u2066+1 555 123 4567\u2069\n"},
		{"the anchor of a heading", "a.md", "## C++\n\n[See](#c)\n", DialectAuto, []string{"C++", "<1>ببین</1>"}, "## <span dir=\"ltr\"><a id=\"c\"></a>C++</span>\n\n[ببین](#c)\n"},
		{"blocks of HTML", "a.md", "<p>Learn C++ or <code>-y</code>.</p>\n\n<p>+1 555 123 4567</p>\n", DialectAuto, []string{"زبان C++ یا <1/>.", "+1 555 123 4567"}, "<p>زبان <bdi dir=\"ltr\">C++</bdi> یا <code dir=\"ltr\">-y</code>.</p>\n\n<p><bdi dir=\"ltr\">+1 555 123 4567</bdi></p>\n"},
	} {
		f := &Format{Options: Options{Dialect: tt.dialect}}
		d, _ := f.Split(tt.path, []byte(tt.source))
		d.Locale = "en"
		formattest.Segment(d, nil)
		tr := bitext.NewTranslation(d, "fa")
		for i, to := range tt.to {
			text, err := bitext.ParseTagged(to, d.Units[i].Source)
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			tr.Targets[i][0] = bitext.Target{Filled: true, Text: text}
		}
		out, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
		if string(out) != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, out, tt.want)
		}
		ltr, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "de", Dir: "ltr"})
		if strings.Contains(string(ltr), "<span") || strings.Contains(string(ltr), "<bdi") {
			t.Errorf("%s: isolated in an edition from left to right:\n%s", tt.name, ltr)
		}
	}
}
