package tbx

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"hexapla/glossary"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// bare is a glossary without the places it was read from.
func bare(g *glossary.Glossary) *glossary.Glossary {
	for i := range g.Concepts {
		for j := range g.Concepts[i].Terms {
			g.Concepts[i].Terms[j].Place = diag.Place{}
		}
	}
	return g
}

func decode(t testing.TB, data []byte) *glossary.Glossary {
	t.Helper()
	g, ds := Decode("g.tbx", bytes.NewReader(data))
	if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error {
		t.Fatalf("%v\n%s", ds, data)
	}
	return bare(g)
}

func sample() *glossary.Glossary {
	return &glossary.Glossary{Concepts: []glossary.Concept{
		{
			ID: "election", Definition: "a vote <by> the \"people\" & more", Notes: []string{"see also: vote", "second"},
			Props: []bitext.Prop{{Name: "+admin/source", Value: "handbook"}, {Name: "descrip/subjectField", Value: "politics"}, {Name: "transac/transactionType", Value: "origination"}, {Name: "+date/", Value: "2026-09-25"}, {Name: "xref/externalCrossReference@https://a.example/?a=1&b=2", Value: "page"}},
			Terms: []glossary.Term{
				{Locale: "en", Text: "election", POS: "noun", Props: []bitext.Prop{{Name: "lang:descrip/context", Value: "in English"}, {Name: "lang:+admin/source", Value: "x"}, {Name: "termNote/termType", Value: "fullForm"}, {Name: "descrip/context", Value: "The election was held."}}},
				{Locale: "en", Text: "poll", Status: glossary.Admitted, Case: glossary.CaseSensitive, Note: "informal\nsecond line"},
				{Locale: "ru", Text: "выборы", POS: "n"},
				{Locale: "ru", Text: "голосование", Status: glossary.Deprecated},
				{Locale: "ru", Text: "плебисцит", Status: glossary.Forbidden, Case: glossary.CaseInsensitive},
			},
		},
		{ID: "два слова", Terms: []glossary.Term{{Locale: "fa", Text: "انتخابات"}}},
		{ID: "1st", Terms: []glossary.Term{{Locale: glossary.AnyLocale, Text: "Reuters", Status: glossary.DoNotTranslate}}},
		{ID: "c-2", Terms: []glossary.Term{{Locale: "sr-Latn", Text: "a"}}},
	}}
}

func TestRoundTrip(t *testing.T) {
	for _, v := range []Version{V3, V2, V3DCT} {
		data, ds := Encode(sample(), v, "en")
		if len(ds) > 0 {
			t.Error(ds)
		}
		if got := decode(t, data); !reflect.DeepEqual(got, sample()) {
			t.Errorf("version %d:\n%+v\nwant\n%+v\n%s", v, got, sample(), data)
		}
	}
}

// randomGlossary is one as Decode gives it: terms of a locale together, IDs
// distinct, texts without white space at their ends.
func randomGlossary(r *rand.Rand) *glossary.Glossary {
	words := []string{"a", "<b>", "&amp;", "]]>", "ё", "٪", "x y", "\"q\"", "'", "=1", "𝕏", "line\nline", "hexapla", "-"}
	word := func() string { return words[r.IntN(len(words))] + words[r.IntN(len(words))] }
	g := &glossary.Glossary{}
	for i := range 1 + r.IntN(4) {
		c := glossary.Concept{ID: fmt.Sprintf("%s%d", words[r.IntN(len(words))], i)}
		c.ID = strings.TrimSpace(strings.ReplaceAll(c.ID, "\n", " "))
		if r.IntN(2) == 0 {
			c.Definition = word()
			if r.IntN(2) == 0 {
				c.Props = append(c.Props, bitext.Prop{Name: "+note/", Value: word()})
			}
		}
		if r.IntN(2) == 0 {
			c.Notes = append(c.Notes, word())
		}
		if r.IntN(2) == 0 {
			c.Props = append(c.Props, bitext.Prop{Name: "descrip/subjectField", Value: word()}, bitext.Prop{Name: "+admin/source", Value: word()})
		}
		for _, locale := range []string{"en", "ru", "crh-Latn"} {
			for k := range r.IntN(3) {
				t := glossary.Term{Locale: locale, Text: fmt.Sprint(word(), k), Status: glossary.Status(r.IntN(5)), Case: glossary.Case(r.IntN(3)), POS: []string{"", "noun", "adj", "phrase"}[r.IntN(4)]}
				if r.IntN(3) == 0 {
					t.Note = word()
				}
				if r.IntN(3) == 0 {
					t.Props = append(t.Props, bitext.Prop{Name: "termNote/termType", Value: "acronym"}, bitext.Prop{Name: "+note/", Value: word()}, bitext.Prop{Name: "descrip/context", Value: word()})
				}
				c.Terms = append(c.Terms, t)
			}
		}
		if len(c.Terms) > 0 {
			g.Concepts = append(g.Concepts, c)
		}
	}
	return g
}

