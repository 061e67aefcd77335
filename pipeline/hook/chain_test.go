package hook_test

import (
	"errors"
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
		if got := c.Serves(locale); got != want {
			t.Errorf("%s: %t, want %t", locale, got, want)
		}
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
