package openai

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

// serve starts a server that answers each request by a function, and returns an
// engine for it and the requests that it got.
func serve(t *testing.T, opt Options, answer func(w http.ResponseWriter, n int, r request, q question)) (*Engine, *[]request) {
	t.Helper()
	var requests []request
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		var q request
		var user question
		if err := json.Unmarshal(data, &q); err != nil {
			t.Error(err)
			return
		}
		if err := json.Unmarshal([]byte(q.Messages[1].Content), &user); err != nil {
			t.Error(err)
		}
		requests = append(requests, q)
		answer(w, len(requests), q, user)
	}))
	t.Cleanup(s.Close)
	opt.URL, opt.Model = s.URL, "small"
	e, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return e, &requests
}

func complete(w http.ResponseWriter, content, finish string) {
	_ = json.NewEncoder(w).Encode(map[string]any{
		"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": content}, "finish_reason": finish}},
		"usage":   map[string]any{"prompt_tokens": 7, "completion_tokens": 3},
	})
}

// items writes translations of the first n texts of a question.
func items(q question, n int) string {
	var list []item
	for _, it := range q.Texts[:n] {
		list = append(list, item{it.ID, strings.ToUpper(it.Text)})
	}
	data, _ := json.Marshal(map[string]any{"translations": list})
	return string(data)
}

func texts(n int) []string {
	var out []string
	for i := range n {
		out = append(out, "text "+strconv.Itoa(i))
	}
	return out
}

func TestContents(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content func(q question) string
		finish  string
		want    string // answers, "!" for those that count as none
	}{
		{"as asked", func(q question) string { return items(q, 3) }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"in a fence", func(q question) string { return "```json\n" + items(q, 3) + "\n```" }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"after a preamble", func(q question) string { return "Sure! Here {it} is:\n" + items(q, 3) }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"thinking first", func(q question) string { return "<think>{x}</think>" + items(q, 3) }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"a draft in its thoughts", func(q question) string {
			return `<think>{"translations":[{"id":"1","text":"draft"}]} no, better:</think>` + "\n" + items(q, 3)
		}, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"thoughts without their first tag", func(q question) string {
			return `Maybe {"translations":[{"id":"1","text":"draft"}]}? No.</think>` + "\n```json\n" + items(q, 3) + "\n```"
		}, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"long thoughts", func(q question) string {
			return "<thinking>" + strings.Repeat(`{"a": 1} `, 2000) + "</thinking>" + items(q, 3)
		}, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"thoughts cut off", func(question) string { return `<think>{"translations":[{"id":"1","text":"draft"},` }, "stop", "!bad answer: the content is not JSON"},
		{"a tag of thoughts in a text", func(question) string {
			return `{"translations":[{"id":"1","text":"A </think>"},{"id":"2","text":"B"},{"id":"3","text":"C"}]}`
		}, "stop", "A </think>|B|C"},
		{"a list without its object", func(question) string {
			return `[{"id":"1","text":"A"},{"id":"2","text":"B"},{"id":"3","text":"C"}]`
		}, "stop", "A|B|C"},
		{"a list in a fence", func(question) string {
			return "```json\n[{\"id\":1,\"translation\":\"A\"},{\"id\":2,\"translation\":\"B\"},{\"id\":3,\"translation\":\"C\"}]\n```"
		}, "stop", "A|B|C"},
		{"texts by their ids", func(question) string { return `{"1":"A","2":"B","3":"C"}` }, "stop", "A|B|C"},
		{"translations by their ids", func(question) string { return `{"translations":{"3":"C","1":"A","2":"B"},"note":"done"}` }, "stop", "A|B|C"},
		{"inside of another object", func(q question) string { return `{"result":` + items(q, 3) + `}` }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"the question again", func(q question) string {
			data, _ := json.Marshal(q)
			return string(data)
		}, "stop", "!bad answer: the content is not JSON"},
		{"the question, then the answer", func(q question) string {
			data, _ := json.Marshal(q)
			return string(data) + "\n" + items(q, 3)
		}, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"null for a text", func(question) string {
			return `{"translations":[{"id":"1","text":"A"},{"id":"2","text":null},{"id":"3","text":"C"}]}`
		}, "stop", "A|!bad answer: no text with its id|C"},
		{"text after the answer", func(q question) string { return items(q, 3) + "\n\nNote: {x} I kept the tags." }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"a byte order mark", func(q question) string { return "\ufeff" + items(q, 3) }, "stop", "TEXT 0|TEXT 1|TEXT 2"},
		{"another order, an id too many", func(question) string {
			return `{"translations":[{"id":"3","text":"C"},{"id":"9","text":"X"},{"id":1,"text":"A"},{"id":"2","text":"B"}]}`
		}, "stop", "A|B|C"},
		{"one missing", func(q question) string { return items(q, 2) }, "stop", "TEXT 0|TEXT 1|!bad answer: no text with its id"},
		{"one twice, differently", func(question) string {
			return `{"translations":[{"id":"1","text":"A"},{"id":"1","text":"B"},{"id":"2","text":"C"},{"id":"3","text":"D"}]}`
		}, "stop", "!bad answer: two different texts for one id|C|D"},
		{"a refusal in one", func(question) string {
			return `{"translations":[{"id":"1","text":"I'm sorry, but I can't translate this."},{"id":"2","text":"C"},{"id":"3","text":"D"}]}`
		}, "stop", "!bad answer: the model refuses|C|D"},
		{"a refusal in the target's language", func(question) string {
			return `{"translations":[{"id":"1","text":"Вибачте, але я не можу перекласти цей текст."},{"id":"2","text":"C"},{"id":"3","text":"D"}]}`
		}, "stop", "!bad answer: the model refuses|C|D"},
		{"a preamble in one", func(question) string {
			return `{"translations":[{"id":"1","text":"Here is the translation: A"},{"id":"2","text":"C"},{"id":"3","text":"D"}]}`
		}, "stop", "!bad answer: a preamble|C|D"},
		{"a refusal of all", func(question) string { return "I cannot help with that." }, "stop", "!bad answer: the model refuses"},
		{"content filter", func(question) string { return "" }, "content_filter", "!bad answer: the model refuses"},
		{"no JSON", func(question) string { return "ТЕКСТ" }, "stop", "!bad answer: the content is not JSON"},
		{"empty", func(question) string { return " " }, "stop", "!bad answer: no content"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, _ := serve(t, Options{}, func(w http.ResponseWriter, _ int, _ request, q question) { complete(w, tt.content(q), tt.finish) })
			got, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: texts(3)})
			want := strings.Split(tt.want, "|")
			var partial *hook.Partial
			switch {
			case err == nil:
			case errors.As(err, &partial):
				for i, err := range partial.Errs {
					if err != nil {
						got[i] = "!" + err.Error()
					}
				}
			default:
				got = []string{"!" + err.Error()}
			}
			for i := range want {
				if i >= len(got) || len(got) != len(want) || got[i] != want[i] && !(want[i][0] == '!' && strings.HasPrefix(got[i], want[i])) {
					t.Fatalf("got %q, want %q", got, want)
				}
			}
		})
	}
}

