package board_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/net/html"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/publish"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
)

// sample is a board with every state, hostile names and many locales.
func sample() *board.Board {
	b := &board.Board{}
	for i := range 27 {
		b.Locales = append(b.Locales, fmt.Sprintf("x%02d", i))
	}
	b.Locales[1] = "crh-Latn"
	since := time.Date(2026, 9, 25, 12, 0, 0, 0, time.UTC)
	for i, article := range []string{"articles/a.md", "articles/2026/a-very-long-name/of-an-article/that-does-not-fit.html", "articles/<b>&\"'|`x`\x1b[31m.md", "=1+1.md"} {
		row := board.Row{Article: article, Path: article}
		for j, l := range b.Locales {
			s := board.States()[(i+j)%len(board.States())]
			c := board.Cell{Locale: l, State: s, Status: edition.Withheld, Percent: (i + 1) * j % 101, Words: 100, Ready: j, Since: since, Last: board.Work{Kind: bitext.FromHuman, Name: "=Anna <script>", Time: since}}
			if s == board.InWork {
				r := edition.Reason{Code: edition.ReasonThreshold, Number: 1200, Of: 3400}
				c.Reasons = []board.Reason{{Reason: r, Text: r.String()}}
				c.Next = edition.NewStep(edition.StepTranslate, article, l)
			}
			row.Cells = append(row.Cells, c)
		}
		b.Rows = append(b.Rows, row)
	}
	b.Rows = append(b.Rows, board.Row{Article: "broken.html", Error: "not <UTF-8>"})
	b.AddNotes([]memory.NoteThread{{Note: memory.Note{UID: "n1", Place: "articles/<b>&\"'|`x`\x1b[31m.md#p-1/s1", Author: "=Rita <i>", Text: "Which\n<script>\x1b[31m one\u202e?"}}})
	return b
}

func TestTableFitsTheWidth(t *testing.T) {
	for _, width := range []int{60, 61, 72, 80, 100, 133, 200, 400} {
		for _, lang := range []string{"en", "ru", "fa"} {
			var out bytes.Buffer
			if err := sample().Table(console.Printer{Locale: lang}, &out, width); err != nil {
				t.Fatal(err)
			}
			for line := range strings.SplitSeq(out.String(), "\n") {
				if n := text.StringWidth(line); n > width {
					t.Errorf("%s: a line of %d columns for %d: %q", lang, n, width, line)
				}
			}
			for _, l := range sample().Locales {
				if strings.Count(out.String(), l) != 1 {
					t.Errorf("%s, %d columns: locale %s is there %d times", lang, width, l, strings.Count(out.String(), l))
				}
			}
			if strings.Contains(out.String(), "\x1b") {
				t.Error("a control character of a path reaches the terminal")
			}
		}
	}
}

// TestReasonsAgree: status, check and build use the same words in English.
func TestReasonsAgree(t *testing.T) {
	p := console.Printer{Locale: "en"}
	for _, r := range []edition.Reason{
		{Code: edition.ReasonEmpty, Number: 3, Of: 3},
		{Code: edition.ReasonRequired, Number: 2, Of: 9, Units: []string{"title", "description"}},
		{Code: edition.ReasonThreshold, Number: 1200, Of: 34000},
		{Code: edition.ReasonMissing, Number: 1, Of: 7},
		{Code: edition.ReasonScheduled, Units: []string{"2026-12-01T09:00:00Z"}}, {Code: edition.ReasonExpired, Units: []string{"2026-12-01T09:00:00Z"}},
		{Code: edition.ReasonTogether, Number: 2, Units: []string{"ru", "uk"}}, {Code: edition.ReasonDate},
		{Code: edition.ReasonErrors, Number: 2, Units: []string{"quality.numbers", "quality.terms"}},
	} {
		if got := p.Reason(r); got != r.String() {
			t.Errorf("%s: %q, but edition has %q", r.Code, got, r)
		}
	}
	for _, code := range []string{edition.StepBuild, edition.StepTranslate, edition.StepUpdate, edition.StepCorrect, edition.StepReview, edition.StepAdopt} {
		s := edition.NewStep(code, "it's a.md", "ru")
		got := p.Step(code) + ": " + s.Command
		if s.Accept != "" {
			got += "; " + p.AcceptStep() + ": " + s.Accept
		}
		if got != s.String() || p.Step(code) == code {
			t.Errorf("%s: %q, but edition has %q", code, got, s)
		}
		if !strings.HasSuffix(s.Command, `'it'\''s a.md'`) {
			t.Errorf("the path is not quoted for a shell: %s", s.Command)
		}
	}
}

