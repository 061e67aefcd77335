package edition

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// Draft is the manifest of a locale that a build makes: entries of its own, and those that
// it keeps of the manifest of an earlier build without reading them. It may be used by many
// goroutines at once.
type Draft struct {
	base *Stored
	own  *Entries
	all  bool // what base has is kept

	mu   sync.Mutex
	kept map[string]bool // without all: paths of entries of base that are kept
}

// Next returns a manifest without entries, or with all entries of s, that is to replace s.
func (s *Stored) Next(all bool) *Draft {
	return &Draft{base: s, own: NewEntries(s.locale, s.direction, s.texts), all: all, kept: map[string]bool{}}
}

// Keep keeps the entry that the earlier manifest has of a path, if it has one.
func (d *Draft) Keep(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept[path] = true
}

// keeps reports whether the earlier manifest's entry of a path is kept, if there is one.
func (d *Draft) keeps(path string) bool {
	if d.own.Has(path) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all || d.kept[path]
}

// PutSegments adds the entry of an article or replaces it, see Entries.PutSegments.
func (d *Draft) PutSegments(a Article, segments Segments) {
	d.own.PutSegments(a, segments, d.base.entries(a.Path))
}

// Has reports whether there is an entry of a path.
func (d *Draft) Has(path string) bool {
	return d.own.Has(path) || d.keeps(path) && d.base.Has(path)
}

// HasPage reports whether there is an entry of a path with a page.
func (d *Draft) HasPage(path string) bool {
	return d.own.HasPage(path) || d.keeps(path) && d.base.HasPage(path)
}

// Head returns the entry of a path without its segments. It is not to be changed.
func (d *Draft) Head(path string) (*Article, bool) {
	if d.keeps(path) {
		return d.base.Head(path)
	}
	return d.own.Head(path)
}

// Release forgets the value that Head returned for a path, but not the entry.
func (d *Draft) Release(path string) { d.own.Release(path) }

// Own returns the paths of the entries that are not those of the earlier manifest, though
// they may be the same, in order.
func (d *Draft) Own() []string { return d.own.Paths() }

