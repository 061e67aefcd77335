package hook_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

// fake is an engine that answers by a function, and remembers what it was asked.
type fake struct {
	name string
	caps hook.Capabilities
	do   func(n int, job hook.Job) ([]string, error) // n counts calls from 1

	mu   sync.Mutex
	jobs []hook.Job
	busy int
	most int // calls at once
	// pause is how long a call takes, in a synctest bubble.
	pause time.Duration
}

func (f *fake) Name() string                    { return f.name }
func (f *fake) Capabilities() hook.Capabilities { return f.caps }

func (f *fake) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	f.mu.Lock()
	f.jobs = append(f.jobs, job)
	n := len(f.jobs)
	f.busy++
	f.most = max(f.most, f.busy)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.busy--
		f.mu.Unlock()
	}()
	if f.pause > 0 {
		select {
		case <-time.After(f.pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return f.do(n, job)
}

// upper is a translation that can be told from its source: capitals, tags kept.
func upper(_ int, job hook.Job) ([]string, error) {
	var out []string
	for _, t := range job.Texts {
		out = append(out, strings.ToUpper(t))
	}
	return out, nil
}

// each answers every text by itself.
func each(f func(text string) string) func(int, hook.Job) ([]string, error) {
	return func(_ int, job hook.Job) ([]string, error) {
		var out []string
		for _, t := range job.Texts {
			out = append(out, f(t))
		}
		return out, nil
	}
}

// alone answers batches with whole and single texts with f.
func alone(whole []string, f func(string) string) func(int, hook.Job) ([]string, error) {
	return func(_ int, job hook.Job) ([]string, error) {
		if len(job.Texts) == 1 {
			return []string{f(job.Texts[0])}, nil
		}
		return whole, nil
	}
}

func fail(err error) func(int, hook.Job) ([]string, error) {
	return func(int, hook.Job) ([]string, error) { return nil, err }
}

func request(texts ...string) hook.Request {
	r := hook.Request{Source: "en", Target: "uk"}
	for i, s := range texts {
		r.Items = append(r.Items, hook.Item{Text: hooktest.Parse(s), Place: diag.Place{Unit: fmt.Sprint("u", i+1)}})
	}
	return r
}

// describe is answers and diagnostics in one readable form.
func describe(r hook.Request, answers []hook.Answer, ds []diag.Diagnostic) string {
	var b strings.Builder
	for i, a := range answers {
		if a.Err != nil {
			fmt.Fprintf(&b, "%s! %v\n", a.Engine, a.Err)
		} else {
			fmt.Fprintf(&b, "%s: %s\n", a.Engine, a.Text.TaggedAs(r.Items[i].Text))
		}
	}
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s\n", d.ID, d.Error())
	}
	return b.String()
}

// TestAnswers has engines that answer well, badly and not at all.
func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		engines []hook.EngineConfig
		texts   []string
		want    string
	}{
		{"sound", []hook.EngineConfig{{Engine: &fake{name: "a", do: upper}}}, []string{"one <1>two</1>", "three<1/>"},
			"a: ONE <1>TWO</1>\na: THREE<1/>\n"},
		{"edges are not sent", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(s string) string { return " X" + s })}}},
			[]string{" <1>one <2/></1>\n", "<1>half"},
			"a:  <1>Xone <2/></1>\n\na: <1>Xhalf\n"},
		{"nothing to translate", []hook.EngineConfig{{Engine: &fake{name: "a", do: fail(errors.New("asked"))}}}, []string{"", "  ", "<1/>", "—", "https://example.org/"},
			": \n:   \n: <1/>\n: —\n: https://example.org/\n"},
		{"too few, then alone", []hook.EngineConfig{{Engine: &fake{name: "a", do: alone([]string{"ONE"}, strings.ToUpper)}}}, []string{"one", "two"},
			"a: ONE\na: TWO\n"},
		{"too many, then alone", []hook.EngineConfig{{Engine: &fake{name: "a", do: alone([]string{"1", "2", "3"}, strings.ToUpper)}}}, []string{"one", "two"},
			"a: ONE\na: TWO\n"},
		{"always too many", []hook.EngineConfig{{Engine: &fake{name: "a", do: func(int, hook.Job) ([]string, error) { return []string{"1", "2", "3"}, nil }}}}, []string{"one", "two"},
			"a! [unit u1]: a: bad answer: 3 for 1 texts (before that: bad answer: 3 for 2 texts)\na! [unit u2]: a: bad answer: 3 for 1 texts (before that: bad answer: 3 for 2 texts)\n"},
		{"out of order shows by the codes", []hook.EngineConfig{{Engine: &fake{name: "a", do: alone([]string{"TWO", "<1>ONE</1> X"}, strings.ToUpper)}}}, []string{"<1>one</1> x", "two"},
			"a: <1>ONE</1> X\na: TWO\n"},
		{"lost, then kept", []hook.EngineConfig{{Engine: &fake{name: "a", do: func(n int, job hook.Job) ([]string, error) {
			if n == 1 {
				return []string{"ONE TWO"}, nil
			}
			return upper(n, job)
		}}}}, []string{"one <1>two</1>"}, "a: ONE <1>TWO</1>\n"},
		{"always lost", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "ONE TWO" })}}}, []string{"one <1>two</1>"},
			"a! [unit u1]: a: codes do not survive: lost \"<b1>\", lost \"</b1>\"\n"},
		{"doubled pair", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "<1>ONE</1> <1>TWO</1>" })}}}, []string{"one <1>two</1>"},
			"a! [unit u1]: a: codes do not survive: doubled \"<b1>\", doubled \"</b1>\"\n"},
		{"unbalanced", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "</1>ONE <1>TWO" })}}}, []string{"one <1>two</1>"},
			"a! [unit u1]: a: codes do not survive: unbalanced \"</b1>\"\n"},
		{"unknown code", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "ONE <7/>" })}}}, []string{"one"},
			"a! [unit u1]: a: codes do not survive: tag <7/> is not in the source \"one\"\n"},
		{"lost at the ends, put back", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "ONE" })}}}, []string{"<1/><2/>one <3/>", "one<1/>"},
			"a: <1/><2/>ONE<3/>\na: ONE<1/>\n" +
				"hook.repaired [unit u1]: a: codes do not survive: lost \"<img1>\", lost \"<img2>\", lost \"<img3>\"; put back where it was (see whether it stands in the right place)\n" +
				"hook.repaired [unit u2]: a: codes do not survive: lost \"<img1>\"; put back where it was (see whether it stands in the right place)\n"},
		{"twice in one place, once", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "ONE<1/><1/> TWO" })}}}, []string{"one<1/> two"},
			"a: ONE<1/> TWO\nhook.repaired [unit u1]: a: codes do not survive: doubled \"<img1>\"; put back where it was (see whether it stands in the right place)\n"},
		{"twice in two places", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "ONE<1/> TWO<1/>" })}}}, []string{"one<1/> two"},
			"a! [unit u1]: a: codes do not survive: doubled \"<img1>\"\n"},
		{"lost in the middle", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "ONE TWO" })}}}, []string{"one<1/> two"},
			"a! [unit u1]: a: codes do not survive: lost \"<img1>\"\n"},
		{"empty", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return " <1/>" })}}}, []string{"one<1/>"},
			"a! [unit u1]: a: empty answer\n"},
		{"too long", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return strings.Repeat("x", 2<<20) })}}}, []string{"one"},
			"a! [unit u1]: a: bad answer: 2097152 bytes long\n"},
		{"unchanged", []hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(s string) string { return s })}}}, []string{"one <1>two</1>", "12"},
			"a: one <1>two</1>\na: 12\nhook.untranslated [unit u1]: a gave the source text back unchanged\n"},
		{"final error", []hook.EngineConfig{{Engine: &fake{name: "a", do: fail(errors.New("no credit"))}}}, []string{"one", "two"},
			"a! [unit u1]: a: no credit\na! [unit u2]: a: no credit\n"},
		{"in part", []hook.EngineConfig{{Engine: &fake{name: "a", do: func(int, hook.Job) ([]string, error) {
			return []string{"ONE", ""}, &hook.Partial{Errs: []error{nil, errors.New("not this one")}}
		}}}}, []string{"one", "two"},
			"a: ONE\na! [unit u2]: a: not this one\n"},
		{"in part, wrongly", []hook.EngineConfig{{Engine: &fake{name: "a", do: func(int, hook.Job) ([]string, error) {
			return []string{"ONE"}, &hook.Partial{Errs: []error{nil}}
		}}}}, []string{"one", "two"},
			"a: ONE\na: ONE\n"},
		{"not served", []hook.EngineConfig{{Engine: &fake{name: "a", do: fail(hook.ErrUnsupported)}}}, []string{"one"},
			"! [unit u1]: no engine serves this pair of locales (list one for the locale in the configuration)\n"},
		{"no engine", nil, []string{"one"},
			"! [unit u1]: no engine serves this pair of locales (list one for the locale in the configuration)\n"},
		{"other locales", []hook.EngineConfig{{Engine: &fake{name: "a", do: upper}, Locales: []string{"ru", "en"}}}, []string{"one"},
			"! [unit u1]: no engine serves this pair of locales (list one for the locale in the configuration)\n"},
		{"the next one", []hook.EngineConfig{
			{Engine: &fake{name: "a", do: fail(hook.ErrUnsupported)}},
			{Engine: &fake{name: "b", do: fail(errors.New("no credit"))}},
			{Engine: &fake{name: "c", do: upper}, Name: "see"},
		}, []string{"one"},
			"see: ONE\nhook.fallback [uk]: b did not translate 1 of 1 texts (no credit); see translated 1 of them\n"},
		{"the next one for one of them", []hook.EngineConfig{
			{Engine: &fake{name: "a", do: each(func(s string) string { return strings.ReplaceAll(strings.ToUpper(s), "<1/>", "") })}},
			{Engine: &fake{name: "b", do: upper}},
		}, []string{"one", "t<1/>wo"},
			"a: ONE\nb: T<1/>WO\nhook.fallback [uk]: a did not translate 1 of 2 texts (codes do not survive: lost \"<img1>\"); b translated 1 of them\n"},
		{"all fail", []hook.EngineConfig{
			{Engine: &fake{name: "a", do: fail(errors.New("no credit"))}},
			{Engine: &fake{name: "b", do: fail(hook.ErrUnsupported)}},
			{Engine: &fake{name: "c", do: fail(errors.New("no dictionary"))}},
			{Engine: &fake{name: "d", do: fail(errors.New("no luck"))}},
		}, []string{"one"},
			"d! [unit u1]: a: no credit; c: no dictionary; d: no luck\n"},
		{"budget", []hook.EngineConfig{
			{Engine: &fake{name: "a", do: upper}, Budget: 8},
			{Engine: &fake{name: "b", do: upper}, Budget: 4},
		}, []string{"one", "three", "four", "six"},
			"a: ONE\na: THREE\nb: FOUR\nb! [unit u4]: a: budget spent: 8 of 8 characters used, 3 more needed; b: budget spent: 4 of 4 characters used, 3 more needed (raise the engine's budget or limit, or list another engine behind it)\n" +
				"hook.fallback [uk]: a did not translate 2 of 4 texts (budget spent: 8 of 8 characters used, 4 more needed); b translated 1 of them\n"},
		{"longer than it takes", []hook.EngineConfig{{Engine: &fake{name: "a", do: upper, caps: hook.Capabilities{MaxChars: 4}}}}, []string{"one", "three"},
			"a: ONE\na! [unit u2]: a: text too long for the engine: 5 characters of at most 4\n"},
		{"HTML", []hook.EngineConfig{{Engine: &fake{name: "a", caps: hook.Capabilities{Markup: hook.HTML()}, do: each(func(s string) string {
			if s != `a &lt; <span id="1">b</span> <img id="2">` {
				return "asked " + s
			}
			return `<IMG ID='2'/> <span id=1>B</span>&nbsp;&#60; A`
		})}}}, []string{"a < <1>b</1> <2/>"}, "a: <2/> <1>B</1>\u00a0< A\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := request(tt.texts...)
			answers, ds := hook.New(tt.engines, hook.Options{}).Translate(t.Context(), r)
			if got := describe(r, answers, ds); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

// TestUnreadableAnswers holds that what a reader cannot read is no translation.
func TestUnreadableAnswers(t *testing.T) {
	for answer, want := range map[string]string{
		"\u00a0\u200b": "empty answer", "\u2066\u2069": "empty answer", "\u200d": "empty answer", "\u0301\u0308": "empty answer", "\u3164": "empty answer",
		"…": "empty answer", ".": "empty answer", "-": "empty answer", "&nbsp;": "empty answer", "&#8203; ": "empty answer",
		"?? ????? ??.": "stand for its letters", "\ufffd\ufffd": "stand for its letters", "Ці\ufffdлий": "stand for its letters",
		"10": "", "👍": "", "№": "", "Так": "", "Так?": "",
	} {
		e := &fake{name: "a", do: each(func(string) string { return answer })}
		answers, _ := hook.New([]hook.EngineConfig{{Engine: e}}, hook.Options{}).Translate(t.Context(), request("The whole text is here."))
		switch err := answers[0].Err; {
		case want == "" && err != nil:
			t.Errorf("%q: %v", answer, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", answer, err, want)
		}
	}
}

// TestErrors holds what callers tell answers apart by.
func TestErrors(t *testing.T) {
	c := hook.New([]hook.EngineConfig{{Engine: &fake{name: "a", do: each(func(string) string { return "X" })}}}, hook.Options{})
	answers, _ := c.Translate(t.Context(), request("a<1/>b"))
	var d diag.Diagnostic
	if err := answers[0].Err; !errors.Is(err, hook.ErrCodes) || !errors.As(err, &d) || d.ID != "hook.codes" || d.Place.Unit != "u1" {
		t.Errorf("got %v, diagnostic %+v", err, d)
	}
}

func TestTerms(t *testing.T) {
	source := "The Verkhovna Rada sat in Kyiv, said Interfax."
	mark := func(s string, m bitext.TermMark) bitext.TermMark {
		m.Source = s
		m.Start = strings.Index(source, s)
		m.End = m.Start + len(s)
		return m
	}
	item := hook.Item{Text: bitext.Plain(source), Before: "b", After: "a", Terms: []bitext.TermMark{
		mark("Verkhovna Rada", bitext.TermMark{Targets: []string{"Верховна Рада", "парламент"}, Forbidden: []string{"Рада"}}),
		mark("Kyiv", bitext.TermMark{Targets: []string{"Київ"}, Forbidden: []string{"Киев"}}),
		mark("Interfax", bitext.TermMark{DoNotTranslate: true}),
	}}
	for _, tt := range []struct{ name, answer, want string }{
		{"kept", "ВЕРХОВНА РАДА сиділа: Київ, <1/>.", "a: ВЕРХОВНА РАДА сиділа: Київ, Interfax.\n"},
		{"not used", "Парламент сидів у столиці, <1/>.", "a: Парламент сидів у столиці, Interfax.\nhook.term a did not use the glossary's \"Київ\" for \"Kyiv\"\n"},
		{"corrected", "Парламент у місті київ: <1/>", "a: Парламент у місті Київ: Interfax\nhook.corrected a wrote \"київ\" for \"Kyiv\"; it was corrected to the glossary's \"Київ\"\n"},
		{"forbidden", "Рада, Київ, Киев: <1/>", "a: Рада, Київ, Киев: Interfax\n" +
			"hook.term a did not use the glossary's \"Верховна Рада\" for \"Verkhovna Rada\"\nhook.term a used \"Рада\" for \"Verkhovna Rada\", which the glossary forbids\n" +
			"hook.term a used \"Киев\" for \"Kyiv\", which the glossary forbids\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{name: "a", do: each(func(string) string { return tt.answer })}
			r := hook.Request{Source: "en", Target: "uk", Items: []hook.Item{item}}
			answers, ds := hook.New([]hook.EngineConfig{{Engine: f}}, hook.Options{}).Translate(t.Context(), r)
			if got := describe(r, answers, ds); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			job := f.jobs[0]
			if want := "The Verkhovna Rada sat in Kyiv, said <1/>."; job.Texts[0] != want {
				t.Errorf("the engine was asked %q, want %q", job.Texts[0], want)
			}
			if c := job.Context[0]; len(c.Terms) != 2 || c.Terms[1].Targets[0] != "Київ" || c.Before != "b" || c.After != "a" {
				t.Errorf("context %+v", c)
			}
		})
	}
}

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

// TestOneFlight holds that equal texts are asked for once, in one request and in
// several at the same time, with their own codes.
func TestOneFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{name: "a", do: upper, pause: time.Second}
		c := hook.New([]hook.EngineConfig{{Engine: f, Batch: 1, Concurrency: 8}}, hook.Options{})
		var wg sync.WaitGroup
		for n := range 5 {
			wg.Go(func() {
				r := request("one <1>a</1> b", "one <1>a</1> b", "two")
				for i := range r.Items[0].Text.Codes {
					r.Items[0].Text.Codes[i].ID = fmt.Sprint("id", n)
				}
				handed := 0
				var mu sync.Mutex
				r.OnAnswer = func(int, hook.Answer) { mu.Lock(); handed++; mu.Unlock() }
				answers, _ := c.Translate(t.Context(), r)
				for i, a := range answers {
					if a.Err != nil || a.Text.Chars != strings.ToUpper(r.Items[i].Text.Chars) || len(bitext.CompareCodes(r.Items[i].Text, a.Text)) > 0 {
						t.Errorf("%d: %+v", i, a)
					}
				}
				if handed != 3 {
					t.Errorf("%d of 3 answers handed over", handed)
				}
			})
		}
		wg.Wait()
		if len(f.jobs) != 2 {
			t.Errorf("%d calls for 2 texts", len(f.jobs))
		}
	})
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

