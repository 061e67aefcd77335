package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/config"
)

func initCommand() *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     "make a new project",
		ArgsUsage: "[FOLDER]",
		Description: `Writes a hexapla.toml that says what can be configured, a first article, a glossary and
a .gitignore into FOLDER (the current one if left out). Files that exist are kept.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "source", Usage: "the `LOCALE` that articles are written in", Value: "en"},
			&cli.StringSliceFlag{Name: "locale", Aliases: []string{"l"}, Usage: "a `LOCALE` to build; may be given again (default: all that have message catalogs)"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; say what would be written"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return exit.Usagef("init wants one FOLDER, not %d", c.NArg())
			}
			name := c.Args().First()
			if name == "" {
				name = "."
			}
			source, err := locales.Canonical(c.String("source"))
			if err != nil {
				return exit.UsageError{Err: err}
			}
			targets := c.StringSlice("locale")
			if len(targets) == 0 {
				targets = locales.Embedded().Locales()
			}
			for i, l := range targets {
				if targets[i], err = locales.Canonical(l); err != nil {
					return exit.UsageError{Err: err}
				}
			}
			return writeProject(c, name, source, targets)
		},
	}
}

const configTemplate = `# Hexapla project. All paths are below this folder, with / between their parts.

[project]
source = %q
locales = [%s]
articles = ["articles/**/*.{html,htm,md,txt}"]
# base_url = "https://example.org/{locale}/{path}"   # for hreflang and og:url
# output = "editions"
# encoding = "utf-8"                                  # or "source"

[memory]
# path = ".hexapla/memory.db"
import = ["memory/*.tmx"]                             # taken in once each
# fuzzy = 75                                          # lowest score offered, in percent

[glossary]
files = ["glossary/*.csv"]

[policy]
publish = "translated"    # lowest state that readers may see: translated, reviewed, final
mt = false                # may raw machine translation be published?
fuzzy = false             # may fuzzy matches?
missing = "source"        # what stands in: source, fallback, or hold the edition back
# [policy.locale.fa-AF]
# missing = "fallback"
# fallback = "fa"

# [[hook]]                # engines, asked in this order
# type = "apertium"
# locales = ["es"]
`

const glossaryTemplate = "concept,locale,term,status,case,pos,definition,note\n"

const articleTemplate = `---
title: A first article
description: What readers see in search results.
---

# A first article

Write here, then run hexapla build.
`

func writeProject(c *cli.Context, name, source string, targets []string) error {
	quoted := make([]string, len(targets))
	for i, l := range targets {
		quoted[i] = fmt.Sprintf("%q", l)
	}
	files := []struct{ path, text string }{
		{config.FileName, fmt.Sprintf(configTemplate, source, strings.Join(quoted, ", "))},
		{"articles/first.md", articleTemplate},
		{"glossary/terms.csv", glossaryTemplate},
		{".gitignore", "/.hexapla/\n/editions/\n/exchange/\n"},
	}
	dry := c.Bool("dry-run")
	var dir *rootfs.Dir
	if !dry {
		var err error
		if dir, err = rootfs.Create(name); err != nil {
			return err
		}
		defer dir.Close()
	}
	w := printer(c)
	for _, f := range files {
		shown := console.Args{"File": filepath.Join(name, filepath.FromSlash(f.path))}
		if dry {
			fmt.Fprintln(c.App.Writer, w.Text("FileWouldWrite", shown))
			continue
		}
		if dir.Exists(f.path) {
			fmt.Fprintln(c.App.Writer, w.Text("FileKept", shown))
			continue
		}
		if _, err := dir.WriteFile(f.path, []byte(f.text)); err != nil {
			return err
		}
		fmt.Fprintln(c.App.Writer, w.Text("FileWrote", shown))
	}
	return nil
}
