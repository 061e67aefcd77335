package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory"
)

func noteCommand() *cli.Command {
	return &cli.Command{
		Name:  "note",
		Usage: "write, list, answer and resolve notes on articles and translations",
		Description: `Notes are kept in the memory, and travel with its journal. They come in with the files of
translators and reviewers, and go out with the next export until they are resolved. They
never reach an edition.

Examples:  hexapla note add --locale ru articles/first.md#p-1 "Which minister?"
           hexapla note list --open`,
		Subcommands: []*cli.Command{
			noteAddCommand(), noteListCommand(),
			withAliases(noteAnswerCommand("reply", "answer a note; one that is resolved is open again", `Example:  hexapla note reply --author anna k3jq5xy2abcd2345 "The one of finance."`, 2,
				func(n *memory.Note, uid string) { n.ReplyTo = uid }), "answer"),
			noteAnswerCommand("resolve", "resolve a note, with or without a last answer", `Example:  hexapla note resolve --author anna k3jq5xy2abcd2345`, 1,
				func(n *memory.Note, uid string) { n.Resolves = uid }),
		},
	}
}

func withAliases(c *cli.Command, names ...string) *cli.Command {
	c.Aliases = names
	return c
}

func noteAddCommand() *cli.Command {
	return &cli.Command{
		Name:      "add",
		Usage:     "write a note on an article or a unit of it",
		ArgsUsage: "ARTICLE[#UNIT] TEXT",
		Description: `The place is written as 'hexapla memory search' shows it.

Example:  hexapla note add --author anna --locale ru articles/first.md#p-1 "Which minister?"`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "on the translation into `LOCALE`; if not set, on the source"},
			&cli.StringFlag{Name: "category", Usage: "a `WORD` for the kind of note, such as question or error"},
			&cli.IntFlag{Name: "priority", Usage: "from 1, the highest, to 10; `N` of 0 is unknown"},
			authorFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 || strings.TrimSpace(c.Args().Get(1)) == "" {
				return exit.Usagef("note add: ARTICLE[#UNIT] and a TEXT are required")
			}
			if p := c.Int("priority"); p < 0 || p > 10 {
				return exit.Usagef("note add: --priority must be from 0 to 10")
			}
			locale, err := canonicalFlag(c, "locale")
			if err != nil {
				return err
			}
			n := memory.Note{Place: c.Args().Get(0), TargetLocale: locale, Author: c.String("author"), Category: c.String("category"), Priority: c.Int("priority"), Text: c.Args().Get(1)}
			return runNoteAdd(c.Context, newEnvironment(c), n, c.Bool("json"))
		},
	}
}

// noteAnswerCommand returns a command that answers a note in some way.
func noteAnswerCommand(name, usage, description string, args int, answer func(n *memory.Note, uid string)) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "NOTE TEXT", Description: description,
		Flags: []cli.Flag{authorFlag(), jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() < args || c.NArg() > 2 {
				return exit.Usagef("note %s: the NOTE that 'hexapla note list' shows%s required", name, map[int]string{1: " is", 2: " and a TEXT are"}[args])
			}
			n := memory.Note{Author: c.String("author"), Text: c.Args().Get(1)}
			answer(&n, c.Args().Get(0))
			return runNoteAdd(c.Context, newEnvironment(c), n, c.Bool("json"))
		},
	}
}

// maxNote limits the bytes of a note.
const maxNote = 64 << 10

func runNoteAdd(ctx context.Context, e *environment, n memory.Note, json bool) error {
	if len(n.Text) > maxNote {
		return exit.Usagef("a note is limited to %d bytes, and this one has %d", maxNote, len(n.Text))
	}
	return withMemory(ctx, e, workspace.ReadWrite, func(w *workspace.Workspace) error {
		article, _, _ := strings.Cut(n.Place, "#")
		if n.Place != "" && !w.Dir.Exists(article) {
			return exit.Usagef("the project has no article %q", article)
		}
		n.Time = w.Clock()
		stored, err := w.AddNote(ctx, n)
		if errors.Is(err, memory.ErrNoNote) {
			return exit.UsageError{Err: err}
		}
		if err != nil {
			return err
		}
		if json {
			return e.JSON(stored)
		}
		return e.Println(e.Text("NoteAdded", console.Args{"Note": stored.UID}))
	})
}

func noteListCommand() *cli.Command {
	return &cli.Command{
		Name:        "list",
		Usage:       "list notes and their answers",
		ArgsUsage:   "[ARTICLE[#UNIT]]",
		Description: `Example:  hexapla note list --open --locale ru articles/first.md`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only notes on the translation into `LOCALE`, and on the source"},
			&cli.BoolFlag{Name: "open", Usage: "only notes that are not resolved"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			locale, err := canonicalFlag(c, "locale")
			if err != nil {
				return err
			}
			return runNoteList(c.Context, newEnvironment(c), memory.NoteFilter{Place: c.Args().First(), TargetLocale: locale, Open: c.Bool("open")}, c.Bool("json"))
		},
	}
}

func runNoteList(ctx context.Context, e *environment, f memory.NoteFilter, json bool) error {
	return withMemory(ctx, e, workspace.ReadOnly, func(w *workspace.Workspace) error {
		threads, err := w.Notes(ctx, f)
		if err != nil {
			return err
		}
		if json {
			return e.JSON(threads)
		}
		if err := printNotes(e, threads); err != nil {
			return err
		}
		return e.Println(e.Count("NotesListed", len(threads)))
	})
}

// printNotes prints notes and their answers as a table, nothing if there is none.
func printNotes(e *environment, threads []memory.NoteThread) error {
	if len(threads) == 0 {
		return nil
	}
	t := console.NewTable(e.Text("HeadNote"), e.Text("HeadTime"), e.Text("HeadAuthor"), e.Text("HeadTarget"), e.Text("HeadPlaces"), "", e.Text("HeadText"))
	row := func(n memory.Note, place, mark string) {
		t.Row(n.UID, n.Time.Format("2006-01-02 15:04"), n.Author, n.TargetLocale, place, mark, n.Text)
	}
	for _, thread := range threads {
		mark := ""
		if thread.Resolved {
			mark = e.Text("NoteResolved")
		}
		row(thread.Note, thread.Place, mark)
		for _, a := range thread.Answers {
			row(a, "", "")
		}
	}
	return t.Print(e.Out)
}

// printNotesAt prints the notes on segments at some places and on their units.
func printNotesAt(ctx context.Context, e *environment, w *workspace.Workspace, places map[string]bool, locale string) error {
	threads, err := w.Notes(ctx, memory.NoteFilter{TargetLocale: locale})
	if err != nil {
		return err
	}
	threads = slices.DeleteFunc(threads, func(t memory.NoteThread) bool {
		for p := range places {
			if rest, ok := strings.CutPrefix(p, t.Place); ok && strings.Contains(t.Place, "#") && (rest == "" || rest[0] == '/') {
				return false
			}
		}
		return true
	})
	return printNotes(e, threads)
}