// TestOtherLanguage has an engine answer in another language, of which some answers are
// known by themselves and others only together. The next engine is asked.
func TestOtherLanguage(t *testing.T) {
	answers := map[string]string{"one": "un", "two": "deux", "three": "bonjour trois"}
	r := request("one", "two", "three")
	r.OtherLanguage = func(_, s string) string {
		if strings.Contains(s, "bonjour") {
			return "French"
		}
		return ""
	}
	for _, tt := range []struct {
		batch int
		want  string
	}{{50, "french! french! french!"}, {1, "un deux french!"}} {
		f := &fake{name: "a", do: each(func(s string) string { return answers[s] })}
		c := hook.New([]hook.EngineConfig{{Engine: f, Batch: tt.batch}}, hook.Options{})
		got, _ := c.Translate(t.Context(), r)
		var list []string
		for _, a := range got {
			var d diag.Diagnostic
			switch {
			case a.Err == nil:
				list = append(list, a.Text.Chars)
			case errors.Is(a.Err, hook.ErrLanguage) && errors.As(a.Err, &d) && d.ID == "hook.failed" && strings.Contains(d.Message, "it answers in French"):
				list = append(list, "french!")
			default:
				list = append(list, a.Err.Error())
			}
		}
		if s := strings.Join(list, " "); s != tt.want {
			t.Errorf("batches of %d: %s, want %s", tt.batch, s, tt.want)
		}
		if n := len(f.jobs); n > 3 {
			t.Errorf("batches of %d: %d calls", tt.batch, n)
		}
	}
	wrong := &fake{name: "a", do: each(func(s string) string { return answers[s] })}
	c := hook.New([]hook.EngineConfig{{Engine: wrong}, {Engine: &fake{name: "b", do: upper}}}, hook.Options{})
	got, _ := c.Translate(t.Context(), r)
	for i, a := range got {
		if a.Engine != "b" || a.Err != nil {
			t.Errorf("text %d is answered by %q, %v", i, a.Engine, a.Err)
		}
	}
}

