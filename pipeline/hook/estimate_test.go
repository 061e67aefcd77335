package hook_test

import (
	"errors"
	"testing"
	"time"

	"hexapla/pipeline/hook"
)

func TestFormatCost(t *testing.T) {
	for cost, want := range map[float64]string{0: "0.00", 12.345: "12.35", 0.5: "0.50", 0.0146: "0.015", 0.00046: "0.00046", 1e-12: "0.000000000"} {
		if got := hook.FormatCost(cost); got != want {
			t.Errorf("%v: %s, want %s", cost, got, want)
		}
	}
}

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
	e.Translate(t.Context(), request("four", "five5")) // of another article: another call
	got := e.Estimates()
	want := []hook.Estimate{
		{Engine: "short", Texts: 2, Calls: 2, Usage: hook.Usage{Chars: 6, InputTokens: 802, OutputTokens: 2}, Cost: 6, Currency: "EUR", AtLeast: 4 * time.Second, Seconds: 4},
		{Engine: "long", Texts: 3, Calls: 2, Usage: hook.Usage{Chars: 14, InputTokens: 805, OutputTokens: 5}},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
