package queue

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"time"

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
	Open        bool              `json:"open"`
	Diagnostics []diag.Diagnostic `json:"diagnostics"`
	Sources     []int64           `json:"sources"`
	Units       []byte            `json:"units"`
	Editions    []remoteEdition   `json:"editions"`
}

type remoteEdition struct {
	Locale      string            `json:"locale"`
	Path        string            `json:"path"`
	File        string            `json:"file"`
	Page        *site.Page        `json:"page"`
	Data        []byte            `json:"-"`    // behind the JSON
	Size        int               `json:"size"` // of Data, -1 without a page
	Links       []pipeline.Link   `json:"links"`
	Diagnostics []diag.Diagnostic `json:"diagnostics"`
	Placed      []diag.Diagnostic `json:"placed"`
	Published   edition.Published `json:"published"` // without a translation
	Entry       edition.Article   `json:"entry"`
}

// newResult returns a result as it is sent.
func newResult(w *workspace.Workspace, r pipeline.Result) articleResult {
	out := articleResult{Path: r.Path, SHA256: r.SHA256, Open: r.Open, Diagnostics: r.Diagnostics, Units: w.Units.Seen(r.Path)}
	for i := range r.Document.Units {
		for _, s := range r.Document.Units[i].Segments {
			out.Sources = append(out.Sources, w.SourceHash(s.Source.Key()))
		}
	}
	for _, e := range r.Editions {
		entry := r.ManifestEntry(e)
		e.Published.Translation = nil
		out.Editions = append(out.Editions, remoteEdition{e.Locale, e.Path, e.File, e.Page, e.Data, sizeOf(e.Data), e.Links, e.Diagnostics, e.Placed, e.Published, entry})
	}
	return out
}

// result returns what was sent as a result.
func (a *articleResult) result() pipeline.Result {
	r := pipeline.Result{Path: a.Path, SHA256: a.SHA256, Open: a.Open, Diagnostics: a.Diagnostics, Sources: a.Sources, Units: a.Units, Document: &bitext.Document{Path: a.Path}}
	for i := range a.Editions {
		e := &a.Editions[i]
		r.Editions = append(r.Editions, pipeline.Edition{Locale: e.Locale, Path: e.Path, File: e.File, Page: e.Page, Data: e.Data, Links: e.Links, Diagnostics: e.Diagnostics, Placed: e.Placed,
			Published: e.Published, Entry: &e.Entry, Translation: &bitext.Translation{Document: r.Document, Locale: e.Locale}})
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

// packResult returns a result as compressed JSON with its pages behind it: as strings of
// JSON they would take longer to write and to read than all the rest.
func packResult(a articleResult) ([]byte, error) {
	pages := make([][]byte, 0, len(a.Editions))
	for _, e := range a.Editions {
		pages = append(pages, e.Data)
	}
	return pack(a, pages...)
}

// unpackResult reads what packResult wrote.
func unpackResult(data []byte) (a articleResult, err error) {
	err = unpack(data, &a, func(rest io.Reader) error {
		if _, err := io.CopyN(io.Discard, rest, 1); err != nil { // the line end behind the JSON
			return err
		}
		for i := range a.Editions {
			e := &a.Editions[i]
			if e.Size < 0 {
				continue
			}
			var page bytes.Buffer // grows with what there is, whatever the size says
			if _, err := io.CopyN(&page, rest, int64(e.Size)); err != nil {
				return err
			}
			if e.Data = page.Bytes(); e.Data == nil {
				e.Data = []byte{}
			}
		}
		return nil
	})
	return a, err
}

// pack returns a value as compressed JSON, with bytes behind it.
func pack(v any, more ...[]byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	for _, data := range more {
		if _, err := z.Write(data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack reads what pack wrote. The functions read what is behind the value.
func unpack(data []byte, v any, more ...func(rest io.Reader) error) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	d := json.NewDecoder(z)
	d.UseNumber() // so that numbers are written again as they were
	if err := d.Decode(v); err != nil {
		return err
	}
	for _, read := range more {
		if err := read(io.MultiReader(d.Buffered(), z)); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, z)
	return err
}
