package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// runGlossaryReview checks the project's glossary against its articles and its memory.
func runGlossaryReview(ctx context.Context, e *environment, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.ReadOnly, Select: &workspace.Selection{}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if w.Glossary == nil {
		return exit.Usagef("the project has no glossary; name a FILE")
	}
	source := w.Config.Project.Source
	usage := glossary.NewUsage(w.Glossary, source, locales.Parents)
	for _, a := range w.Articles {
		data, err := a.Read()
		if err != nil {
			return fmt.Errorf("%s: %w", a.Path, err)
		}
		d, _ := w.Open(a.Path, "", "", data)
		for i := range d.Units {
			usage.AddSource(d.Locale, d.Units[i].Source.Chars)
		}
	}
	if w.Store != nil {
		for x, err := range w.Store.Entries(ctx, source, "") {
			if err != nil {
				return err
			}
			if x.Origin.Kind != bitext.FromEngine {
				usage.Add(x.TargetLocale, x.Source.Chars, x.Target.Chars)
			}
		}
	}
	all := append(slices.Clone(w.Diagnostics), w.Glossary.Conflicts(source)...)
	all = append(all, usage.Findings()...)
	all = slices.DeleteFunc(all, func(d diag.Diagnostic) bool {
		return !strings.HasPrefix(d.ID, "glossary.") && !strings.HasPrefix(d.ID, "tbx.")
	})
	if json {
		return errors.Join(e.JSON(all), findingsError(all))
	}
	for _, d := range all {
		e.Finding(e.Out, d)
	}
	fmt.Fprintln(e.Out, e.Text("GlossarySummary", console.Args{"File": strings.Join(w.Config.Glossary.Files, ", "), "Concepts": e.Count("Concepts", len(w.Glossary.Concepts)), "Locales": e.Count("InLocales", len(w.Glossary.Locales()))}))
	return findingsError(all)
}

func glossaryImpactCommand() *cli.Command {
	return &cli.Command{
		Name:      "impact",
		Usage:     "list the translations that a change of the glossary touches",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Without --change, lists the translations that were made with other terms than the glossary
has now: 'build' asks engines again for theirs, those of people are findings of 'check'. With
--change, FILE is the termbase as it would be, in the place of the project's file of the same
name, and nothing is changed: the list has what would be touched.

Examples:
  hexapla glossary impact
  hexapla glossary impact --change draft/terms.csv --locale ru`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "change", Usage: "the changed termbase `FILE`"},
			&cli.BoolFlag{Name: "redo", Usage: "list only what must be done again"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			return runGlossaryImpact(c.Context, newEnvironment(c), impactOptions{
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				change:    c.String("change"), redo: c.Bool("redo"), json: c.Bool("json"),
			})
		},
	}
}

// impactOptions are the options of glossary impact.
type impactOptions struct {
	selection  workspace.Selection
	change     string // "" for what has changed already
	redo, json bool
}

// impact is the result for one locale. Words are those to be translated again.
type impact struct {
	Locale   string `json:"locale"`
	Pages    int    `json:"pages"`
	Segments int    `json:"segments"`
	Engines  int    `json:"engines"`
	People   int    `json:"people"`
	Redo     int    `json:"redo"`
	Words    int    `json:"words"`
}

func runGlossaryImpact(ctx context.Context, e *environment, o impactOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.ReadOnly, Select: &o.selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	var next *glossary.Glossary
	if o.change != "" {
		data, err := os.ReadFile(o.change)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		var ds []diag.Diagnostic
		if next, ds, err = w.GlossaryWith(o.change, data); err != nil {
			return err
		}
		broken := false
		for _, d := range ds {
			e.Finding(e.Err, d)
			// Without its terms the file would look as if it deleted all of them.
			broken = broken || d.Severity >= diag.Error && (d.ID == "glossary.header" || d.ID == "glossary.encoding" || d.ID == "tbx.syntax")
		}
		if broken {
			return exit.ErrFindings
		}
	} else if w.Glossary == nil {
		return exit.Usagef("the project has no glossary; --change FILE is required")
	}
	touched, sums := []pipeline.Touched{}, []impact{}
	for _, l := range w.Targets {
		var m func(string) *glossary.Matcher
		if next != nil {
			made := map[string]*glossary.Matcher{}
			m = func(source string) *glossary.Matcher {
				if made[source] == nil {
					made[source] = next.Matcher(source, l, locales.Parents)
				}
				return made[source]
			}
		}
		sum := impact{Locale: l}
		for _, a := range w.Articles {
			list, err := w.FindTouched(ctx, a, l, m)
			if err != nil {
				return err
			}
			if len(list) > 0 {
				sum.Pages++
			}
			for _, t := range list {
				sum.add(t)
				if t.Redo || !o.redo {
					touched = append(touched, t)
				}
			}
		}
		if sum.Segments > 0 {
			sums = append(sums, sum)
		}
	}
	if o.json {
		return e.JSON(impactReport{sums, touched})
	}
	return printImpact(e, touched, sums)
}

// impactReport is what glossary impact prints as JSON.
type impactReport struct {
	Locales  []impact           `json:"locales"`
	Segments []pipeline.Touched `json:"segments"`
}

func (s *impact) add(t pipeline.Touched) {
	s.Segments++
	if t.Origin == bitext.FromEngine {
		s.Engines++
	} else {
		s.People++
	}
	if t.Redo {
		s.Redo++
		s.Words += t.Words
	}
}

func printImpact(e *environment, touched []pipeline.Touched, sums []impact) error {
	for _, t := range touched {
		id := "ImpactKept"
		switch {
		case t.Origin == bitext.FromEngine:
			id = "ImpactAsked"
		case t.Redo:
			id = "ImpactRedo"
		}
		fmt.Fprintf(e.Out, "%s: %s: %s%s\n  = %s\n", e.Visible(t.Place.String()), e.Visible(strings.Join(t.Terms, ", ")), e.Text(id), e.Visible(named(t.Name)), e.Visible(t.Target))
	}
	if len(sums) == 0 {
		return e.Println(e.Text("ImpactNone"))
	}
	t := console.NewTable(e.Text("HeadLocale"), e.Text("HeadPages"), e.Text("HeadSegments"), e.Text("HeadByEngines"), e.Text("HeadByPeople"), e.Text("HeadRedo"), e.Text("HeadWords"))
	for _, s := range sums {
		t.Row(s.Locale, s.Pages, s.Segments, s.Engines, s.People, s.Redo, s.Words)
	}
	t.AlignRight(2, 7)
	return t.Print(e.Out)
}
