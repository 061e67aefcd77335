package board

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"hexapla/cmd/internal/console"
	"hexapla/pipeline/report"
)

// CSV writes one row for each edition. The names of the columns and the values are
// for programs: those of the JSON form, in English.
func (b *Board) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"article", "locale", "state", "status", "published", "percent", "words", "readyWords", "reasons", "next", "since", "lastKind", "lastName", "lastTime", "openNotes"}}
	for _, r := range b.Rows {
		for _, e := range r.Cells {
			var texts []string
			for _, reason := range e.Reasons {
				texts = append(texts, reason.Text)
			}
			rows = append(rows, []string{
				cell(r.Article), e.Locale, string(e.State), string(e.Status), strconv.FormatBool(e.Published),
				strconv.Itoa(e.Percent), strconv.Itoa(e.Words), strconv.Itoa(e.Ready),
				cell(join(texts)), cell(e.Next.Command), stamp(e.Since), string(e.Last.Kind), cell(e.Last.Name), stamp(e.Last.Time), strconv.Itoa(len(e.Notes)),
			})
		}
	}
	return c.WriteAll(rows)
}

// cell keeps a spreadsheet from taking a text for a formula (OWASP, CSV Injection).
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Markdown writes the board as a table of GitHub Flavored Markdown, with its legend,
// and below it what keeps editions from their readers.
func (b *Board) Markdown(p console.Printer, w io.Writer) error {
	var out strings.Builder
	line := func(cells []string) { out.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(append([]string{p.Text("HeadArticle")}, b.Locales...))
	out.WriteString("|:--|" + strings.Repeat("--:|", len(b.Locales)) + "\n")
	for _, r := range b.Rows {
		cells := []string{escape(r.label(p))}
		for i := range b.Locales {
			cells = append(cells, escape(strings.Join(strings.Fields(cellText(p, r, i)), " ")))
		}
		line(cells)
	}
	published, words := []string{p.Text("BoardTotal")}, []string{p.Text("BoardWords")}
	for _, t := range b.Totals() {
		published = append(published, number(p, t.Published)+"/"+number(p, t.Articles))
		words = append(words, percent(p, t.Percent()))
	}
	line(published)
	line(words)
	out.WriteByte('\n')
	for i, s := range b.states() {
		if i > 0 {
			out.WriteString(" · ")
		}
		out.WriteString(escape(s.Sign()) + " " + escape(StateName(p, s)))
	}
	out.WriteString("\n")
	for _, r := range b.Rows {
		open := false
		for _, c := range r.Cells {
			if c.Next.Command == "" && len(c.Reasons) == 0 && len(c.Notes) == 0 {
				continue
			}
			if !open {
				fmt.Fprintf(&out, "\n<details><summary>%s</summary>\n\n", escape(r.label(p)))
				open = true
			}
			fmt.Fprintf(&out, "- **%s** %s, %s", c.Locale, escape(StateName(p, c.State)), percent(p, c.Percent))
			if t := reasons(p, c); t != "" {
				out.WriteString(": " + escape(t))
			}
			for _, n := range c.Notes {
				fmt.Fprintf(&out, " – %s", escape(report.Visible(noteText(p, n))))
			}
			if c.Next.Command != "" {
				fmt.Fprintf(&out, " – %s: %s", escape(p.Step(c.Next.Code)), code(c.Next.Command))
			}
			if c.Next.Accept != "" {
				fmt.Fprintf(&out, "; %s: %s", escape(p.AcceptStep()), code(c.Next.Accept))
			}
			out.WriteByte('\n')
		}
		if open {
			out.WriteString("\n</details>\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// escape escapes what Markdown or HTML would take for markup.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\n', '\r':
			b.WriteByte(' ')
			continue
		case '<':
			b.WriteString("&lt;")
			continue
		case '&':
			b.WriteString("&amp;")
			continue
		case '\\', '`', '*', '_', '[', ']', '|', '#', '~', '@':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code returns a code span (CommonMark 0.31, 6.1).
func code(s string) string {
	s = strings.NewReplacer("\n", " ", "\r", " ", "|", `\|`).Replace(s)
	fence, run := 1, 0
	for _, r := range s {
		if r == '`' {
			run++
			fence = max(fence, run+1)
		} else {
			run = 0
		}
	}
	f := strings.Repeat("`", fence)
	if fence > 1 {
		return f + " " + s + " " + f
	}
	return f + s + f
}
