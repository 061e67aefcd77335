package edition

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"sync"
)

// Entries is a Manifest whose articles are kept as the JSON that they are written
// as, an order of magnitude smaller than their values, or not in memory at all. It may
// be used by many goroutines at once. Make it with NewEntries or ReadEntries.
type Entries struct {
	locale, direction string
	texts             *Texts

	mu      sync.Mutex
	text    map[string]text     // by path
	decoded map[string]*Article // those that are in use, see Release
	heads   map[string]*Article // the same, without segments
	err     error               // the first one of reading or writing a text
}

// NewEntries returns the entries of a manifest without articles, which are kept in
// texts.
func NewEntries(locale, direction string, texts *Texts) *Entries {
	return &Entries{locale: locale, direction: direction, texts: texts, text: map[string]text{}, decoded: map[string]*Article{}, heads: map[string]*Article{}}
}

// ReadEntries reads the manifest of a locale, as ParseManifest does, from a file, which
// must stay open. A manifest that is known to be written by Encode is not checked. The
// entries stay in the file, if its layout is that of Encode.
func ReadEntries(locale, direction string, file io.ReaderAt, size int64, known bool, texts *Texts) (*Entries, error) {
	if e, ok := splitEntries(locale, direction, file, size, known, texts); ok {
		return e, nil
	}
	if size > maxForeign {
		return nil, fmt.Errorf("manifest: it is not as it was written, and larger than %d bytes", maxForeign)
	}
	data, err := io.ReadAll(io.NewSectionReader(file, 0, size))
	if err != nil {
		return nil, err
	}
	m, err := ParseManifest(locale, data)
	if err != nil {
		return nil, err
	}
	e := NewEntries(m.Locale, m.Direction, texts)
	for i := range m.Articles {
		e.Put(m.Articles[i], nil)
		m.Articles[i].Segments = nil // not needed any more
		e.Release(m.Articles[i].Path)
	}
	return e, e.err
}

const (
	maxForeign = 256 << 20 // size in bytes of a manifest that has another layout than Encode gives
	maxLine    = 16 << 20  // length in bytes of a line of a manifest that Encode wrote
)

// The lines of a manifest as Encode writes it. No string of JSON has a line end, so
// that such a line is in no text.
const (
	beginArticle  = "    {\n"
	beginPath     = "      \"path\": "
	beginEdition  = "      \"editionSHA256\": \""
	beginSegments = "\n      \"segments\": "
	endArticle    = "    }"
	endArticles   = "\n  ]\n}\n"
	between       = ",\n" // two articles
)

// splitEntries finds where the articles of a manifest begin. It reports false if the
// manifest has another layout than Encode gives it, or if it is not known and its
// articles are not as they should be.
func splitEntries(locale, direction string, file io.ReaderAt, size int64, known bool, texts *Texts) (*Entries, bool) {
	e := NewEntries(locale, direction, texts)
	head := e.head()
	in := lineReader{r: bufio.NewReaderSize(io.NewSectionReader(file, 0, size), 64<<10)}
	begin := make([]byte, len(head))
	if _, err := io.ReadFull(in.r, begin); err != nil || !bytes.Equal(begin, head) {
		return nil, false
	}
	in.at = int64(len(head))
	switch in.next(); string(in.line) {
	case "[]\n":
		in.next()
		return e, string(in.line) == "}\n" && in.at == size
	case "[\n":
	default:
		return nil, false
	}
	var whole []byte
	last := ""
	for {
		start := in.at
		if in.next(); string(in.line) != beginArticle {
			return nil, false
		}
		whole = append(whole[:0], in.line...)
		in.next()
		if !known {
			whole = append(whole, in.line...)
		}
		line, ok := bytes.CutPrefix(in.line, []byte(beginPath))
		if !ok {
			return nil, false
		}
		var path string
		if json.Unmarshal(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte(",")), &path) != nil || path <= last {
			return nil, false
		}
		last = path
		t := text{from: file, at: start}
		more := false
		for t.size == 0 {
			in.next()
			switch {
			case len(in.line) == 0:
				return nil, false
			case string(in.line) == endArticle+",\n", string(in.line) == endArticle+"\n":
				more = in.line[len(endArticle)] == ','
				t.size = int(in.at - start - int64(len(in.line)-len(endArticle)))
				in.line = in.line[:len(endArticle)]
			case bytes.HasPrefix(in.line, []byte(beginEdition)):
				t.page = true
			}
			if !known {
				whole = append(whole, in.line...)
			}
		}
		if known {
			e.text[path] = t
		} else if !e.check(path, whole, t) {
			return nil, false
		}
		if !more {
			in.next()
			if string(in.line) != "  ]\n" {
				return nil, false
			}
			in.next()
			return e, string(in.line) == "}\n" && in.at == size
		}
	}
}

