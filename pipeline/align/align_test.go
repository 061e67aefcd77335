package align_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/align"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/segment"
)

// text makes a document of one paragraph for each list of segments.
func text(locale string, paragraphs ...[]string) *bitext.Document {
	d := &bitext.Document{Path: locale + ".txt", Format: "text", Locale: locale}
	for n, p := range paragraphs {
		u := bitext.Unit{ID: fmt.Sprintf("p-%d", n), Kind: bitext.Paragraph, Source: bitext.Plain(strings.Join(p, " "))}
		var cuts []bitext.Boundary
		at := 0
		for i, s := range p {
			if i > 0 {
				cuts = append(cuts, bitext.Boundary{Pos: at}, bitext.Boundary{Pos: at + 1})
				at++
			}
			at += len(s)
		}
		u.SegmentAt(cuts, func(part int, _ bitext.Text) bool { return part%2 == 1 })
		d.Units = append(d.Units, u)
	}
	return d
}

// show writes an alignment as "1-1 2-23 …", the numbers of source and target segments.
func show(al *align.Alignment) string {
	number := func(d *bitext.Document) map[bitext.Ref]int {
		out := map[bitext.Ref]int{}
		for i := range d.Units {
			for k := range d.Units[i].Translatable() {
				out[bitext.Ref{Unit: i, Segment: k}] = len(out) + 1
			}
		}
		return out
	}
	s, t := number(al.Source), number(al.Target)
	var out []string
	for _, p := range al.Pairs {
		var b strings.Builder
		for _, r := range p.Source {
			fmt.Fprint(&b, s[r])
		}
		b.WriteByte('-')
		for _, r := range p.Target {
			fmt.Fprint(&b, t[r])
		}
		out = append(out, b.String())
	}
	return strings.Join(out, " ")
}

