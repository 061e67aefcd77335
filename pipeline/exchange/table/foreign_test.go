package table

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xlsx"
)

func first(t *testing.T, c exchange.Codec, data string) *exchange.Unit {
	t.Helper()
	for u, err := range c.Decode("f", strings.NewReader(data)) {
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	t.Fatal("no unit")
	return nil
}

// Excel writes a line that names the separator before the columns' names.
func TestSeparatorLine(t *testing.T) {
	for _, head := range []string{"sep=;\n", "\ufeffsep=;\r\n", "\"sep=;\"\n", "SEP=;\r\n", "sep=;\r"} {
		if strings.HasSuffix(head, ";\r") {
			if u := first(t, CSV, head+"unit;segment;source;target\rp;s1;\"a\nb\";c\rq;s1;d;e\r"); u.Source.Chars != "a\nb" {
				t.Errorf("%q: source %q", head, u.Source.Chars)
			}
			continue
		}
		if u := first(t, CSV, head+"unit;segment;source;target\np;s1;a,b;c\n"); u.Source.Chars != "a,b" {
			t.Errorf("%q: source %q", head, u.Source.Chars)
		}
	}
}

// A program that saves in an encoding without the letters writes question marks.
func TestLostLetters(t *testing.T) {
	for target, lost := range map[string]bool{"???????? ?????": true, "Брама": false} {
		var problem error
		for _, err := range CSV.Decode("f", strings.NewReader("unit,segment,source,target\np,s1,Open the gate,"+target+"\n")) {
			problem = errors.Join(problem, err)
		}
		if got := problem != nil && strings.Contains(problem.Error(), "question marks"); got != lost {
			t.Errorf("%q: %v", target, problem)
		}
	}
}

// What a translator writes into the columns note or comment is a comment; what was
// there is not.
func TestTranslatorsColumns(t *testing.T) {
	u := &exchange.Unit{Header: &exchange.Header{SourceLocale: "en", TargetLocale: "uk"}, Comments: []exchange.Comment{{Segment: "s1", Author: "Anna", Text: "Is it?"}}}
	u.ID, u.Unit.Notes = "p", []bitext.Note{{Category: "author", Text: "A button"}}
	u.Segments, u.Targets = []bitext.Segment{{ID: "s1", Source: bitext.Plain("Gate")}}, make([]bitext.Target, 1)
	var b bytes.Buffer
	if _, err := exchange.Convert(&b, CSV, func(yield func(*exchange.Unit, error) bool) { yield(u, nil) }, exchange.ConvertOptions{}); err != nil {
		t.Fatal(err)
	}
	got := first(t, CSV, b.String())
	if len(got.Comments) != 1 || got.Comments[0] != u.Comments[0] || len(got.Unit.Notes) != 1 || got.Unit.Notes[0] != u.Unit.Notes[0] {
		t.Errorf("untouched: %v %v", got.Comments, got.Unit.Notes)
	}
	edited := strings.Replace(b.String(), "A button", "A button – of which door?", 1)
	edited = strings.Replace(edited, "Anna: Is it?", "\"Anna: Is it?\n\nYes.\"", 1)
	got = first(t, CSV, edited)
	var texts []string
	for _, c := range got.Comments {
		texts = append(texts, c.Text)
	}
	if s := strings.Join(texts, "|"); s != "Is it?|Yes.|– of which door?" {
		t.Errorf("comments %q", s)
	}
}

// A workbook that a spreadsheet program made of our CSV file has the guards of the
// CSV file, one of ours has none.
func TestGuardInWorkbook(t *testing.T) {
	for sheet, want := range map[string]string{"export": "=1+1", sheetName: "'=1+1"} {
		var b bytes.Buffer
		w := xlsx.NewWriter(&b)
		if err := w.Add(xlsx.Sheet{Name: sheet}); err != nil {
			t.Fatal(err)
		}
		for _, row := range [][]string{{"unit", "segment", "source", "target"}, {"p", "s1", "'=1+1", "x"}} {
			if err := w.Row(row, func(int) xlsx.Style { return xlsx.StyleOpen }); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if u := first(t, XLSX, b.String()); u.Source.Chars != want {
			t.Errorf("sheet %q: source %q, want %q", sheet, u.Source.Chars, want)
		}
	}
}

// Of a file with an error in every row only so many are listed.
func TestManyErrors(t *testing.T) {
	data := "unit,segment,source,target,state\n" + strings.Repeat("p,s1,a,b,done\n", 5*exchange.MaxFindings)
	n, last := 0, ""
	for _, err := range CSV.Decode("f", strings.NewReader(data)) {
		if err != nil {
			n++
			last = err.Error()
		}
	}
	if n != exchange.MaxFindings+1 || !strings.Contains(last, "4000 more errors are not listed") {
		t.Errorf("%d errors, the last %q", n, last)
	}
}

func TestEmptyFiles(t *testing.T) {
	for _, data := range []string{"", "\n", " \r\n"} {
		n := 0
		for _, err := range CSV.Decode("f", strings.NewReader(data)) {
			if err != nil {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%q: %d errors", data, n)
		}
	}
}

// A source that was changed in the file is told from one that the article changed.
func TestChangedSource(t *testing.T) {
	var b bytes.Buffer
	u := &exchange.Unit{Header: &exchange.Header{SourceLocale: "en", TargetLocale: "uk"}}
	u.ID, u.Segments, u.Targets = "p", []bitext.Segment{{ID: "s1", Source: bitext.Plain("Open  the gate")}}, make([]bitext.Target, 1)
	if _, err := exchange.Convert(&b, CSV, func(yield func(*exchange.Unit, error) bool) { yield(u, nil) }, exchange.ConvertOptions{}); err != nil {
		t.Fatal(err)
	}
	first(t, CSV, strings.Replace(b.String(), "Open  the", "Open the", 1)) // white space is no change
	for _, err := range CSV.Decode("f", strings.NewReader(strings.Replace(b.String(), "gate", "gates", 1))) {
		if err == nil || !strings.Contains(err.Error(), "f:2:1: the text in the column source was changed in this file") {
			t.Errorf("error %v", err)
		}
	}
}
