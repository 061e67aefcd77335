package slot

import (
	"database/sql"
	"slices"

	"hexapla/pipeline/memory"
)

// Row is a version with what a store has beside it. R is a pointer.
type Row[R any] interface {
	comparable
	Base() *Version
	Copy() R // a row of the same version that is in no table and not current
}

// Rows are the versions of one slot.
type Rows[R Row[R]] struct {
	// ID is for the store: its own number of the slot.
	ID int64
	// Complete reports that the versions that are not current are there too.
	Complete bool

	rows  []R
	index *index[R] // of a large slot, else nil
}

// Large is the number of versions from which a slot has an index. The store keeps such
// a slot until the end of the transaction: without that, n translations of one text
// would take time of n².
const Large = 16

// index makes adding a version to a large slot independent of the number of its
// versions.
type index[R Row[R]] struct {
	contents map[Words]int
	groups   []group // by content
	sums     map[int64]int
	imports  map[int64][]int // by batch: the imported versions that are not withdrawn
	current  []int           // all that are current, and some that are so no longer
	best     int
	first    int64
	seen     []R // among them all that are in Adder.seen
}

// group is what the index has of the versions of one content: their places among the
// rows, -1 for none.
type group struct {
	current          int
	withdrawn, other int // the first that is, and that is not, withdrawn
	byTime           map[sql.NullInt64]int
}

// Plan is what a store has to write when versions came to a slot.
type Plan[R any] struct {
	Added   []R  // all that came
	Raised  []R  // those, new or old, that became current; the best first, if it is among them
	Lowered []R  // old ones that are current no longer
	Earlier bool // the slot's first version came: First is another for all
	Best    R    // the version of the highest rank before, of no meaning if there was none
}

// Load adds rows that the store read.
func (s *Rows[R]) Load(rows ...R) {
	s.rows = append(s.rows, rows...)
	s.index = nil
}

// All returns the rows, not to be changed.
func (s *Rows[R]) All() []R { return s.rows }

// Len returns the number of rows.
func (s *Rows[R]) Len() int {
	if s == nil {
		return 0
	}
	return len(s.rows)
}

// IsLarge reports whether the store must keep the slot until the end of its
// transaction.
func (s *Rows[R]) IsLarge() bool { return len(s.rows) >= Large }

// makeIndex gives the slot its index if it is large and complete.
func (s *Rows[R]) makeIndex() {
	if s.index != nil || !s.Complete || !s.IsLarge() {
		return
	}
	x := &index[R]{contents: make(map[Words]int, len(s.rows)), sums: make(map[int64]int, len(s.rows)), imports: map[int64][]int{},
		first: s.rows[0].Base().RecordedAt, seen: slices.Clone(s.rows)}
	s.index = x
	for i, r := range s.rows {
		v := r.Base()
		x.add(i, v)
		if v.isHigher(s.rows[x.best].Base()) {
			x.best = i
		}
		x.first = min(x.first, v.RecordedAt)
		if v.Current {
			x.current = append(x.current, i)
			x.groups[v.content].current = i
		}
	}
}

// add adds the version at a place.
func (x *index[R]) add(at int, v *Version) {
	n, ok := x.contents[v.Words]
	if !ok {
		n = len(x.groups)
		x.contents[v.Words] = n
		x.groups = append(x.groups, group{current: -1, withdrawn: -1, other: -1})
	}
	v.content = n
	if _, ok := x.sums[v.Sum]; !ok {
		x.sums[v.Sum] = at
	}
	g := &x.groups[n]
	if v.Withdrawn != 0 {
		if g.withdrawn < 0 {
			g.withdrawn = at
		}
		return
	}
	if g.other < 0 {
		g.other = at
	}
	if g.byTime == nil {
		g.byTime = map[sql.NullInt64]int{}
	}
	if _, ok := g.byTime[v.Time]; !ok {
		g.byTime[v.Time] = at
	}
	if v.isImported() {
		x.imports[v.Batch] = append(x.imports[v.Batch], at)
	}
}

