// Package archive brings what a newsroom already has into a project: pages and their
// translations into the memory, and the layout of a site into a configuration.
package archive

import (
	"bufio"
	"bytes"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/config"
	"hexapla/pipeline/format"
	"hexapla/pipeline/lazy"
)

// Pages is a page and its translation into a locale, as slash-separated paths in the
// project, or as paths of the user.
type Pages struct {
	Source, Target string
	Locale         string
}

// Layout is a way in which sites store their translations: the patterns of a page and
// of its translation. {path} is any path, without the ending of the pattern, {source}
// the source locale and {locale} the locale of the translation.
type Layout struct{ Name, Source, Target string }

// Layouts returns the layouts that Detect knows.
func Layouts() []Layout {
	return []Layout{
		{"Hugo, by folder", "content/{source}/{path}", "content/{locale}/{path}"},
		{"Hugo, by file name", "content/{path}.md", "content/{path}.{locale}.md"},
		{"Hugo, by file name", "content/{path}.{source}.md", "content/{path}.{locale}.md"},
		{"Jekyll", "_i18n/{source}/{path}", "_i18n/{locale}/{path}"},
		{"Docusaurus", "docs/{path}", "i18n/{locale}/docusaurus-plugin-content-docs/current/{path}"},
		{"Docusaurus", "blog/{path}", "i18n/{locale}/docusaurus-plugin-content-blog/{path}"},
		{"Astro", "src/content/docs/{path}", "src/content/docs/{locale}/{path}"},
		{"folders", "{source}/{path}", "{locale}/{path}"},
		{"editions", "{path}", "{locale}/{path}"},
	}
}

// ByPattern returns the pages of a folder whose translations exist. The target pattern
// must have {path}; without {locale} there must be one locale.
func ByPattern(dir *rootfs.Dir, source, target, sourceLocale string, targets []string) ([]Pages, error) {
	for _, p := range []string{source, target} {
		if strings.Count(p, "{path}") != 1 {
			return nil, exit.Usagef("pattern %q: must contain {path} once", p)
		}
	}
	if !strings.Contains(target, "{locale}") && len(targets) != 1 {
		return nil, exit.Usagef("pattern %q has no {locale}: give the locale of the translations with --locale", target)
	}
	source = strings.ReplaceAll(source, "{source}", sourceLocale)
	before, after, _ := strings.Cut(source, "{path}")
	names, err := dir.Glob([]string{escapeGlob(before) + "**/*" + escapeGlob(after)})
	if err != nil {
		return nil, err
	}
	var out []Pages
	for _, l := range targets {
		pattern := strings.ReplaceAll(strings.ReplaceAll(target, "{locale}", l), "{source}", sourceLocale)
		for _, name := range names {
			middle, ok := strings.CutPrefix(name, before)
			if !ok {
				continue
			}
			if middle, ok = strings.CutSuffix(middle, after); !ok || middle == "" || format.NameFor(name) == "" {
				continue
			}
			translation := strings.ReplaceAll(pattern, "{path}", middle)
			if translation != name && dir.Exists(translation) {
				out = append(out, Pages{name, translation, l})
			}
		}
	}
	return out, nil
}

var globSpecial = lazy.Regexp(`[*?\[\]{}\\]`)

func escapeGlob(s string) string { return globSpecial().ReplaceAllString(s, `\$0`) }

// Detect returns the pages of the first layout that has any.
func Detect(dir *rootfs.Dir, sourceLocale string, targets []string) ([]Pages, Layout, error) {
	for _, l := range Layouts() {
		pages, err := ByPattern(dir, l.Source, l.Target, sourceLocale, targets)
		if err != nil || len(pages) > 0 {
			return pages, l, err
		}
	}
	return nil, Layout{}, nil
}

// ByOutput returns the project's articles whose pages exist where the pattern of
// project.output has them.
func ByOutput(dir *rootfs.Dir, c *config.Config, targets []string) ([]Pages, error) {
	names, err := dir.Glob(c.Project.Articles)
	if err != nil {
		return nil, err
	}
	isPage := map[string]bool{}
	for _, name := range names {
		for _, l := range c.Project.Locales {
			if page := c.PagePath(l, c.EditionPath(name)); page != name {
				isPage[page] = true
			}
		}
	}
	var out []Pages
	for _, l := range targets {
		for _, name := range names {
			if page := c.PagePath(l, c.EditionPath(name)); !isPage[name] && page != name && dir.Exists(page) {
				out = append(out, Pages{name, page, l})
			}
		}
	}
	return out, nil
}

