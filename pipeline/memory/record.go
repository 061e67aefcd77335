package memory

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"hexapla/pipeline/bitext"
)

// A memory is a set of records: batches, the versions that they added, and notes. What is
// current follows from the set alone, whatever order the records arrived in, so
// that memories which exchange their records become the same memory.

// Record is one record of a memory. Exactly one of its fields is set.
type Record struct {
	Batch   *BatchRecord
	Version *VersionRecord
	Note    *Note
}

// RecordIDs identifies records: versions by their checksums, batches and notes by their
// UIDs.
type RecordIDs struct {
	Versions []int64
	Batches  []string
	Notes    []string
}

// Add adds a record.
func (ids *RecordIDs) Add(r Record) {
	switch {
	case r.Batch != nil:
		ids.Batches = append(ids.Batches, r.Batch.UID)
	case r.Note != nil:
		ids.Notes = append(ids.Notes, r.Note.UID)
	default:
		ids.Versions = append(ids.Versions, r.Version.Checksum())
	}
}

// Len returns the number of records.
func (ids *RecordIDs) Len() int { return len(ids.Versions) + len(ids.Batches) + len(ids.Notes) }

// BatchRecord is a batch as every copy of a memory has it. UID identifies it, and
// Undoes is the UID of the batch that it undoes, empty for none. RecordedAt is when
// it was recorded, in microseconds of Unix time, by a clock that never goes back
// within one memory.
type BatchRecord struct {
	UID        string
	Author     string
	Note       string
	Name       string
	Time       time.Time
	RecordedAt int64
	Undoes     string
}

// VersionRecord is a version of an entry as every copy of a memory has it; the
// local numbers in Entry are not part of it. Batch is the UID of its batch.
// EffectiveAt is its time in Unix seconds: the entry's own or else the batch's.
// Priority is that of function Priority, or more if the version was forced.
// RecordedAt is as in BatchRecord; no two versions of one Add have the same.
type VersionRecord struct {
	Entry       bitext.Entry
	Batch       string
	Priority    int64
	EffectiveAt int64
	RecordedAt  int64
}

// Checksum returns 64 bits of the SHA-256 of everything in the record. It
// identifies the version: records with equal checksums are the same version.
func (v *VersionRecord) Checksum() int64 {
	e := &v.Entry
	b := make([]byte, 0, 1024)
	number := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	coded := func(t bitext.Text) {
		text(t.Chars)
		number(int64(len(t.Codes)))
		for i := range t.Codes {
			c := &t.Codes[i]
			number(int64(c.Pos))
			number(int64(c.Kind))
			for _, s := range [...]string{c.ID, c.Data, c.Equiv, c.Disp, string(c.Type), c.SubType} {
				text(s)
			}
			flags := int64(0)
			for i, f := range [...]bool{c.NoCopy, c.NoDelete, c.NoReorder} {
				if f {
					flags |= 1 << i
				}
			}
			number(flags)
			number(int64(len(c.Subflows)))
			for _, s := range c.Subflows {
				text(s)
			}
		}
	}
	for _, s := range [...]string{"1", v.Batch, e.SourceLocale, e.TargetLocale, e.Prev, e.Next, e.Place, e.SubState,
		string(e.Origin.Kind), e.Origin.Name, e.Origin.Terms} {
		text(s)
	}
	coded(e.Source)
	coded(e.Target)
	number(int64(e.State))
	if t, known := UnixTime(e.Origin.Time); known {
		number(1)
		number(t)
	} else {
		number(0)
	}
	number(int64(len(e.Props)))
	for _, p := range e.Props {
		text(p.Name)
		text(p.Value)
	}
	number(v.Priority)
	number(v.EffectiveAt)
	number(v.RecordedAt)
	sum := sha256.Sum256(b)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// UnixTime returns t in Unix seconds, and whether it is known: the zero time is
// not, nor is one outside the years 1 to 9999 of UTC, which no file format can hold. A
// time is known exactly if time.Unix of its seconds is.
func UnixTime(t time.Time) (int64, bool) {
	if t = t.UTC().Truncate(time.Second); t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return 0, false
	}
	return t.Unix(), true
}

// SlotVersion is what decides whether a version of a slot is current. Imported
// reports that it is from a file whose authors are not known (bitext.FromImport),
// Content is equal for versions that are the same but for their times.
type SlotVersion struct {
	Rank      Rank
	Batch     int64
	Withdrawn bool
	Imported  bool
	Content   string
}

// Current returns which of a slot's versions are current: the one of the highest
// rank that is not withdrawn, and where that one is imported, the other
// alternatives that its batch has for the slot.
func Current(versions []SlotVersion) []int {
	best := -1
	for i := range versions {
		if !versions[i].Withdrawn && (best < 0 || versions[i].Rank.Compare(versions[best].Rank) > 0) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	out := []int{best}
	b := &versions[best]
	if !b.Imported {
		return out
	}
	place := map[string]int{} // by content, in out
	for i := range versions {
		v := &versions[i]
		if i == best || v.Withdrawn || !v.Imported || v.Batch != b.Batch || v.Content == b.Content {
			continue
		}
		n, same := place[v.Content]
		switch {
		case !same:
			place[v.Content] = len(out)
			out = append(out, i)
		case versions[out[n]].Rank.Compare(v.Rank) < 0:
			out[n] = i
		}
	}
	return out
}
