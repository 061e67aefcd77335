package sqlite

import (
	"database/sql"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// row is one version as the tables have it. The first block is the slot's, and is
// not in table former.
type row struct {
	id, pair, text, place, prev, next int64

	priority, effectiveAt, version, batch, withdrawn int64

	source, target, codes string
	state                 int64
	substate, kind, name  string
	time                  sql.NullInt64
	terms, props          string
}

const (
	slotColumns    = "id, pair, text, place, prev, next"
	wordColumns    = "source, target, codes, state, substate, kind, name, time, terms, props"
	entryColumns   = slotColumns + ", trust, stamp, version, batch, withdrawn, " + wordColumns
	historyColumns = "version, entry, trust, stamp, batch, withdrawn, " + wordColumns

	putEntry   = "REPLACE INTO entry (" + entryColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	putHistory = "INSERT INTO former (" + historyColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)

func (r *row) words() []any {
	return []any{&r.source, &r.target, &r.codes, &r.state, &r.substate, &r.kind, &r.name, &r.time, &r.terms, &r.props}
}

// entryFields are the places to scan entryColumns into.
func (r *row) entryFields() []any {
	return append([]any{&r.id, &r.pair, &r.text, &r.place, &r.prev, &r.next,
		&r.priority, &r.effectiveAt, &r.version, &r.batch, &r.withdrawn}, r.words()...)
}

// historyFields are the places to scan historyColumns into.
func (r *row) historyFields() []any {
	return append([]any{&r.version, &r.id, &r.priority, &r.effectiveAt, &r.batch, &r.withdrawn}, r.words()...)
}

func (r *row) wordArgs(args ...any) []any {
	return append(args, r.source, r.target, r.codes, r.state, r.substate, r.kind, r.name, r.time, r.terms, r.props)
}

// entryArgs are the values of entryColumns.
func (r *row) entryArgs() []any {
	return r.wordArgs(r.id, r.pair, r.text, r.place, r.prev, r.next, r.priority, r.effectiveAt, r.version, r.batch, r.withdrawn)
}

// historyArgs are the values of historyColumns.
func (r *row) historyArgs() []any {
	return r.wordArgs(r.version, r.id, r.priority, r.effectiveAt, r.batch, r.withdrawn)
}

// compare orders versions of one slot: the current one is the highest.
func (r *row) compare(o *row) int {
	return r.rank().Compare(o.rank())
}

func (r *row) rank() memory.Rank {
	return memory.Rank{Priority: r.priority, EffectiveAt: r.effectiveAt, Sequence: r.version}
}

// sameContent reports whether two versions are the same but for their time.
func (r *row) sameContent(o *row) bool {
	return r.target == o.target && r.codes == o.codes && r.source == o.source && r.state == o.state &&
		r.substate == o.substate && r.kind == o.kind && r.name == o.name && r.terms == o.terms && r.props == o.props
}

// fill puts an entry's words into r. The key is that of its source.
func (r *row) fill(e *bitext.Entry, key string, now int64) {
	r.source = encodeSource(e.Source, key)
	r.target, r.codes = e.Target.Chars, encodeCodes(e.Target.Codes)
	r.state, r.substate = int64(e.State), e.SubState
	r.kind, r.name, r.terms = string(e.Origin.Kind), e.Origin.Name, e.Origin.Terms
	r.props = encodeProps(e.Props)
	r.effectiveAt = now
	if t, known := unixTime(e.Origin.Time); known {
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

// entry is r as an Entry, without its locales and context. The key is that of
// its source.
func (r *row) entry(key string) (bitext.Entry, error) {
	source, err := decodeSource(r.source, key)
	if err != nil {
		return bitext.Entry{}, err
	}
	codes, err := decodeCodes(r.codes)
	if err != nil {
		return bitext.Entry{}, err
	}
	props, err := decodeProps(r.props)
	if err != nil {
		return bitext.Entry{}, err
	}
	return bitext.Entry{ID: r.version, Source: source, Target: bitext.Text{Chars: r.target, Codes: codes},
		State: bitext.State(r.state), SubState: r.substate, Origin: r.origin(), Props: props}, nil
}
