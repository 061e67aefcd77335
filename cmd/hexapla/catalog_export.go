package main

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/messages"
)

func catalogExportCommand() *cli.Command {
	return &cli.Command{
		Name:  "export",
		Usage: "write the catalogs as bilingual files for translators",
		Description: `One file for each locale. Plural forms are written as the file type has them: numbered
forms in PO, the segments of one unit elsewhere. Variables are codes in XLIFF, and text
in the others. TMX has the pairs that are translated. 'catalog import' reads the files
back. Of several [[catalogs]] each gets a folder.

Example: hexapla catalog export --format po --todo -o for-translators`,
		Flags: catalogFlags(localeFlag(),
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + ", " + messages.TMX, Value: pipeline.Codecs()[0].Name},
			&cli.StringFlag{Name: "format-version", Usage: "the file type's `VERSION`"},
			&cli.BoolFlag{Name: "todo", Usage: "only what is missing, stale or to be reviewed"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FOLDER`", Value: "exchange"},
			catalogDryRun()),
		Action: func(c *cli.Context) error {
			dir, err := catalogOptions(c)
			if err != nil {
				return err
			}
			if err := writable(dir); err != nil {
				return err
			}
			targets, err := localesGiven(c)
			if err != nil {
				return err
			}
			return runCatalogExport(c.Context, newEnvironment(c), catalogExportOptions{Catalogs: dir, Locales: targets, Format: c.String("format"),
				Version: c.String("format-version"), Open: c.Bool("todo"), Output: c.String("output"), DryRun: c.Bool("dry-run")})
		},
	}
}

type catalogExportOptions struct {
	Catalogs        []catalogdir.Options
	Locales         []string // canonical; nil for all
	Format, Version string
	Open            bool // only what is missing, stale or to be reviewed
	Output          string
	DryRun          bool
}

func runCatalogExport(ctx context.Context, e *environment, o catalogExportOptions) error {
	codec, err := catalogdir.Codec(o.Format, o.Version)
	if err != nil {
		return err
	}
	return eachCatalogs(ctx, e, o.Catalogs, func(d *catalogdir.Dir) error { return exportCatalogs(ctx, e, d, codec, o) })
}

// exportCatalogs writes the files of one folder of catalogs: into a folder of its name,
// where there are several.
func exportCatalogs(ctx context.Context, e *environment, d *catalogdir.Dir, codec exchange.Codec, o catalogExportOptions) error {
	set, found, err := d.Set()
	if err != nil {
		return err
	}
	targets, err := d.TargetLocales(o.Locales, set)
	if err != nil {
		return err
	}
	unread := catalogdir.Unread(set, targets, found)
	for _, f := range unread {
		e.Finding(e.Err, f)
	}
	var out *rootfs.Dir
	if !o.DryRun {
		if out, err = rootfs.Create(o.Output); err != nil {
			return err
		}
		defer out.Close()
	}
	now := time.Now().UTC().Truncate(time.Second)
	for _, locale := range targets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !set.Readable(locale) {
			continue
		}
		units := messages.Units(set, messages.Export{Locale: locale, Files: d.Files, Marked: messages.Marked(codec), Open: o.Open, Time: now})
		name := path.Join(d.Title, "messages."+locale+codec.Extensions[0])
		done := name
		switch {
		case o.DryRun:
			done = e.Text("DryRun")
		case len(units) == 0:
			done = e.Text("NothingToDo")
		default:
			if err := catalogdir.WriteUnits(out, name, codec, o.Version, locale, d.Source, units); err != nil {
				return err
			}
		}
		fmt.Fprintf(e.Out, "%s\t%s\t%s\n", locale, e.Count("Messages", len(units)), done)
	}
	if len(unread) > 0 {
		return exit.ErrFindings
	}
	return nil
}
