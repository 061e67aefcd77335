package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/pipeline/messages"
)

func catalogImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "add the translations of translators' files to the catalogs",
		ArgsUsage: "FILE ...",
		Description: `Writes the translations into active.LOCALE with go-i18n's hash; comments and order stay.
What is still to be reviewed is marked '# needs review', and a stale text that came back
unchanged and unconfirmed stays stale. Rejected, with the reason, are a message that is
not there or whose source has changed since, a copy of the source, and a variable that is
lost or renamed. Plural forms of PO files are those of the file's own Plural-Forms.
Importing a file again changes nothing. The FILE - is standard input.

Example:  hexapla catalog import ru.xlf --dry-run`,
		Flags: catalogFlags(
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + ", " + messages.TMX + "; by the file's extension if left out"},
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the target `LOCALE`, where the file does not name it"},
			&cli.BoolFlag{Name: "accept-copies", Usage: "a text that equals its source is a translation"},
			catalogDryRun()),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return exit.Usagef("catalog import: at least one FILE is required")
			}
			o := catalogImportOptions{Files: c.Args().Slice(), ImportOptions: catalogdir.ImportOptions{In: c.App.Reader, Format: c.String("format"), AcceptCopies: c.Bool("accept-copies")}}
			if c.IsSet("locale") {
				tags, err := checks.CanonicalTags("--locale", []string{c.String("locale")})
				if err != nil {
					return err
				}
				o.Locale = tags[0]
			}
			var err error
			if o.catalogEditOptions, err = catalogEditOptionsOf(c); err != nil {
				return err
			}
			return runCatalogImport(c.Context, newEnvironment(c), o)
		},
	}
}

type catalogImportOptions struct {
	catalogEditOptions
	catalogdir.ImportOptions
	Files []string
}

func runCatalogImport(ctx context.Context, e *environment, o catalogImportOptions) error {
	findings := false
	for _, name := range o.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		one, err := catalogsOfFile(o.Catalogs, name)
		if err != nil {
			return err
		}
		if err := importMessages(ctx, e, one, name, o); errors.Is(err, exit.ErrFindings) {
			findings = true
		} else if err != nil {
			return err
		}
	}
	if findings {
		return exit.ErrFindings
	}
	return nil
}

// catalogsOfFile returns the catalogs that a translators' file is for: of several, those
// that its folder is named after, as 'catalog export' names it.
func catalogsOfFile(all []catalogdir.Options, name string) (catalogdir.Options, error) {
	folder := filepath.ToSlash(filepath.Dir(name))
	for _, o := range all {
		if o.Table != nil && (folder == o.Table.Name || strings.HasSuffix(folder, "/"+o.Table.Name)) {
			return o, nil
		}
	}
	return theOnly(all, "catalog import: the folder of "+name+" does not name its catalogs")
}

func importMessages(ctx context.Context, e *environment, one catalogdir.Options, name string, o catalogImportOptions) error {
	d, err := catalogdir.Open(ctx, one)
	if err != nil {
		return err
	}
	defer d.Close()
	r, ds, err := d.ImportFile(ctx, name, o.ImportOptions)
	if err != nil {
		return err
	}
	return applyCatalogs(e, d, r, ds, catalogEditOptions{DryRun: o.DryRun})
}
