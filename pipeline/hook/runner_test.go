package hook_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
)

func TestBatches(t *testing.T) {
	for _, tt := range []struct {
		name string
		conf hook.EngineConfig
		caps hook.Capabilities
		want string
	}{
		{"by number", hook.EngineConfig{Batch: 2}, hook.Capabilities{}, "aa bbb|cccc d|e"},
		{"by size", hook.EngineConfig{BatchChars: 5}, hook.Capabilities{}, "aa bbb|cccc d|e"},
		{"by the engine's number", hook.EngineConfig{Batch: 9}, hook.Capabilities{MaxTexts: 3}, "aa bbb cccc|d e"},
		{"by the engine's size", hook.EngineConfig{BatchChars: 99}, hook.Capabilities{MaxChars: 9}, "aa bbb cccc|d e"},
		{"all", hook.EngineConfig{}, hook.Capabilities{}, "aa bbb cccc d e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{name: "a", do: upper, caps: tt.caps}
			tt.conf.Engine = f
			hook.New([]hook.EngineConfig{tt.conf}, hook.Options{}).Translate(t.Context(), request("aa", "bbb", "cccc", "d", "e"))
			var got []string
			for _, j := range f.jobs {
				got = append(got, strings.Join(j.Texts, " "))
			}
			if s := strings.Join(got, "|"); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

// TestTime has what depends on the clock, by a clock of its own.
func TestTime(t *testing.T) {
	long := make([]string, 12)
	for i := range long {
		long[i] = fmt.Sprint("text ", i) // each is asked for: equal ones would be one
	}
	busy := &hook.Temporary{Err: errors.New("busy")}
	for _, tt := range []struct {
		name     string
		fake     *fake
		conf     hook.EngineConfig
		opt      hook.Options
		texts    []string
		calls    int
		min, max time.Duration
		want     string // what the first answer's text or error contains
	}{
		{"tried again", &fake{do: func(n int, job hook.Job) ([]string, error) {
			if n < 4 {
				return nil, busy
			}
			return upper(n, job)
		}}, hook.EngineConfig{}, hook.Options{}, []string{"one"}, 4, 1 * time.Second, 5 * time.Second, "ONE"},
		{"tried in vain", &fake{do: fail(busy)}, hook.EngineConfig{}, hook.Options{MaxAttempts: 3}, []string{"one"}, 3, 0, 3 * time.Second, "busy (after 3 tries)"},
		{"Retry-After is kept", &fake{do: func(n int, job hook.Job) ([]string, error) {
			if n == 1 {
				return nil, &hook.Temporary{Err: errors.New("busy"), RetryAfter: 40 * time.Second}
			}
			return upper(n, job)
		}}, hook.EngineConfig{}, hook.Options{}, []string{"one"}, 2, 40 * time.Second, 41 * time.Second, "ONE"},
		{"Retry-After is too long", &fake{do: fail(&hook.Temporary{Err: errors.New("busy"), RetryAfter: time.Hour})}, hook.EngineConfig{}, hook.Options{}, []string{"one"},
			1, 0, time.Second, "asks to retry after 1h0m0s"},
		{"hangs", &fake{do: upper, pause: time.Hour}, hook.EngineConfig{Timeout: 30 * time.Second}, hook.Options{MaxAttempts: 2}, []string{"one"},
			2, time.Minute, 62 * time.Second, "no answer within 30s (after 2 tries)"},
		{"rate", &fake{do: upper}, hook.EngineConfig{Batch: 1, Concurrency: 4, Rate: 2}, hook.Options{}, long, 12, 5500 * time.Millisecond, 6 * time.Second, "TEXT"},
		{"one at a time", &fake{do: upper, pause: time.Second}, hook.EngineConfig{Batch: 1}, hook.Options{}, long, 12, 12 * time.Second, 13 * time.Second, "TEXT"},
		{"four at a time", &fake{do: upper, pause: time.Second}, hook.EngineConfig{Batch: 1, Concurrency: 4}, hook.Options{}, long, 12, 3 * time.Second, 4 * time.Second, "TEXT"},
		{"left alone after failures", &fake{do: fail(errors.New("no route"))}, hook.EngineConfig{Batch: 1}, hook.Options{BreakerThreshold: 3}, long, 3, 0, time.Second, "no route"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tt.fake.name = "a"
				tt.conf.Engine = tt.fake
				c := hook.New([]hook.EngineConfig{tt.conf}, tt.opt)
				start := time.Now()
				r := request(tt.texts...)
				answers, _ := c.Translate(t.Context(), r)
				if took := time.Since(start); took < tt.min || took > tt.max {
					t.Errorf("took %v, want %v to %v", took, tt.min, tt.max)
				}
				if len(tt.fake.jobs) != tt.calls {
					t.Errorf("%d calls, want %d", len(tt.fake.jobs), tt.calls)
				}
				if most := max(1, tt.conf.Concurrency); tt.fake.most > most {
					t.Errorf("%d calls at once, want at most %d", tt.fake.most, most)
				}
				got := answers[0].Text.Chars
				if answers[0].Err != nil {
					got = answers[0].Err.Error()
				}
				if !strings.Contains(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{name: "a", do: fail(errors.New("no route"))}
		c := hook.New([]hook.EngineConfig{{Engine: f}}, hook.Options{BreakerThreshold: 2, BreakerCooldown: time.Minute})
		r := request("one")
		for range 2 {
			c.Translate(t.Context(), r)
		}
		answers, _ := c.Translate(t.Context(), r)
		if err := answers[0].Err; !errors.Is(err, hook.ErrCircuitOpen) || !strings.Contains(err.Error(), "no route") || len(f.jobs) != 2 {
			t.Errorf("after two failures: %v, %d calls", err, len(f.jobs))
		}
		f.do = upper
		time.Sleep(61 * time.Second)
		answers, _ = c.Translate(t.Context(), r)
		if answers[0].Err != nil || answers[0].Text.Chars != "ONE" {
			t.Errorf("after the pause: %q, %v", answers[0].Text.Chars, answers[0].Err)
		}
	})
}

// TestStop holds that a cancelled request ends at once and says so for each text,
// whatever it was waiting for.
func TestStop(t *testing.T) {
	for _, tt := range []struct {
		name string
		fake *fake
		conf hook.EngineConfig
	}{
		{"in a call", &fake{do: upper, pause: time.Hour}, hook.EngineConfig{Timeout: 2 * time.Hour}},
		{"between tries", &fake{do: fail(&hook.Temporary{Err: errors.New("busy"), RetryAfter: time.Minute})}, hook.EngineConfig{}},
		{"for the rate", &fake{do: upper}, hook.EngineConfig{Batch: 1, Rate: 0.001}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tt.fake.name = "a"
				tt.conf.Engine = tt.fake
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				start := time.Now()
				answers, _ := hook.New([]hook.EngineConfig{tt.conf}, hook.Options{}).Translate(ctx, request("one", "two", "three"))
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("took %v", took)
				}
				for i, a := range answers[1:] {
					if !errors.Is(a.Err, context.Canceled) || !strings.Contains(a.Err.Error(), "stopped before it was translated") {
						t.Errorf("answer %d: %q, %v", i+2, a.Text.Chars, a.Err)
					}
				}
			})
		})
	}
}

