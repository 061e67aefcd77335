package markdown

import (
	"bytes"

	"hexapla/pipeline/lazy"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// labelNode is a line of which only a part is prose: the title of a container,
// or the expansion of an abbreviation. Its one line is that part.
type labelNode struct {
	ast.BaseBlock
	bracketed bool // the part is in square brackets
}

var labelKind = ast.NewNodeKind("Label")

func (n *labelNode) Kind() ast.NodeKind { return labelKind }

func (n *labelNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// newLabel returns a label for bytes from to to of the line that segment is.
func newLabel(segment text.Segment, from, to int) *labelNode {
	n := &labelNode{}
	start := segment.Start - segment.Padding
	n.Lines().Append(text.NewSegment(start+from, start+to))
	return n
}

// oneLineParser has what parsers of one-line blocks share.
type oneLineParser struct{}

func (oneLineParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}
func (oneLineParser) Close(ast.Node, text.Reader, parser.Context) {}
func (oneLineParser) CanInterruptParagraph() bool                 { return true }
func (oneLineParser) CanAcceptIndentedLine() bool                 { return false }

// directiveParser takes a line that begins with ::: for a block of its own: the
// containers of VuePress, Docusaurus, Pandoc and markdown-it. The mask of a
// shortcode that has its lines to itself begins so, too. The words after the
// container's name are its title. An option of a directive that readers see is a
// block, too: :alt: A river
type directiveParser struct{ oneLineParser }

func (directiveParser) Trigger() []byte { return []byte{':'} }

// directiveTitle is a container's opening line with a title: in brackets, as
// Docusaurus and the generic directives proposal have it, or after the name. A
// title that begins with a brace or a quotation mark is an attribute list. (An
// attribute list that is masked is a run of commas.)
var directiveTitle = lazy.Regexp(`^:{3,}[ \t]*(?:\{[\w-]+\}|[\w.-]+)(?:\[(.+)\](?:\{.*\}|,*)|[ \t]+([^\s{:"].*?)(?:[ \t]+\{[^{}]*\})?(?:[ \t]+:{3,})?)[ \t\r]*\n?$`)

// technicalDirective is a directive of MyST whose argument is a file's name or a
// language, not a title.
var technicalDirective = lazy.Regexp(`^:+[ \t]*\{(?:figure|image|include|literalinclude|code|code-block|code-cell|sourcecode|raw|embed|video|iframe|math|mermaid|bibliography)\}`)

func (directiveParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || len(line) < pos+3 {
		return nil, parser.NoChildren
	}
	if m := visibleOption().FindIndex(line[pos:]); m != nil { // others are masked
		from := pos + bytes.LastIndexAny(line[pos:pos+m[1]-1], " \t") + 1
		reader.AdvanceToEOL()
		return newLabel(segment, from, len(bytes.TrimRight(line, " \t\r\n"))), parser.NoChildren
	}
	if string(line[pos:pos+3]) != ":::" {
		return nil, parser.NoChildren
	}
	var n ast.Node = ast.NewThematicBreak()
	if !bytes.ContainsAny(line[pos:], " \t[") {
		// It has no title.
	} else if m := directiveTitle().FindSubmatchIndex(line[pos:]); m != nil && !technicalDirective().Match(line[pos:]) {
		k := 2
		if m[k] < 0 {
			k = 4
		}
		l := newLabel(segment, pos+m[k], pos+m[k+1])
		l.bracketed = k == 2
		n = l
	}
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// slashParser takes a line that begins or ends a block of PyMdown Extensions for a
// block of its own: /// details | Title, and ///. Its options are masked.
type slashParser struct{ oneLineParser }

func (slashParser) Trigger() []byte { return []byte{'/'} }

// slashLine is such a line. Its groups are the name and the argument of the block.
var slashLine = lazy.Regexp(`^/{3,}(?:[ \t]*|[ \t]+([\w-]+)(?:[ \t]*\|[ \t]*(\S.*?))?[ \t]*)\r?\n?$`)

// technicalSlash is the blocks whose argument is no title.
var technicalSlash = map[string]bool{"html": true, "latex": true, "define": true, "caption": true, "figure-caption": true, "table-caption": true}

func (slashParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || !pc.Get(recordKey).(*record).slashes {
		return nil, parser.NoChildren
	}
	m := slashLine().FindSubmatchIndex(line[pos:])
	if m == nil {
		return nil, parser.NoChildren
	}
	var n ast.Node = ast.NewThematicBreak()
	if m[4] >= 0 && !technicalSlash[string(line[pos+m[2]:pos+m[3]])] {
		n = newLabel(segment, pos+m[4], pos+m[5])
	}
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// hasSlashBlocks reports whether data has blocks of PyMdown Extensions: a line that
// begins one, and one that ends it.
func hasSlashBlocks(data []byte, d Dialect) bool {
	if d != DialectAuto && d != DialectPythonMarkdown || !bytes.Contains(data, []byte("///")) {
		return false
	}
	return hasSlashLine(data) && slashHead().Match(data) && slashEnd().Match(data)
}

// hasSlashLine reports whether a line begins with three slashes, as those of slashHead do:
// most of the slashes in texts are in addresses.
func hasSlashLine(data []byte) bool {
	for at := 0; ; {
		n := bytes.Index(data[at:], []byte("///"))
		if n < 0 {
			return false
		}
		before := bytes.TrimRight(data[at:at+n], " \t")
		if len(before) == 0 && at == 0 || len(before) > 0 && before[len(before)-1] == '\n' {
			return true
		}
		at += n + len("///")
	}
}

var (
	slashHead = lazy.Regexp(`(?m)^[ \t]*/{3,}[ \t]+[\w-]+(?:[ \t]*\|.*)?[ \t\r]*$`)
	slashEnd  = lazy.Regexp(`(?m)^[ \t]*/{3,}[ \t\r]*$`)
)

// abbreviationParser takes the definition of an abbreviation (PHP Markdown Extra,
// kramdown, python-markdown) for a block of its own: *[AP]: Associated Press
type abbreviationParser struct{ oneLineParser }

func (abbreviationParser) Trigger() []byte { return []byte{'*'} }

var abbreviation = lazy.Regexp(`^\*\[[^\[\]\n]+\]:[ \t]*(\S.*?)[ \t\r]*\n?$`)

func (abbreviationParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	if !bytes.HasPrefix(line[pos:], []byte("*[")) {
		return nil, parser.NoChildren
	}
	m := abbreviation().FindSubmatchIndex(line[pos:])
	if m == nil || line[pos+m[3]-1] == '*' { // emphasis that begins with a bracket
		return nil, parser.NoChildren
	}
	n := newLabel(segment, pos+m[2], pos+m[3])
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// admonitionParser reads the indented containers of python-markdown and MkDocs:
// admonitions (!!! note "Title"), details (??? note "Title", ???+) and content
// tabs (=== "Title"). What is indented by four columns below lies inside.
type admonitionParser struct{}

func (admonitionParser) Trigger() []byte { return []byte{'!', '?', '='} }

// admonitionHead has the title as its one group, without its quotation marks.
var admonitionHead = lazy.Regexp(`^(?:(?:!!!|\?\?\?\+?)[ \t]*[\w-]+(?:[ \t]+[\w-]+)*(?:[ \t]+"(.*)")?|===[!+]?[ \t]+"(.+)")[ \t\r]*\n?$`)

// admonition is the container.
type admonition struct{ ast.BaseBlock }

var admonitionKind = ast.NewNodeKind("Admonition")

func (n *admonition) Kind() ast.NodeKind { return admonitionKind }

func (n *admonition) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func (admonitionParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	m := admonitionHead().FindSubmatchIndex(line[pos:])
	if m == nil {
		return nil, parser.NoChildren
	}
	n := &admonition{}
	for k := 2; k < len(m); k += 2 {
		if m[k] >= 0 && m[k] < m[k+1] {
			n.AppendChild(n, newLabel(segment, pos+m[k], pos+m[k+1]))
		}
	}
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

func (admonitionParser) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

func (admonitionParser) Close(ast.Node, text.Reader, parser.Context) {}
func (admonitionParser) CanInterruptParagraph() bool                 { return true }
func (admonitionParser) CanAcceptIndentedLine() bool                 { return false }

// indentedParser reads what is indented by four columns or more in MDX, where that
// makes no code (MDX, "What is MDX?": indented code does not work): the children
// of a component. They are read without their indentation.
type indentedParser struct{}

func (indentedParser) Trigger() []byte { return nil }

// indented is a container of such lines.
type indented struct {
	ast.BaseBlock
	width int // the columns of its first line
}

var indentedKind = ast.NewNodeKind("Indented")

func (n *indented) Kind() ast.NodeKind { return indentedKind }

func (n *indented) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func (indentedParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	width, _ := util.IndentWidth(line, reader.LineOffset())
	if !pc.Get(recordKey).(*record).mdx || width < 4 || util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), width)
	if at < 0 {
		return nil, parser.NoChildren
	}
	reader.AdvanceAndSetPadding(at, padding)
	return &indented{width: width}, parser.HasChildren
}

func (indentedParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), node.(*indented).width)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

func (indentedParser) Close(ast.Node, text.Reader, parser.Context) {}
func (indentedParser) CanInterruptParagraph() bool                 { return false }
func (indentedParser) CanAcceptIndentedLine() bool                 { return true }

// markdownHTMLParser takes the opening tag of an element with markdown="1" for a
// block of its own, so that what is inside is read as Markdown, as kramdown and
// python-markdown (md_in_html) do; and its closing tag, so that what follows on the
// next line is read so too.
type markdownHTMLParser struct{ oneLineParser }

func (markdownHTMLParser) Trigger() []byte { return []byte{'<'} }

// markdownTag is a line with such a tag alone.
var markdownTag = lazy.Regexp(`^<[A-Za-z][\w-]*(?:\s[^<>]*)?\smarkdown(?:\s*=\s*(?:"(?:1|block|span|)"|'(?:1|block|span|)'|1|block|span))?(?:\s[^<>]*)?>[ \t\r]*\n?$`)

// closingTag is a line with a closing tag alone.
var closingTag = lazy.Regexp(`^</[A-Za-z][\w-]*>[ \t\r]*\n?$`)

func (markdownHTMLParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	r := pc.Get(recordKey).(*record)
	if mayHaveMarkdownTag(line[pos:]) && markdownTag().Match(line[pos:]) {
		r.inHTML = true
	} else if !r.inHTML || !closingTag().Match(line[pos:]) {
		return nil, parser.NoChildren
	}
	n := ast.NewHTMLBlock(ast.HTMLBlockType6)
	n.Lines().Append(segment)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// commentLine is a line with comments alone; definitionLine is one that defines
// the line above it, or above a blank line.
var (
	commentLine    = lazy.Regexp(`^[ \t]*(?:<!--[^>]*-->[ \t]*)+\r?\n$`)
	definitionLine = lazy.Regexp(`^(?:[ \t]*\r?\n)?[ \t]{0,3}:[ \t]`)
)

// htmlBlockParser is goldmark's, but where Markdown is read inside of HTML, a line
// with nothing but an inline element begins a paragraph and no block (as in
// kramdown), so that the text below it is read as Markdown too.
type htmlBlockParser struct{ parser.BlockParser }

func (p htmlBlockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	r := pc.Get(recordKey).(*record)
	if r.dialect == DialectPythonMarkdown {
		// A comment can be a term that is defined.
		line, segment := reader.PeekLine()
		if commentLine().Match(line) && definitionLine().Match(reader.Source()[segment.Stop:min(len(reader.Source()), segment.Stop+maxName)]) {
			return nil, parser.NoChildren
		}
	}
	if r.inHTML {
		line, _ := reader.PeekLine()
		if pos := pc.BlockOffset(); pos >= 0 && pos+1 < len(line) && isAlpha(line[pos+1]) && !opensHTML(string(line[pos:])) {
			return nil, parser.NoChildren
		}
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// Continue ends a block of elements at a code fence where Markdown is read inside of HTML:
// kramdown and python-markdown find one there, and its content is code.
func (p htmlBlockParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	if n, ok := node.(*ast.HTMLBlock); ok && n.HTMLBlockType >= ast.HTMLBlockType6 && pc.Get(recordKey).(*record).inHTML {
		line, _ := reader.PeekLine()
		if c, _, _ := fenceOf(line); c != 0 {
			return parser.Close
		}
	}
	return p.BlockParser.Continue(node, reader, pc)
}
