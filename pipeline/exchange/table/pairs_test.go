package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/exchange"
)

// summary tells the units of a file, or the error.
func summary(c exchange.Codec, data string) string {
	var out []string
	for u, err := range c.Decode("f", strings.NewReader(data)) {
		if err != nil {
			out = append(out, "error: "+strings.SplitN(err.Error(), " (", 2)[0])
			continue
		}
		out = append(out, fmt.Sprintf("%s>%s %s: %s=%s", u.Header.SourceLocale, u.Header.TargetLocale, u.ID, u.Source.Chars, u.Targets[0].Text.Chars))
	}
	return strings.Join(out, "; ")
}

// TestPairs: tables of other programs, as commas, semicolons and tabs.
func TestPairs(t *testing.T) {
	for _, tt := range []struct{ reason, data, want string }{
		{"languages", "en,uk\nRead,Читати\n", "en>uk 2: Read=Читати"},
		{"tags with regions, of another form", "en_US,pt-br\nRead,Ler\n", "en-US>pt-BR 2: Read=Ler"},
		{"semicolons and a byte order mark", "\ufeffen;uk\r\n\"Read; write\";Читати\r\n", "en>uk 2: Read; write=Читати"},
		{"tabs", "en\tuk\nRead\tЧитати\n", "en>uk 2: Read=Читати"},
		{"a line that names the separator", "sep=;\nen;uk\nRead;Читати\n", "en>uk 2: Read=Читати"},
		{"names of columns", "Source,Target\nRead,Читати\n", "> 2: Read=Читати"},
		{"a key before them", "key,en,uk\nnav.read,Read,Читати\nnav.read,Go,Йти\n,Stop,Стоп\n", "en>uk nav.read: Read=Читати; en>uk 3: Go=Йти; en>uk 4: Stop=Стоп"},
		{"an id, which is also Indonesian", "id,en,uk\n7,Read,Читати\n", "en>uk 7: Read=Читати"},
		{"Indonesian", "en,id\nRead,Baca\n", "en>id 2: Read=Baca"},
		{"Indonesian, with a note", "en,id,comment\nRead,Baca,a verb\n", "en>id 2: Read=Baca"},
		{"an id behind two languages", "en,uk,id\nRead,Читати,7\n", "en>uk 7: Read=Читати"},
		{"a note behind them", "en,uk,comment\nRead,Читати,a verb\n", "en>uk 2: Read=Читати"},
		{"what a spreadsheet guards", "en,uk\n'=1+1,'=1+1\n", "en>uk 2: =1+1==1+1"},
		{"texts that look like tags", "en,uk\nA <1>b</1> {0},В <1>г</1> {0}\n", "en>uk 2: A <1>b</1> {0}=В <1>г</1> {0}"},
		{"no translation, no text", "en,uk\nRead,\n,\nGo\n", "en>uk 2: Read=; en>uk 4: Go="},
		{"a translation of nothing", "en,uk\n,Читати\nRead,Читати\n", "error: f:2:1: the row has a translation and no source; en>uk 3: Read=Читати"},
		{"lost letters", "en,uk\nOpen the gate,???????? ?????\n", "error: f:2:1: question marks or replacement characters stand for letters of the target: \"???????? ?????\""},
		{"three languages", "en,uk,de\nRead,Читати,Lesen\n", `error: f:1:1: no column "unit"`},
		{"two translations", "source,target,translation\nRead,Читати,Читай\n", `error: f:1:1: no column "unit"`},
		{"one language", "en,en\nRead,Read\n", `error: f:1:1: no column "unit"`},
		{"the number of a row as a key of another", "id,en,uk\n4,a,а\nx,b,б\nx,c,в\n", "en>uk 4: a=а; en>uk x: b=б; en>uk 4-2: c=в"},
		{"no names", "Read,Читати\n", `error: f:1:1: no column "unit"`},
		{"our own without a column", "unit,source,target\np,Read,Читати\n", "> 2: Read=Читати"},
		{"our own", "unit,segment,source,target\np,s1,Read,Читати\n", "> p: Read=Читати"},
	} {
		if got := summary(WithPairs(CSV, PairOptions{}), tt.data); got != tt.want {
			t.Errorf("%s:\n\t%s\nwant\t%s", tt.reason, got, tt.want)
		}
	}
	if got := summary(CSV, "en,uk\nRead,Читати\n"); !strings.HasPrefix(got, "error") {
		t.Errorf("an import reads a table without units: %s", got)
	}
}

