package glossary

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"hexapla/pipeline/diag"
)

// show writes a glossary as one line a term.
func show(g *Glossary) string {
	var b strings.Builder
	for _, c := range g.Concepts {
		for _, t := range c.Terms {
			fmt.Fprintf(&b, "%s %s %q %s", c.ID, t.Locale, t.Text, t.Status)
			if t.Case != CaseAuto {
				fmt.Fprintf(&b, " case=%d", t.Case)
			}
			for _, p := range t.Props {
				fmt.Fprintf(&b, " %s=%q", p.Name, p.Value)
			}
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

func TestParseTable(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("en\tru\nriver\tрека\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, data, want, told string }{
		{"long", "concept,locale,term,status,case\nc1,en,river,preferred,\nc1,pt_BR,Rio,,yes\n", "c1 en \"river\" preferred\nc1 pt-BR \"Rio\" preferred case=1", ""},
		{"any order, BOM, CRLF", "\ufeffterm,concept,locale\r\nriver,c1,en\r\nрека,c1,ru\r\n", "c1 en \"river\" preferred\nc1 ru \"река\" preferred", ""},
		{"tabs", "concept\tlocale\tterm\tnote\nc\ten\tthe \"river\"\t\n", `c en "the \"river\"" preferred`, ""},
		{"semicolons", "concept;locale;term\nc;en;a, b\n", `c en "a, b" preferred`, ""},
		{"synonyms without status", "concept,locale,term,status\nc,ru,а,\nc,ru,б,\nd,ru,в,\nd,ru,г,preferred\n", "c ru \"а\" preferred\nc ru \"б\" admitted\nd ru \"в\" admitted\nd ru \"г\" preferred", ""},
		{"kept", "concept,locale,term,status\nr,*,Reuters,do-not-translate\ni,*,Interfax,\n", "r * \"Reuters\" do-not-translate\ni * \"Interfax\" do-not-translate", ""},
		{"kept with another status", "concept,locale,term,status\nr,*,Reuters,preferred\n", "", "2:13 glossary.status"},
		{"wide", "en,ru,uk\nriver,река,ріка|річка\nlake,,озеро\n", "river en \"river\" preferred\nriver ru \"река\" preferred\nriver uk \"ріка\" preferred\nriver uk \"річка\" admitted\nlake en \"lake\" preferred\nlake uk \"озеро\" preferred", ""},
		{"wide, same word twice", "en,ru\nbank,банк\nbank,берег\n", "bank en \"bank\" preferred\nbank ru \"банк\" preferred\nbank.2 en \"bank\" preferred\nbank.2 ru \"берег\" preferred", ""},
		{"UTF-16", utf16, "river en \"river\" preferred\nriver ru \"река\" preferred", ""},
		{"other columns", "concept,locale,term,owner\nc,en,river,desk\n", `c en "river" preferred owner="desk"`, "1:21 glossary.column"},
		{"formulas", "concept,locale,term\nc,en,=1+1\nd,en,'=x\ne,en,''-y\nf,en,-z\n", "c en \"=1+1\" preferred\nd en \"=x\" preferred\ne en \"'-y\" preferred\nf en \"-z\" preferred", "2:6 glossary.formula"},
		{"duplicate", "concept,locale,term\nc,en,a\nc,en,a\n", "c en \"a\" preferred\nc en \"a\" admitted", "3:6 glossary.contradiction"},
		{"two preferred", "concept,locale,term,status\nc,ru,а,preferred\nc,ru,б,preferred\n", "c ru \"а\" preferred\nc ru \"б\" preferred", "3:6 glossary.preferred"},
		{"bad rows", "concept,locale,term,status,case\n,en,a,,\nc,e!,a,,\nc,en,,,\nc,en,ж,bad,\nc,en,a,,maybe\nc,en,ok,,\n", "c en \"ok\" preferred",
			"2:1 glossary.concept|3:3 glossary.locale|4:6 glossary.term|5:8 glossary.status|6:9 glossary.case"},
		{"column counts characters", "concept,locale,term,status\nж,ru,ёжик,no\n", "", "2:11 glossary.status"},
		{"too many cells", "concept,locale,term\nc,en,a,b\n", "c en \"a\" preferred", "2:8 glossary.cells"},
		{"bare quote", "concept,locale,term\nc,en,a\"b\nc,en,ok\n", "c en \"ok\" preferred", "2:7 glossary.syntax"},
		{"unclosed quote", "concept,locale,term\nc,en,ok\nc,en,\"a\n", "c en \"ok\" preferred", "3:9 glossary.syntax"},
		{"not UTF-8", "concept,locale,term\nc,ru,\xe4\xe0\nc,ru,да\n", "c ru \"да\" preferred", "2:6 glossary.encoding"},
		{"no header", "river,река\n", "", "1:1 glossary.header"},
		{"no concept column", "locale,term\nen,a\n", "", "1:1 glossary.header"},
		{"column twice", "concept,term,term,locale\n", "", "1:14 glossary.header"},
		{"locale twice", "en,ru,RU\n", "", "1:7 glossary.column"},
		{"empty", " \n", "", "1:1 glossary.header"},
		{"homonym", "concept,locale,term,status\na,ru,рында,preferred\nb,ru,рында,forbidden\n", "a ru \"рында\" preferred\nb ru \"рында\" forbidden", "3:6 glossary.homonym"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, ds := ParseTable("g.csv", []byte(tt.data), TableOptions{})
			if got := show(g); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			var told []string
			for _, d := range ds {
				told = append(told, fmt.Sprintf("%d:%d %s", d.Place.Line, d.Place.Column, d.ID))
			}
			if s := strings.Join(told, "|"); s != tt.told {
				t.Errorf("told %q, want %q: %v", s, tt.told, ds)
			}
		})
	}
}

func TestEncodeCSV(t *testing.T) {
	g := mustCSV(t, "concept,locale,term,status,case,pos,definition,note\n"+
		"c,en,river,,yes,noun,flows,\nc,ru,река,,,,,\"мн. ч.\nреки\"\nr,*,'=Reuters,do-not-translate,,,,\nq,en,\"a \"\"b\"\", c\",forbidden,,,,''-x\n")
	for _, comma := range []rune{',', ';', '\t'} {
		data := EncodeCSV(g, comma)
		back, ds := ParseTable("g.csv", data, TableOptions{})
		if len(ds) > 0 || show(back) != show(g) || back.Concepts[0].Definition != "flows" || back.Concepts[0].Terms[1].Note != "мн. ч.\nреки" || back.Concepts[2].Terms[0].Note != "'-x" {
			t.Errorf("%q: %v\n%s\n%s", comma, ds, data, show(back))
		}
	}
}

func TestMerge(t *testing.T) {
	a := mustCSV(t, "concept,locale,term\n1,en,river\n2,en,lake\n3,en,hill\n")
	b := mustCSV(t, "concept,locale,term\n1,en,war\n1,ru,война\n2,ru,озеро\n3,en,hill\n3,ru,холм\n4,en,sea\n")
	m := a.Merge(b)
	want := "1 en \"river\" preferred\n2 en \"lake\" preferred\n2 ru \"озеро\" preferred\n3 en \"hill\" preferred\n3 ru \"холм\" preferred\n" +
		"1.2 en \"war\" preferred\n1.2 ru \"война\" preferred\n4 en \"sea\" preferred"
	if got := show(m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(a.Concepts) != 3 || len(a.Concepts[1].Terms) != 1 {
		t.Error("Merge changed its receiver")
	}
	if got := (&Glossary{}).Merge(a); !reflect.DeepEqual(got, a) {
		t.Errorf("merged with nothing: %+v", got)
	}
	if got := strings.Join(m.Locales(), " "); got != "en ru" {
		t.Errorf("Locales = %q", got)
	}
}

func FuzzParseTable(f *testing.F) {
	f.Add([]byte("concept,locale,term,status\nc,en,\"a\nb\",preferred\n"))
	f.Add([]byte("\ufeffen;ru\r\nriver;река|ріка\r\n"))
	f.Add([]byte("\xff\xfee\x00n\x00,\x00r\x00u\x00\n\x00"))
	f.Add([]byte("concept\tlocale\tterm\nc\t*\t'=x\n"))
	f.Add([]byte("#UTX 1.11; en/ru;\n#src\ttgt\tsrc:pos\nriver\tрека\tnoun\n"))
	f.Add([]byte("E_ID|L_CODE|T_TERM\n84|en|court\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, ds := ParseTable("g.csv", data, TableOptions{})
		for _, d := range ds {
			if d.Severity == diag.Error && (d.Place.Line < 1 || d.Place.Column < 1) {
				t.Fatalf("no place: %v", d)
			}
		}
		for _, c := range g.Concepts {
			for _, term := range c.Terms {
				if term.Text == "" || term.Locale == "" || c.ID == "" || !utf8.ValidString(term.Text) {
					t.Fatalf("bad term %+v in %q", term, c.ID)
				}
			}
		}
		m := g.Matcher("en", "ru", nil)
		for _, mk := range m.Mark(string(data)) {
			if mk.Start >= mk.End || mk.End > len(data) {
				t.Fatalf("mark %+v", mk)
			}
		}
		for _, mk := range g.Matcher("ru", "en", nil).Mark(string(data)) {
			Check("uk", append(m.Mark(mk.Source), mk), string(data))
		}
	})
}

// TestStrangersTables reads tables as people make them.
func TestStrangersTables(t *testing.T) {
	for _, c := range []struct{ data, want, finding string }{
		{"English,Russian\nKremlin,Кремль\n", "en Kremlin, ru Кремль", ""},
		{"English;Русский;فارسی\nKremlin;Кремль;کرملین\n", "en Kremlin, ru Кремль, fa کرملین", ""},
		{"en,ru\nKremlin,Кремль; Московский Кремль\n", "en Kremlin, ru Кремль; Московский Кремль", "glossary.separator"},
		{"E_ID|L_CODE|T_TERM|T_EVALUATION\n84|en|court|Preferred\n84|et|kohus|\n84|et|õigus|Obsolete\n", "en court, et kohus, et õigus", ""},
		{"src,tgt,src_lang,tgt_lang\nriver,ріка,en,uk\n", "en river, uk ріка", ""},
		{"#UTX 1.11; en-US/ru; 2024-01-01; license: CC0\n#description: x\n#src\ttgt\tsrc:pos\tterm status\nKremlin\tКремль\tnoun\tapproved\n# a remark\nKremlin\tкремль\tnoun\tforbidden\n", "en-US Kremlin, ru Кремль, ru кремль", ""},
		{"id,name_en,name_fr,def_en,def_fr\nA,river,fleuve,water,eau\n", "en river, fr fleuve", ""},
		{"term_en,term_uk\nriver,ріка|річка\n", "en river, uk ріка, uk річка", ""},
		{"term,translation_uk,translation_ru\nriver,ріка,река\n", "en river, uk ріка, ru река", "glossary.language"},
		{"id,BT_kz,BT_ru,BT_en\nA,a,b,c\n", "", "glossary.header"},
		{"phrase\ttranslation\tcomment\nтелега\tTelegram\tan app\n", "en телега, und Telegram", "glossary.language"},
		{"en\tuk\nEnglish\tанглійська\n", "en English, uk англійська", ""},
		{"en\tuk\n\"cohort\" theory\tтеорія \"когорт\"\nriver\t\"ріка\nsea\tморе\n", "en \"cohort\" theory, uk теорія \"когорт\", en river, uk \"ріка, en sea, uk море", ""},
		{"en\tuk\r\n\"a \"\"b\"\"\tc\"\t\"d\ne\"\r\nsea\t\"море\"\r\n", "en a \"b\"\tc, uk d\ne, en sea, uk море", ""},
		{"#UTX-S 1.01; en/ru;\nriver\tрека\tnoun\n", "en river, ru река", ""},
		{"English;Spanish (Honduras)\nKremlin;Kremlin\n", "en Kremlin, es-HN Kremlin", ""},
		{"en\tru\n#MeToo\t#MeToo\n", "en #MeToo, ru #MeToo", ""},
		{"Kremlin,Кремль\nIran,Иран\n", "", "glossary.header"},
	} {
		g, ds := ParseTable("terms.csv", []byte(c.data), TableOptions{})
		var got []string
		for _, concept := range g.Concepts {
			for _, term := range concept.Terms {
				got = append(got, term.Locale+" "+term.Text)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%q: %v, want %s", c.data, got, c.want)
		}
		if found := len(ds) > 0; found != (c.finding != "") || found && (ds[0].ID != c.finding || ds[0].Hint == "") {
			t.Errorf("%q: %v, want %s with a hint", c.data, ds, c.finding)
		}
	}
}

// TestSynonymColumns reads a second column of a locale: its terms are admitted.
func TestSynonymColumns(t *testing.T) {
	g, ds := ParseTable("terms.csv", []byte("en,ru,ru\nKremlin,Кремль,Московский Кремль\n"), TableOptions{})
	if got, want := show(g), "Kremlin en \"Kremlin\" preferred\nKremlin ru \"Кремль\" preferred\nKremlin ru \"Московский Кремль\" admitted"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if len(ds) != 1 || ds[0].ID != "glossary.column" || ds[0].Severity != diag.Info {
		t.Errorf("%v", ds)
	}
}

// TestFurtherColumns reads tables with columns beside those of the terms.
func TestFurtherColumns(t *testing.T) {
	for _, c := range []struct{ path, data, props string }{
		{"terms.csv", "en,uk,def_en,def_uk\nriver,ріка,a,b\n", "def_en=a def: uk=b"},
		{"terms.csv", "en,uk,name_en,name_uk\nriver,ріка,a,b\n", "name_en=a name_uk=b"},
		{"terms.csv", "en,uk,owner,translation\nriver,ріка,a,b\n", "owner=a translation=b"},
		{"en-uk.csv", "source,target,definition_en,definition_uk\nriver,ріка,a,b\n", "definition_en=a definition_uk=b"},
		{"en-uk.csv", "source,target,source_lang,target_lang\nriver,ріка,,\n", ""},
	} {
		g, _ := ParseTable(c.path, []byte(c.data), TableOptions{})
		var terms, props []string
		for _, concept := range g.Concepts {
			all := concept.Props
			for _, term := range concept.Terms {
				terms = append(terms, term.Locale+" "+term.Text)
				all = append(all, term.Props...)
			}
			for _, p := range all {
				props = append(props, p.Name+"="+p.Value)
			}
		}
		if strings.Join(terms, ", ") != "en river, uk ріка" || strings.Join(props, " ") != c.props {
			t.Errorf("%q: %v %v, want %s", c.data, terms, props, c.props)
		}
	}
}

// TestHugeTables reads tables of which one part is huge. Its time is linear in that part:
// quadratic, it would be minutes.
func TestHugeTables(t *testing.T) {
	const n = 20_000
	many := func(format, separator string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, separator)
	}
	for name, c := range map[string]struct {
		data                      string
		concepts, terms, findings int
	}{
		"columns":            {"en,uk," + many("x%d", ",") + "\nriver,ріка\n", 1, 2, n},
		"formulas":           {"en,uk\nriver,ріка," + many("=%d", ",") + "\n", 1, 2, n + 1},
		"terms in a cell":    {"term,uk\nriver," + many("r%d", "|") + "\n", 1, n + 1, 0},
		"terms of a concept": {"source,target\n" + many("river,r%d", "\n") + "\n", 1, n + 1, 0},
		"concepts of a term": {"en,uk\n" + many("river,r%d", "\n") + "\n", n, 2 * n, 0},
		"quotation marks":    {"en\tuk\n" + many("\"a\"\" %d\t\"\"b", "\n") + "\n", n, 2 * n, 0},
		"remarks":            {many("# %d", "\n") + "\nriver\tріка\n", 1, 2, 0},
	} {
		g, ds := ParseTable("terms.csv", []byte(c.data), TableOptions{SourceLocale: "en", TargetLocale: "uk"})
		terms := 0
		for _, concept := range g.Concepts {
			terms += len(concept.Terms)
		}
		if len(g.Concepts) != c.concepts || terms != c.terms || len(ds) != c.findings {
			t.Errorf("%s: %d concepts, %d terms, %d findings; want %d, %d and %d", name, len(g.Concepts), terms, len(ds), c.concepts, c.terms, c.findings)
		}
		if name == "concepts of a term" && g.Concepts[n-1].ID != fmt.Sprintf("river.%d", n) {
			t.Errorf("the last id is %s", g.Concepts[n-1].ID)
		}
		if name == "columns" && len(ds) == n {
			if want := len(c.data) - len("x19999\nriver,ріка\n") + 1; ds[n-1].Place.Column != want {
				t.Errorf("the last column is at %d, want %d", ds[n-1].Place.Column, want)
			}
		}
	}
}
