// Package po reads and writes gettext's PO file
// (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html), one entry
// for each segment. It is written as msgcat --no-wrap writes it, so that tools which
// save a file again change only what was translated.
//
// In a file of ours, msgctxt is the segment's stable place, "path#unit/segment"; the
// reference names the file alone, so that an edit of the article does not touch
// every entry. Extracted comments give the kind, the location, notes, terms and the
// proposal; the one that begins with "hexapla:" is for import. The flag fuzzy asks a
// person to look: at a fuzzy match (with its source as previous msgid), at machine
// translation, at an initial text.
//
// In a file of any other origin each entry is a unit. What an entry has and a unit
// has no field for is kept in properties whose names begin with "po:", so that the
// same entry is written again. An obsolete entry is a unit that is not to be
// translated.
package po

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// Codec is the file type.
var Codec = exchange.Codec{
	Name:        "po",
	Extensions:  []string{".po", ".pot"},
	PluralForms: true,
	OneSource:   true,
	Encode:      encode,
	Decode:      decode,
	Validate:    validate,
	UnsupportedFields: unsupported(
		exchange.FieldFileNotes, exchange.FieldIgnorable, exchange.FieldCodes, exchange.FieldPreserve, exchange.FieldUnitLocale,
		exchange.FieldMessage, exchange.FieldExtensions, exchange.FieldTargetMatch, exchange.FieldTargetLocale, exchange.FieldOrigin,
		exchange.FieldOtherMatches, exchange.FieldMatchOrigin, exchange.FieldTerms, exchange.FieldNoteCategory, exchange.FieldReturns,
	),
}

// unsupported returns fields that are counted for units of other types only: one from
// a PO file has nothing that PO has no place for.
func unsupported(fields ...exchange.Field) []exchange.Field {
	for i := range fields {
		count := fields[i].Count
		fields[i].Count = func(u *exchange.Unit) int {
			if isForeign(u.Header) {
				return 0
			}
			return count(u)
		}
	}
	return fields
}

// machine begins the comment that carries what a PO entry has no place for.
const machine = "hexapla:"

// Properties of units and headers that came from a PO file of another origin.
const (
	propHeader          = "po:header"
	propHeaderComment   = "po:header-comment"
	propHeaderExtracted = "po:header-extracted"
	propHeaderReference = "po:header-reference"
	propHeaderFlag      = "po:header-flag"
	propContext         = "po:msgctxt"
	propID              = "po:msgid" // of a plural entry
	propPlural          = "po:msgid_plural"
	propExtracted       = "po:extracted"
	propReference       = "po:reference"
	propFlag            = "po:flag"
	propSticky          = "po:sticky-flag"
	propPreviousContext = "po:previous-msgctxt"
	propPreviousID      = "po:previous-msgid"
	propPreviousPlural  = "po:previous-msgid_plural"
	propDomain          = "po:domain"
	propObsolete        = "po:obsolete"
)

type encoder struct {
	writer
	plural exchange.Plural
	header *exchange.Header
}

func encode(w io.Writer, o exchange.Options) (exchange.Encoder, error) {
	return &encoder{writer: writer{out: bufio.NewWriterSize(w, 1<<16)}, plural: o.Plural}, nil
}

// isForeign reports whether a unit came from a PO file of another origin.
func isForeign(h *exchange.Header) bool {
	_, ok := exchange.PropOf(h.Props, propHeader)
	return ok
}

// writeHeader writes the first entry, which describes the file.
func (e *encoder) writeHeader(h *exchange.Header) {
	e.header = h
	if isForeign(h) {
		e.foreignHeader(h)
		return
	}
	date := "YEAR-MO-DA HO:MI+ZONE" // gettext's own word for a date that is not known
	if !h.Time.IsZero() {
		date = h.Time.UTC().Format("2006-01-02 15:04+0000")
	}
	fields := []string{
		"Project-Id-Version: hexapla", "POT-Creation-Date: " + date, "PO-Revision-Date: " + date,
		"Last-Translator: ", "Language-Team: ", "Language: " + gettextLocale(h.TargetLocale),
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit",
	}
	if e.plural.Forms != "" {
		fields = append(fields, "Plural-Forms: "+e.plural.Forms)
	}
	fields = append(fields, "X-Generator: hexapla", "X-Source-Language: "+h.SourceLocale, "X-Target-Language: "+h.TargetLocale)
	if !h.Time.IsZero() {
		fields = append(fields, "X-Hexapla-Time: "+h.Time.UTC().Format(time.RFC3339))
	}
	e.entry(&entry{text: []string{strings.Join(fields, "\n") + "\n"}})
}

