package handoff

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"hexapla/pipeline/exchange/xlsx"
)

// workbook returns an XLSX file of one sheet.
func workbook(t testing.TB, rows ...[]string) string {
	t.Helper()
	var b bytes.Buffer
	w := xlsx.NewWriter(&b)
	if err := w.Add(xlsx.Sheet{Name: "Terms"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r, func(int) xlsx.Style { return 0 }); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

// Tables and JSON Lines as other programs write them.
func TestPairs(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       []string // SOURCE=TARGET
		fails      string
	}{
		{"words.csv", "Source,Target\r\n\"Good, evening\",\"Добрый, вечер\"\r\n", []string{"Good, evening=Добрый, вечер"}, ""},
		{"more columns.csv", "ID;Source text;Comment;Translation\n1;Hi;x;Привет\n2;Short\n", []string{"Hi=Привет"}, ""},
		{"tags.csv", "en;ru\nGood morning;Доброе утро\n\"Semi; colon\";\"Точка; с запятой\"\n", []string{"Good morning=Доброе утро", "Semi; colon=Точка; с запятой"}, ""},
		{"regions.csv", "key,en-US,de,ru-RU\nk,One,Eins,Один\n", []string{"One=Один"}, ""},
		{"names.tsv", "\ufeffEnglish\tRussian\tGerman\nNight\tНочь\tNacht\n", []string{"Night=Ночь"}, ""},
		{"a tag before a region.csv", "en-US,en,ru\nColor,Colour,Цвет\n", []string{"Colour=Цвет"}, ""},
		{"no names.tsv", "Night\tНочь\nDay\tДень\n\tnone\n", []string{"Night=Ночь", "Day=День"}, ""},
		{"excel.csv", "sep=;\r\nsource;target\r\nA, b;А, б\r\n", []string{"A, b=А, б"}, ""},
		{"wide.tsv", utf16le("source\ttarget\nWide\tШирокий\n"), []string{"Wide=Широкий"}, ""},
		{"quotes.tsv", "source\ttarget\nSay \"yes\"\tСкажи «да»\n", []string{"Say \"yes\"=Скажи «да»"}, ""},
		{"blank.csv", "source,target\n,a\nb, \nc,d\n", []string{"c=d"}, ""},
		{"empty.csv", "", nil, ""},
		{"windows.csv", "source,target\nWindows,\xce\xea\xed\xe0\n", nil, "windows.csv:2: the file is not in UTF-8"},
		{"unknown.csv", "a,b,c\n1,2,3\n", nil, "unknown.csv:1: the first row does not name the columns of the two texts"},
		{"broken.csv", "source,target\n\"open,b\n", nil, "broken.csv:"},
		{"ours.csv", "source,target,unit\na,b,c\n", nil, "not ok"},
		{"plain.jsonl", "{\"source\":\"Plain\",\"target\":\"Просто\"}\n\n{\"source\":\"None\",\"target\":null}\n", []string{"Plain=Просто"}, ""},
		{"short.jsonl", `{"id":7,"src":"Plain","tgt":"Просто"}`, []string{"Plain=Просто"}, ""},
		{"opus.jsonl", `{"translation":{"en":"Plain","ru":"Просто"}}`, []string{"Plain=Просто"}, ""},
		{"with locales.jsonl", `{"source":"Plain","target":"Einfach","source_locale":"en","target_lang":"de"}`, []string{"Plain=Einfach de"}, ""},
		{"numbers.jsonl", `{"source":1,"target":2}`, nil, "numbers.jsonl:1: the object does not have the two texts"},
		{"array.jsonl", "{\"source\":\"a\",\"target\":\"b\"}\n[1]\n", []string{"a=b"}, "array.jsonl:2: the line is not a JSON object"},
		{"ours.jsonl", `{"unit":"p","source":"a","target":"b"}`, nil, "not ok"},
		{"book.xlsx", workbook(t, []string{"ID", "English", "Russian"}, []string{"1", "Cell", "Ячейка"}, []string{"2", "", "x"}), []string{"Cell=Ячейка"}, ""},
		{"two columns.xlsx", workbook(t, []string{"Cell", "Ячейка"}), []string{"Cell=Ячейка"}, ""},
		{"no.xlsx", "PK", nil, "no.xlsx: "},
		{"text.txt", "a,b\n", nil, "not ok"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.data), 0o666); err != nil {
			t.Fatal(err)
		}
		source, err := NewSource(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		entries, ok := source.Pairs("en", "ru")
		if !ok {
			if c.fails != "not ok" {
				t.Errorf("%s is not read", c.name)
			}
			continue
		}
		var got []string
		failed := ""
		for e, err := range entries {
			if err != nil {
				failed = err.Error()
				break
			}
			line := e.Source.Chars + "=" + e.Target.Chars
			if e.TargetLocale != "ru" {
				line += " " + e.TargetLocale
			}
			got = append(got, line)
		}
		if !slices.Equal(got, c.want) || !strings.Contains(failed, c.fails) || c.fails == "" && failed != "" {
			t.Errorf("%s: %q, %q; want %q, %q", c.name, got, failed, c.want, c.fails)
		}
	}
}

// FuzzPairs reads any file as each type: no panic, no blank pair, texts in UTF-8 where
// the file is.
func FuzzPairs(f *testing.F) {
	f.Add(uint8(0), "source,target\n\"a\",b\n")
	f.Add(uint8(0), "sep=;\nen;ru\nx;y\n")
	f.Add(uint8(1), `{"translation":{"en":"a","ru":"b"}}`)
	f.Add(uint8(1), `{"source":"a","target":null,"source_locale":"xx"}`)
	f.Add(uint8(2), workbook(f, []string{"en", "ru"}, []string{"a", "b"}))
	f.Fuzz(func(t *testing.T, kind uint8, data string) {
		p := &pairReader{name: "f", source: "en", target: "ru"}
		read := p.separated
		switch kind % 3 {
		case 1:
			read = p.lines
		case 2:
			read = p.workbook
		}
		for e, err := range read(strings.NewReader(data)) {
			if err != nil {
				break
			}
			if e.Source.IsBlank() || e.Target.IsBlank() {
				t.Errorf("a blank pair %+v", e)
			}
		}
	})
}
