package markdown

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

// A bar in what is written into the cell of a table does not end the cell.
func TestBarInCell(t *testing.T) {
	for _, x := range []struct{ path, source, want string }{
		{"a.md", "| a |\n|---|\n| {abbr}`Word` |\n", "| a |\n|---|\n| {abbr}`W\\|ord` |\n"},
		{"a.md", "| a |\n|---|\n| {term}`Word` |\n", "| a |\n|---|\n| {term}`W\\|ord <Word>` |\n"},
		{"a.md", "{abbr}`Word`\n", "{abbr}`W|ord`\n"},
		{"a.mdx", "| a |\n|---|\n| <X label=\"Word\" /> |\n", "| a |\n|---|\n| <X label=\"W&#124;ord\" /> |\n"},
	} {
		f := new(Format)
		d, _ := f.Split(x.path, []byte(x.source))
		formattest.Segment(d, nil)
		tr := formattest.Fill(d, func(t bitext.Text) bitext.Text {
			t = t.Clone()
			t.Chars = strings.ReplaceAll(t.Chars, "Word", "W|ord")
			return t
		})
		if got, _ := f.Assemble(d, tr, nil); string(got) != x.want {
			t.Errorf("got\n%s\nwant\n%s", got, x.want)
		}
		d, _ = f.Split(x.path, []byte(x.want))
		n := 0
		for _, u := range d.Units {
			if strings.HasPrefix(u.Source.Chars, "W|ord") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("read again: %s: %d", x.want, n)
		}
	}
}

// A backtick would end a role: it is written as another mark, and reported.
func TestBacktickInRole(t *testing.T) {
	f := new(Format)
	d, _ := f.Split("a.md", []byte("See\n{abbr}`Word` and {ref}`Word <x>`.\n"))
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, func(t bitext.Text) bitext.Text {
		t = t.Clone()
		t.Chars = strings.ReplaceAll(t.Chars, "Word", "a`b")
		return t
	})
	out, ds := f.Assemble(d, tr, nil)
	if want := "See {abbr}`a\u02cbb` and {ref}`a\u02cbb <x>`.\n"; strings.ReplaceAll(string(out), "\n{", " {") != want {
		t.Errorf("got  %q\nwant %q", out, want)
	}
	if len(ds) != 2 || ds[0].ID != "markdown.role" || ds[0].Place.Line != 2 || ds[0].Place.Unit == "" {
		t.Errorf("findings: %v", ds)
	}
}
