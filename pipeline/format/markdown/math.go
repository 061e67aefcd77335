package markdown

import (
	"bytes"
	"strings"

	"hexapla/pipeline/lazy"
)

// hasMathSign reports whether s has something that formulas have and prose has not:
// a command, a script, an equation, a group.
func hasMathSign[T string | []byte](s T) bool {
	for i := 0; i < len(s); i++ {
		var next byte
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch s[i] {
		case '^', '=', '{':
			return true
		case '\\':
			if isAlpha(next) {
				return true
			}
		case '_':
			if isScript(next) {
				return true
			}
		}
	}
	return false
}

// isScript reports whether c may follow the underscore of a subscript.
func isScript(c byte) bool { return isAlpha(c) || isDigit(c) || c == '_' || c == '{' }

// mathName is a formula of one short name: $x$, $n_0$, $f'$.
var mathName = lazy.Regexp(`^[A-Za-z]{1,2}['\d]?$`)

// mathTerm is a formula of short names and operators: $a*b$, $x<y$, $f(x)-1$.
var mathTerm = lazy.Regexp(`^[A-Za-z]{1,2}['\d]*(?:(?: ?[<>+*/|-] ?|[(),])+(?:[A-Za-z]{1,2}['\d]*|\d+)?)+[)|]?$`)

// dollarMath returns the mask of the formula that begins with the $ at i, on the
// line from start to end. A formula between single dollars follows Pandoc's rule
// (extension tex_math_dollars): no space inside the dollars, no digit after the
// closing one, all on the same line here; and, because prices have dollars too, it
// must have something that only formulas have. It does not cross cells of a table. A displayed formula, between two
// dollars, may go over lines, but not over a blank one. GitHub also has $`…`$.
func (s *scanner) dollarMath(i, start, end int) (mask, bool) {
	if bytes.HasPrefix(s.data[i:], []byte("$`")) {
		n := bytes.Index(s.data[i+2:min(end, i+2+maxFormula)], []byte("`$"))
		return mask{from: i, to: i + n + 4, kind: mathMask}, n > 0 && !bytes.ContainsAny(s.data[i+2:i+2+n], "`|")
	}
	if bytes.HasPrefix(s.data[i:], []byte("$$")) {
		if s.unclosed["$$"] {
			return mask{}, false
		}
		n := bytes.Index(s.data[i+2:], []byte("$$"))
		s.unclosed["$$"] = n < 0
		if n < 1 || !isOneParagraph(s.data[i:i+2+n]) {
			return mask{}, false
		}
		return mask{from: i, to: i + n + 4, kind: mathMask}, true
	}
	b := s.data[i+1 : min(end, i+1+maxFormula)]
	for at := 0; ; {
		n := bytes.IndexByte(b[at:], '$')
		if n < 0 {
			return mask{}, false
		}
		if at += n; at > 0 && b[at-1] == '\\' {
			at++
			continue
		}
		in := b[:at]
		if len(in) == 0 || isSpaceByte(in[0]) || isSpaceByte(in[at-1]) || at+1 < len(b) && b[at+1]-'0' < 10 || !isFormula(in) && !mathName().Match(in) && !mathTerm().Match(in) {
			return mask{}, false
		}
		if bars := bytes.Count(in, []byte{'|'}); bars > 0 && bars < bytes.Count(s.data[start:end], []byte{'|'}) {
			return mask{}, false
		}
		return mask{from: i, to: i + at + 2, kind: mathMask}, true
	}
}

// maxFormula bounds how far the end of a formula is looked for.
const maxFormula = 1 << 10

