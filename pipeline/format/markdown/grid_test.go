package markdown

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

const rivers = `Before

+---------------+-------------------+--------------------+
| Fruit         | Price             | Advantages         |
+===============+==================:+:==================:+
| Bananas       | $1.34             | - built-in wrapper |
|               |                   | - bright color     |
+---------------+-------------------+--------------------+
| *Oranges*     | $2.10             | - cures [scurvy]   |
|               |                   | - tasty            |
+---------------+-------------------+--------------------+

[scurvy]: /scurvy
`

// withTexts assembles a document with other texts for those that are in a map.
func withTexts(t *testing.T, f *Format, path, data string, texts map[string]string, meta *bitext.EditionMeta) string {
	t.Helper()
	d, _ := f.Split(path, []byte(data))
	d.Locale = "en"
	formattest.Segment(d, nil)
	used := 0
	tr := formattest.Fill(d, func(text bitext.Text) bitext.Text {
		if s, ok := texts[text.Chars]; ok {
			used++
			text.Chars = s
			for i := range text.Codes { // around it all
				if text.Codes[i].Kind == bitext.End {
					text.Codes[i].Pos = len(s)
				}
			}
		}
		return text
	})
	if used < len(texts) {
		t.Errorf("%d of %d texts are units: %q", used, len(texts), sources(d))
	}
	out, _ := f.Assemble(d, tr, meta)
	return string(out)
}

func sources(d *bitext.Document) (out []string) {
	for i := range d.Units {
		out = append(out, d.Units[i].Source.Tagged())
	}
	return out
}

func TestGridTables(t *testing.T) {
	d, ds := new(Format).Split("a.md", []byte(rivers))
	want := "Before|Fruit|Price|Advantages|Bananas|$1.34|built-in wrapper|bright color|<1>Oranges</1>|$2.10|cures <1>scurvy</1>|tasty"
	if got := strings.Join(sources(d), "|"); got != want || len(ds) > 0 {
		t.Errorf("units %s, want %s; %v", got, want, ds)
	}
	got := withTexts(t, new(Format), "a.md", rivers, map[string]string{"Fruit": "果物の名前", "Bananas": "Bananen wachsen in warmen Ländern", "tasty": "می\u200cچسبد"}, nil)
	wantText := `Before

+---------------+-------------------+--------------------+
| 果物の名前    | Price             | Advantages         |
+===============+==================:+:==================:+
| Bananen       | $1.34             | - built-in wrapper |
| wachsen in    |                   | - bright color     |
| warmen        |                   |                    |
| Ländern       |                   |                    |
+---------------+-------------------+--------------------+
| *Oranges*     | $2.10             | - cures [scurvy]   |
|               |                   | - می~چسبد           |
+---------------+-------------------+--------------------+

[scurvy]: /scurvy
`
	wantText = strings.Replace(wantText, "~", "\u200c", 1) // which takes no column
	if got != wantText {
		t.Errorf("got\n%s\nwant\n%s", got, wantText)
	}
	// A word that does not fit makes all columns wider by the same share.
	got = withTexts(t, new(Format), "a.md", "+--------+------+\r\n| Bee    | Ant  |\r\n+--------+------+\r\n", map[string]string{"Bee": "Honigbienenzucht"}, nil)
	wantText = "+------------------+--------------+\r\n| Honigbienenzucht | Ant          |\r\n+------------------+--------------+\r\n"
	if got != wantText {
		t.Errorf("got\n%s\nwant\n%s", got, wantText)
	}
}

// TestGridLeftAlone holds that tables that cannot be drawn again are reported.
func TestGridLeftAlone(t *testing.T) {
	for _, c := range []struct{ name, table string }{
		{"a cell over two columns", "+---+---+\n| one   |\n+---+---+\n| a | b |\n+---+---+\n"},
		{"a cell over two rows", "+---+---+\n| a | b |\n|   +---+\n|   | c |\n+---+---+\n"},
		{"a border out of place", "+-----+---+\n| river | b |\n+-----+---+\n"},
		{"tabs", "+-----+---+\n| a\t| b |\n+-----+---+\n"},
		{"two rules", "+---+\n+---+\n| a |\n+---+\n"},
	} {
		d, ds := new(Format).Split("a.md", []byte(c.table))
		if len(d.Units) > 0 || len(ds) != 1 || ds[0].ID != "markdown.table" {
			t.Errorf("%s: %q, %v", c.name, sources(d), ds)
		}
	}
}

