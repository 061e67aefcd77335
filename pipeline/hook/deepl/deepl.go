// Package deepl is an engine that asks DeepL by version 2 of its API for text
// (https://developers.deepl.com/api-reference/translate). Texts go as HTML, to which
// version 2 of DeepL's tag handling applies.
package deepl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/service"
)

// The addresses of the API. Keys of free accounts end with ":fx".
const (
	ProURL  = "https://api.deepl.com"
	FreeURL = "https://api-free.deepl.com"
)

// Limits of a request (page "Translate text" of the API's reference).
const (
	maxBody  = 128 << 10 // bytes of a body
	maxTexts = 50
)

// statusQuota is the status of an account whose characters are used up.
const statusQuota = 456

// Options of an Engine.
type Options struct {
	URL        string // empty for ProURL or FreeURL, as the key is
	Key        string
	Formality  string              // "more", "less", "prefer_more", "prefer_less", "default" or empty
	ModelType  string              // "quality_optimized", "latency_optimized", "prefer_quality_optimized" or empty
	Glossaries map[string][]string // ids of DeepL's glossaries by target locale, at most five each
	StyleRules map[string]string   // ids of DeepL's style rules by target locale

	// Glossary is the name of a glossary of the account that is kept in step with Terms;
	// empty for none. Terms returns the preferred translation of each term.
	Glossary string
	Terms    func(source, target string) map[string]string

	Context bool              // send the neighbours as context, which is not counted
	Codes   map[string]string // DeepL's codes for locales, where the tags do not lead to them
}

// Engine implements hook.Engine.
type Engine struct {
	opt    Options
	client *service.Client
	mirror *mirror // nil without a glossary to keep in step

	mu        sync.Mutex
	languages *languages // nil until they are known
}

// languages are the codes that DeepL serves, in capitals. The value of a target is
// whether it has a formality.
type languages struct {
	sources map[string]bool
	targets map[string]bool
}

// New makes an Engine. Nothing is sent yet.
func New(opt Options) (*Engine, error) {
	if opt.URL == "" {
		opt.URL = ProURL
		if strings.HasSuffix(opt.Key, ":fx") {
			opt.URL = FreeURL
		}
	}
	header := http.Header{"Authorization": {"DeepL-Auth-Key " + opt.Key}}
	client, err := service.New(opt.URL, service.Options{Secrets: []string{opt.Key}, Header: header})
	if err != nil {
		return nil, err
	}
	e := &Engine{opt: opt, client: client}
	if opt.Glossary != "" && opt.Terms != nil {
		e.mirror = &mirror{name: opt.Glossary, terms: opt.Terms}
	}
	return e, nil
}

// Version implements hook.Versioned: what all answers depend on, empty for the defaults.
func (e *Engine) Version() string {
	return strings.Trim(e.opt.ModelType+"."+e.opt.Formality, ".")
}

// Name is "deepl".
func (e *Engine) Name() string { return "deepl" }

// Close drops idle connections.
func (e *Engine) Close() error { return e.client.Close() }

// Capabilities implements hook.Capable.
func (e *Engine) Capabilities() hook.Capabilities {
	return hook.Capabilities{Markup: hook.HTML(), MaxTexts: maxTexts}
}

// request is the body of POST /v2/translate.
type request struct {
	Text               []string `json:"text"`
	SourceLang         string   `json:"source_lang"`
	TargetLang         string   `json:"target_lang"`
	Context            string   `json:"context,omitempty"`
	TagHandling        string   `json:"tag_handling"`
	TagHandlingVersion string   `json:"tag_handling_version"`
	PreserveFormatting bool     `json:"preserve_formatting"`
	Formality          string   `json:"formality,omitempty"`
	ModelType          string   `json:"model_type,omitempty"`
	GlossaryID         string   `json:"glossary_id,omitempty"`
	GlossaryIDs        []string `json:"glossary_ids,omitempty"` // instead of GlossaryID, for several
	StyleID            string   `json:"style_id,omitempty"`
}

// Translate implements hook.Engine.
func (e *Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	served, err := e.served(ctx)
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	from := e.code(job.Source, func(c string) bool { return served.sources[c] })
	to := e.code(job.Target, func(c string) bool { _, ok := served.targets[c]; return ok })
	if from == "" || to == "" {
		return nil, fmt.Errorf("%w: %s to %s", hook.ErrUnsupported, job.Source, job.Target)
	}
	glossaries, err := e.glossaryIDs(ctx, job, from, to)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(job.Texts))
	errs := make([]error, len(texts))
	answered := 0
	for at := 0; at < len(texts); {
		r := request{
			SourceLang: from, TargetLang: to, TagHandling: "html", TagHandlingVersion: "v2", PreserveFormatting: true,
			ModelType: e.opt.ModelType, StyleID: lookup(e.opt.StyleRules, job.Target),
		}
		switch len(glossaries) {
		case 0:
		case 1:
			r.GlossaryID = glossaries[0]
		default:
			r.GlossaryIDs = glossaries
		}
		if served.targets[to] {
			r.Formality = e.opt.Formality
		}
		n, body, err := e.body(r, job, at)
		if err != nil {
			errs[at] = err
			at++
			continue
		}
		got, err := e.post(ctx, body, n)
		if err != nil {
			if answered == 0 && n == len(texts) {
				return nil, err
			}
			if answered == 0 && errs[0] == nil {
				return nil, err // nothing is lost when all is sent again
			}
			for i := at; i < len(texts); i++ {
				errs[i] = fmt.Errorf("%w: %v", hook.ErrAnswer, err) // what was answered counts; the rest is sent again
			}
			break
		}
		copy(texts[at:], got)
		answered += n
		at += n
	}
	if slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		return texts, &hook.Partial{Errs: errs}
	}
	return texts, nil
}

