package markdown

import (
	"bytes"
	"strings"

	"hexapla/pipeline/lazy"
)

// scan walks over the lines, and over the characters of those that are not in a
// fenced code block.
func (s *scanner) scan(at int) {
	var fence byte
	var length int
	start := true        // of a paragraph, for all that can be seen
	options := false     // of a directive may be on the line
	var directives []int // of MyST that are open, by the lengths of their fences
	slashes := hasSlashBlocks(s.data[at:], s.dialect)
	slashOptions := false // of a block of PyMdown Extensions may be on the line
	for at < len(s.data) {
		end := lineEnd(s.data, at)
		line := s.data[at:end]
		text := bytes.TrimSpace(line)
		c, n, rest := fenceOf(line)
		if fence == 0 && c != 0 {
			if k := len(directives); k > 0 && c == '`' && n >= directives[k-1] && len(bytes.TrimSpace(rest)) == 0 {
				from := end - len(rest) - n
				s.masks = append(s.masks, mask{from: from, to: from + n, kind: fenceMask, lines: true})
				directives, at, start, options = directives[:k-1], end, true, false
				continue
			}
			if m, ok := s.mystFence(end, n, rest); ok && c == '`' {
				s.masks = append(s.masks, m)
				directives, at, start, options = append(directives, n), end, true, true
				continue
			}
		}
		switch {
		case fence != 0:
			if c == fence && n >= length && len(bytes.TrimSpace(rest)) == 0 {
				fence = 0
			}
			at, start = end, true
			continue
		case c != 0 && (c == '~' || bytes.IndexByte(rest, '`') < 0):
			fence, length = c, n
			at = end
			continue
		}
		if s.mdx && start && (bytes.HasPrefix(line, []byte("import ")) || bytes.HasPrefix(line, []byte("export "))) {
			end = paragraphEnd(s.data, at)
			stop := at + len(bytes.TrimRight(s.data[at:end], " \t\r\n"))
			s.masks = append(s.masks, mask{from: at, to: stop, kind: programMask})
			at = end
			continue
		}
		if slashOptions = slashes && (slashHead().Match(line) || slashOptions && slashOption().Match(line)); slashOptions && slashOption().Match(line) {
			from := at + bytes.Index(line, text)
			s.masks = append(s.masks, mask{from: from, to: from + len(text), kind: lineMask, lines: true})
			at = end
			continue
		}
		if m, next := s.ownLine(at, end, text, options); m.to > 0 {
			s.masks = append(s.masks, m)
			if start = true; next > end {
				at, options = next, false
				continue
			}
			at = end
			continue
		}
		start = len(text) == 0
		if text = line[prefixOf(line, isBlankByte):]; len(text) == 0 || text[0] != ':' {
			options = false
		} else if options = directiveHead().Match(line) || options && visibleOption().Match(line); options {
			if m := visibleOption().FindIndex(line); m != nil {
				at += bytes.LastIndexAny(line[:m[1]-1], " \t") + 1
			}
		}
		before := len(s.masks)
		if at = s.line(at, end); at > end && slashOptions {
			at = end // the head of a block is a block of its own
			for len(s.masks) > before && s.masks[len(s.masks)-1].to > end {
				s.masks = s.masks[:len(s.masks)-1]
			}
		}
	}
}

var (
	// directiveHead is the opening line of a directive of MyST: :::{figure} a.png
	directiveHead = lazy.Regexp(`^[ \t]*:{3,}[ \t]*\{[\w:.-]+\}`)
	// directiveOption is an option of one, on the lines below it: :class: tip
	directiveOption = lazy.Regexp(`^[ \t]*(:[a-z][\w-]*:)(?:[ \t]+\S.*)?[ \t\r]*\n?$`)
	// visibleOption is the name of an option that readers see, and the first character
	// of its value.
	visibleOption = lazy.Regexp(`^[ \t]*:(?:alt|caption|title|summary):[ \t]+[^ \t\r\n]`)
	// slashOption is an option of a block of PyMdown Extensions.
	slashOption = lazy.Regexp(`^(?:[ \t]*>)?(?: {4}|\t)[ \t]*[a-z][\w-]*:(?:[ \t]|\r?\n?$)`)
	// tocItem is the item of a list that kramdown replaces by the table of contents, by
	// the line below it.
	tocItem = lazy.Regexp(`^[ \t]*(?:[*+-]|\d+\.)[ \t]+\S`)
	tocMark = lazy.Regexp(`^[ \t]*\{:(?:[^{}\n]*[ \t])?toc\b[^{}\n]*\}[ \t\r]*\n?$`)
	// tocLine is where a renderer puts the table of contents: python-markdown and
	// Typora; VuePress and markdown-it; GitLab.
	tocLine = lazy.Regexp(`^[ \t]*(?:\[(?i:toc)\]|\[\[_?(?i:toc)_?\]\])[ \t\r]*\n?$`)
)