// TestLength has a model that writes at most two texts: the rest is asked for, until
// one text is too long by itself.
func TestLength(t *testing.T) {
	e, requests := serve(t, Options{}, func(w http.ResponseWriter, _ int, _ request, q question) {
		if len(q.Texts) <= 2 {
			complete(w, items(q, len(q.Texts)), "stop")
			return
		}
		whole := items(q, 3)
		complete(w, whole[:strings.LastIndex(whole, "{")+9], "length")
	})
	usage := hook.Usage{}
	got, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: texts(7), Report: func(u hook.Usage) { usage = usage.Add(u) }})
	if err != nil || len(got) != 7 || got[6] != "TEXT 6" || len(*requests) != 4 {
		t.Errorf("got %q, %v after %d requests", got, err, len(*requests))
	}
	if usage != (hook.Usage{InputTokens: 28, OutputTokens: 12}) {
		t.Errorf("usage %+v", usage)
	}
	e, requests = serve(t, Options{}, func(w http.ResponseWriter, _ int, _ request, q question) {
		complete(w, `{"translations":[{"id":"1","te`, "length")
	})
	_, err = e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: texts(4)})
	var partial *hook.Partial
	if !errors.As(err, &partial) || !errors.Is(partial.Errs[3], hook.ErrTooLong) || len(*requests) != 7 {
		t.Errorf("got %v after %d requests", err, len(*requests))
	}
}

