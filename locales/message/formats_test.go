package message

import (
	"fmt"
	"strings"
	"testing"
)

func TestI18next(t *testing.T) {
	for _, test := range []struct {
		name, data string
		categories []string
		want       string
	}{
		{"nested", `{"a": {"b": "x", "c": ["p", "q"]}}`, nil, "ns:a.b=x; ns:a.c.0=p; ns:a.c.1=q"},
		{"plural", `{"n_one": "{{count}} x", "n_few": "{{count}} y", "n_other": "{{count}} z"}`, []string{"one", "few", "other"},
			"ns:n={{.PluralCount}} z|one {{.PluralCount}} x|few {{.PluralCount}} y"},
		{"zero of a language without it", `{"n_zero": "none", "n_one": "a", "n_other": "b"}`, []string{"one", "other"}, "ns:n_zero=none; ns:n=b|one a"},
		{"zero of a language with it", `{"n_zero": "none", "n_other": "b"}`, []string{"zero", "other"}, "ns:n=b|zero none"},
		{"no plural", `{"step_one": "First", "step_two": "Second"}`, nil, "ns:step_one=First; ns:step_two=Second"},
		{"ordinal", `{"n_ordinal_one": "{{count}}st", "n_ordinal_other": "{{count}}th"}`, nil, "ns:n_ordinal={{.PluralCount}}th|one {{.PluralCount}}st"},
		{"context", `{"friend_male_one": "boyfriend", "friend_male_other": "boyfriends"}`, nil, "ns:friend_male=boyfriends|one boyfriend"},
		{"variables", `{"a": "{{- raw}} {{ user.name }} {{v, number(x: 2)}} $t(b) {{{c}}}"}`, nil, "ns:a={{.raw}} {{.user.name}} {{.v}} $t(b) {{{.c}}}"},
		{"the last counts", `{"a": "1", "a": "2"}`, nil, "ns:a=2 !catalog.duplicate"},
		{"no string", `{"a": 1, "b": null, "c": [], "d": "x"}`, nil, "ns:d=x !catalog.structure"},
		{"broken", `{"a": `, nil, " !catalog.syntax"},
		{"latin 1", "{\"a\": \"\xe9\"}", nil, " !catalog.encoding"},
		{"empty", " \n", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, ds := ScanI18next("en/ns.json", []byte(test.data), "ns:")
			plurals := map[string]bool{}
			f.Plurals(plurals)
			var got []string
			for _, e := range f.File(plurals, test.categories).Entries {
				text := e.ID + "=" + e.Other
				for _, c := range Categories {
					if form := e.Form(c); form != "" && c != "other" {
						text += "|" + c + " " + form
					}
				}
				got = append(got, text)
			}
			text := strings.Join(got, "; ")
			for _, d := range ds {
				text += " !" + d.ID
			}
			if text != test.want {
				t.Errorf("got  %s\nwant %s", text, test.want)
			}
		})
	}
	if got := ToI18next(`form "one" leaves out {{.PluralCount}} and {{.user.name}}`); got != `form "one" leaves out {{count}} and {{user.name}}` {
		t.Error(got)
	}
}

// FuzzI18next holds that any file gives messages with places in it, each id once.
func FuzzI18next(f *testing.F) {
	f.Add([]byte(`{"a": {"b_one": "{{count}}", "b_other": "x"}, "a.b": 1}`))
	f.Add([]byte("\xef\xbb\xbf[]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, ds := ScanI18next("f.json", data, "")
		plurals := map[string]bool{}
		file.Plurals(plurals)
		lines := strings.Count(string(data), "\n") + 1
		seen := map[string]bool{}
		for _, e := range file.File(plurals, []string{"one", "other"}).Entries {
			if seen[e.ID] || e.Line < 1 || e.Line > lines || len(e.Fields) == 0 {
				t.Fatal(e)
			}
			seen[e.ID] = true
		}
		for _, d := range ds {
			if d.Message == "" || d.Place.Line > lines {
				t.Fatal(fmt.Sprint(d))
			}
		}
	})
}
