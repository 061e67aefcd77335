package pipeline

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/edition"
)

// newsroomGlossary returns the termbase of the sample newsroom.
func newsroomGlossary(t testing.TB) *glossary.Glossary {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(newsroom, "..", "glossary", "*.csv"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no termbase: %v", err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	g, _ := glossary.ParseTable(names[0], data, glossary.TableOptions{})
	return g
}

// TestMadeOnce checks that a build makes one matcher for each pair of locales,
// however many articles there are, and that all callers get the same one.
func TestMadeOnce(t *testing.T) {
	p := newProject(t, twoLocales)
	p.Glossary = newsroomGlossary(t)
	all := articles(t, newsroom)
	if len(all) < 3 {
		t.Fatalf("only %d articles", len(all))
	}
	if err := p.Build(t.Context(), all, p.Config.Project.Locales, edition.Index{}, func(Result) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if n := len(p.matchers.byPair); n != len(p.Config.Project.Locales) {
		t.Errorf("%d matchers for %d pairs of locales", n, len(p.Config.Project.Locales))
	}
	first := p.matcher("en", "ru")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if m := p.matcher("en", "ru"); m != first {
				t.Error("a second matcher for one pair of locales")
			}
		})
	}
	wait.Wait()
}

// largePage returns an article of a few thousand paragraphs.
func largePage() []byte {
	return []byte("<html><body>" + strings.Repeat("<p>The <b>river</b> rose on <a href=\"x\">Monday</a>. It fell on Friday.</p>\n", 2000) + "</body></html>")
}

// openings are the two ways to open articles: with the formats that a project makes
// once, and with formats that are made for each article, as a reference.
var openings = []struct {
	name  string
	split func(p *Project) func(data []byte)
}{
	{"project", func(p *Project) func([]byte) {
		return func(data []byte) { p.Open("a.html", "", "", data) }
	}},
	{"each", func(p *Project) func([]byte) {
		return func(data []byte) {
			one, err := New(p.Config, p.Resources)
			if err != nil {
				panic(err)
			}
			one.Open("a.html", "", "", data)
		}
	}},
}

// TestSplitterReused checks that a project's splitter keeps the memory that it works
// in: articles that are opened one by one take less than with formats of their own.
func TestSplitterReused(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector drops what is put into pools")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection may empty the pool
	p, data := newProject(t, twoLocales), largePage()
	var used [2]uint64
	for i, o := range openings {
		split := o.split(p)
		split(data)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 10 {
			split(data)
		}
		runtime.ReadMemStats(&after)
		used[i] = (after.TotalAlloc - before.TotalAlloc) / 10
	}
	t.Logf("%d bytes for an article, %d with formats of its own", used[0], used[1])
	if used[0]*20 > used[1]*19 {
		t.Errorf("an article takes %d bytes with the formats of the project, %d with formats of its own", used[0], used[1])
	}
}

// BenchmarkOpen opens a large article with the formats of its project, and with
// formats of its own.
func BenchmarkOpen(b *testing.B) {
	p, data := newProject(b, twoLocales), largePage()
	for _, o := range openings {
		b.Run(o.name, func(b *testing.B) {
			split := o.split(p)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				split(data)
			}
		})
	}
}

// BenchmarkMatcher looks up the matcher of a pair of locales, and makes one, which is
// what each article and locale would cost without the project's.
func BenchmarkMatcher(b *testing.B) {
	p := newProject(b, twoLocales)
	p.Glossary = newsroomGlossary(b)
	b.Run("project", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.matcher("en", "ru")
		}
	})
	b.Run("each", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Glossary.Matcher("en", "ru", locales.Parents)
		}
	})
}
