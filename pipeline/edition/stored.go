package edition

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// A manifest that would be larger than maxWhole is divided into parts, so that a build of
// one article need not read and write what all the others have. An entry belongs to the
// part whose name its number begins with, in binary digits; the number is of the first 64
// bits of the SHA-256 of the entry's path. A part that would be larger than maxPart is
// divided in two, by the next digit: so the same entries have the same parts, whatever the
// manifest was before. Each part is a manifest of its own, of its articles; manifest.json
// lists their names then.
const (
	maxWhole = 1 << 20   // bytes of all entries
	maxPart  = 256 << 10 // bytes of the entries of a part, if it has more than one
	maxDigit = 64        // binary digits of a name
)

// Limits are the sizes in bytes that decide how a manifest is divided: what stays whole,
// and what a part has at most, if it has more than one entry.
type Limits struct {
	Whole, Part int64
}

// PartsFolder is the folder of the parts of a manifest, beside it.
const PartsFolder = "manifest.parts"

// PartName returns the name of the file of a part in PartsFolder.
func PartName(part string) string { return part + ".json" }

// PartOfName returns the part whose file in PartsFolder has a name. ok is false for a name
// that PartName never returns.
func PartOfName(file string) (part string, ok bool) {
	part, ok = strings.CutSuffix(file, ".json")
	return part, ok && isPart(part)
}

// isPart reports whether a part can have a name.
func isPart(name string) bool {
	return name != "" && len(name) <= maxDigit && strings.Trim(name, "01") == ""
}

// dividedVersion is the version of the form of a manifest that is divided.
const dividedVersion = 3

// divided is a manifest.json whose articles are in parts.
type divided struct {
	Version   int      `json:"version"`
	Locale    string   `json:"locale"`
	Direction string   `json:"direction"`
	Parts     []string `json:"parts"`
}

// File is a file of a manifest that is open for reading. A Known one is as Encode wrote
// it, and is not checked.
type File struct {
	io.ReaderAt
	Size  int64
	Known bool
}

// Files are the files of a manifest. Open opens that of a part, or manifest.json for "";
// what it returns may be read at any later time.
type Files interface {
	Open(part string) (File, error)
}

// Listing knows the entries of a manifest without reading it. Entry returns whether there
// is one of a path, and one with a page; ok is false if that is not known. Paths returns
// the paths of all entries, in order.
type Listing interface {
	Entry(path, part string) (entry, page, ok bool)
	Paths() (paths []string, ok bool)
}

// Stored is the manifest of a locale as an earlier build left it, whose parts are read when
// they are needed. It may be used by many goroutines at once.
type Stored struct {
	locale, direction string
	texts             *Texts
	files             Files
	listing           Listing // nil if nothing is known
	limits            Limits

	divided bool
	root    File     // manifest.json
	parts   []*part  // in order; one without a name if the manifest is not divided
	changed *Entries // entries that count instead of those in files, see Replace

	mu  sync.Mutex
	err error // the first one of reading a part
}

// part is a part of a manifest.
type part struct {
	key    uint64 // its name, with zeros behind it
	digits int
	once   sync.Once
	all    *Entries
}

func (p *part) name() string { return nameOf(p.key, p.digits) }

func nameOf(key uint64, digits int) string {
	return fmt.Sprintf("%064b", key)[:digits]
}

// numberOf returns the number by which the part of a path is found.
func numberOf(path string) uint64 {
	sum := sha256.Sum256([]byte(path))
	return binary.BigEndian.Uint64(sum[:])
}

// covers reports whether a number begins with the digits of a part.
func covers(key uint64, digits int, number uint64) bool {
	return digits == 0 || (key^number)>>(maxDigit-digits) == 0
}

// NewStored returns the manifest of a locale that has none yet.
func NewStored(locale, direction string, texts *Texts) *Stored {
	s := &Stored{locale: locale, direction: direction, texts: texts, limits: Limits{maxWhole, maxPart}, changed: NewEntries(locale, direction, texts)}
	p := &part{all: NewEntries(locale, direction, texts)}
	p.once.Do(func() {})
	s.parts = []*part{p}
	return s
}

// ReadStored reads the manifest of a locale. Parts of which listing knows the entries are
// read when they are needed, the others are read and checked now. The error says why the
// manifest cannot be used.
func ReadStored(locale, direction string, files Files, listing Listing, texts *Texts) (*Stored, error) {
	root, err := files.Open("")
	if err != nil {
		return nil, err
	}
	s := NewStored(locale, direction, texts)
	s.files, s.listing = files, listing
	d, ok, err := readDivided(root, locale)
	if err != nil {
		return nil, err
	}
	s.root, s.divided, s.parts = root, ok, nil
	if !ok {
		s.parts = []*part{{}}
	}
	for _, name := range d.Parts {
		if !isPart(name) {
			return nil, fmt.Errorf("manifest: a part cannot have the name %q", name)
		}
		p := &part{digits: len(name)}
		for i := range len(name) {
			p.key |= uint64(name[i]-'0') << (maxDigit - 1 - i)
		}
		if n := len(s.parts); n > 0 && (s.parts[n-1].key >= p.key || covers(s.parts[n-1].key, s.parts[n-1].digits, p.key)) {
			return nil, fmt.Errorf("manifest: the part %q is out of order", name)
		}
		s.parts = append(s.parts, p)
	}
	if listing == nil {
		for _, p := range s.parts {
			if s.load(p); s.err != nil {
				return nil, s.err
			}
		}
	}
	return s, nil
}

