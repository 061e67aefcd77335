package tmx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
)

func decode(t testing.TB, data string) []bitext.Entry {
	t.Helper()
	var out []bitext.Entry
	for e, err := range Entries(Decode(strings.NewReader(data), Options{Name: "f.tmx"}), "en") {
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		out = append(out, e)
	}
	return out
}

func encode(t testing.TB, flavor string, entries []bitext.Entry) string {
	t.Helper()
	var b bytes.Buffer
	e, err := NewEncoder(&b, Header{SourceLocale: "en", Author: "a & b", Time: time.Unix(1e9, 0), Flavor: flavor})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range entries {
		if err := e.Write(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// generate makes entries whose codes are numbered as a file has them.
func generate(r *rand.Rand, n int) []bitext.Entry {
	pieces := []string{"word", "слово", " ", "<", "&amp;", "]]>", "\x07", "\t", "\r", "\n", "\ufffe", "é", "“", "<1>", `\`}
	text := func() bitext.Text {
		var t bitext.Text
		for range r.IntN(7) {
			t.Chars += pieces[r.IntN(len(pieces))]
			if r.IntN(3) == 0 {
				id := fmt.Sprint(len(t.Codes) + 1)
				k := bitext.CodeKind(r.IntN(3))
				t.Codes = append(t.Codes, bitext.Code{Pos: len(t.Chars), Kind: k, ID: id, Data: "<x/>", Type: []string{"", "fmt"}[r.IntN(2)]})
			}
		}
		return t
	}
	out := make([]bitext.Entry, n)
	for i := range out {
		e := bitext.Entry{SourceLocale: "en", TargetLocale: "crh-Latn", Source: text(), State: bitext.State(r.IntN(4)), SubState: []string{"", bitext.SubStateMT}[r.IntN(2)]}
		e.Target = e.Source.Clone()
		e.Target.Chars += "!"
		e.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: "Ö & <x>", Time: time.Unix(1.7e9+int64(i), 0).UTC(), Terms: "abc"}
		if r.IntN(2) == 0 {
			e.Prev, e.Next, e.Place = "before <1/>", "after\t&", "a/b.html#p-1/s1"
			e.Props = []bitext.Prop{{Name: "note", Value: "mind"}, {Name: "client", Value: "x < y"}}
		}
		out[i] = e
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		want := generate(r, 1+r.IntN(4))
		data := encode(t, Plain, want)
		got := decode(t, data)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("decoded entries differ (-want +got):\n%s\n%s", diff, data)
		}
		if again := encode(t, Plain, got); again != data {
			t.Fatalf("encoded again:\n%s\nwant\n%s", again, data)
		}
	}
}

func TestDecode(t *testing.T) {
	const head = `<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en-US"/><body>`
	for _, tt := range []struct{ name, body, want string }{
		{"a region's form of the source", `<tu><tuv xml:lang="EN-us"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`, "uk: Yes = Так"},
		{"lang of TMX 1.1", `<tu><tuv lang="en"><seg>Yes</seg></tuv><tuv lang="sr_Latn"><seg>Da</seg></tuv></tu>`, "sr-Latn: Yes = Da"},
		{"codes without x", `<tu><tuv xml:lang="en"><seg><bpt i="1">&lt;b></bpt>a<ept i="1">&lt;/b></ept><ph>&lt;br></ph></seg></tuv><tuv xml:lang="ru"><seg><bpt i="1"/>б<ept i="1"/><ph/></seg></tuv></tu>`, "ru: <1>a</1><2/> = <1>б</1><2/>"},
		{"highlight", `<tu><tuv xml:lang="en"><seg>a <hi type="x">b</hi></seg></tuv><tuv xml:lang="ru"><seg><hi>б</hi></seg></tuv></tu>`, "ru: a <1>b</1> = <1>б</1>"},
		{"sub inside a code", `<tu><tuv xml:lang="en"><seg>a<ph x="1">&lt;img alt="<sub>cat</sub>"></ph></seg></tuv><tuv xml:lang="ru"><seg>б<ph x="1"/></seg></tuv></tu>`, "ru: a<1/> = б<1/>"},
		{"no source", `<tu><tuv xml:lang="de"><seg>Ja</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`, ""},
		{"no seg", `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><note>x</note></tuv></tu>`, ""},
		{"CDATA and entities", `<tu><tuv xml:lang="en"><seg><![CDATA[a<b]]>&#x2014;</seg></tuv><tuv xml:lang="uk"><seg>б</seg></tuv></tu>`, "uk: a<b— = б"},
		{"foreign elements", `<tu><x:y xmlns:x="u"><tuv>no</tuv></x:y><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`, "uk: Yes = Так"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range decode(t, head+tt.body+`</body></tmx>`) {
				got = append(got, e.TargetLocale+": "+e.Source.Tagged()+" = "+e.Target.TaggedLike(e.Source))
			}
			if s := strings.Join(got, "\n"); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	const good = `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`
	for _, tt := range []struct {
		name, in, want string
		units          int
	}{
		{"truncated", "<tmx><header/><body>\n" + good + "<tu><tuv", "f.tmx:2:", 1},
		{"crossing tags", "<tmx>\n<header></tmx>", "f.tmx:2:9: ", 0},
		{"not TMX", "<html/>", "f.tmx:1:1: the root element is html", 0},
		{"entities of its own", `<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>`, "f.tmx:1:15: ", 0},
		{"external entity", `<tmx><header/><body><tu><tuv xml:lang="en"><seg>&file;</seg></tuv></tu></body></tmx>`, "f.tmx:1:", 0},
		{"bare ampersand", "<tmx><header/><body>" + good + "\n<tu><tuv xml:lang=\"en\"><seg>AT&T</seg></tuv></tu></body></tmx>", "f.tmx:2:", 1},
		{"empty", "", "f.tmx:1:1: ", 0},
		{"invalid bytes", "<tmx><header/><body>\n<tu><tuv xml:lang=\"en\"><seg>\xff</seg></tuv></tu></body></tmx>", "f.tmx:2:", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			units := 0
			var got error
			for _, err := range Decode(strings.NewReader(tt.in), Options{Name: "f.tmx"}) {
				if err != nil {
					got = err
				} else {
					units++
				}
			}
			if got == nil || !strings.Contains(got.Error(), tt.want) || units != tt.units {
				t.Errorf("%d units and error %v; want %d and one with %q", units, got, tt.units, tt.want)
			}
		})
	}
}

// A file of any size passes in bounded memory; a segment without end does not.
func TestEndlessSegment(t *testing.T) {
	in := io.MultiReader(strings.NewReader(`<tmx><header/><body><tu><tuv xml:lang="en"><seg>`), &endless{left: 1 << 30})
	for _, err := range Decode(in, Options{Name: "f.tmx"}) {
		if err == nil || !strings.Contains(err.Error(), "8 MiB") {
			t.Fatalf("error %v, want one that names the limit", err)
		}
		return
	}
	t.Fatal("no error")
}

type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, errors.New("read to the end")
	}
	for i := range p {
		p[i] = 'a'
	}
	e.left -= len(p)
	return len(p), nil
}

func TestOmegaTFlavor(t *testing.T) {
	e := bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Text{Chars: "ab", Codes: []bitext.Code{
		{Pos: 0, Kind: bitext.Start, ID: "7", Data: "<b>"}, {Pos: 1, Kind: bitext.End, ID: "7", Data: "</b>"}, {Pos: 2, ID: "9", Data: "<br>"}}}}
	e.Target = e.Source
	got := encode(t, OmegaT, []bitext.Entry{e})
	for _, want := range []string{`<bpt i="1" x="1">&lt;f0&gt;</bpt>`, `<ept i="1">&lt;/f0&gt;</ept>`, `<ph x="2">&lt;f1/&gt;</ph>`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if _, err := NewEncoder(io.Discard, Header{Flavor: "trados"}); err == nil {
		t.Error("an unknown flavor is accepted")
	}
}

func TestValid(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
			t.Fatal("xmllint is required here but not installed")
		}
		t.Skip("xmllint is not installed")
	}
	for _, flavor := range []string{Plain, OmegaT} {
		name := filepath.Join(t.TempDir(), "out.tmx")
		if err := os.WriteFile(name, []byte(encode(t, flavor, generate(rand.New(rand.NewPCG(1, 1)), 50))), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(lint, "--noout", "--nonet", "--dtdvalid", "testdata/tmx14.dtd", name).CombinedOutput(); err != nil {
			t.Errorf("flavor %q: %v\n%s", flavor, err, out)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, Plain, generate(rand.New(rand.NewPCG(2, 2)), 3)))
	f.Add(`<tmx><header srclang="en"/><body><tu><tuv xml:lang="en"><seg><ept i="2"/>a<hi><bpt i="2">x<sub>y</sub></bpt></hi></seg></tuv>`)
	f.Fuzz(func(t *testing.T, data string) {
		var entries []bitext.Entry
		for e, err := range Entries(Decode(strings.NewReader(data), Options{Name: "fuzz"}), "en") {
			if err != nil {
				return
			}
			entries = append(entries, e)
		}
		first := encode(t, Plain, entries)
		if again := encode(t, Plain, decode(t, first)); again != first {
			t.Fatalf("written and read again, the file differs:\n%s\n%s", first, again)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := encode(b, Plain, generate(rand.New(rand.NewPCG(3, 3)), 5000))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for _, err := range Entries(Decode(strings.NewReader(data), Options{}), "en") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	entries := generate(rand.New(rand.NewPCG(3, 3)), 5000)
	b.SetBytes(int64(len(encode(b, Plain, entries))))
	for b.Loop() {
		e, err := NewEncoder(io.Discard, Header{})
		if err != nil {
			b.Fatal(err)
		}
		for _, n := range entries {
			if err := e.Write(n); err != nil {
				b.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
