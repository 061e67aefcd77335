package markdown

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

type escapeHow uint8

const (
	escapeNothing escapeHow = iota
	escapeFirst             // the character at the offset, with a backslash
	referFirst              // the first character, as a reference
)

// lineStart returns what to escape at byte k of piece i, which begins a line, so
// that no block begins there.
func (w *writer) lineStart(i, k int) (int, escapeHow) {
	rest := len(w.pieces[i].text) - k
	if rest > 0 {
		if c := w.pieces[i].text[k]; c >= utf8.RuneSelf || isAlpha(c) && !w.mdx {
			// It begins no block, or is one that YAML could make something of.
			return w.blockStart(w.pieces[i].text[k:])
		}
	}
	line := w.upcoming(i, k)
	off, how := w.blockStart(line)
	if how == escapeFirst && off >= rest {
		return 0, referFirst
	}
	return off, how
}

// upcoming is the line that byte k of piece i begins, as far as it matters.
func (w *writer) upcoming(i, k int) string {
	if len(w.pieces[i].text)-k >= maxLook {
		return w.pieces[i].text[k : k+maxLook]
	}
	if p := &w.pieces[i]; i+1 == len(w.pieces) {
		t := p.text[k:]
		if !p.chars {
			if n := strings.IndexAny(t, "\r\n"); n >= 0 {
				return t[:n]
			}
		}
		return t
	}
	var b strings.Builder
	for ; i < len(w.pieces) && b.Len() < maxLook; i, k = i+1, 0 {
		t := w.pieces[i].text[k:]
		if n := strings.IndexAny(t, "\r\n"); n >= 0 && !w.pieces[i].chars {
			b.WriteString(t[:n])
			break
		}
		b.WriteString(t[:min(len(t), maxLook)])
	}
	return b.String()
}

const maxLook = 256

// plainBracket is a bracket that begins a line and no definition, task or alert.
var plainBracket = lazy.Regexp(`^\[\[?[^\[\]!^\s][^\[\]]+\]\]?(?:[^:\[(\]]|$)`)

// blockStart returns what to escape in a line (CommonMark 0.31, chapter 4 and 5).
func (w *writer) blockStart(line string) (int, escapeHow) {
	if line == "" {
		return 0, escapeNothing
	}
	c := line[0]
	first := w.fresh && len(w.tail) == 0
	if r, _ := utf8.DecodeRuneInString(line); w.afterRule() && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return 0, referFirst // whatever YAML could make of it
	}
	gap := func(n int) bool {
		return n >= len(line) || line[n] == ' ' || line[n] == '\t' || line[n] == '\n' || line[n] == '\r'
	}
	if w.pandoc && fancyMarker().MatchString(line) {
		return strings.IndexAny(line, ".)"), escapeFirst
	}
	switch {
	case c == '#':
		if n := runLength([]byte(line), 0, '#'); n <= 6 && gap(n) {
			return 0, escapeFirst
		}
	case c == '[' && plainBracket().MatchString(line):
		return 0, escapeNothing
	case c == '[' && w.math:
		return 0, referFirst
	case c == '>' || c == '[':
		return 0, escapeFirst
	case c == '-' || c == '+' || c == '*' || c == '_' || c == '=':
		if c != '_' && c != '=' && gap(1) {
			return 0, escapeFirst
		}
		if len(strings.Trim(line, string(c)+" \t")) == 0 {
			return 0, escapeFirst // a thematic break, or a heading's line
		}
		if c == '+' && strings.HasPrefix(line, "+++") && w.documentStart() {
			return 0, escapeFirst
		}
		if w.lines && strings.Trim(line, "-:| \t") == "" {
			return 0, escapeFirst
		}
	case c == '`' || c == '~':
		if runLength([]byte(line), 0, c) >= 3 {
			return 0, escapeFirst
		}
	case c == ':':
		if first && gap(1) && bytes.HasPrefix(w.doc.Skeleton.Data[w.span.Start:w.span.End], []byte(": ")) {
			return 0, escapeNothing // the caption of a table of Pandoc's
		}
		if gap(1) || strings.HasPrefix(line, ":::") || w.lines {
			return 0, escapeFirst
		}
	case c == '\\' && texEnvironment().MatchString(line):
		return 0, escapeFirst
	case c == '/':
		if (w.dialect == DialectAuto || w.dialect == DialectPythonMarkdown) && strings.HasPrefix(line, "///") {
			return 0, escapeFirst
		}
	case c == '|':
		if w.lines {
			return 0, escapeFirst
		}
	case c >= '0' && c <= '9':
		n := 1
		for n < len(line) && line[n] >= '0' && line[n] <= '9' {
			n++
		}
		if n <= 9 && n < len(line) && (line[n] == '.' || line[n] == ')') && gap(n+1) {
			return n, escapeFirst
		}
	case c == '{':
		if w.documentStart() {
			return 0, escapeFirst
		}
	case c == '"' || c == '\'' || c == '(':
		// It could be the title of a definition in the line before.
		if w.refs && (!first || w.afterText()) {
			return 0, referFirst
		}
	case w.mdx && (strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "export ")):
		return 0, referFirst
	}
	return 0, escapeNothing
}

