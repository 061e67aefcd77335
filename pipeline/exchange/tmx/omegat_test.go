package tmx

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

func code(kind bitext.CodeKind, id, data string) bitext.Code {
	return bitext.Code{Kind: kind, ID: id, Data: data}
}

// text puts pieces together: strings and codes.
func text(pieces ...any) bitext.Text {
	var t bitext.Text
	for _, p := range pieces {
		switch p := p.(type) {
		case string:
			t.Chars += p
		case bitext.Code:
			p.Pos = len(t.Chars)
			t.Codes = append(t.Codes, p)
		}
	}
	return t
}

// shortCases are sources with what OmegaT 3.6 makes of them in an XLIFF 1.2 file.
func shortCases() []struct {
	source bitext.Text
	want   string
} {
	b, eb := code(bitext.Start, "a", "<b>"), code(bitext.End, "a", "</b>")
	i, ei := code(bitext.Start, "c", "<I>"), code(bitext.End, "c", "</I>")
	img := code(bitext.Placeholder, "p", "<img>")
	open, shut := code(bitext.Start, "q", "<u>"), code(bitext.End, "r", "</u>")
	star, estar := code(bitext.Start, "s", "**"), code(bitext.End, "s", "**")
	typed := code(bitext.Placeholder, "t", "")
	typed.Type = "link"
	return []struct {
		source bitext.Text
		want   string
	}{
		{text(b, "A all bold", eb), "A all bold"},
		{text(b, "B bold", eb, " then text"), "<b0>B bold</b0> then text"},
		{text("C text ", b, "bold", eb), "C text <b0>bold</b0>"},
		{text(img, " E text ", img), "E text"},
		{text(b, i, "F x", ei, " y", eb), "<i0>F x</i0> y"},
		{text(b, "G", eb, i, "g", ei), "<b0>G</b0><i1>g</i1>"},
		{text(img, b, " N bold", eb, " text"), "<b0> N bold</b0> text"},
		{text("K ", open, "mid"), "K <u0>mid"},
		{text("L mid", shut, " end"), "L mid</u0> end"},
		{text("Q ", img, "text", code(bitext.Placeholder, "p2", "<img>"), "."), "Q <i0/>text<i1/>."},
		{text("R ", b, "x", i, "y", eb, "z", ei, " end"), "R <b0>x<i1>y</b0>z</i1> end"},
		{text("S ", star, "x", estar, " end"), "S <f0>x</f0> end"},
		{text("T ", typed, " end"), "T <l0/> end"},
		{text("U ", code(bitext.Placeholder, "z", "{{< Youtube >}}"), " end"), "U <y0/> end"},
		{text("plain"), "plain"},
		{text(b, " ", eb), ""},
	}
}

func TestOmegaTFlavor(t *testing.T) {
	for _, c := range shortCases() {
		e := bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: c.source, Target: c.source}
		got := strings.SplitAfter(encode(t, OmegaT, []bitext.Entry{e}), "<body>")[1]
		var plain string
		for _, seg := range strings.Split(got, "<seg>")[1:2] {
			seg, _, _ = strings.Cut(seg, "</seg>")
			for seg != "" { // as OmegaT does: what is not an element
				i := strings.IndexByte(seg, '<')
				if i < 0 {
					i = len(seg)
				}
				plain += seg[:i]
				_, seg, _ = strings.Cut(seg[i:], ">")
			}
		}
		plain = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(plain)
		if plain != c.want {
			t.Errorf("%s: OmegaT reads %q, want %q\n%s", c.source.Tagged(), plain, c.want, got)
		}
	}
}

