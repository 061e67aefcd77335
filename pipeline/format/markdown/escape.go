package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// writer encodes one unit. It writes a character as it is wherever Markdown
// leaves it alone, so that prose stays prose; else with a backslash before it;
// else, where a backslash has no meaning, as a character reference.
type writer struct {
	*encoder
	context
	span       *bitext.UnitSpan
	pieces     []piece
	segs       []encoded
	mostSegs   int                  // of a unit of the document
	tail       []byte               // what was written, for the look of it
	look       []byte               // for opensOnto
	runs       [utf8.RuneSelf]uint8 // of marks of ASCII: none, one, or 2 for several
	angle      bool                 // there is a > somewhere
	lines      bool                 // kept bytes hold line ends
	start      bool                 // the next character begins a line
	fresh      bool                 // nothing of the unit was written yet
	links      int                  // how many links are open
	wiki       int                  // how many wiki links are open
	hasWiki    bool                 // there are wiki links
	open       int                  // how many brackets are open that mean nothing
	entity     bool                 // the next character must be a reference
	html       bool                 // emphasis is written as HTML
	marks      bool                 // kept characters have delimiters
	stuck      bool                 // kept bytes are in the way
	plain      bool                 // the run of delimiters at hand means nothing
	math       bool                 // there is something that formulas have
	bars       bool                 // a bar could make a table of the unit
	barred     int                  // codes yet to be written that have bars
	divide     bool                 // a line is to end before the last of them, or behind it
	barBehind  bool                 // the line that is written has a bar already
	nested     bool                 // another unit's text is inside this one, or around it
	standalone bool                 // no other unit's text is in this one, or around it

	codes []written

	across map[bracketAt]bool // brackets that mean nothing, around codes; nil before they are looked for
	quoted map[string]bool    // what begins with an address in quotation marks in the source; nil before it is looked for

	last struct { // the last character, if it was one of ours
		seg, from, tail int
		r               rune
	}
}

type encoded struct {
	chars []byte
	codes []bitext.Code
}

// written is where a code is in the tail.
type written struct{ piece, from, to int }

func newWriter(e *encoder, c context, h *bitext.UnitSpan, pieces []piece, segments int) *writer {
	w := &e.writer // its tail is nobody's when another unit is written
	segs := slices.Grow(w.segs[:0], segments)[:segments]
	for i := range segs {
		segs[i] = encoded{chars: segs[i].chars[:0], codes: segs[i].codes[:0]}
	}
	*w = writer{encoder: e, context: c, span: h, pieces: pieces, segs: segs, mostSegs: max(w.mostSegs, segments), fresh: true, tail: w.tail[:0], look: w.look[:0], codes: w.codes[:0]}
	w.start = c.kind == textContext || c.kind == partContext || c.kind == setextContext || c.first
	w.last.seg = -1
	w.standalone = c.kind != altContext && c.kind != partContext
	w.nested = !w.standalone
	switch c.kind {
	case textContext:
		w.bars = hasBarelessLine(e.doc.Skeleton.Data[h.Start:h.End])
	case partContext:
		w.bars = e.dialect == DialectKramdown
	case altContext:
		w.bars = hasBarelessLine(linesAround(e.doc.Skeleton.Data, h.Start, h.End))
	}
	w.trim()
	w.findBars()
	var last byte // of the pieces before
	for i := range pieces {
		p := &pieces[i]
		w.nested = w.nested || p.code != nil && len(p.code.Subflows) > 0
		w.hasWiki = w.hasWiki || p.code != nil && p.text == "]]"
		if p.text == "" {
			continue
		}
		w.math = w.math || last == '_' && isScript(p.text[0])
		last = p.text[len(p.text)-1]
		w.survey(p)
	}
	return w
}

