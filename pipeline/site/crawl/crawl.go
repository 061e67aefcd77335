// Package crawl reads a folder of pages as the crawler of a search engine reads a site,
// whoever made it: it follows canonical links, hreflang, links, redirects and sitemaps,
// and reports what contradicts each other. The rules are those of Google Search
// (https://developers.google.com/search/docs/specialty/international/localized-versions),
// RFC 6596 (canonical) and the sitemap protocol (https://www.sitemaps.org/protocol.html).
package crawl

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"hexapla/pipeline/diag"
)

// Options control Check. Base is the address of the folder; if it is empty it is
// inferred from the canonical links of the pages. Crossing reports every link to a page in
// another language, also one that declares it.
type Options struct {
	Base     string
	Crossing bool
}

// Report is what Check found.
type Report struct {
	Pages       int // of HTML
	Redirects   int // pages that lead to another one
	Links       int // to pages of the site
	Crossing    int // of these, to pages in another language
	Dead        int // of these, to pages that are not there
	Clusters    int // groups of pages that name each other as translations
	Locales     map[string]int
	Diagnostics []diag.Diagnostic
}

// maxEach is the number of findings of one kind on one page that are reported.
const maxEach = 20

// Check reads all pages of a folder and reports what is wrong with them. It fails only
// if the folder cannot be read.
func Check(ctx context.Context, fsys fs.FS, o Options) (*Report, error) {
	c := &crawler{fsys: fsys, crossing: o.Crossing, report: &Report{Locales: map[string]int{}}, files: map[string]int{}, others: map[string]bool{}, ids: map[uint64]bool{}}
	if err := c.list(ctx); err != nil {
		return nil, err
	}
	if err := c.each(ctx, func(i int, data []byte) {
		c.pages[i].document = scan(data)
	}); err != nil {
		return nil, err
	}
	c.mounts = inferMounts(c.pages, o.Base)
	c.resolvePages()
	c.readRedirects()
	c.readSitemaps()
	c.redirectCycles()
	if err := c.each(ctx, c.checkPage); err != nil {
		return nil, err
	}
	c.report.Pages = len(c.pages)
	c.count()
	diag.Sort(c.report.Diagnostics)
	return c.report, nil
}

// crawler is one run of Check.
type crawler struct {
	fsys   fs.FS
	mu     sync.Mutex
	report *Report
	pages  []page
	files  map[string]int  // pages by their file
	others map[string]bool // other files
	maps   []string        // files that may be sitemaps
	ids    map[uint64]bool // hashes of a page and an anchor in it
	mounts []mount
	// crossing reports every link to another language.
	crossing bool
	moved    map[string]string // redirects of a file for a server, by path
}

// page is what is known of a page. Numbers of pages are indexes, -1 for none.
type page struct {
	file       string
	canonical  int // -1 if it is not of this folder
	redirect   int
	alternates []alternate
	*document
}

// alternate is a page that another one names as its translation.
type alternate struct {
	lang    string
	page    int
	sitemap string // the file that says so; "" for the page itself
}

// list lists the files of the folder.
func (c *crawler) list(ctx context.Context) error {
	return fs.WalkDir(c.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".git") || base == ".hexapla" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".html", ".htm", ".xhtml":
			c.files[name] = len(c.pages)
			c.pages = append(c.pages, page{file: name, canonical: -1, redirect: -1})
		case ".xml":
			c.maps = append(c.maps, name)
			fallthrough
		default:
			c.others[name] = true
		}
		return nil
	})
}

// The sizes in bytes of the largest page, sitemap and file of redirects that are read. A
// search engine reads 15 MB of a page (Google) and no sitemap of more than 50 MB
// (sitemaps.org).
const (
	maxPage      = 16 << 20
	maxSitemap   = 50 << 20
	maxRedirects = 64 << 20
)

// readPrefix returns at most the first n bytes of a file.
func readPrefix(fsys fs.FS, name string, n int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil {
		b.Grow(int(min(info.Size(), n)) + bytes.MinRead)
	}
	_, err = b.ReadFrom(io.LimitReader(f, n))
	return b.Bytes(), err
}

// each calls f with all pages, several at once. A page that cannot be read is reported
// and counts as empty.
func (c *crawler) each(ctx context.Context, f func(i int, data []byte)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	const batch = 64
	for from := 0; from < len(c.pages); from += batch {
		g.Go(func() error {
			for i := from; i < min(from+batch, len(c.pages)); i++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				data, err := readPrefix(c.fsys, c.pages[i].file, maxPage+1)
				first := c.pages[i].document == nil
				if err != nil {
					if first {
						c.add(diag.Diagnostic{ID: "site.read", Severity: diag.Error, Place: diag.Place{Path: c.pages[i].file}, Message: err.Error()})
					}
					data = nil
				} else if len(data) > maxPage && first {
					c.add(diag.Diagnostic{ID: "site.read", Severity: diag.Error, Place: diag.Place{Path: c.pages[i].file},
						Hint: "divide the page; search engines read no more of it",
					}.Messagef("the page is larger than %d bytes; the rest was not read", diag.Arg("bytes", maxPage)))
				}
				f(i, data[:min(len(data), maxPage)])
			}
			return nil
		})
	}
	return g.Wait()
}

