// Package exchangetest is the one suite that every Codec runs: generated documents
// go out and come back the same.
package exchangetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// Test holds a codec to its law. forget clears in a unit what the file type has
// no place for; it is applied to both sides, so that what a type loses is said in
// its test.
func Test(t *testing.T, c exchange.Codec, o exchange.Options, forget func(*exchange.Unit)) {
	t.Helper()
	t.Run("round trip", func(t *testing.T) {
		for seed := range uint64(200) {
			units := Generate(seed)
			data := encode(t, c, o, units)
			got := decode(t, c, data)
			for _, u := range units {
				normalize(u, forget)
			}
			for _, u := range got {
				normalize(u, forget)
			}
			if diff := cmp.Diff(units, got, options); diff != "" {
				t.Fatalf("seed %d: decoded units differ (-want +got):\n%s\nfile:\n%s", seed, diff, clip(data))
			}
		}
	})
	t.Run("deterministic", func(t *testing.T) {
		a, b := encode(t, c, o, Generate(1)), encode(t, c, o, Generate(1))
		if !bytes.Equal(a, b) {
			t.Errorf("two encodings differ:\n%s\n\n%s", clip(a), clip(b))
		}
	})
	t.Run("stable", func(t *testing.T) {
		for seed := range uint64(20) {
			units := Generate(seed)
			for _, u := range units {
				normalize(u, forget)
			}
			first := encode(t, c, o, units)
			again := encode(t, c, o, decode(t, c, first))
			if !bytes.Equal(first, again) {
				t.Fatalf("seed %d: decoded and encoded again, the file differs:\n%s\n\n%s", seed, clip(first), clip(again))
			}
		}
	})
	t.Run("truncated", func(t *testing.T) {
		data := encode(t, c, o, Generate(3))
		for n := 0; n < len(data); n += max(1, len(data)/97) {
			for _, err := range c.Decode("truncated", bytes.NewReader(data[:n])) {
				_ = err // any answer but a panic
			}
		}
	})
	t.Run("empty", func(t *testing.T) {
		if got := decode(t, c, encode(t, c, o, nil)); len(got) != 0 {
			t.Errorf("a file of no units decodes to %d", len(got))
		}
	})
}

var options = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(exchange.Unit{}, "Line", "Column"),
}

func clip(data []byte) string {
	if len(data) > 4000 {
		return string(data[:4000]) + "…"
	}
	return string(data)
}

