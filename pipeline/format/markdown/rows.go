package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"hexapla/pipeline/lazy"
)

// rowsTransformer finds the cells of tables that are none to GitHub, and so to goldmark: its
// text would be folded to one line, and no table be left.
//
//   - To kramdown a paragraph is a table if every line of it has a bar (Syntax, "Tables"): a
//     header is not needed, and lines of dashes may be anywhere.
//   - To python-markdown the dashes below the header may have spaces between them
//     (TableProcessor.test).
//   - Lines with bars at both ends are rows to people, whatever a renderer makes of them.
type rowsTransformer struct{}

// separatorRow is a line between rows or around them (Kramdown::Parser::Kramdown,
// TABLE_SEP_LINE and TABLE_FSEP_LINE).
var separatorRow = lazy.Regexp(`^[+|: \t]*(?:-[-+|: \t]*|=[=+|: \t]*)\r?\n?$`)

func (rowsTransformer) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	dialect := pc.Get(recordKey).(*record).dialect
	if dialect != DialectAuto && !dialect.hasLooseMarks() || node.Parent() == nil {
		return
	}
	lines, source := node.Lines(), reader.Source()
	framed := lines.Len() > 1
	for i := range lines.Len() {
		line := lines.At(i)
		row := bytes.TrimSpace(line.Value(source))
		if line.Padding != 0 || !hasCellBar(row) {
			return
		}
		framed = framed && len(row) > 1 && row[0] == '|' && row[len(row)-1] == '|'
	}
	last := lineEnd(source, lines.At(lines.Len()-1).Start)
	if under := bytes.TrimSpace(source[last:lineEnd(source, last)]); len(under) > 0 && len(bytes.Trim(under, string(under[0]))) == 0 && (under[0] == '-' || under[0] == '=') {
		return // a heading
	}
	loose := false
	if dialect == DialectPythonMarkdown && lines.Len() > 1 {
		second := lines.At(1)
		loose = separatorRow().Match(second.Value(source))
	}
	if !framed && !loose && dialect != DialectKramdown {
		return
	}
	parent := node.Parent()
	for i := range lines.Len() {
		line := lines.At(i)
		if separatorRow().Match(line.Value(source)) {
			continue
		}
		for _, cell := range cellsOf(source[line.Start:line.Stop]) {
			n := east.NewTableCell()
			n.Lines().Append(text.NewSegment(line.Start+cell[0], line.Start+cell[1]))
			parent.InsertBefore(parent, node, n)
		}
	}
	parent.RemoveChild(parent, node)
}

// hasCellBar reports whether a line has a bar that divides cells.
func hasCellBar(line []byte) bool { return nextBar(line, 0) < len(line) }

// nextBar returns the offset of the next bar that divides cells: one outside of code spans
// and tags, with no backslash before it; the length of the line if there is none.
func nextBar(line []byte, at int) int {
	for at < len(line) {
		switch line[at] {
		case '|':
			return at
		case '\\':
			at++
		case '`':
			n := runLength(line, at, '`')
			if end := codeSpanEnd(line, at+n, n); end > 0 {
				at = end
				continue
			}
			at += n - 1
		case '<':
			if n := len(lineTag().Find(line[at:])); n > 0 {
				at += n - 1
			}
		}
		at++
	}
	return len(line)
}

// lineTag is a tag of HTML.
var lineTag = lazy.Regexp(`^</?[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>`)

// cellsOf returns the places of the texts between the bars of a line.
func cellsOf(line []byte) (cells [][2]int) {
	for at := 0; at < len(line); {
		end := nextBar(line, at)
		from, to := at, end
		for from < to && isSpaceByte(line[from]) {
			from++
		}
		for to > from && isSpaceByte(line[to-1]) {
			to--
		}
		if from < to {
			cells = append(cells, [2]int{from, to})
		}
		at = end + 1
	}
	return cells
}
