package pipeline

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/klauspost/compress/s2"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// outcome is a decision with what an import does by it.
type outcome struct {
	Decision
	entry     *bitext.Entry // what to store
	locale    string        // the project's target locale
	edited    bool          // the text is not the one that was in use
	demoted   bool          // its state is lower than that of the text that was in use
	confirmed bool          // the text is the one that was in use
}

// outcomes are those of all segments of a file until the end of an import. What to store
// is kept as bytes: the objects of a hundred thousand entries would take several times
// the memory, and keep whole articles in it.
type outcomes struct {
	all     []keptOutcome
	reasons []keptReason
	files   []diag.Place // path and locale of the file's places, each pair once in a row
	entries entryList
}

// keptOutcome is an outcome without its texts.
type keptOutcome struct {
	entry   entryAt
	reason  int32 // index in reasons, -1 for none
	file    int32 // index in files
	verdict uint8 // index in verdicts
	flags   uint8
}

// keptReason is the diagnostic of an outcome, with its locale.
type keptReason struct {
	diag.Diagnostic
	locale string
}

const (
	outcomeEdited = 1 << iota
	outcomeDemoted
	outcomeConfirmed
)

// verdicts lists all verdicts.
var verdicts = [...]Verdict{Accepted, Moved, Kept, Unchanged, NoTarget, Rejected}

func verdictIndex(v Verdict) uint8 {
	for i, w := range verdicts {
		if v == w {
			return uint8(i)
		}
	}
	panic("pipeline: unknown verdict " + string(v))
}

func (o *keptOutcome) has(flag uint8) bool { return o.flags&flag != 0 }

// add keeps an outcome.
func (l *outcomes) add(o *outcome) {
	k := keptOutcome{entry: noEntry, reason: -1, verdict: verdictIndex(o.Verdict)}
	file := diag.Place{Path: o.Place.Path, Locale: o.Place.Locale}
	if n := len(l.files); n == 0 || l.files[n-1] != file {
		l.files = append(l.files, file)
	}
	k.file = int32(len(l.files) - 1)
	if o.edited {
		k.flags |= outcomeEdited
	}
	if o.demoted {
		k.flags |= outcomeDemoted
	}
	if o.confirmed {
		k.flags |= outcomeConfirmed
	}
	if o.Diagnostic.ID != "" {
		k.reason = l.addReason(&o.Diagnostic, o.locale, k.file)
	}
	if o.entry != nil {
		k.entry = l.entries.add(o.entry, o.Place.Unit, o.Place.Segment)
	}
	l.all = append(l.all, k)
}

// addReason keeps the diagnostic of an outcome, and returns its index. Of diagnostics that
// summarize puts together it keeps the first one, as far as they come in a row: a wrong
// file may have millions.
func (l *outcomes) addReason(d *diag.Diagnostic, locale string, file int32) int32 {
	n := len(l.reasons)
	if last := len(l.all) - 1; n > 0 && last >= 0 && isSummarized(d.ID) && l.all[last].reason == int32(n-1) && l.all[last].file == file {
		if r := &l.reasons[n-1]; r.ID == d.ID && r.locale == locale && r.Message == d.Message {
			return int32(n - 1)
		}
	}
	l.reasons = append(l.reasons, keptReason{*d, locale})
	return int32(n)
}

// reasonOf returns the id of the diagnostic of an outcome, empty if it has none.
func (l *outcomes) reasonOf(o *keptOutcome) string {
	if o.reason < 0 {
		return ""
	}
	return l.reasons[o.reason].ID
}

// reject rejects what was to be stored by the outcome at an index.
func (l *outcomes) reject(i int, locale string, d diag.Diagnostic) {
	o := &l.all[i]
	o.verdict, o.entry, o.reason = verdictIndex(Rejected), noEntry, int32(len(l.reasons))
	o.flags &^= outcomeEdited
	l.reasons = append(l.reasons, keptReason{d, locale})
}

// place returns the place in the file of the outcome at an index, which has an entry.
func (l *outcomes) place(i int) diag.Place {
	o := &l.all[i]
	p := l.files[o.file]
	_, p.Unit, p.Segment = l.entries.get(o.entry)
	return p
}

