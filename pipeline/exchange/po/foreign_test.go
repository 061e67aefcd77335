package po_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/jsonl"
	"hexapla/pipeline/exchange/po"
	"hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/xliff"
)

// chain converts a file through codecs, the last of which is PO.
func chain(t testing.TB, data []byte, through ...target) []byte {
	t.Helper()
	from := po.Codec
	for _, to := range append(through, target{codec: po.Codec}) {
		var b bytes.Buffer
		o := exchange.ConvertOptions{Options: exchange.Options{Version: to.version}}
		if _, err := exchange.Convert(&b, to.codec, from.Decode("f.po", bytes.NewReader(data)), o); err != nil {
			t.Fatalf("to %s %s: %v", to.codec.Name, to.version, err)
		}
		data, from = b.Bytes(), to.codec
	}
	return data
}

type target struct {
	codec   exchange.Codec
	version string
}

var chains = map[string][]target{
	"PO":            nil,
	"XLIFF 1.2":     {{codec: xliff.Codec}},
	"XLIFF 2.1":     {{xliff.Codec, "2.1"}},
	"XLIFF 2.2":     {{xliff.Codec, "2.2"}},
	"CSV":           {{codec: table.CSV}},
	"workbook":      {{codec: table.XLSX}},
	"JSON Lines":    {{codec: jsonl.Codec}},
	"one by one":    {{codec: table.CSV}, {xliff.Codec, "2.0"}, {codec: jsonl.Codec}, {codec: xliff.Codec}, {codec: table.XLSX}},
	"XLIFF and CSV": {{codec: xliff.Codec}, {codec: table.CSV}},
}

// Targets with other codes than their sources come back from every file type, with the
// data of those codes where the type has a place for it.
func TestAddedCodes(t *testing.T) {
	const file = `<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="o" source-language="en" target-language="de" datatype="html"><body>` +
		`<trans-unit id="1"><source>Only <g id="1">one</g></source><target>Nur <g id="1">ein</g><g id="2">er</g><x id="3"/></target></trans-unit>` +
		`<trans-unit id="2"><source>Lost <ph id="1">{0}</ph> code</source><target>Verloren <ph id="7">{1}</ph></target></trans-unit>` +
		`<trans-unit id="3"><source>An <bx id="1"/>opening</source><target>Auf<ex id="2" rid="1"/> <bx id="1"/></target></trans-unit>` +
		`</body></file></xliff>`
	read := func(c exchange.Codec, data []byte) (texts []string) {
		for u, err := range c.Decode("f", bytes.NewReader(data)) {
			if err != nil {
				t.Errorf("%s: %v\n%s", c.Name, err, data)
				continue
			}
			texts = append(texts, u.Targets[0].Text.TaggedAs(u.Segments[0].Source))
		}
		return texts
	}
	want := read(xliff.Codec, []byte(file))
	for _, to := range []target{{codec: po.Codec}, {codec: table.CSV}, {codec: table.XLSX}, {codec: jsonl.Codec}, {xliff.Codec, "2.1"}} {
		var b bytes.Buffer
		if _, err := exchange.Convert(&b, to.codec, xliff.Codec.Decode("f", strings.NewReader(file)), exchange.ConvertOptions{Options: exchange.Options{Version: to.version}}); err != nil {
			t.Fatalf("%s: %v", to.codec.Name, err)
		}
		if got := read(to.codec, b.Bytes()); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", to.codec.Name, got, want)
		}
	}
}

// Files of other programs come back as msgcat --no-wrap writes them, whatever type
// they were in between.
func TestForeign(t *testing.T) {
	files, err := filepath.Glob("testdata/foreign/*.po")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for way, through := range chains {
			t.Run(filepath.Base(name)+"/"+way, func(t *testing.T) {
				if got := chain(t, data, through...); !bytes.Equal(got, data) {
					t.Errorf("comes back as\n%s", got)
				}
			})
		}
	}
}

