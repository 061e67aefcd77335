// Package engines makes the chain of translation engines that a configuration
// lists. It is the one place that knows every engine.
package engines

import (
	"errors"
	"fmt"
	"time"

	"hexapla/locales/tag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/apertium"
	"hexapla/pipeline/hook/exec"
	"hexapla/pipeline/hook/libretranslate"
	"hexapla/pipeline/hook/program"
	"hexapla/pipeline/hook/pseudo"
)

// Options are those of the chain.
type Options = hook.Options

// maker makes one type of engine. uses are the keys that it has a use for,
// beside those of all engines.
type maker struct {
	uses []string
	make func(c hook.Config, key string) (hook.Engine, error)
}

var makers = map[string]maker{
	"pseudo":         {[]string{"mode", "expand"}, makePseudo},
	"exec":           {[]string{"command", "env", "once"}, makeExec},
	"apertium":       {[]string{"command", "env", "mode"}, makeApertium},
	"apy":            {[]string{"url", "key_env", "mode"}, makeAPy},
	"libretranslate": {[]string{"url", "key_env", "mode"}, makeLibreTranslate},
}

// keyError is what is wrong with one key of an engine's configuration.
type keyError struct {
	key string
	err error
}

func (e *keyError) Error() string { return e.key + ": " + e.err.Error() }
func (e *keyError) Unwrap() error { return e.err }

func wrong(key, format string, args ...any) error {
	return &keyError{key, fmt.Errorf(format, args...)}
}

// Build makes the Chain for configs, in their order. getenv gives the values of
// the variables that key_env names. All that is wrong is told, each with the engine
// it belongs to (counted from 1, and its name) and the key; nothing is started or
// connected to yet. No error has a key's value in it.
func Build(configs []hook.Config, getenv func(string) string, opt Options) (*hook.Chain, error) {
	var list []hook.EngineConfig
	var errs []error
	names := map[string]int{}
	for i, c := range configs {
		if c.Name == "" {
			c.Name = c.Type
		}
		var found []error
		if first, taken := names[c.Name]; taken && c.Name != "" {
			found = append(found, wrong("name", "%q is the name of hook %d already", c.Name, first))
		} else {
			names[c.Name] = i + 1
		}
		configured, err := configure(c, getenv)
		found = append(found, err...)
		for _, err := range found {
			errs = append(errs, fmt.Errorf("hook %d (%s): %w", i+1, c.Name, err))
		}
		list = append(list, configured)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return hook.New(list, opt), nil
}

func configure(c hook.Config, getenv func(string) string) (hook.EngineConfig, []error) {
	var errs []error
	out := hook.EngineConfig{
		Name: c.Name, Locales: c.Locales, Pivot: c.Pivot,
		Batch: c.Batch, BatchChars: c.BatchChars, Concurrency: c.Concurrency, Rate: c.RatePerSecond, Budget: c.Budget,
	}
	if c.Timeout != "" {
		d, err := time.ParseDuration(c.Timeout)
		if err != nil || d <= 0 {
			errs = append(errs, wrong("timeout", "%q is no length of time: want one such as \"30s\" or \"2m\"", c.Timeout))
		}
		out.Timeout = d
	}
	for _, n := range []struct {
		key   string
		value float64
	}{
		{"batch", float64(c.Batch)}, {"batch_chars", float64(c.BatchChars)}, {"concurrency", float64(c.Concurrency)},
		{"rate_per_second", c.RatePerSecond}, {"budget", float64(c.Budget)},
	} {
		if n.value < 0 {
			errs = append(errs, wrong(n.key, "%v is less than 0", n.value))
		}
	}
	for _, l := range c.Locales {
		errs = append(errs, checkTag("locales", l)...)
	}
	if c.Pivot != "" {
		errs = append(errs, checkTag("pivot", c.Pivot)...)
	}
	for l := range c.Mode {
		errs = append(errs, checkTag("mode", l)...)
	}
	m, ok := makers[c.Type]
	if !ok {
		return out, append(errs, wrong("type", `%q is none of "apertium", "apy", "exec", "libretranslate", "pseudo"`, c.Type))
	}
	errs = append(errs, unused(c, m.uses)...)
	key := ""
	if c.KeyEnv != "" {
		if key = getenv(c.KeyEnv); key == "" {
			errs = append(errs, wrong("key_env", "the environment variable %s is not set", c.KeyEnv))
		}
	}
	engine, err := m.make(c, key)
	if err != nil {
		errs = append(errs, err)
	}
	out.Engine = engine
	return out, errs
}

func checkTag(key, locale string) []error {
	if _, err := tag.Canonical(locale); err != nil {
		return []error{wrong(key, "%q is not a BCP 47 tag", locale)}
	}
	return nil
}

// unused finds keys that are set but mean nothing to the engine: most often
// they were meant for another.
func unused(c hook.Config, uses []string) []error {
	set := []struct {
		key string
		set bool
	}{
		{"url", c.URL != ""}, {"command", len(c.Command) > 0}, {"env", len(c.Env) > 0}, {"once", c.Once},
		{"key_env", c.KeyEnv != ""}, {"mode", len(c.Mode) > 0}, {"expand", c.Expand != 0},
	}
	var errs []error
	for _, s := range set {
		used := !s.set
		for _, u := range uses {
			used = used || u == s.key
		}
		if !used {
			errs = append(errs, wrong(s.key, "means nothing to an engine of type %q", c.Type))
		}
	}
	return errs
}

func makePseudo(c hook.Config, _ string) (hook.Engine, error) {
	variants := map[string]pseudo.Variant{}
	for _, l := range c.Locales {
		v, ok := pseudo.DefaultVariant(l)
		if !ok {
			v = pseudo.Accented
		}
		variants[l] = v
	}
	for l, name := range c.Mode {
		v, err := pseudo.ParseVariant(name)
		if err != nil {
			return nil, &keyError{"mode", err}
		}
		variants[l] = v
	}
	return pseudo.New(pseudo.Options{Expand: c.Expand, Variants: variants}), nil
}

func makeExec(c hook.Config, _ string) (hook.Engine, error) {
	if len(c.Command) == 0 || c.Command[0] == "" {
		return nil, wrong("command", `names no program: want a list such as ["python3", "engine.py"]`)
	}
	return exec.New(exec.Options{Command: program.Command{Args: c.Command, Env: c.Env}, Once: c.Once}), nil
}

func makeApertium(c hook.Config, _ string) (hook.Engine, error) {
	return apertium.NewProgram(apertium.ProgramOptions{Command: program.Command{Args: c.Command, Env: c.Env}, Modes: c.Mode}), nil
}

func makeAPy(c hook.Config, key string) (hook.Engine, error) {
	e, err := apertium.NewAPy(apertium.APyOptions{URL: c.URL, Key: key, Modes: c.Mode})
	if err != nil {
		return nil, &keyError{"url", err}
	}
	return e, nil
}

func makeLibreTranslate(c hook.Config, key string) (hook.Engine, error) {
	e, err := libretranslate.New(libretranslate.Options{URL: c.URL, Key: key, Codes: c.Mode})
	if err != nil {
		return nil, &keyError{"url", err}
	}
	return e, nil
}
