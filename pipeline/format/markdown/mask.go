package markdown

import (
	"bytes"
	"sort"
	"strings"

	"hexapla/pipeline/lazy"
)

// mask is a stretch of the source that a program reads before Markdown does: a
// shortcode, a template's tag, JSX, an attribute list. goldmark is shown letters
// in its place, so it can be anywhere, a link's address included.
type mask struct {
	from, to int
	head     int // where the opening tag of a raw mask ends, 0 for other masks
	kind     maskKind
	name     string // of a shortcode, tag or element
	role     role
	lines    bool // it has its lines to itself, and is a block
	done     bool // its parameters have been looked at
	page     bool // it opens a wiki link whose text is the name of the page
}

type maskKind uint8

const (
	hugoMask    maskKind = iota // {{< >}} {{% %}}
	liquidMask                  // {% %}
	outputMask                  // {{ }} {# #}, an expression
	attrMask                    // {: } {.class} {#id}
	jsxMask                     // <Tag> in MDX
	programMask                 // import, export and { } in MDX
	alertMask                   // [!NOTE]
	mathMask                    // $…$, $$…$$, \(…\), \[…\]
	wikiMask                    // [[Page|…]], ![[File]]
	keysMask                    // ++ctrl+alt+del++
	emojiMask                   // :smile:
	roleMask                    // {ref}`a text <target>`
	fenceMask                   // the marks of a directive of MyST in a fence
	lineMask                    // [TOC], :class: of a directive, a comment of Obsidian
)

type role uint8

const (
	single role = iota
	opening
	closing
)

// rawNames are shortcodes and tags whose inner text is a program's.
var rawNames = map[string]bool{
	"highlight": true, "mermaid": true, "raw": true, "verbatim": true, "comment": true, "math": true, "katex": true,
	"codeblock": true, "code": true, "codetabs": true, "plantuml": true, "graphviz": true, "chart": true,
}

// scanner finds the masks of a document.
type scanner struct {
	data     []byte
	mdx      bool
	dialect  Dialect
	masks    []mask
	unclosed map[string]bool // tags and comments that are known not to end
	labels   map[string]bool // what the document defines, once it was asked for
	fences   map[int]int     // where the last closing fence is, by its least length
	myst     int             // whether it is a document of MyST: 1 yes, -1 no, 0 not asked yet
	code     map[string]bool // variables of a template that are highlighted as code, once they were asked for
	pages    int             // whether double brackets are links to pages: 1 yes, -1 no, 0 not asked yet
	row      struct {        // the line that was last asked about
		end   int
		isRow bool
	}
}

// findMasks finds all masks of data from an offset on, rising.
func findMasks(data []byte, from int, mdx bool, dialect Dialect) []mask {
	if !mdx && !bytes.ContainsAny(data[from:], "{$") && !hasMaskStart(data[from:]) {
		return nil
	}
	s := scanner{data: data, mdx: mdx, dialect: dialect, unclosed: map[string]bool{}}
	s.scan(from)
	s.blocks()
	return s.masks
}

// hasMaskStart reports whether the beginning of a mask may be in data that is neither a brace
// nor a dollar. A regular expression would take longer here than all else that is done with
// a text that has none.
func hasMaskStart(data []byte) bool {
	for i, c := range data {
		rest := data[i+1:]
		switch c {
		case ')':
			if len(rest) > 0 && rest[0] == '=' {
				return true
			}
		case ':':
			if bytes.HasSuffix(data[:i], []byte("mailto")) {
				return true
			}
			if n := prefixOf(rest, isEmojiName); n > 0 && rest[0] >= 'a' && rest[0] <= 'z' && n < len(rest) && rest[n] == ':' {
				return true
			}
		case '[':
			if len(rest) > 0 && (rest[0] == '!' || rest[0] == '[') || len(rest) >= 4 && bytes.EqualFold(rest[:4], []byte("toc]")) {
				return true
			}
		case '|':
			n := prefixOf(rest, isDigit)
			if n == 0 {
				continue
			}
			if rest = rest[n:]; len(rest) > 0 && rest[0] == 'x' {
				if n := prefixOf(rest[1:], isDigit); n > 0 {
					rest = rest[1+n:]
				}
			}
			if bytes.HasPrefix(rest, []byte("](")) {
				return true
			}
		case '^':
			if n := prefixOf(rest, isBlockID); n > 0 {
				rest = rest[n:]
				if rest = rest[prefixOf(rest, isLineSpace):]; len(rest) == 0 || rest[0] == '\n' {
					return true
				}
			}
		case '/':
			if bytes.HasPrefix(rest, []byte("//")) {
				before := bytes.TrimRight(data[:i], " \t")
				if len(before) == 0 || before[len(before)-1] == '\n' {
					return true
				}
			}
		case '\\':
			if len(rest) > 0 && (rest[0] == '(' || rest[0] == '[') {
				return true
			}
		case '8':
			if len(rest) > 1 && rest[0] == '<' && rest[1] == '-' {
				return true
			}
		case '+', '%':
			if len(rest) > 0 && rest[0] == c {
				return true
			}
		}
	}
	return false
}

