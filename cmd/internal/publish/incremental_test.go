package publish_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/report"
)

// twins are two copies of one project: whatever is done to one is done to the other,
// but the builds of the second begin from nothing.
type twins struct {
	t     *testing.T
	dirs  [2]string
	clock time.Time
	batch int64 // the last of the memory
	log   []string
	site  string // the end of the configuration

	limits edition.Limits
}

func (w *twins) each(f func(dir string)) {
	for _, dir := range w.dirs {
		f(dir)
	}
}

func (w *twins) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf(format+"\nafter:\n%s", append(args, strings.Join(w.log, "\n"))...)
}

func (w *twins) open(dir string, o workspace.Options) *workspace.Workspace {
	o.Clock = func() time.Time { return w.clock }
	ws, err := workspace.Open(w.t.Context(), dir, o)
	if err != nil {
		w.fail("open: %v", err)
	}
	return ws
}

// built is what a build shows.
type built struct {
	summary string
	files   map[string]string
	opened  int // articles that were split
}

// opened counts the articles that a build did not take from its cache, and collects
// the board, and what check reports.
type opened struct {
	n        int
	board    board.Board
	tally    report.Completeness
	whole    bool
	findings []diag.Diagnostic

	unfinished, titles bool
	ws                 *workspace.Workspace
	texts              []string // titles and numbers of texts, by article
}

func (o *opened) Article(r pipeline.Result, pages []publish.Earlier) {
	o.board.Add(r, pages)
	if o.titles {
		title, sources := r.Title, r.Sources
		if r.Document != nil {
			title, sources = r.Document.Title(), nil
			for i := range r.Document.Units {
				for _, s := range r.Document.Units[i].Segments {
					sources = append(sources, o.ws.SourceHash(r.Document.Locale, s.Source.Key()))
				}
			}
			slices.Sort(sources)
			sources = slices.Compact(sources)
		}
		o.texts = append(o.texts, fmt.Sprint(r.Path, title, sources))
	}
	for _, e := range r.Editions {
		checks.Tally(&o.tally, e)
		if o.unfinished {
			o.findings = append(o.findings, checks.Unfinished(r.Path, e)...)
		}
		if o.whole {
			o.findings = append(o.findings, e.Diagnostics...)
		}
	}
	if r.Document != nil {
		o.n++
	}
}

func (*opened) Wrote(string, bool) {}

func (w *twins) build(dir string, o publish.Options, sel workspace.Selection) built {
	w.t.Helper()
	mode := workspace.ReadWrite
	if o.DryRun {
		mode = workspace.DryRun
	}
	ws := w.open(dir, workspace.Options{Memory: mode, Select: &sel, Engines: true})
	watch := &opened{whole: o.WholeResults, unfinished: o.Unfinished, titles: o.Titles, ws: ws}
	s, err := publish.Build(context.Background(), ws, o, watch)
	if cerr := ws.Close(); err != nil || cerr != nil {
		w.fail("build: %v %v", err, cerr)
	}
	watch.board.Sort()
	diag.Sort(watch.findings)
	slices.Sort(watch.texts)
	data, err := json.MarshalIndent([]any{s, watch.board.Rows, watch.tally, watch.findings, watch.texts}, "", " ")
	if err != nil {
		w.t.Fatal(err)
	}
	out := built{summary: fmt.Sprintf("%s\nhidden %d", strings.ReplaceAll(string(data), dir, "DIR"), s.Hidden), files: map[string]string{}, opened: watch.n}
	root := filepath.Join(dir, "editions")
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := os.ReadFile(name)
			rel, _ := filepath.Rel(root, name)
			out.files[rel] = string(data)
		}
		return nil
	})
	return out
}

