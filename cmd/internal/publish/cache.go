package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc64"
	"math"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// cacheVersion is the version of the form of cache files. A file of another version
// is ignored.
const cacheVersion = "hexapla build cache 4\n"

// cache is what a build remembers of itself, so that the next one can prove that an
// article would give the same editions again. It can be lost at any time: then
// everything is built.
type cache struct {
	key       [sha256.Size]byte // of all that every article depends on
	memory    workspace.MemoryState
	manifests []fileMark // by locale of the project
	others    []page     // editions in the manifests that are of no record

	order   []string          // edition paths of records, as they come in the file
	blobs   map[string][]byte // records that are not decoded, by edition path
	decoded map[string]*record
}

// page is an edition in a manifest: the index of its locale in the project, and its
// path.
type page struct {
	locale int
	path   string
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
	path     string // of its editions
	reusable bool   // a build that finds the same inputs has the same results
	open     bool   // engines would be asked
	article  fileMark
	units    string  // see identity.Register.Digest
	sources  []int64 // its source texts, see workspace.SourceHash
	pages    []bool  // by locale of the project: the manifest has a page
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

// get returns the record of an edition path, nil if there is none.
func (c *cache) get(path string) *record {
	if r, ok := c.decoded[path]; ok {
		return r
	}
	blob, ok := c.blobs[path]
	if !ok {
		return nil
	}
	d := decoder{data: blob}
	r := d.record()
	r.path = path
	if d.err != nil {
		r = &record{path: path}
	}
	c.decoded[path] = r
	return r
}

func (c *cache) put(r *record) {
	if _, ok := c.blobs[r.path]; !ok && c.decoded[r.path] == nil {
		c.order = append(c.order, r.path)
	}
	c.decoded[r.path] = r
}

func newCache() *cache {
	return &cache{blobs: map[string][]byte{}, decoded: map[string]*record{}}
}

var crcTable = crc64.MakeTable(crc64.ECMA)

// encode returns the cache as a file.
func (c *cache) encode() []byte {
	var e encoder
	e.data = append(e.data, cacheVersion...)
	e.data = append(e.data, c.key[:]...)
	m := &c.memory
	e.ints(m.Version, m.Undos, m.Batch, int64(m.File))
	e.text(m.BatchUID)
	e.int(int64(len(c.manifests)))
	for _, f := range c.manifests {
		e.mark(f)
	}
	e.int(int64(len(c.others)))
	for _, p := range c.others {
		e.int(int64(p.locale))
		e.text(p.path)
	}
	e.int(int64(len(c.order)))
	for _, path := range c.order {
		e.text(path)
		if r := c.decoded[path]; r != nil {
			var one encoder
			one.record(r)
			e.text(string(one.data))
		} else {
			e.text(string(c.blobs[path]))
		}
	}
	return binary.LittleEndian.AppendUint64(e.data, crc64.Checksum(e.data, crcTable))
}

// decodeCache reads what encode wrote. It reports false for anything else.
func decodeCache(data []byte) (*cache, bool) {
	body := len(data) - 8
	if body < len(cacheVersion)+sha256.Size || string(data[:len(cacheVersion)]) != cacheVersion ||
		binary.LittleEndian.Uint64(data[body:]) != crc64.Checksum(data[:body], crcTable) {
		return nil, false
	}
	c := newCache()
	data = data[len(cacheVersion):body]
	c.key = [sha256.Size]byte(data)
	d := decoder{data: data[sha256.Size:]}
	m := &c.memory
	m.Version, m.Undos, m.Batch, m.File = d.int(), d.int(), d.int(), uint64(d.int())
	m.BatchUID = d.text()
	for range d.len() {
		c.manifests = append(c.manifests, d.mark())
	}
	for range d.len() {
		c.others = append(c.others, page{int(d.int()), d.text()})
	}
	for range d.len() {
		path := d.text()
		c.order = append(c.order, path)
		c.blobs[path] = d.bytes()
	}
	return c, d.err == nil && len(d.data) == 0 && len(c.blobs) == len(c.order)
}

// encoder appends values in a compact form, decoder reads them in the same order.
type encoder struct{ data []byte }

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
		e.text(f.sum)
	}
}

