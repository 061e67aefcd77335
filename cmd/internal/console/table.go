package console

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"

	"hexapla/pipeline/report"
)

// Table is a table in the one style that all commands print. Control characters
// in its cells are made visible: cells quote texts and names of unknown origin.
type Table struct {
	rows   [][]string // the header is the first one
	right  [2]int     // the columns that are aligned to the right, from 1; 0 for none
	indent string     // blanks before each line
}

// NewTable returns a table with a header.
func NewTable(header ...string) *Table { return &Table{rows: [][]string{header}, indent: " "} }

// NewList returns a table without a header, each line after an indent of blanks.
func NewList(indent string) *Table { return &Table{indent: indent} }

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

// gap is what stands between two columns.
const gap = "  "

// narrow is the width, in columns of the terminal, to which a column of text may shrink
// where a table is too wide.
const narrow = 12

// Print writes the table. Where the output is a terminal, or COLUMNS is set, a table
// that is too wide is fitted to it and loses no cell: texts are wrapped in their cells,
// and columns that still have no room follow below, with the first columns again.
// Elsewhere each row is one line. Nothing is written behind the last cell of a row, so
// that the length of the output depends on that of the cells alone, whatever the
// longest one is.
func (t *Table) Print(w io.Writer) error {
	widths := t.widths()
	if limit := ScreenWidth(w, os.Getenv); limit > 0 && len(widths) > 0 {
		return t.printFitted(w, widths, limit)
	}
	if n := len(widths) - 1; n >= 0 && !t.isRight(n) {
		widths[n] = 0
	}
	for _, row := range t.rows {
		if err := t.printLine(w, row, widths); err != nil {
			return err
		}
	}
	return nil
}

// widths returns the width of each column.
func (t *Table) widths() []int {
	var widths []int
	for _, row := range t.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], text.StringWidth(c))
		}
	}
	return widths
}

// printLine writes one line: a cell for each column.
func (t *Table) printLine(w io.Writer, cells []string, widths []int) error {
	line := []byte(t.indent)
	for i, c := range cells {
		if i > 0 {
			line = append(line, gap...)
		}
		blanks := bytes.Repeat([]byte{' '}, max(0, widths[i]-text.StringWidth(c)))
		if t.isRight(i) {
			line = append(append(line, blanks...), c...)
		} else {
			line = append(append(line, c...), blanks...)
		}
	}
	_, err := fmt.Fprintf(w, "%s\n", bytes.TrimRight(line, " "))
	return err
}

// printFitted writes the table in lines of at most limit columns, if its figures have
// room in them at all.
func (t *Table) printFitted(w io.Writer, widths []int, limit int) error {
	keys := t.keys(widths, limit)
	columns := t.used(len(keys), len(widths))
	for { // columns are those that are not written yet
		block := slices.Clone(keys)
		least := len(t.indent) - len(gap)
		for _, i := range keys {
			least += len(gap) + t.least(i, widths)
		}
		for len(columns) > 0 {
			need := len(gap) + t.least(columns[0], widths)
			if least+need > limit && len(block) > len(keys) {
				break
			}
			least += need
			block, columns = append(block, columns[0]), columns[1:]
		}
		if err := t.printBlock(w, block, widths, limit); err != nil || len(columns) == 0 {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
}

// used returns the columns from first on that are not empty in all rows.
func (t *Table) used(first, end int) []int {
	var used []int
	for i := first; i < end; i++ {
		if len(t.rows) < 2 || slices.ContainsFunc(t.rows[1:], func(row []string) bool { return i < len(row) && row[i] != "" }) {
			used = append(used, i)
		}
	}
	return used
}

// keys returns the columns that each block of a divided table begins with: those of
// texts before the first figures, in half of the line at most.
func (t *Table) keys(widths []int, limit int) []int {
	keys := []int{0}
	total := len(t.indent) + t.least(0, widths)
	for i := 1; i < len(widths) && !t.isRight(0) && !t.isRight(i); i++ {
		if total += len(gap) + t.least(i, widths); total > limit/2 {
			break
		}
		keys = append(keys, i)
	}
	return keys
}

// least returns how narrow a column may become: figures are never divided.
func (t *Table) least(column int, widths []int) int {
	if t.isRight(column) {
		return widths[column]
	}
	return min(widths[column], narrow)
}

// printBlock writes some columns of the table, the widest of them wrapped so that all
// have room in a line of limit columns.
func (t *Table) printBlock(w io.Writer, block, widths []int, limit int) error {
	fitted := make([]int, len(widths))
	total := len(t.indent) + len(gap)*(len(block)-1)
	for _, i := range block {
		fitted[i] = max(min(widths[i], limit), t.least(i, widths))
		total += fitted[i]
	}
	for total > limit {
		widest := -1
		for _, i := range block {
			if fitted[i] > t.least(i, widths) && (widest < 0 || fitted[i] > fitted[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		fitted[widest]--
		total--
	}
	columns := make([]int, len(block))
	shown := Table{indent: t.indent}
	for n, i := range block {
		columns[n] = fitted[i]
		if t.isRight(i) {
			if shown.right[0] == 0 {
				shown.right[0] = n + 1
			}
			shown.right[1] = n + 1
		}
	}
	for _, row := range t.rows {
		cells := make([][]string, len(block))
		height := 1
		for n, i := range block {
			if i < len(row) {
				cells[n] = wrapCell(row[i], columns[n])
				height = max(height, len(cells[n]))
			}
		}
		for k := range height {
			line := make([]string, len(block))
			for n := range block {
				if k < len(cells[n]) {
					line[n] = cells[n][k]
				}
			}
			if err := shown.printLine(w, line, columns); err != nil {
				return err
			}
		}
	}
	return nil
}

// wrapCell divides a text into lines of at most width columns: between words, and
// between the characters that a reader sees where a word is longer.
func wrapCell(s string, width int) []string {
	if text.StringWidth(s) <= width {
		return []string{s}
	}
	var lines []string
	var line strings.Builder
	used := 0
	flush := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for word := range strings.FieldsSeq(s) {
		n := text.StringWidth(word)
		if used > 0 && used+1+n > width {
			flush()
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		if n <= width {
			line.WriteString(word)
			used += n
			continue
		}
		characters := graphemes.FromString(word)
		for characters.Next() {
			c := characters.Value()
			n := text.StringWidth(c)
			if used > 0 && used+n > width {
				flush()
			}
			line.WriteString(c)
			used += n
		}
	}
	if used > 0 || len(lines) == 0 {
		flush()
	}
	return lines
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
	return cmp.Or(ScreenWidth(w, getenv), 80)
}

// ScreenWidth is like Width, but 0 for an output that is no terminal.
func ScreenWidth(w io.Writer, getenv func(string) string) int {
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
	return 0
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