// entryList holds entries of a memory one after another in chunks of bytes. All but the
// last chunk are compressed, to a third as a rule.
type entryList struct {
	chunks [][]byte

	packed   []byte // room for a chunk
	unpacked []byte // of the chunk that was read last
	chunk    int    // one more than its index, 0 for none
}

// entryAt is where an entry is in a list: the chunk and the byte in it.
type entryAt struct{ chunk, at int32 }

// noEntry is in the place of an entry that there is not.
var noEntry = entryAt{-1, 0}

// entryChunk is the size of a chunk in bytes. A larger entry has a chunk of its own.
const entryChunk = 256 << 10

// add adds an entry, with the names of its unit and its segment in the file.
func (l *entryList) add(e *bitext.Entry, unit, segment string) entryAt {
	n := len(l.chunks) - 1
	if n < 0 || len(l.chunks[n]) > entryChunk*7/8 {
		var free []byte
		if n >= 0 && cap(l.chunks[n]) == entryChunk {
			free = l.chunks[n][:0]
		}
		if n >= 0 {
			l.packed = s2.Encode(l.packed[:cap(l.packed)], l.chunks[n])
			l.chunks[n] = slices.Clone(l.packed)
		}
		if free == nil {
			free = make([]byte, 0, entryChunk)
		}
		l.chunks = append(l.chunks, free)
		n++
	}
	at := entryAt{int32(n), int32(len(l.chunks[n]))}
	w := entryWriter{l.chunks[n]}
	w.strings(e.SourceLocale, e.TargetLocale, unit, segment, e.Prev, e.Next, e.Place, e.SubState, string(e.Origin.Kind), e.Origin.Name, e.Origin.Terms, e.Origin.Translator)
	w.number(int(e.State))
	w.b = binary.AppendVarint(w.b, e.Origin.Entry)
	if e.Origin.Time.IsZero() {
		w.number(0)
	} else {
		w.number(1)
		w.b = binary.AppendVarint(w.b, e.Origin.Time.Unix())
		w.number(e.Origin.Time.Nanosecond())
	}
	w.text(e.Source, nil)
	w.text(e.Target, e.Source.Codes)
	w.number(len(e.Props))
	for _, p := range e.Props {
		w.strings(p.Name, p.Value)
	}
	l.chunks[n] = w.b
	return at
}

// read returns the bytes of a list from an entry on. They are valid until the next call.
func (l *entryList) read(at entryAt) entryReader {
	n := int(at.chunk)
	if n == len(l.chunks)-1 {
		return entryReader{l.chunks[n][at.at:]}
	}
	if l.chunk != n+1 {
		b, err := s2.Decode(l.unpacked[:cap(l.unpacked)], l.chunks[n])
		if err != nil {
			panic(err) // only add made them
		}
		l.unpacked, l.chunk = b, n+1
	}
	return entryReader{l.unpacked[at.at:]}
}

// locales returns the source and the target locale of an entry.
func (l *entryList) locales(at entryAt) (source, target string) {
	r := l.read(at)
	return r.string(), r.string()
}

// get returns an entry, with the names of its unit and its segment in the file.
func (l *entryList) get(at entryAt) (e bitext.Entry, unit, segment string) {
	r := l.read(at)
	e.SourceLocale, e.TargetLocale = r.string(), r.string()
	unit, segment = r.string(), r.string()
	for _, s := range [...]*string{&e.Prev, &e.Next, &e.Place, &e.SubState} {
		*s = r.string()
	}
	e.Origin.Kind = bitext.OriginKind(r.string())
	for _, s := range [...]*string{&e.Origin.Name, &e.Origin.Terms, &e.Origin.Translator} {
		*s = r.string()
	}
	e.State = bitext.State(r.number())
	e.Origin.Entry = r.varint()
	if r.number() == 1 {
		seconds := r.varint()
		e.Origin.Time = time.Unix(seconds, int64(r.number())).UTC()
	}
	e.Source = r.text(nil)
	e.Target = r.text(e.Source.Codes)
	if n := r.number(); n > 0 {
		e.Props = make([]bitext.Prop, n)
		for i := range e.Props {
			e.Props[i] = bitext.Prop{Name: r.string(), Value: r.string()}
		}
	}
	return e, unit, segment
}

