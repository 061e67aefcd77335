package markdown

import (
	"flag"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

// contexts is a document with a unit in every context that text is written in.
const contexts = `---
title: A plain title
description: "A quoted description"
summary: 'A single-quoted summary'
subtitle: >-
  A folded subtitle
  in two lines
caption: |
  A literal caption
linkTitle: A link title, [or so]
alt: [one alt, "two alt"]
---

A paragraph with *emphasis* and **strong words** and ~~struck ones~~ and a
[link](/url "its title") and ` + "`code`" + ` in it.

# A heading with *emphasis* #

A setext heading
----------------

- An item with **strong words**
- [ ] A task

  1. A nested item

> A quotation with _emphasis_ in
> two lines\
> and a break

| A cell | A **strong** cell |
|--------|-------------------|
| ` + "`a \\| b`" + ` | an ![image alt](x.png "image title") |

![Alone](alone.png)

{{< figure caption="A caption" alt=` + "`raw alt`" + ` >}}

{% include figure.html title='liquid title' %}

Text with <b title="a title">bold</b> in it.

Term
: Definition

<figure title=plain>
<img alt='an alt' src="a.png"> <figcaption>A <b>caption</b> of
two lines</figcaption>
</figure>

> [!NOTE] A title
> and a body

!!! tip "An *admonition*"

    Its text

:::note[A title]
Text with $x^2$ and [[Page|a label]].
:::

*[AP]: Associated Press

/// details | Its summary
    type: warning
Its text
///

Text with [[Page]] and $x_1$.

<!-- the end -->
Text[^1] after a comment.

[^1]: A footnote
`

// hostile are parts of texts that could be markup.
var hostile = []string{
	"*", "**", "_", "__", "~", "~~", "`", "``", "```", "[", "]", "[x](y)", "![x](y)", "[^1]", "[x]", "[ ] ", "(", ")", "<", ">", "<b>", "</b>", "<!--", "-->",
	"<a@b.cc>", "<http://x.yy>", "&", "&amp;", "&copy;", "&#42;", "AT&T", "\\", "\\\\", "\\*", "|", "\\|", "#", "##", " #", "# ", "{", "}", "{{", "}}", "{{< x >}}", "{% y %}", "{#id}", "{: .c}", "{.c}",
	"http://x.yy", "https://x.yy/z", "www.x.yy", "a@b.cc", "- ", "+ ", "* ", "1. ", "12) ", "> ", "---", "***", "___", "===", "+++", "~~~", ": ", ":::", "    ", "\t", "\n", "\n\n", "\r\n", "\"", "'", "$", "!", "^", "=", "-", ".", ",", "%",
	"слово", "a", "b", "word", " ", " ", " ", "snake_case", "3 * 4", "é", "«", "»", "—", "ا", "日本", "\u00A0", "import ", "yes", "null", "2026", "@", "/", ":", ";", "<?", "<![CDATA[", "\u2028", "\u0085", "😀", "`c`", "$$", "[[a|b]]", "^[", "\\(", "\\[", "[[a]]", "{>>", "<<}", "{~~a~>b~~}", " ^id", "mailto:a@b.cc", "/// x", "///", "![a|9](b)", "|9]", ":smile:", "++ctrl++", "%%x%%", "[[a#b]]", "\"mailto:a@b.cc", "$a*b$", "{!a.b!}", "{* a.b *}", "$`", "`$", "\\begin{x}", "\\end{x}", "HTTPS://x.yy", "[a][b.c]", "][b.c]", "[`a`][]", "[@k", " @k]", "<%", "%>", "<%= x %>",
}

// randomTarget makes a text of hostile parts, with the codes of source in their
// order at random places; a pair always has something in it.
func randomTarget(source bitext.Text, r *rand.Rand) bitext.Text {
	var parts []string
	for range 1 + r.IntN(7) {
		parts = append(parts, hostile[r.IntN(len(hostile))])
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p)
	}
	chars := "w" + b.String() + "w"
	if r.IntN(2) == 0 {
		chars = b.String() + "w"
	}
	ends := 0
	for _, c := range source.Codes {
		if c.Kind == bitext.End {
			ends++
			chars += "w"
		}
	}
	var at []int // between characters
	for i := range chars {
		at = append(at, i)
	}
	at = append(at, len(chars))
	t := bitext.Text{Chars: chars}
	last := 0
	for _, c := range source.Codes {
		if c.Kind == bitext.End {
			last++
			ends--
		}
		last += r.IntN(len(at) - ends - last)
		c.Pos = at[last]
		t.Codes = append(t.Codes, c)
	}
	for i := range t.Codes {
		if at := t.Codes[i].Pos; t.Codes[i].Equiv == "\n" {
			// A break has words on both sides.
			t.Chars = t.Chars[:at] + "ww" + t.Chars[at:]
			t.Codes[i].Pos++
			for j := i + 1; j < len(t.Codes); j++ {
				t.Codes[j].Pos += 2
			}
		}
	}
	return t
}

