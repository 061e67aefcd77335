package publish

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/crc64"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// cacheVersion begins a cache file, and is the version of its form. A file of another
// version is ignored.
const cacheVersion = "hexapla build cache 5\n"

// cache is what a build remembers of itself, so that the next one can prove that an
// article would give the same editions again. It can be lost at any time: then
// everything is built.
//
// Its file has the records of articles, each with a checksum, then an index with all else,
// then the length and the checksum of the index. So a build of one article reads the index
// and one record.
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
}

// get returns the record of an edition path, nil if there is none that can be read.
func (c *cache) get(path string) *record {
	e := c.entries[path]
	if e == nil {
		return nil
	}
	data := make([]byte, e.size)
	if n, _ := e.file.ReadAt(data, e.at); n < len(data) || crc64.Checksum(data, crcTable) != e.sum {
		return nil
	}
	d := decoder{data: data}
	r := d.record()
	r.path = path
	if d.err != nil {
		return nil
	}
	return r
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
	for i, path := range c.order {
		e := c.entries[path]
		at[i] = out.at
		out.copy(io.NewSectionReader(e.file, e.at, int64(e.size)), int64(e.size))
	}
	var e encoder
	e.data = append(e.data, c.key[:]...)
	m := &c.memory
	e.ints(m.Version, m.Undos, m.Batch, int64(m.File))
	e.text(m.BatchUID)
	e.int(int64(len(c.manifests)))
	for i := range c.manifests {
		m := &c.manifests[i]
		e.mark(m.root)
		e.int(int64(len(m.parts)))
		for _, p := range m.parts {
			e.text(p.name)
			e.mark(p.fileMark)
		}
	}
	e.int(int64(len(c.others)))
	for _, l := range c.others {
		e.ints(int64(l.locale), int64(l.presence))
		e.text(l.path)
	}
	e.int(int64(len(c.order)))
	for i, path := range c.order {
		one := c.entries[path]
		e.text(path)
		e.int(int64(len(one.listed)))
		for _, p := range one.listed {
			e.data = append(e.data, byte(p))
		}
		e.ints(at[i], int64(one.size), int64(one.sum))
	}
	out.write(e.data)
	out.write(binary.LittleEndian.AppendUint64(nil, uint64(len(e.data))))
	out.write(binary.LittleEndian.AppendUint64(nil, crc64.Checksum(e.data, crcTable)))
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.err
}

// offsetWriter counts what it writes, and keeps the first error.
type offsetWriter struct {
	w   *bufio.Writer
	at  int64
	err error
}

func (o *offsetWriter) write(data []byte) { o.copy(bytes.NewReader(data), int64(len(data))) }

func (o *offsetWriter) copy(r io.Reader, n int64) {
	if o.err == nil {
		_, o.err = io.CopyN(o.w, r, n)
		o.at += n
	}
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
	d := decoder{data: data[sha256.Size:]}
	m := &c.memory
	m.Version, m.Undos, m.Batch, m.File = d.int(), d.int(), d.int(), uint64(d.int())
	m.BatchUID = d.text()
	for range d.len() {
		m := manifestMark{root: d.mark()}
		for range d.len() {
			m.parts = append(m.parts, partMark{d.text(), d.mark()})
		}
		if d.err != nil { // the length may be any
			return nil, false
		}
		c.manifests = append(c.manifests, m)
	}
	for range d.len() {
		l := listed{locale: int(d.int()), presence: presence(d.int()), path: d.text()}
		if d.err != nil {
			return nil, false
		}
		c.others = append(c.others, l)
		c.more[listed{locale: l.locale, path: l.path}] = l.presence
	}
	for range d.len() {
		path, e := d.text(), &cached{file: file}
		e.listed = make([]presence, d.len())
		for i := range e.listed {
			e.listed[i] = presence(d.byte())
		}
		e.at, e.size, e.sum = d.int(), int(d.int()), uint64(d.int())
		if d.err != nil || e.at < int64(len(begin)) || e.size < 0 || int64(e.size) > from-e.at {
			return nil, false
		}
		c.put(path, e)
	}
	return c, d.err == nil && len(d.data) == 0 && len(c.entries) == len(c.order)
}

// encoder appends values in a compact form, decoder reads them in the same order.
type encoder struct {
	data  []byte
	known map[string]int // the numbers of texts, see often
}

func (e *encoder) int(n int64) { e.data = binary.AppendVarint(e.data, n) }

func (e *encoder) ints(all ...int64) {
	for _, n := range all {
		e.int(n)
	}
}

