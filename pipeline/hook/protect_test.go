package hook

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

func code(pos int, kind bitext.CodeKind, id string) bitext.Code {
	return bitext.Code{Pos: pos, Kind: kind, ID: id, Data: "[" + kind.String() + id + "]"}
}

func TestProtect(t *testing.T) {
	for _, tt := range []struct {
		name string
		text bitext.Text
		keep []string
		want string
	}{
		{"nothing", bitext.Plain("plain"), nil, "plain"},
		{"term", bitext.Plain("by Interfax and Reuters"), []string{"Interfax", "Reuters"}, "by <1/> and <2/>"},
		{"term across a code", bitext.Text{Chars: "Radio Free", Codes: []bitext.Code{code(6, bitext.Start, "1"), code(10, bitext.End, "1")}}, []string{"Radio Free"}, "<1/><2><3/></2>"},
		{"code at a term's edges", bitext.Text{Chars: "x Kyiv y", Codes: []bitext.Code{code(2, bitext.Start, "1"), code(6, bitext.End, "1")}}, []string{"Kyiv"}, "x <1><2/></1> y"},
		{"addresses", bitext.Plain("see https://a.example/b?c=d. Or a@b.example, www.c.example!"), nil, "see <1/>. Or <2/>, <3/>!"},
		{"no addresses", bitext.Plain("at 3@4, and/or a.b"), nil, "at 3@4, and/or a.b"},
		{"controls and bytes", bitext.Plain("a\x00b\u0085c\xffd\te\n"), nil, "a<1/>b<2/>c<3/>d\te\n"},
		{"term in an address", bitext.Plain("https://kyiv.example/x"), []string{"kyiv"}, "<1/>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var terms []bitext.TermMark
			for _, k := range tt.keep {
				i := strings.Index(tt.text.Chars, k)
				terms = append(terms, bitext.TermMark{Start: i, End: i + len(k), DoNotTranslate: true})
			}
			got := protect(tt.text, terms)
			if s := got.Tagged(); s != tt.want {
				t.Errorf("protect = %q, want %q", s, tt.want)
			}
			if back := unprotect(got); !back.Equal(tt.text) {
				t.Errorf("unprotect = %q, want %q", back.Tagged(), tt.text.Tagged())
			}
		})
	}
}

func TestPeel(t *testing.T) {
	for _, tt := range []struct{ text, lead, inner, trail string }{
		{"plain", "", "plain", ""},
		{" a \n", " ", "a", " \n"},
		{"<1>a b</1>", "<1>", "a b", "</1>"},
		{" <1> <2>a</2> </1> ", " <1> <2>", "a", "</2> </1> "},
		{"<1>a</1> <2>b</2>", "", "<1>a</1> <2>b</2>", ""},
		{"<1/>a<2/>", "", "<1/>a<2/>", ""},
		{"<1>half", "<1>", "half", ""},
		{"other half</1>.", "", "other half</1>.", ""},
		{"other half</1>", "", "other half", "</1>"},
		{"  ", "  ", "", ""},
		{"<1></1>", "<1>", "", "</1>"},
		{"<1><2>a</1></2>", "", "<1><2>a</1></2>", ""},
	} {
		text := parse(t, tt.text)
		lead, inner, trail := splitEdges(text)
		if lead.TaggedAs(text) != tt.lead || inner.TaggedAs(text) != tt.inner || trail.TaggedAs(text) != tt.trail {
			t.Errorf("%q: %q, %q, %q; want %q, %q, %q", tt.text, lead.TaggedAs(text), inner.TaggedAs(text), trail.TaggedAs(text), tt.lead, tt.inner, tt.trail)
		}
	}
}

// alphabet has a pair for each of 1 to 4 and a placeholder for 5 to 7.
var alphabet = func() bitext.Text {
	var t bitext.Text
	for _, id := range []string{"1", "2", "3", "4"} {
		t.Codes = append(t.Codes, code(0, bitext.Start, id), code(0, bitext.End, id))
	}
	for _, id := range []string{"5", "6", "7"} {
		t.Codes = append(t.Codes, code(0, bitext.Placeholder, id))
	}
	t.Codes[8].Equiv = "\n"
	return t
}()

