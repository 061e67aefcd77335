package glossary

import (
	"testing"

	"hexapla/pipeline/bitext"
)

// FuzzCheck holds that findings stand inside the target, whatever the terms.
func FuzzCheck(f *testing.F) {
	f.Add("ru", "Верховный суд", "суд", "в Верховном суде", false)
	f.Add("fa", "ۡ\x7f\xd8٬\xdb\xc4\u202e شر穲\xaa\u200c", "\xc90", "7", false)
	f.Add("hu", "", "穲", "a穲\u202e", true)
	f.Add("uz", "o‘g‘il", "O'G'IL", "o`g`li oʻgʻil", true)
	f.Fuzz(func(t *testing.T, locale, term, other, target string, keep bool) {
		marks := []bitext.TermMark{
			{End: 1, Concept: "a", Targets: []string{term}, Forbidden: []string{other}, DoNotTranslate: keep},
			{Start: 1, End: 2, Concept: "b", Targets: []string{other, term}, Forbidden: []string{term, target}},
		}
		for _, fd := range Check(locale, marks, target) {
			if fd.Start < 0 || fd.Start > fd.End || fd.End > len(target) || fd.Mark < 0 || fd.Mark >= len(marks) {
				t.Fatalf("%+v", fd)
			}
		}
		g := &Glossary{Concepts: []Concept{{ID: "a", Terms: []Term{{Locale: "en", Text: term}, {Locale: "ru", Text: other}}}}}
		for _, m := range []*Matcher{g.Matcher("en", "ru", nil), g.Matcher("ru", "en", nil)} {
			for _, mk := range m.Mark(target) {
				if mk.Start < 0 || mk.Start >= mk.End || mk.End > len(target) {
					t.Fatalf("%+v", mk)
				}
			}
		}
	})
}
