package markdown

import (
	"bytes"
	"path"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// This file knows what the documents of Quarto and R Markdown have beside the cells of code
// in fences: citations and cross-references of Pandoc.

// isPandoc reports whether the document at a path is read by Pandoc.
func isPandoc(p string) bool {
	ext := path.Ext(p)
	return strings.EqualFold(ext, ".qmd") || strings.EqualFold(ext, ".rmd")
}

// citation is the key of a citation, or of what a cross-reference leads to: @smith2020,
// @fig-levels, @{a key} (Pandoc User's Guide, "Citation syntax").
var citation = lazy.Regexp(`^@(?:\{[^{}\s]+\}|[\pL\pN_]+(?:[:.#$%&+?<>~/-][\pL\pN_]+)*)`)

// maxCitation is the length in bytes up to which the end of a key is looked for.
const maxCitation = 256

// maxWords is the length in bytes up to which the words around a key are looked at, in
// documents that are not only Pandoc's.
const maxWords = 1024

// citation is the mask of the citation at the @ at i, with the hyphen by which its author
// is left out, on the line from start to end.
func (s *scanner) citation(i, start, end int) (mask, bool) {
	if !s.pandoc && (s.dialect != DialectAuto || s.mdx || !s.inCitation(s.data[start:end], i-start)) {
		return mask{}, false
	}
	begins := func(i int) bool {
		return i == start || isSpaceByte(s.data[i-1]) || strings.IndexByte("[;*_", s.data[i-1]) >= 0 || s.opensText(i, start)
	}
	from := i
	if i > start && s.data[i-1] == '-' {
		from--
	}
	n := len(citation().Find(s.data[i:min(end, i+maxCitation)]))
	if n == 0 || !begins(from) {
		return mask{}, false
	}
	return mask{from: from, to: i + n, kind: emojiMask}, true
}

// inCitation reports whether what is at i on a line is in brackets of their own, as the
// citations of Markdown files that Pandoc reads are: [@smith2020], [see @doe99, p. 3; -@roe].
// Other brackets are links.
func (s *scanner) inCitation(line []byte, i int) bool {
	from := citationStart(line[:i])
	if from < 0 {
		return false
	}
	to := bytes.IndexAny(line[i:min(len(line), i+maxWords)], "[]")
	if to < 0 || line[i+to] != ']' || line[i+to-1] == '\\' || s.definesLabel(line[from+1:i+to]) {
		return false
	}
	to += i + 1
	return to >= len(line) || strings.IndexByte("([:{", line[to]) < 0
}

// citationStart returns the bracket that begins the citation that a key behind before would
// belong to, -1 if there is none: words may be between the bracket and the key, but no markup.
func citationStart(before []byte) int {
	start := max(0, len(before)-maxWords)
	from := start + bytes.LastIndexAny(before[start:], "[]")
	if from < start || before[from] != '[' || from > 0 && !isSpaceByte(before[from-1]) && before[from-1] != '(' {
		return -1
	}
	words := before[from+1:]
	if bytes.ContainsAny(words, "\\`\"<>(){}!^$|") {
		return -1
	}
	if words = bytes.TrimSuffix(words, []byte("-")); len(words) > 0 && !isSpaceByte(words[len(words)-1]) {
		return -1
	}
	return from
}

// beginsCitation reports whether a citation would begin with the @ at byte k of piece i.
func (w *writer) beginsCitation(i, k int) bool {
	if !w.pandoc && (w.dialect != DialectAuto || w.mdx || citationStart(w.tail) < 0 || w.runs[']'] == 0) {
		return false
	}
	r, _ := utf8.DecodeLastRune(w.tail)
	return r != '/' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && citation().MatchString(w.upcoming(i, k))
}

// ruledLine is a line between or around the rows of a simple or multiline table of Pandoc's,
// columnRule one that shows the columns.
var (
	ruledLine  = lazy.Regexp(`^-{2,}(?: +-{2,})*$`)
	columnRule = lazy.Regexp(`^-{2,}(?: +-{2,})+$`)
)

// maxRuled is the length in bytes up to which the end of a ruled table is looked for.
const maxRuled = 1 << 14

// ruledTable returns where the line behind the table begins whose first line is from at to end,
// below a blank line; 0 if none is there. A simple table has a rule of columns below its
// header, or above its rows if it has none; a multiline table has rules around it (Pandoc
// User's Guide, extensions simple_tables and multiline_tables). Where a word is decides on the
// column that it is in, so these tables are left alone.
func (s *scanner) ruledTable(at, end int) int {
	line := func(at int) (text []byte, end int) {
		end = lineEnd(s.data, at)
		return bytes.TrimSpace(s.data[at:end]), end
	}
	first, _ := line(at)
	limit := min(len(s.data), at+maxRuled)
	multiline := ruledLine().Match(first)
	next := end
	if !columnRule().Match(first) { // a header comes first
		for {
			text, stop := line(next)
			if next >= limit || len(text) == 0 || !multiline && next > end {
				return 0
			}
			next = stop
			if columnRule().Match(text) {
				break
			}
		}
	}
	for rows := false; next < limit; {
		text, stop := line(next)
		switch {
		case ruledLine().Match(text):
			if rows {
				return stop
			}
			return 0
		case len(text) > 0:
			rows = true
		case rows && !multiline:
			return next
		}
		next = stop
	}
	if s.noRuled = next; multiline || next < len(s.data) {
		return 0
	}
	return next
}

// rawTeX is a command of TeX with its arguments, which only LaTeX sees (Pandoc User's Guide,
// extension raw_tex): \index{Labels}, \newpage.
var rawTeX = lazy.Regexp(`^\\([A-Za-z]+)\*?(?:\[[^\[\]\n]*\])?(?:\{[^{}\n]*\})*`)

// proseTeX are commands whose argument is text.
var proseTeX = map[string]bool{"textbf": true, "textit": true, "emph": true, "underline": true, "footnote": true, "caption": true, "section": true, "subsection": true, "textsc": true}

// rawTeX returns the mask of the command at the backslash at i, on a line up to end.
func (s *scanner) rawTeX(i, end int) (mask, bool) {
	if !s.pandoc {
		return mask{}, false
	}
	m := rawTeX().FindSubmatchIndex(s.data[i:min(end, i+maxTag)])
	if m == nil || proseTeX[string(s.data[i+m[2]:i+m[3]])] {
		return mask{}, false
	}
	return mask{from: i, to: i + m[1], kind: mathMask}, true
}

// keepsTeX reports whether text begins with a command whose argument is text, and which the
// source has, too: \textbf{bold}.
func (w *writer) keepsTeX(text string) bool {
	m := rawTeX().FindStringSubmatch(text[:min(len(text), maxName)])
	return m != nil && proseTeX[m[1]] && bytes.Contains(w.doc.Skeleton.Data[w.span.Start:w.span.End], []byte(`\`+m[1]))
}

// fancyMarker is the marker of an item that CommonMark does not know: a letter, a Roman numeral or
// a number sign with a stop or brackets (Pandoc User's Guide, extensions fancy_lists and
// example_lists). A capital with a stop has two spaces behind it, or it would be an initial.
var fancyMarker = lazy.Regexp(`^(?:(?:[a-z]|[ivxlc]{2,5}|#)[.)]|(?:[A-Z]|[IVXLC]{2,5})\)|\((?:[A-Za-z]|[ivxlcIVXLC]{2,5}|[0-9]{1,2}|@)\)|(?:[A-Z]|[IVXLC]{2,5})\.[ \t])[ \t]+[^ \t\r\n]`)

// numbered returns a source as goldmark is to see it, with numbers for the markers of items
// that only Pandoc knows. Such an item begins below a blank line, or below another one.
func numbered(src []byte) []byte {
	src = bytes.Clone(src)
	list := true // an item may begin on the line
	for at := 0; at < len(src); {
		end := lineEnd(src, at)
		from := at + prefixOf(src[at:end], isLinePrefix)
		if from == end || isLineEnd(src[from]) {
			list = true
		} else if list && fancyMarker().Match(src[from:end]) {
			n := bytes.IndexAny(src[from:end], ".)")
			for i := from; i < from+n; i++ {
				if src[i] == '(' {
					src[i] = ' '
				} else {
					src[i] = '1'
				}
			}
		} else if list = listMarker(src[from:end]) > 0; list {
			// Its text may be an item of another list: 1. (a) One
			text := from + listMarker(src[from:end])
			text += prefixOf(src[text:end], isLineSpace)
			if m := fancyMarker().Find(src[text:end]); m != nil && m[0] != '(' {
				src[text] = '1'
			}
		}
		at = end
	}
	return src
}

// lineBlocks makes a block of each line of a line block (Pandoc User's Guide, extension
// line_blocks): lines that begin with a bar and a space, each with lines that go on with it
// and begin with a space.
type lineBlocks struct{}

func (lineBlocks) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if !pc.Get(recordKey).(*record).pandoc || node.Parent() == nil {
		return
	}
	lines, source := node.Lines(), reader.Source()
	var out []*labelNode
	for i := range lines.Len() {
		line := lines.At(i)
		b := line.Value(source)
		switch {
		case len(b) > 1 && b[0] == '|' && isSpaceByte(b[1]):
			out = append(out, &labelNode{})
			line = line.WithStart(line.Start + 1)
		case len(out) == 0 || len(b) == 0 || !isSpaceByte(b[0]):
			return // no space before it
		}
		line = line.TrimLeftSpace(source)
		if i+1 == lines.Len() || bytes.HasPrefix(source[lines.At(i+1).Start:], []byte("|")) {
			line = line.TrimRightSpace(source)
		}
		if !line.IsEmpty() {
			out[len(out)-1].Lines().Append(line)
		}
	}
	for _, n := range out {
		node.Parent().InsertBefore(node.Parent(), node, n)
	}
	node.Parent().RemoveChild(node.Parent(), node)
}

// cellOption is a line of options in a cell of code of Quarto, behind the comment mark of
// its language: #| fig-cap: "The river" (Quarto, "Execution Options"). What follows is YAML.
var cellOption = lazy.Regexp(`^[ \t>]*(?:#|//|%%|--|;)\|[ \t]?`)

// shownOptions matches the names of those that readers see.
const shownOptions = `fig-(?:cap|alt|subcap|scap)|tbl-(?:cap|subcap)|lst-cap|code-summary|title`

var (
	shownOption     = lazy.Regexp(`^(?:` + shownOptions + `)$`)
	shownOptionLine = lazy.Regexp(`(?m)^["']?(` + shownOptions + `)["']?[ \t]*:`)
)

// chunkOption is a caption in the head of a chunk of R Markdown: {r, fig.cap="The river"}
var chunkOption = lazy.Regexp(`[ ,{](fig\.(?:cap|alt|scap)|tab\.cap)[ \t]*=[ \t]*("[^"\\]*")`)

// cell makes units of the options of a cell of code that readers see: captions and
// alternative texts. They are at its beginning.
func (s *splitter) cell(n *ast.FencedCodeBlock) {
	if n.Info == nil || !bytes.HasPrefix(n.Info.Segment.Value(s.data), []byte("{")) {
		return
	}
	info := n.Info.Segment
	// What a string in quotation marks of YAML escapes, one of R does too.
	for _, m := range chunkOption().FindAllSubmatchIndex(s.data[info.Start:info.Stop], -1) {
		from, to := info.Start+m[4], info.Start+m[5]
		s.scalar(from, to, string(s.data[from+1:to-1]), bitext.Attribute, context{kind: yamlContext, style: "double"}, string(s.data[info.Start+m[2]:info.Start+m[3]]))
	}
	o, whole := s.cellOptions(n)
	m := shownOptionLine().FindSubmatchIndex(o.yaml)
	if m == nil {
		return
	}
	top, err := cst.ParseYAML(o.yaml)
	if err != nil || top == nil || top.Kind != cst.Mapping || !whole {
		s.addDiagnostic("markdown.field", diag.Warning, o.source(m[2]), "correct the options of the cell: they are not read as fields of YAML", "field %q cannot be written back, and is left as it is", diag.Arg("path", string(o.yaml[m[2]:m[3]])))
		return
	}
	for _, e := range top.Elements {
		if e.Key.Kind == cst.Scalar && shownOption().MatchString(e.Key.Text) {
			s.cellValue(&o, e.Value, e.Key.Text, top.Flow)
		}
	}
}

// cellOptions are the options of a cell of code as YAML, without the comment marks.
type cellOptions struct {
	yaml  []byte
	lines [][2]int // the offset of each line in yaml, and in the document
}

// maxCellOptions is the length in bytes up to which the options of a cell are read.
const maxCellOptions = 1 << 16

// cellOptions returns the options at the beginning of a cell, and whether these are all.
func (s *splitter) cellOptions(n *ast.FencedCodeBlock) (o cellOptions, whole bool) {
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		prefix := len(cellOption().Find(s.data[line.Start:line.Stop]))
		if prefix == 0 {
			break
		}
		if len(o.yaml)+line.Len() > maxCellOptions {
			return o, false
		}
		o.lines = append(o.lines, [2]int{len(o.yaml), line.Start + prefix})
		o.yaml = append(o.yaml, s.data[line.Start+prefix:line.Stop]...)
	}
	// A line that ends with a CR alone is not written back.
	return o, bytes.Count(o.yaml, []byte("\r")) == bytes.Count(o.yaml, []byte("\r\n"))
}

// source returns where an offset in the YAML is in the document.
func (o *cellOptions) source(at int) int {
	i := sort.Search(len(o.lines), func(i int) bool { return o.lines[i][0] > at }) - 1
	return o.lines[i][1] + at - o.lines[i][0]
}

// cellValue makes units of the strings of a value.
func (s *splitter) cellValue(o *cellOptions, n *cst.Node, name string, flow bool) {
	if n.Kind == cst.Sequence {
		for _, e := range n.Elements {
			if e.Value.Kind == cst.Scalar {
				s.cellValue(o, e.Value, name, n.Flow)
			}
		}
		return
	}
	if n.Alias || !n.IsString() || !hasText(n.Text) {
		return
	}
	v, ok := yamlScalar(o.yaml, n, flow)
	if !ok {
		s.addDiagnostic("markdown.field", diag.Warning, o.source(n.Start), "write the value in quotation marks", "field %q cannot be written back, and is left as it is", diag.Arg("path", name))
		return
	}
	if bytes.IndexByte(o.yaml[v.from:v.to], '\n') >= 0 {
		v.context.kind = optionContext
	}
	if k := s.scalar(o.source(v.from), o.source(v.to-1)+1, v.text, bitext.Attribute, v.context, name); k >= 0 {
		s.pending[k].Preserve = v.preserve
	}
}

// encodeOption writes an option that has several lines, each behind a comment mark.
func encodeOption(style, was, text string) string {
	var yaml strings.Builder
	prefix := ""
	for i, line := range strings.SplitAfter(was, "\n") {
		if i > 0 {
			n := len(cellOption().FindString(line))
			prefix, line = line[:n], line[n:]
		}
		yaml.WriteString(line)
	}
	return strings.ReplaceAll(encodeYAML(style, yaml.String(), text), "\n", "\n"+prefix)
}
