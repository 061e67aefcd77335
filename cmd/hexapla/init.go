package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/config"
	"hexapla/pipeline/memory/journal"
)

func initCommand() *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     "create a new project",
		ArgsUsage: "[FOLDER]",
		Description: `Writes a hexapla.toml that shows what can be configured, a first article, a glossary and
a .gitignore into FOLDER (the current one if left out). Files that exist are kept.
It asks nothing, and prints the commands to run next.

With --from, DIR is a Hugo, Jekyll, Eleventy, Astro or Docusaurus site, an OmegaT project, a
folder with a po4a configuration, or one with go-i18n or gettext catalogs. It gets a
hexapla.toml with its locales, articles, catalogs, glossaries and TMX files, that writes
editions to where the site has its translations; these fill the memory as 'align' does.
--dry-run prints the configuration first.

Examples:
  hexapla init -l ru,fa,ka news
  hexapla init --from site --dry-run`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "source", Usage: "the `LOCALE` that articles are written in", Value: "en"},
			&cli.StringSliceFlag{Name: "locale", Aliases: []string{"l"}, Usage: "a `LOCALE` to build, or a list such as ru,fa,ka; may be given again (default: all that have message catalogs)"},
			&cli.StringFlag{Name: "from", Usage: "make a project of the site or translation project in this `DIR`"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; print what would be written"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return exit.Usagef("init: only one FOLDER is allowed, not %d", c.NArg())
			}
			o := initOptions{folder: c.Args().First(), dryRun: c.Bool("dry-run")}
			if o.folder == "" {
				o.folder = "."
			}
			source, err := checks.CanonicalTags("--source", []string{c.String("source")})
			if err != nil {
				return err
			}
			o.source = source[0]
			if o.locales, err = localesGiven(c); err != nil {
				return err
			}
			if from := c.String("from"); from != "" {
				if c.NArg() > 0 {
					return exit.Usagef("init --from: the project is made in %s; no FOLDER is allowed", from)
				}
				o.folder = from
				return runInitFrom(c.Context, newEnvironment(c), o)
			}
			if len(o.locales) == 0 {
				o.locales = locales.Embedded().Locales()
			}
			return runInit(newEnvironment(c), o)
		},
	}
}

// initOptions are the options of init. The locales are canonical.
type initOptions struct {
	folder  string
	source  string
	locales []string
	dryRun  bool
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
import = ["memory/*.tmx"]                             # imported once each
journal = true                                        # keeps the memory in memory/journal: commit that folder
# fuzzy = 75                                          # lowest score offered, in percent

[glossary]
files = ["glossary/*.csv"]

[policy]                  # 'hexapla help config' describes every key
publish = "translated"    # lowest state that readers may see: translated, reviewed, final
threshold = 100           # percent of an article's own words that must be ready
# require = ["title", "h1", "description"]   # must be translated in any case
# errors = "withhold"     # an edition with a finding of severity error is not published
# outdated = "keep"       # a published page stays until a better one is ready
mt = false                # publish raw machine translation, with a notice to readers?
missing = "source"        # below a threshold of 100, what replaces missing text: source, fallback, hold
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

func runInit(e *environment, o initOptions) error {
	quoted := make([]string, len(o.locales))
	for i, l := range o.locales {
		quoted[i] = fmt.Sprintf("%q", l)
	}
	files := []struct{ path, text string }{
		{config.FileName, fmt.Sprintf(configTemplate, o.source, strings.Join(quoted, ", "))},
		{"articles/first.md", articleTemplate},
		{"glossary/terms.csv", glossaryTemplate},
		{config.JournalFolder + "/.gitattributes", journal.Attributes},
		{".gitignore", "/.hexapla/\n/editions/\n/exchange/\n"},
	}
	var dir *rootfs.Dir
	if !o.dryRun {
		var err error
		if dir, err = rootfs.Create(o.folder); err != nil {
			return err
		}
		defer dir.Close()
	}
	for _, f := range files {
		file := console.Args{"File": filepath.Join(o.folder, filepath.FromSlash(f.path))}
		if o.dryRun {
			fmt.Fprintln(e.Out, e.Text("FileWouldWrite", file))
			continue
		}
		if dir.Exists(f.path) {
			fmt.Fprintln(e.Out, e.Text("FileKept", file))
			continue
		}
		if _, err := dir.WriteFile(f.path, []byte(f.text)); err != nil {
			return err
		}
		fmt.Fprintln(e.Out, e.Text("FileWrote", file))
	}
	if o.dryRun {
		return nil
	}
	return printNext(e, o)
}

// printNext prints the commands that a user of a new project runs next.
func printNext(e *environment, o initOptions) error {
	in := ""
	if filepath.Clean(o.folder) != "." {
		in = " -C " + shellQuoted(o.folder)
	}
	export := "hexapla export" + in
	if len(o.locales) > 0 {
		export += " -l " + o.locales[0]
	}
	_, err := fmt.Fprintf(e.Out, "\n%s\n  hexapla build%s\n  hexapla status%s\n  %s\n", e.Text("NextCommands"), in, in, export)
	return err
}

// shellQuoted returns a word as it is typed in a POSIX shell.
func shellQuoted(s string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./+:@%,", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(console.Printer{}.Visible(s), "'", `'\''`) + "'"
}
