package catalog

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestGroups(t *testing.T) {
	for _, tt := range []struct{ name, files, want string }{
		{"one", "active.en.toml active.ru.toml", "active.en.toml active.ru.toml"},
		{"one, and folders of locales", "l/active.en.toml l/ru/active.ru.toml x/y.json", "l/active.en.toml l/ru/active.ru.toml x/y.json"},
		{"two programs", "a/en.json a/ru.json b/en.json b/de.json b/translate.de.json", "a/en.json a/ru.json | b/de.json b/en.json b/translate.de.json"},
		{"folders of locales in each", "a/en/x.en.yaml a/ru/x.ru.yaml b/en/x.en.yaml b/ru/x.ru.yaml", "a/en/x.en.yaml a/ru/x.ru.yaml | b/en/x.en.yaml b/ru/x.ru.yaml"},
		{"one in the other", "en.json ru.json sub/en.json sub/ru.json", "en.json ru.json | sub/en.json sub/ru.json"},
		{"two files of one program", "l/active.en.toml l/errors.en.toml l/active.ru.toml", "l/active.en.toml l/active.ru.toml l/errors.en.toml"},
	} {
		files := Files{}
		for _, f := range strings.Fields(tt.files) {
			files[f] = []byte("{}")
		}
		var got []string
		for _, g := range Groups(files, "en") {
			got = append(got, strings.Join(slices.Sorted(maps.Keys(g)), " "))
		}
		if strings.Join(got, " | ") != tt.want {
			t.Errorf("%s: %s", tt.name, strings.Join(got, " | "))
		}
	}
	var sets []*Set
	for _, g := range Groups(Files{"a/en.json": []byte(`{"x": "X", "y": "Y"}`), "a/ru.json": []byte(`{"x": "Х"}`), "b/en.json": []byte(`{"x": "Z"}`), "b/ru.json": []byte(`{"x": "З"}`)}, "en") {
		s, ds := Parse(g, "en")
		if len(ds) > 0 {
			t.Error(ds)
		}
		sets = append(sets, s)
	}
	if c := SumStats(sets); len(c) != 2 || c[1].Total != 3 || c[1].Done != 2 || c[1].Missing != 1 {
		t.Errorf("%+v", c)
	}
}
