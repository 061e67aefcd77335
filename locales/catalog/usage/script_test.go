package usage

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"hexapla/locales/catalog"
	"hexapla/locales/message"
)

// TestScripts checks what is known of the ids in JavaScript and its kin.
func TestScripts(t *testing.T) {
	for _, tt := range []struct{ name, file, code, used, dynamic string }{
		{"i18next", "a.tsx", `const { t } = useTranslation();
			return <p title={t('page.title')}>{t("page.text", { count: 2 })} don't {i18n.t(` + "`page.end`" + `)}</p>;`, "page.end page.text page.title", ""},
		{"vue-i18n", "a.vue", `<template><p :title="$t('a.b')">{{ $t("c.d") }}</p></template>`, "a.b c.d", ""},
		{"svelte-i18n", "a.svelte", `<h1>{$t('a.b')}</h1>`, "a.b", ""},
		{"attributes", "a.jsx", `<Trans i18nKey="a.b"/> <Trans i18nKey={'c.d'}/> <FormattedMessage id="e.f"/> <p data-i18n="g.h"></p>`, "a.b c.d e.f g.h", ""},
		{"FormatJS", "a.js", `intl.formatMessage({ id: 'a.b', defaultMessage: 'x' })`, "a.b", ""},
		{"other functions", "a.ts", `it('does'); list.at('x'); format('y'); obj.t2('z'); const s = start('q')`, "", ""},
		{"parts", "a.ts", "t(`menu.${name}.title`); t('errors.' + code); t(key)", "", "menu.|.title menu.|.title errors.| |"},
		{"a table of parts", "a.ts", "const id = `menu.${x ? 'a' : 'b'}`; const css = `a${b}`", "", "menu.|"},
		{"comments that name ids", "a.go", "package a\n// hexapla:uses errors.* page.title\n", "page.title", "errors.|"},
		{"comments that name ids in a template", "a.html", "{{/* hexapla:uses menu.*.title */}}", "", "menu.|.title"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, ds := Scan(catalog.Files{tt.file: []byte(tt.code)}, Options{})
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			used := slices.Sorted(maps.Keys(u.Script))
			used = append(used, slices.Sorted(maps.Keys(u.Used))...)
			var dynamic []string
			for _, d := range u.Dynamic {
				dynamic = append(dynamic, d.Prefix+"|"+d.Suffix)
			}
			if got := strings.Join(used, " "); got != tt.used {
				t.Errorf("used %q, want %q", got, tt.used)
			}
			if got := strings.Join(dynamic, " "); got != tt.dynamic {
				t.Errorf("dynamic %q, want %q", got, tt.dynamic)
			}
		})
	}
}

// TestScriptCheck checks which messages of a catalog count as unused beside scripts,
// and which ids as undefined.
func TestScriptCheck(t *testing.T) {
	for _, tt := range []struct{ name, code, ids, want string }{
		{"used by a call", `t('a')`, "a b", "unused:b"},
		{"used by a table", `const tabs = [{ label: 'b' }]; t('a'); t(tab.label)`, "a b c", "unused:c"},
		{"plural forms of i18next", `t('files', { count })`, "files_one files_other", ""},
		{"not in the catalog", `t('a'); t('b'); t('c')`, "a b", "undefined:c"},
		{"with a text for where it is not there", `t('a'); t('b'); t('c', 'Text')`, "a b", ""},
		{"with an option", `t('a'); t('b'); t('c', { n: 1 })`, "a b", "undefined:c"},
		{"a table of names with a prefix", "t('a'); texts[`js_${key}`]", "a js_done done", "unused:done"},
		{"a catalog of its own", `t('x'); t('y'); t('a')`, "a b", "unused:b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := &catalog.Catalog{Locale: "en", Messages: map[string]*catalog.Message{}}
			for id := range strings.FieldsSeq(tt.ids) {
				src.IDs = append(src.IDs, id)
				src.Messages[id] = &catalog.Message{Entry: message.Entry{Message: i18n.Message{ID: id, Other: "Text"}}}
			}
			u, _ := Scan(catalog.Files{"a.ts": []byte(tt.code)}, Options{})
			var got []string
			for _, d := range Check(&catalog.Set{Source: "en", Catalogs: map[string]*catalog.Catalog{"en": src}}, u) {
				got = append(got, strings.TrimPrefix(d.ID, "catalog.")+":"+d.Place.Unit)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}