// prefixOf returns how many bytes at the beginning of data are of a kind.
func prefixOf(data []byte, is func(byte) bool) int {
	for i, c := range data {
		if !is(c) {
			return i
		}
	}
	return len(data)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLineSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func isBlockID(c byte) bool {
	return isDigit(c) || c == '-' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isEmojiName(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c == '_' || c == '+' || c == '-'
}

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
			text := bytes.TrimSpace(line)
			from := at + bytes.Index(line, text)
			s.masks = append(s.masks, mask{from: from, to: from + len(text), kind: lineMask, lines: true})
			at = end
			continue
		}
		if m, next := s.ownLine(at, end, options); m.to > 0 {
			s.masks = append(s.masks, m)
			if start = true; next > end {
				at, options = next, false
				continue
			}
			at = end
			continue
		}
		start = len(bytes.TrimSpace(line)) == 0
		if text := bytes.TrimLeft(line, " \t"); len(text) == 0 || text[0] != ':' {
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
// may reach over several lines. Its to is 0 if the line from at to end is none.
func (s *scanner) ownLine(at, end int, options bool) (m mask, next int) {
	line := s.data[at:end]
	text := bytes.TrimSpace(line)
	if len(text) < 2 {
		return m, end
	}
	from := at + bytes.Index(line, text)
	m = mask{from: from, to: from + len(text), kind: lineMask, lines: true}
	switch {
	case options && directiveOption().Match(line) && !visibleOption().Match(line),
		text[0] == '[' && tocLine().Match(line), s.mystLine(text):
		return m, end
	case (s.dialect == DialectAuto || s.dialect == DialectKramdown) && s.beforeMark(end) && tocItem().Match(line) && tocMark().Match(s.data[end:lineEnd(s.data, end)]):
		m.from += bytes.IndexAny(text, " \t")
		m.from += len(s.data[m.from:m.to]) - len(bytes.TrimLeft(s.data[m.from:m.to], " \t"))
		return m, end
	case text[0] == '-' || text[0] == ';':
		if !s.allowsSnippets() || !snippetLine().Match(text) {
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
	return bytes.HasPrefix(bytes.TrimLeft(s.data[at:], " \t"), []byte("{:"))
}

// fenceOf gives the character and length of a code fence that begins or ends on
// the line, and what follows it.
func fenceOf(line []byte) (c byte, n int, rest []byte) {
	t := bytes.TrimLeft(line, " \t>")
	for range 10 {
		n := listMarker(t)
		if n == 0 {
			break
		}
		t = bytes.TrimLeft(t[n:], " \t>")
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

// beginsMask has the bytes that scanner.line looks at.
var beginsMask = [256]bool{
	'\\': true, '$': true, '+': true, '%': true, ':': true, '[': true, '!': true, '`': true, '|': true,
	'm': true, '^': true, '{': true, '<': true,
}

// line looks for masks from at to end, and returns where to go on: at the next
// line, or after what reached over its end.
func (s *scanner) line(at, end int) int {
	if m, ok := alert(s.data, at, end); ok {
		s.masks = append(s.masks, m)
		at = m.to
	}
	for i := at; i < end; {
		if !beginsMask[s.data[i]] {
			i++
			continue
		}
		switch s.data[i] {
		case '\\':
			m, ok := bracketMath(s.data, i)
			if !ok {
				i += 2
				continue
			}
			s.masks = append(s.masks, m)
			if i = m.to; i > end {
				return s.resume(i)
			}
			continue
		case '$':
			m, ok := s.dollarMath(i, at, end)
			if !ok {
				i += runLength(s.data, i, '$')
				continue
			}
			s.masks = append(s.masks, m)
			if i = m.to; i > end {
				return s.resume(i)
			}
			continue
		case '+':
			if n := keys(s.data, i); n > 0 && (s.dialect == DialectAuto || s.dialect == DialectPythonMarkdown) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: keysMask})
				i += n
				continue
			}
		case '%':
			if n := comment(s.data[i:end]); n > 0 && (i == at || isSpaceByte(s.data[i-1])) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				i += n
				continue
			}
		case ':':
			if n := emoji(s.data, i); n > 0 {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				i += n
				continue
			}
		case '[', '!':
			if ms := s.wikiLink(i, end); ms != nil && !s.isRow(at, end) {
				s.masks = append(s.masks, ms...)
				i = ms[len(ms)-1].to
				continue
			}
		case '`':
			n := runLength(s.data, i, '`')
			if stop := codeSpanEnd(s.data, i+n, n); stop > 0 {
				i = stop
				if i > end {
					return s.resume(i)
				}
				continue
			}
			i += n
			continue
		case '|':
			if n := len(imageSize().Find(s.data[i:min(end, i+maxName)])); n > 0 && bytes.LastIndex(s.data[at:i], []byte("![")) > bytes.LastIndexByte(s.data[at:i], ']') && bytes.Count(s.data[at:end], []byte{'|'}) == 1 {
				s.masks = append(s.masks, mask{from: i, to: i + n - 2, kind: emojiMask})
				i += n - 2
				continue
			}
		case 'm':
			if !bytes.HasPrefix(s.data[i:end], []byte("mailto:")) {
				break
			}
			if n := len(mailto().Find(s.data[i:min(end, i+maxName)])); n > 0 && (i == at || isSpaceByte(s.data[i-1])) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				i += n
				continue
			}
		case '^':
			if s.dialect == DialectAuto && (i == at || isSpaceByte(s.data[i-1])) && blockID().Match(s.data[i:end]) {
				m := mask{from: i, to: i + len(bytes.TrimRight(s.data[i:end], " \t\r\n")), kind: emojiMask}
				s.masks = append(s.masks, m)
				i = m.to
				continue
			}
		case '{':
			if m := mystRole().FindIndex(s.data[i:min(end, i+maxName)]); m != nil && s.dialect.allowsMyST() {
				n := runLength(s.data, i+m[1]-1, '`')
				if stop := codeSpanEnd(s.data, i+m[1]-1+n, n); stop > 0 && stop <= end {
					s.masks = append(s.masks, mask{from: i, to: stop, head: i + m[1] - 1 + n, kind: roleMask, name: string(s.data[i+1 : i+m[1]-2])})
					i = stop
					continue
				}
			}
			if n := critic(s.data[i:]); n > 0 && (s.dialect == DialectAuto || s.dialect == DialectPythonMarkdown) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				if i += n; i > end {
					return s.resume(i)
				}
				continue
			}
			if m, ok := s.brace(i, at); ok {
				s.masks = append(s.masks, m)
				if i = m.to; i > end {
					return s.resume(i)
				}
				continue
			}
		case '<':
			if bytes.HasPrefix(s.data[i:], []byte("<!--")) && !s.unclosed["<!--"] {
				n := bytes.Index(s.data[i:], []byte("-->"))
				s.unclosed["<!--"] = n < 0
				if n >= 0 {
					if i += n + 3; i > end {
						return s.resume(i)
					}
					continue
				}
			}
			if s.mdx {
				if m, ok := jsxTag(s.data, i); ok {
					s.masks = append(s.masks, m)
					if i = m.to; i > end {
						return s.resume(i)
					}
					continue
				}
			}
		}
		i++
	}
	return end
}

