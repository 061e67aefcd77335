package sqlite

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
)

// row is one version as the tables have it. Table history has only the slot's id, and
// neither its key nor the time of its first version.
type row struct {
	slot.Version
	id, crc int64

	inEntry bool // the row is in table entry
	isNew   bool // the row is in no table
}

// Copy implements slot.Row.
func (r *row) Copy() *row {
	c := &row{Version: r.Version, isNew: true}
	c.Current = false
	return c
}

const (
	slotColumns    = "id, pair, text, place, prev, next, first"
	wordColumns    = "source, target, codes, state, substate, kind, name, time, terms, props"
	versionColumns = "priority, effective_at, recorded_at, version, batch, withdrawn, sum, crc, " + wordColumns
	entryColumns   = slotColumns + ", " + versionColumns
	historyColumns = "entry, " + versionColumns

	entryWidth = 25 // columns of entryColumns

	putEntry   = "REPLACE INTO entry (" + entryColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	putHistory = "REPLACE INTO history (" + historyColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)

// versionFields returns the places to scan versionColumns into.
func (r *row) versionFields() []any {
	return []any{&r.Priority, &r.EffectiveAt, &r.RecordedAt, &r.Number, &r.Batch, &r.Withdrawn, &r.Sum, &r.crc,
		&r.Source, &r.Target, &r.Codes, &r.State, &r.SubState, &r.Kind, &r.Name, &r.Time, &r.Terms, &r.Props}
}

// entryFields returns the places to scan entryColumns into.
func (r *row) entryFields() []any {
	return append([]any{&r.id, &r.Pair, &r.Text, &r.Place, &r.Prev, &r.Next, &r.First}, r.versionFields()...)
}

// historyFields returns the places to scan historyColumns into.
func (r *row) historyFields() []any {
	return append([]any{&r.id}, r.versionFields()...)
}

func (r *row) versionArgs(args ...any) []any {
	r.crc = r.check()
	var time any
	if r.Time.Valid {
		time = r.Time.Int64
	}
	return append(args, r.Priority, r.EffectiveAt, r.RecordedAt, r.Number, r.Batch, r.Withdrawn, r.Sum, r.crc,
		r.Source, r.Target, r.Codes, r.State, r.SubState, r.Kind, r.Name, time, r.Terms, r.Props)
}

// entryArgs returns the values of entryColumns.
func (r *row) entryArgs() []any {
	return r.versionArgs(r.id, r.Pair, r.Text, r.Place, r.Prev, r.Next, r.First)
}

// historyArgs returns the values of historyColumns.
func (r *row) historyArgs() []any { return r.versionArgs(r.id) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// check returns the row's checksum: CRC-32C over all that is the version's, but for
// whether it is withdrawn.
func (r *row) check() int64 {
	b := make([]byte, 0, 512)
	for _, n := range [...]int64{r.AbsolutePriority(), r.EffectiveAt, r.RecordedAt, r.Number, r.Batch, r.Sum, r.State, r.Time.Int64} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if r.Time.Valid {
		b = append(b, 1)
	}
	for _, s := range [...]string{r.Source, r.Target, r.Codes, r.SubState, r.Kind, r.Name, r.Terms, r.Props} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return int64(crc32.Checksum(b, castagnoli))
}

// verify fails if the row is not as it was written.
func (r *row) verify() error {
	if r.crc != r.check() || (r.Withdrawn != 0) != (r.Priority < 0) {
		return fmt.Errorf("%w: the checksum of version %d is wrong", memory.ErrDamaged, r.Number)
	}
	return nil
}

// entry returns r as an Entry, without its locales and context. The key is that of
// its source.
func (r *row) entry(key string) (bitext.Entry, error) {
	if err := r.verify(); err != nil {
		return bitext.Entry{}, err
	}
	return r.Version.Entry(key)
}
