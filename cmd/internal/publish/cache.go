package publish

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc64"
	"io"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/compact"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// cacheVersion begins a cache file, and is the version of its form. A file of another
// version is ignored.
const cacheVersion = "hexapla build cache 8\n"

// cache is what a build remembers of itself, so that the next one can prove that an
// article would give the same editions again. It can be lost at any time: then
// everything is built.
//
// Its file has the records of articles, each with a checksum, then an index with all else,
// then the length and the checksum of the index. So a build of one article reads the index
// and one record. The findings that only some commands list are at the end of a record: the
// others do not decode them.
type cache struct {
	key       [sha256.Size]byte // of all that every article depends on
	memory    workspace.MemoryState
	manifests []manifestMark // by locale of the project
	others    []listed       // entries of manifests that are of no record

	order   []string // edition paths of records, in order
	entries map[string]*cached
	more    map[listed]presence // others, by locale and path; of a cache that was read
}

// cached is a record that is not decoded.
type cached struct {
	listed []presence // by locale of the project: what its manifest has
	file   io.ReaderAt
	at     int64
	size   int
	sum    uint64
}

// decode returns the decoders of the two parts of the record: of all but the findings
// that some commands do not list, and of these.
func (e *cached) decode() (main, quiet decoder, ok bool) {
	data := make([]byte, e.size)
	if n, _ := e.file.ReadAt(data, e.at); n < len(data) || crc64.Checksum(data, crcTable) != e.sum {
		return main, quiet, false
	}
	all := compact.Decoder{Data: data}
	main.Data = all.Bytes()
	quiet.Data = all.Data
	return main, quiet, all.Err == nil
}

// presence is what a manifest has of an edition.
type presence uint8

const (
	absent presence = iota
	entryAlone
	entryAndPage
)

// listed is an entry of a manifest: the index of its locale in the project, and its path.
type listed struct {
	locale int
	path   string
	presence
}

// manifestMark identifies the files of a manifest.
type manifestMark struct {
	root  fileMark
	parts []partMark // in order
}

// partMark identifies the file of a part.
type partMark struct {
	name string
	fileMark
}

// part returns the mark of a part, nil if there is none.
func (m *manifestMark) part(name string) *fileMark {
	i, found := slices.BinarySearchFunc(m.parts, name, func(p partMark, name string) int { return strings.Compare(p.name, name) })
	if !found {
		return nil
	}
	return &m.parts[i].fileMark
}

// fileMark identifies the content of a file. A file whose stamp was not stable when
// it was noted is compared by its hash.
type fileMark struct {
	exists bool
	stamp  rootfs.Stamp
	stable bool
	sum    string // SHA-256 in hexadecimal
}

// record is what is remembered of an article.
type record struct {
	source   string
	locale   string // of the article, if it is not the project's source; see pipeline.Result
	title    string // "" if it has none, or it is not known
	path     string // of its editions
	reusable bool   // a build that finds the same inputs has the same results
	open     bool   // engines would be asked
	article  fileMark
	units    string  // see identity.Register.Digest
	sources  []int64 // its source texts, see workspace.SourceHash
	others   []bool  // by locale of the project: not built, but there was a page
	findings findings
	editions []editionRecord // by locale that was built
}

// editionRecord is what is remembered of one edition.
type editionRecord struct {
	status   edition.Status
	count    edition.Count
	reasons  []edition.Reason
	newest   bitext.Origin
	review   int      // see edition.Published
	missing  int      // words
	written  bool     // the build had a page to write
	page     fileMark // if there is one
	links    []pipeline.Link
	since    int64 // of a kept page, nanoseconds since 1970
	tooOld   bool
	findings findings
}

// findings are diagnostics, or a part of them: without those that only a list of all
// findings has, if they are many.
type findings struct {
	list    []diag.Diagnostic
	hidden  int // left out
	counted int // of these, warnings and errors
	quiet   quiet
}

// quiet counts the findings of a list that only some commands list, and that were not
// decoded with the others; see cache.whole.
type quiet struct {
	number  int
	counted int // of these, warnings and errors
}

// get returns the record of an edition path without the quiet findings of its editions,
// nil if there is none that can be read.
func (c *cache) get(path string) *record {
	e := c.entries[path]
	if e == nil {
		return nil
	}
	d, _, ok := e.decode()
	if !ok {
		return nil
	}
	r := d.record()
	r.path = path
	if d.Err != nil || len(d.Data) > 0 {
		return nil
	}
	return r
}

// whole adds the quiet findings to a record that get returned. It reports false if they
// cannot be read.
func (c *cache) whole(r *record) bool {
	e := c.entries[r.path]
	if e == nil {
		return false
	}
	_, d, ok := e.decode()
	return ok && d.quiet(r) && len(d.Data) == 0
}