// compare builds both twins and fails if they differ.
func (w *twins) compare(o publish.Options, sel workspace.Selection) built {
	w.t.Helper()
	o.Incremental, o.Limits = true, w.limits
	got := w.build(w.dirs[0], o, sel)
	o.Incremental = false
	want := w.build(w.dirs[1], o, sel)
	if got.summary != want.summary {
		w.fail("summary\n%s\nof a build from nothing\n%s", got.summary, want.summary)
	}
	for name, text := range want.files {
		if got.files[name] != text {
			w.fail("%s is\n%s\nfrom nothing\n%s", name, got.files[name], text)
		}
	}
	if len(got.files) != len(want.files) {
		w.fail("%d files, from nothing %d", len(got.files), len(want.files))
	}
	return got
}

func (w *twins) write(name, text string) {
	w.each(func(dir string) { write(w.t, dir, name, text) })
}

func (w *twins) remove(name string) {
	w.each(func(dir string) { os.Remove(filepath.Join(dir, filepath.FromSlash(name))) })
}

// add adds a translation to both memories.
func (w *twins) add(source, target, locale string, state bitext.State) {
	w.each(func(dir string) {
		ws := w.open(dir, workspace.Options{Memory: workspace.ReadWrite})
		r, err := ws.Store.Add(w.t.Context(), memory.Batch{Author: "a", Time: w.clock}, []bitext.Entry{{
			SourceLocale: "en", TargetLocale: locale, Source: bitext.Plain(source), Target: bitext.Plain(target), State: state,
			Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "a", Time: w.clock},
		}})
		if err := ws.Close(); err != nil {
			w.t.Fatal(err)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		if r.Batch != 0 {
			w.batch = r.Batch
		}
	})
}

func (w *twins) undo() {
	w.each(func(dir string) {
		ws := w.open(dir, workspace.Options{Memory: workspace.ReadWrite})
		_, _ = ws.Store.Undo(w.t.Context(), w.batch, memory.Batch{Author: "a", Time: w.clock})
		if err := ws.Close(); err != nil {
			w.t.Fatal(err)
		}
	})
}

const twinConfig = `
[project]
locales = ["en", "ru", "fa", "uk"]
articles = ["articles/*.{md,html}"]
base_url = "https://example.org/{locale}/{path}"
[memory]
import = ["m.tmx"]
[glossary]
files = ["terms.csv"]
[policy]
require = []
threshold = %d
missing = "%s"
outdated = "%s"
errors = "%s"
max_age = "3d"
[policy.locale.uk]
fallback = "ru"
[[check.allow]]
id = "quality.numbers"
reason = "an example"
expires = "%s"
`

