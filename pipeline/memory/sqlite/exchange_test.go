package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cputime"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// What a memory writes as TMX makes the same memory again.
func TestExportEqualsImport(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	text := func() bitext.Text {
		var t bitext.Text
		for range 1 + r.IntN(4) {
			t.Chars += pick("Home", " ", "<", "<1>", "\x01", "é", "e\u0301", "\xff", "\r\n", `"`, "中", "12")
			if r.IntN(3) == 0 {
				id := pick("1", "2", "a")
				t.Codes = append(t.Codes, bitext.Code{Pos: len(t.Chars), Kind: bitext.CodeKind(r.IntN(3)), ID: id, Data: pick("<b>", "\xff"), Type: pick("", "fmt"), SubType: pick("", "xlf:b"), Disp: pick("", "[b]")})
			}
		}
		return t
	}
	var batches [][]bitext.Entry
	for range 12 {
		var es []bitext.Entry
		for range 40 {
			e := bitext.Entry{SourceLocale: pick("en", "en", "ru"), TargetLocale: pick("uk", "sr-Latn", "crh"), Source: text(), Target: text(), State: bitext.State(r.IntN(4)),
				SubState: pick("", bitext.SubStateCheck), Origin: bitext.Origin{Kind: bitext.OriginKind(pick("human", "engine", "import", "import", "")), Name: pick("", "Anna"), Terms: pick("", "f00")},
				Prev: pick("", "", "Before <1/>"), Next: pick("", "After\x02"), Place: pick("", "a.html#1")}
			if r.IntN(2) == 0 {
				e.Origin.Time = time.Unix(1.7e9+r.Int64N(1000), 0).UTC()
			}
			if r.IntN(4) == 0 {
				e.Props = []bitext.Prop{{Name: "note", Value: "x\ny"}, {Name: "client", Value: `"`}}
			}
			es = append(es, e)
		}
		batches = append(batches, es)
	}
	first := open(t, filepath.Join(t.TempDir(), "first.db"))
	for n, es := range batches {
		res, err := first.Add(t.Context(), memory.Batch{Time: time.Unix(1.8e9+int64(n), 0)}, es)
		if err != nil {
			t.Fatal(err)
		}
		if n%4 == 3 {
			if _, err := first.Undo(t.Context(), res.Batch, memory.Batch{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := all(t, first)
	data := export(t, first)
	second := open(t, filepath.Join(t.TempDir(), "second.db"))
	res, err := second.AddAll(t.Context(), memory.Batch{}, tmx.Entries(tmx.Decode(bytes.NewReader(data), tmx.Options{}), ""))
	if err != nil {
		t.Fatal(err)
	}
	if res.Added != len(want) || res.Superseded != 0 || res.Unchanged != 0 {
		t.Errorf("%+v for %d entries", res, len(want))
	}
	same := cmp.Options{cmpopts.IgnoreFields(bitext.Entry{}, "ID"), cmpopts.IgnoreFields(bitext.Origin{}, "Entry"), cmpopts.EquateEmpty()}
	if d := cmp.Diff(want, all(t, second), same); d != "" {
		t.Errorf("(-first +second):\n%s", d)
	}
	if again := export(t, second); !bytes.Equal(again, data) {
		t.Error("the second memory writes another file")
	}
	if res, err := first.AddAll(t.Context(), memory.Batch{}, tmx.Entries(tmx.Decode(bytes.NewReader(data), tmx.Options{}), "")); err != nil || res.Added != 0 {
		t.Errorf("imported where it came from: %+v, %v", res, err)
	}
}

func all(t testing.TB, s *sqlite.Store) []bitext.Entry {
	t.Helper()
	var out []bitext.Entry
	for e, err := range s.Entries(context.Background(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func export(t testing.TB, s *sqlite.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	e, err := tmx.NewEncoder(&b, tmx.Header{SourceLocale: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range all(t, s) {
		if err := e.Write(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// prose makes sentences of news-like length from a seed.
func prose(r *rand.Rand) string {
	words := strings.Fields("the government said on Monday that it would not change its plans for new talks with neighbours about a border treaty after protests in capital cities where police detained dozens of journalists opposition leaders and students")
	var b strings.Builder
	for i := range 6 + r.IntN(16) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[r.IntN(len(words))])
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "%c%c%c", 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26))
		}
	}
	return b.String() + "."
}

func filled(b *testing.B, n int) (*sqlite.Store, []string) {
	b.Helper()
	path, sources := filledFile(b, n)
	return open(b, path), sources
}

func filledFile(b *testing.B, n int) (path string, sources []string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "memory.db")
	s := open(b, path)
	defer s.Close()
	r := rand.New(rand.NewPCG(1, 2))
	sources = make([]string, n)
	for i := range sources {
		sources[i] = prose(r)
	}
	if _, err := s.AddAll(b.Context(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		for i, source := range sources {
			e := pairOf(source, "Правительство заявило "+source)
			e.Place = fmt.Sprintf("articles/%d.html#p-%d", i/30, i%30)
			if i > 0 && i+1 < n {
				e.Prev, e.Next = sources[i-1], sources[i+1]
			}
			if !yield(e, nil) {
				return
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
	return path, sources
}

// BenchmarkAdd adds 10,000 entries in context at a time, new ones each time.
func BenchmarkAdd(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "memory.db"))
	n := 0
	for b.Loop() {
		n++
		if _, err := s.Add(b.Context(), memory.Batch{}, numbered(fmt.Sprint("a longer sentence as news have it, number ", n), 10_000)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*10_000/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkLookup asks for an article's 50 segments at a time, and reports queries for
// each second of a processor.
func BenchmarkLookup(b *testing.B) {
	s, sources := filled(b, 100_000)
	ask := func(b *testing.B, article func(n int) []memory.Query) {
		n := 0
		start := cputime.Now(b)
		for b.Loop() {
			if _, err := s.Lookup(b.Context(), "en", "ru", article(n)); err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n*50)/(cputime.Now(b)-start).Seconds(), "queries/cpu-s")
	}
	// Sentences from everywhere in the memory, changed.
	scattered := func(change func(q *memory.Query)) func(n int) []memory.Query {
		return func(n int) []memory.Query {
			queries := make([]memory.Query, 50)
			for i := range queries {
				at := (n*50 + i*7919) % (len(sources) - 2)
				queries[i] = memory.Query{Source: bitext.Plain(sources[at+1]), Prev: sources[at], Next: sources[at+2]}
				change(&queries[i])
			}
			return queries
		}
	}
	// Sentences one after the other, changed.
	article := func(n int, change func(string) string) []memory.Query {
		queries := make([]memory.Query, 50)
		at := 1 + n*50%(len(sources)-52)
		for i := range queries {
			queries[i] = memory.Query{Source: bitext.Plain(change(sources[at+i])), Prev: change(sources[at+i-1]), Next: change(sources[at+i+1]),
				Place: fmt.Sprintf("articles/%d.html#p-%d", (at+i)/30, (at+i)%30)}
		}
		return queries
	}
	same := func(s string) string { return s }
	other := func(s string) string { return s + "?" }
	b.Run("context", func(b *testing.B) { ask(b, scattered(func(q *memory.Query) {})) })
	b.Run("miss", func(b *testing.B) { ask(b, scattered(func(q *memory.Query) { q.Source.Chars += "?" })) })
	b.Run("article", func(b *testing.B) { ask(b, func(n int) []memory.Query { return article(n, same) }) })
	b.Run("article/miss", func(b *testing.B) { ask(b, func(n int) []memory.Query { return article(n, other) }) })
	// As a build asks for each of 27 locales.
	b.Run("article/27", func(b *testing.B) { ask(b, func(n int) []memory.Query { return article(n/27, same) }) })
	b.Run("article/27/miss", func(b *testing.B) { ask(b, func(n int) []memory.Query { return article(n/27, other) }) })
	b.Run("fuzzy", func(b *testing.B) {
		ask(b, scattered(func(q *memory.Query) {
			q.Source.Chars = strings.Replace(q.Source.Chars, " ", " hardly ", 1)
			q.Fuzzy = 75
		}))
	})
}

// BenchmarkFirstFuzzy is what the first fuzzy query of a process costs: the index is
// made, or opened where it was kept.
func BenchmarkFirstFuzzy(b *testing.B) {
	for _, n := range []int{1000, 100_000, 1_000_000} {
		path, sources := filledFile(b, n)
		query := memory.Query{Source: bitext.Plain(strings.Replace(sources[n/3], " ", " hardly ", 1)), Fuzzy: 75}
		first := func(b *testing.B, readOnly bool) {
			s, err := sqlite.Open(b.Context(), path, sqlite.Options{ReadOnly: readOnly})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if m, err := s.Lookup(b.Context(), "en", "ru", []memory.Query{query}); err != nil || len(m[0]) == 0 {
				b.Fatal(m, err)
			}
		}
		b.Run(fmt.Sprint("made/", n), func(b *testing.B) {
			for b.Loop() {
				first(b, true)
			}
		})
		b.Run(fmt.Sprint("kept/", n), func(b *testing.B) {
			first(b, false)
			for b.Loop() {
				first(b, true)
			}
		})
	}
}

// BenchmarkImport is a TMX file into an empty memory.
func BenchmarkImport(b *testing.B) {
	const pairs = 50_000
	r := rand.New(rand.NewPCG(3, 4))
	var file bytes.Buffer
	e, err := tmx.NewEncoder(&file, tmx.Header{SourceLocale: "en"})
	if err != nil {
		b.Fatal(err)
	}
	for range pairs {
		s := prose(r)
		e.Write(bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(s), Target: bitext.Plain("Правительство заявило " + s), State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromImport}})
	}
	e.Close()
	b.SetBytes(int64(file.Len()))
	n := 0
	for b.Loop() {
		n++
		s := open(b, filepath.Join(b.TempDir(), fmt.Sprint(n, ".db")))
		if _, err := s.AddAll(b.Context(), memory.Batch{}, tmx.Entries(tmx.Decode(bytes.NewReader(file.Bytes()), tmx.Options{}), "en")); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
	b.ReportMetric(float64(n)*pairs/b.Elapsed().Seconds(), "pairs/s")
}

// BenchmarkExport is all of a memory out to TMX.
func BenchmarkExport(b *testing.B) {
	s, _ := filled(b, 50_000)
	n := 0
	for b.Loop() {
		n++
		e, err := tmx.NewEncoder(io.Discard, tmx.Header{SourceLocale: "en"})
		if err != nil {
			b.Fatal(err)
		}
		for entry, err := range s.Entries(b.Context(), "", "") {
			if err != nil {
				b.Fatal(err)
			}
			e.Write(entry)
		}
		e.Close()
	}
	b.ReportMetric(float64(n)*50_000/b.Elapsed().Seconds(), "pairs/s")
}
