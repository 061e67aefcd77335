package edition

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// memoryFiles are the files of a manifest in memory.
type memoryFiles struct {
	data   map[string][]byte
	opened int // parts
}

func (m *memoryFiles) Open(part string) (File, error) {
	data, ok := m.data[part]
	if !ok {
		return File{}, fs.ErrNotExist
	}
	if part != "" {
		m.opened++
	}
	return File{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}, nil
}

// write makes the files what a draft has.
func (m *memoryFiles) write(t *testing.T, d *Draft) {
	t.Helper()
	l, err := d.Layout()
	if err != nil {
		t.Fatal(err)
	}
	now := maps.Clone(m.data)
	for _, p := range l.Write {
		var b bytes.Buffer
		if n, err := p.WriteTo(&b); err != nil || n != int64(b.Len()) {
			t.Fatal(n, err)
		}
		now[p.Name] = b.Bytes()
	}
	for _, name := range l.Remove {
		delete(now, name)
	}
	m.data = now
}

// listed knows the entries of a manifest, as the cache of a build does.
type listed map[string]Article

func (l listed) Entry(path, _ string) (entry, page, ok bool) {
	a, entry := l[path]
	return entry, a.Edition != "", true
}

func (l listed) Paths() ([]string, bool) { return slices.Sorted(maps.Keys(l)), true }

var layouts = flag.Int("layouts", 4, "how many random manifests TestStored changes")

