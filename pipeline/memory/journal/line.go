package journal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"crypto/sha256"
	"encoding/binary"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// formatVersion is the version of the files that this program reads and writes.
const formatVersion = 1

// header is the first line of a file. Batch files have no locales.
type header struct {
	Journal string        `json:"journal"`
	Version int           `json:"version"`
	Source  stored.String `json:"source,omitempty"`
	Target  stored.String `json:"target,omitempty"`
}

// magic is header.Journal.
const magic = "hexapla memory"

// batchLine is a batch, or, with Undoes, the withdrawal of one.
type batchLine struct {
	Sum    string        `json:"sum"`
	At     string        `json:"at"`
	UID    stored.String `json:"batch"`
	Undoes stored.String `json:"undoes,omitempty"`
	Author stored.String `json:"author,omitempty"`
	Name   stored.String `json:"name,omitempty"`
	Note   stored.String `json:"note,omitempty"`
	Time   string        `json:"time"`
}

// versionLine is a version. Since is its effective time where that is neither its own
// time nor the second in which it was recorded, Priority its priority where that is
// not the one of its state and author.
type versionLine struct {
	Sum         string            `json:"sum"`
	At          string            `json:"at"`
	Batch       stored.String     `json:"batch"`
	Source      stored.String     `json:"text"`
	SourceCodes []stored.Code     `json:"text_codes,omitempty"`
	Target      stored.String     `json:"translation"`
	TargetCodes []stored.Code     `json:"translation_codes,omitempty"`
	State       bitext.State      `json:"state"`
	SubState    stored.String     `json:"substate,omitempty"`
	Kind        stored.String     `json:"by,omitempty"`
	Name        stored.String     `json:"name,omitempty"`
	Time        string            `json:"time,omitempty"`
	Since       string            `json:"since,omitempty"`
	Priority    *int64            `json:"priority,omitempty"`
	Terms       stored.String     `json:"terms,omitempty"`
	Place       stored.String     `json:"place,omitempty"`
	Prev        stored.String     `json:"prev,omitempty"`
	Next        stored.String     `json:"next,omitempty"`
	Props       [][]stored.String `json:"props,omitempty"`
}

const (
	secondsForm = "2006-01-02T15:04:05Z"
	microsForm  = "2006-01-02T15:04:05.000000Z"
)

func formatSeconds(unix int64) string { return time.Unix(unix, 0).UTC().Format(secondsForm) }
func formatMicros(unix int64) string  { return time.UnixMicro(unix).UTC().Format(microsForm) }

// noteLine is a note.
type noteLine struct {
	Sum      string        `json:"sum"`
	At       string        `json:"at"`
	UID      stored.String `json:"note"`
	ReplyTo  stored.String `json:"reply_to,omitempty"`
	Resolves stored.String `json:"resolves,omitempty"`
	Batch    stored.String `json:"batch,omitempty"`
	Place    stored.String `json:"place,omitempty"`
	Locale   stored.String `json:"locale,omitempty"`
	Author   stored.String `json:"author,omitempty"`
	Time     string        `json:"time"`
	Category stored.String `json:"category,omitempty"`
	Priority int           `json:"priority,omitempty"`
	Text     stored.String `json:"comment"`
}

