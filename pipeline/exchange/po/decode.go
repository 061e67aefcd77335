package po

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// maxLine is the longest line that is read, in bytes.
const maxLine = 16 << 20

// decode yields the units of a PO file. Files of any origin are read: where
// msgctxt is not a place of ours, it and msgid are the unit's identity. An entry
// that cannot be read is an error, and the next one is read all the same.
func decode(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		d := &decoder{name: name, yield: yield}
		in, err := decoded(r)
		if err != nil {
			yield(nil, d.fail(1, err))
			return
		}
		s := bufio.NewScanner(in)
		s.Buffer(make([]byte, 0, 1<<16), maxLine)
		s.Split(lines)
		p := &parser{}
		for n := 1; s.Scan(); n++ {
			done, err := p.line(n, strings.TrimSuffix(s.Text(), "\r"))
			if done != nil && !d.take(done) {
				return
			}
			if err != nil && !yield(nil, d.fail(n, err)) {
				return
			}
		}
		if err := s.Err(); err != nil {
			if errors.Is(err, bufio.ErrTooLong) {
				err = fmt.Errorf("a line is longer than %d bytes", maxLine)
			}
			yield(nil, d.fail(p.n, err))
			return
		}
		if last := p.finish(); last != nil && !d.take(last) {
			return
		}
		d.flush()
	}
}

// lines splits at line feeds only: gettext's strings may hold any other
// separator.
func lines(data []byte, atEOF bool) (int, []byte, error) { return bufio.ScanLines(data, atEOF) }

// decoded reads a byte order mark, or else the charset that the header entry
// names; UTF-8 if none does.
func decoded(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, err := in.Peek(8192)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	if i := strings.Index(strings.ToLower(string(head)), "charset="); i >= 0 && utf8.Valid([]byte(string(head[:i]))) {
		label := string(head[i+len("charset="):])
		if j := strings.IndexAny(label, "\\\" \n;"); j >= 0 {
			label = label[:j]
		}
		if enc, name := charset.Lookup(label); enc != nil && name != "utf-8" {
			return transform.NewReader(in, unicode.BOMOverride(enc.NewDecoder())), nil
		}
	}
	return transform.NewReader(in, unicode.BOMOverride(transform.Nop)), nil
}

// parser puts lines together to entries.
type parser struct {
	n     int
	entry *poEntry
	into  *string // the string that goes on
	texts bool    // msgstr has been seen: what follows a comment is another entry
}

func (p *parser) finish() *poEntry {
	e := p.entry
	*p = parser{n: p.n}
	if e != nil && e.context == "" && e.id == "" && len(e.text) == 0 {
		return nil
	}
	return e
}

// line takes in one line and gives the entry before it when this begins another.
func (p *parser) line(n int, s string) (done *poEntry, err error) {
	p.n = n
	s = strings.TrimSpace(s)
	obsolete := strings.HasPrefix(s, "#~")
	switch {
	case s == "" || obsolete:
		return p.finish(), nil
	case p.texts && (s[0] == '#' || strings.HasPrefix(s, "msgctxt") || strings.HasPrefix(s, "msgid ") || strings.HasPrefix(s, `msgid"`)):
		done = p.finish()
	}
	if p.entry == nil {
		p.entry = &poEntry{line: n}
	}
	if !utf8.ValidString(s) {
		return done, errors.New("bytes that are not UTF-8: name the file's charset in its header")
	}
	return done, p.content(s)
}