// survey notes the marks that a piece has.
func (w *writer) survey(p *piece) {
	for i := 0; i < len(p.text); i++ {
		c := p.text[i]
		if inProse[c] {
			continue
		}
		switch c {
		case '\r', '\n':
			w.lines = w.lines || !p.chars
			continue
		case '>':
			w.angle = true
		case '!':
			w.standalone = w.standalone && p.chars
		case '^', '=', '{', '\\', '_':
			w.math = w.math || hasMathSign(p.text[i:min(len(p.text), i+2)])
		}
		if i == 0 || p.text[i-1] != c {
			w.runs[c] = min(w.runs[c]+1, 2)
		}
	}
}

// inProse has the bytes that are no marks of ASCII and no line ends.
var inProse = func() (all [256]bool) {
	for c := range all {
		all[c] = c != '\n' && c != '\r' && !util.IsPunct(byte(c))
	}
	return all
}()

// findBars sees whether codes have bars that would make a table of the unit to kramdown if it
// were one line: a formula, an address.
func (w *writer) findBars() {
	if !w.bars || w.kind != textContext || w.dialect != DialectAuto && w.dialect != DialectKramdown {
		return
	}
	for i := range w.pieces {
		switch p := &w.pieces[i]; {
		case p.chars:
		case strings.ContainsAny(p.text, "\r\n"):
			w.barred = 0
			return // it has lines of its own
		case hasCodeBar(p):
			w.barred++
		}
	}
	w.divide = w.barred > 0
}

// hasCodeBar reports whether a piece is a code with a bar that kramdown takes for that of a table.
func hasCodeBar(p *piece) bool {
	return p.code != nil && len(p.code.Subflows) == 0 && strings.IndexByte(p.text, '|') >= 0 && p.text[0] != '`' && p.text[0] != '<'
}

// dividesLine reports whether the line is to end with the space before byte k of piece i: no bar
// is before it, or none behind it.
func (w *writer) dividesLine(i, k int) bool {
	if !w.divide || w.barred > 0 && w.barBehind {
		return false
	}
	s := w.pieces[i].text
	next, _ := utf8.DecodeRuneInString(s[k:])
	if !unicode.IsLetter(next) || columnsOf(next) != 1 || columnsOf(w.before()) != 1 || isWhite(w.before()) || w.before() == '\\' || isBlank(w.tail) {
		return false
	}
	w.barBehind = w.barred > 0 && hasCellBar(w.tail) // asked once: the line may be long
	return !w.barBehind
}

// hasBarelessLine reports whether a line of a unit's source has no bar. kramdown
// takes a paragraph for a table if every line of it has one, so a translation,
// which is one line, must not have bars where its source had such a line. A bar behind
// a backslash does not count (Kramdown::Parser::Kramdown, TABLE_PIPE_CHECK).
func hasBarelessLine(source []byte) bool {
	if bytes.IndexByte(source, '|') < 0 {
		return len(source) > 0
	}
	for at := 0; at < len(source); {
		end := lineEnd(source, at)
		if !hasCellBar(source[at:end]) {
			return true
		}
		at = end
	}
	return false
}

// maxLinesAround is how many bytes before and behind a place linesAround looks at: many
// images may be in one paragraph.
const maxLinesAround = 2000

// linesAround returns the lines of a paragraph that a place is in, as far as they are near.
func linesAround(data []byte, start, end int) []byte {
	first := max(0, start-maxLinesAround)
	data = data[first:min(len(data), end+maxLinesAround)]
	start, _ = lineStart(data, start-first)
	for !blankLineBefore(data, start) {
		start, _ = lineStart(data, start-1)
	}
	end = lineEnd(data, end-first)
	for end < len(data) && !blankLineAt(data, end) {
		end = lineEnd(data, end)
	}
	return data[start:end]
}

const layout = " \t"

