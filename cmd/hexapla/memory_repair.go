package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func memoryVerifyCommand() *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "read the whole memory and its journal, and report damage",
		Description: `Every text and every version is compared with its checksum.

Example:  hexapla memory verify

` + exit.Help,
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return exit.Usagef("memory verify takes no arguments")
			}
			return runMemoryVerify(c.Context, newEnvironment(c), c.Bool("json"))
		},
	}
}

// withoutMemory calls f with the project, whose memory is not opened.
func withoutMemory(ctx context.Context, e *environment, f func(*workspace.Workspace) error) (err error) {
	w, err := e.open(ctx, workspace.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return f(w)
}

func runMemoryVerify(ctx context.Context, e *environment, json bool) error {
	return withoutMemory(ctx, e, func(w *workspace.Workspace) error {
		found, err := w.VerifyMemory(ctx)
		if err != nil {
			return err
		}
		found = w.Shown(found)
		if json {
			err = e.JSON(append([]diag.Diagnostic{}, found...))
		} else {
			for _, d := range found {
				e.Finding(e.Out, d)
			}
			err = e.Println(e.Count("MemoryVerified", len(found)))
		}
		if err == nil && len(found) > 0 {
			err = exit.ErrFindings
		}
		return err
	})
}

func memoryRecoverCommand() *cli.Command {
	return &cli.Command{
		Name:  "recover",
		Usage: "save what can be read of a damaged memory",
		Description: `What fails its checksum is left out and listed. What the journal has is added. The
damaged file is kept next to the new one. No other command may run meanwhile.

Example:  hexapla memory recover

` + exit.Help,
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return exit.Usagef("memory recover takes no arguments")
			}
			return runMemoryRepair(c.Context, newEnvironment(c), (*workspace.Workspace).RecoverMemory, c.Bool("json"))
		},
	}
}

func memoryRebuildCommand() *cli.Command {
	return &cli.Command{
		Name:  "rebuild",
		Usage: "make the memory's database anew from its journal",
		Description: `What the journal does not have yet is written to it first. The old database is kept
next to the new one. No other command may run meanwhile. Lines that were removed from
the journal are gone from the new database, too; --restore writes them again.

Example:  hexapla memory rebuild`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "restore", Usage: "write the lines again that were removed from the journal"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return exit.Usagef("memory rebuild takes no arguments")
			}
			rebuild := func(w *workspace.Workspace, ctx context.Context) (workspace.Repaired, error) {
				return w.RebuildMemory(ctx, c.Bool("restore"))
			}
			return runMemoryRepair(c.Context, newEnvironment(c), rebuild, c.Bool("json"))
		},
	}
}

// repairReport is the JSON form of the result of recover and rebuild.
type repairReport struct {
	Versions int      `json:"versions"`
	Batches  int      `json:"batches"`
	Journal  int      `json:"journal"`
	Lost     []string `json:"lost"`
	Old      string   `json:"old,omitempty"`
}

func runMemoryRepair(ctx context.Context, e *environment, repair func(*workspace.Workspace, context.Context) (workspace.Repaired, error), json bool) error {
	return withoutMemory(ctx, e, func(w *workspace.Workspace) error {
		r, err := repair(w, ctx)
		if err != nil {
			return err
		}
		for _, d := range w.Shown(w.Diagnostics) {
			e.Finding(e.Err, d)
		}
		if json {
			if r.Lost == nil {
				r.Lost = []string{}
			}
			err = e.JSON(repairReport{r.Versions, r.Batches, r.Journal, r.Lost, r.Old})
		} else {
			for _, l := range r.Lost {
				fmt.Fprintln(e.Out, report.Visible(l))
			}
			err = e.Println(e.Text("MemoryRepaired", console.Args{"Versions": r.Versions, "Journal": r.Journal, "Lost": len(r.Lost)}))
			if err == nil && r.Old != "" {
				err = e.Println(e.Text("MemoryOldKept", console.Args{"File": r.Old}))
			}
		}
		if err == nil && len(r.Lost) > 0 {
			err = exit.ErrFindings
		}
		return err
	})
}
