// Package hooktest is the conformance suite of hook.Engine. An engine's own
// test runs it in a few lines:
//
//	hooktest.Test(t, hooktest.Pair{Source: "en", Target: "es"}, func(t *testing.T) hook.Engine {
//		return myengine.New(…)
//	})
package hooktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

// Pair is a pair of locales that the engine serves, and texts in the source
// locale; nil for a few in English. Each should have a number in digits that is in
// no other: that is how answers are told apart.
type Pair struct {
	Source, Target string
	Texts          []string
}

var english = []string{
	"The museum opened in 1998.",
	"Read <1>the old report</1> about 45 houses.<2/>",
	"<1/>The minister wrote on 16 May that the law is good.",
	"There are 27 editions & 3 < 5.",
	`A house of type \<1> costs 700 dollars.`,
	"The city has <1>many <2>new</2> houses</1> and 12 bridges.",
}

// Test runs the suite. newEngine makes a new engine each time; those that are
// io.Closers are closed.
func Test(t *testing.T, pair Pair, newEngine func(t *testing.T) hook.Engine) {
	if pair.Texts == nil {
		pair.Texts = english
	}
	open := func(t *testing.T) hook.Engine {
		e := newEngine(t)
		if c, ok := e.(io.Closer); ok {
			t.Cleanup(func() {
				if err := c.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
		}
		return e
	}
	t.Run("name", func(t *testing.T) {
		e := open(t)
		if first, again := e.Name(), e.Name(); first == "" || again != first {
			t.Errorf("Name = %q, then %q", first, again)
		}
	})
	t.Run("unsupported pair", func(t *testing.T) {
		e := open(t)
		_, err := e.Translate(t.Context(), job(e, hook.Job{Source: pair.Source, Target: "qaa"}, pair.Texts[:1]))
		if !errors.Is(err, hook.ErrUnsupported) {
			t.Errorf("to qaa: got error %v, want one that wraps ErrUnsupported", err)
		}
	})
	t.Run("no texts", func(t *testing.T) {
		e := open(t)
		got, err := e.Translate(t.Context(), hook.Job{Source: pair.Source, Target: pair.Target})
		if err != nil || len(got) != 0 {
			t.Errorf("got %q, %v; want nothing and no error", got, err)
		}
	})
	t.Run("batch", func(t *testing.T) {
		e := open(t)
		all, err := e.Translate(t.Context(), job(e, hook.Job{Source: pair.Source, Target: pair.Target}, pair.Texts))
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != len(pair.Texts) {
			t.Fatalf("%d answers for %d texts: %q", len(all), len(pair.Texts), all)
		}
		for i, text := range pair.Texts {
			one, err := e.Translate(t.Context(), job(e, hook.Job{Source: pair.Source, Target: pair.Target}, []string{text}))
			if err != nil || len(one) != 1 {
				t.Fatalf("%q alone: %q, %v", text, one, err)
			}
			if one[0] != all[i] {
				t.Errorf("%q is %q in a batch and %q alone", text, all[i], one[0])
			}
		}
	})
	t.Run("chain", func(t *testing.T) {
		c := hook.New([]hook.EngineConfig{{Engine: open(t)}}, hook.Options{})
		check(t, c, pair)
	})
	t.Run("at once", func(t *testing.T) {
		c := hook.New([]hook.EngineConfig{{Engine: open(t), Concurrency: 4, Batch: 2}}, hook.Options{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { check(t, c, pair) })
		}
		wg.Wait()
	})
	t.Run("hostile texts", func(t *testing.T) {
		hostile(t, hook.New([]hook.EngineConfig{{Engine: open(t)}}, hook.Options{}), pair)
	})
	t.Run("stopped", func(t *testing.T) {
		e := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := e.Translate(ctx, job(e, hook.Job{Source: pair.Source, Target: pair.Target}, pair.Texts)); err == nil {
			t.Error("a cancelled call gave an answer")
		}
	})
}

// job fills in texts that are written in tagged markup.
func job(e hook.Engine, j hook.Job, tagged []string) hook.Job {
	markup := hook.Tagged()
	if c, ok := e.(hook.Capable); ok && c.Capabilities().Markup != nil {
		markup = c.Capabilities().Markup
	}
	for _, s := range tagged {
		j.Texts = append(j.Texts, markup.Encode(Parse(s)))
		j.Context = append(j.Context, hook.Context{})
	}
	return j
}

// Parse makes a text from tagged markup, with a code for each tag in it.
func Parse(tagged string) bitext.Text {
	var source bitext.Text
	for n := 1; n < 100; n++ {
		id := strconv.Itoa(n)
		source.Codes = append(source.Codes,
			bitext.Code{Kind: bitext.Start, ID: id, Data: "<b" + id + ">"},
			bitext.Code{Kind: bitext.End, ID: id, Data: "</b" + id + ">"})
	}
	// A number is a pair or a placeholder, never both.
	for i := range source.Codes {
		c := &source.Codes[i]
		if c.Kind == bitext.Start && strings.Contains(tagged, "<"+c.ID+"/>") {
			c.Kind = bitext.Placeholder
			c.Data = "<img" + c.ID + ">"
		}
	}
	t, err := bitext.ParseTagged(tagged, source)
	if err != nil {
		panic(fmt.Sprintf("test text %q: %v", tagged, err))
	}
	return t
}

// check has a chain translate the pair's texts and looks for what must be in the
// answers: each text's number, and its codes.
func check(t *testing.T, c *hook.Chain, pair Pair) {
	r := hook.Request{Source: pair.Source, Target: pair.Target}
	for _, s := range pair.Texts {
		r.Items = append(r.Items, hook.Item{Text: Parse(s)})
	}
	answers, _ := c.Translate(t.Context(), r)
	if len(answers) != len(r.Items) {
		t.Errorf("%d answers for %d items", len(answers), len(r.Items))
		return
	}
	for i, a := range answers {
		source := r.Items[i].Text
		switch {
		case a.Err != nil:
			t.Errorf("%q: %v", source.Tagged(), a.Err)
		case a.Text.IsBlank() || a.Text.Chars == source.Chars:
			t.Errorf("%q is answered %q", source.Tagged(), a.Text.Tagged())
		case !slices.Equal(numbers(source.Chars), numbers(a.Text.Chars)):
			t.Errorf("%q is answered %q: other numbers", source.Tagged(), a.Text.Tagged())
		}
		if p := bitext.CompareCodes(source, a.Text); a.Err == nil && len(p) > 0 {
			t.Errorf("%q is answered %q: codes %v", source.Tagged(), a.Text.Tagged(), p)
		}
	}
}

func numbers(s string) []string {
	list := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	slices.Sort(list)
	return list
}

// hostile asks for texts full of what formats and programs give a meaning to. An
// answer may be refused, but what is answered has its codes, and no text spoils
// another one.
func hostile(t *testing.T, c *hook.Chain, pair Pair) {
	texts := []string{
		`[x] {y} ^z$ a/b a\b @c *d ~e #f +g 1`, "a&amp;b <script>x</script> 2", "“quotes” ’s — … 3",
		"line one\nline two\ttab 4", "control \x01 and \x00 NUL 5", "not UTF-8: \xff\xfe 6", "שלום العربية 7", "👩‍👩‍👧 é 8",
		`\<1> \\<2/> 9`, "<1/><2/><3/>", "", "   ", "10", "https://example.org/a?b=c&d=1#e or mail@example.org 11",
		strings.Repeat("long ", 150) + "12", "{\"id\":1,\"text\":\"x\"} 13", "]]><!-- 14", "<1>a</1><2>b</2> 15",
	}
	r := hook.Request{Source: pair.Source, Target: pair.Target}
	for _, s := range texts {
		item := hook.Item{Text: bitext.Plain(s)}
		if strings.HasPrefix(s, "<1") {
			item.Text = Parse(s)
		}
		r.Items = append(r.Items, item)
	}
	answers, _ := c.Translate(t.Context(), r)
	for i, a := range answers {
		source := r.Items[i].Text
		if a.Err != nil {
			var temporary *hook.Temporary // a service that a text brings down
			if !errors.As(a.Err, &temporary) && !errors.Is(a.Err, hook.ErrCodes) && !errors.Is(a.Err, hook.ErrEmpty) && !errors.Is(a.Err, hook.ErrAnswer) {
				t.Errorf("%q: %v", texts[i], a.Err)
			}
			continue
		}
		if p := bitext.CompareCodes(source, a.Text); len(p) > 0 {
			t.Errorf("%q is answered %q: codes %v", texts[i], a.Text.Tagged(), p)
		}
		for _, kept := range []string{"\x00", "\x01", "\xff\xfe", "https://example.org/a?b=c&d=1#e"} {
			if strings.Contains(source.Chars, kept) && !strings.Contains(a.Text.Chars, kept) {
				t.Errorf("%q is answered %q, without %q", texts[i], a.Text.Chars, kept)
			}
		}
	}
}
