package console

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	table := NewTable("name", "count", "text")
	table.AlignRight(2, 2)
	table.Row("a", 5, "one")
	table.Row("日本", 1234, "")
	table.Row("\x1b", 7, strings.Repeat("x", 100))
	var b strings.Builder
	if err := table.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := " name      count  text\n a             5  one\n 日本       1234\n <U+001B>      7  " + strings.Repeat("x", 100) + "\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	// The longest cell of the last column is not the length of each row.
	wide := NewTable("a", "b")
	wide.Row("x", strings.Repeat("y", 1<<20))
	for range 10_000 {
		wide.Row("x", "y")
	}
	b.Reset()
	if err := wide.Print(&b); err != nil || b.Len() > 2<<20 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

// TestTableFits checks that a table has room in a narrow terminal and loses nothing.
func TestTableFits(t *testing.T) {
	for _, tt := range []struct {
		name    string
		columns string
		right   [2]int
		rows    [][]string
		want    string
	}{
		{"room enough", "30", [2]int{}, [][]string{{"name", "text"}, {"a", "one two"}}, " name  text\n a     one two\n"},
		{"no terminal", "", [2]int{}, [][]string{{"name", "text"}, {"a", strings.Repeat("one ", 30)}}, " name  text\n a     " + strings.TrimSpace(strings.Repeat("one ", 30)) + "\n"},
		{"a text is wrapped", "24", [2]int{}, [][]string{{"name", "text"}, {"a", "one two three four five"}, {"b", "x"}},
			" name  text\n a     one two three\n       four five\n b     x\n"},
		{"a long word is divided", "24", [2]int{}, [][]string{{"n", "text"}, {"a", "see ääääääääääääääääääääää日本日本 now"}},
			" n  text\n a  see\n    ääääääääääääääääääää\n    ää日本日本 now\n"},
		{"figures follow below", "20", [2]int{2, 4}, [][]string{{"locale", "first", "second", "third"}, {"ru", "1", "22", "333"}, {"fa", "4", "5", "6"}},
			" locale  first\n ru          1\n fa          4\n\n locale  second\n ru          22\n fa           5\n\n locale  third\n ru        333\n fa          6\n"},
		{"both", "32", [2]int{2, 2}, [][]string{{"locale", "count", "text", "places"}, {"ru", "12345", "one two three four", "articles/a.html articles/b.html"}},
			" locale  count  text\n ru      12345  one two three\n                four\n\n locale  places\n ru      articles/a.html\n         articles/b.html\n"},
	} {
		t.Setenv("COLUMNS", tt.columns)
		table := NewTable(tt.rows[0]...)
		table.AlignRight(tt.right[0], tt.right[1])
		for _, row := range tt.rows[1:] {
			table.TextRow(row...)
		}
		var b strings.Builder
		if err := table.Print(&b); err != nil || b.String() != tt.want {
			t.Errorf("%s: %v\n%swant\n%s", tt.name, err, b.String(), tt.want)
		}
	}
}