// appendJSON appends v and a line feed to b. Letters are written as they are.
func appendJSON(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// appendRecord appends a record's line.
func appendRecord(b *bytes.Buffer, r memory.Record) error {
	if r.Batch != nil {
		l := batchLine{At: formatMicros(r.Batch.RecordedAt), UID: stored.String(r.Batch.UID), Undoes: stored.String(r.Batch.Undoes),
			Author: stored.String(r.Batch.Author), Name: stored.String(r.Batch.Name), Note: stored.String(r.Batch.Note), Time: formatSeconds(r.Batch.Time.Unix())}
		l.Sum = batchSum(r.Batch)
		return appendJSON(b, l)
	}
	if n := r.Note; n != nil {
		return appendJSON(b, noteLine{Sum: formatSum(n.Checksum()), At: formatMicros(n.RecordedAt), UID: stored.String(n.UID), ReplyTo: stored.String(n.ReplyTo), Resolves: stored.String(n.Resolves), Batch: stored.String(n.Batch),
			Place: stored.String(n.Place), Locale: stored.String(n.TargetLocale), Author: stored.String(n.Author), Time: formatSeconds(n.Time.Unix()),
			Category: stored.String(n.Category), Priority: n.Priority, Text: stored.String(n.Text)})
	}
	v := r.Version
	e := &v.Entry
	l := versionLine{Sum: formatSum(v.Checksum()), At: formatMicros(v.RecordedAt), Batch: stored.String(v.Batch),
		Source: stored.String(e.Source.Chars), Target: stored.String(e.Target.Chars), State: e.State, SubState: stored.String(e.SubState),
		Kind: stored.String(e.Origin.Kind), Name: stored.String(e.Origin.Name), Terms: stored.String(e.Origin.Terms),
		Place: stored.String(e.Place), Prev: stored.String(e.Prev), Next: stored.String(e.Next)}
	if len(e.Source.Codes) > 0 {
		l.SourceCodes = stored.FromCodes(e.Source.Codes)
	}
	if len(e.Target.Codes) > 0 {
		l.TargetCodes = stored.FromCodes(e.Target.Codes)
	}
	effective := v.RecordedAt / 1e6
	if t, known := memory.UnixTime(e.Origin.Time); known {
		l.Time = formatSeconds(t)
		effective = t
	}
	if effective != v.EffectiveAt {
		l.Since = formatSeconds(v.EffectiveAt)
	}
	if v.Priority != int64(memory.Priority(e.State, e.Origin.Kind)) {
		l.Priority = &v.Priority
	}
	for _, p := range e.Props {
		l.Props = append(l.Props, []stored.String{stored.String(p.Name), stored.String(p.Value)})
	}
	return appendJSON(b, l)
}

func formatSum(sum int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(sum))
	return hex.EncodeToString(b[:])
}

// batchSum returns the checksum of a batch's line.
func batchSum(b *memory.BatchRecord) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %d %d", b.UID, b.Undoes, b.Author, b.Name, b.Note, b.Time.Unix(), b.RecordedAt))
	return hex.EncodeToString(sum[:8])
}

// Why a line is not taken.
var (
	errNoJSON    = errors.New("not a line of a memory's journal")
	errSum       = errors.New("the line does not fit its checksum: it has been edited or damaged")
	errNoLocales = errors.New("a version before the line that names the file's locales")
	errMarker    = errors.New("a marker of an unfinished merge")
)

// parseLine reads a line. A header changes h and gives no record.
func parseLine(line []byte, h *header) (r memory.Record, ok bool, err error) {
	for _, marker := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if bytes.HasPrefix(line, []byte(marker)) {
			return r, false, errMarker
		}
	}
	if len(line) == 0 || line[0] != '{' {
		return r, false, errNoJSON
	}
	switch {
	case bytes.HasPrefix(line, []byte(`{"journal":`)):
		var new header
		if err := json.Unmarshal(line, &new); err != nil || new.Journal != magic {
			return r, false, errNoJSON
		}
		if new.Version > formatVersion {
			return r, false, &memory.NewerError{Have: new.Version, Want: formatVersion}
		}
		*h = new
		return r, false, nil
	case bytes.Contains(line, []byte(`"translation":`)):
		var l versionLine
		if err := json.Unmarshal(line, &l); err != nil {
			return r, false, fmt.Errorf("%w: %v", errNoJSON, err)
		}
		if h.Source == "" || h.Target == "" {
			return r, false, errNoLocales
		}
		v, err := l.record(h)
		return memory.Record{Version: v}, err == nil, err
	}
	if bytes.Contains(line, []byte(`"comment":`)) {
		var l noteLine
		if err := json.Unmarshal(line, &l); err != nil {
			return r, false, fmt.Errorf("%w: %v", errNoJSON, err)
		}
		n, err := l.record()
		return memory.Record{Note: n}, err == nil, err
	}
	var l batchLine
	if err := json.Unmarshal(line, &l); err != nil {
		return r, false, fmt.Errorf("%w: %v", errNoJSON, err)
	}
	b, err := l.record()
	return memory.Record{Batch: b}, err == nil, err
}

// parseTime reads a time as Unix microseconds. Only the years 1 to 9999 pass.
func parseTime(form, s string) (int64, error) {
	t, err := time.Parse(form, s)
	if err != nil {
		return 0, fmt.Errorf("%w: time %q", errNoJSON, s)
	}
	return t.UnixMicro(), nil
}

