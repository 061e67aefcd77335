package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"hexapla/pipeline/bitext"
)

// item is one stretch of a block's source: characters, a folded line break, or
// a code. The items of a unit follow each other without a gap.
type item struct {
	kind     itemKind
	from, to int
	code     *bitext.Code
	pair     int    // what a Start and its End have in common, from 1
	tag      string // the name that an opening tag shares with its closing tag
	role     role
	keep     bool  // what the tag encloses is not to be translated
	subs     []int // pending inside
}

type itemKind uint8

const (
	charsItem itemKind = iota
	breakItem
	codeItem
)

// inlineCollector turns the inline nodes of a block into items, with a place in the
// source that moves only forward: goldmark's own places are not always right
// (what is left of a run of delimiters is where the run began), but their
// order and lengths are.
type inlineCollector struct {
	*splitter
	items  []item
	at     int
	lines  *text.Segments
	line   int
	broken lineBreak
	cell   bool
	first  int // the number of the block's first draft
	pairs  int
}

type lineBreak uint8

const (
	noBreak lineBreak = iota
	softBreak
	hardBreak
)

// maxInline is how deep inline nodes may lie in each other.
const maxInline = 200

// children makes items of n's children. It reports whether all of them are
// where they should be.
func (l *inlineCollector) children(n ast.Node, depth int) bool {
	if depth > maxInline {
		return false
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if !l.node(c, depth) {
			return false
		}
	}
	return true
}

func (l *inlineCollector) node(n ast.Node, depth int) bool {
	if t, ok := n.(*ast.Text); ok {
		if length := t.Segment.Stop - t.Segment.Start; length > 0 {
			if !l.flush() {
				return false
			}
			if t.Segment.Start > l.at || l.at+length > len(l.src) {
				return false
			}
			l.add(item{kind: charsItem, from: l.at, to: l.at + length})
		}
		switch {
		case t.HardLineBreak():
			l.broken = hardBreak
		case t.SoftLineBreak():
			l.broken = softBreak
		}
		return true
	}
	if !l.flush() {
		return false
	}
	at, known := l.record.places.of(n)
	if known && at.from != l.at {
		return false
	}
	switch n := n.(type) {
	case *ast.Emphasis:
		return l.delimited(n, n.Level, "*_", depth)
	case *east.Strikethrough:
		length, _ := n.AttributeString(strikeLength)
		k, _ := length.(int)
		return l.delimited(n, k, "~", depth)
	case *ast.Link:
		return known && l.link(n, at, depth)
	case *ast.Image:
		return known && l.image(n, at, depth)
	case *ast.CodeSpan:
		return known && l.placeholder(at, l.newCode(bitext.Code{Equiv: l.codeText(at), Type: "other"}))
	case *ast.AutoLink:
		if known && n.AutoLinkType == ast.AutoLinkURL {
			l.autolinkSlot(at)
		}
		return known && l.placeholder(at, l.newCode(bitext.Code{Equiv: string(n.Label(l.data)), Type: "link"}))
	case *ast.RawHTML:
		return known && l.html(at)
	case *east.FootnoteLink:
		return known && l.placeholder(at, l.newCode(bitext.Code{Type: "other", NoDelete: true}))
	case *east.TaskCheckBox:
		// The box is layout, as a bullet is.
		l.at = at.to
		return known && len(l.items) == 0
	}
	return false
}

// flush makes an item of the line break that came before, with all that is
// between the lines.
func (l *inlineCollector) flush() bool {
	if l.broken == noBreak {
		return true
	}
	for l.line+1 < l.lines.Len() && l.lines.At(l.line+1).Start <= l.at {
		l.line++
	}
	if l.line+1 >= l.lines.Len() {
		return false
	}
	next := l.lines.At(l.line + 1).Start
	if l.broken == hardBreak {
		l.add(item{kind: codeItem, from: l.at, to: next, code: l.newCode(bitext.Code{Equiv: "\n", Disp: "↵", Type: "fmt", SubType: "xlf:lb"})})
	} else {
		l.add(item{kind: breakItem, from: l.at, to: next})
	}
	l.broken = noBreak
	return true
}

func (l *inlineCollector) add(it item) {
	l.at = it.to
	if n := len(l.items); n > 0 && it.kind == charsItem && l.items[n-1].kind == charsItem {
		l.items[n-1].to = it.to
		return
	}
	l.items = append(l.items, it)
}

func (l *inlineCollector) placeholder(at place, c *bitext.Code) bool {
	if at.to < at.from || at.to > len(l.data) {
		return false
	}
	l.add(item{kind: codeItem, from: at.from, to: at.to, code: c})
	return true
}

