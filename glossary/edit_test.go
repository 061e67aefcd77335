package glossary

import (
	"errors"
	"strings"
	"testing"
)

func TestEditTable(t *testing.T) {
	const table = "# not a column,locale,concept,term,status,note,definition,owner\r\n" +
		"x,en,river,river,preferred,,\"Water, which flows\",desk\r\n\r\n" +
		"x,uk, river ,річка,,\"two\nlines\",,desk\r\n" +
		"x,uk,river,'=ріка,admitted,,,desk\r\n" +
		"bad \"quote,uk,river,x\r\n" +
		"x,uk,lake,озеро\r\n"
	for _, tt := range []struct {
		name     string
		find     string
		now      *Term
		old, new string
	}{
		{"text", "річка", &Term{Text: "ріка, мала", Note: "two\nlines"}, "x,uk, river ,річка,,\"two\nlines\",,desk\r\n", "x,uk,\" river \",\"ріка, мала\",,\"two\nlines\",,desk\r\n"},
		{"status and note", "=ріка", &Term{Text: "=ріка", Status: Forbidden, Note: "+no"}, "x,uk,river,'=ріка,admitted,,,desk\r\n", "x,uk,river,'=ріка,forbidden,'+no,,desk\r\n"},
		{"a row that is short", "озеро", &Term{Text: "озеро", Status: Deprecated}, "x,uk,lake,озеро\r\n", "x,uk,lake,озеро,deprecated\r\n"},
		{"removed", "озеро", nil, "x,uk,lake,озеро\r\n", ""},
		{"removed with its definition", "river", nil, "x,en,river,river,preferred,,\"Water, which flows\",desk\r\n\r\nx,uk, river ,річка,,\"two\nlines\",,desk\r\n", "\r\nx,uk,\" river \",річка,,\"two\nlines\",\"Water, which flows\",desk\r\n"},
	} {
		data := "\ufeff" + strings.Replace(table, "# not a column", "remark", 1)
		g, _ := ParseTable("t.csv", []byte(data), TableOptions{})
		old := termNamed(g, tt.find)
		if old == nil {
			t.Fatalf("%s: no term in %s", tt.name, show(g))
		}
		got, err := EditTable([]byte(data), *old, tt.now)
		if want := strings.Replace(data, tt.old, tt.new, 1); err != nil || string(got) != want || want == data {
			t.Errorf("%s: %v\n got %q\nwant %q", tt.name, err, got, want)
		}
		if tt.now != nil {
			g, _ := ParseTable("t.csv", got, TableOptions{})
			if now := termNamed(g, tt.now.Text); now == nil || now.Status != tt.now.Status {
				t.Errorf("%s: read again: %+v", tt.name, now)
			}
		}
	}
	for name, data := range map[string]string{"wide": "en,uk\nriver,річка\n", "workbook": "PK\x03\x04", "nothing": "", "UTF-16": "\xff\xfea\x00"} {
		if _, err := EditTable([]byte(data), Term{Text: "річка", Locale: "uk"}, nil); !errors.Is(err, ErrNotEditable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	old := Term{Text: "річка", Locale: "uk"}
	old.Place.Line = 3
	if _, err := EditTable([]byte("concept,locale,term\nr,uk,річка\nr,uk,ріка\n"), old, nil); !errors.Is(err, ErrNoTerm) {
		t.Errorf("another line: %v", err)
	}
}

func termNamed(g *Glossary, text string) *Term {
	for i := range g.Concepts {
		for j := range g.Concepts[i].Terms {
			if t := &g.Concepts[i].Terms[j]; t.Text == text {
				return t
			}
		}
	}
	return nil
}