// trim drops white space that Markdown would drop: at the unit's ends and around
// line breaks.
func (w *writer) trim() {
	if w.kind == altContext {
		return
	}
	edge := true
	for i := range w.pieces {
		p := &w.pieces[i]
		if p.chars && edge {
			p.text = strings.TrimLeft(p.text, layout)
		}
		if p.text != "" {
			edge = !p.chars && endsLine(p.text)
		}
	}
	edge = true
	for i := len(w.pieces) - 1; i >= 0; i-- {
		p := &w.pieces[i]
		if p.chars && edge {
			p.text = strings.TrimRight(p.text, layout)
		}
		if p.text != "" {
			edge = !p.chars && startsBreak(p.text)
		}
	}
}

// endsLine reports whether bytes end with a line end and a prefix of the next
// line.
func endsLine(s string) bool {
	t := strings.TrimRight(s, " \t>")
	return strings.HasSuffix(t, "\n") || strings.HasSuffix(t, "\r")
}

// startsBreak reports whether bytes begin with a line break.
func startsBreak(s string) bool {
	t := strings.TrimLeft(s, layout)
	return strings.HasPrefix(t, "\n") || strings.HasPrefix(t, "\r") || strings.HasPrefix(t, "\\\n") || strings.HasPrefix(t, "\\\r")
}

// run writes all pieces. It reports false if bytes that are kept would have to
// change for the others to mean what they should.
func (w *writer) run() bool {
	for i := range w.pieces {
		p := &w.pieces[i]
		switch {
		case p.chars:
			w.characters(i)
		case p.code != nil:
			w.code(i)
		default:
			w.keptCharacters(i)
		}
	}
	if w.kind == altContext || !isBlank(w.tail) {
		return !w.stuck
	}
	for _, p := range w.pieces {
		if !p.kept {
			// An empty block would change what is around it.
			w.emit(p.seg, "&#8203;")
			return !w.stuck
		}
	}
	if len(w.pieces) == 0 {
		w.emit(0, "&#8203;")
	}
	return !w.stuck
}

