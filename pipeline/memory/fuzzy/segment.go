package fuzzy

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"
)

// ErrDamaged reports that a segment's file is not what was written.
var ErrDamaged = errors.New("the index of similar texts is damaged")

// A segment is a shard in a file: a header of one block, then the parts of the shard
// as they are in memory, each from a block's beginning, then a checksum (CRC-32C) of
// each block between. All numbers are little-endian. A block's checksum is compared
// when the block is first read, so that opening a file of any size costs the same.
// A segment never changes: it is written under another name, and renamed.
const (
	segmentMagic = "HXSIMIL1"
	segmentEnd   = ".segment"
	blockSize    = 4096
	maxSegment   = 1 << 36 // bytes; more cannot be
)

// Parts of a segment, in their order in the file.
const (
	partDocs = iota
	partLists
	partSlots
	partText
	parts
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// file is a segment that is mapped into memory.
type file struct {
	name  string
	data  []byte
	start [parts]int      // in bytes from the file's beginning
	sums  []uint32        // by block, from the first part's on
	seen  []atomic.Uint64 // a bit for each block that was compared with its checksum
}

// check compares the blocks of n bytes of a part, from an offset, with their
// checksums, those that were not compared before. It panics with ErrDamaged: Find
// recovers from it, as from all that a damaged file can lead to.
func (f *file) check(part, at, n int) {
	at += f.start[part] - blockSize
	for b, last := at/blockSize, (at+max(n, 1)-1)/blockSize; b <= last; b++ {
		w, bit := &f.seen[b/64], uint64(1)<<(b%64)
		if w.Load()&bit != 0 {
			continue
		}
		if crc32.Checksum(f.data[(b+1)*blockSize:(b+2)*blockSize], castagnoli) != f.sums[b] {
			panic(ErrDamaged)
		}
		w.Or(bit)
	}
}

// IsSegment reports whether name is that of a segment's file.
func IsSegment(name string) bool {
	hexed, ok := strings.CutSuffix(name, segmentEnd)
	_, err := hex.DecodeString(hexed)
	return ok && err == nil && len(hexed) == 32
}

// mappable reports whether this machine has the file's order of bytes.
func mappable() bool { return binary.NativeEndian.Uint16([]byte{1, 0}) == 1 }

// Open returns the index that the named segments of a folder make. It reads a few
// blocks of each. What is in them is not to be trusted: Find reports damage, but
// whoever may write to the folder can make an index that names texts with wrong
// scores; the caller has the texts, and compares.
func Open(dir *os.Root, names []string) (*Index, error) {
	x := &Index{}
	var shards []*shard
	for _, name := range names {
		s, err := openSegment(dir, name)
		if err != nil {
			return nil, err
		}
		shards = append(shards, s)
	}
	x.shards.Store(&shards)
	return x, nil
}

func openSegment(dir *os.Root, name string) (*shard, error) {
	damaged := func(what string) error { return fmt.Errorf("%w: %s: %s", ErrDamaged, name, what) }
	if !mappable() {
		return nil, errors.ErrUnsupported
	}
	if !IsSegment(name) {
		return nil, damaged("it is not a name of a segment")
	}
	info, err := dir.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, damaged("it is not a regular file")
	}
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	size := info.Size()
	head := make([]byte, blockSize)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:8]) != segmentMagic || size > maxSegment || !info.Mode().IsRegular() {
		return nil, damaged("it does not begin as a segment")
	}
	if crc32.Checksum(head[:blockSize-4], castagnoli) != binary.LittleEndian.Uint32(head[blockSize-4:]) {
		return nil, damaged("the checksum of its header is wrong")
	}
	var n [parts]int
	m := &file{name: name}
	at := blockSize
	for p, unit := range [parts]int{int(unsafe.Sizeof(doc{})), 4, int(unsafe.Sizeof(slot{})), 1} {
		v := binary.LittleEndian.Uint64(head[8+8*p:])
		if v > uint64(maxShard) {
			return nil, damaged("a part is too long")
		}
		n[p], m.start[p] = int(v), at
		at += blocks(int(v)*unit) * blockSize
	}
	count := at/blockSize - 1
	if int64(at+4*count) != size || n[partDocs] == 0 || bits.OnesCount(uint(n[partSlots])) != 1 {
		return nil, damaged("its size is wrong")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if m.data, err = mapFile(f, int(size)); err != nil {
		return nil, err
	}
	runtime.AddCleanup(m, unmap, m.data)
	sums := make([]byte, 4*count)
	if _, err := f.ReadAt(sums, int64(at)); err != nil {
		return nil, err
	}
	if crc32.Checksum(sums, castagnoli) != binary.LittleEndian.Uint32(head[8+8*parts:]) {
		return nil, damaged("the checksum of its checksums is wrong")
	}
	m.sums = make([]uint32, count)
	for i := range m.sums {
		m.sums[i] = binary.LittleEndian.Uint32(sums[4*i:])
	}
	m.seen = make([]atomic.Uint64, (count+63)/64)
	return &shard{
		text:  m.data[m.start[partText]:][:n[partText]:n[partText]],
		docs:  view[doc](m, partDocs, n[partDocs]),
		lists: view[uint32](m, partLists, n[partLists]),
		slots: view[slot](m, partSlots, n[partSlots]),
		file:  m,
	}, nil
}