// documentStart reports whether the unit begins the document.
func (w *writer) documentStart() bool {
	before := bytes.TrimPrefix(w.doc.Skeleton.Data[:w.span.Start], []byte("\xEF\xBB\xBF"))
	return len(before) == 0 && len(w.tail) == 0
}

// afterRule reports whether the unit is right below a thematic break that
// begins the document: with a colon, it could be taken for front matter.
func (w *writer) afterRule() bool {
	before := bytes.TrimPrefix(w.doc.Skeleton.Data[:w.span.Start], []byte("\xEF\xBB\xBF"))
	return bytes.HasPrefix(before, []byte("---")) && len(bytes.Trim(before, "- \t\r\n")) == 0
}

// afterText reports whether the line before the unit is not blank.
func (w *writer) afterText() bool {
	start, _ := lineStart(w.doc.Skeleton.Data, w.span.Start)
	return !blankLineBefore(w.doc.Skeleton.Data, start)
}

// codeAddress is a code span that an address of e-mail which begins before it could go
// into: a@ and `b.org`.
var codeAddress = lazy.Regexp("^`[^`\\s]*@[A-Za-z0-9][A-Za-z0-9_-]*\\.[A-Za-z0-9]")

// isAngleLink reports whether bytes are an address in angle brackets, which is no tag
// (CommonMark 0.31, 6.5).
func isAngleLink(text string) bool {
	n := 1
	for n < len(text) && (isNameByte(text[n]) && text[n] != ':' || text[n] == '+') {
		n++
	}
	return n > 1 && n < len(text) && (text[n] == ':' || text[n] == '@')
}

// code writes the code of piece i, and makes sure that it still is one.
func (w *writer) code(i int) {
	p := &w.pieces[i]
	c := *p.code
	text := p.text
	if w.divide && hasCodeBar(p) {
		w.barred--
	}
	delim := delimiterOf(text)
	if p.kind == bitext.Placeholder {
		delim = 0
	}
	if p.kept {
		w.stuck = w.stuck || isBareLink(text) && w.autolink(i) != ""
		entity := false
		if delim != 0 {
			w.stuck = w.stuck || p.kind == bitext.Start && w.emptyPair(i)
			w.flank(i, delim)
			entity = w.entity
		}
		w.copyBytes(text)
		w.entity = entity
		w.note(i)
		return
	}
	if w.start && strings.HasPrefix(text, "<") && !isAngleLink(text) && (!w.mdx && opensHTML(text) || w.aloneOnLine(i)) {
		w.emit(p.seg, "&#8203;")
	}
	if startsBreak(text) && p.kind == bitext.Placeholder {
		if w.atEnd(i, len(text)) {
			return // no line follows that it could break off
		}
		if w.start || len(w.tail) == 0 {
			w.emit(p.seg, "&#8203;") // a blank line would end the paragraph
		}
	}
	if delim != 0 {
		if p.kind == bitext.Start && w.emptyPair(i) {
			w.stuck = w.stuck || w.pieces[i+1].kept
			// Without text between them, its marks would be text.
			w.pieces[i+1].text, w.pieces[i+1].code = "", nil
			return
		}
		if w.html {
			w.emit(p.seg, htmlFor(text, p.kind, w.dialect))
			w.last.seg, w.start = -1, false
			return
		}
		w.flank(i, delim)
	}
	if p.kind == bitext.Start && text == "[" && w.afterCode("]") {
		w.emit(p.seg, "&#8203;") // or the link would name what the one before it leads to
	}
	if prev := w.before(); strings.HasPrefix(text, "`") && (prev == '`' || i > 0 && w.pieces[i-1].code == nil && isAddress(prev) && codeAddress().MatchString(text)) {
		// Longer backticks, or an address that begins before them.
		w.emit(p.seg, "&#8203;")
	}
	if isBareLink(text) && len(c.Subflows) == 0 {
		if safe := w.autolink(i); safe != "" {
			w.emit(p.seg, safe)
			w.last.seg = -1
			w.start = false
			return
		}
	}
	if seg := &w.segs[p.seg]; len(c.Subflows) == 0 && c.Type != "link" && c.Type != "image" {
		seg.chars = append(seg.chars, text...) // nothing inside it can change
	} else {
		c.Pos = len(seg.chars)
		seg.codes = append(seg.codes, c)
	}
	w.fresh = false
	w.last.seg = -1
	w.start = endsLine(text)
	if delim == 0 {
		w.entity = false
	}
	w.note(i)
}

