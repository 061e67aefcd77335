package po

import (
	"bufio"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// problem returns an error of a line.
func problem(format string, args ...any) error {
	return diag.Diagnostic{ID: "po.entry", Severity: diag.Error}.Messagef(format, args...)
}

// entry is one entry as it stands in the file. Comments are lines without their
// marks; references and flags are lines as they stand.
type entry struct {
	translator []string // "# "
	extracted  []string // "#."
	references []string // "#:"
	flags      []string // "#,"
	sticky     []string // "#="
	previous   message  // "#|"
	domain     string
	obsolete   bool
	message
	text     []string
	numbered bool // msgstr[0], not msgstr
	live     bool // a part of it is not marked as obsolete
	broken   bool // a line of it, not of its comments, is an error
	line     int
}

// message is what identifies an entry.
type message struct {
	context, id, plural string
	hasContext          bool
}

func (e *entry) fuzzy() bool {
	for _, f := range e.flags {
		if f == "fuzzy" {
			return true
		}
	}
	return false
}

// isHeader reports whether the entry describes the file.
func (e *entry) isHeader() bool { return e.id == "" && !e.hasContext && !e.obsolete }

// space is what may stand around the parts of a line. A no-break space is text.
const space = " \t\r\f\v"

// parser puts lines together to entries. It takes time linear in the length of the
// file, however a string is divided into lines.
type parser struct {
	n      int
	entry  *entry
	into   *string // the string that is being read
	parts  strings.Builder
	texts  bool // msgstr has been seen: what follows a comment is another entry
	hasID  bool // msgid has been seen
	gap    bool // an empty line has been seen behind the msgid
	domain string
	inline int  // keywords on one line, behind the first
	opens  bool // the last keyword is one of a message that others may follow on its line
}

// maxInline is the number of keywords that may stand on one line behind another: an
// entry has no more.
const maxInline = maxForms + 2

// end stores the string that has been read.
func (p *parser) end() {
	if p.into != nil {
		*p.into += p.parts.String()
	}
	p.into = nil
	p.parts.Reset()
}

// finish returns the entry that has been read, nil if there is none.
func (p *parser) finish() *entry {
	p.end()
	e := p.entry
	p.entry, p.texts, p.hasID, p.gap = nil, false, false, false
	if e != nil && !e.hasContext && e.id == "" && len(e.text) == 0 {
		return nil
	}
	return e
}

// line parses one line. It returns the entry before it when this line begins
// another.
func (p *parser) line(n int, s string) (done *entry, err error) {
	p.n = n
	whole := strings.TrimLeft(s, space)
	s = strings.Trim(s, space)
	if s == "" {
		if p.texts {
			return p.finish(), nil
		}
		p.gap = p.hasID
		return nil, nil // gettext allows an empty line anywhere
	}
	obsolete := strings.HasPrefix(s, "#~")
	begins := s[0] == '#' && !obsolete || startsEntry(s)
	if obsolete {
		s = strings.Trim(s[2:], space)
		switch {
		case s == "":
			return nil, nil
		case s[0] == '|':
			s = "#" + s
			begins = true
		default:
			begins = startsEntry(s)
		}
	}
	if begins && (p.texts || p.gap || p.hasID && s[0] != '#') { // p.hasID: the message has no msgstr
		done = p.finish()
	}
	if p.into == &p.domain && s[0] != '"' {
		p.end()
	}
	if p.entry == nil {
		p.entry = &entry{line: n, domain: p.domain}
	}
	if !obsolete && (p.isComment(s) || strings.HasPrefix(s, "#.")) {
		s = whole // its last space is its own
	}
	if err = p.checked(s, obsolete); err != nil && p.entry != nil && s[0] != '#' {
		p.entry.broken = true
	}
	return done, err
}

// checked parses a line, if it can be one of the entry.
func (p *parser) checked(s string, obsolete bool) error {
	if !utf8.ValidString(s) {
		return problem("bytes that are not UTF-8: name the file's charset in its header")
	}
	if s[0] != '#' {
		if obsolete && p.entry.live || !obsolete && p.entry.obsolete {
			return problem("some lines of the entry are marked as obsolete (#~), and others are not")
		}
		p.entry.live = !obsolete
	}
	p.entry.obsolete = p.entry.obsolete || obsolete
	return p.content(s)
}

// isComment reports whether a line is a comment of a translator.
func (p *parser) isComment(s string) bool {
	return s[0] == '#' && (len(s) == 1 || strings.IndexByte(".:,=|~", s[1]) < 0)
}

// startsEntry reports whether a line begins with the first keyword of an entry.
func startsEntry(s string) bool {
	for _, keyword := range []string{"msgctxt", "msgid", "domain"} {
		if rest, ok := strings.CutPrefix(s, keyword); ok && (rest == "" || strings.IndexByte(" \t\"", rest[0]) >= 0) {
			return true
		}
	}
	return false
}

func (p *parser) content(s string) error {
	e := p.entry
	if s[0] != '#' && s[0] != '"' {
		return p.keyword(s, &e.message, true)
	}
	if s[0] == '"' {
		if p.into == nil {
			return problem("a string that belongs to no keyword")
		}
		return p.add(s)
	}
	if p.isComment(s) {
		p.end()
		e.translator = append(e.translator, strings.TrimPrefix(s[1:], " "))
		return nil
	}
	rest := strings.Trim(s[2:], space)
	switch s[1] {
	case '.':
		p.end()
		e.extracted = append(e.extracted, strings.TrimPrefix(s[2:], " "))
	case ':':
		p.end()
		e.references = append(e.references, rest)
	case ',', '=':
		p.end()
		for flag := range strings.SplitSeq(rest, ",") {
			switch flag = strings.Trim(flag, space); {
			case flag == "":
			case s[1] == '=':
				e.sticky = append(e.sticky, flag)
			default:
				e.flags = append(e.flags, flag)
			}
		}
	case '|':
		switch {
		case rest == "":
		case rest[0] == '"' && p.into != nil:
			return p.add(rest)
		default:
			return p.keyword(rest, &e.previous, false)
		}
	}
	return nil
}

// keyword parses a line that begins with a keyword. Its string may stand on the
// next line.
func (p *parser) keyword(s string, m *message, current bool) error {
	p.end()
	name, rest := s, ""
	if i := strings.IndexByte(s, '"'); i >= 0 {
		name, rest = s[:i], s[i:]
	}
	name = strings.TrimSpace(name)
	p.opens = current && name != "domain"
	switch {
	case name == "msgctxt":
		m.hasContext = true
		p.into = &m.context
	case name == "msgid":
		p.hasID = p.hasID || current
		p.into = &m.id
	case name == "msgid_plural":
		p.into = &m.plural
	case !current:
		p.into = new(string) // nothing else is kept of the previous message
	case name == "domain":
		p.domain = ""
		p.into = &p.domain
		if p.entry.id == "" && len(p.entry.text) == 0 {
			p.entry = nil
		}
	case strings.HasPrefix(name, "msgstr") && !p.hasID:
		p.texts, p.into = true, new(string)
		return problem("msgstr without a msgid before it")
	case name == "msgstr":
		p.texts = true
		if len(p.entry.text) > 0 {
			p.into = new(string)
			return problem("the entry has a second msgstr")
		}
		p.entry.text = append(p.entry.text, "")
		p.into = &p.entry.text[0]
	case strings.HasPrefix(name, "msgstr[") && strings.HasSuffix(name, "]"):
		p.texts = true
		n, err := strconv.Atoi(strings.TrimSpace(name[len("msgstr[") : len(name)-1]))
		if err != nil || n != len(p.entry.text) || n > maxForms {
			p.into = new(string)
			return problem("%s: the plural forms must be in order, from 0", diag.Arg("name", name))
		}
		p.entry.numbered = true
		p.entry.text = append(p.entry.text, "")
		p.into = &p.entry.text[n]
	default:
		return problem("unknown keyword %q", diag.Arg("name", diag.Excerpt(name)))
	}
	if rest == "" {
		return nil
	}
	return p.add(rest)
}

// maxForms is the highest number of a plural form: no language has more than six.
const maxForms = 9

// add appends the quoted strings of a line to the one being read.
func (p *parser) add(s string) error {
	for s != "" {
		end := closingQuote(s)
		if end < 0 {
			return problem("a string without its closing quote")
		}
		text, err := unquote(s[:end+1])
		if err != nil {
			return err
		}
		if p.parts.Len()+len(text) > maxLine {
			return problem("a string is too long")
		}
		p.parts.WriteString(text)
		s = strings.Trim(s[end+1:], space)
		if p.opens && p.inline < maxInline && (strings.HasPrefix(s, "msgstr") || strings.HasPrefix(s, "msgid_plural")) {
			p.inline++
			defer func() { p.inline-- }()
			return p.keyword(s, &p.entry.message, true)
		}
		if s != "" && s[0] != '"' {
			return problem("a quote inside a string must have a backslash before it")
		}
	}
	return nil
}

// closingQuote is the place of the quote that ends the string that s begins with, -1
// if there is none.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// unquote returns the text of a string in quotes.
func unquote(s string) (string, error) {
	s = s[1 : len(s)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		i++
		if i == len(s) {
			return "", problem("a string that ends in a backslash")
		}
		switch c = s[i]; c {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'a':
			b.WriteByte('\a')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'v':
			b.WriteByte('\v')
		case '\\', '"', '\'', '?':
			b.WriteByte(c)
		case 'x':
			j := i + 1
			for j < len(s) && j < i+3 && strings.IndexByte("0123456789abcdefABCDEF", s[j]) >= 0 {
				j++
			}
			v, err := strconv.ParseUint(s[i+1:j], 16, 8)
			if err != nil {
				return "", problem(`\x must be followed by hexadecimal digits`)
			}
			b.WriteByte(byte(v))
			i = j - 1
		case '0', '1', '2', '3', '4', '5', '6', '7':
			j := i
			for j < len(s) && j < i+3 && s[j] >= '0' && s[j] <= '7' {
				j++
			}
			v, err := strconv.ParseUint(s[i:j], 8, 8)
			if err != nil {
				return "", problem("an octal escape is too large")
			}
			b.WriteByte(byte(v))
			i = j - 1
		default:
			return "", problem("unknown escape %s", diag.Arg("name", `\`+string(rune(c))))
		}
	}
	if !utf8.ValidString(b.String()) {
		return "", problem("escapes that do not make UTF-8")
	}
	return b.String(), nil
}

// writer writes entries in the order that msgcat has their parts in, each string
// unwrapped.
type writer struct {
	out    *bufio.Writer
	begun  bool
	domain string
}

func (w *writer) raw(s string) { _, _ = w.out.WriteString(s) }

func (w *writer) entry(e *entry) {
	if w.begun {
		w.raw("\n")
	}
	w.begun = true
	if e.domain != w.domain {
		w.domain = e.domain
		w.raw("domain " + quote(e.domain) + "\n\n")
	}
	w.lines("#", e.translator)
	w.lines("#.", e.extracted)
	w.lines("#:", e.references)
	if len(e.flags) > 0 {
		w.raw("#, " + strings.Join(e.flags, ", ") + "\n")
	}
	if len(e.sticky) > 0 {
		w.raw("#= " + strings.Join(e.sticky, ", ") + "\n")
	}
	mark, previous := "", "#| "
	if e.obsolete {
		mark, previous = "#~ ", "#~| "
	}
	w.message(previous, &e.previous, e.previous.id != "")
	w.message(mark, &e.message, true)
	if e.plural == "" && len(e.text) < 2 {
		w.keyword(mark, "msgstr", strings.Join(e.text, ""))
		return
	}
	for i, s := range e.text {
		w.keyword(mark, "msgstr["+strconv.Itoa(i)+"]", s)
	}
}

func (w *writer) lines(mark string, lines []string) {
	for _, l := range lines {
		w.raw(mark)
		if l != "" {
			w.raw(" " + l)
		}
		w.raw("\n")
	}
}

func (w *writer) message(mark string, m *message, id bool) {
	if m.hasContext {
		w.keyword(mark, "msgctxt", m.context)
	}
	if id {
		w.keyword(mark, "msgid", m.id)
	}
	if m.plural != "" {
		w.keyword(mark, "msgid_plural", m.plural)
	}
}

// keyword writes a string on one line, or, if it has several lines, one below the
// other after an empty one.
func (w *writer) keyword(mark, name, s string) {
	w.raw(mark + name + " ")
	first, rest, several := strings.Cut(s, "\n")
	if !several || rest == "" {
		w.raw(quote(s) + "\n")
		return
	}
	w.raw("\"\"\n")
	for several {
		w.raw(mark + quote(first+"\n") + "\n")
		first, rest, several = strings.Cut(rest, "\n")
	}
	if first != "" {
		w.raw(mark + quote(first) + "\n")
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "\a", `\a`, "\b", `\b`, "\f", `\f`, "\v", `\v`)

func quote(s string) string { return `"` + escapes.Replace(s) + `"` }