func newTwins(t *testing.T, site string) *twins {
	w := &twins{t: t, site: site, dirs: [2]string{t.TempDir(), t.TempDir()}, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.write("hexapla.toml", fmt.Sprintf(twinConfig, 0, "fallback", "keep", "withhold", "2026-03-05")+site)
	w.write("m.tmx", translations)
	w.write("terms.csv", "concept,locale,term\nc1,en,flood\nc1,ru,наводнение\n")
	for i := range 4 {
		w.write("articles/"+articleName(i), linkedArticle(i, "One.", "Two.", "Three.", "The flood came in 1998."))
	}
	w.add("The flood came in 1998.", "Было наводнение.", "ru", bitext.Reviewed) // without its number
	return w
}

// articleName is the name of an article: each other one is a page.
func articleName(i int) string {
	if i%2 == 0 {
		return fmt.Sprintf("%d.html", i)
	}
	return fmt.Sprintf("%d.md", i)
}

// linkedArticle is an article with links to others.
func linkedArticle(i int, sentences ...string) string {
	next := articleName((i + 2) % 6)
	if i%2 == 0 {
		return fmt.Sprintf("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Title</title></head>\n<body><h1>Number %d</h1>\n<p>%s</p>\n<p>See <a href=\"https://example.org/en/%s\">this</a>.</p>\n</body></html>\n",
			i, strings.Join(sentences, "</p>\n<p>"), next)
	}
	return fmt.Sprintf("# Number %d\n\n%s\n\nSee [the other](%s).\n", i, strings.Join(sentences, "\n\n"), next)
}

var sentences = []string{"One.", "Two.", "Three.", "The flood came in 1998.", "Nobody was hurt.", "Latest news", "It rained for 3 days."}

// change makes one change at random, of anything that a build depends on.
func (w *twins) change(r *rand.Rand) {
	pick := func(all []string) string { return all[r.IntN(len(all))] }
	n := r.IntN(5)
	name := "articles/" + articleName(n)
	locale := pick([]string{"ru", "fa", "uk"})
	page := "editions/" + pick([]string{"en", "ru", "fa", "uk"}) + "/" + articleName(n)
	if all, _ := filepath.Glob(filepath.Join(w.dirs[0], "editions/*/[0-9].*")); len(all) > 0 {
		rel, _ := filepath.Rel(w.dirs[0], pick(all))
		page = filepath.ToSlash(rel)
	}
	var what string
	switch k := r.IntN(20); k {
	case 0, 1:
		what = "write " + name
		w.write(name, linkedArticle(n, pick(sentences), pick(sentences), pick(sentences)))
	case 2:
		if n == 0 {
			n, name = 1, "articles/1.md" // one stays
		}
		what = "remove " + name
		w.remove(name)
	case 3:
		what = "touch " + name
		w.each(func(dir string) { _ = os.Chtimes(filepath.Join(dir, name), time.Time{}, time.Now()) })
	case 4, 5, 6, 7:
		s := pick(sentences)
		what = "add " + s + " in " + locale
		w.add(s, pick([]string{"перевод", "другой перевод", "наводнение 1998", "ترجمه"}), locale, bitext.Reviewed)
	case 8:
		what = "undo"
		w.undo()
	case 9:
		what = "terms"
		w.write("terms.csv", "concept,locale,term\nc1,en,flood\nc1,ru,"+pick([]string{"потоп", "наводнение"})+"\n")
	case 10:
		what = "catalog"
		w.write("locales/active.en.toml", "LatestNews = \"Latest news\"\n")
		w.write("locales/active."+locale+".toml", "[LatestNews]\nother = \""+pick([]string{"Новости", "Свежие новости"})+"\"\n")
	case 11:
		what = "configuration"
		threshold, missing := r.IntN(3)*50, pick([]string{"source", "fallback", "hold"})
		if missing == "hold" {
			threshold = 100
		}
		w.write("hexapla.toml", fmt.Sprintf(twinConfig, threshold, missing, pick([]string{"keep", "replace"}),
			pick([]string{"withhold", "publish"}), pick([]string{"2026-03-02", "2026-04-01"}))+w.site)
	case 12, 18, 19:
		w.clock = w.clock.Add(time.Duration(r.IntN(60)) * time.Hour)
		what = "clock " + w.clock.String()
	case 13:
		what = "remove " + page
		w.remove(page)
	case 14:
		what = "edit " + page
		w.each(func(dir string) {
			if data, err := os.ReadFile(filepath.Join(dir, page)); err == nil {
				write(w.t, dir, page, strings.Replace(string(data), "e", "E", 1)) // of the same size
			}
		})
	case 15:
		parts, _ := filepath.Glob(filepath.Join(w.dirs[0], "editions", locale, "manifest.parts", "*"))
		if len(parts) == 0 || r.IntN(4) == 0 {
			what = "remove a manifest"
			w.remove("editions/" + locale + "/manifest.json")
		} else {
			rel, _ := filepath.Rel(w.dirs[0], pick(parts))
			switch part := filepath.ToSlash(rel); r.IntN(3) {
			case 0:
				what = "remove " + part
				w.remove(part)
			case 1:
				what = "touch " + part
				w.each(func(dir string) { _ = os.Chtimes(filepath.Join(dir, part), time.Time{}, time.Now()) })
			case 2:
				what = "edit " + part
				w.each(func(dir string) {
					if data, err := os.ReadFile(filepath.Join(dir, part)); err == nil {
						write(w.t, dir, part, strings.Replace(string(data), "editionSHA256\": \"", "editionSHA256\": \"0", 1))
					}
				})
			}
		}
	case 16:
		what = "damage the cache"
		caches, _ := filepath.Glob(filepath.Join(w.dirs[0], ".hexapla/build/*.cache"))
		for _, c := range caches {
			data, _ := os.ReadFile(c)
			if r.IntN(2) == 0 {
				data = data[:r.IntN(len(data))]
			} else {
				data[r.IntN(len(data))] ^= 1
			}
			_ = os.WriteFile(c, data, 0o666)
		}
	case 17:
		what = "older copy of the memory"
		w.each(func(dir string) {
			now, saved := filepath.Join(dir, ".hexapla/memory.db"), filepath.Join(dir, "saved.db")
			if data, err := os.ReadFile(saved); err == nil {
				_ = os.WriteFile(now, data, 0o666)
			}
			if data, err := os.ReadFile(now); err == nil {
				_ = os.WriteFile(saved, data, 0o666)
			}
		})
	}
	w.log = append(w.log, what)
}

var seeds = flag.Int("seeds", 3, "how many random projects TestIncrementalIsLikeFromNothing changes and builds")

// A build that takes what it can from its cache has the files and the summary of one
// that does all, after any change of anything.
func TestIncrementalIsLikeFromNothing(t *testing.T) {
	for seed := range *seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(seed), 1))
			w := newTwins(t, []string{"", "[site]\n", "[site]\nslugs = \"title\"\n"}[seed%3])
			if seed%2 == 1 { // manifests with parts, of few articles each
				w.limits = edition.Limits{Whole: 4000, Part: 3000}
			}
			reused := 0
			for range 12 {
				for range r.IntN(3) {
					w.change(r)
				}
				o, sel := publish.Options{AllFindings: r.IntN(3) == 0}, workspace.Selection{}
				switch r.IntN(8) {
				case 0:
					o.DryRun, o.WholeResults, o.Unfinished, o.Titles = true, r.IntN(2) == 0, r.IntN(3) == 0, r.IntN(3) == 0
				case 1:
					o.Partial, sel.Articles = true, []string{"articles/0.html"}
				case 2:
					sel.Locales = []string{"ru", "en"}
				case 3:
					o.Overwrite = true
				}
				w.log = append(w.log, fmt.Sprintf("build %+v %+v", o, sel))
				b := w.compare(o, sel)
				if b.opened < 4 {
					reused++
				}
				w.clock = w.clock.Add(time.Minute)
			}
			if reused == 0 {
				t.Error("no build took anything from its cache")
			}
		})
	}
}