// ownLine returns the mask of a line that is no text, and where to go on: a place for
// the table of contents, an option of a directive, or a comment of Obsidian, which
// may reach over several lines. Its to is 0 if the line from at to end, which is text
// without the white space around it, is none.
func (s *scanner) ownLine(at, end int, text []byte, options bool) (m mask, next int) {
	if len(text) < 2 || !options && strings.IndexByte("[(+%-;", text[0]) < 0 && !s.beforeMark(end) {
		return m, end
	}
	line := s.data[at:end]
	from := at + bytes.Index(line, text)
	m = mask{from: from, to: from + len(text), kind: lineMask, lines: true}
	switch {
	case options && directiveOption().Match(line) && !visibleOption().Match(line),
		text[0] == '[' && len(text) <= len("[[_toc_]]") && tocLine().Match(line), s.mystLine(text):
		return m, end
	case (s.dialect == DialectAuto || s.dialect == DialectKramdown) && s.beforeMark(end) && tocItem().Match(line) && tocMark().Match(s.data[end:lineEnd(s.data, end)]):
		m.from += bytes.IndexAny(text, " \t")
		m.from += len(s.data[m.from:m.to]) - len(bytes.TrimLeft(s.data[m.from:m.to], " \t"))
		return m, end
	case text[0] == '+' && end >= s.noGrid && gridRule().Match(text):
		if m.to, next = s.gridTable(end); m.to > 0 {
			m.kind = gridMask
			return m, next
		}
	case s.pandoc && blankLineBefore(s.data, at) && at >= s.noRuled && s.ruledTable(at, end) > 0:
		next = s.ruledTable(at, end)
		m.kind, m.to = gridMask, at+len(bytes.TrimRight(s.data[at:next], " \t\r\n"))
		return m, next
	case text[0] == '-' || text[0] == ';':
		if !bytes.HasPrefix(bytes.TrimLeft(text, ";-"), []byte("8<")) || !s.allowsSnippets() || !snippetLine().Match(text) {
			break
		}
		if quote := text[len(text)-1]; quote == '"' || quote == '\'' || text[0] == ';' {
			return m, end
		}
		// A list of files, one a line, up to the same mark.
		for at := end; at < min(len(s.data), end+maxSnippet); {
			stop := lineEnd(s.data, at)
			switch line := bytes.TrimSpace(s.data[at:stop]); {
			case bytes.Equal(line, text):
				m.to = at + len(bytes.TrimRight(s.data[at:stop], " \t\r\n"))
				return m, stop
			case len(line) == 0:
				return mask{}, end
			}
			at = stop
		}
	case bytes.HasPrefix(text, []byte("%%")) && !s.unclosed["%%"]:
		n := bytes.Index(s.data[from+2:], []byte("%%"))
		if s.unclosed["%%"] = n < 0; n < 0 {
			break
		}
		m.to = from + 2 + n + 2
		next = lineEnd(s.data, m.to)
		if len(bytes.TrimSpace(s.data[m.to:next])) == 0 {
			return m, next
		}
	}
	return mask{}, end
}

// gridTable returns the end of the grid table whose first line ends at an offset, and
// where the line behind it begins; 0 if none is there. Lines of a table have bars or
// plus signs at both ends, and the last one is a rule.
func (s *scanner) gridTable(at int) (to, next int) {
	cells := false
	for at < len(s.data) {
		end := lineEnd(s.data, at)
		line := bytes.TrimSpace(s.data[at:end])
		if len(line) < 2 || line[0] != '+' && line[0] != '|' || line[len(line)-1] != '+' && line[len(line)-1] != '|' {
			break
		}
		if line[0] == '+' && gridRule().Match(line) {
			if cells {
				to, next = at+len(bytes.TrimRight(s.data[at:end], " \t\r\n")), end
			}
		} else {
			cells = true
		}
		at = end
	}
	if to == 0 {
		s.noGrid = at // nor does a table begin further down on these lines
	}
	return to, next
}

// gridRule is the line between two rows of a grid table (Pandoc, extension grid_tables).
var gridRule = lazy.Regexp(`^\+(?::?[-=]+:?\+)+$`)