// TestOtherTables: tables as Weblate, Crowdin, Transifex, Lokalise, gettext's tools and people
// write them.
func TestOtherTables(t *testing.T) {
	none, uk := PairOptions{}, PairOptions{Source: "en", Target: "uk"}
	for _, tt := range []struct {
		reason, data string
		o            PairOptions
		want         string
	}{
		{"Crowdin", "\"identifier\",\"source_phrase\",\"translation\",\"context\",\"labels\",\"max_length\"\n\"k\",\"Read\",\"Читати\",\"x\",\"\",\"\"\n", none, "> k: Read=Читати"},
		{"Transifex", "key,source_string,translation\nk,Read,Читати\n", none, "> k: Read=Читати"},
		{"Lokalise", "\"key\";\"en\";\"uk\";\"description\"\n\"k\";\"Read\";\"Читати\";\"d\"\n", none, "en>uk k: Read=Читати"},
		{"Phrase, languages by name", "key_name,English,Ukrainian,comment,tags\nk,Read,Читати,,\n", none, "en>uk k: Read=Читати"},
		{"msgid and msgstr", "msgid,msgstr\nRead,Читати\n", none, "> 2: Read=Читати"},
		{"words for them", "Original,Translation\nRead,Читати\n", none, "> 2: Read=Читати"},
		{"words with the language", "Source (English),Target (Ukrainian)\nRead,Читати\n", none, "en>uk 2: Read=Читати"},
		{"names with tags", "English (en),Ukrainian [uk]\nRead,Читати\n", none, "en>uk 2: Read=Читати"},
		{"names of languages in themselves", "English,Українська\nRead,Читати\n", none, "en>uk 2: Read=Читати"},
		{"a word and a language", "Source,uk\nRead,Читати\n", none, ">uk 2: Read=Читати"},
		{"a language and a word", "English,Translation\nRead,Читати\n", none, "en> 2: Read=Читати"},
		{"Ukrainian words", "Джерело;Переклад\nRead;Читати\n", none, "> 2: Read=Читати"},
		{"Russian words", "Исходный текст,Перевод\nRead,Читать\n", none, "> 2: Read=Читать"},
		{"German words", "Quelle;Ziel\nRead;Lesen\n", none, "> 2: Read=Lesen"},
		{"several languages", "key,en,de,uk\nk,Read,Lesen,Читати\n", uk, "en>uk k: Read=Читати"},
		{"several languages, the source is the first", "key,en-US,de,uk\nk,Read,Lesen,Читати\n", PairOptions{Target: "uk"}, "en-US>uk k: Read=Читати"},
		{"several languages with regions", "en_US,de_DE,uk_UA\nRead,Lesen,Читати\n", uk, "en-US>uk-UA 2: Read=Читати"},
		{"several languages, not that one", "key,en,de,fr\nk,Read,Lesen,Lire\n", uk, `error: f:1:1: no column "unit"`},
		{"bars", "en|uk\nRead|Читати\n", none, "en>uk 2: Read=Читати"},
		{"a title above the names", "Texts of spring,\n,\nsource,target\nRead,Читати\n", none, "> 4: Read=Читати"},
		{"no names", "Read,Читати\nGo,Йти\n", uk, "> 1: Read=Читати; > 2: Go=Йти"},
		{"no names, and first rows without a translation", "Read,\nWrite\n,\nGo,Йти\nStop,\n", uk, "> 1: Read=; > 2: Write=; > 4: Go=Йти; > 5: Stop="},
		{"no names, and a first row without a text", ",Читати\nGo,Йти\n", uk, "error: f:1:1: the row has a translation and no source; > 2: Go=Йти"},
		{"no names, and no locales", "Read,Читати\nGo,Йти\n", none, `error: f:1:1: no column "unit"`},
		{"one column", "Read\nGo\n", none, `error: f:1:1: no column "unit"`},
		{"a title alone", "Read,\n", uk, `error: f:1:1: no column "unit"`},
		{"a column source and one text", "source,text\nRead,Читати\n", none, `error: f:1:1: no column "unit"`},
	} {
		if got := summary(WithPairs(CSV, tt.o), tt.data); got != tt.want {
			t.Errorf("%s:\n\t%s\nwant\t%s", tt.reason, got, tt.want)
		}
	}
}

