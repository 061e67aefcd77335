package po

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/lazy"
)

// maxLine is the longest line that is read, in bytes.
const maxLine = 16 << 20

// maxHead is how many bytes are searched for the charset: a header may stand after
// the text of a licence.
const maxHead = 64 << 10

// decode yields the units of a PO file. Files of any origin are read: where an entry
// is not one of ours, it is a unit by itself. An entry of which a line cannot be read is an
// error and no unit, since its text may be half of what it was; the next one is read all
// the same.
func decode(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return exchange.LimitErrors(name, func(yield func(*exchange.Unit, error) bool) {
		d := &decoder{name: name, yield: yield}
		visit := func(e *entry) bool {
			if e.broken && (d.seen || !e.isHeader()) {
				return true
			}
			return d.entry(e)
		}
		entries(name, r, visit, func(err error) bool { return yield(nil, err) })
		if !d.stopped {
			d.flush()
		}
	})
}

// entries parses a file; it calls visit for each entry and fail for each error. Both
// return false to stop.
func entries(name string, r io.Reader, visit func(*entry) bool, fail func(error) bool) {
	in, err := decoded(r)
	if err != nil {
		fail(failAt(name, 1, err))
		return
	}
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 0, 1<<16), maxLine)
	s.Split(bufio.ScanLines) // at line feeds only: strings may hold any other separator
	p := &parser{}
	for n := 1; s.Scan(); n++ {
		done, err := p.line(n, strings.TrimSuffix(s.Text(), "\r"))
		if done != nil && !visit(done) {
			return
		}
		if err != nil && !fail(failAt(name, n, err)) {
			return
		}
	}
	if err := s.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = problem("a line is longer than %d bytes", diag.Arg("limit", maxLine))
		}
		fail(failAt(name, p.n, err))
		return
	}
	if last := p.finish(); last != nil {
		visit(last)
	}
}

func failAt(name string, line int, err error) error {
	d, ok := err.(diag.Diagnostic)
	if !ok {
		d = diag.Diagnostic{ID: "po.entry", Severity: diag.Error, Message: err.Error()}
	}
	d.Place = diag.Place{Path: name, Line: max(1, line), Column: 1}
	return d
}

// charsetLabel finds the charset in a header as bytes: a comment or a name before it
// may be in any encoding.
var charsetLabel = lazy.Regexp(`(?i)"?Content-Type:[^\n\\]*?;\s*charset\s*=\s*([-A-Za-z0-9_.:+]+)`)

// charsetOf returns the charset that a header names, and where it stands.
func charsetOf(head []byte) (label string, start, end int) {
	if m := charsetLabel().FindSubmatchIndex(head); m != nil {
		return string(head[m[2]:m[3]]), m[2], m[3]
	}
	return "", 0, 0
}

// decoded returns the text of a file in UTF-8: by its byte order mark, or else by the
// charset that the header entry names, or else as UTF-8.
func decoded(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, maxHead)
	head, err := in.Peek(maxHead)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	if len(bytes.TrimSpace(head)) == 0 && errors.Is(err, io.EOF) {
		return nil, exchange.ErrEmpty
	}
	if label, _, _ := charsetOf(head); label != "" {
		if enc := encodingOf(label); enc != nil && enc != unicode.UTF8 {
			return transform.NewReader(in, unicode.BOMOverride(enc.NewDecoder())), nil
		}
	}
	return transform.NewReader(in, unicode.BOMOverride(transform.Nop)), nil
}

// encodingOf returns the encoding that a label names, nil if it is not known.
func encodingOf(label string) encoding.Encoding {
	enc, name := charset.Lookup(label)
	if enc == nil {
		enc, name = charset.Lookup(otherNames[strings.ToUpper(label)])
	}
	if name == "utf-8" {
		return unicode.UTF8
	}
	return enc
}

// otherNames are charsets of gettext's list ("Header Entry") by the names that the
// WHATWG Encoding Standard has for them.
var otherNames = map[string]string{
	"CP949": "euc-kr", "UHC": "euc-kr", "CP950": "big5", "CP932": "shift_jis", "CP936": "gbk", "TIS-620": "windows-874", "CP874": "windows-874",
}

// decoder makes units of entries.
type decoder struct {
	name    string
	yield   func(*exchange.Unit, error) bool
	file    exchange.Header // what the header entry says
	ours    bool
	author  string // Last-Translator
	header  *exchange.Header
	unit    *exchange.Unit
	ids     bitext.IDs
	seen    bool
	stopped bool
}

func (d *decoder) flush() bool {
	u := d.unit
	d.unit = nil
	if u == nil {
		return true
	}
	exchange.SetSourceFromSegments(&u.Unit)
	return d.give(u, nil)
}

