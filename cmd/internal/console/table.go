package console

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"

	"hexapla/pipeline/report"
)

// Table is a table in the one style that all commands print. Control characters
// in its cells are made visible: cells quote texts and names of unknown origin.
type Table struct {
	rows  [][]string // the header is the first one
	right [2]int     // the columns that are aligned to the right, from 1; 0 for none
}

// NewTable returns a table with a header.
func NewTable(header ...string) *Table { return &Table{rows: [][]string{header}} }

// Row adds a row.
func (t *Table) Row(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = report.Visible(fmt.Sprint(c))
	}
	t.rows = append(t.rows, row)
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
func (t *Table) AlignRight(first, last int) { t.right = [2]int{first, last} }

// Print writes the table. Nothing is written behind the last cell of a row, so that
// the length of the output depends on that of the cells alone, whatever the longest
// one is.
func (t *Table) Print(w io.Writer) error {
	var widths []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i+1 < len(row) || t.isRight(i) {
				widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(c))
			}
		}
	}
	var line []byte
	for _, row := range t.rows {
		line = append(line[:0], ' ')
		for i, c := range row {
			if i > 0 {
				line = append(line, "  "...)
			}
			gap := 0
			if i+1 < len(row) || t.isRight(i) {
				gap = widths[i] - text.StringWidthWithoutEscSequences(c)
			}
			if t.isRight(i) {
				line = append(append(line, bytes.Repeat([]byte{' '}, gap)...), c...)
			} else {
				line = append(append(line, c...), bytes.Repeat([]byte{' '}, gap)...)
			}
		}
		if _, err := fmt.Fprintf(w, "%s\n", bytes.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// isRight reports whether a column, counted from 0, is aligned to the right.
func (t *Table) isRight(column int) bool { return column+1 >= t.right[0] && column+1 <= t.right[1] }

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
