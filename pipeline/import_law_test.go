package pipeline

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/identity"
	"hexapla/pipeline/memory"
)

// Several people translate what was exported at several times, while the article is
// edited, renamed and cut otherwise. Whatever order their files come back in, every
// text that an import calls accepted, moved or kept is found by a search, in use or
// not, and nobody's file is rejected.
func TestImportsAreFoundAgain(t *testing.T) {
	verdicts := map[Verdict]int{}
	for seed := range uint64(15) {
		importsAreFoundAgain(t, seed, verdicts)
		if t.Failed() {
			return
		}
	}
	for _, v := range []Verdict{Accepted, Moved, Kept} {
		if verdicts[v] == 0 {
			t.Errorf("the test had no segment that is %s: %v", v, verdicts)
		}
	}
}

func FuzzImportsAreFoundAgain(f *testing.F) {
	f.Add(uint64(15))
	f.Fuzz(func(t *testing.T, seed uint64) { importsAreFoundAgain(t, seed, map[Verdict]int{}) })
}

// importsAreFoundAgain counts the verdicts.
func importsAreFoundAgain(t *testing.T, seed uint64, verdicts map[Verdict]int) {
	t.Helper()
	english := strings.Fields("government announced new rules buildings taxes river bridge museum paintings weather rain snow farmers doctors teachers trains stations water older rooms")
	russian := strings.Fields("правительство объявило новые правила здания налоги река мост музей картины погода дождь снег крестьяне врачи учителя поезда станции вода старые комнаты")
	r := rand.New(rand.NewPCG(seed, 7))
	words := func(list []string, n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = list[r.IntN(len(list))]
		}
		return strings.Join(out, " ")
	}
	sentence := func() string {
		s := words(english, 4+r.IntN(6))
		return strings.ToUpper(s[:1]) + s[1:] + "."
	}
	paragraph := func() []string {
		var out []string
		for range 1 + r.IntN(3) {
			out = append(out, sentence())
		}
		return out
	}
	var article [][]string
	for range 3 + r.IntN(4) {
		article = append(article, paragraph())
	}
	path := "a.txt"
	source := func() Source {
		var out []string
		for _, p := range article {
			out = append(out, strings.Join(p, " "))
		}
		return page(path, strings.Join(out, "\n\n")+"\n")
	}
	edit := func() {
		i := r.IntN(len(article))
		j := r.IntN(len(article[i]))
		switch r.IntN(8) {
		case 0:
			article = slices.Insert(article, i, paragraph())
		case 1:
			if len(article) > 2 {
				article = slices.Delete(article, i, i+1)
			}
		case 2:
			k := r.IntN(len(article))
			article[i], article[k] = article[k], article[i]
		case 3: // another limit between sentences
			article[i][j] = strings.TrimSuffix(article[i][j], ".") + ";"
		case 4:
			article[i] = slices.Insert(article[i], j, sentence())
		case 5:
			path = fmt.Sprintf("b%d.txt", r.IntN(100))
		default:
			f := strings.Fields(article[i][j])
			f[r.IntN(len(f))] = words(english, 1)
			article[i] = slices.Clone(article[i])
			article[i][j] = strings.Join(f, " ")
		}
	}
	p := newProject(t, twoLocales)
	p.Units = identity.Parse(nil)
	p.Units.FindRenamed(func(name string) bool { return name == path }, nil)
	p.Units.Record()
	clock := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	p.Clock = func() time.Time { return clock }
	type file struct {
		author string
		units  []*exchange.Unit
	}
	var files []file
	for n := range 2 + r.IntN(3) {
		a := source()
		var all []string
		for _, p := range article {
			all = append(all, p...)
		}
		translations := map[string]string{}
		for _, s := range all {
			if r.IntN(8) > 0 {
				translations[s] = words(russian, 5+r.IntN(4)) + "."
			}
		}
		units := returned(t, p, []Source{a}, "ru", bitext.State(1+r.IntN(3)), translations)
		if r.IntN(3) == 0 {
			r.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
		}
		files = append(files, file{fmt.Sprint("person ", n), units})
		for range r.IntN(5) {
			edit()
		}
		clock = clock.Add(time.Hour)
		if err := p.Units.Write(io.Discard, func(string) bool { return true }); err != nil {
			t.Fatal(err)
		}
	}
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	store := p.Memory.(memory.Store)
	var acknowledged []Decision
	for _, f := range files {
		list, result := importUnits(t, p, []Source{source()}, f.units, ImportOptions{Author: f.author})
		if result.Refused > 0 {
			t.Errorf("seed %d: rejected: %v", seed, list.Findings)
		}
		for _, d := range list.Decisions {
			if verdicts[d.Verdict]++; d.Verdict != NoTarget {
				acknowledged = append(acknowledged, d)
			}
		}
		if r.IntN(2) == 0 {
			edit()
		}
		clock = clock.Add(time.Hour)
	}
	found := func(d Decision) bool {
		all, err := store.Search(t.Context(), memory.Search{Text: d.Target, TargetLocale: "ru", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		former, err := memory.SearchFormer(t.Context(), store, memory.Search{Text: d.Target, TargetLocale: "ru", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(append(all, former...), func(f memory.Found) bool {
			return f.Entry.Target.Tagged() == d.Target && f.Entry.Source.Tagged() == d.Source
		})
	}
	for _, d := range acknowledged {
		if !found(d) {
			t.Errorf("seed %d: %s %q of %q is not found", seed, d.Verdict, d.Target, d.Source)
		}
	}
}