// TestGridSources holds that cells have what the document has around them: definitions, notes
// to translators, and regions that are skipped.
func TestGridSources(t *testing.T) {
	table := "+-------+\n| One   |\n+-------+\n"
	d, _ := new(Format).Split("a.md", []byte("<!-- hexapla:skip-start -->\n\n"+table+"\n<!-- hexapla:skip-end -->\n"))
	if len(d.Units) != 1 || !d.Units[0].NoTranslate {
		t.Errorf("%+v", d.Units)
	}
	d, _ = new(Format).Split("a.md", []byte("[r]: /here\n\n[^n]: A note\n\n+-------------+\n| [One][r] a  |\n| [^n] [^m]   |\n|             |\n| [r]: /there |\n+-------------+\n"))
	if got, want := strings.Join(sources(d), "|"), "A note|<1>One</1> a <2/> [^m]"; got != want {
		t.Errorf("units %q, want %q", got, want)
	}
	got := withTexts(t, new(Format), "a.md", table, map[string]string{"One": "یک AP"}, &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
	if !strings.Contains(got, "| یک AP ") && !strings.Contains(got, "<bdi") {
		t.Errorf("got %s", got)
	}
}

func FuzzGrid(f *testing.F) {
	for _, s := range []string{rivers, "+---+\n| a |\n+---+\n", "  +---+---+\n  | 日 | b|\n  +:==+==:+\n"} {
		f.Add(s, "x y z")
	}
	f.Fuzz(func(t *testing.T, table, text string) {
		g, ok := parseGrid(strings.TrimRight(table, "\r\n"))
		if !ok {
			return
		}
		var texts []string
		for _, row := range g.rows {
			for i := range row {
				texts = append(texts, row[i].text)
			}
		}
		if _, ok := g.draw(texts); !ok && len(table) < 1000 {
			t.Errorf("%q: its own texts cannot be drawn", table)
		}
		texts[0] = text
		if drawn, ok := g.draw(texts); ok && len(drawn) > maxDrawn*(len(table)+len(text)+1<<13) {
			t.Errorf("%d bytes", len(drawn))
		}
	})
}

// TestPandocMarkers holds that no text of an edition becomes an item of a list to Pandoc.
func TestPandocMarkers(t *testing.T) {
	for text, want := range map[string]string{"a. b": `a\. b`, "(ii) b": `(ii\) b`, "#. b": `#\. b`, "A. Berg": "A. Berg", "z.B. so": "z.B. so"} {
		if got := withTexts(t, new(Format), "a.qmd", "Text\n", map[string]string{"Text": text}, nil); got != want+"\n" {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}

// TestPandocTeX holds that commands of TeX whose argument is text stay commands, and that no
// translation adds one.
func TestPandocTeX(t *testing.T) {
	for _, c := range []struct{ source, target, want string }{
		{`A \textbf{bold} word`, `Ein \textbf{fettes} Wort`, `Ein \textbf{fettes} Wort`},
		{`A \textbf{bold} word`, `Ein \emph{fettes} Wort`, `Ein \\emph{fettes} Wort`},
		{`A \emph{bold} word`, `Ein \input{fettes} Wort`, `Ein \\input{fettes} Wort`},
		{`A word`, `Ein \textbf{fettes} Wort`, `Ein \\textbf{fettes} Wort`},
	} {
		if got := withTexts(t, new(Format), "a.qmd", c.source+"\n", map[string]string{c.source: c.target}, nil); got != c.want+"\n" {
			t.Errorf("%q as %q is written %q, want %q", c.source, c.target, got, c.want)
		}
	}
}
