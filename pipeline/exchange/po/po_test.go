package po

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
)

// forget clears what an entry has no place for.
func forget(u *exchange.Unit) {
	exchangetest.Flat(u)
	u.Location = oneLine(u.Location)
	for i := range u.Unit.Notes {
		u.Unit.Notes[i] = bitext.Note{Text: oneLine(u.Unit.Notes[i].Text)}
	}
}

func TestCodec(t *testing.T) { exchangetest.Test(t, Codec, exchange.Options{}, forget) }

func written(t testing.TB, o exchange.Options, units []*exchange.Unit) []byte {
	t.Helper()
	var b bytes.Buffer
	e, err := Codec.Encode(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if err := e.Write(u); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// plural is a message as a catalog has it.
func plural() *exchange.Unit {
	u := &exchange.Unit{Header: &exchange.Header{Path: "active.en.toml", SourceLocale: "en", TargetLocale: "uk"}}
	u.ID, u.Kind = "Comments", exchange.PluralMessage
	for _, f := range [][3]string{{"one", "{{.N}} comment", "{{.N}} коментар"}, {"few", "{{.N}} comments", "{{.N}} коментарі"}, {"many", "{{.N}} comments", "{{.N}} коментарів"}, {"other", "{{.N}} comments", "{{.N}} коментаря"}} {
		u.Segments = append(u.Segments, bitext.Segment{ID: f[0], Source: bitext.Plain(f[1])})
		u.Targets = append(u.Targets, bitext.Target{Text: bitext.Plain(f[2]), Filled: true, State: bitext.Reviewed})
	}
	return u
}

var ukrainian = exchange.Plural{
	Forms:      "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
	Categories: []string{"one", "few", "many"},
}

func TestPlural(t *testing.T) {
	data := written(t, exchange.Options{Plural: ukrainian}, []*exchange.Unit{plural()})
	for _, want := range []string{`msgid "{{.N}} comment"`, `msgid_plural "{{.N}} comments"`, `msgstr[2] "{{.N}} коментарів"`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
	for u, err := range Codec.Decode("f", bytes.NewReader(data)) {
		if err != nil {
			t.Fatal(err)
		}
		if u.Kind != exchange.PluralMessage || len(u.Segments) != 3 || u.Targets[1].Text.Chars != "{{.N}} коментарі" {
			t.Errorf("read back as %+v %+v", u.Segments, u.Targets)
		}
	}
}

// What we write is what gettext would write, and passes its checks.
func TestGettext(t *testing.T) {
	for _, tool := range []string{"msgfmt", "msgcat"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
				t.Fatalf("%s is required here but not installed", tool)
			}
			t.Skipf("%s is not installed", tool)
		}
	}
	for seed := range uint64(40) {
		units := exchangetest.Generate(seed)
		for _, u := range units {
			// gettext before 0.22 knows no file name with a space, and refuses the
			// control characters that a source may hold.
			u.Header.Path = strings.ReplaceAll(u.Header.Path, " ", "-")
		}
		data := written(t, exchange.Options{Plural: ukrainian}, append(units, plural()))
		name := filepath.Join(t.TempDir(), "out.po")
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("msgfmt", "-c", "-o", os.DevNull, name).CombinedOutput(); err != nil {
			t.Fatalf("msgfmt -c: %v\n%s\n%s", err, out, data)
		}
		out, err := exec.Command("msgcat", "--no-wrap", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out, data) {
			t.Fatalf("msgcat --no-wrap writes it otherwise:\n%s\nours:\n%s", out, data)
		}
	}
}

func TestDecode(t *testing.T) {
	const head = "msgid \"\"\nmsgstr \"Language: uk\\n\"\n\n"
	for _, tt := range []struct{ name, in, want string }{
		{"foreign", "#: a.c:3\nmsgid \"Yes\"\nmsgstr \"Так\"\n", "Yes=Так translated "},
		{"CRLF", "msgid \"Yes\"\r\nmsgstr \"Так\"\r\n", "Yes=Так translated "},
		{"several lines", "msgid \"\"\n\"a\\n\"\n\"b\"\nmsgstr \"\"\n\"в\\n\"\n\"г\"\n", "a\nb=в\nг translated "},
		{"fuzzy set by a person", "#. hexapla: state=reviewed\n#, fuzzy, c-format\nmsgid \"a\"\nmsgstr \"б\"\n", "a=б reviewed hexapla:check"},
		{"fuzzy taken away", "#. hexapla: state=translated&substate=hexapla%3Amt\nmsgid \"a\"\nmsgstr \"б\"\n", "a=б reviewed "},
		{"fuzzy match left alone", "#, fuzzy\n#| msgid \"b\"\nmsgid \"a\"\nmsgstr \"б\"\n", "a= initial "},
		{"obsolete", "#~ msgid \"a\"\n#~ msgstr \"б\"\n", "a=б translated (not to translate)"},
		{"string on the next line", "msgid\n\"a\"\nmsgstr\n\"б\" \"в\"\n", "a=бв translated "},
		{"empty lines inside", "msgid \"a\"\n\nmsgstr \"б\"\n\nmsgid \"c\"\nmsgstr \"\"\n", "a=б translated |c= initial "},
		{"domain", "domain \"d\"\nmsgid \"a\"\nmsgstr \"б\"\n", "a=б translated "},
		{"literal tags", "msgid \"<1>\"\nmsgstr \"<7/>\"\n", "<1>=<7/> translated "},
		{"proposal without its source", "#. hexapla: score=80\n#, fuzzy\nmsgid \"a\"\nmsgstr \"<3>б</3>\"\n", "a= initial "},
		{"fuzzy with other tags", "#. hexapla: state=translated\n#, fuzzy\nmsgid \"a\"\nmsgstr \"<3>б</3>\"\n", "a= initial "},
		{"no blank line between", "msgid \"a\"\nmsgstr \"б\"\nmsgid \"c\"\nmsgstr \"д\"\n", "a=б translated |c=д translated "},
		{"escapes", `msgid "\t\\\"\x41\101"` + "\nmsgstr \"б\"\n", "\t\\\"AA=б translated "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for u, err := range Codec.Decode("f", strings.NewReader(head+tt.in)) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range u.Segments {
					x := u.Targets[i]
					s := u.Segments[i].Source.Chars + "=" + x.Text.Chars + " " + x.State.String() + " " + x.SubState
					if u.NoTranslate {
						s += "(not to translate)"
					}
					got = append(got, s)
				}
			}
			if s := strings.Join(got, "|"); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"no closing quote", "msgid \"a\nmsgstr \"b\"\n", "f:1:1: a string without"},
		{"unknown keyword", "msgid \"a\"\nmsgxyz \"b\"\n", "f:2:1: unknown keyword"},
		{"unknown escape", "msgid \"a\"\nmsgstr \"\\q\"\n", `f:2:1: unknown escape \q`},
		{"tag", "#. hexapla: kind=title\nmsgid \"a\"\nmsgstr \"<7/>\"\n", "f:1:1: msgstr: tag <7/>"},
		{"not UTF-8", "msgid \"\xff\"\nmsgstr \"b\"\n", "f:1:1: bytes that are not UTF-8"},
		{"message behind a domain", "domain \"x\" msgstr \"y\"\n", "f:1:1: a quote inside"},
		{"translation of a previous message", "#| msgid \"a\" msgstr \"x\"\nmsgid \"b\"\nmsgstr \"c\"\n", "f:1:1: a quote inside"},
		{"forms out of order", "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"\n", "f:3:1: msgstr[1]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var errs []string
			for _, err := range Codec.Decode("f", strings.NewReader(tt.in)) {
				if err != nil {
					errs = append(errs, err.Error())
				}
			}
			if len(errs) == 0 || !strings.Contains(errs[0], tt.want) {
				t.Errorf("errors %q, want one with %q", errs, tt.want)
			}
		})
	}
}

