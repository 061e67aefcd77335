package postgres

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// escape marks a string that PostgreSQL cannot hold as it is: one with a zero byte, or
// with bytes that are not UTF-8. It is stored as a Go string literal behind the mark.
const escape = "\x1a"

// encode returns a string in the form in which the database holds it.
func encode(s string) string {
	if strings.HasPrefix(s, escape) || strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		return escape + strconv.QuoteToASCII(s)
	}
	return s
}

// decode returns the string that encode was given.
func decode(s string) (string, error) {
	literal, ok := strings.CutPrefix(s, escape)
	if !ok {
		return s, nil
	}
	s, err := strconv.Unquote(literal)
	if err != nil {
		return "", fmt.Errorf("%w: a string cannot be decoded: %v", memory.ErrDamaged, err)
	}
	return s, nil
}

// encoded is a string to scan an encoded column into.
type encoded struct{ to *string }

// Scan implements sql.Scanner.
func (e encoded) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*e.to = ""
		return nil
	case string:
		s, err := decode(v)
		*e.to = s
		return err
	}
	return fmt.Errorf("%w: a column has the type %T", memory.ErrDamaged, src)
}

// row is one version as the table has it.
type row struct {
	version, pair, text, place, prev, next, first int64
	current                                       bool

	priority, effectiveAt, recordedAt, batch, withdrawn, sum int64

	source, target, codes string
	state                 int64
	substate, kind, name  string
	time                  *int64
	terms, props          string

	isNew, isChanged bool // to be inserted, to be updated
}

// slotKey identifies a slot: a source text in a context, for a pair of locales.
type slotKey struct{ text, pair, place, prev, next int64 }

func (r *row) slot() slotKey { return slotKey{r.text, r.pair, r.place, r.prev, r.next} }

const rowColumns = "v.version, v.pair, v.text, v.place, v.prev, v.next, v.first, v.current, v.priority, v.effective_at, v.recorded_at, v.batch, v.withdrawn, v.sum, " +
	"v.source, v.target, v.codes, v.state, v.substate, v.kind, v.name, v.time, v.terms, v.props"

// fields returns the places to scan rowColumns into.
func (r *row) fields() []any {
	return []any{&r.version, &r.pair, &r.text, &r.place, &r.prev, &r.next, &r.first, &r.current, &r.priority, &r.effectiveAt, &r.recordedAt, &r.batch, &r.withdrawn, &r.sum,
		&r.source, encoded{&r.target}, &r.codes, &r.state, encoded{&r.substate}, encoded{&r.kind}, encoded{&r.name}, &r.time, encoded{&r.terms}, &r.props}
}

func (r *row) rank() memory.Rank {
	p := r.priority
	if r.withdrawn != 0 {
		p = -1 - p // below all others
	}
	return memory.Rank{Priority: p, EffectiveAt: r.effectiveAt, RecordedAt: r.recordedAt, Checksum: r.sum}
}

// sameContent reports whether two versions are the same but for their time.
func (r *row) sameContent(o *row) bool {
	return r.target == o.target && r.codes == o.codes && r.source == o.source && r.state == o.state &&
		r.substate == o.substate && r.kind == o.kind && r.name == o.name && r.terms == o.terms && r.props == o.props
}

// content returns a string that is equal for rows of the same content.
func (r *row) content() string {
	return fmt.Sprintf("%q %q %q %d %q %q %q %q %q", r.target, r.codes, r.source, r.state, r.substate, r.kind, r.name, r.terms, r.props)
}

func (r *row) isImported() bool { return r.kind == string(bitext.FromImport) }

func (r *row) sameTime(o *row) bool {
	if r.time == nil || o.time == nil {
		return r.time == o.time
	}
	return *r.time == *o.time
}

