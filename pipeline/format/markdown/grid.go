package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"hexapla/pipeline/lazy"
)

// grid is a table whose cells are drawn with lines (Pandoc User's Guide, extension
// grid_tables; reStructuredText, "Grid Tables"):
//
//	+-------+----------+
//	| River | Length   |
//	+=======+=========:+
//	| Po    | 652 km   |
//	+-------+----------+
//
// The columns are those of a fixed-width font: wide characters take two of them. Every line
// has all borders, for cells that span others are not read.
type grid struct {
	prefix  string // white space that each line begins with
	newline string
	widths  []int    // of the columns, between their borders
	rules   []string // one more than there are rows
	rows    [][]gridCell
}

// gridCell is a cell. Its text is a document of its own.
type gridCell struct {
	text   string
	lines  []string // of the text, while it is read
	at     int      // the offset of its first character in the table
	indent int      // how many spaces are between its border and its text
}

// parseGrid reads a table. It reports false if it is none, or cannot be drawn again.
func parseGrid(table string) (g grid, ok bool) {
	lines := strings.SplitAfter(table, "\n")
	first := strings.TrimLeft(lines[0], " ")
	g.prefix = lines[0][:len(lines[0])-len(first)]
	g.newline = lines[0][len(strings.TrimRight(lines[0], "\r\n")):]
	var cells []gridCell // of the row at hand, nil between rows
	at := 0
	for _, line := range lines {
		text := strings.TrimRight(line, " \r\n")
		if text == "" || strings.ContainsAny(text, "\t\r") || !utf8.ValidString(text) || g.rules != nil && !strings.HasPrefix(text, g.prefix) {
			return g, false
		}
		if g.rules == nil {
			text = strings.TrimLeft(text, " ")
		} else {
			text = text[len(g.prefix):]
		}
		start := at + len(strings.TrimRight(line, " \r\n")) - len(text)
		at += len(line)
		if text[0] == '+' && gridRule().MatchString(text) {
			widths := ruleWidths(text)
			if g.rules == nil {
				g.widths = widths
			} else if !equalWidths(g.widths, widths) || cells == nil {
				return g, false
			}
			if cells != nil {
				g.rows = append(g.rows, finishCells(cells))
				cells = nil
			}
			g.rules = append(g.rules, text)
			continue
		}
		if g.rules == nil {
			return g, false
		}
		if cells == nil {
			cells = make([]gridCell, len(g.widths))
		}
		if !addGridLine(cells, g.widths, text, start) {
			return g, false
		}
	}
	return g, cells == nil && len(g.rows) > 0
}

func ruleWidths(rule string) (widths []int) {
	for _, column := range strings.Split(rule[1:len(rule)-1], "+") {
		widths = append(widths, len(column))
	}
	return widths
}

