package board

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/report"
)

// MinWidth is the least number of columns that a table is fitted to.
const MinWidth = 60

// StateName returns the name of a state in the user's language.
func StateName(p console.Printer, s State) string {
	switch s {
	case Published:
		return p.Text("PagePublished")
	case Unfinished:
		return p.Text("PageUnfinished")
	case Machine:
		return p.Text("PageMachine")
	case Outdated:
		return p.Text("PageOutdated")
	case Edited:
		return p.Text("PageEdited")
	case Ready:
		return p.Text("PageReady")
	case InWork:
		return p.Text("PageInWork")
	case Empty:
		return p.Text("PageEmpty")
	case Withheld:
		return p.Text("PageWithheld")
	case Scheduled:
		return p.Text("PageScheduled")
	}
	return string(s)
}

func reasons(p console.Printer, c Cell) string {
	var texts []string
	for _, r := range c.Reasons {
		texts = append(texts, p.Reason(r.Reason))
	}
	return join(texts)
}

// last returns who worked on an edition last.
func last(p console.Printer, c Cell) string {
	if c.Last.Kind == "" {
		return ""
	}
	return p.Origin(bitext.Origin{Kind: c.Last.Kind, Name: c.Last.Name})
}

// noteText returns an open note with its author and the unit or segment that it is on,
// in one line.
func noteText(p console.Printer, n OpenNote) string {
	var about []string
	if n.Author != "" {
		about = append(about, n.Author)
	}
	if _, unit, _ := strings.Cut(n.Place, "#"); unit != "" {
		about = append(about, unit)
	}
	head := p.Text("BoardNote")
	if len(about) > 0 {
		head += " (" + strings.Join(about, ", ") + ")"
	}
	return head + ": " + strings.Join(strings.Fields(n.Text), " ")
}

func day(p console.Printer, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return locales.FormatDate(p.Locale, t, locales.Medium)
}

func number(p console.Printer, n int) string { return locales.FormatNumber(p.Locale, n) }

func percent(p console.Printer, n int) string {
	return locales.FormatPercent(p.Locale, float64(n)/100)
}

