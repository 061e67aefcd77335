package edition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Entries is a Manifest whose articles are kept as the JSON that they are written
// as, an order of magnitude smaller than their values. It may be used by many
// goroutines at once. Make it with NewEntries, ParseEntries or SplitEntries.
type Entries struct {
	locale, direction string

	mu      sync.Mutex
	text    map[string][]byte   // by path
	decoded map[string]*Article // those that are in use, see Release
	err     error               // the first of Put
}

// NewEntries returns the entries of a manifest without articles.
func NewEntries(locale, direction string) *Entries {
	return &Entries{locale: locale, direction: direction, text: map[string][]byte{}, decoded: map[string]*Article{}}
}

// ParseEntries reads the manifest of a locale, as ParseManifest does.
func ParseEntries(locale string, data []byte) (*Entries, error) {
	m, err := ParseManifest(locale, data)
	if err != nil {
		return nil, err
	}
	e := NewEntries(m.Locale, m.Direction)
	for i := range m.Articles {
		e.Put(m.Articles[i])
		m.Articles[i].Segments = nil // not needed any more
	}
	return e, e.err
}

// The lines of a manifest as Encode writes it. No string of JSON has a line end, so
// that such a line is in no text.
const (
	beginArticle = "    {\n      \"path\": "
	endArticle   = "\n    }"
	endArticles  = "\n  ]\n}\n"
	beginEdition = "\n      \"editionSHA256\": \""
)

// SplitEntries is ParseEntries for data that is known to be written by Encode: it
// only finds where the articles begin. It reports false if data has another layout.
func SplitEntries(locale, direction string, data []byte) (*Entries, bool) {
	e := NewEntries(locale, direction)
	if string(data) == string(e.head())+"[]\n}\n" {
		return e, true
	}
	rest, ok := bytes.CutPrefix(data, append(e.head(), "[\n"...))
	if !ok {
		return nil, false
	}
	for {
		end := bytes.Index(rest, []byte(endArticle))
		if end < 0 || !bytes.HasPrefix(rest, []byte(beginArticle)) {
			return nil, false
		}
		text := rest[:end+len(endArticle)]
		line := text[len(beginArticle):]
		if i := bytes.Index(line, []byte(",\n")); i >= 0 {
			line = line[:i]
		}
		var path string
		if json.Unmarshal(line, &path) != nil || path == "" {
			return nil, false
		}
		e.text[path] = text
		rest = rest[len(text):]
		if string(rest) == endArticles {
			return e, true
		}
		if rest, ok = bytes.CutPrefix(rest, []byte(",\n")); !ok {
			return nil, false
		}
	}
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
	return e.text[path] != nil
}

// HasPage reports whether there is an entry of a path with a page.
func (e *Entries) HasPage(path string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return bytes.Contains(e.text[path], []byte(beginEdition))
}

// Find returns the entry of a path. It is not to be changed.
func (e *Entries) Find(path string) (*Article, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a := e.decoded[path]; a != nil {
		return a, true
	}
	text := e.text[path]
	if text == nil {
		return nil, false
	}
	a := &Article{}
	if json.Unmarshal(text, a) != nil {
		return nil, false // Put and ParseManifest have seen to it
	}
	e.decoded[path] = a
	return a, true
}

// Release forgets the value that Find returned for a path, but not the entry.
func (e *Entries) Release(path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.decoded, path)
}

// Put adds an article's entry or replaces the one of the same path.
func (e *Entries) Put(a Article) {
	data, err := encodeJSON(a, "    ")
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("manifest: %w", err)
	}
	e.text[a.Path] = append([]byte("    "), bytes.TrimSuffix(data, []byte("\n"))...)
	delete(e.decoded, a.Path)
}

// Copy puts the entry of a path in o, if it has one, into e.
func (e *Entries) Copy(o *Entries, path string) {
	o.mu.Lock()
	text := o.text[path]
	o.mu.Unlock()
	if text == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text[path] = text
	delete(e.decoded, path)
}

// Same reports whether e and o have the same entry of a path.
func (e *Entries) Same(o *Entries, path string) bool {
	o.mu.Lock()
	text := o.text[path]
	o.mu.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	return text != nil && bytes.Equal(e.text[path], text)
}

// FromSource returns the paths of the entries of a source article.
func (e *Entries) FromSource(source string) []string {
	var out []string
	for _, path := range e.Paths() {
		if a, ok := e.Find(path); ok && a.Source == source {
			out = append(out, path)
		}
		e.Release(path)
	}
	return out
}

// Encode writes the manifest, as Manifest.Encode does.
func (e *Entries) Encode() ([]byte, error) {
	paths := e.Paths()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err != nil {
		return nil, e.err
	}
	head := e.head()
	if len(paths) == 0 {
		return append(head, "[]\n}\n"...), nil
	}
	size := len(head) + len(endArticles) + 2
	for _, path := range paths {
		size += len(e.text[path]) + 2
	}
	out := make([]byte, 0, size)
	out = append(append(out, head...), "[\n"...)
	for i, path := range paths {
		if i > 0 {
			out = append(out, ",\n"...)
		}
		out = append(out, e.text[path]...)
	}
	return append(out, endArticles...), nil
}