// bracketMath returns the mask of the formula that begins with the backslash at
// i: \(…\) or \[…\] of TeX, or with two backslashes, as CommonMark needs them. To
// others than MathJax these are brackets, so what they enclose must look like a
// formula, and a displayed formula must have its lines to itself.
func bracketMath(data []byte, i int) (mask, bool) {
	if m := texEnvironment().FindSubmatch(data[i:min(len(data), i+maxName)]); m != nil {
		end := append(append([]byte(`\end{`), m[1]...), '}')
		n := bytes.Index(data[i:min(len(data), i+maxTag)], end)
		if _, first := lineStart(data, i); n < 0 || !first || !isOneParagraph(data[i:i+n]) {
			return mask{}, false
		}
		return mask{from: i, to: i + n + len(end), kind: mathMask}, true
	}
	n := min(runLength(data, i, '\\'), 2)
	if i+n >= len(data) {
		return mask{}, false
	}
	closer := []byte(`\\)`[2-n:])
	switch data[i+n] {
	case '(':
	case '[':
		closer[n] = ']'
	default:
		return mask{}, false
	}
	b := data[i+n+1 : min(len(data), i+n+1+maxFormula)]
	at := bytes.Index(b, closer)
	if at < 1 || !isOneParagraph(data[i:i+n+1+at]) || !isFormula(b[:at]) {
		return mask{}, false
	}
	to := i + n + 1 + at + len(closer)
	if data[i+n] == '[' {
		if _, first := lineStart(data, i); !first || !isBlank(data[to:lineEnd(data, to)]) {
			return mask{}, false
		}
	}
	return mask{from: i, to: to, kind: mathMask}, true
}

// texEnvironment begins an environment of TeX, which MathJax and Pandoc show as a
// formula.
var texEnvironment = lazy.Regexp(`^\\begin\{([a-zA-Z]+\*?)\}`)

// isFormula reports whether in has something that only formulas have.
func isFormula(in []byte) bool {
	return bytes.IndexByte(in, '`') < 0 && (hasMathSign(in) || simpleFormula().Match(in))
}

// simpleFormula is a variable, or a sum or comparison of variables and numbers.
var simpleFormula = lazy.Regexp(`^[ \t]*(?:[A-Za-z]|-?(?:[A-Za-z]|\d+)[ \t]*(?:[-+*/<>][ \t]*(?:[A-Za-z]|\d+)[ \t]*)+)[ \t]*$`)

// wikiLink returns the masks of the wiki link or embedded file (Obsidian, Foam)
// that begins at i, nil if there is none: all of ![[File]]; of [[Page|label]] the
// address before the label, and the closing brackets; of [[Page]] the brackets, for
// its name is what readers see: a translation gets the page before its text.
func (s *scanner) wikiLink(i, end int) []mask {
	data := s.data
	b := data[i:min(end, i+maxFormula)]
	at := 2
	if b[0] == '!' {
		at = 3
	}
	if !bytes.HasPrefix(b[at-2:], []byte("[[")) {
		return nil
	}
	n := bytes.Index(b[at:], []byte("]]"))
	if n < 1 || bytes.Contains(b[at:at+n], []byte("[[")) {
		return nil
	}
	if at == 3 {
		return []mask{{from: i, to: i + at + n + 2, kind: wikiMask}}
	}
	bar := bytes.IndexByte(b[at:at+n], '|')
	if bar < 0 && s.isPage(b[at:at+n], b[at+n+2:]) {
		return []mask{
			{from: i, to: i + at, kind: wikiMask, name: "[[", role: opening, page: true},
			{from: i + at + n, to: i + at + n + 2, kind: wikiMask, name: "[[", role: closing},
		}
	}
	if bar < 1 || bar == n-1 || b[at+bar-1] == '\\' {
		return nil
	}
	return []mask{
		{from: i, to: i + at + bar + 1, kind: wikiMask, name: "[[", role: opening},
		{from: i + at + n, to: i + at + n + 2, kind: wikiMask, name: "[[", role: closing},
	}
}

