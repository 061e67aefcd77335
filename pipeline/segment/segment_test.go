package segment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// show writes a unit's parts with codes as tags: sentences in [ ], ignorable
// parts in { }.
func show(u *bitext.Unit) string {
	var b strings.Builder
	for _, s := range u.Segments {
		open, end := "[", "]"
		if s.Ignorable {
			open, end = "{", "}"
		}
		b.WriteString(open)
		for p := range s.Source.Pieces() {
			if p.Code != nil {
				b.WriteString(p.Code.Data)
			} else {
				b.WriteString(p.Chars)
			}
		}
		b.WriteString(end)
	}
	return b.String()
}

// marked makes a text from characters with <a> </a> for a pair and <x/> for a
// placeholder; <br/> means a line end.
func marked(s string) bitext.Text {
	var t bitext.Text
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			t.Chars += s
			break
		}
		t.Chars += s[:i]
		end := i + strings.IndexByte(s[i:], '>') + 1
		c := bitext.Code{Pos: len(t.Chars), Kind: bitext.Start, Data: s[i:end]}
		c.ID = strings.Trim(c.Data, "</>")
		switch {
		case strings.HasPrefix(c.Data, "</"):
			c.Kind = bitext.End
		case strings.HasSuffix(c.Data, "/>"):
			c.Kind = bitext.Placeholder
			if c.ID == "br" {
				c.Equiv = "\n"
			}
			c.ID += fmt.Sprint(len(t.Codes))
		}
		t.Codes = append(t.Codes, c)
		s = s[end:]
	}
	return t
}

func TestSegment(t *testing.T) {
	en := Default().For("en")
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "One thing. Another thing.", "[One thing.]{ }[Another thing.]"},
		{"edges", "  One. \n", "{  }[One.]{ \n}"},
		{"empty", "", "{}"},
		{"white", " \t ", "{ \t }"},
		{"only codes", "<x/> <b></b>", "{<x/> <b></b>}"},
		{"opening code", "One. <b>Two</b> three.", "[One.]{ }[<b>Two</b> three.]"},
		{"closing code", "<b>One.</b> Two.", "[<b>One.</b>]{ }[Two.]"},
		{"closing code behind the space", "<b>One. </b>Two.", "[<b>One. </b>]{}[Two.]"},
		{"opening code before the space", "One.<b> Two.</b>", "[One.]{}[<b> Two.</b>]"},
		{"both", "<a>One.</a> <b>Two.</b>", "[<a>One.</a>]{ }[<b>Two.</b>]"},
		{"crossing", "<a>One.<b> </a>Two.</b>", "[<a>One.]{<b> </a>}[Two.</b>]"},
		{"footnote mark", "One.<x/> Two.", "[One.<x/>]{ }[Two.]"},
		{"picture before a sentence", "One. <x/>Two.", "[One.]{ }[<x/>Two.]"},
		{"picture between", "One. <x/> Two.", "[One.]{ <x/> }[Two.]"},
		{"empty pair between", "One. <b></b> Two.", "[One.]{ <b></b> }[Two.]"},
		{"code in a word", "O<b>n</b>e. T<i>w</i>o.", "[O<b>n</b>e.]{ }[T<i>w</i>o.]"},
		{"code before the stop", "<b>One</b>. Two.", "[<b>One</b>.]{ }[Two.]"},
		{"span over a break", "<b>One. Two.</b>", "[<b>One.]{ }[Two.</b>]"},
		{"line end of markup", "The U.S.\nSenate met.\nIt rose.", "[The U.S.\nSenate met.]{\n}[It rose.]"},
		{"break in a headline", "Pact With<br/>Moscow", "[Pact With<br/>Moscow]"},
		{"break at a stop", "One.<br/>Two.", "[One.]{<br/>}[Two.]"},
		{"two breaks", "By A. Writer<br/><br/>Prague", "[By A. Writer]{<br/><br/>}[Prague]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u := bitext.Unit{Source: marked(tt.text)}
			en.Segment(&u)
			if got := show(&u); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			checkLaw(t, &u)
		})
	}
}