// Divide sets other limits than those of all releases, for tests with small manifests.
func (s *Stored) Divide(limits Limits) { s.limits = limits }

// maxRoot is the size in bytes of the list of parts that is read.
const maxRoot = 64 << 20

// readDivided reads a manifest.json that lists parts. It reports false for a manifest that
// is not divided.
func readDivided(root File, locale string) (d divided, ok bool, err error) {
	begin := make([]byte, min(root.Size, 40))
	if _, err := root.ReadAt(begin, 0); err != nil && !errors.Is(err, io.EOF) {
		return d, false, err
	}
	if root.Size > maxRoot || bytes.HasPrefix(begin, fmt.Appendf(nil, "{\n  \"version\": %d,", ManifestVersion)) {
		return d, false, nil
	}
	data := make([]byte, root.Size)
	if n, err := root.ReadAt(data, 0); n < len(data) {
		return d, false, cmp.Or(err, io.ErrUnexpectedEOF)
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return d, false, fmt.Errorf("manifest: %w", err)
	}
	if d.Version != dividedVersion {
		return d, false, nil
	}
	if d.Locale != locale {
		return d, false, fmt.Errorf("manifest: it is of locale %q", d.Locale)
	}
	return d, true, nil
}

// load reads a part. One that cannot be read has no entries, and the manifest an error.
func (s *Stored) load(p *part) *Entries {
	p.once.Do(func() {
		p.all = NewEntries(s.locale, s.direction, s.texts)
		file, err := s.root, error(nil)
		if s.divided {
			file, err = s.files.Open(p.name())
		}
		if err == nil {
			var all *Entries
			if all, err = ReadEntries(s.locale, s.direction, file, file.Size, file.Known, s.texts); err == nil {
				p.all = all
				for _, path := range all.Paths() {
					if !covers(p.key, p.digits, numberOf(path)) {
						err = fmt.Errorf("manifest: the entry of %q is not of this part", path)
					}
				}
			}
		}
		if err != nil {
			s.mu.Lock()
			if s.divided {
				err = fmt.Errorf("part %s: %w", p.name(), err)
			}
			s.err = cmp.Or(s.err, err)
			s.mu.Unlock()
		}
	})
	return p.all
}

// partOf returns the part that the entry of a path belongs to, nil if there is none.
func (s *Stored) partOf(path string) *part {
	if !s.divided {
		return s.parts[0]
	}
	number := numberOf(path)
	i, found := slices.BinarySearchFunc(s.parts, number, func(p *part, n uint64) int { return cmp.Compare(p.key, n) })
	if !found {
		i--
	}
	if i < 0 || !covers(s.parts[i].key, s.parts[i].digits, number) {
		return nil
	}
	return s.parts[i]
}

// PartOf returns the name of the part that the entry of a path belongs to; ok is false if
// the manifest is not divided, or has none.
func (s *Stored) PartOf(path string) (name string, ok bool) {
	if p := s.partOf(path); s.divided && p != nil {
		return p.name(), true
	}
	return "", false
}

// Parts returns the names of the parts, in order, nil if the manifest is not divided.
func (s *Stored) Parts() []string {
	if !s.divided {
		return nil
	}
	names := make([]string, 0, len(s.parts))
	for _, p := range s.parts {
		names = append(names, p.name())
	}
	return names
}

// entries returns the entries among which that of a path is, if there is one.
func (s *Stored) entries(path string) *Entries {
	if s.changed.Has(path) {
		return s.changed
	}
	if p := s.partOf(path); p != nil {
		return s.load(p)
	}
	return s.changed
}

// entry reports whether there is an entry of a path, and one with a page.
func (s *Stored) entry(path string) (entry, page bool) {
	if s.listing != nil && !s.changed.Has(path) {
		p := s.partOf(path)
		if p == nil {
			return false, false
		}
		if entry, page, ok := s.listing.Entry(path, p.name()); ok {
			return entry, page
		}
	}
	e := s.entries(path)
	return e.Has(path), e.HasPage(path)
}

// Has reports whether there is an entry of a path.
func (s *Stored) Has(path string) bool {
	entry, _ := s.entry(path)
	return entry
}

// HasPage reports whether there is an entry of a path with a page.
func (s *Stored) HasPage(path string) bool {
	_, page := s.entry(path)
	return page
}

// Find returns the entry of a path. It is not to be changed.
func (s *Stored) Find(path string) (*Article, bool) { return s.entries(path).Find(path) }

// Head is Find without the entry's segments.
func (s *Stored) Head(path string) (*Article, bool) { return s.entries(path).Head(path) }

// Release forgets the values that Find and Head returned for a path, but not the entry.
func (s *Stored) Release(path string) { s.entries(path).Release(path) }

// Paths returns the paths of the entries, in order.
func (s *Stored) Paths() []string {
	all := s.changed.Paths()
	known := false
	if s.listing != nil {
		var paths []string
		if paths, known = s.listing.Paths(); known {
			all = append(all, paths...)
		}
	}
	if !known {
		for _, p := range s.parts {
			all = append(all, s.load(p).Paths()...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// FromSource returns the paths of the entries of a source article.
func (s *Stored) FromSource(source string) []string {
	var out []string
	for _, path := range s.Paths() {
		if a, ok := s.Head(path); ok && a.Source == source {
			out = append(out, path)
		}
		s.Release(path)
	}
	return out
}

// Replace makes the entry of a path in d that of s, too.
func (s *Stored) Replace(d *Draft, path string) { s.changed.Copy(d.own, path) }

// Err returns the first error of reading a part, nil if there was none.
func (s *Stored) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