func TestRoundTripLaw(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for range 3000 {
		g := randomGlossary(r)
		for _, v := range []Version{V3, V2, V3DCT} {
			data, ds := Encode(g, v, "en")
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			if got := decode(t, data); len(g.Concepts) > 0 && !reflect.DeepEqual(got, g) {
				t.Fatalf("version %d:\n%+v\nwant\n%+v\n%s", v, got, g, data)
			}
		}
	}
}

func TestDecode(t *testing.T) {
	const head = `<?xml version="1.0"?><tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader><text><body>`
	const tail = `</body></text></tbx>`
	for _, tt := range []struct{ name, data, want, told string }{
		{"no status", head + `<conceptEntry id="c"><langSec xml:lang="ru"><termSec><term>а</term></termSec><termSec><term>б</term></termSec></langSec></conceptEntry>` + tail, "c ru а preferred; c ru б admitted", ""},
		{"martif with a document type", `<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd"><martif type="TBX" xml:lang="en"><text><body><termEntry id="c"><langSet xml:lang="en"><ntig><termGrp><term>a</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig></langSet></termEntry></body></text></martif>`, "c en a deprecated", ""},
		{"DCT", `<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body><conceptEntry id="c"><min:subjectField>law</min:subjectField><langSec xml:lang="en"><termSec><term>a</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus><min:partOfSpeech>noun</min:partOfSpeech><basic:context>b</basic:context></termSec></langSec></conceptEntry></body></text></tbx>`, "c en a forbidden noun descrip/context=b", ""},
		{"markup in a term", head + `<conceptEntry id="c"><langSec xml:lang="en"><termSec><term>H<hi>2</hi>O</term></termSec></langSec></conceptEntry>` + tail, "c en H2O preferred", "tbx.inline"},
		{"bad locale", head + `<conceptEntry id="c"><langSec xml:lang="!"><termSec><term>a</term></termSec></langSec><langSec xml:lang="en"><termSec><term>b</term></termSec></langSec></conceptEntry>` + tail, "c en b preferred", "tbx.locale"},
		{"no locale", head + `<conceptEntry id="c"><langSec><termSec><term>a</term></termSec></langSec></conceptEntry>` + tail, "", "tbx.empty|tbx.locale"},
		{"id twice", head + strings.Repeat(`<conceptEntry id="c"><langSec xml:lang="en"><termSec><term>a</term></termSec></langSec></conceptEntry>`, 2) + tail, "c en a preferred; c.2 en a preferred", "tbx.id"},
		{"unknown status", head + `<conceptEntry id="c"><langSec xml:lang="en"><termSec><term>a</term><termNote type="administrativeStatus">x</termNote></termSec></langSec></conceptEntry>` + tail, "c en a admitted termNote/administrativeStatus=x", "tbx.status"},
		{"cut off", head + `<conceptEntry id="c"><langSec xml:lang="en"><termSec><term>a</term></termSec></langSec></conceptEntry><conceptEntry id="d"><langSec`, "c en a preferred", "tbx.syntax"},
		{"entities of its own", `<!DOCTYPE tbx [<!ENTITY a "b">]>` + head[21:] + tail, "", "tbx.syntax"},
		{"an unknown entity", head + `<conceptEntry id="c"><langSec xml:lang="en"><termSec><term>&bomb;</term></termSec></langSec></conceptEntry>` + tail, "", "tbx.syntax"},
		{"too deep", head + strings.Repeat("<text>", 100), "", "tbx.syntax"},
		{"another format", `<tmx version="1.4"/>`, "", "tbx.syntax"},
		{"not XML", "concept,locale,term\n", "", "tbx.syntax"},
		{"nothing", "", "", "tbx.syntax"},
		{"Windows-1251", "<?xml version=\"1.0\" encoding=\"windows-1251\"?>" + head[21:] + "<conceptEntry id=\"c\"><langSec xml:lang=\"ru\"><termSec><term>\xe4\xe0</term></termSec></langSec></conceptEntry>" + tail, "c ru да preferred", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, ds := Decode("g.tbx", strings.NewReader(tt.data))
			var got, told []string
			for _, c := range g.Concepts {
				for _, term := range c.Terms {
					s := fmt.Sprintf("%s %s %s %s", c.ID, term.Locale, term.Text, term.Status)
					if term.POS != "" {
						s += " " + term.POS
					}
					for _, p := range term.Props {
						s += " " + p.Name + "=" + p.Value
					}
					got = append(got, s)
				}
			}
			for _, d := range ds {
				told = append(told, d.ID)
				if d.Place.Line == 0 {
					t.Errorf("no place: %v", d)
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
			if s := strings.Join(told, "|"); s != tt.told {
				t.Errorf("told %q, want %q: %v", s, tt.told, ds)
			}
		})
	}
}

func TestUTF16(t *testing.T) {
	data, _ := Encode(sample(), V3, "en")
	text := strings.Replace(string(data), "UTF-8", "UTF-16", 1)
	wide := []byte("\xff\xfe")
	for _, r := range text {
		if r > 0xffff {
			t.Fatal("the sample has characters outside the BMP")
		}
		wide = append(wide, byte(r), byte(r>>8))
	}
	if got := decode(t, wide); !reflect.DeepEqual(got, sample()) {
		t.Errorf("%+v", got)
	}
}

// TestHuge holds that an endless tag or text ends the reading, not the memory.
func TestHuge(t *testing.T) {
	for _, head := range []string{`<tbx><text><body><conceptEntry id="`, `<tbx><text><body><conceptEntry id="c"><langSec xml:lang="en"><termSec><term>`, "<!--", "<!DOCTYPE "} {
		endless := &repeat{head: head}
		_, ds := Decode("g.tbx", endless)
		if len(ds) == 0 || ds[0].ID != "tbx.syntax" || endless.n > 2*maxToken {
			t.Errorf("%s…: read %d bytes: %v", head, endless.n, ds)
		}
	}
	_, ds := Decode("g.tbx", iotest.ErrReader(os.ErrPermission))
	if len(ds) != 1 || !strings.Contains(ds[0].Message, "permission") {
		t.Errorf("a reader's error: %v", ds)
	}
}

type repeat struct {
	head string
	n    int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.head != "" {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	for i := range p {
		p[i] = 'a'
	}
	r.n += len(p)
	return len(p), nil
}

func TestEncodeTells(t *testing.T) {
	data, ds := Encode(&glossary.Glossary{Concepts: []glossary.Concept{
		{ID: "empty"}, {ID: "c", Terms: []glossary.Term{{Locale: "en", Text: "a\x01b"}}},
	}}, V3, "en")
	if len(ds) != 2 || ds[0].ID != "tbx.empty" || ds[1].ID != "tbx.characters" || !bytes.Contains(data, []byte("<term>ab</term>")) {
		t.Errorf("%v\n%s", ds, data)
	}
}

// TestSchemas validates what Encode writes with xmllint, where the published
// schemas are at hand: the folder TBX_SCHEMAS has TBX_core.xsd,
// TBXcoreStructV03.rng and TBXcoreStructV02.dtd (from the standard's site,
// tbxinfo.net; their licence is not said, so they are not copied here).
// XML_CATALOG_FILES, as xmllint reads it, tells where xml.xsd is.
func TestSchemas(t *testing.T) {
	dir := os.Getenv("TBX_SCHEMAS")
	if dir == "" {
		t.Skip("TBX_SCHEMAS is not set")
	}
	r := rand.New(rand.NewPCG(5, 5))
	glossaries := []*glossary.Glossary{sample()}
	for len(glossaries) < 40 {
		if g := randomGlossary(r); len(g.Concepts) > 0 {
			glossaries = append(glossaries, g)
		}
	}
	for _, v := range []struct {
		version Version
		args    []string
	}{
		{V3, []string{"--schema", filepath.Join(dir, "TBX_core.xsd")}},
		{V3, []string{"--relaxng", filepath.Join(dir, "TBXcoreStructV03.rng")}},
		{V2, []string{"--dtdvalid", filepath.Join(dir, "TBXcoreStructV02.dtd")}},
	} {
		for i, g := range glossaries {
			data, _ := Encode(g, v.version, "en")
			file := filepath.Join(t.TempDir(), "g.tbx")
			if err := os.WriteFile(file, data, 0o666); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("xmllint", append(append([]string{"--noout", "--nonet"}, v.args...), file)...).CombinedOutput(); err != nil {
				t.Fatalf("%v, glossary %d: %v\n%s\n%s", v.args, i, err, out, data)
			}
		}
	}
}

const multiTerm = `<?xml version="1.0" encoding="UTF-16"?>
<mtf><conceptGrp><concept>12</concept><system type="entryClass">1</system>
<transacGrp><transac type="origination">ann</transac><date>2024-01-01T00:00:00</date></transacGrp>
<descripGrp><descrip type="Subject">law</descrip></descripGrp>
<languageGrp><language type="English" lang="EN-US"/><termGrp><term>court</term><descripGrp><descrip type="Part of Speech">noun</descrip></descripGrp></termGrp></languageGrp>
<languageGrp><language type="Estonian" lang="zz-?"/><termGrp><term>kohus</term><descripGrp><descrip type="Status">forbidden</descrip></descripGrp></termGrp>
<termGrp><term>õigus</term><descripGrp><descrip type="Status">to be checked</descrip></descripGrp><descripGrp><descrip type="Definition">d</descrip></descripGrp></termGrp></languageGrp>
<languageGrp><language type="Zaum" lang="?"/><termGrp><term>x</term></termGrp></languageGrp>
</conceptGrp></mtf>`

const tbxMin = `<TBX dialect="TBX-Min"><header><id>s</id><languages source="de" target="en"/></header><body><entry id="C2"><subjectField>law</subjectField>
<langGroup xml:lang="de"><termGroup><term>Hund</term><termStatus>preferred</termStatus><partOfSpeech>noun</partOfSpeech></termGroup></langGroup>
<langGroup xml:lang="en"><termGroup><term>dog</term><note>n</note></termGroup><termGroup><term>hound</term><termStatus>deprecated</termStatus></termGroup></langGroup></entry></body></TBX>`

// TestOtherTermbases reads MultiTerm XML, as the program writes it in UTF-16, and TBX-Min.
func TestOtherTermbases(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(multiTerm))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		data     []byte
		want     string
		findings []string
	}{
		{"MultiTerm XML", utf16, "12 [law] en-US court preferred noun, et kohus forbidden , et õigus preferred ", []string{"tbx.locale"}},
		{"TBX-Min", []byte(tbxMin), "C2 [law] de Hund preferred noun, en dog preferred , en hound deprecated ", nil},
	} {
		g, ds := Decode("g.xml", bytes.NewReader(c.data))
		var got, ids []string
		for _, concept := range g.Concepts {
			subject := ""
			for _, p := range concept.Props {
				if p.Name == "descrip/subjectField" {
					subject = p.Value
				}
			}
			for _, term := range concept.Terms {
				got = append(got, fmt.Sprintf("%s %s %v %s", term.Locale, term.Text, term.Status, term.POS))
			}
			got[0] = fmt.Sprintf("%s [%s] %s", concept.ID, subject, got[0])
		}
		for _, d := range ds {
			ids = append(ids, d.ID)
		}
		if s := strings.Join(got, ", "); s != c.want || !slices.Equal(ids, c.findings) {
			t.Errorf("%s: %s %v\nwant %s %v", c.name, s, ds, c.want, c.findings)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(strings.Replace(multiTerm, "UTF-16", "UTF-8", 1)))
	f.Add([]byte(tbxMin))
	for _, v := range []Version{V3, V2, V3DCT} {
		data, _ := Encode(sample(), v, "en")
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Add([]byte(`<tbx><text><body><conceptEntry><descripGrp><descrip>a</descrip><note>b</note></descripGrp><langSec xml:lang="en"><termSec><term>a</term><transacGrp><transac/><date>1</date></transacGrp></termSec></langSec></conceptEntry>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, _ := Decode("g.tbx", bytes.NewReader(data))
		once, _ := Encode(g, V3, "en")
		back, ds := Decode("g.tbx", bytes.NewReader(once))
		for _, d := range ds {
			if d.ID == "tbx.syntax" {
				t.Fatalf("cannot read what it wrote: %v\n%s", d, once)
			}
		}
		count := func(g *glossary.Glossary) (n int) {
			for _, c := range g.Concepts {
				n += len(c.Terms)
			}
			return n
		}
		if count(back) != count(g) || len(back.Concepts) != len(g.Concepts) {
			t.Fatalf("%d terms became %d\n%s", count(g), count(back), once)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	g := &glossary.Glossary{}
	for i := range 2000 {
		c := sample().Concepts[0]
		c.ID = fmt.Sprint("c", i)
		g.Concepts = append(g.Concepts, c)
	}
	data, _ := Encode(g, V3, "en")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Decode("g.tbx", bytes.NewReader(data))
	}
}