func (e *encoder) findings(f findings) {
	e.ints(int64(f.hidden), int64(f.counted))
	if len(f.list) == 0 {
		e.text("")
		return
	}
	data, err := json.Marshal(f.list)
	if err != nil {
		data = []byte("?") // is not read again
	}
	e.text(string(data))
}

func (e *encoder) record(r *record) {
	e.text(r.source)
	e.text(r.locale)
	e.bool(r.reusable)
	e.bool(r.open)
	e.mark(r.article)
	e.text(r.units)
	e.int(int64(len(r.sources)))
	for _, s := range r.sources {
		e.data = binary.LittleEndian.AppendUint64(e.data, uint64(s))
	}
	e.bools(r.pages)
	e.bools(r.others)
	e.findings(r.findings)
	e.int(int64(len(r.editions)))
	for i := range r.editions {
		x := &r.editions[i]
		e.text(string(x.status))
		c := &x.count
		for _, n := range countFields(c) {
			e.int(int64(*n))
		}
		e.int(int64(len(x.reasons)))
		for _, r := range x.reasons {
			e.text(r.Code)
			e.ints(int64(r.Number), int64(r.Of), int64(len(r.Units)))
			for _, u := range r.Units {
				e.text(u)
			}
		}
		e.text(string(x.newest.Kind))
		e.text(x.newest.Name)
		e.time(x.newest.Time)
		e.ints(int64(x.review), int64(x.missing))
		e.bool(x.written)
		e.mark(x.page)
		e.int(int64(len(x.links)))
		for _, l := range x.links {
			e.text(l.Path)
			e.bool(l.Article)
			e.bool(l.Edition)
			e.text(l.To)
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
	data []byte
	err  error
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

func (d *decoder) bool() bool {
	if len(d.data) == 0 {
		d.fail()
		return false
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b == 1
}

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
		f.sum = d.text()
	}
	return f
}

func (d *decoder) findings() (f findings) {
	f.hidden, f.counted = int(d.int()), int(d.int())
	if data := d.bytes(); len(data) > 0 {
		j := json.NewDecoder(bytes.NewReader(data))
		j.UseNumber() // so that numbers are written again as they were
		if j.Decode(&f.list) != nil {
			d.fail()
		}
	}
	return f
}

func (d *decoder) record() *record {
	r := &record{source: d.text(), locale: d.text(), reusable: d.bool(), open: d.bool(), article: d.mark(), units: d.text()}
	r.sources = make([]int64, d.len())
	for i := range r.sources {
		if len(d.data) < 8 {
			d.fail()
			break
		}
		r.sources[i] = int64(binary.LittleEndian.Uint64(d.data))
		d.data = d.data[8:]
	}
	r.pages, r.others, r.findings = d.bools(), d.bools(), d.findings()
	r.editions = make([]editionRecord, d.len())
	for i := range r.editions {
		x := &r.editions[i]
		x.status = edition.Status(d.text())
		for _, n := range countFields(&x.count) {
			*n = int(d.int())
		}
		for range d.len() {
			r := edition.Reason{Code: d.text(), Number: int(d.int()), Of: int(d.int())}
			for range d.len() {
				r.Units = append(r.Units, d.text())
			}
			x.reasons = append(x.reasons, r)
		}
		x.newest = bitext.Origin{Kind: bitext.OriginKind(d.text()), Name: d.text(), Time: d.time()}
		x.review, x.missing = int(d.int()), int(d.int())
		x.written, x.page = d.bool(), d.mark()
		for range d.len() {
			x.links = append(x.links, pipeline.Link{Path: d.text(), Article: d.bool(), Edition: d.bool(), To: d.text()})
		}
		x.since, x.tooOld, x.findings = d.int(), d.bool(), d.findings()
	}
	return r
}
