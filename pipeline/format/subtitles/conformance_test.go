package subtitles

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

const srt = "1\r\n00:00:01,000 --> 00:00:03,000\r\nWe went to the <i>old</i>\r\nmarket on a\r\n\r\n2\r\n00:00:03,100 --> 00:00:05,000\r\nSaturday morning.\r\n\r\n" +
	"3\r\n00:00:06,000 --> 00:00:08,000 X1:1 X2:2\r\n- Who is there?\r\n- It is <b>me</b>!\r\n\r\n4\r\n00:00:09,000 --> 00:00:10,000\r\n{\\an8}<i>All in italics</i>\r\n<i>over two lines.</i>\r\n\r\n" +
	"5\r\n00:00:11,000 --> 00:00:12,000\r\n♪ La la la ♪\r\n\r\n6\r\n00:00:12,500 --> 00:00:13,000\r\n2026\r\n"

const vtt = `WEBVTT - Title
Kind: captions
Language: en

STYLE
::cue(b) { color: red }

REGION
id:fred
width:40%

NOTE The baker is an old man.

intro
00:01.000 --> 00:03.000 line:0 align:left
<v Baker>The bread is &lt;warm&gt; &amp; smells<br>
of

00:03.000 --> 00:04.500 line:0 align:left
<v Baker>the <c.yellow.bg>forest</c>,

NOTE not a part of it

00:05.000 --> 00:06.000
<v Fred>Hi, I am Fred.</v>
<v Bill>Hi, I am <00:05.500>Bill.</v>

00:06.000 --> 00:07.000
{"json": "is data"}

00:07.000 --> 00:08.000
<ruby>東京<rt>とうきょう</rt></ruby>へ
行く。
`

const messy = "\ufeff1\n00:00:01.5 --> 00:00:02\nNo hours, a point\n2\n00:00:03,000 --> 00:00:02,000\nEnds before it begins\nNot\n\nin a cue\n\n4\n0:0:5,0-->0:0:6,0\n<font color=\"#fff\">Short <3 \xff numbers\n\n5\n00:00:xx --> 00:00:09,000\nBad\n"

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return new(Format) },
		Documents: map[string]string{
			"a.srt": srt, "messy.srt": messy, "empty.srt": "", "lf.srt": strings.ReplaceAll(srt, "\r\n", "\n"), "cr.srt": strings.ReplaceAll(srt, "\r\n", "\r"), "vtt.srt": vtt,
		},
		Path: "paragraphs.srt",
		Paragraphs: []string{
			"1\n00:00:01,000 --> 00:00:02,000\nThe first one.\n\n", "2\n00:00:03,000 --> 00:00:04,000\nThe <b>second</b>\none.\n\n",
			"3\n00:00:05,000 --> 00:00:06,000\nAnother question?\n\n", "4\n00:00:07,000 --> 00:00:08,000\n- A dash.\n\n",
		},
	})
	formattest.Run(t, formattest.Suite{
		New:       func() formattest.Format { return &Format{VTT: true} },
		Documents: map[string]string{"a.vtt": vtt, "bom.vtt": "\ufeff" + vtt, "crlf.vtt": strings.ReplaceAll(vtt, "\n", "\r\n"), "srt.vtt": srt, "only.vtt": "WEBVTT"},
		Path:      "paragraphs.vtt",
		Before:    "WEBVTT\n\n",
		Paragraphs: []string{
			"00:01.000 --> 00:02.000\nThe first one.\n\n", "NOTE One\n\n00:03.000 --> 00:04.000\nThe <b>second</b>\none.\n\n", "x\n00:05.000 --> 00:06.000\nAnother question?\n\n",
		},
	})
}