// The files of a manifest are the same whatever it was before, have its entries, and most
// of them are left alone when one entry changes.
func TestStored(t *testing.T) {
	article := func(r *rand.Rand, path string) Article {
		a := Article{Path: path, Source: "articles/" + path, Status: Finished, SHA256: fmt.Sprint(r.IntN(3)), Segments: []Provenance{}}
		if r.IntN(2) == 0 {
			a.Edition = "x"
		}
		n := r.IntN(120)
		if r.IntN(60) == 0 {
			n = 3000 // more than a part
		}
		for range n / 20 {
			a.Segments = append(a.Segments, Provenance{Unit: strings.Repeat("paragraph", 300), Segment: "s1", StandIn: "en"})
		}
		return a
	}
	for seed := range *layouts {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		files, model, divided := &memoryFiles{data: map[string][]byte{}}, map[string]Article{}, false
		for step := range 14 {
			base := NewStored("uk", "ltr", nil)
			if step > 0 {
				var listing Listing
				if r.IntN(3) > 0 {
					listing = listed(maps.Clone(model))
				}
				var err error
				if base, err = ReadStored("uk", "ltr", files, listing, nil); err != nil {
					t.Fatal(err)
				}
			}
			all := r.IntN(2) == 0
			d := base.Next(all)
			changes := 1 + r.IntN(4)
			if step == 0 || r.IntN(6) == 0 {
				changes = 150
			}
			for range changes {
				a := article(r, fmt.Sprintf("%d.html", r.IntN(400)))
				model[a.Path] = a
				switch r.IntN(3) {
				case 0: // as a second pass of a build does
					first := base.Next(true)
					first.PutSegments(a, a.segments())
					base.Replace(first, a.Path)
					if r.IntN(2) == 0 && !d.own.Has(a.Path) {
						d.Keep(a.Path)
						break
					}
					fallthrough
				default:
					d.PutSegments(a, a.segments())
				}
			}
			if !all {
				drop := r.IntN(20)
				if step%5 == 4 {
					drop = 100 // nearly all
				}
				for _, path := range slices.Sorted(maps.Keys(model)) {
					if d.own.Has(path) {
						continue
					}
					if base.changed.Has(path) || r.IntN(100) >= drop {
						d.Keep(path)
					} else {
						delete(model, path)
					}
				}
			}
			files.write(t, d)

			fresh, empty := &memoryFiles{data: map[string][]byte{}}, NewStored("uk", "ltr", nil).Next(false)
			for _, a := range model {
				empty.PutSegments(a, a.segments())
			}
			fresh.write(t, empty)
			if !maps.EqualFunc(files.data, fresh.data, bytes.Equal) {
				t.Fatalf("seed %d, step %d: the files are not those of a new manifest: %q, want %q", seed, step, slices.Sorted(maps.Keys(files.data)), slices.Sorted(maps.Keys(fresh.data)))
			}
			divided = divided || len(fresh.data) > 1
			read, err := ReadStored("uk", "ltr", files, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := slices.Sorted(maps.Keys(model)); !slices.Equal(read.Paths(), want) || !slices.Equal(d.Paths(), want) {
				t.Fatalf("seed %d, step %d: paths %q, want %q", seed, step, read.Paths(), want)
			}
			for path, a := range model {
				got, ok := read.Find(path)
				if !ok || len(got.Segments) != len(a.Segments) || got.SHA256 != a.SHA256 || read.HasPage(path) != (a.Edition != "") || d.HasPage(path) != (a.Edition != "") {
					t.Fatalf("seed %d, step %d: %s is not as it was put", seed, step, path)
				}
			}
			if nothing, err := read.Next(true).Layout(); err != nil || len(nothing.Write)+len(nothing.Remove) > 0 {
				t.Fatalf("an unchanged manifest is written: %v, %v", nothing, err)
			}
		}
		if !divided {
			t.Error("no manifest was divided")
		}
	}
}

// A change of one entry reads and writes its part alone.
func TestStoredReadsOnePart(t *testing.T) {
	d, model := NewStored("uk", "ltr", nil).Next(false), listed{}
	for i := range 300 {
		a := Article{Path: fmt.Sprintf("%d.html", i), SHA256: strings.Repeat("x", 9000), Segments: []Provenance{}}
		model[a.Path] = a
		d.PutSegments(a, Segments{})
	}
	files := &memoryFiles{data: map[string][]byte{}}
	files.write(t, d)
	s, err := ReadStored("uk", "ltr", files, model, nil)
	if err != nil {
		t.Fatal(err)
	}
	next := s.Next(true)
	a := model["7.html"]
	a.Source = "y"
	next.PutSegments(a, Segments{})
	l, err := next.Layout()
	if err != nil || len(l.Write) != 1 || len(l.Remove) > 0 || len(l.Parts) < 16 || files.opened > 8 {
		t.Fatalf("%d parts are opened, %d of %d written, %v", files.opened, len(l.Write), len(l.Parts), err)
	}
}

// A list of parts that does not fit its parts is no manifest.
func TestStoredDamaged(t *testing.T) {
	whole, err := (&Manifest{Locale: "uk", Direction: "ltr", Articles: []Article{{Path: "a", Segments: []Provenance{}}}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	part := nameOf(numberOf("a"), 1)
	other := map[string]string{"0": "1", "1": "0"}[part]
	root := func(locale string, parts ...string) []byte {
		data, _ := encodeJSON(divided{dividedVersion, locale, "ltr", parts}, "")
		return data
	}
	for name, data := range map[string]map[string][]byte{
		"":             {"": root("uk", part), part: whole},
		"lost part":    {"": root("uk", "0", "1"), part: whole},
		"wrong part":   {"": root("uk", other), other: whole},
		"damaged part": {"": root("uk", part), part: whole[:len(whole)/2]},
		"order":        {"": root("uk", "1", "0"), "0": whole, "1": whole},
		"overlap":      {"": root("uk", "0", "00"), "0": whole, "00": whole},
		"name":         {"": root("uk", "../x"), "../x": whole},
		"empty name":   {"": root("uk", ""), part: whole},
		"long name":    {"": root("uk", strings.Repeat(part, 65)), part: whole},
		"locale":       {"": root("ru", part), part: whole},
		"cut":          {"": root("uk", part)[:50], part: whole},
	} {
		if _, err := ReadStored("uk", "ltr", &memoryFiles{data: data}, nil, nil); (err == nil) != (name == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
