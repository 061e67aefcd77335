package fuzzy

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/cputime"
)

// plain is the distance by the book.
func plain(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			d := before
			if x[i] != y[j] {
				d++
			}
			before = row[j+1]
			row[j+1] = min(d, before+1, row[j]+1)
		}
	}
	return row[len(y)]
}

// Score returns the score of two texts.
func Score(a, b string) int { return NewScorer(a).Score(b, 0) }

func TestScore(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 100},
		{"", "abc", 0},
		{"abc", "", 0},
		{"abc", "abc", 100},
		{"abc", "xyz", 0},
		{"12 firms", "13 firms", 87},
		{"один два три", "один два пять", 69},
		{"日本語の文章", "日本の文章", 83},
		{strings.Repeat("a", 64), strings.Repeat("a", 63) + "b", 98},
		{strings.Repeat("a", 65), strings.Repeat("a", 64), 98},
		{strings.Repeat("ab", 500), strings.Repeat("ba", 500), 99},
	} {
		if got := Score(c.a, c.b); got != c.want {
			t.Errorf("Score(%.20q, %.20q) = %d, want %d", c.a, c.b, got, c.want)
		}
		for _, least := range []int{0, c.want, c.want + 1} {
			want := c.want
			if least > want {
				want = 0
			}
			if got := NewScorer(c.a).Score(c.b, least); got != want {
				t.Errorf("Scorer(%.20q).Score(%.20q, %d) = %d, want %d", c.a, c.b, least, got, want)
			}
		}
		if got := Score(c.b, c.a); got != c.want {
			t.Errorf("Score(%.20q, %.20q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestDistanceIsLevenshtein(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("aabbcdeé日🙂 ")
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	for range 3000 {
		a := text(r.IntN(200))
		b := text(r.IntN(200))
		if r.IntN(2) == 0 {
			b = edit(r, a, text)
		}
		want := plain(a, b)
		p := compile(a)
		if got := p.distance(b, 1000); got != want {
			t.Fatalf("distance(%q, %q) = %d, want %d", a, b, got, want)
		}
		// A pattern may be used again, and stops early only above the bound.
		for _, most := range []int{want, want + 1, want - 1, want / 2} {
			got := p.distance(b, most)
			if most >= want && got != want || most < want && got <= most {
				t.Fatalf("distance(%q, %q, most %d) = %d, want %d", a, b, most, got, want)
			}
		}
		if low := apart(signOf(a), signOf(b)); low > want {
			t.Fatalf("apart(%q, %q) = %d, above the distance %d", a, b, low, want)
		}
	}
}

// edit cuts, doubles or replaces a few pieces of a text.
func edit(r *rand.Rand, s string, text func(int) string) string {
	x := []rune(s)
	for range 1 + r.IntN(4) {
		i := r.IntN(len(x) + 1)
		j := min(len(x), i+r.IntN(8))
		x = slices.Concat(x[:i:i], []rune(text(r.IntN(6))), x[j:])
	}
	return string(x)
}

func FuzzDistance(f *testing.F) {
	f.Add("kitten", "sitting")
	f.Add("", "x")
	f.Add(strings.Repeat("ab", 40), strings.Repeat("ba", 41))
	f.Add("\xff\xfe", "a\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		if utf8.RuneCountInString(a) > 300 || utf8.RuneCountInString(b) > 300 {
			return
		}
		if got, want := compile(a).distance(b, 1000), plain(a, b); got != want {
			t.Errorf("distance(%q, %q) = %d, want %d", a, b, got, want)
		}
		tokens(nil, a)
	})
}

// corpus makes sentences of words as frequent as real ones are: the nth word
// comes 1/n times as often as the first. Words take endings now and then.
type corpus struct {
	r     *rand.Rand
	words []string
	zipf  *rand.Zipf
}

func newCorpus(seed uint64) *corpus {
	c := &corpus{r: rand.New(rand.NewPCG(seed, 7))}
	for range 20_000 {
		var b strings.Builder
		for range 1 + c.r.IntN(4) {
			b.WriteString(string("bcdfgklmnprstvz"[c.r.IntN(15)]) + string("aeiou"[c.r.IntN(5)]))
		}
		c.words = append(c.words, b.String())
	}
	c.zipf = rand.NewZipf(c.r, 1.07, 3, uint64(len(c.words)-1))
	return c
}

func (c *corpus) word() string {
	w := c.words[c.zipf.Uint64()]
	switch c.r.IntN(8) {
	case 0:
		w += "ing"
	case 1:
		w += "s"
	}
	return w
}

func (c *corpus) sentence() string {
	n := 2 + c.r.IntN(20)
	ws := make([]string, n)
	for i := range ws {
		ws[i] = c.word()
	}
	return strings.Join(ws, " ") + "."
}

// vary changes words of a sentence: replaced, put in, left out, in number.
func (c *corpus) vary(s string) string {
	w := strings.Fields(s)
	for range 1 + c.r.IntN(3) {
		i := c.r.IntN(len(w))
		switch c.r.IntN(4) {
		case 0, 1:
			w[i] = c.word()
		case 2:
			w = slices.Insert(w, i, c.word())
		case 3:
			if len(w) > 2 {
				w = slices.Delete(w, i, i+1)
			}
		}
	}
	return strings.Join(w, " ")
}