// maxSnippet is the length in bytes up to which the end of a list of snippets is looked for.
const maxSnippet = 1 << 12

// snippetLine is a line by which PyMdown's snippets extension includes files; with a
// semicolon before it, it shows itself.
var snippetLine = lazy.Regexp(`^;*-+8<-+(?:[ \t]+(?:"[^"]+"|'[^']+'))?$`)

// allowsSnippets reports whether the document may be python-markdown's.
func (s *scanner) allowsSnippets() bool {
	return s.dialect == DialectAuto || s.dialect == DialectPythonMarkdown
}

// beforeMark reports whether the line that begins at an offset may be an attribute
// list, as tocMark matches.
func (s *scanner) beforeMark(at int) bool {
	return bytes.HasPrefix(s.data[at+prefixOf(s.data[at:], isBlankByte):], []byte("{:"))
}

// fenceOf gives the character and length of a code fence that begins or ends on
// the line, and what follows it.
func fenceOf(line []byte) (c byte, n int, rest []byte) {
	t := line[prefixOf(line, isLinePrefix):]
	if len(t) == 0 || !beginsFence[t[0]] {
		return 0, 0, nil
	}
	for range 10 {
		n := listMarker(t)
		if n == 0 {
			break
		}
		t = t[n:]
		t = t[prefixOf(t, isLinePrefix):]
	}
	if len(t) < 3 || t[0] != '`' && t[0] != '~' {
		return 0, 0, nil
	}
	rest = bytes.TrimLeft(t, string(t[0]))
	if n = len(t) - len(rest); n < 3 {
		return 0, 0, nil
	}
	return t[0], n, rest
}

// beginsFence has what a code fence may begin with, or the marker of a list before it.
var beginsFence = [256]bool{
	'`': true, '~': true, '-': true, '+': true, '*': true,
	'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true,
}

func isLinePrefix(c byte) bool { return c == ' ' || c == '\t' || c == '>' }

// listMarker is the length of the list marker that t begins with.
func listMarker(t []byte) int {
	n := 0
	for n < len(t) && n < 9 && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	if n >= len(t) || n > 0 && t[n] != '.' && t[n] != ')' || n == 0 && t[0] != '-' && t[0] != '+' && t[0] != '*' {
		return 0
	}
	if n++; n < len(t) && (t[n] == ' ' || t[n] == '\t') {
		return n
	}
	return 0
}

// blocks finds the masks that have their lines to themselves. Such a line is a
// block, unless it is in the middle of a paragraph and may be a word of it.
func (s *scanner) blocks() {
	pairs := map[string]bool{}
	for i := range s.masks {
		if m := &s.masks[i]; m.role == closing {
			pairs[m.name] = true
		}
	}
	for i := 0; i < len(s.masks); {
		j := i + 1
		for j < len(s.masks) && blankBetween(s.data, s.masks[j-1].to, s.masks[j].from) {
			j++
		}
		first, last := &s.masks[i], &s.masks[j-1]
		if s.isAlone(first.from, last.to) && first.kind != alertMask && first.kind != wikiMask && first.kind != keysMask && first.kind != emojiMask && first.kind != lineMask && (first.kind != attrMask || i == j-1 && attributeLine(s.data, *first)) {
			start, _ := lineStart(s.data, first.from)
			end := lineEnd(s.data, last.to)
			alone := s.mdx || first.kind == liquidMask || first.kind == mathMask && s.data[first.from+1] == '$' || first.kind == attrMask || pairs[first.name] && first.name != ""
			if alone || blankLineBefore(s.data, start) || blankLineAt(s.data, end) || i > 0 && s.masks[i-1].lines && s.masks[i-1].to >= start-2 {
				for k := i; k < j; k++ {
					s.masks[k].lines = true
				}
			}
		}
		i = j
	}
}

// isAlone reports whether nothing but space and quotation marks is on the lines from
// from to to next to what is between them. It does not read further than that.
func (s *scanner) isAlone(from, to int) bool {
	for from > 0 && !isLF(s.data, from-1) {
		if from--; strings.IndexByte(" \t>", s.data[from]) < 0 {
			return false
		}
	}
	for ; to < len(s.data) && !isLF(s.data, to); to++ {
		if !isSpaceByte(s.data[to]) {
			return false
		}
	}
	return true
}

// blankBetween reports whether only spaces are from a to b.
func blankBetween(data []byte, a, b int) bool {
	return len(bytes.Trim(data[a:b], " \t")) == 0
}
