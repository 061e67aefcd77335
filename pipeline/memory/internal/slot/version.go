// Package slot has the rule which versions of a translation are current, and what an
// added entry does to the versions that a memory has: it is unchanged, supersedes
// another, is outranked, conflicts, or comes with an import again. The stores read and
// write the versions; what counts is decided here, once for all of them.
package slot

import (
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// Key identifies a slot: a source text in a context, for a pair of locales. The texts
// and the pair are the store's numbers for them.
type Key struct{ Text, Pair, Place, Prev, Next int64 }

// Words is the content of a version, all but its time. Two versions whose Words are
// equal have the same content.
type Words struct {
	Target, Codes, Source string
	State                 int64
	SubState, Kind, Name  string
	Terms, Props          string
}

// Version is one version of the translation in a slot, in the form in which the stores
// keep it. They embed it in their rows.
type Version struct {
	Key
	First int64 // RecordedAt of the slot's first version

	// Priority of a withdrawn version is -1-p, so that all others rank above it.
	Priority, EffectiveAt, RecordedAt, Number, Batch int64
	Withdrawn                                        int64 // by this batch, 0 if it is not
	Sum                                              int64 // memory.VersionRecord.Checksum

	Words
	Time    sql.NullInt64 // of the entry, in Unix seconds
	Current bool

	content int  // the place of its content in the index
	touched bool // changed by the Put at work
	before  bool // Current before that
}

// Base returns v: the rows that embed a Version are Rows by it.
func (v *Version) Base() *Version { return v }

// Fill puts an entry's words into v, with the batch's time if it has none of its own.
// The key is that of its source.
func (v *Version) Fill(e *bitext.Entry, key string, batchTime int64) {
	v.Source = stored.EncodeSource(e.Source, key)
	v.Target, v.Codes = e.Target.Chars, stored.EncodeCodes(e.Target.Codes)
	v.State, v.SubState = int64(e.State), e.SubState
	v.Kind, v.Name, v.Terms = string(e.Origin.Kind), e.Origin.Name, e.Origin.Terms
	v.Props = stored.EncodeProps(e.Props)
	v.EffectiveAt = batchTime
	if t, known := memory.UnixTime(e.Origin.Time); known {
		v.Time = sql.NullInt64{Int64: t, Valid: true}
		v.EffectiveAt = t
	}
	v.Priority = int64(memory.Priority(e.State, e.Origin.Kind))
}

// SetRecord gives v what a record has beside its entry, but for its batch.
func (v *Version) SetRecord(r *memory.VersionRecord) {
	v.Priority, v.EffectiveAt, v.RecordedAt, v.Sum = r.Priority, r.EffectiveAt, r.RecordedAt, r.Checksum()
}

// Origin returns the origin of the version's entry.
func (v *Version) Origin() bitext.Origin {
	o := bitext.Origin{Kind: bitext.OriginKind(v.Kind), Name: v.Name, Entry: v.Number, Terms: v.Terms}
	if v.Time.Valid {
		o.Time = time.Unix(v.Time.Int64, 0).UTC()
	}
	return o
}

// Entry returns v as an Entry, without its locales and context. The key is that of its
// source.
func (v *Version) Entry(key string) (bitext.Entry, error) {
	source, err := stored.DecodeSource(v.Source, key)
	if err != nil {
		return bitext.Entry{}, err
	}
	codes, err := stored.DecodeCodes(v.Codes, v.Target)
	if err != nil {
		return bitext.Entry{}, err
	}
	props, err := stored.DecodeProps(v.Props)
	if err != nil {
		return bitext.Entry{}, err
	}
	if v.State < 0 || v.State > int64(bitext.Final) {
		return bitext.Entry{}, fmt.Errorf("%w: version %d has state %d", memory.ErrDamaged, v.Number, v.State)
	}
	return bitext.Entry{ID: v.Number, Source: source, Target: bitext.Text{Chars: v.Target, Codes: codes},
		State: bitext.State(v.State), SubState: v.SubState, Origin: v.Origin(), Props: props}, nil
}

// EntryInContext returns v as an Entry with its locales, the source and the target of its
// pair, and its context. The keys are those of the texts that v names, by their numbers.
func (v *Version) EntryInContext(pair [2]string, keys map[int64]string) (bitext.Entry, error) {
	e, err := v.Entry(keys[v.Text])
	e.SourceLocale, e.TargetLocale = pair[0], pair[1]
	for _, c := range []struct {
		number int64
		key    *string
	}{{v.Prev, &e.Prev}, {v.Next, &e.Next}, {v.Place, &e.Place}} {
		if c.number != 0 {
			*c.key = keys[c.number]
		}
	}
	return e, err
}

// Record returns v as a record of the batch with the given UID. The entry is the
// version's, with its locales and context.
func (v *Version) Record(e bitext.Entry, uid string) memory.VersionRecord {
	return memory.VersionRecord{Entry: e, Batch: uid, Priority: v.AbsolutePriority(), EffectiveAt: v.EffectiveAt, RecordedAt: v.RecordedAt}
}

// AbsolutePriority returns the priority that the version has while it is not withdrawn.
func (v *Version) AbsolutePriority() int64 {
	if v.Priority < 0 {
		return -1 - v.Priority
	}
	return v.Priority
}

// Withdraw marks the version as withdrawn by a batch, or as not withdrawn by batch 0.
func (v *Version) Withdraw(by int64) {
	v.Priority = v.AbsolutePriority()
	if v.Withdrawn = by; by != 0 {
		v.Priority = -1 - v.Priority
	}
}

// Rank returns the rank of the version among those of its slot.
func (v *Version) Rank() memory.Rank {
	return memory.Rank{Priority: v.Priority, EffectiveAt: v.EffectiveAt, RecordedAt: v.RecordedAt, Checksum: v.Sum}
}

func (v *Version) isHigher(o *Version) bool { return v.Rank().Compare(o.Rank()) > 0 }

// isImported reports whether the version is from a file whose authors are not known.
func (v *Version) isImported() bool { return v.Kind == string(bitext.FromImport) }

// isAlternative reports whether two versions are alternatives of one import.
func (v *Version) isAlternative(o *Version) bool {
	return v.isImported() && o.isImported() && v.Batch == o.Batch
}

// text returns a string that is equal for equal Words only.
func (w *Words) text() string {
	b := strconv.AppendInt(make([]byte, 0, 256), w.State, 10)
	for _, s := range [...]string{w.Target, w.Codes, w.Source, w.SubState, w.Kind, w.Name, w.Terms, w.Props} {
		b = append(strconv.AppendInt(append(b, ' '), int64(len(s)), 10), ' ')
		b = append(b, s...)
	}
	return string(b)
}
