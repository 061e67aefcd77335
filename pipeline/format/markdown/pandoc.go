package markdown

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cst"
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

// cellOption is a line of options in a cell of code of Quarto, behind the comment mark of
// its language: #| fig-cap: "The river" (Quarto, "Execution Options"). Its group is the option.
var cellOption = lazy.Regexp(`^[ \t>]*(?:#|//|%%|--|;)\|[ \t]?(.*?)[ \t\r]*\n?$`)

// shownOption is one that readers see.
var shownOption = lazy.Regexp(`^(?:fig-(?:cap|alt|subcap|scap)|tbl-(?:cap|subcap)|lst-cap|code-summary|title):(?:[ \t]|$)`)

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
	lines := n.Lines()
	name := "" // of the option whose list goes on
	for i := range lines.Len() {
		line := lines.At(i)
		m := cellOption().FindSubmatchIndex(s.data[line.Start:line.Stop])
		if m == nil {
			return
		}
		at := line.Start + m[2]
		text := s.data[at : line.Start+m[3]]
		item := bytes.TrimLeft(text, " \t")
		switch {
		case shownOption().Match(text):
			name = string(text[:bytes.IndexByte(text, ':')])
		case name == "" || !bytes.HasPrefix(item, []byte("- ")):
			name = ""
			continue
		default:
			at += len(text) - len(item)
			text = item
		}
		if top, err := cst.ParseYAML(text); err == nil && top != nil && (top.Kind == cst.Mapping || top.Kind == cst.Sequence) {
			for _, e := range top.Elements {
				s.cellValue(e.Value, at, name, false)
			}
		}
	}
}

// cellValue makes units of the strings of a value of one line that begins at an offset.
func (s *splitter) cellValue(n *cst.Node, at int, name string, flow bool) {
	if n.Kind == cst.Sequence {
		for _, e := range n.Elements {
			if e.Value.Kind == cst.Scalar {
				s.cellValue(e.Value, at, name, true)
			}
		}
		return
	}
	c := context{kind: yamlContext, style: "plain"}
	switch {
	case n.Kind != cst.Scalar || n.Alias || n.Unplaced || !n.IsString():
		return
	case n.Style == cst.Double:
		c.style = "double"
	case n.Style == cst.Single:
		c.style = "single"
	case n.Style == cst.Literal || n.Style == cst.Folded:
		return
	case flow:
		c.style = "flow"
	}
	s.scalar(at+n.Content, at+n.End, n.Text, bitext.Attribute, c, name)
}
