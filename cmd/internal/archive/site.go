package archive

import (
	"encoding/xml"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"

	"hexapla/cmd/internal/generator"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/lazy"
)

// Site is what Recognize found in a folder: what made it, the locales, the patterns of
// articles and editions, and files for the memory, the glossary and the catalogs.
// Source and Locales are canonical. Files has what else is there, for people.
type Site struct {
	Name       string
	Source     string
	Locales    []string
	Articles   []string
	Output     string
	Memory     []string
	Glossaries []string
	Catalogs   string
	Files      []string
}

// Recognize returns what a folder is: a Hugo, Jekyll, Docusaurus, Astro or Eleventy
// site, an OmegaT project, a po4a configuration, or a folder of message catalogs. The
// locales are those that the configuration or the files name, without those given as
// source. ok is false for a folder that is none of them.
func Recognize(dir *rootfs.Dir, source string) (s Site, ok bool, err error) {
	r := &recognizer{dir: dir, source: source}
	for _, recognize := range []func() (Site, bool){r.hugo, r.docusaurus, r.astro, r.jekyll, r.omegat, r.po4a, r.eleventy, r.catalogs} {
		if s, ok = recognize(); ok || r.err != nil {
			break
		}
	}
	if !ok || r.err != nil {
		return Site{}, false, r.err
	}
	var tags []string
	for _, l := range s.Locales {
		if tag, ok := localeTag(l); ok && tag != s.Source && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	s.Locales = tags
	if s.Catalogs == "" {
		for _, folder := range []string{"locales", "i18n"} {
			if len(r.glob(folder+"/active.*.{toml,yaml,json}")) > 0 {
				s.Catalogs = folder
			}
		}
	}
	for _, pattern := range []string{"glossary/*.{csv,tsv,tbx}", "glossaries/*.{csv,tsv,tbx}"} {
		if len(r.glob(pattern)) > 0 && !slices.Contains(s.Glossaries, pattern) {
			s.Glossaries = append(s.Glossaries, pattern)
		}
	}
	for _, pattern := range []string{"memory/*.tmx", "tm/*.tmx"} {
		if len(r.glob(pattern)) > 0 && !slices.Contains(s.Memory, pattern) {
			s.Memory = append(s.Memory, pattern)
		}
	}
	return s, true, r.err
}

// localeTag returns the canonical tag of a name that sites give to folders and files.
func localeTag(name string) (string, bool) {
	if len(name) < 2 || len(name) > 20 {
		return "", false
	}
	tag, err := locales.Canonical(strings.ReplaceAll(name, "_", "-"))
	return tag, err == nil && locales.EnglishName(tag) != tag && locales.EnglishName(tag) != ""
}

// recognizer reads a folder. The first error stays in err.
type recognizer struct {
	dir    *rootfs.Dir
	source string
	err    error
}

func (r *recognizer) glob(patterns ...string) []string {
	names, err := r.dir.Glob(patterns)
	if err != nil && r.err == nil {
		r.err = err
	}
	return names
}

// read returns the first file of names that exists.
func (r *recognizer) read(names ...string) (string, []byte) {
	for _, name := range names {
		if !r.dir.Exists(name) {
			continue
		}
		data, err := r.dir.ReadPrefix(name, generator.MaxConfig)
		if err != nil && r.err == nil {
			r.err = err
		}
		return name, data
	}
	return "", nil
}

// folders returns the locales that folders below a path are named for.
func (r *recognizer) folders(below string) (out []string) {
	for _, name := range r.glob(path.Join(escapeGlob(below), "*/**/*.{md,html,markdown,mdx,po,toml,yaml,yml,json}")) {
		folder, _, _ := strings.Cut(strings.TrimPrefix(name, below+"/"), "/")
		if _, ok := localeTag(folder); ok && !slices.Contains(out, folder) {
			out = append(out, folder)
		}
	}
	return out
}

// endings returns the locales that file names end with before their extension.
func (r *recognizer) endings(pattern string) (out []string) {
	for _, name := range r.glob(pattern) {
		bare := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if i := strings.LastIndexByte(bare, '.'); i > 0 {
			if _, ok := localeTag(bare[i+1:]); ok && !slices.Contains(out, bare[i+1:]) {
				out = append(out, bare[i+1:])
			}
		}
	}
	return out
}

// Values parses a configuration in TOML, YAML or JSON by its extension. Its keys are in
// small letters.
func Values(name string, data []byte) (map[string]any, error) {
	out := map[string]any{}
	var err error
	if path.Ext(name) == ".toml" {
		err = toml.Unmarshal(data, &out)
	} else {
		err = yaml.Unmarshal(data, &out) // JSON is YAML
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// Hugo's keys are the same in any case.
	lower := make(map[string]any, len(out))
	for k, v := range out {
		lower[strings.ToLower(k)] = v
	}
	return lower, nil
}

func (r *recognizer) values(names ...string) (map[string]any, string) {
	name, data := r.read(names...)
	if name == "" {
		return nil, ""
	}
	v, err := Values(name, data)
	if err != nil && r.err == nil {
		r.err = err
	}
	return v, name
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// hugo recognizes a Hugo site, multilingual by folder or by file name
// (https://gohugo.io/content-management/multilingual/).
func (r *recognizer) hugo() (Site, bool) {
	files := generator.HugoFiles
	if r.dir.Exists("archetypes") || r.dir.Exists("layouts") || r.dir.Exists("themes") || len(r.glob("content/**/*.md")) > 0 {
		files = slices.Concat(files, generator.FormerHugoFiles)
	}
	v, name := r.values(files...)
	if name == "" {
		return Site{}, false
	}
	s := Site{Name: "Hugo", Source: r.source}
	if len(r.glob("i18n/*.{toml,yaml,json}")) > 0 {
		s.Catalogs = "i18n" // go-i18n catalogs, as Hugo reads them
	}
	if l, ok := localeTag(text(v["defaultcontentlanguage"])); ok {
		s.Source = l
	}
	content := strings.Trim(path.Clean("/"+text(v["contentdir"])), "/")
	if content == "" {
		content = "content"
	}
	languages, _ := v["languages"].(map[string]any)
	if languages == nil {
		languages, _ = r.values("config/_default/languages.toml", "config/_default/languages.yaml")
	}
	folder, sourceFolder := "", ""
	for l, settings := range languages {
		s.Locales = append(s.Locales, l)
		m, _ := settings.(map[string]any)
		for k, v := range m {
			if !strings.EqualFold(k, "contentDir") {
				continue
			}
			tag, _ := localeTag(l)
			dir := strings.Trim(path.Clean("/"+text(v)), "/")
			if tag == s.Source {
				sourceFolder = dir
			}
			if strings.HasSuffix(dir, "/"+l) {
				folder = strings.TrimSuffix(dir, "/"+l)
			}
		}
	}
	if found := r.folders(content); sourceFolder == "" && folder == "" && slices.Contains(found, s.Source) {
		folder, s.Locales = content, append(s.Locales, found...)
	}
	if folder != "" || sourceFolder != "" {
		if sourceFolder == "" {
			sourceFolder = path.Join(folder, s.Source)
		}
		if folder == "" {
			folder = content
		}
		s.Articles, s.Output = []string{sourceFolder + "/**/*.{md,html}"}, folder+"/{locale}/{path}.{ext}"
		return s, true
	}
	s.Locales = append(s.Locales, r.endings(content+"/**/*.*.{md,html}")...)
	s.Articles, s.Output = []string{content + "/**/*.{md,html}"}, content+"/{path}.{locale}.{ext}"
	return s, true
}

var (
	scriptDefault = lazy.Regexp(`defaultLocale\s*:\s*["'\x60]([A-Za-z0-9-]+)`)
	scriptLocales = lazy.Regexp(`(?s)\blocales\s*:\s*[\[{](.{0,1000}?)[\]}]`)
	scriptString  = lazy.Regexp(`["'\x60]?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)["'\x60]?`)
)

// script reads the locales of a configuration in JavaScript, as far as they are
// written out in it.
func (r *recognizer) script(s *Site, data []byte) {
	if m := scriptDefault().FindSubmatch(data); m != nil {
		if tag, ok := localeTag(string(m[1])); ok {
			s.Source = tag
		}
	}
	if m := scriptLocales().FindSubmatch(data); m != nil {
		for _, l := range scriptString().FindAllSubmatch(m[1], 100) {
			s.Locales = append(s.Locales, string(l[1]))
		}
	}
}

// docusaurus recognizes a Docusaurus site (https://docusaurus.io/docs/i18n/introduction).
func (r *recognizer) docusaurus() (Site, bool) {
	name, data := r.read(generator.DocusaurusFiles...)
	if name == "" {
		return Site{}, false
	}
	s := Site{Name: "Docusaurus", Source: r.source}
	r.script(&s, data)
	s.Locales = append(s.Locales, r.folders("i18n")...)
	s.Articles, s.Output = []string{"docs/**/*.{md,mdx}"}, "i18n/{locale}/docusaurus-plugin-content-docs/current/{path}.{ext}"
	return s, true
}

// astro recognizes an Astro site (https://docs.astro.build/en/guides/internationalization/).
func (r *recognizer) astro() (Site, bool) {
	name, data := r.read(generator.AstroFiles...)
	if name == "" {
		return Site{}, false
	}
	s := Site{Name: "Astro", Source: r.source}
	r.script(&s, data)
	for _, base := range []string{"src/content/docs", "src/content/blog", "src/content", "src/pages"} {
		found := r.folders(base)
		if len(found) == 0 && len(r.glob(base+"/**/*.{md,mdx}")) == 0 {
			continue
		}
		s.Locales = append(s.Locales, found...)
		s.Articles = []string{base + "/**/*.{md,mdx}"}
		if slices.Contains(found, s.Source) {
			s.Articles = []string{path.Join(base, s.Source) + "/**/*.{md,mdx}"}
		}
		s.Output = base + "/{locale}/{path}.{ext}"
		break
	}
	return s, len(s.Articles) > 0
}

// jekyll recognizes a Jekyll site with the folders of jekyll-multiple-languages-plugin
// (_i18n), or with a folder for each language.
func (r *recognizer) jekyll() (Site, bool) {
	v, name := r.values(generator.JekyllFiles...)
	if name == "" {
		return Site{}, false
	}
	s := Site{Name: "Jekyll", Source: r.source}
	for _, key := range []string{"default_lang", "default_locale", "lang"} {
		if tag, ok := localeTag(text(v[key])); ok {
			s.Source = tag
			break
		}
	}
	list, _ := v["languages"].([]any)
	for _, l := range list {
		s.Locales = append(s.Locales, text(l))
	}
	if found := r.folders("_i18n"); len(found) > 0 {
		s.Locales = append(s.Locales, found...)
		s.Articles, s.Output = []string{"_i18n/" + s.Source + "/**/*.{md,html}"}, "_i18n/{locale}/{path}.{ext}"
		return s, true
	}
	s.Locales = append(s.Locales, r.folders(".")...)
	s.Articles, s.Output = []string{"_posts/**/*.{md,markdown,html}"}, "{locale}/_posts/{path}.{ext}"
	return s, true
}

// eleventy recognizes an Eleventy site with a folder for each language
// (https://www.11ty.dev/docs/plugins/i18n/).
func (r *recognizer) eleventy() (Site, bool) {
	name, data := r.read(generator.EleventyFiles...)
	if name == "" {
		return Site{}, false
	}
	s := Site{Name: "Eleventy", Source: r.source}
	if m := regexp.MustCompile(`defaultLanguage\s*:\s*["'\x60]([A-Za-z0-9-]+)`).FindSubmatch(data); m != nil {
		if tag, ok := localeTag(string(m[1])); ok {
			s.Source = tag
		}
	}
	for _, base := range []string{"src", "content", ""} {
		found := r.folders(path.Clean("./" + base))
		if !slices.Contains(found, s.Source) {
			continue
		}
		s.Locales = found
		s.Articles, s.Output = []string{path.Join(base, s.Source) + "/**/*.{md,html}"}, path.Join(base, "{locale}/{path}.{ext}")
		return s, true
	}
	return Site{}, false
}

// omegat recognizes an OmegaT project.
func (r *recognizer) omegat() (Site, bool) {
	name, data := r.read("omegat.project")
	if name == "" {
		return Site{}, false
	}
	var p struct {
		Source string `xml:"project>source_lang"`
		Target string `xml:"project>target_lang"`
		Folder string `xml:"project>source_dir"`
		Memory string `xml:"project>tm_dir"`
		Terms  string `xml:"project>glossary_dir"`
	}
	if err := xml.Unmarshal(data, &p); err != nil {
		r.err = fmt.Errorf("%s: %w", name, err)
		return Site{}, false
	}
	s := Site{Name: "OmegaT", Source: r.source, Locales: []string{p.Target}}
	if tag, ok := localeTag(p.Source); ok {
		s.Source = tag
	}
	folder := func(value, other string) string {
		if value == "" || value == "__DEFAULT__" || path.IsAbs(value) || strings.Contains(value, "..") {
			return other
		}
		return strings.Trim(value, "/")
	}
	s.Articles = []string{folder(p.Folder, "source") + "/**/*.{html,htm,xhtml,md,txt}"}
	s.Output = "target/{path}.{locale}.{ext}"
	if r.dir.Exists("omegat/project_save.tmx") {
		s.Memory = append(s.Memory, "omegat/project_save.tmx")
	}
	if m := folder(p.Memory, "tm"); len(r.glob(m+"/**/*.tmx")) > 0 {
		s.Memory = append(s.Memory, m+"/**/*.tmx")
	}
	if g := folder(p.Terms, "glossary"); len(r.glob(g+"/*.{csv,tsv,tbx}")) > 0 {
		s.Glossaries = append(s.Glossaries, g+"/*.{csv,tsv,tbx}")
	}
	return s, true
}

var (
	po4aLanguages = lazy.Regexp(`(?m)^\[(?:po4a_langs|po_directory)\]\s*(.*)$`)
	po4aDocument  = lazy.Regexp(`(?m)^\[type:\s*\w+\]\s*(\S+)\s+\$lang:(\S+)`)
)

// po4a recognizes a po4a configuration (po4a(1), CONFIGURATION FILE).
func (r *recognizer) po4a() (Site, bool) {
	name, data := r.read("po4a.cfg", "po4a.conf", "po/po4a.cfg", "po4a/po4a.cfg", "doc/po4a.cfg")
	if name == "" {
		return Site{}, false
	}
	s := Site{Name: "po4a", Source: r.source}
	var patterns, names []string
	for _, m := range po4aLanguages().FindAllSubmatch(data, 20) {
		for _, l := range strings.Fields(string(m[1])) {
			if _, ok := localeTag(l); ok {
				s.Locales = append(s.Locales, l)
			}
		}
	}
	for _, m := range po4aDocument().FindAllSubmatch(data, 1000) {
		document := path.Clean(string(m[1]))
		if path.IsAbs(document) || strings.HasPrefix(document, "..") {
			continue
		}
		s.Articles = append(s.Articles, document)
		// One {name} stands for one document.
		if p, ok := po4aPattern(document, string(m[2])); !ok {
			patterns = append(patterns, "", "")
		} else if !slices.Contains(patterns, p) {
			patterns = append(patterns, p)
		}
		names = append(names, path.Base(document))
	}
	if slices.Sort(names); len(slices.Compact(names)) < len(s.Articles) {
		patterns = nil
	}
	s.Files = r.glob("po/**/*.po", "po4a/**/*.po")
	for _, f := range s.Files {
		s.Locales = append(s.Locales, poLocale(f))
	}
	s.Output = "editions"
	if len(patterns) == 1 {
		s.Output = patterns[0]
	}
	return s, len(s.Articles) > 0
}

// po4aPattern returns the pattern of output by which a document has its translation;
// ok is false if there is none.
func po4aPattern(document, translation string) (pattern string, ok bool) {
	ext := path.Ext(document)
	bare := strings.TrimSuffix(path.Base(document), ext)
	dir, base := path.Split(strings.ReplaceAll(path.Clean(translation), "$lang", "\x00"))
	if ext == "" || path.IsAbs(dir) || strings.HasPrefix(dir, "..") || !strings.HasSuffix(base, ext) || strings.Count(base, bare) != 1 || strings.ContainsAny(translation, "{}\x00") {
		return "", false
	}
	base = strings.Replace(strings.TrimSuffix(base, ext), bare, "{name}", 1) + ".{ext}"
	pattern = strings.ReplaceAll(dir+base, "\x00", "{locale}")
	return pattern, strings.Contains(pattern, "{locale}") && !strings.Contains(pattern, "$")
}

// poLocale returns the name of the locale that a PO file is named for, as gettext has
// them: po/ru.po or ru/LC_MESSAGES/app.po.
func poLocale(name string) string {
	if dir := path.Dir(name); path.Base(dir) == "LC_MESSAGES" {
		return path.Base(path.Dir(dir))
	}
	return strings.TrimSuffix(path.Base(name), ".po")
}

// CatalogLocale returns the canonical locale that a PO file is named for, empty if
// there is none.
func CatalogLocale(name string) string {
	tag, _ := localeTag(poLocale(name))
	return tag
}

// catalogs recognizes a folder of go-i18n or gettext catalogs.
func (r *recognizer) catalogs() (Site, bool) {
	s := Site{Name: "message catalogs", Source: r.source, Output: "editions", Articles: []string{"articles/**/*.{html,md,txt}"}}
	for _, folder := range []string{"locales", "i18n", "translations", "."} {
		if found := r.endings(path.Join(folder, "active.*.{toml,yaml,yml,json}")); len(found) > 0 {
			s.Locales, s.Catalogs = found, folder
			return s, true
		}
	}
	for _, pattern := range []string{"po/*.po", "locale/*/LC_MESSAGES/*.po", "locales/*/LC_MESSAGES/*.po", "*.po"} {
		for _, name := range r.glob(pattern) {
			s.Files = append(s.Files, name)
			s.Locales = append(s.Locales, poLocale(name))
		}
		if len(s.Files) > 0 {
			s.Name = "gettext catalogs"
			return s, true
		}
	}
	return Site{}, false
}