// What a translator changes on the way is in the file that comes back.
func TestForeignTranslated(t *testing.T) {
	const file = "msgid \"\"\nmsgstr \"Language: uk\\n\"\n\n#: a.c:1\n#, fuzzy, c-format\n#| msgid \"Clos\"\nmsgid \"Close %d\"\nmsgstr \"Закр\"\n\nmsgctxt \"menu\"\nmsgid \"Open\"\nmsgstr \"\"\n"
	var b bytes.Buffer
	if _, err := exchange.Convert(&b, table.CSV, po.Codec.Decode("f.po", strings.NewReader(file)), exchange.ConvertOptions{}); err != nil {
		t.Fatal(err)
	}
	csv := strings.Replace(b.String(), "Close %d,,", "Close %d,Закрити %d,translated", 1)
	csv = strings.Replace(csv, "Open,,", "Open,Відкрити,translated", 1)
	if csv == b.String() {
		t.Fatalf("nothing is changed:\n%s", csv)
	}
	b.Reset()
	if _, err := exchange.Convert(&b, po.Codec, table.CSV.Decode("f.csv", strings.NewReader(csv)), exchange.ConvertOptions{}); err != nil {
		t.Fatal(err)
	}
	want := "msgid \"\"\nmsgstr \"Language: uk\\n\"\n\n#: a.c:1\n#, c-format\nmsgid \"Close %d\"\nmsgstr \"Закрити %d\"\n\nmsgctxt \"menu\"\nmsgid \"Open\"\nmsgstr \"Відкрити\"\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The charset counts whatever stands before it, in comments or in names.
func TestCharset(t *testing.T) {
	const head = "# \xd1\xea\xeb\xe0\xe4: \xce\xeb\xe5\xed\xe0\nmsgid \"\"\nmsgstr \"\"\n\"Last-Translator: \xce\xeb\xe5\xed\xe0 <o@example.org>\\n\"\n\"Content-Type: text/plain; charset=%\\n\"\n\nmsgid \"a\"\nmsgstr \"\xe1\"\n"
	for _, label := range []string{"CP1251", "windows-1251", " cp1251"} {
		n := 0
		for u, err := range po.Codec.Decode("f", strings.NewReader(strings.Replace(head, "%", label, 1))) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if got := u.Targets[0]; got.Text.Chars != "б" || got.Origin.Name != "Олена" {
				t.Errorf("%s: %q by %q", label, got.Text.Chars, got.Origin.Name)
			}
			var b bytes.Buffer
			if _, err := exchange.Convert(&b, po.Codec, po.Codec.Decode("f", strings.NewReader(strings.Replace(head, "%", label, 1))), exchange.ConvertOptions{}); err != nil {
				t.Fatal(err)
			}
			if s := b.String(); !strings.Contains(strings.ReplaceAll(s, " ", ""), "charset=UTF-8") || !strings.Contains(s, "# Склад: Олена\n") {
				t.Errorf("%s is written as\n%s", label, s)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d units", label, n)
		}
	}
}

func TestValidate(t *testing.T) {
	const head = "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=3; plural=0;\\n\"\n\n"
	for _, tt := range []struct{ name, in, want string }{
		{"sound", head + "msgid \"a\"\nmsgstr \"b\"\n\nmsgctxt \"x\"\nmsgid \"a\"\nmsgstr \"b\"\n", ""},
		{"doubled", head + "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n", "7 po.duplicate"},
		{"obsolete is none", head + "msgid \"a\"\nmsgstr \"b\"\n\n#~ msgid \"a\"\n#~ msgstr \"c\"\n", ""},
		{"forms", head + "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n", "4 po.plural"},
		{"no forms yet", head + "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n", ""},
		{"line feed", head + "msgid \"a\\n\"\nmsgstr \"b\"\n", "4 po.newline"},
		{"no msgstr", head + "msgid \"a\"\n\n", "4 po.entry"},
		{"no header", "msgid \"a\"\nmsgstr \"b\"\n", "1 po.header"},
		{"empty", "", "1 po.entry"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, d := range po.Codec.Validate("f", strings.NewReader(tt.in)) {
				got = append(got, strings.TrimSpace(strings.Join([]string{itoa(d.Place.Line), d.ID}, " ")))
			}
			if s := strings.Join(got, "|"); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func itoa(n int) string { return string(rune('0' + n%10)) }

// FuzzForeign holds that what can be read can be written and read again, the same.
func FuzzForeign(f *testing.F) {
	files, _ := filepath.Glob("testdata/foreign/*.po")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		for _, err := range po.Codec.Decode("f", bytes.NewReader(data)) {
			if err != nil {
				return
			}
		}
		first := chain(t, data)
		if second := chain(t, first); !bytes.Equal(first, second) {
			t.Fatalf("written\n%s\nand again\n%s", first, second)
		}
		if strings.ContainsAny(string(first), "\x00\uFFFD") || bytes.Contains(first, []byte(`\r`)) {
			return
		}
		if other := chain(t, first, target{codec: jsonl.Codec}); !bytes.Equal(first, other) {
			t.Fatalf("written\n%s\nthrough JSON Lines\n%s", first, other)
		}
	})
}

// A string in a hundred thousand pieces takes as long as one piece of its length.
func BenchmarkContinuation(b *testing.B) {
	for _, n := range []int{50_000, 100_000, 200_000} {
		data := []byte("msgid \"\"\n" + strings.Repeat("\"abcdefgh\"\n", n) + "msgstr \"\"\n")
		b.Run(strings.Repeat("x", n/50_000), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				for _, err := range po.Codec.Decode("f", bytes.NewReader(data)) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// TestMessageWithoutText: a message without msgstr is one of its own, and does not
// run into the next.
func TestMessageWithoutText(t *testing.T) {
	for name, between := range map[string]string{
		"msgid next": "", "empty line": "\n", "comment": "\n#, fuzzy\n", "context": "msgctxt \"c\"\n",
		"plural": "msgid_plural \"ones\"\n\n#, fuzzy\n",
	} {
		file := "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nLanguage: de\\n\"\n\nmsgid \"one\"\n" + between + "msgid \"two\"\nmsgstr \"zwei\"\n"
		var sources []string
		for u, err := range po.Codec.Decode("a.po", strings.NewReader(file)) {
			if err == nil {
				sources = append(sources, u.Segments[0].Source.Chars)
			}
		}
		if got := strings.Join(sources, "|"); got != "one|two" && got != "ones|two" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Keywords may stand behind another on one line, as in gettext.
func TestKeywordsOnOneLine(t *testing.T) {
	const file = "msgid \"same\" msgstr \"gleich\"\n\nmsgid \"day\" msgid_plural \"days\"  msgstr[0] \"Tag\" msgstr[1] \"Tage\"\n"
	var got []string
	for u, err := range po.Codec.Decode("f.po", strings.NewReader(file)) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range u.Targets {
			got = append(got, u.Segments[i].Source.Chars+"="+u.Targets[i].Text.Chars)
		}
	}
	if want := []string{"same=gleich", "day=Tag", "days=Tage"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	bad := "msgid \"a\" " + strings.Repeat("msgstr \"b\" ", 1000)
	failed := false
	for _, err := range po.Codec.Decode("f.po", strings.NewReader(bad)) {
		failed = failed || err != nil
	}
	if !failed {
		t.Error("a thousand keywords on one line are an entry")
	}
}