// presence returns what the manifest of a locale of the project has of an edition.
func (c *cache) presence(locale int, path string) presence {
	if e := c.entries[path]; e != nil {
		if locale < len(e.listed) {
			return e.listed[locale]
		}
		return absent
	}
	return c.more[listed{locale: locale, path: path}]
}

// put adds an entry, or replaces the one of the same path.
func (c *cache) put(path string, e *cached) {
	if c.entries[path] == nil {
		c.order = append(c.order, path)
	}
	c.entries[path] = e
}

func newCache() *cache { return &cache{entries: map[string]*cached{}, more: map[listed]presence{}} }

var crcTable = crc64.MakeTable(crc64.ECMA)

// write writes the file of the cache.
func (c *cache) write(w io.Writer) error {
	out := &offsetWriter{w: bufio.NewWriterSize(w, 64<<10)}
	out.write([]byte(cacheVersion))
	at := make([]int64, len(c.order))
	var from cached // the records that are copied next, which are side by side in a file
	for i, path := range c.order {
		e := c.entries[path]
		if e.file != from.file || e.at != from.at+int64(from.size) || from.size+e.size > maxCopy {
			out.records(&from)
			from = cached{file: e.file, at: e.at}
		}
		at[i] = out.at + int64(from.size)
		from.size += e.size
	}
	out.records(&from)
	var e encoder
	e.Data = append(e.Data, c.key[:]...)
	m := &c.memory
	e.Ints(m.Version, m.Undos, m.Batch, int64(m.File))
	e.Text(m.BatchUID)
	e.Int(int64(len(c.manifests)))
	for i := range c.manifests {
		m := &c.manifests[i]
		e.mark(m.root)
		e.Int(int64(len(m.parts)))
		for _, p := range m.parts {
			e.Text(p.name)
			e.mark(p.fileMark)
		}
	}
	e.Int(int64(len(c.others)))
	for _, l := range c.others {
		e.Ints(int64(l.locale), int64(l.presence))
		e.Text(l.path)
	}
	e.Int(int64(len(c.order)))
	for i, path := range c.order {
		one := c.entries[path]
		e.Text(path)
		e.Int(int64(len(one.listed)))
		for _, p := range one.listed {
			e.Byte(byte(p))
		}
		e.Ints(at[i], int64(one.size), int64(one.sum))
	}
	out.write(e.Data)
	out.write(binary.LittleEndian.AppendUint64(nil, uint64(len(e.Data))))
	out.write(binary.LittleEndian.AppendUint64(nil, crc64.Checksum(e.Data, crcTable)))
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.err
}

// maxCopy is the number of bytes of records that are copied at once, but for a record that
// is larger.
const maxCopy = 256 << 10

// offsetWriter counts what it writes, and keeps the first error.
type offsetWriter struct {
	w    *bufio.Writer
	at   int64
	err  error
	copy []byte
}

func (o *offsetWriter) write(data []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(data)
		o.at += int64(len(data))
	}
}

// records copies records that are side by side.
func (o *offsetWriter) records(from *cached) {
	if from.size == 0 || o.err != nil {
		return
	}
	o.copy = slices.Grow(o.copy[:0], from.size)[:from.size]
	if n, err := from.file.ReadAt(o.copy, from.at); n < from.size {
		o.err = cmp.Or(err, io.ErrUnexpectedEOF)
	}
	o.write(o.copy)
}

// maxIndex is the size in bytes of the index of a cache that is read.
const maxIndex = 1 << 30

// readCache reads the index of what write wrote. It reports false for anything else. The
// records stay in the file.
func readCache(file io.ReaderAt, size int64) (*cache, bool) {
	begin, end := make([]byte, len(cacheVersion)), make([]byte, 16)
	if n, _ := file.ReadAt(begin, 0); n < len(begin) || string(begin) != cacheVersion {
		return nil, false
	}
	if n, _ := file.ReadAt(end, size-int64(len(end))); n < len(end) {
		return nil, false
	}
	length := binary.LittleEndian.Uint64(end)
	if length < sha256.Size || length > maxIndex || int64(length) > size-int64(len(begin)+len(end)) {
		return nil, false
	}
	data := make([]byte, length)
	from := size - int64(len(end)) - int64(length)
	if n, _ := file.ReadAt(data, from); n < len(data) || crc64.Checksum(data, crcTable) != binary.LittleEndian.Uint64(end[8:]) {
		return nil, false
	}
	c := newCache()
	c.key = [sha256.Size]byte(data)
	d := decoder{compact.Decoder{Data: data[sha256.Size:]}}
	m := &c.memory
	m.Version, m.Undos, m.Batch, m.File = d.Int(), d.Int(), d.Int(), uint64(d.Int())
	m.BatchUID = d.Text()
	for range d.Len() {
		m := manifestMark{root: d.mark()}
		for range d.Len() {
			m.parts = append(m.parts, partMark{d.Text(), d.mark()})
		}
		if d.Err != nil { // the length may be any
			return nil, false
		}
		c.manifests = append(c.manifests, m)
	}
	for range d.Len() {
		l := listed{locale: int(d.Int()), presence: presence(d.Int()), path: d.Text()}
		if d.Err != nil {
			return nil, false
		}
		c.others = append(c.others, l)
		c.more[listed{locale: l.locale, path: l.path}] = l.presence
	}
	for range d.Len() {
		path, e := d.Text(), &cached{file: file}
		e.listed = make([]presence, d.Len())
		for i := range e.listed {
			e.listed[i] = presence(d.Byte())
		}
		e.at, e.size, e.sum = d.Int(), int(d.Int()), uint64(d.Int())
		if d.Err != nil || e.at < int64(len(begin)) || e.size < 0 || int64(e.size) > from-e.at {
			return nil, false
		}
		c.put(path, e)
	}
	return c, d.Err == nil && len(d.Data) == 0 && len(c.entries) == len(c.order)
}

