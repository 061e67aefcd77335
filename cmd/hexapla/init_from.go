package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/cmd/internal/archive"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/config"
	"hexapla/pipeline/memory/journal"
)

// runInitFrom makes a project of a site that exists, and fills its memory from the
// translations that the site has.
func runInitFrom(ctx context.Context, e *environment, o initOptions) error {
	dir, err := rootfs.Open(o.folder)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	defer dir.Close()
	s, ok, err := archive.Recognize(dir, o.source)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	if !ok {
		return exit.Usagef("init --from %s: found no Hugo, Jekyll, Eleventy, Astro or Docusaurus site, OmegaT project, po4a configuration or message catalogs", o.folder)
	}
	for _, l := range o.locales {
		if l != s.Source && !slices.Contains(s.Locales, l) {
			s.Locales = append(s.Locales, l)
		}
	}
	if len(s.Locales) == 0 {
		return exit.Usagef("init --from %s: found %s, but no locale of a translation: name them with --locale", o.folder, s.Name)
	}
	fmt.Fprintln(e.Out, e.Text("SiteFound", console.Args{"Name": s.Name, "Source": s.Source, "Locales": strings.Join(s.Locales, ", ")}))
	text := s.Config()
	if _, err := workspace.ParseConfig(config.FileName, []byte(text)); err != nil {
		return fmt.Errorf("init --from %s: %w", o.folder, err)
	}
	path := func(name string) console.Args {
		return console.Args{"File": filepath.Join(o.folder, filepath.FromSlash(name))}
	}
	if dir.Exists(config.FileName) {
		return exit.Usagef("%s exists already: move it away to make a new one", dir.Path(config.FileName))
	}
	for _, f := range []struct{ name, text string }{
		{config.FileName, text},
		{config.JournalFolder + "/.gitattributes", journal.Attributes},
		{".gitignore", "/.hexapla/\n/exchange/\n"},
	} {
		switch {
		case dir.Exists(f.name):
			fmt.Fprintln(e.Out, e.Text("FileKept", path(f.name)))
		case o.dryRun:
			fmt.Fprintln(e.Out, e.Text("FileWouldWrite", path(f.name)))
		default:
			if _, err := dir.WriteFile(f.name, []byte(f.text)); err != nil {
				return err
			}
			fmt.Fprintln(e.Out, e.Text("FileWrote", path(f.name)))
		}
	}
	if o.dryRun {
		_, err := fmt.Fprintf(e.Out, "\n%s", e.VisibleLines(text))
		return err
	}
	project := *e
	project.Project = o.folder
	if err := runAlign(ctx, &project, alignOptions{optional: true, AlignOptions: archive.AlignOptions{MinConfidence: defaultMinConfidence}}); err != nil || len(s.Files) == 0 {
		return err
	}
	var files []string
	for _, name := range s.Files {
		if _, err := dir.ReadPrefix(name, 1); err != nil { // a link out of the folder
			return err
		}
		files = append(files, dir.Path(name))
	}
	return runMemoryImport(ctx, &project, memoryImportOptions{files: files, localeOf: func(name string) string { return archive.CatalogLocale(filepath.ToSlash(name)) }})
}
