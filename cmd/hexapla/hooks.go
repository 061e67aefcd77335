package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
)

func hooksCommand() *cli.Command {
	return &cli.Command{
		Name:  "hooks",
		Usage: "list the project's translation engines, or try them",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "try", Usage: "translate this `TEXT`; numbered tags in it are codes"},
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "into this `LOCALE`"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) (err error) {
			p, err := loadProject(c)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, p.close()) }()
			if err := p.openHooks(); err != nil {
				return err
			}
			if c.IsSet("try") {
				return tryHooks(c, p)
			}
			if c.Bool("json") {
				return printer(c).JSON(append([]hook.Config{}, p.Config.Hooks...))
			}
			w := printer(c)
			t := console.NewTable(w.Text("HeadName"), w.Text("HeadType"), w.Text("HeadLocales"), w.Text("HeadPivot"))
			for _, h := range p.Config.Hooks {
				name := h.Name
				if name == "" {
					name = h.Type
				}
				t.Row(name, h.Type, h.Locales, h.Pivot)
			}
			err = t.Print(c.App.Writer)
			return err
		},
	}
}

func tryHooks(c *cli.Context, p *project) error {
	if p.Hook == nil {
		return exit.Usagef("the project has no [[hook]]")
	}
	locale, err := locales.Canonical(c.String("locale"))
	if err != nil {
		return exit.UsageError{Err: err}
	}
	text, err := bitext.ParseTaggedUnbound(c.String("try"))
	if err != nil {
		return exit.UsageError{Err: err}
	}
	item := hook.Item{Text: text}
	if p.Glossary != nil {
		item.Terms = p.Glossary.Matcher(p.Config.Project.Source, locale, locales.Parents).Mark(text.Chars)
	}
	answers, ds := p.Hook.Translate(c.Context, hook.Request{Source: p.Config.Project.Source, Target: locale, Items: []hook.Item{item}})
	for _, d := range ds {
		console.Finding(c.App.ErrWriter, d)
	}
	for _, a := range answers {
		if a.Err != nil {
			return a.Err
		}
		if err := printAnswer(c, a, text); err != nil {
			return err
		}
	}
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

func printAnswer(c *cli.Context, a hook.Answer, source bitext.Text) error {
	target := a.Text.TaggedAs(source)
	if c.Bool("json") {
		return printer(c).JSON(map[string]string{"engine": a.Engine, "target": target})
	}
	_, err := fmt.Fprintf(c.App.Writer, "%s\t%s\n", a.Engine, target)
	return err
}