// encoder appends what a cache has in a compact form, decoder reads it in the same order.
type encoder struct{ compact.Encoder }

func (e *encoder) time(t time.Time) {
	data, err := t.MarshalBinary()
	if err != nil {
		data = nil // a zone with a fraction of a second: the zero time
	}
	e.Text(string(data))
}

func (e *encoder) bools(all []bool) {
	e.Int(int64(len(all)))
	for _, b := range all {
		e.Bool(b)
	}
}

func (e *encoder) mark(f fileMark) {
	e.Bool(f.exists)
	if f.exists {
		e.Ints(f.stamp.Size, f.stamp.Modified, f.stamp.Changed, int64(f.stamp.Inode))
		e.Bool(f.stable)
		sum, err := hex.DecodeString(f.sum)
		if err != nil {
			sum = nil // of no file
		}
		e.Text(string(sum))
	}
}

func (e *encoder) findings(f findings) {
	e.Ints(int64(f.hidden), int64(f.counted))
	_ = e.Findings(f.list) // a record with an error is not read again
}

// loud returns those findings that a summary without Options.AllFindings may list, and
// counts the others.
func (f *findings) loud() (list []diag.Diagnostic, q quiet) {
	list = f.list[:0:0] // nil if f.list is
	for i := range f.list {
		if d := &f.list[i]; isLoud(d) {
			list = append(list, *d)
		} else {
			q.add(d)
		}
	}
	return list, q
}

// add counts a finding.
func (q *quiet) add(d *diag.Diagnostic) {
	q.number++
	if d.Severity > diag.Info {
		q.counted++
	}
}

// whole appends a record with both of its parts.
func (e *encoder) whole(r *record) {
	var main, quiet encoder
	main.record(r)
	quiet.quiet(r)
	e.Bytes(main.Data)
	e.Data = append(e.Data, quiet.Data...)
}

// quiet appends the findings of those editions that have any that are not in record.
func (e *encoder) quiet(r *record) {
	for i := range r.editions {
		if f := &r.editions[i].findings; slices.ContainsFunc(f.list, func(d diag.Diagnostic) bool { return !isLoud(&d) }) {
			_ = e.Findings(f.list) // a record with an error is not read again
		}
	}
}

// quiet reads what encoder.quiet wrote into a record. It reports whether that is whole.
func (d *decoder) quiet(r *record) bool {
	for i := range r.editions {
		if f := &r.editions[i].findings; f.quiet != (quiet{}) {
			f.list, f.quiet = d.Findings(), quiet{}
		}
	}
	return d.Err == nil
}

// record appends a record without the quiet findings of its editions.
func (e *encoder) record(r *record) {
	e.Text(r.source)
	e.Text(r.locale)
	e.Text(r.title)
	e.Bool(r.reusable)
	e.Bool(r.open)
	e.mark(r.article)
	e.Text(r.units)
	e.Int(int64(len(r.sources)))
	for _, s := range r.sources {
		e.Fixed(uint64(s))
	}
	e.bools(r.others)
	e.findings(r.findings)
	e.Int(int64(len(r.editions)))
	for i := range r.editions {
		x := &r.editions[i]
		e.Often(string(x.status))
		c := &x.count
		for _, n := range countFields(c) {
			e.Int(int64(*n))
		}
		e.Int(int64(len(x.reasons)))
		for _, r := range x.reasons {
			e.Often(r.Code)
			e.Ints(int64(r.Number), int64(r.Of), int64(len(r.Units)))
			for _, u := range r.Units {
				e.Often(u)
			}
		}
		e.Often(string(x.newest.Kind))
		e.Often(x.newest.Name)
		e.time(x.newest.Time)
		e.Ints(int64(x.review), int64(x.missing))
		e.Bool(x.written)
		e.mark(x.page)
		e.Int(int64(len(x.links)))
		for _, l := range x.links {
			e.Often(l.Path)
			e.Bool(l.Article)
			e.Bool(l.Edition)
			e.Often(l.To)
		}
		e.Int(x.since)
		e.Bool(x.tooOld)
		f := x.findings
		f.list, f.quiet = f.loud()
		e.Ints(int64(f.quiet.number), int64(f.quiet.counted))
		e.findings(f)
	}
}