// TestForeignStates: what is not finished in another program is no translation here.
func TestForeignStates(t *testing.T) {
	const table = "location,source,target,id,fuzzy,context,translator_comments,developer_comments,status\n" +
		"a.c:1,Read,Читати,k,,,ask Olga,a verb,\n" +
		"a.c:2,Go,Йти,l,True,,,,\n" +
		"a.c:3,Stop,Стоп,m,,,,,Needs review\n" +
		"a.c:4,Wait,Чекати,n,,,,,approved\n"
	want := []string{"translated  [a verb] [ask Olga]", "translated hexapla:check [] []", "translated hexapla:check [] []", "reviewed  [] []"}
	i := 0
	for u, err := range WithPairs(CSV, PairOptions{}).Decode("f", strings.NewReader(table)) {
		if err != nil {
			t.Fatal(err)
		}
		var notes, comments []string
		for _, n := range u.Unit.Notes {
			notes = append(notes, n.Text)
		}
		for _, c := range u.Comments {
			comments = append(comments, c.Text)
		}
		if got := fmt.Sprint(u.Targets[0].State, " ", u.Targets[0].SubState, " ", notes, " ", comments); got != want[i] {
			t.Errorf("row %d: %q, want %q", i+1, got, want[i])
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d rows", i)
	}
}

// workbook packs parts as a program of others would.
func workbook(t *testing.T, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestForeignWorkbooks: workbooks as Google Sheets and libraries of other languages write
// them: absolute paths, texts in their cells, results of formulas, no dimension.
func TestForeignWorkbooks(t *testing.T) {
	const (
		rels  = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
		main  = `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId3"/></sheets></workbook>`
		sheet = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr/><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetData>%s</sheetData></worksheet>`
	)
	root := rels + `<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="%s"/></Relationships>`
	list := rels + `<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="%s"/>%s</Relationships>`
	shared := `<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>`
	inline := `<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>en</t></is></c><c r="B1" t="inlineStr"><is><t>uk</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><r><t>Re</t></r><r><rPr><b/></rPr><t xml:space="preserve">ad </t></r></is></c><c r="B2" t="str"><f>GOOGLETRANSLATE(A2)</f><v>Читати</v></c></row>`
	for _, tt := range []struct {
		reason string
		parts  map[string]string
	}{
		{"absolute paths, no shared strings", map[string]string{"_rels/.rels": fmt.Sprintf(root, "/xl/workbook.xml"), "xl/workbook.xml": main, "xl/_rels/workbook.xml.rels": fmt.Sprintf(list, "/xl/worksheets/sheet1.xml", ""), "xl/worksheets/sheet1.xml": fmt.Sprintf(sheet, inline)}},
		{"shared strings, rows without numbers", map[string]string{"_rels/.rels": fmt.Sprintf(root, "xl/workbook.xml"), "xl/workbook.xml": main, "xl/_rels/workbook.xml.rels": fmt.Sprintf(list, "worksheets/sheet1.xml", shared),
			"xl/sharedStrings.xml":     `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>en</t></si><si><t>uk</t></si><si><t>Read </t></si><si><t>Читати</t></si></sst>`,
			"xl/worksheets/sheet1.xml": fmt.Sprintf(sheet, `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>`)}},
		{"another folder, prefixed names", map[string]string{"_rels/.rels": fmt.Sprintf(root, "book/w.xml"), "book/w.xml": strings.NewReplacer("<workbook xmlns=", "<x:workbook xmlns:x=", "</workbook", "</x:workbook", "<sheet", "<x:sheet", "</sheet", "</x:sheet").Replace(main),
			"book/_rels/w.xml.rels": fmt.Sprintf(list, "../data/s.xml", ""), "data/s.xml": fmt.Sprintf(sheet, inline)}},
	} {
		if got, want := summary(WithPairs(XLSX, PairOptions{}), workbook(t, tt.parts)), "en>uk 2: Read =Читати"; got != want {
			t.Errorf("%s: %s, want %s", tt.reason, got, want)
		}
	}
}

// FuzzPairs: no table ends the program, and no row is lost without an error.
func FuzzPairs(f *testing.F) {
	f.Add("en,uk\nRead,Читати\n")
	f.Add("key;en;uk\n\"a;b\";'=x;\n")
	f.Fuzz(func(t *testing.T, data string) {
		for u, err := range WithPairs(CSV, PairOptions{}).Decode("f", strings.NewReader(data)) {
			if u == nil && err == nil {
				t.Fatal(errors.New("neither a unit nor an error"))
			}
		}
	})
}