func encode(t *testing.T, c exchange.Codec, o exchange.Options, units []*exchange.Unit) []byte {
	t.Helper()
	var b bytes.Buffer
	e, err := c.Encode(&b, o)
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

func decode(t *testing.T, c exchange.Codec, data []byte) []*exchange.Unit {
	t.Helper()
	var out []*exchange.Unit
	for u, err := range c.Decode("generated", bytes.NewReader(data)) {
		if err != nil {
			t.Fatalf("%v\nfile:\n%s", err, clip(data))
		}
		out = append(out, u)
	}
	return out
}

// normalize makes two units comparable: places of codes and cuts follow from the
// rest, and an unfilled target says nothing.
func normalize(u *exchange.Unit, forget func(*exchange.Unit)) {
	h := *u.Header
	u.Header = &h
	forget(u)
	exchange.SetSourceFromSegments(&u.Unit)
	for i := range u.Targets {
		if t := &u.Targets[i]; !t.Filled {
			*t = bitext.Target{Matches: t.Matches, Terms: t.Terms}
		}
	}
}

// Flat forgets what a file type of one row or entry a segment has no place for:
// ignorable segments, codes but for their numbers, all proposals but the best, and
// what is said of a target beside its text, state and author.
func Flat(u *exchange.Unit) {
	u.Header.Notes = nil
	u.Preserve = false
	var segments []bitext.Segment
	var targets []bitext.Target
	for i, s := range u.Segments {
		if s.Ignorable {
			continue
		}
		t := u.Targets[i]
		if t.Filled {
			t.Text = numbered(t.Text.TaggedAs(s.Source))
		}
		s.Source = numbered(s.Source.Tagged())
		t.Match, t.Locale, t.Terms = bitext.NoMatch, "", nil
		if t.Origin.Name != "" {
			t.Origin = bitext.Origin{Kind: bitext.FromImport, Name: t.Origin.Name}
		} else {
			t.Origin = bitext.Origin{}
		}
		if len(t.Matches) > 0 {
			m := t.Matches[0]
			t.Matches = []bitext.Match{{Type: m.Type, Score: m.Score, Source: numbered(m.Source.Tagged()), Target: numbered(m.Target.TaggedAs(m.Source))}}
		}
		segments, targets = append(segments, s), append(targets, t)
	}
	u.Segments, u.Targets = segments, targets
}

// numbered is a text as its tags alone tell it.
func numbered(tagged string) bitext.Text {
	out, err := bitext.ParseTaggedUnbound(tagged)
	if err != nil {
		panic(err) // the text is a generated one
	}
	return out
}

// hostile are pieces of text that file types are known to stumble over.
var hostile = []string{
	"word", "Слово", "واژه", "字", "a<b", "&amp;", "&", "\"q\"", "'", "]]>", "<1>", `\`, `\n`, "%s", "{0}", "#", "=1+1", "+7", "-", "@x",
	"\t", "e\u0301", "\u00a0", "\u200f", "\u2028", "👩‍👧", ";", ",", "|", "msgid", "<!--", "\n", "  ", "'=x", "<?x?>", "_x000D_",
}

// Generate makes the units of one or two documents, the same for a seed.
func Generate(seed uint64) []*exchange.Unit {
	r := rand.New(rand.NewPCG(seed, 42))
	var out []*exchange.Unit
	for d := range 1 + r.IntN(2) {
		h := &exchange.Header{
			Path: fmt.Sprintf("articles/%d/a & b %d.html", seed, d), Format: "html", SHA256: strings.Repeat("ab", 32),
			SourceLocale: "en", TargetLocale: "uk", Batch: fmt.Sprintf("b%d", seed), Time: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC),
		}
		if r.IntN(3) == 0 {
			h.Props = []bitext.Prop{{Name: "other:head", Value: "a\nb"}}
		}
		for i := range 1 + r.IntN(4) {
			out = append(out, unit(r, h, fmt.Sprintf("paragraph-%d.%d", d, i)))
		}
	}
	return out
}

func unit(r *rand.Rand, h *exchange.Header, id string) *exchange.Unit {
	u := &exchange.Unit{Header: h, Location: "under Heading <1>"}
	u.ID, u.Kind = id, bitext.Paragraph
	if r.IntN(3) == 0 {
		u.Kind, u.Name, u.MaxLength = bitext.Attribute, "img@alt", 10+r.IntN(100)
	}
	if r.IntN(3) == 0 {
		u.Unit.Notes = []bitext.Note{{Category: "author", Text: "Mind the <b> & the \"quotes\""}}
	}
	u.NoTranslate = r.IntN(5) == 0
	if r.IntN(4) == 0 {
		u.Props = []bitext.Prop{{Name: "other:a", Value: "1 & <2>\n"}, {Name: "other:a", Value: "="}}
	}
	codes := 0
	n := 1 + r.IntN(3)
	for i := range n {
		if i > 0 {
			u.Segments = append(u.Segments, bitext.Segment{ID: fmt.Sprintf("i%d", i), Source: bitext.Plain(" "), Ignorable: true})
			u.Targets = append(u.Targets, bitext.Target{})
		}
		s := bitext.Segment{ID: fmt.Sprintf("s%d", i+1), Source: text(r, &codes)}
		u.Segments = append(u.Segments, s)
		u.Targets = append(u.Targets, target(r, s.Source))
	}
	exchange.SetSourceFromSegments(&u.Unit)
	if r.IntN(4) == 0 {
		u.Comments = []exchange.Comment{
			{Segment: "s1", Author: "Олена", Time: time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC), Category: "translator", Priority: 2, OnTarget: true, Text: "Is it <b>this</b> & that?"},
			{Segment: "s1", Text: "Two\nlines"},
		}
	}
	return u
}

// text makes characters that begin and end with a word, so that no format's
// trimming is a difference, with codes between.
func text(r *rand.Rand, codes *int) bitext.Text {
	var chars strings.Builder
	var t bitext.Text
	var open []bitext.Code
	code := func(k bitext.CodeKind, id, data string) {
		t.Codes = append(t.Codes, bitext.Code{
			Pos: chars.Len(), Kind: k, ID: id, Data: data, Disp: data, Type: "fmt", NoDelete: id == "1",
		})
	}
	chars.WriteString("Start ")
	for range r.IntN(8) {
		switch k := r.IntN(6); {
		case k == 0:
			*codes++
			id := fmt.Sprint(*codes)
			code(bitext.Start, id, "<b id=\""+id+"\">")
			open = append(open, t.Codes[len(t.Codes)-1])
		case k == 1 && len(open) > 0:
			c := open[len(open)-1]
			open = open[:len(open)-1]
			code(bitext.End, c.ID, "</b>")
		case k == 2:
			*codes++
			code(bitext.Placeholder, fmt.Sprint(*codes), "<br/>")
		}
		chars.WriteString(hostile[r.IntN(len(hostile))])
	}
	chars.WriteString(" end.")
	for len(open) > 0 {
		c := open[len(open)-1]
		open = open[:len(open)-1]
		code(bitext.End, c.ID, "</b>")
	}
	t.Chars = chars.String()
	return t
}

func target(r *rand.Rand, source bitext.Text) bitext.Target {
	var t bitext.Target
	if r.IntN(4) == 0 {
		t.Matches = []bitext.Match{{
			Type: bitext.FuzzyMatch, Score: 70 + r.IntN(29), State: bitext.Reviewed, NotUsable: "number",
			Source: bitext.Plain("Start 12 end."), Target: bitext.Plain("Початок 12 & кінець."),
		}}
	}
	if r.IntN(4) == 0 {
		t.Terms = []bitext.TermMark{{Start: 0, End: 5, Concept: "c1", Source: "Start", Targets: []string{"Початок", "Старт"}, Forbidden: []string{"Стартуха"}, Note: "a < b"}}
	}
	if r.IntN(3) == 0 {
		return t
	}
	t.Text, t.Filled, t.State = source.Clone(), true, bitext.State(r.IntN(4))
	if len(t.Text.Codes) == 0 {
		t.Text = bitext.Plain("Початок " + hostile[r.IntN(len(hostile))] + " кінець.")
	}
	t.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: "Олена", Time: time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC)}
	if t.State == bitext.Translated {
		switch r.IntN(4) {
		case 0, 1:
			t.SubState = bitext.SubStateMT
			t.Origin = bitext.Origin{Kind: bitext.FromEngine, Name: "apertium", Time: t.Origin.Time}
		case 2:
			t.SubState = bitext.SubStateAligned
			t.Origin = bitext.Origin{Kind: bitext.FromImport, Name: "content/uk/a.md", Time: t.Origin.Time}
		}
	}
	return t
}