// fill puts an entry's words into r, with the batch's time if it has none of its
// own. The key is that of its source.
func (r *row) fill(e *bitext.Entry, key string, batchTime int64) {
	r.source = stored.EncodeSource(e.Source, key)
	r.target, r.codes = e.Target.Chars, stored.EncodeCodes(e.Target.Codes)
	r.state, r.substate = int64(e.State), e.SubState
	r.kind, r.name, r.terms = string(e.Origin.Kind), e.Origin.Name, e.Origin.Terms
	r.props = stored.EncodeProps(e.Props)
	r.effectiveAt = batchTime
	if t, known := memory.UnixTime(e.Origin.Time); known {
		r.time = &t
		r.effectiveAt = t
	}
	r.priority = int64(memory.Priority(e.State, e.Origin.Kind))
}

// entry returns r as an Entry, without its locales and context. The key is that of
// its source.
func (r *row) entry(key string) (bitext.Entry, error) {
	source, err := stored.DecodeSource(r.source, key)
	if err != nil {
		return bitext.Entry{}, err
	}
	codes, err := stored.DecodeCodes(r.codes, r.target)
	if err != nil {
		return bitext.Entry{}, err
	}
	props, err := stored.DecodeProps(r.props)
	if err != nil {
		return bitext.Entry{}, err
	}
	if r.state < 0 || r.state > int64(bitext.Final) {
		return bitext.Entry{}, fmt.Errorf("%w: version %d has state %d", memory.ErrDamaged, r.version, r.state)
	}
	o := bitext.Origin{Kind: bitext.OriginKind(r.kind), Name: r.name, Entry: r.version, Terms: r.terms}
	if r.time != nil {
		o.Time = time.Unix(*r.time, 0).UTC()
	}
	return bitext.Entry{ID: r.version, Source: source, Target: bitext.Text{Chars: r.target, Codes: codes},
		State: bitext.State(r.state), SubState: r.substate, Origin: o, Props: props}, nil
}

// record returns r as a record of the batch with the given uid. The entry is the
// row's, with its locales and context.
func (r *row) record(e bitext.Entry, uid string) memory.VersionRecord {
	return memory.VersionRecord{Entry: e, Batch: uid, Priority: r.priority, EffectiveAt: r.effectiveAt, RecordedAt: r.recordedAt}
}

// fullColumns are rowColumns with the texts that they number, fullTables the tables that
// have them.
const (
	fullColumns = "p.source, p.target, t.key, prev.key, next.key, place.key, b.uid, " + rowColumns
	fullTables  = `memory_version v JOIN memory_pair p ON p.id = v.pair JOIN memory_text t ON t.id = v.text JOIN memory_batch b ON b.id = v.batch
		LEFT JOIN memory_text prev ON prev.id = v.prev LEFT JOIN memory_text next ON next.id = v.next LEFT JOIN memory_text place ON place.id = v.place`
)

// fullRow is a row with its texts, and the UID of its batch.
type fullRow struct {
	row
	sourceLocale, targetLocale, key, prevKey, nextKey, placeKey, uid string
}

func (c *fullRow) fields() []any {
	return append([]any{encoded{&c.sourceLocale}, encoded{&c.targetLocale}, encoded{&c.key}, encoded{&c.prevKey}, encoded{&c.nextKey}, encoded{&c.placeKey}, encoded{&c.uid}}, c.row.fields()...)
}

// entry returns the version with its locales and context, and fails if its checksum is
// wrong.
func (c *fullRow) entry() (bitext.Entry, error) {
	e, err := c.row.entry(c.key)
	if err != nil {
		return e, err
	}
	e.SourceLocale, e.TargetLocale = c.sourceLocale, c.targetLocale
	e.Prev, e.Next, e.Place = c.prevKey, c.nextKey, c.placeKey
	v := c.record(e, c.uid)
	if v.Checksum() != c.sum {
		return e, fmt.Errorf("%w: the checksum of version %d does not fit its texts", memory.ErrDamaged, c.version)
	}
	return e, nil
}