// Best returns the version of the highest rank. There must be one.
func (s *Rows[R]) Best() R {
	if s.makeIndex(); s.index != nil {
		return s.rows[s.index.best]
	}
	best := s.rows[0]
	for _, r := range s.rows[1:] {
		if r.Base().isHigher(best.Base()) {
			best = r
		}
	}
	return best
}

// Earliest returns RecordedAt of the slot's first version. There must be one.
func (s *Rows[R]) Earliest() int64 {
	if s.makeIndex(); s.index != nil {
		return s.index.first
	}
	first := s.rows[0].Base().RecordedAt
	for _, r := range s.rows {
		first = min(first, r.Base().RecordedAt)
	}
	return first
}

// WithSum returns the version with a checksum.
func (s *Rows[R]) WithSum(sum int64) (r R, ok bool) {
	if s.makeIndex(); s.index != nil {
		at, ok := s.index.sums[sum]
		if ok {
			r = s.rows[at]
		}
		return r, ok
	}
	for _, r := range s.rows {
		if r.Base().Sum == sum {
			return r, true
		}
	}
	return r, false
}

// currentLike returns the current version with the content of v.
func (s *Rows[R]) currentLike(v *Version) (r R, ok bool) {
	if s.makeIndex(); s.index != nil {
		n, ok := s.index.contents[v.Words]
		if !ok || s.index.groups[n].current < 0 {
			return r, false
		}
		return s.rows[s.index.groups[n].current], true
	}
	for _, r := range s.rows {
		if old := r.Base(); old.Current && old.Words == v.Words {
			return r, true
		}
	}
	return r, false
}

// formerLike returns the first version with the content of v that is withdrawn, if
// withdrawn is set, or that is not withdrawn and has v's time, or any time if anyTime is
// set. With force only a withdrawn one counts.
func (s *Rows[R]) formerLike(v *Version, withdrawn, anyTime, force bool) (r R, ok bool) {
	if s.makeIndex(); s.index != nil {
		n, ok := s.index.contents[v.Words]
		if !ok {
			return r, false
		}
		g, at := &s.index.groups[n], len(s.rows)
		if withdrawn && g.withdrawn >= 0 {
			at = g.withdrawn
		}
		if !force {
			if anyTime && g.other >= 0 {
				at = min(at, g.other)
			} else if same, ok := g.byTime[v.Time]; ok {
				at = min(at, same)
			}
		}
		if at == len(s.rows) {
			return r, false
		}
		return s.rows[at], true
	}
	for _, r := range s.rows {
		old := r.Base()
		if old.Words != v.Words {
			continue
		}
		if old.Withdrawn != 0 && withdrawn || old.Withdrawn == 0 && !force && (anyTime || old.Time == v.Time) {
			return r, true
		}
	}
	return r, false
}

// Current returns the current versions.
func (s *Rows[R]) Current() []R {
	var out []R
	if s.index != nil {
		for _, at := range s.index.current {
			if r := s.rows[at]; r.Base().Current {
				out = append(out, r)
			}
		}
		return out
	}
	for _, r := range s.rows {
		if r.Base().Current {
			out = append(out, r)
		}
	}
	return out
}