// body returns a request with as many texts from at on as its limit of bytes allows.
func (e *Engine) body(r request, job hook.Job, at int) (n int, body []byte, err error) {
	const overhead = 8 << 10 // of the other fields
	size := overhead
	for _, t := range job.Texts[at:] {
		quoted, err := json.Marshal(t)
		if err != nil {
			return 0, nil, err
		}
		if n == 0 && size+len(quoted) > maxBody {
			return 0, nil, fmt.Errorf("%w: %d bytes of at most %d", hook.ErrTooLong, len(quoted), maxBody-overhead)
		}
		if size+len(quoted) > maxBody || n == maxTexts {
			break
		}
		size += len(quoted) + 1
		n++
	}
	r.Text = job.Texts[at : at+n]
	if e.opt.Context && at+n <= len(job.Context) {
		first, last := job.Context[at], job.Context[at+n-1]
		parts := slices.DeleteFunc([]string{first.Title, first.Summary, first.Before, last.After}, func(s string) bool { return s == "" })
		r.Context = truncate(strings.Join(slices.Compact(parts), "\n"), overhead/8)
	}
	body, err = json.Marshal(r)
	return n, body, err
}

func truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// lookup returns the value for a locale, or for its language.
func lookup[V any](m map[string]V, locale string) V {
	if v, ok := m[locale]; ok {
		return v
	}
	base, _, _ := strings.Cut(locale, "-")
	return m[base]
}

func (e *Engine) post(ctx context.Context, body []byte, n int) ([]string, error) {
	data, err := e.client.Post(ctx, "v2/translate", "application/json", body)
	if err != nil {
		return nil, statusError(err)
	}
	var answer struct {
		Translations []struct {
			Text *string `json:"text"`
		} `json:"translations"`
	}
	if err := unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if len(answer.Translations) != n {
		return nil, fmt.Errorf("%w: %d for %d texts", hook.ErrAnswer, len(answer.Translations), n)
	}
	texts := make([]string, n) // an empty one is asked for again
	for i, t := range answer.Translations {
		if t.Text != nil {
			texts[i] = *t.Text
		}
	}
	return texts, nil
}

// statusError gives the statuses of DeepL their meaning.
func statusError(err error) error {
	status, ok := errors.AsType[*service.Status](err)
	switch {
	case !ok:
		return err
	case status.Code == statusQuota:
		return fmt.Errorf("%w: %w", hook.ErrQuota, err)
	}
	return err
}

func unmarshal(data []byte, v any) error {
	if !utf8.Valid(data) {
		return fmt.Errorf("%w: not UTF-8", hook.ErrAnswer)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%w: not the JSON of DeepL (%w)", hook.ErrAnswer, err)
	}
	return nil
}

// served returns the languages that DeepL serves. They are asked for until they are
// known, then kept.
func (e *Engine) served(ctx context.Context) (*languages, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.languages != nil {
		return e.languages, nil
	}
	l := &languages{map[string]bool{}, map[string]bool{}}
	for _, kind := range []string{"source", "target"} {
		data, err := e.client.GetQuery(ctx, "v2/languages", "type="+kind)
		if err != nil {
			return nil, statusError(err)
		}
		var list []struct {
			Language  string `json:"language"`
			Formality bool   `json:"supports_formality"`
		}
		if err := unmarshal(data, &list); err != nil {
			return nil, errors.New(err.Error()) // not ErrAnswer: each text would ask for itself
		}
		for _, item := range list {
			code := strings.ToUpper(item.Language)
			if kind == "source" {
				l.sources[code] = true
			} else {
				l.targets[code] = item.Formality
			}
		}
	}
	e.languages = l
	return l, nil
}

// Languages implements hook.LanguageLister.
func (e *Engine) Languages(ctx context.Context) (map[string][]string, error) {
	l, err := e.served(ctx)
	if err != nil {
		return nil, err
	}
	targets := slices.Sorted(maps.Keys(l.targets))
	out := map[string][]string{}
	for source := range l.sources {
		out[source] = targets
	}
	return out, nil
}

// Quota implements hook.QuotaReporter by GET /v2/usage.
func (e *Engine) Quota(ctx context.Context) (used, limit int64, err error) {
	data, err := e.client.Get(ctx, "v2/usage")
	if err != nil {
		return 0, 0, statusError(err)
	}
	var u struct {
		Count int64 `json:"character_count"`
		Limit int64 `json:"character_limit"`
	}
	if err := unmarshal(data, &u); err != nil {
		return 0, 0, err
	}
	return u.Count, u.Limit, nil
}

// code returns DeepL's code for a locale: the configured one, the tag itself, with its
// script or its most likely region, or the language alone when that is written in the
// same script; "" for none.
func (e *Engine) code(locale string, served func(string) bool) string {
	if c, ok := e.opt.Codes[locale]; ok {
		if c = strings.ToUpper(c); served(c) {
			return c
		}
		return ""
	}
	tag, err := language.Parse(locale)
	if err != nil {
		return ""
	}
	base, _ := tag.Base()
	script, _ := tag.Script()
	region, _ := tag.Region()
	if region.IsPrivateUse() {
		return "" // a pseudo-locale
	}
	tries := []string{locale, base.String() + "-" + script.String(), base.String() + "-" + region.String()}
	if plain, _ := language.Make(base.String()).Script(); plain == script {
		tries = append(tries, base.String())
	}
	for _, c := range tries {
		if c = strings.ToUpper(c); served(c) {
			return c
		}
	}
	return ""
}