// What is built again after a change is what depends on it.
func TestIncrementalBuildsWhatChanged(t *testing.T) {
	w := newTwins(t, "")
	all := workspace.Selection{}
	steps := []struct {
		name   string
		do     func()
		opened int
	}{
		{"first build", func() {}, 4},
		{"nothing", func() {}, 0},
		{"an article", func() { w.write("articles/2.html", linkedArticle(2, "One.", "Two.", "Two.")) }, 1},
		{"the entry of an earlier page that stays", func() {}, 1},
		{"nothing after an article", func() {}, 0},
		{"a translation of another text", func() { w.add("Nobody asked.", "Никто не спросил.", "ru", bitext.Reviewed) }, 0},
		{"a translation", func() { w.add("Three.", "Три.", "ru", bitext.Reviewed) }, 3},
		{"terms", func() { w.write("terms.csv", "concept,locale,term\nc1,en,flood\nc1,ru,потоп\n") }, 4},
		{"a page edited by hand", func() {
			w.each(func(dir string) { write(t, dir, "editions/ru/2.html", "mine") })
		}, 1},
	}
	for _, step := range steps {
		step.do()
		w.log = append(w.log, step.name)
		if b := w.compare(publish.Options{}, all); b.opened != step.opened {
			t.Errorf("%s: %d articles were built, want %d", step.name, b.opened, step.opened)
		}
		w.clock = w.clock.Add(time.Minute)
	}
}

