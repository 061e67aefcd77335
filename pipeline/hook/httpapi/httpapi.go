// Package httpapi is an engine for any HTTP service that takes JSON and returns
// JSON: the configuration has a template of the request, and JSON Pointers (RFC 6901)
// to the answers. Profiles are such configurations for known services.
package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"unicode/utf8"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/service"
)

// Options of an Engine.
type Options struct {
	URL      string      // template; Source and Target are escaped for a query in it
	Method   string      // empty for POST
	Header   http.Header // with the values of secrets
	Secrets  []string
	Body     string            // template of the JSON that is sent
	Answers  string            // JSON Pointer to the list of answers; with Single, to the one answer
	Text     string            // JSON Pointer from an answer to its text; empty for the answer itself
	Single   bool              // one text in each request
	Markup   hook.Markup       // nil for hook.HTML
	Locales  []string          // targets that the service has; empty for all but pseudo-locales
	Codes    map[string]string // the service's codes for locales
	MaxTexts int
	MaxChars int
}

// Data are the fields of the templates. The function json writes a value as JSON.
type Data struct {
	Source, Target string // in the codes of the service
	Texts          []string
	Text           string // with Single
	Title, Summary string // of the article
}

var functions = template.FuncMap{"json": func(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSpace(b.String()), err
}}

// Profile returns options for a known service, and whether there are any.
//
// google is Cloud Translation v3, method translateText
// (https://cloud.google.com/translate/docs/reference/rest/v3/projects.locations/translateText);
// its URL has the project, so it is not in the profile. azure is Translator v3.0
// (https://learn.microsoft.com/azure/ai-services/translator/text-translation/reference/v3/translate).
func Profile(name string) (Options, bool) {
	switch name {
	case "google":
		return Options{
			Body:    `{"contents":{{json .Texts}},"mimeType":"text/html","sourceLanguageCode":{{json .Source}},"targetLanguageCode":{{json .Target}}}`,
			Answers: "/translations", Text: "/translatedText",
			MaxTexts: 1024, MaxChars: 30000,
		}, true
	case "azure":
		return Options{
			URL:     "https://api.cognitive.microsofttranslator.com/translate?api-version=3.0&textType=html&from={{.Source}}&to={{.Target}}",
			Body:    `[{{range $i, $t := .Texts}}{{if $i}},{{end}}{"Text":{{json $t}}}{{end}}]`,
			Answers: "", Text: "/translations/0/text",
			MaxTexts: 1000, MaxChars: 50000,
		}, true
	}
	return Options{}, false
}

// Engine implements hook.Engine.
type Engine struct {
	opt       Options
	url, body *template.Template

	mu      sync.Mutex
	clients map[string]*service.Client // by address
}

// New makes an Engine. It fails when a template, a pointer or the address is
// wrong.
func New(opt Options) (*Engine, error) {
	e := &Engine{opt: opt, clients: map[string]*service.Client{}}
	if e.opt.Method == "" {
		e.opt.Method = http.MethodPost
	}
	if e.opt.Markup == nil {
		e.opt.Markup = hook.HTML()
	}
	if e.opt.Single {
		e.opt.MaxTexts = 1
	}
	var err error
	if e.url, err = template.New("url").Option("missingkey=error").Parse(opt.URL); err != nil {
		return nil, fmt.Errorf("the template of the address: %w", err)
	}
	if e.body, err = template.New("body").Option("missingkey=error").Funcs(functions).Parse(opt.Body); err != nil {
		return nil, fmt.Errorf("the template of the body: %w", err)
	}
	for _, p := range []string{opt.Answers, opt.Text} {
		if p != "" && !strings.HasPrefix(p, "/") {
			return nil, fmt.Errorf("%q is not a JSON Pointer: write one such as \"/data/translations\"", p)
		}
	}
	// A request with texts that need escapes shows whether the templates are sound.
	if _, err := e.render(hook.Job{Source: "en", Target: "de", Texts: []string{`a "b" <c>`}}); err != nil {
		return nil, err
	}
	_, err = e.client("en", "de")
	return e, err
}

// Name is "http".
func (e *Engine) Name() string { return "http" }

// URL returns the template of the address.
func (e *Engine) URL() string { return e.opt.URL }

// Close drops idle connections.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	for _, c := range e.clients {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Capabilities implements hook.Capable.
func (e *Engine) Capabilities() hook.Capabilities {
	return hook.Capabilities{Markup: e.opt.Markup, MaxTexts: e.opt.MaxTexts, MaxChars: e.opt.MaxChars}
}