// A text in OmegaT's form is the text again.
func TestOmegaTForm(t *testing.T) {
	for _, c := range shortCases() {
		form := OmegaTForm(c.source)
		if form != c.want {
			t.Errorf("%s: %q, want %q", c.source.Tagged(), form, c.want)
		}
		if got := FromOmegaTForm(c.source, form); !got.Equal(c.source) {
			t.Errorf("%s: comes back as %s", c.source.Tagged(), got.Tagged())
		}
	}
	bold := text("C text ", code(bitext.Start, "a", "<b>"), "bold", code(bitext.End, "a", "</b>"))
	if got := FromOmegaTForm(bold, "<b0>жирный</b0> <x9/> текст"); got.Chars != "жирный <x9/> текст" || len(got.Codes) != 2 || got.Codes[1].Pos != len("жирный") {
		t.Errorf("%+v", got)
	}
}

// OmegaT itself takes our file's translations for an XLIFF file's segments.
func TestOmegaTItself(t *testing.T) {
	if testing.Short() {
		t.Skip("starts OmegaT")
	}
	omegat, err := exec.LookPath("omegat")
	if err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
			t.Fatal("omegat is required here but not installed")
		}
		t.Skip("omegat is not installed")
	}
	dir := t.TempDir()
	write := func(name, data string) {
		t.Helper()
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"target", "glossary", "dictionary", "omegat"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	write("omegat.project", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0"><source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file><dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>EN</source_lang><target_lang>RU</target_lang><sentence_seg>false</sentence_seg>
<support_default_translations>true</support_default_translations><remove_tags>false</remove_tags></project></omegat>`)
	xlf := `<?xml version="1.0" encoding="UTF-8"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="en" target-language="ru" datatype="html"><body>` + "\n"
	var entries []bitext.Entry
	var want []string
	n := 0
	for _, c := range shortCases() {
		if c.want == "" {
			continue
		}
		n++
		mark := fmt.Sprintf(" №%d", n)
		entry := bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: c.source, State: bitext.Final}
		// The mark goes where the characters end and before the codes that end there.
		last := len(strings.TrimRight(c.source.Chars, " "))
		entry.Target = text(c.source.Chars[:last] + mark)
		for _, c := range c.source.Codes {
			if c.Pos >= last {
				c.Pos = last + len(mark)
			}
			entry.Target.Codes = append(entry.Target.Codes, c)
		}
		entries = append(entries, entry)
		want = append(want, mark)
		seg := xliffSeg(c.source)
		xlf += fmt.Sprintf("<trans-unit id=\"u%d\"><source>%s</source><target>%s</target></trans-unit>\n", n, seg, seg)
	}
	write("source/a.xlf", xlf+"</body></file></xliff>\n")
	write("tm/auto/ours.tmx", encode(t, OmegaT, entries))
	cmd := exec.Command(omegat, dir, "--mode=console-translate", "--config-dir="+filepath.Join(dir, "config"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "target", "a.xlf"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, mark := range want {
		if !strings.Contains(string(got), mark+"<") && !strings.Contains(string(got), mark+" ") {
			t.Errorf("%s was not taken from the memory", entries[i].Source.Tagged())
		}
	}
	if t.Failed() {
		t.Logf("%s", got)
	}
}

// xliffSeg is a text as our XLIFF 1.2 has it.
func xliffSeg(t bitext.Text) string {
	var b strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	partner := pairs(t)
	i := -1
	for p := range t.Pieces() {
		if p.Code == nil {
			b.WriteString(escape.Replace(p.Chars))
			continue
		}
		i++
		c := p.Code
		name, attrs := "ph", ""
		switch {
		case c.Kind == bitext.Placeholder:
		case partner[i] < 0 && c.Kind == bitext.Start:
			name, attrs = "it", ` pos="open"`
		case partner[i] < 0:
			name, attrs = "it", ` pos="close"`
		case c.Kind == bitext.Start:
			name, attrs = "bpt", ` rid="`+c.ID+`"`
		default:
			name, attrs = "ept", ` rid="`+c.ID+`"`
		}
		if c.Type != "" {
			attrs += ` ctype="` + c.Type + `"`
		}
		fmt.Fprintf(&b, `<%s id="%s"%s>%s</%s>`, name, c.ID, attrs, escape.Replace(c.Data), name)
	}
	return b.String()
}
