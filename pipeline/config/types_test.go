package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestTypes gives every key of the configuration a value of every wrong type. Each is
// refused at its own line and column, in words that a reader of the reference knows.
func TestTypes(t *testing.T) {
	values := map[string]string{"string": `"x"`, "bool": "true", "int": "7", "float": "1.5", "date": "2026-01-02", "list": "[[1]]", "table": "{x=[1]}"}
	goNames := regexp.MustCompile(`config\.|struct|interface|float64|map\[|\[\]|\bint\b|\bbool\b|TOML|(?i)unmarshal`)
	fits := func(typ reflect.Type, value string) bool {
		switch deref(typ).Kind() {
		case reflect.String:
			return value == "string"
		case reflect.Bool:
			return value == "bool"
		case reflect.Int:
			return value == "int"
		case reflect.Float64:
			return value == "int" || value == "float"
		}
		return false
	}
	tried := 0
	try := func(section, key string, typ reflect.Type) {
		for kind, value := range values {
			if fits(typ, kind) || deref(typ).Kind() == reflect.Map && kind == "table" {
				continue
			}
			tried++
			head := "[" + section + "]"
			data := fmt.Sprintf("%s\n%s = %s\n", head, key, value)
			if section != "project" {
				data = "[project]\nlocales = ['ru']\n" + data
			}
			_, err := Parse("hexapla.toml", []byte(data))
			want := fmt.Sprintf("hexapla.toml:%d:", strings.Count(data, "\n"))
			if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "must be ") {
				t.Errorf("%s: got %v, want an error at %s", data, err, want)
			} else if goNames.MatchString(err.Error()) {
				t.Errorf("%s: internal words: %v", data, err)
			}
		}
	}
	var walk func(section string, typ reflect.Type)
	walk = func(section string, typ reflect.Type) {
		for f := range typ.Fields() {
			name := f.Tag.Get("toml")
			switch {
			case f.Anonymous:
				walk(section, f.Type)
			case name != "" && name != "-":
				try(section, name, f.Type)
			}
		}
	}
	for f := range reflect.TypeFor[Config]().Fields() {
		name, typ := f.Tag.Get("toml"), deref(f.Type)
		if typ.Kind() == reflect.Slice {
			typ = deref(typ.Elem())
		}
		if name != "" && name != "-" && typ.Kind() == reflect.Struct {
			walk(name, typ)
		}
	}
	if tried < 400 {
		t.Errorf("only %d values were tried", tried)
	}
}

func TestTypeMessages(t *testing.T) {
	for _, test := range []struct{ data, want string }{
		{"[site]\nfeeds = true", "2:9: site.feeds: must be a list of strings, not true or false"},
		{"[site]\nfeeds = ['rss', 3]", "2:17: site.feeds: must be a string in quotation marks, not a number"},
		{"site = 3", "1:8: site: must be a table, not a number"},
		{"[[site]]", "1:3: site: must be one table in single brackets, not a list of tables"},
		{"[check]\nmax_errors = 1.5", "2:14: check.max_errors: must be a whole number, not a fraction"},
		{"[check]\nfail_under = {ru = 'all'}", "2:20: check.fail_under.ru: must be a number, not a string"},
		{"[check]\nallow = ['x']", "2:10: check.allow: must be a table, not a string"},
		{"[policy.locale]\nru = 1", "2:6: policy.locale.ru: must be a table, not a number"},
		{"[project]\nsource = 2026-01-01", "2:10: project.source: must be a string in quotation marks, not a date"},
		{"[project.source]\nx = 1", "1:2: project.source: must be a string in quotation marks, not a table"},
		{"[catalogs]\ndir = 1\nexclude = 2", "2:7: catalogs.dir: must be a string in quotation marks, not a number"},
		{"[catalogs]\ndir = 1\nexclude = 2", "3:11: catalogs.exclude: must be a list of strings, not a number"},
		{"catalogs = {dir = 1}", "1:19: catalogs.dir: must be a string in quotation marks, not a number"},
		{"[[catalogs]]\ndir = 'a'\n[[catalogs]]\ndir = false", "4:7: catalogs.dir: must be a string in quotation marks, not true or false"},
		{"hook = 1", "1:8: hook: must be a list of tables, not a number"},
	} {
		_, err := Parse("c", []byte(test.data))
		if err == nil || !strings.Contains(err.Error(), "c:"+test.want) {
			t.Errorf("%s\ngot  %v\nwant %s", test.data, err, test.want)
		}
	}
}

// TestCatalogs reads the tables of catalogs in all their forms.
func TestCatalogs(t *testing.T) {
	const head = "[project]\nsource = 'en'\nlocales = ['ru']\n"
	for _, test := range []struct {
		data, want string
	}{
		{head, "[{locales locales  [] [] go-i18n false}]"},
		{head + "[catalogs]\ndir = 'i18n'", "[{i18n i18n  [] [] go-i18n false}]"},
		{"catalogs = {dir = 'i18n', exclude = ['old/**']}\n" + head, "[{i18n i18n  [old/**] [] go-i18n false}]"},
		{"catalogs.dir = 'i18n'\n" + head, "[{i18n i18n  [] [] go-i18n false}]"},
		{head + "[[catalogs]]\nname = 'site'\ndir = 'i18n'\n[[catalogs]]\ndir = 'app/public'\nsource = 'en_us'\nformat = 'i18next'\ncode = ['app/**/*.ts']",
			"[{site i18n  [] [] go-i18n false} {app/public app/public en-US [] [app/**/*.ts] i18next false}]"},
		{head + "[catalogs]\nhugo = true", "[{i18n i18n  [] [" + strings.Join(hugoCode, " ") + "] go-i18n true}]"},
	} {
		c, err := Parse("c", []byte(test.data))
		if err != nil {
			t.Errorf("%s: %v", test.data, err)
		} else if got := fmt.Sprint(c.Catalogs); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.data, got, test.want)
		}
	}
	for _, test := range []struct{ data, want string }{
		{"[[catalogs]]\ndir = 'a'\n[[catalogs]]\nname = 'b'", "c:6:3: catalogs: dir is required where there are several catalogs"},
		{"[[catalogs]]\nname = 'x'\ndir = 'a'\n[[catalogs]]\nname = 'x'\ndir = 'b'", `c:8:8: catalogs.name: catalogs 1 and 2 are both named "x"`},
		{"[catalogs]\nformat = 'gettext'", `c:5:10: catalogs.format: "gettext": must be one of go-i18n, go-i18n-v1, i18next`},
		{"[catalogs]\ndir = '../x'", `c:5:7: catalogs.dir: "../x" leaves the project's folder`},
		{"[catalogs]\nexclude = ['[']", `c:5:12: catalogs.exclude: "[" is not a glob pattern`},
		{"[catalogs]\nsource = 'english language'", "c:5:10: catalogs.source: "},
		{"[catalogs]\nfolder = 'x'", `c:5:1: unknown key "catalogs.folder"`},
	} {
		_, err := Parse("c", []byte(head+test.data))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngot  %v\nwant %s", test.data, err, test.want)
		}
	}
}
