package plaintext

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/formattest"
	"hexapla/pipeline/goldentest"
)

// units is a document's units, one a line: the kind, then the text with its
// codes as tags.
func units(d *bitext.Document) string {
	var b strings.Builder
	for i := range d.Units {
		b.WriteString(string(d.Units[i].Kind) + ": " + d.Units[i].Source.Tagged() + "\n")
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	const wide = "one two three four five six seven eight nine ten" // 48 columns
	for _, tt := range []struct {
		name, data, want string
	}{
		{"empty", "", ""},
		{"paragraphs", "Hello there.\n\n\nWorld.", "paragraph: Hello there.\nparagraph: World.\n"},
		{"headline", "Site\n\nBreaking News\n\nA Headline Of Some Length\n\nThe story is long enough to be told in more than sixty characters.\n\nAnother Line Which Is Longer",
			"paragraph: Site\nparagraph: Breaking News\ntitle: A Headline Of Some Length\nparagraph: The story is long enough to be told in more than sixty characters.\nparagraph: Another Line Which Is Longer\n"},
		{"caption twice", "President X\nPresident X\n", "paragraph: President X\nparagraph: President X\n"},
		{"bullets", "  • 16x9 Image\n- two\n* three\n+ four\n– five\n-six\n12. seven\n(a) eight\niv) nine\nA. Smith\n2026. ten\n- [x] done\n-\n",
			"item: 16x9 Image\nitem: two\nitem: three\nitem: four\nitem: five\nparagraph: -six\nitem: seven\nitem: eight\nitem: nine\nparagraph: A. Smith\nparagraph: 2026. ten\nitem: done\n"},
		{"wide characters", "吾輩は猫である。名前はまだ無い。どこで生れたかとん\nと見当がつかぬ。何でも薄暗いじめじめした所で泣いて\nいた。ABCと書く。\n",
			"paragraph: 吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた。ABCと書く。\n"},
		{"wide characters, ragged", "会議は東京で行われ、各国の代表が集まって環境問題について\n話し合いました。来年も開かれる予定です。新しい合意に\n向けて準備が進んでいます。\n",
			"paragraph: 会議は東京で行われ、各国の代表が集まって環境問題について話し合いました。来年も開かれる予定です。新しい合意に向けて準備が進んでいます。\n"},
		{"a list of wide characters", "第一章　はじめに\n第二章　おわりに\n", "paragraph: 第一章　はじめに\nparagraph: 第二章　おわりに\n"},
		{"no words", "***\n\n--- \n\n$\n\n5 %\n", "paragraph: 5 %\n"},
		{"line ends", "a\r\n\r\nb\rc\u2028d\u2029e\ff\u0085g\vh", "paragraph: a\nparagraph: b\nparagraph: c\nparagraph: d\nparagraph: e\nparagraph: f\nparagraph: g\nparagraph: h\n"},
		{"byte order mark", "\uFEFFOne.\n", "paragraph: One.\n"},
		{"columns", "Name\tAge\n\nAnn    44\n\nnot  so  wide", "cell: Name\ncell: Age\ncell: Ann\ncell: 44\ntitle: not  so  wide\n"},
		{"invalid bytes", "all of the other words here can be read, caf\xe9 \xff\xfe ok", "title: all of the other words here can be read, caf<1/> <2/> ok\n"},
		{"unknown encoding", "\xcf\xf0\xe8\xe2\xe5\xf2 Abc \xec\xe8\xf0.\n", ""},
		{"mail", "> he said\n>> she said\n", "quote: he said\nquote: she said\n"},
		{"underlined", "Chapter\n=======\n\nText here.", "heading: Chapter\nparagraph: Text here.\n"},
		{"one broken paragraph",
			wide + "\nwords that go on in the second line until it is\nalso full, and then a third one.\n",
			"paragraph: " + wide + " words that go on in the second line until it is also full, and then a third one.\n"},
		{"an address is not broken text", "The Meridian Dispatch\n12 St. George Street\nVelin\n",
			"paragraph: The Meridian Dispatch\nparagraph: 12 St. George Street\nparagraph: Velin\n"},
		{"narrow", "   \"We did not expect it,\" said A. Smith, 43, of 12\nMill Lane. \"It came so fast.\"\n\nThe bridge is closed until\nFriday, the council said.\n",
			"paragraph: \"We did not expect it,\" said A. Smith, 43, of 12 Mill Lane. \"It came so fast.\"\nparagraph: The bridge is closed until Friday, the council said.\n"},
		{"narrow, and a signature", "   \"It was late,\" said B. Jones, 51, of\nElm Street. \"We ran.\"\n\nThe road is shut until\nMonday, police said.\n\nSigned,\nThe Editor\n",
			"paragraph: \"It was late,\" said B. Jones, 51, of Elm Street. \"We ran.\"\nparagraph: The road is shut until Monday, police said.\nparagraph: Signed,\nparagraph: The Editor\n"},
		{"hanging items", "The road is open.\n\n1. First item is\n   continued here\n2. Second\n\n- one\n  Two\n", "paragraph: The road is open.\nitem: First item is continued here\nitem: Second\nitem: one\nparagraph: Two\n"},
		{"narrow, alone", "The bridge is closed until\nmonday, the council said.\n", "paragraph: The bridge is closed until monday, the council said.\n"},
		{"a dateline", "VELIN, Oct. 3 (Agency) -\nThe river rose overnight.\n", "paragraph: VELIN, Oct. 3 (Agency) - The river rose overnight.\n"},
		{"hanging", "1. First item that is wrapped\n   Short here\n2. Second\n* One more of them, that is\n  wrapped too\n",
			"item: First item that is wrapped Short here\nitem: Second\nitem: One more of them, that is wrapped too\n"},
		{"a term and its description", "Culvert\n    A pipe that leads a stream\n    below a road.\n\nSluice\n    A gate.\n",
			"paragraph: Culvert\nparagraph: A pipe that leads a stream below a road.\nparagraph: Sluice\nparagraph: A gate.\n"},
		{"briefs", "Bridge closed\nThe river rose overnight.\n\nSchool reopens\nPupils return on Monday.\n",
			"paragraph: Bridge closed\nparagraph: The river rose overnight.\nparagraph: School reopens\nparagraph: Pupils return on Monday.\n"},
		{"a verse", "The sun is up, the day is new,\nThe birds are singing still,\nAnd all the town is here to view\nThe mill upon the hill.\n",
			"paragraph: The sun is up, the day is new,\nparagraph: The birds are singing still,\nparagraph: And all the town is here to view\nparagraph: The mill upon the hill.\n"},
		{"two long captions", strings.Repeat("x ", 80) + ".\n\nThe restored main hall of the National Museum in Velin\nThe restored main hall of the National Museum in Velin\n",
			"paragraph: " + strings.Repeat("x ", 80) + ".\nparagraph: The restored main hall of the National Museum in Velin\nparagraph: The restored main hall of the National Museum in Velin\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := new(Format).Split("a.txt", []byte(tt.data))
			if got := units(d); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			law(t, tt.data, rand.New(rand.NewPCG(1, 1)))
		})
	}
}