// Paths returns the paths of the entries, in order.
func (d *Draft) Paths() []string {
	paths := d.own.Paths()
	if d.all {
		paths = append(paths, d.base.Paths()...)
	} else {
		d.mu.Lock()
		kept := slices.Collect(maps.Keys(d.kept))
		d.mu.Unlock()
		for _, path := range kept {
			if d.base.Has(path) {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Same reports whether the earlier manifest has the same entry of a path.
func (d *Draft) Same(path string) bool {
	if d.keeps(path) {
		return d.base.Has(path)
	}
	return d.own.Same(d.base.entries(path), path)
}

// Part is a file of a manifest that is to be written: manifest.json if Name is empty.
type Part struct {
	Name    string
	entries *Entries
	parts   []string // of a manifest.json that lists parts
}

// WriteTo writes the file.
func (p Part) WriteTo(w io.Writer) (int64, error) {
	if p.parts == nil {
		return p.entries.WriteTo(w)
	}
	data, err := encodeJSON(divided{dividedVersion, p.entries.locale, p.entries.direction, p.parts}, "")
	if err != nil {
		return 0, err
	}
	n, err := w.Write(data)
	return int64(n), err
}

// Layout is what makes the files of an earlier manifest those of a new one: Write are
// written in this order, then Remove are removed, which are names of parts. Parts are the
// names of all parts then, nil if the manifest is not divided.
type Layout struct {
	Write  []Part
	Remove []string
	Parts  []string
}

// item is a part that stays as it is, an entry, or the mark of a place where something has
// changed.
type item struct {
	key   uint64 // of a part, or the number of an entry
	part  *part
	path  string // of an entry
	bytes int64
}

// Layout returns the files to write. It reads the parts that something has changed in.
func (d *Draft) Layout() (Layout, error) {
	l := layouter{d: d, frame: int64(len(d.own.head()) + len(endArticles))}
	items := l.items()
	if items != nil {
		l.divide(0, 0, items)
	}
	before := d.base.Parts()
	if items == nil {
		l.out.Parts = before
	}
	if l.out.Parts != nil && !slices.Equal(before, l.out.Parts) {
		l.out.Write = append(l.out.Write, Part{entries: d.own, parts: l.out.Parts})
	}
	for _, name := range before {
		if !slices.Contains(l.out.Parts, name) {
			l.out.Remove = append(l.out.Remove, name)
		}
	}
	return l.out, cmp.Or(l.err, d.base.Err(), d.own.Err())
}

// Root returns manifest.json of a layout, which needs not be written else.
func (d *Draft) Root(l Layout) (Part, error) {
	if l.Parts != nil {
		return Part{entries: d.own, parts: l.Parts}, nil
	}
	all := d.gather(d.Paths())
	return Part{entries: all}, cmp.Or(d.base.Err(), d.own.Err())
}

// gather returns the entries of paths.
func (d *Draft) gather(paths []string) *Entries {
	all := NewEntries(d.base.locale, d.base.direction, d.base.texts)
	for _, path := range paths {
		all.Copy(d.source(path), path)
	}
	return all
}

// source returns the entries among which that of a path is.
func (d *Draft) source(path string) *Entries {
	if d.keeps(path) {
		return d.base.entries(path)
	}
	return d.own
}

// layouter divides the entries of a draft into parts.
type layouter struct {
	d     *Draft
	out   Layout
	frame int64 // bytes of a part beside its entries
	err   error
}

// items returns the parts that stay as they are, and the entries of the others, in order;
// nil if all stay.
func (l *layouter) items() []item {
	d := l.d
	dirty, more := map[*part]bool{}, map[*part][]string{} // more are entries that no file has
	changed := func(path string) {
		p := d.base.partOf(path)
		dirty[p] = true
		more[p] = append(more[p], path)
	}
	for _, path := range d.own.Paths() {
		if !d.Same(path) || d.base.changed.Has(path) {
			changed(path)
		}
	}
	for _, path := range d.base.changed.Paths() {
		if !d.own.Has(path) {
			changed(path)
		}
	}
	if !d.all {
		for _, path := range d.base.Paths() {
			if !d.own.Has(path) && !d.keeps(path) {
				dirty[d.base.partOf(path)] = true
			}
		}
	}
	if p := d.base.parts; !d.base.divided && d.base.root.Size-l.frame > d.base.limits.Whole {
		dirty[p[0]] = true // of an earlier release
	}
	if len(dirty) == 0 {
		return nil
	}
	var items []item
	add := func(paths []string) {
		slices.Sort(paths)
		for _, path := range slices.Compact(paths) {
			if d.own.Has(path) || d.keeps(path) {
				items = append(items, item{key: numberOf(path), path: path, bytes: int64(d.source(path).textOf(path).size + len(between))})
			}
		}
	}
	for _, p := range d.base.parts {
		if !dirty[p] {
			items = append(items, item{key: p.key, part: p, bytes: -1})
			continue
		}
		items = append(items, item{key: p.key})
		add(append(more[p], d.base.load(p).Paths()...))
	}
	add(more[nil])
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.key, b.key) })
	return items
}

// divide divides the items whose keys begin with the digits of key.
func (l *layouter) divide(key uint64, digits int, items []item) {
	limit := l.d.base.limits.Part
	if digits == 0 {
		limit = l.d.base.limits.Whole
	}
	n, stay, whole := 0, 0, int64(0)
	for i := range items {
		switch it := &items[i]; {
		case it.part != nil:
			stay++
			n++
		case it.path != "":
			n++
		}
	}
	if n == stay && stay == len(items) { // nothing has changed here
		for _, it := range items {
			l.out.Parts = append(l.out.Parts, it.part.name())
		}
		return
	}
	for i := 0; i < len(items) && whole <= limit; i++ {
		whole += l.size(&items[i])
	}
	if n == 1 && stay == 1 { // it may have one entry
		for _, it := range items {
			if it.part != nil {
				n = len(l.d.base.load(it.part).Paths())
			}
		}
	}
	if whole > limit && n > 1 && digits < maxDigit {
		middle := key | 1<<(maxDigit-1-digits)
		at, _ := slices.BinarySearchFunc(items, middle, func(it item, m uint64) int { return cmp.Compare(it.key, m) })
		l.divide(key, digits+1, items[:at])
		l.divide(middle, digits+1, items[at:])
		return
	}
	var paths []string
	for _, it := range items {
		switch {
		case it.part != nil:
			paths = append(paths, l.d.base.load(it.part).Paths()...)
		case it.path != "":
			paths = append(paths, it.path)
		}
	}
	switch {
	case digits == 0:
		l.out.Write = append(l.out.Write, Part{entries: l.d.gather(paths)})
	case len(paths) > 0:
		name := nameOf(key, digits)
		l.out.Parts = append(l.out.Parts, name)
		l.out.Write = append(l.out.Write, Part{Name: name, entries: l.d.gather(paths)})
	}
}

// size returns the bytes of an item.
func (l *layouter) size(it *item) int64 {
	if it.bytes < 0 {
		file, err := l.d.base.files.Open(it.part.name())
		if err != nil && l.err == nil {
			l.err = fmt.Errorf("part %s: %w", it.part.name(), err)
		}
		it.bytes = max(file.Size-l.frame, 0)
	}
	return it.bytes
}
