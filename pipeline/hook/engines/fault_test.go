package engines

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/faulttest"
	"hexapla/pipeline/hook/hooktest"
)

// newServer starts a server that validates requests and answers, see published.
func newServer(t *testing.T, w faulttest.Wire, f faulttest.Fault) *faulttest.Server {
	t.Helper()
	request, response := published(t, w.Name)
	return faulttest.NewServer(t, w, f, func(isRequest bool, body []byte) {
		schemas := response
		if isRequest {
			schemas = request
		}
		for _, s := range schemas {
			validate(t, s, body)
		}
	})
}

func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile(name)
}

func validate(t *testing.T, s *jsonschema.Schema, data []byte) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s\ndoes not follow the published shape: %v", data, err)
	}
}

func chainFor(t *testing.T, w faulttest.Wire, url, more string) *hook.Chain {
	t.Helper()
	c, err := Build(parse(t, "[[hook]]\n"+strings.ReplaceAll(w.Config, "URL", url)+"\n"+more), getenv, Options{InitialBackoff: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestConformance runs the suite of engines over each wire format.
func TestConformance(t *testing.T) {
	for _, w := range faulttest.Wires() {
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, w, faulttest.Fault{})
			hooktest.Test(t, hooktest.Pair{Source: "en", Target: "uk"}, func(t *testing.T) hook.Engine {
				configs := parse(t, "[[hook]]\n"+strings.ReplaceAll(w.Config, "URL", s.URL))
				settings, errs := decode(configs[0])
				if len(errs) > 0 {
					t.Fatal(errs)
				}
				e, err := settings.make(configs[0], getenv)
				if err != nil {
					t.Fatal(err)
				}
				return e
			})
		})
	}
}

// TestFaults has each wire format misbehave. What is answered must be right, what is
// not must have an error without a key in it, and nothing may hang.
func TestFaults(t *testing.T) {
	for _, w := range faulttest.Wires() {
		for _, f := range faulttest.Faults() {
			if w.Single() && f.Batches || f.Whole {
				continue
			}
			t.Run(w.Name+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				s := newServer(t, w, f)
				answered := ask(t, chainFor(t, w, s.URL, "timeout = '700ms'\ndeadline = '2s'"), faulttest.Texts)
				if f.Answered >= 0 && answered != f.Answered {
					t.Errorf("%d of %d texts are answered, want %d", answered, faulttest.Texts, f.Answered)
				}
				if n := s.Requests(); !w.Single() && f.Requests > 0 && n > f.Requests {
					t.Errorf("%d requests, want at most %d", n, f.Requests)
				}
			})
		}
	}
}

// ask has a chain translate texts, and checks what is answered and what is said of
// the others.
func ask(t *testing.T, c *hook.Chain, n int) (answered int) {
	t.Helper()
	r := hook.Request{Source: "en", Target: "uk"}
	for i := range n {
		text := hooktest.Parse(fmt.Sprintf("one <1>house</1> of %d", i+100))
		if i%2 == 1 {
			text = bitext.Plain(fmt.Sprintf("plain & simple %d", i+100))
		}
		r.Items = append(r.Items, hook.Item{Text: text})
	}
	start := time.Now()
	answers, ds := c.Translate(t.Context(), r)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
	for i, a := range answers {
		source := r.Items[i].Text
		if a.Err != nil {
			for _, secret := range []string{"hush", "HUSH", "\x1b"} {
				if strings.Contains(a.Err.Error(), secret) {
					t.Errorf("the error has %q in it: %v", secret, a.Err)
				}
			}
			continue
		}
		answered++
		if want := strings.ToUpper(source.Chars); a.Text.Chars != want {
			t.Errorf("%q is answered %q", source.Chars, a.Text.Chars)
		}
		if p := bitext.CompareCodes(source, a.Text); len(p) > 0 {
			t.Errorf("%q is answered with codes %v", source.Chars, p)
		}
	}
	if strings.Contains(fmt.Sprint(ds), "hush") {
		t.Errorf("a diagnostic has a key in it: %v", ds)
	}
	return answered
}
