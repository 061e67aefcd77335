package hook_test

import (
	"context"
	"errors"
	"reflect"
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
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// use is hook.Accounts in which each engine was used so much.
type use hook.Spending

func (u use) Spend(context.Context, string, hook.Spending, time.Time, func(hook.Spending) bool) error {
	return errors.New("an estimate must not count")
}

func (u use) Spent(context.Context, string, time.Time) (hook.Spending, error) {
	return hook.Spending(u), nil
}

func TestCompareLimits(t *testing.T) {
	spent := use{Usage: hook.Usage{Chars: 90, InputTokens: 50, OutputTokens: 50}, Cost: 4}
	price := hook.Price{Chars: 1e5, Currency: "EUR"} // 0.1 for a character
	for _, tt := range []struct {
		name   string
		engine hook.EngineConfig
		want   []hook.Overrun
	}{
		{name: "no limit"},
		{name: "all reach", engine: hook.EngineConfig{Budget: 6, Price: price, Limit: hook.Limit{Chars: 96, Tokens: 100 + 404, Cost: 4.7}}},
		{name: "budget", engine: hook.EngineConfig{Budget: 5}, want: []hook.Overrun{{Of: "budget", Unit: "chars", Needed: 6, Allowed: 5}}},
		{name: "characters", engine: hook.EngineConfig{Limit: hook.Limit{Chars: 95, Period: "day"}}, want: []hook.Overrun{{Of: "limit", Unit: "chars", Period: "day", Spent: 90, Needed: 6, Allowed: 95}}},
		{name: "tokens", engine: hook.EngineConfig{Limit: hook.Limit{Tokens: 503}}, want: []hook.Overrun{{Of: "limit", Unit: "tokens", Period: "month", Spent: 100, Needed: 404, Allowed: 503}}},
		{name: "cost", engine: hook.EngineConfig{Price: price, Limit: hook.Limit{Cost: 4.5, Period: "ever"}}, want: []hook.Overrun{{Of: "limit", Unit: "cost", Period: "ever", Spent: 4, Needed: 0.6, Allowed: 4.5}}},
		{name: "used up", engine: hook.EngineConfig{Limit: hook.Limit{Chars: 80}}, want: []hook.Overrun{{Of: "limit", Unit: "chars", Period: "month", Spent: 90, Needed: 6, Allowed: 80}}},
	} {
		tt.engine.Engine = &fake{name: "mt"}
		c := hook.New([]hook.EngineConfig{tt.engine}, hook.Options{})
		c.KeepAccounts(spent, nil)
		e := hook.NewEstimator(c)
		e.Translate(t.Context(), request("one", "two"))
		got := e.Estimates()
		if err := e.CompareLimits(t.Context(), got); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || !reflect.DeepEqual(got[0].Over, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