func parse(t *testing.T, tagged string) bitext.Text {
	t.Helper()
	for i, c := range alphabet.Codes[:8] {
		if c.Kind == bitext.Start && strings.Contains(tagged, "<"+c.ID+"/>") {
			a := alphabet.Clone()
			a.Codes[i].Kind = bitext.Placeholder
			a.Codes = slices.Delete(a.Codes, i+1, i+2)
			text, err := bitext.ParseTagged(tagged, a)
			if err == nil {
				return text
			}
		}
	}
	text, err := bitext.ParseTagged(strings.NewReplacer("<1/>", "<5/>", "<2/>", "<6/>").Replace(tagged), alphabet)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// laws are what holds for every text: what is protected, without its edges, encoded and
// decoded without a change comes back as it was.
func laws(t *testing.T, text bitext.Text, terms []bitext.TermMark) {
	t.Helper()
	p := protect(text, terms)
	if back := unprotect(p); !back.Equal(text) {
		t.Fatalf("protect: %+v → %+v → %+v", text, p, back)
	}
	lead, inner, trail := splitEdges(p)
	if back := bitext.Join(lead, inner, trail); !back.Equal(p) {
		t.Fatalf("splitEdges: %+v → %+v, %+v, %+v", p, lead, inner, trail)
	}
	for _, m := range []Markup{Tagged(), HTML()} {
		s := m.Encode(inner)
		back, err := m.Decode(s, inner)
		if err != nil || !back.Equal(inner) {
			t.Fatalf("%T: %+v → %q → %+v, %v", m, inner, s, back, err)
		}
		if !translatable(inner) || len(bitext.CompareCodes(inner, inner)) > 0 {
			continue // no unit has an End before its Start
		}
		answer, err := decode(m, s, inner)
		if err != nil || !answer.Equal(inner) {
			t.Fatalf("%T: %q is answered with itself and read as %+v, %v", m, s, answer, err)
		}
	}
}

func TestLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", `\`, "<", ">", "1", "/", "<1>", "</2>", "é", "сло", " ", "&amp;", "&", "\r", "\n", "\x00", "\xff", "x@y.z", "https://e.org/", "\u00a0", "\u200f"}
	for range 50_000 {
		var b strings.Builder
		var text bitext.Text
		used := map[string]bool{}
		for range r.IntN(10) {
			if c := alphabet.Codes[r.IntN(len(alphabet.Codes))]; r.IntN(2) == 0 && !used[c.ID+c.Kind.String()] {
				used[c.ID+c.Kind.String()] = true
				c.Pos = b.Len()
				text.Codes = append(text.Codes, c)
			}
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text.Chars = b.String()
		var terms []bitext.TermMark
		if n := len(text.Chars); n > 0 {
			start := r.IntN(n)
			terms = append(terms, bitext.TermMark{Start: start, End: start + 1 + r.IntN(n-start), DoNotTranslate: true})
		}
		laws(t, text, terms)
	}
}

func FuzzProtect(f *testing.F) {
	f.Add("a <1>b</1> <5/> https://example.org/ \x00 \xff", "<1>x</1>", 2, 7)
	f.Add("<1><2>c</1></2> &amp; \r\n <", `<span id="1" translate="no">q</span><br id=2>`, 0, 100)
	f.Add("</3><6/> <7/>", "&lt;<!-- --><img id=1/></span>", -1, 3)
	f.Fuzz(func(t *testing.T, tagged, answer string, start, end int) {
		text, err := bitext.ParseTagged(tagged, alphabet)
		if err != nil {
			return
		}
		used := map[string]bool{}
		for _, c := range text.Codes {
			if used[c.ID+c.Kind.String()] {
				return // codes of a source are there once
			}
			used[c.ID+c.Kind.String()] = true
		}
		terms := []bitext.TermMark{{Start: start, End: end, DoNotTranslate: true}, {Start: end, End: end + 3, DoNotTranslate: true}}
		laws(t, text, terms)
		// What an engine makes up must not break anything either.
		_, inner, _ := splitEdges(protect(text, terms))
		for _, m := range []Markup{Tagged(), HTML()} {
			got, err := decode(m, answer, inner)
			if err != nil {
				if got, ok := repair(inner, got); ok && compare(inner, got) != nil {
					t.Fatalf("%T: %q mended to %+v", m, answer, got)
				}
				continue
			}
			if p := bitext.CompareCodes(inner, got); len(p) > 0 {
				t.Fatalf("%T: %q is taken for sound: %v", m, answer, p)
			}
		}
	})
}
