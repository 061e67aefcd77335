// Package libretranslate is an engine that asks a LibreTranslate server
// (https://github.com/LibreTranslate/LibreTranslate, POST /translate and
// GET /languages of its API). Texts go as HTML, several in one call.
package libretranslate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/service"
)

// Options of an Engine. URL is the server's address, Key its API key, empty for
// none. Codes are the server's own codes for locales, where they cannot be found
// by the tags alone.
type Options struct {
	URL   string
	Key   string
	Codes map[string]string
}

// Engine implements hook.Engine.
type Engine struct {
	opt    Options
	client *service.Client

	mu    sync.Mutex
	pairs map[string]map[string]bool // by source code; nil until it is known
}

// New makes an Engine. It fails when the address is not one; the server is not
// asked yet.
func New(opt Options) (*Engine, error) {
	client, err := service.New(opt.URL, service.Options{Secrets: []string{opt.Key}})
	if err != nil {
		return nil, err
	}
	return &Engine{opt: opt, client: client}, nil
}

// Name is "libretranslate".
func (e *Engine) Name() string { return "libretranslate" }

// Close drops idle connections.
func (e *Engine) Close() error { return e.client.Close() }

// Capabilities implements hook.Capable.
func (e *Engine) Capabilities() hook.Capabilities {
	return hook.Capabilities{Markup: hook.HTML()}
}

// Translate implements hook.Engine.
func (e *Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	pairs, err := e.languages(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking for its languages: %w", err)
	}
	var targets map[string]bool
	from := e.code(job.Source, func(code string) bool { return pairs[code] != nil })
	to := ""
	if from != "" {
		targets = pairs[from]
		to = e.code(job.Target, func(code string) bool { return targets[code] && code != from })
	}
	if to == "" {
		return nil, fmt.Errorf("%w: %s to %s", hook.ErrUnsupported, job.Source, job.Target)
	}
	if len(job.Texts) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(map[string]any{"q": job.Texts, "source": from, "target": to, "format": "html", "api_key": e.opt.Key})
	if err != nil {
		return nil, err
	}
	data, err := e.client.Post(ctx, "translate", "application/json", body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		TranslatedText []string `json:"translatedText"`
	}
	if err := unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if answer.TranslatedText == nil {
		return nil, fmt.Errorf("%w: it has no list of translatedText", hook.ErrAnswer)
	}
	if len(answer.TranslatedText) == len(job.Texts) {
		for i, a := range answer.TranslatedText {
			answer.TranslatedText[i] = amend(job.Texts[i], a, job.Target)
		}
	}
	return answer.TranslatedText, nil
}

// unmarshal reads a body, without which a proxy's page or a cut-off answer would
// be told as what it is.
func unmarshal(data []byte, v any) error {
	if !utf8.Valid(data) {
		return fmt.Errorf("%w: not UTF-8", hook.ErrAnswer)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%w: not the JSON of LibreTranslate (%w)", hook.ErrAnswer, err)
	}
	return nil
}

// languages are the pairs that the server serves. They are asked for until they
// are known, then kept.
func (e *Engine) languages(ctx context.Context) (map[string]map[string]bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pairs != nil {
		return e.pairs, nil
	}
	data, err := e.client.Get(ctx, "languages")
	if err != nil {
		return nil, err
	}
	var list []struct {
		Code    string   `json:"code"`
		Targets []string `json:"targets"`
	}
	if err := unmarshal(data, &list); err != nil {
		// Not ErrAnswer: that would have each text ask for itself.
		return nil, errors.New(err.Error())
	}
	pairs := map[string]map[string]bool{}
	for _, l := range list {
		targets := map[string]bool{}
		for _, t := range l.Targets {
			targets[t] = true
		}
		if l.Targets == nil { // servers before 1.3 do not list them: all of them
			for _, t := range list {
				targets[t.Code] = true
			}
		}
		pairs[l.Code] = targets
	}
	e.pairs = pairs
	return pairs, nil
}

// Languages implements hook.LanguageLister.
func (e *Engine) Languages(ctx context.Context) (map[string][]string, error) {
	pairs, err := e.languages(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]string, len(pairs))
	for source, targets := range pairs {
		out[source] = slices.Sorted(maps.Keys(targets))
	}
	return out, nil
}

// code is the server's code for a locale: the configured one, the tag itself,
// with its script, or the language alone, when that is written in the same
// script. "zh" and "zt" are the server's Chinese in simplified and traditional
// characters.
func (e *Engine) code(locale string, served func(string) bool) string {
	if c, ok := e.opt.Codes[locale]; ok {
		if served(c) {
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
	if script.String() == "Hant" {
		tries = append(tries, "zt")
	}
	if plain, _ := language.Make(base.String()).Script(); plain == script {
		tries = append(tries, base.String())
	}
	for _, code := range tries {
		for _, form := range []string{code, strings.ToLower(code)} {
			if served(form) {
				return form
			}
		}
	}
	return ""
}
