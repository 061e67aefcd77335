package html

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/goldentest"
)

// translate fills the segments of d whose source, with tags, is a key of texts.
// A target that begins with "@tag " is in that language.
func translate(t testing.TB, d *bitext.Document, texts map[string]string) *bitext.Translation {
	t.Helper()
	tr := bitext.NewTranslation(d, "xx")
	used := map[string]bool{}
	for i := range d.Units {
		for j := range d.Units[i].Segments {
			source := d.Units[i].Segments[j].Source
			target, ok := texts[source.Tagged()]
			if !ok {
				continue
			}
			used[source.Tagged()] = true
			locale := ""
			if strings.HasPrefix(target, "@") {
				locale, target, _ = strings.Cut(target[1:], " ")
			}
			text, err := bitext.ParseTagged(target, source)
			if err != nil {
				t.Fatal(err)
			}
			tr.Targets[i][j] = bitext.Target{Text: text, Filled: true, Locale: locale}
		}
	}
	for s := range texts {
		if !used[s] {
			t.Errorf("no segment has the source %q", s)
		}
	}
	return tr
}

// wholeUnits makes each unit one segment, but cuts where the text has "|".
func wholeUnits(d *bitext.Document) {
	for i := range d.Units {
		u := &d.Units[i]
		var cuts []bitext.Boundary
		for at, c := range []byte(u.Source.Chars) {
			if c == '|' {
				cut := bitext.Boundary{Pos: at + 1}
				for cut.Code < len(u.Source.Codes) && u.Source.Codes[cut.Code].Pos <= at {
					cut.Code++
				}
				cuts = append(cuts, cut)
			}
		}
		u.SegmentAt(cuts, func(int, bitext.Text) bool { return false })
	}
}

// TestAssemble reads testdata/assemble/*.txtar. In each, a file "name.html" is
// followed by "name.edit", what to do with it, and "name.out", what comes out
// with the diagnostics below it. A line of an edit is a word and its value, or
// "source => target".
func TestAssemble(t *testing.T) {
	paths, err := filepath.Glob("testdata/assemble/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+2 < len(ar.Files); i += 3 {
			in, edit, out := &ar.Files[i], &ar.Files[i+1], &ar.Files[i+2]
			name := strings.TrimSuffix(in.Name, filepath.Ext(in.Name))
			if edit.Name != name+".edit" || out.Name != name+".out" {
				t.Fatalf("%s: %s is not followed by .edit and .out", path, in.Name)
			}
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+name, func(t *testing.T) {
				var meta *bitext.EditionMeta
				m := func() *bitext.EditionMeta {
					if meta == nil {
						meta = &bitext.EditionMeta{}
					}
					return meta
				}
				texts := map[string]string{}
				source := ""
				for _, line := range strings.Split(strings.TrimSpace(string(edit.Data)), "\n") {
					if line == "" {
						continue
					}
					if s, target, ok := strings.Cut(line, " => "); ok {
						texts[strings.ReplaceAll(s, `\n`, "\n")] = strings.ReplaceAll(target, `\n`, "\n")
						continue
					}
					word, value, _ := strings.Cut(line, " ")
					switch word {
					case "source":
						source = value
					case "locale":
						m().Locale = value
					case "dir":
						m().Dir = value
					case "og":
						m().OpenGraph, m().OpenGraphAlternates = strings.Fields(value)[0], strings.Fields(value)[1:]
					case "alternate":
						l, url, _ := strings.Cut(value, " ")
						m().Alternates = append(m().Alternates, bitext.Alternate{Locale: l, URL: url})
					case "url":
						m().URL, m().SourceURL, _ = strings.Cut(value, " ")
					case "project":
						m().Locales = strings.Fields(value)
					case "default":
						m().XDefault = value
					case "encoding":
						m().Encoding = value
					default:
						t.Fatalf("unknown word %q", word)
					}
				}
				f := &Format{}
				d, _ := f.Split(in.Name, in.Data)
				if source != "" {
					d.Locale = source
				}
				wholeUnits(d)
				tr := translate(t, d, texts)
				data, ds := f.Assemble(d, tr, meta)
				if again, _ := f.Assemble(d, tr, meta); !bytes.Equal(again, data) {
					t.Errorf("assembled again, it is\n%s", again)
				}
				got := string(data)
				if !strings.HasSuffix(got, "\n") {
					got += "\n"
				}
				for _, x := range ds {
					got += fmt.Sprintf("%s %s\n", x.Severity, x.ID)
				}
				if goldentest.Update() {
					out.Data = []byte(got)
				} else if got != string(out.Data) {
					t.Errorf("got\n%s\nwant\n%s", got, out.Data)
				}
			})
		}
		if goldentest.Update() {
			goldentest.Write(t, path, txtar.Format(ar))
		}
	}
}

// What is translated must not join with what is kept beside it to markup or a
// character reference.
func TestNextToWhatIsKept(t *testing.T) {
	for _, tt := range []struct {
		in         string
		cut        int // in the characters
		left       bool
		target     string
		want, text string
	}{
		{"<p>R&D it", 2, false, "lt; it", "<p>R&&#108;t; it", "R&lt; it"},
		{"<p>R&D it", 2, false, "#60; it", "<p>R&&#35;60; it", "R&#60; it"},
		{"<p>R&am; it", 4, false, "p; it", "<p>R&am&#112;; it", "R&amp; it"},
		{"<p>R&copy it", 3, false, "x it", "<p>R&copy&#120; it", "R©x it"},
		{"<p>a <1", 3, false, "b>", "<p>a <&#98;&gt;", "a <b>"},
		{"<p>a <1", 3, false, "/p>", "<p>a <&#47;p&gt;", "a </p>"},
		{"<p>a <1", 3, false, "!-- ", "<p>a <&#33;-- ", "a <!--"},
		{"<p>a <1", 3, false, " b", "<p>a < b", "a < b"},
		{"<title>a <1</title>", 3, false, "/title>", "<title>a <&#47;title&gt;</title>", "a </title>"},
		{"<p>xamp; b", 1, true, "R&", "<p>R&amp;amp; b", "R&amp; b"},
		{`<img alt="a &b c">`, 3, false, "amp;", `<img alt="a &&#97;mp;">`, "a &amp;"},
		{`<img alt="a &copy c">`, 4, false, "=1", `<img alt="a &copy&#61;1">`, "a ©=1"},
	} {
		f := &Format{}
		d, _ := f.Split("x", []byte(tt.in))
		if len(d.Units) != 1 {
			t.Fatalf("%s: %d units", tt.in, len(d.Units))
		}
		u := &d.Units[0]
		u.SegmentAt([]bitext.Boundary{{Pos: tt.cut}}, func(int, bitext.Text) bool { return false })
		tr := bitext.NewTranslation(d, "xx")
		which := 1
		if tt.left {
			which = 0
		}
		tr.Targets[0][which] = bitext.Target{Text: bitext.Plain(tt.target), Filled: true}
		out, _ := f.Assemble(d, tr, nil)
		if string(out) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.in, out, tt.want)
		}
		again, _ := f.Split("x", out)
		if len(again.Units) != 1 || again.Units[0].Source.Chars != tt.text {
			t.Errorf("%s: %s reads as %+v, want %q", tt.in, out, again.Units, tt.text)
		}
	}
}