// give yields a unit or an error; it reports whether the receiver wants more.
func (d *decoder) give(u *exchange.Unit, err error) bool {
	if !d.stopped && !d.yield(u, err) {
		d.stopped = true
	}
	return !d.stopped
}

// entry reads one entry; it reports whether the receiver wants more.
func (d *decoder) entry(e *entry) bool {
	if !d.seen && e.isHeader() {
		d.seen = true
		d.fileHeader(e)
		return true
	}
	d.seen = true
	data, comments := machineData(e)
	place := strings.LastIndexByte(e.context, '#')
	if data != nil || place >= 0 && (d.ours || refersTo(e, e.context[:place])) {
		if err := d.segment(e, place, data, comments); err != nil {
			return d.flush() && d.give(nil, failAt(d.name, e.line, err))
		}
		return !d.stopped
	}
	return d.flush() && d.give(d.foreign(e), nil)
}

// segmentPlace is the end of a context of ours: unit and segment.
var segmentPlace = lazy.Regexp(`#[^\s#/]+/s[0-9]+$`)

// refersTo reports whether an entry's only reference is a path, as in a file of ours
// that has lost its header and comments, or, if the references are lost too, whether
// its context has our form.
func refersTo(e *entry, path string) bool {
	if len(e.references) == 0 {
		return path != "" && segmentPlace().MatchString(e.context)
	}
	return path != "" && len(e.references) == 1 && strings.Trim(e.references[0], "\u2068\u2069") == path
}

// fileHeader reads the header entry.
func (d *decoder) fileHeader(e *entry) {
	text := strings.Join(e.text, "")
	source, target := "", ""
	for line := range strings.SplitSeq(text, "\n") {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "Language":
			d.file.TargetLocale = localeOf(value)
		case "Plural-Forms":
			d.file.PluralForms = value
		case "X-Target-Language":
			target = value
		case "X-Source-Language":
			source = value
		case "X-Hexapla-Time":
			d.ours = true
			if t, err := time.Parse(time.RFC3339, value); err == nil {
				d.file.Time = t
			}
		case "X-Generator":
			d.ours = d.ours || value == "hexapla"
		case "Last-Translator":
			d.author = personOf(value)
		}
	}
	if d.ours {
		d.file.SourceLocale = source
		if target != "" {
			d.file.TargetLocale = target
		}
		return
	}
	d.file.SourceLocale = localeOf(source)
	if t := localeOf(target); t != "" {
		d.file.TargetLocale = t
	}
	props := []bitext.Prop{{Name: propHeader, Value: text}}
	add := func(name string, values []string) {
		for _, v := range values {
			props = append(props, bitext.Prop{Name: name, Value: v})
		}
	}
	add(propHeaderComment, e.translator)
	add(propHeaderExtracted, e.extracted)
	add(propHeaderReference, e.references)
	add(propHeaderFlag, e.flags)
	d.file.Props = props
}

// personOf returns the name of a person that a header field gives with an address,
// empty for the words that gettext puts where nobody is named.
func personOf(s string) string {
	name, _, _ := strings.Cut(s, "<")
	name = strings.TrimSpace(name)
	switch strings.ToLower(name) {
	case "full name", "automatically generated", "auto", "none":
		return ""
	}
	return name
}

// machineData returns what the comment for import says, nil if there is none, and
// the other extracted comments.
func machineData(e *entry) (data url.Values, comments []string) {
	for _, c := range e.extracted {
		if s, ok := strings.CutPrefix(strings.TrimSpace(c), machine+" "); ok {
			if v, err := url.ParseQuery(s); err == nil {
				data = v
				continue
			}
		}
		comments = append(comments, c)
	}
	return data, comments
}

