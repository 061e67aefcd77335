package main

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func memorySearchCommand() *cli.Command {
	return &cli.Command{
		Name:      "search",
		Usage:     "find translations by a part of their text",
		ArgsUsage: "TEXT",
		Description: `Source texts and translations in use are searched, in any letter case. Each translation
is listed once, with the places that use it and the pages of editions there. First come those that are the text, then
those that begin with it, then the newest. If no translation in use has the TEXT, those
that another one took the place of are listed; --former lists them in any case.

Examples:  hexapla memory search "prime minister"
           hexapla memory search --words --in source --locale ru "minister prime"`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this target `LOCALE`"},
			&cli.StringFlag{Name: "source", Usage: "only this source `LOCALE`"},
			&cli.StringFlag{Name: "in", Usage: "search only one `SIDE`: source or target"},
			&cli.BoolFlag{Name: "former", Usage: "also translations that are not in use any more"},
			&cli.BoolFlag{Name: "words", Usage: "find whole words, all of them, in any order"},
			&cli.IntFlag{Name: "limit", Usage: "list at most `N` translations", Value: 20},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			q := memory.Search{Text: strings.Join(c.Args().Slice(), " "), Words: c.Bool("words"), Limit: c.Int("limit")}
			if q.Text == "" {
				return exit.Usagef("memory search: a TEXT is required")
			}
			if q.Limit < 1 {
				return exit.Usagef("memory search: --limit must be 1 or more")
			}
			switch c.String("in") {
			case "":
			case "source":
				q.Side = memory.SourceSide
			case "target":
				q.Side = memory.TargetSide
			default:
				return exit.Usagef("memory search: --in must be source or target, not %q", c.String("in"))
			}
			var err error
			if q.SourceLocale, err = canonicalFlag(c, "source"); err != nil {
				return err
			}
			if q.TargetLocale, err = canonicalFlag(c, "locale"); err != nil {
				return err
			}
			return runMemorySearch(c.Context, newEnvironment(c), q, c.Bool("former"), c.Bool("json"))
		},
	}
}

// foundTranslation is the JSON form of a result.
type foundTranslation struct {
	SourceLocale string        `json:"sourceLocale"`
	TargetLocale string        `json:"targetLocale"`
	Source       string        `json:"source"`
	Target       string        `json:"target"`
	State        bitext.State  `json:"state"`
	Origin       bitext.Origin `json:"origin"`
	Batch        int64         `json:"batch"`
	Uses         int           `json:"uses"`
	Places       []string      `json:"places"`
	Pages        []string      `json:"pages"` // of editions that are there
	Former       bool          `json:"former,omitempty"`
}

func runMemorySearch(ctx context.Context, e *environment, q memory.Search, former, json bool) error {
	return withMemory(ctx, e, workspace.ReadAndIndex, func(w *workspace.Workspace) error {
		found, err := w.Store.Search(ctx, q)
		if err != nil {
			return err
		}
		if former || len(found) == 0 {
			more, err := memory.SearchFormer(ctx, w.Store, q)
			if err != nil {
				return err
			}
			found = append(found, more...)
		}
		for i := range found {
			for j, place := range found[i].Places {
				found[i].Places[j] = w.PresentPlace(place)
			}
		}
		if json {
			out := []foundTranslation{}
			for _, f := range found {
				n := f.Entry
				t := foundTranslation{n.SourceLocale, n.TargetLocale, n.Source.Tagged(), n.Target.TaggedAs(n.Source), n.State, n.Origin, f.Batch, f.Uses, f.Places, pages(w, n.TargetLocale, f.Places), f.Former}
				if t.Places == nil {
					t.Places = []string{}
				}
				out = append(out, t)
			}
			return e.JSON(out)
		}
		t := console.NewTable(e.Text("HeadBatch"), e.Text("HeadSource"), e.Text("HeadTarget"), e.Text("HeadState"), e.Text("HeadBy"), e.Text("HeadSourceText"), e.Text("HeadText"), e.Text("HeadPlaces"), e.Text("HeadPages"))
		for _, f := range found {
			n := f.Entry
			places := strings.Join(f.Places[:min(len(f.Places), 3)], " ")
			if more := f.Uses - 3; more > 0 && places != "" {
				places += fmt.Sprint(" +", more)
			}
			state := e.State(n.State)
			if f.Former {
				state += ", " + e.Text("VersionFormer")
			}
			t.Row(f.Batch, n.SourceLocale, n.TargetLocale, state, e.Origin(n.Origin), n.Source.Tagged(), n.Target.TaggedAs(n.Source), places, strings.Join(pages(w, n.TargetLocale, f.Places[:min(len(f.Places), 3)]), " "))
		}
		if len(found) > 0 {
			if err := t.Print(e.Out); err != nil {
				return err
			}
		}
		return e.Println(e.Count("TranslationsFound", len(found)))
	})
}

// pages returns the pages of a locale that have the segments at some places, as far as they
// are built. Pages that are named by their titles are not found.
func pages(w *workspace.Workspace, locale string, places []string) []string {
	out := []string{}
	for _, place := range places {
		article, _, _ := strings.Cut(place, "#")
		page := path.Join(w.Config.OutputFolder(), w.Config.PagePath(locale, w.Config.EditionPath(article)))
		if !slices.Contains(out, page) && w.Dir.Exists(page) {
			out = append(out, page)
		}
	}
	return out
}