func (e *encoder) text(s string) {
	e.data = binary.AppendUvarint(e.data, uint64(len(s)))
	e.data = append(e.data, s...)
}

func (e *encoder) time(t time.Time) {
	data, err := t.MarshalBinary()
	if err != nil {
		data = nil // a zone with a fraction of a second: the zero time
	}
	e.text(string(data))
}

func (e *encoder) bool(b bool) {
	if b {
		e.data = append(e.data, 1)
	} else {
		e.data = append(e.data, 0)
	}
}

func (e *encoder) bools(all []bool) {
	e.int(int64(len(all)))
	for _, b := range all {
		e.bool(b)
	}
}

func (e *encoder) mark(f fileMark) {
	e.bool(f.exists)
	if f.exists {
		e.ints(f.stamp.Size, f.stamp.Modified, f.stamp.Changed, int64(f.stamp.Inode))
		e.bool(f.stable)
		sum, err := hex.DecodeString(f.sum)
		if err != nil {
			sum = nil // of no file
		}
		e.text(string(sum))
	}
}

// often writes a text that a record has many times: once, and its number later.
func (e *encoder) often(s string) {
	n, known := e.known[s]
	e.int(int64(n))
	if known {
		return
	}
	if e.known == nil {
		e.known = map[string]int{}
	}
	e.known[s] = len(e.known) + 1
	e.text(s)
}

// place writes the place of a finding.
func (e *encoder) place(p diag.Place) {
	e.often(p.Path)
	e.ints(int64(p.Line), int64(p.Column), int64(p.EndLine), int64(p.EndColumn))
	e.often(p.Locale)
	e.often(p.Unit)
	e.often(p.Segment)
}

func (e *encoder) findings(f findings) {
	e.ints(int64(f.hidden), int64(f.counted), int64(len(f.list)))
	for i := range f.list {
		d := &f.list[i]
		e.often(d.ID)
		e.int(int64(d.Severity))
		e.place(d.Place)
		e.often(d.Message)
		e.often(d.Hint)
		e.often(d.Issue)
		args := ""
		if d.Args != nil {
			data, err := json.Marshal(d.Args)
			if err != nil {
				data = []byte("?") // is not read again
			}
			args = string(data)
		}
		e.often(args)
		e.int(int64(len(d.Related)))
		for _, r := range d.Related {
			e.place(r.Place)
			e.often(r.Message)
		}
	}
}

func (e *encoder) record(r *record) {
	e.text(r.source)
	e.text(r.locale)
	e.text(r.title)
	e.bool(r.reusable)
	e.bool(r.open)
	e.mark(r.article)
	e.text(r.units)
	e.int(int64(len(r.sources)))
	for _, s := range r.sources {
		e.data = binary.LittleEndian.AppendUint64(e.data, uint64(s))
	}
	e.bools(r.others)
	e.findings(r.findings)
	e.int(int64(len(r.editions)))
	for i := range r.editions {
		x := &r.editions[i]
		e.often(string(x.status))
		c := &x.count
		for _, n := range countFields(c) {
			e.int(int64(*n))
		}
		e.int(int64(len(x.reasons)))
		for _, r := range x.reasons {
			e.often(r.Code)
			e.ints(int64(r.Number), int64(r.Of), int64(len(r.Units)))
			for _, u := range r.Units {
				e.often(u)
			}
		}
		e.often(string(x.newest.Kind))
		e.often(x.newest.Name)
		e.time(x.newest.Time)
		e.ints(int64(x.review), int64(x.missing))
		e.bool(x.written)
		e.mark(x.page)
		e.int(int64(len(x.links)))
		for _, l := range x.links {
			e.often(l.Path)
			e.bool(l.Article)
			e.bool(l.Edition)
			e.often(l.To)
		}
		e.int(x.since)
		e.bool(x.tooOld)
		e.findings(x.findings)
	}
}

func countFields(c *edition.Count) []*int {
	return []*int{&c.Segments, &c.Words, &c.Published, &c.Reused, &c.Chrome, &c.MachineTranslated, &c.Missing, &c.OwnWords, &c.ReadyWords}
}

type decoder struct {
	data  []byte
	known []string // see encoder.often
	err   error
}

var errCache = errors.New("not a cache")

func (d *decoder) fail() {
	d.data, d.err = nil, errCache
}

func (d *decoder) int() int64 {
	n, size := binary.Varint(d.data)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.data = d.data[size:]
	return n
}

