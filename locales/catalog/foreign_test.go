package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/message"
)

func TestLocaleOf(t *testing.T) {
	for _, test := range []struct{ format, name, want string }{
		{message.I18next, "en/common.json", "common en"},
		{message.I18next, "public/locales/zh-Hant-TW/it.json", "it zh-Hant-TW"},
		{message.I18next, "pt_BR.json", "translation pt-BR"},
		{message.I18next, "src/translations/de.json", "translation de"},
		{message.I18next, "package.json", "error"},
		{message.I18next, "src/config/app.settings.json", "error"},
		{message.GoI18nV1, "en-us.all.json", "all en-US"},
		{message.GoI18nV1, "x/fr.json", " fr"},
		{message.GoI18nV1, "fr.untranslated.json", "error"},
		{message.GoI18nV1, "translations.json", "error"},
		{message.GoI18n, "active.ru.toml", "active ru"},
	} {
		prefix, locale, err := LocaleOf(test.format, test.name)
		got := prefix + " " + locale
		if err != nil {
			got = "error"
		}
		if got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.format, test.name, got, test.want)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, test := range []struct {
		format string
		files  map[string]string
		want   string
	}{
		{message.I18next, map[string]string{
			"en/translation.json": `{"n_one": "{{count}} x", "n_other": "{{count}} xs"}`, "en/a.json": `{"b": "B"}`,
			"ru/translation.json": `{"n_one": "1", "n_few": "2", "n_many": "5"}`, "package.json": "{}",
		}, "en:a:b,n ru:n"},
		{message.GoI18nV1, map[string]string{
			"en.all.json": `[{"id": "a", "translation": "A", "modified": true}, {"id": "n", "translation": {"one": "1", "other": "2"}}]`, "de.yaml": "- id: a\n  translation: A\n",
		}, "de:a en:a,n"},
		{message.I18next, map[string]string{"readme.json": "{}"}, " !catalog.file-name"},
		{message.I18next, map[string]string{"en.json": "{", "ru.json": "{}"}, "en: ru: !catalog.syntax"},
	} {
		files := Files{}
		for name, data := range test.files {
			files[name] = []byte(data)
		}
		set, ds := ParseFormat(test.format, files, "en")
		var parts []string
		for _, locale := range slices.Sorted(maps.Keys(set.Catalogs)) {
			parts = append(parts, locale+":"+strings.Join(slices.Sorted(slices.Values(set.Catalogs[locale].IDs)), ","))
		}
		got := strings.Join(parts, " ")
		for _, d := range ds {
			got += " !" + d.ID
		}
		if got != test.want {
			t.Errorf("%s %v\ngot  %s\nwant %s", test.format, fmt.Sprint(test.files), got, test.want)
		}
	}
}
