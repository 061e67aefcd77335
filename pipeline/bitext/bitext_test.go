package bitext

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func code(pos int, kind CodeKind, id string) Code {
	return Code{Pos: pos, Kind: kind, ID: id, Data: "[" + kind.String() + id + "]"}
}

func TestTagged(t *testing.T) {
	pair := Text{"a bold word", []Code{code(2, Start, "7"), code(6, End, "7"), code(11, Placeholder, "x")}}
	for _, tt := range []struct {
		name string
		text Text
		want string
	}{
		{"plain", Plain("no codes, 1 < 2"), "no codes, 1 < 2"},
		{"pair and placeholder", pair, "a <1>bold</1> word<2/>"},
		{"literal tag", Plain("type <1> or </2/>"), `type \<1> or \</2/>`},
		{"literal after backslash", Plain(`\<1>`), `\\\<1>`},
		{"backslash before a code", Text{`a\`, []Code{code(2, Placeholder, "1")}}, `a\\<1/>`},
		{"backslash elsewhere", Plain(`C:\dir`), `C:\dir`},
		{"codes side by side", Text{"", []Code{code(0, Start, "1"), code(0, End, "1")}}, "<1></1>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.text.Tagged()
			if got != tt.want {
				t.Errorf("Tagged = %q, want %q", got, tt.want)
			}
			back, err := ParseTagged(got, tt.text)
			if err != nil || !back.Equal(tt.text) {
				t.Errorf("ParseTagged(%q) = %+v, %v; want %+v", got, back, err, tt.text)
			}
		})
	}
	if _, err := ParseTagged("x <9/>", pair); err == nil || !strings.Contains(err.Error(), "<9/>") {
		t.Errorf("unknown tag: got error %v", err)
	}
}

// randomText makes a text over an alphabet that is hostile to Tagged.
func randomText(r *rand.Rand) Text {
	parts := []string{"a", `\`, "<", ">", "1", "/", "<1>", "</2>", "é", "сло", " ", "<3/>"}
	var chars strings.Builder
	var t Text
	for range r.IntN(9) {
		if r.IntN(3) == 0 {
			t.Codes = append(t.Codes, code(chars.Len(), CodeKind(r.IntN(3)), string(rune('A'+len(t.Codes)))))
		}
		chars.WriteString(parts[r.IntN(len(parts))])
	}
	t.Chars = chars.String()
	return t
}

func TestTaggedRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		text := randomText(r)
		back, err := ParseTagged(text.Tagged(), text)
		if err != nil || !back.Equal(text) {
			t.Fatalf("%+v → %q → %+v, %v", text, text.Tagged(), back, err)
		}
	}
}

func FuzzParseTagged(f *testing.F) {
	f.Add(`a <1>b</1> \\<2/> \<3>`)
	f.Add(`<99999999999999999999>`)
	source := Text{"ab", []Code{code(0, Start, "1"), code(1, End, "1"), code(2, Placeholder, "2")}}
	f.Fuzz(func(t *testing.T, s string) {
		text, err := ParseTagged(s, source)
		if err != nil {
			return
		}
		again, err := ParseTagged(text.TaggedAs(source), source)
		if err != nil || !again.Equal(text) {
			t.Fatalf("%q → %+v → %q → %+v, %v", s, text, text.TaggedAs(source), again, err)
		}
	})
}

func TestSliceJoin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		text := randomText(r)
		c := r.IntN(len(text.Codes) + 1)
		lo, hi := 0, len(text.Chars)
		if c > 0 {
			lo = text.Codes[c-1].Pos
		}
		if c < len(text.Codes) {
			hi = text.Codes[c].Pos
		}
		cut := Boundary{Pos: lo + r.IntN(hi-lo+1), Code: c}
		if got := Join(text.Slice(Boundary{}, cut), text.Slice(cut, text.End())); !got.Equal(text) {
			t.Fatalf("cut %+v of %+v joins to %+v", cut, text, got)
		}
	}
}

func TestIsNFC(t *testing.T) {
	for r := rune(1); r < 0x20000; r++ {
		for _, before := range []string{"a", "и", "α", "か", "가", "漢"} {
			if s := before + string(r); utf8.ValidRune(r) && isNFC(s) && !norm.NFC.IsNormalString(s) {
				t.Errorf("%U is not kept by NFC behind %s", r, before)
			}
		}
	}
	for _, s := range []string{"", "Съешь ещё «булок» — “да”…", "naïve", "Η γρήγορη αλεπού", "ひらがなとカタカナ、漢字。", "한국어 문장입니다.", "می\u200cخواهم، ۱۲ کتاب", "a → b ≤ c"} {
		if !isNFC(s) {
			t.Errorf("%q takes the long way", s)
		}
	}
	if got := Plain("e\u0301").Key(); got != "é" {
		t.Errorf("Key = %q", got)
	}
}

func TestCompareCodes(t *testing.T) {
	src := Text{"one two", []Code{code(0, Start, "1"), code(3, End, "1"), code(7, Placeholder, "2")}}
	fixed := src.Clone()
	for i := range fixed.Codes {
		fixed.Codes[i].NoReorder = true
	}
	for _, tt := range []struct {
		name   string
		source Text
		target string
		want   string
	}{
		{"same", src, "<1>a</1> b<2/>", ""},
		{"moved", src, "<2/>a <1>b</1>", ""},
		{"copied placeholder", src, "<1>a</1><2/><2/>", ""},
		{"lost", src, "<1>a</1>", "lost 2"},
		{"lost end", src, "<1>a<2/>", "lost 1"},
		{"doubled pair", src, "<1>a</1><1>b</1><2/>", "doubled 1,doubled 1"},
		{"end first", src, "a</1><1>b<2/>", "unbalanced 1"},
		{"may not move", fixed, "<2/>a <1>b</1>", "reordered 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target, err := ParseTagged(tt.target, tt.source)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range CompareCodes(tt.source, target) {
				got = append(got, p.Kind.String()+" "+p.Code.ID)
			}
			if s := strings.Join(got, ","); s != tt.want {
				t.Errorf("CompareCodes = %q, want %q", s, tt.want)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	var ids IDs
	a := ids.Content(Paragraph, Plain("And, it wouldn't be the first time."))
	if b := ids.Content(Paragraph, Plain("And, it wouldn't be the first time.")); b != a+".2" {
		t.Errorf("the same text again: %q, want %q", b, a+".2")
	}
	var others IDs
	others.Content(Paragraph, Plain("An unrelated paragraph."))
	if b := others.Content(Paragraph, Plain("And, it wouldn't be the first time.")); b != a {
		t.Errorf("beside an unrelated paragraph: %q, want %q", b, a)
	}
	// The same text very often, as "0" in a table, must not take long.
	for i := 3; i < 50_000; i++ {
		if got := ids.Content(Paragraph, Plain("And, it wouldn't be the first time.")); got != a+"."+strconv.Itoa(i) {
			t.Fatalf("the same text for the %dth time: %q", i, got)
		}
	}
	if got := ids.Named("x.2") + " " + ids.Named("x") + " " + ids.Named("x") + " " + ids.Named("x"); got != "x.2 x x.3 x.4" {
		t.Errorf("names that look numbered: %s", got)
	}
	if got := ids.Named("og:title"); got != "og_title" {
		t.Errorf("Named = %q", got)
	}
	if got := ids.Named("og_title"); got != "og_title.2" {
		t.Errorf("Named again = %q", got)
	}
}

// A unit of very many codes is written in time that grows with it, not with its
// square; and an ID that comes twice is looked for in the segment first.
func TestSpliceManyCodes(t *testing.T) {
	const n = 100_000
	var data strings.Builder
	u := Unit{ID: "p"}
	h := UnitSpan{}
	for i := range n {
		c := Code{Pos: i, Kind: Placeholder, ID: strconv.Itoa(i % (n / 2)), Data: "<" + strconv.Itoa(i) + ">"}
		u.Source.Codes = append(u.Source.Codes, c)
		h.Codes = append(h.Codes, data.Len())
		data.WriteString(c.Data + "x")
		h.Anchors = append(h.Anchors, Anchor{i, data.Len() - 1})
	}
	u.Source.Chars = strings.Repeat("x", n)
	h.End = data.Len()
	d := &Document{Skeleton: Skeleton{Data: []byte(data.String()), Spans: []UnitSpan{h}}, Units: []Unit{u}}
	d.Units[0].SegmentAt([]Boundary{{n / 2, n / 2}}, func(int, Text) bool { return false })
	tr := NewTranslation(d, "xx")
	for i := range tr.Targets[0] {
		target := d.Units[0].Segments[i].Source.Clone()
		target.Chars = strings.ToUpper(target.Chars)
		tr.Targets[0][i] = Target{Filled: true, Text: target}
	}
	s := Splicer{Encode: func(dst []byte, _ *UnitSpan, chars string) []byte { return append(dst, chars...) }}
	if got := string(s.Splice(d, tr, nil)); got != strings.ToUpper(data.String()) {
		t.Error("the codes are not those of the segments")
	}
}

// page is a small document: a paragraph of two sentences with a bold word and an
// image, whose alternative text is a unit of its own.
func page() *Document {
	const data = `<p>One &amp; <b>two</b>.  <img alt="A cat"> Three.</p>`
	at := func(s string) int { return strings.Index(data, s) }
	d := &Document{Skeleton: Skeleton{Data: []byte(data)}}
	d.Units = []Unit{
		{ID: "p", Source: Text{"One & two.  Three.", []Code{
			{Pos: 6, Kind: Start, ID: "1", Data: "<b>"},
			{Pos: 9, Kind: End, ID: "1", Data: "</b>"},
			{Pos: 11, Kind: Placeholder, ID: "2", Data: `<img alt="A cat">`, Subflows: []string{"alt"}},
		}}},
		{ID: "alt", Source: Plain("A cat")},
	}
	d.Skeleton.Spans = []UnitSpan{
		{Unit: 0, Start: at("One"), End: at("</p>"), Anchors: []Anchor{
			{0, at("One")}, {5, at(" <b>")}, {6, at("two")}, {9, at(".  <img")}, {12, at(" Three") + 1},
		}, Codes: []int{at("<b>"), at("</b>"), at("<img")}},
		{Unit: 1, Start: at("A cat"), End: at(`">`), Context: "attribute"},
	}
	// The two spaces and the image between the sentences are one ignorable part;
	// the raw space behind the image is folded into the one before it.
	d.Units[0].SegmentAt([]Boundary{{10, 2}, {12, 3}}, func(i int, _ Text) bool { return i == 1 })
	d.Units[1].SegmentAt(nil, func(int, Text) bool { return false })
	return d
}

func TestSplice(t *testing.T) {
	d := page()
	s := Splicer{
		Encode: func(dst []byte, h *UnitSpan, chars string) []byte {
			return append(dst, strings.ReplaceAll(strings.ToUpper(chars), "&", "&amp;")...)
		},
		Wrap: func(_ *UnitSpan, t *Target) (string, string) { return "{" + t.Locale + ":", "}" },
	}
	data := string(d.Skeleton.Data)
	if got := string(s.Splice(d, nil, nil)); got != data {
		t.Errorf("without a translation:\n%s\nwant\n%s", got, data)
	}
	tr := NewTranslation(d, "xx")
	for i := range d.Units {
		for j := range d.Units[i].Segments {
			tr.Targets[i][j] = Target{Filled: true, Text: d.Units[i].Segments[j].Source}
		}
	}
	if got := string(s.Splice(d, tr, nil)); got != data {
		t.Errorf("targets equal to sources:\n%s\nwant\n%s", got, data)
	}
	set := func(u, seg int, tagged string) {
		text, err := ParseTagged(tagged, d.Units[u].Segments[seg].Source)
		if err != nil {
			t.Fatal(err)
		}
		tr.Targets[u][seg].Text = text
	}
	set(0, 0, "<1>zwei</1> & eins.")
	set(1, 0, "eine Katze")
	tr.Targets[0][2].Locale = "en"
	img := strings.Index(data, "<img")
	got := string(s.Splice(d, tr, []Edit{{0, 0, "^"}, {img + 4, img + 4, " x"}, {len(data), len(data), "$"}}))
	want := `^<p><b>ZWEI</b> &amp; EINS.  <img x alt="EINE KATZE"> {en:Three.}</p>$`
	if got != want {
		t.Errorf("translated:\n%s\nwant\n%s", got, want)
	}
}

// parseTaggedReference is ParseTagged with a regular expression and maps.
func parseTaggedReference(s string, source Text) (Text, bool) {
	n := numbers(source)
	var b strings.Builder
	var codes []Code
	at := 0
	for _, m := range tagLike().FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		at = m[1]
		slashes, tag := m[3]-m[2], s[m[3]:m[1]]
		b.WriteString(strings.Repeat(`\`, slashes/2))
		end, alone := m[5] > m[4], m[9] > m[8]
		if slashes%2 == 1 || end && alone {
			b.WriteString(tag)
			continue
		}
		kind := Start
		if end {
			kind = End
		} else if alone {
			kind = Placeholder
		}
		num, err := strconv.Atoi(s[m[6]:m[7]])
		i := slices.IndexFunc(source.Codes, func(c Code) bool { return n[c.ID] == num && c.Kind == kind })
		if err != nil || i < 0 {
			return Text{}, false
		}
		c := source.Codes[i]
		c.Pos = b.Len()
		codes = append(codes, c)
	}
	b.WriteString(s[at:])
	return Text{Chars: b.String(), Codes: codes}, true
}

// FuzzRebind holds the quick ways of ParseTagged, Rebind and CompareCodes against the
// long ones.
func FuzzRebind(f *testing.F) {
	f.Add(`a <1>b</1> <2/>`, `x \<1>y<1>z</1>\\<2/> </3/> <`, uint16(0x1234))
	f.Add(`<1/><1/>`, `<1/`, uint16(7))
	f.Add(`<1><2></1></2>`, `<1><2></1></2>`, uint16(0))
	f.Add(`</1><1>`, `</1><1>`, uint16(0xffff))
	f.Fuzz(func(t *testing.T, s, u string, shift uint16) {
		source, err := ParseTaggedUnbound(s)
		if err != nil {
			return
		}
		got, err := ParseTagged(u, source)
		want, ok := parseTaggedReference(u, source)
		if ok != (err == nil) || ok && !reflect.DeepEqual(got, want) {
			t.Fatalf("ParseTagged(%q, %q) = %+v, %v; want %+v", u, s, got, err, want)
		}
		if err != nil {
			return
		}
		from := source.Clone()
		for i := range from.Codes {
			from.Codes[i].Data = "other"
			if shift>>(i%16)&1 == 1 {
				from.Codes[i].ID += "x"
			}
		}
		a, err1 := got.Rebind(from, source)
		b, err2 := ParseTagged(got.TaggedAs(from), source)
		if (err1 == nil) != (err2 == nil) || !reflect.DeepEqual(a, b) {
			t.Fatalf("Rebind: %+v, %v; want %+v, %v", a, err1, b, err2)
		}
		if sameCodes(source.Codes, got.Codes) {
			long := source.Clone()
			for range 17 {
				long.Codes = append(long.Codes, Code{Pos: len(long.Chars), ID: "end"})
			}
			target := got.Clone()
			target.Codes = append(target.Codes, long.Codes[len(source.Codes):]...)
			if problems := CompareCodes(long, target); len(problems) > 0 {
				t.Fatalf("CompareCodes: %+v", problems)
			}
		}
	})
}

// TestTaggedExpression compares the escapes of Tagged with the expression that says what
// reads as a tag.
func TestTaggedExpression(t *testing.T) {
	parts := []string{`\`, "<", ">", "/", "1", "23", "a", "<1>", "</1>", "<2/>", `\<1>`, "<<1>>", " "}
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		var s strings.Builder
		for range r.IntN(9) {
			s.WriteString(parts[r.IntN(len(parts))])
		}
		chars := s.String()
		want := tagLike().ReplaceAllStringFunc(chars, func(m string) string {
			return strings.Repeat(`\`, strings.IndexByte(m, '<')+1) + m
		})
		if got := Plain(chars).Tagged(); got != want {
			t.Fatalf("Tagged(%q) = %q, want %q", chars, got, want)
		}
	}
}