func TestStates(t *testing.T) {
	page := publish.Earlier{Exists: true}
	current := publish.Earlier{Exists: true, Current: true}
	reason := func(codes ...string) (rs []edition.Reason) {
		for _, c := range codes {
			rs = append(rs, edition.Reason{Code: c})
		}
		return rs
	}
	for _, tt := range []struct {
		status  edition.Status
		reasons []edition.Reason
		page    publish.Earlier
		want    board.State
		next    string
	}{
		{edition.Finished, nil, current, board.Published, ""},
		{edition.Original, nil, current, board.Published, ""},
		{edition.Finished, nil, page, board.Ready, "build"},
		{edition.Finished, nil, publish.Earlier{}, board.Ready, "build"},
		{edition.Unfinished, nil, current, board.Unfinished, "translate"},
		{edition.Unfinished, nil, publish.Earlier{}, board.Unfinished, "build"},
		{edition.Machine, nil, current, board.Machine, "review"},
		{edition.Machine, nil, publish.Earlier{}, board.Machine, "build"},
		{edition.Outdated, reason(edition.ReasonThreshold), page, board.Outdated, "update"},
		{edition.Outdated, reason(edition.ReasonErrors), page, board.Outdated, "correct"},
		{edition.Edited, nil, page, board.Edited, "adopt"},
		{edition.Withheld, reason(edition.ReasonEmpty), publish.Earlier{}, board.Empty, "translate"},
		{edition.Withheld, reason(edition.ReasonRequired, edition.ReasonThreshold), publish.Earlier{}, board.InWork, "translate"},
		{edition.Withheld, reason(edition.ReasonThreshold, edition.ReasonErrors), publish.Earlier{}, board.Withheld, "correct"},
	} {
		e := pipeline.Edition{Locale: "ru", Path: "a.md", Translation: bitext.NewTranslation(&bitext.Document{Locale: "en"}, "ru")}
		e.Published = edition.Published{Status: tt.status, Reasons: tt.reasons}
		var b board.Board
		b.Add(pipeline.Result{Path: "articles/a.md", Editions: []pipeline.Edition{e}}, []publish.Earlier{tt.page})
		c := b.Rows[0].Cells[0]
		if c.State != tt.want || c.Next.Code != tt.next || c.Published != tt.page.Exists {
			t.Errorf("%s %v, page %v: state %s, next %q, published %v; want %s, %q", tt.status, tt.reasons, tt.page.Current, c.State, c.Next.Code, c.Published, tt.want, tt.next)
		}
	}
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := sample().CSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 1+4*27 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, c := range row {
			if strings.HasPrefix(c, "=") {
				t.Errorf("a spreadsheet takes %q for a formula", c)
			}
		}
	}
}

