package console

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"

	"hexapla/pipeline/report"
)

// Table is a table in the one style that all commands print. Control characters
// in its cells are made visible: cells quote texts and names of unknown origin.
type Table struct{ w table.Writer }

// NewTable returns a table with a header.
func NewTable(header ...string) *Table {
	t := table.NewWriter()
	s := table.StyleLight
	s.Options = table.OptionsNoBordersAndSeparators
	s.Format.Header, s.Format.Footer = text.FormatDefault, text.FormatDefault
	t.SetStyle(s)
	t.SuppressTrailingSpaces()
	cells := make(table.Row, len(header))
	for i, h := range header {
		cells[i] = h
	}
	t.AppendHeader(cells)
	return &Table{t}
}

// Row adds a row.
func (t *Table) Row(cells ...any) {
	for i, c := range cells {
		cells[i] = report.Visible(fmt.Sprint(c))
	}
	t.w.AppendRow(cells)
}

// TextRow adds a row of texts.
func (t *Table) TextRow(cells ...string) {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	t.Row(row...)
}

// AlignRight aligns the columns from first to last, counted from 1, to the right,
// as is usual for numbers.
func (t *Table) AlignRight(first, last int) {
	var c []table.ColumnConfig
	for i := first; i <= last; i++ {
		c = append(c, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	t.w.SetColumnConfigs(c)
}

// Print writes the table.
func (t *Table) Print(w io.Writer) error {
	_, err := fmt.Fprintln(w, t.w.Render())
	return err
}

// Percent returns a share of 1 in whole percent. It rounds down, so that only
// what is complete has 100%.
func Percent(share float64) string {
	n := int(share*100 + 1e-9)
	return strconv.Itoa(n) + "%"
}

// Width returns the number of columns that output has: that of the environment
// variable COLUMNS, else that of the terminal, else 80.
func Width(w io.Writer, getenv func(string) string) int {
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	for {
		inner, ok := w.(interface{ Unwrap() io.Writer })
		if !ok {
			break
		}
		w = inner.Unwrap()
	}
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}

// Wrap writes items with a separator, in lines of a width at most, each with an
// indent.
func Wrap(out io.Writer, items []string, separator, indent string, width int) {
	used := 0
	for _, item := range items {
		n := text.StringWidth(item)
		switch {
		case used == 0:
			io.WriteString(out, indent)
			used = text.StringWidth(indent)
		case used+text.StringWidth(separator)+n > width:
			io.WriteString(out, "\n"+indent)
			used = text.StringWidth(indent)
		default:
			io.WriteString(out, separator)
			used += text.StringWidth(separator)
		}
		io.WriteString(out, item)
		used += n
	}
	if used > 0 {
		io.WriteString(out, "\n")
	}
}