// TestGivesUp has servers that lack one thing after another.
func TestGivesUp(t *testing.T) {
	temperature, seed := 0.5, 3
	e, requests := serve(t, Options{Temperature: &temperature, Seed: &seed, MaxTokens: 100}, func(w http.ResponseWriter, _ int, r request, q question) {
		refuse := ""
		switch {
		case r.MaxTokens > 0:
			refuse = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
		case r.Temperature != nil:
			refuse = "Unsupported value: 'temperature' does not support 0.5"
		case strings.Contains(string(r.ResponseFormat), "json_schema"):
			refuse = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model"
		case len(r.ResponseFormat) > 0:
			refuse = "response_format is not supported"
		}
		if refuse != "" {
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"error":{"message":%q}}`, refuse)
			return
		}
		complete(w, items(q, len(q.Texts)), "stop")
	})
	for n, want := range []int{5, 6} { // what was refused is remembered
		if got, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: texts(1)}); err != nil || got[0] != "TEXT 0" || len(*requests) != want {
			t.Fatalf("call %d: %q, %v after %d requests", n+1, got, err, len(*requests))
		}
	}
	last := (*requests)[5]
	if last.Seed == nil || *last.Seed != 3 || last.MaxCompletionTokens != 100 {
		t.Errorf("the last request is %+v", last)
	}
}

func TestRequest(t *testing.T) {
	e, requests := serve(t, Options{Style: "Short sentences.", Prompt: "To {{.TargetName}}. {{.Style}}"}, func(w http.ResponseWriter, _ int, _ request, q question) {
		if q.Title != "Kyiv today" || q.Summary != "All of it" || q.Before != "b1" || q.After != "a2" || len(q.Terms) != 1 || q.Terms[0].Target[0] != "Київ" {
			t.Errorf("the question is %+v", q)
		}
		complete(w, items(q, 2), "stop")
	})
	term := []bitext.TermMark{{Source: "Kyiv", Targets: []string{"Київ"}}}
	_, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: texts(2), Context: []hook.Context{
		{Title: "Kyiv today", Summary: "All of it", Before: "b1", After: "a1", Terms: term}, {Title: "Kyiv today", Summary: "All of it", Before: "b2", After: "a2", Terms: term},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := (*requests)[0].Messages[0].Content; got != "To Ukrainian. Short sentences." {
		t.Errorf("the prompt is %q", got)
	}
}

// TestStatuses has servers answer in other ways than with a completion.
func TestStatuses(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		status     int
		want       string // answers, or the error after "!"
		requests   int
	}{
		{"parts", `{"choices":[{"message":{"content":[{"type":"thinking","thinking":[]},{"type":"text","text":"{\"translations\":[{\"id\":\"1\",\"text\":\"A\"},{\"id\":\"2\",\"text\":\"B\"}]}"}]}}]}`, 200, "A|B", 1},
		{"an error with 200", `{"error":{"message":"busy","code":502}}`, 200, "!temporary: the service answered 200 with an error, code 502", 1},
		{"another error with 200", `{"error":{"message":"no","code":"bad_model"}}`, 200, "!the service answered 200 with an error, code bad_model", 1},
		{"a filter", `{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","code":"content_filter"}}`, 400, "!bad answer: the model refuses", 1},
		{"a small context", `{"error":{"message":"This model's maximum context length is 16 tokens","code":"context_length_exceeded"}}`, 400, "!2 of 2 texts are not answered: text too long", 3},
		{"too large", `too large`, 413, "!2 of 2 texts are not answered: text too long", 3},
	} {
		e, requests := serve(t, Options{}, func(w http.ResponseWriter, _ int, _ request, _ question) {
			w.WriteHeader(tt.status)
			_, _ = io.WriteString(w, tt.body)
		})
		got, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: texts(2)})
		result := strings.Join(got, "|")
		if err != nil {
			result = "!" + err.Error()
			if errors.As(err, new(*hook.Temporary)) {
				result = "!temporary: " + err.Error()
			}
		}
		if !strings.HasPrefix(result, tt.want) || tt.want[0] != '!' && result != tt.want || len(*requests) != tt.requests {
			t.Errorf("%s: %q after %d requests", tt.name, result, len(*requests))
		}
	}
}

func TestVersion(t *testing.T) {
	seen := map[string]string{}
	seed := 4
	for name, o := range map[string]Options{"": {}, "model": {Model: "m"}, "style": {Style: "s"}, "prompt": {Prompt: "p"}, "seed": {Seed: &seed}} {
		o.URL = "http://localhost"
		e, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		if other, same := seen[e.Version()]; same {
			t.Errorf("%q and %q have the same version", name, other)
		}
		seen[e.Version()] = name
	}
	for _, prompt := range []string{"{{.Nothing}}", "{{"} {
		if _, err := New(Options{URL: "http://localhost", Prompt: prompt}); err == nil {
			t.Errorf("the template %q is accepted", prompt)
		}
	}
}

func FuzzParseItems(f *testing.F) {
	f.Add(`{"translations":[{"id":"1","text":"a"}]}`)
	f.Add("Sure {\n```json\n{\"translations\":[{\"id\":1,\"te")
	f.Fuzz(func(t *testing.T, content string) {
		list, complete := parseItems(content)
		if len(list) > 0 && !complete && strings.Count(content, "{") == 0 {
			t.Errorf("%q has items %v", content, list)
		}
	})
}
