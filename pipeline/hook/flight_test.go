package hook_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

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