func (p *parser) content(s string) error {
	e := p.entry
	switch {
	case strings.HasPrefix(s, "#."):
		e.comments = append(e.comments, strings.TrimSpace(s[2:]))
		return nil
	case strings.HasPrefix(s, "#,"):
		for _, flag := range strings.Split(s[2:], ",") {
			e.fuzzy = e.fuzzy || strings.TrimSpace(flag) == "fuzzy"
		}
		return nil
	case strings.HasPrefix(s, "#:"):
		e.ref = strings.Trim(strings.TrimSpace(s[2:]), "\u2068\u2069")
		return nil
	case strings.HasPrefix(s, "#|"):
		s = strings.TrimSpace(s[2:])
		if rest, ok := strings.CutPrefix(s, "msgid "); ok {
			p.into = &e.previous
			return p.add(rest)
		}
		if strings.HasPrefix(s, `"`) && p.into != nil {
			return p.add(s)
		}
		p.into = new(string) // msgctxt and msgid_plural of the former text
		return nil
	case s[0] == '#':
		return nil // a translator's own comment
	case s[0] == '"':
		if p.into == nil {
			return errors.New("a string that belongs to nothing")
		}
		return p.add(s)
	}
	keyword, rest, _ := strings.Cut(s, `"`)
	rest = `"` + rest
	keyword = strings.TrimSpace(keyword)
	switch {
	case keyword == "msgctxt":
		p.into = &e.context
	case keyword == "msgid":
		p.into = &e.id
	case keyword == "msgid_plural":
		p.into = &e.plural
	case keyword == "msgstr":
		p.texts = true
		e.text = append(e.text[:0], "")
		p.into = &e.text[0]
	case strings.HasPrefix(keyword, "msgstr[") && strings.HasSuffix(keyword, "]"):
		p.texts = true
		n, err := strconv.Atoi(keyword[len("msgstr[") : len(keyword)-1])
		if err != nil || n != len(e.text) || n > 9 {
			return fmt.Errorf("%s: want the plural forms in order, from 0", keyword)
		}
		e.text = append(e.text, "")
		p.into = &e.text[n]
	default:
		return fmt.Errorf("unknown keyword %.40q", keyword)
	}
	return p.add(rest)
}

// add appends a quoted string to the one being read.
func (p *parser) add(s string) error {
	text, err := unquote(s)
	if err != nil {
		return err
	}
	if len(*p.into)+len(text) > maxLine {
		return errors.New("a string is too long")
	}
	*p.into += text
	return nil
}

func unquote(s string) (string, error) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", errors.New("a string without its closing quote")
	}
	s = s[1 : len(s)-1]
	if !strings.ContainsAny(s, `\"`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '"' {
			return "", errors.New("a quote inside a string wants a backslash")
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		i++
		if i == len(s) {
			return "", errors.New("a string that ends in a backslash")
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
				return "", errors.New(`\x wants hexadecimal digits`)
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
				return "", errors.New("an octal escape is too large")
			}
			b.WriteByte(byte(v))
			i = j - 1
		default:
			return "", fmt.Errorf(`unknown escape \%c`, c)
		}
	}
	if !utf8.ValidString(b.String()) {
		return "", errors.New("escapes that do not make UTF-8")
	}
	return b.String(), nil
}

// decoder makes units of entries.
type decoder struct {
	name   string
	yield  func(*exchange.Unit, error) bool
	file   exchange.Header // what the header entry says
	header *exchange.Header
	unit   *exchange.Unit
	seen   bool
}

func (d *decoder) fail(line int, err error) error {
	return diag.Diagnostic{ID: "po.entry", Severity: diag.Error, Place: diag.Place{Path: d.name, Line: max(1, line), Column: 1}, Message: err.Error()}
}

func (d *decoder) flush() bool {
	u := d.unit
	d.unit = nil
	if u == nil {
		return true
	}
	exchange.SetSourceFromSegments(&u.Unit)
	return d.yield(u, nil)
}

func (d *decoder) take(e *poEntry) bool {
	if !d.seen && e.context == "" && e.id == "" {
		d.seen = true
		d.fileHeader(strings.Join(e.text, ""))
		return true
	}
	d.seen = true
	if err := d.add(e); err != nil {
		return d.flush() && d.yield(nil, d.fail(e.line, err))
	}
	return true
}

func (d *decoder) fileHeader(text string) {
	for _, line := range strings.Split(text, "\n") {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "Language":
			if d.file.TargetLocale == "" {
				d.file.TargetLocale = strings.ReplaceAll(value, "_", "-")
			}
		case "X-Target-Language":
			d.file.TargetLocale = value
		case "X-Source-Language":
			d.file.SourceLocale = value
		case "X-Hexapla-Time":
			if t, err := time.Parse(time.RFC3339, value); err == nil {
				d.file.Time = t
			}
		}
	}
}

