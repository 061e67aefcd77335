package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// This file has parsers that read as goldmark's do, but make the nodes that most documents
// have most of in memory that one document uses after the other, or make fewer of them.

// nodes is the memory of a tree's nodes.
type nodes struct {
	texts      []ast.Text
	codeSpans  []ast.CodeSpan
	paragraphs []ast.Paragraph
	lines      []*text.Segments // each empty, with room for the lines of a block
	usedLines  int
}

// reset forgets the tree.
func (n *nodes) reset() {
	n.texts, n.codeSpans, n.paragraphs = emptied(n.texts, maxRoom), emptied(n.codeSpans, maxRoom), emptied(n.paragraphs, maxRoom)
	if len(n.lines) > maxRoom {
		n.lines = nil
	}
	n.usedLines = 0
}

// usualLines is how many lines a block has room for.
const usualLines = 4

func (n *nodes) newText() *ast.Text { return &more(&n.texts, 1)[0] }

func (n *nodes) newCodeSpan() *ast.CodeSpan { return &more(&n.codeSpans, 1)[0] }

// newParagraph returns a paragraph with room for its lines.
func (n *nodes) newParagraph() *ast.Paragraph {
	p := &more(&n.paragraphs, 1)[0]
	p.SetLines(n.newLines())
	return p
}

// newLines returns an empty list with room for the lines of a block, which are added to a
// copy of it.
func (n *nodes) newLines() *text.Segments {
	if n.usedLines == len(n.lines) {
		s := text.NewSegments()
		s.AppendAll(make([]text.Segment, usualLines))
		s.SetSliced(0, 0)
		n.lines = append(n.lines, s)
	}
	n.usedLines++
	return n.lines[n.usedLines-1]
}

// paragraphParser is goldmark's.
type paragraphParser struct{ parser.BlockParser }

func (paragraphParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	n := pc.Get(recordKey).(*record).newParagraph()
	n.Lines().Append(segment)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// listParser is goldmark's, but the text of a tight list's items stays in paragraphs.
type listParser struct{ parser.BlockParser }

func (listParser) Close(ast.Node, text.Reader, parser.Context) {}

// headingParser is goldmark's, which looks for attributes only where there is a brace.
type headingParser struct {
	parser.BlockParser
	attributes parser.BlockParser
}

func (p headingParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if line, _ := reader.PeekLine(); bytes.IndexByte(line, '{') >= 0 {
		return p.attributes.Open(parent, reader, pc)
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// fenceParser is goldmark's, but keeps only the first and the last line of a block, unless
// the others are read.
type fenceParser struct{ parser.BlockParser }

func (p fenceParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	n, state := p.BlockParser.Open(parent, reader, pc)
	if n != nil {
		n.SetLines(pc.Get(recordKey).(*record).newLines())
	}
	return n, state
}

func (p fenceParser) Continue(n ast.Node, reader text.Reader, pc parser.Context) parser.State {
	state := p.BlockParser.Continue(n, reader, pc)
	if lines := n.Lines(); lines.Len() > 2 && !pc.Get(recordKey).(*record).pandoc {
		lines.Set(1, lines.At(2))
		lines.SetSliced(0, 2)
	}
	return state
}

// codeSpanParser is goldmark's (CommonMark 0.31, 6.1), but its nodes have no children: where
// they are in the source is enough.
type codeSpanParser struct{}

func (codeSpanParser) Trigger() []byte { return []byte{'`'} }

func (codeSpanParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	opener := runLength(line, 0, '`')
	block.Advance(opener)
	saved, position := block.Position()
	for {
		line, _ := block.PeekLine()
		if line == nil {
			block.SetPosition(saved, position)
			return ast.NewTextSegment(segment.WithStop(segment.Start + opener))
		}
		for i := 0; i < len(line); {
			n := bytes.IndexByte(line[i:], '`')
			if n < 0 {
				break
			}
			i += n
			n = runLength(line, i, '`')
			if i += n; n == opener {
				block.Advance(i)
				return pc.Get(recordKey).(*record).newCodeSpan()
			}
		}
		block.AdvanceLine()
	}
}
