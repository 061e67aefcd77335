package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/report"
)

func hooksCommand() *cli.Command {
	try := &cli.StringFlag{Name: "try", Usage: "translate this `TEXT`; numbered tags in it are codes"}
	into := &cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "into this `LOCALE`"}
	from := &cli.StringFlag{Name: "source", Usage: "from this `LOCALE` (default: project.source)"}
	list := func(c *cli.Context) error {
		if !c.IsSet("try") {
			return runHooks(c.Context, newEnvironment(c), c.Bool("json"))
		}
		return runHooksTry(c.Context, newEnvironment(c), c.String("source"), c.String("locale"), c.String("try"), c.Bool("json"))
	}
	return &cli.Command{
		Name:  "hooks",
		Usage: "list the project's translation engines, or try them",
		Description: `Without a command it lists the engines, in the order in which they are asked. The keys
of [[hook]] are in 'hexapla config hook'.

Example:  hexapla hooks --locale es --try "Good <1>morning</1>."`,
		Flags:  []cli.Flag{try, from, into, allowHooksFlag(), jsonFlag(), projectFlag()},
		Action: list,
		Subcommands: []*cli.Command{
			hooksEstimateCommand(),
			{
				Name: "list", Usage: "list the engines in the order in which they are asked",
				Description: "Example:  hexapla hooks list --json",
				Flags:       []cli.Flag{jsonFlag()}, Action: list,
			},
			{
				Name: "test", Usage: "translate a text with each engine by itself", ArgsUsage: "[TEXT]",
				Description: `Asks every engine for one sentence with a code in it, and reports its answer or its
error. It costs what the sentence costs. Exit status 1 if an engine fails.

Examples:
  hexapla hooks test --locale uk "Good <1>morning</1>."
  hexapla hooks test --source de --locale uk "Guten <1>Morgen</1>."`,
				Flags: []cli.Flag{from, into, allowHooksFlag(), jsonFlag()},
				Action: func(c *cli.Context) error {
					text := c.Args().First()
					if text == "" {
						text = "The museum <1>opened</1> in 1998."
					}
					return runHooksTest(c.Context, newEnvironment(c), c.String("source"), c.String("locale"), text, c.Bool("json"))
				},
			},
			{
				Name: "languages", Usage: "list the languages that the engines serve, as far as they can be asked",
				Description: "Example:  hexapla hooks languages",
				Flags:       []cli.Flag{allowHooksFlag(), jsonFlag()},
				Action: func(c *cli.Context) error {
					return runHooksLanguages(c.Context, newEnvironment(c), c.Bool("json"))
				},
			},
			{
				Name: "quota", Usage: "show what the accounts of the engines have used, and what this project has",
				Description: `What a service counts, where it reports that; and what the builds of this project sent in
the period of the engine's limit (key limit of [[hook]]), by .hexapla/engines.

Example:  hexapla hooks quota`,
				Flags: []cli.Flag{jsonFlag()},
				Action: func(c *cli.Context) error {
					return runHooksQuota(c.Context, newEnvironment(c), c.Bool("json"))
				},
			},
		},
	}
}

// triedText is the answer of an engine to hooks --try.
type triedText struct {
	Engine string `json:"engine"`
	Target string `json:"target"`
}

// hookJSON is an engine of the configuration as --json has it. The values of
// environment variables are not printed.
type hookJSON struct {
	Name          string            `json:"name"`
	Type          string            `json:"type"`
	Locales       []string          `json:"locales"`
	Pivot         string            `json:"pivot"`
	URL           string            `json:"url"`
	Command       []string          `json:"command"`
	Env           map[string]string `json:"env"`
	Once          bool              `json:"once"`
	KeyEnv        string            `json:"keyEnv"`
	Timeout       string            `json:"timeout"`
	Batch         int               `json:"batch"`
	BatchChars    int               `json:"batchChars"`
	Concurrency   int               `json:"concurrency"`
	RatePerSecond float64           `json:"ratePerSecond"`
	Budget        int               `json:"budget"`
	Mode          map[string]string `json:"mode"`
	Expand        int               `json:"expand"`
}