// ReadList reads a list of pages: a line for each pair, with the source, the target
// and, if targets has more than one locale, the locale, separated by tabs. Lines that
// begin with # and empty lines are ignored.
func ReadList(name string, data []byte, targets []string) ([]Pages, error) {
	var out []Pages
	in := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; in.Scan(); n++ {
		line := strings.TrimRight(in.Text(), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		p := Pages{}
		switch {
		case len(f) == 3:
			l, err := locales.Canonical(f[2])
			if err != nil {
				return nil, exit.Usagef("%s:%d: %w", name, n, err)
			}
			p = Pages{f[0], f[1], l}
		case len(f) == 2 && len(targets) == 1:
			p = Pages{f[0], f[1], targets[0]}
		default:
			return nil, exit.Usagef("%s:%d: a line must have the source, the target and the locale, with tabs between them", name, n)
		}
		out = append(out, p)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

var (
	linkElement  = lazy.Regexp(`(?i)<link\b[^>]*>`)
	hreflangAttr = lazy.Regexp(`(?i)\bhreflang\s*=\s*["']?([A-Za-z0-9-]+)`)
	hrefAttr     = lazy.Regexp(`(?i)\bhref\s*=\s*["']?([^"'\s>]+)`)
	keyField     = lazy.Regexp(`(?m)^(?:translationKey|translation_key|ref|page_id|lang-ref)\s*[:=]\s*["']?([^"'\r\n]+)`)
	langField    = lazy.Regexp(`(?m)^(?:lang|language|locale)\s*[:=]\s*["']?([A-Za-z0-9-]+)`)
)

// headSize is how much of a page is read for its links and keys.
const headSize = 64 << 10

// ByLinks returns the pages that name each other: HTML pages by link elements with
// hreflang, Markdown pages by the translation key of their front matter (translationKey of
// Hugo, ref or page_id of Jekyll) and their language.
func ByLinks(dir *rootfs.Dir, globs []string, sourceLocale string, targets []string) ([]Pages, error) {
	names, err := dir.Glob(globs)
	if err != nil {
		return nil, err
	}
	byKey := map[[2]string]string{} // key and locale
	locale := func(tag string) string {
		if c, err := locales.Canonical(tag); err == nil {
			return c
		}
		return ""
	}
	type link struct{ from, locale, to string }
	var links []link
	for _, name := range names {
		data, err := dir.ReadPrefix(name, headSize)
		if err != nil {
			return nil, err
		}
		for _, element := range linkElement().FindAll(data, 200) {
			l, to := hreflangAttr().FindSubmatch(element), hrefAttr().FindSubmatch(element)
			if l != nil && to != nil {
				links = append(links, link{name, locale(string(l[1])), string(to[1])})
			}
		}
		if key := keyField().FindSubmatch(data); key != nil && (bytes.HasPrefix(data, []byte("---")) || bytes.HasPrefix(data, []byte("+++"))) {
			l := sourceLocale
			if m := langField().FindSubmatch(data); m != nil {
				l = locale(string(m[1]))
			} else {
				l = localeOfPath(name, append([]string{sourceLocale}, targets...), sourceLocale)
			}
			byKey[[2]string{strings.TrimSpace(string(key[1])), l}] = name
		}
	}
	var out []Pages
	// A page that names itself in the source locale, or nothing, is a source page.
	isOther := map[string]bool{}
	for _, l := range links {
		if slices.Contains(targets, l.locale) && resolve(names, l.from, l.to) == l.from {
			isOther[l.from] = true
		}
	}
	for _, l := range links {
		to := resolve(names, l.from, l.to)
		if to != "" && to != l.from && !isOther[l.from] && slices.Contains(targets, l.locale) {
			out = append(out, Pages{l.from, to, l.locale})
		}
	}
	for k, name := range byKey {
		if k[1] != sourceLocale {
			continue
		}
		for _, l := range targets {
			if to := byKey[[2]string{k[0], l}]; to != "" {
				out = append(out, Pages{name, to, l})
			}
		}
	}
	slices.SortFunc(out, func(a, b Pages) int { return strings.Compare(a.Locale+"\x00"+a.Source, b.Locale+"\x00"+b.Source) })
	return slices.Compact(out), nil
}

// localeOfPath returns the locale that a folder or the last part of a path's name is
// named for, or other.
func localeOfPath(name string, known []string, other string) string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '.' })
	for _, p := range slices.Backward(parts) {
		for _, l := range known {
			if strings.EqualFold(p, l) {
				return l
			}
		}
	}
	return other
}

// resolve returns the file of names that an address in a page is of: a relative path,
// or the longest path that an absolute address ends with. It is empty if there is none.
func resolve(names []string, from, to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return ""
	}
	has := func(p string) string {
		for _, candidate := range []string{p, p + "/index.html", p + ".html"} {
			candidate = strings.TrimPrefix(path.Clean(candidate), "/")
			if _, ok := slices.BinarySearch(names, candidate); ok {
				return candidate
			}
		}
		return ""
	}
	if !u.IsAbs() && !strings.HasPrefix(u.Path, "/") {
		return has(path.Join(path.Dir(from), u.Path))
	}
	for p := strings.Trim(u.Path, "/"); p != ""; {
		// Sites are often built from a folder: its name is not in the address.
		if found := has(p); found != "" {
			return found
		}
		for base := path.Dir(from); base != "." && base != "/"; base = path.Dir(base) {
			if found := has(path.Join(base, p)); found != "" {
				return found
			}
		}
		_, rest, ok := strings.Cut(p, "/")
		if !ok {
			break
		}
		p = rest
	}
	return ""
}