// TestHTMLIsSelfContained: the page asks for no other file, escapes what it quotes,
// and is in one direction as a whole.
func TestHTMLIsSelfContained(t *testing.T) {
	for lang, dir := range map[string]string{"en": "ltr", "ru": "ltr", "uk": "ltr", "fa": "rtl"} {
		var out bytes.Buffer
		if err := sample().HTML(console.Printer{Locale: lang}, &out, time.Now()); err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(&out)
		if err != nil {
			t.Fatal(err)
		}
		cells, charts := 0, 0
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			attrs := map[string]string{}
			for _, a := range n.Attr {
				attrs[a.Key] = a.Val
				switch a.Key {
				case "src", "href", "srcset", "action", "data", "poster", "xlink:href":
					t.Errorf("%s: <%s %s=%q> asks for a file", lang, n.Data, a.Key, a.Val)
				}
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s>", lang, n.Data, a.Key)
				}
			}
			switch n.Data {
			case "html":
				if attrs["lang"] != lang || attrs["dir"] != dir {
					t.Errorf("html has lang %q and dir %q", attrs["lang"], attrs["dir"])
				}
			case "link", "img", "iframe", "b-x":
				t.Errorf("%s: <%s>", lang, n.Data)
			case "td":
				if attrs["data-state"] != "" {
					cells++
				}
			case "svg":
				charts++
				if attrs["aria-label"] == "" {
					t.Error("a picture without a text")
				}
			case "style":
				if strings.Contains(n.FirstChild.Data, "url(") || strings.Contains(n.FirstChild.Data, "@import") || strings.Contains(n.FirstChild.Data, "ZgotmplZ") {
					t.Error("the style asks for a file")
				}
			}
		}
		if cells != 4*27 || charts != 27 {
			t.Errorf("%s: %d cells, %d pictures", lang, cells, charts)
		}
	}
}

// TestContrast holds the colours to WCAG 2.2: 1.4.3 (text, 4.5:1) and 1.4.11
// (graphics, 3:1), in the light and the dark theme.
func TestContrast(t *testing.T) {
	var out bytes.Buffer
	if err := sample().HTML(console.Printer{Locale: "en"}, &out, time.Now()); err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(out.String(), "prefers-color-scheme: dark")
	if !found {
		t.Fatal("no dark theme")
	}
	property := regexp.MustCompile(`--([A-Za-z-]+): (#[0-9a-f]{6});`)
	for theme, css := range map[string]string{"light": light, "dark": dark} {
		colors := map[string]string{}
		for _, m := range property.FindAllStringSubmatch(css, -1) {
			colors[m[1]] = m[2]
		}
		check := func(front, back string, least float64) {
			t.Helper()
			if colors[front] == "" || colors[back] == "" {
				t.Errorf("%s: %s or %s is not defined", theme, front, back)
			} else if got := contrast(colors[front], colors[back]); got < least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, less than %.1f", theme, front, back, got, least)
			}
		}
		for _, s := range board.States() {
			check(string(s)+"-text", string(s), 4.5)
			if s != board.Empty { // it is the empty part of a bar, which has a border
				check(string(s)+"-bar", "page", 3)
			}
		}
		for _, front := range []string{"text", "muted", "link"} {
			check(front, "page", 4.5)
			check(front, "band", 4.5)
		}
	}
}

// contrast is the contrast ratio of WCAG 2.2 of two colours.
func contrast(a, b string) float64 {
	luminance := func(hex string) float64 {
		var rgb [3]float64
		for i := range rgb {
			n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
			c := float64(n) / 255
			if c <= 0.04045 {
				rgb[i] = c / 12.92
			} else {
				rgb[i] = math.Pow((c+0.055)/1.055, 2.4)
			}
		}
		return 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2]
	}
	l1, l2 := luminance(a), luminance(b)
	return (max(l1, l2) + 0.05) / (min(l1, l2) + 0.05)
}

func TestMarkdownIsData(t *testing.T) {
	var out bytes.Buffer
	if err := sample().Markdown(console.Printer{Locale: "en"}, &out); err != nil {
		t.Fatal(err)
	}
	codeSpan := regexp.MustCompile("(`+) ?.*? ?(`+)$")
	for line := range strings.SplitSeq(out.String(), "\n") {
		if strings.Contains(codeSpan.ReplaceAllString(line, ""), "<b>") {
			t.Errorf("a path is taken for markup: %s", line)
		}
	}
	columns := -1
	for line := range strings.SplitSeq(out.String(), "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns >= 0 && n != columns {
			t.Errorf("%d cells, not %d: %s", n, columns, line)
		}
		columns = n
	}
}
