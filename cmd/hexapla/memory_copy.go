package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
)

func memoryCopyCommand() *cli.Command {
	return &cli.Command{
		Name:      "copy",
		Usage:     "copy a whole memory: between a file, a database and a journal",
		ArgsUsage: "FROM TO",
		Description: `FROM and TO are each the address of a PostgreSQL database (postgres://HOST/DATABASE, whose
password comes from PGPASSWORD, ~/.pgpass or a service file), a folder with a journal, or
the file of a memory. Everything is copied: all versions with their history, batches and
notes. What TO has already stays as it is, so that a copy can be repeated.

To move a project into a database, copy its memory and set url in the table [memory] of
hexapla.toml.

Examples:
  hexapla memory copy .hexapla/memory.db postgres://db.example/news
  hexapla memory copy postgres://db.example/news backup/journal/`,
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return exit.Usagef("memory copy: FROM and TO are required")
			}
			return runMemoryCopy(c.Context, newEnvironment(c), memoryCopyOptions{from: c.Args().Get(0), to: c.Args().Get(1), json: c.Bool("json")})
		},
	}
}

// memoryCopyOptions are the options of memory copy.
type memoryCopyOptions struct {
	from, to string
	json     bool
}

// copyReport is what memory copy prints as JSON.
type copyReport struct {
	Added     int `json:"added"`
	Unchanged int `json:"unchanged"`
}

func runMemoryCopy(ctx context.Context, e *environment, o memoryCopyOptions) error {
	r, found, err := workspace.CopyMemory(ctx, o.from, o.to)
	for _, d := range found {
		e.Finding(e.Err, d)
	}
	if err != nil {
		return err
	}
	if o.json {
		return e.JSON(copyReport{r.Added, r.Unchanged})
	}
	return e.Println(e.Text("MemoryCopied", console.Args{"To": o.to, "Added": r.Added, "Unchanged": r.Unchanged}))
}
