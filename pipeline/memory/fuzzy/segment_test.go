package fuzzy

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// saved writes an index of texts into a folder.
func saved(t testing.TB, texts []string, replace bool) (*Index, *os.Root, []string) {
	t.Helper()
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	x := build(t, texts)
	names, err := x.Save(dir, replace)
	if err != nil {
		t.Fatal(err)
	}
	return x, dir, names
}

// An index in files finds what one in memory finds, also after it grew there.
func TestSegments(t *testing.T) {
	c := newCorpus(11)
	texts := make([]string, 6000)
	for i := range texts {
		texts[i] = c.sentence()
	}
	whole := build(t, texts)
	_, dir, names := saved(t, texts[:2000], false)
	for at := 2000; at < len(texts); at += 500 {
		x, err := Open(dir, names)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Add(numbered(texts[at:at+500], at)); err != nil {
			t.Fatal(err)
		}
		if names, err = x.Save(dir, true); err != nil {
			t.Fatal(err)
		}
		if !x.Mapped() || x.Bytes() > 40_000 {
			t.Errorf("mapped: %v, with %d bytes of memory", x.Mapped(), x.Bytes())
		}
	}
	x, err := Open(dir, names)
	if err != nil {
		t.Fatal(err)
	}
	if x.Len() != len(texts) {
		t.Errorf("%d texts, want %d", x.Len(), len(texts))
	}
	for i := range 400 {
		q := c.vary(texts[i*11])
		if a, b := find(t, whole, q, 70, 3, nil), find(t, x, q, 70, 3, nil); !slices.Equal(a, b) {
			t.Errorf("%q: %v in memory, %v in files", q, a, b)
		}
	}
	if _, err := Open(dir, []string{"../" + names[0]}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a path as a name: %v", err)
	}
}

// Whatever stands in a file, whether its checksums are right or not, a search ends
// without a panic, and what is damaged is reported.
func TestDamagedSegments(t *testing.T) {
	c := newCorpus(12)
	texts := make([]string, 3000)
	for i := range texts {
		texts[i] = c.sentence()
	}
	_, dir, names := saved(t, texts, false)
	good, err := dir.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(4, 4))
	reported := 0
	for n := range 300 {
		data := slices.Clone(good)
		forged := n%2 == 1
		for range 1 + r.IntN(40) {
			at := r.IntN(len(data))
			if forged {
				at = blockSize + r.IntN(len(data)-blockSize)
			}
			switch r.IntN(3) {
			case 0:
				data[at] ^= 1 << r.IntN(8)
			case 1:
				binary.LittleEndian.PutUint32(data[at&^3:], r.Uint32())
			case 2:
				for i := range data[at:min(at+200, len(data))] {
					data[at+i] = 0xff
				}
			}
		}
		if n%10 == 0 {
			data = data[:r.IntN(len(data))]
		} else if forged {
			seal(data)
		}
		if err := dir.WriteFile(names[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		x, err := Open(dir, names)
		for i := 0; err == nil && i < 30; i++ {
			_, err = x.Find(c.vary(texts[r.IntN(len(texts))]), 1+r.IntN(99), 5, nil)
		}
		if err == nil {
			err = x.Add(numbered([]string{"one more text"}, len(texts)))
		}
		if err != nil {
			reported++
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("error %v, want %v", err, ErrDamaged)
			}
		}
		dir.Remove(names[0])
	}
	if reported < 100 {
		t.Errorf("only %d of 300 damaged files were reported", reported)
	}
	if err := dir.WriteFile(names[0], good, 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := Open(dir, names)
	if err != nil {
		t.Fatal(err)
	}
	find(t, x, texts[0], 75, 5, nil)
}

// seal makes the checksums of a segment right again.
func seal(data []byte) {
	var at int
	for p, unit := range [parts]int{32, 4, 12, 1} {
		at += blocks(int(binary.LittleEndian.Uint64(data[8+8*p:]))*unit) * blockSize
	}
	sums := data[blockSize+at:]
	for b := range len(sums) / 4 {
		binary.LittleEndian.PutUint32(sums[4*b:], crc32.Checksum(data[(b+1)*blockSize:(b+2)*blockSize], castagnoli))
	}
	binary.LittleEndian.PutUint32(data[8+8*parts:], crc32.Checksum(sums, castagnoli))
	binary.LittleEndian.PutUint32(data[blockSize-4:], crc32.Checksum(data[:blockSize-4], castagnoli))
}

// BenchmarkOpen is what the first search costs in a process.
func BenchmarkOpen(b *testing.B) {
	c := newCorpus(9)
	texts := make([]string, 1_000_000)
	for i := range texts {
		texts[i] = c.sentence()
	}
	_, dir, names := saved(b, texts, false)
	q := c.vary(texts[5000])
	texts = nil
	for b.Loop() {
		x, err := Open(dir, names)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := x.Find(q, 75, 5, nil); err != nil {
			b.Fatal(err)
		}
	}
}
