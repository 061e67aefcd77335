package engines

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/faulttest"
	"hexapla/pipeline/hook/hooktest"
)

// FuzzAnswers has the service of each wire format answer anything. What is taken for a
// translation has the codes of its source and no markup that the source does not have.
func FuzzAnswers(f *testing.F) {
	var answer atomic.Pointer[[]byte]
	wires := faulttest.Wires()
	chains := make([]*hook.Chain, len(wires))
	for i, w := range wires {
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if text, ok := w.Languages(r.URL.Path); ok {
				fmt.Fprint(rw, text)
				return
			}
			rw.Write(*answer.Load())
		}))
		f.Cleanup(s.Close)
		settings, errs := decode(parse(f, "[[hook]]\n"+strings.ReplaceAll(w.Config, "URL", s.URL))[0])
		if len(errs) > 0 {
			f.Fatal(errs)
		}
		e, err := settings.make(hook.Config{}, getenv)
		if err != nil {
			f.Fatal(err)
		}
		chains[i] = hook.New([]hook.EngineConfig{{Engine: e, Timeout: 5 * time.Second}}, Options{MaxAttempts: 1, BreakerThreshold: 1 << 30})
		for _, body := range []string{
			"", "{", `{"a":[1]}`, "<html>", `{"translatedText":["ONE"]}`, `{"translatedText":["<span id=\"1\">ONE</span> &amp; 5 <script>"]}`,
			`{"translations":[{"text":"ONE","translatedText":"ONE"}]}`, `[{"translations":[{"text":"<b>"}]}]`,
			`{"choices":[{"message":{"content":"{\"translations\":[{\"id\":\"1\",\"text\":\"<1>ONE</1> & 5\"}]}"},"finish_reason":"stop"}]}`,
			`{"choices":[{"message":{"content":"{\"translations\":[{\"id\":\"1\",\"te"},"finish_reason":"length"}]}`,
			"[[t:b:1]]ONE[[/]] 5[e0]", "*one @two #three[e0][e0]", "\\[e0]",
		} {
			f.Add(uint8(i), []byte(body))
		}
	}
	source := hooktest.Parse("one <1>house</1> & 5")
	f.Fuzz(func(t *testing.T, wire uint8, body []byte) {
		answer.Store(&body)
		c := chains[int(wire)%len(chains)]
		answers, _ := c.Translate(t.Context(), hook.Request{Source: "en", Target: "uk", Items: []hook.Item{{Text: source}}})
		a := answers[0]
		if a.Err != nil {
			return
		}
		if p := bitext.CompareCodes(source, a.Text); len(p) > 0 || a.Text.IsBlank() {
			t.Errorf("%q is taken for %q: %v", body, a.Text.Tagged(), p)
		}
		if strings.Contains(a.Text.Chars, "<script") {
			t.Errorf("%q brings markup into %q", body, a.Text.Chars)
		}
	})
}