// TestAltered has answers whose tags or characters are written in another way than they
// were asked for.
func TestAltered(t *testing.T) {
	for _, tt := range []struct{ source, answer, want string }{
		{"the <1>red</1> house", "дом ＜1＞красный＜／1＞", "дом <1>красный</1>"},
		{"the <1>red</1> house", "дом < 1 >красный</ 1 >", "дом <1>красный</1>"},
		{"the <1>red</1> house", "дом &lt;1&gt;красный&lt;/1&gt;", "дом <1>красный</1>"},
		{"the <1>red</1> house", "خانه <۱>قرمز</۱>", "خانه <1>قرمز</1>"},
		{"the <1>red</1> house", "घर <१>लाल</१>", "घर <1>लाल</1>"},
		{"the <1>red</1> house", "家《1》红《/1》", "家<1>红</1>"},
		{"a <1/> house", "дом <1>", "дом <1/>"},
		{"a <1/> house", "дом <1></1> он", "дом <1/> он"},
		{"a <1/> house", "дом ＜1/＞ он", "дом <1/> он"},
		{"the <1>red</1> house", "дом <2>красный</2>", "!codes do not survive"},
		{"the <1>red</1> house", "дом <1>красный", "!codes do not survive"},
		{"the <1>red</1> ＜1＞ house", "дом ＜1＞красный＜/1＞", "!codes do not survive"},
		{"Q & A", "В &amp; О", "В & О"},
		{"Q & A", "В &amp;amp;amp; О", "В & О"},
		{"it’s <1>“so”</1> &", "це <1>&quot;так&quot;</1> &amp; &#39;н&#x27;", "це <1>\"так\"</1> & 'н'"},
		{"write &amp; here", "пиши &amp; тут", "пиши &amp; тут"},
		{"a <1>b</1> c", "а &lt;script&gt; <1>б</1>", "!bad answer: it has markup"},
		{"a b", "а &#0;&#27; б", "а &#0;&#27; б"},
	} {
		f := &fake{name: "a", do: each(func(string) string { return tt.answer })}
		c := hook.New([]hook.EngineConfig{{Engine: f}}, hook.Options{})
		r := request("")
		r.Items[0].Text = hooktest.Parse(tt.source)
		answers, _ := c.Translate(t.Context(), r)
		got := answers[0].Text.Tagged()
		if want, fails := strings.CutPrefix(tt.want, "!"); fails {
			if answers[0].Err == nil || !strings.Contains(answers[0].Err.Error(), want) {
				t.Errorf("%q, %q: %q, %v; want an error with %q", tt.source, tt.answer, got, answers[0].Err, want)
			}
		} else if got != tt.want || answers[0].Err != nil {
			t.Errorf("%q, %q: %q, %v; want %q", tt.source, tt.answer, got, answers[0].Err, tt.want)
		}
	}
}

// An inflected form of a glossary's term is the term.
func TestTermsInflected(t *testing.T) {
	for answer, findings := range map[string]int{"в Верховном суде": 0, "в высшей инстанции": 1} {
		f := &fake{name: "a", do: each(func(string) string { return answer })}
		c := hook.New([]hook.EngineConfig{{Engine: f}}, hook.Options{})
		r := request("in the Supreme Court")
		r.Target = "ru"
		r.Items[0].Terms = []bitext.TermMark{{Start: 7, End: 20, Concept: "court", Source: "Supreme Court", Targets: []string{"Верховный суд"}}}
		if _, ds := c.Translate(t.Context(), r); len(ds) != findings {
			t.Errorf("%q: %v", answer, ds)
		}
	}
}