func build(t testing.TB, texts []string) *Index {
	t.Helper()
	var x Index
	if err := x.Add(numbered(texts, 0)); err != nil {
		t.Fatal(err)
	}
	return &x
}

func find(t testing.TB, x *Index, query string, min, limit int, accept func(int64) bool) []Hit {
	t.Helper()
	hits, err := x.Find(query, min, limit, accept)
	if err != nil {
		t.Error(err)
	}
	return hits
}

func numbered(texts []string, from int) func(func(Text, error) bool) {
	return func(yield func(Text, error) bool) {
		for i, s := range texts {
			if !yield(Text{int64(from + i), s}, nil) {
				return
			}
		}
	}
}

// best is the highest score among texts, by looking at all of them.
func best(query string, texts []string) int {
	p := compile(query)
	top := 0
	for _, s := range texts {
		n := max(p.length, utf8.RuneCountInString(s))
		top = max(top, percent(p.distance(s, n-(n*(top+1)+99)/100), n))
	}
	return top
}

func TestRecall(t *testing.T) {
	const size, asked, wanted = 20_000, 250, 75
	c := newCorpus(3)
	texts := make([]string, size)
	for i := range texts {
		texts[i] = c.sentence()
	}
	x := build(t, texts)
	there, found := 0, 0
	for range asked {
		q := c.vary(texts[c.r.IntN(size)])
		want := best(q, texts)
		if want < wanted {
			continue
		}
		there++
		hits := find(t, x, q, wanted, 1, nil)
		if len(hits) == 1 && hits[0].Score == want {
			found++
		}
	}
	if there < asked/2 || found*1000 < there*995 {
		t.Errorf("found the best match for %d of %d queries, want at least 99.5 %%", found, there)
	}
}

func TestFind(t *testing.T) {
	texts := []string{
		"The minister resigned on Monday.",
		"The minister resigned on Tuesday.",
		"The minister resigned on Monday.",
		"Nothing alike.",
		"",
		strings.Repeat("too long ", 1000),
		"министр подал в отставку в понедельник",
		"首相は月曜日に辞任した。",
		"See page 12",
	}
	x := build(t, texts)
	if x.Len() != 7 {
		t.Errorf("%d texts, want 7: neither the empty nor the too long one", x.Len())
	}
	odd := func(id int64) bool { return id%2 == 1 }
	for _, c := range []struct {
		reason string
		query  string
		min    int
		limit  int
		accept func(int64) bool
		want   []Hit
	}{
		{"best first, then by ID", "The minister resigned on Monday!", 75, 9, nil, []Hit{{0, 96}, {2, 96}, {1, 84}}},
		{"limit", "The minister resigned on Monday!", 75, 1, nil, []Hit{{0, 96}}},
		{"limit 0", "The minister resigned on Monday!", 75, 0, nil, nil},
		{"accepted only", "The minister resigned on Monday!", 75, 9, odd, []Hit{{1, 84}}},
		{"score too low", "The minister resigned on Monday!", 97, 9, nil, nil},
		{"equal", "Nothing alike.", 100, 9, nil, []Hit{{3, 100}}},
		{"inflected", "министры подали в отставку в понедельник", 75, 9, nil, []Hit{{6, 95}}},
		{"no spaces", "首相は火曜日に辞任した。", 75, 9, nil, []Hit{{7, 91}}},
		{"other digits", "See page 99", 75, 9, nil, []Hit{{8, 81}}},
		{"no common word", "Xyz", 1, 9, nil, nil},
		{"empty", "", 1, 9, nil, nil},
		{"too long", strings.Repeat("too long ", 1000), 75, 9, nil, nil},
	} {
		if got := find(t, x, c.query, c.min, c.limit, c.accept); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.reason, got, c.want)
		}
	}
	if got := find(t, new(Index), "anything", 50, 5, nil); got != nil {
		t.Errorf("an empty index found %v", got)
	}
}

// However texts came in, one by one or at once, the same is found.
func TestGrowing(t *testing.T) {
	c := newCorpus(5)
	texts := make([]string, 3000)
	for i := range texts {
		texts[i] = c.sentence()
	}
	once := build(t, texts)
	var grown Index
	for at := 0; at < len(texts); {
		n := min(len(texts)-at, 1+c.r.IntN(40))
		if err := grown.Add(numbered(texts[at:at+n], at)); err != nil {
			t.Fatal(err)
		}
		at += n
	}
	if grown.Len() != once.Len() {
		t.Fatalf("%d texts, want %d", grown.Len(), once.Len())
	}
	if n := len(*grown.shards.Load()); n > 8 {
		t.Errorf("%d shards after many additions", n)
	}
	for i := range 200 {
		q := c.vary(texts[i])
		if a, b := find(t, once, q, 70, 3, nil), find(t, &grown, q, 70, 3, nil); !slices.Equal(a, b) {
			t.Errorf("%q: %v at once, %v grown", q, a, b)
		}
	}
}

