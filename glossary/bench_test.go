package glossary

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

const news = "Russian President Vladimir Putin has called for a new deal with the United States to ensure neither country engages in cybermeddling in each other's elections. " +
	"U.S. intelligence agencies concluded that Moscow interfered in the 2016 U.S. presidential election with the aim of helping Donald Trump. "

// bigGlossary has n terms of one to three words made from syllables, and those
// of the seed text.
func bigGlossary(n int) *Glossary {
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"ka", "ro", "min", "tel", "sta", "pre", "con", "ver", "lit", "on", "er", "al", "ti", "de"}
	g := &Glossary{}
	add := func(text string) {
		g.Concepts = append(g.Concepts, Concept{ID: fmt.Sprint(len(g.Concepts)), Terms: []Term{{Locale: "en", Text: text}, {Locale: "ru", Text: text + "ий"}}})
	}
	for _, t := range []string{"US", "United States", "election", "intelligence agency", "presidential election"} {
		add(t)
	}
	for range n {
		var b strings.Builder
		for w := range 1 + r.IntN(3) {
			if w > 0 {
				b.WriteByte(' ')
			}
			for range 2 + r.IntN(3) {
				b.WriteString(syllables[r.IntN(len(syllables))])
			}
		}
		add(b.String())
	}
	return g
}

func BenchmarkMark(b *testing.B) {
	m := bigGlossary(10_000).Matcher("en", "ru", nil)
	b.SetBytes(int64(len(news)))
	b.ReportAllocs()
	for b.Loop() {
		if len(m.Mark(news)) == 0 {
			b.Fatal("no marks")
		}
	}
}

func BenchmarkMarkRussian(b *testing.B) {
	g := &Glossary{}
	for i, t := range []string{"Верховный суд", "выборы", "разведка", "Кремль"} {
		g.Concepts = append(g.Concepts, Concept{ID: fmt.Sprint(i), Terms: []Term{{Locale: "ru", Text: t}, {Locale: "uk", Text: t}}})
	}
	m := g.Matcher("ru", "uk", nil)
	text := "Спецслужбы США пришли к выводу, что Москва вмешивалась в президентские выборы 2016 года с целью помочь Дональду Трампу."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.Mark(text)
	}
}

func BenchmarkCheck(b *testing.B) {
	marks := []bitext.TermMark{{Concept: "a", Targets: []string{"выборы"}}, {Concept: "b", Targets: []string{"Соединённые Штаты"}, Forbidden: []string{"Америка"}}}
	text := "Президент России призвал к новому соглашению с Соединенными Штатами, чтобы ни одна из стран не вмешивалась в выборы другой."
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if f := Check("ru", marks, text); f != nil {
			b.Fatal(f)
		}
	}
}

func BenchmarkMatcher(b *testing.B) {
	g := bigGlossary(10_000)
	for b.Loop() {
		g.Matcher("en", "ru", nil)
	}
}
