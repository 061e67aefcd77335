package postgres

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
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

// row is one version as the table has it, but that the table keeps the priority of a
// version that is withdrawn.
type row struct {
	slot.Version
	isNew, isChanged bool // to be inserted, to be updated
}

// Copy implements slot.Row.
func (r *row) Copy() *row {
	c := &row{Version: r.Version, isNew: true}
	c.Current = false
	return c
}

const rowColumns = "v.version, v.pair, v.text, v.place, v.prev, v.next, v.first, v.current, v.priority, v.effective_at, v.recorded_at, v.batch, v.withdrawn, v.sum, " +
	"v.source, v.target, v.codes, v.state, v.substate, v.kind, v.name, v.time, v.terms, v.props"

// fields returns the places to scan rowColumns into.
func (r *row) fields() []any {
	return []any{&r.Number, &r.Pair, &r.Text, &r.Place, &r.Prev, &r.Next, &r.First, &r.Current, &r.Priority, &r.EffectiveAt, &r.RecordedAt, &r.Batch, &r.Withdrawn, &r.Sum,
		&r.Source, encoded{&r.Target}, &r.Codes, &r.State, encoded{&r.SubState}, encoded{&r.Kind}, encoded{&r.Name}, &r.Time, encoded{&r.Terms}, &r.Props}
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
	e, err := c.row.Entry(c.key)
	if err != nil {
		return e, err
	}
	e.SourceLocale, e.TargetLocale = c.sourceLocale, c.targetLocale
	e.Prev, e.Next, e.Place = c.prevKey, c.nextKey, c.placeKey
	v := c.Record(e, c.uid)
	if v.Checksum() != c.Sum {
		return e, fmt.Errorf("%w: the checksum of version %d does not fit its texts", memory.ErrDamaged, c.Number)
	}
	return e, nil
}
