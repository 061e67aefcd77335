package hook_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/ledger"
)

// TestLimit has several runs, one after another, share the limit of an engine.
func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		name  string
		limit hook.Limit
		price hook.Price
		use   hook.Usage // that the engine reports for each call
		want  string     // how many texts each run translates
		over  string
	}{
		{"none", hook.Limit{}, hook.Price{}, hook.Usage{}, "3 3 3", ""},
		{"characters", hook.Limit{Chars: 40}, hook.Price{}, hook.Usage{}, "3 1 0", "50 of 40 characters would be used this month"},
		{"characters today", hook.Limit{Chars: 40, Period: "day"}, hook.Price{}, hook.Usage{}, "3 1 0", "would be used today"},
		{"tokens", hook.Limit{Tokens: 1000}, hook.Price{}, hook.Usage{InputTokens: 200, OutputTokens: 50}, "3 0 0", "of 1000 tokens"},
		{"cost", hook.Limit{Cost: 0.35, Period: "ever"}, hook.Price{Chars: 10000}, hook.Usage{}, "3 0 0", "a cost of 0.40 of 0.35 would be used in all"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			var got []string
			last := ""
			for run := range 3 {
				l, err := ledger.Open(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				c := hook.New([]hook.EngineConfig{{Batch: 1, Limit: tt.limit, Price: tt.price, Engine: &fake{name: "a", do: func(n int, job hook.Job) ([]string, error) {
					job.Report(tt.use)
					return upper(n, job)
				}}}}, hook.Options{})
				c.KeepAccounts(l, nil)
				answers, _ := c.Translate(t.Context(), request(fmt.Sprint("one ab ", run, "xy"), fmt.Sprint("two ab ", run, "xy"), fmt.Sprint("six ab ", run, "xy")))
				n := 0
				for _, a := range answers {
					if a.Err == nil {
						n++
					} else if last = a.Err.Error(); !errors.Is(a.Err, hook.ErrBudget) {
						t.Error(a.Err)
					}
				}
				got = append(got, fmt.Sprint(n))
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Join(got, " ") != tt.want || !strings.Contains(last, tt.over) {
				t.Errorf("runs translate %v texts, want %s; %s", got, tt.want, last)
			}
		})
	}
}

func TestLimitSince(t *testing.T) {
	now := time.Date(2026, 3, 1, 1, 30, 0, 0, time.FixedZone("", 3*3600)) // still February
	for period, want := range map[string]string{"": "2026-02-01", "month": "2026-02-01", "day": "2026-02-28", "ever": "0001-01-01"} {
		if got := (hook.Limit{Period: period}).Since(now).Format(time.DateOnly); got != want {
			t.Errorf("%q: %s, want %s", period, got, want)
		}
	}
}