func equalWidths(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// addGridLine adds a line to the cells of a row. It reports false if the line does not have
// the borders of all columns. start is its offset in the table.
func addGridLine(cells []gridCell, widths []int, line string, start int) bool {
	i := 0
	for k, columns := range widths {
		if i >= len(line) || line[i] != '|' {
			return false
		}
		i++
		from, used := i, 0
		for i < len(line) {
			r, n := utf8.DecodeRuneInString(line[i:])
			w := columnsOf(r)
			if used+w > columns {
				break
			}
			used += w
			i += n
		}
		if used != columns {
			return false
		}
		text := strings.TrimRight(line[from:i], " ")
		c := &cells[k]
		if c.at == 0 && text != "" {
			c.at = start + from + len(text) - len(strings.TrimLeft(text, " "))
		}
		c.lines = append(c.lines, text)
	}
	return line[i:] == "|"
}

// finishCells takes the space before and behind the texts of cells away.
func finishCells(cells []gridCell) []gridCell {
	for i := range cells {
		c := &cells[i]
		lines := c.lines
		for len(lines) > 0 && lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		c.indent = 1
		for _, line := range lines {
			if line != "" && line[0] != ' ' {
				c.indent = 0
			}
		}
		for k := range lines {
			lines[k] = strings.TrimPrefix(lines[k], " "[:c.indent])
		}
		c.text, c.lines = strings.Join(lines, "\n"), nil
	}
	return cells
}

// columnsOf returns the columns that a character takes: none for marks and what has no look,
// two for the wide ones of UAX #11, as Pandoc counts them (doclayout, charWidth).
func columnsOf(r rune) int {
	if r < 0x300 {
		if r == 0xAD || unicode.IsControl(r) {
			return 0
		}
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

func columnsIn(s string) (n int) {
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

// maxDrawn is how many times as long as its texts a table may become.
const maxDrawn = 16

// draw draws the table with other texts in its cells, row by row. Lines that are too long
// for their column go on in the next line; where that cannot be, all columns are made wider,
// so that they keep their shares of the table. It reports false if what is drawn would not be
// read as those texts.
func (g *grid) draw(texts []string) (string, bool) {
	wide := g.widths
	size, length := 1<<12, 0
	for _, rule := range g.rules {
		size += len(rule)
	}
	need := func(cell *gridCell, line string) int {
		n := cell.indent + columnsIn(line)
		if line != "" {
			n++ // a mark at the end of the text belongs to the space behind it
		}
		return n
	}
	each := func(visit func(k int, cell *gridCell, text string)) {
		i := 0
		for _, row := range g.rows {
			for k := range row {
				visit(k, &row[k], texts[i])
				i++
			}
		}
	}
	most, of := 1, 1 // columns grow by this fraction
	each(func(k int, cell *gridCell, text string) {
		size += len(text)
		for _, line := range wrapLines(text, g.widths[k]-cell.indent-1) {
			if n := need(cell, line); text != cell.text && n > g.widths[k] && n*of > most*g.widths[k] {
				most, of = n, g.widths[k]
			}
		}
	})
	if most > of {
		wide = make([]int, len(g.widths))
		for k, n := range g.widths {
			wide[k] = (n*most + of - 1) / of
		}
	}
	var b strings.Builder
	rule := func(i int) {
		b.WriteString(g.prefix + "+")
		for k, column := range strings.Split(g.rules[i][1:len(g.rules[i])-1], "+") {
			fill := strings.Trim(column, ":")[:1]
			left := column[:prefixOf([]byte(column), func(c byte) bool { return c == ':' })]
			right := column[len(strings.TrimRight(column, ":")):]
			b.WriteString(left + strings.Repeat(fill, max(1, wide[k]-len(left)-len(right))) + right + "+")
		}
	}
	i := 0
	for r, row := range g.rows {
		rule(r)
		b.WriteString(g.newline)
		cells := make([][]string, len(row))
		height := 1
		for k := range row {
			lines := strings.Split(texts[i], "\n")
			if texts[i] != row[k].text {
				lines = wrapLines(texts[i], wide[k]-row[k].indent-1)
			}
			i++
			cells[k], height = lines, max(height, len(lines))
		}
		for h := range height {
			b.WriteString(g.prefix)
			for k := range row {
				line := ""
				if h < len(cells[k]) && cells[k][h] != "" {
					line = strings.Repeat(" ", row[k].indent) + cells[k][h]
				}
				b.WriteString("|" + line + strings.Repeat(" ", max(0, wide[k]-columnsIn(line))))
			}
			b.WriteString("|" + g.newline)
			if length = b.Len(); length > maxDrawn*size {
				return "", false
			}
		}
	}
	rule(len(g.rules) - 1)
	drawn := b.String()
	again, ok := parseGrid(drawn)
	if !ok || len(again.rows) != len(g.rows) {
		return "", false
	}
	i = 0
	for r, row := range again.rows {
		for k := range row {
			if strings.Join(strings.Fields(row[k].text), " ") != strings.Join(strings.Fields(texts[i]), " ") || row[k].indent != g.rows[r][k].indent && row[k].text != "" {
				return "", false
			}
			i++
		}
	}
	return drawn, true
}

// wrapLines returns the lines of a text in Markdown, those of paragraphs with as many columns as
// fit where a line may end without another meaning: at a space between words.
func wrapLines(text string, columns int) (out []string) {
	fence := ""
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		c, n, rest := fenceOf([]byte(line))
		switch {
		case fence != "":
			if c == fence[0] && n >= len(fence) && isBlank(rest) {
				fence = ""
			}
		case c != 0:
			fence = strings.Repeat(string(rune(c)), n)
		case columnsIn(line) > columns:
			out = append(out, wrapLine(line, columns)...)
			continue
		}
		out = append(out, line)
	}
	return out
}

var (
	// linePrefix is what is before the text of an item or a quotation.
	linePrefix = lazy.Regexp(`^ {0,8}(?:(?:[-*+]|\d{1,9}[.)]) +|> ?)*`)
	// listWord is a word that begins an item of a list (Pandoc, extension fancy_lists).
	listWord = lazy.Regexp(`^\(?[A-Za-z0-9#@]+[.)]`)
)

// wrapLine returns the parts of a line of a paragraph.
func wrapLine(line string, columns int) (out []string) {
	prefix := linePrefix().FindString(line)
	text := line[len(prefix):]
	if text == "" || len(prefix) >= 4 && strings.TrimSpace(prefix) == "" || strings.IndexByte("#|:+=~", text[0]) >= 0 || text[0] == '<' && opensHTML(text) {
		return []string{line}
	}
	after := strings.Map(func(r rune) rune {
		if r == '>' {
			return r
		}
		return ' '
	}, prefix)
	var b strings.Builder
	b.WriteString(prefix)
	used := columnsIn(prefix)
	empty := true // nothing but a prefix is on the line
	for len(text) > 0 {
		n := breakAfter(text)
		word := text[:n]
		if text = text[n:]; text != "" {
			text = text[1:] // the space
		}
		w := columnsIn(word)
		if !empty && used+1+w > columns {
			out = append(out, b.String())
			b.Reset()
			b.WriteString(after)
			used, empty = columnsIn(after), true
		}
		if !empty {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used, empty = used+w, false
	}
	return append(out, b.String())
}

// breakAfter returns the offset of the first space of a text at which a line may end, or the
// length of the text.
func breakAfter(text string) int {
	braces, tag := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '{':
			braces++
		case '}':
			braces = max(0, braces-1)
		case '<':
			tag = i+1 < len(text) && (isAlpha(text[i+1]) || text[i+1] == '/' || text[i+1] == '!')
		case '>':
			tag = false
		case ' ':
			if i == 0 || braces > 0 || tag || text[i-1] == ' ' || i+1 >= len(text) {
				continue
			}
			next, _ := utf8.DecodeRuneInString(text[i+1:])
			if next < utf8.RuneSelf && !isAlpha(byte(next)) && !isDigit(byte(next)) && strings.IndexByte("(\"'[*_`$&\\", byte(next)) < 0 || next == '`' && strings.HasPrefix(text[i+1:], "``") || listWord().MatchString(text[i+1:]) {
				continue
			}
			if (next == '*' || next == '_') && (i+2 >= len(text) || text[i+2] == ' ' || text[i+2] == byte(next)) {
				continue
			}
			return i
		}
	}
	return len(text)
}