// TestSameAnswers holds that the order in which batches come back changes nothing.
func TestSameAnswers(t *testing.T) {
	var texts []string
	for i := range 60 {
		texts = append(texts, fmt.Sprintf("text %d <1>x</1>", i))
	}
	var want string
	for _, concurrency := range []int{1, 3, 16} {
		f := &fake{name: "a", do: each(func(s string) string {
			if strings.Contains(s, "7") {
				return "lost"
			}
			return strings.ToUpper(s)
		})}
		c := hook.New([]hook.EngineConfig{{Engine: f, Batch: 3, Concurrency: concurrency, Budget: 1000}}, hook.Options{})
		r := request(texts...)
		answers, ds := c.Translate(t.Context(), r)
		got := describe(r, answers, ds)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("with %d calls at once:\n%s\nwith one:\n%s", concurrency, got, want)
		}
	}
	if !strings.Contains(want, "budget spent") || !strings.Contains(want, "codes do not survive") {
		t.Errorf("the case does not have what it should: %s", want)
	}
}

// An engine that refuses texts, or finds them too long, is asked for the others.
func TestBreakerOfTexts(t *testing.T) {
	for _, refusal := range []error{hook.Refused(errors.New("no")), hook.ErrTooLong, &hook.Partial{Errs: []error{hook.ErrTooLong}}} {
		f := &fake{name: "a", do: func(_ int, job hook.Job) ([]string, error) {
			if strings.HasPrefix(job.Texts[0], "bad") {
				return make([]string, 1), refusal
			}
			return upper(0, job)
		}}
		c := hook.New([]hook.EngineConfig{{Engine: f, Batch: 1}}, hook.Options{BreakerThreshold: 2})
		var texts []string
		for i := range 9 {
			texts = append(texts, fmt.Sprintf("bad %c", 'a'+i))
		}
		answers, _ := c.Translate(t.Context(), request(append(texts, "sound")...))
		for i, a := range answers {
			var d diag.Diagnostic
			switch {
			case i == 9 && a.Text.Chars != "SOUND":
				t.Errorf("%v: the sound text is answered %q, %v", refusal, a.Text.Chars, a.Err)
			case i < 9 && (!errors.As(a.Err, &d) || d.ID != "hook.refused"):
				t.Errorf("%v: text %d has %v", refusal, i, a.Err)
			}
		}
	}
}