// foreignHeader writes the header entry that a file of another origin had, in UTF-8.
func (e *encoder) foreignHeader(h *exchange.Header) {
	en := &entry{}
	for _, p := range h.Props {
		switch p.Name {
		case propHeader:
			en.text = []string{inUTF8(p.Value)}
		case propHeaderComment:
			en.translator = append(en.translator, p.Value)
		case propHeaderExtracted:
			en.extracted = append(en.extracted, p.Value)
		case propHeaderReference:
			en.references = append(en.references, p.Value)
		case propHeaderFlag:
			en.flags = append(en.flags, p.Value)
		}
	}
	if en.text[0] == "" && en.translator == nil && en.references == nil && en.flags == nil {
		return // the file had none
	}
	e.entry(en)
}

// inUTF8 returns a header whose charset is the one that we write.
func inUTF8(header string) string {
	label, start, end := charsetOf([]byte(header))
	if label == "" || strings.EqualFold(label, "utf-8") || label == "CHARSET" {
		return header
	}
	return header[:start] + "UTF-8" + header[end:]
}

func (e *encoder) Write(u *exchange.Unit) error {
	if len(u.Targets) != len(u.Segments) {
		return fmt.Errorf("po: unit %s has %d segments and %d targets", u.ID, len(u.Segments), len(u.Targets))
	}
	if e.header == nil {
		e.writeHeader(u.Header)
	}
	switch {
	case isForeign(u.Header):
		e.foreign(u)
	case u.Kind == exchange.PluralMessage:
		return e.message(u)
	default:
		e.segments(u)
	}
	_, err := e.out.Write(nil)
	return err
}

func (e *encoder) segments(u *exchange.Unit) {
	for i, s := range u.Translatable() {
		t := &u.Targets[i]
		en := entryOf(u, i, t, s.Source)
		en.context, en.hasContext = u.Path+"#"+u.ID+"/"+s.ID, true
		en.id = s.Source.Tagged()
		if t.Filled {
			en.text = []string{t.Text.TaggedAs(s.Source)}
		} else if len(t.Matches) > 0 && t.Matches[0].Type == bitext.FuzzyMatch {
			m := t.Matches[0]
			en.flags, en.previous.id, en.text = []string{"fuzzy"}, m.Source.Tagged(), []string{m.Target.TaggedAs(m.Source)}
		}
		e.entry(en)
	}
}

// message writes a plural message as one entry with numbered forms.
func (e *encoder) message(u *exchange.Unit) error {
	if len(e.plural.Categories) == 0 {
		return errors.New("po: a plural message needs the language's plural forms")
	}
	form := map[string]int{}
	for i := range u.Segments {
		form[u.Segments[i].ID] = i
	}
	other, ok := form["other"]
	if !ok {
		return fmt.Errorf("po: plural message %s has no form \"other\"", u.ID)
	}
	en := entryOf(u, other, &u.Targets[other], u.Segments[other].Source)
	en.context, en.hasContext = u.Path+"#"+u.ID, true
	en.plural = u.Segments[other].Source.Tagged()
	en.id = en.plural
	if i, ok := form["one"]; ok {
		en.id = u.Segments[i].Source.Tagged()
	}
	for _, c := range e.plural.Categories {
		text := ""
		if i, ok := form[c]; ok && u.Targets[i].Filled {
			text = u.Targets[i].Text.TaggedAs(u.Segments[i].Source)
		}
		en.text = append(en.text, text)
	}
	e.entry(en)
	_, err := e.out.Write(nil)
	return err
}

// foreign writes the entry that a unit was read from, with its text as it is now.
func (e *encoder) foreign(u *exchange.Unit) {
	en := &entry{}
	for _, c := range u.Comments {
		en.translator = append(en.translator, strings.Split(c.String(), "\n")...)
	}
	for _, p := range u.Props {
		switch p.Name {
		case propContext:
			en.context, en.hasContext = p.Value, true
		case propID:
			en.id = p.Value
		case propPlural:
			en.plural = p.Value
		case propExtracted:
			en.extracted = append(en.extracted, p.Value)
		case propReference:
			en.references = append(en.references, p.Value)
		case propFlag:
			en.flags = append(en.flags, p.Value)
		case propSticky:
			en.sticky = append(en.sticky, p.Value)
		case propPreviousContext:
			en.previous.context, en.previous.hasContext = p.Value, true
		case propPreviousID:
			en.previous.id = p.Value
		case propPreviousPlural:
			en.previous.plural = p.Value
		case propDomain:
			en.domain = p.Value
		case propObsolete:
			en.obsolete = true
		}
	}
	was := slices.Contains(en.flags, "fuzzy")
	fuzzy := false
	for i := range u.Segments {
		s, t := &u.Segments[i], &u.Targets[i]
		if en.plural == "" {
			en.id += withCodes(s.Source)
		}
		switch {
		case t.Filled:
			en.text = append(en.text, withCodes(t.Text))
			fuzzy = fuzzy || isFuzzy(t)
		case s.Ignorable && i > 0 && u.Targets[i-1].Filled:
			en.text = append(en.text, withCodes(s.Source))
		case len(t.Matches) > 0 && t.Matches[0].Type == bitext.FuzzyMatch:
			en.text = append(en.text, withCodes(t.Matches[0].Target))
			fuzzy = true
		default:
			en.text = append(en.text, "")
		}
	}
	if en.plural == "" && len(en.text) > 1 {
		en.text = []string{strings.Join(en.text, "")} // another tool has divided it
	}
	switch fuzzy = fuzzy || was && strings.Join(en.text, "") == ""; {
	case fuzzy && !was:
		en.flags = slices.Insert(en.flags, 0, "fuzzy")
	case was && !fuzzy:
		en.flags = slices.DeleteFunc(en.flags, func(f string) bool { return f == "fuzzy" })
		en.previous = message{}
	}
	e.entry(en)
}