// client returns the client for a pair of codes.
func (e *Engine) client(source, target string) (*service.Client, error) {
	var b strings.Builder
	if err := e.url.Execute(&b, Data{Source: url.QueryEscape(source), Target: url.QueryEscape(target)}); err != nil {
		return nil, fmt.Errorf("the template of the address: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.clients[b.String()]; c != nil {
		return c, nil
	}
	c, err := service.New(b.String(), service.Options{Secrets: e.opt.Secrets, Header: e.opt.Header, Query: true})
	if err == nil {
		e.clients[b.String()] = c
	}
	return c, err
}

// render returns the body of a request.
func (e *Engine) render(job hook.Job) ([]byte, error) {
	if e.opt.Body == "" {
		return nil, nil
	}
	d := Data{Source: job.Source, Target: job.Target, Texts: job.Texts}
	if len(job.Texts) > 0 {
		d.Text = job.Texts[0]
	}
	if len(job.Context) > 0 {
		d.Title, d.Summary = job.Context[0].Title, job.Context[0].Summary
	}
	var b bytes.Buffer
	if err := e.body.Execute(&b, d); err != nil {
		return nil, fmt.Errorf("the template of the body: %w", err)
	}
	if !json.Valid(b.Bytes()) {
		return nil, errors.New("the template of the body does not make JSON: write values with {{json .Texts}}")
	}
	return b.Bytes(), nil
}

// Translate implements hook.Engine.
func (e *Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	source, target := e.code(job.Source), e.code(job.Target)
	if source == "" || target == "" || len(e.opt.Locales) > 0 && !slices.Contains(e.opt.Locales, job.Target) {
		return nil, fmt.Errorf("%w: %s to %s", hook.ErrUnsupported, job.Source, job.Target)
	}
	if len(job.Texts) == 0 {
		return nil, nil
	}
	client, err := e.client(source, target)
	if err != nil {
		return nil, err
	}
	if e.opt.Single && len(job.Texts) > 1 {
		return e.each(ctx, job)
	}
	job.Source, job.Target = source, target
	body, err := e.render(job)
	if err != nil {
		return nil, err
	}
	data, err := client.Do(ctx, e.opt.Method, "", "application/json", body)
	if err != nil {
		return nil, err
	}
	return e.answers(data)
}

// each asks for the texts of a job one by one.
func (e *Engine) each(ctx context.Context, job hook.Job) ([]string, error) {
	out := make([]string, len(job.Texts))
	errs := make([]error, len(out))
	for i := range out {
		one := job
		one.Texts = job.Texts[i : i+1]
		if i < len(job.Context) {
			one.Context = job.Context[i : i+1]
		}
		got, err := e.Translate(ctx, one)
		switch {
		case err != nil && i == 0:
			return nil, err
		case err != nil:
			errs[i] = fmt.Errorf("%w: %v", hook.ErrAnswer, err)
		case len(got) != 1:
			errs[i] = fmt.Errorf("%w: %d for one text", hook.ErrAnswer, len(got))
		default:
			out[i] = got[0]
		}
	}
	if slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		return out, &hook.Partial{Errs: errs}
	}
	return out, nil
}

// answers reads the texts from what the service returned.
func (e *Engine) answers(data []byte) ([]string, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("%w: not UTF-8", hook.ErrAnswer)
	}
	var root any
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("%w: not JSON (%w)", hook.ErrAnswer, err)
	}
	at, ok := resolve(root, e.opt.Answers)
	if !ok {
		return nil, fmt.Errorf("%w: nothing at %q", hook.ErrAnswer, e.opt.Answers)
	}
	list, ok := at.([]any)
	if e.opt.Single {
		list, ok = []any{at}, true
	}
	if !ok {
		return nil, fmt.Errorf("%w: no list at %q", hook.ErrAnswer, e.opt.Answers)
	}
	texts := make([]string, len(list))
	errs := make([]error, len(list))
	failed := 0
	for i, v := range list {
		t, ok := resolve(v, e.opt.Text)
		s, isText := t.(string)
		if !ok || !isText {
			errs[i] = fmt.Errorf("%w: answer %d has no text at %q", hook.ErrAnswer, i+1, e.opt.Text)
			failed++
		}
		texts[i] = s
	}
	switch failed {
	case 0:
		return texts, nil
	case len(texts):
		return nil, errs[0]
	}
	return texts, &hook.Partial{Errs: errs} // the others are sound
}

// resolve follows a JSON Pointer (RFC 6901).
func resolve(v any, pointer string) (any, bool) {
	if pointer == "" {
		return v, true
	}
	for part := range strings.SplitSeq(pointer[1:], "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch c := v.(type) {
		case map[string]any:
			next, ok := c[part]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n < 0 || n >= len(c) {
				return nil, false
			}
			v = c[n]
		default:
			return nil, false
		}
	}
	return v, true
}

// code returns the service's code for a locale; "" for a pseudo-locale and for what is
// no language.
func (e *Engine) code(locale string) string {
	if c, ok := e.opt.Codes[locale]; ok {
		return c
	}
	t, err := language.Parse(locale)
	if err != nil {
		return ""
	}
	if r, c := t.Region(); c == language.Exact && r.IsPrivateUse() {
		return ""
	}
	if b, _ := t.Base(); len(b.String()) == 3 && b.String() >= "qaa" && b.String() <= "qtz" {
		return "" // private use (ISO 639-2)
	}
	return locale
}