// entryWriter appends the parts of an entry to bytes.
type entryWriter struct{ b []byte }

func (w *entryWriter) number(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *entryWriter) strings(all ...string) {
	for _, s := range all {
		w.number(len(s))
		w.b = append(w.b, s...)
	}
}

// text appends a text. Of a code that is one of known but for its position, as those of a
// translation are, the number is enough.
func (w *entryWriter) text(t bitext.Text, known []bitext.Code) {
	w.strings(t.Chars)
	w.number(len(t.Codes))
	for i := range t.Codes {
		c := &t.Codes[i]
		w.number(c.Pos)
		if n := indexOfCode(known, c, i); n >= 0 {
			w.number(n + 1)
			continue
		}
		w.number(0)
		flags := 0
		for i, set := range [...]bool{c.NoCopy, c.NoDelete, c.NoReorder} {
			if set {
				flags |= 1 << i
			}
		}
		w.number(int(c.Kind))
		w.number(flags)
		w.strings(c.ID, c.Data, c.Equiv, c.Disp, c.Type, c.SubType)
		w.number(len(c.Subflows))
		w.strings(c.Subflows...)
	}
}

// mostKnown is how many codes are compared with another one.
const mostKnown = 16

// indexOfCode returns the index of a code that is c but for its position, -1 if there is
// none among the first ones. It is most often the one at guess.
func indexOfCode(known []bitext.Code, c *bitext.Code, guess int) int {
	if guess < len(known) && sameCode(&known[guess], c) {
		return guess
	}
	for i := range known[:min(len(known), mostKnown)] {
		if sameCode(&known[i], c) {
			return i
		}
	}
	return -1
}

func sameCode(a, b *bitext.Code) bool {
	if a.Kind != b.Kind || a.ID != b.ID || a.Data != b.Data || a.Equiv != b.Equiv || a.Disp != b.Disp || a.Type != b.Type || a.SubType != b.SubType ||
		a.NoCopy != b.NoCopy || a.NoDelete != b.NoDelete || a.NoReorder != b.NoReorder || len(a.Subflows) != len(b.Subflows) {
		return false
	}
	for i := range a.Subflows {
		if a.Subflows[i] != b.Subflows[i] {
			return false
		}
	}
	return true
}

// entryReader reads what an entryWriter wrote.
type entryReader struct{ b []byte }

func (r *entryReader) number() int {
	n, size := binary.Uvarint(r.b)
	r.b = r.b[size:]
	return int(n)
}

func (r *entryReader) varint() int64 {
	n, size := binary.Varint(r.b)
	r.b = r.b[size:]
	return n
}

func (r *entryReader) string() string {
	n := r.number()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *entryReader) text(known []bitext.Code) bitext.Text {
	t := bitext.Text{Chars: r.string()}
	n := r.number()
	if n > 0 {
		t.Codes = make([]bitext.Code, n)
	}
	for i := range t.Codes {
		c := &t.Codes[i]
		pos := r.number()
		if k := r.number(); k > 0 {
			*c = known[k-1]
			c.Pos = pos
			continue
		}
		c.Pos, c.Kind = pos, bitext.CodeKind(r.number())
		flags := r.number()
		c.NoCopy, c.NoDelete, c.NoReorder = flags&1 != 0, flags&2 != 0, flags&4 != 0
		for _, s := range [...]*string{&c.ID, &c.Data, &c.Equiv, &c.Disp, &c.Type, &c.SubType} {
			*s = r.string()
		}
		if n := r.number(); n > 0 {
			c.Subflows = make([]string, n)
			for i := range c.Subflows {
				c.Subflows[i] = r.string()
			}
		}
	}
	return t
}

// seenSegments are the segments of an article that a file has: by their index in the
// article, and the fingerprints of those that are not at their places.
type seenSegments struct {
	at    []uint64
	other map[segmentPrint]bool
}

func (s *seenSegments) add(i int) {
	for i/64 >= len(s.at) {
		s.at = append(s.at, 0)
	}
	s.at[i/64] |= 1 << (i % 64)
}

func (s *seenSegments) has(i int) bool { return i/64 < len(s.at) && s.at[i/64]&(1<<(i%64)) != 0 }
