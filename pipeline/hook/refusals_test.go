package hook_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

// versioned is a fake engine with a version.
type versioned struct {
	*fake
	version string
}

func (v versioned) Version() string { return v.version }

func TestRefusalsAreRemembered(t *testing.T) {
	refusing := func(_ int, job hook.Job) ([]string, error) {
		if job.Texts[0] == "bad" {
			return nil, hook.Refused(errors.New("the model refuses: no"))
		}
		return upper(0, job)
	}
	term := func(r hook.Request) hook.Request {
		r.Items[0].Terms = []bitext.TermMark{{Start: 0, End: 3, Source: "bad", Targets: []string{"BAD"}}}
		return r
	}
	var file []byte
	build := func(name, version string, do func(int, hook.Job) ([]string, error), r hook.Request, retry bool) (calls int, answer hook.Answer) {
		t.Helper()
		f := &fake{name: name, do: do}
		c := hook.New([]hook.EngineConfig{{Engine: versioned{f, version}}}, hook.Options{InitialBackoff: time.Nanosecond})
		refusals := hook.ReadRefusals(file, retry)
		c.RememberRefusals(refusals)
		answers, _ := c.Translate(t.Context(), r)
		file, _ = refusals.Merge(file)
		return len(f.jobs), answers[0]
	}
	for _, step := range []struct {
		name, engine, version string
		do                    func(int, hook.Job) ([]string, error)
		request               hook.Request
		retry                 bool
		calls                 int
		err                   error
	}{
		{"a passing failure", "a", "1", fail(&hook.Temporary{Err: hook.ErrRefused}), request("worse"), false, 4, hook.ErrRefused},
		{"is asked again", "a", "1", upper, request("worse"), false, 1, nil},
		{"refused", "a", "1", refusing, request("bad"), false, 1, hook.ErrRefused},
		{"remembered", "a", "1", refusing, request("bad"), false, 0, hook.ErrRefused},
		{"another version", "a", "2", refusing, request("bad"), false, 1, hook.ErrRefused},
		{"another engine", "b", "1", refusing, request("bad"), false, 1, hook.ErrRefused},
		{"other terms", "a", "1", refusing, term(request("bad")), false, 1, hook.ErrRefused},
		{"another text", "a", "1", refusing, request("good"), false, 1, nil},
		{"retry", "a", "1", refusing, request("bad"), true, 1, hook.ErrRefused},
		{"still remembered", "a", "1", upper, request("bad"), false, 0, hook.ErrRefused},
		{"retry, answered", "a", "1", upper, request("bad"), true, 1, nil},
		{"forgotten", "a", "1", upper, request("bad"), false, 1, nil},
		{"codes lost", "a", "1", each(func(string) string { return "x" }), request("a <1>b</1> c"), false, 2, hook.ErrCodes},
		{"codes lost, remembered", "a", "1", upper, request("a <1>b</1> c"), false, 0, hook.ErrCodes},
	} {
		calls, a := build(step.engine, step.version, step.do, step.request, step.retry)
		if calls != step.calls || !errors.Is(a.Err, step.err) {
			t.Errorf("%s: %d calls and %v, not %d calls and %v", step.name, calls, a.Err, step.calls, step.err)
		}
	}
	// The file is damaged: sound lines count, and are kept.
	if n := strings.Count(string(file), "\n"); n != 4 {
		t.Errorf("%d lines in the file, not 4:\n%s", n, file)
	}
	file = fmt.Appendf(nil, "{\"key\":\n\xff\n{}\n%s{\"key\":\"%s", file, strings.Repeat("x", 1<<20))
	if calls, _ := build("a", "2", upper, request("bad"), false); calls != 0 {
		t.Error("a damaged line makes the others count for nothing")
	}
}

func FuzzReadRefusals(f *testing.F) {
	f.Add([]byte(`{"key":"00112233445566778899aabbccddeeff","engine":"a","kind":"codes","reason":"x"}` + "\n"))
	f.Add([]byte("{\n\xff\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if again, changed := hook.ReadRefusals(data, false).Merge(data); changed || string(again) != string(data) {
			t.Error("a file without a new refusal is changed")
		}
	})
}
