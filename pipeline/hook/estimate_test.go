package hook_test

import (
	"errors"
	"testing"
	"time"

	"hexapla/pipeline/hook"
)

func TestEstimator(t *testing.T) {
	c := hook.New([]hook.EngineConfig{
		{Engine: &fake{name: "short"}, MaxChars: 3, Price: hook.Price{Chars: 1e6, Currency: "EUR"}, Rate: 0.5, Batch: 1},
		{Engine: &fake{name: "ru"}, Locales: []string{"ru"}},
		{Engine: &fake{name: "long"}},
	}, hook.Options{})
	e := hook.NewEstimator(c)
	for range 2 { // what is asked again costs nothing
		answers, _ := e.Translate(t.Context(), request("one", "two", "three", "—", "one"))
		for _, a := range answers {
			if !errors.Is(a.Err, hook.ErrUnsupported) {
				t.Errorf("answer %+v", a)
			}
		}
	}
	got := e.Estimates()
	want := []hook.Estimate{
		{Engine: "short", Texts: 2, Calls: 2, Usage: hook.Usage{Chars: 6, InputTokens: 802, OutputTokens: 2}, Cost: 6, Currency: "EUR", AtLeast: 4 * time.Second, Seconds: 4},
		{Engine: "long", Texts: 1, Calls: 1, Usage: hook.Usage{Chars: 5, InputTokens: 402, OutputTokens: 2}},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