// foreign returns the unit of an entry of another origin.
func (d *decoder) foreign(e *entry) *exchange.Unit {
	if d.header == nil || !isForeign(d.header) {
		h := d.file
		h.Path, h.Format = path.Base(strings.ReplaceAll(d.name, `\`, "/")), "po"
		if !isForeign(&h) {
			h.Props = append(h.Props, bitext.Prop{Name: propHeader})
		}
		d.header = &h
	}
	u := &exchange.Unit{Header: d.header, Line: e.line, Column: 1}
	key := e.id
	if e.hasContext {
		key = e.context + "\x04" + e.id // as gettext's own tables have it
	}
	u.ID = d.ids.Content("msg", bitext.Plain(key))
	u.Name = e.context
	u.NoTranslate = e.obsolete || e.isHeader() // that of another domain
	u.Location = strings.Join(e.references, " ")
	if len(u.Location) > maxLocation {
		u.Location = e.references[0]
	}
	if text := strings.Join(e.translator, "\n"); strings.TrimSpace(text) != "" {
		u.Comments = []exchange.Comment{{Category: "translator", Text: text}}
	}
	if text := strings.Join(e.extracted, "\n"); text != "" {
		u.Unit.Notes = []bitext.Note{{Category: "developer", Text: text}}
	}
	add := func(name string, values ...string) {
		for _, v := range values {
			u.Props = append(u.Props, bitext.Prop{Name: name, Value: v})
		}
	}
	if e.domain != "" {
		add(propDomain, e.domain)
	}
	add(propExtracted, e.extracted...)
	add(propReference, e.references...)
	add(propFlag, e.flags...)
	add(propSticky, e.sticky...)
	if e.previous.hasContext {
		add(propPreviousContext, e.previous.context)
	}
	if e.previous.id != "" {
		add(propPreviousID, e.previous.id)
	}
	if e.previous.plural != "" {
		add(propPreviousPlural, e.previous.plural)
	}
	if e.hasContext {
		add(propContext, e.context)
	}
	if e.obsolete {
		add(propObsolete, "yes")
	}
	text := e.text
	if e.plural != "" {
		u.Kind = exchange.PluralMessage
		add(propID, e.id)
		add(propPlural, e.plural)
		if len(text) == 0 {
			text = []string{""} // a message without msgstr
		}
	} else {
		text = []string{strings.Join(e.text, "")}
	}
	for i, s := range text {
		source, id := e.id, "s1"
		if e.plural != "" {
			id = strconv.Itoa(i)
			if i > 0 || len(text) == 1 {
				source = e.plural
			}
		}
		u.Segments = append(u.Segments, bitext.Segment{ID: id, Source: bitext.Plain(source)})
		u.Targets = append(u.Targets, d.foreignTarget(e, s))
	}
	exchange.SetSourceFromSegments(&u.Unit)
	return u
}

// maxLocation bounds the references that are shown as a unit's location, in bytes.
const maxLocation = 200

// foreignTarget returns a translation by its flag.
func (d *decoder) foreignTarget(e *entry, text string) (t bitext.Target) {
	switch {
	case text == "":
	case e.fuzzy() && e.previous.id != "":
		t.Matches = []bitext.Match{{Type: bitext.FuzzyMatch, Source: bitext.Plain(e.previous.id), Target: bitext.Plain(text)}}
	default:
		t.Text, t.Filled, t.State = bitext.Plain(text), true, bitext.Translated
		if e.fuzzy() {
			t.SubState = bitext.SubStateCheck
		}
		t.Origin = d.origin("")
	}
	return t
}

// origin is who made a translation: the one that the entry names, or else the last
// translator of the file.
func (d *decoder) origin(by string) bitext.Origin {
	if by == "" {
		by = d.author
	}
	if by == "" {
		return bitext.Origin{}
	}
	return bitext.Origin{Kind: bitext.FromImport, Name: by}
}

// segment puts an entry of ours into the unit it belongs to. place is where the '#'
// of its context is, -1 if a tool has changed it.
func (d *decoder) segment(e *entry, place int, data url.Values, comments []string) error {
	if e.obsolete {
		return nil // it is of an older export
	}
	path, id, segment := "", e.context, "s1"
	if place >= 0 {
		path, id = e.context[:place], e.context[place+1:]
		if u, s, ok := strings.Cut(id, "/"); ok {
			id, segment = u, s
		}
	} else if len(e.references) > 0 {
		path = strings.Trim(e.references[0], "\u2068\u2069")
	}
	if id == "" {
		id = e.id
	}
	h := d.file
	h.Path, h.SHA256, h.Batch, h.Format = path, data.Get("sha256"), data.Get("batch"), data.Get("format")
	h.Props = propsIn(data["file-prop"])
	if d.header == nil || d.header.Path != h.Path || d.header.SHA256 != h.SHA256 || d.header.Batch != h.Batch {
		if !d.flush() {
			return nil
		}
		d.header = &h
	}
	if d.unit == nil || d.unit.ID != id || e.plural != "" {
		if !d.flush() {
			return nil
		}
		d.unit = d.begin(e, id, data, comments)
		if s := data.Get("max"); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil {
				d.unit = nil
				return fmt.Errorf("max=%q is not a number", s)
			}
			d.unit.MaxLength = n
		}
	}
	d.unit.Comments = append(d.unit.Comments, exchange.ParseComments(strings.Join(e.translator, "\n"), commentsIn(data["comment"]), segment)...)
	source, err := bitext.ParseTaggedUnbound(e.id)
	if err != nil {
		return fmt.Errorf("msgid: %w", err)
	}
	if e.plural != "" {
		return d.forms(e, source)
	}
	t, err := d.target(e, data, source, strings.Join(e.text, ""))
	if err != nil {
		return err
	}
	d.unit.Segments = append(d.unit.Segments, bitext.Segment{ID: segment, Source: source})
	d.unit.Targets = append(d.unit.Targets, t)
	return nil
}

// begin starts the unit of an entry of ours.
func (d *decoder) begin(e *entry, id string, data url.Values, comments []string) *exchange.Unit {
	u := &exchange.Unit{Header: d.header, Line: e.line, Column: 1, Props: propsIn(data["prop"])}
	u.ID, u.Kind, u.Name, u.NoTranslate = id, bitext.Kind(data.Get("kind")), data.Get("name"), data.Get("translate") == "no"
	for i, c := range comments {
		if s, ok := strings.CutPrefix(c, "note: "); ok {
			u.Unit.Notes = append(u.Unit.Notes, bitext.Note{Text: s})
		} else if i == 0 && c != string(u.Kind) {
			u.Location = c
		}
	}
	return u
}

func propsIn(values []string) (props []bitext.Prop) {
	for _, s := range values {
		if p, ok := exchange.DecodeProp(s); ok {
			props = append(props, p)
		}
	}
	return props
}

func commentsIn(values []string) (comments []exchange.Comment) {
	for _, s := range values {
		if c, ok := exchange.DecodeComment(s); ok {
			comments = append(comments, c)
		}
	}
	return comments
}

// forms reads a plural entry: one segment for each numbered form, which is its ID
// till the reader knows the language's categories.
func (d *decoder) forms(e *entry, one bitext.Text) error {
	d.unit.Kind = exchange.PluralMessage
	other, err := bitext.ParseTaggedUnbound(e.plural)
	if err != nil {
		return fmt.Errorf("msgid_plural: %w", err)
	}
	texts := e.text
	if len(texts) == 0 {
		texts = []string{""} // a message without msgstr
	}
	for i, s := range texts {
		source := other
		if i == 0 && len(e.text) > 1 {
			source = one
		}
		t, err := d.target(e, url.Values{}, source, s)
		if err != nil {
			return err
		}
		d.unit.Segments = append(d.unit.Segments, bitext.Segment{ID: strconv.Itoa(i), Source: source})
		d.unit.Targets = append(d.unit.Targets, t)
	}
	return nil
}

// target reads a translation of ours by its flag and by what was exported.
func (d *decoder) target(e *entry, data url.Values, source bitext.Text, text string) (t bitext.Target, err error) {
	score, _ := strconv.Atoi(data.Get("score"))
	loose := func(s string) bitext.Text {
		out, err := bitext.ParseTaggedUnbound(s)
		if err != nil {
			return bitext.Plain(s)
		}
		return out
	}
	if e.fuzzy() && (e.previous.id != "" || data.Has("score") && !data.Has("state")) {
		// A proposal that nobody has approved. Some tools drop its source.
		t.Matches = []bitext.Match{{Type: bitext.FuzzyMatch, Score: score, Source: loose(e.previous.id), Target: loose(text)}}
		return t, nil
	}
	if data.Has("proposal") {
		t.Matches = []bitext.Match{{Type: bitext.FuzzyMatch, Score: score, Source: loose(data.Get("proposed-for")), Target: loose(data.Get("proposal"))}}
	}
	if text == "" {
		return t, nil
	}
	var added []exchange.CodeJSON
	if s := data.Get("target-codes"); s != "" {
		_ = json.Unmarshal([]byte(s), &added) // without them the tags are reported
	}
	if t.Text, err = exchange.ParseTarget(text, source, added); err != nil {
		if e.fuzzy() { // nobody has approved it: its tags are no error yet
			t.Text = bitext.Text{}
			t.Matches = append(t.Matches, bitext.Match{Type: bitext.FuzzyMatch, Target: loose(text)})
			return t, nil
		}
		return t, fmt.Errorf("msgstr: %w", err)
	}
	t.Filled, t.State = true, bitext.Translated
	if s, ok := bitext.ParseState(data.Get("state")); ok {
		t.State = s
	}
	t.SubState = data.Get("substate")
	t.Origin = d.origin(data.Get("by"))
	looked := t.State == bitext.Initial || t.SubState != ""
	switch {
	case e.fuzzy() && !looked:
		t.SubState = bitext.SubStateCheck // somebody asks for another look
	case !e.fuzzy() && isFuzzy(&t):
		t.State, t.SubState = max(t.State, bitext.Reviewed), "" // somebody has approved it
	}
	return t, nil
}
