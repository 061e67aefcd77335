// Package engines makes the chain of translation engines that a configuration
// lists. It is the one place that knows every engine.
package engines

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
)

// Options are those of the chain.
type Options = hook.Options

// Environment is what the engines get from outside of the configuration.
type Environment struct {
	// Getenv returns the value of an environment variable, for secrets.
	Getenv func(name string) string
	// ReadFile reads a file of the project by its path with slashes; nil if there
	// are no files.
	ReadFile func(path string) ([]byte, error)
	// Terms returns the preferred translation of each term of the project's glossary for
	// a pair of locales; nil if there is no glossary.
	Terms func(source, target string) map[string]string
	// WithoutSecrets makes engines that are never asked, for estimates: no variable has to
	// be set.
	WithoutSecrets bool
}

// engineType makes one type of engine from its own keys.
type engineType struct {
	doc     string
	example string // a [[hook]] table that works
	// settings returns a new struct with the defaults of the engine's keys.
	settings func() settings
}

// settings are the decoded keys of one engine. check reports what is wrong with
// their values, without the environment.
type settings interface {
	check(c hook.Config) []*hook.KeyError
	make(c hook.Config, env Environment) (hook.Engine, error)
}

// Type is one type of engine, for people.
type Type struct {
	Name    string     `json:"name"`
	Doc     string     `json:"doc"`
	Keys    []hook.Key `json:"keys"`
	Example string     `json:"example"`
}

// Types returns the types of engines, sorted by name.
func Types() []Type {
	var out []Type
	for _, name := range slices.Sorted(maps.Keys(types)) {
		t := types[name]
		out = append(out, Type{Name: name, Doc: t.doc, Keys: hook.Keys(t.settings()), Example: t.example})
	}
	return out
}

func wrong(key, format string, args ...any) *hook.KeyError {
	return &hook.KeyError{Key: key, Err: fmt.Errorf(format, args...)}
}

// Check reports all that is wrong with configs that can be found without the
// environment, in their order.
func Check(configs []hook.Config) []*hook.KeyError {
	var errs []*hook.KeyError
	names := map[string]int{}
	for i, c := range configs {
		name := c.Name
		if name == "" {
			name = c.Type
		}
		var found []*hook.KeyError
		if first, taken := names[name]; taken && name != "" {
			found = append(found, wrong("name", "%q is the name of hook %d already", name, first))
		} else {
			names[name] = i + 1
		}
		found = append(found, checkCommon(c)...)
		s, err := decode(c)
		found = append(found, err...)
		if s != nil && len(err) == 0 {
			found = append(found, s.check(c)...)
		}
		for _, e := range found {
			e.Hook = i
		}
		errs = append(errs, found...)
	}
	return errs
}

// decode returns the keys of an engine's own type, or what is wrong with them.
func decode(c hook.Config) (settings, []*hook.KeyError) {
	t, ok := types[c.Type]
	if !ok {
		known := slices.Sorted(maps.Keys(types))
		if near := diag.Nearest(c.Type, known); near != "" {
			return nil, []*hook.KeyError{wrong("type", "%q is not a type of engine: did you mean %q?", c.Type, near)}
		}
		return nil, []*hook.KeyError{wrong("type", "%q is none of %s", c.Type, strings.Join(known, ", "))}
	}
	s := t.settings()
	var common []string
	for _, k := range hook.Keys(hook.Config{}) {
		common = append(common, k.Name)
	}
	errs := hook.DecodeTable(c.Settings, s, common...)
	for _, e := range errs {
		for _, other := range slices.Sorted(maps.Keys(types)) {
			if strings.HasPrefix(e.Err.Error(), "unknown key") && other != c.Type &&
				slices.ContainsFunc(hook.Keys(types[other].settings()), func(k hook.Key) bool { return k.Name == e.Key }) {
				e.Err = fmt.Errorf("a key of engines of type %q, not of type %q", other, c.Type)
				break
			}
		}
	}
	return s, errs
}

