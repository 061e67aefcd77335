package files

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/mail"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hexapla/locales/tag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/redirect"
)

// node is an element of XML.
type node struct {
	xml.Name
	attrs map[string]string
	nodes []*node
	text  string
}

// parse reads a document of XML; a test fails if it is not well-formed.
func parse(t *testing.T, data []byte) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(data)))
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &node{Name: tok.Name, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.nodes = append(top.nodes, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
	if len(root.nodes) != 1 {
		t.Fatalf("%d root elements", len(root.nodes))
	}
	return root.nodes[0]
}

func (n *node) all(local string) []*node {
	return slices.Collect(func(yield func(*node) bool) {
		for _, c := range n.nodes {
			if c.Local == local && !yield(c) {
				return
			}
		}
	})
}

// one returns the text of the only element of a name.
func (n *node) one(t *testing.T, local string) string {
	t.Helper()
	all := n.all(local)
	if len(all) != 1 {
		t.Errorf("%s has %d elements %s, want 1", n.Local, len(all), local)
		return ""
	}
	return all[0].text
}

func absolute(t *testing.T, address string) {
	t.Helper()
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(address, " <>\"") || len(address) > 2048 {
		t.Errorf("%q is no absolute address", address)
	}
}

func rfc3339(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.Year() < 1990 {
		t.Errorf("%q is no date: %v", s, err)
	}
	return at
}

// validSitemap holds a sitemap against the schema of sitemaps.org: the order of
// elements, lengths, dates, limits.
func validSitemap(t *testing.T, data []byte) []string {
	t.Helper()
	root := parse(t, data)
	const space = "http://www.sitemaps.org/schemas/sitemap/0.9"
	if root.Space != space || len(data) > 50<<20 || len(root.nodes) > 50_000 || len(root.nodes) == 0 {
		t.Fatalf("%v with %d elements, %d bytes", root.Name, len(root.nodes), len(data))
	}
	var out []string
	for _, u := range root.nodes {
		names := []string{}
		for _, c := range u.nodes {
			if c.Space == space {
				if len(names) > 0 && strings.Contains(names[len(names)-1], ":") {
					t.Errorf("%s follows an element of another vocabulary", c.Local)
				}
				names = append(names, c.Local)
			} else {
				names = append(names, c.Space+":"+c.Local)
			}
		}
		loc := u.one(t, "loc")
		absolute(t, loc)
		out = append(out, loc)
		if names[0] != "loc" {
			t.Errorf("%s begins with %s", u.Local, names[0])
		}
		if m := u.all("lastmod"); len(m) > 0 {
			rfc3339(t, m[0].text)
		}
		seen := map[string]bool{}
		self := false
		for _, l := range u.all("link") {
			lang := l.attrs["hreflang"]
			if l.Space != "http://www.w3.org/1999/xhtml" || l.attrs["rel"] != "alternate" || site.ValidHreflang(lang) != "" || seen[lang] {
				t.Errorf("%v", l)
			}
			seen[lang] = true
			absolute(t, l.attrs["href"])
			self = self || l.attrs["href"] == loc
		}
		if len(seen) > 0 && !self { // a pseudo-locale has no translations
			t.Errorf("%s does not name itself", loc)
		}
		for _, n := range u.all("news") {
			p := n.all("publication")[0]
			if p.one(t, "name") == "" || p.one(t, "language") == "" || n.one(t, "title") == "" {
				t.Errorf("%v", n)
			}
			rfc3339(t, n.one(t, "publication_date"))
		}
	}
	return out
}

// validRSS holds a feed against the specification of RSS 2.0.
func validRSS(t *testing.T, data []byte) (ids []string) {
	t.Helper()
	root := parse(t, data)
	if root.Local != "rss" || root.attrs["version"] != "2.0" || len(root.nodes) != 1 {
		t.Fatalf("%v", root)
	}
	c := root.all("channel")[0]
	if c.one(t, "title") == "" || c.one(t, "description") == "" {
		t.Error("a channel needs a title and a description")
	}
	if _, err := tag.Canonical(c.one(t, "language")); err != nil {
		t.Error(err)
	}
	self := 0
	for _, l := range c.all("link") {
		if l.Space == "http://www.w3.org/2005/Atom" {
			self++
			absolute(t, l.attrs["href"])
			if _, _, err := mime.ParseMediaType(l.attrs["type"]); l.attrs["rel"] != "self" || err != nil {
				t.Errorf("%v", l)
			}
		} else {
			absolute(t, l.text)
		}
	}
	if self != 1 {
		t.Errorf("%d links to itself", self)
	}
	var last time.Time
	for i, item := range c.all("item") {
		if item.one(t, "title") == "" {
			t.Error("an item without title")
		}
		absolute(t, item.one(t, "link"))
		id := item.one(t, "guid")
		if id == "" || slices.Contains(ids, id) {
			t.Errorf("guid %q", id)
		}
		ids = append(ids, id)
		at, err := mail.ParseDate(item.one(t, "pubDate"))
		if err != nil || i > 0 && at.After(last) {
			t.Errorf("pubDate %v: %v", at, err)
		}
		last = at
	}
	return ids
}

// validAtom holds a feed against RFC 4287, section 4 and its appendix B.
func validAtom(t *testing.T, data []byte) (ids []string) {
	t.Helper()
	root := parse(t, data)
	const space = "http://www.w3.org/2005/Atom"
	if root.Space != space || root.Local != "feed" || root.attrs["lang"] == "" {
		t.Fatalf("%v", root)
	}
	common := func(n *node) {
		absolute(t, n.one(t, "id"))
		if n.one(t, "title") == "" {
			t.Error("a title is empty")
		}
		rfc3339(t, n.one(t, "updated"))
		seen := map[string]bool{}
		for _, l := range n.all("link") {
			absolute(t, l.attrs["href"])
			key := l.attrs["rel"] + " " + l.attrs["type"] + " " + l.attrs["hreflang"]
			if seen[key] {
				t.Errorf("two links %s (RFC 4287, 4.1.1)", key)
			}
			seen[key] = true
		}
		for _, a := range n.all("author") {
			if a.one(t, "name") == "" {
				t.Error("an author without a name")
			}
		}
		for _, c := range n.nodes {
			if c.Space != space {
				t.Errorf("element %v", c.Name)
			}
		}
	}
	common(root)
	if len(root.all("author")) == 0 {
		t.Error("a feed needs an author")
	}
	updated := rfc3339(t, root.one(t, "updated"))
	for _, e := range root.all("entry") {
		common(e)
		rfc3339(t, e.one(t, "published"))
		if rfc3339(t, e.one(t, "updated")).After(updated) {
			t.Error("an entry is newer than its feed")
		}
		if len(e.all("link")) == 0 {
			t.Error("an entry without content needs a link (4.1.2)")
		}
		ids = append(ids, e.one(t, "id"))
	}
	return ids
}

// validJSON holds a feed against JSON Feed 1.1.
func validJSON(t *testing.T, data []byte) (ids []string) {
	t.Helper()
	var f map[string]any
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	if text(f, "version") != "https://jsonfeed.org/version/1.1" || text(f, "title") == "" || text(f, "language") == "" {
		t.Errorf("%v", f)
	}
	absolute(t, text(f, "home_page_url"))
	absolute(t, text(f, "feed_url"))
	for _, x := range f["items"].([]any) {
		item := x.(map[string]any)
		if text(item, "id") == "" || text(item, "content_text") == "" {
			t.Errorf("%v", item)
		}
		ids = append(ids, text(item, "id"))
		absolute(t, text(item, "url"))
		rfc3339(t, text(item, "date_published"))
		rfc3339(t, text(item, "date_modified"))
	}
	return ids
}

// memoryFile is a file in memory.
type memoryFile struct {
	bytes.Buffer
	end func(data []byte, whole bool) error
}

func (f *memoryFile) Commit() error { return f.end(f.Bytes(), true) }
func (f *memoryFile) Abort()        { _ = f.end(nil, false) }

// madeFile is a file of a site.
type madeFile struct {
	Locale, Name string
	Data         []byte
}

// made returns the files of a site by their paths.
func made(t *testing.T, s *Site) map[string]madeFile {
	t.Helper()
	var mu sync.Mutex
	out := map[string]madeFile{}
	if err := s.Write(t.Context(), func(locale, name string) (File, error) {
		return &memoryFile{end: func(data []byte, whole bool) error {
			mu.Lock()
			defer mu.Unlock()
			key := path.Join(locale, name)
			if _, ok := out[key]; ok || !whole {
				t.Errorf("%s is made twice, or not whole", key)
			}
			out[key] = madeFile{locale, name, data}
			return nil
		}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// countingFile counts what is written to it.
type countingFile struct{ n *atomic.Int64 }

func (f countingFile) Write(p []byte) (int, error) { f.n.Add(int64(len(p))); return len(p), nil }
func (countingFile) Commit() error                 { return nil }
func (countingFile) Abort()                        {}

func discard(n *atomic.Int64) Create {
	return func(string, string) (File, error) { return countingFile{n}, nil }
}

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// hostile are texts that must not break a file.
var hostile = []string{
	"Plain", "</title><script>alert(1)</script>", `"&amp;' & <![CDATA[ ]]>`, "control \x00\x08\x0b\x1b\x7f\u0085\ufffe\uffff end", "line\nbreaks\tand\r\nmore",
	"\xff\xfe not UTF-8", "سرخط\u200fخبر", "𐐷 astral", "", "   ", strings.Repeat("long ", 1000), "?><?xml", "-->", "\u2028\u2029",
}

func newSite(articles int, locales []string) *Site {
	pages := map[string]map[string]*site.Page{}
	all := map[string]bool{}
	for l, locale := range locales {
		pages[locale] = map[string]*site.Page{}
		for i := range articles {
			if (i+l)%7 == 6 {
				continue // this locale does not have it
			}
			p := &site.Page{
				Path: fmt.Sprintf("%05d.html", i), Title: hostile[i%len(hostile)], Description: hostile[(i+3)%len(hostile)], Status: edition.Finished,
				Authors: []string{hostile[(i+5)%len(hostile)]}, First: start.Add(time.Duration(i) * time.Hour), Modified: start.Add(time.Duration(2*i) * time.Hour),
			}
			if i%3 == 0 {
				p.Section = "news & <more>"
				p.Path = p.Section + "/" + p.Path
			}
			if i%5 == 0 {
				p.File = strings.TrimSuffix(p.Path, ".html") + "-файл (1).html"
			}
			if i%11 == 10 {
				p.Status = edition.Withheld
			}
			pages[locale][p.Path] = p
		}
		for path := range pages[locale] {
			all[path] = true
		}
	}
	paths := slices.Sorted(maps.Keys(all))
	return &Site{
		Options: Options{Sitemaps: true, Hreflang: true, News: true, Feeds: Kinds(), Items: 50},
		Base:    "https://news.example/{locale}/{path}", Locales: locales, XDefault: locales[0],
		Find: func(locale, path string) *site.Page { return pages[locale][path] },
		Articles: func(yield func([]*site.Page) bool) {
			row := make([]*site.Page, len(locales))
			for _, path := range paths {
				for i, l := range locales {
					row[i] = pages[l][path]
				}
				if !yield(row) {
					return
				}
			}
		},
		Title:       func(locale string) string { return "Dispatch & Co. " + locale },
		Description: func(string) string { return hostile[1] },
		Section:     func(_, section string) string { return strings.ToUpper(section) },
		Now:         start.Add(time.Duration(articles) * time.Hour),
	}
}

// Every file of a site with hostile texts is valid, and names the pages that readers
// have.
func TestFiles(t *testing.T) {
	s := newSite(120, []string{"en", "fa", "fa-AF", "sr-Latn", "es-419", "en-XA"})
	got := map[string]int{}
	ids := map[string][]string{}
	for _, f := range made(t, s) {
		name := path.Join(f.Locale, f.Name)
		switch base := path.Base(f.Name); base {
		case "sitemap.xml", "sitemap-news.xml":
			for _, loc := range validSitemap(t, f.Data) {
				if base == "sitemap.xml" && f.Locale != "" && !strings.HasPrefix(loc, "https://news.example/"+f.Locale+"/") {
					t.Errorf("%s has %s", name, loc)
				}
				got[base+" "+f.Locale]++
			}
		case "rss.xml":
			ids[name] = validRSS(t, f.Data)
			got["rss"]++
		case "atom.xml":
			ids[name] = validAtom(t, f.Data)
			got["atom"]++
		case "feed.json":
			ids[name] = validJSON(t, f.Data)
			got["json"]++
		default:
			t.Errorf("file %s", name)
		}
	}
	for i, l := range s.Locales {
		listed := 0
		for row := range s.Articles {
			if p := row[i]; p != nil && p.IsListed() {
				listed++
			}
		}
		if n := got["sitemap.xml "+l]; n != listed || n == 0 {
			t.Errorf("the sitemap of %s has %d of %d pages", l, n, listed)
		}
		if n := got["sitemap-news.xml "+l]; n < 25 || n > 49 {
			t.Errorf("the news sitemap of %s has %d articles of the last 48 hours", l, n)
		}
		for _, section := range []string{"", "news & <more>/"} {
			rss := ids[l+"/"+section+"rss.xml"]
			if len(rss) == 0 || !slices.Equal(rss, ids[l+"/"+section+"atom.xml"]) || !slices.Equal(rss, ids[l+"/"+section+"feed.json"]) {
				t.Errorf("the feeds of %s/%s have different articles: %d", l, section, len(rss))
			}
		}
	}
	if n := got["sitemap.xml "]; n != 2*len(s.Locales) {
		t.Errorf("the index has %d sitemaps", n)
	}
}

// The same pages give the same bytes.
func TestFilesAreStable(t *testing.T) {
	var runs [2]map[string]madeFile
	for i := range runs {
		runs[i] = made(t, newSite(150, []string{"en", "ru"}))
	}
	for name, f := range runs[0] {
		if !bytes.Equal(runs[1][name].Data, f.Data) {
			t.Errorf("%s differs", name)
		}
	}
}

// A site without pages has no files, and one without a common folder no index.
func TestFewFiles(t *testing.T) {
	if all := made(t, newSite(0, []string{"en"})); len(all) > 0 {
		t.Errorf("files %v", slices.Collect(maps.Keys(all)))
	}
	s := newSite(3, []string{"en"})
	s.Base = "https://{locale}.example/{path}"
	for name, f := range made(t, s) {
		if f.Locale == "" {
			t.Errorf("file %s", name)
		}
	}
}

// What a failure stops leaves no half of a file.
func TestFailure(t *testing.T) {
	for fail := range 12 {
		s := newSite(200, []string{"en", "ru"})
		var mu sync.Mutex
		open, n := 0, 0
		err := s.Write(t.Context(), func(locale, name string) (File, error) {
			mu.Lock()
			defer mu.Unlock()
			if n++; n > fail {
				return nil, errBroken
			}
			open++
			return &memoryFile{end: func(data []byte, whole bool) error {
				mu.Lock()
				defer mu.Unlock()
				open--
				if whole && path.Ext(name) == ".xml" && !bytes.HasSuffix(data, []byte(">\n")) {
					t.Errorf("%s/%s is half a file", locale, name)
				}
				return nil
			}}, nil
		})
		if !errors.Is(err, errBroken) || open != 0 {
			t.Errorf("after %d files: %v, %d files are open", fail, err, open)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newSite(5, []string{"en"}).Write(ctx, func(string, string) (File, error) { return nil, errBroken }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

var errBroken = errors.New("broken")

// A former file leads to the page that had it, unless another page has it now.
func TestFormerFiles(t *testing.T) {
	s := newSite(4, []string{"en", "ru"})
	s.Options = Options{Redirects: []string{redirect.Pages, redirect.Netlify}}
	a, b := s.Find("ru", "00001.html"), s.Find("ru", "00002.html")
	a.Former, a.File = []string{"x.html", "00001.html", b.Name(), "note.md"}, "y.html"
	want := []string{"_redirects", "ru/00001.html", "ru/x.html"}
	all := made(t, s)
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	if got, want := string(all["_redirects"].Data), "/ru/00001.html /ru/y.html 301\n/ru/note.md /ru/y.html 301\n/ru/x.html /ru/y.html 301\n"; got != want {
		t.Errorf("redirects\n%s, want\n%s", got, want)
	}
}

// A redirection takes no place that an index page has.
func TestFormerIndex(t *testing.T) {
	s := newSite(2, []string{"en"})
	var err error
	s.Options = Options{Redirects: []string{redirect.Pages, redirect.Netlify}, IndexItems: 5}
	if s.Index, err = ParseIndex(""); err != nil {
		t.Fatal(err)
	}
	s.Find("en", "00001.html").Former = []string{"index.html", "x/index.html"}
	all := made(t, s)
	if got := string(all["en/index.html"].Data); strings.Contains(got, "http-equiv") {
		t.Errorf("the index page is\n%s", got)
	}
	if got := string(all["_redirects"].Data); strings.Contains(got, "/en/index.html") || !strings.Contains(got, "/en/x/index.html") {
		t.Errorf("redirects\n%s", got)
	}
}

// A list has the newest pages, however many come before them.
func TestList(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 20, 21, 999} {
		l := list{limit: 10}
		for i := range n {
			l.add(&site.Page{Path: fmt.Sprint(i), First: start.Add(time.Duration(i*7919%1009) * time.Minute)})
		}
		l.cut()
		if l.count != n || len(l.newest) != min(n, 10) || !slices.IsSortedFunc(l.newest, func(a, b *site.Page) int { return b.First.Compare(a.First) }) {
			t.Errorf("%d pages: %d of %d", n, len(l.newest), l.count)
		}
		if n == 999 && l.newest[0].First.Before(start.Add(1000*time.Minute)) {
			t.Errorf("the newest one is lost: %v", l.newest[0].First)
		}
	}
}

var locales27 = strings.Fields("sq hy az ba be bs bg ce crh fa-AF en ka hu kk ky mk sr-ME ps fa ro ru sr tg tt tk uk uz")

// BenchmarkMemory reports the memory that the files of sites of different sizes take beside
// what is known of their pages.
func BenchmarkMemory(b *testing.B) {
	for _, articles := range []int{2_500, 10_000, 40_000} {
		b.Run(fmt.Sprint(articles), func(b *testing.B) {
			s := newSite(articles, locales27)
			var m runtime.MemStats
			var most uint64
			inner, step := s.Articles, max(articles/5, 1)
			s.Articles = func(yield func([]*site.Page) bool) {
				n := 0
				inner(func(row []*site.Page) bool {
					if n++; n%step == 0 {
						runtime.GC()
						runtime.ReadMemStats(&m)
						most = max(most, m.HeapAlloc)
					}
					return yield(row)
				})
			}
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&m)
				before := m.HeapAlloc
				most = before
				if err := s.Write(b.Context(), discard(new(atomic.Int64))); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(most-before)/1e6, "MB-beside")
				b.ReportMetric(float64(before)/1e6, "MB-pages")
			}
		})
	}
}

// BenchmarkFiles makes the files of a site of 10,000 articles in 27 locales.
func BenchmarkFiles(b *testing.B) {
	s := newSite(10_000, locales27)
	for _, hreflang := range []bool{false, true} {
		b.Run(fmt.Sprintf("hreflang=%v", hreflang), func(b *testing.B) {
			s.Hreflang = hreflang
			b.ReportAllocs()
			for b.Loop() {
				var total atomic.Int64
				if err := s.Write(b.Context(), discard(&total)); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(total.Load())/1e6, "MB")
			}
		})
	}
}
