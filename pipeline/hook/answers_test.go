package hook_test

import (
	"errors"
	"strings"
	"testing"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

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
