package markdown

import (
	"bytes"
	"sort"
	"strings"
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
	gridMask                    // a table of Pandoc's whose cells are drawn with lines, or ruled
	lineMask                    // [TOC], :class: of a directive, a comment of Obsidian
)

type role uint8

const (
	single role = iota
	opening
	closing
)

// scanner finds the masks of a document.
type scanner struct {
	data     []byte
	mdx      bool
	pandoc   bool // Quarto and R Markdown
	dialect  Dialect
	masks    []mask
	unclosed map[string]bool // tags and comments that are known not to end
	labels   map[string]bool // what the document defines, once it was asked for
	fences   map[int]int     // where the last closing fence is, by its least length
	myst     int             // whether it is a document of MyST: 1 yes, -1 no, 0 not asked yet
	code     map[string]bool // variables of a template that are highlighted as code, once they were asked for
	shown    int             // up to where tags of templates are shown
	noGrid   int             // where lines end on which no grid table begins
	noRuled  int             // where lines end on which no ruled table begins
	comment  struct {        // the end of a template's comment that was last looked for
		from, at int
	}
	pages int      // whether double brackets are links to pages: 1 yes, -1 no, 0 not asked yet
	row   struct { // the line that was last asked about
		end   int
		isRow bool
	}
}

// findMasks appends all masks of data from an offset on, rising, to masks, which is empty.
func findMasks(masks []mask, data []byte, from int, path string, dialect Dialect) []mask {
	mdx, pandoc := dialect.isMDX(path), isPandoc(path)
	if !mdx && !pandoc && !bytes.ContainsAny(data[from:], "{$") && !hasMaskStart(data[from:]) {
		return masks
	}
	s := scanner{masks: masks, data: data, mdx: mdx, pandoc: pandoc, dialect: dialect, unclosed: map[string]bool{}}
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
			if len(rest) > 0 && (rest[0] == '`' || rest[0] == '!' || rest[0] == '[') || len(rest) >= 4 && bytes.EqualFold(rest[:4], []byte("toc]")) || len(rest) > 1 && rest[1] == ']' && strings.IndexByte(taskStates, rest[0]) >= 0 {
				return true
			}
		case ']':
			if len(rest) > 0 && rest[0] == '[' {
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
				if rest = rest[prefixOf(rest, isBlankByte):]; len(rest) == 0 || isLineEnd(rest[0]) {
					return true
				}
			}
		case '/':
			if bytes.HasPrefix(rest, []byte("//")) {
				before := bytes.TrimRight(data[:i], " \t")
				if len(before) == 0 || isLineEnd(before[len(before)-1]) {
					return true
				}
			}
		case '\\':
			if len(rest) > 0 && (rest[0] == '(' || rest[0] == '[') {
				return true
			}
		case '<':
			if len(rest) > 0 && rest[0] == '%' {
				return true
			}
		case '@':
			if i > 0 && (data[i-1] == '[' || data[i-1] == '-' || isBlankByte(data[i-1])) {
				return true
			}
		case '8':
			if len(rest) > 1 && rest[0] == '<' && rest[1] == '-' {
				return true
			}
		case '+', '%':
			if len(rest) > 0 && (rest[0] == c || c == '+' && (rest[0] == '-' || rest[0] == '=' || rest[0] == ':')) {
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

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

func isBlockID(c byte) bool {
	return isDigit(c) || c == '-' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isEmojiName(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c == '_' || c == '+' || c == '-'
}

// masked is data as goldmark is to see it: blank before from, letters for the
// masks, LF for each CR that ends a line by itself, and a space for a CR before
// LF, where that means no hard break, since goldmark does not always see an empty
// list item before CR LF.
func (r *room) masked(data []byte, from int, masks []mask) []byte {
	if from == 0 && len(masks) == 0 && bytes.IndexByte(data, '\r') < 0 {
		return data
	}
	src := append(r.source[:0], data...)
	r.source = src
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