// check adds the entry of an article whose text is whole, if that is what Put makes of
// it.
func (e *Entries) check(path string, whole []byte, t text) bool {
	var a Article
	if json.Unmarshal(whole, &a) != nil || a.Path != path {
		return false
	}
	data, err := encodeArticle(&a, a.segments())
	if err != nil || !bytes.Equal(data, whole) || a.Status == "held" {
		return false
	}
	e.text[path] = t
	return true
}

// lineReader reads lines of any length.
type lineReader struct {
	r    *bufio.Reader
	line []byte // with its end; empty at the end of the file and at an error
	at   int64  // where the next line begins
}

func (l *lineReader) next() {
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		all := bytes.Clone(line)
		for err == bufio.ErrBufferFull && len(all) < maxLine {
			line, err = l.r.ReadSlice('\n')
			all = append(all, line...)
		}
		line = all
	}
	if err != nil {
		line = nil
	}
	l.line = line
	l.at += int64(len(line))
}

// head returns the manifest up to its articles.
func (e *Entries) head() []byte {
	m := Manifest{Version: ManifestVersion, Locale: e.locale, Direction: e.direction}
	data, err := encodeJSON(m, "")
	if err != nil {
		return nil
	}
	i := bytes.LastIndex(data, []byte(" null\n}"))
	return data[:i+1]
}

func encodeJSON(v any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	j.SetIndent(prefix, "  ")
	err := j.Encode(v)
	return b.Bytes(), err
}

// Segments are the segments of an entry: their values, or the text that a manifest has of
// them. The zero value has none, not even an empty list.
type Segments struct {
	values iter.Seq[Provenance]
	text   []byte
}

// SegmentsOf returns segments as values.
func SegmentsOf(values iter.Seq[Provenance]) Segments { return Segments{values: values} }

// EncodedSegments returns the segments that Encode returned the text of. The text must
// not be changed afterwards.
func EncodedSegments(text []byte) Segments { return Segments{text: text} }

// Encode returns the text that a manifest has of the segments. count is how many there
// are, as far as that is known.
func (s Segments) Encode(count int) ([]byte, error) {
	if s.text != nil || s.values == nil {
		return s.text, nil
	}
	return s.appendTo(nil, count)
}

// Ready returns the segments that have a text of their locale, without those for which
// another one stands in and those that have none.
func (s Segments) Ready() (Segments, error) {
	values := s.values
	if s.text != nil {
		var all []Provenance
		if err := json.Unmarshal(s.text, &all); err != nil {
			return s, err
		}
		values = slices.Values(all)
	}
	if values == nil {
		return s, nil
	}
	return SegmentsOf(func(yield func(Provenance) bool) {
		for p := range values {
			if p.StandIn == "" && p.Origin.Kind != "" && !yield(p) {
				return
			}
		}
	}), nil
}

// encodeArticle returns the text of an entry, with the given segments. It is the text
// that encoding/json gives, but of one segment at a time: an article of 500,000 segments
// needs the memory of its text, and not four times that.
func encodeArticle(a *Article, segments Segments) ([]byte, error) {
	head := *a
	head.Segments = nil
	data, err := encodeJSON(&head, "    ")
	data = append([]byte("    "), bytes.TrimSuffix(data, []byte("\n"))...)
	if err != nil || segments.values == nil && segments.text == nil {
		return data, err
	}
	const end = "null\n" + endArticle
	whole, err := segments.appendTo(bytes.TrimSuffix(data, []byte(end)), a.Count.Segments)
	if err != nil {
		return nil, err
	}
	return append(whole, "\n"+endArticle...), nil
}

// appendTo appends the text of the segments to what there is of an entry.
func (s Segments) appendTo(whole []byte, count int) ([]byte, error) {
	if s.text != nil {
		return append(whole, s.text...), nil
	}
	whole = append(whole, '[')
	const indent = "        "
	n := 0
	for p := range s.values {
		if n++; n > 1 {
			whole = append(whole, ',')
		}
		if n == sampled && count > n {
			whole = slices.Grow(whole, len(whole)/n*(count-n))
		}
		whole = append(append(whole, '\n'), indent...)
		var err error
		if whole, err = appendProvenance(whole, &p, indent); err != nil {
			return nil, err
		}
	}
	if n > 0 {
		whole = append(whole, "\n      "...)
	}
	return append(whole, ']'), nil
}

// sampled is the number of segments of an entry whose text foretells that of all.
const sampled = 64

// segments returns the segments of an entry.
func (a *Article) segments() Segments {
	if a.Segments == nil {
		return Segments{}
	}
	return SegmentsOf(slices.Values(a.Segments))
}

// Err returns the first error of reading or writing an entry, nil if there was none.
func (e *Entries) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// fail keeps the first error.
func (e *Entries) fail(err error) {
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("manifest: %w", err)
	}
}