func (c *crawler) add(ds ...diag.Diagnostic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Diagnostics = append(c.report.Diagnostics, ds...)
}

// resolvePages finds the pages that the heads of pages name.
func (c *crawler) resolvePages() {
	for i := range c.pages {
		p := &c.pages[i]
		for _, id := range p.ids {
			c.ids[anchorKey(i, id)] = true
		}
		p.ids = nil
		if p.canonicalURL != "" {
			p.canonical = c.find(p, p.canonicalURL).page
		}
		if p.refresh != "" {
			p.redirect = c.find(p, p.refresh).page
			c.report.Redirects++
		}
		for _, a := range p.links {
			if a.alternate {
				if t := c.find(p, a.href); t.page >= 0 {
					p.alternates = append(p.alternates, alternate{a.hreflang, t.page, ""})
				}
			}
		}
		p.links = nil // they are read again
		c.report.Locales[p.lang]++
	}
}

// target is what an address leads to.
type target struct {
	page     int  // -1 if it is none
	internal bool // it is an address of the site
	exists   bool // there is a file
	fragment string
}

// find finds what an address on a page leads to.
func (c *crawler) find(p *page, address string) target {
	name, fragment, internal := c.locate(p, address)
	if !internal {
		return target{page: -1, exists: true}
	}
	t := target{page: -1, internal: true, fragment: fragment}
	if i, ok := c.files[name]; ok {
		t.page, t.exists = i, true
		return t
	}
	for _, candidate := range candidates(name) {
		if i, ok := c.files[candidate]; ok {
			t.page, t.exists = i, true
			return t
		}
		if c.others[candidate] {
			t.exists = true
			return t
		}
	}
	if to, ok := c.moved["/"+name]; ok && to != "" {
		t.exists = true
	}
	return t
}

// candidates returns the files that a server has for a path, in the order in which it
// looks for them.
func candidates(name string) []string {
	if name == "" || strings.HasSuffix(name, "/") {
		return []string{name + "index.html", name + "index.htm"}
	}
	return []string{name, name + ".html", name + "/index.html"}
}

// redirectCycles reports pages and redirects that lead round in a circle.
func (c *crawler) redirectCycles() {
	state := make([]uint8, len(c.pages)) // 1: on the way, 2: done
	for i := range c.pages {
		var way []int
		at := i
		for at >= 0 && state[at] == 0 {
			state[at] = 1
			way = append(way, at)
			at = c.pages[at].redirect
		}
		if at >= 0 && state[at] == 1 {
			from := slices.Index(way, at)
			names := []string{}
			for _, k := range way[from:] {
				names = append(names, c.pages[k].file)
			}
			c.add(diag.Diagnostic{
				ID: "site.redirect", Severity: diag.Error, Place: diag.Place{Path: c.pages[at].file},
				Message: "redirects lead round in a circle: " + diag.Excerpt(strings.Join(append(names, names[0]), " → ")),
				Hint:    "lead all of them to the page that readers should have",
			})
		}
		for _, k := range way {
			state[k] = 2
		}
	}
}

// final follows the redirects of a page; it returns -1 for a circle.
func (c *crawler) final(i int) int {
	for range 20 {
		if i < 0 || c.pages[i].redirect < 0 {
			return i
		}
		i = c.pages[i].redirect
	}
	return -1
}

// count counts the clusters of pages that name each other.
func (c *crawler) count() {
	parent := make([]int, len(c.pages))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range c.pages {
		for _, a := range c.pages[i].alternates {
			if x, y := root(i), root(a.page); x != y {
				parent[x] = y
			}
		}
	}
	size := map[int]int{}
	for i := range parent {
		size[root(i)]++
	}
	for _, n := range size {
		if n > 1 {
			c.report.Clusters++
		}
	}
}

// anchorKey returns a hash of a page and an anchor: FNV-1a.
func anchorKey(page int, id string) uint64 {
	h := uint64(14695981039346656037) ^ uint64(page)*0x9e3779b97f4a7c15
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return h
}

// nearestFirst sorts mounts so that the longest address is first.
func nearestFirst(a, b mount) int {
	return cmp.Or(len(b.address)-len(a.address), strings.Compare(a.address, b.address))
}