// len reads a number of values, each of which has a byte at least.
func (d *decoder) len() int {
	n := d.int()
	if n < 0 || n > int64(len(d.data)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) bytes() []byte {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > math.MaxInt32 || int(n) > len(d.data)-size {
		d.fail()
		return nil
	}
	out := d.data[size : size+int(n)]
	d.data = d.data[size+int(n):]
	return out
}

func (d *decoder) text() string { return string(d.bytes()) }

func (d *decoder) time() (t time.Time) {
	if data := d.bytes(); len(data) > 0 && t.UnmarshalBinary(data) != nil {
		d.fail()
	}
	return t
}

func (d *decoder) byte() byte {
	if len(d.data) == 0 {
		d.fail()
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

func (d *decoder) bool() bool { return d.byte() == 1 }

func (d *decoder) bools() []bool {
	out := make([]bool, d.len())
	for i := range out {
		out[i] = d.bool()
	}
	return out
}

func (d *decoder) mark() (f fileMark) {
	if f.exists = d.bool(); f.exists {
		f.stamp = rootfs.Stamp{Size: d.int(), Modified: d.int(), Changed: d.int(), Inode: uint64(d.int())}
		f.stable = d.bool()
		f.sum = hex.EncodeToString(d.bytes())
	}
	return f
}

func (d *decoder) often() string {
	n := d.int()
	switch {
	case n == 0:
		s := d.text()
		d.known = append(d.known, s)
		return s
	case n < 0 || n > int64(len(d.known)):
		d.fail()
		return ""
	}
	return d.known[n-1]
}

func (d *decoder) place() diag.Place {
	return diag.Place{Path: d.often(), Line: int(d.int()), Column: int(d.int()), EndLine: int(d.int()), EndColumn: int(d.int()), Locale: d.often(), Unit: d.often(), Segment: d.often()}
}

func (d *decoder) findings() (f findings) {
	f.hidden, f.counted = int(d.int()), int(d.int())
	for range d.len() {
		x := diag.Diagnostic{ID: d.often(), Severity: diag.Severity(d.int()), Place: d.place(), Message: d.often(), Hint: d.often(), Issue: d.often()}
		if args := d.often(); args != "" {
			j := json.NewDecoder(strings.NewReader(args))
			j.UseNumber() // so that numbers are written again as they were
			if j.Decode(&x.Args) != nil {
				d.fail()
			}
		}
		for range d.len() {
			x.Related = append(x.Related, diag.Related{Place: d.place(), Message: d.often()})
		}
		f.list = append(f.list, x)
	}
	return f
}

func (d *decoder) record() *record {
	r := &record{source: d.text(), locale: d.text(), title: d.text(), reusable: d.bool(), open: d.bool(), article: d.mark(), units: d.text()}
	r.sources = make([]int64, d.len())
	for i := range r.sources {
		if len(d.data) < 8 {
			d.fail()
			break
		}
		r.sources[i] = int64(binary.LittleEndian.Uint64(d.data))
		d.data = d.data[8:]
	}
	r.others, r.findings = d.bools(), d.findings()
	r.editions = make([]editionRecord, d.len())
	for i := range r.editions {
		x := &r.editions[i]
		x.status = edition.Status(d.often())
		for _, n := range countFields(&x.count) {
			*n = int(d.int())
		}
		for range d.len() {
			r := edition.Reason{Code: d.often(), Number: int(d.int()), Of: int(d.int())}
			for range d.len() {
				r.Units = append(r.Units, d.often())
			}
			x.reasons = append(x.reasons, r)
		}
		x.newest = bitext.Origin{Kind: bitext.OriginKind(d.often()), Name: d.often(), Time: d.time()}
		x.review, x.missing = int(d.int()), int(d.int())
		x.written, x.page = d.bool(), d.mark()
		for range d.len() {
			x.links = append(x.links, pipeline.Link{Path: d.often(), Article: d.bool(), Edition: d.bool(), To: d.often()})
		}
		x.since, x.tooOld, x.findings = d.int(), d.bool(), d.findings()
	}
	return r
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
	e.record(r)
	c := &cached{size: len(e.data), sum: crc64.Checksum(e.data, crcTable)}
	if s.file == nil && s.size+len(e.data) > maxSpool {
		s.size = -1 << 62 // of no second try
		if file, err := s.create(); err == nil {
			s.file = file
		}
	}
	if s.file == nil {
		s.size += len(e.data)
		c.file = bytes.NewReader(e.data)
		return c
	}
	// A record that cannot be written has a wrong checksum, and its article is built again.
	_, _ = s.file.WriteAt(e.data, s.end)
	c.file, c.at = s.file, s.end
	s.end += int64(len(e.data))
	return c
}

// close removes the file.
func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close()
	}
}