// Paths returns the paths of the articles, in order.
func (e *Entries) Paths() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Sorted(maps.Keys(e.text))
}

// Has reports whether there is an entry of a path.
func (e *Entries) Has(path string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, ok := e.text[path]
	return ok
}

// HasPage reports whether there is an entry of a path with a page.
func (e *Entries) HasPage(path string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text[path].page
}

// Find returns the entry of a path. It is not to be changed.
func (e *Entries) Find(path string) (*Article, bool) { return e.find(path, e.decoded, false) }

// Head is Find without the entry's segments.
func (e *Entries) Head(path string) (*Article, bool) { return e.find(path, e.heads, true) }

func (e *Entries) find(path string, decoded map[string]*Article, head bool) (*Article, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a := decoded[path]; a != nil {
		return a, true
	}
	t, ok := e.text[path]
	if !ok {
		return nil, false
	}
	data, err := t.bytes()
	if err != nil {
		e.fail(err)
		return nil, false
	}
	if i := bytes.LastIndex(data, []byte(beginSegments)); head && i >= 0 {
		data = append(bytes.TrimSuffix(bytes.Clone(data[:i]), []byte(",")), '}')
	}
	a := &Article{}
	if json.Unmarshal(data, a) != nil {
		return nil, false // Put and ReadEntries have seen to it
	}
	decoded[path] = a
	return a, true
}

// Release forgets the values that Find and Head returned for a path, but not the
// entry.
func (e *Entries) Release(path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.decoded, path)
	delete(e.heads, path)
}

// Put adds an article's entry or replaces the one of the same path. old are the
// entries of an earlier build, nil if there are none: what they have is not kept
// twice.
func (e *Entries) Put(a Article, old *Entries) { e.PutSegments(a, a.segments(), old) }

// PutSegments is Put with other segments than the article's, which are not kept as
// values.
func (e *Entries) PutSegments(a Article, segments Segments, old *Entries) {
	data, err := encodeArticle(&a, segments)
	var t text
	if before := old.textOf(a.Path); before.size == len(data) {
		if was, rerr := before.bytes(); rerr == nil && bytes.Equal(was, data) {
			t = before
		}
	}
	if t.from == nil && err == nil {
		t, err = e.texts.put(data)
	}
	t.page = a.Edition != ""
	a.Segments = nil
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail(err)
	e.text[a.Path] = t
	delete(e.decoded, a.Path)
	e.heads[a.Path] = &a
}

// textOf returns the text of a path, an empty one if there is none.
func (e *Entries) textOf(path string) text {
	if e == nil {
		return text{}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text[path]
}

// Copy puts the entry of a path in o, if it has one, into e.
func (e *Entries) Copy(o *Entries, path string) {
	t := o.textOf(path)
	if !t.exists() {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text[path] = t
	delete(e.decoded, path)
	delete(e.heads, path)
}

// Same reports whether e and o have the same entry of a path.
func (e *Entries) Same(o *Entries, path string) bool {
	t, u := e.textOf(path), o.textOf(path)
	if !t.exists() || t.size != u.size {
		return false
	}
	if t.same(&u) {
		return true
	}
	a, err1 := t.bytes()
	b, err2 := u.bytes()
	return err1 == nil && err2 == nil && bytes.Equal(a, b)
}

// Equal reports whether e and o are the same manifest. It is quick where an entry of
// one is the very text of the other, see Put and Copy.
func (e *Entries) Equal(o *Entries) bool {
	paths := e.Paths()
	if e.locale != o.locale || e.direction != o.direction || !slices.Equal(paths, o.Paths()) {
		return false
	}
	return !slices.ContainsFunc(paths, func(path string) bool { return !e.Same(o, path) })
}

// WriteTo writes the manifest, as Manifest.Encode does.
func (e *Entries) WriteTo(w io.Writer) (int64, error) {
	paths := e.Paths()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err != nil {
		return 0, e.err
	}
	var n int64
	var err error
	write := func(data []byte) {
		if err == nil {
			var k int
			k, err = w.Write(data)
			n += int64(k)
		}
	}
	write(e.head())
	if len(paths) == 0 {
		write([]byte("[]\n}\n"))
		return n, err
	}
	write([]byte("[\n"))
	for i, path := range paths {
		if i > 0 {
			write([]byte(between))
		}
		if t := e.text[path]; err == nil {
			var k int64
			if k, err = io.Copy(w, io.NewSectionReader(t.from, t.at, int64(t.size))); err == nil && k < int64(t.size) {
				err = io.ErrUnexpectedEOF
			}
			n += k
		}
		if err != nil {
			return n, fmt.Errorf("manifest: %w", err)
		}
	}
	write([]byte(endArticles))
	return n, err
}