// broken is text that an editor has broken at 60 columns.
const broken = `The Ministry of Agriculture expects a harvest of 9.1 million
tons of grain this year, the best in a decade, and says that
the state will buy 200,000 tons of it for its reserve.

  * Cheaper rail transport until the end of the year, for all
    who sell abroad
  * New storage for 500,000 tons, two of the elevators state-
    owned

The
    first line here is short, and the others are not, so that
    it is no part of them.
`

func TestSplitBroken(t *testing.T) {
	d, _ := new(Format).Split("a.txt", []byte(broken))
	want := `paragraph: The Ministry of Agriculture expects a harvest of 9.1 million tons of grain this year, the best in a decade, and says that the state will buy 200,000 tons of it for its reserve.
item: Cheaper rail transport until the end of the year, for all who sell abroad
item: New storage for 500,000 tons, two of the elevators state-owned
paragraph: The
paragraph: first line here is short, and the others are not, so that it is no part of them.
`
	if got := units(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	law(t, broken, rand.New(rand.NewPCG(1, 1)))

	tr := translation(d, nil, func(s string) string {
		return strings.ReplaceAll(s, "decade", "decade (that is, in ten long years)")
	})
	out, _ := new(Format).Assemble(d, tr, &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
	wantOut := strings.Replace(broken,
		"decade, and says that\nthe state will buy 200,000 tons of it for its reserve.",
		"decade (that is, in\nten long years), and says that the state will buy 200,000\ntons of it for its reserve.", 1)
	if string(out) != wantOut {
		t.Errorf("translated:\n%s\nwant\n%s", out, wantOut)
	}
}

// translation segments the units of d at random places (r may be nil for none) and
// fills all segments with what f makes of them.
func translation(d *bitext.Document, r *rand.Rand, f func(string) string) *bitext.Translation {
	formattest.Segment(d, r)
	return formattest.Fill(d, func(t bitext.Text) bitext.Text {
		t.Chars = f(t.Chars)
		return t
	})
}

// law checks the laws of formattest, and that diagnostics have a line.
func law(t *testing.T, data string, r *rand.Rand) {
	t.Helper()
	f := new(Format)
	if _, err := formattest.Check(f, "a.txt", []byte(data), r); err != nil {
		t.Fatal(err)
	}
	d, ds := f.Split("a.txt", []byte(data))
	for _, x := range ds {
		if x.Place.Line == 0 && x.ID != "charset.unknown" {
			t.Errorf("diagnostic without a line: %v", x)
		}
	}
	formattest.Segment(d, r)
	if _, ds := f.Assemble(d, formattest.Fill(d, formattest.Same), nil); len(ds) > 0 {
		t.Errorf("targets equal to the sources: %v", ds)
	}
}

func TestArticle(t *testing.T) {
	data, err := os.ReadFile("testdata/article.txt")
	if err != nil {
		t.Fatal(err)
	}
	d, ds := new(Format).Split("article.txt", data)
	if len(ds) > 0 {
		t.Errorf("diagnostics: %v", ds)
	}
	goldentest.Check(t, "testdata/article.golden", []byte(units(d)))
	law(t, string(data), rand.New(rand.NewPCG(1, 1)))
	if d.Meta["title"] != "Velin Calls For Pact With U.S. To Avoid 'Digital Sphere' Confrontations" {
		t.Errorf("title %q", d.Meta["title"])
	}
}

func TestAssemble(t *testing.T) {
	d, _ := new(Format).Split("a.txt", []byte("  • One.\n\nTwo\t2\n"))
	tr := translation(d, nil, func(s string) string { return strings.ToUpper(s) + "\r\n\u2029!" })
	tr.Targets[0][0].Locale = "en" // nothing in plain text can say so
	got, ds := new(Format).Assemble(d, tr, &bitext.EditionMeta{Locale: "fa", Dir: "rtl", Key: "k"})
	if want := "  • ONE.  !\n\nTWO  !\t2  !\n"; string(got) != want || len(ds) > 0 {
		t.Errorf("got %q %v, want %q", got, ds, want)
	}
}

func TestEncodings(t *testing.T) {
	f := &Format{Options: Options{Encoding: "windows-1251"}}
	data := []byte("\xcf\xf0\xe8\xe2\xe5\xf2 \x98 \xec\xe8\xf0\r\n")
	d, ds := f.Split("a.txt", data)
	if got := units(d); got != "title: Привет <1/> мир\n" {
		t.Errorf("units %q", got)
	}
	if len(ds) != 1 || ds[0].Place.String() != "a.txt:1:8" {
		t.Errorf("diagnostics %v", ds)
	}
	if out, _ := f.Assemble(d, nil, nil); !bytes.Equal(out, data) {
		t.Errorf("got %q, want %q", out, data)
	}
	tr := translation(d, nil, func(s string) string { return strings.ReplaceAll(s, "мир", "მსოფლიო") })
	out, ds := f.Assemble(d, tr, &bitext.EditionMeta{Encoding: "windows-1251"})
	if string(out) != "Привет \x98 მსოფლიო\r\n" || len(ds) != 1 || ds[0].ID != "text.unmappable" || ds[0].Severity != diag.Error {
		t.Errorf("got %q, %v", out, ds)
	}
	if out, ds = f.Assemble(d, tr, &bitext.EditionMeta{}); string(out) != "Привет \x98 მსოფლიო\r\n" || len(ds) != 0 {
		t.Errorf("got %q, %v", out, ds)
	}
	odd, ds := f.Split("a.txt", []byte("\xff\xfea")) // half a UTF-16 unit
	if out, _ := f.Assemble(odd, nil, nil); string(out) != "\xff\xfea" || len(ds) == 0 || len(odd.Units) != 0 {
		t.Errorf("got %q, %v, %d units", out, ds, len(odd.Units))
	}
}

func TestLawOverTestdata(t *testing.T) {
	lawOver(t, filepath.Join("..", "..", "..", "testdata"), 1)
}

var corpus = flag.String("corpus", "", "a folder of text files to check the laws over")

func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus DIR given")
	}
	lawOver(t, *corpus, 1000)
}