// delimited makes items of emphasis or strikethrough.
func (l *inlineCollector) delimited(n ast.Node, length int, delimiters string, depth int) bool {
	l.pairs++
	pair := l.pairs
	c := bitext.Code{Type: "fmt"}
	if delimiters == "*_" {
		c.SubType = [...]string{1: "xlf:i", 2: "xlf:b"}[min(max(length, 1), 2)]
	}
	mark := func(kind bitext.CodeKind) bool {
		end := l.at + length
		if length < 1 || end > len(l.src) {
			return false
		}
		for _, b := range l.src[l.at:end] {
			if b != l.src[l.at] || bytes.IndexByte([]byte(delimiters), b) < 0 {
				return false
			}
		}
		code := l.newCode(c)
		code.Kind = kind
		l.add(item{kind: codeItem, from: l.at, to: end, code: code, pair: pair})
		return true
	}
	return mark(bitext.Start) && l.children(n, depth+1) && l.flush() && mark(bitext.End)
}

// link makes items of a link, whose title is a unit of its own.
func (l *inlineCollector) link(n *ast.Link, at place, depth int) bool {
	l.pairs++
	pair := l.pairs
	l.add(item{kind: codeItem, from: at.from, to: at.from + 1, code: l.newCode(bitext.Code{Kind: bitext.Start, Type: "link"}), pair: pair})
	if !l.children(n, depth+1) || !l.flush() || l.at != at.mid || at.to <= at.mid {
		return false
	}
	end := item{kind: codeItem, from: at.mid, to: at.to, code: l.newCode(bitext.Code{Kind: bitext.End, Type: "link"}), pair: pair}
	l.linkSlots(n, at)
	end.subs = l.afterText("a", n.Reference, n.Title, at)
	l.add(end)
	return true
}

// image makes an item of an image. Its alternative text and its title are units
// of their own.
func (l *inlineCollector) image(n *ast.Image, at place, depth int) bool {
	if at.mid < at.from+2 || at.to <= at.mid {
		return false
	}
	alt := inlineCollector{splitter: l.splitter, at: at.from + 2, lines: l.lines, line: l.line, cell: l.cell}
	if !alt.children(n, depth+1) || !alt.flush() || alt.at != at.mid {
		return false
	}
	it := item{kind: codeItem, from: at.from, to: at.to, code: l.newCode(bitext.Code{Type: "image", NoDelete: true})}
	if len(alt.items) > 0 {
		if k := l.addUnit(alt.items, bitext.Attribute, context{kind: altContext, cell: l.cell}, ""); k >= 0 {
			l.pending[k].Name = "img@alt"
			it.subs = append(it.subs, k)
		}
	}
	it.subs = append(it.subs, l.afterText("img", n.Reference, n.Title, at)...)
	l.add(it)
	return true
}

// afterText finds the title in what follows the text of a link or an image, or,
// for a link that is named by its own text, notes that name: a translation needs
// it.
func (l *inlineCollector) afterText(element string, ref *ast.ReferenceLink, title []byte, at place) []int {
	if ref != nil {
		if ref.Type != ast.ReferenceLinkFull {
			label := bytes.Join(bytes.Fields(ref.Value), []byte(" "))
			l.slots = append(l.slots, bitext.Slot{Name: slotLabel + string(label), Start: at.mid, End: at.to})
		}
		return nil
	}
	if len(title) == 0 {
		return nil
	}
	end := at.to - 1 // the closing bracket
	for end > at.mid && isSpaceByte(l.data[end-1]) {
		end--
	}
	from := end - len(title) - 2
	if from <= at.mid || !bytes.Equal(l.src[from+1:end-1], title) {
		return nil // broken over lines that begin with something else
	}
	return l.title(from, end, l.cell, element+"@title")
}

// codeText is what a code span shows (CommonMark 0.31, 6.1).
func (l *inlineCollector) codeText(at place) string {
	b := l.data[at.from:at.to]
	n := runLength(b, 0, '`')
	b = b[n : len(b)-n]
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 && !(l.cell && bytes.IndexByte(b, '\\') >= 0) {
		return l.keepString(trimCode(b))
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		case isLF(b, i):
			out = append(out, ' ')
			i += len(b[i+1:]) - len(bytes.TrimLeft(b[i+1:], " \t>"))
		case l.cell && b[i] == '\\' && i+1 < len(b) && b[i+1] == '|':
		default:
			out = append(out, b[i])
		}
	}
	return l.keepString(trimCode(out))
}

// trimCode returns the content of a code span without a space at both ends, unless it is
// nothing but spaces.
func trimCode(b []byte) []byte {
	if n := len(b); n > 1 && b[0] == ' ' && b[n-1] == ' ' && len(bytes.Trim(b, " ")) > 0 {
		return b[1 : n-1]
	}
	return b
}

func isSpaceByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
