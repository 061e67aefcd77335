package memory

import (
	"cmp"
	"database/sql"
	"time"

	"hexapla/pipeline/bitext"
)

// row is one version as the tables have it. The first block is the slot's, and is
// not in table former.
type row struct {
	id, pair, text, place, prev, next int64

	trust, stamp, version, batch, withdrawn int64

	source, target, codes string
	state                 int64
	substate, kind, name  string
	time                  sql.NullInt64
	terms, props          string
}

const (
	slotColumns   = "id, pair, text, place, prev, next"
	wordColumns   = "source, target, codes, state, substate, kind, name, time, terms, props"
	entryColumns  = slotColumns + ", trust, stamp, version, batch, withdrawn, " + wordColumns
	formerColumns = "version, entry, trust, stamp, batch, withdrawn, " + wordColumns

	putEntry  = "REPLACE INTO entry (" + entryColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
	putFormer = "INSERT INTO former (" + formerColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)

func (r *row) words() []any {
	return []any{&r.source, &r.target, &r.codes, &r.state, &r.substate, &r.kind, &r.name, &r.time, &r.terms, &r.props}
}

// entryFields are the places to scan entryColumns into.
func (r *row) entryFields() []any {
	return append([]any{&r.id, &r.pair, &r.text, &r.place, &r.prev, &r.next,
		&r.trust, &r.stamp, &r.version, &r.batch, &r.withdrawn}, r.words()...)
}

// formerFields are the places to scan formerColumns into.
func (r *row) formerFields() []any {
	return append([]any{&r.version, &r.id, &r.trust, &r.stamp, &r.batch, &r.withdrawn}, r.words()...)
}

func (r *row) wordArgs(args ...any) []any {
	return append(args, r.source, r.target, r.codes, r.state, r.substate, r.kind, r.name, r.time, r.terms, r.props)
}

// entryArgs are the values of entryColumns.
func (r *row) entryArgs() []any {
	return r.wordArgs(r.id, r.pair, r.text, r.place, r.prev, r.next, r.trust, r.stamp, r.version, r.batch, r.withdrawn)
}

// formerArgs are the values of formerColumns.
func (r *row) formerArgs() []any {
	return r.wordArgs(r.version, r.id, r.trust, r.stamp, r.batch, r.withdrawn)
}

// compare orders versions of one slot: the current one is the highest.
func (r *row) compare(o *row) int {
	return cmp.Or(cmp.Compare(r.trust, o.trust), cmp.Compare(r.stamp, o.stamp), cmp.Compare(r.version, o.version))
}

// says reports whether two versions say the same, whenever they said it.
func (r *row) says(o *row) bool {
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
	r.stamp = now
	if t, known := stamp(e.Origin.Time); known {
		r.time = sql.NullInt64{Int64: t, Valid: true}
		r.stamp = t
	}
	r.trust = int64(trust(e.State, e.Origin.Kind))
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