// lawOver checks the laws over the text files below dir.
func lawOver(t *testing.T, dir string, least int) {
	r := rand.New(rand.NewPCG(7, 7))
	size := 0
	n := formattest.Files(t, dir, []string{".txt", ".text"}, func(_ string, data []byte) {
		size += len(data)
		law(t, string(data), r)
	})
	if n < least {
		t.Errorf("%d files in %s, want at least %d", n, dir, least)
	}
	t.Logf("%d files, %d bytes, all identical", n, size)
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		broken, "  • 16x9 Image\r\n\r\n\ta\tb\r", "\uFEFF> > x\n\xff\xfe\x00", "\xfe\xff\x00a\x00\n\xd8\x00",
		"1. a\n(b) c\n- [ ] d\nE\n=\n", "a-\nb\u2028c\u0085d\fe", strings.Repeat("word ", 30) + "\nand\n",
	} {
		f.Add([]byte(s), uint64(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		law(t, string(data), rand.New(rand.NewPCG(seed, 1)))
		d, _ := new(Format).Split("a.txt", data)
		tr := translation(d, rand.New(rand.NewPCG(seed, 2)), func(s string) string { return strings.ToUpper(s) + " x\ny" })
		new(Format).Assemble(d, tr, &bitext.EditionMeta{Locale: "ar", Dir: "rtl"})
	})
}

// large is a long text of which no two paragraphs are alike.
func large() []byte {
	var b bytes.Buffer
	for i := range 1000 {
		b.WriteString(strings.NewReplacer("The", "The "+strconv.Itoa(i), "the ", strconv.Itoa(i)+" ", "two ", strconv.Itoa(i)+" ").Replace(broken))
	}
	return b.Bytes()
}

func BenchmarkSplit(b *testing.B) {
	data := large()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		new(Format).Split("a.txt", data)
	}
}

func BenchmarkAssemble(b *testing.B) {
	data := large()
	d, _ := new(Format).Split("a.txt", data)
	tr := translation(d, nil, strings.ToUpper)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		new(Format).Assemble(d, tr, nil)
	}
}

// TestWrapWide holds that a text of wide characters is broken at its width, that
// punctuation stays where it belongs, and that a reader joins the lines again.
func TestWrapWide(t *testing.T) {
	const text = "吾輩は猫である。名前はまだ無い。「どこで生れたか」とんと見当がつかぬ。 ABC は英語だ。"
	got := string(wrap(nil, text, 20, "\n"))
	want := "吾輩は猫である。名前\nはまだ無い。「どこで\n生れたか」とんと見当\nがつかぬ。 ABC は英\n語だ。"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