// units returns the units of a text as lines.
func units(f *Format, data string) string {
	d, _ := f.Split("a", []byte(data))
	var b strings.Builder
	for _, u := range d.Units {
		fmt.Fprintf(&b, "%s", u.Source.Tagged())
		for _, n := range u.Notes {
			fmt.Fprintf(&b, " (%s: %s)", n.Category, n.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		vtt        bool
		data, want string
	}{
		{false, srt, "We went to the <1>old</1> market on a <2/>Saturday morning. (context: one sentence in 2 subtitles, until 00:00:05,000)\nWho is there?\nIt is <1>me</1>!\nAll in italics over two lines.\n♪ La la la ♪\n"},
		{true, vtt, "The bread is <warm> & smells<1/> of <2/>the <3>forest</3>, (context: one sentence in 2 subtitles, until 00:04.500) (author: The baker is an old man.)\nHi, I am Fred. (author: not a part of it)\nHi, I am <1/>Bill. (author: not a part of it)\n<1>東京<2/></1>へ行く。\n"},
		{false, messy, "No hours, a point\nEnds before it begins Not\n<1/>Short <3 <2/> numbers\n"},
	} {
		if got := units(&Format{VTT: c.vtt}, c.data); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

var context = regexp.MustCompile(` \(context:[^)]*\)`)

// cues makes an SRT file of texts, each of two seconds.
func cues(texts ...string) string {
	var b strings.Builder
	for i, text := range texts {
		fmt.Fprintf(&b, "%d\n00:00:%02d,000 --> 00:00:%02d,000\n%s\n\n", i+1, 2*i, 2*i+2, text)
	}
	return b.String()
}

func TestSentencesOverCues(t *testing.T) {
	for _, c := range []struct {
		cues []string
		want string
	}{
		{[]string{"We went", "to the market.", "It was open."}, "We went <1/>to the market.\nIt was open.\n"},
		{[]string{"We flew to", "Paris in May.", "Then home.", "Fine."}, "We flew to <1/>Paris in May.\nThen home.\nFine.\n"},
		{[]string{"No marks here", "Each is alone", "Though this", "goes on"}, "No marks here\nEach is alone\nThough this <1/>goes on\n"},
		{[]string{"He said:", "No.", "I thought…", "and left.", "Well...", "Good."}, "He said:\nNo.\nI thought… <1/>and left.\nWell...\nGood.\n"},
		{[]string{"<i>We went</i>", "<i>to sea.</i>", "Fine."}, "We went <1/>to sea.\nFine.\n"},
		{[]string{"One", "- two.", "[door]", "opens."}, "One\ntwo.\n[door]\nopens.\n"},
		{[]string{"昨日は、", "東京へ行った。", "楽しかった。"}, "昨日は、<1/>東京へ行った。\n楽しかった。\n"},
		{[]string{"رفتیم به بازار،", "و برگشتیم.", "خوب بود."}, "رفتیم به بازار، <1/>و برگشتیم.\nخوب بود.\n"},
	} {
		if got := context.ReplaceAllString(units(new(Format), cues(c.cues...)), ""); got != c.want {
			t.Errorf("%q: got\n%swant\n%s", c.cues, got, c.want)
		}
	}
}

// translate fills the first unit with a text in numbered tags, and returns the text of
// the cues.
func translate(t *testing.T, f *Format, locale, data, tagged string) string {
	t.Helper()
	d, _ := f.Split("a", []byte(data))
	formattest.Segment(d, nil)
	tr := bitext.NewTranslation(d, locale)
	text, err := bitext.ParseTagged(tagged, d.Units[0].Source)
	if err != nil {
		t.Fatal(err)
	}
	tr.Targets[0][0] = bitext.Target{Text: text, Filled: true}
	out, ds := f.Assemble(d, tr, &bitext.EditionMeta{Locale: locale})
	if len(ds) > 0 {
		t.Error(ds)
	}
	var texts []string
	for _, c := range parse(out, f.VTT).cues {
		texts = append(texts, string(out[c.from:c.to]))
	}
	return strings.Join(texts, "|")
}

func TestAssemble(t *testing.T) {
	two := cues("We went to the <i>old</i> market,", "which was open.")
	for _, c := range []struct{ name, locale, data, target, want string }{
		{"divided by the code", "de", two, "Wir gingen zum <1>alten</1> Markt, <2/>der offen war.", "Wir gingen zum <i>alten</i> Markt,|der offen war."},
		{"without the code", "de", two, "Wir gingen zum <1>alten</1> Markt, der offen war.", "Wir gingen zum <i>alten</i> Markt,|der offen war."},
		{"a tag over the code", "de", two, "Wir gingen <1>zum Markt, <2/>der offen</1> war.", "Wir gingen <i>zum Markt,</i>|<i>der offen</i> war."},
		{"lines of one length", "de", cues("A short text."), "Dieser Text ist so lang, dass er auf zwei Zeilen verteilt wird.", "Dieser Text ist so lang, dass er\nauf zwei Zeilen verteilt wird."},
		{"no markup from text", "de", cues("A text."), `Ein <b>Tag</b> {\an8} und 5 --> 6`, "Ein <\u2060b>Tag<\u2060/b> {\u2060\\an8} und 5 --\u2060> 6"},
		{"no line from text", "de", cues("A text."), "Ein\n\n2\n00:00:01,000 --> x", "Ein 2 00:00:01,000 --\u2060> x"},
		{"Japanese", "ja", cues("We went to Tokyo with our old friends yesterday, and it was good."), "私たちは昨日、古い友人たちと東京へ行きました。「楽しかった」です。", "私たちは昨日、古い友人た\nちと東京へ行きまし\nた。「楽しかった」です。"},
		{"Persian", "fa", two, "به بازار <1>قدیمی</1> رفتیم، <2/>که باز بود.", "به بازار <i>قدیمی</i> رفتیم،|که باز بود."},
	} {
		if got := translate(t, new(Format), c.locale, c.data, c.target); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	got := translate(t, &Format{VTT: true}, "de", "WEBVTT\nLanguage: en\n\n00:01.000 --> 00:03.000\n<v Ann>A &amp; b</v>\n", `A & <i>b -->`)
	if want := "<v Ann>A &amp; &lt;i&gt;b --&gt;</v>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLanguageOfHeader(t *testing.T) {
	f := &Format{VTT: true}
	d, _ := f.Split("a.vtt", []byte(vtt))
	out, _ := f.Assemble(d, nil, &bitext.EditionMeta{Locale: "pt-BR"})
	if want := strings.Replace(vtt, "Language: en", "Language: pt-BR", 1); string(out) != want {
		t.Error(formattest.Difference([]byte(want), out))
	}
}

func TestDiagnosed(t *testing.T) {
	for _, c := range []struct {
		vtt        bool
		data, want string
	}{
		{false, messy, "subtitles.timing:5 subtitles.text:9 subtitles.timing:16 charset.invalid:13"},
		{true, "1\n00:01.000 --> 00:02.000\nA\n", "subtitles.header:1"},
		{true, "WEBVTTX\n\n00:01.000 --> 00:02.000\nA\n", "subtitles.header:1"},
		{false, strings.Repeat("lost\n\n", 1000), strings.TrimSpace(strings.Repeat("subtitles.text ", maxProblems))},
	} {
		_, ds := (&Format{VTT: c.vtt}).Split("a", []byte(c.data))
		want := strings.Fields(c.want)
		ok := len(ds) == len(want)
		for _, d := range ds {
			found := false
			for _, w := range want {
				id, line, _ := strings.Cut(w, ":")
				found = found || id == d.ID && (line == "" || line == fmt.Sprint(d.Place.Line))
			}
			ok = ok && found
		}
		if !ok {
			t.Errorf("%.60q: %v", c.data, ds)
		}
	}
}

func TestCheck(t *testing.T) {
	long := strings.Repeat("wort ", 30)
	for _, c := range []struct{ name, locale, source, target, want string }{
		{"fits", "de", "One, two.", "Eins, zwei.", ""},
		{"too much", "de", "One, two.", strings.TrimSpace(long) + ".", "subtitles.lines subtitles.speed"},
		{"a long word", "de", "One, two.", strings.Repeat("a", 43), "subtitles.line subtitles.speed"},
		{"English can be read faster", "en-GB", "Een, twee.", strings.Repeat("a", 39), ""},
		{"German cannot", "de", "One, two.", strings.Repeat("a", 39), "subtitles.speed"},
		{"Japanese in time", "ja", "Good morning.", "おはよう。", ""},
		{"Japanese not in time", "ja", "Good morning.", "おはようございます。", "subtitles.speed"},
		{"narrow characters count half", "ja", "Good morning.", "0123456789", ""},
		{"not worse than the source", "de", strings.Repeat("b", 50), strings.Repeat("a", 50), ""},
		{"tags do not count", "de", "One <i>two</i>.", "<1>" + strings.Repeat("a", 32) + "</1>.", ""},
	} {
		f := new(Format)
		d, _ := f.Split("a", []byte(cues(c.source)))
		d.Locale = "en"
		formattest.Segment(d, nil)
		tr := bitext.NewTranslation(d, c.locale)
		text, err := bitext.ParseTagged(c.target, d.Units[0].Source)
		if err != nil {
			t.Fatal(err)
		}
		tr.Targets[0][0] = bitext.Target{Text: text, Filled: true}
		var ids []string
		for _, x := range f.Check(tr) {
			ids = append(ids, x.ID)
			if x.Place.Unit != d.Units[0].ID || x.Place.Locale != c.locale {
				t.Errorf("%s: %v", c.name, x.Place)
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	o := Options{Limits: map[string]Limits{"": {Line: 37}, "de": {Speed: 15}, "de-AT": {Lines: 3}}}
	for locale, want := range map[string]Limits{"de-AT": {37, 3, 15}, "fr": {37, 2, 17}, "ja": {37, 2, 4}} {
		if got := o.LimitsFor(locale); got != want {
			t.Errorf("%s: %v, want %v", locale, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(srt), false, uint64(1))
	f.Add([]byte(vtt), true, uint64(2))
	f.Add([]byte(messy), false, uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, vtt bool, seed uint64) {
		format := &Format{VTT: vtt}
		d, err := formattest.Check(format, "a", data, formattest.Random(seed))
		if err != nil {
			t.Fatal(err)
		}
		tr := formattest.Fill(d, formattest.Upper)
		format.Check(tr)
		// A translation makes no cue, and removes none.
		if got, want := len(parse(format.write(d, tr, nil), vtt).cues), len(parse(d.Skeleton.Data, vtt).cues); got != want {
			t.Fatalf("%d cues became %d: %q", want, got, format.write(d, tr, nil))
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	for name, data := range map[string]string{
		"film":  strings.Repeat(srt, 300),
		"tags":  cues(strings.Repeat("<i>", 50_000) + "a" + strings.Repeat("</i>", 50_000)),
		"lines": cues(strings.Repeat("<i>a</i>\n", 50_000)),
	} {
		b.Run(name, func(b *testing.B) {
			f := new(Format)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				d, _ := f.Split("a.srt", []byte(data))
				formattest.Segment(d, nil)
				f.Assemble(d, formattest.Fill(d, formattest.Upper), nil)
			}
		})
	}
}