// Put adds new versions to a complete slot, marks which are current, and returns what
// the store has to write. What is current follows from the set of versions alone, see
// memory.Current.
func (s *Rows[R]) Put(added ...R) Plan[R] {
	p := Plan[R]{Added: added}
	old := len(s.rows)
	first := added[0].Base().RecordedAt
	for _, r := range added {
		first = min(first, r.Base().RecordedAt)
	}
	if old > 0 {
		p.Best = s.Best()
		before := s.Earliest()
		p.Earlier = first < before
		first = min(first, before)
	}
	for _, r := range added {
		r.Base().First = first
	}
	if v := added[0].Base(); old == 0 && len(added) == 1 { // by far the most frequent
		s.rows = slices.Clip(added)
		if v.Current = v.Withdrawn == 0; v.Current {
			p.Raised = added
		}
		return p
	}
	if s.index == nil {
		s.rows = append(s.rows, added...)
		p.Raised, p.Lowered = s.Place()
		s.makeIndex()
		return p
	}
	var touched []int
	for _, r := range added {
		s.rows = append(s.rows, r)
		touched = s.putIndexed(len(s.rows)-1, touched)
	}
	best := s.index.best
	// The best first, see Plan.
	if v := s.rows[best].Base(); v.Current && (best >= old || v.touched && !v.before) {
		p.Raised = append(p.Raised, s.rows[best])
	}
	slices.Sort(touched)
	for _, at := range touched {
		r := s.rows[at]
		v := r.Base()
		switch {
		case v.Current == v.before || at >= old:
		case !v.Current:
			p.Lowered = append(p.Lowered, r)
		case at != best:
			p.Raised = append(p.Raised, r)
		}
		v.touched = false
	}
	for at := old; at < len(s.rows); at++ {
		if r := s.rows[at]; at != best && r.Base().Current {
			p.Raised = append(p.Raised, r)
		}
	}
	return p
}

// putIndexed marks what the version at a place of a large slot, the last one, changes,
// and adds the places of versions whose mark it changes to touched.
func (s *Rows[R]) putIndexed(at int, touched []int) []int {
	x := s.index
	v, best := s.rows[at].Base(), s.rows[x.best].Base()
	x.add(at, v)
	x.first = min(x.first, v.RecordedAt)
	set := func(i int, current bool) {
		o := s.rows[i].Base()
		if !o.touched {
			o.touched, o.before = true, o.Current
			touched = append(touched, i)
		}
		if o.Current = current; current {
			x.groups[o.content].current = i
			x.current = append(x.current, i)
		} else if x.groups[o.content].current == i {
			x.groups[o.content].current = -1
		}
	}
	v.Current = false
	higher := v.isHigher(best)
	if higher {
		x.best = at
	}
	switch {
	case v.Withdrawn != 0:
	case best.Withdrawn == 0 && v.isAlternative(best):
		// One more alternative, or the better one of two with the same content.
		o := x.groups[v.content].current
		if o >= 0 {
			if !v.isHigher(s.rows[o].Base()) {
				break
			}
			set(o, false)
		}
		set(at, true)
	case higher:
		for _, i := range x.current {
			if s.rows[i].Base().Current {
				set(i, false)
			}
		}
		x.current = x.current[:0]
		set(at, true)
		if !v.isImported() {
			break
		}
		for _, i := range x.imports[v.Batch] {
			o := s.rows[i].Base()
			if i == at || o.content == v.content {
				continue
			}
			rival := x.groups[o.content].current
			if rival >= 0 {
				if !o.isHigher(s.rows[rival].Base()) {
					continue
				}
				set(rival, false)
			}
			set(i, true)
		}
	}
	return touched
}

// Place marks which of the slot's versions are current, given all of them, and returns
// those, the best first, that became current, and those that are current no longer.
func (s *Rows[R]) Place() (raised, lowered []R) {
	s.index = nil
	for _, r := range s.rows {
		v := r.Base()
		v.before, v.Current = v.Current, false
	}
	for _, i := range s.place() {
		r := s.rows[i]
		v := r.Base()
		if v.Current = true; !v.before {
			raised = append(raised, r)
		}
	}
	for _, r := range s.rows {
		if v := r.Base(); v.before && !v.Current {
			lowered = append(lowered, r)
		}
	}
	return raised, lowered
}

// place returns the places of the versions that are to be current.
func (s *Rows[R]) place() []int {
	versions := make([]memory.SlotVersion, len(s.rows))
	imports := 0
	for _, r := range s.rows {
		if r.Base().isImported() {
			imports++
		}
	}
	for i, r := range s.rows {
		v := r.Base()
		versions[i] = memory.SlotVersion{Rank: v.Rank(), Batch: v.Batch, Withdrawn: v.Withdrawn != 0, Imported: v.isImported()}
		if imports > 1 && v.isImported() {
			versions[i].Content = v.Words.text()
		}
	}
	return memory.Current(versions)
}