// add puts an entry into the unit it belongs to.
func (d *decoder) add(e *poEntry) error {
	data := url.Values{}
	var notes []bitext.Note
	location := ""
	for i, c := range e.comments {
		if s, ok := strings.CutPrefix(c, machine+" "); ok {
			if v, err := url.ParseQuery(s); err == nil {
				data = v
			}
		} else if s, ok := strings.CutPrefix(c, "note: "); ok {
			notes = append(notes, bitext.Note{Text: s})
		} else if i == 0 {
			location = c
		}
	}
	path, id, segment := e.ref, e.context, "s1"
	if i := strings.LastIndexByte(e.context, '#'); i >= 0 {
		path, id = e.context[:i], e.context[i+1:]
		if u, s, ok := strings.Cut(id, "/"); ok {
			id, segment = u, s
		}
	}
	if id == "" {
		id = e.id
	}
	h := d.file
	h.Path, h.SHA256, h.Batch, h.Format = path, data.Get("sha256"), data.Get("batch"), data.Get("format")
	if d.header == nil || d.header.Path != h.Path || d.header.SHA256 != h.SHA256 || d.header.Batch != h.Batch {
		d.flush()
		d.header = &h
	}
	if d.unit == nil || d.unit.ID != id || e.plural != "" {
		if !d.flush() {
			return nil
		}
		u := &exchange.Unit{Header: d.header, Location: location, Line: e.line, Column: 1}
		u.ID, u.Kind, u.Name = id, bitext.Kind(data.Get("kind")), data.Get("name")
		if u.Location == string(u.Kind) {
			u.Location = ""
		}
		u.Unit.Notes = notes
		if s := data.Get("max"); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil {
				return fmt.Errorf("max=%q is not a number", s)
			}
			u.MaxLength = n
		}
		d.unit = u
	}
	source, err := bitext.ParseTaggedUnbound(e.id)
	if err != nil {
		return fmt.Errorf("msgid: %w", err)
	}
	if e.plural != "" {
		return d.forms(e, source)
	}
	t, err := target(e, data, source, strings.Join(e.text, ""))
	if err != nil {
		return err
	}
	d.unit.Segments = append(d.unit.Segments, bitext.Segment{ID: segment, Source: source})
	d.unit.Targets = append(d.unit.Targets, t)
	return nil
}

// forms reads a plural entry: one segment for each numbered form, which is its ID
// till the reader knows the language's categories.
func (d *decoder) forms(e *poEntry, one bitext.Text) error {
	d.unit.Kind = exchange.PluralMessage
	other, err := bitext.ParseTaggedUnbound(e.plural)
	if err != nil {
		return fmt.Errorf("msgid_plural: %w", err)
	}
	for i, s := range e.text {
		source := other
		if i == 0 && len(e.text) > 1 {
			source = one
		}
		t, err := target(e, url.Values{}, source, s)
		if err != nil {
			return err
		}
		d.unit.Segments = append(d.unit.Segments, bitext.Segment{ID: strconv.Itoa(i), Source: source})
		d.unit.Targets = append(d.unit.Targets, t)
	}
	return nil
}

// target reads a translation by its flag and by what was exported.
func target(e *poEntry, data url.Values, source bitext.Text, text string) (t bitext.Target, err error) {
	score, _ := strconv.Atoi(data.Get("score"))
	loose := func(s string) bitext.Text {
		out, err := bitext.ParseTaggedUnbound(s)
		if err != nil {
			return bitext.Plain(s)
		}
		return out
	}
	if e.fuzzy && e.previous != "" {
		// A proposal that nobody has approved.
		t.Matches = []bitext.Match{{Type: bitext.FuzzyMatch, Score: score, Source: loose(e.previous), Target: loose(text)}}
		return t, nil
	}
	if data.Has("proposal") {
		t.Matches = []bitext.Match{{Type: bitext.FuzzyMatch, Score: score, Source: loose(data.Get("proposed-for")), Target: loose(data.Get("proposal"))}}
	}
	if text == "" {
		return t, nil
	}
	if t.Text, err = bitext.ParseTagged(text, source); err != nil {
		return t, fmt.Errorf("msgstr: %w", err)
	}
	t.Filled, t.State = true, bitext.Translated
	if s, ok := bitext.ParseState(data.Get("state")); ok {
		t.State = s
	}
	t.SubState = data.Get("substate")
	if by := data.Get("by"); by != "" {
		t.Origin = bitext.Origin{Kind: bitext.FromImport, Name: by}
	}
	looked := t.State == bitext.Initial || t.SubState != ""
	switch {
	case e.fuzzy && !looked:
		t.SubState = bitext.SubStateCheck // somebody asks for another look
	case !e.fuzzy && (t.State == bitext.Initial || t.SubState == bitext.SubStateMT || strings.HasPrefix(t.SubState, bitext.SubStateFuzzy) || t.SubState == bitext.SubStateCheck):
		t.State, t.SubState = max(t.State, bitext.Reviewed), "" // somebody has approved it
	}
	return t, nil
}
