package update

import (
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
	"hexapla/pipeline/diag"
)

const putSource = `Live = "Live"

[Cats]
one = "{{.PluralCount}} cat"
other = "{{.PluralCount}} cats"

[By]
other = "By {{.Name}}"
`

func TestApplyTranslations(t *testing.T) {
	cats := map[string]string{"one": "{{.PluralCount}} кот", "few": "{{.PluralCount}} кота", "many": "{{.PluralCount}} котов", "other": "{{.PluralCount}} кота"}
	for _, tc := range []struct {
		name, file, was string
		put             []Translation
		want            string // "" where the file stays as it is
		finding         string
	}{
		{"new file", "active.ru.toml", "", []Translation{{ID: "Live", Forms: map[string]string{"other": "Эфир"}, Review: true}},
			"# needs review\n[Live]\nhash = \"" + liveHash + "\"\nother = \"Эфир\"\n", ""},
		{"comments and order stay", "active.ru.toml", "# head\n\n[By]\nother = \"Автор: {{.Name}}\" # colon\n", []Translation{{ID: "Live", Forms: map[string]string{"other": "Эфир"}}},
			"# head\n\n[By]\nother = \"Автор: {{.Name}}\" # colon\n\n[Live]\nhash = \"" + liveHash + "\"\nother = \"Эфир\"\n", ""},
		{"the mark goes", "active.ru.toml", "# of the studio\n# needs review\n[Live]\nhash = \"" + liveHash + "\"\nother = \"Эфир\"\n", []Translation{{ID: "Live", Forms: map[string]string{"other": "Эфир"}}},
			"# of the studio\n[Live]\nhash = \"" + liveHash + "\"\nother = \"Эфир\"\n", ""},
		{"YAML", "active.ru.yaml", "# head\nBy:\n  other: \"Автор: {{.Name}}\"\n", []Translation{{ID: "Live", Forms: map[string]string{"other": "Эфир"}, Review: true}},
			"# head\nBy:\n  other: \"Автор: {{.Name}}\"\n# needs review\nLive:\n  hash: " + liveHash + "\n  other: \"Эфир\"\n", ""},
		{"JSON says that it has no marks", "active.ru.json", "{}\n", []Translation{{ID: "Live", Forms: map[string]string{"other": "Эфир"}, Review: true}},
			"{\n  \"Live\": {\n    \"hash\": \"" + liveHash + "\",\n    \"other\": \"Эфир\"\n  }\n}\n", "catalog.review"},
		{"variable lost", "active.ru.toml", "", []Translation{{ID: "By", Forms: map[string]string{"other": "Автор"}}}, "", "catalog.variable-missing"},
		{"template broken", "active.ru.toml", "", []Translation{{ID: "By", Forms: map[string]string{"other": "{{.Name"}}}, "", "catalog.template"},
		{"template that loops", "active.ru.toml", "", []Translation{{ID: "By", Forms: map[string]string{"other": "{{range .Name}}a{{end}}"}}}, "", "catalog.template-node"},
		{"not in the source", "active.ru.toml", "", []Translation{{ID: "None", Forms: map[string]string{"other": "a"}}}, "", "catalog.extra"},
		{"one refused, the other taken", "active.ru.toml", "", []Translation{{ID: "By", Forms: map[string]string{"other": "Автор"}}, {ID: "Live", Forms: map[string]string{"other": "Эфир"}}},
			"[Live]\nhash = \"" + liveHash + "\"\nother = \"Эфир\"\n", "catalog.variable-missing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := catalog.Files{"active.en.toml": []byte(putSource)}
			if tc.was != "" {
				in[tc.file] = []byte(tc.was)
			}
			r, ds := ApplyTranslations(in, "en", "ru", tc.put)
			if got := string(r.Write[tc.file]); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s\n%v", got, tc.want, ds)
			}
			found := ""
			for _, d := range ds {
				if d.Severity == diag.Error || found == "" {
					found = d.ID
				}
			}
			if found != tc.finding {
				t.Errorf("found %v; want %q", ds, tc.finding)
			}
			again, _ := ApplyTranslations(put(in, r), "en", "ru", tc.put)
			if n := len(again.Write); n > 0 && tc.finding != "catalog.review" {
				t.Errorf("again, it writes %d files: %s", n, changes(again))
			}
		})
	}
	in := catalog.Files{"active.en.toml": []byte(putSource)}
	r, _ := ApplyTranslations(in, "en", "ru", []Translation{{ID: "Cats", Forms: cats}})
	s, ds := catalog.Parse(put(in, r), "en")
	for _, d := range append(ds, lint.Check(s, lint.Options{Locales: []string{"ru"}})...) {
		if d.Place.Unit == "Cats" {
			t.Error(d)
		}
	}
	for _, task := range catalog.Pairs(s, "ru") {
		if task.Done != (task.Source.ID == "Cats") || strings.Join(task.Forms, " ") != map[bool]string{true: "one few many other", false: "other"}[task.Source.IsPlural()] {
			t.Errorf("%s: done %v, forms %v", task.Source.ID, task.Done, task.Forms)
		}
	}
}

var liveHash = func() string { e := Entry("", "Live"); return e.SourceHash() }()
