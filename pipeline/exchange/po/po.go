// Package po is gettext's PO file (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html),
// one entry for each segment. It is written as msgcat --no-wrap writes it, so that
// tools which re-save a file change only what was translated.
//
// msgctxt is the segment's stable place, "path#unit/segment"; the reference names
// the file alone, so that an edit of the article does not touch every entry.
// Extracted comments tell the kind, where it stands, notes, terms and the
// proposal; the one that begins with "hexapla:" is for import. The flag fuzzy
// stands where a person is to look: at a fuzzy match (with its source as previous
// msgid), at machine translation, at an initial text.
package po

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// Codec is the file type.
var Codec = exchange.Codec{
	Name:       "po",
	Extensions: []string{".po"},
	Encode:     encode,
	Decode:     decode,
	UnsupportedFields: []string{
		"Header.Notes", "ignorable segments", "Code but for its ID and kind", "Unit.Preserve", "Target.Match", "Target.Locale",
		"all Matches but the best", "TermMark", "a note's category", "carriage returns",
	},
}

// machine begins the comment that carries what a PO entry has no place for.
const machine = "hexapla:"

type encoder struct {
	out     *bufio.Writer
	plural  exchange.Plural
	started bool
}

func encode(w io.Writer, o exchange.Options) (exchange.Encoder, error) {
	return &encoder{out: bufio.NewWriterSize(w, 1<<16), plural: o.Plural}, nil
}

// header writes the first entry, which describes the file.
func (e *encoder) header(h *exchange.Header) {
	e.started = true
	date := h.Time.UTC().Format("2006-01-02 15:04+0000")
	fields := []string{
		"Project-Id-Version: hexapla", "POT-Creation-Date: " + date, "PO-Revision-Date: " + date,
		"Last-Translator: ", "Language-Team: ", "Language: " + strings.ReplaceAll(h.TargetLocale, "-", "_"),
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit",
	}
	if e.plural.Forms != "" {
		fields = append(fields, "Plural-Forms: "+e.plural.Forms)
	}
	fields = append(fields, "X-Generator: hexapla", "X-Source-Language: "+h.SourceLocale, "X-Target-Language: "+h.TargetLocale)
	if !h.Time.IsZero() {
		fields = append(fields, "X-Hexapla-Time: "+h.Time.UTC().Format(time.RFC3339))
	}
	e.raw("msgid \"\"\nmsgstr \"\"\n")
	for _, f := range fields {
		e.raw(quote(f+"\n") + "\n")
	}
}

func (e *encoder) raw(s string) { _, _ = e.out.WriteString(s) }

func (e *encoder) Write(u *exchange.Unit) error {
	if !e.started {
		e.header(u.Header)
	}
	if u.Kind == exchange.PluralMessage {
		return e.message(u)
	}
	for i, s := range u.Translatable() {
		t := &u.Targets[i]
		en := entryOf(u, s.ID, t, s.Source)
		en.context = u.Path + "#" + u.ID + "/" + s.ID
		en.id = s.Source.Tagged()
		if t.Filled {
			en.text = []string{t.Text.TaggedAs(s.Source)}
		} else if len(t.Matches) > 0 && t.Matches[0].Type == bitext.FuzzyMatch {
			m := t.Matches[0]
			en.fuzzy, en.previous, en.text = true, m.Source.Tagged(), []string{m.Target.TaggedAs(m.Source)}
		}
		e.entry(en)
	}
	_, err := e.out.Write(nil)
	return err
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
	en := entryOf(u, "", &u.Targets[other], u.Segments[other].Source)
	en.context = u.Path + "#" + u.ID
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

// poEntry is one entry as it stands in the file.
type poEntry struct {
	comments []string // extracted
	ref      string
	fuzzy    bool
	previous string
	context  string
	id       string
	plural   string
	text     []string
	line     int
}

// entryOf gathers what is said about a segment beside its texts.
func entryOf(u *exchange.Unit, segment string, t *bitext.Target, source bitext.Text) poEntry {
	en := poEntry{ref: u.Path}
	what := string(u.Kind)
	if u.Location != "" {
		what = u.Location
	}
	en.comments = append(en.comments, oneLine(what))
	for _, n := range u.Unit.Notes {
		en.comments = append(en.comments, "note: "+oneLine(n.Text))
	}
	if u.MaxLength > 0 {
		en.comments = append(en.comments, fmt.Sprintf("at most %d characters", u.MaxLength))
	}
	for _, m := range t.Terms {
		term := "term: " + m.Source + " → " + strings.Join(m.Targets, ", ")
		if m.DoNotTranslate {
			term = "keep: " + m.Source
		}
		en.comments = append(en.comments, oneLine(term))
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
	if u.MaxLength > 0 {
		set("max", strconv.Itoa(u.MaxLength))
	}
	if t.Filled {
		set("state", t.State.String())
		set("substate", t.SubState)
		set("by", t.Origin.Name)
		en.fuzzy = t.State == bitext.Initial || t.SubState == bitext.SubStateMT || strings.HasPrefix(t.SubState, bitext.SubStateFuzzy) || t.SubState == bitext.SubStateCheck
	}
	if len(t.Matches) > 0 {
		m := t.Matches[0]
		set("score", strconv.Itoa(m.Score))
		if t.Filled {
			en.comments = append(en.comments, fmt.Sprintf("proposal, %d%%: %s", m.Score, oneLine(m.Target.TaggedAs(m.Source))))
			set("proposal", m.Target.TaggedAs(m.Source))
			set("proposed-for", m.Source.Tagged())
		}
	}
	en.comments = append(en.comments, machine+" "+data.Encode())
	return en
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// entry writes an entry in the order that msgcat has its parts in.
func (e *encoder) entry(en poEntry) {
	e.raw("\n")
	for _, c := range en.comments {
		e.raw("#. " + c + "\n")
	}
	if en.ref != "" {
		e.raw("#: " + reference(en.ref) + "\n")
	}
	if en.fuzzy {
		e.raw("#, fuzzy\n")
	}
	if en.previous != "" {
		e.keyword("#| ", "msgid", en.previous)
	}
	e.keyword("", "msgctxt", en.context)
	e.keyword("", "msgid", en.id)
	if en.plural == "" {
		e.keyword("", "msgstr", strings.Join(en.text, ""))
		return
	}
	e.keyword("", "msgid_plural", en.plural)
	for i, s := range en.text {
		e.keyword("", "msgstr["+strconv.Itoa(i)+"]", s)
	}
}

// reference keeps a file name with spaces in one piece, as gettext does since
// version 0.22: between U+2068 and U+2069.
func reference(path string) string {
	if strings.ContainsAny(path, " \t") {
		return "\u2068" + path + "\u2069"
	}
	return path
}

// keyword writes a string: on one line, or, if it has several, one below the
// other behind an empty one.
func (e *encoder) keyword(prefix, name, s string) {
	e.raw(prefix + name + " ")
	first, rest, several := strings.Cut(s, "\n")
	if !several || rest == "" {
		e.raw(quote(s) + "\n")
		return
	}
	e.raw("\"\"\n")
	for several {
		e.raw(prefix + quote(first+"\n") + "\n")
		first, rest, several = strings.Cut(rest, "\n")
	}
	if first != "" {
		e.raw(prefix + quote(first) + "\n")
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "\a", `\a`, "\b", `\b`, "\f", `\f`, "\v", `\v`)

func quote(s string) string { return `"` + escapes.Replace(s) + `"` }

func (e *encoder) Close() error {
	if !e.started {
		e.header(&exchange.Header{})
	}
	return e.out.Flush()
}