func TestAlign(t *testing.T) {
	source := [][]string{
		{"The parliament passed the budget of 4.2 billion euros on Tuesday.", "The opposition left the hall before the vote."},
		{"Prime Minister Kovács thanked the coalition.", "He announced that schools would get 300 million more next year.", "Critics doubt it."},
	}
	for _, tt := range []struct {
		name           string
		source, target [][]string
		want           string
	}{
		{"as it is", source, [][]string{
			{"Das Parlament hat am Dienstag den Haushalt von 4,2 Milliarden Euro beschlossen.", "Die Opposition verließ den Saal vor der Abstimmung."},
			{"Ministerpräsident Kovács dankte der Koalition.", "Er kündigte an, dass Schulen im nächsten Jahr 300 Millionen mehr bekommen.", "Kritiker bezweifeln das."},
		}, "1-1 2-2 3-3 4-4 5-5"},
		{"two to one", source, [][]string{
			{"Das Parlament hat am Dienstag den Haushalt von 4,2 Milliarden Euro beschlossen.", "Die Opposition verließ den Saal vor der Abstimmung."},
			{"Ministerpräsident Kovács dankte der Koalition und kündigte an, dass Schulen im nächsten Jahr 300 Millionen mehr bekommen.", "Kritiker bezweifeln das."},
		}, "1-1 2-2 34-3 5-4"},
		{"one to two", source, [][]string{
			{"Das Parlament hat am Dienstag beschlossen.", "Es ist der Haushalt von 4,2 Milliarden Euro.", "Die Opposition verließ den Saal vor der Abstimmung."},
			{"Ministerpräsident Kovács dankte der Koalition.", "Er kündigte an, dass Schulen im nächsten Jahr 300 Millionen mehr bekommen.", "Kritiker bezweifeln das."},
		}, "1-12 2-3 3-4 4-5 5-6"},
		{"a paragraph is missing", source, source[1:], "1- 2- 3-1 4-2 5-3"},
		{"other paragraphs", source, [][]string{slices.Concat(source...)}, "1-1 2-2 3-3 4-4 5-5"},
		{"nothing", nil, nil, ""},
		{"no translation", source, nil, "1- 2- 3- 4- 5-"},
	} {
		got := show(align.New().Align(text("en", tt.source...), text("de", tt.target...)))
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// The newsroom's translations, joined to long articles of which a tenth of the
// sentences is missing on one side, are found again.
func TestNewsroom(t *testing.T) {
	files, err := filepath.Glob("../../testdata/newsroom/memory/*.tmx")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	texts := map[string][][2]string{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range tmx.Entries(tmx.Decode(f, tmx.Options{Name: name}), "en") {
			if err != nil {
				t.Fatal(err)
			}
			pair := [2]string{e.Source.Chars, e.Target.Chars}
			if len(pair[0]) > 20 && !slices.ContainsFunc(texts[e.TargetLocale], func(p [2]string) bool { return p[0] == pair[0] || p[1] == pair[1] }) {
				texts[e.TargetLocale] = append(texts[e.TargetLocale], pair)
			}
		}
		f.Close()
	}
	for _, locale := range []string{"ru", "uk", "es", "hu", "kk", "sr"} {
		all := texts[locale]
		if len(all) < 10 {
			t.Fatalf("%s: only %d pairs", locale, len(all))
		}
		right, found, known := 0, 0, 0
		for seed := range uint64(10) {
			r := rand.New(rand.NewPCG(seed, 1))
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			var s, target []string
			var truth []string
			for _, p := range all {
				s = append(s, p[0])
				if r.Float64() < 0.1 {
					continue
				}
				target = append(target, p[1])
				truth = append(truth, fmt.Sprintf("%d-%d", len(s), len(target)))
			}
			al := align.New().Align(text("en", s), text(locale, target))
			known += len(truth)
			for n, pair := range strings.Fields(show(al)) {
				if p := al.Pairs[n]; p.Confidence < align.MinConfidence || len(p.Source) == 0 || len(p.Target) == 0 {
					continue
				}
				found++
				if slices.Contains(truth, pair) {
					right++
				}
			}
		}
		precision, recall := float64(right)/float64(max(found, 1)), float64(right)/float64(known)
		t.Logf("%s: %d pairs, precision %.3f, recall %.3f", locale, len(all), precision, recall)
		if precision < 0.9 || recall < 0.8 {
			t.Errorf("%s: precision %.3f, recall %.3f", locale, precision, recall)
		}
	}
}

// A text of any length is aligned whole: every segment is in one pair.
func TestLong(t *testing.T) {
	var s, target []string
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 5000 {
		s = append(s, fmt.Sprintf("Sentence %d %s", i, strings.Repeat("word ", r.IntN(12))))
		if i%10 != 3 {
			target = append(target, fmt.Sprintf("Satz %d %s", i, strings.Repeat("Wort ", r.IntN(12))))
		}
	}
	al := align.New().Align(text("en", s), text("de", target))
	seen := [2]map[bitext.Ref]int{{}, {}}
	for _, p := range al.Pairs {
		for _, x := range p.Source {
			seen[0][x]++
		}
		for _, x := range p.Target {
			seen[1][x]++
		}
	}
	if len(seen[0]) != len(s) || len(seen[1]) != len(target) {
		t.Errorf("%d of %d and %d of %d segments", len(seen[0]), len(s), len(seen[1]), len(target))
	}
	wrong := 0
	for _, p := range al.Pairs {
		if len(p.Source) == 1 && len(p.Target) == 1 {
			a, b := al.Source.Source(p.Source[0]).Source.Chars, al.Target.Source(p.Target[0]).Source.Chars
			if strings.Fields(a)[1] != strings.Fields(b)[1] {
				wrong++
			}
		}
	}
	if wrong > 50 {
		t.Errorf("%d pairs have different numbers", wrong)
	}
}

func TestNoPair(t *testing.T) {
	numbers := func(from int) (out []string) {
		for i := range 20 {
			out = append(out, fmt.Sprintf("In the year %d the town had %d people.", from+i, 7*from+i*i))
		}
		return out
	}
	for _, tt := range []struct {
		name           string
		source, target []string
		want           string
	}{
		{"itself", numbers(1900), numbers(1900), align.ReasonCopied},
		{"other numbers", numbers(1900), numbers(400), align.ReasonAnchors},
		{"empty", numbers(1900), nil, align.ReasonEmpty},
	} {
		if got := align.New().Align(text("en", tt.source), text("de", tt.target)).Evidence.NoPair(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The codes of a target become those of its source, so that a look-up finds them.
func TestEntries(t *testing.T) {
	p, err := pipeline.New(&config.Config{Project: config.Project{Source: "en"}}, pipeline.Resources{Rules: segment.Default(), Catalogs: locales.Embedded()})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := p.Open("a.html", "", "", []byte(`<h1>News of 2024</h1><p>See <b>the</b> <a href="/x">report of 300 pages</a> now. It is long.</p>`))
	d, _ := p.Open("de/a.html", "", "de", []byte(`<h1>Neues 2024</h1><p>Siehe nun <a href="/x">den Bericht von 300 Seiten</a> und <b>mehr</b>. Er ist lang.</p>`))
	at := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	entries := align.New().Align(s, d).Entries(at)
	if len(entries) != 3 {
		t.Fatalf("%d entries: %v", len(entries), entries)
	}
	for _, e := range entries {
		if problems := bitext.CompareCodes(e.Source, e.Target); len(problems) > 0 {
			t.Errorf("%q: %v", e.Target.Tagged(), problems)
		}
		if e.State != bitext.Translated || e.SubState != bitext.SubStateAligned || e.Origin.Kind != bitext.FromImport || e.Origin.Name != "de/a.html" || !e.Origin.Time.Equal(at) {
			t.Errorf("%+v", e.Entry)
		}
	}
	if e := entries[1]; e.Prev != entries[0].Source.Key() || e.Next != entries[2].Source.Key() || !strings.HasPrefix(e.Place, "a.html#") {
		t.Errorf("context %q, %q, %q", e.Prev, e.Next, e.Place)
	}
}

func FuzzAlign(f *testing.F) {
	f.Add("One. Two.\n\nThree 3.", "Eins. Zwei.\n\nDrei 3.")
	f.Add("日本語の文。", "\x00\xff\u0301")
	p, err := pipeline.New(&config.Config{Project: config.Project{Source: "en"}}, pipeline.Resources{Rules: segment.Default(), Catalogs: locales.Embedded()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 4000 {
			return
		}
		s, _ := p.Open("a.md", "", "en", []byte(a))
		d, _ := p.Open("b.md", "", "ja", []byte(b))
		al := align.New()
		al.Learn(al.Align(s, d))
		al.Train()
		found := al.Align(s, d)
		n := 0
		for _, pair := range found.Pairs {
			if !(pair.Confidence >= 0 && pair.Confidence <= 1) {
				t.Errorf("confidence %v", pair.Confidence)
			}
			n += len(pair.Source) + len(pair.Target)
		}
		if n != found.Evidence.Sentences[0]+found.Evidence.Sentences[1] {
			t.Errorf("%d segments in pairs, %v in the documents", n, found.Evidence.Sentences)
		}
		found.Entries(time.Time{})
	})
}

func BenchmarkAlign(b *testing.B) {
	var s, t []string
	for i := range 50 {
		s = append(s, fmt.Sprintf("This is sentence %d of a page, and it has some words that come again and again.", i))
		t = append(t, fmt.Sprintf("Das ist Satz %d einer Seite, und er hat einige Wörter, die immer wieder kommen.", i))
	}
	source, target := text("en", s), text("de", t)
	a := align.New()
	for b.Loop() {
		a.Align(source, target)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/50, "ns/pair")
}