func newHookJSON(c hook.Config) hookJSON {
	text := func(key string) string { s, _ := c.Settings[key].(string); return s }
	table := func(key string) map[string]string {
		m, _ := c.Settings[key].(map[string]any)
		if m == nil {
			return nil
		}
		out := make(map[string]string, len(m))
		for k, v := range m {
			out[k] = fmt.Sprint(v)
		}
		return out
	}
	h := hookJSON{
		Name: c.Name, Type: c.Type, Locales: c.Locales, Pivot: c.Pivot, Timeout: c.Timeout,
		Batch: c.Batch, BatchChars: c.BatchChars, Concurrency: c.Concurrency, RatePerSecond: c.RatePerSecond, Budget: c.Budget,
		URL: text("url"), KeyEnv: text("keyEnv"), Mode: table("mode"), Env: table("env"),
	}
	for name := range h.Env {
		h.Env[name] = "…"
	}
	if list, ok := c.Settings["command"].([]any); ok {
		for _, v := range list {
			h.Command = append(h.Command, fmt.Sprint(v))
		}
	}
	h.Once, _ = c.Settings["once"].(bool)
	if n, ok := c.Settings["expand"].(int64); ok {
		h.Expand = int(n)
	}
	return h
}

func runHooks(ctx context.Context, e *environment, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if json {
		list := []hookJSON{}
		for _, h := range w.Config.Hooks {
			list = append(list, newHookJSON(h))
		}
		return e.JSON(list)
	}
	t := console.NewTable(e.Text("HeadName"), e.Text("HeadType"), e.Text("HeadLocales"), e.Text("HeadPivot"))
	for _, h := range w.Config.Hooks {
		name := h.Name
		if name == "" {
			name = h.Type
		}
		t.Row(name, h.Type, h.Locales, h.Pivot)
	}
	return t.Print(e.Out)
}

// hookRequest reads a text with numbered tags, and marks the terms in it. Without a source
// it is in the project's.
func hookRequest(w *workspace.Workspace, source, target, tagged string) (r hook.Request, err error) {
	r.Source = w.Config.Project.Source
	if source != "" {
		if r.Source, err = locales.Canonical(source); err != nil {
			return r, exit.Usagef("--source: %w", err)
		}
	}
	r.Target, err = locales.Canonical(target)
	if err != nil {
		return r, exit.Usagef("--locale: %w", err)
	}
	var item hook.Item
	item.Text, err = bitext.ParseTaggedUnbound(tagged)
	if err != nil {
		return r, exit.UsageError{Err: err}
	}
	if w.Glossary != nil {
		item.Terms = w.Glossary.Matcher(r.Source, r.Target, locales.Parents).Mark(item.Text.Chars)
	}
	r.Items = []hook.Item{item}
	return r, nil
}

func runHooksTry(ctx context.Context, e *environment, source, target, tagged string, json bool) (err error) {
	w, err := openEngines(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	request, err := hookRequest(w, source, target, tagged)
	if err != nil {
		return err
	}
	answers, ds := w.Hook.Translate(ctx, request)
	for _, d := range ds {
		e.Finding(e.Err, d)
	}
	for _, a := range answers {
		if a.Err != nil {
			return a.Err
		}
		target := a.Text.TaggedAs(request.Items[0].Text)
		if json {
			err = e.JSON(triedText{a.Engine, target})
		} else {
			_, err = fmt.Fprintf(e.Out, "%s\t%s\n", a.Engine, report.Visible(target))
		}
		if err != nil {
			return err
		}
	}
	return findingsError(ds)
}

// testJSON is what became of the test of one engine.
type testJSON struct {
	Engine string `json:"engine"`
	Target string `json:"target,omitempty"`
	Error  string `json:"error,omitempty"`
}

func runHooksTest(ctx context.Context, e *environment, source, target, tagged string, json bool) (err error) {
	w, err := openEngines(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if target == "" && len(w.Config.Project.Locales) > 0 {
		target = w.Config.Project.Locales[0]
	}
	request, err := hookRequest(w, source, target, tagged)
	if err != nil {
		return err
	}
	failed := false
	var list []testJSON
	for _, engine := range w.Chain().Engines() {
		r := testJSON{Engine: engine.Name()}
		answers, _ := engine.Translate(ctx, request)
		if a := answers[0]; a.Err != nil {
			r.Error, failed = a.Err.Error(), true
		} else {
			r.Target = a.Text.TaggedAs(request.Items[0].Text)
		}
		list = append(list, r)
	}
	if json {
		err = e.JSON(list)
	} else {
		for _, r := range list {
			line := r.Target
			if r.Error != "" {
				line = "! " + r.Error
			}
			if _, err = fmt.Fprintf(e.Out, "%s\t%s\n", r.Engine, report.Visible(line)); err != nil {
				break
			}
		}
	}
	if err == nil && failed {
		return exit.ErrFindings
	}
	return err
}
