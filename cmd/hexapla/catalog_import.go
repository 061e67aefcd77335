package main

import (
	"context"
	"errors"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
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
Importing a file again changes nothing.

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
			o := catalogImportOptions{Files: c.Args().Slice(), Format: c.String("format"), AcceptCopies: c.Bool("accept-copies")}
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
	Files        []string
	Format       string // "" for that of the file's extension
	Locale       string // canonical; "" for that of the file
	AcceptCopies bool
}

func runCatalogImport(ctx context.Context, e *environment, o catalogImportOptions) error {
	d, err := catalogdir.Open(ctx, o.Catalogs)
	if err != nil {
		return err
	}
	defer d.Close()
	findings := false
	for _, name := range o.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, ds, err := importCatalogFile(d, name, o)
		if err != nil {
			return err
		}
		if err := applyCatalogs(e, d, r, ds, catalogEditOptions{DryRun: o.DryRun}); errors.Is(err, exit.ErrFindings) {
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

// importCatalogFile returns what the translations of one file change in the catalogs.
func importCatalogFile(d *catalogdir.Dir, name string, o catalogImportOptions) (update.Result, []diag.Diagnostic, error) {
	all := update.Result{Write: catalog.Files{}}
	set, _, err := d.Set()
	if err != nil {
		return all, nil, err
	}
	units, options, err := catalogUnits(set, name, o)
	if err != nil {
		return all, nil, err
	}
	im := messages.NewImporter(set, options)
	for u, err := range units {
		if err != nil {
			im.Fail(err)
			continue
		}
		im.Add(name, u)
	}
	found := im.Diagnostics
	for _, locale := range slices.Sorted(maps.Keys(im.Translations)) {
		r, ds := update.ApplyTranslations(d.Files, d.Source, locale, im.Translations[locale])
		found = append(found, d.Shown(ds)...)
		all.Changes = append(all.Changes, r.Changes...)
		maps.Copy(all.Write, r.Write)
	}
	diag.Sort(found)
	return all, found, nil
}

// catalogUnits returns the units of a bilingual file, and how to read them.
func catalogUnits(set *catalog.Set, name string, o catalogImportOptions) (iter.Seq2[*exchange.Unit, error], messages.ImportOptions, error) {
	options := messages.ImportOptions{Locale: o.Locale, AcceptCopies: o.AcceptCopies}
	format := o.Format
	if format == "" {
		format = strings.ToLower(filepath.Ext(name))
	}
	if strings.TrimPrefix(format, ".") == messages.TMX {
		return func(yield func(*exchange.Unit, error) bool) {
			f, err := os.Open(name)
			if err != nil {
				yield(nil, err)
				return
			}
			defer f.Close()
			messages.ReadPairs(f, name, set, o.Locale)(yield)
		}, options, nil
	}
	codec, _ := pipeline.CodecNamed(format)
	options.Marked, options.Numbered = messages.Marked(codec), codec.PluralForms
	units, err := handoff.ReadUnits(name, o.Format, nil)
	if err != nil {
		return nil, options, err
	}
	return units(nil), options, nil
}
