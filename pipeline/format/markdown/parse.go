package markdown

import (
	"bytes"
	"strings"
	"sync"

	"hexapla/pipeline/lazy"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// place is where an inline node is in the source. For a link or an image,
// mid is where its text ends.
type place struct{ from, mid, to int }

// places has nodes with their places. A node's own position is its number in the list.
type places []struct {
	node ast.Node
	place
}

// add notes where a node is.
func (p *places) add(n ast.Node, at place) {
	n.SetPos(len(*p))
	*p = append(*p, struct {
		node ast.Node
		place
	}{n, at})
}

// of returns where a node is, if that was noted.
func (p places) of(n ast.Node) (place, bool) {
	if i := n.Pos(); i >= 0 && i < len(p) && p[i].node == n {
		return p[i].place, true
	}
	return place{}, false
}

// record is what the parsers of one document note.
type record struct {
	places   places
	brackets int             // opened in the block at hand
	notes    map[string]bool // labels of footnotes
	around   *record         // in a cell, that of the document it is in; nil in others
	inHTML   bool            // an element with markdown="1" has been opened
	slashes  bool            // there are blocks of PyMdown Extensions
	mdx      bool
	pandoc   bool
	dialect  Dialect
	block    ast.Node // that plainParser is in
	noPlain  int      // where the text of the block ends that plainParser leaves to goldmark

	nodes
}

// hasNote reports whether there is a footnote with a label.
func (r *record) hasNote(label []byte) bool {
	return r.notes[string(label)] || r.around != nil && r.around.hasNote(label)
}

var recordKey = parser.NewContextKey()

// parse returns goldmark's tree of src, and sets the places of its inline nodes that
// the nodes themselves do not know in full.
func (s *splitter) parse(src []byte, dialect Dialect, mdx bool) ast.Node {
	return s.parseBy(markdownParser(), src, dialect, mdx)
}

func (s *splitter) parseBy(p parser.Parser, src []byte, dialect Dialect, mdx bool) ast.Node {
	pc := parser.NewContext()
	r := &s.record
	r.dialect, r.slashes, r.mdx, r.pandoc = dialect, hasSlashBlocks(src, dialect), mdx, isPandoc(s.path)
	clear(r.notes)
	if s.around != nil {
		r.around = s.around.Get(recordKey).(*record)
		pc = innerContext{pc, s.around}
	}
	pc.Set(recordKey, r)
	s.context = pc
	return p.Parse(text.NewReader(src), parser.WithContext(pc))
}

// markdownParser is goldmark's parser with its usual extensions, but for the
// footnotes' transformer, which throws footnotes away that nothing refers to.
// It is made once and has no state of its own.
var markdownParser = sync.OnceValue(func() parser.Parser {
	return newParser(leaves{
		paragraph: paragraphParser{parser.NewParagraphParser()},
		list:      listParser{parser.NewListParser()},
		heading:   headingParser{parser.NewATXHeadingParser(), parser.NewATXHeadingParser(parser.WithHeadingAttribute())},
		fence:     fenceParser{parser.NewFencedCodeBlockParser()},
		code:      codeSpanParser{},
		words:     plainParser{bareAddresses()},
	})
})

// bareAddresses returns goldmark's parser of addresses that are links by their look alone.
func bareAddresses() tracked {
	return tracked{extension.NewLinkifyParser(extension.WithLinkifyURLRegexp(bareURL()), extension.WithLinkifyWWWRegexp(bareWWW()), extension.WithLinkifyAllowedProtocols(bareSchemes))}
}

// leaves are parsers of what most documents have most of. All could be goldmark's own.
type leaves struct {
	paragraph, list, heading, fence parser.BlockParser
	code                            parser.InlineParser
	words                           parser.InlineParser // asked last for words, which begin with white space
}

// newParser returns a parser.
func newParser(l leaves) parser.Parser {
	attribute := parser.WithHeadingAttribute()
	blocks := []util.PrioritizedValue{
		util.Prioritized(directiveParser{}, 50),
		util.Prioritized(slashParser{}, 50),
		util.Prioritized(abbreviationParser{}, 51),
		util.Prioritized(shallow{admonitionParser{}}, 52),
		util.Prioritized(parser.NewSetextHeadingParser(attribute), 100),
		util.Prioritized(shallow{definitionParser{extension.NewDefinitionListParser()}}, 101),
		util.Prioritized(definitionParser{extension.NewDefinitionDescriptionParser()}, 102),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(shallow{l.list}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(shallow{indentedParser{}}, 499),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(l.heading, 600),
		util.Prioritized(l.fence, 700),
		util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(markdownHTMLParser{}, 899),
		util.Prioritized(htmlBlockParser{parser.NewHTMLBlockParser()}, 900),
		util.Prioritized(shallow{footnoteBlockParser{extension.NewFootnoteBlockParser()}}, 999),
		util.Prioritized(l.paragraph, 1000),
	}
	inlines := []util.PrioritizedValue{
		util.Prioritized(taskParser{tracked{extension.NewTaskCheckBoxParser()}}, 0),
		util.Prioritized(tracked{l.code}, 100),
		util.Prioritized(tracked{footnoteParser{}}, 101),
		util.Prioritized(linkParser{tracked{parser.NewLinkParser()}}, 200),
		util.Prioritized(tracked{parser.NewAutoLinkParser()}, 300),
		util.Prioritized(tracked{parser.NewRawHTMLParser()}, 400),
		util.Prioritized(emphasisParser{parser.NewEmphasisParser()}, 500),
		util.Prioritized(strikeParser{}, 500),
		util.Prioritized(l.words, 999),
	}
	return parser.NewParser(
		parser.WithBlockParsers(blocks...),
		parser.WithInlineParsers(inlines...),
		parser.WithParagraphTransformers(
			util.Prioritized(definitionTransformer{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
			util.Prioritized(lineBlocks{}, 201),
			util.Prioritized(rowsTransformer{}, 202),
		),
	)
}

// bareURL and bareWWW match addresses that are links by their look alone. As
// GitHub reads them (GFM 6.9), they go on to the next space or "<"; letters of
// every script belong to them. goldmark's own patterns stop at the first letter
// that is not ASCII. CJK punctuation ends an address, because no space follows it.
var (
	bareURL = lazy.Regexp(`^(?:` + strings.Join(bareSchemes, "|") + `)//` + bareHost + barePath)
	bareWWW = lazy.Regexp(`^www\.` + bareHost + barePath)
)

// bareSchemes are what such an address begins with. A scheme is the same in capitals (RFC
// 3986, 3.1), as GitHub and markdown-it read it.
var bareSchemes = []string{"http:", "https:", "ftp:", "HTTP:", "HTTPS:", "FTP:", "Http:", "Https:", "Ftp:"}

const (
	bareHost = `(?:[-\p{L}\p{N}\p{M}@:%._+~#=]{1,256}\.[\p{L}\p{M}]+|localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?`
	barePath = `(?:[/#?][^\s<\x{3000}-\x{303F}\x{FF00}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}\x{FF5B}-\x{FF65}]*)?`
)

// tracked is an inline parser that notes where the nodes it makes are.
type tracked struct{ parser.InlineParser }

func (t tracked) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, before := block.Position()
	n := t.InlineParser.Parse(parent, block, pc)
	if n == nil {
		return nil
	}
	_, after := block.Position()
	at := place{from: before.Start, to: after.Start}
	switch n := n.(type) {
	case *ast.Link, *ast.Image:
		at = place{from: n.Pos(), mid: before.Start, to: after.Start}
	case *ast.AutoLink:
		if block.Source()[at.from] != '<' {
			at.from = at.to - len(n.Label(block.Source()))
		}
	case *east.FootnoteLink:
		if block.Source()[at.from] == '!' {
			at.from++ // an exclamation mark that is text
		}
	case *ast.CodeSpan, *ast.RawHTML, *east.TaskCheckBox:
	default:
		return n
	}
	pc.Get(recordKey).(*record).places.add(n, at)
	return n
}

// CloseBlock passes the end of a block on.
func (t tracked) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := t.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// maxBrackets is how many brackets may open in one block. More are read as
// text: goldmark's time grows with their square.
const maxBrackets = 1000

// linkParser is goldmark's, with a limit.
type linkParser struct{ tracked }

func (l linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if block.Peek() != ']' {
		r := pc.Get(recordKey).(*record)
		if r.brackets++; r.brackets > maxBrackets {
			return nil
		}
	} else if footnoteAfter(block, pc) {
		return l.tracked.Parse(parent, &beforeFootnote{Reader: block}, pc)
	} else if n := gapBeforeLabel(block, pc); n > 0 {
		return l.tracked.Parse(parent, &acrossGap{Reader: block, gap: n}, pc)
	}
	return l.tracked.Parse(parent, block, pc)
}

// footnoteAfter reports whether a reference to a footnote follows the bracket at
// hand. Renderers with footnotes read [label][^1] as a link and a footnote;
// goldmark would look for a link [^1].
func footnoteAfter(block text.Reader, pc parser.Context) bool {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("][^")) {
		return false
	}
	n := bytes.IndexByte(line[1:], ']')
	return n > 0 && pc.Get(recordKey).(*record).hasNote(line[3:n+1])
}

// gapBeforeLabel returns the length of the white space between the bracket at
// hand and the label of a definition. python-markdown reads [text] [label] as a
// link, as John Gruber's description has it.
func gapBeforeLabel(block text.Reader, pc parser.Context) int {
	if pc.Get(recordKey).(*record).dialect != DialectPythonMarkdown {
		return 0
	}
	_, at := block.Position()
	rest := block.Source()[at.Start:]
	gap := len(rest[1:]) - len(bytes.TrimLeft(rest[1:], " \t"))
	line, label := rest[1+gap:], []byte(nil)
	if len(line) > 0 && line[0] == '\n' {
		indent := len(line[1:]) - len(bytes.TrimLeft(line[1:], " \t"))
		gap, line = gap+1+indent, line[1+indent:]
	}
	if gap == 0 || len(line) == 0 || line[0] != '[' {
		return 0
	}
	n := bytes.IndexByte(line[:min(len(line), maxName)], ']')
	if n < 2 || line[1] == '^' {
		return 0
	}
	if label = line[1:n]; bytes.ContainsAny(label, "[\n") {
		return 0
	}
	if _, ok := pc.Reference(util.ToLinkReference(label)); !ok {
		return 0
	}
	return gap
}

// taskParser is goldmark's parser of the boxes of tasks, which have white space behind them
// (GFM 5.3); [x][label] is a link.
type taskParser struct{ tracked }

// Parse reads a box.
func (t taskParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) > 3 && !isSpaceByte(line[3]) {
		return nil
	}
	return t.tracked.Parse(parent, block, pc)
}

// acrossGap is a reader that passes over white space once it is advanced.
type acrossGap struct {
	text.Reader
	gap int
}

// Advance advances by n bytes and the gap.
func (r *acrossGap) Advance(n int) {
	r.Reader.Advance(n + r.gap)
	r.gap = 0
}

// emphasisParser is goldmark's, with the rules of the dialect.
type emphasisParser struct{ parser.InlineParser }

func (p emphasisParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, _ := block.PeekLine()
	n := p.InlineParser.Parse(parent, block, pc)
	d, ok := n.(*parser.Delimiter)
	if !ok || !pc.Get(recordKey).(*record).dialect.hasLooseMarks() {
		return n
	}
	after := ' '
	if d.OriginalLength < len(line) {
		after = util.ToRune(line, d.OriginalLength)
	}
	word := func(r rune) bool { return !util.IsSpaceRune(r) && !util.IsPunctRune(r) }
	d.CanOpen = !util.IsSpaceRune(after) && (d.Char == '*' || !word(before))
	d.CanClose = !util.IsSpaceRune(before) && (d.Char == '*' || !word(after))
	return n
}

// beforeFootnote is a reader that hides the bracket that begins a footnote.
type beforeFootnote struct{ text.Reader }

// Peek returns the next byte, or a space for a bracket.
func (r *beforeFootnote) Peek() byte {
	if c := r.Reader.Peek(); c != '[' {
		return c
	}
	return ' '
}

func (l linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	pc.Get(recordKey).(*record).brackets = 0
	l.tracked.CloseBlock(parent, block, pc)
}

// maxDepth is how deep blocks may lie in each other. Deeper ones are read as
// text: nobody writes them but to break a parser.
const maxDepth = 100

// shallow is a parser of container blocks that does not open too many of them.
type shallow struct{ parser.BlockParser }

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= maxDepth {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// definitionParser is goldmark's parser of definitions, or of lists of them, that accepts
// up to three spaces before the colon, as kramdown and python-markdown do: theirs are
// indented by four in an item of a list, whose text is indented by two.
type definitionParser struct{ parser.BlockParser }

func (p definitionParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if indent := pc.BlockIndent(); indent > 0 && indent <= 3 {
		pc.SetBlockIndent(0)
		defer pc.SetBlockIndent(indent)
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// definitionTransformer is goldmark's transformer of link reference definitions, which is
// asked only for paragraphs that begin with a bracket.
type definitionTransformer struct{ parser.ParagraphTransformer }

func (t definitionTransformer) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := node.Lines(), reader.Source()
	for i := range lines.Len() {
		line := lines.At(i)
		n := prefixOf(source[line.Start:line.Stop], util.IsSpace)
		if line.Start+n == line.Stop {
			continue
		}
		if source[line.Start+n] == '[' {
			t.ParagraphTransformer.Transform(node, reader, pc)
		}
		return
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// footnoteBlockParser is goldmark's, but notes the labels of footnotes.
type footnoteBlockParser struct{ parser.BlockParser }

func (p footnoteBlockParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if n, ok := node.(*east.Footnote); ok {
		pc.Get(recordKey).(*record).notes[string(n.Ref)] = true
	}
	p.BlockParser.Close(node, reader, pc)
}

// footnoteParser reads references to footnotes as goldmark does, but looks labels
// up in a set: goldmark walks over all footnotes for each reference, which takes
// quadratic time.
type footnoteParser struct{}

func (footnoteParser) Trigger() []byte { return []byte{'!', '['} }

func (footnoteParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	at := 1
	if line[0] == '!' {
		at++
	}
	if at >= len(line) || line[at-1] != '[' || line[at] != '^' {
		return nil
	}
	at++
	n := 0
	for n < len(line)-at && line[at+n] != ']' {
		if line[at+n] == '\\' {
			n++
		}
		n++
	}
	if n >= len(line)-at {
		return nil
	}
	if !pc.Get(recordKey).(*record).hasNote(line[at : at+n]) {
		return nil
	}
	block.Advance(at + n + 1)
	if line[0] == '!' {
		parent.AppendChild(parent, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+1)))
	}
	return east.NewFootnoteLink(1)
}

// strikeParser is goldmark's parser of strikethrough, but its nodes know how
// many tildes they were made of.
type strikeParser struct{}

func (strikeParser) Trigger() []byte { return []byte{'~'} }

func (strikeParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 1, strikeProcessor{})
	if node == nil || node.OriginalLength > 2 || before == '~' {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

type strikeProcessor struct{}

func (strikeProcessor) IsDelimiter(b byte) bool { return b == '~' }

func (strikeProcessor) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (strikeProcessor) OnMatch(consumes int) ast.Node {
	n := east.NewStrikethrough()
	n.SetAttributeString(strikeLength, consumes)
	return n
}

const strikeLength = "length"
