package tmx

import (
	"bytes"
	"encoding/binary"
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
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
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

// generate makes entries of all sorts that a memory may hold.
func generate(r *rand.Rand, n int) []bitext.Entry {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	word := func() string {
		return pick("word", "слово", " ", "<", "&amp;", "]]>", "\x07", "\t", "\r", "\r\n", "\n", "\ufffe", "\xff", "\ufffd", "é", "e\u0301", "“", "<1>", `\`, `"`, "🏳️‍🌈")
	}
	line := func() string {
		var b strings.Builder
		for range r.IntN(4) {
			b.WriteString(word())
		}
		return b.String()
	}
	var known []bitext.Code
	text := func() bitext.Text {
		var t bitext.Text
		var open []bitext.Code
		for range r.IntN(9) {
			switch r.IntN(5) {
			case 0:
				c := bitext.Code{ID: pick("1", "2", "x7", "u.b", ""), Kind: bitext.CodeKind(r.IntN(2)), Data: pick("<br/>", "<b class=\"x\">", "", word()),
					Type: pick("", "fmt", "link", "other", "cp", "x&y"), SubType: pick("", "xlf:b", "xlf:lb", "html:kbd"), Disp: pick("", "[b]", word()), Equiv: pick("", "\n")}
				c.NoCopy, c.NoDelete, c.NoReorder = r.IntN(4) == 0, r.IntN(4) == 0, r.IntN(4) == 0
				if r.IntN(4) == 0 {
					c.Subflows = []string{"u1", "u2"}
				}
				if len(known) > 0 && r.IntN(2) == 0 {
					c = known[r.IntN(len(known))]
				}
				c.Pos = len(t.Chars)
				t.Codes = append(t.Codes, c)
				known = append(known, c)
				if c.Kind == bitext.Start {
					open = append(open, c)
				}
			case 1:
				if len(open) > 0 {
					c := open[r.IntN(len(open))]
					c.Kind, c.Pos, c.Data = bitext.End, len(t.Chars), "</b>"
					t.Codes = append(t.Codes, c)
				}
			default:
				t.Chars += word()
			}
		}
		return t
	}
	out := make([]bitext.Entry, n)
	for i := range out {
		known = nil
		e := bitext.Entry{SourceLocale: "en", TargetLocale: pick("crh", "sr-Latn", "zh-Hant-TW", "sr-Cyrl-ME", "de-CH-1996"), Source: text(),
			State: bitext.State(r.IntN(4)), SubState: pick("", bitext.SubStateMT, `"`)}
		e.Target = text()
		e.Origin = bitext.Origin{Kind: bitext.OriginKind(pick("", "human", "engine", "import", "catalog")), Name: pick("", "Ö & <x>", "a\tb", "bad \x00"), Terms: pick("", "abc")}
		if r.IntN(3) > 0 {
			e.Origin.Time = time.Unix(r.Int64N(4e9), 0).UTC()
		}
		e.Prev, e.Next, e.Place = line(), line(), pick("", "a/b.html#p-1/s1")
		if e.Origin.Name != "" && !e.Origin.Time.IsZero() && r.IntN(3) == 0 {
			e.Props = append(e.Props, bitext.Prop{Name: "@tuid", Value: "a \"1\"\n"}, bitext.Prop{Name: "@creationid", Value: "me"}, bitext.Prop{Name: "@segtype", Value: pick("sentence", "verse")},
				bitext.Prop{Name: "source@usagecount", Value: "7"}, bitext.Prop{Name: "target@o-encoding", Value: "x"})
			if e.Props[2].Value == "verse" { // not TMX: it comes back as a prop behind the attributes
				e.Props = append(e.Props[:2], append(e.Props[3:], e.Props[2])...)
			}
		}
		if r.IntN(3) == 0 {
			e.Props = append(e.Props, bitext.Prop{Name: "note", Value: "mind\r\n\tthis"}, bitext.Prop{Name: "client", Value: "x < y"}, bitext.Prop{Name: "client", Value: ""})
		}
		out[i] = e
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
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

const (
	head = `<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en-US"/><body>`
	good = `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`
	foot = `</body></tmx>`
)

func TestDecode(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a region's form of the source", `<tu><tuv xml:lang="EN-us"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`, "uk: Yes = Так"},
		{"the very tag goes before a region's", `<tu><tuv xml:lang="en-GB"><seg>colour</seg></tuv><tuv xml:lang="en"><seg>color</seg></tuv><tuv xml:lang="UK"><seg>колір</seg></tuv></tu>`, "en-GB: color = colour\nuk: color = колір"},
		{"lang of TMX 1.1", `<tu><tuv lang="en"><seg>Yes</seg></tuv><tuv lang="sr_latn_rs"><seg>Da</seg></tuv></tu>`, "sr-Latn-RS: Yes = Da"},
		{"several targets, one twice", `<tu><tuv xml:lang="ru"><seg>Да</seg></tuv><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv><tuv xml:lang="uk"><seg>Еге</seg></tuv><tuv xml:lang="EN"><seg>Yeah</seg></tuv></tu>`, "ru: Yes = Да\nuk: Yes = Так\nuk: Yes = Еге"},
		{"codes without x", `<tu><tuv xml:lang="en"><seg><bpt i="1">&lt;b></bpt>a<ept i="1">&lt;/b></ept><ph>&lt;br></ph></seg></tuv><tuv xml:lang="ru"><seg><bpt i="1"/>б<ept i="1"/><ph/></seg></tuv></tu>`, "ru: <1>a</1><2/> = <1>б</1><2/>"},
		{"codes matched by x", `<tu><tuv xml:lang="en"><seg><ph x="1">A</ph> <ph x="2">B</ph> <bpt i="3" x="5"/>a<ept i="3"/></seg></tuv><tuv xml:lang="ru"><seg><bpt i="1" x="5"/>б<ept i="1"/> <ph x="2"/> <ph x="1"/></seg></tuv></tu>`, "ru: <1/> <2/> <3>a</3> = <3>б</3> <2/> <1/>"},
		{"crossing pairs", `<tu><tuv xml:lang="en"><seg><bpt i="1"/>a<bpt i="2"/>b<ept i="1"/>c<ept i="2"/></seg></tuv><tuv xml:lang="ru"><seg>б</seg></tuv></tu>`, "ru: <1>a<2>b</1>c</2> = б"},
		{"one i for two pairs", `<tu><tuv xml:lang="en"><seg><bpt i="1" x="1"/>a<ept i="1"/> <bpt i="1" x="2"/>b<ept i="1"/></seg></tuv><tuv xml:lang="ru"><seg>б</seg></tuv></tu>`, "ru: <1>a</1> <2>b</2> = б"},
		{"halves", `<tu><tuv xml:lang="en"><seg><it pos="end" x="1"/>a<it pos="begin" x="2"/></seg></tuv><tuv xml:lang="ru"><seg><it pos="end" x="1"/>б</seg></tuv></tu>`, "ru: </1>a<2> = </1>б"},
		{"x by kind of element", `<tu><tuv xml:lang="en"><seg><bpt i="1" x="1"/>a<ept i="1"/><ph x="1"/></seg></tuv><tuv xml:lang="ru"><seg><ph x="1"/><bpt i="1" x="1"/>б<ept i="1"/></seg></tuv></tu>`, "ru: <1>a</1><2/> = <2/><1>б</1>"},
		{"highlight", `<tu><tuv xml:lang="en"><seg>a <hi type="x">b <hi>c</hi></hi></seg></tuv><tuv xml:lang="ru"><seg><hi>б</hi></seg></tuv></tu>`, "ru: a <1>b <2>c</2></1> = <1>б</1>"},
		{"user tag", `<tu><tuv xml:lang="en"><seg>a<ut>{\b }</ut></seg></tuv><tuv xml:lang="ru"><seg>б<ut>{\b }</ut></seg></tuv></tu>`, "ru: a<1/> = б<1/>"},
		{"sub inside a code", `<tu><tuv xml:lang="en"><seg>a<ph x="1">&lt;img alt="<sub>cat <bpt i="1">[</bpt>b<ept i="1">]</ept></sub>"></ph></seg></tuv><tuv xml:lang="ru"><seg>б<ph x="1"/></seg></tuv></tu>`, "ru: a<1/> = б<1/>"},
		{"no source", `<tu><tuv xml:lang="de"><seg>Ja</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`, ""},
		{"no seg", `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><note>x</note></tuv></tu>`, ""},
		{"no language", `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv><seg>x</seg></tuv></tu>`, ""},
		{"empty target", `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg/></tuv></tu>`, ""},
		{"empty target that counts", `<tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><prop type="x-hexapla:state">final</prop><seg/></tuv></tu>`, "uk: Yes = "},
		{"CDATA and references", `<tu><tuv xml:lang="en"><seg><![CDATA[a<b]]>&#x2014;&#32;<!-- not this -->c</seg></tuv><tuv xml:lang="uk"><seg>б</seg></tuv></tu>`, "uk: a<b— c = б"},
		{"line ends", "<tu><tuv xml:lang='en'>\r\n<seg>a\r\nb\rc&#13;</seg></tuv><tuv xml:lang='uk'><seg>б</seg></tuv></tu>", "uk: a\nb\nc\r = б"},
		{"forbidden characters", `<tu><tuv xml:lang="en"><seg>a<ph type="x-hexapla:char">00</ph><ph type="x-hexapla:char">EFBFBE</ph><ph type="x-hexapla:char">nonsense</ph></seg></tuv><tuv xml:lang="uk"><seg>б</seg></tuv></tu>`, "uk: a\x00\ufffe<1/> = б"},
		{"foreign elements", `<tu><x:y xmlns:x="u"><tuv>no</tuv></x:y><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="uk"><seg>Так</seg></tuv></tu>`, "uk: Yes = Так"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range decode(t, head+tt.body+foot) {
				got = append(got, e.TargetLocale+": "+e.Source.Tagged()+" = "+e.Target.TaggedAs(e.Source))
				if e.SourceLocale != "en" {
					t.Errorf("source locale %q", e.SourceLocale)
				}
			}
			if s := strings.Join(got, "\n"); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func TestFields(t *testing.T) {
	date := time.Date(2024, 2, 29, 12, 30, 1, 0, time.UTC)
	pair := func(unit, source, target string) string {
		return "<tu" + unit + `<tuv xml:lang="en"` + source + `<seg>a</seg></tuv><tuv xml:lang="uk"` + target + "<seg>б</seg></tuv></tu>"
	}
	entry := func(f func(*bitext.Entry)) bitext.Entry {
		e := bitext.Entry{SourceLocale: "en", TargetLocale: "uk", Source: bitext.Plain("a"), Target: bitext.Plain("б"), State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromImport}}
		f(&e)
		return e
	}
	const omegat = `<tmx version="1.1"><header creationtool="OmegaT" srclang="EN"/><body>`
	for _, c := range []struct {
		name, head, body string
		want             bitext.Entry
	}{
		{"nothing said", head, pair(">", ">", ">"), entry(func(e *bitext.Entry) {})},
		{"last change of the target", head, pair(` creationid="m" creationdate="20200101T000000Z">`, ` changeid="s">`, ` creationid="c" changeid="d" changedate="20240229T123001Z">`),
			entry(func(e *bitext.Entry) {
				e.Origin.Name, e.Origin.Time = "d", date
				e.Props = []bitext.Prop{{Name: "@creationid", Value: "m"}, {Name: "@creationdate", Value: "20200101T000000Z"}, {Name: "source@changeid", Value: "s"}, {Name: "target@creationid", Value: "c"}}
			})},
		{"the unit's change", head, pair(` changeid="d" changedate="2024-02-29T13:30:01+01:00" tuid="7">`, ">", ">"),
			entry(func(e *bitext.Entry) {
				e.Origin.Name, e.Origin.Time = "d", date
				e.Props = []bitext.Prop{{Name: "@tuid", Value: "7"}}
			})},
		{"a date that is none", head, pair(">", ">", ` changedate="yesterday">`), entry(func(e *bitext.Entry) {
			e.Props = []bitext.Prop{{Name: "target@changedate", Value: "yesterday"}}
		})},
		{"ours, wherever they stand", head, pair(`><prop type="x-hexapla:prev">"\x07"</prop><prop type="x-hexapla:state">reviewed</prop><note>n</note>`, `><prop type="x-hexapla:place">p#1</prop>`, `><prop type="x-hexapla:origin">human</prop><prop type="x-hexapla:state">final</prop>`),
			entry(func(e *bitext.Entry) {
				e.Prev, e.Place, e.State, e.Origin.Kind = "\x07", "p#1", bitext.Final, bitext.FromHuman
				e.Props = []bitext.Prop{{Name: "note", Value: "n"}}
			})},
		{"a state that is none", head, pair(">", ">", `><prop type="x-hexapla:state">great</prop>`), entry(func(e *bitext.Entry) {
			e.Props = []bitext.Prop{{Name: "x-hexapla:state", Value: "great"}}
		})},
		{"OmegaT's context", omegat, pair(`><prop type="file">a.html</prop><prop type="prev">See &lt;b0&gt;it&lt;/b0&gt;</prop><prop type="next">no</prop><prop type="id">x1</prop>`, ">", ">"),
			entry(func(e *bitext.Entry) {
				e.Prev, e.Next, e.Place = "See <1>it</1>", "no", "a.html#x1"
				e.Props = []bitext.Prop{{Name: "file", Value: "a.html"}, {Name: "prev", Value: "See <b0>it</b0>"}, {Name: "next", Value: "no"}, {Name: "id", Value: "x1"}}
			})},
		{"the same props of others", head, pair(`><prop type="prev">p</prop><prop type="file">f</prop><prop type="id">i</prop>`, ">", ">"), entry(func(e *bitext.Entry) {
			e.Props = []bitext.Prop{{Name: "prev", Value: "p"}, {Name: "file", Value: "f"}, {Name: "id", Value: "i"}}
		})},
		{"memoQ's context", head, pair(`><prop type="x-context-pre">&lt;seg&gt;A &amp;amp; &lt;bpt i="1"/&gt;b&lt;ept i="1"/&gt;&lt;/seg&gt;</prop><prop type="x-context-post">&lt;seg&gt;broken</prop>`, ">", ">"),
			entry(func(e *bitext.Entry) {
				e.Prev = "A & <1>b</1>"
				e.Props = []bitext.Prop{{Name: "x-context-pre", Value: `<seg>A &amp; <bpt i="1"/>b<ept i="1"/></seg>`}, {Name: "x-context-post", Value: "<seg>broken"}}
			})},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := decode(t, c.head+c.body+foot)
			if d := cmp.Diff([]bitext.Entry{c.want}, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			// And once more, by way of a file of our own.
			if d := cmp.Diff(got, decode(t, encode(t, Plain, got)), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("written and read again (-want +got):\n%s", d)
			}
		})
	}
}

func TestOmegaTSegments(t *testing.T) {
	const omegat = `<tmx version="1.1"><header creationtool="OmegaT" srclang="EN"/><body>`
	for _, c := range []struct{ seg, want string }{
		{"See &lt;b0&gt;it&lt;/b0&gt; and &lt;i1/&gt;.", "See <1>it</1> and <2/>."},
		{"One&lt;br0&gt; &lt;u1&gt;two", "One<1/> <2>two"},
		{`<bpt i="1">&lt;b0&gt;</bpt>x<ept i="1">&lt;/b0&gt;</ept> &lt;a1/&gt;`, "<1>x</1> <2/>"},
		{"a &lt; b &gt; c &lt;2&gt; &lt;b&gt;", `a < b > c \<2> <b>`},
	} {
		body := `<tu><tuv lang="EN"><seg>` + c.seg + `</seg></tuv><tuv lang="RU"><seg>р</seg></tuv></tu>`
		got := decode(t, omegat+body+foot)
		if len(got) != 1 || got[0].Source.Tagged() != c.want {
			t.Errorf("%s: %+v, want %s", c.seg, got, c.want)
		}
	}
}

// Trados says in a prop how far a translation has come.
func TestConfirmationLevel(t *testing.T) {
	var data strings.Builder
	data.WriteString(`<tmx version="1.4"><header srclang="en"/><body>`)
	for _, level := range []string{"Draft", "Translated", "RejectedTranslation", "ApprovedTranslation", "ApprovedSignOff"} {
		data.WriteString(`<tu><prop type="x-ConfirmationLevel">` + level + `</prop><tuv xml:lang="en"><seg>One</seg></tuv><tuv xml:lang="uk"><seg>Один</seg></tuv></tu>`)
	}
	var got []string
	for e, err := range Entries(Decode(strings.NewReader(data.String()+foot), Options{}), "en") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(e.State.String()+" "+e.SubState))
	}
	if d := cmp.Diff([]string{"translated hexapla:check", "translated", "translated hexapla:check", "reviewed", "final"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestSourceOfEachUnit(t *testing.T) {
	data := `<tmx version="1.4"><header srclang="de"/><body>` + good +
		`<tu><tuv xml:lang="fr"><seg>Oui</seg></tuv><tuv xml:lang="de-AT"><seg>Ja</seg></tuv></tu>` +
		`<tu srclang="*all*"><tuv xml:lang="fr"><seg>Non</seg></tuv><tuv xml:lang="de"><seg>Nein</seg></tuv></tu>` +
		`<tu srclang="UK"><tuv xml:lang="en"><seg>No</seg></tuv><tuv xml:lang="uk"><seg>Ні</seg></tuv></tu>` + foot
	var got []string
	for e, err := range Entries(Decode(strings.NewReader(data), Options{}), "") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.SourceLocale+" "+e.TargetLocale+" "+e.Source.Chars+" "+e.Target.Chars)
	}
	if d := cmp.Diff([]string{"de-AT fr Ja Oui", "fr de Non Nein", "uk en Ні No"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestHeader(t *testing.T) {
	data := `<tmx version="1.3"><header creationtool="T" creationtoolversion="2" segtype="phrase" adminlang="en" srclang="EN_us" datatype="html"><prop type="a">b</prop><note>c</note><ude name="x"><map unicode="#xF8FF"/></ude></header><body>` + good + foot
	for u, err := range Decode(strings.NewReader(data), Options{}) {
		want := &File{Version: "1.3", CreationTool: "T", CreationToolVersion: "2", SegType: "phrase", AdminLang: "en", SourceLocale: "en-US", DataType: "html",
			Props: []bitext.Prop{{Name: "a", Value: "b"}, {Name: "note", Value: "c"}}}
		if d := cmp.Diff(want, u.File); err != nil || d != "" {
			t.Errorf("error %v (-want +got):\n%s", err, d)
		}
		if u.Line != 1 || u.Column != strings.Index(data, "<tu>")+1 || u.SourceLocale != "en-US" {
			t.Errorf("unit at %d:%d, source %s", u.Line, u.Column, u.SourceLocale)
		}
	}
}

func TestEncodings(t *testing.T) {
	const body = `<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>Yes</seg></tuv><tuv xml:lang="ru"><seg>Да 🙂</seg></tuv></tu></body></tmx>`
	declared := func(enc string) string { return `<?xml version="1.0" encoding="` + enc + `"?>` + body }
	wide := func(s string, order binary.AppendByteOrder, mark bool) string {
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xFEFF)
		}
		for _, u := range utf16.Encode([]rune(s)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	for _, c := range []struct{ name, data, want string }{
		{"UTF-8", body, "Да 🙂"},
		{"UTF-8 with a mark", "\xef\xbb\xbf" + declared("utf-8"), "Да 🙂"},
		{"UTF-16LE with a mark", wide(declared("UTF-16"), binary.LittleEndian, true), "Да 🙂"},
		{"UTF-16BE with a mark", wide(declared("UTF-16"), binary.BigEndian, true), "Да 🙂"},
		{"UTF-16LE without one", wide(declared("UTF-16"), binary.LittleEndian, false), "Да 🙂"},
		{"windows-1251", strings.ReplaceAll(declared("windows-1251"), "Да 🙂", "\xc4\xe0"), "Да"},
		{"a declaration that is wrong", declared("UTF-16"), "Да 🙂"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := decode(t, c.data)
			if len(got) != 1 || got[0].Target.Chars != c.want {
				t.Errorf("%+v, want the target %q", got, c.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
		units          int
	}{
		{"truncated in a tag", "<tmx><header/><body>\n" + good + "<tu><tuv", "f.tmx:2:", 1},
		{"truncated in a text", "<tmx><header/><body>\n" + good + "\n<tu><tuv xml:lang='en'><seg>Ye", "f.tmx:3:31: the file ends before </seg>", 1},
		{"truncated between units", head + good + "\n", "f.tmx:2:1: the file ends before </body>", 1},
		{"crossing tags", "<tmx>\n<header></tmx>", "f.tmx:2:9: ", 0},
		{"not TMX", "<html/>", "f.tmx:1:1: the root element is html", 0},
		{"entities of its own", `<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>`, "f.tmx:1:15: ", 0},
		{"entities of its own beside a DTD", `<!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><tmx/>`, "f.tmx:1:", 0},
		{"external entity", `<tmx><header/><body><tu><tuv xml:lang="en"><seg>&file;</seg></tuv></tu></body></tmx>`, "f.tmx:1:49: an entity other than", 0},
		{"bare ampersand", "<tmx><header/><body>" + good + "\n<tu><tuv xml:lang=\"en\"><seg>Я AT&T</seg></tuv></tu></body></tmx>", "f.tmx:2:33: ", 1},
		{"empty", "", "f.tmx:1:1: ", 0},
		{"invalid bytes", "<tmx><header/><body>\n<tu><tuv xml:lang=\"en\"><seg>\xff</seg></tuv></tu></body></tmx>", "f.tmx:2:29: ", 0},
		{"bytes that the encoding does not have", "<?xml version='1.0' encoding='windows-1253'?><tmx><header/><body>\n<tu><tuv xml:lang=\"en\"><seg>\xd2</seg></tuv></tu></body></tmx>", "f.tmx:2:29: ", 0},
		{"unknown encoding", "<?xml version='1.0' encoding='klingon'?><tmx/>", `the encoding "klingon" is not known`, 0},
		{"control character", "<tmx><header/><body><tu><tuv xml:lang=\"en\"><seg>a\x01</seg></tuv></tu></body></tmx>", "f.tmx:1:50: ", 0},
		{"two segs", head + `<tu><tuv xml:lang="en"><seg>a</seg><seg>b</seg></tuv></tu>` + foot, "a second seg", 0},
		{"deep", head + "<tu><tuv xml:lang='en'><seg>" + strings.Repeat("<hi>", 10_000), "more than 256 elements inside each other", 0},
		{"deep inside a code", head + "<tu><tuv xml:lang='en'><seg>" + strings.Repeat("<ph><sub>", 10_000), "more than 256 elements inside each other", 0},
		{"a giant attribute", head + `<tu tuid="` + strings.Repeat("x", 4<<20) + `">`, "f.tmx:1:", 0},
		{"very many codes", head + "<tu><tuv xml:lang='en'><seg>" + strings.Repeat("<ph/>", 30_000) + "</seg></tuv></tu>" + foot, "more than 20000 codes", 0},
		{"very many variants", head + "<tu>" + strings.Repeat("<tuv xml:lang='en'><seg>a</seg></tuv>", 2000) + "</tu>" + foot, "more than 1000 variants", 0},
		{"very many props", head + "<tu>" + strings.Repeat("<prop type='a'/>", 20_000) + "</tu>" + foot, "more than 10000 props", 0},
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
				t.Errorf("%d units and error %.300v; want %d and one with %q", units, got, tt.units, tt.want)
			}
			if d, ok := errors.AsType[diag.Diagnostic](got); !ok || d.Place.Line == 0 || d.Place.Column == 0 {
				t.Errorf("no diagnostic with a place: %.300v", got)
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
		if err := os.WriteFile(name, []byte(encode(t, flavor, generate(rand.New(rand.NewPCG(1, 1)), 500))), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(lint, "--noout", "--nonet", "--dtdvalid", "testdata/tmx14.dtd", name).CombinedOutput(); err != nil {
			t.Errorf("flavor %q: %v\n%s", flavor, err, out)
		}
	}
}

func TestUnknownFlavor(t *testing.T) {
	if _, err := NewEncoder(io.Discard, Header{Flavor: "trados"}); err == nil {
		t.Error("an unknown flavor is accepted")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, Plain, generate(rand.New(rand.NewPCG(2, 2)), 3)))
	f.Add(encode(f, OmegaT, generate(rand.New(rand.NewPCG(2, 3)), 3)))
	f.Add(`<tmx><header srclang="en"/><body><tu><tuv xml:lang="en"><seg><ept i="2"/>a<hi><bpt i="2">x<sub>y</sub></bpt></hi></seg></tuv>`)
	f.Add(`<tmx><header creationtool="OmegaT" srclang="en"/><body><tu changeid="x"><prop type="prev">&lt;b0></prop><tuv lang="en"><seg>&lt;b0>a&lt;/b0><ph>&lt;c1/></ph></seg></tuv><tuv lang="ru"><seg>&lt;b0></seg></tuv></tu></body></tmx>`)
	f.Add(head + `<tu tuid="1" segtype="no"><tuv xml:lang="en" changedate="20240101"><prop type="x-hexapla:codes">[{"id":"q","raw":"/w=="}]</prop><seg>a<ph>b</ph></seg></tuv><tuv xml:lang="ru"><prop type="x-context-pre">&lt;seg>x&lt;/seg></prop><seg>б</seg></tuv></tu>` + foot)
	f.Fuzz(func(t *testing.T, data string) {
		var entries []bitext.Entry
		for e, err := range Entries(Decode(strings.NewReader(data), Options{Name: "fuzz"}), "en") {
			if err != nil {
				return
			}
			entries = append(entries, e)
		}
		first := encode(t, Plain, entries)
		got := decode(t, first)
		if again := encode(t, Plain, got); again != first {
			t.Fatalf("written and read again, the file differs:\n%s\n%s", first, again)
		}
		encode(t, OmegaT, entries)
	})
}

func benchEntries() []bitext.Entry {
	out := make([]bitext.Entry, 5000)
	for i := range out {
		s := bitext.Plain(fmt.Sprintf("The government said on day %d that it would not change its plans for the border.", i))
		e := bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: s, Target: bitext.Plain(fmt.Sprintf("В день %d правительство заявило, что не изменит своих планов в отношении границы.", i)), State: bitext.Translated,
			Origin: bitext.Origin{Kind: bitext.FromImport}}
		if i%5 == 0 {
			e.Source.Codes = []bitext.Code{{Pos: 4, Kind: bitext.Start, ID: "1", Data: "<b>", Type: "fmt", SubType: "xlf:b"}, {Pos: 14, Kind: bitext.End, ID: "1", Data: "</b>", Type: "fmt", SubType: "xlf:b"}}
			e.Target.Codes = e.Source.Codes
		}
		out[i] = e
	}
	return out
}

func BenchmarkDecode(b *testing.B) {
	data := encode(b, Plain, benchEntries())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range Entries(Decode(strings.NewReader(data), Options{}), "en") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	entries := benchEntries()
	b.SetBytes(int64(len(encode(b, Plain, entries))))
	b.ReportAllocs()
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
