package markdown

import (
	"strings"

	"github.com/yuin/goldmark/util"

	"hexapla/pipeline/bitext"
)

// notices returns the edits that inform readers about machine translation and corrections.
// body is where the Markdown begins.
func notices(d *bitext.Document, meta *bitext.EditionMeta, body int, newline string) []bitext.Edit {
	var edits []bitext.Edit
	for _, n := range meta.Notices() {
		edits = append(edits, notice(d, n, body, newline))
	}
	return edits
}

// notice returns the edit for a notice: a paragraph below the first heading of the highest
// level, at the top or at the end.
func notice(d *bitext.Document, n *bitext.Notice, body int, newline string) bitext.Edit {
	text := escapeAll(oneLine(n.Text))
	data := d.Skeleton.Data
	if n.Place == bitext.NoticeEnd {
		before := newline + newline
		if len(data) == 0 || data[len(data)-1] == '\n' {
			before = newline
		}
		return bitext.Edit{Start: len(data), End: len(data), Text: before + text + newline}
	}
	if at := headlineEnd(d); at > 0 && n.Place == bitext.NoticeAfterHeadline {
		return bitext.Edit{Start: at, End: at, Text: newline + newline + text}
	}
	return bitext.Edit{Start: body, End: body, Text: text + newline + newline}
}

// headlineEnd returns where the line of the document's first heading of level 1
// ends, its underline included, 0 if there is none outside of other blocks.
func headlineEnd(d *bitext.Document) int {
	data := d.Skeleton.Data
	for i := range d.Skeleton.Spans {
		s := &d.Skeleton.Spans[i]
		u := &d.Units[s.Unit]
		if u.Kind != bitext.Heading || u.Level != 1 {
			continue
		}
		start, _ := lineStart(data, s.Start)
		if start < len(data) && data[start] != '#' && contextOf(s).kind == headingContext {
			return 0 // in a list or a quotation
		}
		end := lineEnd(data, s.End)
		if contextOf(s).kind == setextContext {
			end = lineEnd(data, end)
		}
		for end > s.End && (data[end-1] == '\n' || data[end-1] == '\r') {
			end--
		}
		return end
	}
	return 0
}

// escapeAll escapes every mark that could be markup, for a text that is alone.
func escapeAll(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '{':
			b.WriteString(charRef('{'))
		case util.IsPunct(c) && strings.IndexByte(".,:;!?'\"()/", c) < 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