// checkCommon checks the values of the keys of all engines.
func checkCommon(c hook.Config) []*hook.KeyError {
	var errs []*hook.KeyError
	for _, d := range []struct{ key, value string }{{"timeout", c.Timeout}, {"deadline", c.Deadline}} {
		if d.value == "" {
			continue
		}
		if v, err := time.ParseDuration(d.value); err != nil || v <= 0 {
			errs = append(errs, wrong(d.key, "%q is not a duration: write one such as \"30s\" or \"2m\"", d.value))
		}
	}
	for _, n := range []struct {
		key   string
		value float64
	}{
		{"batch", float64(c.Batch)}, {"batch_chars", float64(c.BatchChars)}, {"concurrency", float64(c.Concurrency)},
		{"rate_per_second", c.RatePerSecond}, {"budget", float64(c.Budget)},
		{"min_chars", float64(c.MinChars)}, {"max_chars", float64(c.MaxChars)},
		{"limit", min(float64(c.Limit.Chars), float64(c.Limit.Tokens), c.Limit.Cost)},
		{"price", min(c.Price.Chars, c.Price.InputTokens, c.Price.OutputTokens)},
	} {
		if n.value < 0 {
			errs = append(errs, wrong(n.key, "%v is less than 0", n.value))
		}
	}
	if c.MaxChars > 0 && c.MaxChars < c.MinChars {
		errs = append(errs, wrong("max_chars", "%d is less than min_chars, %d: no text has such a length", c.MaxChars, c.MinChars))
	}
	errs = append(errs, oneOf("limit", c.Limit.Period, "day", "month", "ever")...)
	if c.Limit.Cost > 0 && c.Price.IsZero() {
		errs = append(errs, wrong("limit", "a cost needs a price: set per_million_chars, or per_million_input_tokens and per_million_output_tokens, in the table price"))
	}
	for _, l := range c.Locales {
		errs = append(errs, checkTag("locales", l)...)
	}
	for _, l := range c.Sources {
		errs = append(errs, checkTag("sources", l)...)
	}
	if c.Pivot != "" {
		errs = append(errs, checkTag("pivot", c.Pivot)...)
	}
	return errs
}

func checkTag(key, locale string) []*hook.KeyError {
	if _, err := tag.Canonical(locale); err != nil {
		return []*hook.KeyError{wrong(key, "%q is not a BCP 47 tag", locale)}
	}
	return nil
}

func checkTags[V any](key string, m map[string]V) []*hook.KeyError {
	var errs []*hook.KeyError
	for _, l := range slices.Sorted(maps.Keys(m)) {
		errs = append(errs, checkTag(key, l)...)
	}
	return errs
}

// Build makes the Chain for configs, in their order. The error has everything that is
// wrong, each with the engine that it belongs to (counted from 1, and its name) and the
// key; nothing is started or connected to yet. No error has the value of a secret in
// it.
func Build(configs []hook.Config, env Environment, opt Options) (*hook.Chain, error) {
	var list []hook.EngineConfig
	errs := Check(configs)
	if len(errs) == 0 {
		for i, c := range configs {
			s, _ := decode(c)
			engine, err := s.make(c, env)
			if err != nil {
				var key *hook.KeyError
				if !errors.As(err, &key) {
					key = &hook.KeyError{Key: "type", Err: err}
				}
				key.Hook = i
				errs = append(errs, key)
				continue
			}
			list = append(list, engineConfig(c, engine))
		}
	}
	if len(errs) == 0 {
		return hook.New(list, opt), nil
	}
	var all []error
	for _, e := range errs {
		name := configs[e.Hook].Name
		if name == "" {
			name = configs[e.Hook].Type
		}
		all = append(all, fmt.Errorf("hook %d (%s): %w", e.Hook+1, name, e))
	}
	return nil, errors.Join(all...)
}

func engineConfig(c hook.Config, engine hook.Engine) hook.EngineConfig {
	timeout, _ := time.ParseDuration(c.Timeout)   // checked before
	deadline, _ := time.ParseDuration(c.Deadline) // checked before
	name := c.Name
	if name == "" {
		name = c.Type
	}
	return hook.EngineConfig{
		Engine: engine, Name: name, Locales: c.Locales, Sources: c.Sources, Pivot: c.Pivot, Timeout: timeout, Deadline: deadline,
		Batch: c.Batch, BatchChars: c.BatchChars, Concurrency: c.Concurrency, Rate: c.RatePerSecond, Budget: c.Budget,
		MinChars: c.MinChars, MaxChars: c.MaxChars, Price: c.Price, Limit: c.Limit,
	}
}

// secret returns the value of the environment variable that a key names; "" if the
// key is not set.
func (env Environment) secret(key, variable string) (string, error) {
	if variable == "" || env.WithoutSecrets {
		return "", nil
	}
	value := ""
	if env.Getenv != nil {
		value = env.Getenv(variable)
	}
	if value == "" {
		return "", wrong(key, "the environment variable %s is not set", variable)
	}
	return value, nil
}
