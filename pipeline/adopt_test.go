package pipeline

import (
	"testing"

	"hexapla/pipeline/bitext"
)

// matched builds a translation of units and a page of units, and matches them.
func matched(source []bitext.Unit, targets []string, page []bitext.Unit) []int {
	d := &bitext.Document{Format: "html", Units: source}
	for i := range d.Units {
		d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	tr := bitext.NewTranslation(d, "ru")
	for i, t := range targets {
		tr.Targets[i][0] = bitext.Target{Text: bitext.Plain(t), Filled: t != ""}
	}
	return matchUnits(tr, &bitext.Document{Format: "html", Units: page})
}

func TestMatchUnits(t *testing.T) {
	unit := func(kind bitext.Kind, text string) bitext.Unit {
		return bitext.Unit{ID: text, Kind: kind, Source: bitext.Plain(text)}
	}
	p := func(text string) bitext.Unit { return unit(bitext.Paragraph, text) }
	source := []bitext.Unit{unit(bitext.Heading, "News"), p("one two three"), p("four five six"), p("seven eight nine")}
	targets := []string{"Новости", "один два три", "четыре пять шесть", "семь восемь девять"}
	h := unit(bitext.Heading, "Новости")
	for name, tt := range map[string]struct {
		page []bitext.Unit
		want []int
	}{
		"unchanged":           {[]bitext.Unit{h, p("один два три"), p("четыре пять шесть"), p("семь восемь девять")}, []int{0, 1, 2, 3}},
		"one rewritten":       {[]bitext.Unit{h, p("один два три"), p("совсем другое"), p("семь восемь девять")}, []int{0, 1, 2, 3}},
		"one added":           {[]bitext.Unit{h, p("один два три"), p("совсем другое"), p("четыре пять шесть"), p("семь восемь девять")}, []int{0, 1, 3, 4}},
		"one removed":         {[]bitext.Unit{h, p("один два три"), p("семь восемь девять")}, []int{0, 1, -1, 2}},
		"edited behind added": {[]bitext.Unit{h, p("совсем другое"), p("один два"), p("четыре пять шесть"), p("семь восемь девять")}, []int{0, 2, 3, 4}},
		"another kind":        {[]bitext.Unit{h, unit(bitext.Quote, "один два три"), p("четыре пять шесть"), p("семь восемь девять")}, []int{0, -1, 2, 3}},
		"empty":               {nil, []int{-1, -1, -1, -1}},
	} {
		got := matched(append([]bitext.Unit{}, source...), targets, tt.page)
		for i := range tt.want {
			if got[i] != tt.want[i] {
				t.Errorf("%s: %v, want %v", name, got, tt.want)
				break
			}
		}
	}
}

func TestWithCodesOf(t *testing.T) {
	parse := func(tagged string, data map[string]string) bitext.Text {
		text, err := bitext.ParseTaggedUnbound(tagged)
		if err != nil {
			t.Fatal(err)
		}
		for i := range text.Codes {
			c := &text.Codes[i]
			c.Data = data[c.ID]
			if c.Kind == bitext.End {
				c.Data = "</" + markupName(c.Data)[1:] + ">"
			}
		}
		return text
	}
	source := parse("<1>a</1> and <2>b</2>", map[string]string{"1": `<a href="/en/x">`, "2": "<b>"})
	for _, tt := range []struct {
		page string
		data map[string]string
		want string // by the source's numbers; "" if the codes do not fit
	}{
		{"<1>a</1> and <2>b</2>", map[string]string{"1": `<a href="/ru/x">`, "2": "<b>"}, "<1>a</1> and <2>b</2>"},
		{"<1>b</1> and <2>a</2>", map[string]string{"1": "<b>", "2": `<a href="/ru/x">`}, "<2>b</2> and <1>a</1>"},
		{"a and <1>b</1>", map[string]string{"1": "<b>"}, "a and <2>b</2>"},
		{"<1>a</1> and <2>b</2>", map[string]string{"1": "<i>", "2": "<b>"}, ""},
		{"<1>a</1><2>c</2><3>b</3>", map[string]string{"1": "<b>", "2": "<b>", "3": "<a>"}, ""},
	} {
		got, ok := withCodesOf(source, source, parse(tt.page, tt.data))
		if ok != (tt.want != "") || ok && got.TaggedAs(source) != tt.want {
			t.Errorf("%s %v: %q %v, want %q", tt.page, tt.data, got.TaggedAs(source), ok, tt.want)
		}
	}
}
