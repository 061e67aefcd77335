package sqlite

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// row is one version as the tables have it. The first block is the slot's, and
// table history has only its id.
type row struct {
	id, pair, text, place, prev, next, first int64

	priority, effectiveAt, recordedAt, version, batch, withdrawn, sum, crc int64

	source, target, codes string
	state                 int64
	substate, kind, name  string
	time                  sql.NullInt64
	terms, props          string

	inHistory bool // the row is in table history
	isNew     bool // the row is in no table
}

const (
	slotColumns    = "id, pair, text, place, prev, next, first"
	wordColumns    = "source, target, codes, state, substate, kind, name, time, terms, props"
	versionColumns = "priority, effective_at, recorded_at, version, batch, withdrawn, sum, crc, " + wordColumns
	entryColumns   = slotColumns + ", " + versionColumns
	historyColumns = "entry, " + versionColumns

	putEntry   = "REPLACE INTO entry (" + entryColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	putHistory = "REPLACE INTO history (" + historyColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)

// versionFields returns the places to scan versionColumns into.
func (r *row) versionFields() []any {
	return []any{&r.priority, &r.effectiveAt, &r.recordedAt, &r.version, &r.batch, &r.withdrawn, &r.sum, &r.crc,
		&r.source, &r.target, &r.codes, &r.state, &r.substate, &r.kind, &r.name, &r.time, &r.terms, &r.props}
}

// entryFields returns the places to scan entryColumns into.
func (r *row) entryFields() []any {
	return append([]any{&r.id, &r.pair, &r.text, &r.place, &r.prev, &r.next, &r.first}, r.versionFields()...)
}

// historyFields returns the places to scan historyColumns into.
func (r *row) historyFields() []any {
	return append([]any{&r.id}, r.versionFields()...)
}

func (r *row) versionArgs(args ...any) []any {
	r.crc = r.check()
	return append(args, r.priority, r.effectiveAt, r.recordedAt, r.version, r.batch, r.withdrawn, r.sum, r.crc,
		r.source, r.target, r.codes, r.state, r.substate, r.kind, r.name, r.time, r.terms, r.props)
}

// entryArgs returns the values of entryColumns.
func (r *row) entryArgs() []any {
	return r.versionArgs(r.id, r.pair, r.text, r.place, r.prev, r.next, r.first)
}

// historyArgs returns the values of historyColumns.
func (r *row) historyArgs() []any { return r.versionArgs(r.id) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// check returns the row's checksum: CRC-32C over all that is the version's, but for
// whether it is withdrawn.
func (r *row) check() int64 {
	b := make([]byte, 0, 512)
	for _, n := range [...]int64{r.absolute(), r.effectiveAt, r.recordedAt, r.version, r.batch, r.sum, r.state, r.time.Int64} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if r.time.Valid {
		b = append(b, 1)
	}
	for _, s := range [...]string{r.source, r.target, r.codes, r.substate, r.kind, r.name, r.terms, r.props} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return int64(crc32.Checksum(b, castagnoli))
}

// verify fails if the row is not as it was written.
func (r *row) verify() error {
	if r.crc != r.check() || (r.withdrawn != 0) != (r.priority < 0) {
		return fmt.Errorf("%w: the checksum of version %d is wrong", memory.ErrDamaged, r.version)
	}
	return nil
}

// absolute returns the priority that the version has while it is not withdrawn.
func (r *row) absolute() int64 {
	if r.priority < 0 {
		return -1 - r.priority
	}
	return r.priority
}

// withdraw marks the row as withdrawn by a batch, or as not withdrawn by batch 0.
func (r *row) withdraw(by int64) {
	r.priority = r.absolute()
	if r.withdrawn = by; by != 0 {
		r.priority = -1 - r.priority
	}
}

func (r *row) rank() memory.Rank {
	return memory.Rank{Priority: r.priority, EffectiveAt: r.effectiveAt, RecordedAt: r.recordedAt, Checksum: r.sum}
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
		r.time = sql.NullInt64{Int64: t, Valid: true}
		r.effectiveAt = t
	}
	r.priority = int64(memory.Priority(e.State, e.Origin.Kind))
}

func (r *row) origin() bitext.Origin {
	o := bitext.Origin{Kind: bitext.OriginKind(r.kind), Name: r.name, Entry: r.version, Terms: r.terms}
	if r.time.Valid {
		o.Time = time.Unix(r.time.Int64, 0).UTC()
	}
	return o
}

// entry returns r as an Entry, without its locales and context. The key is that of
// its source.
func (r *row) entry(key string) (bitext.Entry, error) {
	if err := r.verify(); err != nil {
		return bitext.Entry{}, err
	}
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
	return bitext.Entry{ID: r.version, Source: source, Target: bitext.Text{Chars: r.target, Codes: codes},
		State: bitext.State(r.state), SubState: r.substate, Origin: r.origin(), Props: props}, nil
}

// record returns r as a record of the batch with the given uid. The entry is the
// row's, with its locales and context.
func (r *row) record(e bitext.Entry, uid string) memory.VersionRecord {
	return memory.VersionRecord{Entry: e, Batch: uid, Priority: r.absolute(), EffectiveAt: r.effectiveAt, RecordedAt: r.recordedAt}
}