func isBlank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// opensOnto reports whether the kept characters of piece i end with something
// that our characters after them could be drawn into: a backslash, or what may
// be the beginning of an address.
func (w *writer) opensOnto(i int) bool {
	next, ours := w.after(i, len(w.pieces[i].text))
	if !ours || isWhite(next) {
		return false
	}
	w.look = append(append(w.look[:0], w.tail[max(0, len(w.tail)-maxLook):]...), w.pieces[i].text...)
	t := w.look
	if (len(t)-len(bytes.TrimRight(t, `\`)))%2 == 1 {
		return true
	}
	if w.angle && bytes.LastIndexByte(t, '<') > bytes.LastIndexByte(t, '>') {
		return true // the beginning of a tag
	}
	word := t[bytes.LastIndexAny(t, " \t\n")+1:]
	if n := bytes.LastIndexByte(word, ':'); n >= 0 && prefixOf(word[n+1:], isEmojiName) == len(word)-n-1 {
		return true // the name of an emoji
	}
	return bytes.ContainsAny(word, "@<&{!") || bytes.Contains(word, []byte("://")) || bytes.Contains(word, []byte("www."))
}

// delimiterRow is a line that makes a table of the line before it, if both have
// as many columns.
var delimiterRow = lazy.Regexp(`[\r\n][ \t>]*[-:|][-:| \t]*(?:[\r\n]|$)`)

// keptCharacters follows characters that stay as the source has them, and sees
// whether they can: what means nothing in the source may mean something next to
// another text.
func (w *writer) keptCharacters(i int) {
	t := w.pieces[i].text
	beginsBlock := false
	if w.start && w.somethingChanges() {
		_, how := w.blockStart(strings.TrimLeft(w.upcoming(i, 0), layout))
		beginsBlock = how != escapeNothing
	}
	// An escaped backtick can still end a code span.
	w.stuck = w.stuck || beginsBlock || w.endsAddress(t) || strings.HasPrefix(t, "(") && w.before() == ']' && w.somethingChanges() || !w.pieces[i].sound || strings.Contains(t, "`") || !bracketsMatch(t) ||
		w.refs && strings.Contains(t, "[") || w.opensOnto(i) || delimiterRow().MatchString(t)
	w.stuck = w.stuck || w.bars && (w.dialect == DialectAuto || w.dialect == DialectKramdown) && strings.IndexByte(t, '|') >= 0 && hasCellBar([]byte(t)) && w.somethingChanges()
	w.marks = w.marks || strings.ContainsAny(t, "*_~")
	w.copyBytes(t)
	w.tail = append(w.tail, t...)
}

// somethingChanges reports whether any piece is ours.
func (w *writer) somethingChanges() bool {
	return slices.ContainsFunc(w.pieces, func(p piece) bool { return !p.kept })
}

// copyBytes follows bytes that are not ours to write.
func (w *writer) copyBytes(text string) {
	if text == "" {
		return
	}
	w.last.seg = -1
	w.fresh = false
	w.entity = false
	w.start = endsLine(text)
}

// emit writes s into segment j as it is.
func (w *writer) emit(j int, s string) {
	w.segs[j].chars = append(w.segs[j].chars, s...)
	w.tail = append(w.tail, s...)
	w.fresh = false
}

// put writes the character r of segment j as s.
func (w *writer) put(j int, r rune, s string) {
	w.last.seg, w.last.from, w.last.tail, w.last.r = j, len(w.segs[j].chars), len(w.tail), r
	w.emit(j, s)
	w.start = false
}

func charRef(r rune) string { return "&#" + strconv.Itoa(int(r)) + ";" }

// refer writes the last character again, as a reference.
func (w *writer) refer() {
	if w.last.seg < 0 {
		w.stuck = w.stuck || len(w.tail) > 0
		return
	}
	ref := charRef(w.last.r)
	if n := len(w.tail[:w.last.tail]) - len(bytes.TrimRight(w.tail[:w.last.tail], `\`)); n%2 == 1 {
		ref = `\` + ref // or the backslash before it would take its &
	}
	w.segs[w.last.seg].chars = append(w.segs[w.last.seg].chars[:w.last.from], ref...)
	w.tail = append(w.tail[:w.last.tail], ref...)
}

// before is the character that was written last.
func (w *writer) before() rune {
	if len(w.tail) == 0 {
		if w.kind == altContext {
			return '['
		}
		return '\n'
	}
	r, _ := utf8.DecodeLastRune(w.tail)
	return r
}

// after is the character that is after byte at of piece i, and whether it
// is one of ours.
func (w *writer) after(i, at int) (rune, bool) {
	for ; i < len(w.pieces); i, at = i+1, 0 {
		if p := &w.pieces[i]; at < len(p.text) {
			r, _ := utf8.DecodeRuneInString(p.text[at:])
			if p.chars && (r == '\n' || r == '\r') {
				r = '&' // it will be a reference
			}
			return r, p.chars
		}
	}
	return w.nextRune(), false
}

// nextRune is the character after the unit, as inline parsing sees
// it.
func (w *writer) nextRune() rune {
	if w.kind == altContext {
		return ']'
	}
	return '\n'
}

// touching is the byte that is right after the unit.
func (w *writer) touching() byte {
	if data := w.doc.Skeleton.Data; w.span.End < len(data) {
		return data[w.span.End]
	}
	return '\n'
}

// characters writes the characters of piece i.
func (w *writer) characters(i int) {
	p := &w.pieces[i]
	s := p.text
	brackets := w.brackets(i)
	force := -1 // offset of a character to be escaped, because a line begins
	for k := 0; k < len(s); {
		if !w.start && !w.entity && !w.divide && force < k {
			// What means nothing to Markdown, up to the next mark.
			if last, end := wordsEnd(s, k); end > k {
				w.emit(p.seg, s[k:last])
				r, _ := utf8.DecodeRuneInString(s[last:])
				w.put(p.seg, r, s[last:end])
				k = end
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s[k:])
		if w.start {
			if r == ' ' || r == '\t' {
				k += n
				continue
			}
			off, how := w.lineStart(i, k)
			switch how {
			case escapeFirst:
				force = k + off
			case referFirst:
				w.entity = true
			}
			w.start = false
		}
		if r == ' ' && w.dividesLine(i, k+1) {
			w.divide = false
			w.put(p.seg, r, "\n")
			k++
			continue
		}
		next, _ := w.after(i, k+n)
		switch {
		case r == utf8.RuneError && n == 1:
			w.put(p.seg, r, s[k:k+1])
			w.last.seg, w.entity = -1, false
		case w.entity:
			w.put(p.seg, r, charRef(r))
			w.entity = false
		case k == force && (r == '{' || r == '<') && strings.HasPrefix(w.punctuation(i, k, byte(r), next, brackets), "&#"):
			w.put(p.seg, r, charRef(r))
		case k == force:
			w.put(p.seg, r, w.dialect.escapeMark(byte(r)))
		case r == '\n' || r == '\r':
			w.put(p.seg, r, charRef(r))
		case r >= utf8.RuneSelf || !util.IsPunct(byte(r)):
			w.put(p.seg, r, s[k:k+n])
		default:
			w.put(p.seg, r, w.punctuation(i, k, byte(r), next, brackets))
		}
		k += n
	}
}

// wordsEnd returns the end of the characters from k on that are no marks of ASCII, no
// line ends and no bytes that are not UTF-8, and where the last of them begins.
func wordsEnd(s string, k int) (last, end int) {
	last, end = k, k
	for end < len(s) && inProse[s[end]] {
		n := 1
		if s[end] >= utf8.RuneSelf {
			var r rune
			if r, n = utf8.DecodeRuneInString(s[end:]); r == utf8.RuneError && n == 1 {
				break
			}
		}
		last, end = end, end+n
	}
	return last, end
}

// punctuation is how the mark c at byte k of piece i is written.
func (w *writer) punctuation(i, k int, c byte, next rune, brackets []bool) string {
	s := w.pieces[i].text
	plain, escaped := backslashed[c][1:], w.dialect.escapeMark(c)
	switch c {
	case '\\':
		switch {
		case (w.cell || w.kind == cellContext) && (next == '|' || w.atEnd(i, k+1) && w.touching() == '|'):
			return charRef('\\')
		case next == '(' || next == '[':
			return charRef('\\') // a formula begins with two of them
		case w.pandoc && next == '\n' && w.kind == textContext && w.atEnd(i, k+1):
			return plain // it breaks the line, also the last one
		case w.pandoc && next < utf8.RuneSelf && isAlpha(byte(next)):
			if w.keepsTeX(s[k:]) {
				return plain
			}
			return escaped // or it would be a command of TeX
		case next < utf8.RuneSelf && util.IsPunct(byte(next)), next == '\n':
			return `\\`
		}
		if _, ours := w.after(i, k+1); !ours && !isWhite(next) {
			return `\\` // a code may be written in another way
		}
		return plain
	case '*', '_', '~', '`':
		return w.delimiter(i, k, c)
	case '$':
		// One that begins or ends a formula. Prices stay as they are.
		if w.nested || next == '$' || next == '`' || w.before() == '$' || w.runs['$'] > 1 && (w.math && !(isBlankRune(next) && isBlankRune(w.before())) || unicode.IsLetter(next)) || w.joinsFormula(i, k) {
			return escaped
		}
	case '[', ']':
		if w.wiki > 0 {
			return charRef(rune(c)) // a wiki link knows no backslash
		}
		if brackets[k] {
			if c == '[' {
				w.open++
			} else {
				w.open--
			}
			return plain
		}
		if c == ']' && w.links == 0 && w.open == 0 && w.kind != altContext {
			return plain // no bracket that means anything is open
		}
		return escaped
	case '!':
		if _, ours := w.after(i, k+1); next == '[' && (!ours || strings.HasPrefix(s[k+1:], "[[")) {
			return escaped
		}
	case '^':
		if w.before() == '[' {
			return escaped
		}
		if w.dialect == DialectAuto && (len(w.tail) == 0 || isWhite(w.before())) && isName(next) {
			return escaped // or it would be the name of the block
		}
	case '<':
		switch {
		case next == '%' || next == '?':
			return charRef('<') // ERB, EJS and PHP know no backslash
		case w.mdx, next == '/' || next == '!' || next == '?', next < utf8.RuneSelf && isAlpha(byte(next)):
			return escaped
		case isWhite(next), w.standalone && !w.angle:
			return plain
		}
		return escaped
	case '&':
		if n, _ := reference([]byte(s[k:min(len(s), k+maxReference)])); n > 0 || k+1 == len(s) && !isWhite(next) {
			return escaped
		}
	case '{':
		switch {
		case next == '{' || next == '%' || next == '#':
			return charRef('{') // Jinja, Liquid and Go templates know no backslash
		case w.dialect.allowsMyST() && mystRole().MatchString(w.upcoming(i, k)):
			return escaped
		case w.dialect == DialectAuto && (next == '>' || next == '~'), w.dialect == DialectPythonMarkdown, w.mdx, next == ':' || next == '.' || next == '#' || next == '!' || next == '*', isWhite(next) && strings.TrimSpace(s[k+1:]) == "", attributeStart().MatchString(w.upcoming(i, k)), w.kind == headingContext || w.kind == setextContext:
			return escaped
		}
	case '|':
		if w.wiki > 0 {
			return charRef('|')
		}
		if w.cell || w.kind == cellContext {
			return `\|` // every table knows it
		}
		if w.lines || w.bars || w.hasWiki || w.kind == altContext && next >= '0' && next <= '9' {
			return escaped
		}
	case '#':
		// A heading's closing sequence.
		if w.kind == headingContext && (w.atEnd(i, k+1) || next == '#') && (isWhite(w.before()) || w.before() == '#' || len(w.tail) == 0) {
			return escaped
		}
	case '(':
		if k == 0 && w.before() == ']' {
			return charRef('(') // or it may be an address
		}
		if w.dialect.allowsMyST() && isBlank(w.tail) && mystTarget().MatchString(strings.TrimSpace(w.upcoming(i, k))) {
			return charRef('(')
		}
	case '%':
		if isWhite(next) && isBlank(w.tail) && w.isMyST() {
			return charRef('%') // or it is a comment
		}
		if next == '%' && (k == 0 || isWhite(w.before())) {
			return escaped // or it may be a comment of Obsidian
		}
	case '+':
		if next == '+' && isBlank(w.tail) && w.dialect.allowsMyST() && mystBreak().MatchString(strings.TrimSpace(w.upcoming(i, k))) {
			return escaped
		}
		if next == '+' && w.before() != '+' && (w.dialect == DialectAuto || w.dialect == DialectPythonMarkdown) && keyNames().MatchString(w.upcoming(i, k)) {
			return escaped
		}
	case ':':
		if next >= 'a' && next <= 'z' && emojiLength([]byte(w.upcoming(i, k))) > 0 || w.span.Start > 0 && w.doc.Skeleton.Data[w.span.Start-1] == ':' && len(w.tail) > 0 && prefixOf(w.tail, isEmojiName) == len(w.tail) {
			return escaped
		}
		if bytes.HasSuffix(w.tail, []byte("mailto")) && mailto().MatchString("mailto"+w.upcoming(i, k)) {
			return escaped
		}
		if w.before() == ']' && !w.afterCode("]]") && (w.lines || !w.standalone || bytes.HasPrefix(bytes.TrimLeft(w.tail, layout), []byte("["))) {
			return escaped // or it may be a definition
		}
		if w.afterRule() {
			return charRef(':')
		}
		if w.links == 0 && strings.HasPrefix(s[k+1:], "//") {
			for _, scheme := range bareSchemes {
				if before, ok := bytes.CutSuffix(w.tail, []byte(scheme[:len(scheme)-1])); ok && mayBeginAddress(before) && !w.isQuoted(s[k:]) {
					return escaped
				}
			}
		}
	case '.':
		if before, ok := bytes.CutSuffix(w.tail, []byte("www")); w.links == 0 && ok && mayBeginAddress(before) && !w.isQuoted(s[k:]) {
			return escaped
		}
	case '@':
		if w.beginsCitation(i, k) {
			return escaped
		}
		if w.links == 0 && (isAddress(w.before()) || k == 0 && i > 0) {
			_, ours := w.after(i, k+1)
			if (next < utf8.RuneSelf && isNameByte(byte(next)) && w.mayBeDomain(i, k+1) || !ours && !isWhite(next)) && !w.isQuoted(s[k:]) {
				return escaped
			}
		}
	case '}':
		if w.mdx {
			return escaped
		}
	}
	return plain
}

// joinsFormula reports whether the dollar at byte k of piece i begins or ends a formula
// without any mark that only formulas have: $3 * 4$.
func (w *writer) joinsFormula(i, k int) bool {
	after := w.upcoming(i, k+1)
	if n := strings.IndexByte(after, '$'); n > 0 && isFormula([]byte(after[:n])) {
		return true
	}
	tail := w.tail[max(0, len(w.tail)-maxLook):]
	n := bytes.LastIndexByte(tail, '$')
	return n >= 0 && (n == 0 || tail[n-1] != '\\') && isFormula(tail[n+1:])
}

// afterCode reports whether a code of the given text was written last.
func (w *writer) afterCode(text string) bool {
	n := len(w.codes)
	return n > 0 && w.codes[n-1].to == len(w.tail) && w.pieces[w.codes[n-1].piece].text == text
}

// isName reports whether r may be in the name of a block of Obsidian.
func isName(r rune) bool { return r < utf8.RuneSelf && (isNameByte(byte(r)) || r == '-') }

// atEnd reports whether nothing but white space follows byte k of piece i.
func (w *writer) atEnd(i, k int) bool {
	for ; i < len(w.pieces); i, k = i+1, 0 {
		if strings.TrimSpace(w.pieces[i].text[k:]) != "" {
			return false
		}
	}
	return true
}

// delimiter is how a mark is written that can open and close spans. The marks of
// one run are written alike.
func (w *writer) delimiter(i, k int, c byte) string {
	s := w.pieces[i].text
	if k == 0 || s[k-1] != c {
		w.plain = w.plainRun(i, k, runLength([]byte(s[k:min(len(s), k+maxLook)]), 0, c), c)
	}
	if c == '~' && k+1 == len(s) {
		if next, _ := w.after(i, k+1); next == '~' {
			return charRef('~') // strikethrough looks for a tilde before it
		}
	}
	if w.plain {
		return backslashed[c][1:]
	}
	return w.dialect.escapeMark(c)
}

// plainRun reports whether the run of n marks c at byte k of piece i means
// nothing where it is.
func (w *writer) plainRun(i, k, n int, c byte) bool {
	if n == maxLook {
		return false
	}
	if w.runs[c] == 1 && w.kind != partContext && (c != '`' || w.standalone) {
		return true // alone, it has nothing to close
	}
	if c == '`' {
		return false
	}
	s := w.pieces[i].text
	next, _ := w.after(i, k+n)
	if k+n < len(s) && k+n+utf8.RuneLen(next) >= len(s) && i+1 < len(w.pieces) {
		next = '&' // the code that follows may make a reference of it
	}
	prev := w.before()
	word := func(r rune) bool { return !isWhite(r) && !util.IsPunctRune(r) }
	return isWhite(prev) && isWhite(next) || c == '_' && word(prev) && word(next)
}

// isBlankRune reports whether r is white space to the rule for formulas.
func isBlankRune(r rune) bool { return r < utf8.RuneSelf && isSpaceByte(byte(r)) }

func isWhite(r rune) bool { return util.IsSpaceRune(r) }
