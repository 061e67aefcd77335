package sqlite

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

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

// packedEntry is an expression for entryColumns as one text: the numbers, then the sizes
// of the words in bytes, then the words. The driver takes several times longer for the
// columns one by one.
const packedEntry = "concat(id, ' ', pair, ' ', text, ' ', place, ' ', prev, ' ', next, ' ', first, ' ', priority, ' ', effective_at, ' '," +
	" recorded_at, ' ', version, ' ', batch, ' ', withdrawn, ' ', sum, ' ', crc, ' ', state, ' ', ifnull(time, ''), ' '," +
	" octet_length(source), ' ', octet_length(target), ' ', octet_length(codes), ' ', octet_length(substate), ' '," +
	" octet_length(kind), ' ', octet_length(name), ' ', octet_length(terms), ' ', octet_length(props), ' '," +
	" source, target, codes, substate, kind, name, terms, props)"

// unpack sets r to what packedEntry has. The strings of r are parts of text.
func (r *row) unpack(text string) error {
	p := packed{rest: text}
	for _, n := range [...]*int64{&r.id, &r.Pair, &r.Text, &r.Place, &r.Prev, &r.Next, &r.First, &r.Priority, &r.EffectiveAt,
		&r.RecordedAt, &r.Number, &r.Batch, &r.Withdrawn, &r.Sum, &r.crc, &r.State} {
		*n = p.number()
	}
	if r.Time.Valid = !strings.HasPrefix(p.rest, " "); r.Time.Valid {
		r.Time.Int64 = p.number()
	} else {
		p.rest = p.rest[1:]
	}
	words := [...]*string{&r.Source, &r.Target, &r.Codes, &r.SubState, &r.Kind, &r.Name, &r.Terms, &r.Props}
	var sizes [len(words)]int64
	for i := range sizes {
		sizes[i] = p.number()
	}
	for i, w := range words {
		if sizes[i] < 0 || sizes[i] > int64(len(p.rest)) {
			p.failed = true
			break
		}
		*w, p.rest = p.rest[:sizes[i]], p.rest[sizes[i]:]
	}
	if p.failed || p.rest != "" {
		return fmt.Errorf("%w: the values of an entry are of other types than the table's", memory.ErrDamaged)
	}
	return nil
}

// packed reads numbers that stand in a text, each with a space behind it.
type packed struct {
	rest   string
	failed bool
}

func (p *packed) number() int64 {
	text, rest, ok := strings.Cut(p.rest, " ")
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil {
		p.failed = true
	}
	p.rest = rest
	return n
}

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

func (r *row) appendVersion(args []any) []any {
	r.crc = r.check()
	var time any
	if r.Time.Valid {
		time = r.Time.Int64
	}
	return append(args, r.Priority, r.EffectiveAt, r.RecordedAt, r.Number, r.Batch, r.Withdrawn, r.Sum, r.crc,
		r.Source, r.Target, r.Codes, r.State, r.SubState, r.Kind, r.Name, time, r.Terms, r.Props)
}

// entryArgs returns the values of entryColumns.
func (r *row) entryArgs() []any { return r.appendEntry(make([]any, 0, entryWidth)) }

// appendEntry appends the values of entryColumns.
func (r *row) appendEntry(args []any) []any {
	return r.appendVersion(append(args, r.id, r.Pair, r.Text, r.Place, r.Prev, r.Next, r.First))
}

// historyArgs returns the values of historyColumns.
func (r *row) historyArgs() []any { return r.appendVersion([]any{r.id}) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// check returns the row's checksum: CRC-32C over all that is the version's, but for
// whether it is withdrawn.
func (r *row) check() int64 {
	size := 8*8 + 1 + 8*4
	for _, s := range [...]string{r.Source, r.Target, r.Codes, r.SubState, r.Kind, r.Name, r.Terms, r.Props} {
		size += len(s)
	}
	b := make([]byte, 0, size)
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
