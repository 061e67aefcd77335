package config

import (
	"fmt"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// outputFields are what a pattern of output may have in braces.
var outputFields = []string{"locale", "path", "name", "ext"}

// validateOutput reports what is wrong with project.output.
func validateOutput(output string) error {
	if err := inside(output); err != nil || !strings.Contains(output, "{") {
		return err
	}
	rest := output
	for _, f := range outputFields {
		rest = strings.ReplaceAll(rest, "{"+f+"}", "")
	}
	switch {
	case strings.ContainsAny(rest, "{}"):
		return fmt.Errorf("%q: a pattern may have {locale}, {path}, {name} and {ext}", output)
	case !strings.Contains(output, "{locale}") || !strings.Contains(output, "{path}") && !strings.Contains(output, "{name}"):
		return fmt.Errorf("%q: a pattern must have {locale}, and {path} or {name}", output)
	}
	return nil
}

// HasOutputPattern reports whether project.output is a pattern for pages, not a folder.
func (c *Config) HasOutputPattern() bool { return strings.Contains(c.Project.Output, "{") }

// OutputFolder returns the folder that PagePath and ManifestPath are below: the
// project's, if project.output is a pattern.
func (c *Config) OutputFolder() string {
	if c.HasOutputPattern() {
		return "."
	}
	return c.Project.Output
}

// PagePath returns where the page of an edition goes below OutputFolder: the locale's
// folder and the edition's path, or by the pattern in project.output. There {path} is
// the edition's path without its extension, {name} the last part of it, and {ext} the
// extension without its dot. A source locale behind the name, as in "story.en.md", is
// left out.
func (c *Config) PagePath(locale, edition string) string {
	if !c.HasOutputPattern() {
		return path.Join(locale, edition)
	}
	ext := path.Ext(edition)
	bare := strings.TrimSuffix(strings.TrimSuffix(edition, ext), "."+c.Project.Source)
	return path.Clean(strings.NewReplacer("{locale}", locale, "{path}", bare, "{name}", path.Base(bare), "{ext}", strings.TrimPrefix(ext, ".")).Replace(c.Project.Output))
}

// ManifestPath returns where the manifest of a locale goes below OutputFolder. A site's
// own folders get no file that is not a page.
func (c *Config) ManifestPath(locale string) string {
	if c.HasOutputPattern() {
		return path.Join("editions", locale, "manifest.json")
	}
	return path.Join(locale, "manifest.json")
}

// EditionPath is where the edition of an article goes below a locale's folder:
// the article's path without the part of its glob pattern that has no wildcard.
func (c *Config) EditionPath(article string) string {
	for _, pattern := range c.Project.Articles {
		if ok, err := doublestar.Match(pattern, article); err == nil && ok {
			base, _ := doublestar.SplitPattern(pattern)
			if base == "." {
				return article
			}
			return strings.TrimPrefix(strings.TrimPrefix(article, base), "/")
		}
	}
	return article
}
