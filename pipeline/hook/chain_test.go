package hook_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

func TestPivot(t *testing.T) {
	first := &fake{name: "first", do: func(_ int, job hook.Job) ([]string, error) {
		if job.Target != "ru" {
			return nil, hook.ErrUnsupported
		}
		return each(func(s string) string { return "ru " + s })(0, job)
	}}
	second := &fake{name: "second", caps: hook.Capabilities{Markup: hook.HTML()}, do: func(_ int, job hook.Job) ([]string, error) {
		if job.Source != "ru" || job.Target != "uk" {
			return nil, hook.ErrUnsupported
		}
		return each(func(s string) string { return "uk " + s })(0, job)
	}}
	c := hook.New([]hook.EngineConfig{
		{Engine: first, Locales: []string{"ru"}},
		{Engine: second, Locales: []string{"uk"}, Pivot: "ru"},
	}, hook.Options{})
	r := request("one <1>two</1> of Interfax")
	r.Items[0].Terms = []bitext.TermMark{{Start: 11, End: 19, Source: "Interfax", DoNotTranslate: true}}
	answers, ds := c.Translate(t.Context(), r)
	if got, want := describe(r, answers, ds), "first+second: uk ru one <1>two</1> of Interfax\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Source = "ru"
	answers, ds = c.Translate(t.Context(), r)
	if got, want := describe(r, answers, ds), "second: uk one <1>two</1> of Interfax\n"; got != want {
		t.Errorf("from the pivot itself: got %q, want %q", got, want)
	}
	first.do = fail(errors.New("no credit"))
	r = request("another")
	answers, ds = c.Translate(t.Context(), r)
	if got, want := describe(r, answers, ds), "first! [unit u1]: first: no credit\n"; got != want {
		t.Errorf("first leg fails: got %q, want %q", got, want)
	}
}

func TestClose(t *testing.T) {
	c := hook.New([]hook.EngineConfig{{Engine: closer{&fake{name: "a", do: upper}}}, {Engine: &fake{name: "b", do: upper}}}, hook.Options{})
	if err := c.Close(); err == nil || err.Error() != "a: still busy" {
		t.Errorf("Close = %v", err)
	}
}

type closer struct{ *fake }

func (closer) Close() error { return errors.New("still busy") }

func TestServes(t *testing.T) {
	c := hook.New([]hook.EngineConfig{{Engine: &fake{do: upper}, Locales: []string{"sr", "zh-Hans", "en-XA"}}}, hook.Options{})
	for locale, want := range map[string]bool{"sr": true, "sr-Latn": true, "SR-me": true, "zh-Hans-CN": true, "zh": false, "zh-Hant": false, "en": false, "en-XA": true, "srp": true} {
		if got := c.Serves("en", locale); got != want {
			t.Errorf("%s: %t, want %t", locale, got, want)
		}
	}
}

// TestSources asks each engine for articles in its source locales alone, also through a
// pivot locale, whose own source locale is the article's.
func TestSources(t *testing.T) {
	var mu sync.Mutex
	asked := map[string][]string{} // pairs by engine
	engine := func(name string) *fake {
		return &fake{name: name, do: func(_ int, job hook.Job) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			asked[name] = append(asked[name], job.Source+"-"+job.Target)
			return upper(0, job)
		}}
	}
	c := hook.New([]hook.EngineConfig{
		{Engine: engine("german"), Name: "german", Sources: []string{"de"}, Locales: []string{"uk", "en"}},
		{Engine: engine("chinese"), Name: "chinese", Sources: []string{"zh"}, Pivot: "en", Locales: []string{"uk"}},
		{Engine: engine("rest"), Name: "rest"},
	}, hook.Options{})
	estimator := hook.NewEstimator(c)
	for _, source := range []string{"de", "de-AT", "zh-Hant", "en", "fr"} {
		r := hook.Request{Source: source, Target: "uk", Items: []hook.Item{{Text: bitext.Plain("text of " + source)}}}
		estimator.Translate(t.Context(), r)
		if answers, ds := c.Translate(t.Context(), r); answers[0].Err != nil {
			t.Errorf("%s: %v, %v", source, answers[0].Err, ds)
		}
	}
	want := map[string][]string{"german": {"de-uk", "de-AT-uk"}, "chinese": {"en-uk"}, "rest": {"zh-Hant-en", "en-uk", "fr-uk"}}
	if !maps.EqualFunc(asked, want, slices.Equal) {
		t.Errorf("asked %v, want %v", asked, want)
	}
	texts := map[string]int{}
	for _, e := range estimator.Estimates() {
		texts[e.Engine] = e.Texts
	}
	if want := (map[string]int{"german": 2, "chinese": 1, "rest": 3}); !maps.Equal(texts, want) {
		t.Errorf("estimated %v, want %v", texts, want)
	}
	only := hook.New([]hook.EngineConfig{{Engine: engine("german"), Sources: []string{"de"}}}, hook.Options{})
	if only.Serves("en", "uk") || !only.Serves("de-CH", "uk") {
		t.Error("an engine for articles in German serves English, or does not serve Swiss German ones")
	}
	// A chain with no engine for it is no failure of an engine.
	answers, _ := only.Translate(t.Context(), hook.Request{Source: "en", Target: "uk", Items: []hook.Item{{Text: bitext.Plain("text")}}})
	if !errors.Is(answers[0].Err, hook.ErrUnsupported) {
		t.Errorf("an article in English: %v", answers[0].Err)
	}
}

// TestOnAnswer holds that an answer is handed over before the others are there.
func TestOnAnswer(t *testing.T) {
	seen := make(chan string, 3)
	f := &fake{name: "a", do: func(n int, job hook.Job) ([]string, error) {
		if n == 2 {
			if got := <-seen; got != "ONE" {
				t.Errorf("before the second call there is %q", got)
			}
			return nil, errors.New("no credit")
		}
		return upper(n, job)
	}}
	c := hook.New([]hook.EngineConfig{{Engine: f, Batch: 1}}, hook.Options{})
	r := request("<1>one</1>", "two")
	r.OnAnswer = func(i int, a hook.Answer) { seen <- a.Text.Chars }
	answers, _ := c.Translate(t.Context(), r)
	if answers[0].Err != nil || answers[1].Err == nil || len(seen) != 0 {
		t.Errorf("answers %v, %d more handed over", answers, len(seen))
	}
}