// An entry with a line that cannot be read is no unit, since half of its text would be taken
// for all of it. The others are read.
func TestBrokenEntries(t *testing.T) {
	for _, tt := range []struct{ name, entry, want string }{
		{"a string without its end", "msgid \"b\"\nmsgstr \"half \"\n\"lost\n", "a=1 c=3"},
		{"a broken source", "msgid \"b \"\n\"\\d\"\nmsgstr \"x\"\n", "a=1 c=3"},
		{"a second translation", "msgid \"b\"\nmsgstr \"x\"\nmsgstr \"y\"\n", "a=1 c=3"},
		{"a wrong keyword before it", "msgctx \"m\"\nmsgid \"b\"\nmsgstr \"x\"\n", "a=1 c=3"},
		{"half obsolete", "msgid \"b\"\n#~ msgstr \"x\"\n", "a=1 c=3"},
		{"marks of a merge", "<<<<<<< HEAD\nmsgid \"b\"\nmsgstr \"x\"\n", "a=1 c=3"},
		{"a comment in another encoding", "# \xfcber\nmsgid \"b\"\nmsgstr \"x\"\n", "a=1 b=x c=3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			errs := 0
			for u, err := range Codec.Decode("f", strings.NewReader("msgid \"a\"\nmsgstr \"1\"\n\n"+tt.entry+"\nmsgid \"c\"\nmsgstr \"3\"\n")) {
				if err != nil {
					errs++
					continue
				}
				got = append(got, u.Segments[0].Source.Chars+"="+u.Targets[0].Text.Chars)
			}
			if errs == 0 || strings.Join(got, " ") != tt.want {
				t.Errorf("%d errors, units %q, want %q", errs, got, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(string(written(f, exchange.Options{Plural: ukrainian}, append(exchangetest.Generate(1), plural()))))
	f.Add("msgid \"\"\nmsgstr \"\"\n\"\\x\n#| \"a\"\nmsgstr[0] \"\"\n")
	f.Fuzz(func(t *testing.T, data string) {
		for u, err := range Codec.Decode("fuzz", strings.NewReader(data)) {
			if err == nil && len(u.Targets) != len(u.Segments) {
				t.Fatal("targets and segments do not run parallel")
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	var units []*exchange.Unit
	for seed := range uint64(300) {
		units = append(units, exchangetest.Generate(seed)...)
	}
	data := written(b, exchange.Options{}, units)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for _, err := range Codec.Decode("f", bytes.NewReader(data)) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// What an alignment found, and nobody has seen, is fuzzy; without the flag somebody has
// approved it.
func TestAligned(t *testing.T) {
	u := &exchange.Unit{Header: &exchange.Header{Path: "a.md", SourceLocale: "en", TargetLocale: "uk"}, Unit: bitext.Unit{ID: "u", Source: bitext.Plain("One.")}}
	u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
	u.Targets = []bitext.Target{{Text: bitext.Plain("Один."), Filled: true, State: bitext.Translated, SubState: bitext.SubStateAligned, Origin: bitext.Origin{Kind: bitext.FromImport, Name: "uk/a.md"}}}
	file := string(written(t, exchange.Options{}, []*exchange.Unit{u}))
	approved := strings.Replace(file, "#, fuzzy\nmsgctxt \"a.md", "msgctxt \"a.md", 1)
	if approved == file || !strings.Contains(file, "#. found by alignment in uk/a.md") {
		t.Fatal(file)
	}
	for text, want := range map[string]bitext.Target{
		file: {State: bitext.Translated, SubState: bitext.SubStateAligned}, approved: {State: bitext.Reviewed},
	} {
		for got, err := range Codec.Decode("a.po", strings.NewReader(text)) {
			if err != nil {
				t.Fatal(err)
			}
			if x := got.Targets[0]; x.State != want.State || x.SubState != want.SubState {
				t.Errorf("%s %q, want %s %q", x.State, x.SubState, want.State, want.SubState)
			}
		}
	}
}