// isRow reports whether the line from at to end may be a row of a table: it has
// bars outside of wiki links.
func (s *scanner) isRow(at, end int) bool {
	if s.row.end != end {
		s.row.end, s.row.isRow = end, bars().Match(wikiLinks().ReplaceAll(s.data[at:end], nil))
	}
	return s.row.isRow
}

var (
	wikiLinks = lazy.Regexp(`\[\[[^\n]*?\]\]`)
	bars      = lazy.Regexp(`(?:^|[^\\])\|`)
)

// resume goes on in the middle of a line.
func (s *scanner) resume(at int) int {
	end := lineEnd(s.data, at)
	if at > 0 && isLF(s.data, at-1) {
		return at
	}
	return s.line(at, end)
}

// raw widens the mask of an opening tag whose inner text is a program's over
// its closing tag.
func (s *scanner) raw(m mask) mask {
	if !rawNames[m.name] && !s.isCodeSet(m) || m.role == closing || s.unclosed[m.name] || s.data[m.to-1] == '}' && m.role == single && m.kind == hugoMask && selfClosing(s.data[m.from:m.to]) {
		return m
	}
	for at := m.to; at < len(s.data); {
		n := bytes.IndexByte(s.data[at:], '{')
		if n < 0 {
			break
		}
		at += n
		rest := s.data[at:]
		stop := -1
		var name string
		var r role
		switch {
		case m.kind == hugoMask && (bytes.HasPrefix(rest, []byte("{{<")) || bytes.HasPrefix(rest, []byte("{{%"))):
			if stop = inParagraph(rest, "}}"); stop > 5 {
				name, r = tagName(rest[3 : stop-3])
			}
		case m.kind == liquidMask && bytes.HasPrefix(rest, []byte("{%")):
			if stop = inParagraph(rest, "%}"); stop > 0 {
				name, _ = tagName(bytes.Trim(rest[2:stop-2], "-"))
				if rest, ok := strings.CutPrefix(name, "end"); ok {
					name, r = rest, closing
				}
			}
		}
		if r == closing && name == m.name {
			m.head, m.to, m.role = m.to, at+stop, single
			return m
		}
		at++
	}
	s.unclosed[m.name] = true
	return m
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

// lineStart is where the line of at begins, and whether only indentation and
// quotation marks are before at.
func lineStart(data []byte, at int) (int, bool) {
	i := at
	for i > 0 && !isLF(data, i-1) {
		i--
	}
	return i, len(bytes.Trim(data[i:at], " \t>")) == 0
}

func blankLineBefore(data []byte, start int) bool {
	if start == 0 {
		return true
	}
	end := start
	i := end - 1
	for i > 0 && !isLF(data, i-1) {
		i--
	}
	return len(bytes.Trim(data[i:end], " \t\r\n>")) == 0
}

func blankLineAt(data []byte, start int) bool {
	return len(bytes.Trim(data[start:lineEnd(data, start)], " \t\r\n>")) == 0
}

// masked is data as goldmark is to see it: blank before from, letters for the
// masks, LF for each CR that ends a line by itself, and a space for a CR before
// LF, where that means no hard break, since goldmark does not always see an empty
// list item before CR LF.
func masked(data []byte, from int, masks []mask) []byte {
	if from == 0 && len(masks) == 0 && bytes.IndexByte(data, '\r') < 0 {
		return data
	}
	src := bytes.Clone(data)
	for i := range from {
		src[i] = '\n'
	}
	for i := from; i < len(src); i++ {
		n := bytes.IndexByte(src[i:], '\r')
		if n < 0 {
			break
		}
		if i += n; i+1 >= len(src) || src[i+1] != '\n' {
			src[i] = '\n'
		} else if i > 0 && src[i-1] != '\\' && src[i-1] != ' ' {
			src[i] = ' '
		}
	}
	for k, m := range masks {
		fill := byte(',') // it ends the emphasis before it, as a letter would not
		if m.kind == hugoMask || m.kind == liquidMask || m.kind == outputMask {
			fill = 'X' // words come in its place
		} else if m.kind == fenceMask {
			fill = ':'
		}
		for i := m.from; i < m.to; i++ {
			src[i] = fill
		}
		if m.lines && m.to-m.from >= 3 && (k == 0 || !masks[k-1].lines || !blankBetween(data, masks[k-1].to, m.from)) {
			copy(src[m.from:], ":::")
		}
	}
	return src
}

// at is the mask that at lies in, or nil.
func maskAt(masks []mask, at int) *mask {
	i := sort.Search(len(masks), func(i int) bool { return masks[i].to > at })
	if i < len(masks) && masks[i].from <= at {
		return &masks[i]
	}
	return nil
}
