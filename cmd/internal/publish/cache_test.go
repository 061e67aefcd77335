package publish

import (
	"bytes"
	"encoding/binary"
	"hash/crc64"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/cmd/internal/compact"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// sampleRecord has a value in most fields.
func sampleRecord() *record {
	mark := fileMark{exists: true, stamp: rootfs.Stamp{Size: 1, Modified: 2, Changed: 3, Inode: 4}, stable: true, sum: hash([]byte("page"))}
	d := diag.Diagnostic{
		ID: "a.b", Severity: diag.Warning, Place: diag.Place{Path: "a.md", Line: 1, Locale: "ru", Unit: "u1"}, Message: "слово",
		Args: map[string]any{"term": "слово"}, Related: []diag.Related{{Message: "here"}},
	}
	loud := d
	loud.Severity = diag.Error
	return &record{
		source: "articles/a.md", path: "a.md", title: "One", reusable: true, article: mark, units: "x", sources: []int64{-1, 1 << 62}, others: []bool{true, false},
		findings: findings{list: []diag.Diagnostic{d}, hidden: 1, counted: 2},
		editions: []editionRecord{{
			status: edition.Unfinished, count: edition.Count{Segments: 3, Words: 5}, reasons: []edition.Reason{{Code: "missing", Number: 1, Of: 3, Units: []string{"u1"}}},
			newest: bitext.Origin{Kind: "human", Name: "Ann", Time: time.Unix(5, 0).UTC()}, written: true, page: mark, links: []pipeline.Link{{Path: "b.md", To: "b.html"}},
			findings: findings{list: []diag.Diagnostic{d, loud, d}},
		}},
	}
}

// sampleCache returns the file of a cache with a record.
func sampleCache(t testing.TB) []byte {
	t.Helper()
	c := newCache()
	s := spool{}
	e := s.put(sampleRecord())
	e.listed = []presence{entryAndPage, absent}
	c.put("a.md", e)
	c.manifests = []manifestMark{{root: fileMark{exists: true, sum: hash(nil)}, parts: []partMark{{"0", fileMark{}}, {"1", fileMark{exists: true, sum: hash(nil)}}}}, {}}
	c.others = []listed{{1, "gone.md", entryAlone}}
	var b bytes.Buffer
	if err := c.write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var unexported = cmp.AllowUnexported(record{}, fileMark{}, findings{}, editionRecord{}, quiet{})

// What is read of a cache is what was written; of a file that is damaged anywhere, nothing
// or a part of that.
func TestCacheFile(t *testing.T) {
	data := sampleCache(t)
	check := func(c *cache) {
		t.Helper()
		if r := c.get("a.md"); r != nil {
			short := sampleRecord()
			short.editions[0].findings = findings{list: short.editions[0].findings.list[1:2], quiet: quiet{2, 2}}
			if d := cmp.Diff(short, r, unexported); d != "" {
				t.Error(d)
			}
			if !c.whole(r) {
				t.Error("the record has no quiet findings")
			} else if d := cmp.Diff(sampleRecord(), r, unexported); d != "" {
				t.Error(d)
			}
		}
		if c.presence(0, "a.md") != entryAndPage || c.presence(1, "gone.md") != entryAlone || c.presence(7, "a.md") != absent || len(c.manifests[0].parts) != 2 {
			t.Errorf("read %+v", c)
		}
	}
	c, ok := readCache(bytes.NewReader(data), int64(len(data)))
	if !ok || c.get("a.md") == nil {
		t.Fatal("a sound cache is not read")
	}
	check(c)
	for i := range data {
		bad := bytes.Clone(data)
		bad[i] ^= 1
		if c, ok := readCache(bytes.NewReader(bad), int64(len(bad))); ok {
			check(c)
		}
		if _, ok := readCache(bytes.NewReader(data[:i]), int64(i)); ok {
			t.Errorf("the first %d bytes are a cache", i)
		}
	}
}

// A list of a record takes memory for what it has, whatever its length says.
func TestRecordOfWrongLength(t *testing.T) {
	const size = 1 << 20
	r := sampleRecord()
	r.editions = nil
	var e encoder
	e.record(r)
	e.Data = e.Data[:len(e.Data)-1] // the length of the editions
	e.Int(size)
	d := decoder{compact.Decoder{Data: append(e.Data, make([]byte, size)...)}}
	got := d.record()
	if n := cap(got.editions); n == 0 || n > size/8 || d.Err == nil {
		t.Errorf("room for %d editions in %d bytes, error %v", n, size, d.Err)
	}
}

// FuzzReadCache reads caches whose checksums are right, whatever else they have.
func FuzzReadCache(f *testing.F) {
	data := sampleCache(f)
	length := int(binary.LittleEndian.Uint64(data[len(data)-16:]))
	at := len(data) - 16 - length
	f.Add(data[len(cacheVersion):at], data[at:len(data)-16])
	f.Fuzz(func(t *testing.T, records, index []byte) {
		data := append(append([]byte(cacheVersion), records...), index...)
		data = binary.LittleEndian.AppendUint64(data, uint64(len(index)))
		data = binary.LittleEndian.AppendUint64(data, crc64.Checksum(index, crcTable))
		if c, ok := readCache(bytes.NewReader(data), int64(len(data))); ok {
			for _, path := range c.order {
				c.get(path)
			}
			var b bytes.Buffer
			if err := c.write(&b); err != nil {
				t.Fatal(err)
			}
			if again, ok := readCache(bytes.NewReader(b.Bytes()), int64(b.Len())); !ok || !cmp.Equal(again.order, c.order) {
				t.Error("what was read is not written so that it can be read")
			}
		}
		c := newCache()
		c.put("", &cached{file: bytes.NewReader(records), size: len(records), sum: crc64.Checksum(records, crcTable)})
		r := c.get("")
		if r == nil || !c.whole(r) {
			return
		}
		var all encoder
		all.whole(r)
		c.put("", &cached{file: bytes.NewReader(all.Data), size: len(all.Data), sum: crc64.Checksum(all.Data, crcTable)})
		again := c.get("")
		if again == nil || !c.whole(again) || cmp.Diff(r, again, unexported, cmpopts.EquateNaNs()) != "" {
			t.Error("a record is not read as it was written")
		}
	})
}
