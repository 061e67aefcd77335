package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/deploy"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/diag"
)

func deployCommand() *cli.Command {
	return &cli.Command{
		Name:      "deploy",
		Usage:     "copy the editions to object storage (S3), or from there",
		ArgsUsage: "[TARGET]",
		Description: `Copies what has changed in the output folder to TARGET, or to the url of [deploy] in
hexapla.toml, and removes there what a build has removed. TARGET is
s3://BUCKET/FOLDER?endpoint=https://HOST&region=REGION; the endpoint is Amazon's without
one. Keys are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or those of ~/.aws/credentials.

Several machines may deploy to one target. What another machine has deployed, or another
program has written, is not overwritten: it is reported, and the exit status is 1. On a
machine that has no editions, or old ones, --fetch comes first:

  hexapla deploy --fetch && hexapla build && hexapla deploy

Examples:
  hexapla deploy --dry-run s3://news-pages/site?region=eu-central-1
  hexapla deploy --folder public s3://news-pages?endpoint=https://storage.example`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "folder", Usage: "copy this `FOLDER` in place of the output folder, such as one that a site generator has made"},
			&cli.BoolFlag{Name: "fetch", Usage: "copy from the target into the folder"},
			&cli.BoolFlag{Name: "overwrite", Usage: "replace what was changed on both sides, and what no deployment has written"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "show what would be copied and removed, and do nothing"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return exit.Usagef("deploy: one target at most, not %d", c.NArg())
			}
			return runDeploy(c.Context, newEnvironment(c), deployOptions{
				target: c.Args().First(), folder: c.String("folder"), fetch: c.Bool("fetch"), overwrite: c.Bool("overwrite"), dryRun: c.Bool("dry-run"), json: c.Bool("json"),
			})
		},
	}
}

// deployOptions are the options of deploy. An empty target or folder is that of the
// project.
type deployOptions struct {
	target, folder                 string
	fetch, overwrite, dryRun, json bool
}

func runDeploy(ctx context.Context, e *environment, o deployOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if o.target == "" {
		if o.target = w.Config.Deploy.URL; o.target == "" {
			return exit.Usagef("deploy: name a target, such as s3://BUCKET/FOLDER, or set url in [deploy] of hexapla.toml")
		}
	}
	target, err := deploy.ParseTarget(o.target)
	if err != nil {
		return exit.Usagef("deploy: the target: %w", err) // it may have a key in it
	}
	if o.folder == "" {
		if o.folder = w.Dir.Path(w.Config.OutputFolder()); w.Config.OutputFolder() == "." {
			return exit.Usagef("deploy: the editions are among the sources: name the folder of the finished site with --folder")
		}
	}
	open := rootfs.Open
	if o.fetch {
		open = rootfs.Create
	}
	dir, err := open(o.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return exit.Usagef("deploy: there is no folder %s: build first, or fetch the editions with --fetch", o.folder)
	}
	if err != nil {
		return err
	}
	defer dir.Close()
	record := deploy.OpenRecord(w.Dir, workspace.StateFolder, target, o.folder)
	if !o.dryRun {
		err = record.Write(record.Known) // whose name a deployment that is killed leaves in the target
	}
	if err != nil {
		return err
	}
	do := deploy.Upload
	if o.fetch {
		do = deploy.Fetch
	}
	r, err := do(ctx, dir, target, deploy.Options{Version: buildVersion().Version, Cache: w.Config.Deploy.CacheControl, Known: record.Known, Owner: record.Owner, Now: w.Clock(), Overwrite: o.overwrite, DryRun: o.dryRun})
	if r != nil && !o.dryRun {
		err = errors.Join(err, record.Write(r.Known))
	}
	if err != nil {
		return err
	}
	return printDeployed(e, target, r, o)
}

// deployReport is what deploy prints as JSON.
type deployReport struct {
	*deploy.Result
	Target   string            `json:"target"`
	Findings []diag.Diagnostic `json:"findings"`
}

func printDeployed(e *environment, target deploy.Target, r *deploy.Result, o deployOptions) error {
	if o.json {
		if err := e.JSON(deployReport{r, target.String(), append([]diag.Diagnostic{}, r.Diagnostics...)}); err != nil {
			return err
		}
		return findingsError(r.Diagnostics)
	}
	for _, d := range r.Diagnostics {
		e.Finding(e.Err, d)
	}
	if o.dryRun {
		for _, name := range r.Written {
			fmt.Fprintln(e.Out, "+ "+e.Visible(name))
		}
		for _, name := range r.Removed {
			fmt.Fprintln(e.Out, "- "+e.Visible(name))
		}
	}
	if err := e.Println(e.Text("Deployed", console.Args{"Target": target.String(), "Written": len(r.Written), "Removed": len(r.Removed), "Unchanged": r.Unchanged})); err != nil {
		return err
	}
	return findingsError(r.Diagnostics)
}
