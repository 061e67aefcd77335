package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/exit"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline/config"
)

func catalogExtractCommand() *cli.Command {
	return &cli.Command{
		Name:  "extract",
		Usage: "bring the source catalog into line with the messages in the code",
		Description: `Finds i18n.Message and i18n.LocalizeConfig literals, calls of helpers such as
T(l, "id") in Go code and in templates, and functions that pass their parameter on to
one of these. A message that the code uses and that has no text is added without one,
for somebody to write it. Custom delimiters are kept.

Example: hexapla catalog extract --dir locales --code '**/*.go'`,
		Flags: catalogFlags(append(codeFlags(), catalogCheckFlag(), catalogDryRun())...),
		Action: func(c *cli.Context) error {
			o, err := catalogEditOptionsOf(c)
			if err != nil {
				return err
			}
			return runCatalogExtract(c.Context, newEnvironment(c), o, codeOptions(c))
		},
	}
}

func runCatalogExtract(ctx context.Context, e *environment, o catalogEditOptions, code catalogdir.CodeOptions) error {
	// Catalogs that share their code share its messages, too: where to add one is not known.
	var shared []catalogdir.Options
	for _, one := range o.Catalogs {
		if len(code.Globs) > 0 || one.Table == nil || len(one.Table.Code) == 0 {
			shared = append(shared, one)
		}
	}
	if len(shared) > 1 {
		if _, err := theOnly(shared, "catalog extract: several catalogs have the same code"); err != nil {
			return err
		}
	}
	var found error
	for _, one := range o.Catalogs {
		if err := extractInto(ctx, e, o, one, code); errors.Is(err, exit.ErrFindings) {
			found = err
		} else if err != nil {
			return err
		}
	}
	return found
}

// extractInto brings one source catalog into line with the code.
func extractInto(ctx context.Context, e *environment, o catalogEditOptions, one catalogdir.Options, code catalogdir.CodeOptions) error {
	d, err := catalogdir.Open(ctx, one)
	if d != nil {
		defer d.Close()
	}
	// The first extraction creates the source catalog.
	if err != nil && (!errors.Is(err, catalogdir.ErrNoCatalogs) || one.Dir == "" && one.Table == nil) {
		return err
	}
	if d.Title != "" {
		fmt.Fprintf(e.Out, "# %s\n", e.Visible(d.Title))
	}
	u, ds, err := d.ScanCode(ctx, code)
	if err != nil {
		return err
	}
	if u == nil {
		return exit.Usagef("catalog extract: --code GLOB is required, or check.code in %s", config.FileName)
	}
	r, more := update.Extract(d.Files, d.Source, "active."+d.Source+".toml", u)
	return applyCatalogs(e, d, r, append(ds, more...), o)
}