func blocks(size int) int { return (size + blockSize - 1) / blockSize }

// view returns a part of a mapped file as values: it begins at a block's beginning.
func view[T any](f *file, part, n int) []T {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&f.data[f.start[part]])), n)
}

// raw returns the bytes of values.
func raw[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}

// Save writes what has no file yet into new segments in a folder, and returns the
// names of all segments of the index. If replace, the index then uses the files, and
// gives the memory back. Save may run beside Find, and waits for Add.
func (x *Index) Save(dir *os.Root, replace bool) ([]string, error) {
	if !mappable() {
		return nil, errors.ErrUnsupported
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.shards.Load()
	if p == nil {
		return nil, nil
	}
	shards := slices.Clone(*p)
	names := make([]string, len(shards))
	for i, s := range shards {
		if s.file != nil {
			names[i] = s.file.name
			if _, err := dir.Lstat(s.file.name); err == nil {
				continue
			}
			// Another process merged it into one of its own. What is mapped is still here.
			if err := s.checkAll(); err != nil {
				return nil, err
			}
		}
		name, err := s.write(dir)
		if err != nil {
			return nil, err
		}
		names[i] = name
		if replace {
			if shards[i], err = openSegment(dir, name); err != nil {
				return nil, err
			}
		}
	}
	x.shards.Store(&shards)
	return names, nil
}

// checkAll reports whether a mapped shard is whole.
func (s *shard) checkAll() (err error) {
	defer recoverMapped([]*shard{s}, &err)()
	for part, bytes := range [parts][]byte{raw(s.docs), raw(s.lists), raw(s.slots), s.text} {
		s.file.check(part, 0, len(bytes))
	}
	return nil
}

// Mapped reports whether some of the index is in files.
func (x *Index) Mapped() bool {
	p := x.shards.Load()
	return p != nil && slices.ContainsFunc(*p, func(s *shard) bool { return s.file != nil })
}

// write writes a shard as a segment, and returns its name.
func (s *shard) write(dir *os.Root) (_ string, err error) {
	id := make([]byte, 16)
	rand.Read(id)
	name := hex.EncodeToString(id) + segmentEnd
	temporary := name + ".tmp"
	f, err := dir.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			f.Close()
			dir.Remove(temporary)
		}
	}()
	defer recoverMapped([]*shard{s}, &err)() // the file may have been cut since its blocks were checked
	defer runtime.KeepAlive(s.file)
	w := bufio.NewWriterSize(f, 1<<18)
	w.Write(make([]byte, blockSize))
	var sums []byte
	var zeros [blockSize]byte
	for _, part := range [parts][]byte{raw(s.docs), raw(s.lists), raw(s.slots), s.text} {
		for len(part) > 0 {
			b := part[:min(blockSize, len(part))]
			part = part[len(b):]
			w.Write(b)
			sum := crc32.Checksum(b, castagnoli)
			if pad := zeros[len(b):]; len(pad) > 0 {
				w.Write(pad)
				sum = crc32.Update(sum, castagnoli, pad)
			}
			sums = binary.LittleEndian.AppendUint32(sums, sum)
		}
	}
	w.Write(sums)
	if err := w.Flush(); err != nil {
		return "", err
	}
	head := append(make([]byte, 0, blockSize), segmentMagic...)
	for _, n := range [parts]int{len(s.docs), len(s.lists), len(s.slots), len(s.text)} {
		head = binary.LittleEndian.AppendUint64(head, uint64(n))
	}
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(sums, castagnoli))
	head = head[:blockSize]
	binary.LittleEndian.PutUint32(head[blockSize-4:], crc32.Checksum(head[:blockSize-4], castagnoli))
	if _, err := f.WriteAt(head, 0); err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	return name, dir.Rename(temporary, name)
}
