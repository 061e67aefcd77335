package glossary

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/exchange/xlsx"
)

func TestLayouts(t *testing.T) {
	pair := TableOptions{SourceLocale: "en", TargetLocale: "uk"}
	for _, tt := range []struct {
		name, file, data string
		o                TableOptions
		want, told       string
	}{
		{"Weblate", "g.csv", "source,target,translator_comments,domain\nriver,ріка,big,geo\nriver,річка,,\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred domain=\"geo\"\nriver uk \"річка\" admitted", ""},
		{"locales of the name", "terms.en-uk.csv", "Source Term,Target Term,Status\nriver,ріка,forbidden\n", TableOptions{}, "river en \"river\" preferred\nriver uk \"ріка\" forbidden", ""},
		{"no locales", "g.csv", "source,target\nriver,ріка\n", TableOptions{}, "river en \"river\" preferred\nriver und \"ріка\" preferred", "1:1 glossary.language"},
		{"DeepL", "g.csv", "river,ріка,EN,UK\n", TableOptions{}, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"OmegaT", "g.tsv", "river\tріка\tnote\nlake\tозеро\t\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred\nlake en \"lake\" preferred\nlake uk \"озеро\" preferred", ""},
		{"term and locales", "g.csv", "term,fr,de,note\nriver,rivière,Fluss,n\n", pair, "river en \"river\" preferred\nriver fr \"rivière\" preferred\nriver de \"Fluss\" preferred", ""},
		{"Crowdin", "g.csv", "Term [en],Description [en],Status [en],Gender [uk],Term [uk]\nriver,water,not recommended,f,ріка\n", TableOptions{}, "river en \"river\" deprecated\nriver uk \"ріка\" preferred Gender=\"f\"", ""},
		{"languages by name", "g.csv", "English;Ukrainian\nriver;ріка\n", TableOptions{}, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"three languages by name", "g.csv", "English,French,German\nriver,rivière,Fluss\n", TableOptions{}, "river en \"river\" preferred\nriver fr \"rivière\" preferred\nriver de \"Fluss\" preferred", ""},
		{"Smartcat", "g.csv", "Concept ID,Definition,English (en),Ukrainian (uk)\n1,water,river,ріка\n", TableOptions{}, "1 en \"river\" preferred\n1 uk \"ріка\" preferred", ""},
		{"Smartling", "g.csv", "Term ID,Definition,en Term,uk Term,en Notes,uk Notes\n1,water,river,ріка,,\n", TableOptions{}, "1 en \"river\" preferred\n1 uk \"ріка\" preferred", ""},
		{"memoQ", "g.csv", "Entry_ID;English_Def;English;Ukrainian_Def;Ukrainian\n1;water;river;;ріка\n", TableOptions{}, "1 en \"river\" preferred\n1 uk \"ріка\" preferred", "1:10 glossary.column|1:30 glossary.column"},
		{"Transifex", "g.csv", "term,pos,translation_uk\nriver,noun,ріка\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"terms that are languages", "g.tsv", "English\tанглійська\nriver\tріка\n", pair, "English en \"English\" preferred\nEnglish uk \"англійська\" preferred\nriver en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"remarks of OmegaT", "g.tsv", "# terms\nriver\tріка\tnote\n#x\ty\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"remarks behind a term", "g.tsv", "river\tріка\tnote\n# x\ty\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"columns given", "g.csv", "river,x,ріка\n", TableOptions{"en", "uk", []string{"source", "", "target"}}, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"kept", "g.csv", "source,target,status\nReuters,,do-not-translate\n", pair, "Reuters en \"Reuters\" preferred\nReuters * \"Reuters\" do-not-translate", ""},
		{"no source term", "g.csv", "source,target\n,ріка\nlake,озеро\n", pair, "lake en \"lake\" preferred\nlake uk \"озеро\" preferred", "2:1 glossary.term"},
		{"Excel's first line", "g.csv", "sep=;\r\nsource;target\r\n;x\r\nriver;ріка\r\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred", "3:1 glossary.term"},
		{"Excel's first line, locales", "g.csv", "\ufeffsep=,\nen,uk\nriver,ріка\n", TableOptions{}, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"only Excel's first line", "g.csv", "sep=;\n", TableOptions{}, "", "1:1 glossary.header"},
		{"term and translation", "g.csv", "term,translation,description,pos\nriver,ріка,water,noun\n", pair, "river en \"river\" preferred\nriver uk \"ріка\" preferred", ""},
		{"no names, locales of the file's name", "terms.en-uk.csv", "river,ріка\nlake,озеро\n", TableOptions{}, "river en \"river\" preferred\nriver uk \"ріка\" preferred\nlake en \"lake\" preferred\nlake uk \"озеро\" preferred", ""},
		{"prose", "g.csv", "this is,no glossary\n", TableOptions{}, "", "1:1 glossary.header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, ds := ParseTable(tt.file, []byte(tt.data), tt.o)
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

func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	w := xlsx.NewWriter(&b)
	if err := w.Add(xlsx.Sheet{Name: "Terms"}); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{{"en", "uk", "status"}, {"river", "ріка|річка", ""}, {"lake", "озеро", "wrong"}} {
		if err := w.Row(row, func(int) xlsx.Style { return xlsx.StyleOpen }); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	g, ds := ParseTable("g.xlsx", b.Bytes(), TableOptions{})
	if got, want := show(g), "river en \"river\" preferred\nriver uk \"ріка\" preferred\nriver uk \"річка\" admitted"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(ds) != 1 || ds[0].Place.Line != 3 || ds[0].Place.Column != 3 {
		t.Errorf("diagnostics %v, want one at row 3, column 3", ds)
	}
	if _, ds := ParseTable("g.xlsx", b.Bytes()[:200], TableOptions{}); len(ds) != 1 || ds[0].ID != "glossary.syntax" {
		t.Errorf("a damaged workbook: %v", ds)
	}
}

func TestEncodePairs(t *testing.T) {
	g, _ := ParseTable("g.csv", []byte("concept,locale,term,status,definition\nr,en,river,preferred,\"water, that runs\"\nr,en,stream,admitted,\nr,uk,річка,admitted,\nr,uk,ріка,preferred,\nr,uk,рєка,forbidden,\nk,*,Reuters,do-not-translate,\nx,en,only here,,\n"), TableOptions{})
	for _, tt := range []struct {
		layout string
		comma  rune
		want   string
	}{
		{"pairs", ',', "source,target,note\nriver,ріка,\"water, that runs; not: рєка\"\nriver,річка,\"water, that runs; not: рєка\"\nstream,ріка,\"water, that runs; not: рєка\"\nstream,річка,\"water, that runs; not: рєка\"\nReuters,Reuters,\n"},
		{"omegat", '\t', "river\tріка\twater, that runs; not: рєка\nriver\tрічка\twater, that runs; not: рєка\nstream\tріка\twater, that runs; not: рєка\nstream\tрічка\twater, that runs; not: рєка\nReuters\tReuters\t\n"},
		{"deepl", ',', "river,ріка,en,uk\nstream,ріка,en,uk\nReuters,Reuters,en,uk\n"},
		{"crowdin", ',', "Term [en],Description [en],Term [uk]\nriver,\"water, that runs; not: рєка\",ріка\nstream,\"water, that runs; not: рєка\",ріка\nReuters,,Reuters\n"},
	} {
		got, err := EncodePairs(g, "en", "uk", tt.layout, tt.comma)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s (%v)", tt.layout, got, tt.want, err)
		}
		again, ds := ParseTable("g.csv", got, TableOptions{SourceLocale: "en", TargetLocale: "uk"})
		if len(again.Concepts) != 3 {
			t.Errorf("%s: read again: %d concepts, want 3: %v", tt.layout, len(again.Concepts), ds)
		}
	}
	if _, err := EncodePairs(g, "en", "uk", "odt", ','); err == nil {
		t.Error("an unknown layout is no error")
	}
}
