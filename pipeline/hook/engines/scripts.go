package engines

import (
	"context"
	"slices"

	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/script"
)

// Scripts are the engines of type script of a configuration, asked without the others.
type Scripts struct {
	list []scriptEngine
}

type scriptEngine struct {
	config hook.Config
	engine script.Engine
	chain  *hook.Chain
	before []hook.Config // of the engines before this one
}

// NewScripts returns the engines of type script, nil if there are none. The
// configurations are checked.
func NewScripts(configs []hook.Config) *Scripts {
	s := &Scripts{}
	var before []hook.Config
	for _, c := range configs {
		if c.Type != "script" {
			before = append(before, c)
			continue
		}
		decoded, errs := decode(c)
		own, ok := decoded.(*scriptSettings)
		if len(errs) > 0 || !ok {
			continue
		}
		e := script.New(script.Options{Alphabet: own.Alphabet})
		name := c.Name
		if name == "" {
			name = c.Type
		}
		s.list = append(s.list, scriptEngine{c, e, hook.New([]hook.EngineConfig{{
			Engine: e, Name: name, Locales: c.Locales, MinChars: c.MinChars, MaxChars: c.MaxChars, Batch: 1000, BatchChars: 1 << 20, Concurrency: 4,
		}}, Options{}), slices.Clone(before)})
	}
	if len(s.list) == 0 {
		return nil
	}
	return s
}

// From returns the locale whose texts the engines write in the script of target, for a
// project with a source locale: the pivot locale of the first engine that serves both, or
// the source locale itself. An engine before it that names target goes first.
func (s *Scripts) From(source, target string) string {
	if e := s.find(source, target); e != nil {
		return e.from(source)
	}
	return ""
}

func (e *scriptEngine) from(source string) string {
	if e.config.Pivot == "" {
		return source
	}
	if c, err := tag.Canonical(e.config.Pivot); err == nil {
		return c
	}
	return e.config.Pivot
}

func (s *Scripts) find(source, target string) *scriptEngine {
	for i := range s.list {
		e := &s.list[i]
		if e.config.Serves(source, target) && e.engine.Serves(e.from(source), target) && !slices.ContainsFunc(e.before, func(c hook.Config) bool { return names(c, target) && c.Serves(source, target) }) {
			return e
		}
	}
	return nil
}

// names reports whether the locales of an engine name target itself.
func names(c hook.Config, target string) bool {
	return slices.ContainsFunc(c.Locales, func(l string) bool {
		canonical, err := tag.Canonical(l)
		return err == nil && canonical == target
	})
}

// Translate converts the items of a request, whose source is what From returned: not that
// of the article if the engine has a pivot locale.
func (s *Scripts) Translate(ctx context.Context, r hook.Request) ([]hook.Answer, []diag.Diagnostic) {
	for i := range s.list {
		e := &s.list[i]
		byTarget := e.config
		byTarget.Sources = nil
		if byTarget.Serves(r.Source, r.Target) && e.engine.Serves(r.Source, r.Target) {
			return e.chain.Translate(ctx, r)
		}
	}
	return make([]hook.Answer, 0), nil
}
