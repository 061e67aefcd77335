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