// TestHeadings: in titles and headings an abbreviation before a capital ends nothing.
func TestHeadings(t *testing.T) {
	for _, tt := range []struct{ locale, text, paragraph, heading string }{
		{"en", "Talks with U.S. The end of an era", "Talks with U.S. | The end of an era", "Talks with U.S. The end of an era"},
		{"en", "War in Ukraine. What comes next?", "War in Ukraine. | What comes next?", "War in Ukraine. | What comes next?"},
		{"ru", "Снег в 9 ч. Дороги закрыты", "Снег в 9 ч. | Дороги закрыты", "Снег в 9 ч. Дороги закрыты"},
		{"sr-Latn", "Grad do 12 km. Put u svet", "Grad do 12 km. | Put u svet", "Grad do 12 km. Put u svet"},
		{"ja", "開戦。次は何か", "開戦。 | 次は何か", "開戦。 | 次は何か"},
	} {
		for kind, want := range map[bitext.Kind]string{bitext.Paragraph: tt.paragraph, bitext.Heading: tt.heading, bitext.Title: tt.heading} {
			u := bitext.Unit{Source: bitext.Plain(tt.text), Kind: kind}
			Default().For(tt.locale).Segment(&u)
			var got []string
			for _, s := range u.Segments {
				if !s.Ignorable {
					got = append(got, s.Source.Chars)
				}
			}
			if g := strings.Join(got, " | "); g != want {
				t.Errorf("%s %s: got %q, want %q", tt.locale, kind, g, want)
			}
			checkLaw(t, &u)
		}
	}
}

// checkLaw tests what holds for every segmented unit.
func checkLaw(t *testing.T, u *bitext.Unit) {
	t.Helper()
	var parts []bitext.Text
	at := bitext.Boundary{}
	for i, s := range u.Segments {
		if s.From != at {
			t.Fatalf("part %d begins at %v, want %v", i, s.From, at)
		}
		at = s.To
		parts = append(parts, s.Source)
		if i > 0 && s.Ignorable == u.Segments[i-1].Ignorable {
			t.Fatalf("parts %d and %d are of the same kind: %s", i-1, i, show(u))
		}
		if s.Ignorable != (strings.TrimSpace(s.Source.Chars) == "") {
			t.Fatalf("part %d is ignorable: %v, but has %q", i, s.Ignorable, s.Source.Chars)
		}
	}
	if at != u.Source.End() {
		t.Fatalf("the parts end at %v, want %v", at, u.Source.End())
	}
	joined := bitext.Join(parts...)
	if joined.Chars != u.Source.Chars || !slices.EqualFunc(joined.Codes, u.Source.Codes, func(a, b bitext.Code) bool {
		return a.Pos == b.Pos && a.Kind == b.Kind && a.ID == b.ID && a.Data == b.Data
	}) {
		t.Fatalf("the parts join to %+v, want %+v", joined, u.Source)
	}
}

// TestPreserve: a line end counts where white space is kept, and nowhere else.
func TestPreserve(t *testing.T) {
	for _, tt := range []struct {
		text     string
		preserve bool
		want     string
	}{
		{"会議は東京で行われ、各国の代表が集まって\n話し合いました。次は\n来年です。", true, "[会議は東京で行われ、各国の代表が集まって\n話し合いました。]{}[次は\n来年です。]"},
		{"会议在北京举行，各国代表讨论了环境问题并且\n达成了协议。\n名单\n张三", true, "[会议在北京举行，各国代表讨论了环境问题并且\n达成了协议。]{\n}[名单]{\n}[张三]"},
		{"One line\nAnother line", true, "[One line]{\n}[Another line]"},
		{"One line\nAnother line", false, "[One line\nAnother line]"},
		{"One sentence\nthat goes on.", true, "[One sentence\nthat goes on.]"},
		{"milk\nbread\nsalt", true, "[milk]{\n}[bread]{\n}[salt]"},
		{"A\r\n\r\nB", true, "[A]{\r\n\r\n}[B]"},
	} {
		u := bitext.Unit{Source: bitext.Plain(tt.text), Preserve: tt.preserve}
		lang := "en"
		if strings.ContainsRune(tt.text, 'は') {
			lang = "ja"
		} else if strings.ContainsRune(tt.text, '在') {
			lang = "zh"
		}
		Default().For(lang).Segment(&u)
		if got := show(&u); got != tt.want {
			t.Errorf("preserve %v:\ngot  %q\nwant %q", tt.preserve, got, tt.want)
		}
		checkLaw(t, &u)
	}
}

