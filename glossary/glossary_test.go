package glossary

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

func parents(tag string) []string {
	switch tag {
	case "fa-AF":
		return []string{"fa"}
	case "en-US":
		return []string{"en"}
	}
	return nil
}

func mustCSV(t testing.TB, text string) *Glossary {
	t.Helper()
	g, ds := ParseTable("g.csv", []byte(text), TableOptions{})
	for _, d := range ds {
		t.Fatal(d)
	}
	return g
}

func TestMark(t *testing.T) {
	g := mustCSV(t, `concept,locale,term,status,case,pos
us,en,US,,,
us,en,U.S.,admitted,,
us,ru,США,,,
court,en,court,,,
court,ru,суд,,,
scourt,en,Supreme Court,,,
scourt,ru,Верховный суд,,,
agency,en,intelligence agency,,,
agency,ru,разведка,,,
turkey,en,Turkey,,,
turkey,ru,Турция,,,
reuters,*,Reuters,do-not-translate,,
new,en,new,,,adj
new,ru,новый,,,
social,en,social media,,,
social,ru,соцсети,,,
bank1,en,bank,,,
bank1,ru,банк,,,
bank2,en,bank,,,
bank2,ru,берег,,,
it,en,it,,yes,
it,ru,это,,,
ngo,en,NGO,,,
ngo,ru,НПО,,,
cafe,en,café,,,
cafe,ru,кафе,,,
only,en,ombudsman,,,
only,uk,омбудсман,,,
`)
	m := g.Matcher("en-US", "ru", parents)
	for _, tt := range []struct{ text, want string }{
		{"The bus told us of the US.", "US"},
		{"U.S. officials in the U.S.", "U.S.|U.S."},
		{"The US's court; the court’s ruling; courts", "US|court|court|courts"},
		{"THE SUPREME COURT AND COURT", "SUPREME COURT|COURT"},
		{"the supreme court", "court"},
		{"Intelligence agencies, the intelligence\u00a0agency's men", "Intelligence agencies|intelligence\u00a0agency"},
		{"a turkey in Turkey and TURKEY", "Turkey|TURKEY"},
		{"news of a new thing", "new"},
		{"Reuters, Reuters’ and reuters", "Reuters|Reuters"},
		{"social-media firms, social\u2011media", "social-media|social\u2011media"},
		{"a bank", "bank|bank"},
		{"IT, It, it", "it"},
		{"NGOs and NGO's", "NGOs|NGO"},
		{"a cafe\u0301 and CAFÉS", "cafe\u0301|CAFÉS"},
		{"an ombudsman", ""},
		{"see https://court.example/court, www.court.example and court@a.example: court", "court"},
		{"", ""},
	} {
		var got []string
		for _, mk := range m.Mark(tt.text) {
			got = append(got, tt.text[mk.Start:mk.End])
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, s, tt.want)
		}
	}
	marks := m.Mark("Reuters")
	if len(marks) != 1 || !marks[0].DoNotTranslate || marks[0].Targets[0] != "Reuters" || marks[0].Source != "Reuters" {
		t.Errorf("Reuters: %+v", marks)
	}
}

func TestMatcherFallback(t *testing.T) {
	g := mustCSV(t, `concept,locale,term,status
c,en,police,
c,fa,پلیس,
c,fa-AF,پولیس,
d,en,museum,
d,fa,موزه,
d,fa-AF,موزیوم,forbidden
e,en,river,
e,ru,река,
`)
	var got []string
	for _, mk := range g.Matcher("en", "fa-AF", parents).Mark("police museum river") {
		got = append(got, strings.Join(mk.Targets, ",")+"/"+strings.Join(mk.Forbidden, ","))
	}
	if s := strings.Join(got, " "); s != "پولیس/ موزه/موزیوم" {
		t.Errorf("got %q", s)
	}
	if marks := g.Matcher("en", "uk", parents).Mark("police museum river"); marks != nil {
		t.Errorf("terms of another language: %+v", marks)
	}
}

