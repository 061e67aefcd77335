package files

import (
	"maps"
	"path"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/redirect"
)

// redirection leads from a former file of a page to the address that the page has.
type redirection struct{ file, title, to string }

// surveyFormer keeps the former files of a page. Of two pages that had one file, the first
// one has it.
func (w *localeWriter) surveyFormer(p *site.Page) {
	for _, file := range p.Former {
		key := strings.ToLower(file)
		if file == p.Name() || w.former[key] != (redirection{}) {
			continue
		}
		if w.former == nil {
			w.former = map[string]redirection{}
		}
		w.former[key] = redirection{file, p.Title, w.address(w.locale, p)}
	}
}

// redirects writes what leads from the former addresses of pages to those that they have.
func redirects(s *Site, all []*localeWriter, create Create) error {
	var rules []redirect.Rule
	pages := slices.Contains(s.Redirects, redirect.Pages)
	for _, w := range all {
		for _, key := range slices.Sorted(maps.Keys(w.former)) {
			r := w.former[key]
			if w.isIndex(r.file) {
				continue // what readers look for there is the newest articles now
			}
			rules = append(rules, redirect.Rule{From: edition.Address(s.Base, w.locale, r.file), To: r.to})
			if ext := path.Ext(key); pages && (ext == ".html" || ext == ".htm" || ext == ".xhtml") {
				if err := create.file(w.locale, r.file, redirect.Page(w.locale, locales.Direction(w.locale), r.title, r.to)); err != nil {
					return err
				}
			}
		}
	}
	rules, _ = redirect.Resolve(rules)
	if len(rules) == 0 {
		return nil
	}
	for _, kind := range s.Redirects {
		if name := redirect.Name(kind); name != "" {
			if err := create.file("", name, redirect.File(kind, rules)); err != nil {
				return err
			}
		}
	}
	return nil
}