func (l *noteLine) record() (*memory.Note, error) {
	at, err := parseTime(microsForm, l.At)
	if err != nil {
		return nil, err
	}
	t, err := parseTime(secondsForm, l.Time)
	if err != nil {
		return nil, err
	}
	n := &memory.Note{UID: string(l.UID), Place: string(l.Place), TargetLocale: string(l.Locale), Author: string(l.Author), Time: time.UnixMicro(t).UTC(),
		Category: string(l.Category), Priority: l.Priority, Text: string(l.Text), ReplyTo: string(l.ReplyTo), Resolves: string(l.Resolves), Batch: string(l.Batch), RecordedAt: at}
	if n.UID == "" || formatSum(n.Checksum()) != l.Sum {
		return nil, errSum
	}
	return n, nil
}

func (l *batchLine) record() (*memory.BatchRecord, error) {
	at, err := parseTime(microsForm, l.At)
	if err != nil {
		return nil, err
	}
	t, err := parseTime(secondsForm, l.Time)
	if err != nil {
		return nil, err
	}
	b := &memory.BatchRecord{UID: string(l.UID), Undoes: string(l.Undoes), Author: string(l.Author), Name: string(l.Name), Note: string(l.Note),
		Time: time.UnixMicro(t).UTC(), RecordedAt: at}
	if b.UID == "" || batchSum(b) != l.Sum {
		return nil, errSum
	}
	return b, nil
}

func (l *versionLine) record(h *header) (*memory.VersionRecord, error) {
	v := &memory.VersionRecord{Batch: string(l.Batch)}
	e := &v.Entry
	e.SourceLocale, e.TargetLocale = string(h.Source), string(h.Target)
	var err error
	if v.RecordedAt, err = parseTime(microsForm, l.At); err != nil {
		return nil, err
	}
	e.Source.Chars, e.Target.Chars = string(l.Source), string(l.Target)
	if e.Source.Codes, err = stored.ToCodes(l.SourceCodes, len(l.Source)); err != nil {
		return nil, fmt.Errorf("%w: %v", errNoJSON, err)
	}
	if e.Target.Codes, err = stored.ToCodes(l.TargetCodes, len(l.Target)); err != nil {
		return nil, fmt.Errorf("%w: %v", errNoJSON, err)
	}
	e.State, e.SubState = l.State, string(l.SubState)
	e.Origin = bitext.Origin{Kind: bitext.OriginKind(l.Kind), Name: string(l.Name), Terms: string(l.Terms)}
	e.Prev, e.Next, e.Place = string(l.Prev), string(l.Next), string(l.Place)
	v.EffectiveAt = v.RecordedAt / 1e6
	if l.Time != "" {
		t, err := parseTime(secondsForm, l.Time)
		if err != nil {
			return nil, err
		}
		e.Origin.Time = time.UnixMicro(t).UTC()
		v.EffectiveAt = t / 1e6
	}
	if l.Since != "" {
		t, err := parseTime(secondsForm, l.Since)
		if err != nil {
			return nil, err
		}
		v.EffectiveAt = t / 1e6
	}
	v.Priority = int64(memory.Priority(e.State, e.Origin.Kind))
	if l.Priority != nil {
		v.Priority = *l.Priority
	}
	for _, p := range l.Props {
		if len(p) != 2 {
			return nil, fmt.Errorf("%w: a property of %d strings", errNoJSON, len(p))
		}
		e.Props = append(e.Props, bitext.Prop{Name: string(p[0]), Value: string(p[1])})
	}
	if v.Priority < 0 || v.Batch == "" || formatSum(v.Checksum()) != l.Sum {
		return nil, errSum
	}
	return v, nil
}

// fileName returns the name of the file for a locale pair. Tags are written as they
// are, but for characters that no BCP 47 tag has.
func fileName(source, target string) string {
	name := escapeTag(source) + "_" + escapeTag(target)
	if len(name) > 100 {
		sum := sha256.Sum256([]byte(name))
		name = name[:40] + "." + hex.EncodeToString(sum[:8])
	}
	return name + extension
}

func escapeTag(tag string) string {
	var b strings.Builder
	for i := range len(tag) {
		c := tag[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strconv.FormatUint(uint64(c), 16))
		}
	}
	return b.String()
}