// withCodes returns a text with the data of its codes in their places.
func withCodes(t bitext.Text) string {
	if len(t.Codes) == 0 {
		return t.Chars
	}
	var b strings.Builder
	for p := range t.Pieces() {
		if p.Code != nil {
			b.WriteString(p.Code.Data)
		} else {
			b.WriteString(p.Chars)
		}
	}
	return b.String()
}

// isFuzzy reports whether a person is to look at a target.
func isFuzzy(t *bitext.Target) bool {
	return t.State == bitext.Initial || t.SubState == bitext.SubStateMT || strings.HasPrefix(t.SubState, bitext.SubStateFuzzy) || t.SubState == bitext.SubStateCheck || t.SubState == bitext.SubStateAligned
}

// entryOf returns an entry with everything about a segment but its texts.
func entryOf(u *exchange.Unit, segment int, t *bitext.Target, source bitext.Text) *entry {
	en := &entry{}
	if u.Path != "" {
		en.references = []string{reference(u.Path)}
	}
	what := string(u.Kind)
	if u.Location != "" {
		what = u.Location
	}
	comment := func(s string) { en.extracted = append(en.extracted, oneLine(s)) }
	comment(what)
	for _, n := range u.Unit.Notes {
		comment("note: " + n.Text)
	}
	if u.MaxLength > 0 {
		comment(fmt.Sprintf("at most %d characters", u.MaxLength))
	}
	for _, m := range t.Terms {
		term := "term: " + m.Source + " → " + strings.Join(m.Targets, ", ")
		if m.DoNotTranslate {
			term = "keep: " + m.Source
		}
		comment(term)
	}
	data := url.Values{}
	set := func(key, value string) {
		if value != "" {
			data.Set(key, value)
		}
	}
	set("kind", string(u.Kind))
	set("name", u.Name)
	set("sha256", u.SHA256)
	set("batch", u.Batch)
	set("format", u.Format)
	if u.NoTranslate {
		set("translate", "no")
	}
	if u.MaxLength > 0 {
		set("max", strconv.Itoa(u.MaxLength))
	}
	if t.Filled {
		set("state", t.State.String())
		set("substate", t.SubState)
		set("by", t.Origin.Name)
		if added := exchange.AddedCodes(u.Segments[segment].Source, t.Text); added != nil {
			if b, err := json.Marshal(added); err == nil {
				set("target-codes", string(b))
			}
		}
		if isFuzzy(t) {
			en.flags = []string{"fuzzy"}
		}
		if t.SubState == bitext.SubStateAligned {
			comment("found by alignment in " + t.Origin.Name + ", seen by nobody")
		}
	}
	if len(t.Matches) > 0 {
		m := t.Matches[0]
		set("score", strconv.Itoa(m.Score))
		if t.Filled {
			comment(fmt.Sprintf("proposal, %d%%: %s", m.Score, m.Target.TaggedAs(m.Source)))
			set("proposal", m.Target.TaggedAs(m.Source))
			set("proposed-for", m.Source.Tagged())
		}
	}
	if comments := u.CommentsOn(segment); len(comments) > 0 {
		en.translator = strings.Split(exchange.FormatComments(comments), "\n")
		for _, c := range comments {
			data.Add("comment", exchange.EncodeComment(c))
		}
	}
	for _, p := range u.Props {
		data.Add("prop", exchange.EncodeProp(p))
	}
	for _, p := range u.Header.Props {
		data.Add("file-prop", exchange.EncodeProp(p))
	}
	comment(machine + " " + data.Encode())
	return en
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// reference keeps a file name with spaces in one piece, as gettext does since
// version 0.22: between U+2068 and U+2069.
func reference(path string) string {
	path = oneLine(path)
	if strings.ContainsAny(path, " \t") {
		return "\u2068" + path + "\u2069"
	}
	return path
}

func (e *encoder) Close() error {
	if e.header == nil {
		e.writeHeader(&exchange.Header{})
	}
	return e.out.Flush()
}