// TestFormatHandle: the file says where codes at a break go.
func TestFormatHandle(t *testing.T) {
	file := func(start, end, isolated string) []byte {
		return []byte(strings.Replace(srx(`\.`, `\s|\w`), `cascade="no"/>`, `cascade="no"><formathandle type="start" include="`+start+
			`"/><formathandle type="end" include="`+end+`"/><formathandle type="isolated" include="`+isolated+`"/></header>`, 1))
	}
	for _, tt := range []struct{ start, end, isolated, text, want string }{
		{"no", "yes", "no", "<a>A.</a> <b>B.</b>", "[<a>A.</a>]{ }[<b>B.</b>]"},
		{"no", "yes", "no", "A.<x/> B.", "[A.]{<x/> }[B.]"},
		{"no", "yes", "yes", "A.<x/> B.", "[A.<x/>]{ }[B.]"},
		{"no", "no", "no", "<a>A.</a>B.", "[<a>A.]{}[</a>B.]"},
		{"yes", "yes", "no", "A.<b>B.</b>", "[A.<b>]{}[B.</b>]"},
	} {
		rules, ds := Parse("t.srx", file(tt.start, tt.end, tt.isolated))
		if rules == nil {
			t.Fatal(ds)
		}
		u := bitext.Unit{Source: marked(tt.text)}
		rules.For("en").Segment(&u)
		if got := show(&u); got != tt.want {
			t.Errorf("start %s, end %s, isolated %s, %s:\ngot  %s\nwant %s", tt.start, tt.end, tt.isolated, tt.text, got, tt.want)
		}
		checkLaw(t, &u)
	}
}

// TestVisibleCodes holds that code that is read with a sentence belongs to it, also at
// its edges, and that other codes stay where they were.
func TestVisibleCodes(t *testing.T) {
	span := func(pos int, id string) bitext.Code {
		return bitext.Code{Pos: pos, ID: id, Data: "`x`", Equiv: "x", Type: "other"}
	}
	image := func(pos int, id string) bitext.Code {
		return bitext.Code{Pos: pos, ID: id, Data: "<img>", Type: "image"}
	}
	variable := func(pos int, id, data string) bitext.Code {
		return bitext.Code{Pos: pos, ID: id, Data: data, Type: "other", NoDelete: true}
	}
	for _, tt := range []struct {
		chars string
		codes []bitext.Code
		want  []string
	}{
		{"Use the ", []bitext.Code{span(8, "1")}, []string{"Use the <1/>"}},
		{" is it.", []bitext.Code{span(0, "1")}, []string{"<1/> is it."}},
		{"One ends.  Is next. See  and ", []bitext.Code{span(10, "1"), span(24, "2"), span(29, "3")}, []string{"One ends.", "<1/> Is next.", "See <1/> and <2/>"}},
		{"A picture ", []bitext.Code{image(10, "1")}, []string{"A picture"}},
		{"Hello ", []bitext.Code{variable(6, "1", "{{ name }}")}, []string{"Hello <1/>"}},
		{"Hello ", []bitext.Code{variable(6, "1", "{# a comment #}")}, []string{"Hello"}},
	} {
		u := bitext.Unit{Source: bitext.Text{Chars: tt.chars, Codes: tt.codes}}
		Default().For("en").Segment(&u)
		var got []string
		for _, s := range u.Segments {
			if !s.Ignorable {
				got = append(got, s.Source.Tagged())
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.chars, got, tt.want)
		}
	}
}