func countFields(c *edition.Count) []*int {
	return []*int{&c.Segments, &c.Words, &c.Published, &c.Reused, &c.Chrome, &c.MachineTranslated, &c.Missing, &c.OwnWords, &c.ReadyWords}
}

type decoder struct{ compact.Decoder }

func (d *decoder) time() (t time.Time) {
	if data := d.Bytes(); len(data) > 0 && t.UnmarshalBinary(data) != nil {
		d.Fail()
	}
	return t
}

func (d *decoder) bools() []bool {
	out := make([]bool, d.Len())
	for i := range out {
		out[i] = d.Bool()
	}
	return out
}

func (d *decoder) mark() (f fileMark) {
	if f.exists = d.Bool(); f.exists {
		f.stamp = rootfs.Stamp{Size: d.Int(), Modified: d.Int(), Changed: d.Int(), Inode: uint64(d.Int())}
		f.stable = d.Bool()
		f.sum = hex.EncodeToString(d.Bytes())
	}
	return f
}

func (d *decoder) findings() findings {
	return findings{hidden: int(d.Int()), counted: int(d.Int()), list: d.Findings()}
}

func (d *decoder) record() *record {
	r := &record{source: d.Text(), locale: d.Text(), title: d.Text(), reusable: d.Bool(), open: d.Bool(), article: d.mark(), units: d.Text()}
	r.sources = make([]int64, d.Len())
	for i := range r.sources {
		r.sources[i] = int64(d.Fixed())
	}
	r.others, r.findings = d.bools(), d.findings()
	r.editions = listOf(d, func(x *editionRecord) {
		x.status = edition.Status(d.Often())
		for _, n := range countFields(&x.count) {
			*n = int(d.Int())
		}
		x.reasons = listOf(d, func(r *edition.Reason) {
			r.Code, r.Number, r.Of = d.Often(), int(d.Int()), int(d.Int())
			r.Units = listOf(d, func(unit *string) { *unit = d.Often() })
		})
		x.newest = bitext.Origin{Kind: bitext.OriginKind(d.Often()), Name: d.Often(), Time: d.time()}
		x.review, x.missing = int(d.Int()), int(d.Int())
		x.written, x.page = d.Bool(), d.mark()
		x.links = listOf(d, func(l *pipeline.Link) {
			*l = pipeline.Link{Path: d.Often(), Article: d.Bool(), Edition: d.Bool(), To: d.Often()}
		})
		x.since, x.tooOld = d.Int(), d.Bool()
		q := quiet{int(d.Int()), int(d.Int())}
		x.findings = d.findings()
		x.findings.quiet = q
	})
	return r
}

// listOf reads a list, nil if it is empty. It grows with what there is, whatever its length
// says.
func listOf[T any](d *decoder, read func(*T)) (list []T) {
	n := d.Len()
	if n > 0 {
		list = make([]T, 0, min(n, 64))
	}
	for i := 0; i < n && d.Err == nil; i++ {
		list = append(list, *new(T))
		read(&list[i])
	}
	return list
}

// spool keeps the records of a build in a file, once they need more memory than they
// should.
type spool struct {
	create func() (*rootfs.Temporary, error)
	size   int
	file   *rootfs.Temporary
	end    int64
}

// maxSpool is the size of the records that are kept in memory, in bytes.
const maxSpool = 4 << 20

// put keeps a record.
func (s *spool) put(r *record) *cached {
	var e encoder
	e.whole(r)
	c := &cached{size: len(e.Data), sum: crc64.Checksum(e.Data, crcTable)}
	if s.file == nil && s.size+len(e.Data) > maxSpool {
		s.size = -1 << 62 // of no second try
		if file, err := s.create(); err == nil {
			s.file = file
		}
	}
	if s.file == nil {
		s.size += len(e.Data)
		c.file = bytes.NewReader(e.Data)
		return c
	}
	// A record that cannot be written has a wrong checksum, and its article is built again.
	_, _ = s.file.WriteAt(e.Data, s.end)
	c.file, c.at = s.file, s.end
	s.end += int64(len(e.Data))
	return c
}

// close removes the file.
func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close()
	}
}