func TestAddFails(t *testing.T) {
	x := build(t, []string{"one text"})
	broken := errors.New("broken")
	err := x.Add(func(yield func(Text, error) bool) {
		_ = yield(Text{7, "another text"}, nil) && yield(Text{}, broken)
	})
	if !errors.Is(err, broken) || x.Len() != 1 {
		t.Errorf("error %v, %d texts; want %v and 1", err, x.Len(), broken)
	}
}

func TestConcurrent(t *testing.T) {
	c := newCorpus(6)
	texts := make([]string, 2000)
	for i := range texts {
		texts[i] = c.sentence()
	}
	x := build(t, texts[:1000])
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 200 {
				id := int64(g*200 + i)
				q := texts[id]
				if h := find(t, x, q, 100, 50, nil); !slices.ContainsFunc(h, func(h Hit) bool { return h.ID == id }) {
					t.Errorf("%q not found: %v", q, h)
				}
			}
		})
	}
	for at := 1000; at < 2000; at += 50 {
		if err := x.Add(numbered(texts[at:at+50], at)); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}

// Long and repetitive texts stay within the budget of work, and do not fail.
func TestHeavy(t *testing.T) {
	var texts []string
	for i := range 300 {
		texts = append(texts, strings.Repeat(fmt.Sprintf("word%c ", 'a'+i%26), 600), strings.Repeat("a", i+1), strings.Repeat("日本", i+1))
	}
	x := build(t, texts)
	for _, q := range []string{strings.Repeat("worda ", 601), strings.Repeat("a", 250), strings.Repeat("日本", 200) + "語", strings.Repeat("1 ", 2000)} {
		for _, h := range find(t, x, q, 60, 5, nil) {
			if want := Score(q, texts[h.ID]); h.Score != want {
				t.Errorf("score %d, want %d", h.Score, want)
			}
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			c := newCorpus(9)
			texts := make([]string, size)
			for i := range texts {
				texts[i] = c.sentence()
			}
			x := build(b, texts)
			queries := make([]string, 1000)
			for i := range queries {
				queries[i] = c.vary(texts[c.r.IntN(size)])
			}
			i := 0
			for b.Loop() {
				x.Find(queries[i%len(queries)], 75, 5, nil)
				i++
			}
			b.ReportMetric(float64(x.Bytes())/float64(size), "B/text")
		})
	}
}

var textsFile = flag.String("texts", "", "a file with a text in each line for BenchmarkFindReal")

// BenchmarkFindReal looks among a million texts, those of -texts and variations of them,
// for variations of those of -texts. It reports how much time of a processor a search
// takes, and how many of forty best matches are as good as those that a search through all texts finds.
func BenchmarkFindReal(b *testing.B) {
	if *textsFile == "" {
		b.Skip("no -texts")
	}
	data, err := os.ReadFile(*textsFile)
	if err != nil {
		b.Fatal(err)
	}
	const size, searches, compared = 1_000_000, 2000, 40
	c := &corpus{r: rand.New(rand.NewPCG(3, 7)), words: strings.Fields(string(data))}
	c.zipf = rand.NewZipf(c.r, 1.0001, float64(len(c.words)), uint64(len(c.words)-1))
	texts := strings.Split(strings.TrimSpace(string(data)), "\n")
	real := len(texts)
	for len(texts) < size {
		texts = append(texts, c.vary(texts[c.r.IntN(real)]))
	}
	x := build(b, texts)
	for _, min := range []int{75, 70} {
		b.Run(fmt.Sprint(min), func(b *testing.B) {
			r := rand.New(rand.NewPCG(5, 6))
			queries := make([]string, searches)
			for i := range queries {
				queries[i] = c.vary(texts[r.IntN(real)])
			}
			found, best := 0, 0
			for _, q := range queries[:compared] {
				scorer, most := NewScorer(q), 0
				for _, t := range texts {
					most = max(most, scorer.Score(t, max(min, most)))
				}
				if most >= min {
					best++
					if h := find(b, x, q, min, 5, nil); len(h) > 0 && h[0].Score == most {
						found++
					}
				}
			}
			var times []time.Duration
			for b.Loop() {
				times = times[:0]
				for _, q := range queries {
					start := cputime.Now(b)
					find(b, x, q, min, 5, nil)
					times = append(times, cputime.Now(b)-start)
				}
			}
			slices.Sort(times)
			for _, p := range []int{50, 95, 99} {
				b.ReportMetric(float64(times[len(times)*p/100].Microseconds()), fmt.Sprint("µs-p", p))
			}
			b.ReportMetric(100*float64(found)/float64(best), "%best")
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	c := newCorpus(9)
	texts := make([]string, 100_000)
	n := 0
	for i := range texts {
		texts[i] = c.sentence()
		n += len(texts[i])
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		build(b, texts)
	}
}

func BenchmarkScore(b *testing.B) {
	c := newCorpus(9)
	s := c.sentence()
	q := c.vary(s)
	for b.Loop() {
		Score(q, s)
	}
}
