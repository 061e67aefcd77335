package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// DefaultNamespace is the namespace of i18next whose messages need no prefix.
const DefaultNamespace = "translation"

// ParseFormat reads catalogs of one of message.Formats as Parse does. Those of i18next
// become templates of go-i18n: {{name}} is {{.name}}, the forms key_one and key_other are
// those of the message "key", and a message of a namespace other than "translation" has
// its name before the id: "common:save".
func ParseFormat(format string, files Files, source string) (*Set, []diag.Diagnostic) {
	if format == "" || format == message.GoI18n {
		return Parse(files, source)
	}
	s := &Set{Source: source, Catalogs: map[string]*Catalog{}}
	if c, err := locales.Canonical(source); err == nil {
		s.Source = c
	}
	var ds []diag.Diagnostic
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool { return !IsFileOf(format, name) })
	add := func(name, locale string, f *message.File, found []diag.Diagnostic) {
		for i := range found {
			found[i].Place.Locale = locale
		}
		ds = append(ds, found...)
		broken := len(f.Entries) == 0 && slices.ContainsFunc(found, rule.IsError)
		ds = append(ds, s.add(name, locale, f, bytes.TrimPrefix(files[name], message.BOM), broken)...)
	}
	if format == message.GoI18nV1 {
		for _, name := range names {
			_, locale, err := LocaleOf(format, name)
			if err == nil {
				f, found := message.ParseV1(name, files[name])
				add(name, locale, f, found)
			}
		}
	} else {
		type scanned struct {
			name, locale string
			file         *message.I18nextFile
			ds           []diag.Diagnostic
		}
		var all []scanned
		plurals := map[string]map[string]bool{} // by locale
		for _, name := range names {
			namespace, locale, err := LocaleOf(format, name)
			if err != nil {
				continue
			}
			prefix := ""
			if namespace != DefaultNamespace {
				prefix = namespace + ":"
			}
			f, found := message.ScanI18next(name, files[name], prefix)
			all = append(all, scanned{name, locale, f, found})
			if plurals[locale] == nil {
				plurals[locale] = map[string]bool{}
			}
			f.Plurals(plurals[locale])
		}
		for _, f := range all {
			own := plurals[f.locale]
			maps.Copy(own, plurals[s.Source])
			add(f.name, f.locale, f.file.File(own, locales.PluralCategories(f.locale)), f.ds)
		}
	}
	if len(s.Catalogs) == 0 {
		for _, name := range names {
			_, _, err := LocaleOf(format, name)
			ds = append(ds, rule.Finding("catalog.file-name", diag.Place{Path: name}, "", "%s", diag.Arg("misnamed", err.Error())))
		}
	}
	for i := range ds {
		ds[i].Issue = rule.ByID(ds[i].ID).Issue
	}
	diag.Sort(ds)
	return s, ds
}

// IsFileOf reports whether a path has the ending of the files of a format.
func IsFileOf(format, name string) bool {
	if format == message.I18next {
		return strings.EqualFold(path.Ext(name), ".json")
	}
	return IsMessageFile(name)
}

// LocaleOf returns the canonical locale of a catalog's file by its path, and what goes
// before it in go-i18n ("active"), or the namespace in i18next. Files of i18next are
// LOCALE/NAMESPACE.json or LOCALE.json, those of go-i18n's version 1 LOCALE.all.json or
// LOCALE.json.
func LocaleOf(format, name string) (prefix, locale string, err error) {
	base := path.Base(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch format {
	case message.I18next:
		if tag, err := locales.Canonical(path.Base(path.Dir(name))); err == nil && isLanguage(tag) {
			return stem, tag, nil
		}
		if tag, err := locales.Canonical(stem); err == nil && isLanguage(tag) {
			return DefaultNamespace, tag, nil
		}
		return "", "", fmt.Errorf("%q has no locale: files of i18next are LOCALE/NAMESPACE.json or LOCALE.json", name)
	case message.GoI18nV1:
		first, rest, _ := strings.Cut(stem, ".")
		if tag, err := locales.Canonical(first); err == nil && isLanguage(tag) {
			if rest == "untranslated" {
				return "", "", fmt.Errorf("%q is a list of work to do", name)
			}
			return rest, tag, nil
		}
		return "", "", fmt.Errorf("%q has no locale: files of version 1 are LOCALE.all.json or LOCALE.json", name)
	}
	return FileLocale(name)
}

// isLanguage reports whether a tag is one of a known language: a folder may be named
// "app" or "public".
func isLanguage(tag string) bool { return tag != "und" && locales.EnglishName(tag) != tag }