// autoReference returns the masks of the brackets of a link at i to a name that the document
// does not define: a plugin of MkDocs (autorefs) finds it in other pages, as in
// [`bool`][] and [the decorator][package.decorator]. In other dialects only a name in code
// or with a stop in it is taken for one.
func (s *scanner) autoReference(i, end int) []mask {
	if s.data[i] != '[' || s.dialect != DialectAuto && s.dialect != DialectPythonMarkdown || s.mdx {
		return nil
	}
	if !mayBeReference(s.data[i:min(end, i+maxFormula)]) {
		return nil
	}
	m := autoReference().FindSubmatchIndex(s.data[i:min(end, i+maxFormula)])
	if m == nil || i > 0 && strings.IndexByte("]!\\[", s.data[i-1]) >= 0 {
		return nil
	}
	text, label := s.data[i+m[2]:i+m[3]], s.data[i+m[4]:i+m[5]]
	isCode := text[0] == '`'
	switch {
	case len(label) == 0 && !isCode, s.definesLabel(text), s.definesLabel(label):
		return nil
	case s.dialect == DialectAuto && !isCode && bytes.IndexByte(label, '.') <= 0:
		return nil
	}
	if to := i + m[1]; to < len(s.data) && strings.IndexByte("([:", s.data[to]) >= 0 {
		return nil
	}
	return []mask{
		{from: i, to: i + 1, kind: wikiMask, name: "[", role: opening},
		{from: i + m[3], to: i + m[1], kind: wikiMask, name: "[", role: closing},
	}
}

// autoReference is a text in brackets, which is one code span or has no markup, and a name in
// brackets.
var autoReference = lazy.Regexp("^\\[(`[^`\\n]+`|[^\\[\\]`\\n\\\\{}$<*_~!]+)\\]\\[([\\w./:-]*)\\]")

// mayBeReference reports whether a bracket is right behind the one that ends the text at the
// beginning of b, as autoReference has it.
func mayBeReference(b []byte) bool {
	n := 1
	if len(b) > 2 && b[1] == '`' {
		k := bytes.IndexByte(b[2:], '`')
		if k < 0 {
			return false
		}
		n = 2 + k + 1
	} else if k := bytes.IndexAny(b[1:], "]`"); k >= 0 {
		n = 1 + k
	}
	return bytes.HasPrefix(b[n:], []byte("]["))
}

// isPage reports whether a name between double brackets is that of a page: what
// follows makes no link of CommonMark of it, nothing in it is markup, and the document defines
// no such reference.
func (s *scanner) isPage(name, rest []byte) bool {
	if s.pages == 0 {
		if s.pages = -1; hasWikiPages(s.data, s.dialect, s.mdx) {
			s.pages = 1
		}
	}
	if s.pages < 0 || bytes.ContainsAny(name, "\\`*_<>[]{}&!$~") || len(bytes.TrimSpace(name)) != len(name) {
		return false
	}
	if len(rest) > 0 && (rest[0] == '(' || rest[0] == '[') {
		return false
	}
	return !s.definesLabel(name) && !footnoteName().Match(name)
}

// definesLabel reports whether the document may define a link of that label.
func (s *scanner) definesLabel(label []byte) bool {
	if s.labels == nil {
		s.labels = definedLabels(s.data)
	}
	return s.labels[foldLabel(string(label))]
}

// hasWikiPages reports whether data shows that double brackets are links to pages in
// it: a link with a label or a heading, or an embedded file. Renderers of known
// dialects have no such links.
func hasWikiPages(data []byte, d Dialect, mdx bool) bool {
	return d == DialectAuto && !mdx && hasWikiEvidence(data)
}

// hasWikiEvidence reports whether data has ![[file]], or [[page|label]] or
// [[page#heading]] with something behind the mark, on one line.
func hasWikiEvidence(data []byte) bool {
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte("[["))
		if i < 0 {
			return false
		}
		at += i + 1 // the second bracket may be the first of another pair
		rest := data[at+1:]
		end := bytes.IndexAny(rest, "[]\n")
		if end < 1 || !bytes.HasPrefix(rest[end:], []byte("]]")) {
			continue
		}
		if at >= 2 && data[at-2] == '\\' {
			continue
		}
		if at >= 2 && data[at-2] == '!' && (at < 3 || data[at-3] != '\\') {
			return true
		}
		if mark := bytes.IndexAny(rest[:end], "|#"); mark >= 0 && mark+1 < end {
			return true
		}
	}
}

// footnoteName is what stands between brackets for a number or a note, no page.
var footnoteName = lazy.Regexp(`^(?:\^.*|[\d,. -]+|_?(?i:toc)_?)$`)
