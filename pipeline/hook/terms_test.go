package hook_test

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

func TestTerms(t *testing.T) {
	source := "The Verkhovna Rada sat in Kyiv, said Interfax."
	mark := func(s string, m bitext.TermMark) bitext.TermMark {
		m.Source = s
		m.Start = strings.Index(source, s)
		m.End = m.Start + len(s)
		return m
	}
	item := hook.Item{Text: bitext.Plain(source), Before: "b", After: "a", Terms: []bitext.TermMark{
		mark("Verkhovna Rada", bitext.TermMark{Targets: []string{"Верховна Рада", "парламент"}, Forbidden: []string{"Рада"}}),
		mark("Kyiv", bitext.TermMark{Targets: []string{"Київ"}, Forbidden: []string{"Киев"}}),
		mark("Interfax", bitext.TermMark{DoNotTranslate: true}),
	}}
	for _, tt := range []struct{ name, answer, want string }{
		{"kept", "ВЕРХОВНА РАДА сиділа: Київ, <1/>.", "a: ВЕРХОВНА РАДА сиділа: Київ, Interfax.\n"},
		{"not used", "Парламент сидів у столиці, <1/>.", "a: Парламент сидів у столиці, Interfax.\nhook.term a did not use the glossary's \"Київ\" for \"Kyiv\"\n"},
		{"corrected", "Парламент у місті київ: <1/>", "a: Парламент у місті Київ: Interfax\nhook.corrected a wrote \"київ\" for \"Kyiv\"; it was corrected to the glossary's \"Київ\"\n"},
		{"forbidden", "Рада, Київ, Киев: <1/>", "a: Рада, Київ, Киев: Interfax\n" +
			"hook.term a did not use the glossary's \"Верховна Рада\" for \"Verkhovna Rada\"\nhook.term a used \"Рада\" for \"Verkhovna Rada\", which the glossary forbids\n" +
			"hook.term a used \"Киев\" for \"Kyiv\", which the glossary forbids\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{name: "a", do: each(func(string) string { return tt.answer })}
			r := hook.Request{Source: "en", Target: "uk", Items: []hook.Item{item}}
			answers, ds := hook.New([]hook.EngineConfig{{Engine: f}}, hook.Options{}).Translate(t.Context(), r)
			if got := describe(r, answers, ds); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			job := f.jobs[0]
			if want := "The Verkhovna Rada sat in Kyiv, said <1/>."; job.Texts[0] != want {
				t.Errorf("the engine was asked %q, want %q", job.Texts[0], want)
			}
			if c := job.Context[0]; len(c.Terms) != 2 || c.Terms[1].Targets[0] != "Київ" || c.Before != "b" || c.After != "a" {
				t.Errorf("context %+v", c)
			}
		})
	}
}

// An inflected form of a glossary's term is the term.
func TestTermsInflected(t *testing.T) {
	for answer, findings := range map[string]int{"в Верховном суде": 0, "в высшей инстанции": 1} {
		f := &fake{name: "a", do: each(func(string) string { return answer })}
		c := hook.New([]hook.EngineConfig{{Engine: f}}, hook.Options{})
		r := request("in the Supreme Court")
		r.Target = "ru"
		r.Items[0].Terms = []bitext.TermMark{{Start: 7, End: 20, Concept: "court", Source: "Supreme Court", Targets: []string{"Верховный суд"}}}
		if _, ds := c.Translate(t.Context(), r); len(ds) != findings {
			t.Errorf("%q: %v", answer, ds)
		}
	}
}
