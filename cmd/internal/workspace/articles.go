package workspace

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/deploy"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// selectArticles returns the project's articles, or those that o.Select names.
func (w *Workspace) selectArticles(cfg *config.Config, o Options) ([]pipeline.Source, error) {
	names, err := w.Dir.Glob(cfg.Project.Articles)
	if err != nil {
		return nil, err
	}
	names = withoutPages(cfg, names)
	w.checkSourceRules(cfg, names)
	args := o.Select.Articles
	if len(args) > 0 {
		if names, err = selectPaths(names, args, w.Dir.Name()); err != nil {
			return nil, err
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return w.rejectLink(cfg, name) })
	if len(names) == 0 && cfg.Sources.URL != "" && len(args) == 0 {
		if o.Fetch || o.Guest {
			return nil, nil // an empty bucket, or a worker that is given the articles with its jobs
		}
		return nil, exit.Usagef("no article matches %v in %s: 'hexapla build' copies them from %s", cfg.Project.Articles, w.Dir.Name(), cfg.Sources.URL)
	}
	if len(names) == 0 {
		return nil, exit.Usagef("no article matches %v in %s", cfg.Project.Articles, w.Dir.Name())
	}
	sources := make([]pipeline.Source, len(names))
	byPath := map[string]string{}
	for i, name := range names {
		path := cfg.EditionPath(name)
		if cfg.HasOutputPattern() {
			path = cfg.PagePath(cfg.Project.Locales[0], path)
		}
		if other, ok := byPath[path]; ok {
			return nil, exit.Usagef("%s and %s would both be written to %s: change project.articles in %s", other, name, path, config.FileName)
		}
		byPath[path] = name
		sources[i] = pipeline.Source{Path: name, Read: func() ([]byte, error) { return w.Dir.ReadFile(name) }}
	}
	return sources, nil
}

// fetchSources brings the articles up to date with the object storage that they come from.
func (w *Workspace) fetchSources(ctx context.Context, cfg *config.Config) error {
	if cfg.Sources.URL == "" {
		return nil
	}
	target, err := deploy.ParseTarget(cfg.Sources.URL)
	if err != nil {
		return exit.Usagef("%s: sources.url: %w", w.Dir.Path(config.FileName), err)
	}
	found, err := deploy.FetchSources(ctx, w.Dir, StateFolder, target, func(name string) bool {
		return slices.ContainsFunc(cfg.Project.Articles, func(pattern string) bool {
			ok, err := doublestar.Match(path.Clean(pattern), name) // as rootfs.Dir.Glob has it
			return ok && err == nil
		})
	})
	w.Diagnostics = append(w.Diagnostics, found...)
	return err
}

// withoutPages returns those of names that are not the pages of editions of others:
// with a pattern, pages may be next to their articles.
func withoutPages(cfg *config.Config, names []string) []string {
	if !cfg.HasOutputPattern() {
		return names
	}
	pages := map[string]bool{}
	for _, name := range names {
		for _, l := range cfg.Project.Locales {
			if page := cfg.PagePath(l, cfg.EditionPath(name)); page != name {
				pages[page] = true
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return pages[name] })
}

// checkSourceRules reports the patterns of [[sources.article]] that no article matches: by
// a slip in one of them, articles would be read in another language than theirs. A project
// without an article is not judged.
func (w *Workspace) checkSourceRules(cfg *config.Config, names []string) {
	if len(names) == 0 {
		return
	}
	for _, r := range cfg.Sources.Articles {
		for _, p := range r.UnusedPatterns(names) {
			w.Diagnostics = append(w.Diagnostics, diag.Diagnostic{
				ID: "project.pattern", Severity: diag.Warning, Place: diag.Place{Path: config.FileName},
				Hint: "correct the pattern, or remove it",
			}.Messagef("sources.article: no article matches \"%s\" (language %s)", diag.Arg("place", p), diag.Arg("locale", r.Locale)))
		}
	}
}

// rejectLink reports whether an article is a symbolic link to a file of the
// project that is no article, such as the configuration with its keys: a link
// must not publish what the patterns do not match. A finding describes it.
func (w *Workspace) rejectLink(cfg *config.Config, name string) bool {
	to, refused := linkOutOf(w.Dir, name, cfg.Project.Articles)
	if !refused {
		return false
	}
	w.Diagnostics = append(w.Diagnostics, diag.Diagnostic{
		ID: "article.link", Severity: diag.Error, Place: diag.Place{Path: name},
		Hint: "copy the file, or add it to project.articles",
	}.Messagef("symbolic link to %s, which project.articles does not match; not read", diag.Arg("to", to)))
	return true
}

// selectLocales returns the project's locales, or those of them that tags name.
func selectLocales(cfg *config.Config, tags []string) ([]string, error) {
	if len(tags) == 0 {
		return cfg.Project.Locales, nil
	}
	var out []string
	for _, l := range tags {
		canonical, err := checks.CanonicalTags("locale", []string{l})
		if err != nil {
			return nil, err
		}
		tag := canonical[0]
		if !slices.Contains(cfg.Project.Locales, tag) {
			return nil, exit.Usagef("%s is not among project.locales in %s%s: use one of %s", tag, config.FileName,
				checks.LocaleHint(l, cfg.Project.Locales), strings.Join(cfg.Project.Locales, ", "))
		}
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out, nil
}

// selectPaths returns those of names that the arguments select: a path or glob in
// the project, or a path from the current folder. An argument that selects
// nothing is an error.
func selectPaths(names, args []string, project string) ([]string, error) {
	var out []string
	for _, arg := range args {
		patterns := []string{path.Clean(filepath.ToSlash(arg))}
		if abs, err := filepath.Abs(arg); err == nil {
			if root, err := filepath.Abs(project); err == nil {
				if rel, err := filepath.Rel(root, abs); err == nil {
					patterns = append(patterns, filepath.ToSlash(rel))
				}
			}
		}
		found := false
		for _, name := range names {
			for _, pattern := range patterns {
				if ok, err := doublestar.Match(pattern, name); name == pattern || (err == nil && ok) {
					out, found = append(out, name), true
					break
				}
			}
		}
		if !found {
			return nil, exit.Usagef("no article %s in %s", arg, project)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
