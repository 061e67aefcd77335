package queue

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"hexapla/cmd/internal/compact"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

// buildContext is what all articles of a pass of a build have in common. Paths are those
// of all editions that there are or may be; the first Articles of them are articles of
// the build.
type buildContext struct {
	Fingerprint string                       `json:"fingerprint"`
	Revision    string                       `json:"revision,omitempty"`
	Time        time.Time                    `json:"time"`
	Targets     []string                     `json:"targets"`
	NoHooks     bool                         `json:"no_hooks"`
	Paths       []string                     `json:"paths"`
	Articles    int                          `json:"articles"`
	Existing    map[string][]byte            `json:"existing"` // by locale: a bit for each of Paths, whether there is an edition
	Files       map[string]map[string]string `json:"files"`    // by locale and path: where the page is, if not at the path

	number map[string]int // of each of Paths
}

// wireVersion is the version of what workers send each other by the database. It also
// distinguishes programs that were built without a version of their own.
const wireVersion = "3"

// fingerprint returns what must be the same on all machines that build parts of one build.
func fingerprint(ws *workspace.Workspace) (string, error) {
	sum, err := ws.SharedFingerprint()
	return sum + "/" + wireVersion, err
}

// newContext describes the editions that there are.
func newContext(articles []string, locales []string, existing edition.Index, paths func(locale string) []string) *buildContext {
	c := &buildContext{Paths: slices.Clone(articles), Articles: len(articles), Existing: map[string][]byte{}, Files: map[string]map[string]string{}}
	c.count()
	for _, l := range locales {
		for _, p := range paths(l) {
			if _, ok := c.number[p]; !ok {
				c.number[p] = len(c.Paths)
				c.Paths = append(c.Paths, p)
			}
		}
	}
	for _, l := range locales {
		set := make([]byte, (len(c.Paths)+7)/8)
		for i, p := range c.Paths {
			if !existing.Has(l, p) {
				continue
			}
			set[i/8] |= 1 << (i % 8)
			if f, ok := existing.Placed(l, p); ok && f != p {
				if c.Files[l] == nil {
					c.Files[l] = map[string]string{}
				}
				c.Files[l][p] = f
			}
		}
		c.Existing[l] = set
	}
	return c
}

// count numbers the paths.
func (c *buildContext) count() {
	c.number = make(map[string]int, len(c.Paths))
	for i, p := range c.Paths {
		c.number[p] = i
	}
}

// index returns the editions that there are. find returns what the manifests have of
// one.
func (c *buildContext) index(find func(locale, path string) *edition.Article) edition.Index {
	x := edition.IndexFunc(func(locale, path string) bool {
		i, ok := c.number[path]
		set := c.Existing[locale]
		return ok && i/8 < len(set) && set[i/8]&(1<<(i%8)) != 0
	}, find)
	return x.WithFiles(func(locale, path string) (string, bool) {
		f, ok := c.Files[locale][path]
		return f, ok
	}, nil)
}

// articleInput is what is different for each article: the hash of its bytes, and what
// the manifests and the lists of pages have of its editions, by locale. An article that
// comes from object storage is in it: so only the build needs the key, and all its workers
// have the same version.
type articleInput struct {
	SHA256  string                      `json:"sha256"`
	Data    []byte                      `json:"data"` // the article, which may be empty; nil if the workers have it
	Entries map[string]*edition.Article `json:"entries"`
	Dates   map[string]edition.Dates    `json:"dates,omitempty"`
}

// articleResult is a pipeline.Result that another process made.
type articleResult struct {
	Path        string            `json:"path"`
	SHA256      string            `json:"sha256"`
	Locale      string            `json:"sourceLocale,omitempty"` // if it is not the project's
	Open        bool              `json:"open"`
	Diagnostics []diag.Diagnostic `json:"-"` // behind the JSON
	Sources     []int64           `json:"sources"`
	Units       []byte            `json:"units"`
	Editions    []remoteEdition   `json:"editions"`
}

type remoteEdition struct {
	Locale      string            `json:"locale"`
	Path        string            `json:"path"`
	File        string            `json:"file"`
	Page        *site.Page        `json:"page"`
	Data        []byte            `json:"-"`        // behind the JSON
	Segments    []byte            `json:"-"`        // of the manifest's entry, behind Data
	Size        int               `json:"size"`     // of Data, -1 without a page
	Length      int               `json:"segments"` // of Segments
	Links       []pipeline.Link   `json:"links"`
	Diagnostics []diag.Diagnostic `json:"-"` // behind the JSON
	Placed      []diag.Diagnostic `json:"-"`
	Published   edition.Published `json:"published"` // without a translation
}