// normal is a text as Markdown has it: white space at its ends and around line
// breaks is no part of it.
func normal(t bitext.Text, c context) string {
	if c.kind == htmlContext {
		// HTML forbids some control characters and folds space, and a tag around all
		// of a text is no part of it.
		return strings.NewReplacer("\u0085", "", " ", "", "\t", "", "\n", "", "\r", "").Replace(t.Chars)
	}
	if c.kind == altContext || c.scalar() {
		if c.kind == hugoContext || c.kind == liquidContext {
			return strings.NewReplacer("&#123;", "{", "&#60;", "<", "&#37;", "%", "&#39;", "'", "&quot;", `"`, "&#92;", `\`).Replace(oneLine(t.Chars))
		}
		if c.style == "literal" || c.style == "folded" {
			return strings.TrimRight(t.Tagged(), "\n")
		}
		return t.Tagged()
	}
	// Between two spans that touch, a character without width is written.
	return strings.ReplaceAll(strings.Trim(t.Tagged(), " \t"), "\u200B", "")
}

var (
	rounds = flag.Int("rounds", 500, "how many random translations to try")
	seed   = flag.Uint64("seed", 5, "the seed of the random translations")
)

// hasEmptyPair reports whether a pair of codes has nothing in it, which Markdown
// cannot say.
func hasEmptyPair(t bitext.Text) bool {
	for i, c := range t.Codes {
		if c.Kind == bitext.Start && i+1 < len(t.Codes) && t.Codes[i+1].Kind == bitext.End && t.Codes[i+1].Pos == c.Pos && t.Codes[i+1].ID == c.ID {
			return true
		}
	}
	return false
}

// besideBreak is white space at a placeholder, which may be a line break.
var besideBreak = regexp.MustCompile(`\s*(<\d+/>)\s*`)

// fold makes one space of many: where segments meet, a space may become part of
// a line end.
func fold(s string) string {
	s = besideBreak.ReplaceAllString(s, "$1")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' }), " ")
}

// translate fills the targets of d, whose units are cut, with random texts, and
// gives the text that each unit should have then. Segments keep their source
// with the given odds.
func translate(d *bitext.Document, r *rand.Rand, keep float64) (*bitext.Translation, []string) {
	tr := bitext.NewTranslation(d, "xx")
	want := make([]string, len(d.Units))
	for i := range d.Units {
		u := &d.Units[i]
		var parts []bitext.Text
		for j := range u.Segments {
			if !utf8.ValidString(u.Segments[j].Source.Chars) && utf8.ValidString(u.Source.Chars) {
				u.SegmentAt(nil, func(int, bitext.Text) bool { return false }) // cut inside a character
				tr.Targets[i] = make([]bitext.Target, 1)
				break
			}
		}
		for j := range u.Segments {
			target := u.Segments[j].Source
			if r.Float64() >= keep {
				target = randomTarget(target, r)
			}
			if contextOf(&d.Skeleton.Spans[i]).kind == htmlContext && strings.Contains(target.Chars, "://") {
				target = u.Segments[j].Source // an address becomes a code there
			}
			if r.IntN(2) == 0 || !target.Equal(u.Segments[j].Source) {
				tr.Targets[i][j] = bitext.Target{Filled: true, Text: target}
			}
			parts = append(parts, target)
		}
		if hasEmptyPair(bitext.Join(parts...)) {
			tr.Targets[i] = make([]bitext.Target, len(tr.Targets[i]))
			parts = []bitext.Text{u.Source}
		}
		want[i] = fold(normal(bitext.Join(parts...), contextOf(&d.Skeleton.Spans[i])))
	}
	return tr, want
}

// checkEscaped assembles tr and checks that its units have the texts wanted.
func checkEscaped(t *testing.T, d *bitext.Document, tr *bitext.Translation, want []string, dialect Dialect) bool {
	t.Helper()
	f := &Format{Options: Options{Dialect: dialect}}
	out, _ := f.Assemble(d, tr, nil)
	again, ds := f.Split(d.Path, out)
	for i := range min(len(again.Units), len(d.Units)) {
		c := contextOf(&d.Skeleton.Spans[i])
		if got := fold(normal(again.Units[i].Source, c)); got != want[i] {
			h := again.Skeleton.Spans[i]
			t.Errorf("unit %d (%s):\ngot  %q\nwant %q\nin   %q\nsource:\n%s\noutput:\n%s", i, d.Skeleton.Spans[i].Context, got, want[i], out[h.Start:h.End], d.Skeleton.Data, out)
			return false
		}
	}
	if len(again.Units) != len(d.Units) {
		t.Errorf("%d units, want %d; %v\nsource:\n%s\noutput:\n%s", len(again.Units), len(d.Units), ds, d.Skeleton.Data, out)
		return false
	}
	return true
}

// TestEscape holds the law of escaping: what is split from an edition is what
// was assembled into it, whatever the targets are, and whichever segments keep
// the source's bytes.
func TestEscape(t *testing.T) {
	more := "\nA long [foo] paragraph\nwith *some\nlines* and [bar][], a | b\n\n> quoted \\*lines\n> of &amp; text\n> # with __breaks__  \n> in it\n\n> <p>HTML <b>in\n> a</b>\n> quotation</p>\n\n[foo]: /x\n[bar]: /y 'ref title'\n"
	r := rand.New(rand.NewPCG(*seed, 6))
	failed := 0
	mdx := strings.NewReplacer("{% include figure.html title='liquid title' %}", "<Fig title='jsx title' n={1} />", "{{< figure caption", "<Fig caption", "`raw alt` >}}", "'raw alt'/>", "<!-- the end -->", "{/* the end */}\n").Replace(contexts)
	for _, c := range []struct {
		path, data string
		dialect    Dialect
	}{
		{"a.md", contexts, DialectAuto},
		{"crlf.md", strings.ReplaceAll(contexts, "\n", "\r\n"), DialectAuto},
		{"a.md", contexts + more, DialectAuto},
		{"a.mdx", mdx, DialectAuto},
		{"a.md", contexts + more, DialectKramdown},
		{"a.md", contexts + more, DialectPythonMarkdown},
	} {
		d, ds := (&Format{Options: Options{Dialect: c.dialect}}).Split(c.path, []byte(c.data))
		if len(ds) > 0 || len(d.Units) < 30 {
			t.Fatalf("%d units, %v", len(d.Units), ds)
		}
		for round := range *rounds {
			if formattest.Segment(d, nil); round%2 == 0 {
				formattest.Segment(d, r)
			}
			tr, want := translate(d, r, 0.4)
			if !checkEscaped(t, d, tr, want, c.dialect) {
				if failed++; failed > 8 {
					t.Fatal("enough")
				}
			}
		}
	}
}

// TestEscapeSpec holds the law of escaping in every example of CommonMark's
// specification and of goldmark's extensions.
func TestEscapeSpec(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed+3, 9))
	failed := 0
	for _, e := range append(specExamples(t), extensionExamples(t)...) {
		for round := range max(*rounds/200, 1) {
			d, _ := new(Format).Split("a.md", []byte(e))
			if formattest.Segment(d, nil); round%2 == 1 {
				formattest.Segment(d, r)
			}
			tr, want := translate(d, r, 0.3)
			if !checkEscaped(t, d, tr, want, DialectAuto) {
				if failed++; failed > 8 {
					t.Fatal("enough")
				}
				break
			}
		}
	}
}

// TestEscapeIsolated holds the law of escaping for editions from right to left, in which
// parts of texts are isolated: the characters that are split from one are those that were
// assembled into it.
func TestEscapeIsolated(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed+1, 12))
	chars := func(text bitext.Text, c context) string {
		text.Codes = nil
		return fold(strings.NewReplacer("\u200B", "", "\u2066", "", "\u2069", "").Replace(normal(text, c)))
	}
	failed := 0
	for _, c := range []struct {
		data    string
		dialect Dialect
	}{{contexts, DialectAuto}, {contexts, DialectKramdown}, {strings.Replace(contexts, "Text with <b title=\"a title\">bold</b>", "Text with bold", 1), DialectGoldmark}} {
		f := &Format{Options: Options{Dialect: c.dialect}}
		d, _ := f.Split("a.md", []byte(c.data))
		d.Locale = "en"
		for round := range max(*rounds/5, 1) {
			if formattest.Segment(d, nil); round%2 == 1 {
				formattest.Segment(d, r)
			}
			tr, _ := translate(d, r, 0.4)
			out, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
			again, _ := f.Split("a.md", out)
			for i := range min(len(d.Units), len(again.Units)) {
				at := contextOf(&d.Skeleton.Spans[i])
				if at.kind == hugoContext || at.kind == liquidContext {
					continue // see TestEscape
				}
				got, want := chars(again.Units[i].Source, at), chars(target(&d.Units[i], tr.Targets[i]), at)
				if got != want {
					t.Errorf("unit %d (%s):\ngot  %q\nwant %q\nin   %q", i, d.Skeleton.Spans[i].Context, got, want, out[again.Skeleton.Spans[i].Start:again.Skeleton.Spans[i].End])
					failed++
					break
				}
			}
			if len(again.Units) != len(d.Units) {
				t.Errorf("%d units, want %d\n%s", len(again.Units), len(d.Units), out)
				failed++
			}
			if failed > 4 {
				t.Fatal("enough")
			}
		}
	}
}