// note follows the code of piece i, as it is.
func (w *writer) note(i int) {
	p := &w.pieces[i]
	from := len(w.tail)
	w.tail = append(w.tail, p.text...)
	w.codes = append(w.codes, written{piece: i, from: from, to: len(w.tail)})
	switch {
	case strings.HasPrefix(p.text, "[["):
		w.wiki++
	case p.text == "]]":
		w.wiki = max(w.wiki-1, 0)
	case strings.HasPrefix(p.text, "[") && p.kind == bitext.Start:
		w.links++
	case strings.HasPrefix(p.text, "]") && p.kind == bitext.End && w.links > 0:
		w.links--
	}
	if next, ours := w.after(i, len(p.text)); ours && strings.HasSuffix(p.text, "$") && next >= '0' && next <= '9' {
		w.entity = true // a digit after the dollar would make a price of it
	}
}

// blockTags are the elements that begin an HTML block wherever a line begins
// with them (CommonMark 0.31, 4.6, conditions 1 and 6).
var blockTags = func() map[string]bool {
	m := map[string]bool{}
	for _, t := range strings.Fields(`address article aside base basefont blockquote body caption center col colgroup dd
		details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr
		html iframe legend li link main menu menuitem nav noframes ol optgroup option p param pre script search section style
		summary table tbody td textarea tfoot th thead title tr track ul`) {
		m[t] = true
	}
	return m
}()

// opensHTML reports whether a line that begins with the tag begins an HTML
// block.
func opensHTML(tag string) bool {
	t := strings.TrimPrefix(tag[1:], "/")
	if strings.HasPrefix(t, "!") || strings.HasPrefix(t, "?") {
		return true
	}
	n := 0
	for n < len(t) && (isAlpha(t[n]) || n > 0 && t[n] >= '0' && t[n] <= '9') {
		n++
	}
	return blockTags[strings.ToLower(t[:n])]
}

// aloneOnLine reports whether the tag of piece i has the rest of the line for
// itself, which makes a block of any tag.
func (w *writer) aloneOnLine(i int) bool {
	line := w.upcoming(i, len(w.pieces[i].text))
	return strings.TrimSpace(line) == ""
}

// isBareLink reports whether a code is an address that is a link only by its
// look.
func isBareLink(text string) bool {
	return isAlphaNumeric(text) && (slices.ContainsFunc(bareSchemes, func(scheme string) bool { return strings.HasPrefix(text, scheme) }) ||
		strings.HasPrefix(text, "www.") || strings.Contains(text, "@"))
}

func isAlphaNumeric(text string) bool {
	return text != "" && (isAlpha(text[0]) || text[0] >= '0' && text[0] <= '9')
}

// autolink is how the bare address of piece i is written where it would not be a
// link, or be a longer one; empty where it can be as it is.
func (w *writer) autolink(i int) string {
	if w.dialect.hasLooseMarks() {
		return "" // it is no link to the renderer, but text
	}
	text := w.pieces[i].text
	prev := w.before()
	free := w.start || len(w.tail) == 0 || prev == ' ' || prev == '\t' || prev == '\n' ||
		prev == '(' && !bytes.HasSuffix(w.tail, []byte(`\(`)) || strings.ContainsRune("*_~", prev) && w.last.seg < 0
	if free {
		// Marks at its end are no part of it, if nothing follows them; behind a path
		// renderers differ about quotation marks.
		marks := "?!.,:;*_~)'\""
		if strings.ContainsAny(strings.TrimPrefix(text[strings.Index(text, ":")+1:], "//"), "/?#") {
			marks = "?!.,:;*_~)"
		}
		next := strings.TrimLeft(w.upcoming(i, len(text)), marks)
		// Line ends in characters are written as references, which would belong to it.
		free = next == "" || isWhite(rune(next[0])) && next[0] != '\n' && next[0] != '\r'
	}
	if free {
		return ""
	}
	if strings.HasPrefix(text, "www.") {
		return "<http://" + text + ">"
	}
	return "<" + text + ">"
}