// A divided manifest is written where an article has changed, and nowhere else.
func TestManifestParts(t *testing.T) {
	w := newTwins(t, "")
	w.limits = edition.Limits{Whole: 6000, Part: 4000}
	for i := range 20 {
		w.write(fmt.Sprintf("articles/more%d.md", i), linkedArticle(1, sentences...))
	}
	for range 2 {
		w.compare(publish.Options{}, workspace.Selection{})
		w.clock = w.clock.Add(time.Minute)
	}
	parts := func(files map[string]string) (out []string) {
		for name := range files {
			if strings.HasPrefix(name, "ru/manifest.parts/") {
				out = append(out, name)
			}
		}
		return out
	}
	before := w.compare(publish.Options{}, workspace.Selection{})
	if len(parts(before.files)) < 5 {
		t.Fatalf("%d parts", len(parts(before.files)))
	}
	for _, o := range []publish.Options{{}, {Partial: true}} {
		w.write("articles/more3.md", linkedArticle(1, "One.", "Something else.", fmt.Sprint(o.Partial)))
		sel := workspace.Selection{}
		if o.Partial {
			sel.Articles = []string{"articles/more3.md"}
		}
		after := w.compare(o, sel)
		w.clock = w.clock.Add(time.Minute)
		var changed []string
		for _, name := range parts(after.files) {
			if after.files[name] != before.files[name] {
				changed = append(changed, name)
			}
		}
		if len(changed) != 1 || after.opened != 1 {
			t.Errorf("parts %q are written, %d articles built", changed, after.opened)
		}
		before = after
	}
	// A part that is lost says nothing of its pages: they are not overwritten.
	w.remove("editions/" + parts(before.files)[0])
	if lost := w.compare(publish.Options{}, workspace.Selection{}); !strings.Contains(lost.summary, "edition.manifest") {
		t.Errorf("a lost part is not reported:\n%s", lost.summary)
	}
}

// In a site, a page is built again when an edition that it links to comes or goes, in
// the same build.
func TestSiteBuildsWhatLinks(t *testing.T) {
	w := newTwins(t, "[site]\n")
	steps := []struct {
		name, links string // to 2.html, in ru/0.html
		do          func()
		opened      int
	}{
		{"first build", "https://example.org/ru/2.html", func() {}, 4},
		{"nothing", "https://example.org/ru/2.html", func() {}, 0},
		{"a page is gone", "https://example.org/ru/2.html", func() { w.remove("editions/ru/2.html") }, 2},
	}
	for _, step := range steps {
		step.do()
		w.log = append(w.log, step.name)
		b := w.compare(publish.Options{}, workspace.Selection{})
		if b.opened != step.opened {
			t.Errorf("%s: %d articles were built, want %d", step.name, b.opened, step.opened)
		}
		if page := b.files["ru/0.html"]; !strings.Contains(page, `href="`+step.links+`"`) {
			t.Errorf("%s: ru/0.html has no link to %s:\n%s", step.name, step.links, page)
		}
		w.clock = w.clock.Add(time.Minute)
	}
}

// An article with missing translations is built again only where an engine is
// configured for their locale: it may answer now.
func TestIncrementalWithEngines(t *testing.T) {
	for _, test := range []struct {
		locale string
		opened int
	}{
		{"kk", 0}, // which the project does not have
		{"uk", 4}, // the engine cannot translate from English, so that the texts stay missing
	} {
		w := newTwins(t, fmt.Sprintf("[[hook]]\ntype = \"script\"\nlocales = [%q]\n", test.locale))
		for range 2 {
			w.compare(publish.Options{}, workspace.Selection{})
			w.clock = w.clock.Add(time.Minute)
		}
		if b := w.compare(publish.Options{}, workspace.Selection{}); b.opened != test.opened {
			t.Errorf("an engine for %s: %d articles were built, want %d", test.locale, b.opened, test.opened)
		}
	}
}
