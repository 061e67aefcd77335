package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/segment"
)

func segmentCommand() *cli.Command {
	return &cli.Command{
		Name:  "segment",
		Usage: "try segmentation rules",
		Subcommands: []*cli.Command{{
			Name:      "test",
			Usage:     "run cases of your own through the rules",
			ArgsUsage: "CASES.json ...",
			Description: `A file is a JSON array of objects with lang, name, text and sentences. A case is right
when the text is cut into just these sentences, white space around them aside.`,
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "srx", Usage: "cut by the rules of this SRX `FILE`"},
				&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only cases of this `LOCALE`"},
				jsonFlag(),
			},
			Action: runSegmentTest,
		}},
	}
}

func runSegmentTest(c *cli.Context) error {
	if c.NArg() == 0 {
		return exit.Usagef("segment test wants at least one CASES.json")
	}
	rules, err := rulesFlag(c)
	if err != nil {
		return err
	}
	results := []segment.Result{}
	for _, name := range c.Args().Slice() {
		data, err := os.ReadFile(name)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		cases, err := segment.ParseCases(data)
		if err != nil {
			return exit.Usagef("%s: %w", name, err)
		}
		for _, r := range rules.Test(cases) {
			if l := c.String("locale"); l == "" || l == r.Case.Lang {
				results = append(results, r)
			}
		}
	}
	wrong := 0
	for _, r := range results {
		if !r.OK {
			wrong++
		}
	}
	if c.Bool("json") {
		err = printer(c).JSON(results)
	} else {
		err = printCases(c, results, wrong)
	}
	if err == nil && wrong > 0 {
		err = exit.ErrFindings
	}
	return err
}

func printCases(c *cli.Context, results []segment.Result, wrong int) error {
	w := printer(c)
	for _, r := range results {
		if !r.OK {
			fmt.Fprintln(c.App.Writer, w.Text("CaseWrong", console.Args{"Locale": r.Case.Lang, "Name": r.Case.Name,
				"Want": strings.Join(r.Case.Sentences, " ¦ "), "Got": strings.Join(r.Got, " ¦ ")}))
		}
	}
	_, err := fmt.Fprintln(c.App.Writer, w.Text("CasesRight", console.Args{"Right": len(results) - wrong, "All": len(results)}))
	return err
}

// printDecisions says for every place in a document where a rule spoke what it
// decided and which rule it was.
func printDecisions(c *cli.Context, d *bitext.Document, s *segment.Segmenter) error {
	type placed struct {
		Unit string `json:"unit"`
		Text string `json:"text"` // around the place, which is marked ¦
		segment.Decision
	}
	w := printer(c)
	t := console.NewTable(w.Text("HeadUnit"), "", w.Text("HeadPlace"), w.Text("HeadRule"))
	e := json.NewEncoder(c.App.Writer)
	e.SetEscapeHTML(false)
	for i := range d.Units {
		u := &d.Units[i]
		for _, dec := range s.Explain(u.Source.Chars) {
			p := placed{u.ID, around(u.Source.Chars, dec.Pos), dec}
			if c.Bool("json") {
				if err := e.Encode(p); err != nil {
					return err
				}
				continue
			}
			what := w.Text("PlaceHeld")
			if dec.Break {
				what = w.Text("PlaceBreak")
			}
			t.Row(u.ID, what, p.Text, dec.Rule.String())
		}
	}
	if c.Bool("json") {
		return nil
	}
	return t.Print(c.App.Writer)
}

// around is the text near a place, which is marked.
func around(text string, pos int) string {
	const reach = 12
	before, after := []rune(text[:pos]), []rune(text[pos:])
	return strings.Map(oneLine, string(before[max(0, len(before)-reach):])+"¦"+string(after[:min(len(after), reach)]))
}

func oneLine(r rune) rune {
	if r == '\n' || r == '\t' || r == '\r' {
		return ' '
	}
	return r
}