// Table writes the board for a terminal of a width: articles by locales, in as many
// parts as the width asks for, with the totals of each locale below, and the legend.
func (b *Board) Table(p console.Printer, w io.Writer, width int) error {
	width = max(width, MinWidth)
	head := p.Text("HeadArticle")
	labels := []string{p.Text("BoardTotal"), p.Text("BoardWords")}
	first := text.StringWidth(head)
	for _, l := range labels {
		first = max(first, text.StringWidth(l))
	}
	for _, r := range b.Rows {
		first = max(first, text.StringWidth(report.Visible(r.label(p))))
	}
	first = min(first, max(24, width/3))
	totals := b.Totals()
	columns := make([][]string, len(b.Locales)) // head, cells, totals
	widths := make([]int, len(b.Locales))
	for i, l := range b.Locales {
		column := []string{l}
		for _, r := range b.Rows {
			column = append(column, cellText(p, r, i))
		}
		t := totals[i]
		column = append(column, number(p, t.Published)+"/"+number(p, t.Articles), percent(p, t.Percent()))
		for _, c := range column {
			widths[i] = max(widths[i], text.StringWidth(c))
		}
		columns[i] = column
	}
	var out strings.Builder
	for from := 0; from < len(columns); {
		to, used := from, 1+first
		for to < len(columns) && (to == from || used+2+widths[to] <= width) {
			used += 2 + widths[to]
			to++
		}
		if from > 0 {
			out.WriteByte('\n')
		}
		line := func(n int, name string) {
			fmt.Fprintf(&out, " %s", text.Pad(shorten(name, first), first, ' '))
			for i := from; i < to; i++ {
				fmt.Fprintf(&out, "  %s", text.AlignRight.Apply(columns[i][n], widths[i]))
			}
			out.WriteByte('\n')
		}
		line(0, head)
		for i, r := range b.Rows {
			line(1+i, report.Visible(r.label(p)))
		}
		for i, l := range labels {
			line(1+len(b.Rows)+i, l)
		}
		from = to
	}
	if states := b.states(); len(states) > 0 {
		var items []string
		for _, s := range states {
			items = append(items, s.Sign()+" "+StateName(p, s))
		}
		out.WriteByte('\n')
		console.Wrap(&out, items, "   ", " ", width)
	}
	if n := b.OpenNotes(); n > 0 {
		out.WriteByte('\n')
		console.Wrap(&out, strings.Fields(p.Count("BoardNotes", n)), " ", " ", width)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func cellText(p console.Printer, r Row, i int) string {
	if i >= len(r.Cells) {
		return "!"
	}
	c := r.Cells[i]
	if c.State == Empty {
		return c.State.Sign()
	}
	return c.State.Sign() + text.AlignRight.Apply(number(p, c.Percent), 4)
}

// shorten shortens a path at its beginning to a width: its end tells articles apart.
func shorten(name string, width int) string {
	if text.StringWidth(name) <= width {
		return name
	}
	for rest := name; ; {
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			break
		}
		if rest = after; 2+text.StringWidth(rest) <= width {
			return "…/" + rest
		}
	}
	runes := []rune(name)
	for len(runes) > 0 && 1+text.StringWidth(string(runes)) > width {
		runes = runes[1:]
	}
	return "…" + string(runes)
}

// Details writes each article with all of its editions: state, age, who worked on it
// last, reasons and the next command. Editions of which all that is the same are
// together, the nearest to the readers first.
func (b *Board) Details(p console.Printer, w io.Writer, width int) error {
	width = max(width, MinWidth)
	var out strings.Builder
	for i, r := range b.Rows {
		if i > 0 {
			out.WriteByte('\n')
		}
		fmt.Fprintf(&out, "%s\n", report.Visible(r.label(p)))
		if r.Error != "" {
			fmt.Fprintf(&out, "  ! %s\n", report.Visible(r.Error))
		}
		columns := [3]int{}
		for _, c := range r.Cells {
			for j, cell := range detail(p, c) {
				columns[j] = max(columns[j], text.StringWidth(cell))
			}
		}
		for _, group := range groups(p, r.Cells) {
			var names []string
			for _, c := range group {
				names = append(names, c.Locale)
			}
			c := group[0]
			line := " "
			for j, cell := range detail(p, c) {
				line += " " + text.Pad(cell, columns[j], ' ')
			}
			if who := report.Visible(last(p, c)); who != "" && text.StringWidth(line)+2+text.StringWidth(who) > width {
				line += "\n      " + who
			} else {
				line += "  " + who
			}
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			console.Wrap(&out, names, " ", "      ", width)
			if t := reasons(p, c); t != "" {
				console.Wrap(&out, strings.Fields(report.Visible(t)), " ", "      ", width)
			}
			if c.Next.Command != "" {
				step := c.Next
				if len(group) > 1 {
					step = edition.NewStep(step.Code, r.Article, names...)
				}
				fmt.Fprintf(&out, "      %s: %s\n", p.Step(step.Code), report.Visible(step.Command))
				if step.Accept != "" {
					fmt.Fprintf(&out, "      %s: %s\n", p.AcceptStep(), report.Visible(step.Accept))
				}
			}
			for _, n := range c.Notes {
				console.Wrap(&out, strings.Fields(report.Visible(noteText(p, n))), " ", "      ", width)
			}
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// groups returns the cells in the order of their states, those together of which
// everything but the locale is the same. The next step for a page that was changed
// is its own.
func groups(p console.Printer, cells []Cell) [][]Cell {
	var out [][]Cell
	same := func(a, b Cell) bool {
		return detail(p, a) == detail(p, b) && last(p, a) == last(p, b) && reasons(p, a) == reasons(p, b) &&
			slices.Equal(a.Notes, b.Notes) && a.Next.Code == b.Next.Code && a.Next.Code != edition.StepAdopt
	}
	for _, c := range cells {
		if i := slices.IndexFunc(out, func(g []Cell) bool { return same(g[0], c) }); i >= 0 {
			out[i] = append(out[i], c)
		} else {
			out = append(out, []Cell{c})
		}
	}
	order := States()
	slices.SortStableFunc(out, func(a, b []Cell) int {
		return slices.Index(order, a[0].State) - slices.Index(order, b[0].State)
	})
	return out
}

func detail(p console.Printer, c Cell) [3]string {
	return [3]string{c.State.Sign() + " " + StateName(p, c.State), percent(p, c.Percent), day(p, c.Since)}
}
