package html

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/goldentest"
)

// describe writes a document's units for people to compare: one a line, codes
// as tags, and below it what else is to be said of it.
func describe(d *bitext.Document, ds []diag.Diagnostic) string {
	var b strings.Builder
	for i := range d.Units {
		u := &d.Units[i]
		fmt.Fprintf(&b, "%s", u.Kind)
		if u.Name != "" {
			fmt.Fprintf(&b, " %s", u.Name)
		}
		if !strings.HasPrefix(u.ID, string(u.Kind)+"-") {
			fmt.Fprintf(&b, " #%s", u.ID)
		}
		if u.Locale != "" {
			fmt.Fprintf(&b, " in %s", u.Locale)
		}
		if u.Preserve {
			b.WriteString(" preserve")
		}
		fmt.Fprintf(&b, ": %s\n", quoted(u.Source.Tagged()))
		for _, c := range u.Source.Codes {
			fmt.Fprintf(&b, "\t%s %s %s", c.Kind, c.ID, quoted(c.Disp))
			if c.Type != "other" {
				fmt.Fprintf(&b, " %s", c.Type)
			}
			if c.SubType != "" {
				fmt.Fprintf(&b, " %s", c.SubType)
			}
			if c.Equiv != "" && c.Equiv != c.Disp {
				fmt.Fprintf(&b, " = %q", c.Equiv)
			}
			for _, s := range c.Subflows {
				for j := range d.Units {
					if d.Units[j].ID == s {
						fmt.Fprintf(&b, " holds %s", quoted(d.Units[j].Source.Chars))
					}
				}
			}
			b.WriteString("\n")
		}
		for _, n := range u.Notes {
			fmt.Fprintf(&b, "\tnote %s: %s\n", n.Category, n.Text)
		}
	}
	for _, key := range []string{"title", "description", "date", "canonical", "url"} {
		if v := d.Meta[key]; v != "" {
			fmt.Fprintf(&b, "meta %s: %s\n", key, v)
		}
	}
	if d.Locale != "" {
		fmt.Fprintf(&b, "locale: %s\n", d.Locale)
	}
	for _, x := range ds {
		fmt.Fprintf(&b, "%s %s %d:%d\n", x.Severity, x.ID, x.Place.Line, x.Place.Column)
	}
	return b.String()
}

// quoted shows characters that are hard to see by escapes, and others as they
// are.
func quoted(s string) string {
	q := fmt.Sprintf("%q", s)
	q = strings.ReplaceAll(q, `\"`, `"`)
	return q[1 : len(q)-1]
}

// TestSplit reads testdata/split/*.txtar. In each, a file "name.html" is
// followed by "name.units", what should be made of it. A file "name.options"
// before them gives options.
func TestSplit(t *testing.T) {
	paths, err := filepath.Glob("testdata/split/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var o Options
		for i := range ar.Files {
			file := &ar.Files[i]
			name, ext := strings.TrimSuffix(file.Name, filepath.Ext(file.Name)), filepath.Ext(file.Name)
			switch ext {
			case ".options":
				for _, line := range strings.Split(strings.TrimSpace(string(file.Data)), "\n") {
					key, value, _ := strings.Cut(line, " ")
					switch key {
					case "pre":
						o.Pre = true
					case "attributes":
						o.Attributes = strings.Fields(value)
					case "skip":
						o.Skip = strings.Fields(value)
					case "fields":
						o.JSONLD = strings.Fields(value)
					case "meta":
						o.Meta = strings.Fields(value)
					default:
						t.Fatalf("%s: unknown option %q", path, key)
					}
				}
			case ".html", ".xhtml":
				if i+1 == len(ar.Files) || ar.Files[i+1].Name != name+".units" {
					t.Fatalf("%s: no units behind %s", path, file.Name)
				}
				want := &ar.Files[i+1]
				t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+name, func(t *testing.T) {
					f := &Format{Options: o}
					d, ds := f.Split(file.Name, file.Data)
					if err := validate(d); err != nil {
						t.Error(err)
					}
					if back, _ := f.Assemble(d, nil, nil); string(back) != string(file.Data) {
						t.Errorf("it does not come back: %q", back)
					}
					got := describe(d, ds)
					if goldentest.Update() {
						want.Data = []byte(got)
					} else if got != string(want.Data) {
						t.Errorf("%s\ngot\n%s\nwant\n%s", file.Data, got, want.Data)
					}
				})
				o = Options{}
			}
		}
		if goldentest.Update() {
			goldentest.Write(t, path, txtar.Format(ar))
		}
	}
}

// Eight bytes at a time must see what one at a time does.
func TestPlainRun(t *testing.T) {
	one := func(s string, i int) int {
		for i < len(s) && (classes[s[i]] == 0 || s[i] == ' ' && i > 0 && classes[s[i-1]] == 0 && i+1 < len(s) && classes[s[i+1]] == 0) {
			i++
		}
		return i
	}
	for pos := range 20 {
		for c := range 256 {
			s := []byte("abcd efgh ij klmnop qrs tuv")
			s[pos] = byte(c)
			// It may stop early at a space, never late.
			i, want := plainRun(string(s), 0, len(s)), one(string(s), 0)
			if i > want || i < want && s[i] != ' ' {
				t.Errorf("%q: stops at %d, want %d", s, i, want)
			}
		}
	}
}
