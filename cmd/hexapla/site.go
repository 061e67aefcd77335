package main

import (
	"context"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/config"
	"hexapla/pipeline/report"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/crawl"
)

func siteCommand() *cli.Command {
	return &cli.Command{
		Name:  "site",
		Usage: "check a site of pages in many languages",
		Subcommands: []*cli.Command{{
			Name:      "check",
			Usage:     "read a folder of pages as a search engine does, and report what contradicts each other",
			ArgsUsage: "[FOLDER]",
			Description: `Reads all HTML pages and sitemaps below FOLDER (the output folder of the project
without one), whoever made them, and reports: hreflang links that are not answered, lead
nowhere or to another language, or that search engines do not accept; canonical links to
another language; pages that do not declare theirs; dead links and anchors; links to
another language that do not declare it; redirects in a circle. Nothing is fetched: a
link to another site is not followed.

The address of the folder is that of the project (base_url), inferred from the canonical
links, or given with --base.

Example:  hexapla site check --base https://example.org/ public`,
			Flags: append([]cli.Flag{
				&cli.StringFlag{Name: "base", Usage: "`ADDRESS` of the folder on the web"},
				&cli.BoolFlag{Name: "crossing", Usage: "list every link to another language, also those that declare it"},
			}, checkFlags()...),
			Action: func(c *cli.Context) error {
				if c.NArg() > 1 {
					return exit.Usagef("site check: one folder at most, not %d", c.NArg())
				}
				return runSiteCheck(c.Context, newEnvironment(c), siteCheckOptions{folder: c.Args().First(), base: c.String("base"), crossing: c.Bool("crossing"), gate: checkOptions(c)})
			},
		}},
	}
}

// siteCheckOptions are the options of site check.
type siteCheckOptions struct {
	folder   string // "" for the output folder of the project
	base     string
	crossing bool
	gate     checks.Options
}

func runSiteCheck(ctx context.Context, e *environment, o siteCheckOptions) error {
	if o.base != "" {
		if err := site.ParseBase(o.base); err != nil {
			return exit.Usagef("--base: %w", err)
		}
	}
	policy := config.Check{}
	if o.folder == "" {
		w, err := e.open(ctx, workspace.Options{})
		if err != nil {
			return err
		}
		policy, o.folder = w.Config.Check, w.Dir.Path(w.Config.OutputFolder())
		base := w.Config.Project.BaseURL
		if root := site.Root(base); o.base == "" && root != "" && base == root+"{locale}/{path}" && !w.Config.HasOutputPattern() && site.ParseBase(base) == nil {
			o.base = root
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	if info, err := os.Stat(o.folder); err != nil || !info.IsDir() {
		return exit.Usagef("site check: %s is not a folder", o.folder)
	}
	gate, err := checks.Open(ctx, o.gate, policy, o.folder)
	if err != nil {
		return err
	}
	dir, err := rootfs.Open(o.folder)
	if err != nil {
		return err
	}
	defer dir.Close()
	found, err := crawl.Check(ctx, dir.FS(), crawl.Options{Base: o.base, Crossing: o.crossing})
	if err != nil {
		return err
	}
	if found.Pages == 0 {
		return exit.Usagef("site check: there is no HTML page in %s", o.folder)
	}
	r := &report.Report{Title: "Site", Diagnostics: found.Diagnostics, Rules: crawl.Diagnostics()}
	judged := gate.Judge(ctx, e.Printer, r)
	_, err = fmt.Fprintln(e.Err, e.Text("SiteChecked", console.Args{
		"Pages": e.Count("SitePages", found.Pages), "Links": e.Count("SiteLinks", found.Links), "Crossing": found.Crossing, "Dead": found.Dead,
	}))
	if judged != nil {
		return judged
	}
	return err
}