// newResult returns a result as it is sent.
func newResult(w *workspace.Workspace, r pipeline.Result) (articleResult, error) {
	out := articleResult{Path: r.Path, SHA256: r.SHA256, Locale: r.SourceLocale, Open: r.Open, Diagnostics: r.Diagnostics, Units: w.Units.Seen(r.Path)}
	for i := range r.Document.Units {
		for _, s := range r.Document.Units[i].Segments {
			out.Sources = append(out.Sources, w.SourceHash(r.Document.Locale, s.Source.Key()))
		}
	}
	for _, e := range r.Editions {
		head, segments := r.ManifestHead(e)
		text, err := segments.Encode(head.Count.Segments)
		if err != nil {
			return out, err
		}
		e.Published.Translation = nil
		out.Editions = append(out.Editions, remoteEdition{e.Locale, e.Path, e.File, e.Page, e.Data, text, sizeOf(e.Data), len(text), e.Links, e.Diagnostics, e.Placed, e.Published})
	}
	return out, nil
}

// result returns what was sent as a result.
func (a *articleResult) result() pipeline.Result {
	r := pipeline.Result{Path: a.Path, SHA256: a.SHA256, SourceLocale: a.Locale, Open: a.Open, Diagnostics: a.Diagnostics, Sources: a.Sources, Units: a.Units, Document: &bitext.Document{Path: a.Path}}
	for i := range a.Editions {
		e := &a.Editions[i]
		r.Editions = append(r.Editions, pipeline.Edition{Locale: e.Locale, Path: e.Path, File: e.File, Page: e.Page, Data: e.Data, Links: e.Links, Diagnostics: e.Diagnostics, Placed: e.Placed,
			Published: e.Published, Segments: e.Segments, Translation: &bitext.Translation{Document: r.Document, Locale: e.Locale}})
	}
	return r
}

// sizeOf returns the length of a page, -1 for none.
func sizeOf(page []byte) int {
	if page == nil {
		return -1
	}
	return len(page)
}

// The results of articles are packed by Zstandard (RFC 8878) at its fastest level, which
// takes a quarter of the time of gzip's. Both may be used by several goroutines at once.
var (
	resultEncoder = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	})
	resultDecoder = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxResult))
	})
)

// maxResult is the size in bytes of a result when it is unpacked, at most: all pages of an
// article.
const maxResult = 4 << 30

// packResult returns a result in compressed form: JSON, the findings, and then for each
// edition its page and what manifests have of its segments, which as strings of JSON would
// take longer to write and to read than all the rest. The lengths of the first two are
// before them.
func packResult(a articleResult) ([]byte, error) {
	z, err := resultEncoder()
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	var found compact.Encoder
	err = found.Findings(a.Diagnostics)
	size := 0
	for i := range a.Editions {
		e := &a.Editions[i]
		err = errors.Join(err, found.Findings(e.Diagnostics), found.Findings(e.Placed))
		size += len(e.Data) + len(e.Segments)
	}
	if err != nil {
		return nil, err
	}
	whole := compact.Encoder{Data: make([]byte, 0, size+len(head)+len(found.Data)+2*binary.MaxVarintLen64)}
	whole.Bytes(head)
	whole.Bytes(found.Data)
	for i := range a.Editions {
		whole.Data = append(append(whole.Data, a.Editions[i].Data...), a.Editions[i].Segments...)
	}
	return z.EncodeAll(whole.Data, make([]byte, 0, len(whole.Data)/8)), nil
}

// unpackResult reads what packResult wrote.
func unpackResult(data []byte) (a articleResult, err error) {
	z, err := resultDecoder()
	if err != nil {
		return a, err
	}
	whole, err := z.DecodeAll(data, nil)
	if err != nil {
		return a, err
	}
	rest := compact.Decoder{Data: whole}
	head := rest.Bytes()
	found := compact.Decoder{Data: rest.Bytes()}
	if rest.Err != nil {
		return a, rest.Err
	}
	d := json.NewDecoder(bytes.NewReader(head))
	d.UseNumber() // so that numbers are written again as they were
	if err := d.Decode(&a); err != nil {
		return a, err
	}
	a.Diagnostics = found.Findings()
	for i := range a.Editions {
		e := &a.Editions[i]
		e.Diagnostics, e.Placed = found.Findings(), found.Findings()
		if e.Size >= 0 {
			e.Data = slices.Clip(rest.Next(uint64(e.Size)))
		}
		if e.Length > 0 {
			e.Segments = slices.Clip(rest.Next(uint64(e.Length)))
		}
	}
	return a, errors.Join(rest.Err, found.Err)
}

// pack returns a value as compressed JSON. It is gzip, as in all releases: what a build has
// in common is read by workers of other releases, too, which see by it that they are others.
func pack(v any) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack reads what pack wrote.
func unpack(data []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	d := json.NewDecoder(z)
	d.UseNumber() // so that numbers are written again as they were
	if err := d.Decode(v); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, z)
	return err
}