func TestInflectedSource(t *testing.T) {
	g := mustCSV(t, "ru,uk\nВерховный суд,Верховний суд\nвыборы,вибори\nМир,Мир\n")
	m := g.Matcher("ru", "uk", nil)
	var got []string
	text := "В Верховном суде говорят о выборах и о мире."
	for _, mk := range m.Mark(text) {
		got = append(got, text[mk.Start:mk.End])
	}
	if s := strings.Join(got, "|"); s != "Верховном суде|выборах" {
		t.Errorf("got %q", s)
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name, locale, target string
		mark                 bitext.TermMark
		want                 string
	}{
		{"inflected", "ru", "Об этом сказали в Верховном суде.", bitext.TermMark{Targets: []string{"Верховный суд"}}, ""},
		{"gap", "ru", "в Верховном, как говорят, суде", bitext.TermMark{Targets: []string{"Верховный суд"}}, ""},
		{"missing", "ru", "в Высшем суде", bitext.TermMark{Targets: []string{"Верховный суд"}}, "missing Верховный суд"},
		{"admitted", "ru", "соцсетями", bitext.TermMark{Targets: []string{"социальные сети", "соцсети"}}, ""},
		{"forbidden", "ru", "жителям Белоруссии", bitext.TermMark{Targets: []string{"Беларусь"}, Forbidden: []string{"Белоруссия"}}, "missing Беларусь,forbidden Белоруссия"},
		{"forbidden inside an allowed one", "ru", "в народном суде", bitext.TermMark{Targets: []string{"народный суд"}, Forbidden: []string{"суд"}}, ""},
		{"forbidden beside it", "ru", "в народном суде и в суде", bitext.TermMark{Targets: []string{"народный суд"}, Forbidden: []string{"суд"}}, "forbidden суд"},
		{"differs in case", "ru", "в интернете", bitext.TermMark{Targets: []string{"Интернет"}, Forbidden: []string{"интернет"}}, "forbidden интернет"},
		{"differs in case, at the beginning", "ru", "Интернет не работает", bitext.TermMark{Targets: []string{"интернет"}, Forbidden: []string{"Интернет"}}, ""},
		{"differs in case, inflected", "ru", "нет Интернета", bitext.TermMark{Targets: []string{"интернет"}, Forbidden: []string{"Интернет"}}, "forbidden Интернет"},
		{"forbidden without spaces", "ja", "最高裁判所は法院である", bitext.TermMark{Targets: []string{"最高裁判所"}, Forbidden: []string{"法院", "裁判"}}, "forbidden 法院"},
		{"only forbidden ones", "ru", "ничего", bitext.TermMark{Forbidden: []string{"нечто"}}, ""},
		{"kept", "hu", "A Reutersnek nyilatkozott", bitext.TermMark{DoNotTranslate: true, Targets: []string{"Reuters"}}, ""},
		{"kept with apostrophe", "tr", "Reuters'ın haberi", bitext.TermMark{DoNotTranslate: true, Targets: []string{"Reuters"}}, ""},
		{"not kept", "ru", "агентство Рейтер", bitext.TermMark{DoNotTranslate: true, Targets: []string{"Reuters"}}, "not kept Reuters"},
		{"abbreviation", "kk", "АҚШ-тың сайлауы", bitext.TermMark{Targets: []string{"АҚШ"}}, ""},
		{"abbreviation with an ending", "uz", "AQSHning saylovi", bitext.TermMark{Targets: []string{"AQSH"}}, ""},
		{"abbreviation is no word", "ru", "сша", bitext.TermMark{Targets: []string{"США"}}, "missing США"},
		{"no spaces", "ja", "最高裁判所は", bitext.TermMark{Targets: []string{"最高裁判所"}}, ""},
		{"no file for the language", "pl", "w Sądzie Najwyższym", bitext.TermMark{Targets: []string{"Sąd Najwyższy"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range Check(tt.locale, []bitext.TermMark{tt.mark}, tt.target) {
				got = append(got, [...]string{Missing: "missing", ForbiddenUsed: "forbidden", NotKept: "not kept"}[f.Kind]+" "+f.Term)
			}
			if s := strings.Join(got, ","); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
	// Two concepts for one word of the source: either is right.
	marks := []bitext.TermMark{{End: 4, Concept: "a", Targets: []string{"банк"}}, {End: 4, Concept: "b", Targets: []string{"берег"}}}
	if f := Check("ru", marks, "на берегу"); f != nil {
		t.Errorf("homonyms: %+v", f)
	}
}

// TestMarkShort holds that the quick look at a word's first letters loses no
// word: every word and form of a term is found.
func TestMarkShort(t *testing.T) {
	g := mustCSV(t, "en,ru\nspy,шпион\nPM,премьер\na,а\ng7,семёрка\nécole,школа\nox,вол\n\"Côte d'Ivoire\",Кот-д'Ивуар\n'@news,новости\n")
	m := g.Matcher("en", "ru", nil)
	for _, text := range []string{"spies", "Spy's", "PMs", "PM’s", "A", "G7", "ÉCOLE", "ox", "Côte d’Ivoire", "@news"} {
		if marks := m.Mark("x " + text + " y"); len(marks) != 1 {
			t.Errorf("%q: %+v", text, marks)
		}
	}
}

// TestMergeOfManyTerms merges two concepts of many terms, one of which both have; looking for
// each of one in all of the other would take minutes.
func TestMergeOfManyTerms(t *testing.T) {
	for _, n := range []int{3, manyTerms, 50_000} {
		concept := func(from int) *Glossary {
			c := Concept{ID: "river"}
			for i := range n {
				c.Terms = append(c.Terms, Term{Locale: "en", Text: fmt.Sprintf("r%d", from+i)})
			}
			return &Glossary{Concepts: []Concept{c}}
		}
		g := concept(0).Merge(concept(n - 1))
		if len(g.Concepts) != 1 || len(g.Concepts[0].Terms) != 2*n-1 || g.Concepts[0].Terms[n].Text != fmt.Sprintf("r%d", n) {
			t.Errorf("%d concepts, %d terms in the first; want 1 and %d", len(g.Concepts), len(g.Concepts[0].Terms), 2*n-1)
		}
	}
}
