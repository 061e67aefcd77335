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
	return &cli.Command{
		Name:        "hooks",
		Usage:       "list the project's translation engines, or try them",
		Description: `Example:  hexapla hooks --locale es --try "Good <1>morning</1>."`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "try", Usage: "translate this `TEXT`; numbered tags in it are codes"},
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "into this `LOCALE`"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if !c.IsSet("try") {
				return runHooks(c.Context, newEnvironment(c), c.Bool("json"))
			}
			return runHooksTry(c.Context, newEnvironment(c), c.String("locale"), c.String("try"), c.Bool("json"))
		},
	}
}

func runHooks(ctx context.Context, e *environment, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{Engines: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if json {
		return e.JSON(append([]hook.Config{}, w.Config.Hooks...))
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

func runHooksTry(ctx context.Context, e *environment, target, tagged string, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{Engines: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if w.Hook == nil {
		return exit.Usagef("the project has no [[hook]]")
	}
	locale, err := locales.Canonical(target)
	if err != nil {
		return exit.Usagef("--locale: %w", err)
	}
	text, err := bitext.ParseTaggedUnbound(tagged)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	item := hook.Item{Text: text}
	if w.Glossary != nil {
		item.Terms = w.Glossary.Matcher(w.Config.Project.Source, locale, locales.Parents).Mark(text.Chars)
	}
	answers, ds := w.Hook.Translate(ctx, hook.Request{Source: w.Config.Project.Source, Target: locale, Items: []hook.Item{item}})
	for _, d := range ds {
		console.Finding(e.Err, d)
	}
	for _, a := range answers {
		if a.Err != nil {
			return a.Err
		}
		target := a.Text.TaggedAs(text)
		if json {
			err = e.JSON(map[string]string{"engine": a.Engine, "target": target})
		} else {
			_, err = fmt.Fprintf(e.Out, "%s\t%s\n", a.Engine, report.Visible(target))
		}
		if err != nil {
			return err
		}
	}
	return findingsError(ds)
}
